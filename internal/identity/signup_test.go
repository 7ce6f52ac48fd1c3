package identity

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/vault"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// outbox keeps what would be sent.
type outbox struct {
	mu   sync.Mutex
	ways Ways
	sent []Message
}

func (o *outbox) Ways() Ways { return o.ways }

func (o *outbox) Send(tx *db.Tx, _ *vault.Key, m Message) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = append(o.sent, m)
	tx.Queue(`SELECT 1`)
	return nil
}

func (o *outbox) last() Message { return o.sent[len(o.sent)-1] }

// eachSignup is [each] with both ways to register, and all statements of
// transactions told to trace.
func eachSignup(t *testing.T, test func(b bench, out *outbox, trace *[]string)) {
	c := clock.At(start)
	var trace []string
	var mu sync.Mutex
	dbtest.EachWith(t, db.Config{Clock: c, Trace: func(sql string, _ []any) {
		mu.Lock()
		defer mu.Unlock()
		trace = append(trace, sql)
	}}, func(t *testing.T, d *db.DB) {
		c.Set(start)
		out := &outbox{ways: Ways{true, true}}
		s := New(Config{DB: d, Clock: c, Vault: testVault(t, d), Hashing: Hashing{Memory: 64, Passes: 1}, Messages: out})
		test(bench{s, t, d, c}, out, &trace)
	}, Migrations, vault.Migrations)
}

func (b bench) ask(contact string) (Signup, error) {
	return b.SignUp(ctx, nobody, NewSignup{Contact: contact, Lang: "ru", Address: home, URL: func(p string) string { return "https://okno.example" + p }})
}

func (b bench) asked(contact string) Signup {
	b.Helper()
	p, err := b.ask(contact)
	b.must(err)
	return p
}

const formKey = "form-key-of-sixteen-signs"

func (b bench) enter(p Signup, code string) (string, error) {
	return b.CheckCode(ctx, nobody, p.ID, code, formKey, home)
}

func (b bench) finishing(token, key string) (Opened, error) {
	return b.SignUpFinish(ctx, nobody, token, Finish{Name: "Мария Соколова", Password: good, Again: good, Lang: "ru", Zone: "Europe/Moscow", Key: key, SignIn: SignIn{Address: home}})
}

// signedUp registers a contact from the first step to the last.
func (b bench) signedUpBy(out *outbox, contact string) Opened {
	b.Helper()
	p := b.asked(contact)
	token := tokenIn(out.last())
	if p.Way == BySMS {
		var err error
		token, err = b.enter(p, out.last().Args["Code"])
		b.must(err)
	}
	o, err := b.finishing(token, "")
	b.must(err)
	return o
}

func tokenIn(m Message) string { return m.Args["Link"][strings.LastIndex(m.Args["Link"], "/")+1:] }

