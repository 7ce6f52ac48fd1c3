package web

import (
	"bytes"
	"strings"
	"testing"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

func TestCursor(t *testing.T) {
	s := newSite(t).Cursors()
	filter := map[string]string{"list": "inbox", "state": "new"}
	want := Cursor{Sort: []any{int64(1234567890123), "б", nil, true}, ID: id.New()}
	text := s.Encode(want, filter)
	got, err := s.Decode(text, filter)
	if err != nil || got.ID != want.ID || got.Int(0) != 1234567890123 || got.Text(1) != "б" || got.Sort[2] != nil || got.Int(9) != 0 {
		t.Fatalf("%+v %v", got, err)
	}
	if c, err := s.Decode("", filter); c != nil || err != nil {
		t.Errorf("%v %v", c, err)
	}
	for i := range text {
		broken := []byte(text)
		broken[i] = map[bool]byte{true: 'A', false: 'B'}[broken[i] == 'B']
		if string(broken) == text {
			continue
		}
		// The last letter of base64 may hold bits that mean nothing.
		if c, err := s.Decode(string(broken), filter); err == nil && i < len(text)-1 {
			t.Fatalf("letter %d changed and accepted: %+v", i, c)
		}
	}
	other, err := NewCursors(bytes.Repeat([]byte{8}, 32))
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"other filter": s.Encode(want, "other"), "other secret": other.Encode(want, filter), "garbage": "%%%", "short": "AAAA", "long": strings.Repeat("A", 5000)} {
		if _, err := s.Decode(bad, filter); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	c, err := NewCursors(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.Encode(Cursor{Sort: []any{"a", int64(1)}}, "f"))
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := c.Decode(text, "f"); err == nil && got != nil {
			if again, err := c.Decode(c.Encode(*got, "f"), "f"); err != nil || again.ID != got.ID {
				t.Errorf("%v %v", again, err)
			}
		}
	})
}

func TestIfMatch(t *testing.T) {
	if n, err := ParseIfMatch(ETag(12)); n != 12 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	for _, bad := range []string{"", "12", `"12"`, `W/"v12"`, `"v-1"`, `"vx"`, "*"} {
		if _, err := ParseIfMatch(bad); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPublicAddress(t *testing.T) {
	for raw, ok := range map[string]bool{"https://okno.example": true, "https://okno.example:8443/": true, "http://localhost:8080": true,
		"http://app.localhost": true, "http://okno.example": false, "http://127.0.0.1:8080": false, "http://10.0.0.5": false, "okno.example": false,
		"https://okno.example/path": false, "ftp://localhost": false, "": false, "https://a:b@okno.example": false} {
		if _, err := ParseAddress(raw); (err == nil) != ok {
			t.Errorf("%q: %v", raw, err)
		}
	}
}
