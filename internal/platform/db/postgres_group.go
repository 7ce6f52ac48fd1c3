package db

import (
	"context"
	"slices"
	"strings"
	"sync"

	"okno/internal/platform/errs"
)

// groupMost is how many transactions of people go together at most.
const groupMost = 64

// pgGroups joins transactions of people that only insert: while as many groups
// are on their way as may be, those that come wait, and the next group takes
// all that have gathered, in one transaction of the server with one durable
// commit. Nobody waits for company: with a group free a transaction goes alone
// at once. A group that fails leaves nothing, and each of its members goes again alone.
type pgGroups struct {
	mu      sync.Mutex
	free    int // groups that may still set out
	waiting []*pgCall
}

// pgCall is one transaction that waits.
type pgCall struct {
	tx   *Tx
	all  []statement
	turn chan []*pgCall // leads the group that it gets; nil: see err and alone
	err  error
	solo bool // the group failed: it has to go alone
}

// together commits a transaction that only inserts, in company where there is any.
func (w *pgWriter) together(ctx context.Context, tx *Tx, all []statement) error {
	c := &pgCall{tx: tx, all: all, turn: make(chan []*pgCall, 1)}
	g := &w.groups
	g.mu.Lock()
	if g.free > 0 {
		g.free--
		g.mu.Unlock()
		defer g.pass()
		return w.alone(ctx, c)
	}
	g.waiting = append(g.waiting, c)
	g.mu.Unlock()
	group := <-c.turn // the closure has begun: whatever becomes of ctx, wait for the outcome
	if group != nil {
		w.lead(ctx, c, group)
	}
	if c.solo {
		return w.alone(ctx, c)
	}
	return c.err
}

// pass gives the place of a group that has ended to the one that waits longest
// and to those behind it.
func (g *pgGroups) pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.free++
		return
	}
	n := min(len(g.waiting), groupMost)
	group := slices.Clone(g.waiting[:n])
	g.waiting = slices.Delete(g.waiting, 0, n)
	group[0].turn <- group
}

// alone commits one transaction on a connection of its own.
func (w *pgWriter) alone(ctx context.Context, c *pgCall) error {
	t := &pgTx{w: w, ctx: ctx}
	return t.finish(c.tx, c.all)
}

// lead commits a group and answers its members.
func (w *pgWriter) lead(ctx context.Context, c *pgCall, group []*pgCall) {
	answered := false
	defer func() {
		if !answered { // a panic: the others must not wait for ever
			w.answer(c, group, nil, true)
		}
		w.groups.pass()
	}()
	var err error
	solo := false
	if len(group) == 1 {
		err = w.alone(ctx, c)
	} else {
		var all []statement
		for _, m := range group {
			all = append(all, m.all...)
		}
		t := &pgTx{w: w, ctx: context.WithoutCancel(ctx)}
		err = t.finish(c.tx, all)
		solo = err != nil && !errs.Is(err, errs.OutcomeUnknown)
		if solo {
			w.d.stats.retries.Add(1)
		}
	}
	answered = true
	w.answer(c, group, err, solo)
}

func (w *pgWriter) answer(lead *pgCall, group []*pgCall, err error, solo bool) {
	for _, c := range group {
		c.err, c.solo = err, solo
		if c != lead {
			c.turn <- nil
		}
	}
}

// inserts tells whether a transaction only adds rows: then it locks nothing
// that others change, and in company it can't stand in the way of another group.
func inserts(all []statement) bool {
	return !slices.ContainsFunc(all, func(s statement) bool { return !strings.HasPrefix(s.text, "INSERT ") })
}
