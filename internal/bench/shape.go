package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"

	"okno/internal/app"
	"okno/internal/casework"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Recorder takes the statements of transactions from the database's trace.
// Give its Trace to [app.Options].
type Recorder struct {
	mu  sync.Mutex
	on  bool
	all []Statement
}

// Statement is one statement of a trace with its arguments.
type Statement struct {
	Text string
	Args []any
}

// Trace is told every statement as it is sent.
func (r *Recorder) Trace(text string, args []any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.on {
		r.all = append(r.all, Statement{text, append([]any(nil), args...)})
	}
}

// take records what fn's transactions send.
func (r *Recorder) take(fn func() error) ([]Statement, error) {
	r.mu.Lock()
	r.on, r.all = true, nil
	r.mu.Unlock()
	err := fn()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on = false
	return r.all, err
}

// Shape is the statements of one filing, with what differs from filing to
// filing found by comparing two.
type Shape struct {
	Statements []Statement
	args       [][]arg
	ids        int // how many ids a filing makes
	numbers    int
}

// arg is how an argument is made anew.
type arg struct {
	kind  argKind
	value any     // of a constant
	slot  int     // of ids or numbers; of bytes: how many
	parts []piece // of a text
}

type argKind int

const (
	constant argKind = iota
	newID
	newIDText
	newNumber
	newBytes
	newText // a text with new ids in it
)

type piece struct {
	text string
	slot int // of the id after text; -1: none
}

// Shapes files real reports, each twice, and finds their shapes. The
// installation must not run jobs meanwhile.
func Shapes(ctx context.Context, a *app.App, rec *Recorder, p *Plan, n int) ([]Shape, error) {
	var shapes []Shape
	for i := range n {
		person, err := id.Parse(p.Clients[i%len(p.Clients)].Person)
		if err != nil {
			return nil, err
		}
		house := p.Houses[i*7%len(p.Houses)].ID
		actor := policy.Actor{Person: person, Roles: []policy.Role{policy.Citizen}, Lang: "ru"}
		fact := p.Facts[i*3%len(p.Facts)]
		file := func() ([]Statement, error) {
			in := casework.FileInput{Key: id.New().String(), Text: filingText(i), Fact: fact.Code, Channel: "portal", Lang: "ru",
				Place: casework.PlaceInput{Address: house}, Details: fact.details()}
			return rec.take(func() error { _, err := a.Cases.FileReport(ctx, actor, in); return err })
		}
		one, err := file()
		if err != nil {
			return nil, fmt.Errorf("file %s: %w", fact.Code, err)
		}
		two, err := file()
		if err != nil {
			return nil, err
		}
		s, err := shapeOf(one, two)
		if err != nil {
			return nil, err
		}
		shapes = append(shapes, s)
	}
	return shapes, nil
}

func (a Asked) details() map[string]string {
	if len(a.Fields) == 0 {
		return nil
	}
	d := map[string]string{}
	for _, f := range a.Fields {
		d[f] = "2"
	}
	return d
}

// shapeOf compares two filings of the same person about the same.
func shapeOf(one, two []Statement) (Shape, error) {
	if len(one) != len(two) || len(one) == 0 {
		return Shape{}, fmt.Errorf("one filing sends %d statements, the next %d", len(one), len(two))
	}
	s := Shape{Statements: one}
	ids, numbers := map[string]int{}, map[string]int{}
	slot := func(m map[string]int, v string) int {
		n, ok := m[v]
		if !ok {
			n = len(m)
			m[v] = n
		}
		return n
	}
	// Ids first: texts hold them too.
	for i := range one {
		if one[i].Text != two[i].Text || len(one[i].Args) != len(two[i].Args) {
			return s, fmt.Errorf("two filings differ: %.80s and %.80s", one[i].Text, two[i].Text)
		}
		for j, v := range one[i].Args {
			if u, ok := v.(id.ID); ok && u != two[i].Args[j] {
				slot(ids, u.String())
			}
		}
	}
	for i := range one {
		args := make([]arg, len(one[i].Args))
		for j, v := range one[i].Args {
			args[j] = arg{kind: constant, value: v}
			v, w := bare(v), bare(two[i].Args[j])
			switch v := v.(type) {
			case id.ID:
				if v != w {
					args[j] = arg{kind: newID, slot: slot(ids, v.String())}
				}
			case []byte:
				if other, ok := w.([]byte); ok && string(v) != string(other) {
					args[j] = arg{kind: newBytes, slot: len(v)}
				}
			case string:
				if v == w {
					break
				}
				if _, err := id.Parse(v); err == nil {
					args[j] = arg{kind: newIDText, slot: slot(ids, v)}
				} else if _, ok := id.ParseNumber(v); ok {
					args[j] = arg{kind: newNumber, slot: slot(numbers, v)}
				} else {
					args[j] = arg{kind: newText, parts: takeApart(v, ids)}
				}
			}
		}
		s.args = append(s.args, args)
	}
	s.ids, s.numbers = len(ids), len(numbers)
	if s.ids == 0 || s.numbers == 0 {
		return s, errors.New("two filings made the same ids or numbers")
	}
	return s, nil
}

// takeApart finds the ids in a text.
func takeApart(text string, ids map[string]int) []piece {
	var parts []piece
	for {
		at, slot, size := -1, -1, 0
		for v, n := range ids {
			if i := strings.Index(text, v); i >= 0 && (at < 0 || i < at) {
				at, slot, size = i, n, len(v)
			}
		}
		if at < 0 {
			return append(parts, piece{text, -1})
		}
		parts = append(parts, piece{text[:at], slot})
		text = text[at+size:]
	}
}

// fresh makes the arguments of another filing of the same shape.
func (s *Shape) fresh() [][]any {
	ids := make([]id.ID, s.ids)
	for i := range ids {
		ids[i] = id.New()
	}
	numbers := make([]string, s.numbers)
	for i := range numbers {
		numbers[i] = id.NewNumber()
	}
	out := make([][]any, len(s.args))
	for i, args := range s.args {
		row := make([]any, len(args))
		for j, a := range args {
			switch a.kind {
			case constant:
				row[j] = a.value
			case newID:
				row[j] = ids[a.slot]
			case newIDText:
				row[j] = ids[a.slot].String()
			case newNumber:
				row[j] = numbers[a.slot]
			case newBytes:
				b := make([]byte, a.slot)
				_, _ = rand.Read(b) // never fails
				row[j] = b
			case newText:
				var b strings.Builder
				for _, p := range a.parts {
					b.WriteString(p.text)
					if p.slot >= 0 {
						b.WriteString(ids[p.slot].String())
					}
				}
				row[j] = b.String()
			}
		}
		out[i] = row
	}
	return out
}

// Rows counts the rows that a filing writes, by the placeholders' groups.
func (s *Shape) Rows() (n int) {
	for _, st := range s.Statements {
		if strings.HasPrefix(st.Text, "INSERT") {
			n += strings.Count(st.Text, "($") + strings.Count(st.Text, "( $")
		}
	}
	return n
}

func filingText(i int) string {
	return beginnings[i%len(beginnings)] + " Освещение двора не работает с прошлой недели, вечером ничего не видно. " + endings[i%len(endings)]
}
