package identity

import (
	"context"
	"errors"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/vault"
	"okno/internal/policy"
)

var (
	ctx    = context.Background()
	home   = netip.MustParseAddr("192.0.2.7")
	away   = netip.MustParseAddr("198.51.100.9")
	nobody = policy.Nobody("ru")
	start  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

const good = "Berezka-49-tri"

// bench is a service on a fresh database with a standing clock.
type bench struct {
	*Service
	*testing.T
	d     *db.DB
	clock *clock.Fixed
}

func each(t *testing.T, test func(b bench)) {
	c := clock.At(start)
	dbtest.EachWith(t, db.Config{Clock: c}, func(t *testing.T, d *db.DB) {
		c.Set(start)
		s := New(Config{DB: d, Clock: c, Vault: testVault(t, d), Hashing: Hashing{Memory: 64, Passes: 1}})
		test(bench{s, t, d, c})
	}, Migrations, vault.Migrations)
}

func testVault(t *testing.T, d *db.DB) *vault.Vault {
	dir := t.TempDir()
	keys, err := vault.OpenKeys(filepath.Join(dir, "keys.json"), true)
	if err != nil {
		t.Fatal(err)
	}
	return vault.Open(d, keys, nil)
}

func (b bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b bench) register(login string) id.ID {
	b.Helper()
	account, err := b.Register(ctx, nobody, Registration{Login: login, Name: "Мария Соколова", Password: good, Lang: "ru", Zone: "Europe/Samara", Address: home})
	b.must(err)
	return account
}

func (b bench) signIn(login string) Opened {
	b.Helper()
	o, err := b.SignIn(ctx, nobody, SignIn{Login: login, Password: good, Address: home, Agent: "Mozilla/5.0 (X11; Linux) Firefox/140"})
	b.must(err)
	return o
}

func (b bench) actor(o Opened) policy.Actor {
	b.Helper()
	r, err := b.Resolve(ctx, o.Token)
	b.must(err)
	return r.Actor
}

func (b bench) count(text string, args ...any) int64 {
	b.Helper()
	n, err := db.One(ctx, b.d, db.Int, text, args...)
	b.must(err)
	return n
}

// rule is the rule of the first invalid field.
func rule(err error) string {
	e, ok := err.(*errs.Error)
	if !ok || len(e.Fields) == 0 {
		return ""
	}
	return e.Fields[0].Name + ":" + e.Fields[0].Rule
}

func TestRegisterAndSignIn(t *testing.T) {
	each(t, func(b bench) {
		account := b.register("Maria@Example.RU")
		o, err := b.SignIn(ctx, nobody, SignIn{Login: " maria@example.ru ", Password: good, Address: home, Agent: "Mozilla/5.0 (Windows NT 10.0) Chrome/140 YaBrowser/25"})
		b.must(err)
		r, err := b.Resolve(ctx, o.Token)
		b.must(err)
		if r.Actor.Person != account || r.Name != "Мария Соколова" || r.Actor.Zone != "Europe/Samara" || !r.Actor.Has(policy.Citizen) {
			t.Errorf("resolved %+v", r)
		}
		acc, contacts, err := b.Get(ctx, r.Actor)
		b.must(err)
		if contacts.Login != "maria@example.ru" || contacts.Email != "maria@example.ru" || acc.Version != 1 {
			t.Errorf("account %+v, contacts %+v", acc, contacts)
		}
		list, err := b.Sessions(ctx, r.Actor)
		b.must(err)
		if len(list) != 1 || !list[0].Current || list[0].Device != "Yandex Browser, Windows" {
			t.Errorf("sessions %+v", list)
		}
		if n := b.count(`SELECT COUNT(*) FROM journal_fact WHERE subject = $1`, account); n != 2 {
			t.Errorf("%d facts, want registered and signed in", n)
		}
		b.must(b.SignOut(ctx, r.Actor))
		if _, err := b.Resolve(ctx, o.Token); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("after signing out: %v", err)
		}
		b.must(b.SignOut(ctx, r.Actor))
	})
}

// TestNothingPersonalInTheOpen: no table or fact holds the login or phone.
func TestNothingPersonalInTheOpen(t *testing.T) {
	each(t, func(b bench) {
		_, err := b.Register(ctx, nobody, Registration{Login: "tajna@example.ru", Name: "Имя", Password: good, Phone: "+7 916 123-45-67", Address: home})
		b.must(err)
		o := b.signIn("tajna@example.ru")
		_ = o
		texts := map[string]string{
			"identity_account": `SELECT password || look FROM identity_account`,
			"journal_fact":     `SELECT COALESCE(body, '') FROM journal_fact`,
		}
		for table, q := range texts {
			all, err := db.All(ctx, b.d, db.Text, q)
			b.must(err)
			for _, v := range all {
				if strings.Contains(v, "tajna") || strings.Contains(v, "916") || strings.Contains(v, o.Token) {
					t.Errorf("%s holds %q", table, v)
				}
			}
		}
		type blobs struct{ a, b, c []byte }
		all, err := db.All(ctx, b.d, func(s db.Scanner) (v blobs, err error) { return v, s.Scan(&v.a, &v.b, &v.c) }, `SELECT login, email, phone FROM identity_account`)
		b.must(err)
		for _, v := range all {
			for _, x := range [][]byte{v.a, v.b, v.c} {
				if len(x) == 0 || strings.Contains(string(x), "tajna") || strings.Contains(string(x), "916") {
					t.Errorf("a contact stands open or is missing: %q", x)
				}
			}
		}
	})
}

