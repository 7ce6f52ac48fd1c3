package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"okno/internal/calendar"
	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/places"
	"okno/internal/platform/clock"
	"okno/internal/platform/config"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// TestKilledWhileWriting kills the program in the midst of filing, several
// times: whatever was acknowledged is there, whatever was sent is there at most
// once, and everybody is told of theirs once.
func TestKilledWhileWriting(t *testing.T) {
	okno := buildOkno(t)
	t.Run("sqlite", func(t *testing.T) { killedWhileWriting(t, okno, "") })
	t.Run("postgres", func(t *testing.T) { killedWhileWriting(t, okno, dbtest.PostgresURL(t, Migrations()...)) })
}

// buildOkno builds the program without the demonstration.
func buildOkno(t *testing.T) string {
	t.Helper()
	okno := filepath.Join(t.TempDir(), "okno")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "nodemo", "-o", okno, "okno/cmd/okno")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return okno
}

// later is the machine's clock some minutes ahead: leases of who died are over.
type later struct{ by time.Duration }

func (l later) Now() time.Time { return clock.System{}.Now().Add(l.by) }

// filings are what was sent and what was acknowledged of it.
type filings struct {
	base  string
	token string

	mu     sync.Mutex
	sent   int
	number map[string]string // by idempotency key, once acknowledged
	wrong  []string
}

// next is the key of a new filing.
func (f *filings) next() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent++
	return keyOf(f.sent)
}

func keyOf(n int) string { return fmt.Sprintf("filing-%06d", n) }

// file sends one report. The program may die meanwhile: then nothing is known.
func (f *filings) file(key string) error {
	body := fmt.Sprintf(`{"text":"Во дворе не горит фонарь номер %s, темно.","fact":"lighting.lamps.out","place":{"address_id":"%s"}}`, key, places.IDOf("adr.01"))
	req, err := http.NewRequest(http.MethodPost, f.base+"/api/v1/reports", bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+f.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	var made struct{ Number string }
	err = json.Unmarshal(text, &made)
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case resp.StatusCode != http.StatusCreated || err != nil || made.Number == "":
		f.wrong = append(f.wrong, fmt.Sprintf("%s: %d %s", key, resp.StatusCode, text))
	case f.number[key] != "" && f.number[key] != made.Number:
		f.wrong = append(f.wrong, fmt.Sprintf("%s was %s and is %s", key, f.number[key], made.Number))
	}
	f.number[key] = made.Number
	return nil
}

func (f *filings) done() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.number)
}

