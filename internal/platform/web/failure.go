package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
)

var statuses = map[errs.Code]int{
	errs.Invalid:             http.StatusUnprocessableEntity,
	errs.Unauthenticated:     http.StatusUnauthorized,
	errs.Forbidden:           http.StatusForbidden,
	errs.NotFound:            http.StatusNotFound,
	errs.MethodNotAllowed:    http.StatusMethodNotAllowed,
	errs.Stale:               http.StatusPreconditionFailed,
	errs.Conflict:            http.StatusConflict,
	errs.Gone:                http.StatusGone,
	errs.TooLarge:            http.StatusRequestEntityTooLarge,
	errs.UnsupportedType:     http.StatusUnsupportedMediaType,
	errs.RateLimited:         http.StatusTooManyRequests,
	errs.IdempotencyMismatch: http.StatusUnprocessableEntity,
	errs.OutcomeUnknown:      http.StatusServiceUnavailable,
	errs.Unavailable:         http.StatusServiceUnavailable,
	errs.Internal:            http.StatusInternalServerError,
}

// Status is the HTTP status of a code.
func Status(code errs.Code) int {
	if s, ok := statuses[code]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// Problem is a failure as an RFC 9457 document.
type Problem struct {
	Type    string         `json:"type" doc:"Address of a page about this kind of failure" example:"/errors/not_found"`
	Title   string         `json:"title" doc:"The kind of failure in words, in the caller's language"`
	Status  int            `json:"status" doc:"HTTP status" example:"404"`
	Detail  string         `json:"detail" doc:"What happened and how to mend it, in the caller's language"`
	Code    errs.Code      `json:"code" doc:"The kind of failure for programs: a closed list" example:"not_found"`
	Fields  []ProblemField `json:"fields,omitempty" doc:"Inputs that break a rule"`
	Request string         `json:"request,omitempty" doc:"Number of the request, to name when asking for help"`
}

// ProblemField names one input that breaks a rule.
type ProblemField struct {
	Name   string         `json:"name" doc:"The input's name" example:"text"`
	Rule   string         `json:"rule" doc:"The rule for programs" example:"required"`
	Detail string         `json:"detail" doc:"The rule in words, in the caller's language"`
	Args   map[string]any `json:"args,omitempty" doc:"Bounds of the rule"`
}

// NewProblem describes err in lang. requestID shows only where the failure is
// ours: elsewhere two equal failures must be equal byte for byte.
func NewProblem(lang string, err error, requestID string) Problem {
	code := codeOf(err)
	p := Problem{Type: "/errors/" + string(code), Title: i18n.Title(lang, code), Status: Status(code), Code: code, Detail: i18n.Error(lang, err)}
	if p.Status >= 500 {
		p.Request = requestID
	}
	var e *errs.Error
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			p.Fields = append(p.Fields, ProblemField{f.Name, f.Rule, i18n.Field(lang, f), f.Args})
		}
	}
	return p
}

// NewProblemForPrograms is [NewProblem] in words that fit whoever reads them by
// a program: there is no page or form to speak of. What a use case says of its
// own stays, but of a stale version.
func NewProblemForPrograms(lang string, err error, requestID string) Problem {
	p := NewProblem(lang, forPrograms(err), requestID)
	p.Title = i18n.T(lang, "problem_title."+string(p.Code))
	return p
}

func forPrograms(err error) error {
	var e *errs.Error
	if !errors.As(err, &e) {
		return errs.New(codeOf(err), "problem."+string(codeOf(err)))
	}
	other := *e
	switch {
	case e.Key == "error.method":
		other.Key = "problem.method"
	case e.Key == "" || e.Code == errs.Stale:
		other.Key = "problem." + string(codeOf(e))
	}
	other.Fields = slices.Clone(e.Fields)
	for i, f := range other.Fields {
		if key := "problem_rule." + f.Rule; f.Key == "" && i18n.Has(i18n.Russian, key) {
			other.Fields[i].Key = key
		}
	}
	return &other
}

// codeOf adds to errs.CodeOf what the standard library says in its own words.
func codeOf(err error) errs.Code {
	code := errs.CodeOf(err)
	if code != errs.Internal {
		return code
	}
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return errs.TooLarge
	case errors.Is(err, context.DeadlineExceeded):
		return errs.Unavailable
	}
	return code
}

// fail is the one renderer of failures: a page, a fragment for htmx, or a
// problem document. Only failures of our own are logged, once, here.
func (s *Server) fail(w *recorder, r *Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		w.gone = true
		return
	}
	if s.leadBack(w, r, err) {
		return
	}
	s.writeFailure(w, r, s.note(r, err))
}

// note counts a failure, logs it where it is our own, and gives it its code.
func (s *Server) note(r *Request, err error) error {
	code := codeOf(err)
	if code == errs.Internal || code == errs.Unavailable || code == errs.OutcomeUnknown {
		s.cfg.Log.Error("request failed", "id", r.ID, "route", r.route.Pattern, "code", string(code), "error", err)
	}
	s.cfg.Metrics.failed(code)
	if code != errs.CodeOf(err) {
		err = errs.Wrap(code, err)
	}
	return err
}

// Fail writes err as a problem document, for handlers of [Server.HandleRaw].
func (s *Server) Fail(w http.ResponseWriter, r *Request, err error) {
	rec, ok := w.(*recorder)
	if !ok {
		rec = &recorder{ResponseWriter: w, problems: true}
	}
	s.fail(rec, r, err)
}

