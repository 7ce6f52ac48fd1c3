package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"okno/internal/platform/blob"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

// desk is the API over the small world of these tests. A token is a name of
// the world; with "~" before it, the token reads only.
type desk struct {
	*world
	srv   *web.Server
	api   *api.API
	blobs *blob.Service
	reads *readLog
	vars  map[string]string
}

func (d *desk) ResolveToken(_ context.Context, token string) (policy.Actor, error) {
	name, readOnly := strings.CutPrefix(token, "~")
	a, ok := d.who[name]
	if !ok {
		return a, errs.New(errs.Unauthenticated, "")
	}
	a.Token, a.ReadOnly, a.Lang = a.Person, readOnly, "ru"
	return a, nil
}

// Names, topics and places of the world; paper is a region that answers the same to everything.

func (d *desk) Names(_ context.Context, ids []id.ID) (map[id.ID]string, error) {
	out := map[id.ID]string{}
	for name, a := range d.who {
		if slices.Contains(ids, a.Person) {
			out[a.Person] = name
		}
	}
	return out, nil
}

type paper struct{}

func (paper) Topic(_, code string) (Topic, bool) {
	return Topic{Code: code, Name: "имя " + code}, true
}
func (paper) Suggest(string, string, int) []Topic      { return nil }
func (paper) Find(string, string, int) []Topic         { return nil }
func (paper) Tree(string) []TopicGroup                 { return nil }
func (paper) Categories(string) []Topic                { return nil }
func (paper) Search(string, int) []Spot                { return nil }
func (paper) Spot(id.ID) (Spot, bool)                  { return Spot{}, false }
func (paper) Distance(a, b, c, e int64) float64        { return float64(max(a-c, c-a) + max(b-e, e-b)) }
func (paper) Territory(_, code string) string          { return "земля " + code }
func (paper) Territories(string) []Topic               { return nil }
func (paper) Around(int64, int64, float64) []CellRange { return []CellRange{{0, 1 << 62}} }
func (paper) Inside(_, _, _, _ int64) []CellRange      { return []CellRange{{0, 1 << 62}} }

// readLog keeps what was recorded of readings, and can fail.
type readLog struct {
	rows   []string
	broken bool
}

func (r *readLog) RecordRead(_ context.Context, a policy.Actor, what policy.Action, subject, _ id.ID, _ policy.Grant, reason string) error {
	return r.add(fmt.Sprintf("%s %v %s", what, subject != id.Nil && subject != a.Person, reason))
}

func (r *readLog) RecordList(_ context.Context, _ policy.Actor, what policy.Action, filter string, shown int) error {
	return r.add(fmt.Sprintf("%s [%s] %d", what, filter, shown))
}

func (r *readLog) add(row string) error {
	if r.broken {
		return errors.New("no room for the record")
	}
	r.rows = append(r.rows, strings.TrimSpace(row))
	return nil
}

// blobFiles binds the real store of files.
type blobFiles struct{ *blob.Service }

func (b blobFiles) Claim(ctx context.Context, by id.ID, blobs []id.ID) ([]FileInfo, error) {
	if len(blobs) == 0 {
		return nil, nil
	}
	list, err := b.Check(ctx, by, blobs, nil)
	if err != nil {
		return nil, err
	}
	out := make([]FileInfo, len(list))
	for i, o := range list {
		k, _ := blob.KindOf(o.Kind)
		out[i] = FileInfo{o.ID, o.Name, k.MIME, o.Size, o.Uploader}
	}
	return out, nil
}

func (blobFiles) Keep(tx *db.Tx, by id.ID, blobs []id.ID) error {
	blob.Link(tx, by, blobs...)
	return nil
}

func eachDesk(t *testing.T, test func(d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, base *db.DB) {
		d := &desk{world: newWorld(t, base), reads: &readLog{}, vars: map[string]string{}}
		d.who["region"] = policy.Actor{Person: id.New(), Organisation: tests.lamps, Roles: []policy.Role{policy.Citizen, policy.RegionAdmin}}
		folder, err := blob.OpenFolder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := folder.Close(); err != nil {
				t.Error(err)
			}
		})
		if d.blobs, err = blob.New(base, blob.Config{Storage: folder, Key: make([]byte, 32), Temp: t.TempDir()}); err != nil {
			t.Fatal(err)
		}
		r := tests
		r.people = d.who
		d.Service = New(Config{DB: base, Clock: d.clock, Offices: r, Facts: r, Places: r, Router: r, Files: blobFiles{d.blobs}})
		if err := d.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		address, err := web.ParseAddress("https://okno.example")
		if err != nil {
			t.Fatal(err)
		}
		d.srv, err = web.New(web.Config{Address: address, Secret: make([]byte, 32), Clock: d.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
		if err != nil {
			t.Fatal(err)
		}
		d.api = api.New(d.srv, d, "1")
		API(d.api, &Web{Cases: d.Service, Topics: paper{}, Atlas: paper{}, People: d, Reads: d.reads}, d.blobs)
		test(d)
	}, Migrations, blob.Migrations)
}

