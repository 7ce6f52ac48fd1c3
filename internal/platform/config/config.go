// Package config is what a process needs to start: one struct, filled from
// flags and OKNO_* environment variables. Every zero value works. What an
// administrator may change while the program runs is not here: those are
// settings, rows of the module that owns them.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"okno/internal/platform/web"
)

// Config is the whole configuration. The tags are kong's: help, environment
// variable, default.
type Config struct {
	Data     string `env:"OKNO_DATA" default:"okno-data" placeholder:"DIR" help:"Folder of the database, attachments and keys."`
	Listen   string `env:"OKNO_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address on which to serve."`
	URL      string `env:"OKNO_URL" placeholder:"URL" help:"Public address: https, or http://localhost. Empty: http://localhost with the port of --listen."`
	Database DSN    `env:"OKNO_DATABASE" placeholder:"URL" help:"postgres://… or sqlite:PATH. Empty: SQLite in the data folder."`
	KeyFile  string `env:"OKNO_KEY_FILE" placeholder:"FILE" help:"Key that seals personal data, mode 0600, kept apart from backups. Empty: vault.key in the data folder."`
	Zone     string `env:"OKNO_ZONE" default:"Europe/Moscow" placeholder:"ZONE" help:"Time zone of signed-out readers."`

	LogLevel  string `env:"OKNO_LOG_LEVEL" default:"info" enum:"debug,info,warn,error," help:"Least level that is logged: debug, info, warn, error."`
	LogFormat string `env:"OKNO_LOG_FORMAT" default:"text" enum:"text,json," help:"Form of the log: text, json."`

	Proxies   []string `env:"OKNO_PROXIES" placeholder:"NET,…" help:"Networks of reverse proxies whose X-Forwarded-For is believed."`
	NoLimits  bool     `env:"OKNO_NO_LIMITS" help:"Lift the limits of rate. For measuring alone."`
	MaxUpload int64    `env:"OKNO_MAX_UPLOAD" default:"31457280" placeholder:"BYTES" help:"Most bytes of attachments in one form."`
	Clamd     string   `env:"OKNO_CLAMD" placeholder:"ADDR" help:"clamd that scans attachments: HOST:PORT or unix:PATH. Empty: not scanned."`

	SMTP     DSN    `env:"OKNO_SMTP" placeholder:"URL" help:"Mail server: smtp://USER:PASSWORD@HOST:587 (STARTTLS), smtps://… (TLS), or smtp://HOST:25?security=none on a network of your own. Empty: no e-mail is sent."`
	MailFrom string `env:"OKNO_MAIL_FROM" placeholder:"ADDRESS" help:"Address of the sender of e-mail."`
	SMPP     DSN    `env:"OKNO_SMPP" placeholder:"URL" help:"SMS centre: smpp://SYSTEM:PASSWORD@HOST:2775, or smpps://… for TLS. Empty: no SMS are sent."`
	SMSFrom  string `name:"sms-from" env:"OKNO_SMS_FROM" placeholder:"NAME" help:"Sender of SMS: a name of up to 11 Latin letters or a number. Empty: the centre's own."`

	MetricsListen string `env:"OKNO_METRICS_LISTEN" placeholder:"HOST:PORT" help:"Address of /metrics, /healthz and /readyz for those who run the program; never one that visitors reach. Empty: no metrics."`

	S3Endpoint string `name:"s3-endpoint" env:"OKNO_S3_ENDPOINT" placeholder:"URL" help:"S3 server for attachments. Empty: the data folder."`
	S3Bucket   string `name:"s3-bucket" env:"OKNO_S3_BUCKET" default:"okno" placeholder:"NAME" help:"Bucket for attachments."`
	S3Region   string `name:"s3-region" env:"OKNO_S3_REGION" placeholder:"NAME" help:"Region of the bucket."`
	S3Key      string `name:"s3-key" env:"OKNO_S3_KEY" placeholder:"ID" help:"Access key id for S3."`
	S3Secret   Secret `name:"s3-secret" env:"OKNO_S3_SECRET" placeholder:"SECRET" help:"Secret access key for S3."`

	OTLP       string  `env:"OKNO_OTLP" placeholder:"URL" help:"OpenTelemetry collector for traces, OTLP over HTTP. Empty: no traces."`
	TraceShare float64 `env:"OKNO_TRACE_SHARE" default:"0.1" placeholder:"0…1" help:"Share of requests that are traced."`
}

// Secret is a value that is never printed.
type Secret string

// String hides the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(secret)"
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the value from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// DSN is the address of a database or another server; it may hold a password, which is never printed.
type DSN string

