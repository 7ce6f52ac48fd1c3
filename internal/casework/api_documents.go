package casework

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web/api"
)

// What programs get: codes for them, words in the caller's language for people.

type officeRef struct {
	ID   string `json:"id" doc:"Id of the organisation"`
	Code string `json:"code" doc:"Code of the organisation" example:"roads"`
	Name string `json:"name" doc:"Name of the organisation in the caller's language, where it has one in it" example:"Комитет по дорожному хозяйству"`
}

func refOf(lang string, o Office) officeRef {
	return officeRef{o.ID.String(), o.Code, o.In(lang)}
}

type topicRef struct {
	Code string `json:"code" doc:"Code of the fact" example:"roads.surface.pothole"`
	Name string `json:"name" doc:"Name of the fact in the caller's language" example:"Яма на дороге"`
	Path string `json:"path,omitempty" doc:"Category and subcategory in words" example:"Дороги. Дорожное покрытие"`
}

func (o *operations) topic(lang, code string) topicRef {
	t, _ := o.Topics.Topic(lang, code)
	return topicRef{code, t.Name, t.Path}
}

type personRef struct {
	ID   string `json:"id,omitempty" doc:"Id of the person; officers alone see it"`
	Name string `json:"name" doc:"Name for display" example:"Тимур Гареев"`
}

type reportPlace struct {
	Text      string  `json:"text,omitempty" doc:"Address, or the nearest known place in words" example:"Верхнеозёрск, Рыбацкая улица, 14"`
	Note      string  `json:"note,omitempty" doc:"Landmark in the author's words"`
	AddressID string  `json:"address_id,omitempty" doc:"Id of the house in the address register"`
	Lat       float64 `json:"lat,omitempty" doc:"Latitude in degrees (WGS 84)"`
	Lon       float64 `json:"lon,omitempty" doc:"Longitude in degrees (WGS 84)"`
	Territory string  `json:"territory,omitempty" doc:"Code of the territory" example:"mun.03"`
	Name      string  `json:"territory_name,omitempty" doc:"Name of the territory"`
}

func (o *operations) place(lang, territory string, p Place) reportPlace {
	out := reportPlace{Text: p.Text, Note: p.Note, Lat: degrees(p.Lat), Lon: degrees(p.Lon), Territory: territory, Name: o.Atlas.Territory(lang, territory)}
	if p.Address != id.Nil {
		out.AddressID = p.Address.String()
	}
	return out
}

func degrees(micro int64) float64 { return float64(micro) / 1e6 }

func micro(degrees float64) int64 { return int64(math.Round(degrees * 1e6)) }

// termDocument is a term: a calendar date in the zone of the body that owes
// the act, and the moment at which that day ends.
type termDocument struct {
	Date        string    `json:"date" doc:"Last day of the term, in zone" example:"2026-12-07"`
	Zone        string    `json:"zone" doc:"IANA zone of the organisation that owes the act" example:"Europe/Moscow"`
	EndsAt      time.Time `json:"ends_at" doc:"The moment when the term ends"`
	Provisional bool      `json:"provisional,omitempty" doc:"Counted by standing holidays: the year's calendar isn't published yet. It never gets later by that"`
	Passed      bool      `json:"passed,omitempty" doc:"The term is over and what is owed is not done"`
	Stands      bool      `json:"stands,omitempty" doc:"The clock stands: the applicant is asked"`
	DaysLeft    int       `json:"working_days_left,omitempty" doc:"Working days left"`
}

// term is the clock that runs: review until the answer, execution after a promise.
func (o *operations) term(c *Case, now time.Time) termDocument {
	d := c.review()
	if c.ExecutionAt > 0 {
		d = calendar.Deadline{Date: c.ExecutionDate, Zone: c.Zone, At: clock.FromMilli(c.ExecutionAt)}
	}
	out := termDocument{Date: d.Date, Zone: c.Zone, EndsAt: d.At.UTC(), Provisional: c.Provisional && c.ExecutionAt == 0}
	if !c.Open() {
		return out
	}
	left := o.Cases.Calendar().Remaining(now, d)
	out.Stands = c.PausedAt > 0
	out.Passed = left.Passed && !out.Stands
	if !left.Passed {
		out.DaysLeft = left.WorkingDays
	}
	return out
}

