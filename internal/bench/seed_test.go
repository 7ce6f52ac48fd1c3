package bench

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"okno/internal/app"
	"okno/internal/casework"
	"okno/internal/platform/clock"
	"okno/internal/platform/config"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// useCaseHand carries a case by the use cases: what seed is compared with.
type useCaseHand struct {
	ctx    context.Context
	a      *app.App
	clock  *clock.Fixed
	id     id.ID
	number string
}

func (h *useCaseHand) at(t time.Time) { h.clock.Set(t) }

func (h *useCaseHand) file(actor policy.Actor, in casework.FileInput) error {
	h.at(in.At)
	h.id, h.number = in.ID, in.Number
	if _, err := h.a.Cases.FileReport(h.ctx, actor, in); err != nil {
		return err
	}
	return h.a.Jobs.Drain(h.ctx)
}

func (h *useCaseHand) act(actor policy.Actor, act casework.Action, in casework.Input, at time.Time) error {
	h.at(at)
	if _, err := h.a.Cases.Act(h.ctx, actor, h.number, act, in); err != nil {
		return err
	}
	return h.a.Jobs.Drain(h.ctx)
}

// until lets every timer ring at its own moment.
func (h *useCaseHand) until(end time.Time) error {
	for {
		due, err := db.All(h.ctx, h.a.DB, db.Int, "SELECT at FROM jobs_timer WHERE subject = $1", h.id)
		if err != nil {
			return err
		}
		if len(due) == 0 || due[0] > clock.Milli(end) {
			return nil
		}
		h.at(clock.FromMilli(due[0]))
		if err := h.a.Jobs.Drain(h.ctx); err != nil {
			return err
		}
	}
}

func (h *useCaseHand) state() casework.Case {
	v, err := h.a.Cases.Read(h.ctx, policy.Actor{Person: h.applicant(), Roles: []policy.Role{policy.Citizen}}, h.number, "")
	if err != nil {
		panic(err)
	}
	return v.Case
}

func (h *useCaseHand) applicant() id.ID {
	v, err := db.One(h.ctx, h.a.DB, db.ID, "SELECT applicant_id FROM casework_case WHERE id = $1", h.id)
	if err != nil {
		panic(err)
	}
	return v
}

var quiet = slog.New(slog.DiscardHandler)

// The end of the test's year, a Monday.
var end = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// installation opens an app on a database; close it before another opens it.
func installation(t *testing.T, url, data string, c clock.Clock, trace func(string, []any)) *app.App {
	t.Helper()
	cfg := config.Config{Data: data, Database: config.DSN(url)}
	a, err := app.Open(t.Context(), cfg, app.Options{Clock: c, Log: quiet, Trace: trace})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// eachEngine runs test with two databases alike: each has the small region and
// its people.
func eachEngine(t *testing.T, s Seeding, test func(t *testing.T, urls [2]string, data string)) {
	prepare := func(t *testing.T, url, data string) {
		a := installation(t, url, data, clock.At(end), nil)
		defer func() {
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		}()
		if err := a.Journal.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := smallGround(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		if err := a.Jobs.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := newWorld(t.Context(), a, s); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		data := t.TempDir()
		one := dbtest.SQLiteURL(t, app.Migrations()...)
		prepare(t, one, data)
		path, options, _ := strings.Cut(strings.TrimPrefix(one, "sqlite:"), "?")
		two := filepath.Join(t.TempDir(), "two.db")
		b, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(two, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		test(t, [2]string{one, "sqlite:" + two + "?" + options}, data)
	})
	t.Run("postgres", func(t *testing.T) {
		data := t.TempDir()
		one := dbtest.PostgresURL(t, app.Migrations()...)
		prepare(t, one, data)
		i := strings.LastIndex(one, "/")
		name, options, _ := strings.Cut(one[i+1:], "?")
		admin, err := sql.Open("pgx", one[:i]+"/postgres?"+options)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := admin.Exec("CREATE DATABASE " + name + "_two TEMPLATE " + name); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := admin.Exec("DROP DATABASE " + name + "_two WITH (FORCE)"); err != nil {
				t.Error(err)
			}
			if err := admin.Close(); err != nil {
				t.Error(err)
			}
		})
		test(t, [2]string{one, one[:i] + "/" + name + "_two?" + options}, data)
	})
}

