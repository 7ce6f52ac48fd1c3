package casework

import (
	"strings"

	"okno/internal/platform/id"
	"okno/internal/platform/web"
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
	out := make([]Part, len(texts))
	for i, text := range texts {
		p := Part{Text: text, Fact: at(codes, i), topic: at(lines, i)}
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

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}
