package web

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Keeper stores what people sent by a form after their session had ended,
// until they have signed in again. It holds sealed bytes alone.
type Keeper interface {
	// Owner is the person who signed in last from the browser of a request;
	// id.Nil where nobody is known: then nothing is kept.
	Owner(ctx context.Context, r *http.Request) (id.ID, error)
	Keep(ctx context.Context, hash []byte, owner id.ID, sealed []byte, ends time.Time) error
	// Kept is errs.NotFound where nothing is kept for owner under hash.
	Kept(ctx context.Context, hash []byte, owner id.ID) ([]byte, error)
	Drop(ctx context.Context, hash []byte) error
}

const (
	keptCookie = "__Host-okno-kept" // tokens of kept forms, the oldest first, with dots between
	keptFor    = time.Hour
	keptForms  = 5         // of one browser
	keptBytes  = 64 << 10  // of the values of a form
	keptBody   = 256 << 10 // of an urlencoded body
)

// KeptForm is what was sent by a form when the session had ended.
type KeptForm struct {
	Action string     // path that the form was sent to
	Back   string     // page that shows the form
	Values url.Values // without empty ones
	Files  bool       // files came along; they are not kept
	Large  bool       // kept because files that came along were too large
	Aside  bool       // set aside by [Request.SetAside], not lost with a session
	Quiet  bool       // set aside by [Request.SetFormAside]: nothing happened that has to be told

	token string
	told  bool // the reader has been told what happened
	used  bool // the page shows the values by itself
}

// KeepsWords marks a route whose form's words outlive a lost session: they are
// put back into the form, on the page that back tells, after signing in.
func KeepsWords(back func(r *Request) string) Option { return func(r *Route) { r.back = back } }

// keep stores the form that r sends; false where it can't be kept.
func (s *Server) keep(r *Request) (bool, error) {
	if s.cfg.Kept == nil {
		return false, nil
	}
	owner, err := s.cfg.Kept.Owner(r.Context(), r.Request)
	if err != nil || owner == id.Nil {
		return false, err
	}
	k := KeptForm{Action: r.URL.Path, Back: LocalPath(r.route.back(r))}
	if k.Values, k.Files, err = sentWords(r); err != nil || len(k.Values) == 0 {
		return false, nil // broken or too large: the answer says that nothing is kept
	}
	return true, s.store(r, owner, k)
}

// SetAside keeps what the request's form says, as if it had been sent to action,
// for the page of that path; false where its field named is empty. The person
// goes on with something else and finds the words there within an hour.
func (r *Request) SetAside(action, named string) (bool, error) {
	if r.srv.cfg.Kept == nil || !r.Actor.SignedIn() {
		return false, nil
	}
	k := KeptForm{Action: action, Back: action, Aside: true}
	var err error
	if k.Values, k.Files, err = sentWords(r); err != nil || strings.TrimSpace(k.Values.Get(named)) == "" {
		return false, nil // no form, or one that can't be kept: it is none of what was asked for
	}
	return true, r.srv.store(r, r.Actor.Person, k)
}

// store seals a form under a token of its own, which the browser keeps; the
// same opened form that is kept again takes its place.
func (s *Server) store(r *Request, owner id.ID, k KeptForm) error {
	tokens, token := r.keptTokens(), ""
	if key := k.key(); key != "" {
		before, err := s.open(r.Context(), tokens, owner)
		if err != nil {
			return err
		}
		for _, b := range before {
			if b.Action == k.Action && b.key() == key {
				token = b.token
			}
		}
	}
	plain, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("keep form: %w", err)
	}
	if token == "" {
		raw := make([]byte, 32)
		if _, err := rand.Read(raw); err != nil {
			return fmt.Errorf("keep form: %w", err)
		}
		token = base64.RawURLEncoding.EncodeToString(raw)
	}
	gcm, err := s.keptCipher(token)
	if err != nil {
		return err
	}
	nonce := make([]byte, gcm.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return fmt.Errorf("keep form: %w", err)
	}
	if err := s.cfg.Kept.Keep(r.Context(), keptHash(token), owner, gcm.Seal(nonce, nonce, plain, owner[:]), r.Now.Add(keptFor)); err != nil {
		return err
	}
	tokens = append(without(tokens, token), token)
	r.setKeptTokens(tokens[max(0, len(tokens)-keptForms):])
	return nil
}

// sentWords reads what a form says, and whether files came along. Files are
// passed over without being stored.
func sentWords(r *Request) (url.Values, bool, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, false, err
	}
	words, files := url.Values{}, false
	if kind == "application/x-www-form-urlencoded" {
		body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, min(r.route.body, keptBody)))
		if err != nil {
			return nil, false, err
		}
		if words, err = url.ParseQuery(string(body)); err != nil {
			return nil, false, err
		}
	} else if kind == "multipart/form-data" && params["boundary"] != "" {
		r.Body = http.MaxBytesReader(nil, r.Body, r.route.body)
		parts, err := r.MultipartReader()
		if err != nil {
			return nil, false, err
		}
		if words, files, err = wordsIn(parts); err != nil {
			return nil, false, err
		}
	} else {
		return nil, false, errs.New(errs.UnsupportedType, "")
	}
	if err := tidy(words); err != nil {
		return nil, false, err
	}
	return words, files, nil
}

// tidy takes out empty values; an error says that the rest can't be kept.
func tidy(words url.Values) error {
	if err := (&Form{Values: words}).check(); err != nil {
		return err
	}
	total := 0
	for name, values := range words {
		if values = slices.DeleteFunc(values, func(v string) bool { return v == "" }); len(values) == 0 {
			delete(words, name)
			continue
		}
		words[name] = values
		for _, v := range values {
			total += len(name) + len(v)
		}
	}
	if total > keptBytes {
		return errs.New(errs.TooLarge, "")
	}
	return nil
}

// keptCipher seals the form of a token: whoever has the database but not the
// browser's cookie can't open it.
func (s *Server) keptCipher(token string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, s.cfg.Secret, []byte(token), "okno web kept form", 32)
	if err != nil {
		return nil, fmt.Errorf("key of a kept form: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("key of a kept form: %w", err)
	}
	return cipher.NewGCM(block)
}

func keptHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// putBack fills a page's form with what was kept of it, or tells what happened
// to what the page shows by itself.
func (s *Server) putBack(r *Request, body []byte) ([]byte, error) {
	k := r.shows
	if !r.chooses {
		var err error
		k, err = s.keptFor(r.Context(), r, func(k *KeptForm) bool { return pathOf(k.Back) == r.URL.Path })
		if err != nil {
			return body, err
		}
	}
	if k == nil || k.used && (k.told || k.Quiet) {
		return body, nil
	}
	filled, lost := body, []string(nil)
	if !k.used {
		var found bool
		filled, lost, found = fill(body, k)
		if !found && k.Back != r.URL.RequestURI() {
			return body, nil // the form stands on another view of the page
		}
	}
	var notice bytes.Buffer
	if err := keptNotice(r.Lang, k, lost).Render(r.Context(), &notice); err != nil {
		return nil, fmt.Errorf("render page: %w", err)
	}
	if !k.told {
		tokens := r.keptTokens()
		if i := slices.Index(tokens, k.token); i >= 0 {
			tokens[i] += toldMark
			r.setKeptTokens(tokens)
		}
	}
	return announce(filled, notice.Bytes()), nil
}

func pathOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path
}
