package identity

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/recent"
	"okno/internal/platform/vault"
	"okno/internal/policy"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this module.
var Migrations, _ = fs.Sub(migrations, "migrations") // can't fail: the path is constant and embedded

// Offices tells in which organisation a person acts. The directory is bound to it.
type Offices interface {
	// Acting returns actor acting for the organisation with the code: its
	// roles, subtree and territories are set. not_found where the person holds
	// no office there or no such organisation exists.
	Acting(ctx context.Context, actor policy.Actor, code string) (policy.Actor, error)
}

// Config is what the module needs. Zero durations and counts take the defaults named.
type Config struct {
	DB      *db.DB
	Clock   clock.Clock
	Vault   *vault.Vault // seals logins and contacts, hashes them for look-up
	Offices Offices      // may be set later by [Service.Bind]
	// Messages sends codes and links; nil: people register by a plain login.
	Messages Messenger
	// SMSLimits reads the settings; nil: [DefaultSMSLimits].
	SMSLimits func(context.Context) (SMSLimits, error)
	Log       *slog.Logger

	Session       time.Duration // a session's longest life; 30 days
	Idle          time.Duration // without a request; 7 days
	Link          time.Duration // a one-time link's life; 72 hours
	Window        time.Duration // in which tries are counted, and the longest wait; 15 minutes
	LoginTries    int           // per login and address from unknown browsers, and per known browser, before waiting grows from a minute; 10
	AddressTries  int           // per address; 100
	Registrations int           // per address and window; 20
	Hashing       Hashing       // argon2id; 19 MiB, 2 passes
}

// Service is the module's use cases.
type Service struct {
	db      *db.DB
	clock   clock.Clock
	vault   *vault.Vault
	offices Offices
	log     *slog.Logger
	hasher  *hasher
	cfg     Config
	recent  *recent.Cache[[sha256.Size]byte, resolved] // sessions by their tokens' hashes
}

// A session that ended in another process is refused here when this is over.
const sessionFresh = time.Second

// New makes the module's service.
func New(c Config) *Service {
	def(&c.Session, 30*24*time.Hour)
	def(&c.Idle, 7*24*time.Hour)
	def(&c.Link, 72*time.Hour)
	def(&c.Window, 15*time.Minute)
	def(&c.LoginTries, 10)
	def(&c.AddressTries, 100)
	def(&c.Registrations, 20)
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Service{db: c.DB, clock: c.Clock, vault: c.Vault, offices: c.Offices, log: c.Log,
		hasher: newHasher(c.Hashing), cfg: c,
		recent: recent.New[[sha256.Size]byte, resolved](sessionFresh, 20_000)}
}

// Bind sets what [Config.Offices] left open; called once, at start.
func (s *Service) Bind(o Offices) { s.offices = o }

func def[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// Account is a person's account without its sealed fields.
type Account struct {
	ID          id.ID
	Version     int64
	State       State
	DisplayName string
	Lang        string // "ru" or "en"
	Zone        string // IANA
	Look        Look
	HasPassword bool
	Level       policy.Assurance
	MadeAt      time.Time
}

// State of an account.
type State string

// States.
const (
	Active State = "active"
	Closed State = "closed"
)

// Look is how pages look to a person: the choices of the low-vision page and
// the density of the workspace. Zero values are the defaults.
type Look struct {
	Theme    string `json:"theme,omitempty"`    // light, dark
	Contrast string `json:"contrast,omitempty"` // normal, high
	Size     string `json:"size,omitempty"`     // 125, 150, 200 (percent)
	Spacing  string `json:"spacing,omitempty"`  // wide
	Pictures string `json:"pictures,omitempty"` // off
	Density  string `json:"density,omitempty"`  // compact
}

// Check refuses values that no page offers.
func (l Look) Check() error {
	var f []errs.Field
	for _, c := range []struct{ name, value, list string }{
		{"theme", l.Theme, " light dark "},
		{"contrast", l.Contrast, " normal high "},
		{"size", l.Size, " 125 150 200 "},
		{"spacing", l.Spacing, " wide "},
		{"pictures", l.Pictures, " off "},
		{"density", l.Density, " compact "},
	} {
		if c.value != "" && !strings.Contains(c.list, " "+c.value+" ") {
			f = append(f, errs.Field{Name: c.name, Rule: "unknown"})
		}
	}
	return errs.InvalidFields(f...)
}

func (l Look) encode() string {
	b, err := json.Marshal(l)
	if err != nil {
		panic("identity: look: " + err.Error()) // strings and an integer always encode
	}
	return string(b)
}

func decodeLook(s string) (l Look) {
	if json.Unmarshal([]byte(s), &l) != nil {
		return Look{} // a look written by a newer program: the default is harmless
	}
	return l
}

// Contacts are a person's own sealed fields, opened.
type Contacts struct {
	Login string
	Email string
	Phone string
	// What the person has shown to be theirs: it is not changed by typing.
	EmailConfirmed, PhoneConfirmed bool
}
