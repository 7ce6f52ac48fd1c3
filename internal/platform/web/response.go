package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// Response is what a handler answers. It is made by [Page], [Fragment],
// [Redirect], [File], [Stream], [JSON] or [NoContent] and refined by the
// methods of [Reply].
type Response interface{ reply() *Reply }

// Reply is every kind of answer.
type Reply struct {
	status  int
	header  http.Header
	cookies []*http.Cookie
	flash   *Flash
	before  []func(ctx context.Context) error

	page    templ.Component                                    // a whole page or a fragment
	whole   bool                                               // page is a whole page: consumes the flash message
	body    func(ctx context.Context) ([]byte, error)          // made in memory before sending
	send    func(w http.ResponseWriter, r *http.Request) error // sends itself, after before
	signIn  *signIn
	signOut bool
	csp     string
	failure error // that the page tells of
}

type signIn struct {
	token string
	until time.Time
}

func (p *Reply) reply() *Reply { return p }

func newReply(status int) *Reply { return &Reply{status: status, header: http.Header{}} }

// Page answers with a whole page.
func Page(c templ.Component) *Reply {
	p := newReply(http.StatusOK)
	p.page, p.whole = c, true
	p.header.Set("Content-Type", "text/html; charset=utf-8")
	return p
}

// Fragment answers htmx with a part of a page.
func Fragment(c templ.Component) *Reply {
	p := Page(c)
	p.whole = false
	return p
}

// Rejected answers with a form that was not accepted: 422, the same page with
// its errors beside the fields. The same component serves htmx, which swaps it in.
func Rejected(c templ.Component) *Reply { return Page(c).Status(http.StatusUnprocessableEntity) }

// Redirect sends the browser to path by GET (303), the answer to every
// successful form. Only a path of this site is followed; anything else goes
// to "/": an address taken from input can't lead away.
func Redirect(path string) *Reply {
	p := newReply(http.StatusSeeOther)
	p.header.Set("Location", LocalPath(path))
	return p
}

// RedirectAway sends the browser to another site. url must come from
// configuration or a registered party, never from input.
func RedirectAway(url string) *Reply {
	p := newReply(http.StatusSeeOther)
	p.header.Set("Location", url)
	return p
}

// LocalPath is path where it is an absolute path of this site, otherwise "/".
func LocalPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// JSON answers with v. For pages' own scripts; the API has its own package.
func JSON(v any) *Reply {
	p := newReply(http.StatusOK)
	p.header.Set("Content-Type", "application/json")
	p.body = func(context.Context) ([]byte, error) {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(true)
		if err := enc.Encode(v); err != nil {
			return nil, fmt.Errorf("encode answer: %w", err)
		}
		return b.Bytes(), nil
	}
	return p
}

// Bytes answers with ready bytes of a type.
func Bytes(contentType string, b []byte) *Reply {
	p := newReply(http.StatusOK)
	p.header.Set("Content-Type", contentType)
	p.body = func(context.Context) ([]byte, error) { return b, nil }
	return p
}

// NoContent answers 204.
func NoContent() *Reply { return newReply(http.StatusNoContent) }

// inlineTypes are the only types that a browser may show in place: everything
// else that people uploaded is downloaded.
var inlineTypes = map[string]bool{"image/jpeg": true, "image/png": true, "image/webp": true, "image/gif": true,
	"video/mp4": true, "audio/mpeg": true, "audio/ogg": true, "application/pdf": true, "text/plain; charset=utf-8": true}

// File answers with a stored file, with ranges and conditional requests. It is
// a download under name; [Reply.Inline] shows pictures and a few other harmless
// types in place. A file runs no script and loads nothing, whatever it is.
// content is closed after sending if it is an io.Closer.
func File(name, contentType string, modified time.Time, content io.ReadSeeker) *Reply {
	p := newReply(http.StatusOK)
	p.header.Set("Content-Type", contentType)
	p.header.Set("Content-Disposition", disposition("attachment", name))
	p.csp = "default-src 'none'; sandbox; style-src 'none'"
	p.send = func(w http.ResponseWriter, r *http.Request) error {
		if c, ok := content.(io.Closer); ok {
			defer c.Close()
		}
		http.ServeContent(w, r, "", modified, content)
		return nil
	}
	return p
}

