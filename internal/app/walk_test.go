package app

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

// TestEveryRouteAsksThePolicy walks every registered route as everybody, about
// a case of one's own, a public one, a stranger's and one that doesn't exist.
// What is answered must be what the policy says; what may not be known is
// answered like what isn't there; nobody reads a stranger's words or name; and
// reading or being refused changes nothing.
func TestEveryRouteAsksThePolicy(t *testing.T) {
	w := newStreet(t)
	w.files["loose"] = w.photo(t.Context(), w.by["vera"].person)
	special := rules()
	type step struct {
		pattern string
		rule    rule
	}
	var reads, writes, last []step
	unknown := map[string]bool{}
	for pattern := range special {
		unknown[pattern] = true
	}
	for _, route := range w.Web.Routes() {
		if (route.Access.Action == "") != slices.Contains(noAction, route.Pattern) {
			t.Errorf("%s: a route without an action of the policy that isn't listed, or the reverse", route.Pattern)
		}
		if route.Access.Action != "" && !policy.Known(route.Access.Action) {
			t.Errorf("%s: no action %q", route.Pattern, route.Access.Action)
		}
		if route.Pattern == "POST /sign-out" { // ends the session; asked for below
			continue
		}
		for _, name := range []string{route.Pattern, route.Pattern + " roads", route.Pattern + " gas"} {
			r, ok := special[name]
			delete(unknown, name)
			switch {
			case ok:
			case name != route.Pattern:
				continue
			case strings.Contains(route.Pattern, "{number}"):
				r.want = ofCase(route.Access.Action) // POST /reports/{number}/add and its like
			case route.Access.Open:
				r.want = any200
			default:
				r.want = plain(route.Access.Action)
			}
			if r.form == nil {
				r.form = url.Values{"version": {"999"}}
			}
			s := step{route.Pattern, r}
			switch {
			case r.last:
				last = append(last, s)
			case strings.HasPrefix(route.Pattern, "GET "):
				reads = append(reads, s)
			default:
				writes = append(writes, s)
			}
		}
	}
	for name := range unknown {
		t.Errorf("a rule for %s, which is no route", name)
	}
	defer w.tell()
	before := w.dump()
	for _, s := range reads {
		w.walk(s.pattern, s.rule, nil)
	}
	w.same("reading", before)
	for _, s := range writes {
		w.walk(s.pattern, s.rule, func(want int) bool { return want >= 400 })
	}
	w.same("a refused change", before)
	for _, s := range append(writes, last...) {
		w.walk(s.pattern, s.rule, func(want int) bool { return want < 400 || s.rule.last })
	}
	for i, c := range w.callers {
		if got := w.send(&w.callers[i], "POST", "/sign-out", nil, ""); c.person == id.Nil && got.Code != 401 || c.person != id.Nil && got.Code != 303 {
			t.Errorf("%s: sign-out answers %d", c.name, got.Code)
		}
	}
}

// walk asks one route as everybody about everything.
func (w *street) walk(pattern string, r rule, when func(want int) bool) {
	w.t.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	for i := range w.callers {
		c := &w.callers[i]
		for _, x := range w.asks(c, path, r) {
			want := r.want(w, x)
			if open := w.open(pattern); want == 0 && (c.person != id.Nil || open) {
				if when != nil && !when(0) {
					continue
				}
			} else if c.person == id.Nil && !open {
				want = 401
			}
			if want != 0 && when != nil && !when(want) {
				continue
			}
			got := w.request(x, method, path, r)
			what := pattern + r.query
			for _, part := range []string{x.office, x.action, x.person, x.file, x.reason} {
				if part != "" {
					what += " " + part
				}
			}
			if x.k != nil {
				what += " about " + x.k.name
			}
			if class := classOf(method, got); want != 0 && class != want {
				w.wrong(fmt.Sprintf("%s answers %d, the policy says %d", what, got.Code, want), c.name)
			}
			if got.Code >= 500 {
				w.wrong(fmt.Sprintf("%s answers %d", what, got.Code), c.name)
			}
			w.unread(what, x, got)
			if x.k != nil && want == 404 && x.k.name != "missing" {
				other := x
				other.k = &w.cases[len(w.cases)-1]
				key := pattern + w.fill(method+path+r.query, other) + x.reason + c.name
				if w.missing[key] == "" {
					w.missing[key] = likeness(w.request(other, method, path, r), other.k.number)
				}
				if a, b := likeness(got, x.k.number), w.missing[key]; a != b {
					w.wrong(what+" is answered unlike one that isn't there: "+firstDifference(a, b), c.name)
				}
			}
		}
	}
}

