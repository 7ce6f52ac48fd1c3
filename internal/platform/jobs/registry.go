package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Handler does the work of one job. nil ends the job; an error puts it off.
type Handler func(ctx context.Context, run Run) error

// Together does the work of several jobs of one kind at once. Where it fails,
// it gets each of them alone, so that one bad job keeps nobody.
type Together func(ctx context.Context, runs []Run) error

// Run is one execution of a job.
type Run struct {
	ID      id.ID // stable over all attempts
	Kind    string
	Lane    db.JobLane
	Subject id.ID           // of a timer; Nil for other jobs
	Body    json.RawMessage // as given in Job.Body or Timer.Body; may be empty
	Attempt int             // 1 for the first
	Made    time.Time

	lease id.ID
	done  *bool
}

// Decode reads the body into to.
func (r Run) Decode(to any) error {
	if err := json.Unmarshal(r.Body, to); err != nil {
		return Permanent(fmt.Errorf("body of job %s: %w", r.Kind, err))
	}
	return nil
}

// Done ends the job in the transaction of its effect. If the lease was lost
// meanwhile, the transaction fails with [errs.Stale] and nothing happens twice.
func (r Run) Done(tx *db.Tx) {
	tx.QueueOne("DELETE FROM jobs_job WHERE id = $1 AND lease = $2 AND attempts = $3", r.ID, r.lease, r.Attempt)
	*r.done = true // of a failed transaction too: then the handler's error decides
}

// DoneAll is [Run.Done] of several jobs in as few statements as possible.
func DoneAll(tx *db.Tx, runs []Run) {
	type try struct {
		lease   id.ID
		attempt int
	}
	tries := map[try][]id.ID{}
	for _, r := range runs {
		k := try{r.lease, r.Attempt}
		tries[k] = append(tries[k], r.ID)
		*r.done = true
	}
	for k, ids := range tries {
		tx.QueueExactly(len(ids), "DELETE FROM jobs_job WHERE lease = $1 AND attempts = $2 AND "+db.In(tx.Engine(), "id", 3),
			k.lease, k.attempt, db.IDs(tx.Engine(), ids))
	}
}

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent marks an error that no repetition mends: the job is dead at once.
func Permanent(err error) error { return permanent{err} }

func isPermanent(err error) bool {
	var p permanent
	return errors.As(err, &p)
}

// Option of a registered kind.
type Option func(*kind)

// Outbound marks a kind that reaches the outside world (mail, SMS, other
// systems): it stands still while [Pause] is set.
func Outbound() Option { return func(k *kind) { k.outbound = true } }

// Attempts sets how often a job is tried before it is dead; the default is 20,
// about eight hours.
func Attempts(n int) Option { return func(k *kind) { k.attempts = n } }

type kind struct {
	together Together
	most     int // jobs that are taken together
	outbound bool
	attempts int
}

// Register names the one handler of a kind of job. Call it before Run; a
// second handler for the same kind panics.
func (r *Runner) Register(name string, h Handler, options ...Option) {
	r.RegisterTogether(name, 1, func(ctx context.Context, runs []Run) error { return h(ctx, runs[0]) }, options...)
}

// RegisterTogether is [Runner.Register] of a handler that takes up to most jobs at once.
func (r *Runner) RegisterTogether(name string, most int, h Together, options ...Option) {
	if _, ok := r.kinds[name]; ok {
		panic("jobs: two handlers for " + name)
	}
	k := &kind{together: h, most: most, attempts: 20}
	for _, o := range options {
		o(k)
	}
	r.kinds[name] = k
}

// Kinds lists the registered kinds in order.
func (r *Runner) Kinds() []string {
	out := make([]string, 0, len(r.kinds))
	for k := range r.kinds {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// backoff is the wait before the next attempt: from 1 s, doubling, at most 1 h,
// spread by up to a quarter.
func backoff(attempt int, spread float64) time.Duration {
	d := time.Hour
	if attempt < 13 {
		d = min(time.Hour, time.Second<<(attempt-1))
	}
	return d - time.Duration(float64(d)*spread/4)
}

// reason is what is kept of an error: its code and a bounded text for operators.
func reason(err error) string {
	text := string(errs.CodeOf(err)) + ": " + err.Error()
	return strings.ToValidUTF8(text[:min(len(text), 500)], "")
}
