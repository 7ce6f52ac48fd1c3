package casework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"okno/internal/calendar"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/ui"
)

// reportForm is the form of a new report: what was typed, and what the
// program found out about it so far. Nothing typed is ever lost.
type reportForm struct {
	ui.Page
	Key, Text, Fact string
	PlaceText, Note string
	PlaceOf         string // the point that the page had and the text that the program wrote for it
	Place           PlaceInput
	Details         map[string]string
	Hidden          bool
	Organisation    id.ID
	OfficeText      string
	TopicText       string // typed into the search for a topic
	Owner           string // whose the place is, by the register
	Files           []FileInfo
	blobs           []id.ID // the files, also those that were refused just now
	used            bool    // a file belongs to a report already: the form may have been sent before

	Topics   []Topic // proposed for the words
	Chosen   Topic
	Tree     []TopicGroup // shown where the person asked for all topics
	Spots    []Spot       // several places fit what was typed
	Near     []Near
	Plan     *Plan
	Errors   []errs.Field
	Map      ui.MapProps
	TermDay  string
	TermLeft string
}

// PathNew is where a report is written.
const PathNew = "/report/new"

const (
	maxFiles     = 10
	maxFileBytes = 30 << 20 // of all files of a report
	nearMetres   = 300
)

func (w *Web) newReport(ctx context.Context, r *web.Request) (web.Response, error) {
	f := &reportForm{Key: id.New().String(), Details: map[string]string{}}
	q := r.URL.Query()
	f.Text, f.Fact = q.Get("text"), q.Get("fact")
	w.complete(ctx, r, f)
	return w.formPage(ctx, r, f), nil
}

