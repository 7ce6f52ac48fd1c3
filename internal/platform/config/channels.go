package config

import (
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"strconv"

	"okno/internal/platform/mail"
	"okno/internal/platform/smpp"
)

// Mail is the mail server; false where none is set. Errors tell no password.
func (c *Config) Mail() (mail.Config, bool, error) {
	if c.SMTP == "" {
		return mail.Config{}, false, nil
	}
	u, err := url.Parse(string(c.SMTP))
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return mail.Config{}, false, errors.New("smtp: begins with neither smtp://HOST nor smtps://HOST")
	}
	out := mail.Config{Host: u.Hostname(), From: c.MailFrom, Security: mail.StartTLS}
	switch {
	case u.Scheme == "smtps":
		out.Security = mail.TLS
	case u.Query().Get("security") == "none":
		out.Security = mail.None
	case u.Query().Has("security") && u.Query().Get("security") != "starttls":
		return mail.Config{}, false, errors.New("smtp: security is neither starttls nor none")
	}
	if p := u.Port(); p != "" {
		if out.Port, err = strconv.Atoi(p); err != nil {
			return mail.Config{}, false, errors.New("smtp: the port is no number")
		}
	}
	out.User = u.User.Username()
	out.Password, _ = u.User.Password()
	if _, err := mail.ParseAddress(c.MailFrom); err != nil {
		return mail.Config{}, false, errors.New("mail-from: needed with smtp, an address like portal@okno.example")
	}
	return out, true, nil
}

// MessageCentre is the SMS centre; false where none is set. Errors tell no password.
func (c *Config) MessageCentre() (smpp.Config, bool, error) {
	if c.SMPP == "" {
		return smpp.Config{}, false, nil
	}
	u, err := url.Parse(string(c.SMPP))
	if err != nil || u.Hostname() == "" || u.Scheme != "smpp" && u.Scheme != "smpps" {
		return smpp.Config{}, false, errors.New("smpp: begins with neither smpp://SYSTEM:PASSWORD@HOST nor smpps://")
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"smpp": "2775", "smpps": "3550"}[u.Scheme]
	}
	out := smpp.Config{Address: net.JoinHostPort(u.Hostname(), port), SystemID: u.User.Username(), Source: smpp.Address{Addr: c.SMSFrom}}
	out.Password, _ = u.User.Password()
	if u.Scheme == "smpps" {
		out.TLS = &tls.Config{MinVersion: tls.VersionTLS12, ServerName: u.Hostname()}
	}
	if out.SystemID == "" || len(out.SystemID) > 15 || len(out.Password) > 8 {
		return smpp.Config{}, false, errors.New("smpp: the system's name has 1 to 15 bytes, the password at most 8")
	}
	return out, true, nil
}
