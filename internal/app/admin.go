package app

import (
	"context"
	"fmt"
	"io"
	"strings"

	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
	"okno/internal/policy"
)

// PasswordLink is the path of a one-time link; its token follows.
const PasswordLink = identity.PathPasswordLink

// CreateAdmin makes the administrator of the region: an account, the operator's
// organisation where there is none yet, and the office in it. It returns the
// token of a link that sets the password once.
func (a *App) CreateAdmin(ctx context.Context, actor policy.Actor, login, name string) (token string, err error) {
	person, token, err := a.Identity.Invite(ctx, actor, login, name)
	if err != nil {
		return "", err
	}
	t, err := a.Directory.Tree(ctx)
	if err != nil {
		return "", err
	}
	var top directory.Organisation
	t.Walk(id.Nil, func(o directory.Organisation, depth int) bool {
		if top.ID == id.Nil {
			top = o
		}
		return false
	})
	if top.ID == id.Nil {
		top, err = a.Directory.AddOrganisation(ctx, actor, directory.Organisation{Code: "operator", Kind: directory.Kinds()[0], Name: "Оператор платформы", NameEN: "Operator of the platform", Active: true})
		if err != nil {
			return "", err
		}
	}
	err = a.Directory.AddOfficer(ctx, actor, top.ID, person, directory.Office{Roles: []policy.Role{policy.RegionAdmin, policy.OrgAdmin}, Title: "администратор"})
	if err != nil && !errs.Is(err, errs.Conflict) { // an officer there already: the link is what was asked for
		return "", err
	}
	return token, nil
}

// ResumeOutbound shows what outbound work waits and, when sure, lets it go. It
// tells on out what it did, or that nothing is paused.
func (a *App) ResumeOutbound(ctx context.Context, out io.Writer, sure bool) error {
	paused, err := jobs.Paused(ctx, a.DB)
	if err != nil {
		return err
	}
	if !paused {
		_, err := fmt.Fprintln(out, "nothing is paused: outbound work runs")
		return err
	}
	waiting, err := a.Jobs.Waiting(ctx)
	if err != nil {
		return err
	}
	var n int64
	for _, c := range waiting {
		if c.Outbound {
			n += c.Jobs
			if _, err := fmt.Fprintf(out, "%s: %d\n", c.Kind, c.Jobs); err != nil {
				return err
			}
		}
	}
	if !sure {
		_, err := fmt.Fprintf(out, "outbound work is paused; waiting: %d; run again with --yes to let it go\n", n)
		return err
	}
	if err := db.Do(ctx, a.DB, db.People, func(tx *db.Tx) error { jobs.Resume(tx); return nil }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "outbound work runs again; waiting: %d\n", n)
	return err
}

// EraseOnPaper erases the person of a login who asked for it on paper. sure is
// asked with their name before anything is done (nil: it is sure); done tells
// whether it was. Errors: not_found; Invalid without a reason; Conflict for an
// officer.
func (a *App) EraseOnPaper(ctx context.Context, operator policy.Actor, login, reason string, sure func(name string) bool) (done bool, err error) {
	if _, err := policy.Check(operator, policy.PrivacyErase, policy.Object{}); err != nil {
		return false, err
	}
	if strings.TrimSpace(reason) == "" {
		return false, errs.InvalidFields(errs.Field{Name: "reason", Rule: "required"})
	}
	person, err := a.Identity.FindByLogin(ctx, operator, login)
	if err != nil {
		return false, err
	}
	if sure != nil {
		names, err := a.Identity.Names(ctx, []id.ID{person})
		if err != nil || !sure(names[person]) {
			return false, err
		}
	}
	return true, a.Privacy.EraseFor(ctx, operator, person, reason)
}
