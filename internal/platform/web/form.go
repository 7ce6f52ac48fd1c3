package web

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Form is the values that a form sent. Its readers collect broken rules;
// [Form.Err] tells them all at once.
type Form struct {
	Values url.Values
	files  map[string][]*multipart.FileHeader
	broken []errs.Field
}

const (
	maxFields    = 500     // of a form
	formMemory   = 1 << 20 // of a multipart form kept in memory; the rest waits in files
	maxFieldName = 100
)

// Form reads the request's form: the query of a GET, urlencoded or multipart
// of a POST. The body's size is bounded by the route ([MaxBody]). Values that
// aren't UTF-8 are found invalid when they are read. Uploaded files that wait
// on disk are removed when the request ends.
func (r *Request) Form() (*Form, error) {
	f := &Form{}
	if !writes(r.Method) {
		v, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return nil, errs.InvalidFields(errs.Field{Name: "query", Rule: "encoding"})
		}
		f.Values = v
		return f, f.check()
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, errs.Wrap(errs.UnsupportedType, err)
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		err = r.Request.ParseForm()
		f.Values = r.PostForm
	case "multipart/form-data":
		if r.ContentLength > r.route.body {
			return nil, r.large()
		}
		err = r.Request.ParseMultipartForm(formMemory)
		if r.MultipartForm != nil {
			f.Values, f.files = r.MultipartForm.Value, r.MultipartForm.File
		}
	default:
		return nil, errs.Wrap(errs.UnsupportedType, fmt.Errorf("form sent as %q", kind))
	}
	if err != nil {
		return nil, formError(err)
	}
	return f, f.check()
}

func formError(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) || errors.Is(err, multipart.ErrMessageTooLarge) {
		return &errs.Error{Code: errs.TooLarge, Err: err}
	}
	var disk *fs.PathError
	if errors.As(err, &disk) { // what waits in files found no room
		return errs.Wrap(errs.Unavailable, err)
	}
	return &errs.Error{Code: errs.Invalid, Key: "error.form_broken", Err: err}
}

func (f *Form) check() error {
	n := 0
	for name, values := range f.Values {
		n += len(values)
		if len(name) > maxFieldName || !utf8.ValidString(name) {
			return errs.New(errs.Invalid, "error.form_broken")
		}
	}
	if n > maxFields {
		return errs.New(errs.TooLarge, "error.form_fields")
	}
	return nil
}

// Break notes that field name breaks rule.
func (f *Form) Break(name, rule string, args ...map[string]any) {
	field := errs.Field{Name: name, Rule: rule}
	if len(args) > 0 {
		field.Args = args[0]
	}
	f.broken = append(f.broken, field)
}

// Broken lists the broken rules so far.
func (f *Form) Broken() []errs.Field { return f.broken }

// Err is nil where no rule was broken, otherwise [errs.Invalid] with all fields.
func (f *Form) Err() error { return errs.InvalidFields(f.broken...) }

// Has tells whether the form has a value of name, empty or not.
func (f *Form) Has(name string) bool { return f.Values.Has(name) }

// Raw is the value as it was sent where it is valid UTF-8, for showing a form
// again: nothing typed is lost.
func (f *Form) Raw(name string) string {
	v := f.Values.Get(name)
	if !utf8.ValidString(v) {
		return strings.ToValidUTF8(v, "\uFFFD")
	}
	return v
}

// Text is one line of at most max characters, in NFC, without spaces around
// and control characters inside; "" where it is missing.
func (f *Form) Text(name string, max int) string {
	return f.clean(name, max, func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return printable(r)
	})
}

// Lines is text of at most max characters with its line breaks (as "\n").
func (f *Form) Lines(name string, max int) string {
	return f.clean(name, max, func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return printable(r)
	})
}

func printable(r rune) rune {
	// Direction marks could make a text read otherwise than it is written.
	if unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff' {
		return -1
	}
	return r
}

// plain tells that v is of characters alone that stay what they are, as most
// of what people type: normalising it costs more than the rest of a form.
func plain(v string) bool {
	for _, r := range v {
		switch {
		case r >= ' ' && r <= '~', r >= 'А' && r <= 'я', r == 'ё', r == 'Ё', r == '«', r == '»', r == '—', r == '–', r == '№', r == '…':
		default:
			return false
		}
	}
	return true
}

func (f *Form) clean(name string, max int, keep func(rune) rune) string {
	v := f.Values.Get(name)
	if !utf8.ValidString(v) {
		f.Break(name, "encoding")
		return ""
	}
	v = strings.ReplaceAll(v, "\r\n", "\n")
	if !plain(v) {
		v = norm.NFC.String(strings.Map(keep, v))
	}
	v = strings.TrimSpace(v)
	if n := utf8.RuneCountInString(v); n > max {
		f.Break(name, "too_long", map[string]any{"Max": max, "Now": n})
	}
	return v
}

