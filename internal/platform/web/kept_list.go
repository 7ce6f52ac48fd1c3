package web

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

const (
	// KeptName is the hidden field of a form that tells which kept form it shows,
	// empty where it shows none. A page that uses [Request.KeptForms] has it.
	KeptName = "kept"

	toldMark = "~" // behind a token of which the reader has been told
	tokenLen = 43
)

// keptTokens are the tokens of a browser, the oldest first, with their marks.
func keptTokens(r *http.Request) []string {
	var out []string
	for t := range strings.SplitSeq(cookieValue(r, keptCookie), ".") {
		if len(strings.TrimSuffix(t, toldMark)) == tokenLen && len(out) < keptForms {
			out = append(out, t)
		}
	}
	return out
}

// keptTokens are the tokens that the browser has once the request is answered.
func (r *Request) keptTokens() []string {
	if r.tokens == nil {
		r.tokens = keptTokens(r.Request)
	}
	return slices.Clone(r.tokens)
}

func (r *Request) setKeptTokens(tokens []string) {
	r.tokens = append([]string{}, tokens...)
	http.SetCookie(headerWriter{r.reply}, tokensCookie(r.tokens))
}

func without(tokens []string, token string) []string {
	return slices.DeleteFunc(tokens, func(t string) bool { return strings.TrimSuffix(t, toldMark) == token })
}

func tokensCookie(tokens []string) *http.Cookie {
	if len(tokens) == 0 {
		return deadCookie(keptCookie)
	}
	c := hostCookie(keptCookie, strings.Join(tokens, "."))
	c.MaxAge = int(keptFor / time.Second)
	return c
}

// key tells one opened form from another, "" where the form has no such field.
func (k *KeptForm) key() string { return k.Values.Get("key") }

// Ref names a kept form in the pages of its reader.
func (k *KeptForm) Ref() string { return hex.EncodeToString(keptHash(k.token)[:8]) }

// Form is the kept values for the readers of a form.
func (k *KeptForm) Form() *Form { return &Form{Values: k.Values} }

// KeptForms are what the reader sent to action, or set aside for it, and has
// not sent yet: the newest first. The page shows one of them by itself
// ([Request.ShowsKept]), or none: it isn't filled.
func (r *Request) KeptForms(ctx context.Context, action string) ([]*KeptForm, error) {
	r.chooses = true
	all, err := r.srv.keptAll(ctx, r)
	if err != nil {
		return nil, err
	}
	var out []*KeptForm
	for _, k := range slices.Backward(all) {
		if k.Action == action {
			out = append(out, k)
		}
	}
	return out, nil
}

// ShowsKept tells that the page shows k: what happened to it is told above, once.
func (r *Request) ShowsKept(k *KeptForm) {
	k.used = true
	r.shows = k
}

// HasKept tells whether something is kept for the form that is sent to path.
func (r *Request) HasKept(ctx context.Context, path string) (bool, error) {
	k, err := r.srv.keptFor(ctx, r, func(k *KeptForm) bool { return k.Action == path })
	return k != nil, err
}

// DropKept forgets a kept form of the reader; one that isn't there is forgotten already.
func (r *Request) DropKept(ctx context.Context, ref string) error {
	return r.srv.drop(ctx, r, func(k *KeptForm) bool { return k.Ref() == ref })
}

// SetFormAside keeps values for the form that is sent to action, while the
// reader turns to another; what is kept of the form already stays.
func (r *Request) SetFormAside(action string, values url.Values) error {
	r.aside = true
	if len(values) == 0 || r.srv.cfg.Kept == nil || !r.Actor.SignedIn() {
		return nil
	}
	if err := tidy(values); err != nil {
		return err
	}
	return r.srv.store(r, r.Actor.Person, KeptForm{Action: action, Back: action, Values: values, Quiet: true})
}

// keptFor finds the newest kept form of the reader that fits.
func (s *Server) keptFor(ctx context.Context, r *Request, fits func(*KeptForm) bool) (*KeptForm, error) {
	all, err := s.keptAll(ctx, r)
	for _, k := range slices.Backward(all) {
		if fits(k) {
			return k, nil
		}
	}
	return nil, err
}

// keptAll are the kept forms of the reader in this browser, the oldest first.
func (s *Server) keptAll(ctx context.Context, r *Request) ([]*KeptForm, error) {
	if s.cfg.Kept == nil || !r.Actor.SignedIn() {
		return nil, nil
	}
	if r.kept == nil {
		all, err := s.open(ctx, r.keptTokens(), r.Actor.Person)
		if err != nil {
			return nil, err
		}
		r.kept = append([]*KeptForm{}, all...)
	}
	return r.kept, nil
}

// open reads what is kept of owner under tokens; what is gone or can't be
// unsealed any more is passed over.
func (s *Server) open(ctx context.Context, tokens []string, owner id.ID) ([]*KeptForm, error) {
	var out []*KeptForm
	for _, marked := range tokens {
		token := strings.TrimSuffix(marked, toldMark)
		sealed, err := s.cfg.Kept.Kept(ctx, keptHash(token), owner)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("kept form: %w", err)
		}
		gcm, err := s.keptCipher(token)
		if err != nil {
			return nil, err
		}
		if len(sealed) < gcm.NonceSize() {
			continue
		}
		plain, err := gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], owner[:])
		if err != nil { // of another secret
			continue
		}
		k := &KeptForm{token: token, told: token != marked}
		if err := json.Unmarshal(plain, k); err != nil {
			return nil, fmt.Errorf("kept form: %w", err)
		}
		out = append(out, k)
	}
	return out, nil
}

// drop forgets what is kept of the reader and fits.
func (s *Server) drop(ctx context.Context, r *Request, fits func(*KeptForm) bool) error {
	all, err := s.keptAll(ctx, r)
	if err != nil {
		return err
	}
	left, tokens := []*KeptForm{}, r.keptTokens()
	for _, k := range all {
		if !fits(k) {
			left = append(left, k)
			continue
		}
		if err := s.cfg.Kept.Drop(ctx, keptHash(k.token)); err != nil {
			return err
		}
		tokens = without(tokens, k.token)
	}
	if len(left) < len(all) {
		r.kept = left
		r.setKeptTokens(tokens)
	}
	return nil
}

// dropSent forgets what was kept of a form that has now been taken: what the
// form says that it shows, else the newest.
func (s *Server) dropSent(r *Request) error {
	if r.aside { // it was not sent
		return nil
	}
	values := r.PostForm
	if r.MultipartForm != nil {
		values = r.MultipartForm.Value
	}
	if values.Has(KeptName) {
		ref, key := values.Get(KeptName), values.Get("key")
		return s.drop(r.Context(), r, func(k *KeptForm) bool {
			return k.Action == r.URL.Path && (k.Ref() == ref || key != "" && k.key() == key)
		})
	}
	newest, err := s.keptFor(r.Context(), r, func(k *KeptForm) bool { return k.Action == r.URL.Path })
	if newest == nil || err != nil {
		return err
	}
	return s.drop(r.Context(), r, func(k *KeptForm) bool { return k == newest })
}
