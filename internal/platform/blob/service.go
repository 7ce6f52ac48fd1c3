package blob

import (
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"golang.org/x/sync/semaphore"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

//go:embed migrations/*.sql
var embedded embed.FS

// Migrations are the tables blob_object and blob_variant.
var Migrations = func() fs.FS {
	sub, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}()

// How long things wait.
const (
	Keep       = 48 * time.Hour // before bytes are deleted, so that a backup finds them
	UnsentLife = 24 * time.Hour // of an upload that is not linked to anything
)

// State of a file.
type State string

// The states. Only a clean file is shown to others than its uploader.
const (
	Pending     State = "pending"
	Cleaned     State = "clean"
	Infected    State = "infected"    // its bytes are deleted
	Unscannable State = "unscannable" // the scanner or the cleaning could not look into it
)

// Kinds of jobs, registered by [Service.Register].
const (
	JobProcess = "blob.process"
	JobExpire  = "blob.expire"
	JobPurge   = "blob.purge"
	JobSweep   = "blob.sweep"
)

// Kinds of facts that are written; the body of the first two is [InfectedFact].
const (
	FactInfected    = "blob.infected"
	FactUnscannable = "blob.unscannable"
	FactDeleted     = "blob.deleted"
)

// InfectedFact is the body of [FactInfected] and [FactUnscannable]: who is to be told.
type InfectedFact struct {
	Uploader id.ID  `json:"uploader"`
	Owner    id.ID  `json:"owner"`
	Reason   string `json:"reason"` // name of the signature, or a code
}

// Config of a service; zero values work but for Storage and Key.
type Config struct {
	Storage Storage
	Key     []byte  // at least 32 bytes; names in the storage are made with it
	Scanner Scanner // nil: files are not scanned
	Temp    string  // folder for files on their way; empty: the system's

	MaxFile       int64 // bytes of one file; 0: 30 MB
	MaxTotal      int64 // bytes of all files of one report; 0: 30 MB
	MaxFiles      int   // files of one report; 0: 20
	MaxUnsent     int64 // bytes that one uploader may have uploaded and linked to nothing; 0: 200 MB
	KeepOriginals bool  // keep what was sent after it was cleaned; it is never served
	Log           *slog.Logger
}

// Service is everything that is done with attachments. Safe for concurrent use.
type Service struct {
	db       *db.DB
	cfg      Config
	decoding *semaphore.Weighted // bytes of memory for pictures, see decode
}

// New makes a service over an open database.
func New(d *db.DB, cfg Config) (*Service, error) {
	if cfg.Storage == nil {
		return nil, errors.New("blob: no storage")
	}
	if len(cfg.Key) < 32 {
		return nil, errors.New("blob: the key of names is shorter than 32 bytes")
	}
	if cfg.MaxFile <= 0 {
		cfg.MaxFile = 30 << 20
	}
	if cfg.MaxTotal <= 0 {
		cfg.MaxTotal = 30 << 20
	}
	if cfg.MaxFiles <= 0 {
		cfg.MaxFiles = 20
	}
	if cfg.MaxUnsent <= 0 {
		cfg.MaxUnsent = 200 << 20
	}
	if cfg.Log == nil {
		cfg.Log = d.Log()
	}
	return &Service{db: d, cfg: cfg, decoding: semaphore.NewWeighted(maxDecodeBytes)}, nil
}

// Storage is where the bytes are; for backup and restore.
func (s *Service) Storage() Storage { return s.cfg.Storage }

// Object is one attachment.
type Object struct {
	ID            id.ID
	Version       int64
	Owner         id.ID // whose it is: the person or organisation that answers for it
	Uploader      id.ID // who sent it
	Name          string
	Kind          string // code of [Kinds]
	Size          int64  // as it was sent
	SHA256        []byte // of what was sent
	State         State
	Reason        string // of infected and unscannable
	Width, Height int    // of images: of the cleaned copy, before that as sent
	Linked        bool
	Created       time.Time
	Deleted       bool

	store       string
	sourceAfter time.Time
	sourceGone  bool
	deleteAfter time.Time
}

// Image tells whether the object is shown inline: others see its variants
// [Clean], [Large] and [Thumb].
func (o Object) Image() bool {
	k, ok := KindOf(o.Kind)
	return ok && k.Clean == cleanImage
}

// Ready tells whether others than the uploader may open it.
func (o Object) Ready() bool { return o.State == Cleaned && !o.Deleted }
