package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okno/internal/casework"
	"okno/internal/places"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// smallDisk mounts a disk of its own in memory; only root can.
func smallDisk(t *testing.T, megabytes int) string {
	t.Helper()
	dir := t.TempDir()
	out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm,mode=700", megabytes), "tmpfs", dir).CombinedOutput()
	if err != nil {
		t.Skipf("no disk of a chosen size can be mounted here (it needs root on Linux): %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.CommandContext(context.WithoutCancel(t.Context()), "umount", "--lazy", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	return dir
}

// fill leaves not a byte on the disk of dir; the file takes the room until it is removed.
func fill(t *testing.T, dir string) (ballast string) {
	t.Helper()
	ballast = filepath.Join(dir, "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1 << 20, 4 << 10} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return ballast
}

// ready asks /readyz until it says what is wanted: an answer holds for some seconds.
func (w *street) ready(status int, want map[string]string) {
	w.t.Helper()
	var out *httptest.ResponseRecorder
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		out = httptest.NewRecorder()
		w.Web.ServeHTTP(out, httptest.NewRequest("GET", "/readyz", http.NoBody))
		var said struct{ Checks map[string]string }
		w.must(json.Unmarshal(out.Body.Bytes(), &said))
		if out.Code == status && maps.Equal(said.Checks, want) {
			return
		}
	}
	w.t.Errorf("%d %s instead of %d %v", out.Code, out.Body, status, want)
}

// TestAFullDisk fills the disk of an installation. /readyz says so and names the
// parts that can't work; people read on; who sends a report gets the form back
// with every word, and the same form goes through when there is room again.
func TestAFullDisk(t *testing.T) {
	for engine, c := range map[string]struct {
		database func() string
		failed   map[string]string
	}{
		"sqlite":   {func() string { return "" }, map[string]string{"database": "failed", "attachments": "failed", "data_folder": "failed"}},
		"postgres": {func() string { return dbtest.PostgresURL(t, Migrations()...) }, map[string]string{"database": "ok", "attachments": "failed", "data_folder": "failed"}},
	} {
		t.Run(engine, func(t *testing.T) {
			dir := smallDisk(t, 64)
			w := newStreetIn(t, dir, c.database())
			fine := map[string]string{"database": "ok", "attachments": "ok", "data_folder": "ok"}
			w.ready(200, fine)
			ballast := fill(t, dir)
			if engine == "sqlite" {
				w.fillLog()
			}
			w.ready(503, c.failed)
			if free, err := w.diskFree(t.Context()); err != nil || free[partData] >= leastFree || free[partAttachments] >= leastFree {
				t.Errorf("the metrics say %v free, %v", free, err)
			}
			if engine == "sqlite" {
				w.unsaved()
			}
			w.must(os.Remove(ballast))
			w.ready(200, fine)
			if engine == "sqlite" {
				w.saved()
			}
		})
	}
}

// fillLog uses up what SQLite's files have room for inside.
func (w *street) fillLog() {
	w.t.Helper()
	for _, size := range []int{64 << 10, 1} {
		var err error
		for n := 0; err == nil; n++ {
			if n == 2000 {
				w.t.Fatal("the disk isn't full")
			}
			err = db.Do(w.t.Context(), w.DB, db.People, func(tx *db.Tx) error {
				tx.Queue("INSERT INTO jobs_pause (what, reason, since) VALUES ($1, $2, 0)", w.DB.NewID().String(), strings.Repeat("x", size))
				return nil
			})
		}
		if !errs.Is(err, errs.Unavailable) {
			w.t.Fatal(err)
		}
	}
}

// reportForm is a whole report as the page sends it.
func (w *street) reportForm() url.Values {
	w.t.Helper()
	spot, ok := atlas{w.App}.Spot(places.IDOf("adr.01"))
	if !ok {
		w.t.Fatal("no such house")
	}
	return url.Values{"step": {"send"}, "key": {id.ID{15: 9}.String()}, "fact": {"lighting.lamps.out"}, "text": {"Третий вечер не горит фонарь у второго подъезда."},
		"place_id": {places.IDOf("adr.01").String()}, "place": {spot.Text}, "note": {"у качелей"}, "hidden": {"yes"}}
}

func (w *street) unsaved() {
	w.t.Helper()
	before := w.count(`SELECT COUNT(*) FROM casework_case`)
	sent := w.post("nina", "/report/new", w.reportForm())
	w.holds("a report on a full disk", sent, 503, "Отправить не получилось", "Сейчас мы не можем ничего сохранить", "Третий вечер не горит фонарь", "у качелей",
		w.reportForm().Get("key"), w.reportForm().Get("place_id"))
	n := w.cases[1].number
	w.holds("reading on a full disk", w.get("nina", "/reports/"+n), 200, "яма у остановки")
	added := w.post("nina", "/reports/"+n+"/add", url.Values{"version": {w.version("nina", n)}, "comment": {"Яма стала шире."}})
	w.holds("an addition on a full disk", added, 503, "Сейчас мы не можем ничего сохранить", "Яма стала шире.")
	noted := w.post("roads_coordinator", "/w/roads/cases/"+n+"/note", url.Values{"version": {w.version("nina", n)}, "comment": {"Мастер выедет к вечеру."}})
	w.holds("an officer's words on a full disk", noted, 503, "Мастер выедет к вечеру.</textarea>", `action="/w/roads/cases/`+n+`/note"`)
	head := w.post("roads_org_admin", "/w/roads/officers", url.Values{"login": {"nina"}, "title": {"мастер участка"}, "roles": {"handler"}})
	w.holds("an administrator's words on a full disk", head, 503, "мастер участка")
	if got := w.count(`SELECT COUNT(*) FROM casework_case`); got != before {
		w.t.Errorf("%d reports, %d before", got, before)
	}
	_, err := w.Cases.Act(w.t.Context(), w.by["roads_coordinator"].acting, n, casework.Assign, casework.Input{Handler: w.by["roads_handler"].person})
	if err == nil || errors.Is(err, context.DeadlineExceeded) {
		w.t.Errorf("an officer's act on a full disk: %v", err)
	}
}

func (w *street) saved() {
	w.t.Helper()
	before := w.count(`SELECT COUNT(*) FROM casework_case`)
	first := w.post("nina", "/report/new", w.reportForm())
	w.holds("the same form with room again", first, 303)
	again := w.post("nina", "/report/new", w.reportForm())
	if got := w.count(`SELECT COUNT(*) FROM casework_case`); got != before+1 || first.Header().Get("Location") != again.Header().Get("Location") {
		w.t.Errorf("sent twice: %d reports more, %q and %q", got-before, first.Header().Get("Location"), again.Header().Get("Location"))
	}
	n := w.cases[1].number
	w.holds("the addition", w.post("nina", "/reports/"+n+"/add", url.Values{"version": {w.version("nina", n)}, "comment": {"Яма стала шире."}}), 303)
}
