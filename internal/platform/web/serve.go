package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// programs is the root of all paths that programs ask: failures below it are
// problem documents even where no route is.
const programs = "/api/"

var tracer = otel.Tracer("okno/web")

// serve answers a request of a route with pages.
func (s *Server) serve(route *Route, w http.ResponseWriter, hr *http.Request) {
	rec := &recorder{ResponseWriter: w, problems: route == s.nothing && strings.HasPrefix(hr.URL.Path, programs)}
	r, end := s.begin(route, rec, hr)
	defer end()
	s.secure(rec.Header(), cspPage)

	generation := s.pages.generation.Load()
	resp, err := s.answer(route, r)
	if start := startOfList(r, err); start != nil {
		resp, err = start, nil
	}
	if err != nil {
		s.fail(rec, r, err)
		return
	}
	if resp == nil {
		s.fail(rec, r, errors.New("handler answered nothing"))
		return
	}
	p := resp.reply()
	if p.failure != nil {
		s.note(r, p.failure)
	}
	s.send(rec, r, p, generation)
}

// answer does what stands before and in the handler.
func (s *Server) answer(route *Route, r *Request) (Response, error) {
	if err := s.resolve(r); err != nil {
		return nil, err
	}
	if err := s.checkOrigin(r); err != nil {
		return nil, err
	}
	if err := s.checkRate(r); err != nil {
		return nil, err
	}
	if !route.Access.Open && !r.Actor.SignedIn() {
		return s.askToSignIn(r)
	}
	if r.Body != nil && r.Body != http.NoBody {
		r.whole = r.Body
		r.Body = http.MaxBytesReader(nil, r.Body, route.body)
	}
	return route.handler(r.Context(), r)
}

// serveRaw answers a request of a route that writes its own answer.
func (s *Server) serveRaw(route *Route, h func(http.ResponseWriter, *Request), w http.ResponseWriter, hr *http.Request) {
	rec := &recorder{ResponseWriter: w, problems: true}
	r, end := s.begin(route, rec, hr)
	defer end()
	s.secure(rec.Header(), cspAPI)
	rec.Header().Set("Cache-Control", "private, no-store")
	r.Lang = language(hr, "", "")
	r.Actor = policy.Nobody(r.Lang)
	r.Request = hr.WithContext(context.WithValue(i18n.WithLang(r.Context(), r.Lang), requestKey{}, r))
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = http.MaxBytesReader(rec, r.Body, route.body)
	}
	h(rec, r)
}

// begin makes the request; end recovers a panic, ends the span, logs and counts.
func (s *Server) begin(route *Route, rec *recorder, hr *http.Request) (*Request, func()) {
	r := &Request{Request: hr, ID: id.New().String(), Zone: s.cfg.Zone, Client: s.client(hr), srv: s,
		Now: s.cfg.Clock.Now(), start: time.Now(), route: route, reply: rec.Header(), Lang: i18n.Russian}
	rec.Header()["X-Request-Id"] = []string{r.ID}
	ctx := otel.GetTextMapPropagator().Extract(hr.Context(), propagation.HeaderCarrier(hr.Header))
	ctx, span := tracer.Start(ctx, route.Pattern, trace.WithSpanKind(trace.SpanKindServer))
	r.Request = hr.WithContext(ctx)
	return r, func() {
		if v := recover(); v != nil {
			s.recovered(rec, r, v)
		}
		if r.MultipartForm != nil {
			if err := r.MultipartForm.RemoveAll(); err != nil {
				s.cfg.Log.Error("remove uploaded files", "id", r.ID, "error", err)
			}
		}
		took := time.Since(r.start)
		if span.IsRecording() {
			span.SetAttributes(attribute.Int("http.response.status_code", rec.code()), attribute.String("okno.request_id", r.ID))
		}
		span.End()
		route.metric.observe(hr.Method, rec.code(), took)
		s.cfg.Log.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("id", r.ID), slog.String("route", route.Pattern),
			slog.Int("status", rec.code()), slog.Int64("bytes", rec.bytes), slog.Float64("ms", float64(took.Microseconds())/1000))
	}
}

