package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/web"
)

var replaced sync.Once

// replaceErrors puts the project's problem documents in place of huma's error
// model, and sets its other default, which are variables of that package.
func replaceErrors() {
	replaced.Do(func() {
		huma.DefaultArrayNullable = false // lists are empty, never null
		huma.NewError = func(status int, msg string, causes ...error) huma.StatusError {
			p := web.NewProblemForPrograms(i18n.English, translate(status, msg, causes), "")
			if status == 0 { // asked for its type alone, to describe it
				return &web.Problem{}
			}
			return &p
		}
		huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, causes ...error) huma.StatusError {
			lang, request := i18n.English, ""
			if r := web.From(ctx.Context()); r != nil {
				lang, request = r.Lang, r.ID
			}
			p := web.NewProblemForPrograms(lang, translate(status, msg, causes), request)
			return &p
		}
	})
}

// translate makes one of our errors of what huma found wrong with a request.
func translate(status int, msg string, causes []error) error {
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		var fields []errs.Field
		for _, cause := range causes {
			var d huma.ErrorDetailer
			if errors.As(cause, &d) {
				fields = append(fields, field(d.ErrorDetail()))
			}
		}
		if len(fields) == 0 {
			return errs.New(errs.Invalid, "error.body_broken")
		}
		return &errs.Error{Code: errs.Invalid, Fields: fields}
	case http.StatusRequestEntityTooLarge:
		return errs.New(errs.TooLarge, "")
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return errs.New(errs.UnsupportedType, "")
	case http.StatusRequestTimeout:
		return errs.New(errs.Unavailable, "")
	}
	return &errs.Error{Code: errs.Internal, Err: fmt.Errorf("%d %s: %w", status, msg, errors.Join(causes...))}
}

// rules by the beginning of huma's messages; %d is a bound.
var rules = []struct{ message, rule, bound string }{
	{"expected required property", "required", ""},
	{"required ", "required", ""},
	{"request body is required", "required", ""},
	{"unexpected property", "unexpected", ""},
	{"unknown query parameter", "unexpected", ""},
	{"expected length <= %d", "too_long", "Max"},
	{"expected length >= %d", "too_short", "Min"},
	{"expected array length <= %d", "too_many", "Max"},
	{"expected array length >= %d", "too_few", "Min"},
	{"expected array items to be unique", "duplicate", ""},
	{"expected value to be one of", "unknown", ""},
	{"expected number <= %d", "too_high", "Max"},
	{"expected number >= %d", "too_low", "Min"},
	{"expected number <", "too_high", ""},
	{"expected number >", "too_low", ""},
	{"expected string to match pattern", "pattern", ""},
	{"expected string to be RFC 5322 email", "email", ""},
	{"expected string to be RFC 3339 date", "date", ""},
	{"expected string to be", "pattern", ""},
	{"expected ", "wrong_type", ""},
	{"invalid ", "wrong_type", ""},
}

// field names the input and the rule that it breaks. Nothing that was sent is
// echoed.
func field(d *huma.ErrorDetail) errs.Field {
	f := errs.Field{Name: strings.TrimPrefix(d.Location, "body."), Rule: "invalid"}
	for _, in := range []string{"query.", "path.", "header."} {
		f.Name = strings.TrimPrefix(f.Name, in)
	}
	var property string
	if _, err := fmt.Sscanf(d.Message, "expected required property %s to be present", &property); err == nil {
		if f.Name == "body" {
			f.Name = property
		} else {
			f.Name += "." + property
		}
	}
	for _, r := range rules {
		if r.bound == "" {
			if strings.HasPrefix(d.Message, r.message) {
				f.Rule = r.rule
				return f
			}
			continue
		}
		var bound int64
		if _, err := fmt.Sscanf(d.Message, r.message, &bound); err == nil {
			f.Rule, f.Args = r.rule, map[string]any{r.bound: bound}
			return f
		}
	}
	return f
}

// checkText refuses text in no encoding: Go's decoder would silently replace
// it, and databases refuse the zero character.
func checkText(r *web.Request, takesFile bool) error {
	for name, values := range r.URL.Query() {
		if len(values) > 1 { // which of them is meant nobody can tell
			return errs.InvalidFields(errs.Field{Name: strings.ToValidUTF8(name, "?"), Rule: "repeated"})
		}
		for _, v := range values {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return errs.InvalidFields(errs.Field{Name: strings.ToValidUTF8(name, "?"), Rule: "encoding"})
			}
		}
	}
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	how := "api.send_json"
	if takesFile {
		how = "api.send_file"
	}
	kind := r.Header.Get("Content-Type")
	if kind != "" {
		parsed, _, err := mime.ParseMediaType(kind)
		if err != nil {
			return &errs.Error{Code: errs.UnsupportedType, Key: how, Err: err}
		}
		if strings.HasPrefix(parsed, "multipart/") || parsed == "application/octet-stream" {
			return nil
		}
		if parsed != "application/json" && !strings.HasSuffix(parsed, "+json") {
			return &errs.Error{Code: errs.UnsupportedType, Key: how, Err: fmt.Errorf("body sent as %q", parsed)}
		}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			return errs.Wrap(errs.TooLarge, err)
		}
		return &errs.Error{Code: errs.Invalid, Key: "error.body_broken", Err: err}
	}
	if !utf8.Valid(body) || hasZero(body) {
		return errs.InvalidFields(errs.Field{Name: "body", Rule: "encoding"})
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// hasZero finds \u0000 in JSON, but not the six characters of an escaped backslash.
func hasZero(body []byte) bool {
	rest := body
	for {
		i := bytes.Index(rest, []byte(`\u0000`))
		if i < 0 {
			return false
		}
		slashes := 0
		for j := i - 1; j >= 0 && rest[j] == '\\'; j-- {
			slashes++
		}
		if slashes%2 == 0 {
			return true
		}
		rest = rest[i+6:]
	}
}
