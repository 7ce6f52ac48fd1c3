package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/tools/clamd"
)

// desk is a service with its clock, over a fresh database.
type desk struct {
	*Service
	t     *testing.T
	ctx   context.Context
	clock *clock.Fixed
	owner id.ID
}

func each(t *testing.T, cfg Config, run func(d *desk)) {
	t.Helper()
	clk := clock.At(time.Now())
	dbtest.EachWith(t, db.Config{Clock: clk}, func(t *testing.T, d *db.DB) {
		clk.Set(time.Now())
		cfg := cfg
		if cfg.Storage == nil {
			f, err := OpenFolder(filepath.Join(t.TempDir(), "blobs"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { f.Close() })
			cfg.Storage = f
		}
		cfg.Key = bytes.Repeat([]byte("k"), 32)
		cfg.Temp = t.TempDir()
		s, err := New(d, cfg)
		if err != nil {
			t.Fatal(err)
		}
		run(&desk{Service: s, t: t, ctx: context.Background(), clock: clk, owner: id.New()})
		if left, err := filepath.Glob(filepath.Join(cfg.Temp, "*")); err != nil || len(left) > 0 {
			t.Errorf("left in the spool: %v %v", left, err)
		}
	}, Migrations)
}

func (d *desk) send(name string, body []byte) (Object, error) {
	return d.Upload(d.ctx, Upload{Owner: d.owner, Uploader: d.owner, Name: name, Body: bytes.NewReader(body)})
}

func (d *desk) must(name string, body []byte) Object {
	d.t.Helper()
	o, err := d.send(name, body)
	if err != nil {
		d.t.Fatal(err)
	}
	return o
}

func (d *desk) do(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// get reads an attachment as a viewer.
func (d *desk) get(o Object, variant string, viewer id.ID, header ...string) (*httptest.ResponseRecorder, error) {
	r := httptest.NewRequest("GET", "/file", nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	return w, d.Serve(w, r, o.ID, variant, viewer)
}

func (d *desk) count(query string, args ...any) int64 {
	d.t.Helper()
	n, err := db.One(d.ctx, d.db, db.Int, query, args...)
	d.do(err)
	return n
}

func (d *desk) stored() (n int) {
	d.t.Helper()
	for _, err := range d.cfg.Storage.List(d.ctx, "") {
		d.do(err)
		n++
	}
	return n
}

func TestPhotoFromUploadToDeletion(t *testing.T) {
	each(t, Config{}, func(d *desk) {
		t, stranger := d.t, id.New()
		photo := withExif(jpegOf(t, 400, 200), 6)
		o := d.must("яма.jpg", photo)
		if d.count("SELECT COUNT(*) FROM jobs_job WHERE kind = $1", JobProcess) != 1 || d.count("SELECT COUNT(*) FROM jobs_timer WHERE kind = $1 AND subject = $2 AND at = $3", JobExpire, o.ID, clock.Milli(o.Created.Add(UnsentLife))) != 1 {
			t.Error("no job or no timer")
		}
		if _, err := d.get(o, "", stranger); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stranger before it is clean: %v", err)
		}
		if _, err := d.get(o, "", id.Nil); !errs.Is(err, errs.Conflict) {
			t.Errorf("nobody before it is clean: %v", err)
		}
		if w, err := d.get(o, "", d.owner); err != nil || !bytes.Equal(w.Body.Bytes(), photo) {
			t.Errorf("the sender before it is clean: %v", err)
		}
		d.do(d.Process(d.ctx, o.ID, nil))
		d.do(d.Process(d.ctx, o.ID, nil)) // a second time changes nothing
		if o, err := d.Object(d.ctx, o.ID); err != nil || o.State != Cleaned || o.Width != 200 || o.Height != 400 || o.Version != 2 {
			t.Errorf("%+v %v", o, err)
		}
		for _, viewer := range []id.ID{stranger, d.owner} {
			for _, variant := range []string{"", Clean, Large, Thumb} {
				w, err := d.get(o, variant, viewer)
				if err != nil {
					t.Fatal(variant, err)
				}
				if bytes.Contains(w.Body.Bytes(), []byte("GPS")) || bytes.Contains(w.Body.Bytes(), []byte("Exif")) || w.Body.Len() == 0 {
					t.Errorf("variant %q still has its metadata", variant)
				}
				h := w.Header()
				if h.Get("Content-Type") != "image/jpeg" || !strings.HasPrefix(h.Get("Content-Disposition"), "inline; filename*=utf-8''") ||
					h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || !strings.Contains(h.Get("Cache-Control"), "private") {
					t.Errorf("headers: %v", h)
				}
			}
		}
		if _, err := d.get(o, Source, d.owner); !errs.Is(err, errs.NotFound) {
			t.Errorf("the original of a cleaned file: %v", err)
		}

		d.do(db.Do(d.ctx, d.db, db.People, func(tx *db.Tx) error { Link(tx, d.owner, o.ID); return nil }))
		d.do(d.Expire(d.ctx, o.ID)) // linked: nothing happens
		if n := d.stored(); n != 4 {
			t.Errorf("%d contents, want the original and three variants", n)
		}
		d.do(d.Purge(d.ctx, o.ID)) // too early
		d.clock.Advance(Keep)
		d.do(d.Purge(d.ctx, o.ID))
		if _, err := d.cfg.Storage.Stat(d.ctx, o.store); !errs.Is(err, errs.NotFound) || d.stored() != 3 {
			t.Errorf("the original is still there: %v", err)
		}
		if _, err := d.get(o, "", stranger); err != nil {
			t.Errorf("after the original went: %v", err)
		}

		d.do(db.Do(d.ctx, d.db, db.People, func(tx *db.Tx) error { Delete(tx, d.clock.Now(), o.ID); return nil }))
		if _, err := d.get(o, "", d.owner); !errs.Is(err, errs.Gone) {
			t.Errorf("after deletion: %v", err)
		}
		d.clock.Advance(Keep - time.Second)
		d.do(d.Purge(d.ctx, o.ID))
		if d.stored() != 3 {
			t.Error("deleted before 48 hours were over")
		}
		d.clock.Advance(time.Second)
		d.do(d.Purge(d.ctx, o.ID))
		d.do(d.Purge(d.ctx, o.ID))
		if d.stored() != 0 || d.count("SELECT COUNT(*) FROM blob_object") != 0 || d.count("SELECT COUNT(*) FROM blob_variant") != 0 {
			t.Error("something is left")
		}
	})
}

func TestRefusedUploadsLeaveNothing(t *testing.T) {
	each(t, Config{MaxFile: 1 << 20, MaxUnsent: 3 << 20}, func(d *desk) {
		t := d.t
		for name, x := range map[string]struct {
			body io.Reader
			code errs.Code
			key  string
		}{
			"big.txt":    {strings.NewReader(strings.Repeat("a", 1<<20+1)), errs.TooLarge, "blob.too_large"},
			"endless":    {endless{}, errs.TooLarge, "blob.too_large"},
			"broken.jpg": {io.MultiReader(bytes.NewReader(jpegOf(t, 9, 9)), errorReader{}), errs.Invalid, "blob.interrupted"},
			"a.jpg":      {strings.NewReader("<html><script>"), errs.UnsupportedType, "blob.active"},
			"empty.txt":  {strings.NewReader(""), errs.Invalid, "blob.empty"},
		} {
			_, err := d.Upload(d.ctx, Upload{Owner: d.owner, Uploader: d.owner, Name: name, Body: x.body})
			var e *errs.Error
			if !errors.As(err, &e) || e.Code != x.code || e.Key != x.key {
				t.Errorf("%s: %v", name, err)
			}
		}
		if d.stored() != 0 || d.count("SELECT COUNT(*) FROM blob_object") != 0 {
			t.Error("something is left")
		}
		for range 3 {
			d.must("a.txt", bytes.Repeat([]byte("a"), 1<<20))
		}
		if _, err := d.send("a.txt", []byte("one more")); !errs.Is(err, errs.RateLimited) {
			t.Errorf("more than may be unsent: %v", err)
		}
		if d.stored() != 3 {
			t.Errorf("%d contents", d.stored())
		}
	})
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestCheckAndLink(t *testing.T) {
	each(t, Config{MaxTotal: 3000, MaxFiles: 3}, func(d *desk) {
		t := d.t
		text := bytes.Repeat([]byte("a"), 1000)
		a, b, c, e := d.must("a.txt", text), d.must("b.txt", text), d.must("c.txt", text), d.must("e.txt", text)
		check := func(who id.ID, already []Object, ids ...id.ID) error {
			_, err := d.Check(d.ctx, who, ids, already)
			return err
		}
		if err := check(d.owner, nil, c.ID, a.ID, b.ID); err != nil {
			t.Error(err)
		}
		if list, _ := d.Check(d.ctx, d.owner, []id.ID{c.ID, a.ID}, nil); len(list) != 2 || list[0].ID != c.ID {
			t.Errorf("order: %+v", list)
		}
		foreign, missing := check(id.New(), nil, a.ID), check(d.owner, nil, id.New())
		if !errs.Is(foreign, errs.NotFound) || foreign.Error() != missing.Error() {
			t.Errorf("foreign %v, missing %v", foreign, missing)
		}
		if err := check(d.owner, nil, a.ID, b.ID, c.ID, e.ID); !errs.Is(err, errs.TooLarge) {
			t.Errorf("four files: %v", err)
		}
		if err := check(d.owner, []Object{{Size: 2500}}, a.ID); !errs.Is(err, errs.TooLarge) {
			t.Errorf("too much together with what is there: %v", err)
		}
		link := func(who id.ID, ids ...id.ID) error {
			return db.Do(d.ctx, d.db, db.People, func(tx *db.Tx) error { Link(tx, who, ids...); return nil })
		}
		if err := link(id.New(), a.ID); !errs.Is(err, errs.Stale) {
			t.Errorf("a stranger links: %v", err)
		}
		d.do(link(d.owner, a.ID, b.ID))
		if err := link(d.owner, c.ID, b.ID); !errs.Is(err, errs.Stale) {
			t.Errorf("linked twice: %v", err)
		}
		if err := check(d.owner, nil, b.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("check of a linked one: %v", err)
		}
		if n := d.count("SELECT COUNT(*) FROM jobs_timer WHERE kind = $1", JobExpire); n != 2 {
			t.Errorf("%d timers of expiry, want those of c and e", n)
		}
		if err := d.Discard(d.ctx, a.ID, d.owner); !errs.Is(err, errs.Conflict) {
			t.Errorf("discard of a linked one: %v", err)
		}
		if err := d.Discard(d.ctx, c.ID, id.New()); !errs.Is(err, errs.NotFound) {
			t.Errorf("a stranger discards: %v", err)
		}
		d.do(d.Discard(d.ctx, c.ID, d.owner))
		d.do(d.Expire(d.ctx, e.ID))
		for _, gone := range []Object{c, e} {
			if err := check(d.owner, nil, gone.ID); !errs.Is(err, errs.Gone) {
				t.Errorf("check of one that went: %v", err)
			}
		}
		d.clock.Advance(Keep)
		for _, o := range []Object{a, b, c, e} {
			d.do(d.Purge(d.ctx, o.ID))
		}
		if d.stored() != 2 {
			t.Errorf("%d contents are left, want a and b", d.stored())
		}
		if n, err := d.EraseOwner(d.ctx, d.owner); n != 2 || err != nil {
			t.Errorf("erased %d %v", n, err)
		}
	})
}

func TestTheSameKeyUploadsOnce(t *testing.T) {
	each(t, Config{}, func(d *desk) {
		t := d.t
		up := func(key, body string) (Object, error) {
			return d.Upload(d.ctx, Upload{Owner: d.owner, Uploader: d.owner, Name: "a.txt", Body: strings.NewReader(body), Key: key})
		}
		ids := make([]id.ID, 6)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				o, err := up("k", "text")
				if err != nil {
					t.Error(err)
				}
				ids[i] = o.ID
			})
		}
		wg.Wait()
		for _, i := range ids {
			if i != ids[0] {
				t.Errorf("two objects: %v", ids)
			}
		}
		if d.stored() != 1 || d.count("SELECT COUNT(*) FROM blob_object") != 1 {
			t.Errorf("%d contents", d.stored())
		}
		if _, err := up("k", "other"); !errs.Is(err, errs.IdempotencyMismatch) {
			t.Errorf("other content under the same key: %v", err)
		}
		if o, err := up("", "text"); err != nil || o.ID == ids[0] {
			t.Errorf("without a key: %v", err)
		}
	})
}

