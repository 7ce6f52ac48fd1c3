package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"okno/internal/casework"
	"okno/internal/platform/db"
)

// Officers quote a person's words: in the parts of a report that they split,
// in the excerpt for strangers. Who joined reads none of it, and of who is
// erased none of it is left.
func TestQuotedWordsAreTheAuthors(t *testing.T) {
	w := newStreet(t)
	ctx, shared := t.Context(), w.cases[1]
	const quoted = "Из слов Нины"
	_, err := w.Cases.Act(ctx, w.by["roads_moderator"].acting, shared.number, casework.Release, casework.Input{Comment: quoted + ": яма у остановки."})
	w.must(err)
	_, err = w.Cases.Act(ctx, w.by["roads_coordinator"].acting, shared.number, casework.SplitUp, casework.Input{Parts: []casework.Part{
		{Fact: w.fact, Text: quoted + ": первая яма, у столба."}, {Fact: w.fact, Text: quoted + ": вторая яма, у ларька."}}})
	w.must(err)
	for name, reads := range map[string]bool{"nina": true, "jana": false, "oleg": false, "dept_approver": false} {
		for _, path := range []string{"/reports/", "/api/v1/reports/"} {
			body := w.send(w.by[name], http.MethodGet, path+shared.number, nil, "").Body.String()
			if path == "/reports/" && strings.Contains(body, "яма, у столба") != reads {
				t.Errorf("%s reads the parts: %v, want %v", name, !reads, reads)
			}
			if !reads && strings.Contains(body, "яма, у столба") {
				t.Errorf("%s%s tells %s the parts", path, shared.number, name)
			}
		}
	}
	w.must(db.Do(ctx, w.DB, db.People, func(tx *db.Tx) error { casework.Erase(tx, w.by["nina"].person); return nil }))
	tables, err := db.All(ctx, w.DB, db.Text, `SELECT name FROM sqlite_master WHERE type='table' ORDER BY name`)
	w.must(err)
	for _, table := range tables {
		rows, err := w.DB.Query(ctx, "SELECT * FROM "+table)
		w.must(err)
		columns, err := rows.Columns()
		w.must(err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			w.must(rows.Scan(values...))
			for i, v := range values {
				text := fmt.Sprintf("%s", *v.(*any))
				for _, word := range []string{quoted, "Нинино", "приметы own", "приметы shared", "у столба"} {
					if strings.Contains(text, word) {
						t.Errorf("%s.%s still holds %q after the erasure", table, columns[i], word)
					}
				}
			}
		}
		w.must(rows.Err())
		w.must(rows.Close())
	}
}
