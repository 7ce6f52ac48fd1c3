package app

import (
	"context"
	"strings"
	"unicode"

	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/places"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// ImportReports files the reports of a CSV file; bad rows go to
// [casework.ErrorsFile]. opt needs neither Guide nor Zone.
func (a *App) ImportReports(ctx context.Context, actor policy.Actor, file Source, lang string, opt casework.ImportOptions) (casework.ImportCount, error) {
	index, err := a.Taxonomy.Current(ctx)
	if errs.Is(err, errs.Unavailable) {
		return casework.ImportCount{}, errs.New(errs.Conflict, "import.no_rubricator")
	}
	if err != nil {
		return casework.ImportCount{}, err
	}
	tree, err := a.Directory.Tree(ctx)
	if err != nil {
		return casework.ImportCount{}, err
	}
	if tree.Len() == 0 { // nobody could answer: each row would be refused
		return casework.ImportCount{}, errs.New(errs.Conflict, "import.no_organisations")
	}
	if opt.Zone, err = a.Config.Location(); err != nil {
		return casework.ImportCount{}, err
	}
	opt.Guide = newImportGuide(index.Rubricator, tree, a.Places.Index())
	if err := file.check(); err != nil {
		return casework.ImportCount{}, err
	}
	opt.Lists = file.Lists()
	return a.Cases.ImportFile(ctx, actor, file.Path, lang, opt)
}

// importGuide finds what a file means, by names as people write them. A name
// that two things have finds neither.
type importGuide struct {
	rubricator *taxonomy.Rubricator
	facts      map[string]string
	offices    map[string]id.ID
	places     *places.Index
}

func newImportGuide(r *taxonomy.Rubricator, tree *directory.Tree, p *places.Index) *importGuide {
	g := &importGuide{rubricator: r, facts: map[string]string{}, offices: map[string]id.ID{}, places: p}
	for _, f := range r.Facts() {
		for _, name := range names(f.Code, f.Name, f.NameEN) {
			once(g.facts, name, f.Code)
		}
	}
	tree.Walk(id.Nil, func(o directory.Organisation, _ int) bool {
		if o.Active {
			for _, name := range names(o.Code, o.Name, o.NameEN, o.ShortName, o.ShortNameEN) {
				once(g.offices, name, o.ID)
			}
		}
		return true
	})
	return g
}

// names are the different keys of one thing.
func names(all ...string) map[string]string {
	out := map[string]string{}
	for _, name := range all {
		if key := plainName(name); key != "" {
			out[key] = key
		}
	}
	return out
}

// once keeps a name's meaning while it has only one.
func once[T comparable](m map[string]T, name string, meaning T) {
	var none T
	if old, ok := m[name]; ok && old != meaning {
		meaning = none
	}
	m[name] = meaning
}

// plainName is a name without quotes, case, ё and double spaces.
func plainName(s string) string {
	s = strings.ReplaceAll(strings.ToLower(s), "ё", "е")
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("«»\"“”'", r) }), " ")
}

// FactNamed implements [casework.ImportGuide].
func (g *importGuide) FactNamed(name string) (string, bool) {
	code := g.facts[plainName(name)]
	return code, code != ""
}

// FactLike implements [casework.ImportGuide].
func (g *importGuide) FactLike(words string) (string, bool) {
	if found := g.rubricator.Suggest(words, 1); len(found) > 0 {
		return found[0].Fact.Code, true
	}
	return "", false
}

// FactOther implements [casework.ImportGuide].
func (*importGuide) FactOther() string { return "other.unsorted.problem" }

// OfficeNamed implements [casework.ImportGuide].
func (g *importGuide) OfficeNamed(name string) (id.ID, bool) {
	org := g.offices[plainName(name)]
	return org, org != id.Nil
}

// AddressNamed implements [casework.ImportGuide]. The search forgives much; a
// file gets a house only where the text itself names its town and number.
func (g *importGuide) AddressNamed(text string) (id.ID, bool) {
	found := g.places.SearchAddresses(text, 2)
	if len(found) == 0 {
		return id.Nil, false
	}
	best := found[0]
	if len(found) > 1 && found[1].StreetName == best.StreetName && found[1].House == best.House && found[1].LocalityName == best.LocalityName {
		return id.Nil, false
	}
	words := strings.FieldsFunc(plainName(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '/' })
	for _, w := range words {
		if w == plainName(best.House) {
			return best.ID, strings.Contains(strings.Join(words, " "), plainName(best.LocalityName))
		}
	}
	return id.Nil, false
}
