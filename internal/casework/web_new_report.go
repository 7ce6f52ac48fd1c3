package casework

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"net/url"
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
	Who             string // whose draft the browser may keep
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
	Found           string // the place in words, as soon as there is one
	OfRoad          bool   // what was typed is a road that the register doesn't know
	Outside         string // why the point is no place of the region
	Files           []FileInfo
	blobs           []id.ID // the files, also those that were refused just now
	used            bool    // a file belongs to a report already: the form may have been sent before

	Topics   []Topic // proposed for the words
	Chosen   Topic
	Tree     []TopicGroup // shown where the person asked for all topics
	Spots    []Spot       // several places fit what was typed
	Offices  []Office     // several organisations fit what was typed
	Near     []Near
	Plan     *Plan
	Errors   []errs.Field
	NotSent  error  // why it could not be saved
	Kept     string // the kept form that is shown
	Offers   []keptOffer
	Return   string     // the kept form that is asked for instead
	Forget   string     // the kept form that is not wanted any more
	Opened   string     // what the address said: it is another matter than what was written before
	sent     url.Values // as the form sent it
	Unsent   bool       // sent to be looked at: what was written lives here alone
	Map      ui.MapProps
	TermDay  string
	TermLeft string
}

// PathNew is where a report is written.
const PathNew = "/report/new"

// stepDrop comes back with the form as it is, without a file.
const stepDrop = "drop"

// MaxFiles is how many files go with a report, or with an action.
const MaxFiles = 10

const (
	maxFileBytes = 30 << 20 // of all files of a report
	nearMetres   = 300
)

func (w *Web) newReport(ctx context.Context, r *web.Request) (web.Response, error) {
	q := r.URL.Query()
	kept, err := w.keptToShow(ctx, r, q)
	if err != nil {
		return nil, err
	}
	f := &reportForm{Key: id.New().String(), Text: q.Get("text"), Fact: q.Get("fact"), Details: map[string]string{}}
	if kept != nil {
		r.ShowsKept(kept)
		if f, err = w.readValues(ctx, r, kept.Form()); err != nil {
			return nil, err
		}
		f.Kept = kept.Ref()
	} else {
		f.Opened = r.URL.RawQuery
	}
	if err := w.complete(ctx, r, f); err != nil {
		return nil, err
	}
	return w.formPage(ctx, r, f), nil
}

