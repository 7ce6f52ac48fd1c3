package backup_test

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"image"
	"image/jpeg"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"okno/internal/app"
	"okno/internal/calendar"
	"okno/internal/casework"
	"okno/internal/identity"
	"okno/internal/platform/backup"
	"okno/internal/platform/blob"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
	"okno/internal/platform/vault"
	"okno/internal/policy"
	"okno/internal/privacy"
)

// odd is a table of values that are easily lost between engines.
var odd = fstest.MapFS{"09000_odd_value.sql": {Data: []byte(`-- +goose Up
CREATE TABLE odd_value (
	name TEXT NOT NULL, n BIGINT NOT NULL, u UUID, t TEXT, i BIGINT, b BOOLEAN, y BYTEA, z BYTEA NOT NULL, PRIMARY KEY (name, n));
INSERT INTO odd_value (name, n, z) VALUES ('seed', 1, '');`)}}

// schemas are all tables of the product and the odd one.
func schemas() []fs.FS { return append(app.Migrations(), odd) }

// region has one office and one fact, of every place.
type region struct{ office id.ID }

func (r region) Office(org id.ID) (casework.Office, bool) {
	hours, err := calendar.Office("Europe/Moscow")
	return casework.Office{ID: org, Code: "roads", Name: "Дорожная служба", Hours: hours, Active: true}, err == nil && org == r.office
}
func (region) HasRole(context.Context, id.ID, id.ID, policy.Role) (bool, error)  { return true, nil }
func (region) Staff(context.Context, []id.ID) (map[id.ID][]casework.Duty, error) { return nil, nil }
func (region) Fact(code string) (casework.FactInfo, bool) {
	return casework.FactInfo{Code: code, Name: code, Term: calendar.Term{N: 10, Unit: calendar.WorkingDays}}, code != ""
}
func (region) Resolve(in casework.PlaceInput, _ []string) (casework.Place, error) {
	return casework.Place{Territory: "01", Text: "Рыбацкая улица, 14", Lat: in.Lat, Lon: in.Lon, Note: in.Note}, nil
}
func (region) House(id.ID) (int64, int64, bool) { return 0, 0, false }

func (r region) Route(string, casework.Place) (casework.Routed, error) {
	return casework.Routed{Organisation: r.office}, nil
}

// files binds casework to the stored attachments.
type files struct{ *blob.Service }

func (f files) Claim(ctx context.Context, by id.ID, blobs []id.ID) ([]casework.FileInfo, error) {
	list, err := f.Check(ctx, by, blobs, nil)
	var out []casework.FileInfo
	for _, o := range list {
		out = append(out, casework.FileInfo{Blob: o.ID, Name: o.Name, Kind: o.Kind, Size: o.Size, Uploader: by})
	}
	return out, err
}

func (files) Keep(tx *db.Tx, by id.ID, blobs []id.ID) error { blob.Link(tx, by, blobs...); return nil }

// house is an installation.
type house struct {
	t        *testing.T
	d        *db.DB
	dir      string
	storage  *blob.Folder
	blobs    *blob.Service
	people   *identity.Service
	vault    *vault.Vault
	erasures *privacy.ErasureList
	clock    *clock.Fixed
	region   region
}

var began = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// newHouse makes modules over a database; keyDir holds the key file.
func newHouse(t *testing.T, d *db.DB, keyDir string) *house {
	t.Helper()
	h := &house{t: t, d: d, dir: t.TempDir(), clock: d.Clock().(*clock.Fixed), region: region{id.New()}}
	var err error
	h.storage, err = blob.OpenFolder(filepath.Join(h.dir, "files"))
	h.must(err)
	t.Cleanup(func() { h.must(h.storage.Close()) })
	h.blobs, err = blob.New(d, blob.Config{Storage: h.storage, Key: bytes.Repeat([]byte("k"), 32), Temp: t.TempDir()})
	h.must(err)
	keys, err := vault.OpenKeys(filepath.Join(keyDir, "vault.key"), true)
	h.must(err)
	h.erasures = privacy.NewErasureList(filepath.Join(h.dir, "erased.list"))
	h.vault = vault.Open(d, keys, h.erasures)
	h.people = identity.New(identity.Config{DB: d, Clock: h.clock, Vault: h.vault, Hashing: identity.Hashing{Memory: 64, Passes: 1}})
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) register(login string) policy.Actor {
	h.t.Helper()
	person, err := h.people.Register(h.t.Context(), policy.Nobody("ru"), identity.Registration{Login: login, Name: "Мария Соколова",
		Password: "Berezka-49-tri", Lang: "ru", Zone: "Europe/Samara", Address: netip.MustParseAddr("192.0.2.7")})
	h.must(err)
	return policy.Actor{Person: person, Roles: []policy.Role{policy.Citizen}, Lang: "ru"}
}

