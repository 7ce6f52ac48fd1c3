package obs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel"
)

func TestLogger(t *testing.T) {
	var out bytes.Buffer
	log, err := Logger(&out, "warn", "json")
	if err != nil {
		t.Fatal(err)
	}
	log.Info("quiet")
	log.With("a", 1).Warn("loud")
	if s := out.String(); strings.Contains(s, "quiet") || !strings.Contains(s, `"msg":"loud","a":1`) {
		t.Errorf("%s", s)
	}
	for _, bad := range [][2]string{{"loud", "text"}, {"info", "xml"}} {
		if _, err := Logger(&out, bad[0], bad[1]); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
}

func TestTracesReachTheCollectorAndTheLog(t *testing.T) {
	var got atomic.Int64
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err == nil && bytes.Contains(b, []byte("GET /x")) && r.URL.Path == "/v1/traces" {
			got.Add(1)
		}
	}))
	defer collector.Close()
	stop, err := Tracing(t.Context(), collector.URL+"/v1/traces", "test", 1)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	log, err := Logger(&out, "info", "text")
	if err != nil {
		t.Fatal(err)
	}
	ctx, span := otel.Tracer("test").Start(t.Context(), "GET /x")
	log.InfoContext(ctx, "x")
	span.End()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := stop(ctx); err != nil {
		t.Fatal(err)
	}
	if got.Load() == 0 {
		t.Error("no trace arrived")
	}
	if !strings.Contains(out.String(), "trace="+span.SpanContext().TraceID().String()) {
		t.Errorf("log: %s", out.String())
	}
}

func TestNoCollectorNoTraces(t *testing.T) {
	stop, err := Tracing(t.Context(), "", "test", 1)
	if err != nil || stop(t.Context()) != nil {
		t.Error(err)
	}
}

func TestGauges(t *testing.T) {
	reg := prometheus.NewRegistry()
	var broken error
	if err := Gauges(reg, "okno_jobs", "Jobs waiting.", "lane", func(context.Context) (map[string]float64, error) {
		return map[string]float64{"urgent": 3, "bulk": 7}, broken
	}); err != nil {
		t.Fatal(err)
	}
	scrape := func() string {
		w := httptest.NewRecorder()
		promhttp.HandlerFor(reg, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		return w.Body.String()
	}
	if s := scrape(); !strings.Contains(s, `okno_jobs{lane="urgent"} 3`) {
		t.Error(s)
	}
	broken = errors.New("x")
	if s := scrape(); strings.Contains(s, `okno_jobs{`) || !strings.Contains(s, `okno_gauge_failures_total{gauge="okno_jobs"} 1`) {
		t.Error(s)
	}
	if err := Gauges(reg, "okno_jobs", "Jobs waiting.", "lane", nil); err == nil {
		t.Error("the same name twice was accepted")
	}
}
