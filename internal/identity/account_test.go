package identity

import (
	"strings"
	"sync"
	"testing"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

func TestProfileAndLook(t *testing.T) {
	each(t, func(b bench) {
		b.register("nina@example.ru")
		o := b.signIn("nina@example.ru")
		a := b.actor(o)
		acc, _, err := b.Get(ctx, a)
		b.must(err)
		p := Profile{Version: acc.Version, Name: " Нина   Павловна ", Lang: "en", Zone: "Asia/Omsk", Email: "n@example.org", Phone: "8 916"}
		b.must(b.ChangeProfile(ctx, a, p))
		if err := b.ChangeProfile(ctx, a, p); !errs.Is(err, errs.Stale) {
			t.Errorf("a stale edit: %v", err)
		}
		b.must(b.ChangeLook(ctx, a, Look{Contrast: "high", Size: "150", Pictures: "off"}))
		if err := b.ChangeLook(ctx, a, Look{Theme: "pink"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("an unknown theme: %v", err)
		}
		b.must(b.ChangeLang(ctx, a, "ru"))
		acc, c, err := b.Get(ctx, a)
		b.must(err)
		if acc.DisplayName != "Нина Павловна" || acc.Lang != "ru" || acc.Zone != "Asia/Omsk" || acc.Look.Size != "150" ||
			c.Email != "n@example.org" || c.Phone != "8 916" || c.Login != "nina@example.ru" || acc.Version != 4 {
			t.Errorf("%+v %+v", acc, c)
		}
		r, err := b.Resolve(ctx, o.Token)
		b.must(err)
		if r.Look.Contrast != "high" || r.Actor.Zone != "Asia/Omsk" || r.Actor.Lang != "ru" {
			t.Errorf("resolved %+v", r)
		}
		if err := b.ChangeProfile(ctx, nobody, p); !errs.Is(err, errs.NotFound) {
			t.Errorf("nobody's profile: %v", err)
		}
		names, err := b.Names(ctx, []id.ID{a.Person, id.New()})
		b.must(err)
		if len(names) != 1 || names[a.Person] != "Нина Павловна" {
			t.Errorf("names %v", names)
		}
	})
}

func TestTwoEditsAtOnce(t *testing.T) {
	each(t, func(b bench) {
		b.register("twice")
		a := b.actor(b.signIn("twice"))
		var wg sync.WaitGroup
		results := make([]error, 2)
		for i, name := range []string{"Первая", "Вторая"} {
			wg.Go(func() {
				results[i] = b.ChangeProfile(ctx, a, Profile{Version: 1, Name: name, Lang: "ru", Zone: "UTC"})
			})
		}
		wg.Wait()
		stale := 0
		for _, err := range results {
			if errs.Is(err, errs.Stale) {
				stale++
			} else {
				b.must(err)
			}
		}
		if stale != 1 {
			t.Errorf("%d of two edits were stale, want one: %v", stale, results)
		}
	})
}

func TestChangePassword(t *testing.T) {
	each(t, func(b bench) {
		b.register("lena")
		here, there := b.signIn("lena"), b.signIn("lena")
		a := b.actor(here)
		if err := b.ChangePassword(ctx, a, "Wrong-pass-1", "Novaya-pesnya-8"); rule(err) != "old:mismatch" {
			t.Errorf("wrong old one: %v", err)
		}
		if err := b.ChangePassword(ctx, a, good, "short"); rule(err) != "password:too_short" {
			t.Errorf("bad new one: %v", err)
		}
		b.must(b.ChangePassword(ctx, a, good, "Novaya-pesnya-8"))
		b.actor(here)
		if _, err := b.Resolve(ctx, there.Token); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("the other session lives: %v", err)
		}
		if _, err := b.SignIn(ctx, nobody, SignIn{Login: "lena", Password: good, Address: home}); rule(err) != "password:mismatch" {
			t.Errorf("the old password: %v", err)
		}
		_, err := b.SignIn(ctx, nobody, SignIn{Login: "lena", Password: "Novaya-pesnya-8", Address: home})
		b.must(err)
	})
}

func TestAdminLink(t *testing.T) {
	each(t, func(b bench) {
		operator := policy.Machine("operator:root")
		if _, _, err := b.Invite(ctx, nobody, "boss", "Б"); err == nil {
			t.Fatal("anybody invites administrators")
		}
		account, token, err := b.Invite(ctx, operator, "boss", "Главный")
		b.must(err)
		_, second, err := b.Invite(ctx, operator, "boss", "")
		b.must(err)
		if _, err := b.CheckLink(ctx, token); !errs.Is(err, errs.Gone) {
			t.Errorf("the first of two links: %v", err)
		}
		acc, err := b.CheckLink(ctx, second)
		b.must(err)
		if acc.ID != account || acc.HasPassword {
			t.Errorf("%+v", acc)
		}
		if _, err := b.SetPasswordByLink(ctx, nobody, second, "weak", SignIn{Address: home}); rule(err) != "password:too_short" {
			t.Errorf("weak: %v", err)
		}
		o, err := b.SetPasswordByLink(ctx, nobody, second, good, SignIn{Address: home})
		b.must(err)
		if b.actor(o).Person != account {
			t.Error("signed in as somebody else")
		}
		if _, err := b.SetPasswordByLink(ctx, nobody, second, "Other-word-55x", SignIn{Address: home}); !errs.Is(err, errs.Gone) {
			t.Errorf("a link serves twice: %v", err)
		}
		b.signIn("boss")
		_, third, err := b.Invite(ctx, operator, "boss", "")
		b.must(err)
		b.clock.Advance(72 * time.Hour)
		if _, err := b.CheckLink(ctx, third); !errs.Is(err, errs.Gone) {
			t.Errorf("after three days: %v", err)
		}
	})
}

func TestAPITokens(t *testing.T) {
	each(t, func(b bench) {
		b.register("robot")
		b.register("other")
		a := b.actor(b.signIn("robot"))
		stranger := b.actor(b.signIn("other"))
		tok, text, err := b.MakeToken(ctx, a, NewToken{Name: "Выгрузка", ReadOnly: true})
		b.must(err)
		r, err := b.ResolveBearer(ctx, text)
		b.must(err)
		if r.Actor.Person != a.Person || !r.Actor.ReadOnly || r.Actor.Token != tok.ID || r.Actor.Session != id.Nil {
			t.Errorf("%+v", r.Actor)
		}
		if _, _, err := b.MakeToken(ctx, r.Actor, NewToken{Name: "ещё"}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a token makes tokens: %v", err)
		}
		if _, _, err := b.MakeToken(ctx, a, NewToken{Name: ""}); rule(err) != "name:required" {
			t.Errorf("no name: %v", err)
		}
		if _, _, err := b.MakeToken(ctx, a, NewToken{Name: "x", Life: 400 * 24 * time.Hour}); rule(err) != "life:unknown" {
			t.Errorf("too long a life: %v", err)
		}
		list, err := b.Tokens(ctx, a)
		b.must(err)
		if len(list) != 1 || list[0].UsedAt.IsZero() || list[0].Name != "Выгрузка" {
			t.Errorf("%+v", list)
		}
		if err := b.RevokeToken(ctx, stranger, tok.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another person's token: %v", err)
		}
		b.must(b.RevokeToken(ctx, a, tok.ID))
		for _, bad := range []string{text, "", "okno_", text[:20], "Bearer " + text, strings.Repeat("a", 5000)} {
			if _, err := b.ResolveBearer(ctx, bad); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%.10q: %v", bad, err)
			}
		}
		_, text, err = b.MakeToken(ctx, a, NewToken{Name: "час", Life: time.Hour})
		b.must(err)
		b.clock.Advance(time.Hour)
		if _, err := b.ResolveBearer(ctx, text); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("an expired token: %v", err)
		}
	})
}