func (h *house) cases() *casework.Service {
	h.t.Helper()
	s := casework.New(casework.Config{DB: h.d, Clock: h.clock, Offices: h.region, Facts: h.region, Places: h.region, Router: h.region, Files: files{h.blobs}})
	h.must(s.Load(h.t.Context()))
	return s
}

func (h *house) file(s *casework.Service, who policy.Actor, photos ...id.ID) casework.Receipt {
	h.t.Helper()
	r, err := s.FileReport(h.t.Context(), who, casework.FileInput{Key: id.New().String(), Text: "Яма \"у остановки\"\u2028во всю\tполосу 🚌 <b>&amp;\\",
		Fact: "roads.surface.pothole", Place: casework.PlaceInput{Lat: 59000000, Lon: -31000000}, Files: photos, Channel: "portal", Lang: "ru"})
	h.must(err)
	return r
}

// photo makes another picture for each n.
func (h *house) photo(who policy.Actor, n int) id.ID {
	h.t.Helper()
	var b bytes.Buffer
	img := image.NewGray(image.Rect(0, 0, 40, 40+n))
	h.must(jpeg.Encode(&b, img, nil))
	o, err := h.blobs.Upload(h.t.Context(), blob.Upload{Owner: who.Person, Uploader: who.Person, Name: fmt.Sprintf("Фото %d.jpg", n), Body: &b})
	h.must(err)
	return o.ID
}

// live fills the house through use cases; the odd values by hand.
func (h *house) live(reports int) policy.Actor {
	h.t.Helper()
	nina := h.register("nina@example.ru")
	s := h.cases()
	office := policy.Actor{Person: id.New(), Organisation: h.region.office, Roles: []policy.Role{policy.Citizen, policy.Moderator, policy.Coordinator}}
	for i := range reports {
		var photos []id.ID
		if i%5 == 0 {
			photos = append(photos, h.photo(nina, i))
		}
		r := h.file(s, nina, photos...)
		if i%2 == 0 {
			_, err := s.Act(h.t.Context(), office, r.Number, casework.Accept, casework.Input{})
			h.must(err)
		}
	}
	h.must(h.blobs.Process(h.t.Context(), h.photo(nina, 777), nil))
	h.must(db.Do(h.t.Context(), h.d, db.People, func(tx *db.Tx) error {
		add := func(values ...any) {
			tx.Queue("INSERT INTO odd_value (name, n, u, t, i, b, y, z) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)", values...)
		}
		add("ё", 2, id.Nil, "", int64(-1<<63), true, []byte{}, []byte{})
		add("а", 1, id.New(), "123", int64(1<<63-1), false, []byte{0, 255}, []byte{7})
		add("Я", 1, nil, nil, nil, nil, nil, []byte("x"))
		add("B", 10, nil, "1e5", int64(0), nil, nil, []byte("x"))
		add("a", 9, nil, "0x10", int64(1), nil, nil, []byte("x"))
		add("a-b", -9, nil, " null ", int64(1), nil, nil, []byte("x"))
		tx.Job(db.Job{Kind: "test.leased", Lane: db.Bulk})
		return nil
	}))
	h.must(db.Do(h.t.Context(), h.d, db.People, func(tx *db.Tx) error {
		tx.Queue("UPDATE jobs_job SET lease = $1 WHERE kind = 'test.leased'", id.New())
		return nil
	}))
	return nina
}

