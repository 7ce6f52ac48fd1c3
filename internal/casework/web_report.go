package casework

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// reportView is a report's page as its author or somebody who joined sees it.
type reportView struct {
	ui.Page
	*View
	caseFiles
	Topic    Topic
	Names    map[id.ID]string
	Now      time.Time
	Term     ui.DeadlineProps
	Face     ui.StateProps
	Form     Input // what was typed into a form that was refused
	Doing    Action
	Errors   []errs.Field
	ShowMap  ui.MapProps
	Key      string
	Who      string // whose drafts the browser may keep
	steps    []journal.Entry
	zone     *time.Location
	canRate  bool
	canAdd   bool
	wrote    bool // before joining, in a form that is kept
	canReply bool
	canTake  bool // withdraw
	canBack  bool // reopen what was rated
	reopens  bool
}

// report shows a report to whoever asks: its author, who joined, an officer
// (in the workspace), a stranger.
func (w *Web) report(ctx context.Context, r *web.Request) (web.Response, error) {
	number, ok := id.ParseNumber(r.PathValue("number"))
	if !ok {
		return nil, notFound()
	}
	if !r.Actor.SignedIn() {
		return w.publicReport(ctx, r)
	}
	actor := citizenOf(r.Actor)
	v, err := w.Cases.Read(ctx, actor, number, "")
	if errs.Is(err, errs.Forbidden) || errs.Is(err, errs.NotFound) {
		return w.publicReport(ctx, r)
	}
	if err != nil {
		return nil, err
	}
	reply, err := w.reportReply(ctx, r, v, "", Input{}, nil)
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// filed shows a report that was merged as it was: its author's words, the
// answers that who joined it had. Its number opens the one that answers.
func (w *Web) filed(ctx context.Context, r *web.Request) (web.Response, error) {
	number, ok := id.ParseNumber(r.PathValue("number"))
	if !ok {
		return nil, notFound()
	}
	v, err := w.Cases.ReadFiled(ctx, citizenOf(r.Actor), number, "")
	if errs.Is(err, errs.Forbidden) { // who left reads what strangers do
		return web.Redirect("/reports/" + number), nil
	}
	if err != nil {
		return nil, err
	}
	if v.As != "author" && v.As != "joined" || v.Outcome != Merged {
		return web.Redirect("/reports/" + number), nil
	}
	reply, err := w.reportReply(ctx, r, v, "", Input{}, nil)
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// citizenOf is the person without the organisation they may act for: on
// citizens' pages everybody is a citizen.
func citizenOf(a policy.Actor) policy.Actor {
	a.Organisation, a.Subtree, a.Territories = id.Nil, nil, nil
	a.Roles = []policy.Role{policy.Citizen}
	return a
}

func (w *Web) reportReply(ctx context.Context, r *web.Request, v *View, doing Action, in Input, wrong []errs.Field) (*web.Reply, error) {
	if doing == Rate { // in the order of the page
		slices.SortStableFunc(wrong, func(a, b errs.Field) int { return boolInt(a.Name == "mark") - boolInt(b.Name == "mark") })
	}
	p := &reportView{View: v, Now: r.Now, Doing: doing, Form: in, Errors: wrong, zone: r.Zone, Key: id.New().String(), Who: idText(r.Actor.Person)}
	p.Topic, _ = w.Topics.Topic(r.Lang, v.Fact)
	for i, part := range v.Children {
		if part.Title == "" { // another's words
			topic, _ := w.Topics.Topic(r.Lang, part.Fact)
			v.Children[i].Title = topic.Name
		}
	}
	steps, err := w.pastOf(ctx, v)
	if err != nil {
		return nil, err
	}
	p.steps = steps
	p.Page = w.Page(ctx, r, p.Topic.Name, NavReports)
	p.Term = deadline(r.Lang, w.Cases.Calendar(), &v.Case, r.Now)
	p.Term.Wide = true
	p.Face = citizenState(r.Lang, v.Procedure, &v.Case)
	var people []id.ID
	for _, e := range v.Entries {
		if e.Author != id.Nil && !slices.Contains(people, e.Author) {
			people = append(people, e.Author)
		}
	}
	if v.Handler != id.Nil && !slices.Contains(people, v.Handler) {
		people = append(people, v.Handler)
	}
	names, err := w.People.Names(ctx, people)
	if err != nil {
		return nil, err
	}
	p.Names = names
	if v.As == "joined" {
		if p.wrote, err = r.HasKept(ctx, PathNew); err != nil {
			return nil, err
		}
	}
	p.allow()
	if p.caseFiles, err = w.filesOf(ctx, r, citizenOf(r.Actor), v, "/reports/"+v.Number); err != nil {
		return nil, err
	}
	lat, lon, known := degreesOf(v.Place.Lat, v.Place.Lon)
	p.ShowMap = ui.MapProps{ID: "place-map", Label: r.T("report.map"), Pin: known, Zoom: 16, Fallback: v.Place.Text, Small: true}
	p.ShowMap.Lat, p.ShowMap.Lon = lat, lon
	w.dressMap(&p.ShowMap)
	reply := web.Page(reportPage(p)).AllowMap().ETag(v.Version)
	if len(wrong) > 0 {
		reply.Status(http.StatusUnprocessableEntity)
	}
	return reply, nil
}

// allow says what the reader may do on the page.
func (v *reportView) allow() {
	can := func(a Action) bool {
		return slices.ContainsFunc(v.Possible, func(row ActionRow) bool { return row.Code == a })
	}
	if v.As != "author" {
		v.canRate = v.Stage == StageAnswered
		return
	}
	v.canRate, v.canAdd, v.canReply, v.canTake = can(Rate), can(Add), can(Reply), can(Withdraw)
	v.canBack = can(Reopen)
	v.reopens = v.Reopened < v.Procedure.Reopens
}

func (w *Web) join(ctx context.Context, r *web.Request) (web.Response, error) {
	number, ok := id.ParseNumber(r.PathValue("number"))
	if !ok {
		return nil, notFound()
	}
	receipt, err := w.Cases.Join(ctx, citizenOf(r.Actor), number)
	if err != nil {
		return nil, err
	}
	if _, err := r.SetAside(PathNew, "text"); err != nil { // what was being written when this report was seen nearby
		return nil, err
	}
	if receipt.Repeat {
		return web.Redirect("/reports/"+receipt.Number).Message("success", "case.joined_already"), nil
	}
	return web.Redirect("/reports/"+receipt.Number).Message("success", "case.joined_flash", i18n.Args{"Number": id.ShowNumber(receipt.Number)}), nil
}

func (w *Web) unjoin(ctx context.Context, r *web.Request) (web.Response, error) {
	number, ok := id.ParseNumber(r.PathValue("number"))
	if !ok {
		return nil, notFound()
	}
	if err := w.Cases.Unjoin(ctx, citizenOf(r.Actor), number); err != nil && !errs.Is(err, errs.NotFound) { // pressed twice
		return nil, err
	}
	return web.Redirect("/reports").Message("success", "case.done.unjoin"), nil
}

// milestone names a step of the office that the citizen is told of without
// words of its own: "" for the others.
func milestone(f journal.Entry) string {
	var body Changed
	if f.Decode(&body) != nil {
		return "" // a fact of another kind
	}
	switch Action(strings.TrimPrefix(f.Kind, "casework.")) {
	case Accept:
		return "case.line.accepted"
	case Assign, Take:
		if text1(body.After["stage"], "") == string(StageExecution) {
			return "case.line.taken"
		}
	}
	return ""
}

// ratingOf is the mark that a step gave an answer.
func ratingOf(f journal.Entry) (mark int, solved string, ok bool) {
	var body Changed
	if f.Kind != "casework."+string(Rate) || f.Decode(&body) != nil || json.Unmarshal(body.After["mark"], &mark) != nil {
		return 0, "", false
	}
	return mark, text1(body.After["solved"], ""), true
}

// reopening tells whether a step reopened the report, and by which date a new
// answer was promised; "" where the date stayed.
func reopening(f journal.Entry) (until string, ok bool) {
	var body Changed
	if f.Decode(&body) != nil || len(body.After["reopened"]) == 0 || len(body.Before) == 0 {
		return "", false
	}
	return text1(body.After["review_date"], ""), true
}

// line is one thing that happened, for the timeline.
type line struct {
	item ui.TimelineItem
	at   int64
}

// once drops what repeats the line before it: a case handed on inside an office.
func once(lines []line) []line {
	return slices.CompactFunc(lines, func(a, b line) bool {
		return a.item.What == b.item.What && a.item.Text == "" && b.item.Text == ""
	})
}

// timeline tells the way of the report in plain words, what lies ahead last.
func (v *reportView) timeline() []ui.TimelineItem {
	lang := v.Page.Lang
	var lines []line
	add := func(at int64, key, text string) {
		if at == 0 {
			return
		}
		t := clock.FromMilli(at)
		lines = append(lines, line{ui.TimelineItem{What: i18n.T(lang, key), When: i18n.DateNear(lang, t, v.Now, v.zone) + ", " + i18n.Clock(t, v.zone),
			DateTime: t.Format(time.RFC3339), Text: text}, at})
	}
	if v.As != "joined" {
		add(v.RegisteredAt, "case.line.filed", i18n.T(lang, "case.line.filed_text"))
	} else {
		add(v.RegisteredAt, "case.line.joined", i18n.T(lang, "case.line.joined_text", i18n.Args{"Number": id.ShowNumber(v.Me.Number)}))
	}
	for _, e := range v.Entries {
		at := clock.Milli(e.At)
		switch e.Kind {
		case EntryQuestion:
			add(at, "case.line.asked", "")
		case EntryReply:
			add(at, "case.line.replied", "")
		case EntryAdded:
			if e.Action == Add {
				add(at, "case.line.added", "")
			}
		case EntryInterim:
			text := i18n.T(lang, "case.line.interim_same")
			if e.Action == Defer {
				text = i18n.T(lang, "case.line.interim_text", i18n.Args{"Until": i18n.UntilISO(lang, v.promised(e.At), v.Now, v.zone)})
			}
			add(at, "case.line.interim", text)
		case EntryAnswer:
			add(at, "case.line.answered", "")
		case EntryReopen:
			add(at, "case.line.reopened", "")
		case EntryReason:
			add(at, "case.line."+string(e.Action), e.Body)
		}
	}
	for _, f := range v.steps {
		if until, ok := reopening(f); ok && v.As == "joined" && f.At.After(v.Me.JoinedAt) {
			add(clock.Milli(f.At), "case.line.reopened_joined", i18n.T(lang, "case.line.reopened_until", i18n.Args{"Until": i18n.UntilISO(lang, cmp.Or(until, v.ReviewDate), v.Now, v.zone)}))
		}
		if mark, solved, ok := ratingOf(f); ok && v.As == "author" && !(v.Outcome == Rated && v.ClosedAt == clock.Milli(f.At)) { // the last one stands with the end
			add(clock.Milli(f.At), "case.line.closed_rated", i18n.T(lang, "work.mark_value", i18n.Args{"Mark": mark, "Solved": i18n.T(lang, "case.solved."+solved)}))
		}
		if key := milestone(f); key != "" && (v.As != "joined" || f.At.After(v.Me.JoinedAt)) {
			add(clock.Milli(f.At), key, "")
		}
	}
	if v.Stage == StageClosed && v.Outcome != Rejected { // that it was rejected stands with the reason
		add(v.ClosedAt, "case.line.closed_"+string(v.Outcome), "")
	}
	slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.at, b.at) })
	lines = once(lines)
	items := make([]ui.TimelineItem, len(lines))
	for i, l := range lines {
		items[i] = l.item
	}
	if n := len(items); n > 0 {
		items[n-1].Now = true
	}
	ahead := func(key, when, text string) {
		items = append(items, ui.TimelineItem{What: i18n.T(lang, key), When: when, Text: text, Ahead: true})
	}
	switch v.Stage {
	case StageAnswered:
		last := clock.FromMilli(v.RateUntil - 1)
		ahead("case.line.ahead_rate", i18n.Until(lang, last, v.Now, v.zone), i18n.T(lang, "case.line.ahead_rate_text"))
	case StageClosed:
	case StageDeferred:
		ahead("case.line.ahead_done", i18n.UntilISO(lang, v.ExecutionDate, v.Now, v.zone), "")
	default:
		if v.PausedAt > 0 {
			ahead("case.line.ahead_answer", i18n.T(lang, "case.term_stands"), "")
			break
		}
		until := i18n.UntilISO(lang, v.ReviewDate, v.Now, v.zone)
		if v.Term.Kind == ui.Late {
			ahead("case.line.ahead_answer", "", i18n.T(lang, "case.term_was", i18n.Args{"Until": until}))
			break
		}
		ahead("case.line.ahead_answer", until, "")
	}
	return items
}

