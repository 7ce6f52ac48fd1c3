package mail

import (
	"crypto/tls"
	"errors"
	"strings"
	"testing"

	"okno/tools/postfix"
)

// What people's mail servers run: STARTTLS, delivery, addresses in Russian,
// a refusal with its status, all over one connection.
func TestAgainstPostfix(t *testing.T) {
	cert, pool := certificate(t)
	real := postfix.Start(t, cert, "maria", "мария")
	s := (&server{port: real.Port}).sender(t, func(c *Config) { c.Security, c.TLS = StartTLS, &tls.Config{RootCAs: pool} })

	reply, err := s.Send(t.Context(), notice("n1"))
	if err != nil || !strings.Contains(reply, "queued as") {
		t.Fatal(reply, err)
	}
	if line := real.Await("to=<maria@example.test>"); !strings.Contains(line, "status=sent") {
		t.Errorf("postfix says %s", line)
	}
	mail := real.Mail("maria")
	if len(mail) != 1 {
		t.Fatalf("%d messages in the mailbox", len(mail))
	}
	m := read(t, mail[0])
	if m.header["Message-Id"] != "<n1@okno.test>" || m.header["Subject"] != notice("n1").Subject || m.html != notice("n1").HTML ||
		m.text != strings.ReplaceAll(notice("n1").Text, "\n", "\r\n") {
		t.Errorf("%+v", m)
	}
	if !strings.Contains(m.header["Received"], "with ESMTPS") {
		t.Errorf("received %q", m.header["Received"])
	}

	n := notice("n2")
	n.To = "nobody@example.test"
	var e *Error
	if _, err := s.Send(t.Context(), n); !errors.As(err, &e) || e.Outcome != Refused || e.Code != 550 || e.Enhanced != "5.1.1" {
		t.Errorf("%v", err)
	}

	n = notice("n3")
	n.To = "мария@example.test"
	if _, err := s.Send(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	real.Await("status=sent")
	if mail := real.Mail("мария"); len(mail) != 1 || !strings.Contains(mail[0], "with UTF8SMTPS") {
		t.Errorf("%q", mail)
	}
}
