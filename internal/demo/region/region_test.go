package region

import (
	"testing"
	"time"
)

func TestNew(t *testing.T) {
	start := time.Now()
	r := New(DefaultSeed)
	took := time.Since(start)
	t.Logf("%v: %d localities, %d streets, %d addresses, %d assets, %d organisations", took, len(r.Localities), len(r.Streets), len(r.Addresses), len(r.Assets), len(r.Organisations))
	kinds := map[string]int{}
	for _, a := range r.Addresses {
		kinds["adr "+string(a.Kind)]++
	}
	for _, a := range r.Assets {
		kinds["ast "+string(a.Kind)]++
	}
	t.Log(kinds)
	for _, l := range r.Localities {
		n := 0
		for _, a := range r.Addresses {
			if a.Locality == l.Code {
				n++
			}
		}
		t.Log(l.Code, l.Name, l.Kind, n)
	}
}
