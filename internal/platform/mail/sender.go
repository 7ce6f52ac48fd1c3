package mail

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Sender sends through one mail server, one message at a time. It may be used
// by many goroutines; they take turns.
type Sender struct {
	cfg  Config
	from Address
	turn chan struct{} // holds one; what is below belongs to whoever took it

	link *link
	idle *time.Timer // closes a link without work
}

// link is a connection on which the client has signed in.
type link struct {
	conn   net.Conn // as dialled: closing it ends whatever goes on
	client *smtp.Client
	sent   int
}

// New checks the configuration. Nothing is connected before [Sender.Send].
func New(cfg Config) (*Sender, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	from, err := ParseAddress(cfg.From)
	if err != nil || !from.ascii() {
		return nil, fmt.Errorf("mail: From is %w that every server takes", errAddress)
	}
	return &Sender{cfg: cfg, from: from, turn: make(chan struct{}, 1)}, nil
}

// Send hands a message over and gives the server's words, in which most
// servers name it by a number of their own. Every error is an [*Error].
// Where ctx ends, the connection is closed at once.
func (s *Sender) Send(ctx context.Context, m Message) (reply string, err error) {
	to, err := m.check()
	if err != nil {
		return "", refuse(err)
	}
	msg, err := compose(m, s.from, s.cfg.FromName, to)
	if err != nil {
		return "", refuse(err)
	}
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return "", &Error{Outcome: Again, Stage: Connect, Err: ctx.Err()}
	}
	defer func() { <-s.turn }()
	reply, failure := s.send(ctx, msg, to)
	s.rest()
	if failure != nil {
		return "", failure
	}
	return reply, nil
}

// send uses the kept link. A server closes a link that it finds idle, which is
// seen only when the next message begins: then that message gets a new link.
func (s *Sender) send(ctx context.Context, msg *gomail.Msg, to Address) (string, *Error) {
	for {
		kept := s.link != nil
		if err := s.open(ctx); err != nil {
			return "", failed(Connect, err)
		}
		reply, failure := s.hand(ctx, msg, to)
		if failure == nil {
			if s.link.sent++; s.link.sent >= s.cfg.Most {
				s.quit()
			}
			return reply, nil
		}
		if failure.broken() {
			s.drop()
			if kept && failure.Stage == From && ctx.Err() == nil {
				continue
			}
		} else if failure.Stage != End && s.link.client.Reset() != nil {
			s.drop()
		}
		return "", failure
	}
}

// hand runs one transaction on the link.
func (s *Sender) hand(ctx context.Context, msg *gomail.Msg, to Address) (string, *Error) {
	l := s.link
	stop := context.AfterFunc(ctx, func() { _ = l.conn.Close() })
	defer stop()
	if err := l.client.UpdateDeadline(s.cfg.Timeout); err != nil {
		return "", failed(From, err)
	}
	if ok, _ := l.client.Extension("SMTPUTF8"); !ok && !to.ascii() {
		return "", &Error{Outcome: Refused, Stage: To, Err: ErrNoUTF8}
	}
	// Asked for without need it would keep the message from servers on the way
	// that don't know it.
	l.client.SkipSMTPUTF8(to.ascii())
	if err := l.client.Mail("<" + s.from.addr() + ">"); err != nil {
		return "", failed(From, err)
	}
	if err := l.client.Rcpt("<" + to.addr() + ">"); err != nil {
		return "", failed(To, err)
	}
	w, err := l.client.Data()
	if err != nil {
		return "", failed(To, err)
	}
	if _, err := msg.WriteTo(w); err != nil {
		return "", failed(Data, err) // never ended, so never taken
	}
	if err := w.Close(); err != nil {
		return "", failed(End, err)
	}
	if d, ok := w.(*smtp.DataCloser); ok {
		return d.ServerResponse(), nil
	}
	return "", nil
}

// open makes a link where there is none.
func (s *Sender) open(ctx context.Context) error {
	if s.idle != nil {
		s.idle.Stop()
	}
	if s.link != nil {
		return nil
	}
	var conn net.Conn
	stop := func() bool { return false }
	dial := func(dialling context.Context, network, _ string) (net.Conn, error) { // called at once, in this goroutine
		c, err := (&net.Dialer{}).DialContext(dialling, network, s.cfg.address())
		if err != nil {
			return nil, err
		}
		conn, stop = c, context.AfterFunc(ctx, func() { _ = c.Close() })
		if s.cfg.Security != TLS {
			return c, nil
		}
		over := tls.Client(c, s.cfg.TLS)
		if err := over.HandshakeContext(dialling); err != nil {
			return nil, err
		}
		return over, nil
	}
	maker, err := gomail.NewClient(s.cfg.Host, s.options(dial)...)
	if err != nil {
		return err
	}
	client, err := maker.DialToSMTPClientWithContext(ctx)
	stop()
	if err != nil {
		if conn != nil {
			_ = conn.Close() // the reason is told already
		}
		return err
	}
	s.link = &link{conn: conn, client: client}
	return nil
}

func (s *Sender) options(dial gomail.DialContextFunc) []gomail.Option {
	out := []gomail.Option{gomail.WithPort(s.cfg.Port), gomail.WithTimeout(s.cfg.Timeout), gomail.WithHELO(s.cfg.Hello),
		gomail.WithTLSConfig(s.cfg.TLS), gomail.WithDialContextFunc(dial)}
	switch s.cfg.Security {
	case StartTLS:
		out = append(out, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		out = append(out, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.cfg.User != "" {
		// A password in the clear (PLAIN, LOGIN) is refused by the library where
		// the connection is neither encrypted nor to this machine.
		out = append(out, gomail.WithUsername(s.cfg.User), gomail.WithPassword(s.cfg.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthCramMD5,
				gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return out
}

// rest closes the link after a while without work.
func (s *Sender) rest() {
	if s.link == nil {
		return
	}
	s.idle = time.AfterFunc(s.cfg.Idle, func() {
		select {
		case s.turn <- struct{}{}:
			s.quit()
			<-s.turn
		default: // somebody sends, and will set the timer again
		}
	})
}

// quit ends the link politely.
func (s *Sender) quit() {
	if s.link == nil {
		return
	}
	_ = s.link.client.UpdateDeadline(min(s.cfg.Timeout, 5*time.Second))
	_ = s.link.client.Quit() // the messages are with the server, whatever it answers
	s.drop()
}

func (s *Sender) drop() {
	_ = s.link.conn.Close()
	s.link = nil
}

// Close ends the connection after the message under way.
func (s *Sender) Close() {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if s.idle != nil {
		s.idle.Stop()
	}
	s.quit()
}
