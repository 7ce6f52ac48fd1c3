package app

import (
	"html"
	"net"
	"net/url"
	"strings"
	"testing"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/jobs"
)

// A region administrator learns in the workspace that attachments are not
// scanned, and of everything else that needs attention; nobody else does.
func TestAdministratorsSeeWhatNeedsAttention(t *testing.T) {
	w := newStreet(t)
	page := func(who, path string) (int, string) {
		out := w.send(w.by[who], "GET", path, nil, "")
		return out.Code, html.UnescapeString(out.Body.String())
	}
	T := func(key string) string { return i18n.T("ru", "app.status."+key) }
	want := func(body string, keys ...string) {
		t.Helper()
		for _, k := range keys {
			if !strings.Contains(body, T(k)) {
				t.Errorf("no %q", T(k))
			}
		}
	}
	code, body := page("region_admin", "/w/admins/status")
	if code != 200 {
		t.Fatal(code)
	}
	want(body, "not_scanned", "not_scanned_text", "no_limits", "scanning_off", "files_folder")
	if strings.Contains(body, T("fine")) || strings.Contains(body, T("paused")) {
		t.Error("says more than is so")
	}
	if code, body := page("region_admin", "/w/admins"); code != 200 || !strings.Contains(body, `href="/w/admins/status"`) {
		t.Errorf("no way from the workspace: %d", code)
	}
	if code, _ := page("roads_org_admin", "/w/roads/status"); code != 403 {
		t.Errorf("an organisation's administrator gets %d", code)
	}
	if _, body := page("roads_org_admin", "/w/roads"); strings.Contains(body, "/w/roads/status") {
		t.Error("an organisation's administrator is led there")
	}

	job := w.DB.NewID()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	w.Config.NoLimits, w.Config.Clamd = false, free.Addr().String()
	w.must(free.Close()) // nobody listens there now
	w.must(db.Do(t.Context(), w.DB, db.People, func(tx *db.Tx) error {
		jobs.Pause(tx, "restore", w.Clock.Now())
		tx.Queue(`INSERT INTO jobs_dead (id, kind, lane, made, attempts, last_error, died) VALUES ($1, 'blob.process', 1, $2, 20, 'internal: /secret/path', $2)`,
			job, clock.Milli(w.Clock.Now()))
		return nil
	}))
	_, body = page("region_admin", "/w/admins/status")
	want(body, "scanner_away", "paused", "dead", "dead_jobs_text", "scanning_on")
	if strings.Contains(body, "/secret/path") || strings.Contains(body, T("not_scanned")) {
		t.Error("shows what it shouldn't")
	}

	again := url.PathEscape(job.String())
	w.holds("the list of dead jobs", w.get("region_admin", "/w/admins/status"), 200, "blob.process", i18n.Title("ru", errs.Internal), `action="/w/admins/status/jobs/`+again+`"`, T("revive"))
	if got := w.post("roads_org_admin", "/w/roads/status/jobs/"+again, nil); got.Code != 403 {
		t.Errorf("an organisation's administrator lets a job run again: %d", got.Code)
	}
	done := w.post("region_admin", "/w/admins/status/jobs/"+again, nil)
	w.holds("letting it run again", done, 303)
	w.holds("the page after it", w.after("region_admin", done), 200, "снова в очереди: blob.process", T("waiting"))
	if w.count(`SELECT COUNT(*) FROM jobs_job WHERE id=$1 AND attempts=0`, job) != 1 || w.count(`SELECT COUNT(*) FROM jobs_dead`) != 0 {
		t.Error("the job is not in the queue again")
	}
	if w.count(`SELECT COUNT(*) FROM journal_fact WHERE kind='jobs.revived' AND subject=$1 AND person=$2 AND role='region_admin'`, job, w.by["region_admin"].person) != 1 {
		t.Error("nobody knows who did it")
	}
	if got := w.post("region_admin", "/w/admins/status/jobs/"+again, nil); got.Code != 404 {
		t.Errorf("once more: %d", got.Code)
	}

	answers := newPinged(t)
	w.Config.Clamd, w.Config.SMTP, w.Config.SMPP = answers, "smtps://mail.example", "smpp://okno@sms.example"
	w.must(db.Do(t.Context(), w.DB, db.People, func(tx *db.Tx) error {
		jobs.Resume(tx)
		tx.Queue("DELETE FROM jobs_dead")
		return nil
	}))
	if _, body = page("region_admin", "/w/admins/status"); !strings.Contains(body, T("fine")) {
		t.Error("nothing is wrong, and it isn't said")
	}
}

// newPinged is a clamd that is asked whether it lives.
func newPinged(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			conn.Write([]byte("PONG\x00")) //nolint:errcheck // the test sees the missing answer
			conn.Close()
		}
	}()
	return ln.Addr().String()
}
