package app

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"io"
	"log"
	"log/slog"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/emersion/go-smtp"

	"okno/internal/notify"
	"okno/internal/platform/clock"
	"okno/internal/platform/config"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/web"
)

// mailbox is a mail server in the process that keeps what it is given.
type mailbox struct {
	mu   sync.Mutex
	to   []string
	data []string
}

func (b *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &delivery{box: b}, nil }

type delivery struct {
	box *mailbox
	to  string
}

func (d *delivery) Mail(string, *smtp.MailOptions) error      { return nil }
func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error { d.to = to; return nil }
func (d *delivery) Reset()                                    {}
func (d *delivery) Logout() error                             { return nil }
func (d *delivery) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	d.box.to, d.box.data = append(d.box.to, d.to), append(d.box.data, string(b))
	return err
}

// serveMail gives the address of a mail server.
func serveMail(t *testing.T) (*mailbox, string) {
	box := &mailbox{}
	s := smtp.NewServer(box)
	s.Domain, s.ErrorLog = "mail.test", log.New(io.Discard, "", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() { _ = s.Serve(l) }) // ends with Close
	t.Cleanup(func() { _ = s.Close(); running.Wait() })
	return box, "smtp://" + l.Addr().String() + "?security=none"
}

// letter is the address and the text of the newest letter.
func (b *mailbox) letter(t *testing.T) (to, text string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.data) == 0 {
		t.Fatal("no letter came")
	}
	m, err := mail.ReadMessage(strings.NewReader(b.data[len(b.data)-1]))
	if err != nil {
		t.Fatal(err)
	}
	body := m.Body
	switch m.Header.Get("Content-Transfer-Encoding") {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	out, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return b.to[len(b.to)-1], string(out)
}

// centre is an SMS centre in the process: it takes every message.
type centre struct {
	mu   sync.Mutex
	to   []string
	text []string
}

func serveSMS(t *testing.T) (*centre, string) {
	c := &centre{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { c.talk(conn) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); running.Wait() })
	return c, "smpp://okno:secret@" + l.Addr().String()
}

// talk answers PDUs of SMPP 3.4 until the connection ends.
func (c *centre) talk(conn net.Conn) {
	defer conn.Close()
	for {
		head := make([]byte, 16)
		if _, err := io.ReadFull(conn, head); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(head)-16)
		if _, err := io.ReadFull(conn, body); err != nil {
			return
		}
		var answer []byte
		switch command := binary.BigEndian.Uint32(head[4:]); command {
		case 0x9: // bind_transceiver
			answer = []byte("centre\x00")
		case 0x4: // submit_sm
			c.take(body)
			answer = []byte("1\x00")
		}
		out := binary.BigEndian.AppendUint32(nil, uint32(16+len(answer)))
		out = binary.BigEndian.AppendUint32(out, binary.BigEndian.Uint32(head[4:])|0x80000000)
		out = append(binary.BigEndian.AppendUint32(out, 0), head[12:]...)
		if _, err := conn.Write(append(out, answer...)); err != nil {
			return
		}
	}
}

func (c *centre) take(body []byte) {
	text := func() string {
		i := bytes.IndexByte(body, 0)
		s := string(body[:i])
		body = body[i+1:]
		return s
	}
	text()          // service_type
	body = body[2:] // source: type, plan
	text()
	body = body[2:]
	to := text()
	body = body[3:] // esm_class, protocol_id, priority_flag
	text()          // schedule_delivery_time
	text()          // validity_period
	coding, said := body[2], body[5:5+int(body[4])]
	words := string(said)
	if coding == 8 {
		var units []uint16
		for i := 0; i+1 < len(said); i += 2 {
			units = append(units, binary.BigEndian.Uint16(said[i:]))
		}
		words = string(utf16.Decode(units))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.to, c.text = append(c.to, to), append(c.text, words)
}

// newcomer is a browser at an installation with both channels.
type newcomer struct {
	*testing.T
	*App
	clock *clock.Fixed
	box   *mailbox
	sms   *centre
	log   *bytes.Buffer
	jar   http.CookieJar
}

func newNewcomer(t *testing.T, database string) *newcomer {
	n := &newcomer{T: t, clock: clock.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)), log: &bytes.Buffer{}}
	var smtpURL, smppURL string
	n.box, smtpURL = serveMail(t)
	n.sms, smppURL = serveSMS(t)
	a, err := Open(t.Context(), config.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", URL: "https://okno.example", Zone: "Europe/Moscow", NoLimits: true,
		Database: config.DSN(database), SMTP: config.DSN(smtpURL), MailFrom: "portal@okno.example", SMPP: config.DSN(smppURL), LogLevel: "debug"},
		Options{Clock: n.clock, Log: slog.New(slog.NewTextHandler(&locked{w: n.log}, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	n.App = a
	var running sync.WaitGroup
	ctx := t.Context()
	running.Go(func() { _ = a.phones.Run(ctx) })
	t.Cleanup(func() {
		running.Wait() // the test's context has ended
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	n.another()
	return n
}

// locked is a log that several goroutines write.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// another is a fresh browser.
func (n *newcomer) another() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		n.Fatal(err)
	}
	n.jar = jar
}

func (n *newcomer) send(method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "https://okno.example"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "ru")
	for _, c := range n.jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	n.Web.ServeHTTP(w, r)
	n.jar.SetCookies(r.URL, w.Result().Cookies())
	return w
}

// leads is where a form leads; the messages that it caused are sent.
func (n *newcomer) leads(path string, form url.Values) string {
	n.Helper()
	w := n.send("POST", path, form)
	if w.Code != http.StatusSeeOther {
		n.Fatalf("POST %s: %d: %.400s", path, w.Code, w.Body)
	}
	n.deliver()
	return w.Header().Get("Location")
}

func (n *newcomer) deliver() {
	n.Helper()
	if err := n.Jobs.Drain(n.Context()); err != nil {
		n.Fatal(err)
	}
}

// reads is a page, and its form's key.
func (n *newcomer) reads(path string, words ...string) (key string) {
	n.Helper()
	w := n.send("GET", path, nil)
	if w.Code != http.StatusOK {
		n.Fatalf("GET %s: %d", path, w.Code)
	}
	for _, s := range words {
		if !strings.Contains(w.Body.String(), s) {
			n.Errorf("%s lacks %q", path, s)
		}
	}
	if m := regexp.MustCompile(`name="` + web.KeyName + `" value="([^"]*)"`).FindStringSubmatch(w.Body.String()); m != nil {
		key = m[1]
	}
	return key
}

var newPassword = url.Values{"name": {"Мария Соколова"}, "password": {"Berezka-49-tri"}, "again": {"Berezka-49-tri"}, "zone": {"Europe/Moscow"}}

// finish ends a registration and reads the account.
func (n *newcomer) finish(link, contact string) {
	n.Helper()
	form := url.Values{web.KeyName: {n.reads(link, "Имя и пароль")}}
	for k, v := range newPassword {
		form[k] = v
	}
	n.leads(link, form)
	n.reads("/account", "Мария Соколова", contact)
}

// TestNewcomersRegisterOverRealChannels: SMTP and SMPP from the form to the account.
func TestNewcomersRegisterOverRealChannels(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { registerBoth(t, dbtest.SQLiteURL(t, Migrations()...)) })
	t.Run("postgres", func(t *testing.T) { registerBoth(t, dbtest.PostgresURL(t, Migrations()...)) })
}

