package smpp

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

func TestReadPDURefuses(t *testing.T) {
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"nothing":       {nil, io.EOF},
		"half a header": {octets(16, 4), io.ErrUnexpectedEOF},
		"too short":     {octets(15, 4, 0, 1), errLength},
		"too long":      {octets(maxPDU+1, 4, 0, 1), errLength},
		"half a body":   {octets(24, 4, 0, 1, 7), io.ErrUnexpectedEOF},
		"no body":       {octets(24, 4, 0, 1), io.ErrUnexpectedEOF},
	} {
		if _, err := readPDU(bytes.NewReader(c.b)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadShortRefuses(t *testing.T) {
	whole := delivered(receiptWords)
	for cut := range len(whole) {
		if _, err := readShort([]byte(whole[:cut])); err == nil {
			t.Errorf("%d of %d bytes are taken", cut, len(whole))
		}
	}
	for _, tail := range []string{"\x00", "\x00\x1e", "\x00\x1e\x00", "\x00\x1e\x00\x02x", "\x00\x1e\xff\xffx"} {
		if _, err := readShort([]byte(whole + tail)); !errors.Is(err, errTruncated) {
			t.Errorf("%q: %v", tail, err)
		}
	}
	if _, err := readShort([]byte("\x00\x01\x01" + "1234567890123456789012\x00")); !errors.Is(err, errString) {
		t.Errorf("an address of 22 digits: %v", err)
	}
}

func FuzzReadPDU(f *testing.F) {
	f.Add(octets(16, 0x15, 0, 1))
	f.Add(pdu{id: deliverSM, sequence: 7, body: []byte(delivered(receiptWords))}.bytes())
	f.Add(octets(0xffffffff, 0, 0, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := readPDU(bytes.NewReader(b))
		if err != nil {
			return
		}
		if again := p.bytes(); !bytes.Equal(again, b[:len(again)]) {
			t.Errorf("%x is written as %x", b, again)
		}
	})
}

func FuzzReadShort(f *testing.F) {
	f.Add([]byte(delivered(receiptWords)))
	f.Add([]byte(delivered("id:1") + "\x00\x1e\x00\x04xyz\x00\x04\x27\x00\x01\x05"))
	f.Add([]byte(receiptBody + "\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := readShort(b)
		if err != nil {
			return
		}
		if r, ok := readReceipt(m); ok && (r.ID == "" || r.State == "") {
			t.Errorf("an empty receipt: %+v", r)
		}
		m.optionBytes = nil
		for tag, value := range m.options {
			m.optionBytes = appendOption(m.optionBytes, tag, value...)
		}
		again, err := readShort(m.bytes())
		if err != nil || !bytes.Equal(again.text, m.text) || again.from != m.from || again.to != m.to || len(again.options) != len(m.options) {
			t.Errorf("%x is read again as %+v %v", b, again, err)
		}
	})
}

func FuzzReceiptText(f *testing.F) {
	f.Add(receiptWords, byte(0))
	f.Add("id: stat:", byte(8))
	f.Fuzz(func(t *testing.T, s string, coding byte) {
		r := receiptText(decodeReceipt(coding, []byte(s)))
		if r.State != "" && r.State != stateOf(string(r.State)) {
			t.Errorf("%q gives the state %q", s, r.State)
		}
	})
}

func FuzzCutText(f *testing.F) {
	f.Add("Код 123456", false)
	f.Add("€", false)
	f.Fuzz(func(t *testing.T, s string, only bool) {
		coding, parts, err := cutText(s, only)
		if err != nil {
			return
		}
		for _, p := range parts {
			if len(p) > 160 || coding == codingUCS2 && (len(p) > 140 || len(p)%2 != 0) {
				t.Errorf("%q: a segment of %d octets", s, len(p))
			}
		}
	})
}
