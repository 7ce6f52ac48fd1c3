package casework

import (
	"context"
	"slices"
	"strings"

	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
)

// What stands in a line that proposes wins over what the form carries along
// unseen: without scripts the line may have been changed and the id not.

// officeOf is the organisation that a line names; chosen is the id beside it.
func (w *Web) officeOf(typed string, chosen id.ID) id.ID {
	if o, ok := w.Cases.offices.Office(chosen); ok && o.called(typed) {
		return chosen
	}
	if typed == "" {
		return id.Nil
	}
	if found := w.Offices.Find(typed, 2); len(found) == 1 || len(found) > 1 && found[0].called(typed) {
		return found[0].ID
	}
	return id.Nil
}

// topicOf is the code of the topic that a line names; chosen is the code beside it.
func (w *Web) topicOf(lang, typed, chosen string) string {
	if t, ok := w.Topics.Topic(lang, chosen); ok && t.Name == typed {
		return chosen
	}
	if typed == "" {
		return ""
	}
	for _, t := range w.Topics.Find(lang, typed, 2) {
		if strings.EqualFold(t.Name, typed) {
			return t.Code
		}
	}
	return ""
}

// partsOf reads the parts of a split. Each has a line that proposes topics
// and, where there are no scripts, a list of all of them instead.
func (w *Web) partsOf(lang string, form *web.Form) []Part {
	texts, lines, codes, lists := form.All("part_text", 4*MaxText), form.All("part_topic", 200), form.All("part_fact", 200), form.All("part_listed", 200)
	offices, chosen, offered := form.All("part_office", 300), form.All("part_office_id", 36), form.All("part_for", 200)
	out := make([]Part, len(texts))
	for i, text := range texts {
		p := Part{Text: text, Fact: at(codes, i), topic: at(lines, i), office: strings.TrimSpace(at(offices, i)), offered: at(offered, i)}
		if org, err := id.Parse(at(chosen, i)); p.office != "" {
			if err != nil {
				org = id.Nil
			}
			p.Organisation = w.officeOf(p.office, org)
		}
		switch {
		case len(lists) > 0:
			p.Fact, p.topic = at(lists, i), ""
		case len(lines) > 0:
			p.Fact = w.topicOf(lang, p.topic, p.Fact)
		}
		out[i] = p
	}
	return out
}

// offerParts puts the competent organisation beside each part of a split whose
// topic is new to the form, and tells whether it did.
func (w *Web) offerParts(ctx context.Context, r *web.Request, actor policy.Actor, number string, parts []Part) (bool, error) {
	fresh := func(p Part) bool { return p.Fact != "" && p.offered != p.Fact }
	if !slices.ContainsFunc(parts, fresh) {
		return false, nil
	}
	offers, err := w.Cases.OfferParts(ctx, actor, number, parts)
	if err != nil {
		return false, err
	}
	for i := range parts {
		if p := &parts[i]; fresh(*p) && offers[i].Office.ID != id.Nil {
			p.Organisation, p.office, p.offered, p.unknown = offers[i].Office.ID, offers[i].Office.In(r.Lang), p.Fact, offers[i].Unknown
		}
	}
	return true, nil
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}
