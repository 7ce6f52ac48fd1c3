package db_test

import (
	"context"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/db/dbtest/pgcluster"
	"okno/internal/platform/id"
)

// filing has tables like those that one filed report writes to.
var filing = fstest.MapFS{"00193_test_filing.sql": {Data: []byte(`-- +goose Up
CREATE TABLE test_case (id UUID PRIMARY KEY, version BIGINT NOT NULL, state TEXT NOT NULL, org UUID NOT NULL, body TEXT NOT NULL);
CREATE TABLE test_number (number TEXT PRIMARY KEY, id UUID NOT NULL);
CREATE TABLE test_entry (id UUID NOT NULL, n BIGINT NOT NULL, kind TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (id, n));
CREATE TABLE test_mine (person UUID NOT NULL, at BIGINT NOT NULL, id UUID NOT NULL, state TEXT NOT NULL, PRIMARY KEY (person, id));
CREATE INDEX test_mine_at ON test_mine (person, at, id);
CREATE TABLE test_inbox (org UUID NOT NULL, id UUID NOT NULL, state TEXT NOT NULL, due BIGINT NOT NULL, category TEXT NOT NULL, PRIMARY KEY (org, id));
CREATE INDEX test_inbox_due ON test_inbox (org, due, id);
CREATE INDEX test_inbox_state ON test_inbox (org, state, due, id);
CREATE INDEX test_inbox_category ON test_inbox (org, category, due, id);
`)}}

// file writes what one filing writes, with the durable commit at its end.
func file(ctx context.Context, d *db.DB, org, person id.ID, text string) error {
	v := id.New()
	now := time.Now()
	return db.Do(ctx, d, db.People, func(tx *db.Tx) error {
		tx.Queue("INSERT INTO test_case (id, version, state, org, body) VALUES ($1, 1, 'moderation', $2, $3)", v, org, text)
		tx.Queue("INSERT INTO test_number (number, id) VALUES ($1, $2)", v.String()[20:], v)
		tx.Queue("INSERT INTO test_entry (id, n, kind, at) VALUES ($1, 1, 'filed', $2)", v, now.UnixMilli())
		tx.Queue("INSERT INTO test_mine (person, at, id, state) VALUES ($1, $2, $3, 'moderation')", person, now.UnixMilli(), v)
		tx.Queue("INSERT INTO test_inbox (org, id, state, due, category) VALUES ($1, $2, 'moderation', $3, 'roads')", org, v, now.Add(720*time.Hour).UnixMilli())
		tx.Once(person, "file", v.String(), v[:], v)
		tx.Fact(db.Fact{Kind: "test.filed", Subject: v, Version: 1, Person: person, Role: "citizen"})
		tx.Timer(db.Timer{Kind: "test.due", Subject: v, At: now.Add(720 * time.Hour)})
		return nil
	})
}

// BenchmarkFiling is 64 callers, each answered after the durable commit:
//
//	go test -run '^$' -bench Filing -benchtime 3s ./internal/platform/db
func BenchmarkFiling(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		url := strings.TrimSuffix(dbtest.SQLiteURL(b, filing), "?synchronous=off")
		benchFiling(b, db.Config{URL: url})
	})
	b.Run("postgres", func(b *testing.B) {
		c, err := pgcluster.Start(pgcluster.Options{Durable: true})
		must(b, err)
		b.Cleanup(func() { must(b, c.Stop()) })
		b.Setenv("OKNO_TEST_POSTGRES", c.URL)
		benchFiling(b, db.Config{URL: dbtest.PostgresURL(b, filing), WriteConns: 32})
	})
}

func benchFiling(b *testing.B, cfg db.Config) {
	ctx := context.Background()
	d, err := db.Open(ctx, cfg)
	must(b, err)
	b.Cleanup(func() { must(b, d.Close()) })
	orgs := []id.ID{id.New(), id.New(), id.New()}
	text := strings.Repeat("На улице Ленина, у дома 5, яма. ", 10)
	var n atomic.Int64
	b.SetParallelism(64 / runtime.GOMAXPROCS(0))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		person := id.New()
		for pb.Next() {
			if err := file(ctx, d, orgs[n.Add(1)%3], person, text); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "filings/s")
	s := d.Stats()
	b.ReportMetric(float64(s.Writes)/float64(max(1, s.Commits)), "filings/commit")
}