// cases is how many reports are compared: some in every run of the tests,
// 1,000 (OKNO_BENCH_CASES) before any figure counts: tools/bench.sh check.
func cases(t *testing.T) int64 {
	t.Helper()
	n, err := strconv.ParseInt(cmp.Or(os.Getenv("OKNO_BENCH_CASES"), "100"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What seed writes is what the use cases leave, in every table and column; the
// ids of facts and transactions alone are drawn anew.
func TestSeedWritesWhatUseCasesLeave(t *testing.T) {
	s := Seeding{Reports: cases(t), End: end, Org: "reg.a", Seed: 7}
	eachEngine(t, s, func(t *testing.T, urls [2]string, data string) {
		c := clock.At(end)
		used := installation(t, urls[0], data, c, nil)
		defer closing(t, used)
		base := dump(t, used.DB)
		w, err := readWorld(t, used, s)
		if err != nil {
			t.Fatal(err)
		}
		if err := used.Journal.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		for n := range s.Reports {
			if err := w.play(n, &useCaseHand{ctx: t.Context(), a: used, clock: c}); err != nil {
				t.Fatal(err)
			}
		}

		seeded := installation(t, urls[1], data, clock.At(end), nil)
		defer closing(t, seeded)
		if w, err = readWorld(t, seeded, s); err != nil {
			t.Fatal(err)
		}
		if err := w.write(t.Context()); err != nil {
			t.Fatal(err)
		}

		want, got := dump(t, used.DB), dump(t, seeded.DB)
		grown := 0
		for _, name := range tablesOf(t, used.DB) {
			if name == "db_tx" { // marks of transactions, swept after an hour
				continue
			}
			if !slices.Equal(want[name], base[name]) {
				grown++
				t.Logf("%s: %d rows", name, len(want[name])-len(base[name]))
			}
			compare(t, name, want[name], got[name])
		}
		if grown < 8 {
			t.Errorf("the use cases wrote to %d tables alone", grown)
		}
	})
}

func closing(t *testing.T, a *app.App) {
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// readWorld is the world of an installation whose people are there already.
func readWorld(t *testing.T, a *app.App, s Seeding) (*world, error) {
	t.Helper()
	s.withPeople = true
	return newWorld(t.Context(), a, s)
}

func compare(t *testing.T, name string, want, got []string) {
	t.Helper()
	only := func(a, b []string) (out []string) {
		count := map[string]int{}
		for _, r := range b {
			count[r]++
		}
		for _, r := range a {
			if count[r]--; count[r] < 0 {
				out = append(out, r)
			}
		}
		return out
	}
	missing, extra := only(want, got), only(got, want)
	if len(missing)+len(extra) > 0 {
		t.Errorf("%s: %d of %d rows are not written, %d others are:\nuse cases: %s\nseed:      %s", name, len(missing), len(want), len(extra),
			strings.Join(missing[:min(2, len(missing))], "\n           "), strings.Join(extra[:min(2, len(extra))], "\n           "))
	}
}

func tablesOf(t *testing.T, d *db.DB) []string {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
	if d.Engine() == db.Postgres {
		query = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
	}
	names, err := db.All(t.Context(), d, db.Text, query)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// dump is every row of every table as text, sorted. Ids of facts and
// transactions become "fact" and "tx", where the world didn't draw them.
func dump(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, name := range tablesOf(t, d) {
		rows, err := d.Query(t.Context(), "SELECT * FROM "+name)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			to := make([]any, len(columns))
			for i := range values {
				to[i] = &values[i]
			}
			if err := rows.Scan(to...); err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for i, c := range columns {
				switch {
				case name == "journal_fact" && c == "id", name == "notify_notice" && c == "fact_id":
					values[i] = "fact"
				case name == "journal_fact" && c == "tx":
					values[i] = "tx"
				}
				fmt.Fprintf(&b, " %s=%s", c, shown(values[i]))
			}
			out[name] = append(out[name], b.String())
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(out[name])
	}
	return out
}

func shown(v any) string {
	if b, ok := v.([]byte); ok {
		return fmt.Sprintf("%q", b)
	}
	return fmt.Sprintf("%v", v)
}

// counts is how many rows every table has.
func counts(t *testing.T, d *db.DB) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, name := range tablesOf(t, d) {
		n, err := db.One(t.Context(), d, db.Int, "SELECT COUNT(*) FROM "+name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = int(n)
	}
	return out
}

// grown is by how many rows the tables have grown that have.
func grown(before, after map[string]int) map[string]int {
	out := map[string]int{}
	for name, n := range after {
		if n != before[name] {
			out[name] = n - before[name]
		}
	}
	return out
}

// planOf is a plan for a world without reports.
func (w *world) planOf() *Plan {
	p := &Plan{}
	for _, c := range w.clients {
		p.Clients = append(p.Clients, Session{Person: c.String()})
	}
	w.offer(p)
	return p
}
