package clock

import (
	"sync"
	"time"
)

var zones sync.Map // name → *time.Location; only zones that exist, so it is bounded

// Zone is time.LoadLocation with a memory: that reads and parses zone data
// every time, which showed in pages with a moment in each row.
func Zone(name string) (*time.Location, error) {
	if v, ok := zones.Load(name); ok {
		return v.(*time.Location), nil
	}
	loc, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, loc)
	}
	return loc, err
}
