package web

import (
	"context"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"okno/internal/platform/i18n"
	"okno/internal/policy"
)

// Handler answers one request. ctx is the request's own, with its language.
type Handler func(ctx context.Context, r *Request) (Response, error)

// Request is an HTTP request and what the middleware found out about it.
type Request struct {
	*http.Request

	ID     string         // of this request: in the log, in X-Request-Id, on the page of an internal error
	Actor  policy.Actor   // who asks; [policy.Nobody] where nobody is signed in
	Lang   string         // "ru" or "en"
	Zone   *time.Location // of the reader; the installation's where nobody is signed in
	Prefs  Prefs          // how the reader wants pages to look
	Flash  *Flash         // a message left by the page before, shown once
	Client netip.Addr     // address of the client, behind trusted proxies
	Now    time.Time      // when the request came, by the program's clock

	srv     *Server
	token   string // session token of the cookie, "" where there is none
	reply   http.Header
	start   time.Time
	route   *Route
	kept    []*KeptForm // nil: not looked for yet
	tokens  []string    // of kept forms; nil: as the browser sent them
	chooses bool        // the page shows kept forms by itself: this one, or none
	shows   *KeptForm
	lost    bool // the form's words could not be kept
	aside   bool // the form was set aside, not sent

	whole  io.Reader  // the body without the route's limit
	before url.Values // what stood before the file that was too large
}

// Prefs is how a reader wants pages to look: the fields of the design system's
// View, which converts from it. It stands in a cookie before sign-in; the
// account's is laid over it afterwards. An empty field follows the device.
type Prefs struct {
	Theme    string // light, dark
	Contrast string // normal, high
	Size     string // 125, 150, 200
	Spacing  string // wide
	Pictures string // off
}

// key tells apart pages that look different.
func (p Prefs) key() string {
	if p == (Prefs{}) {
		return ""
	}
	return p.Theme + "," + p.Contrast + "," + p.Size + "," + p.Spacing + "," + p.Pictures
}

// Flash is a message for the next page, without JavaScript: a catalogue key
// and its values, in a signed cookie.
type Flash struct {
	Kind string    `json:"k"` // success, info, warning
	Key  string    `json:"m"`
	Args i18n.Args `json:"a,omitempty"`
}

// T is the sentence of key in the reader's language.
func (r *Request) T(key string, args ...i18n.Args) string { return i18n.T(r.Lang, key, args...) }

// N is [Request.T] with plural forms.
func (r *Request) N(key string, n int, args ...i18n.Args) string {
	return i18n.N(r.Lang, key, n, args...)
}

// SessionToken is the raw token of the session cookie, "" where there is none.
// Only the module that keeps sessions needs it, to end one.
func (r *Request) SessionToken() string { return r.token }

// Fragment tells whether htmx asks for a part of a page instead of a page.
func (r *Request) Fragment() bool { return fragment(r.Request) }

func fragment(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-Boosted") != "true" &&
		r.Header.Get("HX-Request-Type") != "full"
}

// Page is the address of the page that the reader sees or saw: of a form that
// was sent, the page on which the form stands; "" where that isn't known.
func (r *Request) Page() string {
	switch {
	case !writes(r.Method) && !r.Fragment():
		return r.URL.RequestURI()
	case r.route != nil && r.route.back != nil: // knows better than the browser: after a refused form that names the form's own address
		return LocalPath(r.route.back(r))
	}
	return r.srv.cameFrom(r)
}

// PublicURL is the absolute address of path under the public address.
func (r *Request) PublicURL(path string) string { return r.srv.cfg.Address.URL(path) }

// Cursors signs and reads the cursors of keyset pages.
func (r *Request) Cursors() Cursors { return r.srv.cursors }

// Sessions tells who stands behind a session cookie. Identity implements it.
type Sessions interface {
	// Resolve finds the session of token. An unknown, ended or expired one is
	// errs.Unauthenticated: the request goes on signed out and the cookie is
	// removed. Any other error refuses the request.
	Resolve(ctx context.Context, token string) (Session, error)
}

// Session is what a session's cookie stands for.
type Session struct {
	Actor policy.Actor // complete: roles, organisation, subtree, territories, Lang and Zone where the account has them
	Prefs Prefs
}

type requestKey struct{}

// From finds the request whose page ctx renders; nil outside of one.
// Components use it for language, zone, prefs and addresses of assets.
func From(ctx context.Context) *Request {
	r, _ := ctx.Value(requestKey{}).(*Request)
	return r
}