func TestRegistrationByTelephone(t *testing.T) {
	eachSignup(t, func(b bench, out *outbox, _ *[]string) {
		p := b.asked("8 (916) 123-45-67")
		m := out.last()
		if m.Way != BySMS || m.Address != "+79161234567" || m.Kind != "signup_code" || len(m.Args["Code"]) != 6 || m.Args["Reference"] != p.Reference || m.Until.Sub(start) != 5*time.Minute {
			t.Fatalf("%+v for %+v", m, p)
		}
		if strings.Contains(p.Masked, "123") || !strings.HasSuffix(p.Masked, "45-67") {
			t.Errorf("shown as %q", p.Masked)
		}
		if _, err := b.enter(p, "12 34"); rule(err) != "code:six_digits" {
			t.Errorf("four digits: %v", err)
		}
		code := m.Args["Code"]
		token, err := b.enter(p, code[:3]+" "+code[3:])
		b.must(err)
		again, err := b.enter(p, code) // a double click
		if err != nil || again != token {
			t.Errorf("the second click: %v", err)
		}
		if _, err := b.CheckCode(ctx, nobody, p.ID, code, "another-form-altogether", home); rule(err) != "code:used" {
			t.Errorf("a replay: %v", err)
		}
		shown, err := b.Confirmed(ctx, token)
		if err != nil || shown.Masked != p.Masked {
			t.Errorf("%+v %v", shown, err)
		}
		if _, err := b.SignUpFinish(ctx, nobody, token, Finish{Name: "Мария", Password: "Zx9161234567Qww", Again: "Zx9161234567Qww"}); rule(err) != "password:own" {
			t.Errorf("the number as a password: %v", err)
		}
		if _, err := b.SignUpFinish(ctx, nobody, token, Finish{Name: "Мария", Password: good, Again: "Other-49-tri"}); rule(err) != "again:mismatch" {
			t.Errorf("two passwords: %v", err)
		}
		o, err := b.finishing(token, formKey)
		b.must(err)
		a := b.actor(o)
		if a.Person != p.ID || a.Level != policy.Simplified {
			t.Errorf("actor %+v", a)
		}
		twice, err := b.finishing(token, formKey) // a double click
		if err != nil || twice.Account != o.Account {
			t.Errorf("the second click: %v", err)
		}
		if _, err := b.finishing(token, "another-form"); !errs.Is(err, errs.Gone) {
			t.Errorf("the link again: %v", err)
		}
		acc, c, err := b.Get(ctx, a)
		b.must(err)
		if c.Phone != "+79161234567" || !c.PhoneConfirmed || c.EmailConfirmed || c.Email != "" || acc.Level != policy.Simplified {
			t.Errorf("%+v %+v", acc, c)
		}
		if err := b.ChangeProfile(ctx, a, Profile{Version: acc.Version, Name: acc.DisplayName, Lang: "ru", Zone: acc.Zone, Phone: "+79161112233"}); rule(err) != "phone:confirmed" {
			t.Errorf("another number by typing: %v", err)
		}
		for _, login := range []string{"+79161234567", "8 916 123 45 67", "+7 (916) 123-45-67"} {
			if o := b.signIn(login); o.Account != p.ID {
				t.Errorf("signed in as another by %q", login)
			}
		}
		for _, table := range []string{`SELECT COALESCE(body, '') FROM journal_fact`} {
			all, err := db.All(ctx, b.d, db.Text, table)
			b.must(err)
			if text := strings.Join(all, "\n"); strings.Contains(text, "9161234567") || strings.Contains(text, `"`+code+`"`) {
				t.Errorf("%s tells the number or the code", table)
			}
		}
	})
}

func TestRegistrationByEmail(t *testing.T) {
	eachSignup(t, func(b bench, out *outbox, _ *[]string) {
		p := b.asked(" Maria@Example.RU ")
		m := out.last()
		if m.Way != ByEmail || m.Address != "maria@example.ru" || !strings.HasPrefix(m.Args["Link"], "https://okno.example"+PathRegisterLink) || m.Until.Sub(start) != 72*time.Hour || p.Masked != "m•••@example.ru" {
			t.Fatalf("%+v for %+v", m, p)
		}
		token := tokenIn(m)
		for range 2 { // opened twice, by a mail server's program too: nothing is spent
			if _, err := b.Confirmed(ctx, token); err != nil {
				t.Error(err)
			}
		}
		b.clock.Advance(72*time.Hour - time.Second)
		o, err := b.finishing(token, "")
		b.must(err)
		if _, err := b.Confirmed(ctx, token); !errs.Is(err, errs.Gone) {
			t.Errorf("the link after it was used: %v", err)
		}
		if again := b.signIn("maria@example.ru"); again.Account != o.Account {
			t.Error("signed in as another")
		}
		p = b.asked("late@example.ru")
		b.clock.Advance(72 * time.Hour)
		if _, err := b.finishing(tokenIn(out.last()), ""); !errs.Is(err, errs.Gone) {
			t.Errorf("a link after three days: %v", err)
		}
		b.clock.Advance(25 * time.Hour)
		b.must(b.Clean(ctx))
		if n := b.count(`SELECT COUNT(*) FROM identity_signup`); n != 0 {
			t.Errorf("%d registrations are kept", n)
		}
		if n := b.count(`SELECT COUNT(*) FROM vault_key WHERE subject = $1 AND wrapped IS NOT NULL`, p.ID); n != 0 {
			t.Error("the key of a lost registration is kept")
		}
		if n := b.count(`SELECT COUNT(*) FROM vault_key WHERE subject = $1 AND wrapped IS NOT NULL`, o.Account); n != 1 {
			t.Error("the key of an account is gone")
		}
	})
}

