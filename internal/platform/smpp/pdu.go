package smpp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// SMPP 3.4, section 5.1.2.1.
const (
	genericNack         uint32 = 0x80000000
	submitSM            uint32 = 0x00000004
	deliverSM           uint32 = 0x00000005
	unbind              uint32 = 0x00000006
	bindTransceiver     uint32 = 0x00000009
	enquireLink         uint32 = 0x00000015
	isAnswer            uint32 = 0x80000000 // bit of every answer
	headerLength               = 16
	maxPDU                     = headerLength + 1024 + 65535 // fixed fields and one message_payload
	maxSequence         uint32 = 0x7fffffff
	tagReceiptedID      uint16 = 0x001e
	tagSARReference     uint16 = 0x020c
	tagSARTotal         uint16 = 0x020e
	tagSARNumber        uint16 = 0x020f
	tagNetworkErrorCode uint16 = 0x0423
	tagPayload          uint16 = 0x0424
	tagMessageState     uint16 = 0x0427
)

var (
	errLength    = errors.New("smpp: a PDU of impossible length")
	errTruncated = errors.New("smpp: a PDU ends too early")
	errString    = errors.New("smpp: a string without an end or longer than allowed")
)

// pdu is one unit of the protocol, its body undecoded.
type pdu struct {
	id       uint32
	status   Status
	sequence uint32
	body     []byte
}

// bytes is the PDU as it goes over the wire.
func (p pdu) bytes() []byte {
	b := make([]byte, 0, headerLength+len(p.body))
	b = binary.BigEndian.AppendUint32(b, uint32(headerLength+len(p.body)))
	b = binary.BigEndian.AppendUint32(b, p.id)
	b = binary.BigEndian.AppendUint32(b, uint32(p.status))
	b = binary.BigEndian.AppendUint32(b, p.sequence)
	return append(b, p.body...)
}

// readPDU reads one PDU. After errLength the stream can't be read on.
func readPDU(r io.Reader) (pdu, error) {
	var h [headerLength]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return pdu{}, err
	}
	length := binary.BigEndian.Uint32(h[:])
	p := pdu{id: binary.BigEndian.Uint32(h[4:]), status: Status(binary.BigEndian.Uint32(h[8:])), sequence: binary.BigEndian.Uint32(h[12:])}
	if length < headerLength || length > maxPDU {
		return p, fmt.Errorf("%w: %d", errLength, length)
	}
	p.body = make([]byte, length-headerLength)
	if _, err := io.ReadFull(r, p.body); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return p, err
	}
	return p, nil
}

// fields takes a body apart; the first failure stays in err.
type fields struct {
	rest []byte
	err  error
}

func (f *fields) byte() byte {
	b := f.bytes(1)
	if b == nil {
		return 0
	}
	return b[0]
}

// bytes gives exactly n bytes, or nil.
func (f *fields) bytes(n int) []byte {
	if f.err != nil {
		return nil
	}
	if n > len(f.rest) {
		f.err = errTruncated
		return nil
	}
	b := f.rest[:n]
	f.rest = f.rest[n:]
	return b
}

// text gives a C-octet string of at most size bytes, the closing zero included.
func (f *fields) text(size int) string {
	if f.err != nil {
		return ""
	}
	for i, b := range f.rest {
		if i >= size {
			break
		}
		if b == 0 {
			s := string(f.rest[:i])
			f.rest = f.rest[i+1:]
			return s
		}
	}
	f.err = errString
	return ""
}

// options reads the optional parameters to the end; of a tag that stands twice
// the first counts.
func (f *fields) options() map[uint16][]byte {
	out := map[uint16][]byte{}
	for f.err == nil && len(f.rest) > 0 {
		h := f.bytes(4)
		if h == nil {
			break
		}
		tag := binary.BigEndian.Uint16(h)
		value := f.bytes(int(binary.BigEndian.Uint16(h[2:])))
		if _, twice := out[tag]; f.err == nil && !twice {
			out[tag] = value
		}
	}
	return out
}

func appendText(b []byte, s string) []byte { return append(append(b, s...), 0) }

func appendOption(b []byte, tag uint16, value ...byte) []byte {
	b = binary.BigEndian.AppendUint16(b, tag)
	b = binary.BigEndian.AppendUint16(b, uint16(len(value)))
	return append(b, value...)
}

// Address is who sends or gets a message. The zero Type of a source is told by
// its look: letters, a short number, an international one.
type Address struct {
	Type byte // type of number (TON): 1 international, 3 of the network, 5 letters
	Plan byte // numbering plan (NPI): 1 telephone (E.164), 0 unknown
	Addr string
}

// short is the body of submit_sm and deliver_sm: they have the same fields.
type short struct {
	service     string
	from, to    Address
	class       byte // esm_class
	protocol    byte
	priority    byte
	schedule    string
	validity    string
	registered  byte // registered_delivery
	replace     byte
	coding      byte // data_coding
	canned      byte // sm_default_msg_id
	text        []byte
	options     map[uint16][]byte // when read
	optionBytes []byte            // when written
}

func (m short) bytes() []byte {
	b := appendText(nil, m.service)
	b = appendText(append(b, m.from.Type, m.from.Plan), m.from.Addr)
	b = appendText(append(b, m.to.Type, m.to.Plan), m.to.Addr)
	b = append(b, m.class, m.protocol, m.priority)
	b = appendText(appendText(b, m.schedule), m.validity)
	b = append(b, m.registered, m.replace, m.coding, m.canned, byte(len(m.text)))
	return append(append(b, m.text...), m.optionBytes...)
}

func readShort(body []byte) (short, error) {
	f := &fields{rest: body}
	m := short{service: f.text(6)}
	m.from = Address{f.byte(), f.byte(), f.text(21)}
	m.to = Address{f.byte(), f.byte(), f.text(21)}
	m.class, m.protocol, m.priority = f.byte(), f.byte(), f.byte()
	m.schedule, m.validity = f.text(17), f.text(17)
	m.registered, m.replace, m.coding, m.canned = f.byte(), f.byte(), f.byte(), f.byte()
	m.text = f.bytes(int(f.byte()))
	m.options = f.options()
	return m, f.err
}

// bindBody is the body of bind_transceiver; interface version 3.4.
func bindBody(c *Config) []byte {
	b := appendText(nil, c.SystemID)
	b = appendText(b, c.Password)
	b = appendText(b, c.SystemType)
	return appendText(append(b, 0x34, 0, 0), "")
}

// messageID is the id in the body of submit_sm_resp; "" where a centre sends none.
func messageID(body []byte) (string, error) {
	if len(body) == 0 {
		return "", nil
	}
	f := &fields{rest: body}
	id := f.text(65)
	return id, f.err
}
