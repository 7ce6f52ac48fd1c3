package e2e

import (
	"encoding/base64"
	"io"
	"log"
	"net"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"okno/internal/platform/config"
)

// postbox is a mail server in the process.
type postbox struct{ letters chan string }

func (b postbox) NewSession(*smtp.Conn) (smtp.Session, error) { return b, nil }
func (b postbox) Mail(string, *smtp.MailOptions) error        { return nil }
func (b postbox) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (b postbox) Reset()                                      {}
func (b postbox) Logout() error                               { return nil }
func (b postbox) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	b.letters <- string(text)
	return err
}

// plain is the text of a letter.
func plain(t *testing.T, letter string) string {
	m, err := mail.ReadMessage(strings.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestNewcomer registers in a browser: by a letter to the account, and by
// telephone until a new code may be asked for.
func TestNewcomer(t *testing.T) {
	box := postbox{make(chan string, 10)}
	server := smtp.NewServer(box)
	server.Domain, server.ErrorLog = "mail.test", log.New(io.Discard, "", 0)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(ln) }() // ends with Close
	t.Cleanup(func() { _ = server.Close(); <-ended })
	w := open(t, func(c *config.Config) {
		c.SMTP, c.MailFrom = config.DSN("smtp://"+ln.Addr().String()+"?security=none"), "portal@okno.example"
		c.SMPP = "smpp://okno@127.0.0.1:9" // nobody is there: the page is the same
	})
	p := chromium(t, w).tab("")
	p.open("/register")
	p.look("register-contact", true)
	p.fill("#contact", "+7 916 123-45-67")
	p.click("main form button")
	p.wait("the page of the code", `document.querySelector('#code')`)
	p.says("main", "45-67", "Код действует ещё")
	p.look("register-code", true)
	p.wait("the button to rest", `document.querySelector('#again').disabled`)
	here := eval[string](p, `location.pathname`)
	p.open(here)
	left := eval[float64](p, `Number(document.querySelector('[data-countdown]').dataset.countdown)`)
	w.clock.by.Add(int64((left - 5) * float64(time.Second)))
	p.open(here)
	p.wait("a new code to be offered", `!document.querySelector('#again').disabled && document.querySelector('[data-countdown] [role=status]').textContent.includes('новый')`)

	p.open("/register")
	p.fill("#contact", "newcomer@example.ru")
	p.click("main form button")
	p.says("main", "n•••@example.ru", "3 дня")
	p.look("register-sent", true)
	var link []string
	select {
	case letter := <-box.letters:
		link = regexp.MustCompile(`/register/link/[A-Za-z0-9_-]{43}`).FindStringSubmatch(plain(t, letter))
	case <-time.After(20 * time.Second):
	}
	if link == nil {
		t.Fatal("no letter with a link came")
	}
	p.open(link[0])
	p.look("register-finish", true)
	p.fill("#name", "Новая Жительница")
	p.fill("#password", password)
	p.fill("#again", password)
	p.click("main form button")
	p.wait("the first page", `location.pathname === '/'`)
	p.open("/account")
	p.says("main", "Подтверждено вами")
	p.look("account-confirmed")
}
