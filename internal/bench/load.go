package bench

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"

	"okno/internal/platform/id"
)

// Load asks a running server.
type Load struct {
	Addr   string // host:port of the server's public address
	Dial   string // host:port where it listens, on loopback
	Plan   *Plan
	Engine string
	Say    func(Result)
}

// sessionCookie is the product's.
const sessionCookie = "__Host-okno="

func (l *Load) clients(n int) []*client {
	out := make([]*client, n)
	for i := range out {
		out[i] = &client{addr: l.Dial}
	}
	return out
}

func (l *Load) tell(r Result) Result {
	r.Engine, r.Reports = l.Engine, l.Plan.Reports
	if l.Say != nil {
		l.Say(r)
	}
	return r
}

// Filing sends the form of a new report as a browser does, each with a key of
// its own. An answer counts that redirects to the new report's page: it is
// sent after the durable commit.
func (l *Load) Filing(ctx context.Context, loop Loop) Result {
	what := "filing"
	if loop.Rate > 0 {
		what = "filing at a rate"
	}
	conns := l.clients(loop.Clients)
	bufs := make([]bytes.Buffer, loop.Clients)
	rngs := make([]*rand.Rand, loop.Clients)
	for i := range rngs {
		rngs[i] = rand.New(rand.NewPCG(uint64(i), rand.Uint64()))
	}
	r := loop.run(ctx, what, func(c int) error {
		p, rng := l.Plan, rngs[c]
		fact := p.Facts[rng.IntN(len(p.Facts))]
		house := p.Houses[rng.IntN(len(p.Houses))]
		form := url.Values{"key": {id.New().String()}, "text": {filingText(rng.IntN(64))}, "fact": {fact.Code},
			"place_id": {house.ID.String()}, "place": {house.Text}, "step": {"send"}}
		for name, v := range fact.details() {
			form.Set("details."+name, v)
		}
		a, err := conns[c].do(post(&bufs[c], l.Addr, "/report/new", sessionCookie+p.Clients[c%len(p.Clients)].Token, form.Encode()), false)
		if err != nil {
			return err
		}
		if a.status != 303 || !strings.HasPrefix(a.location, "/reports/") {
			return fmt.Errorf("filing %s answered %d %s", fact.Code, a.status, a.location)
		}
		return nil
	})
	for _, c := range conns {
		c.close()
	}
	return l.tell(r)
}

// page is something to read.
type page struct {
	what    string
	session *Session // nil: signed out
	paths   []string // asked in turn
	headers []string // more than a browser always sends
	mark    string   // counts the rows of the first answer
}

// pages asks one kind of page and tells how many rows the first answer had.
func (l *Load) pages(ctx context.Context, p page, loop Loop) Result {
	conns := l.clients(loop.Clients)
	defer func() {
		for _, c := range conns {
			c.close()
		}
	}()
	cookie := ""
	if p.session != nil {
		cookie = sessionCookie + p.session.Token
	}
	requests := make([][]byte, len(p.paths))
	for i, path := range p.paths {
		requests[i] = get(l.Addr, path, cookie, true, p.headers...)
	}
	next := make([]int, loop.Clients)
	for i := range next {
		next[i] = i * 7
	}
	r := loop.run(ctx, p.what, func(c int) error {
		n := next[c] % len(requests)
		next[c]++
		a, err := conns[c].do(requests[n], false)
		if err == nil && a.status != 200 {
			err = fmt.Errorf("%s answered %d %s", p.paths[n], a.status, a.location)
		}
		return err
	})
	if p.mark != "" && r.Failed == 0 { // after the run, so that the first is the cold one
		a, err := conns[0].do(get(l.Addr, p.paths[0], cookie, false), true)
		if err != nil || a.status != 200 {
			r.Failed, r.FirstBad = 1, fmt.Sprintf("%s answered %d (%v)", p.paths[0], a.status, err)
		}
		r.with("rows", float64(bytes.Count(conns[0].body.Bytes(), []byte(p.mark)))).with("bytes", float64(a.bytes))
	}
	return l.tell(r)
}