// ReportState is how a report stands.
type ReportState struct {
	Number  string        `json:"number" doc:"Public number; a participant's own where they joined" example:"120045057717"`
	Version int64         `json:"version" doc:"Version of the report; its ETag is \"v\" and this number, in quotes" example:"7"`
	Stage   Stage         `json:"stage" enum:"moderation,coordination,execution,waiting,approval,deferred,answered,closed" doc:"Where it stands in its procedure; of one who joined, by their own rating, and while the author is asked: execution"`
	Outcome Outcome       `json:"outcome,omitempty" doc:"How it ended: rated, unrated, rejected, withdrawn, merged, split, archived (came from a file as one that is over)" example:"rated"`
	State   string        `json:"state" doc:"The state in words, in the caller's language" example:"В работе"`
	Term    *termDocument `json:"term,omitempty" doc:"Absent for strangers. The clock that runs: review until the answer, execution after an interim answer that promised a date"`
}

func (o *operations) state(c *Case, lang string, office bool, now time.Time) ReportState {
	s := ReportState{Number: c.Number, Version: c.Version, Stage: c.Stage, Outcome: c.Outcome, Term: new(o.term(c, now))}
	if office {
		s.State = officeState(lang, c).Text
	} else {
		s.State = citizenState(lang, o.Cases.Procedure(c), c).Text
	}
	return s
}

// reportDocument is a report as one reader may see it.
type reportDocument struct {
	ReportState
	As           string            `json:"as" enum:"author,joined,office,stranger" doc:"In what relation the caller reads it; everything else follows from it"`
	MetadataOnly bool              `json:"metadata_only,omitempty" doc:"The caller may see numbers, states and terms, no words, files or names"`
	Topic        topicRef          `json:"topic" doc:"What it is about"`
	Title        string            `json:"title,omitempty" doc:"Beginning of the author's words"`
	Lang         string            `json:"lang,omitempty" doc:"Language of the author's words" example:"ru"`
	Place        reportPlace       `json:"place" doc:"Where it is"`
	Organisation *officeRef        `json:"organisation,omitempty" doc:"Who answers"`
	Chosen       bool              `json:"chosen,omitempty" doc:"The author chose the organisation"`
	Applicant    *personRef        `json:"applicant,omitempty" doc:"The author; officers with access to words alone see it"`
	Handler      *personRef        `json:"handler,omitempty" doc:"The officer who has it"`
	Channel      string            `json:"channel,omitempty" doc:"How it came: portal, api or import"`
	Hidden       bool              `json:"hidden,omitempty" doc:"Strangers see nothing of it: filed closed, or closed by its author later"`
	People       int64             `json:"people" doc:"The author and those who joined"`
	RegisteredAt *time.Time        `json:"registered_at,omitempty" doc:"Moment of filing; absent for one who joined"`
	JoinedAt     *time.Time        `json:"joined_at,omitempty" doc:"Moment when the caller joined; absent for others"`
	Month        string            `json:"month,omitempty" doc:"Month of filing, all that strangers see of it" example:"2026-11"`
	AnsweredAt   *time.Time        `json:"answered_at,omitempty" doc:"Moment of the answer"`
	ReplyUntil   *time.Time        `json:"reply_until,omitempty" doc:"Until when the author may reply to the question"`
	RateUntil    *time.Time        `json:"rate_until,omitempty" doc:"Until when it may be rated"`
	ClosedAt     *time.Time        `json:"closed_at,omitempty" doc:"Moment of closing"`
	Mark         int64             `json:"mark,omitempty" doc:"1 to 5: how good the answer is; of one who joined, their own"`
	Solved       string            `json:"solved,omitempty" doc:"yes or no: whether the problem is solved" example:"yes"`
	Voices       *voices           `json:"joined_ratings,omitempty" doc:"What those who joined say of the answer; for officers, of a report that somebody joined"`
	Reopened     int64             `json:"reopened,omitempty" doc:"How often it was reopened"`
	Extended     int64             `json:"extended,omitempty" doc:"How often the term was extended"`
	Details      map[string]string `json:"details,omitempty" doc:"Answers to what the fact asks for"`
	Excerpt      string            `json:"excerpt,omitempty" doc:"What the moderator released for strangers to read"`
	Entries      []reportEntry     `json:"entries" doc:"Texts that the caller may read, oldest first"`
	Files        []reportFile      `json:"files" doc:"Files that the caller may open"`
	Actions      []possibleAction  `json:"actions" doc:"What the caller may do now, by perform-action"`
	Filed        string            `json:"filed,omitempty" doc:"Number of the report that the caller wrote or joined and that was merged into this one: get-report with filed answers it"`
	Formers      []string          `json:"formers,omitempty" doc:"Numbers of all reports through which that one came here, itself the first: get-report with filed answers each as it was"`
	MergedInto   string            `json:"merged_into,omitempty" doc:"Public number of the report that it was merged into or split from"`
	Children     []string          `json:"children,omitempty" doc:"Numbers of the reports that it was split into; of one who joined, their own"`
}

