package web

import (
	"bytes"
	"encoding/base64"
	"testing"

	"okno/internal/platform/id"
)

// A cursor tells its reader nothing: an id holds the moment of its row.
func TestCursorTellsNothing(t *testing.T) {
	s, err := NewCursors([]byte("secret of a test, long enough to be one"))
	if err != nil {
		t.Fatal(err)
	}
	c := Cursor{ID: id.New(), Sort: []any{"слово", int64(1767225600000)}}
	text := s.Encode(c, "list")
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, told := range [][]byte{[]byte(c.ID.String()), c.ID[:6], []byte("слово"), []byte("1767225600000")} {
		if bytes.Contains(raw, told) || bytes.Contains([]byte(text), told) {
			t.Errorf("the cursor tells %q", told)
		}
	}
	if text != s.Encode(c, "list") {
		t.Error("one place has two cursors")
	}
}
