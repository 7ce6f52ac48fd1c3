package app

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/internal/casework"
	"okno/internal/identity"
	"okno/internal/places"
	"okno/internal/platform/backup"
	"okno/internal/platform/blob"
	"okno/internal/platform/clock"
	"okno/internal/platform/config"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/vault"
	"okno/internal/policy"
	"okno/internal/privacy"
)

// leaver is an installation in which Nina has an account and two reports, one
// of which Jana joined.
type leaver struct {
	*App
	t             *testing.T
	clock         *clock.Fixed
	cfg           config.Config
	nina, jana    policy.Actor
	cookie, token string
	alone, shared string // numbers
}

// telling are the words that only Nina's data holds.
var telling = []string{"Сокольская", "Нинино тайное", "приметы у липы", "Нинин двор", "Нинин черновик", "слова для всех"}

func newLeaver(t *testing.T, database string) *leaver {
	t.Helper()
	l := &leaver{t: t, cfg: config.Config{Data: filepath.Join(t.TempDir(), "data"), Listen: "127.0.0.1:0", URL: "https://okno.example",
		Zone: "Europe/Moscow", NoLimits: true, Database: config.DSN(database)}}
	l.token = filingGround(t, l.cfg)
	l.clock = clock.At(time.Now())
	l.App = l.open(l.cfg)
	ctx := t.Context()
	l.nina, l.cookie = l.signIn("nina")
	acc, _, err := l.Identity.Get(ctx, l.nina)
	l.must(err)
	l.must(l.Identity.ChangeProfile(ctx, l.nina, identity.Profile{Version: acc.Version, Name: "Нина Сокольская", Lang: "ru", Zone: "Europe/Moscow", Email: "nina@example.com", Phone: "+7 900 000-00-00"}))
	_, err = l.Identity.Register(ctx, policy.Nobody("ru"), identity.Registration{Login: "jana", Name: "Яна", Password: "Berezka-49-tri", Address: netip.MustParseAddr("192.0.2.8")})
	l.must(err)
	l.jana, _ = l.signIn("jana")
	l.alone = l.file("Нинино тайное слово: яма у подъезда.")
	l.shared = l.file("Нинино тайное дело: яма у остановки.")
	operator := policy.Machine("operator:test")
	_, err = l.Cases.Act(ctx, operator, l.shared, casework.Accept, casework.Input{})
	l.must(err)
	_, err = l.Cases.Act(ctx, operator, l.shared, casework.Release, casework.Input{Comment: "слова для всех: яма у остановки."})
	l.must(err)
	_, err = l.Cases.Join(ctx, l.jana, l.shared)
	l.must(err)
	l.upload("Нинин черновик.png")
	l.must(l.Journal.Start(ctx))
	l.must(l.Jobs.Drain(ctx))
	return l
}

func (l *leaver) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *leaver) open(cfg config.Config) *App {
	l.t.Helper()
	a, err := Open(context.Background(), cfg, Options{Clock: l.clock, Log: silent})
	l.must(err)
	l.t.Cleanup(func() {
		if err := a.Close(); err != nil {
			l.t.Error(err)
		}
	})
	return a
}

func (l *leaver) trySignIn(a *App, login string) (identity.Opened, error) {
	return a.Identity.SignIn(l.t.Context(), policy.Nobody("ru"), identity.SignIn{Login: login, Password: "Berezka-49-tri", Address: netip.MustParseAddr("192.0.2.9"), Agent: "test"})
}

func (l *leaver) signIn(login string) (policy.Actor, string) {
	l.t.Helper()
	opened, err := l.trySignIn(l.App, login)
	l.must(err)
	session, err := l.Identity.Resolve(l.t.Context(), opened.Token)
	l.must(err)
	return session.Actor, opened.Token
}

func (l *leaver) upload(name string) id.ID {
	l.t.Helper()
	o, err := l.Blobs.Upload(l.t.Context(), blob.Upload{Owner: l.nina.Person, Uploader: l.nina.Person, Name: name, Body: bytes.NewReader(smallPicture(l.t))})
	l.must(err)
	return o.ID
}