// call is one request, what it answers and what is left after it. {NAME}
// stands for a variable: person and organisation ids by name, and what was
// saved from earlier answers.
type call struct {
	who  string // "": without a token
	do   string // "POST /reports"
	body string
	key  string
	ver  string // variable that holds the ETag to match
	want int
	has  string // "stage=moderation term.date=2026-02-16": values in the answer by path
	no   string // texts that must not stand in the answer, divided by "|"
	save string // "N=number": variables from the answer; E=ETag from its header
	rows string // "casework_case=1": counts of tables after it
	read string // the last record of reading; "-": none was added
}

func (d *desk) run(calls ...call) {
	d.t.Helper()
	for name, a := range d.who {
		d.vars[name] = a.Person.String()
	}
	d.vars["roads"], d.vars["lamps.org"] = tests.roads.String(), tests.lamps.String()
	for i, c := range calls {
		d.one(fmt.Sprintf("%d. %s %s", i+1, c.who, c.do), c)
	}
}

func (d *desk) fill(s string) string {
	for name, v := range d.vars {
		s = strings.ReplaceAll(s, "{"+name+"}", v)
	}
	return s
}

func (d *desk) one(title string, c call) *httptest.ResponseRecorder {
	d.t.Helper()
	method, path, _ := strings.Cut(d.fill(c.do), " ")
	body := d.fill(c.body)
	req := httptest.NewRequest(method, api.Prefix+path, strings.NewReader(body))
	if c.who != "" {
		req.Header.Set("Authorization", "Bearer "+c.who)
	}
	if strings.HasPrefix(body, "{") {
		req.Header.Set("Content-Type", "application/json")
	} else if body != "" {
		req.Header.Set("Content-Type", "application/octet-stream")
	}
	if c.key != "" {
		req.Header.Set("Idempotency-Key", c.key)
	}
	if c.ver != "" {
		req.Header.Set("If-Match", d.fill(c.ver))
	}
	before := len(d.reads.rows)
	w := httptest.NewRecorder()
	d.srv.ServeHTTP(w, req)
	if w.Code != c.want {
		d.t.Fatalf("%s: %d, want %d: %s", title, w.Code, c.want, w.Body)
	}
	var doc any
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
			d.t.Fatalf("%s: %v: %s", title, err, w.Body)
		}
	}
	for _, pair := range strings.Fields(d.fill(c.has)) {
		path, want, _ := strings.Cut(pair, "=")
		if got := at(doc, path); got != want {
			d.t.Errorf("%s: %s is %q, want %q: %s", title, path, got, want, w.Body)
		}
	}
	for _, text := range strings.Split(d.fill(c.no), "|") {
		if text != "" && strings.Contains(w.Body.String(), text) {
			d.t.Errorf("%s: %q stands in the answer: %s", title, text, w.Body)
		}
	}
	for _, pair := range strings.Fields(c.save) {
		name, path, _ := strings.Cut(pair, "=")
		if d.vars[name] = at(doc, path); path == "ETag" {
			d.vars[name] = w.Header().Get("ETag")
		}
		if d.vars[name] == "" {
			d.t.Fatalf("%s: no %s in the answer: %s", title, path, w.Body)
		}
	}
	for _, pair := range strings.Fields(c.rows) {
		table, want, _ := strings.Cut(pair, "=")
		n, err := db.One(d.t.Context(), d.db, db.Int, "SELECT COUNT(*) FROM "+table)
		if err != nil || fmt.Sprint(n) != want {
			d.t.Errorf("%s: %s holds %d rows, want %s (%v)", title, table, n, want, err)
		}
	}
	if added := d.reads.rows[before:]; c.read == "-" && len(added) > 0 || c.read != "" && c.read != "-" && !slices.Equal(added, []string{d.fill(c.read)}) {
		d.t.Errorf("%s: recorded %q, want %q", title, added, d.fill(c.read))
	}
	return w
}

// at is the value under a path: "items.0.number"; of a list its length under "#".
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

// photo is a small picture as a body.
func photo(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func db1(d *desk, query string) (id.ID, error) { return db.One(d.t.Context(), d.db, db.ID, query) }
