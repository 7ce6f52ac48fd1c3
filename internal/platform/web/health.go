package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// readiness turns false when the server begins to stop, so that a balancer
// sends no one here any more.
type readiness struct{ stopping atomic.Bool }

// health registers /healthz (the process lives) and /readyz (all checks pass
// and the server isn't stopping). Metrics are no matter of visitors: they have
// a listener of their own, see [Watch].
func (s *Server) health() {
	s.mux.HandleFunc("GET /healthz", healthz)
	s.mux.HandleFunc("GET /readyz", s.readyz)
}

func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n"))
}

func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ready(w, r, s.cfg.Checks, s.ready.stopping.Load(), s.cfg.Log)
}

func ready(w http.ResponseWriter, r *http.Request, all map[string]Check, stopping bool, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	status, checks := http.StatusOK, map[string]string{}
	if stopping {
		status, checks["server"] = http.StatusServiceUnavailable, "stopping"
	}
	for name, check := range all {
		checks[name] = "ok"
		if err := check(ctx); err != nil {
			// The reason may name hosts and paths: it goes to the log alone.
			log.Error("not ready", "check", name, "error", err)
			status, checks[name] = http.StatusServiceUnavailable, "failed"
		}
	}
	body, err := json.Marshal(map[string]any{"ready": status == http.StatusOK, "checks": checks})
	if err != nil {
		log.Error("readiness", "error", err)
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// Watch serves /metrics, /healthz and /readyz on ln for those who run the
// program, until ctx ends: on an address that visitors can't reach, and of a
// process that serves no pages too.
func Watch(ctx context.Context, ln net.Listener, m *Metrics, checks map[string]Check, log *slog.Logger) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	mux.HandleFunc("GET /healthz", healthz)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { ready(w, r, checks, ctx.Err() != nil, log) })
	hs := &http.Server{Handler: mux, ReadHeaderTimeout: headerTimeout, ReadTimeout: headerTimeout, WriteTimeout: time.Minute, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	done := make(chan error, 1)
	go func() { done <- hs.Serve(ln) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve metrics: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := hs.Shutdown(stop); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop metrics: %w", err)
	}
	return hs.Close()
}
