package backup

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

// cell is one value as it was read. It is sql.Scanner for every type.
type cell struct {
	kind string
	null bool
	text string // UUID, TEXT
	n    int64  // BIGINT; BOOLEAN: 1 is true
	b    []byte // BYTEA
}

// Scan implements [sql.Scanner].
func (c *cell) Scan(src any) error {
	c.null = src == nil
	if c.null {
		return nil
	}
	switch c.kind {
	case "UUID":
		var v id.ID
		err := v.Scan(src)
		c.text = v.String()
		return err
	case "TEXT":
		var v sql.NullString
		err := v.Scan(src)
		c.text = v.String
		return err
	case "BIGINT":
		var v sql.NullInt64
		err := v.Scan(src)
		c.n = v.Int64
		return err
	case "BOOLEAN":
		var v sql.NullBool
		err := v.Scan(src)
		c.n = 0
		if v.Bool {
			c.n = 1
		}
		return err
	}
	switch v := src.(type) {
	case []byte:
		c.b = append(c.b[:0], v...)
	case string:
		c.b = append(c.b[:0], v...)
	default:
		return fmt.Errorf("backup: %T in a column of bytes", src)
	}
	return nil
}

// append writes the value as JSON: one form for each value.
func (c *cell) append(to []byte) []byte {
	switch {
	case c.null:
		return append(to, "null"...)
	case c.kind == "BIGINT":
		return strconv.AppendInt(to, c.n, 10)
	case c.kind == "BOOLEAN":
		return strconv.AppendBool(to, c.n == 1)
	case c.kind == "BYTEA":
		to = append(to, '"')
		to = base64.StdEncoding.AppendEncode(to, c.b)
		return append(to, '"')
	}
	return appendText(to, c.text)
}

func appendText(to []byte, s string) []byte {
	const hex = "0123456789abcdef"
	to = append(to, '"')
	for i := 0; i < len(s); {
		if b := s[i]; b < utf8.RuneSelf {
			switch {
			case b == '"' || b == '\\':
				to = append(to, '\\', b)
			case b < 0x20:
				to = append(to, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
			default:
				to = append(to, b)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		to = utf8.AppendRune(to, r) // a broken byte becomes U+FFFD: no engine but SQLite would take it back
		i += n
	}
	return append(to, '"')
}

// dump writes a table's rows to w and fills in their number. see, where not
// nil, is shown every row.
func (t *Table) dump(ctx context.Context, q db.Querier, w io.Writer, see func(row []cell) error) error {
	cells := make([]cell, len(t.Columns))
	dest := make([]any, len(cells))
	for i, c := range t.Columns {
		cells[i].kind = c.Type
		dest[i] = &cells[i]
	}
	rows, err := q.Query(ctx, t.query(q.Engine()))
	if err != nil {
		return err
	}
	defer rows.Close()
	var line []byte
	for t.Rows = 0; rows.Next(); t.Rows++ {
		if err := rows.Scan(dest...); err != nil {
			return fmt.Errorf("backup: table %s: %w", t.Name, err)
		}
		line = append(line[:0], '[')
		for i := range cells {
			if i > 0 {
				line = append(line, ',')
			}
			c := &cells[i]
			if c.null && !t.Columns[i].Null {
				c.null, c.b = false, c.b[:0] // a driver's way to say "no bytes"
			}
			if t.Columns[i].clear {
				c.null = true
			}
			line = c.append(line)
		}
		line = append(line, "]\n"...)
		if _, err := w.Write(line); err != nil {
			return err
		}
		if see != nil {
			if err := see(cells); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

// parse turns a line back into values to be inserted.
func (t *Table) parse(line []byte) ([]any, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, err
	}
	if len(raw) != len(t.Columns) {
		return nil, fmt.Errorf("%d values for %d columns", len(raw), len(t.Columns))
	}
	out := make([]any, len(raw))
	for i, c := range t.Columns {
		if string(raw[i]) == "null" {
			continue
		}
		var err error
		switch c.Type {
		case "UUID":
			out[i], err = as[id.ID](raw[i])
		case "TEXT":
			out[i], err = as[string](raw[i])
		case "BIGINT":
			out[i], err = as[int64](raw[i])
		case "BOOLEAN":
			out[i], err = as[bool](raw[i])
		case "BYTEA":
			out[i], err = as[[]byte](raw[i])
		default:
			err = fmt.Errorf("unknown type %q", c.Type)
		}
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
	}
	return out, nil
}

func as[T any](raw []byte) (v T, err error) { return v, json.Unmarshal(raw, &v) }