func TestScanning(t *testing.T) {
	real := clamd.Start(t, 1<<20)
	scanner, err := NewClamd(real.Unix)
	if err != nil {
		t.Fatal(err)
	}
	each(t, Config{Scanner: scanner}, func(d *desk) {
		t := d.t
		bad, good, long := d.must("a.txt", clamd.EICAR()), d.must("b.txt", []byte("text")), d.must("c.txt", bytes.Repeat([]byte("long "), 400_000))
		for _, o := range []Object{bad, good, long} {
			d.do(d.Process(d.ctx, o.ID, nil))
		}
		if _, err := d.get(bad, "", d.owner); !errs.Is(err, errs.Gone) {
			t.Errorf("malware is served to its sender: %v", err)
		}
		if _, err := d.cfg.Storage.Stat(d.ctx, bad.store); !errs.Is(err, errs.NotFound) {
			t.Errorf("malware is still stored: %v", err)
		}
		if o, err := d.Object(d.ctx, bad.ID); err != nil || o.State != Infected || !strings.HasPrefix(o.Reason, clamd.Signature) {
			t.Errorf("%+v %v", o, err)
		}
		body, err := db.One(d.ctx, d.db, db.Text, "SELECT body FROM journal_fact WHERE kind = $1 AND subject = $2", FactInfected, bad.ID)
		var f InfectedFact
		if err != nil || json.Unmarshal([]byte(body), &f) != nil || f.Uploader != d.owner {
			t.Errorf("fact %q: %v", body, err)
		}
		if _, err := d.Check(d.ctx, d.owner, []id.ID{bad.ID}, nil); !errs.Is(err, errs.Gone) {
			t.Errorf("malware may be linked: %v", err)
		}
		if err := db.Do(d.ctx, d.db, db.People, func(tx *db.Tx) error { Link(tx, d.owner, bad.ID); return nil }); !errs.Is(err, errs.Stale) {
			t.Errorf("malware is linked: %v", err)
		}
		if w, err := d.get(good, "", id.New()); err != nil || w.Body.String() != "text" {
			t.Errorf("a clean text: %v", err)
		}
		if _, err := d.get(long, "", id.New()); !errs.Is(err, errs.Conflict) {
			t.Errorf("one that can't be scanned, to a stranger: %v", err)
		}
		if _, err := d.get(long, "", d.owner); err != nil {
			t.Errorf("one that can't be scanned, to its sender: %v", err)
		}
	})
}

