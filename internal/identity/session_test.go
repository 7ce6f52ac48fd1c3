package identity

import (
	"strings"
	"testing"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
)

func TestSessionsEnd(t *testing.T) {
	each(t, func(b bench) {
		b.register("vera")
		idle, busy := b.signIn("vera"), b.signIn("vera")
		for range 31 {
			b.clock.Advance(24*time.Hour - time.Second)
			_, err := b.Resolve(ctx, busy.Token)
			if day := b.clock.Now().Sub(start); day < 30*24*time.Hour && err != nil {
				t.Fatalf("a used session ended after %v: %v", day, err)
			} else if day >= 30*24*time.Hour && !errs.Is(err, errs.Unauthenticated) {
				t.Fatalf("a session lives longer than 30 days: %v", err)
			}
		}
		if _, err := b.Resolve(ctx, idle.Token); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("an idle session lives: %v", err)
		}
		b.must(b.Clean(ctx))
		if n := b.count(`SELECT COUNT(*) FROM identity_session`); n != 0 {
			t.Errorf("%d ended sessions left", n)
		}
	})
}

func TestEndingSessions(t *testing.T) {
	each(t, func(b bench) {
		b.register("inna")
		b.register("stranger")
		first, second, other := b.signIn("inna"), b.signIn("inna"), b.signIn("stranger")
		a := b.actor(first)
		if err := b.EndSession(ctx, a, other.Session); !errs.Is(err, errs.NotFound) {
			t.Errorf("another person's session: %v", err)
		}
		b.must(b.EndSession(ctx, a, second.Session))
		if _, err := b.Resolve(ctx, second.Token); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("ended session: %v", err)
		}
		b.signIn("inna")
		b.signIn("inna")
		n, err := b.EndOtherSessions(ctx, a)
		b.must(err)
		if n != 2 {
			t.Errorf("%d others ended, want 2", n)
		}
		b.actor(first)
		b.actor(other)
		if _, err := b.Sessions(ctx, nobody); !errs.Is(err, errs.NotFound) {
			t.Errorf("nobody's sessions: %v", err)
		}
	})
}

func TestTheOldestSessionMakesRoom(t *testing.T) {
	each(t, func(b bench) {
		b.register("many")
		first := b.signIn("many")
		b.cfg.LoginTries = 1000
		for range maxSessions {
			b.clock.Advance(time.Second)
			b.signIn("many")
		}
		if n := b.count(`SELECT COUNT(*) FROM identity_session`); n != maxSessions {
			t.Errorf("%d sessions, want %d", n, maxSessions)
		}
		if _, err := b.Resolve(ctx, first.Token); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("the oldest: %v", err)
		}
	})
}

// Whose password is guessed first is shown what would do; the example itself doesn't.
func TestARefusedPasswordComesWithAnExample(t *testing.T) {
	for _, password := range []string{"Babushka1950", examplePassword} {
		f, ok := checkPassword(password)
		if ok || f.Rule != "common" || !strings.Contains(i18n.Field("ru", f), examplePassword) || !strings.Contains(i18n.Field("en", f), examplePassword) {
			t.Errorf("%s: %v, %q", password, ok, i18n.Field("ru", f))
		}
	}
	if f, ok := checkPassword("12345678"); ok || !strings.Contains(i18n.Field("ru", f), examplePassword) {
		t.Errorf("no example beside %q", i18n.Field("ru", f))
	}
	if f, ok := checkPassword(strings.Replace(examplePassword, "reka", "zabor", 1)); !ok {
		t.Errorf("one like the example: %s", i18n.Field("ru", f))
	}
}