// wrong keeps a finding; each is told once, with those to whom it happens.
func (w *street) wrong(what, who string) {
	w.findings[what] = append(w.findings[what], who)
}

func (w *street) tell() {
	for what, who := range w.findings {
		slices.Sort(who)
		w.t.Errorf("%s: %s", what, strings.Join(slices.Compact(who), ", "))
	}
}

// asks are the requests of one caller to a route.
func (w *street) asks(c *caller, path string, r rule) []ask {
	out := []ask{{caller: c}}
	each := func(name string, n int, set func(x *ask, i int)) {
		if !strings.Contains(path+r.query+r.body+r.form.Get("case"), name) {
			return
		}
		var more []ask
		for _, x := range out {
			for i := range n {
				y := x
				set(&y, i)
				more = append(more, y)
			}
		}
		out = more
	}
	offices := []string{"roads", "lamps"}
	if c.office != "" && !slices.Contains(offices, c.office) {
		offices = append(offices, c.office)
	}
	each("{org}", len(offices), func(x *ask, i int) { x.office = offices[i] })
	if strings.Contains(path, "/organisations/{code}") {
		each("{code}", len(offices), func(x *ask, i int) { x.office = offices[i] })
	}
	each("{number}", len(w.cases), func(x *ask, i int) { x.k = &w.cases[i] })
	logins := []string{"roads_handler", "lamps_handler"}
	each("{person}", len(logins), func(x *ask, i int) { x.person = logins[i] })
	owners := []string{"own", "loose"}
	each("{id}", len(owners), func(x *ask, i int) { x.file = owners[i] })
	actions := append(slices.Clone(byAuthor), "accept", "release", "reject", "classify", "assign", "take", "redirect", "return", "ask", "resume", "split", "merge",
		"extend", "submit", "defer", "interim", "rework", "approve", "note", "lapse", "recompute", "nothing")
	if strings.Contains(path, "bulk") {
		actions = []string{"take", "merge"}
	}
	each("{action}", len(actions), func(x *ask, i int) { x.action = actions[i] })
	out = slices.DeleteFunc(out, func(x ask) bool { // a few actions are enough where one works none, and about another's case
		few := strings.Contains(path, "{org}") && x.office != c.office || x.k != nil && x.k.name != "own"
		return few && !slices.Contains([]string{"", "note", "add", "rate", "redirect", "nothing", "merge"}, x.action)
	})
	if r.reasons && (c.role == policy.OrgAdmin || c.role == policy.RegionAdmin) {
		for _, x := range out {
			x.reason = "проверка"
			out = append(out, x)
		}
	}
	return out
}

