package web

import (
	"errors"
	"net/http"

	"okno/internal/platform/errs"
)

// startOfList leads from a page of a list that nobody can know, where err says
// so, to the beginning of that list with all that narrows it; nil where err
// says something else.
func startOfList(r *Request, err error) *Reply {
	var e *errs.Error
	q := r.URL.Query()
	if !errors.As(err, &e) || e.Code != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != "cursor" && e.Fields[0].Name != "after" ||
		r.Method != http.MethodGet || !q.Has("after") || r.byScript() {
		return nil
	}
	q.Del("after")
	path := r.URL.Path
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return Redirect(path).Message("warning", "failure.list_start")
}