func TestCodesThatDoNotFit(t *testing.T) {
	eachSignup(t, func(b bench, out *outbox, _ *[]string) {
		wrong := func(code string) string {
			if code == "000000" {
				return "000001"
			}
			return "000000"
		}
		first := b.asked("+79161234567")
		code := out.last().Args["Code"]
		if _, err := b.enter(first, wrong(code)); rule(err) != "code:mismatch" {
			t.Errorf("a wrong code: %v", err)
		}
		b.clock.Advance(codeLife)
		if _, err := b.enter(first, code); rule(err) != "code:late" {
			t.Errorf("after five minutes: %v", err)
		}
		second, err := b.SignUpAgain(ctx, nobody, first.ID, NewSignup{Lang: "ru", Address: home, URL: func(p string) string { return p }})
		b.must(err)
		if second.ID == first.ID || len(out.sent) != 2 {
			t.Fatal("no new code")
		}
		fresh := out.last().Args["Code"]
		if _, err := b.enter(first, fresh); rule(err) != "code:older" || err.(*errs.Error).Fields[0].Args["Reference"] != second.Reference {
			t.Errorf("on the older page: %v", err)
		}
		for range 2 {
			if _, err := b.enter(second, wrong(fresh)); rule(err) != "code:mismatch" {
				t.Errorf("a wrong code: %v", err)
			}
		}
		if _, err := b.enter(second, fresh); !errs.Is(err, errs.RateLimited) { // the sixth over both flows
			t.Errorf("the sixth try: %v", err)
		}
		if n := b.count(`SELECT COUNT(*) FROM journal_fact WHERE kind = $1`, FactCodeRefused); n != 5 {
			t.Errorf("%d refusals are on record", n)
		}
		if n := b.count(`SELECT COUNT(*) FROM identity_account`); n != 0 {
			t.Errorf("%d accounts", n)
		}
	})
}

func TestTwoAskAtOnceForOneTelephone(t *testing.T) {
	eachSignup(t, func(b bench, out *outbox, _ *[]string) {
		var wg sync.WaitGroup
		got := make([]Signup, 4)
		for i := range got {
			wg.Go(func() { got[i], _ = b.ask("+79161234567") })
		}
		wg.Wait()
		for _, p := range got {
			if p.ID != got[0].ID || p.Reference != got[0].Reference || p.ID == id.Nil {
				t.Errorf("%+v beside %+v", p, got[0])
			}
		}
		if n := b.count(`SELECT COUNT(*) FROM identity_signup`); n != 1 {
			t.Errorf("%d codes are valid", n)
		}
	})
}

// TestTakenContactIsAnsweredAsANewOne: the same answer, the same statements.
func TestTakenContactIsAnsweredAsANewOne(t *testing.T) {
	eachSignup(t, func(b bench, out *outbox, trace *[]string) {
		b.signedUpBy(out, "+79161234567")
		b.signedUpBy(out, "maria@example.ru")
		for taken, free := range map[string]string{"+79161234567": "+79161234568", "maria@example.ru": "irina@example.ru"} {
			*trace = nil
			unknown, err := b.ask(free)
			b.must(err)
			want := slices.Clone(*trace)
			*trace = nil
			known, err := b.ask(taken)
			b.must(err)
			if !slices.Equal(*trace, want) || len(want) == 0 {
				t.Errorf("%s: statements\n%s\nfor a new contact\n%s", taken, strings.Join(*trace, "\n"), strings.Join(want, "\n"))
			}
			if known.Way != unknown.Way || known.Ends != unknown.Ends || known.Again != unknown.Again || len(known.Reference) != len(unknown.Reference) {
				t.Errorf("%+v, for a new one %+v", known, unknown)
			}
			m := out.last()
			if m.Kind != "signup_taken" || m.Args["Code"] != "" || strings.Contains(m.Args["Link"], PathRegisterLink) {
				t.Errorf("the holder of %s gets %+v", taken, m)
			}
		}
	})
}

