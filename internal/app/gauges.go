package app

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"okno/internal/platform/jobs"
	"okno/internal/platform/obs"
)

// gauges adds to the metrics what whoever runs the installation should be
// warned of: attachments that nobody scans, jobs that wait or were given up.
func (a *App) gauges() error {
	scanned := prometheus.NewGauge(prometheus.GaugeOpts{Name: "okno_attachments_scanned",
		Help: "1 where attachments are scanned for malware, 0 where no scanner is set."})
	if a.Config.Clamd != "" {
		scanned.Set(1)
	}
	if err := a.databaseMetrics(); err != nil {
		return err
	}
	if err := a.Metrics.Registry.Register(scanned); err != nil {
		return err
	}
	if err := obs.Gauges(a.Metrics.Registry, "okno_disk_free_bytes", "Room on the disks of the data folder and of attachments in a folder.", "place", a.diskFree); err != nil {
		return err
	}
	if err := obs.Gauges(a.Metrics.Registry, "okno_jobs_waiting", "Jobs that wait or run, by kind.", "kind", func(ctx context.Context) (map[string]float64, error) {
		out := map[string]float64{}
		for _, kind := range a.Jobs.Kinds() { // those of which none waits too
			out[kind] = 0
		}
		list, err := a.Jobs.Waiting(ctx)
		for _, c := range list {
			out[c.Kind] = float64(c.Jobs)
		}
		return out, err
	}); err != nil {
		return err
	}
	if err := obs.Gauges(a.Metrics.Registry, "okno_jobs_paused", "1 where work of this kind stands still: outbound, after a restored backup.", "what", func(ctx context.Context) (map[string]float64, error) {
		paused, err := jobs.Paused(ctx, a.DB)
		if paused {
			return map[string]float64{"outbound": 1}, err
		}
		return map[string]float64{"outbound": 0}, err
	}); err != nil {
		return err
	}
	return obs.Gauges(a.Metrics.Registry, "okno_jobs_dead", "Jobs that were given up, by kind; of the newest 200.", "kind", func(ctx context.Context) (map[string]float64, error) {
		out := map[string]float64{}
		list, err := jobs.Dead(ctx, a.DB)
		for _, j := range list {
			out[j.Kind]++
		}
		return out, err
	})
}
