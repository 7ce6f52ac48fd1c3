// Package obs is how the program is watched: logs, traces, and counters of
// others' machinery. Modules use the APIs (slog, OpenTelemetry's, Prometheus');
// this package alone knows where all that goes.
package obs

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Logger writes records of level (debug, info, warn, error) and above as text
// or JSON. A record made within a traced request carries its trace.
func Logger(w io.Writer, level, format string) (*slog.Logger, error) {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level: %w", err)
	}
	options := &slog.HandlerOptions{Level: least}
	switch format {
	case "text":
		return slog.New(traced{slog.NewTextHandler(w, options)}), nil
	case "json":
		return slog.New(traced{slog.NewJSONHandler(w, options)}), nil
	}
	return nil, fmt.Errorf("log format %q is neither text nor json", format)
}

type traced struct{ slog.Handler }

func (h traced) Handle(ctx context.Context, r slog.Record) error {
	if span := trace.SpanContextFromContext(ctx); span.IsSampled() {
		r.AddAttrs(slog.String("trace", span.TraceID().String()))
	}
	return h.Handler.Handle(ctx, r)
}

func (h traced) WithAttrs(attrs []slog.Attr) slog.Handler { return traced{h.Handler.WithAttrs(attrs)} }
func (h traced) WithGroup(name string) slog.Handler       { return traced{h.Handler.WithGroup(name)} }

// Tracing sends a share of traces to an OTLP collector at endpoint (a URL);
// empty: nothing is traced. stop sends what waits.
func Tracing(ctx context.Context, endpoint, version string, share float64) (stop func(context.Context) error, err error) {
	if endpoint == "" {
		return func(context.Context) error { return nil }, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint), otlptracehttp.WithTimeout(5*time.Second))
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(share))),
		sdktrace.WithResource(resource.NewSchemaless(attribute.String("service.name", "okno"), attribute.String("service.version", version))),
	)
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	return provider.Shutdown, nil
}

// Database counts the connections of a pool; name tells pools apart.
func Database(reg prometheus.Registerer, name string, db *sql.DB) error {
	if err := reg.Register(collectors.NewDBStatsCollector(db, name)); err != nil {
		return fmt.Errorf("metrics of database %s: %w", name, err)
	}
	return nil
}

// Gauges registers numbers that are read when somebody asks: name, by the
// values of one label (jobs by lane, cached keys by state). read must be quick
// and gets two seconds; its failure is counted as okno_gauge_failures_total and
// shows no numbers rather than old ones.
func Gauges(reg prometheus.Registerer, name, help, label string, read func(context.Context) (map[string]float64, error)) error {
	g := &gauges{read: read, desc: prometheus.NewDesc(name, help, []string{label}, nil),
		failed: prometheus.NewDesc("okno_gauge_failures_total", "Readings of a gauge that failed.", nil, prometheus.Labels{"gauge": name})}
	if err := reg.Register(g); err != nil {
		return fmt.Errorf("metrics %s: %w", name, err)
	}
	return nil
}