func (h *house) write(name string) (string, backup.Manifest) {
	h.t.Helper()
	path := filepath.Join(h.dir, name)
	m, err := backup.Write(h.t.Context(), h.d, h.storage, path, backup.Options{Program: "test", Erasures: h.erasures})
	h.must(err)
	return path, m
}

func (h *house) target() backup.Target {
	return backup.Target{DB: h.d, Files: h.storage, Migrations: schemas(), Erasures: h.erasures}
}

func open(t *testing.T, url string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{URL: url, Clock: clock.At(began)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// empty opens a database without any table.
func empty(t *testing.T, e db.Engine) *db.DB {
	t.Helper()
	if e == db.SQLite {
		return open(t, "sqlite:"+filepath.Join(t.TempDir(), "okno.db")+"?synchronous=off")
	}
	return open(t, emptyPostgres(t))
}

func emptyPostgres(t *testing.T) string {
	t.Helper()
	url := dbtest.PostgresURL(t)
	admin, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.Exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public"); err != nil {
		t.Fatal(err)
	}
	return url
}

// full opens a migrated database.
func full(t *testing.T, e db.Engine) *db.DB {
	t.Helper()
	if e == db.SQLite {
		return open(t, dbtest.SQLiteURL(t, schemas()...))
	}
	return open(t, dbtest.PostgresURL(t, schemas()...))
}

func each(t *testing.T, run func(t *testing.T, e db.Engine)) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) { run(t, e) })
	}
}

func table(m backup.Manifest, name string) (t backup.Table) {
	i := slices.IndexFunc(m.Tables, func(t backup.Table) bool { return t.Name == name })
	if i >= 0 {
		t = m.Tables[i]
	}
	return t
}

func TestThereAndBackAgain(t *testing.T) {
	for _, from := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run("from "+from.String(), func(t *testing.T) {
			keys := t.TempDir()
			h := newHouse(t, full(t, from), keys)
			h.live(20)
			path, first := h.write("first.okno")
			if first.Files.Count < 6 || table(first, "casework_case").Rows != 20 || table(first, "odd_value").Rows != 7 {
				t.Fatalf("little was written: %+v, %d cases", first.Files, table(first, "casework_case").Rows)
			}
			if checked, err := backup.Verify(t.Context(), path, nil); err != nil || !checked.Same(&first) {
				t.Fatalf("verify: %v", err)
			}
			for _, to := range []db.Engine{db.SQLite + db.Postgres - from, from} {
				there := newHouse(t, empty(t, to), keys)
				out, err := backup.Restore(t.Context(), path, there.target())
				if err != nil {
					t.Fatal(err)
				}
				if !out.Manifest.Same(&first) {
					t.Error("the restore tells of another manifest")
				}
				paused, err := jobs.Paused(t.Context(), there.d)
				if err != nil || !paused {
					t.Errorf("outbound work is not paused: %v", err)
				}
				var second backup.Manifest
				path, second = there.write("next.okno")
				if !second.Same(&first) {
					for _, a := range first.Tables {
						if b := table(second, a.Name); a.SHA256 != b.SHA256 {
							t.Errorf("on %s, %s differs: %d and %d rows", to, a.Name, a.Rows, b.Rows)
						}
					}
					t.Fatalf("manifests differ on %s: %+v %+v", to, first.Files, second.Files)
				}
			}
		})
	}
}

