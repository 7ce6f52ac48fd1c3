package smpp

import (
	"encoding/binary"
	"errors"
)

// Segment is a submit_sm as the centre reads it: a short message, or a part of
// a long one.
type Segment struct {
	From, To   Address
	Service    string
	Validity   string // as written
	Receipt    bool   // a receipt of the final state is asked for
	Coding     byte   // data_coding
	Octets     []byte // text without the header that joins
	Reference  uint16 // of a long message
	Total, Nth int    // parts of the message, and which this is, from 1; 1 and 1 of a short one
}

var errHeader = errors.New("smpp: the header of a text ends too early")

// readSegment reads the body of a submit_sm.
func readSegment(body []byte) (Segment, error) {
	m, err := readShort(body)
	if err != nil {
		return Segment{}, err
	}
	s := Segment{From: m.from, To: m.to, Service: m.service, Validity: m.validity, Receipt: m.registered&3 != 0, Coding: m.coding, Octets: m.text, Total: 1, Nth: 1}
	if payload, is := m.options[tagPayload]; is && len(m.text) == 0 {
		s.Octets = payload
	}
	reference, total, nth := m.options[tagSARReference], m.options[tagSARTotal], m.options[tagSARNumber]
	if len(reference) == 2 && len(total) == 1 && len(nth) == 1 {
		s.part(binary.BigEndian.Uint16(reference), total[0], nth[0])
	}
	if m.class&classUDH != 0 {
		err = s.header()
	}
	return s, err
}

// part is the place in a long message; a place that can't be leaves it a short one.
func (s *Segment) part(reference uint16, total, nth byte) {
	if total > 1 && nth >= 1 && nth <= total {
		s.Reference, s.Total, s.Nth = reference, int(total), int(nth)
	}
}

// header takes the user data header off the text (3GPP TS 23.040, 9.2.3.24):
// elements 0 and 8 join, with references of 8 and of 16 bits.
func (s *Segment) header() error {
	if len(s.Octets) == 0 || int(s.Octets[0]) >= len(s.Octets) {
		return errHeader
	}
	rest := s.Octets[1 : 1+int(s.Octets[0])]
	s.Octets = s.Octets[1+int(s.Octets[0]):]
	for len(rest) > 0 {
		if len(rest) < 2 || int(rest[1]) > len(rest)-2 {
			return errHeader
		}
		element, value := rest[0], rest[2:2+int(rest[1])]
		rest = rest[2+len(value):]
		switch {
		case element == 0 && len(value) == 3:
			s.part(uint16(value[0]), value[1], value[2])
		case element == 8 && len(value) == 4:
			s.part(binary.BigEndian.Uint16(value), value[2], value[3])
		}
	}
	return nil
}

// Decode reads a text in the alphabet of its data_coding: GSM-7 or UCS-2;
// others are taken as Latin-1.
func Decode(coding byte, octets []byte) string { return decodeText(coding, octets) }
