package web

import (
	"testing"
	"time"
)

// A route that nobody asked for makes no series: hundreds of routes by methods,
// statuses and buckets would be thousands.
func TestSeriesBeginWithTheFirstRequest(t *testing.T) {
	m := NewMetrics()
	series := func() int {
		t.Helper()
		families, err := m.Registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			if f.GetName() == "okno_http_request_seconds" {
				return len(f.GetMetric())
			}
		}
		return 0
	}
	var routes []*routeMetric
	for _, pattern := range []string{"GET /a", "GET /b", "POST /c"} {
		routes = append(routes, m.route(pattern))
	}
	if n := series(); n != 0 {
		t.Errorf("%d series before any request", n)
	}
	for range 3 {
		routes[0].observe("GET", 200, time.Millisecond)
		routes[2].observe("POST", 303, time.Millisecond)
	}
	if n := series(); n != 2 {
		t.Errorf("%d series of two routes", n)
	}
}
