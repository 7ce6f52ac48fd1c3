package journal

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
)

// Handler takes a delivery. nil ends it; an error repeats it later.
type Handler func(ctx context.Context, dl Delivery) error

// Journal hands facts to consumers by the jobs of one runner.
type Journal struct {
	d         *db.DB
	runner    *jobs.Runner
	consumers map[string]consumer
}

type consumer struct {
	kinds  map[string]bool
	handle Handler
	joined bool
}

// said is how the table of consumers has the kinds.
func (c consumer) said() string { return strings.Join(slices.Sorted(maps.Keys(c.kinds)), " ") }

// Option of a consumer.
type Option func(*int)

// Joined lets a consumer have the facts of several transactions in one
// delivery, and in the transaction that dispatches them. It is for those whose
// whole effect goes through [Delivery.Write]: such a delivery has no stable
// [Delivery.ID], and what stands after Write may run before the commit.
func Joined() Option { return func(most *int) { *most = together } }

// together is how many dispatches or deliveries one transaction takes at most:
// in the background a transaction is to last no longer than 5 ms.
const together = 64

// New registers the journal's jobs with the runner.
func New(d *db.DB, runner *jobs.Runner) *Journal {
	j := &Journal{d: d, runner: runner, consumers: map[string]consumer{}}
	runner.RegisterTogether(db.DispatchKind, together, j.dispatch, jobs.Attempts(1000))
	runner.Register(settleKind, j.settle, jobs.Attempts(1000))
	return j
}

// Consume registers a consumer of facts by the name under which its progress
// is kept. Call it before Start. A second consumer of the same name panics.
func (j *Journal) Consume(name string, kinds []string, h Handler, options ...Option) {
	if _, ok := j.consumers[name]; ok || strings.ContainsAny(name, ": ") || len(kinds) == 0 {
		panic("journal: bad or second consumer " + name)
	}
	c := consumer{kinds: map[string]bool{}, handle: h}
	for _, k := range kinds {
		c.kinds[k] = true
	}
	most := 1
	for _, o := range options {
		o(&most)
	}
	c.joined = most > 1
	j.consumers[name] = c
	j.runner.RegisterTogether(deliverPrefix+name, most, func(ctx context.Context, runs []jobs.Run) error { return j.deliver(ctx, name, runs) })
	j.runner.Register(backfillPrefix+name, func(ctx context.Context, run jobs.Run) error { return j.backfill(ctx, name, run) })
}

const (
	deliverPrefix  = "journal.deliver:"
	backfillPrefix = "journal.backfill:"
	settleKind     = "journal.settle"

	filling  = "filling"
	settling = "settling"
	live     = "live"

	// refreshEvery is how soon a process learns of a consumer that another
	// (newer) process registered; a backfill waits longer than that.
	refreshEvery = 10 * time.Second
	backfillWait = time.Minute
)

// Start writes the consumers down, so that every process dispatches to them,
// and tells the database which kinds of facts need a dispatch. A consumer that
// is new to a journal with facts in it is backfilled a minute later. One that
// takes other kinds than before takes them from now on; [Journal.Backfill]
// brings the past. Until ctx ends, Start's goroutine looks for consumers that
// other processes registered.
func (j *Journal) Start(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(j.consumers)) {
		kinds := j.consumers[name].said()
		now := j.d.Clock().Now()
		err := db.Do(ctx, j.d, db.Background, func(tx *db.Tx) error {
			c, err := db.One(ctx, tx, scanConsumer, selectConsumer+" WHERE name = $1"+tx.Engine().ForUpdate(), name)
			switch {
			case errs.Is(err, errs.NotFound):
			case err != nil:
				return err
			case c.kinds == kinds:
				return nil
			default:
				tx.Queue("UPDATE journal_consumer SET kinds = $1 WHERE name = $2", kinds, name)
				return nil
			}
			state := live
			if _, err := db.One(ctx, tx, db.Int, "SELECT 1 FROM journal_fact LIMIT 1"); err == nil {
				state = filling
				tx.Job(db.Job{Kind: backfillPrefix + name, Lane: db.Bulk, Unique: "fill", RunAt: now.Add(backfillWait)})
			} else if !errs.Is(err, errs.NotFound) {
				return err
			}
			tx.Queue("INSERT INTO journal_consumer (name, kinds, state, since) VALUES ($1, $2, $3, $4)", name, kinds, state, clock.Milli(now))
			return nil
		})
		if err != nil {
			if _, twice := db.Unique(err); !twice { // another process registers it at this moment
				return err
			}
		}
	}
	if _, err := j.refresh(ctx, j.d); err != nil {
		return err
	}
	go func() {
		tick := time.NewTicker(refreshEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if _, err := j.refresh(ctx, j.d); err != nil && ctx.Err() == nil {
					j.d.Log().Error("read consumers", "err", err)
				}
			}
		}
	}()
	return nil
}

type consumerRow struct {
	name, kinds, state string
	upto, reached      id.ID
	since              int64
}

const selectConsumer = "SELECT name, kinds, state, upto, reached, since FROM journal_consumer"

func scanConsumer(s db.Scanner) (c consumerRow, err error) {
	return c, s.Scan(&c.name, &c.kinds, &c.state, db.ScanID(&c.upto), db.ScanID(&c.reached), &c.since)
}

// refresh reads all consumers of all processes and tells the database their kinds.
func (j *Journal) refresh(ctx context.Context, q db.Querier) ([]consumerRow, error) {
	rows, err := db.All(ctx, q, scanConsumer, selectConsumer+" ORDER BY name")
	if err != nil {
		return nil, err
	}
	var kinds []string
	for _, c := range rows {
		kinds = append(kinds, strings.Fields(c.kinds)...)
	}
	j.d.Consumed(kinds)
	return rows, nil
}

type delivered struct {
	Tx    id.ID   `json:"tx"`
	Facts []id.ID `json:"facts"`
}

// dispatch hands facts to the joined consumers of this process and adds one
// job for each other interested consumer of each transaction, in the
// transaction that ends its own jobs. A joined consumer that fails gets jobs
// too: it fails and is retried alone.
func (j *Journal) dispatch(ctx context.Context, runs []jobs.Run) error {
	bodies := make([]db.Dispatch, len(runs))
	for i, run := range runs {
		if err := run.Decode(&bodies[i]); err != nil {
			return err
		}
	}
	joined, err := j.join(ctx, bodies)
	if err != nil {
		return err
	}
	err = j.hand(ctx, runs, bodies, joined)
	if err != nil && len(joined) > 0 && ctx.Err() == nil {
		j.d.Log().Warn("a consumer failed while facts were dispatched, it gets them by jobs", "err", err)
		return j.hand(ctx, runs, bodies, nil)
	}
	return err
}

// effects are those that a joined consumer wants in the transaction of a dispatch.
type effects map[string]func(tx *db.Tx) error

// join calls the joined consumers of this process with what they take of these
// transactions, and keeps their effects. One that fails is left out.
func (j *Journal) join(ctx context.Context, bodies []db.Dispatch) (effects, error) {
	out := effects{}
	var facts []Entry
	for _, name := range slices.Sorted(maps.Keys(j.consumers)) {
		c := j.consumers[name]
		if !c.joined {
			continue
		}
		if facts == nil {
			var ids []id.ID
			for _, b := range bodies {
				ids = append(ids, b.Facts...)
			}
			var err error
			if facts, err = ByID(ctx, j.d, ids); err != nil {
				return nil, err
			}
			if len(facts) != len(ids) {
				return nil, errs.Wrap(errs.Internal, errors.New("facts of a dispatch are missing"))
			}
		}
		dl := Delivery{Consumer: name, d: j.d, finish: func(*db.Tx) {}, ended: new(bool)}
		for _, f := range facts {
			if c.kinds[f.Kind] {
				dl.Facts = append(dl.Facts, f)
			}
		}
		if len(dl.Facts) == 0 {
			continue
		}
		effect := func(*db.Tx) error { return nil }
		dl.join = func(fn func(tx *db.Tx) error) { effect = fn }
		if err := j.call(ctx, name, dl); err != nil {
			j.d.Log().Warn("a consumer failed while facts were dispatched, it gets them by jobs", "consumer", name, "err", err)
			continue
		}
		out[name] = effect
	}
	return out, nil
}

// call shields a dispatch from the panic of one of its consumers.
func (j *Journal) call(ctx context.Context, name string, dl Delivery) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errs.Wrap(errs.Internal, fmt.Errorf("panic in consumer %s: %v\n%s", name, p, debug.Stack()))
		}
	}()
	return j.consumers[name].handle(ctx, dl)
}

// hand commits the effects of joined consumers, the jobs for the others and
// the end of the dispatch.
func (j *Journal) hand(ctx context.Context, runs []jobs.Run, bodies []db.Dispatch, joined effects) error {
	return db.Do(ctx, j.d, db.Background, func(tx *db.Tx) error {
		consumers, err := db.All(ctx, tx, scanConsumer, selectConsumer+" ORDER BY name")
		if err != nil {
			return err
		}
		for _, c := range consumers {
			// Where another version of the program takes other kinds, its jobs are for that version.
			if effect, ok := joined[c.name]; ok && c.kinds == j.consumers[c.name].said() {
				if err := effect(tx); err != nil {
					return err
				}
				continue
			}
			takes := strings.Fields(c.kinds)
			for _, body := range bodies {
				out := delivered{Tx: body.Tx}
				for i, k := range body.Kinds {
					if slices.Contains(takes, k) {
						out.Facts = append(out.Facts, body.Facts[i])
					}
				}
				if len(out.Facts) > 0 {
					tx.Job(db.Job{Kind: deliverPrefix + c.name, Lane: db.Normal, Unique: body.Tx.String(), Body: out})
				}
			}
		}
		jobs.DoneAll(tx, runs)
		return nil
	})
}

// Delivery is what a consumer gets: the facts of one transaction that it asked
// for (of several, where it is [Joined]), or a piece of the journal during a backfill.
type Delivery struct {
	Consumer string
	Facts    []Entry

	id     string
	d      *db.DB
	finish func(tx *db.Tx)
	join   func(effect func(tx *db.Tx) error) // where set, takes the effect for a later transaction
	ended  *bool
}

// ID names the delivery: the same in every repetition. One that is [Joined] has none.
func (dl Delivery) ID() string { return dl.id }

// Write runs the consumer's effect and ends the delivery in one transaction.
// facts are those that have not taken effect yet; there may be none.
func (dl Delivery) Write(ctx context.Context, fn func(tx *db.Tx, facts []Entry) error) error {
	effect := func(tx *db.Tx) error {
		facts, err := dl.fresh(ctx, tx)
		if err != nil {
			return err
		}
		dl.finish(tx)
		if len(facts) == 0 {
			return nil
		}
		return fn(tx, facts)
	}
	if dl.join != nil {
		dl.join(effect)
		return nil
	}
	err := db.Do(ctx, dl.d, db.Background, effect)
	if err == nil {
		*dl.ended = true
	}
	return err
}

// fresh leaves out what a consumer that is being backfilled has taken already,
// and marks the rest as taken. The lock on the consumer's row keeps its state
// until this effect is committed.
func (dl Delivery) fresh(ctx context.Context, tx *db.Tx) ([]Entry, error) {
	c, err := db.One(ctx, tx, scanConsumer, selectConsumer+" WHERE name = $1"+tx.Engine().ForShare(), dl.Consumer)
	if err != nil {
		return nil, err
	}
	if c.state == live {
		return dl.Facts, nil
	}
	ids := make([]id.ID, len(dl.Facts))
	for i, f := range dl.Facts {
		ids[i] = f.ID
	}
	seen, err := db.All(ctx, tx, db.ID, "SELECT fact FROM journal_seen WHERE consumer = $1 AND "+db.In(tx.Engine(), "fact", 2), dl.Consumer, db.IDs(tx.Engine(), ids))
	if err != nil {
		return nil, err
	}
	var facts []Entry
	var rows [][]any
	for _, f := range dl.Facts {
		if !slices.Contains(seen, f.ID) {
			facts = append(facts, f)
			rows = append(rows, []any{dl.Consumer, f.ID})
		}
	}
	db.MultiInsert(tx, "journal_seen", []string{"consumer", "fact"}, rows)
	return facts, nil
}

// deliver hands the facts of transactions to one consumer.
func (j *Journal) deliver(ctx context.Context, name string, runs []jobs.Run) error {
	var ids []id.ID
	dl := Delivery{Consumer: name, d: j.d, finish: func(tx *db.Tx) { jobs.DoneAll(tx, runs) }, ended: new(bool)}
	for _, run := range runs {
		var body delivered
		if err := run.Decode(&body); err != nil {
			return err
		}
		ids = append(ids, body.Facts...)
		if len(runs) == 1 {
			dl.id = name + ":" + body.Tx.String()
		}
	}
	var err error
	if dl.Facts, err = ByID(ctx, j.d, ids); err != nil {
		return err
	}
	if len(dl.Facts) != len(ids) {
		return errs.Wrap(errs.Internal, errors.New("facts of a delivery are missing"))
	}
	return j.consumers[name].handle(ctx, dl)
}
