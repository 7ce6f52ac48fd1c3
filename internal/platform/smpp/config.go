package smpp

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// Joining says how the segments of a long message name each other.
type Joining string

// The ways.
const (
	UDH Joining = "udh" // a header in the text: what phones read, and most centres want
	SAR Joining = "sar" // optional parameters, from which the centre makes the header
)

// Config is what the operator of the message centre gives, and bounds. Zero
// values of all but Address, SystemID and Handler work.
type Config struct {
	Address    string      // host:port of the centre
	TLS        *tls.Config // nil: no TLS
	SystemID   string      // at most 15 bytes
	Password   string      // at most 8 bytes
	SystemType string      // at most 12 bytes
	Service    string      // service_type, at most 5 bytes
	Source     Address     // who the messages are from; empty: the centre's own

	Window      int           // submits that wait for an answer; 0: 10
	Rate        float64       // submits a second that the contract allows; 0: no bound
	MaxSegments int           // of one message; 0: 10
	Join        Joining       // "": UDH
	UCS2        bool          // never GSM-7, for centres whose default alphabet is another
	Tries       int           // submits of a segment that is answered with "throttled"; 0: 5
	Connect     time.Duration // for connecting and binding; 0: 10 s
	Answer      time.Duration // for an answer, and for writing; 0: 30 s
	Enquire     time.Duration // between enquire_link; 0: 30 s
	SlowMin     time.Duration // first pause when throttled; 0: 1 s; it doubles up to a minute
	BackoffMin  time.Duration // first pause before connecting again; 0: 1 s
	BackoffMax  time.Duration // longest; 0: 1 min

	// Handler gets each receipt, one after another. Where it fails the centre
	// is asked to send the receipt again.
	Handler func(context.Context, Receipt) error
	// Changed, if set, is told of each bind (nil) and of each end of a
	// connection or failed bind with its reason. It must not block.
	Changed func(error)
	// Dial, if set, replaces the connection by TCP.
	Dial func(context.Context) (net.Conn, error)
}

const maxSlow = time.Minute

func (c Config) withDefaults() Config {
	c.Window = cmp.Or(c.Window, 10)
	c.MaxSegments = cmp.Or(c.MaxSegments, 10)
	c.Join = cmp.Or(c.Join, UDH)
	c.Tries = cmp.Or(c.Tries, 5)
	c.Connect = cmp.Or(c.Connect, 10*time.Second)
	c.Answer = cmp.Or(c.Answer, 30*time.Second)
	c.Enquire = cmp.Or(c.Enquire, 30*time.Second)
	c.SlowMin = cmp.Or(c.SlowMin, time.Second)
	c.BackoffMin = cmp.Or(c.BackoffMin, time.Second)
	c.BackoffMax = cmp.Or(c.BackoffMax, time.Minute)
	if c.Changed == nil {
		c.Changed = func(error) {}
	}
	if c.Dial == nil {
		c.Dial = c.dial
	}
	return c
}

func (c *Config) check() error {
	for _, s := range []struct {
		name, value string
		max         int
	}{{"SystemID", c.SystemID, 15}, {"Password", c.Password, 8}, {"SystemType", c.SystemType, 12}, {"Service", c.Service, 5}, {"Source", c.Source.Addr, 20}} {
		if len(s.value) > s.max || strings.ContainsRune(s.value, 0) {
			return fmt.Errorf("smpp: %s is longer than %d bytes or holds a zero byte", s.name, s.max)
		}
	}
	switch {
	case c.SystemID == "":
		return errors.New("smpp: no SystemID")
	case c.Handler == nil:
		return errors.New("smpp: no Handler")
	case c.Window < 1 || c.MaxSegments < 1 || c.MaxSegments > maxParts || c.Rate < 0 || c.Tries < 1:
		return errors.New("smpp: Window, MaxSegments (up to 255), Rate or Tries out of bounds")
	case c.Connect < 0 || c.Answer < 0 || c.Enquire < 0 || c.SlowMin < 0 || c.BackoffMin < 0 || c.BackoffMax < c.BackoffMin:
		return errors.New("smpp: a time is negative, or BackoffMax less than BackoffMin")
	case c.Join != UDH && c.Join != SAR:
		return fmt.Errorf("smpp: Join %q is neither udh nor sar", c.Join)
	}
	return nil
}

func (c *Config) dial(ctx context.Context) (net.Conn, error) {
	if c.TLS == nil {
		return (&net.Dialer{}).DialContext(ctx, "tcp", c.Address)
	}
	return (&tls.Dialer{Config: c.TLS}).DialContext(ctx, "tcp", c.Address)
}

// typed gives a source address without a type the one it looks like: letters,
// a number of at most 6 digits, an international one.
func typed(a Address) Address {
	if a.Type != 0 || a.Plan != 0 || a.Addr == "" {
		return a
	}
	a.Addr = strings.TrimPrefix(a.Addr, "+")
	switch {
	case strings.Trim(a.Addr, "0123456789") != "":
		a.Type = 5
	case len(a.Addr) <= 6:
		a.Type = 3
	default:
		a.Type, a.Plan = 1, 1
	}
	return a
}

// phone is an E.164 number as an address.
func phone(e164 string) (Address, error) {
	digits, plus := strings.CutPrefix(e164, "+")
	if !plus || len(digits) < 7 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return Address{}, errors.New("the number is not E.164: +, then 7 to 15 digits")
	}
	return Address{Type: 1, Plan: 1, Addr: digits}, nil
}
