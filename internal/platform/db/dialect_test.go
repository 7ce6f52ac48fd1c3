package db

import "testing"

func TestPlaceholdersAreNumberedOnlyOutOfOrder(t *testing.T) {
	for in, want := range map[string]string{
		`SELECT 1`: `SELECT 1`,
		`INSERT INTO t (a, b) VALUES ($1,$2),($3,$4)`:          `INSERT INTO t (a, b) VALUES (?,?),(?,?)`,
		`SELECT a FROM t WHERE b=$2 AND c=$1`:                  `SELECT a FROM t WHERE b=?2 AND c=?1`,
		`SELECT a FROM t WHERE b=$1 OR c=$1`:                   `SELECT a FROM t WHERE b=?1 OR c=?1`,
		`SELECT '$1', "$2" FROM t -- $3` + "\n" + `WHERE b=$1`: "SELECT '$1', \"$2\" FROM t -- $3\nWHERE b=?",
		`VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`:          `VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		`VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$10)`:      `VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?10)`,
		`SELECT 'it''s $1' WHERE a=$1`:                         `SELECT 'it''s $1' WHERE a=?`,
	} {
		if got := Placeholders(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}
