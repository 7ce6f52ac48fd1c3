package jobs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Config of a runner. Zero values work.
type Config struct {
	Urgent, Normal, Bulk int           // handlers at the same time; 0: 4, 4, 1
	Poll                 time.Duration // the net under wake-ups; 0: 1 s
	Lease                time.Duration // 0: 1 min
	Grace                time.Duration // what running handlers get at the end; 0: 10 s
}

// Runner runs jobs and timers of one process.
type Runner struct {
	d     *db.DB
	cfg   Config
	kinds map[string]*kind
	me    id.ID
	wake  map[db.JobLane]chan struct{}

	mu      sync.Mutex
	running map[id.ID]Run
}

// New makes a runner. Register its kinds, then call Run.
func New(d *db.DB, cfg Config) *Runner {
	def := func(n *int, v int) {
		if *n <= 0 {
			*n = v
		}
	}
	def(&cfg.Urgent, 4)
	def(&cfg.Normal, 4)
	def(&cfg.Bulk, 1)
	if cfg.Poll <= 0 {
		cfg.Poll = time.Second
	}
	if cfg.Lease <= 0 {
		cfg.Lease = time.Minute
	}
	if cfg.Grace <= 0 {
		cfg.Grace = 10 * time.Second
	}
	r := &Runner{
		d: d, cfg: cfg, kinds: map[string]*kind{}, me: id.New(), running: map[id.ID]Run{},
		wake: map[db.JobLane]chan struct{}{},
	}
	for _, lane := range lanes {
		r.wake[lane] = make(chan struct{}, 1)
	}
	return r
}

var lanes = []db.JobLane{db.Urgent, db.Normal, db.Bulk}

// Run works until ctx ends. Then it takes nothing new, gives running handlers
// the grace, cancels those that are left and frees their jobs for others.
func (r *Runner) Run(ctx context.Context) error {
	r.d.OnJobs(r.wakeAll)
	handlers, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var loops, working sync.WaitGroup
	for _, lane := range lanes {
		loops.Go(func() { r.loop(ctx, handlers, lane, &working) })
	}
	loops.Go(func() { r.timers(ctx) })
	beat := make(chan struct{})
	var heart sync.WaitGroup
	heart.Go(func() { r.heartbeat(beat) })

	<-ctx.Done()
	loops.Wait()
	ended := make(chan struct{})
	go func() { working.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(r.cfg.Grace):
		cancel()
		<-ended
	}
	close(beat)
	heart.Wait()
	return nil
}

