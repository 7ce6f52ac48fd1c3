package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/ui"
)

// acceptFiles is what the browser offers to choose; the bytes decide.
const acceptFiles = "image/jpeg,image/png,image/webp,image/heic,application/pdf,video/mp4,.docx,.xlsx,.odt,.txt"

// dropName names the button of a file that takes it out of the form.
const dropName = "drop"

func idText(v id.ID) string {
	if v == id.Nil {
		return ""
	}
	return v.String()
}

// notSaved is the sentence of a form that comes back because nothing could be written.
func notSaved(err error) string {
	if errs.Is(err, errs.OutcomeUnknown) {
		return "case.outcome_unknown"
	}
	return "case.not_saved"
}

func notSent(f *reportForm) ui.NoticeProps {
	return ui.NoticeProps{ID: "not-sent", Tone: ui.Bad, Alert: true, Level: 2, Title: i18n.T(f.Lang, "report.not_sent"), Text: i18n.T(f.Lang, notSaved(f.NotSent))}
}

func idOf(code string) string { return strings.ReplaceAll(code, ".", "-") }

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// summary lists the errors; that of a missing topic leads to the search while
// no topics are proposed that could carry it.
func (f *reportForm) summary() []ui.FieldError {
	out := summary(f.Lang, f.Errors)
	for i := range out {
		if out[i].ID == "fact" && len(f.Topics) == 0 {
			out[i].ID = "fact-text"
		}
		for _, q := range f.Chosen.Fields { // away from its field, a sentence has to name it
			if f.Errors[i].Name == "details."+q.Name {
				out[i].Text = q.Label + ". " + out[i].Text
			}
		}
	}
	return out
}

func orphan(f *reportForm) string {
	if len(f.Topics) == 0 {
		return f.wrong("fact")
	}
	return ""
}

func topicOptions(ctx context.Context, topics []Topic) []ui.Option {
	out := make([]ui.Option, len(topics))
	for i, t := range topics {
		about := slices.DeleteFunc([]string{t.Path, t.Hint}, func(s string) bool { return s == "" }) // in the tree the path is its headings
		out[i] = ui.Option{Value: t.Code, Text: t.Name, Hint: strings.Join(about, ". ")}
		switch {
		case t.Danger:
			out[i].State = &ui.StateProps{Text: i18n.Tc(ctx, "report.urgent"), Icon: ui.IconSiren, Tone: ui.Bad}
		case t.Fast:
			out[i].State = &ui.StateProps{Text: i18n.Tc(ctx, "report.fast"), Icon: ui.IconClock, Tone: ui.Act}
		}
	}
	return out
}

func spotOptions(lang string, spots []Spot) []ui.Option {
	out := make([]ui.Option, len(spots))
	for i, s := range spots {
		out[i] = ui.Option{Value: s.Place.String(), Text: s.Text, Hint: s.note(lang)}
	}
	return out
}

func officeOptions(lang string, offices []Office) []ui.Option {
	out := make([]ui.Option, len(offices))
	for i, o := range offices {
		out[i] = ui.Option{Value: o.ID.String(), Text: o.In(lang)}
	}
	return out
}

// note says what a place is: the name of a house, else its kind.
func (s Spot) note(lang string) string {
	if s.Name != "" {
		return s.Name
	}
	return i18n.T(lang, "report.spot."+s.Kind)
}

func fileItems(lang string, files []FileInfo) []ui.FileItem {
	out := make([]ui.FileItem, len(files))
	for i, f := range files {
		remove := i18n.T(lang, "ui.upload_remove")
		out[i] = ui.FileItem{ID: f.Blob.String(), Name: f.Name, Meta: i18n.Bytes(lang, f.Size),
			Action: &ui.ButtonProps{Text: remove, Kind: ui.Quiet, Name: dropName, Value: f.Blob.String(), FormAction: PathNew + "#files-field", Label: remove + ": " + f.Name}}
		if strings.HasPrefix(f.Kind, "image/") {
			out[i].Thumb = "/files/" + f.Blob.String() + "?size=thumb"
		}
	}
	return out
}

func (f *reportForm) topicName(code string) string {
	if code == f.Chosen.Code {
		return f.Chosen.Name
	}
	for _, t := range f.Topics {
		if t.Code == code {
			return t.Name
		}
	}
	for _, n := range f.Near {
		if n.Fact == code && n.Name != "" {
			return n.Name
		}
	}
	return i18n.T(f.Lang, "report.similar")
}

// nearLine tells a report nearby by what strangers may see of it; its number
// and month tell it from others of the same place.
func nearLine(lang string, n Near, name string) string {
	state := publicState(lang, &n.Public).Text
	first, size := utf8.DecodeRuneInString(state)
	far := i18n.T(lang, "report.near_here")
	if n.Metres >= 5 {
		far = i18n.T(lang, "report.near_far", i18n.Args{"Distance": metres(lang, n.Metres)})
	}
	return i18n.T(lang, "report.near_line", i18n.Args{"Name": name, "Place": n.PlaceText, "Far": far, "Month": n.when(lang),
		"State": string(unicode.ToLower(first)) + state[size:], "Number": id.ShowNumber(n.Number), "People": i18n.N(lang, "report.people", int(n.People))})
}

// planPanes are who answers, by what date, and what is asked of the person.
func planPanes(ctx context.Context, f *reportForm) []ui.Pane {
	p := f.Plan
	who := ui.Pane{What: i18n.Tc(ctx, "report.who"), Value: p.Office.In(i18n.Lang(ctx))}
	switch {
	case p.Unknown:
		who.More = []string{i18n.Tc(ctx, "report.who_unknown")}
	case p.Chosen:
		who.More = []string{i18n.Tc(ctx, "report.who_chosen")}
	default:
		who.More = []string{i18n.Tc(ctx, "report.who_routed")}
	}
	when := ui.Pane{What: i18n.Tc(ctx, "report.when"), Value: f.TermDay, Open: true}
	if f.TermLeft != "" {
		when.More = append(when.More, f.TermLeft)
	}
	if p.FastTrack {
		when.More = append(when.More, i18n.Tc(ctx, "report.fast_track"))
	}
	if loc, err := clock.Zone(p.Zone); err == nil && p.Fact.Term.Unit == "working_hours" {
		when.More = append(when.More, i18n.DateTimeZone(f.Lang, p.At, loc))
	}
	return []ui.Pane{who, when, {What: i18n.Tc(ctx, "report.you"), Value: i18n.Tc(ctx, "report.you_nothing"), More: []string{i18n.Tc(ctx, "report.you_then")}}}
}

func topicList(topics []Topic) []ui.Option {
	out := make([]ui.Option, len(topics))
	for i, t := range topics {
		out[i] = ui.Option{Value: t.Code, Text: t.Name}
	}
	return out
}

func metres(lang string, m int64) string {
	return fmt.Sprintf("%d", (m+5)/10*10) + "\u00a0" + i18n.T(lang, "report.metre")
}
