package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
)

type tokens map[string]policy.Actor

func (t tokens) ResolveToken(_ context.Context, token string) (policy.Actor, error) {
	if token == "broken" {
		return policy.Actor{}, errors.New("database at 10.0.0.7 is down")
	}
	if a, ok := t[token]; ok {
		return a, nil
	}
	return policy.Actor{}, errs.New(errs.Unauthenticated, "")
}

type thing struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Version int64  `json:"version"`
}

type makeInput struct {
	Body struct {
		Text string `json:"text" minLength:"2" maxLength:"10"`
		Kind string `json:"kind,omitempty" enum:"a,b"`
		N    int    `json:"n,omitempty" maximum:"5"`
	}
}

type thingOutput struct {
	ETag string `header:"ETag"`
	Body thing
}

type rig struct {
	*web.Server
	api *API
	log *bytes.Buffer
	t   *testing.T
	key string // of the last creation
}

func newRig(t *testing.T) *rig {
	t.Helper()
	address, err := web.ParseAddress("https://okno.example")
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	srv, err := web.New(web.Config{Address: address, Secret: make([]byte, 32), Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{Server: srv, log: log, t: t}
	r.api = New(srv, tokens{"anna": {Person: id.New(), Roles: []policy.Role{policy.Citizen}, Lang: "en"}}, "1.0.0")
	Register(r.api, Operation{ID: "make-thing", Method: "POST", Path: "/things", Tag: "Things", Summary: "Make a thing", Create: true}, "test.make",
		func(_ context.Context, c Call, in *makeInput) (*thingOutput, error) {
			r.key = c.Key
			return &thingOutput{ETag: web.ETag(1), Body: thing{"1", in.Body.Text, 1}}, nil
		})
	Register(r.api, Operation{ID: "change-thing", Method: "PUT", Path: "/things/{id}", Tag: "Things", Summary: "Change a thing", IfMatch: true}, "test.change",
		func(_ context.Context, c Call, in *struct {
			ID ID `path:"id"`
			makeInput
		}) (*thingOutput, error) {
			if _, err := in.ID.Parse(); err != nil {
				return nil, err
			}
			if c.Version != 3 {
				return nil, errs.New(errs.Stale, "")
			}
			return &thingOutput{ETag: web.ETag(4), Body: thing{"1", in.Body.Text, 4}}, nil
		})
	Register(r.api, Operation{ID: "list-things", Method: "GET", Path: "/things", Tag: "Things", Summary: "List things", Open: true}, "test.list",
		func(_ context.Context, c Call, in *struct {
			PageInput
			Q string `query:"q" maxLength:"50"`
		}) (*struct{ Body Page[thing] }, error) {
			at, err := c.Cursor(in.Cursor, in.Q)
			if err != nil {
				return nil, err
			}
			if in.Q == "panic" {
				panic("secret-1")
			}
			if in.Q == "fail" {
				return nil, errors.New("secret-2")
			}
			out := &struct{ Body Page[thing] }{}
			if at == nil {
				out.Body.Items = []thing{{ID: "1"}}
				out.Body.Next = c.Next(&web.Cursor{Sort: []any{int64(1)}, ID: id.New()}, in.Q)
			}
			return out, nil
		})
	return r
}

func (r *rig) do(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, req)
	return w
}

// problem wants a problem document of code and gives it.
func (r *rig) problem(w *httptest.ResponseRecorder, code errs.Code) web.Problem {
	r.t.Helper()
	var p web.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		r.t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	if w.Header().Get("Content-Type") != "application/problem+json" || p.Code != code || w.Code != web.Status(code) || p.Status != w.Code ||
		p.Type != "/errors/"+string(code) || p.Title == "" || p.Detail == "" {
		r.t.Errorf("want %s: %d %s %s", code, w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	return p
}

const bearer, key = "Bearer anna", "key-00000001"

func TestCreateDemandsKeyAndToken(t *testing.T) {
	r := newRig(t)
	const body = `{"text":"lamp"}`
	w := r.do("POST", "/api/v1/things", body, "Authorization", bearer, "Idempotency-Key", key, "Content-Type", "application/json")
	if w.Code != 201 || r.key != key || w.Header().Get("ETag") != `"v1"` || !strings.Contains(w.Body.String(), `"text":"lamp"`) || strings.Contains(w.Body.String(), "$schema") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	p := r.problem(r.do("POST", "/api/v1/things", body, "Authorization", bearer), errs.Invalid)
	if len(p.Fields) != 1 || p.Fields[0].Name != "Idempotency-Key" || p.Fields[0].Rule != "idempotency_key" {
		t.Errorf("%+v", p)
	}
	r.problem(r.do("POST", "/api/v1/things", body, "Authorization", bearer, "Idempotency-Key", "a b c d e f g"), errs.Invalid)
	w = r.do("POST", "/api/v1/things", body, "Idempotency-Key", key)
	if r.problem(w, errs.Unauthenticated); w.Header().Get("WWW-Authenticate") == "" {
		t.Error("no WWW-Authenticate")
	}
	r.problem(r.do("POST", "/api/v1/things", body, "Authorization", "Bearer guess"), errs.Unauthenticated)
	r.problem(r.do("GET", "/api/v1/things", "", "Authorization", "Bearer guess"), errs.Unauthenticated)
	r.problem(r.do("GET", "/api/v1/things", "", "Authorization", "Basic YTpi"), errs.Unauthenticated)
	// A session cookie is no access here: another site's form must not reach the API.
	r.problem(r.do("POST", "/api/v1/things", body, "Cookie", "__Host-okno=anna", "Idempotency-Key", key), errs.Unauthenticated)
}

func TestBrokenTokenStoreTellsNothing(t *testing.T) {
	r := newRig(t)
	w := r.do("GET", "/api/v1/things", "", "Authorization", "Bearer broken")
	if p := r.problem(w, errs.Internal); strings.Contains(w.Body.String(), "10.0.0.7") || p.Request == "" {
		t.Errorf("%s", w.Body)
	}
}

func TestBadInput(t *testing.T) {
	r := newRig(t)
	for name, c := range map[string]struct {
		body        string
		code        errs.Code
		field, rule string
	}{
		"missing":        {`{}`, errs.Invalid, "text", "required"},
		"too long":       {`{"text":"elevenchars"}`, errs.Invalid, "text", "too_long"},
		"too short":      {`{"text":"a"}`, errs.Invalid, "text", "too_short"},
		"wrong type":     {`{"text":7}`, errs.Invalid, "text", "wrong_type"},
		"unknown choice": {`{"text":"lamp","kind":"z"}`, errs.Invalid, "kind", "unknown"},
		"too high":       {`{"text":"lamp","n":6}`, errs.Invalid, "n", "too_high"},
		"unknown field":  {`{"text":"lamp","owner":"me"}`, errs.Invalid, "owner", "unexpected"},
		"bad UTF-8":      {"{\"text\":\"\xff\xfe\"}", errs.Invalid, "body", "encoding"},
		"zero character": {`{"text":"a\u0000b"}`, errs.Invalid, "body", "encoding"},
		"not JSON":       {`{"text":`, errs.Invalid, "", ""},
		"empty":          {``, errs.Invalid, "", ""},
		"too large":      {`{"text":"` + strings.Repeat("a", 1<<20) + `"}`, errs.TooLarge, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r.t = t
			w := r.do("POST", "/api/v1/things", c.body, "Authorization", bearer, "Idempotency-Key", key, "Content-Type", "application/json")
			p := r.problem(w, c.code)
			if c.field != "" && (len(p.Fields) != 1 || p.Fields[0].Name != c.field || p.Fields[0].Rule != c.rule) {
				t.Errorf("%s", w.Body)
			}
			if strings.Contains(w.Body.String(), "elevenchars") {
				t.Error("what was sent is echoed")
			}
		})
	}
	r.t = t
	r.problem(r.do("POST", "/api/v1/things", "a=1", "Authorization", bearer, "Idempotency-Key", key, "Content-Type", "text/plain"), errs.UnsupportedType)
	for query, rule := range map[string]string{"limit=1000": "too_high", "limit=x": "wrong_type", "nonsense=1": "unexpected"} {
		p := r.problem(r.do("GET", "/api/v1/things?"+query, ""), errs.Invalid)
		if len(p.Fields) != 1 || p.Fields[0].Rule != rule || p.Fields[0].Name != strings.Split(query, "=")[0] {
			t.Errorf("%s: %+v", query, p.Fields)
		}
	}
	r.problem(r.do("GET", "/api/v1/things?q=%ff", ""), errs.Invalid)
	w := r.do("POST", "/api/v1/things", `{"text":"a\\u0000"}`, "Authorization", bearer, "Idempotency-Key", key)
	if w.Code != 201 {
		t.Errorf("an escaped backslash is refused: %s", w.Body)
	}
}

func TestLanguageOfProblems(t *testing.T) {
	r := newRig(t)
	p := r.problem(r.do("GET", "/api/v1/things?limit=0", "", "Accept-Language", "ru"), errs.Invalid)
	if p.Title != "Вызов не по описанию" || p.Fields[0].Detail != "Укажите число не меньше 1." {
		t.Errorf("%+v", p)
	}
}

func TestStaleChange(t *testing.T) {
	r := newRig(t)
	path := "/api/v1/things/" + id.New().String()
	put := func(headers ...string) *httptest.ResponseRecorder {
		return r.do("PUT", path, `{"text":"lamp"}`, append(headers, "Authorization", bearer)...)
	}
	if w := put("If-Match", `"v3"`); w.Code != 200 || w.Header().Get("ETag") != `"v4"` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	r.problem(put("If-Match", `"v2"`), errs.Stale)
	r.problem(put("If-Match", `*`), errs.Invalid)
	r.problem(put(), errs.Invalid)
	r.problem(r.do("PUT", "/api/v1/things/17", `{"text":"lamp"}`, "Authorization", bearer, "If-Match", `"v3"`), errs.NotFound)
}

func TestPages(t *testing.T) {
	r := newRig(t)
	var page Page[thing]
	if err := json.Unmarshal(r.do("GET", "/api/v1/things?q=x", "").Body.Bytes(), &page); err != nil || page.Next == "" || len(page.Items) != 1 {
		t.Fatalf("%+v %v", page, err)
	}
	if w := r.do("GET", "/api/v1/things?q=x&cursor="+page.Next, ""); w.Code != 200 || strings.Contains(w.Body.String(), "next") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	r.problem(r.do("GET", "/api/v1/things?q=y&cursor="+page.Next, ""), errs.Invalid)
	other := "A"
	if page.Next[:1] == other {
		other = "B"
	}
	r.problem(r.do("GET", "/api/v1/things?q=x&cursor="+other+page.Next[1:], ""), errs.Invalid)
}

func TestFailuresOfOurOwn(t *testing.T) {
	r := newRig(t)
	for q, secret := range map[string]string{"panic": "secret-1", "fail": "secret-2"} {
		w := r.do("GET", "/api/v1/things?q="+q, "")
		r.problem(w, errs.Internal)
		if strings.Contains(w.Body.String(), "secret") || strings.Count(r.log.String(), secret) != 1 {
			t.Errorf("%s\n%s", w.Body, r.log)
		}
	}
}

func TestRegisterRefuses(t *testing.T) {
	r := newRig(t)
	ok := Operation{ID: "x", Method: "POST", Path: "/x", Tag: "X", Summary: "X", Repeatable: true}
	for name, c := range map[string]struct {
		action policy.Action
		change func(*Operation)
	}{
		"no action":          {"", func(*Operation) {}},
		"silent POST":        {"a.b", func(o *Operation) { o.Repeatable = false }},
		"unguarded change":   {"a.b", func(o *Operation) { o.Method, o.Repeatable = "PATCH", false }},
		"creates by GET":     {"a.b", func(o *Operation) { o.Method, o.Create = "GET", true }},
		"taken ID":           {"a.b", func(o *Operation) { o.ID = "make-thing" }},
		"nothing to read of": {"a.b", func(o *Operation) { o.Summary = "" }},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was accepted", name)
				}
			}()
			op := ok
			c.change(&op)
			Register(r.api, op, c.action, func(context.Context, Call, *struct{}) (*struct{}, error) { return nil, nil })
		}()
	}
}

func TestDescription(t *testing.T) {
	r := newRig(t)
	w := r.do("GET", "/api/v1/openapi.json", "")
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			Parameters []struct {
				Name     string
				Required bool
			}
			Responses map[string]struct{ Content map[string]any }
			Security  []map[string][]string
			Action    string `json:"x-okno-action"`
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Fatalf("%v %s", err, w.Body)
	}
	post := doc.Paths["/things"]["post"]
	if len(post.Parameters) != 1 || post.Parameters[0].Name != "Idempotency-Key" || !post.Parameters[0].Required || post.Action != "test.make" || len(post.Security) != 1 {
		t.Errorf("%+v", post)
	}
	if _, ok := post.Responses["422"].Content["application/problem+json"]; !ok {
		t.Errorf("problems are not described: %+v", post.Responses)
	}
	if _, ok := doc.Components.Schemas["Problem"]; !ok || strings.Contains(w.Body.String(), "ErrorModel") {
		t.Error("huma's error model shows")
	}
	if y := r.do("GET", "/api/v1/openapi.yaml", ""); y.Code != 200 || !strings.Contains(y.Body.String(), "openapi: 3.1") {
		t.Errorf("%d %s", y.Code, y.Body)
	}
	page := r.do("GET", "/api", "", "Accept-Language", "ru")
	for _, part := range []string{"Программный интерфейс", "/api/v1/things", "Idempotency-Key", `href="#schema-Thing"`, `id="schema-Thing"`, `id="schema-Problem"`, "/errors/stale"} {
		if !strings.Contains(page.Body.String(), part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	if strings.Contains(page.Body.String(), "<script") || page.Code != http.StatusOK {
		t.Error("the page needs scripts")
	}
}
