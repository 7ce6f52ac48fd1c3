package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

func TestSend(t *testing.T) {
	srv := serve(t, nil)
	s := srv.sender(t, nil)
	reply, err := s.Send(t.Context(), notice("n1"))
	if err != nil || !strings.Contains(reply, "OK") {
		t.Fatal(reply, err)
	}
	letters, _ := srv.got()
	if len(letters) != 1 || letters[0].from != "okno@okno.test" || letters[0].to != "maria@example.test" || letters[0].utf8 {
		t.Fatalf("%+v", letters)
	}
	m := read(t, letters[0].data)
	for name, want := range map[string]string{"Message-Id": "<n1@okno.test>", "Subject": "Ответ на ваше сообщение № 12-345",
		"From": "Окно <okno@okno.test>", "To": "Мария Соколова <maria@example.test>", "Date": "Sun, 15 Mar 2026 09:00:00 +0000",
		"Auto-Submitted": "auto-generated", "User-Agent": "", "X-Mailer": "", "In-Reply-To": ""} {
		if m.header[name] != want {
			t.Errorf("%s is %q, want %q", name, m.header[name], want)
		}
	}
	if m.text != "Яму засыпали.\r\n.\r\nПосмотрите фотографию." || m.html != "<p>Яму <b>засыпали</b>.</p>" {
		t.Errorf("text %q, HTML %q", m.text, m.html)
	}
}

func TestRepeatIsTheSameMessage(t *testing.T) {
	srv := serve(t, nil)
	s := srv.sender(t, nil)
	m := notice("n1")
	m.Thread = "case@okno.test"
	for range 2 {
		if _, err := s.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	letters, _ := srv.got()
	if letters[0].data != letters[1].data {
		t.Errorf("a repeat differs:\n%s\n%s", letters[0].data, letters[1].data)
	}
	if h := read(t, letters[0].data).header; h["In-Reply-To"] != "<case@okno.test>" || h["References"] != "<case@okno.test>" {
		t.Errorf("%q", h)
	}
}

func TestConnectionIsKept(t *testing.T) {
	srv := serve(t, nil)
	s := srv.sender(t, func(c *Config) { c.Most = 10 })
	var sending sync.WaitGroup
	for i := range 25 {
		sending.Go(func() {
			if _, err := s.Send(t.Context(), notice(fmt.Sprint("n", i))); err != nil {
				t.Error(err)
			}
		})
	}
	sending.Wait()
	if letters, sessions := srv.got(); len(letters) != 25 || sessions != 3 {
		t.Errorf("%d letters in %d sessions", len(letters), sessions)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name         string
		mail, rcpt   error
		data         error
		outcome      Outcome
		stage        Stage
		code         int
		enhanced     string
		sessionsLeft int // sessions after one more letter
	}{
		{"no such person", nil, status(550, 5, 1, 1), nil, Refused, To, 550, "5.1.1", 1},
		{"grey list", nil, status(451, 4, 7, 1), nil, Again, To, 451, "4.7.1", 1},
		{"spam", nil, nil, status(554, 5, 7, 1), Refused, End, 554, "5.7.1", 1},
		{"disk full", nil, nil, status(452, 4, 3, 1), Again, End, 452, "4.3.1", 1},
		{"sender refused", status(553, 5, 7, 1), nil, nil, Refused, From, 553, "5.7.1", 1},
		{"sign in first", status(530, 5, 7, 0), nil, nil, Again, From, 530, "5.7.0", 1},
		{"going down", nil, status(421, 4, 3, 2), nil, Again, To, 421, "4.3.2", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			var again atomic.Bool
			once := func(err error) error {
				if !again.Load() {
					return err
				}
				return nil
			}
			srv := serve(t, func(s *server) {
				s.onMail = func(*smtp.Conn) error { return once(c.mail) }
				s.onRcpt = func(string) error { return once(c.rcpt) }
				s.onData = func(*smtp.Conn, string) error { return once(c.data) }
			})
			s := srv.sender(t, nil)
			_, err := s.Send(t.Context(), notice("n1"))
			var e *Error
			if !errors.As(err, &e) || e.Outcome != c.outcome || e.Stage != c.stage || e.Code != c.code || e.Enhanced != c.enhanced || OutcomeOf(err) != c.outcome {
				t.Errorf("%v: %+v", err, e)
			}
			if text := err.Error(); strings.Contains(text, "maria") || strings.Contains(text, "words") {
				t.Errorf("the error tells %q", text)
			}
			if e != nil && !strings.Contains(e.Reply, "words of the server") {
				t.Errorf("the reply is %q", e.Reply)
			}
			again.Store(true)
			if _, err := s.Send(t.Context(), notice("n2")); err != nil {
				t.Errorf("the next letter: %v", err)
			}
			if letters, sessions := srv.got(); len(letters) != 1 || sessions != c.sessionsLeft {
				t.Errorf("%d letters in %d sessions", len(letters), sessions)
			}
		})
	}
}

func status(code, a, b, c int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{a, b, c}, Message: "words of the server about <maria@example.test>"}
}

