package blob

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/jobs"
)

// Many uploads at once, processed by the runner itself; then what was linked
// to nothing goes by its timer, and its bytes by another.
func TestJobsFromUploadToExpiry(t *testing.T) {
	each(t, Config{}, func(d *desk) {
		t := d.t
		runner := jobs.New(d.db, jobs.Config{Poll: 20 * time.Millisecond})
		d.Register(runner)
		ctx, stop := context.WithCancel(d.ctx)
		done := make(chan error, 1)
		go func() { done <- runner.Run(ctx) }()
		defer func() {
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}()
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				body, name := jpegOf(t, 100+i, 50), fmt.Sprintf("%d.jpg", i)
				if i%3 == 0 {
					body, name = []byte(pdf), fmt.Sprintf("%d.pdf", i)
				}
				if _, err := d.send(name, body); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		until := func(what, query string, want int64) {
			t.Helper()
			for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
				n := d.count(query)
				if n == want {
					return
				}
				if time.Now().After(end) {
					t.Fatalf("%s: %d, want %d", what, n, want)
				}
			}
		}
		until("clean", "SELECT COUNT(*) FROM blob_object WHERE state = 'clean'", 12)
		until("variants", "SELECT COUNT(*) FROM blob_variant", 8*3)
		until("jobs left", "SELECT COUNT(*) FROM jobs_job", 0)
		var keep Object
		all, err := db.All(d.ctx, d.db, scanObject, "SELECT "+objectColumns+" FROM blob_object")
		d.do(err)
		for _, o := range all {
			if o.Image() {
				keep = o
			}
		}
		d.do(db.Do(d.ctx, d.db, db.People, func(tx *db.Tx) error { Link(tx, d.owner, keep.ID); return nil }))
		d.clock.Advance(UnsentLife + time.Second)
		until("expired", "SELECT COUNT(*) FROM blob_object WHERE deleted_after > 0", 11)
		d.clock.Advance(Keep + time.Second)
		until("purged", "SELECT COUNT(*) FROM blob_object", 1)
		until("original gone", "SELECT COUNT(*) FROM blob_object WHERE source_gone = TRUE", 1)
		if d.stored() != 3 {
			t.Errorf("%d contents are left, want three variants", d.stored())
		}
		if n := d.count("SELECT COUNT(*) FROM jobs_timer WHERE at <= $1", clock.Milli(d.clock.Now())); n != 0 {
			t.Errorf("%d timers stayed", n)
		}
	})
}

func BenchmarkPhotoOf12Megapixels(b *testing.B) {
	photo := withExif(jpegOf(b, 4000, 3000), 6)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := reencode(bytes.NewReader(photo), int64(len(photo)), "jpeg"); err != nil {
			b.Fatal(err)
		}
	}
}
