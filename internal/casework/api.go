package casework

import (
	"context"
	"net/http"

	"okno/internal/platform/blob"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

// API registers what citizens and officers do with reports. A caller acts for
// itself or for the organisation that its token names: one token, one
// workplace. Citizens' operations (file, join, add, reply, withdraw, rate, the
// own list) are always done by the person alone.
func API(a *api.API, w *Web, blobs *blob.Service) {
	o := &operations{w, blobs}
	o.registerFiling(a)
	o.registerReports(a)
	o.registerPublic(a)
	o.registerActions(a)
	o.registerWork(a)
	o.registerFiles(a)
}

// operations serve the API with what the pages use.
type operations struct {
	*Web
	blobs *blob.Service
}

// Tags group operations in the documentation.
const (
	tagReports = "Reports"
	tagPublic  = "Public reports"
	tagWork    = "Workspace of an organisation"
	tagFiles   = "Files"
)

// NumberPath is a report's public number in a path. What is no number names
// nothing, and is answered like anything else that isn't there.
type NumberPath struct {
	Number string `path:"number" maxLength:"40" doc:"Public number of the report, or the own number of one who joined; spaces and dashes don't matter" example:"1200-4505-7717"`
}

func (p NumberPath) parse() (string, error) {
	n, ok := id.ParseNumber(p.Number)
	if !ok {
		return "", notFound()
	}
	return n, nil
}

// ids reads ids of a request's body; what is no id breaks the field's rule.
type ids struct{ fields []errs.Field }

func (x *ids) one(name, text string) id.ID {
	if text == "" {
		return id.Nil
	}
	v, err := id.Parse(text)
	if err != nil {
		x.fields = append(x.fields, errs.Field{Name: name, Rule: "unknown"})
	}
	return v
}

func (x *ids) all(name string, texts []string) []id.ID {
	out := make([]id.ID, 0, len(texts))
	for _, t := range texts {
		out = append(out, x.one(name, t))
	}
	return out
}

// registerFiling: what comes before a report has its number.
func (o *operations) registerFiling(a *api.API) {
	api.Register(a, api.Operation{ID: "preview-report", Method: http.MethodPost, Path: "/reports/preview", Tag: tagReports,
		Summary: "Who would answer, and by what date", Repeatable: true,
		Description: "Routes a report and computes its term without storing anything, and lists similar open reports nearby that may be joined instead. This is what a person is to see before sending."},
		policy.CaseworkFile, o.preview)
	api.Register(a, api.Operation{ID: "file-report", Method: http.MethodPost, Path: "/reports", Tag: tagReports, Create: true,
		Summary: "File a report", Errors: []errs.Code{errs.IdempotencyMismatch, errs.NotFound},
		Description: "Registers a report at once: the answer holds its number, the organisation that answers and the last day of the term. A report is not a statutory appeal. Files are uploaded before (`upload-file`) and named by id. The same Idempotency-Key again answers the same report."},
		policy.CaseworkFile, o.fileReport)
}

// reportInput is one report as its author gives it.
type reportInput struct {
	Text           string            `json:"text" minLength:"10" maxLength:"4000" doc:"What happened, in the author's own words" example:"Яма у остановки во всю полосу, автобус объезжает по встречной."`
	Fact           string            `json:"fact" minLength:"1" maxLength:"200" doc:"Code of a fact of the rubricator" example:"roads.surface.pothole"`
	Place          placeInput        `json:"place,omitempty" doc:"Where it is"`
	Details        map[string]string `json:"details,omitempty" doc:"Answers to what the fact asks for besides place and photo, by name of the field (see required of the fact)" example:"{\"entrance\":\"2\"}"`
	Files          []string          `json:"files,omitempty" maxItems:"10" doc:"Ids of uploaded files, 30 MB in all"`
	Hidden         bool              `json:"hidden,omitempty" doc:"File it closed: strangers see nothing of it"`
	OrganisationID string            `json:"organisation_id,omitempty" maxLength:"36" doc:"Id of the organisation that the author chooses to answer; absent: found by the table of competence"`
}

type placeInput struct {
	AddressID string  `json:"address_id,omitempty" maxLength:"36" doc:"Id of a house, street or named thing as the search of places gives it"`
	Lat       float64 `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"Latitude in degrees (WGS 84)" example:"60.105"`
	Lon       float64 `json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"Longitude in degrees (WGS 84)" example:"31.452"`
	Note      string  `json:"note,omitempty" maxLength:"500" doc:"A landmark in the author's words" example:"у второго подъезда"`
}

// planInput is what a preview needs: all of a report but its words.
type planInput struct {
	Fact           string     `json:"fact" minLength:"1" maxLength:"200" doc:"Code of a fact of the rubricator" example:"roads.surface.pothole"`
	Place          placeInput `json:"place,omitempty" doc:"Where it is"`
	OrganisationID string     `json:"organisation_id,omitempty" maxLength:"36" doc:"Id of the organisation that the author chooses to answer"`
}

func (p placeInput) read(x *ids) PlaceInput {
	switch {
	case p.Lat != 0 && p.Lon == 0:
		x.fields = append(x.fields, errs.Field{Name: "place.lon", Rule: "required", Key: "api.other_half", Args: map[string]any{"Missing": "lon"}})
	case p.Lat == 0 && p.Lon != 0:
		x.fields = append(x.fields, errs.Field{Name: "place.lat", Rule: "required", Key: "api.other_half", Args: map[string]any{"Missing": "lat"}})
	}
	return PlaceInput{Address: x.one("place.address_id", p.AddressID), Lat: micro(p.Lat), Lon: micro(p.Lon), Note: p.Note}
}

// reportPlan is what a person sees before sending.
type reportPlan struct {
	Organisation officeRef    `json:"organisation" doc:"Who will answer"`
	Why          string       `json:"why" doc:"What decided: the author's choice (chosen), or a row of the table of competence" example:"owner"`
	Unknown      bool         `json:"unknown,omitempty" doc:"Nobody is known to be competent: a coordinator of the region decides who answers"`
	Term         termDocument `json:"term" doc:"Last day of the answer"`
	FastTrack    bool         `json:"fast_track,omitempty" doc:"The fact is answered in a short term"`
	Topic        topicRef     `json:"topic" doc:"What it is about"`
	Place        reportPlace  `json:"place" doc:"Where it is"`
	Similar      []nearReport `json:"similar" doc:"Similar open reports nearby, the most alike first; one may be joined instead of filing again"`
}

type nearReport struct {
	PublicReport
	Metres int64 `json:"metres" doc:"Distance"`
}

func (o *operations) preview(ctx context.Context, c api.Call, in *struct{ Body planInput }) (*struct{ Body reportPlan }, error) {
	var x ids
	f := FileInput{Fact: in.Body.Fact, Place: in.Body.Place.read(&x), Organisation: x.one("organisation_id", in.Body.OrganisationID), Channel: "api"}
	if err := errs.InvalidFields(x.fields...); err != nil {
		return nil, err
	}
	plan, err := o.Cases.Preview(ctx, citizenOf(c.Actor), f)
	if err != nil {
		return nil, inWords(c.Request.Lang, err)
	}
	t := c.Request
	out := &struct{ Body reportPlan }{}
	out.Body = reportPlan{Organisation: refOf(c.Request.Lang, plan.Office), Why: plan.Why, Unknown: plan.Unknown, FastTrack: plan.FastTrack,
		Topic: o.topic(t.Lang, plan.Fact.Code), Place: o.place(t.Lang, plan.Place.Territory, plan.Place), Similar: []nearReport{},
		Term: termDocument{Date: plan.Date, Zone: plan.Zone, EndsAt: plan.At.UTC()}}
	for _, n := range o.near(ctx, t, plan) {
		out.Body.Similar = append(out.Body.Similar, nearReport{o.public(t.Lang, &n.Public), n.Metres})
	}
	return out, nil
}

// reportAnswer is a report with its version.
type reportAnswer struct {
	ETag string `header:"ETag" doc:"Version of the report, for If-Match of an action"`
	Body reportDocument
}

type filedAnswer struct {
	ETag     string `header:"ETag" doc:"Version of the report, for If-Match of an action"`
	Location string `header:"Location" doc:"Address of the report in the API"`
	Body     reportDocument
}

func (o *operations) fileReport(ctx context.Context, c api.Call, in *struct{ Body reportInput }) (*filedAnswer, error) {
	var x ids
	b := in.Body
	f := FileInput{Key: c.Key, Text: b.Text, Fact: b.Fact, Place: b.Place.read(&x), Details: b.Details, Hidden: b.Hidden,
		Files: x.all("files", b.Files), Organisation: x.one("organisation_id", b.OrganisationID), Channel: "api", Lang: c.Request.Lang}
	x.details(b.Details)
	if err := errs.InvalidFields(x.fields...); err != nil {
		return nil, err
	}
	actor := citizenOf(c.Actor)
	receipt, err := o.Cases.FileReport(ctx, actor, f)
	if err != nil {
		return nil, inWords(c.Request.Lang, err)
	}
	v, err := o.Cases.Read(ctx, actor, receipt.Number, "")
	if err != nil {
		return nil, err
	}
	doc, err := o.document(ctx, c, v)
	if err != nil {
		return nil, err
	}
	return &filedAnswer{ETag: web.ETag(v.Version), Location: api.Prefix + "/reports/" + receipt.Number, Body: doc}, nil
}

// details holds the same bounds as the form's fields.
func (x *ids) details(d map[string]string) {
	if len(d) > 10 {
		x.fields = append(x.fields, errs.Field{Name: "details", Rule: "too_many", Args: map[string]any{"Max": 10}})
	}
	for name, v := range d {
		if len(name) >= 40 || len([]rune(v)) > 300 {
			x.fields = append(x.fields, errs.Field{Name: "details", Rule: "too_long", Args: map[string]any{"Max": 300}})
			return
		}
	}
}