// The answer to a message that is with the server is lost: nobody knows.
func TestConnectionLostAfterData(t *testing.T) {
	srv := serve(t, func(s *server) {
		s.onData = func(c *smtp.Conn, _ string) error { return c.Close() }
	})
	s := srv.sender(t, nil)
	_, err := s.Send(t.Context(), notice("n1"))
	var e *Error
	if !errors.As(err, &e) || e.Outcome != Unknown || e.Stage != End || e.Code != 0 {
		t.Errorf("%v", err)
	}
}

func TestConnectionLostBeforeData(t *testing.T) {
	srv := serve(t, func(s *server) {
		s.onMail = func(c *smtp.Conn) error { return c.Close() }
	})
	_, err := srv.sender(t, nil).Send(t.Context(), notice("n1"))
	if OutcomeOf(err) != Again {
		t.Errorf("%v", err)
	}
	if _, sessions := srv.got(); sessions != 1 {
		t.Errorf("a new link was tried %d times", sessions)
	}
}

// The server has closed the kept connection, with and without a word: the next
// message goes over a new one.
func TestKeptConnectionIsGone(t *testing.T) {
	for name, gone := range map[string]func(*smtp.Conn) error{
		"without a word": func(c *smtp.Conn) error { return c.Close() },
		"with 421":       func(*smtp.Conn) error { return status(421, 4, 4, 2) },
	} {
		t.Run(name, func(t *testing.T) {
			var n atomic.Int32
			srv := serve(t, func(s *server) {
				s.onMail = func(c *smtp.Conn) error {
					if n.Add(1) == 2 {
						return gone(c)
					}
					return nil
				}
			})
			s := srv.sender(t, nil)
			for i := range 2 {
				if _, err := s.Send(t.Context(), notice(fmt.Sprint("n", i))); err != nil {
					t.Errorf("letter %d: %v", i, err)
				}
			}
			if letters, sessions := srv.got(); len(letters) != 2 || sessions != 2 {
				t.Errorf("%d letters in %d sessions", len(letters), sessions)
			}
		})
	}
}

func TestIdleConnectionIsClosed(t *testing.T) {
	quit := make(chan struct{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &server{port: l.Addr().(*net.TCPAddr).Port}
	go func() { // a server that says what it hears at the end
		defer l.Close()
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		answers := map[string]string{"EHLO": "250 mail.test", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", ".": "250 taken", "QUIT": "221 bye"}
		fmt.Fprint(c, "220 mail.test\r\n")
		for lines := newLines(c); lines.Scan(); {
			word, _, _ := strings.Cut(lines.Text(), " ")
			if answer := answers[word]; answer != "" {
				fmt.Fprint(c, answer+"\r\n")
			}
			if word == "QUIT" {
				close(quit)
				return
			}
		}
	}()
	s := srv.sender(t, func(c *Config) { c.Idle = time.Millisecond })
	if _, err := s.Send(t.Context(), notice("n1")); err != nil {
		t.Fatal(err)
	}
	select {
	case <-quit:
	case <-time.After(20 * time.Second):
		t.Error("the idle connection stays open")
	}
}

func TestServerThatStalls(t *testing.T) {
	end := make(chan struct{})
	srv := serve(t, func(s *server) {
		s.onData = func(*smtp.Conn, string) error { <-end; return nil }
	})
	t.Cleanup(func() { close(end) })
	s := srv.sender(t, func(c *Config) { c.Timeout = 200 * time.Millisecond })
	if _, err := s.Send(t.Context(), notice("n1")); OutcomeOf(err) != Unknown {
		t.Errorf("%v", err)
	}
	s = srv.sender(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if _, err := s.Send(ctx, notice("n2")); OutcomeOf(err) != Unknown || time.Since(begin) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(begin))
	}
}

func TestNobodyListens(t *testing.T) {
	mute, err := net.Listen("tcp", "127.0.0.1:0") // takes connections, says nothing
	if err != nil {
		t.Fatal(err)
	}
	port := mute.Addr().(*net.TCPAddr).Port
	s := (&server{port: port}).sender(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if _, err := s.Send(ctx, notice("n1")); OutcomeOf(err) != Again || time.Since(begin) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(begin))
	}
	if err := mute.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = s.Send(t.Context(), notice("n1"))
	var e *Error
	if !errors.As(err, &e) || e.Outcome != Again || e.Stage != Connect {
		t.Errorf("%v", err)
	}
}

func TestEncryption(t *testing.T) {
	cert, pool := certificate(t)
	trusting := &tls.Config{RootCAs: pool}
	own := &tls.Config{Certificates: []tls.Certificate{cert}}
	withTLS := func(s *server) { s.TLSConfig = own.Clone() }
	implicit := func(t *testing.T) *server { // TLS from the first byte
		t.Helper()
		s := serve(t, withTLS)
		l, err := tls.Listen("tcp", "127.0.0.1:0", own)
		if err != nil {
			t.Fatal(err)
		}
		s.listen(t, l)
		return s
	}
	plain := func(t *testing.T) *server { t.Helper(); return serve(t, nil) }
	starttls := func(t *testing.T) *server { t.Helper(); return serve(t, withTLS) }
	for _, c := range []struct {
		name   string
		server func(*testing.T) *server
		change func(*Config)
		want   Outcome
	}{
		{"STARTTLS", starttls, func(c *Config) { c.Security, c.TLS, c.User, c.Password = StartTLS, trusting, "okno", "secret" }, ""},
		{"STARTTLS is the default", starttls, func(c *Config) { c.Security, c.TLS = "", trusting }, ""},
		{"STARTTLS that is not offered", plain, func(c *Config) { c.Security = StartTLS }, Again},
		{"STARTTLS with a stranger's certificate", starttls, func(c *Config) { c.Security = StartTLS }, Again},
		{"TLS", implicit, func(c *Config) { c.Security, c.TLS, c.User, c.Password = TLS, trusting, "okno", "secret" }, ""},
		{"TLS with a stranger's certificate", implicit, func(c *Config) { c.Security = TLS }, Again},
		{"TLS where none is spoken", plain, func(c *Config) { c.Security, c.TLS = TLS, trusting }, Again},
		{"wrong password", starttls, func(c *Config) { c.Security, c.TLS, c.User, c.Password = StartTLS, trusting, "okno", "wrong" }, Again},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := c.server(t)
			_, err := srv.sender(t, c.change).Send(t.Context(), notice("n1"))
			if OutcomeOf(err) != c.want || (err == nil) != (c.want == "") {
				t.Errorf("%v", err)
			}
			var e *Error
			if errors.As(err, &e) && e.Stage != Connect {
				t.Errorf("it failed at %s", e.Stage)
			}
			if letters, _ := srv.got(); (len(letters) == 1) != (c.want == "") {
				t.Errorf("%d letters", len(letters))
			}
		})
	}
}

