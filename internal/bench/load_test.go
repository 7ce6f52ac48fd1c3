package bench

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"okno/internal/app"
	"okno/internal/platform/clock"
	"okno/internal/platform/config"
	"okno/internal/platform/db/dbtest"
)

// Everything that load asks answers as a browser would be answered: a form or
// an address that changes shows here and not in a figure.
func TestLoadAsksWhatThereIs(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Config{Data: t.TempDir(), Listen: addr, NoLimits: true, Database: config.DSN(dbtest.SQLiteURL(t, app.Migrations()...))}
	a, err := app.Open(t.Context(), cfg, app.Options{Clock: clock.System{}, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer closing(t, a)
	plan, err := Seed(t.Context(), a, Seeding{Reports: 400, Org: "reg.a", Clients: 2, Ground: smallGround})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, ln) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()

	l := &Load{Addr: "localhost:" + port, Dial: addr, Plan: plan, Engine: "sqlite"}
	loop := Loop{Clients: 2, For: 30 * time.Millisecond}
	results := l.Lists(t.Context(), Loop{Clients: 1, For: time.Millisecond}, "", nil)
	results = append(results, l.Filing(t.Context(), loop), l.SignedOut(t.Context(), loop), l.SignedIn(t.Context(), loop))
	rate := loop
	rate.Rate = 100
	results = append(results, l.Filing(t.Context(), rate))
	for _, r := range results {
		if err := r.Err(); err != nil {
			t.Error(err)
		}
		if r.First == 0 {
			t.Errorf("%s: nothing was answered", r.What)
		}
		if r.What == "inbox" && r.Extra["rows"] == 0 {
			t.Error("the inbox has no rows")
		}
	}
	var b strings.Builder
	if err := Table(&b, results); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| filing | sqlite | 400 |", "citizen's list"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the table has no %q:\n%s", want, b.String())
		}
	}
}
