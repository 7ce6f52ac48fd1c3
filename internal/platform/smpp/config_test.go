package smpp

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestRefusedBeforeSending(t *testing.T) {
	c, err := New(Config{SystemID: "okno", Handler: func(context.Context, Receipt) error { return nil }, MaxSegments: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []Message{
		{To: "89161234567", Text: "x"}, {To: "+7916\x001234", Text: "x"}, {To: "+7916123456789012", Text: "x"},
		{To: "+79161234567"}, {To: "+79161234567", Text: "\xff"}, {To: "+79161234567", Text: strings.Repeat("я", 135)},
		{To: "+79161234567", Text: "x", Validity: 100 * 24 * time.Hour},
	} {
		if _, err := c.Send(t.Context(), m); OutcomeOf(err) != Refused {
			t.Errorf("%+v: %v", m, err)
		}
	}
	handler := func(context.Context, Receipt) error { return nil }
	for _, cfg := range []Config{
		{Handler: handler}, {SystemID: "okno"}, {SystemID: "sixteen-letters!", Handler: handler}, {SystemID: "o", Password: "123456789", Handler: handler},
		{SystemID: "o\x00", Handler: handler}, {SystemID: "o", Handler: handler, Join: "x"}, {SystemID: "o", Handler: handler, Window: -1},
		{SystemID: "o", Handler: handler, MaxSegments: 256}, {SystemID: "o", Handler: handler, BackoffMin: time.Hour},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%+v is taken", cfg)
		}
	}
}