// promised is the date of the work that was promised at a moment.
func (v *reportView) promised(at time.Time) string {
	date := v.ExecutionDate
	for _, f := range v.steps {
		var body Changed
		if f.At.After(at) || f.Decode(&body) != nil {
			continue
		}
		date = text1(body.After["execution_date"], date)
	}
	return date
}

func fileURL(number string, n int64, size string) string {
	u := fmt.Sprintf("/reports/%s/files/%d", number, n)
	if size != "" {
		u += "?size=" + size
	}
	return u
}

func (a Attachment) picture() bool {
	return a.Kind == "image/jpeg" || a.Kind == "image/png" || a.Kind == "image/webp"
}

func (v *reportView) wrong(name string) string {
	for _, e := range v.Errors {
		if e.Name == name {
			return i18n.Field(v.Page.Lang, e)
		}
	}
	return ""
}

// entriesOf lists entries of a kind, oldest first.
func (v *reportView) entriesOf(kinds ...EntryKind) (out []Entry) {
	for _, e := range v.Entries {
		if slices.Contains(kinds, e.Kind) {
			out = append(out, e)
		}
	}
	return out
}

func (v *reportView) question() string {
	qs := v.entriesOf(EntryQuestion)
	if len(qs) == 0 {
		return ""
	}
	return qs[len(qs)-1].Body
}