func TestContactTakenMeanwhile(t *testing.T) {
	eachSignup(t, func(b bench, out *outbox, _ *[]string) {
		b.asked("maria@example.ru")
		early := tokenIn(out.last())
		b.clock.Advance(turnLife)
		b.asked("maria@example.ru")
		late := tokenIn(out.last())
		var wg sync.WaitGroup
		results := make([]error, 2)
		for i, token := range []string{early, late} {
			wg.Go(func() { _, results[i] = b.finishing(token, "") })
		}
		wg.Wait()
		if (results[0] == nil) == (results[1] == nil) {
			t.Errorf("both links: %v", results)
		}
		if n := b.count(`SELECT COUNT(*) FROM identity_account`); n != 1 {
			t.Errorf("%d accounts of one address", n)
		}
	})
}

func TestLimitsOfRegistration(t *testing.T) {
	eachSignup(t, func(b bench, out *outbox, _ *[]string) {
		for contact, want := range map[string]string{"": "contact:required", "maria": "contact:contact", "maria@": "contact:email", "+7 916": "contact:phone",
			"+7 812 315-00-11": "contact:not_mobile", "+49 151 23456789": "contact:country"} {
			if _, err := b.ask(contact); rule(err) != want {
				t.Errorf("%q: %v, want %s", contact, err, want)
			}
		}
		for i := range contactDay {
			if _, err := b.ask("+79161234567"); err != nil {
				t.Fatal(i, err)
			}
			b.clock.Advance(turnLife)
		}
		if _, err := b.ask("+79161234567"); !errs.Is(err, errs.RateLimited) {
			t.Errorf("the eleventh message in a day: %v", err)
		}
		sent := len(out.sent)
		b.cfg.SMSLimits = nil
		DefaultSMSLimits.Prefix = 2
		defer func() { DefaultSMSLimits.Prefix = 200 }()
		b.clock.Advance(2 * time.Hour)
		for _, last := range []string{"1", "2"} {
			b.asked("+7916555000" + last)
		}
		if _, err := b.ask("+79165550003"); !errs.Is(err, errs.RateLimited) {
			t.Errorf("a prefix over its cap: %v", err)
		}
		if _, err := b.ask("+79265550003"); err != nil {
			t.Errorf("another prefix: %v", err)
		}
		if len(out.sent) != sent+3 {
			t.Errorf("%d were sent", len(out.sent)-sent)
		}
		out.ways = Ways{Email: true}
		if _, err := b.ask("+79265550009"); rule(err) != "contact:no_sms" {
			t.Errorf("without an SMS centre: %v", err)
		}
		if _, err := b.Register(ctx, nobody, Registration{Login: "plain", Name: "Имя", Password: good, Address: home}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a plain account beside: %v", err)
		}
	})
}

