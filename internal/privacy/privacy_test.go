package privacy

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/vault"
	"okno/internal/policy"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

type bench struct {
	*Service
	*testing.T
	d     *db.DB
	clock *clock.Fixed
	vault *vault.Vault

	citizen, officer policy.Actor
}

func each(t *testing.T, test func(b bench)) {
	c := clock.At(start)
	dbtest.EachWith(t, db.Config{Clock: c}, func(t *testing.T, d *db.DB) {
		c.Set(start)
		dir := t.TempDir()
		keys, err := vault.OpenKeys(filepath.Join(dir, "keys.json"), true)
		if err != nil {
			t.Fatal(err)
		}
		v := vault.Open(d, keys, NewErasureList(filepath.Join(dir, "erasures")))
		test(bench{New(d, c, v), t, d, c, v,
			policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}},
			policy.Actor{Person: id.New(), Organisation: id.New(), Roles: []policy.Role{policy.Citizen, policy.Handler, policy.OrgAdmin}}})
	}, Migrations, vault.Migrations)
}

func (b bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b bench) rows() int64 {
	b.Helper()
	n, err := db.One(ctx, b.d, db.Int, `SELECT COUNT(*) FROM privacy_read`)
	b.must(err)
	return n
}

var byOffice = policy.Grant{Level: policy.Allowed, Role: policy.Handler, Relation: policy.MyOrganisation}