func (r *Runner) wakeAll() {
	for _, c := range r.wake {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// loop serves one lane with its own number of handlers, so that no lane starves another.
func (r *Runner) loop(ctx, handlers context.Context, lane db.JobLane, working *sync.WaitGroup) {
	limit := map[db.JobLane]int{db.Urgent: r.cfg.Urgent, db.Normal: r.cfg.Normal, db.Bulk: r.cfg.Bulk}[lane]
	slots := make(chan struct{}, limit)
	var last time.Time // when jobs were taken
	more := false      // whether some were left then
	for ctx.Err() == nil {
		free := limit - len(slots)
		most := free
		if lane != db.Bulk { // short work: taking jobs costs more than many of them
			most += ahead
		}
		var taken []Run
		if free > 0 {
			last = time.Now()
			var err error
			if taken, err = r.claim(ctx, lane, most); err != nil && ctx.Err() == nil {
				r.d.Log().Error("claim jobs", "lane", lane, "err", err)
			}
			r.hold(taken) // their leases are extended while they wait for a handler
			more = len(taken) == most
		}
		for _, runs := range r.groups(taken) {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				r.giveBack(ctx, runs)
				continue
			}
			working.Go(func() {
				defer func() {
					<-slots
					r.nudge(lane)
				}()
				_ = r.workAll(handlers, runs) // a failure is stored with its job and logged
			})
		}
		if more && len(taken) > 0 {
			continue // with no slot free the next turn waits for a nudge
		}
		select {
		case <-ctx.Done():
		case <-r.wake[lane]:
			if !more {
				pause(ctx, gather-time.Since(last))
			}
		case <-time.After(r.cfg.Poll + rand.N(r.cfg.Poll/4)):
		}
	}
}

// gather is how long after a turn the next one waits for company: jobs that
// come one by one, a thousand a second, would else pay for a turn each.
const gather = 25 * time.Millisecond

func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// ahead is how many jobs are taken beyond the free handlers.
const ahead = 64

// groups puts jobs together that one call of their handler takes, in the order
// of the first of each.
func (r *Runner) groups(runs []Run) (out [][]Run) {
	open := map[string]int{} // kind → its group that has room
	for _, run := range runs {
		i, ok := open[run.Kind]
		if !ok || len(out[i]) >= r.kinds[run.Kind].most {
			i = len(out)
			open[run.Kind], out = i, append(out, nil)
		}
		out[i] = append(out[i], run)
	}
	return out
}

func (r *Runner) hold(runs []Run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, run := range runs {
		r.running[run.ID] = run
	}
}

func (r *Runner) drop(runs []Run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, run := range runs {
		delete(r.running, run.ID)
	}
}

// giveBack frees jobs that were taken and not begun when the runner stopped.
func (r *Runner) giveBack(ctx context.Context, runs []Run) {
	r.drop(runs)
	for _, run := range runs {
		if err := r.free(context.WithoutCancel(ctx), run); err != nil {
			r.d.Log().Error("free job", "job", run.Kind, "id", run.ID, "err", err)
		}
	}
}

func (r *Runner) nudge(lane db.JobLane) {
	select {
	case r.wake[lane] <- struct{}{}:
	default:
	}
}

// workAll runs a handler for several jobs at once, and for each alone where
// that fails, and settles them.
func (r *Runner) workAll(ctx context.Context, runs []Run) error {
	if len(runs) == 1 {
		return r.work(ctx, runs[0])
	}
	r.hold(runs)
	err := r.call(ctx, runs)
	if err == nil {
		defer r.drop(runs)
		var left []Run
		for _, run := range runs {
			if !*run.done {
				left = append(left, run)
			}
		}
		if len(left) == 0 {
			return nil
		}
		return db.Do(context.WithoutCancel(ctx), r.d, db.Background, func(tx *db.Tx) error { DoneAll(tx, left); return nil })
	}
	r.d.Log().Warn("jobs failed together, each goes alone", "job", runs[0].Kind, "jobs", len(runs), "err", err)
	var failures []error
	for _, run := range runs {
		*run.done = false
		failures = append(failures, r.work(ctx, run))
	}
	return errors.Join(failures...)
}

// work runs one handler and settles its job.
func (r *Runner) work(ctx context.Context, run Run) error {
	r.hold([]Run{run})
	defer r.drop([]Run{run})
	err := r.call(ctx, []Run{run})
	log := r.d.Log().With("job", run.Kind, "id", run.ID, "attempt", run.Attempt)
	settle := context.WithoutCancel(ctx)
	switch k := r.kinds[run.Kind]; {
	case err == nil && *run.done:
		return nil
	case err == nil:
		if ferr := r.finish(settle, run); ferr != nil {
			log.Error("finish job", "err", ferr)
			return ferr
		}
		return nil
	case ctx.Err() != nil: // the process stops: free at once, the attempt does not count
		if ferr := r.free(settle, run); ferr != nil {
			log.Error("free job", "err", ferr)
		}
		return err
	case isPermanent(err), run.Attempt >= k.attempts:
		log.Error("job is dead", "err", err)
		return errors.Join(err, r.bury(settle, run, err))
	default:
		log.Warn("job failed", "err", err)
		return errors.Join(err, r.putOff(settle, run, err))
	}
}

// call shields the runner from a handler's panic.
func (r *Runner) call(ctx context.Context, runs []Run) (err error) {
	name := runs[0].Kind
	defer func() {
		if p := recover(); p != nil {
			err = errs.Wrap(errs.Internal, fmt.Errorf("panic in job %s: %v\n%s", name, p, debug.Stack()))
		}
	}()
	return r.kinds[name].together(ctx, runs)
}

// heartbeat extends the leases of running jobs until stop closes.
func (r *Runner) heartbeat(stop chan struct{}) {
	tick := time.NewTicker(r.cfg.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			if err := r.Beat(context.Background()); err != nil {
				r.d.Log().Error("extend leases", "err", err)
			}
		}
	}
}

// timers turns due timers into jobs and sweeps old rows now and then.
func (r *Runner) timers(ctx context.Context) {
	var swept time.Time
	for ctx.Err() == nil {
		n, err := r.fire(ctx)
		if err != nil && ctx.Err() == nil {
			r.d.Log().Error("fire timers", "err", err)
		}
		if time.Since(swept) > 10*time.Minute {
			swept = time.Now()
			if err := r.d.Sweep(ctx); err != nil && ctx.Err() == nil {
				r.d.Log().Error("sweep", "err", err)
			}
		}
		if n == timerPage {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(r.cfg.Poll):
		}
	}
}

// Drain runs everything that is due now, one after another, until nothing is:
// for tests and commands. A job that fails is put off as usual; the failures
// are returned together.
func (r *Runner) Drain(ctx context.Context) error {
	var failures []error
	for {
		fired, err := r.fire(ctx)
		if err != nil {
			return errors.Join(append(failures, err)...)
		}
		worked := 0
		for _, lane := range lanes {
			runs, err := r.claim(ctx, lane, 1)
			if err != nil {
				return errors.Join(append(failures, err)...)
			}
			for _, run := range runs {
				worked++
				if err := r.work(ctx, run); err != nil {
					failures = append(failures, fmt.Errorf("job %s: %w", run.Kind, err))
				}
			}
			if worked > 0 {
				break // what became due meanwhile may stand in a better lane
			}
		}
		if fired+worked == 0 {
			return errors.Join(failures...)
		}
		if err := ctx.Err(); err != nil {
			return errors.Join(append(failures, err)...)
		}
	}
}

func (r *Runner) now() int64 { return clock.Milli(r.d.Clock().Now()) }

// claimable lists the kinds this runner may take now.
func (r *Runner) claimable(paused bool) []string {
	var out []string
	for _, name := range r.Kinds() {
		if !paused || !r.kinds[name].outbound {
			out = append(out, name)
		}
	}
	return out
}