func TestRegistrationRefusals(t *testing.T) {
	each(t, func(b bench) {
		b.register("petr")
		for name, c := range map[string]struct {
			in   Registration
			want string
		}{
			"taken":         {Registration{Login: "PETR", Name: "П", Password: good}, "login:taken"},
			"no login":      {Registration{Name: "П", Password: good}, "login:required"},
			"bad e-mail":    {Registration{Login: "a@b", Name: "П", Password: good}, "login:email"},
			"odd login":     {Registration{Login: "7up", Name: "П", Password: good}, "login:login"},
			"no name":       {Registration{Login: "ivan1", Name: " ", Password: good}, "name:required"},
			"name of tags":  {Registration{Login: "ivan1", Name: "<b>", Password: good}, "name:characters"},
			"long name":     {Registration{Login: "ivan1", Name: strings.Repeat("я", 81), Password: good}, "name:too_long"},
			"no password":   {Registration{Login: "ivan1", Name: "П"}, "password:required"},
			"short":         {Registration{Login: "ivan1", Name: "П", Password: "Aa1"}, "password:too_short"},
			"common":        {Registration{Login: "ivan1", Name: "П", Password: "P4ssword123!"}, "password:common"},
			"keys":          {Registration{Login: "ivan1", Name: "П", Password: "Qwertyuiop1"}, "password:common"},
			"digits":        {Registration{Login: "ivan1", Name: "П", Password: "Aa1234567890"}, "password:common"},
			"own":           {Registration{Login: "ivanushka@example.ru", Name: "П", Password: "Ivanushka-77x"}, "password:own"},
			"Cyrillic":      {Registration{Login: "ivan1", Name: "П", Password: "Парольный-77"}, "password:latin"},
			"no upper case": {Registration{Login: "ivan1", Name: "П", Password: "berezka-49"}, "password:classes"},
			"zone":          {Registration{Login: "ivan1", Name: "П", Password: good, Zone: "Mars/Base"}, "zone:unknown"},
			"language":      {Registration{Login: "ivan1", Name: "П", Password: good, Lang: "de"}, "lang:unknown"},
		} {
			c.in.Address = home
			if _, err := b.Register(ctx, nobody, c.in); !errs.Is(err, errs.Invalid) || rule(err) != c.want {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
		}
		if n := b.count(`SELECT COUNT(*) FROM identity_account`); n != 1 {
			t.Errorf("%d accounts, want 1: nothing half-written", n)
		}
		if n := b.count(`SELECT COUNT(*) FROM identity_login`); n != 1 {
			t.Errorf("%d logins, want 1", n)
		}
	})
}

func TestDoubleClickRegistersOnce(t *testing.T) {
	each(t, func(b bench) {
		in := Registration{Login: "dva@example.ru", Name: "Два", Password: good, Key: "form-1", Address: home}
		first, err := b.Register(ctx, nobody, in)
		b.must(err)
		second, err := b.Register(ctx, nobody, in)
		b.must(err)
		if first != second {
			t.Error("the second click made another account")
		}
		in.Name = "Три"
		if _, err := b.Register(ctx, nobody, in); !errs.Is(err, errs.IdempotencyMismatch) {
			t.Errorf("other input under the same key: %v", err)
		}
	})
}

// TestSignInTellsNothing: unknown login, wrong password, no password and a
// closed account get equal errors.
func TestSignInTellsNothing(t *testing.T) {
	each(t, func(b bench) {
		b.register("anna")
		_, err := b.Register(ctx, policy.Machine("import"), Registration{Login: "without", Name: "Без пароля"})
		b.must(err)
		closed := b.register("closed")
		b.must(db.Do(ctx, b.d, db.People, func(tx *db.Tx) error {
			tx.Queue(`UPDATE identity_account SET state = 'closed' WHERE id = $1`, closed)
			return nil
		}))
		var texts []string
		for login, password := range map[string]string{"anna": "Wrong-pass-1", "nobody": good, "without": good, "closed": good, strings.Repeat("x", 500): good} {
			_, err := b.SignIn(ctx, nobody, SignIn{Login: login, Password: password, Address: home})
			if rule(err) != "password:mismatch" {
				t.Errorf("%.20s: %v", login, err)
				continue
			}
			texts = append(texts, err.Error())
		}
		for _, x := range texts {
			if x != texts[0] {
				t.Errorf("answers differ: %q and %q", x, texts[0])
			}
		}
	})
}

// TestGuesserIsSlowedAndOwnerIsNot is the rule of throttling.
func TestGuesserIsSlowedAndOwnerIsNot(t *testing.T) {
	each(t, func(b bench) {
		b.register("olga")
		device := b.signIn("olga").Device
		guess := func(login string) error {
			_, err := b.SignIn(ctx, nobody, SignIn{Login: login, Password: "Wrong-pass-1", Address: away})
			return err
		}
		for i := range 10 {
			if err := guess("olga"); !errs.Is(err, errs.Invalid) {
				t.Fatalf("try %d: %v", i+1, err)
			}
			if err := guess("missing"); !errs.Is(err, errs.Invalid) {
				t.Fatalf("try %d of a missing login: %v", i+1, err)
			}
		}
		known, unknown := guess("olga"), guess("missing")
		if !errs.Is(known, errs.RateLimited) || known.Error() != unknown.Error() {
			t.Errorf("after ten: %v and, of a missing login, %v", known, unknown)
		}
		// Where the guesser sits, the right password waits too …
		if _, err := b.SignIn(ctx, nobody, SignIn{Login: "olga", Password: good, Address: away}); !errs.Is(err, errs.RateLimited) {
			t.Errorf("at the guesser's address: %v", err)
		}
		// … and the owner is let in from their browser, and elsewhere from any.
		if _, err := b.SignIn(ctx, nobody, SignIn{Login: "olga", Password: good, Device: device, Address: away}); err != nil {
			t.Errorf("the owner's browser: %v", err)
		}
		if _, err := b.SignIn(ctx, nobody, SignIn{Login: "olga", Password: good, Address: home}); err != nil {
			t.Errorf("a new browser of the owner: %v", err)
		}
	})
}

// minutes is how long an error asks to wait.
func minutes(t *testing.T, err error) int {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Code != errs.RateLimited {
		t.Fatalf("not asked to wait: %v", err)
	}
	return e.Args["Minutes"].(int)
}

// Who mistypes waits a minute, then longer each time; waiting is not prolonged
// by asking, and the right password ends it.
func TestWaitingGrows(t *testing.T) {
	each(t, func(b bench) {
		b.register("olga")
		try := func(password string) error {
			_, err := b.SignIn(ctx, nobody, SignIn{Login: "olga", Password: password, Address: home})
			return err
		}
		for range 10 {
			if err := try("Wrong-pass-1"); !errs.Is(err, errs.Invalid) {
				t.Fatal(err)
			}
		}
		for _, want := range []int{1, 2, 4, 8, 15, 15} {
			for range 3 {
				if got := minutes(t, try(good)); got != want {
					t.Fatalf("%d minutes, want %d", got, want)
				}
			}
			b.clock.Advance(time.Duration(want)*time.Minute - time.Second)
			if got := minutes(t, try(good)); got != 1 {
				t.Errorf("a second before: %d minutes", got)
			}
			b.clock.Advance(time.Second)
			if want == 15 {
				break
			}
			if err := try("Wrong-pass-1"); !errs.Is(err, errs.Invalid) {
				t.Fatal(err)
			}
		}
		if err := try(good); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			if err := try("Wrong-pass-1"); !errs.Is(err, errs.Invalid) {
				t.Fatalf("after the right password: %v", err)
			}
		}
	})
}

