package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/i18n"
)

const (
	prefsCookie = "__Host-okno-look"
	flashCookie = "__Host-okno-flash"
)

// signer signs short values that a browser keeps for us.
type signer struct{ key []byte }

func (s signer) seal(raw []byte) string {
	h := hmac.New(sha256.New, s.key)
	h.Write(raw)
	return base64.RawURLEncoding.EncodeToString(append(h.Sum(nil)[:16], raw...))
}

func (s signer) open(text string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) < 16 {
		return nil, false
	}
	h := hmac.New(sha256.New, s.key)
	h.Write(b[16:])
	return b[16:], hmac.Equal(b[:16], h.Sum(nil)[:16])
}

// hostCookie is a cookie bound to this host: no Domain, Path /, Secure.
func hostCookie(name, value string) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

func deadCookie(name string) *http.Cookie {
	c := hostCookie(name, "")
	c.MaxAge = -1
	return c
}

func (s *Server) sessionCookie(in signIn) *http.Cookie {
	c := hostCookie(s.cfg.Cookie, in.token)
	if !in.until.IsZero() {
		c.Expires = in.until
		c.MaxAge = max(int(in.until.Sub(s.cfg.Clock.Now())/time.Second), 1)
	}
	return c
}

func cookieValue(r *http.Request, name string) string {
	if c, err := r.Cookie(name); err == nil {
		return c.Value
	}
	return ""
}

// The closed sets of looks; anything else in a cookie or form is ignored.
var looks = map[string][]string{
	"theme": {"light", "dark", "contrast"}, "size": {"large", "larger"}, "spacing": {"wide"}, "images": {"off"},
	"lang": i18n.Languages(),
}

func look(values url.Values, name string) string {
	if v := values.Get(name); slices.Contains(looks[name], v) {
		return v
	}
	return ""
}

// ParsePrefs reads looks from form or cookie values: theme, size, spacing,
// images and lang. Unknown values are the default.
func ParsePrefs(v url.Values) (p Prefs, lang string) {
	return Prefs{Theme: look(v, "theme"), Size: look(v, "size"), Spacing: look(v, "spacing"), Images: look(v, "images")}, look(v, "lang")
}

func readPrefs(r *http.Request) (Prefs, string) {
	raw := cookieValue(r, prefsCookie)
	if raw == "" || len(raw) > 200 {
		return Prefs{}, ""
	}
	v, err := url.ParseQuery(raw)
	if err != nil {
		return Prefs{}, ""
	}
	return ParsePrefs(v)
}

// Look keeps looks and language in the reader's browser for a year.
func (p *Reply) Look(prefs Prefs, lang string) *Reply { return p.Cookie(lookCookie(prefs, lang)) }

func lookCookie(prefs Prefs, lang string) *http.Cookie {
	v := url.Values{}
	for name, value := range map[string]string{"theme": prefs.Theme, "size": prefs.Size, "spacing": prefs.Spacing, "images": prefs.Images, "lang": lang} {
		if value != "" {
			v.Set(name, value)
		}
	}
	c := hostCookie(prefsCookie, v.Encode())
	c.MaxAge = 365 * 24 * 3600
	return c
}

// over lays the account's looks over the browser's.
func (p Prefs) over(browser Prefs) Prefs {
	pick := func(a, b string) string {
		if a != "" {
			return a
		}
		return b
	}
	return Prefs{pick(p.Theme, browser.Theme), pick(p.Size, browser.Size), pick(p.Spacing, browser.Spacing), pick(p.Images, browser.Images)}
}

func (s *Server) readFlash(r *http.Request) *Flash {
	raw, ok := s.flash.open(cookieValue(r, flashCookie))
	if !ok {
		return nil
	}
	var f Flash
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil
	}
	return &f
}

func (s *Server) flashCookie(f *Flash) (*http.Cookie, error) {
	raw, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	c := hostCookie(flashCookie, s.flash.seal(raw))
	c.MaxAge = 300
	return c, nil
}

// language finds the reader's language: asked in the query, chosen in the
// browser, kept in the account, accepted by the browser; Russian otherwise.
func language(r *http.Request, chosen, account string) string {
	if strings.Contains(r.URL.RawQuery, "lang=") {
		if asked := r.URL.Query().Get("lang"); i18n.Known(asked) {
			return asked
		}
	}
	if chosen != "" {
		return chosen
	}
	if i18n.Known(account) {
		return account
	}
	return negotiate(r.Header.Get("Accept-Language"))
}