func TestScannerAway(t *testing.T) {
	away, err := NewClamd("unix:/nonexistent/clamd.sock")
	if err != nil {
		t.Fatal(err)
	}
	each(t, Config{Scanner: away}, func(d *desk) {
		o := d.must("a.txt", []byte("text"))
		if err := d.Process(d.ctx, o.ID, nil); !errs.Is(err, errs.Unavailable) {
			d.t.Errorf("must be tried again: %v", err)
		}
		if _, err := d.get(o, "", id.New()); !errs.Is(err, errs.Conflict) {
			d.t.Errorf("served without a scan: %v", err)
		}
	})
}

// A picture with broken pixels that is in the storage, be it that an older
// program took it, is shown to nobody but its sender.
func TestBrokenPixelsAreNeverShown(t *testing.T) {
	each(t, Config{}, func(d *desk) {
		broken := brokenPictures(d.t)["short.jpg"]
		sum := sha256.Sum256(broken)
		o := Object{ID: id.New(), Owner: d.owner, Uploader: d.owner, Name: "a.jpg", Kind: "jpeg", Size: int64(len(broken)), SHA256: sum[:],
			State: Pending, Width: 80, Height: 60, Created: d.clock.Now()}
		o.store = storageName(d.cfg.Key, o.Owner, o.ID, Source, sum[:])
		d.do(d.cfg.Storage.Put(d.ctx, o.store, o.Size, bytes.NewReader(broken)))
		d.do(db.Do(d.ctx, d.db, db.People, func(tx *db.Tx) error { insertObject(tx, o); return nil }))
		d.do(d.Process(d.ctx, o.ID, nil))
		if o, err := d.Object(d.ctx, o.ID); err != nil || o.State != Unscannable || o.Reason != "cleaning" {
			d.t.Errorf("%+v %v", o, err)
		}
		if _, err := d.get(o, "", id.New()); !errs.Is(err, errs.Conflict) {
			d.t.Errorf("shown: %v", err)
		}
	})
}

