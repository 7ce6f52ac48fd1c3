package casework

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// guide is a guide to the region of the tests.
type guide struct{ region }

func (w guide) FactNamed(name string) (string, bool) {
	_, ok := w.Fact(name)
	return name, ok
}

func (guide) FactLike(text string) (string, bool) {
	return "light.lamp.dark", strings.Contains(text, "фонарь")
}

func (guide) FactOther() string { return "yard.bench.broken" }

func (w guide) OfficeNamed(name string) (id.ID, bool) { return w.lamps, name == "Горсвет" }

func (guide) AddressNamed(string) (id.ID, bool) { return id.Nil, false }

const imported = `id,text,topic,agency,category
1,Яма во всю полосу,roads.surface.pothole,Неизвестный отдел,Дороги
2,Не горит фонарь,Свет,Горсвет,Свет
3,,Свет,Горсвет,Свет
4,"Скамейка
сломана",Дворы,,
5,"не закрыта,a,b,c
6,Я,Дворы,,
2,Не горит фонарь,Свет,Горсвет,Свет
6,Другие слова,Дворы,,
`

func tableCount(t *testing.T, d *db.DB, from string) int64 {
	t.Helper()
	n, err := db.One(t.Context(), d, db.Int, "SELECT COUNT(*) FROM "+from)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestImportTakesEachRowOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		dir := t.TempDir()
		path := filepath.Join(dir, "reports.csv")
		if err := os.WriteFile(path, []byte(imported), 0o600); err != nil {
			t.Fatal(err)
		}
		run := func() ImportCount {
			t.Helper()
			c, err := w.ImportFile(t.Context(), policy.Machine("operator:test"), path, "ru", ImportOptions{Guide: guide{tests}})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		first := run()
		first.Bytes = 0
		if want := (ImportCount{Rows: 8, Stored: 4, Known: 1, Bad: 3, Suggested: 1, Other: 2, Routed: 3, Topics: 4, Agencies: 1}); first != want {
			t.Errorf("got %+v, want %+v", first, want)
		}
		report, err := os.ReadFile(filepath.Join(dir, "reports.errors.csv"))
		if err != nil {
			t.Fatal(err)
		}
		want := "line,id,reason,explanation\n4,3,text,Нет текста сообщения\n7,,quote,Кавычка не закрыта или стоит не на месте\n" +
			"10,6,taken,Такой номер уже есть у сообщения с другим текстом\n"
		if string(report) != want {
			t.Errorf("errors file:\n%s", report)
		}
		if report, err = os.ReadFile(NotesFile(path)); err != nil {
			t.Fatal(err)
		}
		want = "line,id,reason,explanation\n2,1,agency,\"Такой организации в справочнике нет: отвечающий определён по теме и месту\"\n"
		if got := strings.ReplaceAll(string(report), `"`, ""); !strings.HasPrefix(got, strings.ReplaceAll(want, `"`, "")) || strings.Count(got, ",topic,") != 4 {
			t.Errorf("notes file:\n%s", report)
		}
		second := run()
		if second.Stored != 0 || second.Known != 5 || second.Bad != 3 {
			t.Errorf("the second run: %+v", second)
		}
		if n := tableCount(t, d, "casework_case"); n != 4 {
			t.Errorf("%d cases", n)
		}
		person := ImportPerson("reports")
		if n := tableCount(t, d, "casework_case WHERE channel = 'import' AND applicant_id = '"+person.String()+"'"); n != 4 {
			t.Errorf("%d cases of the import's account", n)
		}
		if n := tableCount(t, d, "casework_entry WHERE body = 'Скамейка\nсломана'"); n != 1 {
			t.Error("a text of two lines did not come whole")
		}
		if n := tableCount(t, d, "casework_case WHERE fact = 'light.lamp.dark' AND chosen = TRUE"); n != 1 {
			t.Error("the known agency was not taken")
		}
		if n := tableCount(t, d, "casework_imported WHERE agency = 'Неизвестный отдел' AND topic = 'roads.surface.pothole'"); n != 1 {
			t.Error("what the file said of topic and agency is lost")
		}
	}, Migrations)
}

