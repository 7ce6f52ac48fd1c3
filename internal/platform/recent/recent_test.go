package recent

import (
	"errors"
	"testing"
	"time"
)

func TestCache(t *testing.T) {
	c := New[string, int](time.Hour, 2)
	asked := 0
	ask := func() (int, error) { asked++; return asked, nil }
	get := func(key string, want int) {
		t.Helper()
		if v, err := c.Get(key, ask); v != want || err != nil {
			t.Errorf("%s: %d %v, want %d", key, v, err, want)
		}
	}
	get("a", 1)
	get("a", 1)
	get("b", 2)
	get("c", 3) // full: the others go
	get("a", 4)
	c.Forget()
	get("a", 5)
	if _, err := c.Get("x", func() (int, error) { return 0, errors.New("no") }); err == nil {
		t.Error("an error is no answer")
	}
	get("x", 6)
}

// What was asked before a change is not kept after it.
func TestForgetWhileAsking(t *testing.T) {
	c := New[string, int](time.Hour, 10)
	old, err := c.Get("a", func() (int, error) { c.Forget(); return 1, nil })
	if old != 1 || err != nil {
		t.Fatal(old, err)
	}
	if v, _ := c.Get("a", func() (int, error) { return 2, nil }); v != 2 {
		t.Errorf("%d: the answer from before the change was kept", v)
	}
}

func TestMoment(t *testing.T) {
	c := New[string, int](time.Nanosecond, 10)
	n := 0
	ask := func() (int, error) { n++; return n, nil }
	for want := 1; want < 3; want++ {
		if v, _ := c.Get("a", ask); v != want {
			t.Errorf("%d, want %d", v, want)
		}
		for began := time.Now(); !time.Now().After(began.Add(time.Nanosecond)); {
		}
	}
}
