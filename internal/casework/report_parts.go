package casework

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/i18n"
	"okno/internal/ui"
)

func i64(n int64) string { return strconv.FormatInt(n, 10) }

// doing gives a control of the form in use the id by which the error summary
// finds it; the same control of another form gets one of its own.
func doing(v *reportView, a Action, name string) string {
	if v.Doing == a {
		return name
	}
	return string(a) + "-" + name
}

func (v *reportView) wrongIn(a Action, name string) string {
	if v.Doing != a {
		return ""
	}
	return v.wrong(name)
}

func (v *reportView) typed(a Action) string {
	if v.Doing != a {
		return ""
	}
	return v.Form.Comment
}

func (v *reportView) myNumber() string { return cmp.Or(v.Me.Number, v.Number) }

// numbered says under which number and since when the reader has the report.
func (v *reportView) numbered() string {
	if v.As == "joined" {
		return "case.number_joined"
	}
	return "case.number_filed"
}

// panes are the facts people came for: how it stands, by what date, who answers.
func (v *reportView) panes() []ui.Pane {
	lang := v.Page.Lang
	face := v.Face
	state := ui.Pane{What: i18n.T(lang, "case.state"), State: &face, Open: true}
	switch {
	case v.canRate:
		state.More = []string{i18n.T(lang, "case.await_rating", i18n.Args{"Until": i18n.Until(lang, clock.FromMilli(v.RateUntil-1), v.Now, v.zone)})}
	case v.canReply:
		state.More = []string{i18n.T(lang, "case.await_reply", i18n.Args{"Until": i18n.Until(lang, clock.FromMilli(v.WaitUntil-1), v.Now, v.zone)})}
	case v.Stage == StageModeration:
		state.More = []string{i18n.T(lang, "case.more_moderation")}
	case v.clarifying():
		state.More = []string{i18n.T(lang, "case.more_clarifying")}
	case v.Stage == StageDeferred:
		state.More = []string{i18n.T(lang, "case.more_deferred")}
	case v.Stage == StageExecution && v.Names[v.Handler] != "":
		state.More = []string{i18n.T(lang, "case.more_execution", i18n.Args{"Name": v.Names[v.Handler]})}
	}
	if v.People > 1 {
		state.More = append(state.More, i18n.N(lang, "case.people", int(v.People)))
	}
	term := v.termPane()
	if loc, err := clock.Zone(v.Case.Zone); err == nil && loc.String() != v.zone.String() {
		term.More = append(term.More, i18n.ZoneName(lang, v.Now, loc))
	}
	if v.Provisional && v.Open() && v.Stage != StageAnswered {
		term.More = append(term.More, i18n.T(lang, "case.provisional"))
	}
	return []ui.Pane{state, term, {What: i18n.T(lang, "report.who"), Value: v.Office.In(lang)}}
}

// termPane is the term, or how it ended.
func (v *reportView) termPane() ui.Pane {
	lang, what := v.Page.Lang, "case.term_answer"
	switch {
	case v.Term.Kind == ui.Over:
		return ui.Pane{What: i18n.T(lang, "case.term_closed"), Value: i18n.DateNear(lang, clock.FromMilli(v.ClosedAt), v.Now, v.zone)}
	case v.Term.Kind == ui.Done:
		what = "case.term_answered"
	case v.ExecutionAt > 0:
		what = "case.term_work"
	}
	p := ui.Pane{What: i18n.T(lang, what), Value: v.Term.Main, Body: ui.Deadline(ui.DeadlineProps{Kind: v.Term.Kind, Gone: v.Term.Gone, Bare: true, Main: v.Term.Main})}
	switch {
	case v.Term.Kind == ui.Hold:
		p.Value = capital(p.Value)
		p.More = []string{i18n.T(lang, "case.term_stands_more")}
		if v.clarifying() {
			p.More = []string{i18n.T(lang, "case.term_clarifying_more")}
		}
	case v.Term.Kind == ui.Done:
		p.More = []string{v.Term.Note, i18n.T(lang, "case.term_was", i18n.Args{"Until": i18n.UntilISO(lang, cmp.Or(v.ExecutionDate, v.ReviewDate), v.Now, v.zone)})}
	case v.Term.Note != "":
		p.More = []string{v.Term.Note}
	}
	return p
}