// voices are [Voices] for programs.
type voices struct {
	Solved   int64 `json:"solved" doc:"How many say that the problem is solved"`
	Unsolved int64 `json:"not_solved" doc:"How many say that it is not" example:"2"`
}

type reportEntry struct {
	N            int64      `json:"n" doc:"Number of the entry in the report"`
	Kind         EntryKind  `json:"kind" enum:"text,added,question,reply,draft,answer,interim,shared,reason,remark,note,reopen,rating,excerpt" doc:"What it is"`
	At           time.Time  `json:"at" doc:"The moment"`
	Author       *personRef `json:"author,omitempty" doc:"Who wrote it"`
	Role         string     `json:"role,omitempty" doc:"In which role it was written" example:"handler"`
	Organisation *officeRef `json:"organisation,omitempty" doc:"On whose behalf"`
	Action       Action     `json:"action" doc:"The action that it came with" example:"submit"`
	Reason       string     `json:"reason,omitempty" doc:"Code of the reason" example:"no_place"`
	Text         string     `json:"text" doc:"In words"`
}

type reportFile struct {
	N      int64  `json:"n" doc:"Number of the file in the report" example:"1"`
	Entry  int64  `json:"entry" doc:"The entry that it came with"`
	Name   string `json:"name" example:"Фото.jpg" doc:"Name in the caller's language"`
	Kind   string `json:"kind" doc:"Content type as recognised" example:"image/jpeg"`
	Size   int64  `json:"size" doc:"Bytes as sent"`
	Public bool   `json:"public,omitempty" doc:"Released for strangers"`
	Href   string `json:"href" doc:"Where to open it" example:"/api/v1/reports/120045057717/files/1"`
}

func files(number string, list []Attachment) []reportFile {
	out := make([]reportFile, len(list))
	for i, a := range list {
		out[i] = reportFile{a.N, a.Entry, a.Name, a.Kind, a.Size, a.Reader == ForAnyone, api.Prefix + "/reports/" + number + "/files/" + i64(a.N)}
	}
	return out
}

// publicFiles are released photos without what only their author has: the name
// and the size of the original.
func publicFiles(p *Public) []reportFile {
	out := files(p.Number, p.Attachments)
	for i := range out {
		out[i].Name, out[i].Size = "", 0
	}
	return out
}

// moment is a stored moment, nil where there is none.
func moment(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	t := clock.FromMilli(ms).UTC()
	return &t
}

// document writes a view; names of everybody in it are read in one call.
func (o *operations) document(ctx context.Context, c api.Call, v *View) (reportDocument, error) {
	lang, office := c.Request.Lang, v.As == "office"
	full := !office || v.Grant.Full()
	d := reportDocument{ReportState: o.state(&v.Case, lang, office, c.Request.Now), As: v.As, MetadataOnly: !full, Topic: o.topic(lang, v.Fact),
		Title: v.Title, Lang: v.Case.Lang, Place: o.place(lang, v.State.Territory, v.Place), Chosen: v.Chosen, Channel: v.Channel, Hidden: v.Hidden,
		People: v.People, RegisteredAt: moment(v.RegisteredAt), AnsweredAt: moment(v.AnsweredAt), ReplyUntil: moment(v.WaitUntil),
		RateUntil: moment(v.RateUntil), ClosedAt: moment(v.ClosedAt), Mark: v.Mark, Solved: v.Solved, Reopened: v.Reopened, Extended: v.Extended,
		Entries: []reportEntry{}, Files: files(v.Number, v.Attachments), Actions: []possibleAction{}}
	if v.Office.ID != id.Nil {
		ref := refOf(lang, v.Office)
		d.Organisation = &ref
	}
	if v.As == "joined" {
		d.Number, d.Hidden, d.RegisteredAt, d.JoinedAt = v.Me.Number, false, nil, moment(v.RegisteredAt)
	}
	if office && v.People > 1 {
		d.Voices = &voices{v.Voices.Solved, v.Voices.Unsolved}
	}
	if v.Details != "" {
		if err := json.Unmarshal([]byte(v.Details), &d.Details); err != nil {
			return d, errs.Wrap(errs.Internal, err)
		}
	}
	for i, f := range v.Formers {
		if d.Formers = append(d.Formers, f.Number); i == 0 {
			d.Filed = f.Number
		}
	}
	if v.ParentCase != nil {
		d.MergedInto = v.ParentCase.Number
	}
	for _, k := range v.Children {
		d.Children = append(d.Children, k.Number)
	}
	for _, row := range v.Possible {
		d.Actions = append(d.Actions, v.possible(row))
	}
	return d, o.people(ctx, lang, &d, v, full)
}