// A password goes to another machine over an encrypted connection or not at all.
func TestPasswordIsNotSentInTheClear(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.2:0") // for the library another machine
	if err != nil {
		t.Skipf("SKIPPED: no second address of this machine: %v", err)
	}
	srv := serve(t, nil)
	srv.listen(t, l)
	s := srv.sender(t, func(c *Config) { c.Host, c.User, c.Password = "127.0.0.2", "okno", "secret" })
	_, err = s.Send(t.Context(), notice("n1"))
	var e *Error
	if !errors.As(err, &e) || e.Outcome != Again || e.Stage != Connect {
		t.Errorf("%v", err)
	}
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if srv.sessions != 1 || srv.passwords != 0 {
		t.Errorf("%d sessions, %d passwords", srv.sessions, srv.passwords)
	}
}

func TestAddressesOutsideASCII(t *testing.T) {
	for _, offered := range []bool{true, false} {
		srv := serve(t, func(s *server) { s.EnableSMTPUTF8 = offered })
		s := srv.sender(t, nil)
		m := notice("n1")
		m.To = "maria@почта.рф"
		if _, err := s.Send(t.Context(), m); err != nil {
			t.Errorf("a domain in Russian: %v", err)
		}
		m.To = "мария@почта.рф"
		_, err := s.Send(t.Context(), m)
		if offered != (err == nil) || !offered && (OutcomeOf(err) != Refused || !errors.Is(err, ErrNoUTF8)) {
			t.Errorf("a name in Russian, SMTPUTF8 %t: %v", offered, err)
		}
		m.To = "maria@example.test"
		if _, err := s.Send(t.Context(), m); err != nil {
			t.Error(err)
		}
		letters, sessions := srv.got()
		want := []letter{{to: "maria@xn--80a1acny.xn--p1ai"}, {to: "мария@xn--80a1acny.xn--p1ai", utf8: true}, {to: "maria@example.test"}}
		if !offered {
			want = append(want[:1], want[2])
		}
		if len(letters) != len(want) || sessions != 1 {
			t.Fatalf("SMTPUTF8 %t: %d letters in %d sessions", offered, len(letters), sessions)
		}
		for i, l := range letters {
			if l.to != want[i].to || l.utf8 != want[i].utf8 {
				t.Errorf("SMTPUTF8 %t: to %s, asked for it %t", offered, l.to, l.utf8)
			}
			if to := read(t, l.data).header["To"]; !strings.HasSuffix(to, "<"+l.to+">") {
				t.Errorf("the header says %q", to)
			}
		}
	}
}

func TestRefusedConfigurations(t *testing.T) {
	good := Config{Host: "127.0.0.1", From: "okno@okno.test"}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Config){
		"no host": func(c *Config) { c.Host = "" }, "no sender": func(c *Config) { c.From = "" }, "a Russian sender": func(c *Config) { c.From = "окно@okno.test" },
		"encryption": func(c *Config) { c.Security = "maybe" }, "port": func(c *Config) { c.Port = 70000 }, "name": func(c *Config) { c.FromName = "a\nBcc: b" },
		"hello": func(c *Config) { c.Hello = "a\r\nRSET" }, "password alone": func(c *Config) { c.Password = "x" }, "time": func(c *Config) { c.Timeout = -1 },
	} {
		c := good
		change(&c)
		if _, err := New(c); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
