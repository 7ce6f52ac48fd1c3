package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

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
	return withExisting(ctx, c.Config, func(a *app.App) error {
		m, err := backup.Write(ctx, a.DB, a.Blobs.Storage(), c.File, backup.Options{Program: version(),
			Erasures: privacy.NewErasureList(a.Config.Path("erased.list")), AllowMissing: c.AllowMissing, Progress: staged()})
		if err != nil {
			return err
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
	return backup.Keys(c.KeyFile, c.Path("erased.list"), c.Folder)
}

type backupVerifyCmd struct {
	File string `arg:"" help:"Backup to check."`
}

// Run compares the backup with its own manifest.
func (c *backupVerifyCmd) Run(ctx context.Context) error {
	if err := aFile(c.File); err != nil {
		return err
	}
	m, err := backup.Verify(ctx, c.File, staged())
	if err != nil {
		return err
	}
	fmt.Printf("whole: %d tables\n", len(m.Tables))
	return nil
}

// aFile says in a line where there is no file to read.
func aFile(name string) error {
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%q is a folder: name a file", name)
	}
	return noFile(name, err)
}

type restoreCmd struct {
	config.Config
	File string `arg:"" help:"Backup to restore."`
}

// Run restores into an empty target. Outbound work stands still afterwards
// until "okno admin resume". The whole backup is read before anything is
// written; after a failure the data folder is as it was.
func (c *restoreCmd) Run(ctx context.Context) (err error) {
	if err := aFile(c.File); err != nil {
		return err
	}
	if err := c.Complete(); err != nil {
		return err
	}
	log, err := obs.Logger(os.Stderr, c.LogLevel, c.LogFormat)
	if err != nil {
		return err
	}
	slog.SetDefault(log)
	a, err := backup.Open(ctx, c.File, staged())
	if err != nil {
		return errors.New(words(err) + "\nNothing was restored, and nothing was written.")
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	before, err := within(c.Data)
	if err != nil {
		return err
	}
	if err := c.restore(ctx, a, log); err != nil {
		if e := before.again(); e != nil {
			return fmt.Errorf("%w\nNothing was restored, but not all that was begun could be removed: %w. Run the same restore again, or take another data folder.", err, e)
		}
		return fmt.Errorf("%w\nNothing was restored; the data folder is as it was.", err)
	}
	return nil
}

// made is what a restore makes in a data folder besides attachments.
var made = []string{"okno.db-wal", "okno.db-shm", "okno.db.migrate", "okno.db", "files/tmp", "files", "tmp", "okno.lock"}

// folder remembers what stood in a data folder.
type folder struct {
	dir     string
	missing bool // there was no such folder
	held    map[string]bool
}

func within(dir string) (folder, error) {
	f := folder{dir: dir, held: map[string]bool{}}
	_, err := os.Stat(dir)
	if f.missing = errors.Is(err, fs.ErrNotExist); f.missing {
		return f, nil
	}
	for _, name := range made {
		if err == nil {
			if _, err = os.Lstat(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) {
				err = nil
				continue
			}
			f.held[name] = true
		}
	}
	return f, err
}

// again removes what came since. Of folders only empty ones go: whatever else
// lies in them is not a restore's.
func (f folder) again() error {
	if !f.held["files"] {
		shards, err := filepath.Glob(filepath.Join(f.dir, "files", "??"))
		if err != nil {
			return err
		}
		for _, dir := range shards {
			if err := os.Remove(dir); err != nil {
				return err
			}
		}
	}
	for _, name := range made {
		if f.held[name] {
			continue
		}
		if err := os.Remove(filepath.Join(f.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if f.missing {
		if err := os.Remove(f.dir); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (c *restoreCmd) restore(ctx context.Context, a *backup.Archive, log *slog.Logger) (err error) {
	if err := c.MakeData(); err != nil {
		return err
	}
	lock, err := db.LockFolder(c.Data)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	d, err := db.Open(ctx, db.Config{URL: string(c.Database), Log: log})
	if err != nil {
		return err
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
	out, err := a.Restore(ctx, backup.Target{DB: d, Files: files, Migrations: app.Migrations(),
		Erasures: privacy.NewErasureList(c.Path("erased.list")), Progress: staged(),
		Erase: func(tx *db.Tx, e vault.Erasure) error { return app.Erase(ctx, tx, e.Subject, now) }})
	if err != nil {
		return err
	}
	fmt.Printf("restored: %d tables; erased again: %d. Outbound work stands still until `okno admin resume --yes`.\nPut the key file of the backed up installation to %s before serving.\n", len(out.Manifest.Tables), out.Erased, c.KeyFile)
	return nil
}

// staged tells on standard error how far a long work has come: a line that is
// written over on a terminal, elsewhere a line for each stage.
func staged() func(backup.Progress) {
	return stages(os.Stderr, terminal(os.Stderr))
}

func stages(out io.Writer, person bool) func(backup.Progress) {
	words := map[string]string{"table": "tables", "file": "attachments", "check": "checking"}
	stage := ""
	return func(p backup.Progress) {
		switch {
		case person:
			fmt.Fprintf(out, "\r\x1b[K%s: %d of %d", words[p.Stage], p.Done, p.Total)
			if p.Done == p.Total {
				fmt.Fprintln(out)
			}
		case p.Stage != stage:
			fmt.Fprintf(out, "%s: %d\n", words[p.Stage], p.Total)
		}
		stage = p.Stage
	}
}

// terminal tells whether a person sees at once what is written.
func terminal(out *os.File) bool {
	i, err := out.Stat()
	return err == nil && i.Mode()&os.ModeCharDevice != 0
}