func TestImportMapsColumnsDatesAndPoints(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		text := "Номер;Обращение;Дата;Широта;Долгота;Где;lang\n" +
			"а-1;Яма;01.12.2025 14:30;59,5;31.25;;\n" +
			"а-2;Яма;завтра;;;;\n" +
			"а-3;Яма;03.02.2026;;;;\n" +
			"а-4;Яма;;95;31;;\n" +
			"а-5;Яма;;0.000001;31;;\n" +
			"а-6;Яма;;;;у рынка;EN\n" +
			"а-7;Яма;;;;;fr\n"
		var bad []string
		moscow, err := time.LoadLocation("Europe/Moscow")
		if err != nil {
			t.Fatal(err)
		}
		opt := ImportOptions{Source: "s", Guide: guide{tests}, Zone: moscow, Bad: func(b BadRow) error {
			bad = append(bad, fmt.Sprintf("%d %s %s %s", b.Line, b.External, b.Reason, b.Field))
			return nil
		}, Map: map[string]string{"id": "номер", "text": "Обращение", "date": "Дата", "lat": "Широта", "lon": "Долгота", "place": "Где"}}
		c, err := w.ImportReports(t.Context(), policy.Machine("operator:test"), strings.NewReader(text), opt)
		if err != nil {
			t.Fatal(err)
		}
		if c.Stored != 2 || strings.Join(bad, "|") != "3 а-2 date date|4 а-3 future date|5 а-4 point lat|6 а-5 out_of_region place|8 а-7 lang lang" {
			t.Errorf("%+v %q", c, bad)
		}
		at := time.Date(2025, 12, 1, 11, 30, 0, 0, time.UTC).UnixMilli()
		if n := tableCount(t, d, fmt.Sprintf("casework_case WHERE registered_at = %d AND lat = 59500000 AND lon = 31250000", at)); n != 1 {
			t.Error("date and point did not come over")
		}
		if n := tableCount(t, d, "casework_case WHERE place_note = 'у рынка'"); n != 1 {
			t.Error("the words about the place are lost")
		}
	}, Migrations)
}

// Reports that were over before they came are nobody's overdue work.
func TestAnArchiveComesAsAnArchive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		text := "id,text,topic,date,state,place\n" +
			"1,Яма прошлого года,roads.surface.pothole,01.06.2025,,\n" +
			"2,Яма прошлого года и ныне там,roads.surface.pothole,01.06.2025,В работе,\n" +
			"3,Яма на той неделе,roads.surface.pothole,26.01.2026,,Рыбацкая 99\n" +
			"4,Яма вчера и уже нет,roads.surface.pothole,01.02.2026,решено,\n" +
			"5,Яма,roads.surface.pothole,01.02.2026,наверное,\n" +
			"6,Яма без даты,roads.surface.pothole,,,\n"
		var bad, notes []string
		c, err := w.ImportReports(t.Context(), policy.Machine("operator:test"), strings.NewReader(text), ImportOptions{Source: "s", Guide: guide{tests},
			Bad:  func(b BadRow) error { bad = append(bad, b.External+" "+b.Reason); return nil },
			Note: func(n RowNote) error { notes = append(notes, n.External+" "+n.What); return nil }})
		if err != nil {
			t.Fatal(err)
		}
		if c.Stored != 5 || c.Archived != 2 || c.Places != 1 || strings.Join(bad, "|") != "5 state" || strings.Join(notes, "|") != "3 place" {
			t.Errorf("%+v %q %q", c, bad, notes)
		}
		numbers, err := db.All(t.Context(), d, func(s db.Scanner) (p [2]string, err error) { return p, s.Scan(&p[0], &p[1]) },
			`SELECT i.external_id, c.number FROM casework_imported i JOIN casework_case c ON c.id=i.case_id`)
		if err != nil {
			t.Fatal(err)
		}
		of := map[string]Case{}
		for _, n := range numbers {
			of[n[0]] = w.mustLoad(n[1])
		}
		for external, want := range map[string]Stage{"1": StageClosed, "2": StageModeration, "3": StageModeration, "4": StageClosed, "6": StageModeration} {
			got := of[external]
			if got.Stage != want || (got.Outcome == Archived) != (want == StageClosed) {
				t.Errorf("row %s came as %s %s", external, got.Stage, got.Outcome)
			}
			w.replays(got.Number)
			if want == StageClosed && got.public() {
				t.Errorf("row %s: strangers see what no moderator has read", external)
			}
			if err := w.Ring(t.Context(), got.ID); err != nil {
				t.Fatal(err)
			}
		}
		if n := tableCount(t, d, "journal_fact WHERE kind = 'casework.alarm'"); n != 0 {
			t.Errorf("%d alarms for moments before the import", n)
		}
		late, _, err := w.Inbox(t.Context(), w.who["office"], tests.roads, InboxFilter{Deadline: "late"})
		if err != nil || len(late) != 1 || late[0].ID != of["2"].ID {
			t.Errorf("%d cases are late, %v; want the one that its file calls open", len(late), err)
		}
		w.clock.Set(clock.FromMilli(of["3"].ReviewAt).Add(time.Minute))
		if err := w.Ring(t.Context(), of["3"].ID); err != nil {
			t.Fatal(err)
		}
		if n := tableCount(t, d, "journal_fact WHERE kind = 'casework.alarm'"); n != 1 {
			t.Errorf("%d alarms for a term that ended after the import, want 1", n)
		}
	}, Migrations)
}

