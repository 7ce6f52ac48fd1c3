package app

import (
	"context"
	"net/http"
	"time"

	"okno/internal/platform/config"
	"okno/internal/platform/errs"
	"okno/internal/platform/jobs"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

const tagInstallation = "Installation"

// statusAPI registers how the installation is, for administrators of the region.
func (a *App) statusAPI(x *api.API) {
	api.Register(x, api.Operation{ID: "get-installation", Method: http.MethodGet, Path: "/installation", Tag: tagInstallation,
		Summary:     "How the installation is, and what needs attention",
		Description: "For administrators of the region; a token that reads only is refused. What a program watches by itself is at /readyz and among the metrics."}, policy.JobsManage, a.installationCall)
	api.Register(x, api.Operation{ID: "rerun-job", Method: http.MethodPost, Path: "/installation/dead-jobs/{id}/rerun", Tag: tagInstallation, Repeatable: true, Status: http.StatusNoContent,
		Summary: "Let a job that was given up run again", Description: "Done twice, the second finds no dead job (404)."}, policy.JobsManage, a.rerunCall)
}

// installation is what an administrator of the region is told.
type installation struct {
	Database   string           `json:"database" enum:"sqlite,postgres" doc:"Where data is kept"`
	Files      string           `json:"files" enum:"folder,s3" doc:"Where attachments are kept"`
	Scanning   string           `json:"scanning" enum:"off,on,away" doc:"Attachments are scanned for malware: no, yes, or the scanner doesn't answer"`
	Paused     bool             `json:"paused" doc:"Nothing is sent to the outside, as after a restored backup"`
	Concerns   []config.Concern `json:"concerns" enum:"not_scanned,no_limits,metrics_public,no_mail,no_sms" doc:"What of the configuration works and should be known"`
	Waiting    []waitingJobs    `json:"waiting" doc:"Jobs that wait, by kind"`
	Dead       []deadJob        `json:"dead" doc:"The newest 200 jobs that were given up"`
	ObservedAt time.Time        `json:"observed_at" doc:"The moment of all this"`
}

type waitingJobs struct {
	Kind  string    `json:"kind" doc:"Kind of job" example:"blob.process"`
	Jobs  int64     `json:"jobs" doc:"How many wait"`
	Since time.Time `json:"since" doc:"When the oldest was due"`
}

// deadJob tells the kind of failure alone: the program's own text may hold what
// nobody but its operator should read.
type deadJob struct {
	ID       string    `json:"id" doc:"Id, to let it run again"`
	Kind     string    `json:"kind" doc:"Kind of job" example:"blob.process"`
	Failure  errs.Code `json:"failure" doc:"Kind of the last failure" example:"internal"`
	Attempts int64     `json:"attempts" doc:"How often it was tried"`
	DiedAt   time.Time `json:"died_at" doc:"When it was given up"`
}

func (a *App) installationCall(ctx context.Context, c api.Call, _ *struct{}) (*struct{ Body installation }, error) {
	if err := policy.Allow(c.Actor, policy.JobsManage); err != nil {
		return nil, err
	}
	out := installation{Database: a.DB.Engine().String(), Files: "folder", Scanning: "off", Concerns: a.Config.Concerns(),
		Waiting: []waitingJobs{}, Dead: []deadJob{}, ObservedAt: c.Request.Now.UTC()}
	if out.Concerns == nil {
		out.Concerns = []config.Concern{}
	}
	if a.Config.S3Endpoint != "" {
		out.Files = "s3"
	}
	if a.Config.Clamd != "" {
		out.Scanning = "on"
		if err := a.scannerAnswers(ctx); err != nil {
			a.Log.WarnContext(ctx, "app: scanner of attachments", "error", err)
			out.Scanning = "away"
		}
	}
	var err error
	if out.Paused, err = jobs.Paused(ctx, a.DB); err != nil {
		return nil, err
	}
	waiting, err := a.Jobs.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range waiting {
		out.Waiting = append(out.Waiting, waitingJobs{k.Kind, k.Jobs, k.Oldest.UTC()})
	}
	dead, err := jobs.Dead(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	for _, j := range dead {
		out.Dead = append(out.Dead, deadJob{j.ID.String(), j.Kind, j.Code(), j.Attempts, j.Died.UTC()})
	}
	return &struct{ Body installation }{out}, nil
}

func (a *App) rerunCall(ctx context.Context, c api.Call, in *struct {
	ID api.ID `path:"id" doc:"Id of the dead job"`
}) (*struct{}, error) {
	if err := policy.Allow(c.Actor, policy.JobsManage); err != nil {
		return nil, err
	}
	which, err := in.ID.Parse()
	if err != nil {
		return nil, err
	}
	_, err = a.rerun(ctx, c.Actor, which, c.Request.Now)
	return &struct{}{}, err
}
