package mail

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
)

func newLines(c net.Conn) *bufio.Scanner { return bufio.NewScanner(c) }

// readMessage is a message as the standard library reads it.
type readMessage struct {
	header     map[string]string // decoded; a header that stands twice is joined by "|"
	text, html string
}

func read(t testing.TB, data string) readMessage {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatalf("%v:\n%s", err, data)
	}
	out := readMessage{header: map[string]string{}}
	words := &mime.WordDecoder{}
	for name, values := range m.Header {
		if out.header[name], err = words.DecodeHeader(strings.Join(values, "|")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if kind == "text/plain" {
		out.text = body(t, m.Body, m.Header.Get("Content-Transfer-Encoding"))
		return out
	}
	if kind != "multipart/alternative" {
		t.Fatalf("the message is %s", kind)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		text := body(t, p, p.Header.Get("Content-Transfer-Encoding"))
		switch {
		case strings.HasPrefix(p.Header.Get("Content-Type"), "text/plain; charset=UTF-8"):
			out.text = text
		case strings.HasPrefix(p.Header.Get("Content-Type"), "text/html; charset=UTF-8"):
			out.html = text
		default:
			t.Errorf("a part is %q", p.Header.Get("Content-Type"))
		}
	}
}

func body(t testing.TB, r io.Reader, encoding string) string {
	t.Helper()
	switch encoding {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	default:
		t.Errorf("encoding %q", encoding)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n", "\r\n")
}

func TestRefusedBeforeSending(t *testing.T) {
	srv := serve(t, nil)
	s := srv.sender(t, nil)
	for name, change := range map[string]func(*Message){
		"a header in the subject":    func(m *Message) { m.Subject = "x\r\nBcc: evil@example.test" },
		"a line in the subject":      func(m *Message) { m.Subject = "x\ny" },
		"a separator in the subject": func(m *Message) { m.Subject = "x\u2028y" },
		"a long subject":             func(m *Message) { m.Subject = strings.Repeat("я", maxSubject+1) },
		"a header in the name":       func(m *Message) { m.ToName = "x\r\nBcc: evil@example.test" },
		"a zero in the name":         func(m *Message) { m.ToName = "x\x00" },
		"a header in the ID":         func(m *Message) { m.ID = "a@b>\r\nBcc: evil@example.test" },
		"an ID without a host":       func(m *Message) { m.ID = "a" },
		"no ID":                      func(m *Message) { m.ID = "" },
		"a header in the thread":     func(m *Message) { m.Thread = "a@b\r\nX: y" },
		"no date":                    func(m *Message) { m.Date = m.Date.AddDate(-2026, 0, 0); m.Date = (Message{}).Date },
		"no text":                    func(m *Message) { m.Text = "" },
		"broken text":                func(m *Message) { m.Text = "\xff" },
		"two addresses":              func(m *Message) { m.To = "a@example.test, b@example.test" },
		"a command in the address":   func(m *Message) { m.To = "a@example.test>\r\nRCPT TO:<b@example.test" },
		"a parameter in the address": func(m *Message) { m.To = "a@example.test> NOTIFY=SUCCESS" },
		"no address":                 func(m *Message) { m.To = "" },
	} {
		m := notice("n1")
		change(&m)
		_, err := s.Send(t.Context(), m)
		if OutcomeOf(err) != Refused {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), "evil") || strings.Contains(err.Error(), "maria") {
			t.Errorf("%s: the error tells %q", name, err)
		}
	}
	if letters, sessions := srv.got(); len(letters)+sessions != 0 {
		t.Errorf("%d letters, %d sessions", len(letters), sessions)
	}
}

func TestParseAddress(t *testing.T) {
	for typed, want := range map[string]string{
		"maria@example.test": "maria@example.test", "Maria.S+x@EXAMPLE.test": "Maria.S+x@example.test", "мария@почта.рф": "мария@xn--80a1acny.xn--p1ai",
		"a@localhost": "a@localhost", "и\u0306@example.test": "й@example.test", "a@xn--80a1acny.xn--p1ai": "a@xn--80a1acny.xn--p1ai",
		"": "", "a": "", "@": "", "a@": "", "@b": "", "a b@c.d": "", "a@b c": "", "a@@b": "", ".a@b.c": "", "a.@b.c": "", "a..b@c.d": "", `"a"@b.c`: "",
		"a@[127.0.0.1]": "", "Мария <a@b.c>": "", "a@b.c\n": "", "a@b_c.d": "", "a@-b.c": "", "a\u200b@b.c": "", "\xff@b.c": "", "a@b..c": "", "a@b.c.": "",
		strings.Repeat("a", 65) + "@b.c": "", "a@" + strings.Repeat("b", 64) + ".c": "",
	} {
		a, err := ParseAddress(typed)
		got := ""
		if err == nil {
			got = a.addr()
		}
		if got != want {
			t.Errorf("%.80q is %q, want %q", typed, got, want)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	f.Add("maria@example.test")
	f.Add("мария@почта.рф")
	f.Add("a@ß.de")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddress(s)
		if err != nil {
			return
		}
		if strings.ContainsAny(a.addr(), " <>\r\n\t\x00\",;:\\()[]") || strings.Count(a.addr(), "@") != 1 {
			t.Errorf("%q becomes %q", s, a.addr())
		}
		if again, err := ParseAddress(a.addr()); err != nil || again != a {
			t.Errorf("%q becomes %q, which becomes %q %v", s, a.addr(), again.addr(), err)
		}
	})
}

// Whatever people type, the message has the headers it is to have, once each,
// and reads as it was written.
func FuzzCompose(f *testing.F) {
	f.Add("Ответ", "Мария", "Текст", "<p>Текст</p>")
	f.Add("a\r\nBcc: b@c.d", "\"", ".\r\n.", "")
	f.Add(strings.Repeat("длинное слово ", 17), "=?utf-8?q?x?=", "--okno-\n\n", "--")
	f.Add("=?utf-8?b?0JA=?=", "=?utf-8?q?x?=", "x", "")
	f.Fuzz(func(t *testing.T, subject, name, text, html string) {
		m := notice("n1")
		m.Subject, m.ToName, m.Text, m.HTML = subject, name, text, html
		to, err := m.check()
		if err != nil {
			return
		}
		from, err := ParseAddress("okno@okno.test")
		if err != nil {
			t.Fatal(err)
		}
		msg, err := compose(m, from, "Окно", to)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := msg.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		head, _, found := strings.Cut(b.String(), "\r\n\r\n")
		if !found || strings.Contains(strings.ReplaceAll(head, "\r\n", ""), "\n") {
			t.Fatalf("lines of the head:\n%q", head)
		}
		for l := range strings.SplitSeq(b.String(), "\r\n") {
			if len(l) > 998 { // RFC 5322, 2.1.1
				t.Errorf("a line of %d bytes", len(l))
			}
		}
		got := read(t, b.String())
		allowed := []string{"Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To"}
		for key := range got.header {
			if !strings.Contains(strings.Join(allowed, " "), key) {
				t.Errorf("a header %q: %q", key, got.header[key])
			}
		}
		if got.header["Message-Id"] != "<n1@okno.test>" {
			t.Errorf("the ID is %q", got.header["Message-Id"])
		}
		list, err := netmail.ParseAddressList(raw(t, b.String(), "To"))
		if err != nil || len(list) != 1 || list[0].Address != "maria@example.test" || typed(list[0].Name) != typed(name) {
			t.Errorf("the address is %v %v", list, err)
		}
		if typed(got.header["Subject"]) != typed(subject) {
			t.Errorf("the subject is %q, want %q", got.header["Subject"], subject)
		}
	})
}

// typed is a text without what a header doesn't keep: the number of spaces.
func typed(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "=\u200b?", "=?")), " ")
}

// raw is a header undecoded.
func raw(t *testing.T, data, name string) string {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header.Get(name)
}
