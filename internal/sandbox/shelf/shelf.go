// Package shelf keeps the newest things that came in, in memory: so many, and
// so many bytes of them.
package shelf

import (
	"context"
	"slices"
	"sync"
)

// Shelf holds things of one kind in the order in which they came. The newest
// stays even where it is larger than all may be.
type Shelf[T any] struct {
	most  int
	bytes int
	size  func(T) int

	mu      sync.Mutex
	things  []T
	held    int
	changed chan struct{} // closed by the next change
}

// New makes a shelf for up to most things of together up to bytes, which size measures.
func New[T any](most, bytes int, size func(T) int) *Shelf[T] {
	return &Shelf[T]{most: most, bytes: bytes, size: size, changed: make(chan struct{})}
}

// Change replaces the things by what fn makes of them, and drops the oldest of
// what is too much. fn must not keep the slice.
func (s *Shelf[T]) Change(fn func([]T) []T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.things = fn(s.things)
	s.held = 0
	for _, t := range s.things {
		s.held += s.size(t)
	}
	drop := 0
	for drop < len(s.things)-1 && (len(s.things)-drop > s.most || s.held > s.bytes) {
		s.held -= s.size(s.things[drop])
		drop++
	}
	s.things = slices.Delete(s.things, 0, drop)
	close(s.changed)
	s.changed = make(chan struct{})
}

// Put adds a thing.
func (s *Shelf[T]) Put(t T) { s.Change(func(all []T) []T { return append(all, t) }) }

// Newest gives all things, the newest first.
func (s *Shelf[T]) Newest() []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.things)
	slices.Reverse(out)
	return out
}

// Wait gives the things that match, the newest first, as soon as there is one;
// none where ctx ends before.
func (s *Shelf[T]) Wait(ctx context.Context, match func(T) bool) []T {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		out := slices.DeleteFunc(s.Newest(), func(t T) bool { return !match(t) })
		if len(out) > 0 {
			return out
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return out
		}
	}
}
