package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync/atomic"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"okno/internal/sandbox/shelf"
)

// Bounds of one letter and of one connection.
const (
	maxLetter     = 10 << 20
	maxRecipients = 100
	patience      = 5 * time.Minute // for each reading and writing
)

// Config of a mailbox. Zero values work.
type Config struct {
	Most  int // letters that are kept; 0: 500
	Bytes int // of them; 0: 64 MB
	Now   func() time.Time
	Log   *slog.Logger
}

// Mailbox keeps letters.
type Mailbox struct {
	cfg     Config
	letters *shelf.Shelf[Letter]
	next    atomic.Int64
}

// New makes an empty mailbox.
func New(cfg Config) *Mailbox {
	if cfg.Most == 0 {
		cfg.Most = 500
	}
	if cfg.Bytes == 0 {
		cfg.Bytes = 64 << 20
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Mailbox{cfg: cfg, letters: shelf.New(cfg.Most, cfg.Bytes, Letter.size)}
}

// Letters are those kept, the newest first.
func (m *Mailbox) Letters() []Letter { return m.letters.Newest() }

// Letter is one of those kept.
func (m *Mailbox) Letter(id string) (Letter, bool) {
	all := m.letters.Newest()
	i := slices.IndexFunc(all, func(l Letter) bool { return l.ID == id })
	if i < 0 {
		return Letter{}, false
	}
	return all[i], true
}

// Serve takes letters by SMTP until ctx ends; connections may then finish what
// they are at for a moment.
func (m *Mailbox) Serve(ctx context.Context, ln net.Listener) error {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{box: m}, nil }))
	s.Domain = "sandbox.localhost"
	s.MaxMessageBytes, s.MaxRecipients = maxLetter, maxRecipients
	s.ReadTimeout, s.WriteTimeout = patience, patience
	s.AllowInsecureAuth, s.EnableSMTPUTF8 = true, true
	s.ErrorLog = slog.NewLogLogger(m.cfg.Log.Handler(), slog.LevelWarn)
	done := make(chan error, 1)
	go func() { done <- s.Serve(ln) }()
	select {
	case err := <-done:
		return fmt.Errorf("mailbox: %w", err)
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := s.Shutdown(ending); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("mailbox: %w", err)
	}
	if err := s.Close(); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
		return fmt.Errorf("mailbox: %w", err)
	}
	return nil
}

// session is one connection of a sender.
type session struct {
	box  *Mailbox
	from string
	to   []string
}

// AuthMechanisms offers one for senders that are configured with a password.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth lets everybody in.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, _ string) error { return nil }), nil
}

// Mail begins a letter.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

// Rcpt takes every recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

// Data takes the letter, readable or not.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	l := read(raw)
	l.ID, l.At = fmt.Sprint(s.box.next.Add(1)), s.box.cfg.Now()
	l.From, l.To = s.from, slices.Clone(s.to)
	s.box.letters.Put(l)
	return nil
}

// Reset drops a letter that was begun.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout ends the connection.
func (s *session) Logout() error { return nil }
