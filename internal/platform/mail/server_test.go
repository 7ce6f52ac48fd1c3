package mail

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// letter is what the server was given.
type letter struct {
	from, to string
	utf8     bool
	data     string
}

// server is a mail server in the process. What it answers is set by the test;
// the functions are called without the lock.
type server struct {
	*smtp.Server
	port int

	onMail func(*smtp.Conn) error
	onRcpt func(to string) error
	onData func(*smtp.Conn, string) error // after the whole message came

	mu        sync.Mutex
	letters   []letter
	sessions  int
	passwords int // that were heard
}

// serve starts a server on a free port; prepare may change its settings.
func serve(t *testing.T, prepare func(*server)) *server {
	t.Helper()
	s := &server{}
	s.Server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.sessions++
		return &session{server: s, conn: c}, nil
	}))
	s.Domain, s.ErrorLog, s.AllowInsecureAuth = "mail.test", log.New(io.Discard, "", 0), true
	if prepare != nil {
		prepare(s)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.listen(t, l)
	return s
}

func (s *server) listen(t *testing.T, l net.Listener) {
	t.Helper()
	s.port = l.Addr().(*net.TCPAddr).Port
	var running sync.WaitGroup
	running.Go(func() {
		if err := s.Serve(l); err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		_ = s.Close() // a test may have closed it
		_ = l.Close() // Close knows nothing of it where Serve has not begun
		running.Wait()
	})
}

// got gives what came, and how many sessions there were.
func (s *server) got() ([]letter, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.letters, s.sessions
}

type session struct {
	server *server
	conn   *smtp.Conn
	letter letter
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		s.server.mu.Lock()
		s.server.passwords++
		s.server.mu.Unlock()
		if user != "okno" || password != "secret" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *session) Mail(from string, opts *smtp.MailOptions) error {
	if s.server.onMail != nil {
		if err := s.server.onMail(s.conn); err != nil {
			return err
		}
	}
	s.letter = letter{from: from, utf8: opts.UTF8}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.server.onRcpt != nil {
		if err := s.server.onRcpt(to); err != nil {
			return err
		}
	}
	s.letter.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.server.onData != nil {
		if err := s.server.onData(s.conn, string(b)); err != nil {
			return err
		}
	}
	s.letter.data = string(b)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.letters = append(s.server.letters, s.letter)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// certificate is for 127.0.0.1; the pool trusts it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// sender makes a sender for the server; change may alter its settings.
func (s *server) sender(t *testing.T, change func(*Config)) *Sender {
	t.Helper()
	cfg := Config{Host: "127.0.0.1", Port: s.port, Security: None, Hello: "okno.test", From: "okno@okno.test", FromName: "Окно", Timeout: 20 * time.Second}
	if change != nil {
		change(&cfg)
	}
	out, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(out.Close)
	return out
}

func notice(id string) Message {
	return Message{ID: id + "@okno.test", Date: time.Date(2026, 3, 15, 9, 0, 0, 0, time.UTC), To: "maria@example.test", ToName: "Мария Соколова",
		Subject: "Ответ на ваше сообщение № 12-345", Text: "Яму засыпали.\n.\nПосмотрите фотографию.", HTML: "<p>Яму <b>засыпали</b>.</p>"}
}
