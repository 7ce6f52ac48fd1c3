package web

import (
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"time"
)

// readiness turns false when the server begins to stop, so that a balancer
// sends no one here any more.
type readiness struct{ stopping atomic.Bool }

// health registers /healthz (the process lives), /readyz (all checks pass and
// the server isn't stopping) and, where metrics are kept, /metrics.
func (s *Server) health() {
	s.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write([]byte("ok\n"))
	})
	s.mux.HandleFunc("GET /readyz", s.readyz)
	if s.cfg.Metrics != nil {
		s.mux.Handle("GET /metrics", s.cfg.Metrics.Handler())
	}
}

func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	status, checks := http.StatusOK, map[string]string{}
	if s.ready.stopping.Load() {
		status, checks["server"] = http.StatusServiceUnavailable, "stopping"
	}
	for name, check := range s.cfg.Checks {
		checks[name] = "ok"
		if err := check(ctx); err != nil {
			// The reason may name hosts and paths: it goes to the log alone.
			s.cfg.Log.Error("not ready", "check", name, "error", err)
			status, checks[name] = http.StatusServiceUnavailable, "failed"
		}
	}
	body, err := json.Marshal(map[string]any{"ready": status == http.StatusOK, "checks": checks})
	if err != nil {
		s.cfg.Log.Error("readiness", "error", err)
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
