package app

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"okno/internal/casework"
	"okno/internal/platform/blob"
	"okno/internal/platform/config"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// statusView is what a region administrator is told of the installation.
type statusView struct {
	ui.Page
	Work    ui.Workspace
	Notices []ui.NoticeProps
	Facts   []ui.Fact
	Waiting []jobs.Count
	Dead    []jobs.DeadJob
	Zone    *time.Location
	Self    string // the page's own path
}

// moreFolders leads administrators to what they look after beside one office:
// organisations, settings, who read what, the installation. A number beside the
// last counts what needs attention.
func (a *App) moreFolders(ctx context.Context, r *web.Request, actor policy.Actor, base, current string) ui.FolderGroup {
	out := ui.FolderGroup{Title: r.T("app.status.group")}
	add := func(action policy.Action, o policy.Object, text, path string) *ui.Folder {
		if !policy.May(actor, action, o) {
			return &ui.Folder{}
		}
		out.Folders = append(out.Folders, ui.Folder{Text: text, Href: base + "/" + path, Current: current == path, CountText: " "})
		return &out.Folders[len(out.Folders)-1]
	}
	add(policy.DirectoryOrganisation, policy.Object{}, r.T("directory.organisations"), "organisations")
	add(policy.DirectorySettings, policy.Object{}, r.T("directory.settings"), "settings")
	add(policy.PrivacyAudit, policy.Object{Organisation: actor.Organisation}, r.T("privacy.audit"), "reads")
	status := add(policy.JobsManage, policy.Object{}, r.T("app.status.title"), statusFolder)
	if n := len(a.Config.Concerns()); n > 0 {
		status.Count, status.CountText, status.Alarm = n, "", true
	}
	return out
}

const statusFolder = "status"

// statusPage tells region administrators what whoever runs the program reads
// in its log and its metrics.
func (a *App) statusPage(pages *casework.Web) func(context.Context, *web.Request, policy.Actor) (web.Response, error) {
	return func(ctx context.Context, r *web.Request, actor policy.Actor) (web.Response, error) {
		if _, err := policy.Check(actor, policy.JobsManage, policy.Object{}); err != nil {
			return nil, err
		}
		p, work, err := pages.WorkspaceFrame(ctx, r, actor, r.T("app.status.title"), statusFolder)
		if err != nil {
			return nil, err
		}
		v := &statusView{Page: p, Work: work, Zone: r.Zone, Self: "/w/" + r.PathValue("org") + "/" + statusFolder}
		if v.Waiting, err = a.Jobs.Waiting(ctx); err != nil {
			return nil, err
		}
		if v.Dead, err = jobs.Dead(ctx, a.DB); err != nil {
			return nil, err
		}
		paused, err := jobs.Paused(ctx, a.DB)
		if err != nil {
			return nil, err
		}
		v.Notices = a.notices(ctx, r, paused, len(v.Dead))
		v.Facts = a.facts(r)
		return web.Page(statusTempl(v)), nil
	}
}

// reviveJob lets a job that was given up run again.
func (a *App) reviveJob(ctx context.Context, r *web.Request, actor policy.Actor) (web.Response, error) {
	if _, err := policy.Check(actor, policy.JobsManage, policy.Object{}); err != nil {
		return nil, err
	}
	which, err := id.Parse(r.PathValue("id"))
	if err != nil {
		return nil, errs.New(errs.NotFound, "")
	}
	job, err := a.rerun(ctx, actor, which, r.Now)
	if err != nil {
		return nil, err
	}
	return web.Redirect("/w/"+r.PathValue("org")+"/"+statusFolder).Message("success", "app.status.revived", i18n.Args{"Kind": job.Kind}), nil
}

// rerun lets a dead job run again and records who did.
func (a *App) rerun(ctx context.Context, actor policy.Actor, which id.ID, now time.Time) (jobs.DeadJob, error) {
	job, err := jobs.FindDead(ctx, a.DB, which)
	if err != nil {
		return job, err
	}
	fact := db.Fact{Kind: jobs.FactRevived, Subject: job.ID, Person: actor.Person, Organisation: actor.Organisation, Role: string(policy.RegionAdmin),
		At: now, Body: jobs.Revived{Kind: job.Kind, Attempts: job.Attempts}}
	return job, db.Do(ctx, a.DB, db.People, func(tx *db.Tx) error {
		jobs.Revive(tx, job.ID, now)
		tx.Fact(fact)
		return nil
	})
}

