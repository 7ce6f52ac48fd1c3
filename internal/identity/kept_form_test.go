package identity

import (
	"net/http/httptest"
	"testing"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Sealed words are given to who signed in last from that browser, for an hour,
// and go with the account.
func TestKeptForms(t *testing.T) {
	each(t, func(b bench) {
		nina, err := b.Register(ctx, nobody, Registration{Login: "nina", Name: "Нина", Password: good, Address: home})
		b.must(err)
		opened, err := b.SignIn(ctx, nobody, SignIn{Login: "nina", Password: good, Address: home})
		b.must(err)
		k := b.KeptForms()
		for cookie, want := range map[string]id.ID{deviceCookie + "=" + opened.Device: nina, deviceCookie + "=" + secret().text: id.Nil, "x=y": id.Nil} {
			r := httptest.NewRequest("POST", "/", nil)
			r.Header.Set("Cookie", cookie)
			if got, err := k.Owner(ctx, r); err != nil || got != want {
				b.Errorf("the owner of a browser is %v, want %v %v", got, want, err)
			}
		}
		ends := b.clock.Now().Add(time.Hour)
		b.must(k.Keep(ctx, []byte("one"), nina, []byte("sealed"), ends))
		if got, err := k.Kept(ctx, []byte("one"), nina); err != nil || string(got) != "sealed" {
			b.Errorf("%q %v", got, err)
		}
		if _, err := k.Kept(ctx, []byte("one"), id.New()); !errs.Is(err, errs.NotFound) {
			b.Errorf("another person's: %v", err)
		}
		for i := range maxKept + 2 {
			b.must(k.Keep(ctx, []byte{byte(i)}, nina, []byte("more"), ends.Add(time.Duration(i+1)*time.Second)))
		}
		rows := func() int64 {
			n, err := db.One(ctx, b.d, db.Int, `SELECT COUNT(*) FROM identity_kept`)
			b.must(err)
			return n
		}
		if n := rows(); n != maxKept {
			b.Errorf("%d forms of one account are kept", n)
		}
		b.must(k.Drop(ctx, []byte{maxKept + 1}))
		if _, err := k.Kept(ctx, []byte{maxKept + 1}, nina); !errs.Is(err, errs.NotFound) {
			b.Errorf("dropped: %v", err)
		}
		b.clock.Advance(2 * time.Hour)
		if _, err := k.Kept(ctx, []byte{maxKept}, nina); !errs.Is(err, errs.NotFound) {
			b.Errorf("after its time: %v", err)
		}
		b.must(b.Clean(ctx))
		if n := rows(); n != 0 {
			b.Errorf("%d are left after their time", n)
		}
		b.must(k.Keep(ctx, []byte("late"), nina, []byte("sealed"), b.clock.Now().Add(time.Hour)))
		b.must(db.Do(ctx, b.d, db.People, func(tx *db.Tx) error { Erase(tx, nina); return nil }))
		if n := rows(); n != 0 {
			b.Errorf("%d are left after an erasure", n)
		}
	})
}
