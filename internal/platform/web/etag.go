package web

import (
	"strconv"
	"strings"

	"okno/internal/platform/errs"
)

// ETag names version n of a thing: "v12" in quotes.
func ETag(n int64) string { return `"v` + strconv.FormatInt(n, 10) + `"` }

// ParseIfMatch reads the version that a writer saw from an If-Match header.
// An absent or foreign one is [errs.Invalid] on field "If-Match".
func ParseIfMatch(header string) (int64, error) {
	text := strings.TrimSpace(header)
	rule := "etag"
	if text == "" {
		rule = "required"
	}
	inner, ok := strings.CutPrefix(text, `"v`)
	inner, ok2 := strings.CutSuffix(inner, `"`)
	n, err := strconv.ParseInt(inner, 10, 64)
	if !ok || !ok2 || err != nil || n < 0 {
		return 0, errs.InvalidFields(errs.Field{Name: "If-Match", Rule: rule})
	}
	return n, nil
}

// IfMatch is [ParseIfMatch] of the request's header.
func (r *Request) IfMatch() (int64, error) { return ParseIfMatch(r.Header.Get("If-Match")) }