// Lists measures an authority's list without a filter, with each filter alone
// and with each pair, a citizen's list and one report. Another server, if there
// is one, is asked for the same list right after it, so that a slow minute of
// the machine strikes both: their quotient is of one moment.
func (l *Load) Lists(ctx context.Context, loop Loop, only string, other *Load) []Result {
	var out []Result
	for _, p := range l.lists() {
		if ctx.Err() != nil || !strings.Contains(p.what, only) {
			continue
		}
		out = append(out, l.pages(ctx, p, loop))
		if other == nil {
			continue
		}
		for _, q := range other.lists() {
			if q.what == p.what {
				out = append(out, other.pages(ctx, q, loop))
			}
		}
	}
	return out
}

// rowMark stands once in each row of an authority's list.
const rowMark = `name="case"`

func (l *Load) lists() []page {
	plan := l.Plan
	base := "/w/" + plan.Org
	list := func(what string, query ...string) page {
		path := base
		if len(query) > 0 {
			path += "?" + strings.Join(query, "&")
		}
		return page{what: what, session: &plan.Officer, paths: []string{path}, mark: rowMark}
	}
	f, r := plan.Common, plan.Rare
	folder := func(s string) string { return "folder=" + s }
	filters := []struct{ name, query string }{
		{"stage", folder(f.Stage)}, {"deadline", "deadline=" + f.Deadline}, {"category", "category=" + f.Category},
		{"territory", "territory=" + f.Territory}, {"handler", "handler=" + f.Handler},
	}
	pages := []page{list("inbox")}
	if plan.Second != "" {
		pages = append(pages, list("inbox, second page", "after="+plan.Second))
	}
	for _, x := range filters {
		pages = append(pages, list("inbox "+x.name, x.query))
	}
	pages = append(pages, list("inbox closed", folder("closed")), list("inbox answered", folder("answered")))
	for i, x := range filters {
		for _, y := range filters[i+1:] {
			pages = append(pages, list("inbox "+x.name+" + "+y.name, x.query, y.query))
		}
	}
	// The worst for a list that is ordered by deadline: many rows, few that fit.
	for _, x := range []struct{ name, query string }{{"category", "category=" + r.Category}, {"territory", "territory=" + r.Territory}, {"handler", "handler=" + r.Handler}} {
		pages = append(pages, list("inbox closed + rare "+x.name, folder("closed"), x.query))
	}
	pages = append(pages, list("inbox rare category + rare handler", "category="+r.Category, "handler="+r.Handler),
		list("inbox rare category + rare territory", "category="+r.Category, "territory="+r.Territory))
	numbers := page{what: "one report, authority", session: &plan.Officer,
		headers: []string{"HX-Request: true", "HX-Request-Type: full", "HX-Target: aside#panel"}} // a click in the list
	beside := page{what: "one report beside the list", session: &plan.Officer}
	for _, n := range plan.Numbers {
		numbers.paths = append(numbers.paths, base+"/cases/"+n)
	}
	beside.paths = numbers.paths
	reader := &plan.Readers[0]
	own := page{what: "one report, citizen", session: reader}
	for _, n := range reader.Numbers {
		own.paths = append(own.paths, "/reports/"+n)
	}
	return append(pages, page{what: "citizen's list", session: reader, paths: []string{"/reports"}, mark: `href="/reports/`}, own, numbers, beside)
}

// SignedOut asks the first page, which comes from the cache of compressed bytes.
func (l *Load) SignedOut(ctx context.Context, loop Loop) Result {
	return l.pages(ctx, page{what: "signed-out page", paths: []string{"/"}}, loop)
}

// SignedIn asks lists of cases of signed-in citizens.
func (l *Load) SignedIn(ctx context.Context, loop Loop) Result {
	conns := l.clients(loop.Clients)
	var requests [][]byte
	for i := range l.Plan.Readers {
		requests = append(requests, get(l.Addr, "/reports", sessionCookie+l.Plan.Readers[i].Token, true))
	}
	r := loop.run(ctx, "signed-in list", func(c int) error {
		a, err := conns[c].do(requests[c%len(requests)], false)
		if err == nil && a.status != 200 {
			err = fmt.Errorf("/reports answered %d", a.status)
		}
		return err
	})
	for _, c := range conns {
		c.close()
	}
	return l.tell(r)
}
