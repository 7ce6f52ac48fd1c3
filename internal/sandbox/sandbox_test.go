package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/smtp"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"okno/internal/platform/smpp"
	"okno/internal/sandbox/mailbox"
	"okno/internal/sandbox/smsc"
)

// A process of this test plays a child, or a parent that has one, told by the
// environment.
const role = "OKNO_TEST_SANDBOX"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "child":
		if err := UntilEOF(context.Background(), os.Stdin, func(ctx context.Context) error {
			return Run(ctx, Config{Data: os.Args[1]}, slog.Default(), Tell(os.Stdout))
		}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "parent": // tells the child's addresses on, and waits to be killed
		os.Setenv(role, "child")
		c, err := Start(context.Background(), os.Stderr, os.Args[0], os.Args[1])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := Tell(os.Stdout)(c.Addresses); err != nil {
			os.Exit(1)
		}
		<-c.Done()
	default:
		os.Exit(m.Run())
	}
}

// child starts one in a folder.
func child(t *testing.T, dir string) *Child {
	t.Helper()
	t.Setenv(role, "child")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c, err := Start(t.Context(), os.Stderr, exe, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// browser asks pages in a language and keeps cookies.
type browser struct {
	*http.Client
	t    *testing.T
	lang string
}

func newBrowser(t *testing.T, lang string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{&http.Client{Jar: jar}, t, lang}
}

func (b *browser) do(method, address, form string) (int, string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(form))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Accept-Language", b.lang)
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := b.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// page reads a page that must be there and hold all of words.
func (b *browser) page(address string, words ...string) string {
	b.t.Helper()
	status, body := b.do("GET", address, "")
	if status != http.StatusOK {
		b.t.Fatalf("%s: %d %s", address, status, body)
	}
	for _, w := range words {
		if !strings.Contains(body, w) {
			b.t.Errorf("%s lacks %q", address, w)
		}
	}
	for _, never := range []string{"style=", "<script>", "onclick", "/sign-in", "sandbox."} {
		if strings.Contains(body, never) {
			b.t.Errorf("%s holds %q", address, never)
		}
	}
	return body
}

func read[T any](b *browser, address string) (out T) {
	b.t.Helper()
	_, body := b.do("GET", address, "")
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		b.t.Fatalf("%s: %v in %s", address, err, body)
	}
	return out
}

// A letter and a short message go over the wire and show on the pages and in JSON.
func TestWhatIsSentShows(t *testing.T) {
	a := child(t, t.TempDir()).Addresses
	ru, en := newBrowser(t, "ru"), newBrowser(t, "en")
	ru.page(a.Letters, "Писем пока нет")
	en.page(a.Messages, "No messages yet")
	ru.page(strings.TrimSuffix(a.Letters, mailbox.PathLetters)+"/", "Письма", "СМС", "Песочница")

	letter := "Subject: Hello <b>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Open <a href=\"http://localhost:8080/confirm/1\">this</a><script>alert(1)</script>"
	var sending sync.WaitGroup
	sending.Go(func() {
		if err := smtp.SendMail(a.Senders.SMTP, nil, "okno@region.example", []string{"anna@example.org"}, []byte(letter)); err != nil {
			t.Error(err)
		}
	})
	got := read[[]mailbox.Letter](ru, a.Letters+".json?to=anna@example.org&wait=10s")
	sending.Wait()
	if len(got) != 1 || got[0].Text != "Open this" || len(got[0].Links) != 1 {
		t.Fatalf("%+v", got)
	}
	ru.page(a.Letters, "Hello &lt;b&gt;", "anna@example.org")
	ru.page(a.Letters+"/"+got[0].ID, `href="http://localhost:8080/confirm/1"`, "&lt;script&gt;alert(1)")
	if left := read[[]mailbox.Letter](ru, a.Letters+".json?after="+got[0].ID); len(left) != 0 {
		t.Errorf("%+v", left)
	}
	if status, _ := ru.do("GET", a.Letters+"/99", ""); status != http.StatusNotFound {
		t.Errorf("a letter that isn't there: %d", status)
	}

	receipts := make(chan smpp.Receipt, 9)
	account := a.Senders.SMPP
	c, err := smpp.New(smpp.Config{Address: account.Address, SystemID: account.SystemID, Password: account.Password,
		Handler: func(_ context.Context, r smpp.Receipt) error { receipts <- r; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	sending.Go(func() {
		if err := c.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	defer sending.Wait()
	defer stop()
	send := func(to string) error {
		_, err := c.Send(t.Context(), smpp.Message{To: to, Text: strings.Repeat("Код 1234. ", 20), Receipt: true})
		return err
	}
	if err := send("+79161234567"); err != nil {
		t.Fatal(err)
	}
	<-receipts
	if m := read[[]smsc.Message](ru, a.Messages+".json?to=79161234567"); len(m) != 1 || m[0].Text != strings.Repeat("Код 1234. ", 20) {
		t.Errorf("%+v", m)
	}
	en.page(a.Messages, "+79161234567", "Код 1234.")

	set := a.Messages + "/mode"
	if status, body := en.do("POST", set, "slow=x&refuse=7x"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "whole seconds from 0 to 60") || !strings.Contains(body, "digits only") {
		t.Errorf("a wrong mode: %d", status)
	}
	if status, body := en.do("POST", set, url.Values{"refuse": {"+7999"}}.Encode()); status != http.StatusOK || !strings.Contains(body, `value="7999"`) {
		t.Errorf("the mode isn't shown: %d", status)
	}
	if err := send("+79991234567"); smpp.OutcomeOf(err) != smpp.Refused {
		t.Errorf("refused: %v", err)
	}
}

// Addresses and password stay from one start to the next, and one folder has one sandbox.
func TestAddressesStay(t *testing.T) {
	dir := t.TempDir()
	first := child(t, dir)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if second, err := Start(t.Context(), os.Stderr, exe, dir); err == nil {
		t.Error("a second sandbox has the same folder", second.Stop())
	}
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	if again := child(t, dir); again.Addresses != first.Addresses {
		t.Errorf("%+v, before %+v", again.Addresses, first.Addresses)
	}
}

// A child ends when its parent is killed.
func TestAChildEndsWithItsParent(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.CommandContext(t.Context(), exe, t.TempDir())
	parent.Env = append(os.Environ(), role+"=parent")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	both, err := parent.StderrPipe() // the child has it too
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var a Addresses
	if err := json.Unmarshal(line, &a); err != nil {
		t.Fatal(err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(both); err != nil { // ends when nobody has it any more
		t.Error(err)
	}
	_ = parent.Wait() // it was killed
	if conn, err := net.Dial("tcp", a.Senders.SMTP); err == nil {
		t.Error("the child goes on", conn.Close())
	}
}
