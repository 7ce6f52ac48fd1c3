package taxonomy

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"okno/internal/calendar"
	"okno/internal/platform/columns"
	"okno/internal/platform/errs"
)

// Table describes the columns of the file of the table of competence.
func Table() columns.Table {
	return columns.Table{
		{Name: "fact", Means: "code of a fact, a subcategory or a category; empty: all", Example: "roads.surface"},
		{Name: "territory", Means: "code of a territory, with those below it; empty: all", Example: "mun.01"},
		{Name: "owner", Means: "whose thing stands at the place; empty: any known owner, and facts without one",
			Form: "code of an organisation, kind:KIND, known (anybody known) or unknown (nobody known)", Example: "kind:municipal"},
		{Name: "organisation", Required: true, Means: "who answers", Form: "code of an organisation, @owner or @operator", Example: "@operator"},
		{Name: "term", Means: "this organisation's own term; empty: the fact's", Form: "number and calendar_days, working_days or working_hours", Example: "10 working_days"},
		{Name: "from", Means: "first day; empty: the day of --from", Form: "2026-11-22", Example: "2026-01-01"},
		{Name: "to", Means: "last day; empty: open", Form: "2026-11-22"},
		{Name: "note", Means: "the act that the row rests on", Example: "Распоряжение 12, пункт 3"},
	}
}

// Row is a row of the file with its line, from 1.
type Row struct {
	Line int
	Rule
}

// BadRow is a row that can't be taken, with the columns that are wrong.
type BadRow struct {
	Line   int
	Fields []errs.Field
}

func badRow(line int, flaws ...flaw) BadRow {
	b := BadRow{Line: line}
	for _, f := range flaws {
		b.Fields = append(b.Fields, errs.Field{Name: f.column, Rule: f.rule, Key: "taxonomy.row_" + f.rule})
	}
	return b
}

// ReadRules is [ReadRows] for a file that has to be whole. An error names the line.
func ReadRules(in io.Reader) ([]Rule, error) {
	rows, bad, err := ReadRows(in)
	if err != nil {
		return nil, err
	}
	if len(bad) > 0 {
		return nil, badFile(bad[0].Line, fmt.Errorf("%+v", bad[0].Fields))
	}
	var rules []Rule
	for _, r := range rows {
		rules = append(rules, r.Rule)
	}
	return rules, nil
}

// ReadRows reads the table of competence from CSV (UTF-8, comma or semicolon)
// with a header; columns may stand in any order, and those that are left out
// are empty. A row that can't be read doesn't stop the others. The error is
// about the file as a whole.
func ReadRows(in io.Reader) (rows []Row, bad []BadRow, err error) {
	text := bufio.NewReader(in)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\ufeff" {
		if _, err := text.Discard(3); err != nil {
			return nil, nil, err
		}
	}
	file := csv.NewReader(text)
	first, err := text.Peek(1024)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	if head, _, _ := strings.Cut(string(first), "\n"); strings.Count(head, ";") > strings.Count(head, ",") {
		file.Comma = ';'
	}
	header, err := file.Read()
	if err != nil {
		return nil, nil, badFile(1, err)
	}
	table, at := Table(), map[string]int{}
	for i, name := range header {
		if name = strings.ToLower(strings.TrimSpace(name)); !table.Has(name) {
			return nil, nil, badColumn("column", name)
		}
		at[name] = i
	}
	for _, name := range table.Required() {
		if _, ok := at[name]; !ok {
			return nil, nil, badColumn("no_column", name)
		}
	}
	for {
		row, err := file.Read()
		if errors.Is(err, io.EOF) {
			return rows, bad, nil
		}
		line, _ := file.FieldPos(0)
		var parse *csv.ParseError
		switch {
		case errors.Is(err, csv.ErrFieldCount):
			bad = append(bad, badRow(line, flaw{column: "row", rule: "width"}))
			continue
		case errors.As(err, &parse):
			bad = append(bad, badRow(parse.StartLine, flaw{column: "row", rule: "csv"}))
			continue
		case err != nil:
			return nil, nil, err
		}
		r, flaws := ruleOf(func(name string) string {
			i, ok := at[name]
			if !ok {
				return ""
			}
			return strings.TrimSpace(row[i])
		})
		if len(flaws) > 0 {
			bad = append(bad, badRow(line, flaws...))
			continue
		}
		rows = append(rows, Row{line, r})
	}
}

