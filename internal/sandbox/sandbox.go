package sandbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"

	"golang.org/x/sync/errgroup"

	"okno/internal/platform/db"
	"okno/internal/sandbox/mailbox"
	"okno/internal/sandbox/smsc"
)

// Config is what the sandbox needs to start. The tags are kong's. An address
// that is empty is the one of the last start from this folder, or a free port.
type Config struct {
	Data   string `default:"okno-sandbox-data" placeholder:"DIR" help:"Folder in which ports and the password are kept."`
	Listen string `placeholder:"HOST:PORT" help:"Address of the pages. Empty: a port of this machine that is kept."`
	SMTP   string `name:"smtp" placeholder:"HOST:PORT" help:"Address that takes letters. Empty: as above."`
	SMPP   string `name:"smpp" placeholder:"HOST:PORT" help:"Address of the short message centre. Empty: as above."`
}

// Addresses are where the sandbox is reached.
type Addresses struct {
	Letters  string  `json:"letters"`  // page of letters
	Messages string  `json:"messages"` // page of short messages
	Senders  Senders `json:"senders"`
}

// Senders is what a program needs to send through the sandbox.
type Senders struct {
	SMTP string `json:"smtp"` // host:port; no TLS, any login or none
	SMPP SMPP   `json:"smpp"`
}

// SMPP is the account at the short message centre.
type SMPP struct {
	Address  string `json:"address"` // host:port, no TLS
	SystemID string `json:"system_id"`
	Password string `json:"password"`
}

// systemID is the login of the product at the message centre.
const systemID = "okno"

// Run serves until ctx ends. tell is called once, when everything can be reached.
func Run(ctx context.Context, cfg Config, log *slog.Logger, tell func(Addresses) error) (err error) {
	lock, err := db.LockFolder(cfg.Data)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	k, err := readKept(cfg.Data)
	if err != nil {
		return err
	}
	if k.Password == "" {
		k.Password = rand.Text()[:8] // what SMPP allows
	}
	var open []net.Listener
	defer func() {
		for _, ln := range open {
			_ = ln.Close() // closed by who served it, unless that didn't begin
		}
	}()
	for _, l := range []struct {
		asked string
		kept  *string
	}{{cfg.Listen, &k.Pages}, {cfg.SMTP, &k.SMTP}, {cfg.SMPP, &k.SMPP}} {
		ln, err := listen(ctx, l.asked, *l.kept, log)
		if err != nil {
			return err
		}
		open = append(open, ln)
		*l.kept = ln.Addr().String()
	}
	if err := k.write(cfg.Data); err != nil {
		return err
	}
	box := mailbox.New(mailbox.Config{Log: log})
	centre := smsc.New(smsc.Config{SystemID: systemID, Password: k.Password, Log: log})
	origin := "http://localhost:" + strconv.Itoa(open[0].Addr().(*net.TCPAddr).Port)
	site, err := pages(origin, box, centre, log)
	if err != nil {
		return err
	}
	if err := tell(Addresses{Letters: origin + mailbox.PathLetters, Messages: origin + smsc.PathMessages,
		Senders: Senders{SMTP: k.SMTP, SMPP: SMPP{Address: k.SMPP, SystemID: systemID, Password: k.Password}}}); err != nil {
		return fmt.Errorf("tell the addresses: %w", err)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return site.Run(ctx, open[0]) })
	g.Go(func() error { return box.Serve(ctx, open[1]) })
	g.Go(func() error { return centre.Serve(ctx, open[2]) })
	return g.Wait()
}

// listen opens the address that is asked for. Where none is, it is the kept
// one, and where that is taken, a free port of this machine.
func listen(ctx context.Context, asked, kept string, log *slog.Logger) (net.Listener, error) {
	var lc net.ListenConfig
	if asked != "" {
		return lc.Listen(ctx, "tcp", asked)
	}
	if kept != "" {
		ln, err := lc.Listen(ctx, "tcp", kept)
		if err == nil {
			return ln, nil
		}
		log.Warn("the address of the last start can't be had again, another is taken", "address", kept, "error", err)
	}
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(errors.New("no free port"), err)
	}
	return ln, nil
}