func (o *operations) people(ctx context.Context, lang string, d *reportDocument, v *View, full bool) error {
	who := []id.ID{v.Applicant}
	add := func(p id.ID) {
		if p != id.Nil && !slices.Contains(who, p) {
			who = append(who, p)
		}
	}
	add(v.Handler)
	for _, e := range v.Entries {
		add(e.Author)
	}
	names, err := o.People.Names(ctx, who)
	if err != nil {
		return err
	}
	if v.As == "joined" {
		delete(names, v.Applicant)
	}
	if !full {
		clear(names)
	}
	ref := func(p id.ID) *personRef {
		name, ok := names[p]
		if !ok || p == id.Nil {
			return nil
		}
		r := &personRef{Name: name}
		if v.As == "office" {
			r.ID = p.String()
		}
		return r
	}
	d.Handler = ref(v.Handler)
	d.Applicant = ref(v.Applicant)
	for _, e := range v.Entries {
		out := reportEntry{N: e.N, Kind: e.Kind, At: e.At.UTC(), Author: ref(e.Author), Role: e.Role, Action: e.Action, Reason: e.Reason, Text: e.Body}
		if office, ok := o.Cases.offices.Office(e.Organisation); ok && e.Organisation != id.Nil {
			r := refOf(lang, office)
			out.Organisation = &r
		}
		if e.N == v.Excerpt {
			d.Excerpt = e.Body
		}
		if e.Kind == EntryExcerpt && v.As != "office" { // who released it is the office's
			out.Author = nil
		}
		d.Entries = append(d.Entries, out)
	}
	return nil
}

// PublicReport is a report as a stranger sees it.
type PublicReport struct {
	Number  string       `json:"number" doc:"Public number" example:"120045057717"`
	Topic   topicRef     `json:"topic" doc:"What it is about"`
	Place   reportPlace  `json:"place" doc:"To the house"`
	Month   string       `json:"month" doc:"Month of filing" example:"2026-11"`
	Stage   Stage        `json:"stage" doc:"Where it stands in its procedure" example:"execution"`
	Outcome Outcome      `json:"outcome,omitempty" doc:"How it ended" example:"rated"`
	Solved  string       `json:"solved,omitempty" doc:"yes or no: what its author said when they rated" example:"yes"`
	People  int64        `json:"people" doc:"The author and those who joined"`
	Into    string       `json:"merged_into,omitempty" doc:"Public number of the report that it was merged into; in the single report alone"`
	Parts   []string     `json:"children,omitempty" doc:"Public numbers of the reports that it was split into; in the single report alone"`
	Excerpt string       `json:"excerpt,omitempty" doc:"What the moderator released; in the single report alone"`
	Files   []reportFile `json:"files,omitempty" doc:"Photos that the moderator released; in the single report alone"`
}

func (o *operations) public(lang string, p *Public) PublicReport {
	return PublicReport{Number: p.Number, Topic: o.topic(lang, p.Fact), Month: p.Month, Stage: p.Stage, Outcome: p.Outcome, Solved: p.Solved, People: p.People,
		Into: p.Into, Parts: p.Parts, Excerpt: p.Excerpt, Files: publicFiles(p),
		Place: reportPlace{Text: p.PlaceText, Lat: degrees(p.Lat), Lon: degrees(p.Lon), Territory: p.Territory, Name: o.Atlas.Territory(lang, p.Territory)}}
}

// filterText writes a filter as codes for the record of who read: a=b,c=d.
func filterText(pairs ...string) string {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" && pairs[i+1] != "false" {
			parts = append(parts, pairs[i]+"="+pairs[i+1])
		}
	}
	return strings.Join(parts, ",")
}