func TestImportRefuses(t *testing.T) {
	w := newWorld(t, dbtest.OpenSQLite(t, db.Config{}, Migrations))
	for name, text := range map[string]string{"": "import.file_empty", "id,topic\n1,2\n": "import.file_missing", "id,\"text\n": "import.file_quote"} {
		_, err := w.ImportReports(t.Context(), policy.Machine("operator:test"), strings.NewReader(name), ImportOptions{Source: "s", Guide: guide{tests}})
		var e *errs.Error
		if !errors.As(err, &e) || e.Code != errs.Invalid || e.Key != text {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := w.ImportReports(t.Context(), w.who["nina"], strings.NewReader(imported), ImportOptions{Source: "s", Guide: guide{tests}}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a citizen imported: %v", err)
	}
}

// cutting ends the context after some bytes, as a kill would.
type cutting struct {
	r    *strings.Reader
	left int
	stop context.CancelFunc
}

func (c *cutting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p[:min(len(p), 512)])
	if c.left -= n; c.left < 0 {
		c.stop()
	}
	return n, err
}

func TestImportGoesOnAfterABreak(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var b strings.Builder
		b.WriteString("id,text\n")
		const rows = 4000
		for i := range rows {
			fmt.Fprintf(&b, "%d,\"%s %d\"\n", i, strings.Repeat("Не горит фонарь. ", 12), i)
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		opt := ImportOptions{Source: "s", Guide: guide{tests}}
		_, err := w.ImportReports(ctx, policy.Machine("operator:test"), &cutting{strings.NewReader(b.String()), b.Len() * 2 / 3, stop}, opt)
		if err == nil {
			t.Fatal("the import was not broken off")
		}
		began := time.Now()
		before := tableCount(t, d, "casework_case")
		if before == 0 || before == rows {
			t.Fatalf("%d cases after the break", before)
		}
		c, err := w.ImportReports(t.Context(), policy.Machine("operator:test"), strings.NewReader(b.String()), opt)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.0f rows a second", d.Engine(), float64(c.Stored)/time.Since(began).Seconds())
		if c.Known != before || c.Stored != rows-before || tableCount(t, d, "casework_case") != rows || tableCount(t, d, "casework_imported") != rows {
			t.Errorf("%d before; %+v", before, c)
		}
	}, Migrations)
}

// rubric answers with the real rubricator, in the region of the tests.
type rubric struct {
	guide
	r *taxonomy.Rubricator
}

func (r rubric) Fact(code string) (FactInfo, bool) {
	f, ok := r.r.Fact(code)
	if !ok {
		return FactInfo{}, false
	}
	return FactInfo{Code: f.Code, Category: f.CategoryCode(), Name: f.Name, Term: f.Term, Required: append(f.Required, "place")}, true
}

func (r rubric) FactNamed(string) (string, bool) { return "", false }
func (rubric) FactOther() string                 { return "other.unsorted.problem" }

func (r rubric) FactLike(text string) (string, bool) {
	if s := r.r.Suggest(text, 1); len(s) > 0 {
		return s[0].Fact.Code, true
	}
	return "", false
}

// Texts of the collection are never printed.
func TestRealReportsComeWhole(t *testing.T) {
	dir := os.Getenv("OKNO_REAL_DATA")
	if dir == "" {
		t.Skip("OKNO_REAL_DATA is not set: no real reports to import")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := rubric{guide{tests}, taxonomy.Default()}
		w := newWorld(t, d)
		w.facts = r
		run := func() ImportCount {
			t.Helper()
			f, err := os.Open(filepath.Join(dir, "reports", "kursk_train.csv"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			began := time.Now()
			c, err := w.ImportReports(t.Context(), policy.Machine("operator:test"), f, ImportOptions{Source: "real", Guide: r})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: %+v, %.0f rows a second", d.Engine(), c, float64(c.Rows)/time.Since(began).Seconds())
			return c
		}
		first := run()
		if first.Rows != 2000 || first.Stored+first.Bad != 2000 || first.Known != 0 {
			t.Errorf("not every row is accounted for: %+v", first)
		}
		if n := tableCount(t, d, "casework_case"); n != first.Stored {
			t.Errorf("%d cases of %d rows stored", n, first.Stored)
		}
		if again := run(); again.Stored != 0 || again.Known != first.Stored {
			t.Errorf("the second run: %+v", again)
		}
	}, Migrations)
}
