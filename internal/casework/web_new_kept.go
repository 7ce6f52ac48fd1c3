package casework

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"

	"okno/internal/platform/web"
)

const (
	returnName = "return" // the button that opens what was written before
	forgetName = "forget" // the button that takes it away

	pathEmpty = PathNew + "?new=1" // a form without what was written before
)

// keptOffer is what was written before, in another form than the one that is shown.
type keptOffer struct{ Ref, Words string }

// keptToShow is what was written before and is shown when the form is opened:
// the one that the address names, else the newest. An address with a text or
// topic of its own opens a form of its own.
func (w *Web) keptToShow(ctx context.Context, r *web.Request, q url.Values) (*web.KeptForm, error) {
	all, err := r.KeptForms(ctx, PathNew)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	if i := slices.IndexFunc(all, func(k *web.KeptForm) bool { return k.Ref() == q.Get("kept") }); i >= 0 {
		return all[i], nil
	}
	text, fact := strings.TrimSpace(q.Get("text")), q.Get("fact")
	if text != "" && fact == "" {
		if i := slices.IndexFunc(all, func(k *web.KeptForm) bool { return strings.TrimSpace(k.Values.Get("text")) == text }); i >= 0 {
			return all[i], nil
		}
	}
	if text != "" || fact != "" || q.Has("new") {
		return nil, nil
	}
	return all[0], nil
}

// offerKept lists what was written in other forms.
func (w *Web) offerKept(ctx context.Context, r *web.Request, f *reportForm) {
	all, err := r.KeptForms(ctx, PathNew)
	if err != nil { // the form works without them
		slog.WarnContext(ctx, "casework: kept forms not read", "error", err)
		return
	}
	for _, k := range all {
		if k.Ref() != f.Kept && (f.Key == "" || k.Values.Get("key") != f.Key) {
			words := cmp.Or(strings.TrimSpace(k.Values.Get("text")), k.Values.Get("place"), k.Values.Get("note"))
			f.Offers = append(f.Offers, keptOffer{k.Ref(), words})
		}
	}
}

// setAside keeps what the form says while the person turns to another.
func (w *Web) setAside(r *web.Request, f *reportForm) error {
	values := url.Values(maps.Clone(f.sent))
	for _, name := range []string{"step", returnName, forgetName, web.KeptName} {
		values.Del(name)
	}
	values["attachment"] = nil
	for _, b := range f.blobs {
		values.Add("attachment", b.String())
	}
	if f.Text == "" && f.PlaceText == "" && f.Note == "" && len(f.blobs) == 0 {
		values = nil
	}
	return r.SetFormAside(PathNew, values)
}

// notSaved is the form with what was written, and its key: sent again, it
// doubles nothing.
func (w *Web) notSaved(ctx context.Context, r *web.Request, f *reportForm, err error) (web.Response, error) {
	if !web.Unsaved(err) {
		return nil, err
	}
	f.NotSent = err
	w.advise(ctx, r, f)
	return w.formPage(ctx, r, f).Failing(err), nil
}

// excerpt is the beginning of what somebody wrote, on one line.
func excerpt(words string) string {
	const most = 60
	line := []rune(strings.Join(strings.Fields(words), " "))
	if len(line) <= most {
		return string(line)
	}
	return strings.TrimRight(string(line[:most]), " .,;:") + "…"
}