// String is the address without its password.
func (u DSN) String() string {
	parsed, err := url.Parse(string(u))
	if err != nil {
		return "(unreadable)"
	}
	if q := parsed.Query(); q.Has("password") {
		q.Set("password", "secret")
		parsed.RawQuery = q.Encode()
	}
	return parsed.Redacted()
}

// GoString hides the password from %#v.
func (u DSN) GoString() string { return u.String() }

// LogValue hides the password from slog.
func (u DSN) LogValue() slog.Value { return slog.StringValue(u.String()) }

// Complete gives every empty field its value and checks all of them, telling
// everything that is wrong at once. A Config from no flags at all works too.
func (c *Config) Complete() error {
	set(&c.Data, "okno-data")
	set(&c.Listen, "127.0.0.1:8080")
	set(&c.Zone, "Europe/Moscow")
	set(&c.LogLevel, "info")
	set(&c.LogFormat, "text")
	set(&c.S3Bucket, "okno")
	set(&c.KeyFile, filepath.Join(c.Data, "vault.key"))
	set((*string)(&c.Database), "sqlite:"+filepath.Join(c.Data, "okno.db"))
	if c.MaxUpload == 0 {
		c.MaxUpload = 30 << 20
	}
	var wrong []error
	_, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		wrong = append(wrong, fmt.Errorf("listen: %q is not HOST:PORT", c.Listen))
	}
	set(&c.URL, "http://localhost:"+port)
	if _, err := web.ParseAddress(c.URL); err != nil {
		wrong = append(wrong, fmt.Errorf("url: %w", err))
	}
	if c.MetricsListen != "" {
		if _, own, err := net.SplitHostPort(c.MetricsListen); err != nil {
			wrong = append(wrong, fmt.Errorf("metrics-listen: %q is not HOST:PORT", c.MetricsListen))
		} else if own == port && own != "0" {
			wrong = append(wrong, errors.New("metrics-listen: has the port of --listen; metrics are not for visitors"))
		}
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		wrong = append(wrong, fmt.Errorf("zone: %q is not known", c.Zone))
	}
	if _, err := c.Networks(); err != nil {
		wrong = append(wrong, err)
	}
	if scheme, _, _ := strings.Cut(string(c.Database), ":"); scheme != "sqlite" && scheme != "postgres" && scheme != "postgresql" {
		wrong = append(wrong, errors.New("database: begins with neither sqlite: nor postgres://"))
	}
	if c.MaxUpload < 0 {
		wrong = append(wrong, errors.New("max-upload: less than nothing"))
	}
	if c.TraceShare < 0 || c.TraceShare > 1 {
		wrong = append(wrong, errors.New("trace-share: not between 0 and 1"))
	}
	if _, _, err := c.Mail(); err != nil {
		wrong = append(wrong, err)
	}
	if _, _, err := c.MessageCentre(); err != nil {
		wrong = append(wrong, err)
	}
	if c.S3Endpoint != "" {
		if u, err := url.Parse(c.S3Endpoint); err != nil || u.Host == "" {
			wrong = append(wrong, fmt.Errorf("s3-endpoint: %q is no address", c.S3Endpoint))
		}
		if c.S3Key == "" || c.S3Secret == "" {
			wrong = append(wrong, errors.New("s3-key and s3-secret: needed with s3-endpoint"))
		}
	}
	return errors.Join(wrong...)
}

func set(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// Address is the public address. Call [Config.Complete] first.
func (c *Config) Address() (web.Address, error) { return web.ParseAddress(c.URL) }

// Location is the zone of signed-out readers. Call [Config.Complete] first.
func (c *Config) Location() (*time.Location, error) { return time.LoadLocation(c.Zone) }

// Networks are the networks of trusted proxies; a single address is a network
// of its own.
func (c *Config) Networks() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range c.Proxies {
		if p, err := netip.ParsePrefix(text); err == nil {
			out = append(out, p.Masked())
			continue
		}
		a, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("proxies: %q is neither an address nor a network", text)
		}
		out = append(out, netip.PrefixFrom(a, a.BitLen()))
	}
	return out, nil
}

// Path is a file of the data folder.
func (c *Config) Path(name string) string { return filepath.Join(c.Data, name) }

// Temp is the folder of what waits on disk for a moment: uploads on their way.
// They are personal data, so it is never the machine's, which others may read.
func (c *Config) Temp() string { return c.Path("tmp") }

// MakeData creates the data folder and [Config.Temp] for their owner alone.
func (c *Config) MakeData() error {
	for _, dir := range []string{c.Data, c.Temp()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("data folder: %w", err)
		}
	}
	return nil
}
