package shelf

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheNewestStay(t *testing.T) {
	s := New(3, 10, func(t string) int { return len(t) })
	for _, c := range []struct{ put, want string }{
		{"a", "a"}, {"b", "b a"}, {"c", "c b a"}, {"d", "d c b"}, {"eeeeeee", "eeeeeee d c"}, {"ffff", "ffff"}, {"ggggggggggggg", "ggggggggggggg"}, {"h", "h"},
	} {
		s.Put(c.put)
		if got := strings.Join(s.Newest(), " "); got != c.want {
			t.Errorf("after %s: %q, want %q", c.put, got, c.want)
		}
	}
}

func TestWaitingForAThing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(10, 100, func(string) int { return 1 })
		s.Put("other")
		go func() { s.Put("still other"); s.Put("mine") }()
		mine := func(t string) bool { return t == "mine" }
		if got := s.Wait(t.Context(), mine); !slices.Equal(got, []string{"mine"}) {
			t.Errorf("%q", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if got := s.Wait(ctx, func(string) bool { return false }); len(got) > 0 {
			t.Errorf("%q", got)
		}
	})
}
