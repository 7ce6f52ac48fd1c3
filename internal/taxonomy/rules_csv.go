package taxonomy

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"okno/internal/calendar"
	"okno/internal/platform/errs"
)

// Columns of the file of the table of competence. An empty cell is "any" or
// "open"; a term is "10 calendar_days".
var csvColumns = []string{"fact", "territory", "owner", "organisation", "term", "from", "to", "note"}

// ReadRules reads the table of competence from CSV with a header; columns may
// stand in any order, and those that are left out are empty. An error names the line.
func ReadRules(in io.Reader) ([]Rule, error) {
	file := csv.NewReader(in)
	header, err := file.Read()
	if err != nil {
		return nil, badFile(1, err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	at := map[string]int{}
	for i, name := range header {
		if !slices.Contains(csvColumns, name) {
			return nil, badFile(1, fmt.Errorf("unknown column %q", name))
		}
		at[name] = i
	}
	var rules []Rule
	for {
		row, err := file.Read()
		if errors.Is(err, io.EOF) {
			return rules, nil
		}
		line, _ := file.FieldPos(0)
		if err != nil {
			var parse *csv.ParseError
			if errors.As(err, &parse) {
				line = parse.Line
			}
			return nil, badFile(line, err)
		}
		cell := func(name string) string {
			i, ok := at[name]
			if !ok {
				return ""
			}
			return strings.TrimSpace(row[i])
		}
		r := Rule{Fact: cell("fact"), Territory: cell("territory"), Owner: cell("owner"), Organisation: cell("organisation"),
			From: cell("from"), To: cell("to"), Note: cell("note")}
		if text := cell("term"); text != "" {
			if r.Term, err = parseTerm(text); err != nil {
				return nil, badFile(line, err)
			}
		}
		if problems := r.malformed(); len(problems) > 0 {
			return nil, badFile(line, errors.New(strings.Join(problems, "; ")))
		}
		rules = append(rules, r)
	}
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
	rows := [][]string{csvColumns}
	for _, r := range rules {
		var t calendar.Term
		if r.Term != nil {
			t = *r.Term
		}
		rows = append(rows, []string{r.Fact, r.Territory, r.Owner, r.Organisation, termText(t), r.From, r.To, r.Note})
	}
	return file.WriteAll(rows)
}
