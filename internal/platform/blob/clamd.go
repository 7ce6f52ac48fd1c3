package blob

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Verdict is what a scanner found.
type Verdict struct {
	Infected    bool
	Unscannable bool   // the scanner can not look into it (too large for it, an error of its own)
	Name        string // of the signature, or the scanner's reason
}

// Scanner looks for malware. An error means that it could not be asked: try again later.
type Scanner interface {
	Scan(ctx context.Context, r io.Reader) (Verdict, error)
}

// Clamd speaks the clamd protocol, INSTREAM, one connection per scan.
type Clamd struct {
	network, address string
	timeout          time.Duration
}

// NewClamd makes a scanner from an address: "unix:/run/clamav/clamd.ctl" or
// "tcp:host:3310". Nothing is connected yet; see [Clamd.Ping].
func NewClamd(address string) (*Clamd, error) {
	network, rest, ok := strings.Cut(address, ":")
	if !ok || rest == "" || network != "unix" && network != "tcp" {
		return nil, fmt.Errorf("blob: clamd address %q is neither unix:/path nor tcp:host:port", address)
	}
	return &Clamd{network: network, address: rest, timeout: 2 * time.Minute}, nil
}

func (c *Clamd) dial(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{Timeout: 5 * time.Second}
	conn, err := d.DialContext(ctx, c.network, c.address)
	if err != nil {
		return nil, unavailable("reach clamd", err)
	}
	deadline := time.Now().Add(c.timeout)
	if t, ok := ctx.Deadline(); ok && t.Before(deadline) {
		deadline = t
	}
	if err := conn.SetDeadline(deadline); err != nil {
		conn.Close()
		return nil, unavailable("reach clamd", err)
	}
	return conn, nil
}

// Ping tells whether clamd answers.
func (c *Clamd) Ping(ctx context.Context) error {
	conn, err := c.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("zPING\x00")); err != nil {
		return unavailable("ping clamd", err)
	}
	reply, err := readReply(conn)
	if err != nil {
		return unavailable("ping clamd", err)
	}
	if reply != "PONG" {
		return unavailable("ping clamd", fmt.Errorf("answered %q", reply))
	}
	return nil
}

// Scan implements [Scanner]. It sends chunks of 64 kB.
func (c *Clamd) Scan(ctx context.Context, r io.Reader) (Verdict, error) {
	conn, err := c.dial(ctx)
	if err != nil {
		return Verdict{}, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	sent, readErr := stream(conn, r)
	if readErr != nil {
		return Verdict{}, readErr
	}
	reply, err := readReply(conn) // also after a failed write: clamd says why it hung up
	if err != nil {
		return Verdict{}, unavailable("ask clamd", errors.Join(sent, err))
	}
	what := strings.TrimPrefix(reply, "stream: ")
	switch {
	case what == "OK" && sent == nil:
		return Verdict{}, nil
	case strings.HasSuffix(what, " FOUND"):
		return Verdict{Infected: true, Name: strings.TrimSuffix(what, " FOUND")}, nil
	case strings.Contains(what, "size limit exceeded"):
		return Verdict{Unscannable: true, Name: "size_limit"}, nil
	case strings.HasSuffix(what, "ERROR"):
		return Verdict{}, unavailable("ask clamd", fmt.Errorf("answered %q", reply))
	}
	return Verdict{}, unavailable("ask clamd", errors.Join(sent, fmt.Errorf("answered %q", reply)))
}

// stream sends r; a failure to write and a failure to read are told apart.
func stream(conn net.Conn, r io.Reader) (writeErr, readErr error) {
	if _, err := conn.Write([]byte("zINSTREAM\x00")); err != nil {
		return err, nil
	}
	buf := make([]byte, 4+64<<10)
	for {
		n, err := r.Read(buf[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buf, uint32(n))
			if _, err := conn.Write(buf[:4+n]); err != nil {
				return err, nil
			}
		}
		if err == io.EOF {
			_, err = conn.Write([]byte{0, 0, 0, 0})
			return err, nil
		}
		if err != nil {
			return nil, fmt.Errorf("blob: read for scanning: %w", err)
		}
	}
}

func readReply(conn net.Conn) (string, error) {
	b, err := io.ReadAll(io.LimitReader(conn, 4096))
	if len(b) == 0 {
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		return "", err
	}
	return strings.TrimRight(string(b), "\x00\n"), nil
}
