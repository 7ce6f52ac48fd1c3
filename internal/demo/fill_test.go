package demo

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/internal/app"
	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/platform/clock"
	"okno/internal/platform/config"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/policy"
)

// start is the first start of the tests: a Thursday, 11:40 in Moscow.
var start = time.Date(2026, time.March, 12, 8, 40, 0, 0, time.UTC)

// small is how many reports most tests make.
const small = 170

// TestMain is also the program that a test kills in the middle.
func TestMain(m *testing.M) {
	if dir := os.Getenv("OKNO_DEMO_VICTIM"); dir != "" {
		a, err := openDir(context.Background(), dir, "")
		if err == nil {
			_, err = Fill(context.Background(), a, Options{Reports: small})
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	code := m.Run()
	if bases.dir != "" {
		os.RemoveAll(bases.dir)
	}
	os.Exit(code)
}

func openDir(ctx context.Context, dir, url string) (*app.App, error) {
	return app.Open(ctx, config.Config{Data: dir, Database: config.DSN(url)}, app.Options{Clock: clock.At(start), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
}

func open(t testing.TB, dir, url string) *app.App {
	t.Helper()
	a, err := openDir(t.Context(), dir, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// bases is a folder with everything but reports, made once.
var bases struct {
	once sync.Once
	dir  string
	err  error
}

// folder gives a copy of a folder that has the base and no report.
func folder(t testing.TB, reports int) string {
	t.Helper()
	bases.once.Do(func() {
		began := time.Now()
		bases.err = func() error {
			var err error
			if bases.dir, err = os.MkdirTemp("", "okno-demo"); err != nil {
				return err
			}
			a, err := openDir(t.Context(), bases.dir, "")
			if err != nil {
				return err
			}
			f := &Filling{app: a, opt: Options{Step: func(string) {}}, dir: bases.dir, state: State{Seed: 2026, Started: start}}
			if err := a.Journal.Start(t.Context()); err != nil {
				return err
			}
			if err := f.base(t.Context()); err != nil {
				return err
			}
			return a.Close()
		}()
		t.Logf("the base took %s", time.Since(began).Round(time.Millisecond))
	})
	if bases.err != nil {
		t.Fatal(bases.err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(bases.dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "vault.key"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _, err := ReadState(dir)
	if err == nil {
		s.Reports = reports
		err = s.write(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func fill(t testing.TB, a *app.App, opt Options) *Filling {
	t.Helper()
	f, err := Fill(t.Context(), a, opt)
	if err != nil {
		t.Fatal(err)
	}
	if n := f.foreign.Load(); n > 0 {
		t.Errorf("%d bundles were broken off", n)
	}
	return f
}

// cases lists the ids of all reports, and their tales.
func cases(t testing.TB, a *app.App) (ids []id.ID, tales []*tale) {
	t.Helper()
	s, found, err := ReadState(a.Config.Data)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	codes, weights := population(a.Places.Index().Territories())
	w, err := newWorld(t.Context(), a, s, gather(s.Seed, codes, weights))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outlines(s.Seed, s.Reports) {
		tl, err := w.tale(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		tales = append(tales, tl)
		for _, m := range tl.all {
			ids = append(ids, m.id)
		}
	}
	have, err := a.Cases.Versions(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	ids = slices.DeleteFunc(ids, func(c id.ID) bool { return have[c] == 0 })
	return ids, tales
}

func numbers(tales []*tale) map[id.ID]string {
	out := map[id.ID]string{}
	for _, tl := range tales {
		for _, m := range tl.all {
			out[m.id] = m.number
		}
	}
	return out
}

// replayed compares every report's row with what its facts tell.
func replayed(t *testing.T, a *app.App, ids []id.ID, number map[id.ID]string) []casework.View {
	t.Helper()
	var views []casework.View
	rung := map[string]bool{} // days of alarms
	for _, c := range ids {
		v, err := a.Cases.Read(t.Context(), operator, number[c], "")
		if err != nil {
			t.Fatal(err)
		}
		facts, err := journal.Of(t.Context(), a.DB, c, journal.Place{}, 500)
		if err != nil {
			t.Fatal(err)
		}
		var told []casework.Told
		for _, f := range facts {
			if f.Kind == "casework.joined_rated" {
				continue
			}
			if f.Kind == "casework.alarm" {
				rung[f.At.In(moscow).Format(time.DateOnly)] = true
			}
			x := casework.Told{Version: f.Version}
			if err := f.Decode(&x.Body); err != nil {
				t.Fatal(err)
			}
			told = append(told, x)
		}
		state, version, err := casework.Replay(told)
		if err != nil {
			t.Fatalf("%s: %v", v.Number, err)
		}
		if state != v.State || version != v.Version {
			t.Errorf("%s: replayed version %d %+v\nstored %d %+v", v.Number, version, state, v.Version, v.State)
		}
		views = append(views, *v)
	}
	if len(rung) < 4 {
		t.Errorf("alarms rang on %v: not each at its own moment", rung)
	}
	return views
}

// dump writes down everything of the reports that must not depend on when and
// how they were made; ids of organisations are replaced by their codes.
func dump(t *testing.T, a *app.App, views []casework.View) string {
	t.Helper()
	tree, err := a.Directory.Tree(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var pairs []string
	tree.Walk(id.Nil, func(o directory.Organisation, _ int) bool {
		pairs = append(pairs, o.ID.String(), o.Code)
		return true
	})
	codes := strings.NewReplacer(pairs...)
	var b strings.Builder
	for _, v := range views {
		c := v.Case
		fmt.Fprintf(&b, "%s\n%+v\n", v.Number, c)
		for _, e := range v.Entries {
			fmt.Fprintf(&b, "  %+v\n", e)
		}
		for _, f := range v.Attachments {
			f.Blob = id.Nil
			fmt.Fprintf(&b, "  %+v\n", f)
		}
		if v.People > 1 {
			list, err := a.Cases.Participants(t.Context(), c.ID)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "  %+v\n", list)
		}
	}
	return codes.Replace(b.String())
}

// whole is the dump of an uninterrupted filling, made once.
var whole struct {
	once sync.Once
	text string
}

func TestReportsComeFromTransitions(t *testing.T) {
	a := open(t, folder(t, small), "")
	began := time.Now()
	f := fill(t, a, Options{Reports: small})
	t.Logf("%d reports took %s", f.Made(), time.Since(began).Round(time.Millisecond))
	ids, tales := cases(t, a)
	if len(ids) < small-6 { // parts of a report that is not split yet are no reports
		t.Errorf("%d reports of %d", len(ids), small)
	}
	views := replayed(t, a, ids, numbers(tales))
	text := dump(t, a, views)
	whole.once.Do(func() { whole.text = text })
	for _, v := range views {
		for _, e := range v.Entries {
			if e.At.After(start) {
				t.Errorf("%s: an entry of the future: %s", v.Number, e.At)
			}
			if e.Organisation != id.Nil && e.Role != "citizen" {
				if o, _ := a.Directory.Organisation(t.Context(), e.Organisation); !a.Cases.Calendar().Open(e.At.Add(-time.Minute), o.Hours) && !a.Cases.Calendar().Open(e.At, o.Hours) {
					t.Errorf("%s: %s of %s at %s, out of hours", v.Number, e.Action, o.Code, e.At)
				}
			}
		}
	}
	folders(t, a)
	ends := map[casework.Outcome]int{}
	for _, v := range views {
		ends[v.Outcome]++
	}
	for _, o := range []casework.Outcome{"", casework.Rated, casework.Unrated, casework.Rejected, casework.Withdrawn, casework.Merged, casework.Split} {
		if ends[o] == 0 {
			t.Errorf("no report ends as %q", o)
		}
	}
	t.Log(ends)

	again, err := Begin(t.Context(), a, Options{})
	if err != nil || !again.State().Complete || again.Made() != 0 {
		t.Errorf("a second start: %+v, %v", again.State(), err)
	}
}

// folders demands that every folder of the officers who can sign in holds something.
func folders(t *testing.T, a *app.App) {
	t.Helper()
	crowd := gather(2026, []string{"mun.01"}, []float64{1})
	tree, err := a.Directory.Tree(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o, _ := tree.ByCode(shown)
	for i, acc := range officersShown[:5] {
		who, err := a.Directory.Acting(t.Context(), policy.Actor{Person: crowd.officers[i].id, Roles: []policy.Role{policy.Citizen}}, acc.Org)
		if err != nil {
			t.Fatal(err)
		}
		list, err := a.Cases.Folders(t.Context(), who, o.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range list {
			if x.Count == 0 && (x.Code != "mine" || acc.Login == "handler") {
				t.Errorf("%s: folder %s is empty", acc.Login, x.Code)
			}
		}
		if i == 0 {
			t.Log(list)
		}
	}
	for i := range citizensShown {
		rows, _, err := a.Cases.Mine(t.Context(), policy.Actor{Person: crowd.citizens[i].id, Roles: []policy.Role{policy.Citizen}}, id.Nil, 100)
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[string]int{}
		for _, r := range rows {
			kinds[string(r.Stage)+" "+string(r.Outcome)+" "+r.Kind]++
		}
		if len(rows) < 6 || len(kinds) < 5 {
			t.Errorf("%s has %v", citizensShown[i].Login, kinds)
		}
	}
}

func TestKilledAndResumed(t *testing.T) {
	dir := folder(t, small)
	var killed int
	for _, after := range []int{20, 60, 100} { // reports
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "OKNO_DEMO_VICTIM="+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			if n := files(dir); n >= after/2 {
				break
			}
		}
		if err := cmd.Process.Kill(); err == nil {
			killed++
		}
		if err := cmd.Wait(); err == nil || strings.Contains(err.Error(), "exit status") {
			t.Errorf("the program ended before it was killed: %v", err)
		}
	}
	a := open(t, dir, "")
	ids, tales := cases(t, a)
	if len(ids) == 0 || len(ids) >= small-6 {
		t.Errorf("killed %d times, %d reports are there", killed, len(ids))
	}
	t.Logf("killed %d times: %d reports", killed, len(ids))
	fill(t, a, Options{Reports: small})
	ids, _ = cases(t, a)
	text := dump(t, a, replayed(t, a, ids, numbers(tales)))
	if whole.text == "" {
		t.Skip("no uninterrupted filling to compare with: TestReportsComeFromTransitions did not run")
	}
	if text != whole.text {
		for i, l := range strings.Split(text, "\n") {
			if w := strings.Split(whole.text, "\n"); i >= len(w) || w[i] != l {
				t.Fatalf("resumed differs in line %d:\n%s\nuninterrupted:\n%s", i, l, w[min(i, len(w)-1)])
			}
		}
	}
}

// files counts the stored attachments: a sign of how far another process is.
func files(dir string) (n int) {
	_ = filepath.WalkDir(filepath.Join(dir, "files"), func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return nil
	})
	return n
}

func TestOnPostgres(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	url := dbtest.PostgresURL(t, app.Migrations()...)
	a := open(t, t.TempDir(), url)
	n := 70
	if s := os.Getenv("OKNO_DEMO_REPORTS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	began := time.Now()
	fill(t, a, Options{Reports: n, Step: func(s string) { t.Logf("%s: %s", time.Since(began).Round(time.Millisecond), s) }})
	t.Logf("base and %d reports took %s", n, time.Since(began).Round(time.Millisecond))
	ids, tales := cases(t, a)
	replayed(t, a, ids, numbers(tales))
	if len(ids) < n-6 {
		t.Errorf("%d reports of %d", len(ids), n)
	}
}

func TestForeignFolderIsRefused(t *testing.T) {
	dir := folder(t, small)
	if err := os.Remove(filepath.Join(dir, StateFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Begin(t.Context(), open(t, dir, ""), Options{}); err == nil {
		t.Error("a folder with organisations and no demo.json was filled")
	}
}