func killedWhileWriting(t *testing.T, okno, database string) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	address := free.Addr().String()
	must(free.Close())
	cfg := config.Config{Data: filepath.Join(t.TempDir(), "data"), Listen: address, Database: config.DSN(database), NoLimits: true, Zone: "Europe/Moscow"}
	f := &filings{base: "http://" + address, token: filingGround(t, cfg), number: map[string]string{}}

	const rounds, writers = 2, 8
	for round := range rounds {
		cmd := exec.Command(okno, "serve", "--data", cfg.Data, "--listen", address, "--no-limits", "--log-level", "error", "--database", database)
		var log bytes.Buffer
		cmd.Stderr = &log
		must(cmd.Start())
		waitReady(t, f.base, &log)
		enough := make(chan struct{})
		var writing sync.WaitGroup
		for range writers {
			writing.Go(func() {
				for f.file(f.next()) == nil {
				}
			})
		}
		go func() {
			for goal := f.done() + 120; f.done() < goal; {
				time.Sleep(2 * time.Millisecond)
			}
			close(enough)
		}()
		select {
		case <-enough:
		case <-time.After(30 * time.Second):
			t.Errorf("round %d: %d filings in 30 s", round, f.done())
		}
		must(cmd.Process.Kill()) // SIGKILL: nothing is tidied up
		writing.Wait()
		if err := cmd.Wait(); err == nil {
			t.Error("the program ended by itself")
		}
	}
	acknowledged := f.done()

	// Once more, some minutes later: what was sent and perhaps done is sent
	// again, and what waits is worked off.
	a, err := Open(t.Context(), cfg, Options{Clock: later{5 * time.Minute}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	must(err)
	defer func() { must(a.Close()) }()
	ln, err := net.Listen("tcp", address)
	must(err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, ln) }()
	for n := range f.sent {
		must(f.file(keyOf(n + 1)))
	}
	count := func(query string) int64 {
		n, err := db.One(t.Context(), a.DB, db.Int, query)
		must(err)
		return n
	}
	for end := time.Now().Add(20 * time.Second); count(`SELECT COUNT(*) FROM jobs_job WHERE kind LIKE 'journal.d%'`) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d notices are not delivered", count(`SELECT COUNT(*) FROM jobs_job WHERE kind LIKE 'journal.d%'`))
		}
	}
	stop()
	must(<-ended)

	for _, w := range f.wrong {
		t.Error(w)
	}
	for query, want := range map[string]int64{
		`SELECT COUNT(*) FROM casework_case`:                                                                  int64(f.sent),
		`SELECT COUNT(DISTINCT title) FROM casework_case`:                                                     int64(f.sent),
		`SELECT COUNT(*) FROM casework_number`:                                                                int64(f.sent),
		`SELECT COUNT(*) FROM casework_entry`:                                                                 int64(f.sent),
		`SELECT COUNT(*) FROM casework_mine`:                                                                  int64(f.sent),
		`SELECT COUNT(*) FROM casework_inbox`:                                                                 int64(f.sent),
		`SELECT COUNT(*) FROM db_once WHERE operation='casework.file'`:                                        int64(f.sent),
		`SELECT COUNT(*) FROM journal_fact WHERE kind='casework.file'`:                                        int64(f.sent),
		`SELECT COUNT(*) FROM jobs_timer WHERE kind='casework.clock'`:                                         int64(f.sent),
		`SELECT COUNT(*) FROM notify_notice WHERE kind='filed'`:                                               int64(f.sent),
		`SELECT COUNT(DISTINCT subject) FROM notify_notice WHERE kind='filed'`:                                int64(f.sent),
		`SELECT COUNT(*) FROM casework_case c JOIN casework_number n ON n.number=c.number AND n.case_id=c.id`: int64(f.sent),
		`SELECT COUNT(*) FROM jobs_dead`:                                                                      0,
	} {
		if got := count(query); got != want {
			t.Errorf("%d, want %d: %s", got, want, query)
		}
	}
	if acknowledged < rounds*120 || f.sent <= acknowledged {
		t.Errorf("%d sent, %d acknowledged: nobody was killed while writing", f.sent, acknowledged)
	}
	t.Logf("%d sent, %d acknowledged before the last start", f.sent, acknowledged)
}

// filingGround makes an installation that takes reports, with one citizen, and gives
// their token.
func filingGround(t *testing.T, cfg config.Config) string {
	t.Helper()
	ctx, operator := t.Context(), policy.Machine("operator:test")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	a, err := Open(ctx, cfg, Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	must(err)
	must(a.Places.Load(ctx, operator, oneHouse(), nil))
	_, err = a.Places.Refresh(ctx)
	must(err)
	hours, err := calendar.Office("Europe/Moscow")
	must(err)
	_, err = a.Directory.AddOrganisation(ctx, operator, directory.Organisation{Code: "roads", Kind: directory.Government, Name: "Дороги", Hours: hours, Territories: []string{"reg"}})
	must(err)
	_, err = a.Taxonomy.Publish(ctx, operator, taxonomy.Default(), "test")
	must(err)
	_, err = a.Taxonomy.ReplaceRules(ctx, operator, []taxonomy.Rule{{Organisation: "roads"}, {Owner: taxonomy.OwnerUnknown, Organisation: "roads"}}, "")
	must(err)
	home := netip.MustParseAddr("192.0.2.7")
	_, err = a.Identity.Register(ctx, policy.Nobody("ru"), identity.Registration{Login: "nina", Name: "Нина", Password: "Berezka-49-tri", Address: home})
	must(err)
	opened, err := a.Identity.SignIn(ctx, policy.Nobody("ru"), identity.SignIn{Login: "nina", Password: "Berezka-49-tri", Address: home, Agent: "test"})
	must(err)
	session, err := a.Identity.Resolve(ctx, opened.Token)
	must(err)
	_, token, err := a.Identity.MakeToken(ctx, session.Actor, identity.NewToken{Name: "программа"})
	must(err)
	must(a.Close())
	return token
}

func waitReady(t *testing.T, base string, log *bytes.Buffer) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get(base + "/readyz")
		if err != nil {
			continue
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode == http.StatusOK {
			return
		}
	}
	t.Fatalf("not ready: %s", log)
}