func ruleOf(cell func(string) string) (Rule, []flaw) {
	r := Rule{Fact: cell("fact"), Territory: cell("territory"), Owner: cell("owner"), Organisation: cell("organisation"),
		From: cell("from"), To: cell("to"), Note: cell("note")}
	var flaws []flaw
	if text := cell("term"); text != "" {
		t, err := parseTerm(text)
		if err != nil {
			flaws = []flaw{{"term", "term", err.Error()}}
		} else {
			r.Term = t
		}
	}
	return r, append(flaws, r.malformed()...)
}

// CheckRows finds the rows that name what doesn't exist or contradict each
// other, by line. It needs the rubricator, territories and organisations.
func (s *Service) CheckRows(ctx context.Context, rows []Row) ([]BadRow, error) {
	index, err := s.Current(ctx)
	if err != nil {
		return nil, err
	}
	areas, err := s.world.Areas(ctx)
	if err != nil {
		return nil, err
	}
	parties, err := s.world.Parties(ctx)
	if err != nil {
		return nil, err
	}
	known, kinds := map[string]Party{}, map[string]Party{}
	for _, p := range parties {
		known[p.Code], kinds[OwnerKind+p.Kind] = p, p
	}
	rules := make([]Rule, len(rows))
	for i, r := range rows {
		rules[i] = r.Rule
	}
	c := NewCompetence(rules, areas)
	var bad []BadRow
	for i := range rows {
		if flaws := c.strange(&c.rules[i], index.Rubricator, known, kinds); len(flaws) > 0 {
			bad = append(bad, badRow(rows[i].Line, flaws...))
		}
	}
	for i, j := range c.clashes() {
		bad = append(bad, BadRow{max(rows[i].Line, rows[j].Line), []errs.Field{{Name: "row", Rule: "conflict", Key: "taxonomy.row_conflict",
			Args: map[string]any{"Line": min(rows[i].Line, rows[j].Line)}}}})
	}
	slices.SortStableFunc(bad, func(a, b BadRow) int { return cmp.Compare(a.Line, b.Line) })
	return bad, nil
}

func badColumn(rule, column string) error {
	return &errs.Error{Code: errs.Invalid, Key: "taxonomy.file_" + rule, Args: map[string]any{"Line": 1, "Column": column}}
}

func badFile(line int, err error) error {
	return &errs.Error{Code: errs.Invalid, Key: "taxonomy.file_line", Args: map[string]any{"Line": line}, Err: err}
}

func parseTerm(text string) (*calendar.Term, error) {
	n, unit, ok := strings.Cut(text, " ")
	days, err := strconv.Atoi(n)
	if !ok || err != nil {
		return nil, fmt.Errorf("not a term: %q", text)
	}
	t := calendar.Term{N: days, Unit: calendar.Unit(unit)}
	return &t, t.Check()
}

func termText(t calendar.Term) string {
	if t.N == 0 {
		return ""
	}
	return strconv.Itoa(t.N) + " " + string(t.Unit)
}

// WriteRules writes the table of competence as [ReadRules] reads it.
func WriteRules(out io.Writer, rules []Rule) error {
	file := csv.NewWriter(out)
	rows := [][]string{Table().Names()}
	for _, r := range rules {
		var t calendar.Term
		if r.Term != nil {
			t = *r.Term
		}
		rows = append(rows, []string{r.Fact, r.Territory, r.Owner, r.Organisation, termText(t), r.From, r.To, r.Note})
	}
	return file.WriteAll(rows)
}
