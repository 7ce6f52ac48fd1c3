package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// sentField is one value of a form.
type sentField struct {
	Name, Value string
	Words       bool // a text that somebody wrote, no code
}

// sentFields are the values of the form that r sent, for sending them again:
// nil where the form holds no words, or wasn't read. Files are not among them.
func sentFields(r *Request) []sentField {
	if r.Method != http.MethodPost || r.route.bare || r.route.Access.Open {
		return nil
	}
	values := r.PostForm
	if r.MultipartForm != nil {
		values = r.MultipartForm.Value
	}
	if (&Form{Values: values}).check() != nil {
		return nil
	}
	var out []sentField
	words := false
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, v := range values[name] {
			v = strings.ToValidUTF8(v, "")
			f := sentField{name, v, strings.ContainsAny(strings.TrimSpace(v), " \n")}
			words = words || f.Words
			out = append(out, f)
		}
	}
	if !words {
		return nil
	}
	return out
}
