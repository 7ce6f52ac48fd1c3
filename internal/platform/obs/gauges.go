package obs

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type gauges struct {
	read         func(context.Context) (map[string]float64, error)
	desc, failed *prometheus.Desc
	failures     atomic.Int64
}

// Describe implements [prometheus.Collector].
func (g *gauges) Describe(ch chan<- *prometheus.Desc) { ch <- g.desc; ch <- g.failed }

// Collect implements [prometheus.Collector].
func (g *gauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	values, err := g.read(ctx)
	if err != nil {
		g.failures.Add(1)
	}
	for label, v := range values {
		if err == nil {
			ch <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, v, label)
		}
	}
	ch <- prometheus.MustNewConstMetric(g.failed, prometheus.CounterValue, float64(g.failures.Load()))
}
