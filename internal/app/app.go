package app

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/notify"
	"okno/internal/places"
	"okno/internal/platform/backup"
	"okno/internal/platform/blob"
	"okno/internal/platform/clock"
	"okno/internal/platform/config"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
	"okno/internal/platform/journal"
	"okno/internal/platform/mail"
	"okno/internal/platform/recent"
	"okno/internal/platform/smpp"
	"okno/internal/platform/vault"
	"okno/internal/platform/web"
	"okno/internal/privacy"
	"okno/internal/taxonomy"
)

// Migrations are the tables of every module, in no particular order.
func Migrations() []fs.FS {
	return []fs.FS{vault.Migrations, blob.Migrations, identity.Migrations, directory.Migrations, places.Migrations,
		taxonomy.Migrations, casework.Migrations, notify.Migrations, privacy.Migrations}
}

// App is an installation in one process.
type App struct {
	Config    config.Config
	Log       *slog.Logger
	Clock     clock.Clock
	DB        *db.DB
	Vault     *vault.Vault
	Blobs     *blob.Service
	Jobs      *jobs.Runner
	Journal   *journal.Journal
	Identity  *identity.Service
	Directory *directory.Service
	Places    *places.Service
	Taxonomy  *taxonomy.Service
	Cases     *casework.Service
	Notices   *notify.Service
	Outbox    *notify.Outbox
	Privacy   *privacy.Service
	Web       *web.Server
	Metrics   *web.Metrics

	letters  *mail.Sender // nil: no mail server
	phones   *smpp.Client // nil: no SMS centre
	region   string
	part     Part
	checks   map[string]web.Check                      // of /readyz
	works    *recent.Cache[id.ID, bool]                // who has a workplace: for the navigation
	officers *recent.Cache[staffOf, []directory.Named] // whom pages offer to choose
}

// Options are what a command adds to the configuration.
type Options struct {
	Clock  clock.Clock // nil: the machine's
	Log    *slog.Logger
	Trace  func(sql string, args []any) // every statement of a transaction; benches
	Region string                       // name beside the mark; empty: the top territory's
	Part   Part                         // what [App.Run] does; the zero value: everything
}

// Open opens the database, brings its tables up to date and makes every
// module. Nothing runs yet: see [App.Run].
func Open(ctx context.Context, cfg config.Config, opt Options) (_ *App, err error) {
	if err := cfg.Complete(); err != nil {
		return nil, err
	}
	if err := opt.Part.beside(cfg); err != nil {
		return nil, err
	}
	if err := cfg.MakeData(); err != nil {
		return nil, err
	}
	a := &App{Config: cfg, Log: opt.Log, Clock: opt.Clock, region: opt.Region, part: opt.Part,
		works: recent.New[id.ID, bool](10*time.Second, 20_000), officers: recent.New[staffOf, []directory.Named](time.Second, 5_000)}
	if a.Log == nil {
		a.Log = slog.Default()
	}
	if a.Clock == nil {
		a.Clock = clock.System{}
	}
	a.DB, err = db.Open(ctx, db.Config{URL: string(cfg.Database), Clock: a.Clock, Log: a.Log, Trace: opt.Trace})
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.DB.Close())
		}
	}()
	half, err := backup.Interrupted(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	if half {
		return nil, errs.New(errs.Conflict, "backup.half_restored")
	}
	if err := a.DB.Migrate(ctx, Migrations()...); err != nil {
		return nil, err
	}
	if err := a.modules(ctx); err != nil {
		return nil, err
	}
	if err := a.routes(); err != nil {
		return nil, err
	}
	if err := a.gauges(); err != nil {
		return nil, err
	}
	return a, nil
}

// Close ends what Open opened.
func (a *App) Close() error {
	if a.letters != nil {
		a.letters.Close()
	}
	return a.DB.Close()
}

// channels makes the ways to the outside that the configuration names.
func (a *App) channels() error {
	senders := map[notify.Channel]notify.Sender{}
	letters, there, err := a.Config.Mail()
	if err != nil {
		return err
	}
	if there {
		if a.letters, err = mail.New(letters); err != nil {
			return err
		}
		senders[notify.Email] = notify.Mail{Sender: a.letters, Domain: notify.DomainOf(letters.From)}
	}
	centre, there, err := a.Config.MessageCentre()
	if err != nil {
		return err
	}
	if there {
		centre.Handler = func(context.Context, smpp.Receipt) error { return nil } // none is asked for
		centre.Changed = func(err error) {
			if err != nil {
				a.Log.Warn("app: SMS centre", "error", err)
			}
		}
		if a.phones, err = smpp.New(centre); err != nil {
			return err
		}
		senders[notify.SMS] = notify.Phones{Client: a.phones}
	}
	a.Outbox = notify.NewOutbox(notify.OutboxConfig{DB: a.DB, Clock: a.Clock, Vault: a.Vault, Log: a.Log, Senders: senders})
	return nil
}