// sendReport checks what is there and, when the person saw who answers and by
// what date, files it. Without JavaScript the first press shows the plan.
func (w *Web) sendReport(ctx context.Context, r *web.Request) (web.Response, error) {
	f, step, err := w.readForm(ctx, r)
	if err != nil {
		return nil, err
	}
	w.settle(r, f)
	switch {
	case step == "topics":
		w.advise(ctx, r, f)
		f.Tree = w.Topics.Tree(r.Lang)
		return w.formPage(ctx, r, f), nil
	case step != "send" || len(f.Spots) > 0 || len(f.Errors) > boolInt(f.used): // what can't be sent is shown with advice
		return w.adviceReply(ctx, r, f), nil
	}
	receipt, err := w.Cases.FileReport(ctx, r.Actor, f.input(r))
	if f.Key != "" && (errs.Is(err, errs.Stale) || errs.Is(err, errs.Conflict)) { // the same form at the same moment took the files: it is answered by what it made
		receipt, err = w.Cases.FileReport(ctx, r.Actor, f.input(r))
	}
	if fields := fieldsOf(err); errs.Is(err, errs.Invalid) && len(fields) > 0 {
		f.Errors = append(f.Errors, fields...)
		return w.adviceReply(ctx, r, f), nil
	}
	if f.used && err != nil && errs.Is(err, errs.Conflict) { // another report has the file
		return w.adviceReply(ctx, r, f), nil
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect("/reports/"+receipt.Number).Message("success", "case.filed_flash", i18n.Args{"Number": id.ShowNumber(receipt.Number)}), nil
}

// adviceReply is the form with all that is known and all that it lacks.
func (w *Web) adviceReply(ctx context.Context, r *web.Request, f *reportForm) *web.Reply {
	w.advise(ctx, r, f)
	w.missing(r, f)
	reply := w.formPage(ctx, r, f)
	if len(f.Errors) > 0 {
		reply.Status(http.StatusUnprocessableEntity)
	}
	return reply
}

// liveReport answers htmx while the person types: topics for the words, what
// is nearby, who will answer.
func (w *Web) liveReport(ctx context.Context, r *web.Request) (web.Response, error) {
	f, _, err := w.readForm(ctx, r)
	if err != nil {
		return nil, err
	}
	f.Errors = nil
	w.complete(ctx, r, f)
	f.Errors = nil
	return web.Fragment(liveParts(f)), nil
}

func (w *Web) formPage(ctx context.Context, r *web.Request, f *reportForm) *web.Reply {
	f.Page = w.Page(ctx, r, r.T("report.title"), NavReports)
	f.Map = w.pickMap(r, f)
	return web.Page(newReportPage(f)).AllowMap()
}

func (w *Web) pickMap(r *web.Request, f *reportForm) ui.MapProps {
	lat, lon, known := degreesOf(f.point())
	m := ui.MapProps{ID: "place-map", Label: r.T("report.map"), Pin: known, PinLabel: r.T("report.pin"),
		LatName: "lat", LonName: "lon", Locate: true, Fallback: r.T("report.map_fallback")}
	m.Lat, m.Lon = lat, lon
	if known {
		m.Zoom = 16
	}
	w.dressMap(&m)
	return m
}

// readForm reads the form and keeps files that came with it, so that a page
// that comes back has them already.
func (w *Web) readForm(ctx context.Context, r *web.Request) (*reportForm, string, error) {
	in, err := r.Form()
	if err != nil {
		return nil, "", err
	}
	f := &reportForm{Key: in.Raw("key"), Text: in.Lines("text", 4*MaxText), Fact: in.Text("fact", 200), PlaceText: in.Text("place", 300),
		Note: in.Lines("note", 500), Hidden: in.Raw("hidden") == "yes", OfficeText: in.Text("office", 300), Details: map[string]string{}}
	f.Organisation = in.ID("office_id")
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
	w.trustWords(f, in.Text("spots_of", 300))
	if f.Organisation == id.Nil && f.OfficeText != "" { // typed, not chosen from the list
		if found := w.Offices.Find(f.OfficeText, 2); len(found) == 1 || len(found) > 1 && strings.EqualFold(found[0].Name, f.OfficeText) {
			f.Organisation, f.OfficeText = found[0].ID, found[0].Name
		} else {
			f.Errors = append(f.Errors, errs.Field{Name: "organisation", Rule: "unknown", Key: "report.office_unknown"})
		}
	}
	for name, v := range in.Values {
		if rest, ok := strings.CutPrefix(name, "details."); ok && len(v) > 0 && len(rest) < 40 && len(f.Details) < 10 {
			f.Details[rest] = in.Text(name, 300)
		}
	}
	var ids []id.ID
	for _, s := range in.All("attachment", 64) {
		if b, err := id.Parse(s); err == nil && len(ids) < maxFiles {
			ids = append(ids, b)
		}
	}
	for _, h := range in.Files("files") {
		if h.Size == 0 {
			continue
		}
		file, err := h.Open()
		if err != nil {
			return nil, "", errs.Wrap(errs.Internal, err)
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
	if f.Files, err = w.Cases.files.Claim(ctx, r.Actor.Person, ids); err != nil {
		f.used = errs.Is(err, errs.Conflict)
		f.Errors = append(f.Errors, fileError(err))
	}
	var total int64
	for _, file := range f.Files {
		total += file.Size
	}
	if total > maxFileBytes {
		f.Errors = append(f.Errors, errs.Field{Name: "files", Rule: "too_large", Key: "report.files_too_large"})
	}
	f.Errors = append(f.Errors, in.Broken()...)
	return f, in.Raw("step"), nil
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

// complete finds out what can be found out.
func (w *Web) complete(ctx context.Context, r *web.Request, f *reportForm) {
	w.settle(r, f)
	w.advise(ctx, r, f)
}

// settle finds the fact and the place that were chosen: what sending needs.
func (w *Web) settle(r *web.Request, f *reportForm) {
	if f.Fact != "" {
		t, ok := w.Topics.Topic(r.Lang, f.Fact)
		if ok {
			f.Chosen = t
			maps.DeleteFunc(f.Details, func(name, _ string) bool { return !t.asks(name) })
		} else {
			f.Errors = append(f.Errors, errs.Field{Name: "fact", Rule: "unknown", Key: "case.fact_required"})
			f.Fact = ""
		}
	}
	if f.Place.Address == id.Nil && f.Place.Lat == 0 && f.PlaceText != "" {
		spots := w.Atlas.Search(f.PlaceText, 6)
		switch {
		case len(spots) == 1 || len(spots) > 1 && strings.EqualFold(spots[0].Text, f.PlaceText):
			f.Place.Address, f.PlaceText = spots[0].Address, spots[0].Text
		case len(spots) == 0:
			f.Errors = append(f.Errors, errs.Field{Name: "place", Rule: "unknown", Key: "report.place_unknown"})
		default:
			f.Spots = spots
		}
	}
	if f.Place.Address != id.Nil {
		if s, ok := w.Atlas.Spot(f.Place.Address); ok {
			f.PlaceText = s.Text
		} else {
			f.Place.Address = id.Nil
			f.Errors = append(f.Errors, errs.Field{Name: "place", Rule: "unknown", Key: "report.place_unknown"})
		}
	}
}

// advise finds out what only a page shows: topics for the words, the plan,
// reports nearby.
func (w *Web) advise(ctx context.Context, r *web.Request, f *reportForm) {
	if strings.TrimSpace(f.Text) != "" {
		f.Topics = w.Topics.Suggest(r.Lang, f.Text, 3)
	}
	if t := f.Chosen; t.Code != "" && !slices.ContainsFunc(f.Topics, func(x Topic) bool { return x.Code == t.Code }) {
		f.Topics = append([]Topic{t}, f.Topics...)
	}
	if f.TopicText != "" && f.Fact == "" { // searched for without choosing from the list
		for _, t := range w.Topics.Find(r.Lang, f.TopicText, 5) {
			if !slices.ContainsFunc(f.Topics, func(x Topic) bool { return x.Code == t.Code }) {
				f.Topics = append(f.Topics, t)
			}
		}
	}
	if f.Chosen.Code == "" || len(f.Spots) > 0 {
		return
	}
	plan, err := w.Cases.Preview(ctx, r.Actor, f.input(r))
	if err != nil {
		if f.Place.Lat != 0 || f.Place.Address != id.Nil { // tell what is wrong with a place as soon as it is given
			for _, field := range fieldsOf(err) {
				if field.Name == "place" && f.wrong("place") == "" {
					f.Errors = append(f.Errors, field)
				}
			}
		}
		return
	}
	f.Plan = &plan
	if f.PlaceText == "" {
		f.PlaceText = plan.Place.Text
	}
	if keeper := cmp.Or(plan.Place.Operator, plan.Place.Owner); keeper == plan.Office.ID {
		f.Owner = plan.Office.Name
	}
	if left := w.Cases.Calendar().Remaining(r.Now, calendar.Deadline{Date: plan.Date, Zone: plan.Zone, At: plan.At}); left.WorkingDays > 0 {
		f.TermLeft = i18n.N(r.Lang, "case.left_working_days", left.WorkingDays)
	}
	f.TermDay = i18n.UntilISO(r.Lang, plan.Date, r.Now, r.Zone)
	f.Near = w.near(ctx, r, plan)
}

// near lists similar open reports around, the nearest first.
func (w *Web) near(ctx context.Context, r *web.Request, plan Plan) []Near {
	if plan.Place.Lat == 0 {
		return nil
	}
	all, err := w.Cases.PublicIn(ctx, r.Actor, w.Atlas.Around(plan.Place.Lat, plan.Place.Lon, nearMetres), categoryOf(plan.Fact.Code), true, 10)
	if err != nil {
		slog.WarnContext(ctx, "casework: similar reports not read", "error", err)
		return nil // the form works without them
	}
	var near []Near
	for _, p := range all {
		if m := w.Atlas.Distance(plan.Place.Lat, plan.Place.Lon, p.Lat, p.Lon); m <= nearMetres && akin(p.Fact, plan.Fact.Code) {
			t, _ := w.Topics.Topic(r.Lang, p.Fact)
			near = append(near, Near{Public: p, Metres: int64(m), Name: t.Name})
		}
	}
	slices.SortFunc(near, func(a, b Near) int {
		if same := boolInt(b.Fact == plan.Fact.Code) - boolInt(a.Fact == plan.Fact.Code); same != 0 {
			return same
		}
		return int(a.Metres - b.Metres)
	})
	return near[:min(3, len(near))]
}

func (f *reportForm) input(r *web.Request) FileInput {
	in := FileInput{Key: f.Key, Text: f.Text, Fact: f.Fact, Place: f.Place, Details: f.Details, Hidden: f.Hidden,
		Organisation: f.Organisation, Channel: "portal", Lang: r.Lang}
	in.Files = f.blobs
	return in
}

// wrong is the sentence of a field's error, "" where it is right.
func (f *reportForm) wrong(name string) string {
	for _, e := range f.Errors {
		if e.Name == name {
			return i18n.Field(f.Lang, e)
		}
	}
	return ""
}

// summary lists the errors for the top of the page.
func summary(lang string, fields []errs.Field) []ui.FieldError {
	out := make([]ui.FieldError, len(fields))
	for i, e := range fields {
		out[i] = ui.FieldError{ID: strings.ReplaceAll(e.Name, ".", "-"), Text: i18n.Field(lang, e)}
	}
	return out
}

func (w *Web) findTopics(_ context.Context, r *web.Request) (web.Response, error) {
	type item struct {
		Value string `json:"value"`
		Text  string `json:"text"`
		Note  string `json:"note,omitempty"`
	}
	items := []item{}
	for _, t := range w.Topics.Find(r.Lang, r.URL.Query().Get("q"), 12) {
		items = append(items, item{t.Code, t.Name, t.Path})
	}
	return web.JSON(items), nil
}

func (w *Web) findPlaces(_ context.Context, r *web.Request) (web.Response, error) {
	type item struct {
		Value string  `json:"value"`
		Text  string  `json:"text"`
		Lat   float64 `json:"lat"`
		Lon   float64 `json:"lon"`
	}
	items := []item{}
	for _, s := range w.Atlas.Search(r.URL.Query().Get("q"), 8) {
		items = append(items, item{s.Address.String(), s.Text, float64(s.Lat) / 1e6, float64(s.Lon) / 1e6})
	}
	return web.JSON(items), nil
}

func (w *Web) findOffices(_ context.Context, r *web.Request) (web.Response, error) {
	type item struct {
		Value string `json:"value"`
		Text  string `json:"text"`
	}
	items := []item{}
	for _, o := range w.Offices.Find(r.URL.Query().Get("q"), 10) {
		items = append(items, item{o.ID.String(), o.Name})
	}
	return web.JSON(items), nil
}

func microOf(s string) int64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v < -180 || v > 180 {
		return 0
	}
	return int64(math.Round(v * 1e6))
}

func degreesOf(lat, lon int64) (float64, float64, bool) {
	return float64(lat) / 1e6, float64(lon) / 1e6, lat != 0 || lon != 0
}

func categoryOf(fact string) string {
	c, _, _ := strings.Cut(fact, ".")
	return c
}

// akin tells whether two facts are of one subcategory.
func akin(a, b string) bool {
	i, j := strings.LastIndexByte(a, '.'), strings.LastIndexByte(b, '.')
	return i > 0 && j > 0 && a[:i] == b[:j]
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func metres(lang string, m int64) string {
	return fmt.Sprintf("%d", (m+5)/10*10) + "\u00a0" + i18n.T(lang, "report.metre")
}