// TestHashingIsBounded: more passwords than cores wait instead of eating memory.
func TestHashingIsBounded(t *testing.T) {
	h := newHasher(Hashing{Memory: 64, Passes: 1})
	h.wait = 20 * time.Millisecond
	for range cap(h.slots) {
		h.slots <- struct{}{}
	}
	if _, err := h.hash(ctx, good); !errs.Is(err, errs.Unavailable) {
		t.Errorf("with every core busy: %v", err)
	}
	<-h.slots
	s, err := h.hash(ctx, good)
	if err != nil {
		t.Fatal(err)
	}
	ok, anew, err := newHasher(Hashing{Memory: 128, Passes: 1}).matches(ctx, good, s)
	if err != nil || !ok || !anew {
		t.Errorf("ok %v, to be hashed anew %v, %v", ok, anew, err)
	}
	if ok, _, err := h.matches(ctx, good, ""); err != nil || ok {
		t.Errorf("no password matches: %v %v", ok, err)
	}
}

func TestResolveNeedsAToken(t *testing.T) {
	each(t, func(b bench) {
		for _, bad := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("я", 43)} {
			if _, err := b.Resolve(ctx, bad); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if _, err := b.MakeTokenAs(nobody); !errs.Is(err, errs.NotFound) {
			t.Errorf("nobody's token: %v", err)
		}
	})
}

// MakeTokenAs tries to make a token as the actor.
func (b bench) MakeTokenAs(a policy.Actor) (string, error) {
	_, text, err := b.MakeToken(ctx, a, NewToken{Name: "x"})
	return text, err
}