func TestServing(t *testing.T) {
	eachStorage(t, func(t *testing.T, s Storage) {
		each(t, Config{Storage: s}, func(d *desk) {
			t, stranger := d.t, id.New()
			doc := d.must(`договор "1".pdf`, []byte(pdf))
			cp1251 := d.must("a.txt", []byte("\xc2\xee \xe4\xe2\xee\xf0\xe5"))
			utf := d.must("b.txt", []byte("Во дворе"))
			mov := d.must("c.mov", film("qt  "))
			webp := d.must("d.webp", webp1(t))
			for _, o := range []Object{doc, cp1251, utf, mov, webp} {
				d.do(d.Process(d.ctx, o.ID, nil))
			}
			for _, x := range []struct {
				o             Object
				mime, dispose string
			}{
				{doc, "application/pdf", "attachment"}, {cp1251, "text/plain; charset=windows-1251", "attachment"},
				{utf, "text/plain; charset=utf-8", "attachment"}, {mov, "video/quicktime", "attachment"}, {webp, "image/png", "inline"},
			} {
				w, err := d.get(x.o, "", stranger)
				if err != nil {
					t.Fatal(x.o.Name, err)
				}
				if h := w.Header(); w.Code != 200 || h.Get("Content-Type") != x.mime || !strings.HasPrefix(h.Get("Content-Disposition"), x.dispose) || h.Get("X-Content-Type-Options") != "nosniff" {
					t.Errorf("%s: %d %v", x.o.Name, w.Code, h)
				}
				if bytes.Contains(w.Body.Bytes(), []byte("GPS")) {
					t.Errorf("%s tells its place", x.o.Name)
				}
			}
			if w, err := d.get(doc, "", stranger, "Range", "bytes=1-3"); err != nil || w.Code != 206 || w.Body.String() != "PDF" {
				t.Errorf("a range: %d %q %v", w.Code, w.Body, err)
			}
			if w, err := d.get(doc, "", stranger, "Range", "bytes=-6"); err != nil || w.Code != 206 || w.Body.String() != "%%EOF\n" {
				t.Errorf("the end: %d %q %v", w.Code, w.Body, err)
			}
			if w, err := d.get(doc, "", stranger, "Range", "bytes=9999-"); err != nil || w.Code != 416 {
				t.Errorf("behind the end: %d %v", w.Code, err)
			}
			full, err := d.get(doc, "", stranger)
			d.do(err)
			if w, err := d.get(doc, "", stranger, "If-None-Match", full.Header().Get("ETag")); err != nil || w.Code != 304 || w.Body.Len() != 0 {
				t.Errorf("not modified: %d %v", w.Code, err)
			}
			if _, err := d.get(doc, Thumb, stranger); !errs.Is(err, errs.NotFound) {
				t.Errorf("thumbnail of a document: %v", err)
			}
			if _, err := d.get(Object{ID: id.New()}, "", stranger); !errs.Is(err, errs.NotFound) {
				t.Errorf("no such file: %v", err)
			}
			d.do(d.cfg.Storage.Delete(d.ctx, doc.store))
			if w, err := d.get(doc, "", stranger); err == nil || w.Body.Len() != 0 || len(w.Header()) != 0 {
				t.Errorf("bytes are gone: %d %v", w.Code, err)
			}
		})
	})
}

