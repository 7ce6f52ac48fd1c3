package web

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"okno/internal/platform/clock"
	"okno/internal/policy"
)

// Config is what a [Server] is made of. Address and Secret are needed; every
// other zero value works.
type Config struct {
	Address  Address          // public address, see [ParseAddress]
	Secret   []byte           // at least 32 bytes; signs flash cookies and cursors
	Cookie   string           // name of the session cookie; "__Host-okno"
	Sessions Sessions         // nil: nobody is ever signed in
	Kept     Keeper           // of words sent without a session; nil: they are lost
	Clock    clock.Clock      // nil: the machine's
	Log      *slog.Logger     // nil: slog.Default
	Metrics  *Metrics         // nil: not counted
	Zone     *time.Location   // of signed-out readers; Europe/Moscow
	Proxies  []netip.Prefix   // whose X-Forwarded-For is believed
	Rates    Rates            // limits; zero fields have defaults
	Layout   Layout           // frame of pages that this package makes; nil: a bare one
	SignIn   string           // page where a signed-out reader is sent; "/sign-in"
	Checks   map[string]Check // of /readyz, by name
}

// Layout frames body as a whole page of the site. ctx of rendering carries the
// request ([From]).
type Layout func(r *Request, title string, body templ.Component) templ.Component

// Check tells whether something that the program needs works.
type Check func(ctx context.Context) error

// Access says who may call a route at all. What they may do there is decided
// by policy in the use case.
type Access struct {
	Open   bool          // signed-out readers too
	Action policy.Action // what the route is for; tests walk route × role × relation by it
}

// Open is a route for everybody. action may be "" where nothing is protected.
func Open(action policy.Action) Access { return Access{Open: true, Action: action} }

// SignedIn is a route for people with a session.
func SignedIn(action policy.Action) Access { return Access{Action: action} }

// Route is a registered pattern.
type Route struct {
	Pattern string // of net/http: "GET /reports/{id}"
	Access  Access
	handler Handler
	cache   time.Duration
	body    int64
	metric  *routeMetric
	back    func(r *Request) string // see [KeepsWords]; of other forms [formPage]
	known   bool                    // back was said by KeepsWords
	bare    bool                    // see [NoWords]
}

// Option refines a route.
type Option func(*Route)

// Cached keeps the route's pages for signed-out readers as compressed bytes
// for at most ttl, or until [Server.Forget]. Only GET without a query, only
// answers with status 200 and without cookies.
func Cached(ttl time.Duration) Option { return func(r *Route) { r.cache = ttl } }

// MaxBody allows bodies up to n bytes; the default is 1 MB.
func MaxBody(n int64) Option { return func(r *Route) { r.body = n } }

// NoWords marks a route whose form holds nothing that somebody wrote, or a
// password: nothing of it is kept when the session was lost.
func NoWords() Option { return func(r *Route) { r.bare = true } }

// formPage is the page that shows the form which r sends: the one that it came
// from, where that can be opened, else the form's own address, else the first page.
func formPage(r *Request) string {
	for _, page := range []string{r.srv.cameFrom(r), r.URL.RequestURI()} {
		if u, err := url.ParseRequestURI(page); err == nil {
			if _, pattern := r.srv.mux.Handler(&http.Request{Method: http.MethodGet, URL: u, Host: r.Host}); pattern != "" {
				return page
			}
		}
	}
	return "/"
}

// Server is the site: routes behind one chain of middleware.
type Server struct {
	cfg     Config
	mux     *http.ServeMux
	routes  []*Route
	pages   *pageCache
	limiter *Limiter
	cursors Cursors
	flash   signer
	origin  *http.CrossOriginProtection
	ready   readiness
	nothing *Route // of requests that no route matches
}