// Guessers at many addresses together are slowed too; the owner then waits
// minutes, not longer.
func TestGuessersAtManyAddresses(t *testing.T) {
	each(t, func(b bench) {
		b.register("olga")
		var last error
		for i := range 40 {
			_, last = b.SignIn(ctx, nobody, SignIn{Login: "olga", Password: "Wrong-pass-1", Address: netip.AddrFrom4([4]byte{198, 51, 100, byte(i)})})
		}
		if got := minutes(t, last); got > 5 {
			t.Errorf("%d minutes", got)
		}
		for range 20 {
			_, err := b.SignIn(ctx, nobody, SignIn{Login: "olga", Password: good, Address: home})
			if err == nil {
				return
			}
			if got := minutes(t, err); got > 5 {
				t.Errorf("the owner waits %d minutes", got)
			}
			b.clock.Advance(time.Minute)
		}
		t.Error("the owner never gets in")
	})
}

func TestTriesOfOneAddress(t *testing.T) {
	each(t, func(b bench) {
		b.cfg.AddressTries = 5
		v6 := func(last string) netip.Addr { return netip.MustParseAddr("2001:db8:1:2::" + last) }
		for i := range 5 {
			if _, err := b.SignIn(ctx, nobody, SignIn{Login: "user" + string(rune('a'+i)), Password: good, Address: v6(string(rune('1' + i)))}); !errs.Is(err, errs.Invalid) {
				t.Fatal(err)
			}
		}
		if _, err := b.SignIn(ctx, nobody, SignIn{Login: "userz", Password: good, Address: v6("ffff")}); !errs.Is(err, errs.RateLimited) {
			t.Errorf("the same /64: %v", err)
		}
		if _, err := b.SignIn(ctx, nobody, SignIn{Login: "userz", Password: good, Address: home}); !errs.Is(err, errs.Invalid) {
			t.Errorf("another address: %v", err)
		}
	})
}
