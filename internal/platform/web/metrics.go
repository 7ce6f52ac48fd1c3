package web

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"okno/internal/platform/errs"
)

// Metrics counts what the server does. A nil *Metrics counts nothing.
type Metrics struct {
	Registry *prometheus.Registry // others add their own collectors: database, jobs
	requests *prometheus.HistogramVec
	failures *prometheus.CounterVec
	panics   prometheus.Counter
	refused  prometheus.Counter
}

// NewMetrics makes a registry with the collectors of the process and of requests.
func NewMetrics() *Metrics {
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "okno_http_request_seconds",
			Help:    "Time to answer a request, by route pattern, method and class of status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"route", "method", "status"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "okno_http_failures_total",
			Help: "Answers that were failures, by code."}, []string{"code"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{Name: "okno_http_panics_total", Help: "Panics in handlers."}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{Name: "okno_http_rate_limited_total",
			Help: "Requests refused for their rate."}),
	}
	m.Registry.MustRegister(m.requests, m.failures, m.panics, m.refused,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler serves the metrics in Prometheus' text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{Registry: m.Registry})
}

type routeMetric struct {
	vec   *prometheus.HistogramVec
	route string
	get   [5]atomic.Pointer[prometheus.Observer] // GET by class of status, once there was one: the hot path needs no look-up
}

func (m *Metrics) route(pattern string) *routeMetric {
	if m == nil {
		return nil
	}
	return &routeMetric{vec: m.requests, route: pattern} // series begin with the first request
}

var methods = map[string]string{"GET": "GET", "HEAD": "HEAD", "POST": "POST", "PUT": "PUT", "PATCH": "PATCH", "DELETE": "DELETE", "OPTIONS": "OPTIONS"}

func (m *routeMetric) observe(method string, status int, took time.Duration) {
	if m == nil {
		return
	}
	class := min(max(status/100, 1), 5)
	if method == http.MethodGet {
		kept := m.get[class-1].Load()
		if kept == nil {
			o := m.vec.WithLabelValues(m.route, http.MethodGet, strconv.Itoa(class)+"xx")
			kept = &o
			m.get[class-1].Store(kept)
		}
		(*kept).Observe(took.Seconds())
		return
	}
	name, ok := methods[method]
	if !ok {
		name = "other" // methods are the client's: their number must stay bounded
	}
	m.vec.WithLabelValues(m.route, name, strconv.Itoa(class)+"xx").Observe(took.Seconds())
}

func (m *Metrics) failed(code errs.Code) {
	if m != nil {
		m.failures.WithLabelValues(string(code)).Inc()
	}
}

func (m *Metrics) panicked() {
	if m != nil {
		m.panics.Inc()
	}
}

func (m *Metrics) limited() {
	if m != nil {
		m.refused.Inc()
	}
}