// othersWait tells whether the author can't withdraw because others joined.
func (v *reportView) othersWait() bool {
	return v.As == "author" && v.Open() && !v.canTake && v.People > 1
}

// shown tells whether strangers have a page of the report.
func (v *reportView) shown() bool { return v.Case.public() }

// seen says what the author can change: strangers see the report, will see it
// once a moderator has read it, or don't. Empty: nothing is the author's to decide.
func (v *reportView) seen() string {
	switch {
	case v.As != "author":
		return ""
	case v.shown():
		return "yes"
	case v.Hidden:
		return "no"
	case v.Stage == StageModeration:
		return "later"
	}
	return ""
}

// where tells the place and the topic of the report.
func (v *reportView) where() []ui.Fact {
	lang := v.Page.Lang
	facts := []ui.Fact{{What: i18n.T(lang, "case.place"), Value: oneLine(v.Place.Text)}, {What: i18n.T(lang, "report.note"), Value: v.Place.Note},
		{What: i18n.T(lang, "map.category"), Value: sentences(v.Topic.Path, v.Topic.Name)}}
	return slices.DeleteFunc(facts, func(f ui.Fact) bool { return f.Value == "" })
}

// answered heads an answer: after a reopening the first is told from the new one.
func (v *reportView) answered(e Entry) string {
	if e.Kind == EntryInterim {
		return "case.interim_of"
	}
	all := v.entriesOf(EntryAnswer)
	switch {
	case v.Reopened == 0:
		return "case.answer_of"
	case e.N == all[0].N:
		return "case.answer_first"
	}
	return "case.answer_new"
}

// refusal is the reason for which the report was rejected; "" unless it was.
func (v *reportView) refusal() string {
	reasons := v.entriesOf(EntryReason)
	if v.Outcome != Rejected || len(reasons) == 0 {
		return ""
	}
	last := reasons[len(reasons)-1]
	if v.As == "joined" {
		return i18n.T(v.Page.Lang, "work.reason."+last.Reason)
	}
	return last.Body
}

// unsolved tells whether the report is closed though the reader, its author or
// one who joined, said that the problem is still there.
func (v *reportView) unsolved() bool {
	return v.Stage == StageClosed && v.Outcome == Rated && v.Solved == "no"
}

// unsolvedThen says what is left to whoever it wasn't solved for.
func (v *reportView) unsolvedThen() string {
	switch {
	case v.As == "joined":
		return "case.unsolved_joined"
	case v.Reopened > 0:
		return "case.unsolved_again"
	}
	return "case.unsolved_then"
}

// oneLine keeps the number of a house on the line of its street.
func oneLine(place string) string {
	i := strings.LastIndex(place, ", ")
	if i < 0 || len(place)-i > 12 || strings.IndexAny(place[i+2:], "0123456789") != 0 {
		return place
	}
	return place[:i+1] + "\u00a0" + place[i+2:]
}

// capital begins a sentence with what is written small elsewhere.
func capital(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// sentences joins what there is by full stops.
func sentences(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ". ")
}

