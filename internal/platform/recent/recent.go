// Package recent keeps answers that every request asks for, for a moment: who
// stands behind a session, whether somebody holds an office.
//
// What this process changes is forgotten at once; what another process
// changes is seen when the moment is over, so it is for a second or so, and
// never for a decision that may not be late by that.
package recent

import (
	"sync"
	"time"
)

// Cache keeps up to a number of answers.
type Cache[K comparable, V any] struct {
	keep time.Duration
	most int

	mu         sync.RWMutex
	generation uint64 // grows with every Forget: what was asked before one is not kept after it
	answers    map[K]answer[V]
}

type answer[V any] struct {
	value V
	until time.Time
}

// New makes a cache that keeps up to most answers for so long.
func New[K comparable, V any](keep time.Duration, most int) *Cache[K, V] {
	return &Cache[K, V]{keep: keep, most: most, answers: map[K]answer[V]{}}
}

// Get answers from memory or asks. Errors are not kept.
func (c *Cache[K, V]) Get(key K, ask func() (V, error)) (V, error) {
	now := time.Now()
	c.mu.RLock()
	a, ok := c.answers[key]
	generation := c.generation
	c.mu.RUnlock()
	if ok && now.Before(a.until) {
		return a.value, nil
	}
	value, err := ask()
	if err != nil {
		return value, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation != generation {
		return value, nil
	}
	if len(c.answers) >= c.most {
		clear(c.answers)
	}
	c.answers[key] = answer[V]{value, now.Add(c.keep)}
	return value, nil
}

// Forget drops every answer, also those that are being asked for.
func (c *Cache[K, V]) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	clear(c.answers)
}