// notices are what needs somebody's attention, or that nothing does.
func (a *App) notices(ctx context.Context, r *web.Request, paused bool, dead int) (out []ui.NoticeProps) {
	warn := func(tone ui.Tone, title, text string) {
		out = append(out, ui.NoticeProps{Tone: tone, Title: title, Text: text, Level: 3})
	}
	for _, c := range a.Config.Concerns() {
		switch c {
		case config.NotScanned:
			warn(ui.Warn, r.T("app.status.not_scanned"), r.T("app.status.not_scanned_text"))
		case config.NoLimits:
			warn(ui.Warn, r.T("app.status.no_limits"), r.T("app.status.no_limits_text"))
		case config.MetricsInView:
			warn(ui.Warn, r.T("app.status.metrics_public"), r.T("app.status.metrics_public_text"))
		case config.NoMail:
			warn(ui.Warn, r.T("app.status.no_mail"), r.T("app.status.no_mail_text"))
		case config.NoSMS:
			warn(ui.Warn, r.T("app.status.no_sms"), r.T("app.status.no_sms_text"))
		}
	}
	if err := a.scannerAnswers(ctx); err != nil {
		a.Log.WarnContext(ctx, "app: scanner of attachments", "error", err)
		warn(ui.Bad, r.T("app.status.scanner_away"), r.T("app.status.scanner_away_text"))
	}
	if n, err := a.Outbox.Unsent(ctx, a.Clock.Now().Add(-24*time.Hour)); err != nil {
		a.Log.WarnContext(ctx, "app: messages not counted", "error", err)
	} else if n > 0 {
		warn(ui.Bad, r.T("app.status.unsent", i18n.Args{"Count": i18n.Number(r.Lang, n)}), r.T("app.status.unsent_text"))
	}
	if paused {
		warn(ui.Warn, r.T("app.status.paused"), r.T("app.status.paused_text"))
	}
	if dead > 0 {
		warn(ui.Bad, r.T("app.status.dead_jobs", i18n.Args{"Count": i18n.Number(r.Lang, int64(dead))}), r.T("app.status.dead_jobs_text"))
	}
	if len(out) == 0 {
		warn(ui.OK, r.T("app.status.fine"), "")
	}
	return out
}

// scannerAnswers asks the scanner, where one is set.
func (a *App) scannerAnswers(ctx context.Context) error {
	s, err := a.scanner()
	if err != nil || s == nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if clamd, ok := s.(*blob.Clamd); ok {
		return clamd.Ping(ctx)
	}
	return nil
}

func (a *App) facts(r *web.Request) []ui.Fact {
	engine := map[db.Engine]string{db.SQLite: "SQLite", db.Postgres: "PostgreSQL"}[a.DB.Engine()]
	files, scanning := r.T("app.status.files_folder"), r.T("app.status.scanning_off")
	if a.Config.S3Endpoint != "" {
		files = r.T("app.status.files_s3")
	}
	if a.Config.Clamd != "" {
		scanning = r.T("app.status.scanning_on")
	}
	return []ui.Fact{{What: r.T("app.status.database"), Value: engine}, {What: r.T("app.status.files"), Value: files}, {What: r.T("app.status.scanning"), Value: scanning}}
}

// waitingRows are kinds of jobs, how many of each wait, and since when.
func (v *statusView) waitingRows() []ui.TableRow {
	out := make([]ui.TableRow, len(v.Waiting))
	for i, c := range v.Waiting {
		out[i] = ui.TableRow{Cells: []templ.Component{ui.Text(c.Kind), ui.Text(i18n.Number(v.Lang, c.Jobs)), ui.Text(i18n.DateTime(v.Lang, c.Oldest, v.Zone))}}
	}
	return out
}

// deadRows tell the kind of each failure alone: the program's own text may hold
// what nobody but its operator should read.
func (v *statusView) deadRows() []ui.TableRow {
	out := make([]ui.TableRow, len(v.Dead))
	for i, j := range v.Dead {
		out[i] = ui.TableRow{Cells: []templ.Component{ui.Text(j.Kind), ui.Text(i18n.Title(v.Lang, j.Code())), ui.Text(i18n.Number(v.Lang, j.Attempts)),
			ui.Text(i18n.DateTime(v.Lang, j.Died, v.Zone)), reviveCell(v.Self, j)}}
	}
	return out
}