// sendReport checks what is there and, when the person saw who answers and by
// what date, files it. Without JavaScript the first press shows the plan.
func (w *Web) sendReport(ctx context.Context, r *web.Request) (web.Response, error) {
	f, step, err := w.readForm(ctx, r)
	if err != nil {
		return nil, err
	}
	f.Unsent = true
	if f.Forget != "" && f.Forget == f.Kept {
		if err := r.DropKept(ctx, f.Forget); err != nil {
			return w.notSaved(ctx, r, f, err)
		}
		return web.Redirect(pathEmpty).Message("success", "report.forgotten"), nil
	}
	if f.Return != "" {
		err := w.setAside(r, f)
		if err == nil {
			return web.Redirect(PathNew + "?kept=" + url.QueryEscape(f.Return)), nil
		}
		return w.notSaved(ctx, r, f, err)
	}
	if err := w.settle(ctx, r, f); err != nil {
		return nil, err
	}
	if f.Forget != "" {
		if err := r.DropKept(ctx, f.Forget); err != nil {
			return w.notSaved(ctx, r, f, err)
		}
		step = stepDrop
	}
	switch {
	case step == "topics":
		w.advise(ctx, r, f)
		f.Tree = w.Topics.Tree(r.Lang)
		return w.formPage(ctx, r, f), nil
	case step == stepDrop: // the rest is told when the person goes on
		w.advise(ctx, r, f)
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
	if errs.Is(err, errs.IdempotencyMismatch) { // it was sent, and changed since: what is new is a form of its own
		f.Key, f.Files, f.blobs = id.New().String(), nil, nil // the files are the first one's
		f.Errors = slices.DeleteFunc(f.Errors, func(e errs.Field) bool { return e.Name == "files" })
		f.Errors = append(f.Errors, errs.Field{Name: "text", Rule: "sent", Key: "report.sent_already"})
		return w.adviceReply(ctx, r, f), nil
	}
	if err != nil {
		return w.notSaved(ctx, r, f, err)
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
	if err := w.complete(ctx, r, f); err != nil {
		return nil, err
	}
	f.Errors = nil
	return web.Fragment(liveParts(f)), nil
}

func (w *Web) formPage(ctx context.Context, r *web.Request, f *reportForm) *web.Reply {
	f.Page = w.Page(ctx, r, r.T("report.title"), "")
	f.Who = idText(r.Actor.Person)
	w.offerKept(ctx, r, f)
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

// complete finds out what can be found out.
func (w *Web) complete(ctx context.Context, r *web.Request, f *reportForm) error {
	if err := w.settle(ctx, r, f); err != nil {
		return err
	}
	w.advise(ctx, r, f)
	return nil
}

// settle finds the fact and the place that were chosen: what sending needs.
func (w *Web) settle(ctx context.Context, r *web.Request, f *reportForm) error {
	if f.Fact != "" {
		t, ok := w.Topics.Topic(r.Lang, f.Fact)
		if ok {
			f.Chosen = t
			maps.DeleteFunc(f.Details, func(name, _ string) bool { return !t.asks(name) })
		} else {
			f.Errors = append(f.Errors, noFact(f.Fact))
			f.Fact = ""
		}
	}
	if f.Place.Address == id.Nil && f.Place.Lat == 0 && f.PlaceText != "" {
		lat, lon, err := w.whereabouts(ctx, r)
		if err != nil {
			return err
		}
		spots := w.Atlas.Search(f.PlaceText, 6, lat, lon)
		whole := len(spots) > 0 && spots[0].Place == id.Nil
		spots = slices.DeleteFunc(spots, func(s Spot) bool { return s.Place == id.Nil })
		switch {
		case whole && len(spots) == 0:
			f.Errors = append(f.Errors, errs.Field{Name: "place", Rule: "unknown", Key: "report.place_whole"})
		case len(spots) == 1 || len(spots) > 1 && strings.EqualFold(spots[0].Text, f.PlaceText):
			f.Place.Address, f.PlaceText = spots[0].Place, spots[0].Text
		case len(spots) == 0 && ofRoad(f.PlaceText):
			f.OfRoad = true
			f.Errors = append(f.Errors, errs.Field{Name: "place", Rule: "unknown", Key: "report.place_road"})
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
	return nil
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
	w.pointed(r, f)
	if f.Chosen.Code == "" || len(f.Spots) > 0 || f.Outside != "" {
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
		f.Owner = plan.Office.In(r.Lang)
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
	all, err := w.Cases.PublicIn(ctx, r.Actor, w.Atlas.Around(plan.Place.Lat, plan.Place.Lon, nearMetres), categoryOf(plan.Fact.Code), true, 60)
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
	nearestFirst(near, plan.Fact.Code)
	near = near[:min(3, len(near))]
	if len(near) == 0 || !r.Actor.SignedIn() {
		return near
	}
	cases := make([]id.ID, len(near))
	for i, n := range near {
		cases[i] = n.ID
	}
	own, err := w.Cases.OwnNumbers(ctx, r.Actor.Person, cases)
	if err != nil {
		slog.WarnContext(ctx, "casework: similar reports not read", "error", err)
		return nil
	}
	for i, n := range near {
		near[i].Own = own[n.ID]
	}
	return near
}

// nearestFirst puts reports of the same fact first, then the nearest, then the newest.
func nearestFirst(near []Near, fact string) {
	slices.SortFunc(near, func(a, b Near) int {
		return cmp.Or(boolInt(b.Fact == fact)-boolInt(a.Fact == fact), cmp.Compare(a.Metres, b.Metres), cmp.Compare(b.Month, a.Month), cmp.Compare(a.Number, b.Number))
	})
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
