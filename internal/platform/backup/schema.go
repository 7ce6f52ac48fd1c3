package backup

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"okno/internal/platform/db"
)

// Names of tables that this package itself speaks to.
const (
	gooseTable  = "goose_db_version"
	markerTable = "backup_restore"
)

var listColumns = map[db.Engine]string{
	db.SQLite: `SELECT m.name, p.name, p.type, p."notnull", p.pk FROM sqlite_master m, pragma_table_info(m.name) p
		WHERE m.type = 'table' AND substr(m.name, 1, 7) <> 'sqlite_' ORDER BY m.name, p.name`,
	// The catalogue itself: information_schema takes a second for the same.
	db.Postgres: `SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT), format_type(a.atttypid, a.atttypmod),
			CASE WHEN a.attnotnull THEN 1 ELSE 0 END, COALESCE(array_position(CAST(k.indkey AS SMALLINT[]), a.attnum) + 1, 0)
		FROM pg_class c
		JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_index k ON k.indrelid = c.oid AND k.indisprimary
		WHERE c.relkind IN ('r', 'p') ORDER BY CAST(c.relname AS TEXT) COLLATE "C", CAST(a.attname AS TEXT) COLLATE "C"`,
}

type columnRow struct {
	table, column, kind string
	notNull, place      int64
}

func columnRows(ctx context.Context, q db.Querier) ([]columnRow, error) {
	return db.All(ctx, q, func(s db.Scanner) (r columnRow, err error) {
		return r, s.Scan(&r.table, &r.column, &r.kind, &r.notNull, &r.place)
	}, listColumns[q.Engine()])
}

// tableNames lists every table there is.
func tableNames(ctx context.Context, q db.Querier) ([]string, error) {
	rows, err := columnRows(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range rows {
		if !slices.Contains(out, r.table) {
			out = append(out, r.table)
		}
	}
	return out, nil
}

// schema finds the tables to dump, by name, with their columns and keys.
func schema(ctx context.Context, q db.Querier) ([]Table, error) {
	rows, err := columnRows(ctx, q)
	if err != nil {
		return nil, err
	}
	leftOut := LeftOut()
	var out []Table
	places := map[string]map[int64]int{} // table → place in the key → column
	for _, r := range rows {
		if _, out := leftOut[r.table]; out {
			continue
		}
		if len(out) == 0 || out[len(out)-1].Name != r.table {
			out = append(out, Table{Name: r.table, Columns: []Column{}})
			places[r.table] = map[int64]int{}
		}
		t := &out[len(out)-1]
		c := Column{Name: r.column, Type: strings.ToUpper(r.kind), Null: r.notNull == 0 && r.place == 0,
			clear: slices.Contains(cleared[r.table], r.column)}
		if !slices.Contains([]string{"UUID", "TEXT", "BIGINT", "BOOLEAN", "BYTEA"}, c.Type) {
			return nil, fmt.Errorf("backup: column %s.%s has type %q, which has no form in a backup", r.table, r.column, r.kind)
		}
		if r.place > 0 {
			places[r.table][r.place] = len(t.Columns)
		}
		t.Columns = append(t.Columns, c)
	}
	for i := range out {
		key := places[out[i].Name]
		for _, place := range slices.Sorted(maps.Keys(key)) {
			out[i].key = append(out[i].key, key[place])
		}
		if len(out[i].key) == 0 {
			return nil, fmt.Errorf("backup: table %s has no primary key", out[i].Name)
		}
	}
	return out, nil
}

// migrations are the numbers of the applied migrations.
func migrations(ctx context.Context, q db.Querier) ([]int64, error) {
	return db.All(ctx, q, db.Int, "SELECT DISTINCT version_id FROM "+gooseTable+
		" WHERE is_applied = TRUE AND version_id > 0 AND (version_id < $1 OR version_id >= $2) ORDER BY version_id", db.PostgresFrom, db.PostgresUntil)
}

// query reads a table in the order of its key, the same on every engine.
func (t *Table) query(e db.Engine) string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	order := make([]string, len(t.key))
	for i, k := range t.key {
		order[i] = t.Columns[k].Name
		if e == db.Postgres && t.Columns[k].Type == "TEXT" {
			order[i] += ` COLLATE "C"`
		}
	}
	return "SELECT " + strings.Join(names, ", ") + " FROM " + t.Name + " ORDER BY " + strings.Join(order, ", ")
}
