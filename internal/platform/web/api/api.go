// Package api is how use cases are called by programs: JSON over HTTP under
// /api/v1, described by OpenAPI 3.1, with bearer tokens, problem documents,
// idempotency keys, If-Match and cursor pages.
//
// [Register] is the one way to add an operation: it demands the policy action,
// and it refuses, at start, a POST that says nothing about being repeated and
// a change that doesn't say which version it changes. Failures are the same as
// those of pages ([web.Problem]); huma's own model shows nowhere.
package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
)

// Prefix is the path of version 1; within it there are only additions.
const Prefix = "/api/v1"

// TokenResolver tells who holds an access token. Identity implements it.
type TokenResolver interface {
	// ResolveToken finds the actor of token, complete as of a session. An
	// unknown, ended or expired token is errs.Unauthenticated.
	ResolveToken(ctx context.Context, token string) (policy.Actor, error)
}

// API is the set of operations.
type API struct {
	srv     *web.Server
	tokens  TokenResolver
	huma    huma.API
	ops     []Registered
	pending struct { // of the operation that is being registered
		access    web.Access
		body      int64
		takesFile bool
	}
	described sync.Once
	json      []byte
	yaml      []byte
	descErr   error
}

// Registered is an operation and the action that it asks policy for.
type Registered struct {
	Operation Operation
	Action    policy.Action
}

// Operation describes an operation. Texts are English.
type Operation struct {
	ID          string // "file-report": unique, for generated clients
	Method      string
	Path        string // under /api/v1: "/reports/{id}"
	Tag         string // group in the documentation: "Reports"
	Summary     string
	Description string

	Open       bool // callable without a token
	Create     bool // makes a thing: demands Idempotency-Key, answers 201
	Keyed      bool // takes an Idempotency-Key from who repeats: what was done by it isn't done again
	IfMatch    bool // changes a thing: demands If-Match with the version seen
	Repeatable bool // a writing call that may be repeated without harm, or guards itself
	Status     int  // of success; 200, or 201 where it creates, or 204 where the output has no body
	MaxBody    int64
	TakesFile  bool        // the body is a file's bytes, which the use case reads from Call.Request.Body
	SendsFile  bool        // the answer is a file's bytes, written by the output's Body
	Errors     []errs.Code // beyond those that every operation may answer
}

// Call is what an operation's use case knows besides its input.
type Call struct {
	Actor   policy.Actor
	Key     string // idempotency key of an operation that creates, or is keyed ("" where the caller sent none)
	Version int64  // version seen, of an operation with IfMatch
	Request *web.Request
}

// Cursor reads the cursor of a list that filter describes ([web.Cursors]).
func (c Call) Cursor(text string, filter any) (*web.Cursor, error) {
	return c.Request.Cursors().Decode(text, filter)
}

// Next writes the cursor after a row; "" for nil, the end of the list.
func (c Call) Next(after *web.Cursor, filter any) string {
	if after == nil {
		return ""
	}
	return c.Request.Cursors().Encode(*after, filter)
}

// PageInput is embedded in the input of operations that list.
type PageInput struct {
	Cursor string `query:"cursor" maxLength:"1024" doc:"Where the next page begins: next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Rows in a page"`
}

// Page is a page of a list.
type Page[T any] struct {
	Items []T    `json:"items" doc:"The rows"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last one"`
	Total *int   `json:"total,omitempty" doc:"How many there are, exact up to 1,000"`
	More  bool   `json:"total_more,omitempty" doc:"There are more than total"`
}

// New makes an API on srv without operations but its description: openapi.json
// and openapi.yaml under /api/v1, and a page for people at /api.
func New(srv *web.Server, tokens TokenResolver, version string) *API {
	replaceErrors()
	a := &API{srv: srv, tokens: tokens}
	cfg := huma.DefaultConfig("Okno", version)
	cfg.Info.Description = "Reports to authorities and what becomes of them. Every operation that a page offers is here too."
	cfg.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "", "", ""
	cfg.CreateHooks = nil // no $schema in answers
	cfg.RejectUnknownQueryParameters = true
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "Access token of a person, made in their account. It acts for the person alone, or for the one organisation that it was made for, with the roles that the person holds there now."},
	}
	a.huma = humago.NewWithPrefix(mux{a}, Prefix, cfg)
	a.describe()
	return a
}

