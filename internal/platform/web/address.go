package web

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Address is the public address of the installation: where its links lead and
// its cookies belong.
type Address struct {
	origin string // scheme://host[:port], no path
	host   string
	secure bool
}

// ParseAddress reads a public address. Cookies are bound to their host
// (__Host-), which browsers do for https and for http://localhost alone; any
// other http address is refused, and so is a path.
func ParseAddress(raw string) (Address, error) {
	u, err := url.Parse(strings.TrimSuffix(raw, "/"))
	if err != nil || u.Hostname() == "" {
		return Address{}, fmt.Errorf("public address %q is not an address such as https://okno.example", raw)
	}
	if u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return Address{}, fmt.Errorf("public address %q must be a scheme and a host alone", raw)
	}
	host := strings.ToLower(u.Hostname())
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && (host == "localhost" || strings.HasSuffix(host, ".localhost")):
	case u.Scheme == "http" && net.ParseIP(host) != nil && net.ParseIP(host).IsLoopback():
		return Address{}, fmt.Errorf("public address %q: say http://localhost instead of a number, browsers keep cookies and passkeys by name", raw)
	default:
		return Address{}, fmt.Errorf("public address %q: sessions need https (or http://localhost)", raw)
	}
	return Address{origin: u.Scheme + "://" + strings.ToLower(u.Host), host: strings.ToLower(u.Host), secure: u.Scheme == "https"}, nil
}

// String is the address without a path: "https://okno.example".
func (a Address) String() string { return a.origin }

// Host is the name and port.
func (a Address) Host() string { return a.host }

// Secure tells whether the address is https.
func (a Address) Secure() bool { return a.secure }

// URL is the absolute address of path.
func (a Address) URL(path string) string { return a.origin + path }