// answersOf are the answers to what the topic asks for, by the topic's labels
// and in its order; answers to a former topic's questions come last.
func answersOf(lang string, t Topic, details string) (out []ui.Fact) {
	if details == "" {
		return nil
	}
	answers := map[string]string{}
	if err := json.Unmarshal([]byte(details), &answers); err != nil {
		slog.Error("casework: answers not read", "error", err)
		return nil
	}
	for _, q := range t.Fields {
		if answers[q.Name] != "" {
			out = append(out, ui.Fact{What: q.Label, Value: answers[q.Name]})
		}
		delete(answers, q.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		if answers[name] != "" {
			out = append(out, ui.Fact{What: i18n.T(lang, "case.other_answer"), Value: answers[name]})
		}
	}
	return out
}

func (v *reportView) solvedProps(ctx context.Context) ui.SolvedProps {
	s := ui.SolvedProps{FieldProps: ui.FieldProps{ID: doing(v, Rate, "solved"), Name: "solved", Hint: i18n.Tc(ctx, "case.solved_hint"), Error: v.wrongIn(Rate, "solved")}, Value: v.Form.Solved}
	if v.As == "author" && !v.reopens && v.Reopened > 0 {
		s.Hint = i18n.Tc(ctx, "case.solved_hint_last")
	}
	if !v.reopens || v.As != "author" {
		return s
	}
	until := i18n.Until(v.Page.Lang, clock.FromMilli(v.RateUntil-1), v.Now, v.zone)
	s.Reopen = &ui.ReopenProps{
		Hint: i18n.Tc(ctx, "case.reopen_hint", i18n.Args{"Until": until, "Term": termWords(v.Page.Lang, v.Procedure.ReopenTerm)}),
		Reason: ui.ChoicesProps{FieldProps: ui.FieldProps{ID: doing(v, Rate, "reason"), Name: "reason", Error: v.wrongIn(Rate, "reason")}, Value: v.Form.Reason, Options: []ui.Option{
			{Value: "partly", Text: i18n.Tc(ctx, "case.reopen.partly")}, {Value: "again", Text: i18n.Tc(ctx, "case.reopen.again")},
			{Value: "off_topic", Text: i18n.Tc(ctx, "case.reopen.off_topic")}, {Value: "no", Text: i18n.Tc(ctx, "case.reopen.no")}}},
		Text: ui.TextareaProps{FieldProps: ui.FieldProps{ID: doing(v, Rate, "comment"), Name: "comment", Error: v.wrongIn(Rate, "comment")}, Value: v.typed(Rate), Limit: MaxText},
	}
	return s
}

// conversation is what was written in the case for its author to read, oldest
// first: a question that still waits stands with the form of its reply.
func (v *reportView) conversation() []Entry {
	all := v.entriesOf(EntryText, EntryAdded, EntryQuestion, EntryReply, EntryReopen)
	if !v.canReply {
		return all
	}
	for i, e := range slices.Backward(all) {
		if e.Kind == EntryQuestion {
			return slices.Delete(all, i, i+1)
		}
	}
	return all
}

// headOf heads an entry of the conversation.
func headOf(e Entry) string {
	if e.Kind == EntryAdded && e.Action == Withdraw {
		return "case.entry.withdrawn"
	}
	return "case.entry." + string(e.Kind)
}

// langOf is the language of an entry: offices write Russian.
func (v *reportView) langOf(e Entry) string {
	if e.Kind == EntryQuestion {
		return i18n.Russian
	}
	return v.Case.Lang
}

// ratedHead heads the reader's own mark: after a reopening it is told that it
// was of the first answer.
func (v *reportView) ratedHead() string {
	if v.Reopened > 0 && v.Outcome != Rated {
		return "case.my_rating_first"
	}
	return "case.my_rating"
}

// rated is the reader's own mark, once it is given.
func (v *reportView) rated(ctx context.Context) []ui.Fact {
	mark, solved := v.Mark, v.Solved
	if mark == 0 {
		return nil
	}
	out := []ui.Fact{{What: i18n.Tc(ctx, "case.mark"), Value: i18n.Tc(ctx, "case.mark_of", i18n.Args{"Mark": mark})},
		{What: i18n.Tc(ctx, "ui.solved"), Value: i18n.Tc(ctx, "case.solved."+solved)}}
	if words := v.entriesOf(EntryRating); v.As == "author" && len(words) > 0 {
		out = append(out, ui.Fact{What: i18n.Tc(ctx, "case.rated_words"), Value: words[len(words)-1].Body})
	}
	return out
}

// excerpt is what a moderator let strangers read.
func (v *reportView) excerpt() string {
	for _, e := range v.Entries {
		if e.N == v.Excerpt {
			return e.Body
		}
	}
	return ""
}

// released are the author's photos that a moderator let strangers see.
func (v *reportView) released() (out []ui.Photo) {
	f := v.caseFiles
	for _, a := range f.all {
		if a.Reader == ForAnyone && a.picture() && f.shut[a.Blob] == "" {
			out = append(out, f.photo(a))
		}
	}
	return out
}

// rateSubmit says on the button what pressing it does.
func (v *reportView) rateSubmit(ctx context.Context) ui.RatingSubmitProps {
	p := ui.RatingSubmitProps{Rate: i18n.Tc(ctx, "case.do.rate_rate")}
	if v.reopens && v.As == "author" {
		p.Any, p.Reopen = i18n.Tc(ctx, "case.do.rate_send"), i18n.Tc(ctx, "case.do.rate_reopen")
	}
	return p
}

func caption(p ui.Photo, lead, text string) ui.Photo {
	p.Caption, p.Alt = lead+" "+text, lead+" "+text
	return p
}

func termWords(lang string, t calendar.Term) string {
	return i18n.N(lang, "case.term."+string(t.Unit), t.N)
}

func (v *reportView) mergedTitle() string {
	if v.Formers[0].Wrote {
		return "case.merged_here"
	}
	return "case.merged_joined"
}

// intoThen says of a report that was merged what its reader may wait for.
func (v *reportView) intoThen() string {
	if v.Left {
		return "case.merged_left"
	}
	return "case.merged_then"
}

// link is what the way to a former report is called.
func (f Former) link() string {
	if f.Wrote {
		return "case.filed_words"
	}
	return "case.joined_before"
}

// mergedThen says where the answer is to a report that was merged into this one.
func (v *reportView) mergedThen() string {
	if v.Outcome == Split {
		return "case.merged_here_split"
	}
	return "case.merged_here_then"
}

func (v *publicView) panes() []ui.Pane {
	lang := v.Page.Lang
	state := publicState(lang, v.Public)
	people := []string{i18n.N(lang, "case.people", int(v.People))}
	if v.Into != "" || len(v.Parts) > 0 { // they wait there
		people = nil
	}
	return []ui.Pane{
		{What: i18n.T(lang, "case.state"), State: &state, Open: true, More: people},
		{What: i18n.T(lang, "case.place"), Value: v.PlaceText, More: []string{v.Zone}},
		{What: i18n.T(lang, "case.filed"), Value: v.when(lang)},
	}
}

// when is the month of filing in words.
func (p *Public) when(lang string) string {
	month, err := time.Parse("2006-01", p.Month)
	if err != nil {
		return p.Month
	}
	return i18n.T(lang, "case.month."+strconv.Itoa(int(month.Month())), i18n.Args{"Year": month.Year()})
}

func (v *publicView) photos() (out []ui.Photo) {
	for _, a := range v.Attachments {
		if a.picture() {
			photo := ui.Photo{Thumb: fileURL(v.Number, a.N, "thumb"), Full: fileURL(v.Number, a.N, "large"), Alt: i18n.T(v.Page.Lang, "case.photo_alt")}
			if a.Work {
				photo = caption(photo, i18n.T(v.Page.Lang, "case.after"), i18n.T(v.Page.Lang, "case.after_text"))
			}
			out = append(out, photo)
		}
	}
	return out
}

func (m MineRow) props(v *mineView) ui.RowProps {
	t := v.Topics[m.Fact]
	d := deadline(v.Lang, v.calendar, &m.Case, v.Now)
	href := "/reports/" + m.MyNumber
	if m.Outcome == Merged { // the number opens the one that answers
		href += "/filed"
	}
	return ui.RowProps{Title: cmp.Or(m.Title, t.Name), Href: href, Lang: m.Case.Lang, Heading: v.Headed,
		Meta: sentences(numbered(v.Lang, m.MyNumber), m.filed(v), oneLine(m.Place.Text), v.Offices[m.Organisation]), Side: ui.Deadline(d)}
}

// filed tells since when the person has the report.
func (m MineRow) filed(v *mineView) string {
	key := "case.filed_on"
	if m.Kind != "author" {
		key = "case.joined_on"
	}
	return i18n.T(v.Lang, key, i18n.Args{"Date": i18n.DateNear(v.Lang, clock.FromMilli(m.RegisteredAt), v.Now, v.zone)})
}

func (m MineRow) face(v *mineView) ui.StateProps {
	return citizenState(v.Lang, v.proc(&m.Case), &m.Case)
}
