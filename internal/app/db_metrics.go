package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"okno/internal/platform/db"
)

// dbCounters are the counters of [db.Stats] as metrics.
var dbCounters = []struct {
	name, help string
	read       func(s db.Stats) int64
}{
	{"okno_db_writes_total", "Transactions that were committed.", func(s db.Stats) int64 { return s.Writes }},
	{"okno_db_failed_total", "Transactions that ended with an error, refusals of rules included.", func(s db.Stats) int64 { return s.Failed }},
	{"okno_db_commits_total", "Durable commits; several transactions may share one.", func(s db.Stats) int64 { return s.Commits }},
	{"okno_db_retries_total", "Transactions that ran again after a conflict.", func(s db.Stats) int64 { return s.Retries }},
	{"okno_db_slow_total", "Transactions that held their turn for over 20 ms.", func(s db.Stats) int64 { return s.Slow }},
	{"okno_db_unknown_total", "Commits whose outcome could not be found out.", func(s db.Stats) int64 { return s.Unknown }},
	{"okno_db_checkpoints_total", "Moves of SQLite's log into its file.", func(s db.Stats) int64 { return s.Checkpoints }},
}

// databaseMetrics counts what the transactions do, and those that wait.
func (a *App) databaseMetrics() error {
	for _, c := range dbCounters {
		m := prometheus.NewCounterFunc(prometheus.CounterOpts{Name: c.name, Help: c.help}, func() float64 { return float64(c.read(a.DB.Stats())) })
		if err := a.Metrics.Registry.Register(m); err != nil {
			return err
		}
	}
	return a.Metrics.Registry.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "okno_db_waiting", Help: "Transactions that wait for SQLite's writer now."},
		func() float64 { return float64(a.DB.Stats().Waiting) }))
}
