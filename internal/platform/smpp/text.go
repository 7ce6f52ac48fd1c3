package smpp

import (
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// data_coding of the two alphabets.
const (
	codingGSM  byte = 0x00 // the centre's default: GSM 03.38, an octet for each septet
	codingUCS2 byte = 0x08
)

// Length of a message alone and of each of several, in septets and in UTF-16 units.
const (
	gsmAlone, gsmPart   = 160, 153
	ucs2Alone, ucs2Part = 70, 67
	maxParts            = 255
)

// The basic table of GSM 03.38; its place 0x1b is the escape to the second one.
const gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

const escape = 0x1b

var (
	gsmCode     = map[rune]byte{}
	gsmExtended = map[rune]byte{'\f': 0x0a, '^': 0x14, '{': 0x28, '}': 0x29, '\\': 0x2f, '[': 0x3c, '~': 0x3d, ']': 0x3e, '|': 0x40, '€': 0x65}
)

func init() {
	i := byte(0)
	for _, r := range gsmBasic {
		if i != escape {
			gsmCode[r] = i
		}
		i++
	}
}

var (
	errEmpty = errors.New("the text is empty")
	errUTF8  = errors.New("the text is not UTF-8")
	errLong  = errors.New("the text needs more segments than allowed")
)

// Segments tells how many short messages a text takes, for estimates of cost.
// It is 0 for an empty text.
func Segments(text string) int {
	_, parts, err := cutText(text, false)
	if err != nil {
		return 0
	}
	return len(parts)
}

// cutText encodes a text and cuts it into segments: GSM-7 where every letter
// has a place there, otherwise UCS-2. An escape and its letter, and the halves
// of a surrogate pair, stay together.
func cutText(text string, onlyUCS2 bool) (coding byte, parts [][]byte, err error) {
	switch {
	case text == "":
		return 0, nil, errEmpty
	case !utf8.ValidString(text):
		return 0, nil, errUTF8
	}
	text = norm.NFC.String(strings.ReplaceAll(text, "\r\n", "\n"))
	if letters, ok := gsmLetters(text); ok && !onlyUCS2 {
		return codingGSM, pack(letters, gsmAlone, gsmPart), nil
	}
	var letters [][]byte
	for _, r := range text {
		var b []byte
		for _, unit := range utf16.AppendRune(nil, r) {
			b = binary.BigEndian.AppendUint16(b, unit)
		}
		letters = append(letters, b)
	}
	return codingUCS2, pack(letters, 2*ucs2Alone, 2*ucs2Part), nil
}

// gsmLetters gives the code of each letter, one or two septets, an octet each.
func gsmLetters(text string) ([][]byte, bool) {
	var out [][]byte
	for _, r := range text {
		if code, ok := gsmCode[r]; ok {
			out = append(out, []byte{code})
		} else if code, ok := gsmExtended[r]; ok {
			out = append(out, []byte{escape, code})
		} else {
			return nil, false
		}
	}
	return out, true
}

// pack fills segments with whole letters: one of alone octets, else several of part.
func pack(letters [][]byte, alone, part int) [][]byte {
	total := 0
	for _, l := range letters {
		total += len(l)
	}
	if total <= alone {
		part = alone
	}
	parts := [][]byte{nil}
	for _, l := range letters {
		last := len(parts) - 1
		if len(parts[last])+len(l) > part {
			parts = append(parts, nil)
			last++
		}
		parts[last] = append(parts[last], l...)
	}
	return parts
}

// decodeText reads GSM-7 or UCS-2; other codings are taken as Latin-1.
func decodeText(coding byte, b []byte) string {
	var out strings.Builder
	switch coding {
	case codingUCS2:
		var units []uint16
		for i := 0; i+1 < len(b); i += 2 {
			units = append(units, binary.BigEndian.Uint16(b[i:]))
		}
		return string(utf16.Decode(units))
	case codingGSM:
		basic := []rune(gsmBasic)
		for i := 0; i < len(b); i++ {
			switch {
			case b[i] == escape && i+1 < len(b):
				i++
				out.WriteRune(extended(b[i]))
			case int(b[i]) < len(basic) && b[i] != escape:
				out.WriteRune(basic[b[i]])
			default:
				out.WriteRune(utf8.RuneError)
			}
		}
	default:
		for _, c := range b {
			out.WriteRune(rune(c))
		}
	}
	return out.String()
}

func extended(code byte) rune {
	for r, c := range gsmExtended {
		if c == code {
			return r
		}
	}
	return utf8.RuneError
}
