package policy

import (
	"strconv"
	"strings"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

// Columns are the SQL expressions in which a store keeps what a scope speaks
// of. An empty one: the table has no such column, and that part of the scope
// shows nothing there.
type Columns struct {
	Owner        string // a person's id
	Participant  string // a person's id; for lists that are kept per person
	Organisation string
	Territory    string
	Public       string // a boolean expression
}

// SQL turns the scope into a condition over the store's columns, with
// placeholders from $first on, and their values. A scope of nothing is FALSE.
func (s Scope) SQL(e db.Engine, c Columns, first int) (cond string, args []any) {
	if s.All {
		return "TRUE", nil
	}
	var parts []string
	next := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(first+len(args)-1)
	}
	if c.Owner != "" && s.Owner != id.Nil {
		parts = append(parts, c.Owner+" = "+next(s.Owner))
	}
	if c.Participant != "" && s.Participant != id.Nil {
		parts = append(parts, c.Participant+" = "+next(s.Participant))
	}
	switch {
	case c.Organisation == "" || len(s.Organisations) == 0:
	case len(s.Organisations) == 1: // lets the planner walk one organisation's index in order
		parts = append(parts, c.Organisation+" = "+next(s.Organisations[0]))
	default:
		v := db.IDs(e, s.Organisations)
		args = append(args, v)
		parts = append(parts, db.In(e, c.Organisation, first+len(args)-1))
	}
	if c.Territory != "" && len(s.Territories) > 0 {
		in := make([]string, len(s.Territories))
		for i, t := range s.Territories {
			in[i] = next(t)
		}
		parts = append(parts, c.Territory+" IN ("+strings.Join(in, ", ")+")")
	}
	if c.Public != "" && s.Public {
		parts = append(parts, c.Public)
	}
	if len(parts) == 0 {
		return "FALSE", nil
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}
