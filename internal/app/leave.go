package app

import (
	"context"
	"io"
	"time"

	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/notify"
	"okno/internal/platform/blob"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
	"okno/internal/privacy"
)

// Erase takes out of every module what is stored open of a person, in the
// caller's transaction: of somebody who erases their account, and of whoever a
// restored backup brings back. at is when their files are taken away; the
// bytes follow after [blob.Keep].
func Erase(ctx context.Context, tx *db.Tx, person id.ID, at time.Time) error {
	files, err := casework.FilesToErase(ctx, tx, person)
	if err != nil {
		return err
	}
	casework.Erase(tx, person)
	identity.Erase(tx, person)
	notify.Erase(tx, person)
	directory.Erase(tx, person)
	return blob.Erase(ctx, tx, at, person, files...)
}

// rooms are the modules as privacy needs them.
func (a *App) rooms() privacy.Rooms {
	return privacy.Rooms{
		Export:   []privacy.Room{a.exportAccount, a.exportOffices, a.exportReports, a.exportUploads, a.exportNotices},
		Password: a.Identity.CheckPassword,
		InOffice: func(ctx context.Context, q db.Querier, actor policy.Actor) (bool, error) {
			return a.Directory.InOffice(ctx, q, actor.Person)
		},
		Leaving: func(ctx context.Context, actor policy.Actor) (privacy.Leaving, error) {
			l, err := a.Cases.Leaving(ctx, actor)
			return privacy.Leaving{Withdraw: l.Withdraw, Stay: l.Stay, Joined: l.Joined}, err
		},
		Leave: a.Cases.Leave,
		Erase: func(ctx context.Context, tx *db.Tx, actor policy.Actor) error {
			return Erase(ctx, tx, actor.Person, a.Clock.Now())
		},
		Erased: a.Identity.Forget,
	}
}

func (a *App) exportAccount(ctx context.Context, actor policy.Actor, to *privacy.Archive) error {
	kept, err := a.Identity.Export(ctx, actor)
	if err != nil {
		return err
	}
	return to.JSON("account.json", kept)
}

// keptOffice is an office in an export.
type keptOffice struct {
	Organisation string        `json:"organisation"`
	Name         string        `json:"name"`
	Title        string        `json:"title,omitempty"`
	Roles        []policy.Role `json:"roles"`
}

func (a *App) exportOffices(ctx context.Context, actor policy.Actor, to *privacy.Archive) error {
	list, err := a.Directory.Workplaces(ctx, actor.Person)
	if err != nil {
		return err
	}
	return to.List("offices.json", func(add func(any) error) error {
		for _, w := range list {
			if err := add(keptOffice{w.At.Code, w.At.In(actor.Lang), w.TitleIn(actor.Lang), w.Roles}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *App) exportReports(ctx context.Context, actor policy.Actor, to *privacy.Archive) error {
	return a.Cases.Export(ctx, actor, to, func(ctx context.Context, which id.ID, nameless bool) (string, io.ReadCloser, error) {
		viewer := actor.Person
		if nameless {
			viewer = id.Nil
		}
		c, err := a.Blobs.Open(ctx, which, "", viewer)
		if err != nil {
			return "", nil, err
		}
		return c.Name, c, nil
	})
}

// exportUploads writes what the person has uploaded and sent with nothing.
func (a *App) exportUploads(ctx context.Context, actor policy.Actor, to *privacy.Archive) error {
	list, err := a.Blobs.Unsent(ctx, a.DB, actor.Person)
	if err != nil {
		return err
	}
	for _, o := range list {
		f, err := a.Blobs.Open(ctx, o.ID, "", actor.Person)
		if errs.Is(err, errs.Gone) || errs.Is(err, errs.NotFound) { // infected, or it expired meanwhile
			continue
		}
		if err != nil {
			return err
		}
		err = to.File("uploads/"+f.Name, f)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *App) exportNotices(ctx context.Context, actor policy.Actor, to *privacy.Archive) error {
	return to.List("notices.json", func(add func(any) error) error {
		return a.Notices.Export(ctx, actor, func(n notify.Kept) error { return add(n) })
	})
}
