package smpp

import (
	"strings"
	"testing"
)

// submitted is the segment that a centre reads of what a client writes.
func submitted(t *testing.T, class byte, text, options string) (Segment, error) {
	t.Helper()
	m := short{to: Address{1, 1, "79161234567"}, class: class, registered: 1, text: []byte(text), optionBytes: []byte(options)}
	return readSegment(m.bytes())
}

func TestPlacesOfSegments(t *testing.T) {
	for name, c := range map[string]struct {
		class         byte
		text, options string
		text2         string
		ref           uint16
		total, nth    int
	}{
		"short":                  {0, "code", "", "code", 0, 1, 1},
		"header of 8 bits":       {0x40, "\x05\x00\x03\x07\x02\x01code", "", "code", 7, 2, 1},
		"header of 16 bits":      {0x40, "\x06\x08\x04\x01\x07\x03\x03code", "", "code", 0x0107, 3, 3},
		"another element before": {0x40, "\x09\x04\x02xx\x00\x03\x07\x02\x02code", "", "code", 7, 2, 2},
		"parameters":             {0, "code", "\x02\x0c\x00\x02\x01\x07\x02\x0e\x00\x01\x02\x02\x0f\x00\x01\x02", "code", 0x0107, 2, 2},
		"payload":                {0, "", "\x04\x24\x00\x04code", "code", 0, 1, 1},
		"an impossible place":    {0x40, "\x05\x00\x03\x07\x02\x03code", "", "code", 0, 1, 1},
	} {
		s, err := submitted(t, c.class, c.text, c.options)
		if err != nil || string(s.Octets) != c.text2 || s.Reference != c.ref || s.Total != c.total || s.Nth != c.nth || !s.Receipt {
			t.Errorf("%s: %+v %v", name, s, err)
		}
	}
	for _, broken := range []string{"", "\x05", "\x05\x00\x03\x07\x02", "\x03\x00\x03\x01x", "\x01\x00x"} {
		if _, err := submitted(t, 0x40, broken, ""); err == nil {
			t.Errorf("%q was taken", broken)
		}
	}
}

func FuzzSegment(f *testing.F) {
	f.Add(short{class: 0x40, text: []byte("\x05\x00\x03\x07\x02\x01code")}.bytes())
	f.Add(short{text: []byte("code"), optionBytes: []byte("\x02\x0c\x00\x02\x01\x07\x02\x0e\x00\x01\x02\x02\x0f\x00\x01\x02")}.bytes())
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := readSegment(body)
		if err == nil && (s.Total < 1 || s.Nth < 1 || s.Nth > s.Total || len(s.Octets) > len(body)) {
			t.Errorf("%+v", s)
		}
		_ = strings.ToValidUTF8(Decode(s.Coding, s.Octets), "")
	})
}
