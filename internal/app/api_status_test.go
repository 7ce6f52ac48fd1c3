package app

import (
	"testing"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/jobs"
	"okno/internal/platform/web/api/apitest"
	"okno/internal/policy"
)

// An administrator of the region learns by a program what the page tells, and
// lets a dead job run again; nobody else does.
func TestAPIOfTheInstallation(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { installationCalls(t, "") })
	t.Run("postgres", func(t *testing.T) { installationCalls(t, dbtest.PostgresURL(t, Migrations()...)) })
}

func installationCalls(t *testing.T, database string) {
	w := newTown(t, database)
	w.hire("head", policy.OrgAdmin)
	w.hire("region", policy.RegionAdmin)
	engine := w.App.DB.Engine().String()
	job := w.App.DB.NewID()
	w.Vars["JOB"], w.Vars["NONE"] = job.String(), w.App.DB.NewID().String()
	if err := db.Do(t.Context(), w.App.DB, db.People, func(tx *db.Tx) error {
		jobs.Pause(tx, "restore", w.Clock.Now())
		tx.Queue(`INSERT INTO jobs_dead (id, kind, lane, made, attempts, last_error, died) VALUES ($1, 'blob.process', 1, $2, 20, 'internal: /secret/path', $2)`,
			job, clock.Milli(w.Clock.Now()))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	w.Rig.Run(
		apitest.Call{Do: "GET /installation", Want: 401},
		apitest.Call{Who: "nina", Do: "GET /installation", Want: 403},
		apitest.Call{Who: "head", Do: "GET /installation", Want: 403},
		apitest.Call{Who: "region", Do: "GET /installation", Want: 200, No: "/secret/path",
			Has: "database=" + engine + " files=folder scanning=off paused=true concerns.0=not_scanned dead.#=1 dead.0.id={JOB} dead.0.kind=blob.process dead.0.failure=internal dead.0.attempts=20"},
		apitest.Call{Who: "head", Do: "POST /installation/dead-jobs/{JOB}/rerun", Want: 403, Rows: "jobs_dead=1"},
		apitest.Call{Who: "region", Do: "POST /installation/dead-jobs/{NONE}/rerun", Want: 404, Rows: "jobs_dead=1"},
		apitest.Call{Who: "region", Do: "POST /installation/dead-jobs/everything/rerun", Want: 404, Rows: "jobs_dead=1"},
		apitest.Call{Who: "region", Do: "POST /installation/dead-jobs/{JOB}/rerun", Want: 204, Rows: "jobs_dead=0"},
		apitest.Call{Who: "region", Do: "POST /installation/dead-jobs/{JOB}/rerun", Want: 404, Rows: "jobs_dead=0"},
		apitest.Call{Who: "region", Do: "GET /installation", Want: 200, Has: "dead.#=0"},
	)
	n, err := db.One(t.Context(), w.App.DB, db.Int, `SELECT COUNT(*) FROM journal_fact WHERE kind = 'jobs.revived' AND subject = $1`, job)
	if err != nil || n != 1 {
		t.Errorf("%d facts of it, %v", n, err)
	}
}
