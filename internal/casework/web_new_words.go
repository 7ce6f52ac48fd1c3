package casework

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"slices"
	"strings"
	"unicode"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
)

// trustWords lets what the person reads win over what the form carries along
// unseen: a house, a point or an office whose name no longer stands in its
// line is dropped, and the words are looked up. spotsOf and officesOf are the
// words for which several places and offices were offered.
func (w *Web) trustWords(lang string, f *reportForm, spotsOf, officesOf string) {
	if f.Place.Address != id.Nil {
		s, ok := w.Atlas.Spot(f.Place.Address)
		offered := f.PlaceText != "" && f.PlaceText == spotsOf
		if ok && f.PlaceText != s.Text && !offered || !ok && f.PlaceText != "" {
			f.Place = PlaceInput{Note: f.Note}
		}
	} else if f.Place.Lat != 0 || f.Place.Lon != 0 {
		mine := pointKey(f.Place.Lat, f.Place.Lon, f.PlaceText)
		emptied := f.PlaceText == "" && strings.HasPrefix(f.PlaceOf, mine+" ")
		if emptied || f.PlaceText != "" && f.PlaceOf != mine {
			f.Place = PlaceInput{Note: f.Note}
		}
	}
	if f.Organisation != id.Nil {
		switch o, ok := w.Cases.offices.Office(f.Organisation); {
		case ok && f.OfficeText != "" && f.OfficeText == officesOf:
			f.OfficeText = o.In(lang)
		case !ok || !o.called(f.OfficeText):
			f.Organisation = id.Nil
		}
	}
}

// pointed puts the place that is given into words, with a topic or without. A
// point outside of the region is told at once and taken out of the form.
func (w *Web) pointed(r *web.Request, f *reportForm) {
	if f.Place == (PlaceInput{Note: f.Note}) {
		return
	}
	place, err := w.Cases.places.Resolve(f.Place, nil)
	if err == nil {
		f.Found = place.Text
		if f.PlaceText == "" {
			f.PlaceText = place.Text
		}
		return
	}
	for _, field := range fieldsOf(err) {
		if field.Name != "place" || f.Place.Address != id.Nil {
			continue
		}
		f.Outside = i18n.Field(r.Lang, field)
		if f.wrong("place") == "" {
			f.Errors = append(f.Errors, field)
		}
		f.Place = PlaceInput{Note: f.Note}
	}
}

// point is where the pin stands on the page: that of the form, else of the plan.
func (f *reportForm) point() (lat, lon int64) {
	if f.Place.Lat == 0 && f.Place.Lon == 0 && f.Plan != nil {
		return f.Plan.Place.Lat, f.Plan.Place.Lon
	}
	return f.Place.Lat, f.Place.Lon
}

// placeOf ties the pin of the page to the words that stand in the line.
func (f *reportForm) placeOf() string {
	lat, lon := f.point()
	if lat == 0 && lon == 0 {
		return ""
	}
	return pointKey(lat, lon, f.PlaceText)
}

func pointKey(lat, lon int64, text string) string {
	return strings.TrimSpace(fmt.Sprintf("%d,%d %s", lat, lon, text))
}

func (t Topic) asks(name string) bool {
	return slices.ContainsFunc(t.Fields, func(q Question) bool { return q.Name == name })
}

// keepFile uploads a file of a form. The same file of the same form is kept
// once, however often the form is sent.
func (w *Web) keepFile(ctx context.Context, r *web.Request, form, name string, size int64, file multipart.File) (FileInfo, error) {
	key := ""
	if form != "" {
		sum := sha256.New()
		fmt.Fprintf(sum, "%s\n%s\n", form, name)
		_, err := io.Copy(sum, file)
		_, back := file.Seek(0, io.SeekStart)
		if err = errors.Join(err, back); err != nil {
			return FileInfo{}, errs.Wrap(errs.Internal, err)
		}
		key = hex.EncodeToString(sum.Sum(nil))
	}
	return w.Store.Upload(ctx, r.Actor, name, size, key, file)
}

// lacks tells all that keeps a report from being filed.
func (s *Service) lacks(actor policy.Actor, in FileInput) []errs.Field {
	var out []errs.Field
	if f := reportText(in.Text, in.Channel); f != nil {
		out = append(out, *f)
	}
	_, _, fields := s.plan(actor, in, s.clock.Now())
	out = append(out, fields...)
	if len(fields) == 1 && fields[0].Name == "place" { // a place that is refused hides what else is missing
		in.Place = PlaceInput{Note: in.Place.Note}
		_, _, fields = s.plan(actor, in, s.clock.Now())
		out = append(out, fields...)
	}
	return out
}

// missing tells what the form still lacks, all at once, in the order of the page.
func (w *Web) missing(r *web.Request, f *reportForm) {
	lacks := w.Cases.lacks(r.Actor, f.input(r))
	if f.Fact == "" && f.Place == (PlaceInput{Note: f.Note}) && f.PlaceText == "" {
		lacks = append(lacks, errs.Field{Name: "place", Rule: "required", Key: "case.place_required"})
	}
	for _, field := range lacks {
		if f.wrong(field.Name) == "" && (field.Name != "place" || len(f.Spots) == 0) {
			f.Errors = append(f.Errors, field)
		}
	}
	if len(f.Spots) > 0 {
		f.Errors = append(f.Errors, errs.Field{Name: "spot", Rule: "required", Key: "report.place_several"})
	}
	order := []string{"text", "fact", "details", "place", "spot", "files"}
	at := func(e errs.Field) int {
		name, _, _ := strings.Cut(e.Name, ".")
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(f.Errors, func(a, b errs.Field) int { return cmp.Compare(at(a), at(b)) })
}

// roadWords begin the words that speak of a road outside of towns.
var roadWords = []string{"километр", "трасс", "дорог", "шоссе", "автодорог", "road", "highway", "motorway", "kilomet"}

// ofRoad tells whether a place that was typed is on a road, by its words: such
// a place has no house, but a kilometre.
func ofRoad(text string) bool {
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if word == "км" || word == "km" || slices.ContainsFunc(roadWords, func(w string) bool { return strings.HasPrefix(word, w) }) {
			return true
		}
	}
	return false
}
