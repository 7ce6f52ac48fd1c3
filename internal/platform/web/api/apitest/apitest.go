// Package apitest runs tests of API operations as data: a request, what it
// answers, and what the tables hold after it.
package apitest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

// Rig is an API without operations and its callers. A caller's token is their
// name in Who; with "~" before it, the token reads only.
type Rig struct {
	T     *testing.T
	API   *api.API
	Who   map[string]policy.Actor
	Vars  map[string]string // {NAME} in calls
	DB    *db.DB            // whose tables Rows counts
	Reads func() []string   // what was recorded of readings so far

	Handler http.Handler      // that serves the API
	Tokens  map[string]string // token of a caller, where it isn't the name

	says *description // of the API, once it was asked for
}

// New makes a rig.
func New(t *testing.T, c clock.Clock) *Rig {
	t.Helper()
	r := &Rig{T: t, Who: map[string]policy.Actor{}, Vars: map[string]string{}}
	address, err := web.ParseAddress("https://okno.example")
	if err != nil {
		t.Fatal(err)
	}
	srv, err := web.New(web.Config{Address: address, Secret: make([]byte, 32), Clock: c, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	r.Handler, r.API = srv, api.New(srv, r, "1")
	return r
}

// ResolveToken implements [api.TokenResolver] for the callers.
func (r *Rig) ResolveToken(_ context.Context, token string) (policy.Actor, error) {
	name, readOnly := strings.CutPrefix(token, "~")
	a, ok := r.Who[name]
	if !ok {
		return a, errs.New(errs.Unauthenticated, "")
	}
	a.Token, a.ReadOnly, a.Lang = a.Person, readOnly, "ru"
	return a, nil
}

// Call is one request, what it answers and what is left after it. {NAME}
// stands for a variable: the id of a caller, or what was saved from an answer.
type Call struct {
	Who   string // "": without a token
	Do    string // "POST /reports"
	Body  string // JSON where it begins with "{", else a file's bytes
	Key   string // idempotency key
	Match string // If-Match
	Lang  string // Accept-Language; "": none
	Want  int    // status
	Has   string // "stage=moderation term.date=2026-02-16": values in the answer by path; "#" is a list's length
	No    string // texts that must not stand in the answer, divided by "|"
	Save  string // "N=number E=ETag": variables from the answer
	Rows  string // "casework_case=1": counts of tables after it
	Read  string // the one reading that was recorded; "-": none was
}

// Run does calls one after another; the first with another status ends the test.
func (r *Rig) Run(calls ...Call) {
	r.T.Helper()
	for i, c := range calls {
		r.One(fmt.Sprintf("%d. %s %s", i+1, c.Who, c.Do), c)
	}
}

func (r *Rig) fill(s string) string {
	for name, a := range r.Who {
		s = strings.ReplaceAll(s, "{"+name+"}", a.Person.String())
	}
	for name, v := range r.Vars {
		s = strings.ReplaceAll(s, "{"+name+"}", v)
	}
	return s
}

// One does a call, which title names in failures, and gives the answer.
func (r *Rig) One(title string, c Call) *httptest.ResponseRecorder {
	r.T.Helper()
	method, path, _ := strings.Cut(r.fill(c.Do), " ")
	body := r.fill(c.Body)
	req := httptest.NewRequest(method, api.Prefix+path, strings.NewReader(body))
	if c.Who != "" {
		token := c.Who
		if t, ok := r.Tokens[c.Who]; ok {
			token = t
		}
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if strings.HasPrefix(body, "{") {
		req.Header.Set("Content-Type", "application/json")
	} else if body != "" {
		req.Header.Set("Content-Type", "application/octet-stream")
	}
	if c.Lang != "" {
		req.Header.Set("Accept-Language", c.Lang)
	}
	if c.Key != "" {
		req.Header.Set("Idempotency-Key", c.Key)
	}
	if c.Match != "" {
		req.Header.Set("If-Match", r.fill(c.Match))
	}
	before := len(r.reads())
	w := httptest.NewRecorder()
	r.Handler.ServeHTTP(w, req)
	if w.Code != c.Want {
		r.T.Fatalf("%s: %d, want %d: %s", title, w.Code, c.Want, w.Body)
	}
	r.answer(title, c, w)
	if err := r.described(method, path, w.Code, document(w)); err != nil {
		r.T.Errorf("%s: otherwise than described: %v: %s", title, err, w.Body)
	}
	for _, pair := range strings.Fields(c.Rows) {
		table, want, _ := strings.Cut(pair, "=")
		n, err := db.One(r.T.Context(), r.DB, db.Int, "SELECT COUNT(*) FROM "+table)
		if err != nil || fmt.Sprint(n) != want {
			r.T.Errorf("%s: %s holds %d rows, want %s (%v)", title, table, n, want, err)
		}
	}
	added := r.reads()[before:]
	if c.Read == "-" && len(added) > 0 || c.Read != "" && c.Read != "-" && !slices.Equal(added, []string{r.fill(c.Read)}) {
		r.T.Errorf("%s: recorded %q, want %q", title, added, r.fill(c.Read))
	}
	return w
}

func (r *Rig) reads() []string {
	if r.Reads == nil {
		return nil
	}
	return r.Reads()
}

// document is the JSON of an answer; nil where it is none.
func document(w *httptest.ResponseRecorder) (doc any) {
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		_ = json.Unmarshal(w.Body.Bytes(), &doc) // what is no JSON fails in [Rig.answer]
	}
	return doc
}

func (r *Rig) answer(title string, c Call, w *httptest.ResponseRecorder) {
	r.T.Helper()
	var doc any
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
			r.T.Fatalf("%s: %v: %s", title, err, w.Body)
		}
	}
	for _, pair := range strings.Fields(r.fill(c.Has)) {
		path, want, _ := strings.Cut(pair, "=")
		if got := at(doc, path); got != want {
			r.T.Errorf("%s: %s is %q, want %q: %s", title, path, got, want, w.Body)
		}
	}
	for _, text := range strings.Split(r.fill(c.No), "|") {
		if text != "" && strings.Contains(w.Body.String(), text) {
			r.T.Errorf("%s: %q stands in the answer: %s", title, text, w.Body)
		}
	}
	for _, pair := range strings.Fields(c.Save) {
		name, path, _ := strings.Cut(pair, "=")
		if r.Vars[name] = at(doc, path); path == "ETag" {
			r.Vars[name] = w.Header().Get("ETag")
		}
		if r.Vars[name] == "" {
			r.T.Fatalf("%s: no %s in the answer: %s", title, path, w.Body)
		}
	}
}

// at is the value under a path, "" where there is none.
func at(doc any, path string) string {
	for _, key := range strings.Split(path, ".") {
		switch v := doc.(type) {
		case map[string]any:
			doc = v[key]
		case []any:
			if key == "#" {
				return fmt.Sprint(len(v))
			}
			var n int
			if _, err := fmt.Sscan(key, &n); err != nil || n < 0 || n >= len(v) {
				return ""
			}
			doc = v[n]
		default:
			return ""
		}
	}
	if doc == nil {
		return ""
	}
	return fmt.Sprint(doc)
}