// TestPagesOfRegistration walks through in a browser without scripts.
func TestPagesOfRegistration(t *testing.T) {
	eachSignup(t, func(b bench, out *outbox, _ *[]string) {
		s := b.site()
		x := b.browser(s)
		field := func(w *httptest.ResponseRecorder, name string) string {
			m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(w.Body.String())
			if m == nil {
				t.Fatalf("no field %s", name)
			}
			return m[1]
		}
		x.want(x.get(PathRegister+"?back=/report/new"), http.StatusOK, "Телефон или почта", `value="/report/new"`)
		x.want(x.do("POST", PathRegister, url.Values{"contact": {"12"}}), http.StatusUnprocessableEntity, `value="12"`, `href="#contact"`)
		w := x.do("POST", PathRegister, url.Values{"contact": {"8 916 123-45-67"}, "back": {"/report/new"}})
		x.want(w, http.StatusSeeOther)
		sent := w.Header().Get("Location")
		again := x.do("POST", PathRegister, url.Values{"contact": {"8 916 123-45-67"}, "back": {"/report/new"}}) // a double click
		if again.Header().Get("Location") != sent || len(out.sent) != 1 {
			t.Errorf("the second click leads to %q", again.Header().Get("Location"))
		}
		b.clock.Advance(48 * time.Second)
		w = x.get(sent)
		x.want(w, http.StatusOK, "Введите код из СМС", "45-67", "Номер сообщения", "Код действует ещё 4:12", `data-countdown="252"`, `role="status"`, "disabled")
		if strings.Contains(w.Body.String(), "123-45") {
			t.Error("the page tells the whole number")
		}
		path, _, _ := strings.Cut(sent, "?")
		form := url.Values{web.KeyName: {field(w, web.KeyName)}, "code": {"00"}}
		x.want(x.do("POST", sent, form), http.StatusUnprocessableEntity, "В коде шесть цифр")

		lost := b.browser(s) // the browser is closed and another begins anew
		w = lost.do("POST", PathRegister, url.Values{"contact": {"+79161234567"}})
		if !strings.HasPrefix(w.Header().Get("Location"), path) || len(out.sent) != 1 {
			t.Errorf("whoever comes back is led to %q, %d sent", w.Header().Get("Location"), len(out.sent))
		}
		form.Set("code", out.last().Args["Code"])
		w = lost.do("POST", sent, form)
		lost.want(w, http.StatusSeeOther)
		link := w.Header().Get("Location")
		w = lost.get(link)
		lost.want(w, http.StatusOK, "Имя и пароль", "45-67", `name="again"`)
		done := url.Values{"name": {"Мария"}, "password": {good}, "again": {"x"}, "zone": {"Europe/Moscow"}, "back": {"/report/new"}, web.KeyName: {field(w, web.KeyName)}}
		w = lost.do("POST", link, done)
		lost.want(w, http.StatusUnprocessableEntity, "Пароли не совпадают", "Мария")
		if strings.Contains(w.Body.String(), good) {
			t.Error("the page repeats the password")
		}
		done.Set("again", good)
		w = lost.do("POST", link, done)
		if lost.want(w, http.StatusSeeOther); w.Header().Get("Location") != "/report/new" {
			t.Errorf("goes to %q", w.Header().Get("Location"))
		}
		lost.want(lost.get(ui.PathAccount), http.StatusOK, "Мария", "Подтверждено вами", "readonly")
		x.want(x.get(link), http.StatusGone, "уже использована")
		x.want(x.get(sent), http.StatusGone)
		x.want(x.get(PathSent+"nonsense"), http.StatusNotFound)

		w = x.do("POST", PathRegister, url.Values{"contact": {"maria@example.ru"}})
		sent = w.Header().Get("Location")
		x.want(x.get(sent), http.StatusOK, "Проверьте почту", "m•••@example.ru", "3 дня")
		b.clock.Advance(turnLife)
		w = x.get(sent)
		x.want(w, http.StatusOK, "Можно отправить письмо ещё раз")
		if w = x.do("POST", sent+"/again", nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") == sent || len(out.sent) != 3 {
			t.Errorf("again: %d, %d sent", w.Code, len(out.sent))
		}
		out.ways = Ways{}
		x.want(x.get(PathRegister), http.StatusOK, "пока не подключена", `name="login"`)
		out.ways = Ways{SMS: true}
		x.want(x.get(PathRegister), http.StatusOK, "Регистрация по почте здесь пока не подключена", "Номер мобильного телефона")
	})
}
