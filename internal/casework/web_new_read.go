package casework

import (
	"context"
	"errors"
	"slices"
	"strings"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/ui"
)

// readForm reads the form and keeps files that came with it, so that a page
// that comes back has them already.
func (w *Web) readForm(ctx context.Context, r *web.Request) (*reportForm, string, error) {
	in, err := r.Form()
	if err != nil {
		return nil, "", err
	}
	f, err := w.readValues(ctx, r, in)
	if f != nil {
		f.Kept, f.Return, f.Forget, f.sent = in.Raw(web.KeptName), in.Raw(returnName), in.Raw(forgetName), in.Values
	}
	if in.Raw(dropName) != "" {
		return f, stepDrop, err
	}
	return f, in.Raw("step"), err
}

func (w *Web) readValues(ctx context.Context, r *web.Request, in *web.Form) (*reportForm, error) {
	var err error
	f := &reportForm{Page: ui.Page{Lang: r.Lang}, Key: in.Raw("key"), Text: in.Lines("text", 4*MaxText), Fact: in.Text("fact", 200), PlaceText: in.Text("place", 300),
		Note: in.Lines("note", 500), Hidden: in.Raw("hidden") == "yes", OfficeText: in.Text("office", 300), Details: map[string]string{}}
	for _, v := range in.All("office_id", 64) { // of the line, or of the choice among several
		if f.Organisation != id.Nil || v == "" {
			continue
		}
		if f.Organisation, err = id.Parse(v); err != nil {
			in.Break("office_id", "unknown")
		}
	}
	for _, v := range in.All("place_id", 64) { // of the line, or of the choice among several
		if f.Place.Address != id.Nil || v == "" {
			continue
		}
		if f.Place.Address, err = id.Parse(v); err != nil {
			in.Break("place_id", "unknown")
		}
	}
	f.Place.Note = f.Note
	lat, lon := in.Raw("lat"), in.Raw("lon")
	if lat != "" && lon != "" {
		f.Place.Lat, f.Place.Lon = microOf(lat), microOf(lon)
		if f.Place.Lat == 0 || f.Place.Lon == 0 {
			f.Errors = append(f.Errors, errs.Field{Name: "place", Rule: "unknown", Key: "report.bad_point"})
		}
	}
	f.TopicText = in.Text("fact_text", 200)
	if chosen := in.Text("fact_text_id", 200); f.Fact == "" && chosen != "" {
		f.Fact = chosen
	}
	f.PlaceOf = in.Text("place_of", 400)
	w.trustWords(r.Lang, f, in.Text("spots_of", 300), in.Text("offices_of", 300))
	if f.Organisation == id.Nil && f.OfficeText != "" { // typed, not chosen from the list
		w.findOffice(r.Lang, f)
	}
	for name, v := range in.Values {
		if rest, ok := strings.CutPrefix(name, "details."); ok && len(v) > 0 && len(rest) < 40 && len(f.Details) < 10 {
			f.Details[rest] = in.Text(name, 300)
		}
	}
	var ids []id.ID
	for _, s := range in.All("attachment", 64) {
		if b, err := id.Parse(s); err == nil && len(ids) < 4*MaxFiles && s != in.Raw(dropName) {
			ids = append(ids, b)
		}
	}
	for _, h := range in.Files("files") {
		if h.Size == 0 {
			continue
		}
		file, err := h.Open()
		if err != nil {
			return nil, errs.Wrap(errs.Internal, err)
		}
		info, err := w.keepFile(ctx, r, f.Key, h.Filename, h.Size, file)
		if err = errors.Join(err, file.Close()); err != nil {
			f.Errors = append(f.Errors, fileError(err))
			continue
		}
		if !slices.Contains(ids, info.Blob) {
			ids = append(ids, info.Blob)
		}
	}
	f.blobs = ids
	for some := range slices.Chunk(ids, MaxFiles) { // those that are too many are listed, so that they can be taken out
		files, err := w.Cases.files.Claim(ctx, r.Actor.Person, some)
		if err != nil {
			f.used = f.used || errs.Is(err, errs.Conflict)
			f.Errors = append(f.Errors, fileError(err))
		}
		f.Files = append(f.Files, files...)
	}
	if len(ids) > MaxFiles {
		f.Errors = append(f.Errors, errs.Field{Name: "files", Rule: "too_many", Key: "blob.too_many", Args: map[string]any{"Max": MaxFiles}})
	}
	var total int64
	for _, file := range f.Files {
		total += file.Size
	}
	if total > maxFileBytes {
		f.Errors = append(f.Errors, errs.Field{Name: "files", Rule: "too_large", Key: "report.files_too_large"})
	}
	f.Errors = append(f.Errors, in.Broken()...)
	return f, nil
}

// findOffice takes the organisation that is called so, or the only one that
// fits; several are offered as a choice.
func (w *Web) findOffice(lang string, f *reportForm) {
	switch found := w.Offices.Find(f.OfficeText, 8); {
	case len(found) == 1 || len(found) > 1 && found[0].called(f.OfficeText):
		f.Organisation, f.OfficeText = found[0].ID, found[0].In(lang)
	case len(found) == 0:
		f.Errors = append(f.Errors, errs.Field{Name: "organisation", Rule: "unknown", Key: "report.office_unknown"})
	default:
		f.Offices = found
		f.Errors = append(f.Errors, errs.Field{Name: "which-office", Rule: "required", Key: "report.office_several"})
	}
}

func fileError(err error) errs.Field {
	var e *errs.Error
	if errors.As(err, &e) {
		if len(e.Fields) > 0 {
			f := e.Fields[0]
			f.Name = "files"
			return f
		}
		if e.Key != "" {
			return errs.Field{Name: "files", Rule: string(e.Code), Key: e.Key, Args: e.Args}
		}
	}
	return errs.Field{Name: "files", Rule: "refused", Key: "report.file_failed"}
}

func (f *reportForm) input(r *web.Request) FileInput {
	in := FileInput{Key: f.Key, Text: f.Text, Fact: f.Fact, Place: f.Place, Details: f.Details, Hidden: f.Hidden,
		Organisation: f.Organisation, Channel: "portal", Lang: r.Lang}
	in.Files = f.blobs
	return in
}