func TestEveryTableIsDumpedOrLeftOutOnPurpose(t *testing.T) {
	each(t, func(t *testing.T, e db.Engine) {
		h := newHouse(t, full(t, e), t.TempDir())
		_, m := h.write("all.okno")
		list := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'"
		if e == db.Postgres {
			list = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()"
		}
		names, err := db.All(t.Context(), h.d, db.Text, list)
		h.must(err)
		left := backup.LeftOut()
		for _, name := range names {
			_, out := left[name]
			if dumped := table(m, name).Name != ""; dumped == out {
				t.Errorf("%s: dumped %v, left out %v", name, dumped, out)
			}
		}
		for name, reason := range left {
			if !slices.Contains(names, name) && name != "backup_restore" || reason == "" {
				t.Errorf("%s is left out but does not exist, or nobody says why", name)
			}
		}
		for name, columns := range map[string][]string{"jobs_job": {"lease"}, "blob_variant": {"object_id", "store"},
			"blob_object": {"id", "store", "state", "source_gone", "source_after", "deleted_after"}} {
			for _, want := range columns {
				if !slices.ContainsFunc(table(m, name).Columns, func(c backup.Column) bool { return c.Name == want }) {
					t.Errorf("%s.%s is gone: the backup relies on it", name, want)
				}
			}
		}
	})
}