func TestSweepFindsWhatACrashLeft(t *testing.T) {
	each(t, Config{}, func(d *desk) {
		t := d.t
		o := d.must("a.jpg", jpegOf(t, 20, 20))
		d.do(d.Process(d.ctx, o.ID, nil))
		d.do(d.cfg.Storage.Put(d.ctx, nameOf("left"), 4, strings.NewReader("left")))
		if n, err := d.Sweep(d.ctx); n != 0 || err != nil {
			t.Errorf("an upload that may still get its row was swept: %d %v", n, err)
		}
		d.clock.Advance(Keep + time.Minute)
		if n, err := d.Sweep(d.ctx); n != 1 || err != nil || d.stored() != 4 {
			t.Errorf("swept %d, left %d: %v", n, d.stored(), err)
		}
	})
}

func TestStoredBytesAreCheckedBeforeCleaning(t *testing.T) {
	each(t, Config{}, func(d *desk) {
		o := d.must("a.txt", []byte("text"))
		d.do(d.cfg.Storage.Put(d.ctx, o.store, 4, strings.NewReader("evil")))
		if err := d.Process(d.ctx, o.ID, nil); !errs.Is(err, errs.Internal) {
			d.t.Errorf("changed bytes pass: %v", err)
		}
	})
}

func TestNamesTellNothing(t *testing.T) {
	owner, a, b := id.New(), id.New(), id.New()
	sum := binary.BigEndian.AppendUint64(nil, 7)
	key, other := bytes.Repeat([]byte("k"), 32), bytes.Repeat([]byte("o"), 32)
	seen := map[string]bool{}
	for _, n := range []string{storageName(key, owner, a, Source, sum), storageName(key, owner, b, Source, sum),
		storageName(key, owner, a, Clean, sum), storageName(other, owner, a, Source, sum), storageName(key, b, a, Source, sum)} {
		if seen[n] || checkName(n) != nil {
			t.Errorf("%s", n)
		}
		seen[n] = true
	}
}
