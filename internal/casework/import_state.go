package casework

import (
	"time"

	"okno/internal/platform/clock"
)

// shelve puts a report from a file where it belongs. One that its file calls
// closed, or whose term ended before it came and of which the file says
// nothing, is over: it comes as closed, nobody is late with it, and strangers
// don't see what no moderator here has read. What the file calls open stays
// open with its term as it is. In neither case does an alarm ring for a moment
// that lay before the import.
func (ch *change) shelve(state string, imported time.Time) {
	ms := clock.Milli(imported)
	if state == "closed" || state == "" && ch.c.ReviewAt <= ms {
		ch.enter(StageClosed)
		ch.c.StageAt, ch.c.ClosedAt, ch.c.Outcome = ms, ms, Archived
		return
	}
	ch.c.raise(imported, func(due int64) int64 { return ch.env.remindAt(ch.office, due, ch.proc.RemindBefore) })
}

// unknown lists what a row says and the region doesn't know.
func (im *importer) unknown(r *importRow) (what []string) {
	g := im.opt.Guide
	if _, ok := g.FactNamed(r.topic); r.topic != "" && !ok || r.topic == "" && r.category != "" {
		what = append(what, "topic")
	}
	if _, ok := g.OfficeNamed(r.agency); r.agency != "" && !ok {
		what = append(what, "agency")
	}
	if r.lat == 0 && r.lon == 0 && r.place != "" {
		if _, ok := g.AddressNamed(r.place); !ok {
			what = append(what, "place")
		}
	}
	return what
}

// note keeps what of a row is not known here. The caller holds the lock.
func (im *importer) note(r *importRow, what []string) {
	for _, w := range what {
		*map[string]*int64{"topic": &im.count.Topics, "agency": &im.count.Agencies, "place": &im.count.Places}[w]++
		im.notes = append(im.notes, RowNote{Line: r.line, External: r.external, What: w})
	}
}
