package mail

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// Security says how the connection is encrypted. There is no "if the server
// can": whoever stands between would say that it can't.
type Security string

// The ways.
const (
	StartTLS Security = "starttls" // on a plain connection, before anything is said; usually port 587 or 25
	TLS      Security = "tls"      // from the first byte; usually port 465
	None     Security = "none"     // for a server on the same machine or network
)

// Config is the mail server, and bounds. Zero values of all but Host and From work.
type Config struct {
	Host     string
	Port     int      // 0: 587, with TLS 465, with None 25
	Security Security // "": StartTLS
	TLS      *tls.Config
	User     string // "": no signing in
	Password string
	Hello    string // the name that the client gives itself; "": the machine's
	From     string // bare address of the sender
	FromName string

	Timeout time.Duration // for connecting, and for each message; 0: 1 min
	Idle    time.Duration // how long a connection is kept without work; 0: 30 s
	Most    int           // messages on one connection, since servers bound them; 0: 100
}

func (c Config) withDefaults() (Config, error) {
	c.Security = cmp.Or(c.Security, StartTLS)
	ports := map[Security]int{StartTLS: 587, TLS: 465, None: 25}
	if ports[c.Security] == 0 {
		return c, fmt.Errorf("mail: Security %q is none of starttls, tls, none", c.Security)
	}
	c.Port = cmp.Or(c.Port, ports[c.Security])
	c.Timeout = cmp.Or(c.Timeout, time.Minute)
	c.Idle = cmp.Or(c.Idle, 30*time.Second)
	c.Most = cmp.Or(c.Most, 100)
	if c.Hello == "" {
		name, err := os.Hostname()
		if err != nil {
			return c, fmt.Errorf("mail: the machine's name: %w", err)
		}
		c.Hello = name
	}
	switch {
	case c.Host == "":
		return c, errors.New("mail: no Host")
	case c.Port < 0 || c.Port > 65535 || c.Timeout < 0 || c.Idle < 0 || c.Most < 0:
		return c, errors.New("mail: Port, Timeout, Idle or Most out of bounds")
	case c.User == "" && c.Password != "":
		return c, errors.New("mail: a password without a user")
	}
	if err := errors.Join(line("Hello", c.Hello, 253), line("FromName", c.FromName, maxName), line("Host", c.Host, 253)); err != nil {
		return c, fmt.Errorf("mail: %w", err)
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.TLS != nil {
		config = c.TLS.Clone()
	}
	config.ServerName = cmp.Or(config.ServerName, c.Host)
	c.TLS = config
	return c, nil
}

// address is host:port.
func (c *Config) address() string { return net.JoinHostPort(c.Host, fmt.Sprint(c.Port)) }
