package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// ReadResults reads lines that [Append] wrote.
func ReadResults(r io.Reader) ([]Result, error) {
	var out []Result
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var x Result
		if err := json.Unmarshal(s.Bytes(), &x); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, s.Err()
}

// spread is the middle of several runs with the least and the greatest.
type spread struct{ low, mid, high float64 }

func spreadOf(values []float64) spread {
	slices.Sort(values)
	n := len(values)
	mid := values[n/2]
	if n%2 == 0 {
		mid = (values[n/2-1] + values[n/2]) / 2
	}
	return spread{values[0], mid, values[n-1]}
}

func (s spread) String() string {
	if s.low == s.high {
		return figure(s.mid)
	}
	return fmt.Sprintf("**%s** (%s–%s)", figure(s.mid), figure(s.low), figure(s.high))
}

func figure(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// Table writes results as Markdown: what was run several times is one row,
// with the median and the range of its runs.
func Table(w io.Writer, results []Result) error {
	type key struct {
		what, engine string
		reports      int64
		clients      int
	}
	groups := map[key][]Result{}
	var order []key
	for _, r := range results {
		k := key{r.What, r.Engine, r.Reports, r.Clients}
		if _, ok := groups[k]; !ok {
			order = append(order, k)
		}
		groups[k] = append(groups[k], r)
	}
	lines := []string{"| What | Engine | Reports | Clients | Runs | Rate, 1/s | p50, ms | p95, ms | p99, ms | First, ms | Besides |",
		"|---|---|--:|--:|--:|--:|--:|--:|--:|--:|---|"}
	for _, k := range order {
		g := groups[k]
		of := func(v func(Result) float64) string {
			values := make([]float64, len(g))
			any := false
			for i, r := range g {
				values[i] = v(r)
				any = any || values[i] != 0
			}
			if !any {
				return ""
			}
			return spreadOf(values).String()
		}
		var besides []string
		failed := int64(0)
		extras := map[string][]float64{}
		var names []string
		for _, r := range g {
			failed += r.Failed
			for name, v := range r.Extra {
				if _, ok := extras[name]; !ok {
					names = append(names, name)
				}
				extras[name] = append(extras[name], v)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			besides = append(besides, strings.ReplaceAll(name, "_", " ")+" "+spreadOf(extras[name]).String())
		}
		if g[0].Asked > 0 {
			besides = append(besides, "asked "+of(func(r Result) float64 { return r.Asked }))
		}
		if failed > 0 {
			besides = append(besides, fmt.Sprintf("**%d failed**: %s", failed, g[0].FirstBad))
		}
		reports, clients := "", ""
		if k.reports > 0 {
			reports = fmt.Sprint(k.reports)
		}
		if k.clients > 0 {
			clients = fmt.Sprint(k.clients)
		}
		lines = append(lines, fmt.Sprintf("| %s | %s | %s | %s | %d | %s | %s | %s | %s | %s | %s |", k.what, k.engine, reports, clients, len(g),
			of(func(r Result) float64 { return r.Rate }), of(func(r Result) float64 { return r.P50 }), of(func(r Result) float64 { return r.P95 }),
			of(func(r Result) float64 { return r.P99 }), of(func(r Result) float64 { return r.First }), strings.Join(besides, "; ")))
	}
	lines = append(lines, ratios(results)...)
	lines = append(lines, growth(results)...)
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// goals are figures that are measured against another of the same run.
var goals = []struct {
	what, against string
	of            func(Result) float64
	goal          string
	engine        string
}{
	{"filing", "bare", func(r Result) float64 { return r.Rate }, "at least 0.65", "postgres"},
	{"filing", "bare", func(r Result) float64 { return r.Rate }, "at least 0.6", "sqlite"},
	{"filing at a rate", "bare at a rate", func(r Result) float64 { return r.P99 }, "p99, at most 3", ""},
	{"bare", "pgbench", func(r Result) float64 { return r.Rate }, "0.8 to 1.2", "postgres"},
	{"bare", "best loop", func(r Result) float64 { return r.Rate }, "0.8 to 1.2", "sqlite"},
}

// ratios pairs the n-th run of one thing with the n-th of another.
func ratios(results []Result) []string {
	var lines []string
	for _, g := range goals {
		for _, engine := range []string{"sqlite", "postgres"} {
			if g.engine != "" && g.engine != engine {
				continue
			}
			var a, b []Result
			for _, r := range results {
				if r.Engine == engine && r.What == g.what {
					a = append(a, r)
				}
				if r.Engine == engine && r.What == g.against {
					b = append(b, r)
				}
			}
			var values []float64
			for i := range min(len(a), len(b)) {
				if v := g.of(b[i]); v > 0 {
					values = append(values, g.of(a[i])/v)
				}
			}
			if len(values) > 0 {
				lines = append(lines, fmt.Sprintf("| %s ÷ %s | %s | | | %d | %s | | | | | goal: %s |", g.what, g.against, engine, len(values), spreadOf(values), g.goal))
			}
		}
	}
	return lines
}

// growth compares p95 with many reports with that of few, the n-th run with the
// n-th, for what has a goal: lists without a filter and with one, a citizen's
// list, one report.
func growth(results []Result) []string {
	type key struct{ what, engine string }
	type size struct {
		p95  []float64
		rows float64
	}
	sizes := map[key]map[int64]*size{}
	var order []key
	for _, r := range results {
		list := strings.HasPrefix(r.What, "inbox") || strings.HasPrefix(r.What, "citizen") || strings.HasPrefix(r.What, "one report")
		if !list || strings.Contains(r.What, " + ") {
			continue
		}
		k := key{r.What, r.Engine}
		if sizes[k] == nil {
			sizes[k] = map[int64]*size{}
			order = append(order, k)
		}
		if sizes[k][r.Reports] == nil {
			sizes[k][r.Reports] = &size{}
		}
		s := sizes[k][r.Reports]
		s.p95, s.rows = append(s.p95, r.P95), r.Extra["rows"]
	}
	var lines []string
	for _, k := range order {
		of := slices.Sorted(maps.Keys(sizes[k]))
		if len(of) < 2 {
			continue
		}
		few, many := sizes[k][of[0]], sizes[k][of[len(of)-1]]
		note := "goal: at most 1.3"
		if few.rows != many.rows {
			note = fmt.Sprintf("pages not equally full: %.0f and %.0f rows", few.rows, many.rows)
		}
		values := make([]float64, min(len(few.p95), len(many.p95)))
		for i := range values {
			values[i] = many.p95[i] / few.p95[i]
		}
		lines = append(lines, fmt.Sprintf("| %s, p95 at %d ÷ at %d | %s | | | %d | %s | | | | | %s |", k.what, of[len(of)-1], of[0], k.engine,
			len(values), spreadOf(values), note))
	}
	return lines
}