func (a *App) modules(ctx context.Context) error {
	used, err := vault.Used(ctx, a.DB)
	if err != nil {
		return err
	}
	keys, err := vault.OpenKeys(a.Config.KeyFile, !used)
	if err != nil {
		return err
	}
	if err := vault.Check(ctx, a.DB, keys); err != nil {
		return err
	}
	a.Vault = vault.Open(a.DB, keys, privacy.NewErasureList(a.Config.Path("erased.list")))
	secret, err := a.Config.WebSecret()
	if err != nil {
		return err
	}
	storage, err := Storage(ctx, a.Config)
	if err != nil {
		return err
	}
	names, err := hkdf.Key(sha256.New, secret, nil, "okno blob names", 32)
	if err != nil {
		return err
	}
	scanner, err := a.scanner()
	if err != nil {
		return err
	}
	a.Blobs, err = blob.New(a.DB, blob.Config{Storage: storage, Key: names, Scanner: scanner, Temp: a.Config.Temp(), MaxTotal: a.Config.MaxUpload, MaxFiles: casework.MaxFiles, Log: a.Log})
	if err != nil {
		return err
	}
	a.Places = places.NewService(a.DB, a.Clock, a.Log)
	if _, err := a.Places.Refresh(ctx); err != nil {
		return err
	}
	if err := a.channels(); err != nil {
		return err
	}
	a.Identity = identity.New(identity.Config{DB: a.DB, Clock: a.Clock, Vault: a.Vault, Log: a.Log, Messages: messages{a}, SMSLimits: a.smsLimits})
	a.Directory = directory.New(directory.Config{DB: a.DB, Clock: a.Clock, People: a.Identity, Territories: below{a.Places}, Cases: held{a}})
	a.Identity.Bind(a.Directory)
	a.Taxonomy = taxonomy.New(a.DB, world{a})
	a.Privacy = privacy.New(a.DB, a.Clock, a.Vault)
	a.Notices = notify.New(a.DB)
	a.Cases = casework.New(casework.Config{DB: a.DB, Clock: a.Clock, Offices: offices{a}, Facts: rubricator{a}, Places: ground{a}, Router: router{a}, Files: files{a}, People: a.Identity,
		Public: func() {
			if a.Web != nil {
				a.Web.Forget("/")
			}
		}})
	if err := a.Cases.Load(ctx); err != nil {
		return err
	}
	a.Privacy.Bind(a.rooms())
	a.Jobs = jobs.New(a.DB, jobs.Config{})
	a.Journal = journal.New(a.DB, a.Jobs)
	a.Blobs.Register(a.Jobs)
	a.Outbox.Register(a.Jobs)
	a.Jobs.Register(casework.ClockJob, func(ctx context.Context, run jobs.Run) error { return a.Cases.Ring(ctx, run.Subject) })
	a.Jobs.Register(casework.RecomputeJob, func(ctx context.Context, run jobs.Run) error {
		var after id.ID
		if err := run.Decode(&after); err != nil {
			return err
		}
		next, err := a.Cases.RecomputeTerms(ctx, after)
		if err != nil || next == id.Nil {
			return err
		}
		return db.Do(ctx, a.DB, db.Background, func(tx *db.Tx) error {
			tx.Job(db.Job{Kind: casework.RecomputeJob, Lane: db.Bulk, Body: next})
			return nil
		})
	})
	a.Jobs.Register(casework.VacateJob, a.vacate)
	a.Jobs.Register(cleanJob, func(ctx context.Context, _ jobs.Run) error {
		if err := a.Identity.Clean(ctx); err != nil {
			return err
		}
		if err := a.Outbox.Clean(ctx); err != nil {
			return err
		}
		return a.scheduleClean(ctx)
	})
	a.Journal.Consume("vacate", []string{directory.FactOfficerRemoved, directory.FactOfficerChanged}, a.left)
	a.Journal.Consume("notify", append(casework.FactKinds(), directory.FactOfficerRemoved, directory.FactOfficerChanged), a.Notices.Consume(audience{a}), journal.Joined())
	return nil
}

// cleanJob removes ended sessions and old counts of tries, once an hour.
const cleanJob = "identity.clean"

func (a *App) scheduleClean(ctx context.Context) error {
	at := a.Clock.Now().Add(time.Hour)
	return db.Do(ctx, a.DB, db.Background, func(tx *db.Tx) error {
		tx.Timer(db.Timer{Kind: cleanJob, Subject: id.ID{15: 1}, At: at})
		return nil
	})
}

func missing(err error) bool { return errs.Is(err, errs.NotFound) }
