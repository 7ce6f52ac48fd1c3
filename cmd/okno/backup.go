package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"okno/internal/app"
	"okno/internal/platform/backup"
	"okno/internal/platform/config"
	"okno/internal/platform/db"
	"okno/internal/platform/obs"
	"okno/internal/platform/vault"
	"okno/internal/privacy"
)

// backupCmd writes and checks backups.
type backupCmd struct {
	Write  backupWriteCmd  `cmd:"" default:"withargs" help:"Write a backup of a serving installation."`
	Keys   backupKeysCmd   `cmd:"" help:"Copy the key file and the erasure list, to be kept apart from backups."`
	Verify backupVerifyCmd `cmd:"" help:"Check that a backup is whole."`
}

type backupWriteCmd struct {
	config.Config
	File         string `arg:"" help:"File to write; it must not exist."`
	AllowMissing bool   `help:"Go on where attachments are missing that should be there."`
}

// Run writes a backup.
func (c *backupWriteCmd) Run(ctx context.Context) error {
	return withApp(ctx, c.Config, false, func(a *app.App) error {
		m, err := backup.Write(ctx, a.DB, a.Blobs.Storage(), c.File, backup.Options{Program: version(),
			Erasures: privacy.NewErasureList(a.Config.Path("erased.list")), AllowMissing: c.AllowMissing, Progress: staged()})
		if err != nil {
			return told(err)
		}
		fmt.Printf("%s: %d tables\n", c.File, len(m.Tables))
		return nil
	})
}

type backupKeysCmd struct {
	config.Config
	Folder string `arg:"" help:"Folder to copy into."`
}

// Run copies what a restore needs and a backup doesn't hold.
func (c *backupKeysCmd) Run() error {
	if err := c.Complete(); err != nil {
		return err
	}
	return told(backup.Keys(c.KeyFile, c.Path("erased.list"), c.Folder))
}

type backupVerifyCmd struct {
	File string `arg:"" type:"existingfile" help:"Backup to check."`
}

// Run compares the backup with its own manifest.
func (c *backupVerifyCmd) Run(ctx context.Context) error {
	m, err := backup.Verify(ctx, c.File, staged())
	if err != nil {
		return told(err)
	}
	fmt.Printf("whole: %d tables\n", len(m.Tables))
	return nil
}

type restoreCmd struct {
	config.Config
	File string `arg:"" type:"existingfile" help:"Backup to restore."`
}

// Run restores into an empty target. Outbound work stands still afterwards
// until "okno admin resume".
func (c *restoreCmd) Run(ctx context.Context) (err error) {
	if err := c.Complete(); err != nil {
		return err
	}
	log, err := obs.Logger(os.Stderr, c.LogLevel, c.LogFormat)
	if err != nil {
		return err
	}
	slog.SetDefault(log)
	if err := c.MakeData(); err != nil {
		return err
	}
	lock, err := db.LockFolder(c.Data)
	if err != nil {
		return told(err)
	}
	defer lock.Unlock()
	d, err := db.Open(ctx, db.Config{URL: string(c.Database), Log: log})
	if err != nil {
		return told(err)
	}
	defer func() {
		if e := d.Close(); err == nil {
			err = e
		}
	}()
	files, err := app.Storage(ctx, c.Config)
	if err != nil {
		return err
	}
	now := d.Clock().Now()
	out, err := backup.Restore(ctx, c.File, backup.Target{DB: d, Files: files, Migrations: app.Migrations(),
		Erasures: privacy.NewErasureList(c.Path("erased.list")), Progress: staged(),
		Erase: func(tx *db.Tx, e vault.Erasure) error { return app.Erase(ctx, tx, e.Subject, now) }})
	if err != nil {
		return told(err)
	}
	fmt.Printf("restored: %d tables; erased again: %d. Outbound work stands still until `okno admin resume --yes`.\nPut the key file of the backed up installation to %s before serving.\n", len(out.Manifest.Tables), out.Erased, c.KeyFile)
	return nil
}

// staged tells on standard error how far a long work has come.
func staged() func(backup.Progress) {
	return func(p backup.Progress) {
		if p.Name != "" {
			fmt.Fprintf(os.Stderr, "%s %s\n", p.Stage, p.Name)
		} else if p.Done == p.Total {
			fmt.Fprintf(os.Stderr, "%s %d of %d\n", p.Stage, p.Done, p.Total)
		}
	}
}
