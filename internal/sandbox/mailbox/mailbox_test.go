package mailbox

import (
	"context"
	"fmt"
	"net"
	"net/smtp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// serve runs a mailbox until the test ends.
func serve(t *testing.T) (*Mailbox, string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := New(Config{})
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := m.Serve(ctx, ln); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { stop(); running.Wait() })
	return m, ln.Addr().String()
}

// A letter with both parts and an attachment, as mail programs write them.
const both = "From: =?utf-8?q?=D0=9E=D0=BA=D0=BD=D0=BE?= <okno@region.example>\r\nTo: anna@example.org\r\n" +
	"Subject: =?utf-8?b?0J/QvtC00YLQstC10YDQtNC40YLQtSDQsNC00YDQtdGB?=\r\nMessage-ID: <17@region.example>\r\nMIME-Version: 1.0\r\n" +
	"Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n" +
	"--inner\r\nContent-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: base64\r\n\r\n8NXU2Dog\r\n\r\n" +
	"--inner\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
	"<p>=D0=9F=D1=83=D1=82=D1=8C: <a href=3D\"http://localhost:8080/confirm/abc?x=3D1&amp;y=3D2\">=D1=81=D1=8E=D0=B4=D0=B0</a></p>\r\n\r\n--inner--\r\n" +
	"--outer\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\nContent-Disposition: attachment; filename*=utf-8''%D0%90%D0%BA%D1%82.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--outer--\r\n"

func TestLettersArrive(t *testing.T) {
	m, address := serve(t)
	auth := smtp.PlainAuth("", "okno", "any", "127.0.0.1")
	to := []string{"anna@example.org", "nobody@nowhere.example"}
	if err := smtp.SendMail(address, auth, "okno@region.example", to, []byte(both)); err != nil {
		t.Fatal(err)
	}
	l := m.Letters()[0]
	if l.Subject != "Подтвердите адрес" || l.MessageID != "17@region.example" || l.From != "okno@region.example" || !slices.Equal(l.To, to) {
		t.Errorf("%+v", l)
	}
	if l.Text != "Путь: " || !strings.Contains(l.HTML, ">сюда</a>") || !slices.Equal(l.Links, []string{"http://localhost:8080/confirm/abc?x=1&y=2"}) {
		t.Errorf("%q %q %q", l.Text, l.HTML, l.Links)
	}
	if !slices.Equal(l.Files, []File{{"Акт.pdf", "application/pdf", 4}}) || l.Damage != "" || l.At.IsZero() {
		t.Errorf("%+v", l)
	}
	plain := "Subject: two\r\n\r\nOpen https://okno.example/a(b). Or <http://localhost:1/x>,\r\nagain https://okno.example/a(b)\r\n"
	if err := smtp.SendMail(address, nil, "", to[:1], []byte(plain)); err != nil {
		t.Fatal(err)
	}
	all := m.Letters()
	if len(all) != 2 || all[0].Subject != "two" || !slices.Equal(all[0].Links, []string{"https://okno.example/a(b", "http://localhost:1/x"}) {
		t.Errorf("%+v", all)
	}
}

// What isn't a letter is kept and shown all the same.
func TestDamagedLettersAreKept(t *testing.T) {
	for name, raw := range map[string]string{
		"no headers":      "just words",
		"broken encoding": "Content-Transfer-Encoding: base64\r\n\r\n!!!",
		"no end":          "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\ntext",
		"unknown charset": "Content-Type: text/plain; charset=none\r\n\r\n\xff\xfe",
	} {
		l := read([]byte(raw))
		if l.Damage == "" && name != "unknown charset" {
			t.Errorf("%s: nothing is told of it: %+v", name, l)
		}
		if l.Text != strings.ToValidUTF8(l.Text, "?") {
			t.Errorf("%s: %q", name, l.Text)
		}
	}
	deep := ""
	for i := range 50 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	if l := read([]byte(deep)); l.Text != "" {
		t.Errorf("%q", l.Text)
	}
}

func TestWordsOfAnHTMLPart(t *testing.T) {
	l := read([]byte("Content-Type: text/html\r\n\r\n<html><head><style>p{}</style></head><body><h1>Код</h1><p>Ваш <b>код</b>: 123\r\n456</p><br>Всё"))
	if l.Text != "Код\nВаш код: 123 456\nВсё" {
		t.Errorf("%q", l.Text)
	}
}

// A letter that is larger than allowed is refused while it comes.
func TestALargeLetterIsRefused(t *testing.T) {
	m, address := serve(t)
	err := smtp.SendMail(address, nil, "a@b.example", []string{"c@d.example"}, []byte("Subject: x\r\n\r\n"+strings.Repeat(strings.Repeat("x", 70)+"\r\n", maxLetter/70)))
	if err == nil || len(m.Letters()) != 0 {
		t.Errorf("%v, %d letters", err, len(m.Letters()))
	}
}

// A client that keeps its connection open doesn't hold the end up.
func TestTheEndDoesNotWaitForIdleClients(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- New(Config{}).Serve(ctx, ln) }()
	c, err := smtp.Dial(ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	began := time.Now()
	stop()
	if err := <-done; err != nil || time.Since(began) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

func FuzzLetter(f *testing.F) {
	f.Add([]byte(both))
	f.Add([]byte("Content-Type: text/html\r\n\r\n<a href='http://x'>x</a>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l := read(raw)
		whole := ""
		for _, p := range pieces(l.Text) {
			whole += p.text
		}
		if whole != l.Text {
			t.Errorf("pieces of %q are %q", l.Text, whole)
		}
	})
}