// New makes a server without routes but those of errors and health.
func New(cfg Config) (*Server, error) {
	if cfg.Address.origin == "" {
		return nil, errors.New("web: no public address")
	}
	if len(cfg.Secret) < 32 {
		return nil, errors.New("web: the secret is shorter than 32 bytes")
	}
	if cfg.Cookie == "" {
		cfg.Cookie = "__Host-okno"
	}
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.SignIn == "" {
		cfg.SignIn = "/sign-in"
	}
	if cfg.Zone == nil {
		zone, err := time.LoadLocation("Europe/Moscow")
		if err != nil {
			return nil, fmt.Errorf("web: zone: %w", err)
		}
		cfg.Zone = zone
	}
	if cfg.Layout == nil {
		cfg.Layout = bareLayout
	}
	cfg.Rates = cfg.Rates.orDefault()
	s := &Server{cfg: cfg, mux: http.NewServeMux(), limiter: NewLimiter(cfg.Clock, 100_000), origin: http.NewCrossOriginProtection()}
	if err := s.origin.AddTrustedOrigin(cfg.Address.origin); err != nil {
		return nil, fmt.Errorf("web: public address: %w", err)
	}
	s.pages = newPageCache(s)
	flashKey, err := hkdf.Key(sha256.New, cfg.Secret, nil, "okno web flash", 32)
	if err != nil {
		return nil, fmt.Errorf("web: derive key: %w", err)
	}
	s.flash = signer{flashKey}
	if s.cursors, err = NewCursors(cfg.Secret); err != nil {
		return nil, err
	}
	s.nothing = &Route{Pattern: "none", Access: Open(""), metric: cfg.Metrics.route("none"), handler: notHere}
	s.errorPages()
	s.health()
	return s, nil
}

// Handle registers a route. It panics on a pattern without a method or one
// that is taken: a mistake of the program, found at start.
func (s *Server) Handle(pattern string, access Access, h Handler, opts ...Option) {
	route := s.route(pattern, access, opts)
	route.handler = h
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, hr *http.Request) { s.serve(route, w, hr) })
}

// HandleRaw registers a handler that writes its own answer, behind the same
// middleware but without session cookies and their origin check: the API,
// which knows its callers by token. Failures are problem documents.
func (s *Server) HandleRaw(pattern string, access Access, h func(w http.ResponseWriter, r *Request), opts ...Option) {
	route := s.route(pattern, access, opts)
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, hr *http.Request) { s.serveRaw(route, h, w, hr) })
}

// Mount registers a plain handler, such as assets, without middleware but the
// security headers.
func (s *Server) Mount(pattern string, h http.Handler) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		s.secure(w.Header(), cspPage)
		h.ServeHTTP(w, r)
	})
}

func (s *Server) route(pattern string, access Access, opts []Option) *Route {
	route := &Route{Pattern: pattern, Access: access, body: 1 << 20}
	for _, o := range opts {
		o(route)
	}
	if strings.HasPrefix(pattern, http.MethodPost+" ") && !access.Open && !route.bare {
		if route.known = route.back != nil; !route.known {
			route.back = formPage
		}
	}
	route.metric = s.cfg.Metrics.route(pattern)
	s.routes = append(s.routes, route)
	return route
}

// Routes lists what is registered, for the test of route × role × relation.
func (s *Server) Routes() []Route {
	out := make([]Route, len(s.routes))
	for i, r := range s.routes {
		out[i] = Route{Pattern: r.Pattern, Access: r.Access}
	}
	return out
}

// Cursors signs and reads the cursors of keyset pages.
func (s *Server) Cursors() Cursors { return s.cursors }

// Rates are the limits in force.
func (s *Server) Rates() Rates { return s.cfg.Rates }

// Frame lays the site's layout around body.
func (s *Server) Frame(r *Request, title string, body templ.Component) *Reply {
	return Page(s.cfg.Layout(r, title, body))
}

// Limiter is the server's limiter, for rules of a module's own.
func (s *Server) Limiter() *Limiter { return s.limiter }

// Forget drops cached pages whose path begins with prefix ("" all): what they
// show has changed.
func (s *Server) Forget(prefix string) { s.pages.forget(prefix) }

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.byNumber(r) {
		http.Redirect(w, r, s.cfg.Address.URL(LocalPath(r.URL.RequestURI())), http.StatusTemporaryRedirect)
		return
	}
	if s.pages.serve(w, r) {
		return
	}
	if !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0) {
		s.missing(http.NotFoundHandler(), w, r)
		return
	}
	h, pattern := s.mux.Handler(r)
	if pattern == "" {
		s.missing(h, w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// byNumber tells whether a browser came to 127.0.0.1 where the site is called
// localhost: browsers keep neither its cookies nor its passkeys there.
func (s *Server) byNumber(r *http.Request) bool {
	if s.cfg.Address.secure || r.Method != http.MethodGet || !strings.Contains(r.Header.Get("Accept"), "text/html") {
		return false
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}
