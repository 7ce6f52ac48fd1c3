package casework

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/ui"
)

// barSplit keeps the first three actions in the bar, two where their names are
// too long to stand in one row with the menu from which the others open.
func barSplit(forms []actionForm) (first, rest []actionForm) {
	const most, room = 3, 22 // buttons; letters of all their names
	letters := 0
	if len(forms) <= most {
		return forms, nil
	}
	for _, f := range forms {
		n := utf8.RuneCountInString(f.Title)
		if len(first) < most && (len(first) < 2 || letters+n <= room) && f.kind != ui.Quiet && f.kind != ui.Danger {
			first, letters = append(first, f), letters+n
		} else {
			rest = append(rest, f)
		}
	}
	if len(rest) == 1 { // a menu of one is a button
		return append(first, rest...), nil
	}
	return first, rest
}

// barKind fills the first button of the bar: one filled button in a block.
func barKind(i int, f actionForm) ui.Kind {
	if i == 0 {
		if f.kind == ui.Quiet || f.kind == ui.Danger { // a note, a refusal: nothing that the case waits for
			return ui.Second
		}
		return ui.Primary
	}
	if f.kind == ui.Primary {
		return ui.Second
	}
	return f.kind
}

func sendKind(f actionForm) ui.Kind {
	if f.kind == ui.Danger {
		return ui.Danger
	}
	return ui.Primary
}

func partID(name string, i int) string {
	if i == 0 && name == "fact" {
		return "parts"
	}
	return "part-" + name + "-" + strconv.Itoa(i)
}

func partOf(v *workView, i int) Part {
	if i < len(v.Form.Parts) {
		return v.Form.Parts[i]
	}
	return Part{}
}

// partTopic is what stands in the line of a part's topic.
func (v *workView) partTopic(i int) string {
	p := partOf(v, i)
	if p.topic != "" || p.Fact == "" {
		return p.topic
	}
	for _, o := range treeOptions(v.Parts) {
		if o.Value == p.Fact {
			return o.Text
		}
	}
	return ""
}

// partError is what is wrong with a part: an unknown topic stands where it was
// typed, all else at the first part.
func partError(v *workView, i int) string {
	if v.Doing != SplitUp {
		return ""
	}
	wrong := slices.IndexFunc(v.Form.Parts, func(p Part) bool { return p.Fact == "" })
	for _, e := range v.Errors {
		if e.Name == "parts" && (e.Rule != "unknown" && e.Rule != "office" && i == 0 || e.Rule == "unknown" && i == max(0, wrong)) {
			return i18n.Field(v.Page.Lang, e)
		}
	}
	return ""
}

// partHint says why the organisation is offered.
func partHint(v *workView, i int) string {
	if partOf(v, i).unknown {
		return i18n.T(v.Page.Lang, "work.part_office_unknown")
	}
	return i18n.T(v.Page.Lang, "work.part_office_hint")
}

// partOfficeError is what is wrong with the organisation of a part.
func partOfficeError(v *workView, i int) string {
	for _, e := range v.Errors {
		if n, ok := e.Args["N"].(int); e.Name == "parts" && e.Rule == "office" && ok && n == i+1 {
			return i18n.Field(v.Page.Lang, e)
		}
	}
	return ""
}

func treeOptions(tree []TopicGroup) (out []ui.Option) {
	for _, c := range tree {
		for _, s := range c.Groups {
			for _, t := range s.Topics {
				out = append(out, ui.Option{Value: t.Code, Text: t.Name, Group: c.Name + ". " + s.Name})
			}
		}
	}
	return out
}

func shownNumbers(numbers []string) []string {
	out := make([]string, len(numbers))
	for i, n := range numbers {
		out[i] = id.ShowNumber(n)
	}
	return out
}

func (v *bulkView) wrong(name string) string {
	for _, e := range v.Errors {
		if e.Name == name {
			return i18n.Field(v.Page.Lang, e)
		}
	}
	return ""
}
