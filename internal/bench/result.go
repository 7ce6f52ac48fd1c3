package bench

import (
	"encoding/json"
	"os"
	"slices"
	"time"
)

// Result is what one run of one thing gave.
type Result struct {
	What     string             `json:"what"`             // "filing", "inbox category", "bare" …
	Engine   string             `json:"engine,omitempty"` // sqlite, postgres
	Reports  int64              `json:"reports,omitempty"`
	Clients  int                `json:"clients,omitempty"`
	Asked    float64            `json:"asked,omitempty"` // a second, of an open loop; 0: a closed one
	Seconds  float64            `json:"seconds"`
	Done     int64              `json:"done"`
	Failed   int64              `json:"failed,omitempty"`
	FirstBad string             `json:"first_bad,omitempty"`
	Rate     float64            `json:"rate"` // a second
	P50      float64            `json:"p50"`  // milliseconds
	P95      float64            `json:"p95"`
	P99      float64            `json:"p99"`
	Max      float64            `json:"max"`
	First    float64            `json:"first,omitempty"` // the first, before the warm-up
	Extra    map[string]float64 `json:"extra,omitempty"`
	Note     string             `json:"note,omitempty"`
}

// with puts a further figure beside the result.
func (r *Result) with(name string, v float64) *Result {
	if r.Extra == nil {
		r.Extra = map[string]float64{}
	}
	r.Extra[name] = v
	return r
}

// fill computes the figures from the latencies.
func (r *Result) fill(took []time.Duration, lasted time.Duration) {
	slices.Sort(took)
	r.Done, r.Seconds = int64(len(took)), lasted.Seconds()
	if len(took) == 0 {
		return
	}
	r.Rate = float64(len(took)) / lasted.Seconds()
	r.P50, r.P95, r.P99 = percentile(took, 50), percentile(took, 95), percentile(took, 99)
	r.Max = milli(took[len(took)-1])
}

// percentile of sorted latencies: the smallest that p of a hundred don't exceed.
func percentile(sorted []time.Duration, p int) float64 {
	i := (len(sorted)*p + 99) / 100
	return milli(sorted[max(i-1, 0)])
}

func milli(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Append writes results to a file of JSON lines, which [Table] reads.
func Append(file string, results ...Result) (err error) {
	if file == "" {
		return nil
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	enc := json.NewEncoder(f)
	for _, r := range results {
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	return nil
}
