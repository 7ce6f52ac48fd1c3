package web

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"okno/internal/platform/i18n"
)

const (
	viewCookie  = "okno_view" // written by the site's own script too, hence without a __Host- prefix
	langCookie  = "__Host-okno-lang"
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

// The closed lists of looks; anything else in a cookie is the default. They
// bound the number of variants of a cached page.
var looks = map[string]string{"theme": " light dark ", "contrast": " normal high ", "size": " 125 150 200 ",
	"spacing": " wide ", "pictures": " off "}

// ParsePrefs reads looks as they stand in a cookie or an account:
// "theme=dark&size=150". Unknown values are the default.
func ParsePrefs(text string) Prefs {
	if text == "" || len(text) > 200 {
		return Prefs{}
	}
	form, err := url.ParseQuery(text)
	if err != nil { // a damaged cookie is no reason to refuse a page
		return Prefs{}
	}
	look := func(name string) string {
		if v := form.Get(name); v != "" && strings.Contains(looks[name], " "+v+" ") {
			return v
		}
		return ""
	}
	return Prefs{Theme: look("theme"), Contrast: look("contrast"), Size: look("size"), Spacing: look("spacing"), Pictures: look("pictures")}
}

// Language keeps the reader's choice of a language in the browser for a year.
func (p *Reply) Language(lang string) *Reply { return p.Cookie(languageCookie(lang)) }

func languageCookie(lang string) *http.Cookie {
	c := hostCookie(langCookie, lang)
	c.MaxAge = 365 * 24 * 3600
	return c
}

func chosenLanguage(r *http.Request) string {
	if lang := cookieValue(r, langCookie); i18n.Known(lang) {
		return lang
	}
	return ""
}

// over lays the account's looks over the browser's.
func (p Prefs) over(browser Prefs) Prefs {
	return Prefs{cmp.Or(p.Theme, browser.Theme), cmp.Or(p.Contrast, browser.Contrast), cmp.Or(p.Size, browser.Size),
		cmp.Or(p.Spacing, browser.Spacing), cmp.Or(p.Pictures, browser.Pictures)}
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
