package smpp

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestSegments(t *testing.T) {
	for _, c := range []struct {
		name, text string
		coding     byte
		lengths    []int // octets
	}{
		{"160 of GSM-7", strings.Repeat("a", 160), codingGSM, []int{160}},
		{"161 of GSM-7", strings.Repeat("a", 161), codingGSM, []int{153, 8}},
		{"a euro takes two", strings.Repeat("a", 158) + "€", codingGSM, []int{160}},
		{"a euro at the edge goes whole", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 10), codingGSM, []int{152, 12}},
		{"70 of UCS-2", strings.Repeat("я", 70), codingUCS2, []int{140}},
		{"71 of UCS-2", strings.Repeat("я", 71), codingUCS2, []int{134, 8}},
		{"one Russian letter", strings.Repeat("a", 70) + "я", codingUCS2, []int{134, 8}},
		{"a pair at the edge goes whole", strings.Repeat("я", 66) + "😀" + strings.Repeat("я", 4), codingUCS2, []int{132, 12}},
		{"й of two marks is one", "и\u0306", codingUCS2, []int{2}},
		{"lines", "a\r\nb", codingGSM, []int{3}},
	} {
		coding, parts, err := cutText(c.text, false)
		var lengths []int
		for _, p := range parts {
			lengths = append(lengths, len(p))
		}
		if err != nil || coding != c.coding || !slices.Equal(lengths, c.lengths) {
			t.Errorf("%s: coding %d, %v, %v", c.name, coding, lengths, err)
		}
		if Segments(c.text) != len(c.lengths) {
			t.Errorf("%s: %d segments", c.name, Segments(c.text))
		}
	}
	if coding, _, _ := cutText("plain", true); coding != codingUCS2 {
		t.Error("GSM-7 where only UCS-2 is allowed")
	}
	if Segments("") != 0 {
		t.Error("an empty text has segments")
	}
}

// Places of the table against 3GPP TS 23.038, 6.2.1.
func TestGSMTable(t *testing.T) {
	if n := utf8.RuneCountInString(gsmBasic); n != 128 {
		t.Fatalf("%d places", n)
	}
	for r, code := range map[rune]byte{'@': 0, '\n': 0x0a, '\r': 0x0d, 'Δ': 0x10, '_': 0x11, 'Ξ': 0x1a, 'É': 0x1f, ' ': 0x20, '¤': 0x24,
		'0': 0x30, '¡': 0x40, 'A': 0x41, 'Ä': 0x5b, '§': 0x5f, '¿': 0x60, 'a': 0x61, 'ä': 0x7b, 'à': 0x7f} {
		if gsmCode[r] != code {
			t.Errorf("%q is %02x, want %02x", r, gsmCode[r], code)
		}
	}
	if _, ok := gsmCode['\x1b']; ok {
		t.Error("the escape is a letter")
	}
}

// Whatever is cut, joined gives the text again, and no segment is too long.
func TestCutTextLosesNothing(t *testing.T) {
	letters := []rune("abc€{}[]~^|\\@£Δяё😀漢\n ")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom(letters), 1, 400, -1).Draw(t, "text")
		coding, parts, err := cutText(text, rapid.Bool().Draw(t, "ucs2"))
		if err != nil {
			t.Fatal(err)
		}
		most := map[byte]int{codingGSM: gsmAlone, codingUCS2: 2 * ucs2Alone}[coding]
		if len(parts) > 1 {
			most = map[byte]int{codingGSM: gsmPart, codingUCS2: 2 * ucs2Part}[coding]
		}
		var whole string
		for _, p := range parts {
			if len(p) == 0 || len(p) > most {
				t.Fatalf("a segment of %d octets", len(p))
			}
			whole += decodeText(coding, p) // each can be read alone
		}
		if whole != norm.NFC.String(text) {
			t.Fatalf("%q became %q", text, whole)
		}
	})
}