func (w *street) fill(text string, x ask) string {
	pairs := []string{"{$}", "", "{token}", "aaaaaaaaaaaaaaaaaaaa", "{n}", "1", "{org}", x.office, "{action}", x.action, "{file}", x.file,
		"{version}", "1", "{z}", "8", "{x}", "150", "{tile}", "74.mvt"}
	if x.office != "" {
		pairs = append(pairs, "{code}", x.office)
	}
	pairs = append(pairs, "{name}", helpSetting, "{code}", "not_found", "{roads}", w.orgs["roads"].ID.String(), "{gas}", w.orgs["gas"].ID.String())
	if x.k != nil {
		pairs = append(pairs, "{number}", x.k.number, "{hidden}", map[bool]string{true: "no", false: "yes"}[x.k.object.Public], "{hidden_is}", fmt.Sprint(!x.k.object.Public)) // as it is: nothing changes
	}
	if x.person != "" {
		pairs = append(pairs, "{person}", w.by[x.person].person.String())
	}
	if x.file != "" {
		pairs = append(pairs, "{id}", w.files[x.file].String())
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (w *street) request(x ask, method, path string, r rule) *httptest.ResponseRecorder {
	target := w.fill(path+r.query, x)
	if x.reason != "" {
		target += "?reason=" + url.QueryEscape(x.reason)
	}
	form := url.Values{}
	for name, values := range r.form {
		for _, v := range values {
			form.Add(name, w.fill(v, x))
		}
	}
	return w.send(x.caller, method, target, form, w.fill(r.body, x))
}

// send asks as a browser or, under the API's prefix, as a program.
func (w *street) send(c *caller, method, target string, form url.Values, body string) *httptest.ResponseRecorder {
	program := strings.HasPrefix(target, api.Prefix)
	var payload io.Reader = http.NoBody
	switch {
	case method == http.MethodGet:
	case program && body != "":
		payload = strings.NewReader(body)
	case !program:
		payload = strings.NewReader(form.Encode())
	}
	req := httptest.NewRequest(method, target, payload)
	if program {
		if c.token != "" {
			req.Header.Set("Authorization", "Bearer "+c.token)
		}
		req.Header.Set("Idempotency-Key", "walk-"+c.name)
		if !strings.Contains(target, "/files") {
			req.Header.Set("If-Match", `"v999"`)
		}
		req.Header.Set("Content-Type", "application/json")
		if strings.Contains(target, "/files") {
			req.Header.Set("Content-Type", "application/octet-stream")
		}
	} else {
		req.Header.Set("Accept", "text/html")
		req.Header.Set("Origin", "https://okno.example")
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if c.cookie != "" {
			req.AddCookie(&http.Cookie{Name: "__Host-okno", Value: c.cookie})
		}
	}
	out := httptest.NewRecorder()
	w.Web.ServeHTTP(out, req)
	return out
}

func (w *street) open(pattern string) bool {
	for _, route := range w.Web.Routes() {
		if route.Pattern == pattern {
			return route.Access.Open
		}
	}
	return false
}

// classOf sorts an answer: what the policy refuses, or what it lets pass, be
// it done, or not possible for another reason.
func classOf(method string, got *httptest.ResponseRecorder) int {
	switch {
	case got.Code == 303 && strings.HasPrefix(got.Header().Get("Location"), "/sign-in"):
		return 401
	case got.Code < 400:
		return 200
	case method != http.MethodGet && slices.Contains([]int{400, 409, 412, 415, 422}, got.Code):
		return 200
	}
	return got.Code
}

// unread demands that nothing of a case stands in an answer to who may not read it.
func (w *street) unread(what string, x ask, got *httptest.ResponseRecorder) {
	w.t.Helper()
	body := got.Body.String()
	for _, k := range w.cases[:3] {
		if w.reads(x, k) {
			continue
		}
		for _, word := range k.words {
			if strings.HasPrefix(k.number, word[:4]) && (x.k != nil && x.k.number == k.number || w.lists(x, k)) {
				continue // the number was asked for, or stands in a list that they may see
			}
			if strings.Contains(body, word) {
				w.wrong(fmt.Sprintf("%s: %q of the %s case stands in the answer", what, word, k.name), x.caller.name)
			}
		}
	}
}

// reads tells whether the asker may read the words of a case.
func (w *street) reads(x ask, k known) bool {
	for _, a := range []policy.Actor{x.caller.acting, x.caller.citizen} {
		grant, err := policy.Check(a, policy.CaseworkRead, k.of(x.caller.person))
		if err == nil && grant.Full() && grant.Reason(x.reason) == nil {
			return true
		}
	}
	return false
}

// lists tells whether the asker may see that the case exists.
func (w *street) lists(x ask, k known) bool {
	return policy.May(x.caller.acting, policy.CaseworkList, policy.Object{Organisation: k.object.Organisation})
}

// likeness is an answer without the number of its request and that of the case.
func likeness(got *httptest.ResponseRecorder, number string) string {
	var lines []string
	for name, values := range got.Header() {
		if name != "X-Request-Id" && name != "Set-Cookie" {
			lines = append(lines, name+": "+strings.Join(values, ", "))
		}
	}
	slices.Sort(lines)
	body := strings.NewReplacer(number, "NUMBER", id.ShowNumber(number), "NUMBER").Replace(got.Body.String())
	return fmt.Sprint(got.Code) + "\n" + strings.Join(lines, "\n") + "\n\n" + body
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("%.200s, not %.200s", x[i], y[i])
		}
	}
	return "one is longer"
}