func registerBoth(t *testing.T, database string) {
	n := newNewcomer(t, database)
	n.reads("/register", "Телефон или почта")

	sent := n.leads("/register", url.Values{"contact": {"8 (916) 123-45-67"}})
	key := n.reads(sent, "Введите код из СМС")
	if len(n.sms.to) != 1 || n.sms.to[0] != "79161234567" {
		t.Fatalf("SMS to %v", n.sms.to)
	}
	code := regexp.MustCompile(`код (\d{6}) \(№ (\d{4})\)`).FindStringSubmatch(n.sms.text[0])
	if code == nil {
		t.Fatalf("the SMS says %q", n.sms.text[0])
	}
	n.reads(sent, "Номер сообщения "+code[2])
	n.finish(n.leads(sent, url.Values{"code": {code[1]}, web.KeyName: {key}}), "+79161234567")

	n.another()
	n.reads(n.leads("/register", url.Values{"contact": {"Maria@Example.RU"}}), "Проверьте почту", "m•••@example.ru")
	to, text := n.box.letter(t)
	link := regexp.MustCompile(`https://okno\.example(/register/link/\S+)`).FindStringSubmatch(text)
	if to != "maria@example.ru" || link == nil {
		t.Fatalf("to %s: %s", to, text)
	}
	n.another() // the letter is read on another device
	n.finish(link[1], "maria@example.ru")

	// Contacts that have accounts: the same pages, other messages.
	n.another()
	n.reads(n.leads("/register", url.Values{"contact": {"maria@example.ru"}}), "Проверьте почту", "m•••@example.ru")
	if to, text := n.box.letter(t); to != "maria@example.ru" || strings.Contains(text, "/register/link/") || !strings.Contains(text, "https://okno.example/sign-in") {
		t.Errorf("to %s: %s", to, text)
	}
	n.reads(n.leads("/register", url.Values{"contact": {"+79161234567"}}), "Введите код из СМС")
	if last := n.sms.text[len(n.sms.text)-1]; !strings.Contains(last, "уже есть учётная запись") {
		t.Errorf("the holder of the number reads %q", last)
	}
	for _, login := range []string{"8 916 123-45-67", "MARIA@example.ru"} {
		n.another()
		n.leads("/sign-in", url.Values{"login": {login}, "password": {"Berezka-49-tri"}})
		n.reads("/account", "Мария Соколова")
	}
	counts, err := n.Outbox.Outcomes(t.Context())
	if err != nil || len(counts) != 4 {
		t.Errorf("%+v %v", counts, err)
	}
	for _, c := range counts {
		if c.State != notify.Sent || c.Number != 1 {
			t.Errorf("%+v", c)
		}
	}
	if got, err := db.One(t.Context(), n.DB, db.Int, `SELECT COUNT(*) FROM jobs_dead`); err != nil || got != 0 {
		t.Errorf("%d dead jobs, %v", got, err)
	}
	for _, secret := range []string{code[1], link[1], "9161234567", "maria@example.ru", "Berezka"} {
		if strings.Contains(n.log.String(), secret) {
			t.Errorf("the log tells %q", secret)
		}
	}
}
