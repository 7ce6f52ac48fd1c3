package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"

	"okno/internal/platform/blob"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
	"okno/internal/platform/web/api/apitest"
	"okno/internal/policy"
)

// desk is the API over the small world of these tests.
type desk struct {
	*world
	*apitest.Rig
	blobs *blob.Service
	reads *readLog
}

type call = apitest.Call

// Names, topics and places of the world; paper is a region that answers the same to everything.

func (d *desk) Names(_ context.Context, ids []id.ID) (map[id.ID]string, error) {
	out := map[id.ID]string{}
	for name, a := range d.who {
		if slices.Contains(ids, a.Person) {
			out[a.Person] = name
		}
	}
	return out, nil
}

type paper struct{}

func (paper) Topic(_, code string) (Topic, bool) {
	return Topic{Code: code, Name: "имя " + code}, true
}
func (paper) Suggest(string, string, int) []Topic { return nil }
func (paper) Find(string, string, int) []Topic    { return nil }
func (paper) Tree(string) []TopicGroup            { return nil }
func (paper) Categories(string) []Topic {
	return []Topic{{Code: "roads"}, {Code: "light"}, {Code: "yard"}}
}
func (paper) Search(string, int, int64, int64) []Spot { return nil }
func (paper) Spot(id.ID) (Spot, bool)                 { return Spot{}, false }
func (paper) Distance(a, b, c, e int64) float64       { return float64(max(a-c, c-a) + max(b-e, e-b)) }
func (paper) Territory(_, code string) string {
	if code != "01" {
		return ""
	}
	return "земля 01"
}
func (paper) Territories(string) []Topic               { return nil }
func (paper) Around(int64, int64, float64) []CellRange { return []CellRange{{0, 1 << 62}} }
func (paper) Inside(_, _, _, _ int64) []CellRange      { return []CellRange{{0, 1 << 62}} }

// readLog keeps what was recorded of readings, and can fail.
type readLog struct {
	rows   []string
	broken bool
}

func (r *readLog) RecordRead(_ context.Context, a policy.Actor, what policy.Action, subject, _ id.ID, _ policy.Grant, reason string) error {
	return r.add(fmt.Sprintf("%s %v %s", what, subject != id.Nil && subject != a.Person, reason))
}

func (r *readLog) RecordList(_ context.Context, _ policy.Actor, what policy.Action, filter string, shown int) error {
	return r.add(fmt.Sprintf("%s [%s] %d", what, filter, shown))
}

func (r *readLog) add(row string) error {
	if r.broken {
		return errors.New("no room for the record")
	}
	r.rows = append(r.rows, strings.TrimSpace(row))
	return nil
}

// blobFiles binds the real store of files.
type blobFiles struct{ *blob.Service }

func (b blobFiles) Claim(ctx context.Context, by id.ID, blobs []id.ID) ([]FileInfo, error) {
	if len(blobs) == 0 {
		return nil, nil
	}
	list, err := b.Check(ctx, by, blobs, nil)
	if err != nil {
		return nil, err
	}
	out := make([]FileInfo, len(list))
	for i, o := range list {
		k, _ := blob.KindOf(o.Kind)
		out[i] = FileInfo{o.ID, o.Name, k.MIME, o.Size, o.Uploader}
	}
	return out, nil
}

func (blobFiles) Keep(tx *db.Tx, by id.ID, blobs []id.ID) error {
	blob.Link(tx, by, blobs...)
	return nil
}

func eachDesk(t *testing.T, test func(d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, base *db.DB) {
		w := newWorld(t, base)
		d := &desk{world: w, reads: &readLog{}, Rig: apitest.New(t, w.clock)}
		d.who["region"] = policy.Actor{Person: id.New(), Organisation: tests.lamps, Roles: []policy.Role{policy.Citizen, policy.RegionAdmin}}
		folder, err := blob.OpenFolder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := folder.Close(); err != nil {
				t.Error(err)
			}
		})
		if d.blobs, err = blob.New(base, blob.Config{Storage: folder, Key: make([]byte, 32), Temp: t.TempDir()}); err != nil {
			t.Fatal(err)
		}
		r := tests
		r.people = d.who
		d.Service = New(Config{DB: base, Clock: d.clock, Offices: r, Facts: r, Places: r, Router: r, Files: blobFiles{d.blobs}, People: r})
		if err := d.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.Rig.DB, d.Who, d.Reads = base, d.who, func() []string { return d.reads.rows }
		d.Vars["roads"], d.Vars["lamps.org"] = tests.roads.String(), tests.lamps.String()
		API(d.API, &Web{Cases: d.Service, Topics: paper{}, Atlas: paper{}, People: d, Reads: d.reads}, d.blobs)
		test(d)
	}, Migrations, blob.Migrations)
}

// photo is a small picture as a body.
func photo(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func db1(d *desk, query string) (id.ID, error) { return db.One(d.t.Context(), d.db, db.ID, query) }