// quiet are the tables that asking alone may change: who read what, when a
// session or a token was last used, counted tries.
var quiet = []string{"privacy_read", "identity_session", "identity_token", "identity_try", "db_tx"}

// dump is a digest of every other table.
func (w *street) dump() map[string]string {
	w.t.Helper()
	tables, err := db.All(w.t.Context(), w.DB, db.Text, `SELECT name FROM sqlite_master WHERE type='table' ORDER BY name`)
	w.must(err)
	out := map[string]string{}
	for _, table := range tables {
		if slices.Contains(quiet, table) {
			continue
		}
		h, n := sha256.New(), 0
		rows, err := w.DB.Query(w.t.Context(), "SELECT * FROM "+table)
		w.must(err)
		columns, err := rows.Columns()
		w.must(err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			w.must(rows.Scan(values...))
			for _, v := range values {
				fmt.Fprintf(h, "%v|", *v.(*any))
			}
			n++
		}
		w.must(rows.Err())
		w.must(rows.Close())
		out[table] = fmt.Sprintf("%d rows, %x", n, h.Sum(nil)[:6])
	}
	return out
}

func (w *street) same(after string, before map[string]string) {
	w.t.Helper()
	for table, now := range w.dump() {
		if before[table] != now {
			w.t.Errorf("%s changed %s: %s, before %s", after, table, now, before[table])
		}
	}
}

// TestWritingNeedsAnOrigin sends every writing route what another site could
// make a browser send.
func TestWritingNeedsAnOrigin(t *testing.T) {
	w := newStreet(t)
	c, before := w.by["roads_coordinator"], w.dump()
	x := ask{caller: c, k: &w.cases[0], office: "roads", action: "note", person: "roads_handler", file: "own"}
	for _, route := range w.Web.Routes() {
		method, path, _ := strings.Cut(route.Pattern, " ")
		if method == http.MethodGet {
			continue
		}
		for name, header := range map[string]string{"nothing": "", "another site": "Sec-Fetch-Site: cross-site", "a sister site": "Sec-Fetch-Site: same-site", "a foreign origin": "Origin: https://evil.example", "no origin": "Origin: null"} {
			req := httptest.NewRequest(method, w.fill(path, x), strings.NewReader("comment=x&version=1"))
			req.AddCookie(&http.Cookie{Name: "__Host-okno", Value: c.cookie})
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if k, v, ok := strings.Cut(header, ": "); ok {
				req.Header.Set(k, v)
			}
			got := httptest.NewRecorder()
			w.Web.ServeHTTP(got, req)
			want := 403
			if strings.HasPrefix(path, api.Prefix) { // no cookie counts there: only a token does
				if want = 401; route.Access.Open {
					continue
				}
			}
			if got.Code != want {
				t.Errorf("%s with a session and %s: %d, want %d", route.Pattern, name, got.Code, want)
			}
		}
	}
	w.same("a request of another site", before)
	if _, err := w.Identity.Resolve(t.Context(), c.cookie); errs.Is(err, errs.Unauthenticated) {
		t.Error("another site signed somebody out")
	}
}