// Failed logs and counts err as [Server.Fail] does and returns its problem
// document for a caller that writes it itself.
func (s *Server) Failed(r *Request, err error) Problem {
	return NewProblemForPrograms(r.Lang, s.note(r, err), r.ID)
}

// retryAfter is in how many seconds to try again what could not be done now.
const retryAfter = "5"

// Unsaved tells whether err says that nothing can be written now, or that
// nobody knows whether it was: the same form may be sent again.
func Unsaved(err error) bool {
	code := codeOf(err)
	return err != nil && (code == errs.Unavailable || code == errs.OutcomeUnknown)
}

func (s *Server) writeFailure(w *recorder, r *Request, err error) {
	p := NewProblem(r.Lang, err, r.ID)
	if w.problems { // scripts of our own pages, which ask for JSON too, show its words to people
		p = NewProblemForPrograms(r.Lang, err, r.ID)
	}
	h := w.Header()
	h.Del("Content-Disposition")
	h.Del("Content-Encoding")
	h.Del("ETag")
	h.Del("Last-Modified")
	h.Set("Cache-Control", "private, no-store")
	if Unsaved(err) {
		h.Set("Retry-After", retryAfter)
	}
	if wantsProblem(w, r.Request) {
		if p.Code == errs.Unauthenticated && w.problems {
			h.Set("WWW-Authenticate", `Bearer realm="okno"`)
		}
		body, jsonErr := json.Marshal(p)
		if jsonErr != nil { // values of a sentence that JSON can't hold
			s.cfg.Log.Error("problem document", "id", r.ID, "error", jsonErr)
			p.Fields = nil
			body, _ = json.Marshal(p) // strings and a number
		}
		h.Set("Content-Type", "application/problem+json")
		write(w, r.Request, p.Status, body)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", cspPage)
	body, renderErr := s.failurePage(r, p)
	if renderErr != nil {
		s.cfg.Log.Error("page of a failure", "id", r.ID, "error", renderErr)
		h.Set("Content-Type", "text/plain; charset=utf-8")
		body = []byte(p.Title + "\n\n" + p.Detail + "\n")
	}
	write(w, r.Request, p.Status, body)
}

// failurePage renders p; a panic of the layout itself must not take the answer along.
func (s *Server) failurePage(r *Request, p Problem) (body []byte, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = errors.New("layout panicked")
		}
	}()
	signIn := ""
	if p.Code == errs.Unauthenticated {
		signIn = s.signInPath(r)
		if back := r.Page(); writes(r.Method) || r.Fragment() {
			signIn = s.cfg.SignIn
			if back != "" { // where the form stands, with its draft
				signIn += "?back=" + url.QueryEscape(back)
			}
		}
	}
	if r.Fragment() {
		return s.build(r, Fragment(failureFragment(r.Lang, p, signIn)))
	}
	back := ""
	if p.Code == errs.TooLarge {
		back = r.Page()
	}
	content := failureBody(r.Lang, p, signIn, back, r.lost)
	if p.Code == errs.Unavailable || p.Code == errs.OutcomeUnknown {
		if fields := sentFields(r); fields != nil { // what was written must not be lost with the answer
			content = templ.Join(content, sentAgain(r.Lang, r.URL.RequestURI(), fields))
		}
	}
	return s.build(r, Page(s.cfg.Layout(r, p.Title, content)))
}

// cameFrom is the path of our own page from which a request was sent; "" where
// the browser doesn't tell.
func (s *Server) cameFrom(r *Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return ""
	}
	return u.RequestURI()
}

// missing answers a request that no route matches; h is the mux's own answer,
// asked whether the path exists with another method.
func (s *Server) missing(h http.Handler, w http.ResponseWriter, hr *http.Request) {
	probe := &probe{header: http.Header{}}
	h.ServeHTTP(probe, hr)
	if allow := probe.header.Get("Allow"); allow != "" {
		w.Header().Set("Allow", allow)
	}
	s.serve(s.nothing, w, hr)
}

// notHere is the failure of a request that no route matches: 405 where
// [Server.missing] found the path with other methods, else 404.
func notHere(_ context.Context, r *Request) (Response, error) {
	if allow := r.reply.Get("Allow"); allow != "" {
		return nil, &errs.Error{Code: errs.MethodNotAllowed, Key: "error.method", Args: map[string]any{"Method": r.Method, "Allow": allow}}
	}
	return nil, errs.New(errs.NotFound, "")
}

type probe struct{ header http.Header }

func (p *probe) Header() http.Header         { return p.header }
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }
func (p *probe) WriteHeader(int)             {}

// errorPages serves /errors and /errors/CODE, where the types of problem
// documents lead.
func (s *Server) errorPages() {
	s.Handle("GET /errors/{code}", Open(""), func(_ context.Context, r *Request) (Response, error) {
		for _, code := range errs.Codes() {
			if string(code) == r.PathValue("code") {
				title := i18n.Title(r.Lang, code)
				return Page(s.cfg.Layout(r, title, errorPage(r.Lang, code, Status(code)))), nil
			}
		}
		return nil, errs.New(errs.NotFound, "")
	}, Cached(longCache))
}

// Error, GetStatus and ContentType let the API's library send a Problem as its
// own kind of error.

// Error implements error; it is the code, for no one but logs reads it.
func (p *Problem) Error() string { return string(p.Code) }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }
