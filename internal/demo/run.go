package demo

import (
	"context"
	"fmt"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// run does the steps of a bundle that were not done before.
func (w *world) run(ctx context.Context, t *tale) error {
	done := map[id.ID]int64{}
	if !w.fresh {
		ids := make([]id.ID, len(t.all))
		for i, m := range t.all {
			ids[i] = m.id
		}
		var err error
		if done, err = w.app.Cases.Versions(ctx, ids); err != nil {
			return err
		}
	}
	for i := range t.ops {
		o := &t.ops[i]
		if o.kind != opRateJoined && done[o.m.id] > o.version {
			continue
		}
		if err := w.do(ctx, o); err != nil {
			return fmt.Errorf("demo: bundle %d, report %d (%s), step %d, %s: %w", t.o.n, o.m.j, o.m.number, i, o.name(), err)
		}
	}
	for _, m := range t.all { // what their clocks would have rung since
		if err := w.app.Cases.RingSince(ctx, m.id); err != nil {
			return fmt.Errorf("demo: bundle %d, report %d (%s), clocks: %w", t.o.n, m.j, m.number, err)
		}
	}
	return nil
}

func (o *op) name() string {
	switch o.kind {
	case opFile:
		return "file"
	case opJoin:
		return "join"
	case opRateJoined:
		return "rate as one who joined"
	}
	return string(o.act)
}

// do does one step.
func (w *world) do(ctx context.Context, o *op) error {
	who, err := w.actorOf(ctx, o.who)
	if err != nil {
		return err
	}
	var files []id.ID
	for _, f := range o.files {
		b, err := w.upload(ctx, f, who.Person)
		if err != nil {
			return err
		}
		files = append(files, b)
	}
	cases := w.app.Cases
	switch o.kind {
	case opFile:
		o.file.Files = files
		_, err = cases.FileReport(ctx, who, o.file)
	case opAct:
		o.in.Files, o.in.Version = files, o.version
		_, err = cases.ActAt(ctx, who, o.m.number, o.act, o.in, o.at)
	case opJoin:
		own := numberOf(w.seed, "join", o.m.t.o.n, o.m.j*10_000+o.who.citizen)
		_, err = cases.JoinAt(ctx, who, o.m.number, o.at, own)
	case opRateJoined:
		err = cases.RateJoinedAt(ctx, who, o.m.number, o.in, o.at)
	}
	return err
}

// meddled tells whether a step failed because somebody acted on the case
// meanwhile: a visitor of the demonstration, whose act stands.
func meddled(err error) bool {
	return errs.Is(err, errs.Stale)
}