func TestWhoReadMyData(t *testing.T) {
	each(t, func(b bench) {
		for i := range 5 {
			b.clock.Set(start.Add(time.Duration(i/2) * time.Minute)) // equal moments too
			b.must(b.Record(ctx, b.officer, Read{What: policy.CaseworkRead, Subject: b.citizen.Person, Thing: id.New(), Grant: byOffice, Reason: "проверка"}))
		}
		b.must(b.Record(ctx, b.officer, Read{What: policy.CaseworkRead, Subject: id.New(), Grant: byOffice})) // somebody else's
		var all []Record
		var p Page
		p.N = 2
		for range 4 {
			list, more, err := b.WhoRead(ctx, b.citizen, p)
			b.must(err)
			all = append(all, list...)
			if !more {
				break
			}
			last := list[len(list)-1]
			p.At, p.ID = last.At, last.ID
		}
		if len(all) != 5 {
			t.Fatalf("%d records, want 5", len(all))
		}
		seen := map[id.ID]bool{}
		for i, r := range all {
			if seen[r.ID] || i > 0 && r.At.After(all[i-1].At) {
				t.Errorf("record %d comes twice or out of order", i)
			}
			seen[r.ID] = true
			if r.Person != id.Nil || r.Organisation != b.officer.Organisation || r.Role != "handler" || r.Reason != "проверка" {
				t.Errorf("the person is told %+v", r)
			}
		}
		audit, _, err := b.Audit(ctx, b.officer, b.officer.Organisation, Page{})
		b.must(err)
		if len(audit) != 6 || audit[0].Person != b.officer.Person {
			t.Errorf("audit: %+v", audit)
		}
		if _, _, err := b.Audit(ctx, b.officer, id.New(), Page{}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("audit of a foreign organisation: %v", err)
		}
		if _, _, err := b.WhoRead(ctx, policy.Nobody("ru"), Page{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("nobody's data: %v", err)
		}
	})
}

func TestWhatIsNotRecorded(t *testing.T) {
	each(t, func(b bench) {
		own := policy.Grant{Level: policy.Allowed, Role: policy.Citizen, Relation: policy.Own}
		b.must(b.Record(ctx, b.citizen, Read{What: policy.CaseworkRead, Subject: b.citizen.Person, Grant: own}))
		b.must(b.Record(ctx, b.citizen, Read{What: policy.CaseworkMine, Grant: own, Shown: 7}))
		b.must(b.Record(ctx, b.citizen, Read{What: policy.CaseworkPublicRead, Subject: id.New(), Grant: policy.Grant{Level: policy.Allowed, Relation: policy.Public}}))
		b.must(b.Record(ctx, policy.Machine("timer"), Read{What: policy.CaseworkRead, Subject: b.citizen.Person}))
		if n := b.rows(); n != 0 {
			t.Errorf("%d records of one's own, public and the program's reading", n)
		}
		b.must(b.Record(ctx, policy.Machine("operator:root"), Read{What: policy.CaseworkRead, Subject: b.citizen.Person}))
		list, _, err := b.WhoRead(ctx, b.citizen, Page{})
		b.must(err)
		if len(list) != 1 || list[0].Role != "operator:root" {
			t.Errorf("the operator's reading: %+v", list)
		}
	})
}

func TestAListIsOneRecordWithSealedWords(t *testing.T) {
	each(t, func(b bench) {
		b.must(b.Record(ctx, b.officer, Read{What: policy.CaseworkList, Grant: byOffice, Filter: "state=open,late=1", Typed: "яма у дома Петровой", Shown: 50}))
		type stored struct {
			record id.ID
			typed  []byte
			filter string
			shown  int64
		}
		r, err := db.One(ctx, b.d, func(s db.Scanner) (v stored, err error) { return v, s.Scan(&v.record, &v.typed, &v.filter, &v.shown) },
			`SELECT id, typed, filter, shown FROM privacy_read`)
		b.must(err)
		if r.filter != "state=open,late=1" || r.shown != 50 || strings.Contains(string(r.typed), "Петров") {
			t.Errorf("%+v", r)
		}
		key, err := b.vault.Subject(ctx, b.officer.Person)
		b.must(err)
		words, err := key.Open("privacy_read", r.record, "typed", r.typed)
		b.must(err)
		if string(words) != "яма у дома Петровой" {
			t.Errorf("%q", words)
		}
	})
}

// TestNoRecordNoPage: where the record can't be written, Record says so.
func TestNoRecordNoPage(t *testing.T) {
	each(t, func(b bench) {
		b.must(db.Do(ctx, b.d, db.People, func(tx *db.Tx) error {
			tx.Queue(`ALTER TABLE privacy_read RENAME TO privacy_gone`)
			return nil
		}))
		if err := b.Record(ctx, b.officer, Read{What: policy.CaseworkRead, Subject: b.citizen.Person, Grant: byOffice}); err == nil {
			t.Error("nothing was written and nothing said")
		}
		long := Read{What: policy.CaseworkRead, Subject: b.citizen.Person, Grant: byOffice, Reason: strings.Repeat("я", 501)}
		if err := b.Record(ctx, b.officer, long); !errs.Is(err, errs.Invalid) {
			t.Errorf("a reason of 501 letters: %v", err)
		}
	})
}

func TestErasureListSurvivesACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lists", "erasures")
	l := NewErasureList(path)
	if all, err := l.All(); err != nil || len(all) != 0 {
		t.Fatalf("a list that isn't there: %v %v", all, err)
	}
	first, second := id.New(), id.New()
	if err := l.Append(first, start); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"subject":"0190`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if all, err := l.All(); err != nil || len(all) != 1 {
		t.Fatalf("with a line cut off: %v %v", all, err)
	}
	if err := l.Append(second, start.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	all, err := l.All()
	if err != nil || len(all) != 2 || all[0].Subject != first || all[1].Subject != second || !all[0].At.Equal(start) {
		t.Errorf("%v %v", all, err)
	}
	if err := os.WriteFile(path, []byte("rubbish\n"+"{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := l.All(); err == nil {
		t.Error("a damaged line in the middle is not noticed")
	}
}

// One export of a person runs at a time, and four in all; a place is given
// back once, however often it is closed.
func TestExportsAreBounded(t *testing.T) {
	each(t, func(b bench) {
		people := make([]policy.Actor, 5)
		for i := range people {
			people[i] = b.citizen
			people[i].Person = id.New()
		}
		var open []*Export
		for _, p := range people[:4] {
			x, err := b.Begin(b.Context(), p, "ru")
			b.must(err)
			open = append(open, x)
		}
		for what, p := range map[string]policy.Actor{"a second of the same person": people[0], "a fifth": people[4]} {
			if _, err := b.Begin(b.Context(), p, "ru"); !errs.Is(err, errs.RateLimited) {
				b.Errorf("%s: %v", what, err)
			}
		}
		open[0].Close()
		x, err := b.Begin(b.Context(), people[0], "ru")
		b.must(err)
		open[0].Close() // again: the place is another's now
		if _, err := b.Begin(b.Context(), people[0], "ru"); !errs.Is(err, errs.RateLimited) {
			b.Errorf("closing twice gave another's place away: %v", err)
		}
		var out bytes.Buffer
		b.must(x.Write(b.Context(), &out))
		if _, err := b.Begin(b.Context(), people[0], "ru"); err != nil {
			b.Errorf("after writing: %v", err)
		}
		if _, err := b.Begin(b.Context(), policy.Nobody("ru"), "ru"); err == nil {
			b.Error("nobody exports")
		}
	})
}

// Names in an archive stay inside the folder that it is unpacked to, and two
// of one name are two entries.
func TestArchiveNames(t *testing.T) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	a := &Archive{ctx: t.Context(), zip: z, names: map[string]bool{}}
	for _, name := range []string{"../../etc/passwd", `..\x\яма.png`, "/abs", "a/./b.txt", "a/b.txt"} {
		if err := a.File(name, strings.NewReader(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.List("empty.json", func(func(any) error) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range r.File {
		got = append(got, f.Name)
	}
	if want := []string{"etc/passwd", "x/яма.png", "abs", "a/b.txt", "a/b-2.txt", "empty.json"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
