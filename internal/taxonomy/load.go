package taxonomy

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"okno/internal/calendar"
)

//go:embed rubricator/*.toml
var rubricatorFiles embed.FS

var defaultRubricator = sync.OnceValue(func() *Rubricator {
	r, err := Load(rubricatorFiles)
	if err != nil {
		panic("embedded rubricator: " + err.Error()) // a test loads it: cannot happen in a built program
	}
	return r
})

// Default is the rubricator that the program carries: what a new installation
// begins with, and what the demonstration region uses. Its Version is 0.
func Default() *Rubricator { return defaultRubricator() }

type factFile struct {
	Fact
	Term calendarTerm `toml:"term"`
}

type calendarTerm struct {
	N    int    `toml:"n"`
	Unit string `toml:"unit"`
}

type subcategoryFile struct {
	Subcategory
	Facts []factFile `toml:"fact"`
}

type categoryFile struct {
	Category
	Subcategories []subcategoryFile `toml:"subcategory"`
}

// Load reads a rubricator from TOML files, one category each, and checks it.
// Unknown keys are refused: a misspelt "requred" must not pass silently.
func Load(files fs.FS) (*Rubricator, error) {
	names, err := fs.Glob(files, "*.toml")
	if err != nil {
		return nil, err
	}
	nested, err := fs.Glob(files, "*/*.toml")
	if err != nil {
		return nil, err
	}
	var categories []Category
	for _, name := range append(names, nested...) {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		c, err := parseCategory(string(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(name), err)
		}
		categories = append(categories, c)
	}
	return Build(categories)
}

func parseCategory(text string) (Category, error) {
	var file categoryFile
	meta, err := toml.Decode(text, &file)
	if err != nil {
		return Category{}, err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return Category{}, fmt.Errorf("unknown key %s", unknown[0])
	}
	c := file.Category
	for _, sf := range file.Subcategories {
		s := sf.Subcategory
		for _, ff := range sf.Facts {
			f := ff.Fact
			f.Term = calendar.Term{N: ff.Term.N, Unit: calendar.Unit(ff.Term.Unit)}
			s.Facts = append(s.Facts, f)
		}
		c.Subcategories = append(c.Subcategories, s)
	}
	return c, nil
}

// Build makes a rubricator of categories, in their Order, and refuses one that
// breaks a rule; the error names every breach.
func Build(categories []Category) (*Rubricator, error) {
	slices.SortStableFunc(categories, func(a, b Category) int {
		if a.Order != b.Order {
			return a.Order - b.Order
		}
		return strings.Compare(a.Code, b.Code)
	})
	r := &Rubricator{Categories: categories, byCode: map[string]*Fact{}, topics: map[string]*Topic{}}
	var problems []string
	add := func(t *Topic, level int, parent string) {
		if _, twice := r.topics[t.Code]; twice {
			problems = append(problems, t.Code+": code stands twice")
		}
		r.topics[t.Code] = t
		if !validCode(t.Code, level) || Parent(t.Code) != parent {
			problems = append(problems, fmt.Sprintf("%q: not a code of level %d under %q", t.Code, level, parent))
		}
		if t.Name == "" || t.NameEN == "" {
			problems = append(problems, t.Code+": needs a name in both languages")
		}
	}
	for i := range categories {
		c := &categories[i]
		add(&c.Topic, 1, "")
		for j := range c.Subcategories {
			s := &c.Subcategories[j]
			add(&s.Topic, 2, c.Code)
			for k := range s.Facts {
				f := &s.Facts[k]
				add(&f.Topic, 3, s.Code)
				r.byCode[f.Code] = f
				r.facts = append(r.facts, f)
				problems = append(problems, checkFact(f)...)
			}
		}
	}
	for _, t := range r.topics {
		for _, n := range t.NotBelongs {
			if _, ok := r.topics[n.To]; !ok || n.To == t.Code {
				problems = append(problems, fmt.Sprintf("%s: sends to %q, which is not another topic", t.Code, n.To))
			}
		}
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		return nil, fmt.Errorf("rubricator: %s", strings.Join(problems, "; "))
	}
	r.suggest = sync.OnceValue(func() *classifier { return newClassifier(r, russianWords) })
	r.english = sync.OnceValue(func() *classifier { return newClassifier(r, englishWords) })
	r.search = sync.OnceValue(func() *searchIndex { return newSearchIndex(r) })
	return r, nil
}

func validCode(code string, level int) bool {
	parts := strings.Split(code, ".")
	if len(parts) != level || len(code) > 80 {
		return false
	}
	for _, p := range parts {
		if p == "" || strings.Trim(p, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return false
		}
	}
	return true
}

func checkFact(f *Fact) []string {
	var problems []string
	bad := func(format string, args ...any) {
		problems = append(problems, f.Code+": "+fmt.Sprintf(format, args...))
	}
	if err := f.Term.Check(); err != nil {
		bad("term: %v", err)
	}
	if f.FastTrack && !isFast(f.Term) {
		bad("fast track allows at most 10 days, not %d %s", f.Term.N, f.Term.Unit)
	}
	if !slices.Contains(Places(), f.Place) {
		bad("unknown place %q", f.Place)
	}
	if f.Place == PlaceNone && f.Owned() {
		bad("an owner is looked up by place, and no place is asked for")
	}
	for _, list := range []struct {
		what   string
		values []string
		known  []string
	}{{"required field", f.Required, Fields()}, {"asset kind", f.AssetKinds, AssetKinds()}, {"proof", f.Proof, Proofs()}, {"season", []string{f.Season}, Seasons()}} {
		for _, v := range list.values {
			if !slices.Contains(list.known, v) {
				bad("unknown %s %q", list.what, v)
			}
		}
	}
	return problems
}

// isFast: 7 working days may span up to 10 calendar days with one week-end and a holiday between.
func isFast(t calendar.Term) bool {
	switch t.Unit {
	case calendar.CalendarDays:
		return t.N <= 10
	case calendar.WorkingDays:
		return t.N <= 6
	default:
		return t.N <= 48
	}
}