func (l *leaver) file(words string) string {
	l.t.Helper()
	r, err := l.Cases.FileReport(l.t.Context(), l.nina, casework.FileInput{Text: words, Fact: "roads.surface.pothole",
		Place: casework.PlaceInput{Address: places.IDOf("adr.01"), Note: "приметы у липы"}, Files: []id.ID{l.upload("Нинин двор.png")}, Channel: "portal", Lang: "ru"})
	l.must(err)
	return r.Number
}

// ask sends a request as Nina's browser, or with her token.
func (l *leaver) ask(method, path string, form url.Values, token string) *httptest.ResponseRecorder {
	l.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	} else {
		req.Header.Set("Accept", "text/html")
		req.Header.Set("Origin", "https://okno.example")
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.AddCookie(&http.Cookie{Name: "__Host-okno", Value: l.cookie})
	}
	out := httptest.NewRecorder()
	l.Web.ServeHTTP(out, req)
	return out
}

// everything is all that stands in the tables of an installation, as text.
func everything(t *testing.T, d *db.DB) string {
	t.Helper()
	list := `SELECT name FROM sqlite_master WHERE type='table' ORDER BY name`
	if d.Engine() == db.Postgres {
		list = `SELECT tablename FROM pg_tables WHERE schemaname='public' ORDER BY tablename`
	}
	tables, err := db.All(t.Context(), d, db.Text, list)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, table := range tables {
		rows, err := d.Query(t.Context(), "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				fmt.Fprintf(&out, "%s.%s ", table, *v.(*any))
			}
			out.WriteByte('\n')
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// gone demands that nothing in an installation tells of Nina any more.
func (l *leaver) gone(where string, a *App) {
	l.t.Helper()
	for line := range strings.Lines(everything(l.t, a.DB)) {
		for _, word := range telling {
			if strings.Contains(line, word) {
				l.t.Errorf("%s: %q stands in %.200s", where, word, line)
			}
		}
	}
	for query, want := range map[string]int64{
		`SELECT COUNT(*) FROM vault_key WHERE subject=$1 AND wrapped IS NOT NULL`:          0,
		`SELECT COUNT(*) FROM identity_login WHERE account=$1`:                             0,
		`SELECT COUNT(*) FROM identity_session WHERE account=$1`:                           0,
		`SELECT COUNT(*) FROM identity_token WHERE account=$1`:                             0,
		`SELECT COUNT(*) FROM notify_notice WHERE person_id=$1`:                            0,
		`SELECT COUNT(*) FROM identity_account WHERE id=$1 AND state='closed'`:             1,
		`SELECT COUNT(*) FROM casework_case WHERE applicant_id=$1`:                         2,
		`SELECT COUNT(*) FROM casework_participant p WHERE p.person_id<>$1`:                1,
		`SELECT COUNT(*) FROM blob_object WHERE uploader=$1 AND deleted_after=0`:           0,
		`SELECT COUNT(*) FROM journal_fact WHERE kind='casework.file' AND person=$1`:       2,
		`SELECT COUNT(*) FROM casework_attachment WHERE uploader_id=$1`:                    0,
		`SELECT COUNT(*) FROM casework_entry WHERE author_id=$1 AND body<>''`:              0,
		`SELECT COUNT(*) FROM identity_account WHERE id=$1 AND display_name LIKE '%Нина%'`: 0,
	} {
		n, err := db.One(l.t.Context(), a.DB, db.Int, query, l.nina.Person)
		if err != nil || n != want {
			l.t.Errorf("%s: %d, want %d: %s %v", where, n, want, query, err)
		}
	}
	if _, err := l.trySignIn(a, "nina"); !errs.Is(err, errs.Unauthenticated) && !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.NotFound) {
		l.t.Errorf("%s: signing in: %v", where, err)
	}
}

// noBytes lets the time of keeping go by, and then demands that no file is left.
func (l *leaver) noBytes(where string, a *App) {
	l.t.Helper()
	l.clock.Advance(blob.Keep + time.Minute)
	l.must(a.Jobs.Drain(l.t.Context()))
	for info, err := range a.Blobs.Storage().List(l.t.Context(), "") {
		l.must(err)
		l.t.Errorf("%s: %d bytes of %s are left", where, info.Size, info.Name)
	}
}

func TestAPersonLeaves(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		personLeaves(t, dbtest.SQLiteURL(t, Migrations()...), "sqlite:"+filepath.Join(t.TempDir(), "restored.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		empty := dbtest.PostgresURL(t)
		pool, err := sql.Open("pgx", empty)
		if err == nil {
			_, err = pool.Exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := pool.Close(); err != nil {
			t.Fatal(err)
		}
		personLeaves(t, dbtest.PostgresURL(t, Migrations()...), empty)
	})
}

// personLeaves backs up, exports, erases and restores.
func personLeaves(t *testing.T, database, restored string) {
	l := newLeaver(t, database)
	ctx := t.Context()
	before := everything(t, l.DB)
	for _, word := range telling {
		if !strings.Contains(before, word) {
			t.Fatalf("nothing holds %q before the erasure: its absence would show nothing", word)
		}
	}
	l.exports()

	copyOf := filepath.Join(t.TempDir(), "okno.backup")
	list := privacy.NewErasureList(l.cfg.Path("erased.list"))
	_, err := backup.Write(ctx, l.DB, l.Blobs.Storage(), copyOf, backup.Options{Program: "test", Erasures: list})
	l.must(err)

	page := l.ask("GET", privacy.PathErase, nil, "")
	for _, key := range []string{"privacy.withdrawn_text", "privacy.stays_text"} {
		if s := i18n.N("ru", key, 1); !strings.Contains(page.Body.String(), s) {
			t.Errorf("the page doesn't say %q", s)
		}
	}
	if got := l.ask("POST", privacy.PathErase, url.Values{"password": {"Berezka-50-tri"}}, ""); got.Code != http.StatusUnprocessableEntity {
		t.Errorf("with a wrong password: %d", got.Code)
	}
	if got := l.ask("GET", "/account", nil, ""); got.Code != 200 || !strings.Contains(got.Body.String(), "Сокольская") {
		t.Errorf("a wrong password did something: %d", got.Code)
	}
	if got := l.ask("POST", privacy.PathErase, url.Values{"password": {"Berezka-49-tri"}}, ""); got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/" {
		t.Fatalf("erasing: %d %s", got.Code, got.Body)
	}
	if got := l.ask("GET", "/account", nil, ""); got.Code != http.StatusSeeOther {
		t.Errorf("the session lives: %d", got.Code)
	}
	if got := l.ask("GET", "/api/v1/me", nil, l.token); got.Code != http.StatusUnauthorized {
		t.Errorf("the token lives: %d", got.Code)
	}
	l.gone("after the erasure", l.App)
	for number, want := range map[string]casework.Outcome{l.alone: casework.Withdrawn, l.shared: ""} {
		outcome, err := db.One(ctx, l.DB, db.Text, `SELECT outcome FROM casework_case WHERE number=$1`, number)
		if err != nil || outcome != string(want) {
			t.Errorf("%s ends as %q, want %q %v", number, outcome, want, err)
		}
	}
	l.must(l.Jobs.Drain(ctx)) // nobody is told anything any more that fails
	l.noBytes("after the erasure", l.App)
	if _, err := l.Identity.Register(ctx, policy.Nobody("ru"), identity.Registration{Login: "nina", Name: "Другая", Password: "Berezka-51-tri", Address: netip.MustParseAddr("192.0.2.10")}); err != nil {
		t.Errorf("the login isn't free again: %v", err)
	}

	back := l.cfg
	back.Data, back.Database, back.KeyFile = filepath.Join(t.TempDir(), "back"), config.DSN(restored), ""
	l.must(back.Complete())
	l.must(back.MakeData())
	for _, name := range []string{"vault.key", "erased.list"} {
		b, err := os.ReadFile(l.cfg.Path(name))
		l.must(err)
		l.must(os.WriteFile(back.Path(name), b, 0o600))
	}
	d, err := db.Open(ctx, db.Config{URL: restored, Clock: l.clock, Log: silent})
	l.must(err)
	files, err := Storage(ctx, back)
	l.must(err)
	now := l.clock.Now()
	out, err := backup.Restore(ctx, copyOf, backup.Target{DB: d, Files: files, Migrations: Migrations(), Erasures: privacy.NewErasureList(back.Path("erased.list")),
		Erase: func(tx *db.Tx, e vault.Erasure) error { return Erase(ctx, tx, e.Subject, now) }})
	l.must(err)
	l.must(d.Close())
	if out.Erased != 1 {
		t.Errorf("%d erased again", out.Erased)
	}
	second := l.open(back)
	l.gone("after the restore", second)
	l.noBytes("after the restore", second)
}

// exports takes the archive on the page and by a token.
func (l *leaver) exports() {
	l.t.Helper()
	t := l.t
	for by, token := range map[string]string{"page": "", "token": l.token} {
		path := privacy.PathExport
		if token != "" {
			path = "/api/v1/me/export"
		}
		got := l.ask("POST", path, nil, token)
		if got.Code != 200 || got.Header().Get("Content-Type") != "application/zip" || !strings.Contains(got.Header().Get("Content-Disposition"), "attachment") {
			t.Fatalf("%s: %d %v %s", by, got.Code, got.Header(), got.Body)
		}
		z, err := zip.NewReader(bytes.NewReader(got.Body.Bytes()), int64(got.Body.Len()))
		l.must(err)
		all := map[string]string{}
		for _, f := range z.File {
			r, err := f.Open()
			l.must(err)
			b, err := io.ReadAll(r)
			l.must(err)
			l.must(r.Close())
			if all[f.Name] != "" || strings.Contains(f.Name, "..") {
				t.Errorf("%s: two entries, or a bad one: %q", by, f.Name)
			}
			all[f.Name] = string(b)
			if strings.HasSuffix(f.Name, ".json") && !json.Valid(b) {
				t.Errorf("%s: %s is no JSON: %s", by, f.Name, b)
			}
		}
		for name, words := range map[string][]string{
			"README.txt": {"reads.json"}, "offices.json": {"[]"}, "reads.json": {"["}, "notices.json": {l.alone, l.shared, "filed"},
			"account.json":                  {"Сокольская", "Europe/Moscow", `"программа"`},
			"reports/" + l.alone + ".json":  {"Нинино тайное слово", "приметы у липы", `"author"`, "Нинин двор"},
			"reports/" + l.shared + ".json": {"Нинино тайное дело"},
		} {
			for _, word := range words {
				if !strings.Contains(all[name], word) {
					t.Errorf("%s: %s lacks %q: %.300s", by, name, word, all[name])
				}
			}
		}
		contacts := []bool{strings.Contains(all["account.json"], "nina@example.com"), strings.Contains(all["account.json"], `"login"`)}
		if want := []bool{token == "", token == ""}; !slices.Equal(contacts, want) {
			t.Errorf("%s: contacts %v, want %v", by, contacts, want)
		}
		pictures := 0
		for name, body := range all {
			if strings.HasSuffix(name, ".png") && strings.HasPrefix(body, "\x89PNG") {
				pictures++
			}
			if strings.Contains(body, "Яна") {
				t.Errorf("%s: %s names another person", by, name)
			}
		}
		if pictures != 3 {
			t.Errorf("%s: %d pictures, want two of reports and one that wasn't sent: %v", by, pictures, slices.Sorted(maps.Keys(all)))
		}
	}
	if n, err := db.One(t.Context(), l.DB, db.Int, `SELECT COUNT(*) FROM journal_fact WHERE kind='privacy.exported'`); err != nil || n != 2 {
		t.Errorf("%d exports are recorded: %v", n, err)
	}
}

// Who holds an office is told why the account stays.
func TestOfficersDontErase(t *testing.T) {
	w := newStreet(t)
	before := w.dump()
	why := i18n.T("ru", "privacy.in_office")
	w.holds("the page", w.get("roads_handler", privacy.PathErase), 200, why)
	w.lacks("the page", w.get("roads_handler", privacy.PathErase), `name="password"`)
	w.holds("the form", w.send(w.by["roads_handler"], "POST", privacy.PathErase, url.Values{"password": {"Berezka-49-tri"}}, ""), 409, why)
	w.same("a refused erasure", before)
	if _, err := os.Stat(w.Config.Path("erased.list")); !os.IsNotExist(err) {
		t.Errorf("a refused erasure is on the list: %v", err)
	}
}