// Inline lets the browser show a [File] in place where its type is harmless.
func (p *Reply) Inline() *Reply {
	if inlineTypes[p.header.Get("Content-Type")] {
		d := p.header.Get("Content-Disposition")
		p.header.Set("Content-Disposition", "inline"+strings.TrimPrefix(d, "attachment"))
	}
	return p
}

// Stream answers with what write writes, as a download under name ("": shown
// in place). An error after the first byte breaks the connection, so that half
// a file is never taken for a whole one.
func Stream(name, contentType string, write func(w io.Writer) error) *Reply {
	p := newReply(http.StatusOK)
	p.header.Set("Content-Type", contentType)
	if name != "" {
		p.header.Set("Content-Disposition", disposition("attachment", name))
	}
	p.send = func(w http.ResponseWriter, r *http.Request) error {
		w.WriteHeader(p.status)
		if err := write(w); err != nil {
			return fmt.Errorf("stream: %w", err)
		}
		return nil
	}
	return p
}

func disposition(kind, name string) string {
	if name == "" {
		return kind
	}
	return mime.FormatMediaType(kind, map[string]string{"filename": name})
}

// Status sets the status code.
func (p *Reply) Status(code int) *Reply { p.status = code; return p }

// Failing makes the page the answer of a request that failed with err: a form
// that comes back as it was sent because it could not be saved. err is logged and
// counted like any failure, and its code gives the status.
func (p *Reply) Failing(err error) *Reply {
	p.failure, p.status = err, Status(codeOf(err))
	if Unsaved(err) {
		p.Set("Retry-After", retryAfter)
	}
	return p
}

// Set sets a header.
func (p *Reply) Set(name, value string) *Reply { p.header.Set(name, value); return p }

// ETag names the version of what is answered, for If-Match.
func (p *Reply) ETag(version int64) *Reply { return p.Set("ETag", ETag(version)) }

// Cookie adds a cookie.
func (p *Reply) Cookie(c *http.Cookie) *Reply { p.cookies = append(p.cookies, c); return p }

// Before runs fn while the answer is built; the first byte is sent after both.
// A record of reading may so tell of a page that failed, never miss one that was sent.
// If fn fails, its failure is answered instead and nothing of the page shows.
func (p *Reply) Before(fn func(ctx context.Context) error) *Reply {
	p.before = append(p.before, fn)
	return p
}

// Message leaves a message (success, info, warning) for the next page.
func (p *Reply) Message(kind, key string, args ...map[string]any) *Reply {
	p.flash = &Flash{Kind: kind, Key: key}
	if len(args) > 0 {
		p.flash.Args = args[0]
	}
	return p
}

// SignIn sets the session cookie to token; the cookie ends at until, or with
// the browser where until is zero.
func (p *Reply) SignIn(token string, until time.Time) *Reply {
	p.signIn = &signIn{token, until}
	return p
}

// SignOut removes the session cookie and what the browser keeps for the
// person. Pages of a session are never stored.
func (p *Reply) SignOut() *Reply {
	p.signOut = true
	return p.Set("Clear-Site-Data", `"storage"`) // drafts of forms too: the next person at this computer is another
}

// AllowMap lets the page run MapLibre: a worker from a blob, pictures from
// blobs and data addresses.
func (p *Reply) AllowMap() *Reply { p.csp = cspMap; return p }

// AllowPreview lets the page show pictures that its own script made of chosen
// files, before they are sent.
func (p *Reply) AllowPreview() *Reply {
	if p.csp == "" {
		p.csp = cspPreview
	}
	return p
}

// Trigger makes htmx fire an event in the page after the swap.
func (p *Reply) Trigger(event string) *Reply { return p.Set("HX-Trigger", event) }

// PushURL puts path into the browser's address line after an htmx swap.
func (p *Reply) PushURL(path string) *Reply { return p.Set("HX-Push-Url", LocalPath(path)) }