func TestBackupIsOfOneMoment(t *testing.T) {
	each(t, func(t *testing.T, e db.Engine) {
		h := newHouse(t, full(t, e), t.TempDir())
		nina := h.live(3)
		s := h.cases()
		path := filepath.Join(h.dir, "live.okno")
		m, err := backup.Write(t.Context(), h.d, h.storage, path, backup.Options{Progress: func(p backup.Progress) {
			if p.Stage == "table" {
				h.file(s, nina) // a citizen reports while every table is read
			}
		}})
		h.must(err)
		for name, want := range map[string]int64{"casework_case": 3, "casework_number": 3, "casework_mine": 3, "casework_inbox": 3} {
			if n := table(m, name).Rows; n != want {
				t.Errorf("%s has %d rows, want %d", name, n, want)
			}
		}
		there := newHouse(t, empty(t, e), t.TempDir())
		if _, err := backup.Restore(t.Context(), path, there.target()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestErasedPeopleStayGone(t *testing.T) {
	each(t, func(t *testing.T, e db.Engine) {
		keys := t.TempDir()
		h := newHouse(t, full(t, e), keys)
		nina, oleg := h.register("nina@example.ru"), h.register("oleg@example.ru")
		before, _ := h.write("before.okno")
		h.clock.Advance(time.Minute)
		h.must(h.vault.Erase(t.Context(), nina.Person, nil))
		after, m := h.write("after.okno")
		if m.Erasures != 1 {
			t.Errorf("the manifest counts %d erasures", m.Erasures)
		}
		there := newHouse(t, empty(t, e), keys)
		there.clock.Advance(time.Hour)
		if _, err := backup.Restore(t.Context(), after, there.target()); errs.CodeOf(err) != errs.Conflict {
			t.Fatalf("a backup came back without its erasure list: %v", err)
		}
		list, err := h.erasures.All()
		h.must(err)
		target := there.target()
		target.Also = list
		opened := 0
		target.Erase = func(*db.Tx, vault.Erasure) error { opened++; return nil }
		out, err := backup.Restore(t.Context(), before, target)
		h.must(err)
		if out.Erased != 1 || opened != 1 {
			t.Errorf("erased %d, told %d times", out.Erased, opened)
		}
		if _, c, err := there.people.Get(t.Context(), nina); c.Login != "" || err != nil && !errs.Is(err, errs.Gone) {
			t.Errorf("an erased person came back: %v", err)
		}
		if _, c, err := there.people.Get(t.Context(), oleg); err != nil || c.Login != "oleg@example.ru" {
			t.Errorf("another person is lost: %v", err)
		}
		if kept, err := there.erasures.All(); err != nil || len(kept) != 1 {
			t.Errorf("the new installation forgot the list: %v %v", kept, err)
		}
	})
}

func TestOnlyIntoAnEmptyTarget(t *testing.T) {
	h := newHouse(t, full(t, db.SQLite), t.TempDir())
	h.live(6)
	path, _ := h.write("a.okno")
	there := newHouse(t, full(t, db.SQLite), t.TempDir())
	if _, err := backup.Restore(t.Context(), path, there.target()); errs.CodeOf(err) != errs.Conflict || !strings.Contains(err.Error(), "backup.target_has_tables") {
		t.Errorf("into a database with tables: %v", err)
	}
	used := newHouse(t, empty(t, db.SQLite), t.TempDir())
	h.must(used.storage.Put(t.Context(), strings.Repeat("ab", 32), 1, strings.NewReader("x")))
	if _, err := backup.Restore(t.Context(), path, used.target()); errs.CodeOf(err) != errs.Conflict || !strings.Contains(err.Error(), "backup.target_has_files") {
		t.Errorf("into a storage with files: %v", err)
	}
	if _, err := backup.Write(t.Context(), h.d, h.storage, path, backup.Options{}); errs.CodeOf(err) != errs.Conflict {
		t.Errorf("over another backup: %v", err)
	}
}

func TestMissingAttachments(t *testing.T) {
	h := newHouse(t, full(t, db.SQLite), t.TempDir())
	nina := h.live(1)
	loses := func(n int, change string) {
		t.Helper()
		which := h.photo(nina, n)
		store, err := db.One(t.Context(), h.d, db.Text, "SELECT store FROM blob_object WHERE id = $1", which)
		h.must(err)
		h.must(h.storage.Delete(t.Context(), store))
		if change != "" {
			h.must(db.Do(t.Context(), h.d, db.People, func(tx *db.Tx) error {
				tx.Queue("UPDATE blob_object SET "+change+" WHERE id = $1", which)
				return nil
			}))
		}
	}
	loses(1, "state = 'infected'")
	loses(2, "source_gone = TRUE")
	loses(3, fmt.Sprintf("deleted_after = %d", began.UnixMilli()-1))
	path, m := h.write("fine.okno")
	if m.Files.Missing != 0 {
		t.Errorf("%d missing", m.Files.Missing)
	}
	there := newHouse(t, empty(t, db.SQLite), t.TempDir())
	_, err := backup.Restore(t.Context(), path, there.target())
	h.must(err)
	loses(4, "")
	lost := filepath.Join(h.dir, "lost.okno")
	if _, err := backup.Write(t.Context(), h.d, h.storage, lost, backup.Options{}); errs.CodeOf(err) != errs.Unavailable {
		t.Errorf("a lost attachment went unseen: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(h.dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	m, err = backup.Write(t.Context(), h.d, h.storage, lost, backup.Options{AllowMissing: true})
	if err != nil || m.Files.Missing != 1 {
		t.Errorf("%+v %v", m.Files, err)
	}
}

func TestDamagedFilesAreRefused(t *testing.T) {
	h := newHouse(t, full(t, db.SQLite), t.TempDir())
	h.live(3)
	path, _ := h.write("a.okno")
	good, err := os.ReadFile(path)
	h.must(err)
	there := newHouse(t, empty(t, db.SQLite), t.TempDir())
	refused := func(name string, content []byte) {
		t.Helper()
		bad := filepath.Join(t.TempDir(), "bad.okno")
		h.must(os.WriteFile(bad, content, 0o600))
		if _, err := backup.Verify(t.Context(), bad, nil); errs.CodeOf(err) != errs.Invalid {
			t.Errorf("%s: verify says %v", name, err)
		}
		if _, err := backup.Restore(t.Context(), bad, there.target()); errs.CodeOf(err) != errs.Invalid {
			t.Errorf("%s: restore says %v", name, err)
		}
	}
	archive, err := zip.OpenReader(path)
	h.must(err)
	defer archive.Close()
	for _, f := range archive.File {
		if f.CompressedSize64 < 20 {
			continue // an empty stream
		}
		at, err := f.DataOffset()
		h.must(err)
		broken := bytes.Clone(good)
		broken[at+int64(f.CompressedSize64)/2] ^= 0x55
		refused("a byte of "+f.Name, broken)
	}
	for _, cut := range []int{0, len(good) / 2, len(good) - 1} {
		refused(fmt.Sprintf("cut off after %d bytes", cut), good[:cut])
	}
	refused("no archive", []byte("x"))
	names, err := db.All(t.Context(), there.d, db.Text, "SELECT name FROM sqlite_master")
	if err != nil || len(names) > 0 {
		t.Errorf("a refused backup touched the target: %v %v", names, err)
	}
}