// Need is [Form.Text] that must not be empty.
func (f *Form) Need(name string, max int) string {
	n := len(f.broken)
	v := f.Text(name, max)
	if v == "" && len(f.broken) == n {
		f.Break(name, "required")
	}
	return v
}

// NeedLines is [Form.Lines] of at least min characters.
func (f *Form) NeedLines(name string, min, max int) string {
	n := len(f.broken)
	v := f.Lines(name, max)
	switch {
	case len(f.broken) > n:
	case v == "":
		f.Break(name, "required")
	case utf8.RuneCountInString(v) < min:
		f.Break(name, "too_short", map[string]any{"Min": min})
	}
	return v
}

// Secret is a password: as typed, not trimmed, NFC, at most max bytes.
func (f *Form) Secret(name string, max int) string {
	v := f.Values.Get(name)
	switch {
	case !utf8.ValidString(v):
		f.Break(name, "encoding")
		return ""
	case len(v) > max:
		f.Break(name, "too_long", map[string]any{"Max": max})
		return ""
	case v == "":
		f.Break(name, "required")
	}
	return norm.NFC.String(v)
}

// Choice is one of allowed; "" where it is missing, which [Form.NeedChoice] refuses.
func (f *Form) Choice(name string, allowed ...string) string {
	v := f.Values.Get(name)
	if v != "" && !slices.Contains(allowed, v) {
		f.Break(name, "unknown")
		return ""
	}
	return v
}

// NeedChoice is one of allowed.
func (f *Form) NeedChoice(name string, allowed ...string) string {
	if f.Values.Get(name) == "" {
		f.Break(name, "choose")
		return ""
	}
	return f.Choice(name, allowed...)
}

// All is every value of a field of check boxes, at most max of them.
func (f *Form) All(name string, max int) []string {
	values := f.Values[name]
	if len(values) > max {
		f.Break(name, "too_many", map[string]any{"Max": max})
		return nil
	}
	for _, v := range values {
		if !utf8.ValidString(v) || strings.ContainsRune(v, 0) || len(v) > 1000 {
			f.Break(name, "encoding")
			return nil
		}
	}
	return values
}

// Bool is whether a box is ticked.
func (f *Form) Bool(name string) bool {
	v := f.Values.Get(name)
	return v != "" && v != "0" && v != "false" && v != "off"
}

// Int is a whole number from min to max; 0 and false where it is missing or broken.
func (f *Form) Int(name string, min, max int64) (int64, bool) {
	v := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '\u202f' {
			return -1
		}
		return r
	}, f.Values.Get(name))
	if v == "" {
		return 0, false
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		f.Break(name, "number")
		return 0, false
	}
	if n < min || n > max {
		f.Break(name, "out_of_range", map[string]any{"From": min, "To": max})
		return 0, false
	}
	return n, true
}

// ID is an id; Nil where it is missing or broken.
func (f *Form) ID(name string) id.ID {
	v := f.Values.Get(name)
	if v == "" {
		return id.Nil
	}
	out, err := id.Parse(v)
	if err != nil {
		f.Break(name, "unknown")
		return id.Nil
	}
	return out
}

// Version is the version of a thing that the form was made from (hidden field
// "version"): the use case refuses a stale one.
func (f *Form) Version() int64 {
	n, err := strconv.ParseInt(f.Values.Get("version"), 10, 64)
	if err != nil || n < 0 {
		f.Break("version", "required")
		return 0
	}
	return n
}

// Files lists uploaded files of a field. Their names and types are claims of
// the sender.
func (f *Form) Files(name string) []*multipart.FileHeader {
	out := make([]*multipart.FileHeader, 0, len(f.files[name]))
	for _, h := range f.files[name] {
		if h.Filename == "" && h.Size == 0 {
			continue // an empty file input
		}
		if !utf8.ValidString(h.Filename) {
			f.Break(name, "encoding")
			continue
		}
		out = append(out, h)
	}
	return out
}

// KeyName is the field of a form's idempotency key.
const KeyName = "form_key"

// NewKey makes an idempotency key for a form.
func NewKey() string {
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		panic(err) // crypto/rand never fails
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Key is the form's idempotency key.
func (f *Form) Key() string {
	v := f.Values.Get(KeyName)
	if !ValidKey(v) {
		f.Break(KeyName, "required")
		return ""
	}
	return v
}

// ValidKey tells whether an idempotency key is 8 to 64 letters, digits or any
// of "-_.:".
func ValidKey(v string) bool {
	if len(v) < 8 || len(v) > 64 {
		return false
	}
	for _, c := range []byte(v) {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '-', c == '_', c == '.', c == ':':
		default:
			return false
		}
	}
	return true
}