// recovered answers a panic. Its text and stack go to the log alone.
func (s *Server) recovered(rec *recorder, r *Request, v any) {
	if v == http.ErrAbortHandler {
		panic(v)
	}
	s.cfg.Log.Error("panic", "id", r.ID, "route", r.route.Pattern, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
	if rec.status != 0 { // half an answer is out: break the connection, so that nobody takes it for a whole one
		s.cfg.Metrics.panicked()
		panic(http.ErrAbortHandler)
	}
	s.cfg.Metrics.panicked()
	s.writeFailure(rec, r, errs.New(errs.Internal, ""))
}

// resolve finds who asks, in which language and zone.
func (s *Server) resolve(r *Request) error {
	prefs, chosen := ParsePrefs(cookieValue(r.Request, viewCookie)), chosenLanguage(r.Request)
	r.Prefs = prefs
	r.Actor = policy.Nobody("")
	var failed error
	if token := cookieValue(r.Request, s.cfg.Cookie); token != "" && s.cfg.Sessions != nil {
		session, err := s.cfg.Sessions.Resolve(r.Context(), token)
		switch {
		case err == nil:
			r.token, r.Actor, r.Prefs = token, session.Actor, session.Prefs.over(prefs)
			if zone, err := clock.Zone(session.Actor.Zone); err == nil && session.Actor.Zone != "" {
				r.Zone = zone
			}
		case errs.Is(err, errs.Unauthenticated):
			http.SetCookie(headerWriter{r.reply}, deadCookie(s.cfg.Cookie))
		default:
			failed = fmt.Errorf("resolve session: %w", err)
		}
	}
	r.Lang = language(r.Request, chosen, r.Actor.Lang)
	r.Actor.Lang = r.Lang
	if r.Actor.Zone == "" {
		r.Actor.Zone = r.Zone.String()
	}
	r.Flash = s.readFlash(r.Request)
	r.Request = r.Request.WithContext(context.WithValue(i18n.WithLang(r.Context(), r.Lang), requestKey{}, r))
	if r.Lang != chosen && r.URL.Query().Get("lang") == r.Lang {
		http.SetCookie(headerWriter{r.reply}, languageCookie(r.Lang))
	}
	return failed
}

// headerWriter lets http.SetCookie write into a header.
type headerWriter struct{ h http.Header }

func (w headerWriter) Header() http.Header         { return w.h }
func (w headerWriter) Write(b []byte) (int, error) { return len(b), nil }
func (w headerWriter) WriteHeader(int)             {}

func writes(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// checkOrigin refuses a writing request that another site may have caused:
// what http.CrossOriginProtection finds, and beyond it one that carries a
// session and says nothing of where it comes from.
func (s *Server) checkOrigin(r *Request) error {
	if err := s.origin.Check(r.Request); err != nil {
		return &errs.Error{Code: errs.Forbidden, Key: "error.origin_foreign", Err: err}
	}
	if writes(r.Method) && cookieValue(r.Request, s.cfg.Cookie) != "" &&
		r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
		return errs.New(errs.Forbidden, "error.origin_missing")
	}
	return nil
}

func (s *Server) checkRate(r *Request) error {
	rates := s.cfg.Rates
	key, rate := "a"+r.Client.String(), rates.Read
	switch signed, writing := r.Actor.SignedIn(), writes(r.Method); {
	case signed && writing:
		key, rate = "w"+r.token, rates.UserWrite
	case signed:
		key, rate = "r"+r.token, rates.UserRead
	case writing:
		key, rate = "p"+r.Client.String(), rates.Write
	}
	return s.Limit(r, key, rate)
}

// Limit takes a token of key's bucket; where there is none it sets Retry-After
// and returns [errs.RateLimited].
func (s *Server) Limit(r *Request, key string, rate Rate) error {
	if s.cfg.Rates.Off {
		return nil
	}
	wait, ok := s.limiter.Allow(key, rate)
	if ok {
		return nil
	}
	seconds := int(wait/time.Second) + 1
	r.reply.Set("Retry-After", fmt.Sprint(seconds))
	s.cfg.Metrics.limited()
	return errs.With(errs.RateLimited, "error.rate_limited_wait", map[string]any{"Seconds": seconds})
}

// askToSignIn sends a reader to the sign-in page and back afterwards. A writing
// request is told instead, and whether its words are kept.
func (s *Server) askToSignIn(r *Request) (Response, error) {
	if writes(r.Method) && r.route.back != nil && (r.route.known || !r.byScript()) {
		kept, err := s.keep(r)
		if err != nil {
			s.cfg.Log.Error("form of a lost session not kept", "id", r.ID, "route", r.route.Pattern, "error", err)
		}
		if kept {
			return nil, errs.New(errs.Unauthenticated, "error.signed_out_kept")
		}
		r.lost = true
		return nil, errs.New(errs.Unauthenticated, "error.signed_out_lost")
	}
	if writes(r.Method) || r.Fragment() {
		return nil, errs.New(errs.Unauthenticated, "")
	}
	return Redirect(s.signInPath(r)), nil
}

// byScript tells whether a script of a page asks, and no form is sent.
func (r *Request) byScript() bool {
	mode := r.Header.Get("Sec-Fetch-Mode")
	return r.Fragment() || strings.Contains(r.Header.Get("Accept"), "json") ||
		mode != "" && mode != "navigate" && r.Header.Get("HX-Request") != "true"
}

// client is the address of the client: the last one in X-Forwarded-For that is
// not a trusted proxy, where the connection comes from one. IPv6 counts by /64,
// for that is what one subscriber gets.
func (s *Server) client(r *http.Request) netip.Addr {
	addr := netip.Addr{}
	if ap, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		addr = ap.Addr().Unmap()
	}
	if len(s.cfg.Proxies) > 0 && s.trusted(addr) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0; i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			addr = hop.Unmap()
			if !s.trusted(addr) {
				break
			}
		}
	}
	if addr.Is6() {
		if p, err := addr.WithZone("").Prefix(64); err == nil {
			addr = p.Addr()
		}
	}
	return addr
}

func (s *Server) trusted(addr netip.Addr) bool {
	for _, p := range s.cfg.Proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// recorder remembers what was sent.
type recorder struct {
	http.ResponseWriter
	status   int
	bytes    int64
	gone     bool // the client left before an answer
	problems bool // failures are problem documents whatever the client accepts
}

func (w *recorder) WriteHeader(code int) {
	if w.status == 0 && code >= 200 {
		w.status = code
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) code() int {
	if w.gone {
		return 499
	}
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}