// mux lets the library register its handlers on the site's server.
type mux struct{ a *API }

func (m mux) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	a, access, takesFile := m.a, m.a.pending.access, m.a.pending.takesFile
	a.srv.HandleRaw(pattern, access, func(w http.ResponseWriter, r *web.Request) {
		if err := a.admit(r, access); err != nil {
			a.srv.Fail(w, r, err)
			return
		}
		if err := checkText(r, takesFile); err != nil {
			a.srv.Fail(w, r, err)
			return
		}
		h(w, r.Request)
	}, web.MaxBody(a.pending.body))
}

// ServeHTTP is never called: requests reach operations through the server.
func (m mux) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.a.srv.ServeHTTP(w, r) }

// admit finds the caller by token and holds the call's rate. A bad token is
// refused even where none is needed: a program should learn that it is bad.
func (a *API) admit(r *web.Request, access web.Access) error {
	scheme, token, given := strings.Cut(r.Header.Get("Authorization"), " ")
	given = given && strings.EqualFold(scheme, "bearer")
	if !given || a.tokens == nil {
		if err := a.srv.Limit(r, "A"+r.Client.String(), a.srv.Rates().API); err != nil {
			return err
		}
		if access.Open && r.Header.Get("Authorization") == "" {
			return nil
		}
		return errs.New(errs.Unauthenticated, "")
	}
	actor, err := a.tokens.ResolveToken(r.Context(), strings.TrimSpace(token))
	if errs.Is(err, errs.Unauthenticated) {
		if err := a.srv.Limit(r, "A"+r.Client.String(), a.srv.Rates().API); err != nil {
			return err
		}
		return errs.New(errs.Unauthenticated, "error.token")
	}
	if err != nil {
		return fmt.Errorf("resolve token: %w", err)
	}
	if err := a.srv.Limit(r, "T"+token, a.srv.Rates().API); err != nil {
		return err
	}
	if r.Header.Get("Accept-Language") == "" && i18n.Known(actor.Lang) {
		r.Lang = actor.Lang
	}
	actor.Lang = r.Lang
	r.Actor = actor
	return nil
}

// Register adds an operation whose use case is use. I and O are structs in
// huma's way: path, query and header fields by tag, and Body. It panics on an
// operation that breaks the contract, a mistake of the program found at start.
func Register[I, O any](a *API, op Operation, action policy.Action, use func(ctx context.Context, c Call, in *I) (*O, error)) {
	a.check(op, action)
	a.ops = append(a.ops, Registered{op, action})
	body := op.MaxBody
	if body == 0 {
		body = 1 << 20
	}
	a.pending.access, a.pending.body, a.pending.takesFile = web.Access{Open: op.Open, Action: action}, body, op.TakesFile

	h := huma.Operation{OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Description,
		Tags: []string{op.Tag}, MaxBodyBytes: body, BodyReadTimeout: -1, DefaultStatus: op.Status,
		Extensions: map[string]any{"x-okno-action": string(action)}}
	if op.Create && op.Status == 0 {
		h.DefaultStatus = http.StatusCreated
	}
	if !op.Open {
		h.Security = []map[string][]string{{"token": {}}}
	}
	if op.TakesFile {
		h.RequestBody = &huma.RequestBody{Required: true, Content: bytesContent()}
	}
	if op.SendsFile {
		h.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: bytesContent()}}
	}
	for _, code := range a.codes(op) {
		if s := web.Status(code); !slices.Contains(h.Errors, s) {
			h.Errors = append(h.Errors, s)
		}
	}
	if op.Create {
		h.Parameters = append(h.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Required: true,
			Description: "Made by the caller for one thing to create. The same call again with the same key creates nothing and answers the same thing.",
			Schema:      &huma.Schema{Type: "string", MinLength: ptr(8), MaxLength: ptr(64), Pattern: "^[0-9A-Za-z_.:-]+$"}})
	}
	if op.Keyed {
		h.Parameters = append(h.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header",
			Description: "Made by the caller for one call. After a lost answer the same call with the same key does nothing again and answers how things stand; without a key a 412 may mean that the first call went through.",
			Schema:      &huma.Schema{Type: "string", MinLength: ptr(8), MaxLength: ptr(64), Pattern: "^[0-9A-Za-z_.:-]+$"}})
	}
	if op.IfMatch {
		h.Parameters = append(h.Parameters, &huma.Param{Name: "If-Match", In: "header", Required: true,
			Description: "ETag of the version that the caller saw; another one is refused with 412.",
			Schema:      &huma.Schema{Type: "string", Pattern: `^"v[0-9]+"$`}})
	}
	huma.Register(a.huma, h, func(ctx context.Context, in *I) (*O, error) {
		call, err := a.call(ctx, op)
		if err == nil {
			var out *O
			if out, err = use(ctx, call, in); err == nil {
				return out, nil
			}
		}
		p := a.srv.Failed(call.Request, err)
		return nil, &p
	})
}

// bytesContent describes a body that is a file.
func bytesContent() map[string]*huma.MediaType {
	return map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}
}

func (a *API) check(op Operation, action policy.Action) {
	bad := func(why string) { panic("api: " + op.Method + " " + op.Path + ": " + why) }
	writes := op.Method != http.MethodGet && op.Method != http.MethodHead
	switch {
	case action == "":
		bad("names no policy action")
	case op.ID == "" || op.Summary == "" || op.Tag == "":
		bad("needs ID, Summary and Tag")
	case op.Create && op.Method != http.MethodPost:
		bad("creates by another method than POST")
	case op.Method == http.MethodPost && !op.Create && !op.IfMatch && !op.Repeatable:
		bad("a POST must say whether it creates, changes by If-Match, or may be repeated")
	case writes && op.Method != http.MethodPost && !op.IfMatch && !op.Repeatable:
		bad("a change must demand If-Match or be repeatable")
	case !writes && (op.Create || op.IfMatch || op.Keyed):
		bad("a reading call changes nothing")
	}
	for _, other := range a.ops {
		if other.Operation.ID == op.ID {
			bad("ID " + op.ID + " is taken")
		}
	}
}

func (a *API) codes(op Operation) []errs.Code {
	codes := []errs.Code{errs.Invalid, errs.RateLimited, errs.Internal, errs.Unavailable, errs.Unauthenticated}
	if !op.Open {
		codes = append(codes, errs.Forbidden)
	}
	if strings.Contains(op.Path, "{") {
		codes = append(codes, errs.NotFound)
	}
	if op.Method != http.MethodGet {
		codes = append(codes, errs.TooLarge, errs.UnsupportedType, errs.Conflict)
	}
	if op.IfMatch {
		codes = append(codes, errs.Stale)
	}
	if op.Keyed {
		codes = append(codes, errs.IdempotencyMismatch)
	}
	return append(codes, op.Errors...)
}

// call reads what the contract demands of the request.
func (a *API) call(ctx context.Context, op Operation) (Call, error) {
	r := web.From(ctx)
	c := Call{Actor: r.Actor, Request: r}
	if op.Create || op.Keyed {
		c.Key = r.Header.Get("Idempotency-Key")
		if !web.ValidKey(c.Key) && (op.Create || c.Key != "") {
			return c, errs.InvalidFields(errs.Field{Name: "Idempotency-Key", Rule: "idempotency_key"})
		}
	}
	if op.IfMatch {
		var err error
		if c.Version, err = r.IfMatch(); err != nil {
			return c, err
		}
	}
	return c, nil
}

// Operations lists what is registered, for the test of action × role × relation.
func (a *API) Operations() []Registered { return a.ops }

// ID is an id in a path: `Case api.ID `path:"id"“. What is no id names
// nothing, and is answered as anything else that isn't there.
type ID string

// Parse is the id, or [errs.NotFound].
func (s ID) Parse() (id.ID, error) {
	out, err := id.Parse(string(s))
	if err != nil {
		return id.Nil, errs.New(errs.NotFound, "")
	}
	return out, nil
}

func ptr[T any](v T) *T { return &v }
