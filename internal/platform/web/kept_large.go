package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// passedOver is how many times the size that a route takes are read of a body
// that is larger: a browser listens for an answer once it has sent everything.
const passedOver = 8

// large reads what stood in a form before the file with which it became more
// than the route takes. The rest is passed over.
func (r *Request) large() error {
	tooLarge := &errs.Error{Code: errs.TooLarge, Err: &http.MaxBytesError{Limit: r.route.body}}
	parts, err := r.MultipartReader()
	if err != nil {
		return formError(err)
	}
	words, _, err := wordsIn(parts)
	if _, rest := io.CopyN(io.Discard, r.whole, passedOver*r.route.body); rest != nil && !errors.Is(rest, io.EOF) {
		return formError(rest) // the sender is gone
	}
	if err == nil || tidy(words) != nil { // too many words, or broken ones
		return tooLarge
	}
	r.before = words
	return tooLarge
}

// leadBack keeps what a form said before its files became too many, and leads
// back to it; false where the answer has to say what happened.
func (s *Server) leadBack(w *recorder, r *Request, err error) bool {
	if len(r.before) == 0 || codeOf(err) != errs.TooLarge || s.cfg.Kept == nil || r.Actor.Person == id.Nil || r.byScript() {
		return false
	}
	back := r.Page()
	if back == "" {
		return false
	}
	if err := s.store(r, r.Actor.Person, KeptForm{Action: r.URL.Path, Back: back, Values: r.before, Large: true}); err != nil {
		s.cfg.Log.Error("form with too large files not kept", "id", r.ID, "route", r.route.Pattern, "error", err)
		return false
	}
	s.note(r, err)
	h := w.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("Location", back)
	write(w, r.Request, http.StatusSeeOther, nil)
	return true
}

// wordsIn are the values of a form's parts that aren't files, and whether there
// are files. With an error come those that were read before it.
func wordsIn(parts *multipart.Reader) (words url.Values, files bool, err error) {
	words = url.Values{}
	for left := int64(keptBytes); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return words, files, nil
		}
		if err != nil {
			return words, files, err
		}
		if part.FileName() != "" {
			files = true
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return words, files, err
		}
		if left -= int64(len(value) + len(part.FormName())); left < 0 {
			return nil, files, errs.New(errs.TooLarge, "")
		}
		words.Add(part.FormName(), string(value))
	}
}
