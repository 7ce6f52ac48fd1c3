package db

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"okno/internal/platform/id"
)

var rewritten sync.Map // SQL with $n → SQL with ?n

// Placeholders turns $1 into ? for SQLite, outside of quotes and comments, and
// into ?1 where they don't come in their order: the driver looks up each
// argument of a numbered one by name.
func Placeholders(text string) string {
	if v, ok := rewritten.Load(text); ok {
		return v.(string)
	}
	numbered, plain := []byte(text), make([]byte, 0, len(text))
	n, ordered := 0, true
	for i := 0; i < len(text); i++ {
		from := i
		switch c := text[i]; {
		case c == '\'' || c == '"':
			for i++; i < len(text) && text[i] != c; i++ {
			}
		case c == '-' && i+1 < len(text) && text[i+1] == '-':
			for i++; i < len(text) && text[i] != '\n'; i++ {
			}
		case c == '$' && i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9':
			numbered[i] = '?'
			plain = append(plain, '?')
			at := 0
			for ; i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9'; i++ {
				at = at*10 + int(text[i+1]-'0')
			}
			n++
			ordered = ordered && at == n
			continue
		}
		plain = append(plain, text[from:min(i+1, len(text))]...)
	}
	if !ordered {
		plain = numbered
	}
	rewritten.Store(text, string(plain))
	return string(plain)
}

// SkipLocked ends a SELECT that takes rows for itself and passes by those that
// others hold; SQLite has one writer and needs nothing.
func (e Engine) SkipLocked() string {
	if e == Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// ForUpdate ends a SELECT that locks what it read until the end of the transaction.
func (e Engine) ForUpdate() string {
	if e == Postgres {
		return " FOR UPDATE"
	}
	return ""
}

// ForShare ends a SELECT whose rows nobody may change until the end of the transaction.
func (e Engine) ForShare() string {
	if e == Postgres {
		return " FOR SHARE"
	}
	return ""
}

// In is the condition "column is one of the list in placeholder $n". The list
// itself is passed as [IDs], [Texts] or [Ints].
func In(e Engine, column string, n int) string {
	if e == Postgres {
		return column + " = ANY($" + strconv.Itoa(n) + ")"
	}
	return column + " IN (SELECT value FROM json_each($" + strconv.Itoa(n) + "))"
}

// IDs is a list of ids as one argument, for [In].
func IDs(e Engine, ids []id.ID) any {
	texts := make([]string, len(ids))
	for i, v := range ids {
		texts[i] = v.String()
	}
	return Texts(e, texts)
}

// Texts is a list of strings as one argument, for [In].
func Texts(e Engine, list []string) any {
	if list == nil {
		list = []string{}
	}
	if e == Postgres {
		return list
	}
	return jsonList(list)
}

// Ints is a list of integers as one argument, for [In].
func Ints(e Engine, list []int64) any {
	if list == nil {
		list = []int64{}
	}
	if e == Postgres {
		return list
	}
	return jsonList(list)
}

func jsonList(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and integers always encode
	}
	return string(b)
}

// maxRows keeps the number of arguments of one statement far under both
// engines' limits and the number of different texts small.
const maxRows = 100

// MultiInsert queues rows for one table in statements of up to 100 rows each.
// after is appended ("ON CONFLICT DO NOTHING"). Each row has a value for every
// column.
func MultiInsert(tx *Tx, table string, columns []string, rows [][]any, after ...string) {
	for len(rows) > 0 {
		n := min(len(rows), maxRows)
		text, args := insertText(table, columns, rows[:n], strings.Join(after, " "))
		tx.Queue(text, args...)
		rows = rows[n:]
	}
}

type insertKey struct {
	table, columns, after string
	rows                  int
}

var insertTexts sync.Map

func insertText(table string, columns []string, rows [][]any, after string) (string, []any) {
	args := make([]any, 0, len(rows)*len(columns))
	for _, r := range rows {
		if len(r) != len(columns) {
			panic(fmt.Sprintf("insert into %s: %d values for %d columns", table, len(r), len(columns)))
		}
		args = append(args, r...)
	}
	key := insertKey{table, strings.Join(columns, ", "), after, len(rows)}
	if v, ok := insertTexts.Load(key); ok {
		return v.(string), args
	}
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", table, key.columns)
	for i, n := 0, 0; i < len(rows); i++ {
		if i > 0 {
			b.WriteString(", ")
		}
		for c := range columns {
			n++
			b.WriteString([]string{"(", ", "}[min(c, 1)])
			b.WriteString("$" + strconv.Itoa(n))
		}
		b.WriteString(")")
	}
	if after != "" {
		b.WriteString(" " + after)
	}
	insertTexts.Store(key, b.String())
	return b.String(), args
}

var checked sync.Map

type checkedKey struct {
	text string
	rows int
}

// exactly wraps a statement so that PostgreSQL itself fails with a division by
// zero unless it changed (or, for a SELECT, found) as many rows as it must. So
// the check needs no round trip of its own and stands in the batch with COMMIT.
func exactly(text string, rows int) string {
	key := checkedKey{text, rows}
	if v, ok := checked.Load(key); ok {
		return v.(string)
	}
	inner := strings.TrimRight(strings.TrimSpace(text), ";")
	if !isSelect(inner) {
		inner += " RETURNING 1"
	}
	out := "WITH touched AS (" + inner + ") SELECT 1 / (CASE WHEN (SELECT COUNT(*) FROM touched) = " + strconv.Itoa(rows) + " THEN 1 ELSE 0 END)"
	checked.Store(key, out)
	return out
}

func isSelect(text string) bool {
	return len(text) > 6 && strings.EqualFold(text[:6], "SELECT")
}
