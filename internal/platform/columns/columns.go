// Package columns describes the columns of a file that is imported. A reader
// takes the names and the required ones from the same table that help prints.
package columns

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
)

// Column is one column of a table, or one property of a GeoJSON feature or of
// a JSON object.
type Column struct {
	Name     string
	Required bool   // a row with an empty cell is refused
	Means    string // what stands in it, in a few words
	Form     string // how it is written; empty: text
	Example  string // a cell of the example row; may be empty where the column isn't required
}

// Table is the columns of a file in the order in which its example is written.
type Table []Column

// Names lists the columns.
func (t Table) Names() []string {
	out := make([]string, len(t))
	for i, c := range t {
		out[i] = c.Name
	}
	return out
}

// Required lists the columns whose cells may not be empty.
func (t Table) Required() []string {
	var out []string
	for _, c := range t {
		if c.Required {
			out = append(out, c.Name)
		}
	}
	return out
}

// Has tells whether there is a column of that name.
func (t Table) Has(name string) bool {
	return slices.ContainsFunc(t, func(c Column) bool { return c.Name == name })
}

// Example is a heading and one row in CSV.
func (t Table) Example() string {
	var head, row []string
	for _, c := range t {
		head, row = append(head, c.Name), append(row, quoted(c.Example))
	}
	return strings.Join(head, ",") + "\n" + strings.Join(row, ",") + "\n"
}

func quoted(cell string) string {
	if strings.ContainsAny(cell, ",\"\n") {
		return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
	}
	return cell
}

// Help is the table for a terminal: name, whether required, meaning and form.
func (t Table) Help() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, c := range t {
		need, form := "", ""
		if c.Required {
			need = "required"
		}
		if c.Form != "" {
			form = ": " + c.Form
		}
		fmt.Fprintf(w, "  %s\t%s\t%s%s\n", c.Name, need, c.Means, form)
	}
	w.Flush() // a strings.Builder takes everything
	return b.String()
}

// Words joins a closed set as a form: "one of a, b, c".
func Words[T ~string](set []T) string {
	words := make([]string, len(set))
	for i, v := range set {
		words[i] = string(v)
	}
	return "one of " + strings.Join(words, ", ")
}
