package config

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

func parse(t *testing.T, args ...string) (*Config, error) {
	t.Helper()
	var c Config
	p, err := kong.New(&c, kong.Exit(func(int) { t.Fatal("kong exits") }))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Parse(args)
	return &c, err
}

func TestZeroValuesWorkAndEqualNoFlags(t *testing.T) {
	var zero Config
	if err := zero.Complete(); err != nil {
		t.Fatal(err)
	}
	flags, err := parse(t)
	if err != nil {
		t.Fatal(err)
	}
	if err := flags.Complete(); err != nil {
		t.Fatal(err)
	}
	flags.TraceShare = zero.TraceShare // a share of nothing is a choice
	if !reflect.DeepEqual(zero, *flags) {
		t.Errorf("zero value: %+v\nno flags:   %+v", zero, *flags)
	}
	if zero.URL != "http://localhost:8080" || zero.Database != "sqlite:okno-data/okno.db" {
		t.Errorf("%+v", zero)
	}
}

func TestFlagsAndEnvironment(t *testing.T) {
	t.Setenv("OKNO_DATA", "/srv/okno")
	t.Setenv("OKNO_PROXIES", "10.0.0.0/8,192.0.2.1")
	c, err := parse(t, "--listen=0.0.0.0:9000", "--url=https://okno.example", "--max-upload=5")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Complete(); err != nil {
		t.Fatal(err)
	}
	nets, err := c.Networks()
	if c.Data != "/srv/okno" || c.Listen != "0.0.0.0:9000" || c.MaxUpload != 5 || len(nets) != 2 || err != nil || c.KeyFile != "/srv/okno/vault.key" {
		t.Errorf("%+v %v %v", c, nets, err)
	}
}

func TestEveryFieldIsDocumented(t *testing.T) {
	p, err := kong.New(&Config{})
	if err != nil {
		t.Fatal(err)
	}
	var accepted []string
	for _, f := range p.Model.Flags {
		accepted = append(accepted, f.Name)
	}
	typ := reflect.TypeFor[Config]()
	for i := range typ.NumField() {
		f := typ.Field(i)
		if !strings.HasPrefix(f.Tag.Get("env"), "OKNO_") || f.Tag.Get("help") == "" {
			t.Errorf("%s has no environment variable or no help", f.Name)
		}
		if want := "OKNO_" + strings.ToUpper(strings.ReplaceAll(flag(f), "-", "_")); f.Tag.Get("env") != want {
			t.Errorf("%s: flag --%s, but variable %s", f.Name, flag(f), f.Tag.Get("env"))
		}
		if !slices.Contains(accepted, flag(f)) {
			t.Errorf("%s: kong takes no --%s, but %v", f.Name, flag(f), accepted)
		}
	}
}

func TestPrintHidesSecrets(t *testing.T) {
	c, err := parse(t, "--s3-endpoint=https://s3.example", "--s3-key=id", "--s3-secret=hunter2", "--database=postgres://okno:hunter3@db/okno",
		"--smtp=smtps://okno:hunter5@mail.example", "--mail-from=portal@okno.example", "--smpp=smpp://okno:hunter6@sms.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Complete(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := c.Print(&out); err != nil {
		t.Fatal(err)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "secret", c.S3Secret, "database", c.Database)
	fmt.Fprintf(&out, "%v %+v %#v %s", *c, *c, *c, c.Database)
	if text := out.String(); strings.Contains(text, "hunter") || !strings.Contains(text, "OKNO_LISTEN=127.0.0.1:8080") || !strings.Contains(text, "--s3-secret") {
		t.Errorf("%s", text)
	}
	d := DSN("postgres://db/okno?password=hunter4")
	if strings.Contains(d.String(), "hunter4") {
		t.Error(d.String())
	}
}

func TestRefused(t *testing.T) {
	for name, args := range map[string][]string{
		"plain http":           {"--url=http://okno.example"},
		"address":              {"--listen=8080"},
		"zone":                 {"--zone=Mars/Olympus"},
		"database":             {"--database=mysql://x"},
		"proxies":              {"--proxies=everyone"},
		"S3 alone":             {"--s3-endpoint=https://s3.example"},
		"share":                {"--trace-share=2"},
		"metrics":              {"--metrics-listen=9090"},
		"metrics for visitors": {"--listen=0.0.0.0:8080", "--metrics-listen=127.0.0.1:8080"},
		"mail server":          {"--smtp=mail.example:25", "--mail-from=portal@okno.example"},
		"mail, no sender":      {"--smtp=smtps://mail.example"},
		"mail, half secure":    {"--smtp=smtp://mail.example?security=maybe", "--mail-from=portal@okno.example"},
		"SMS centre":           {"--smpp=tcp://okno:secret@sms.example"},
		"SMS, long password":   {"--smpp=smpp://okno:secrets-of-the-centre@sms.example"},
		"no log level":         {"--log-level=loud"},
	} {
		c, err := parse(t, args...)
		if err == nil {
			err = c.Complete()
		}
		if err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestWebSecret(t *testing.T) {
	c := Config{Data: t.TempDir()}
	first, err := c.WebSecret()
	if err != nil || len(first) != 32 {
		t.Fatal(len(first), err)
	}
	second, err := c.WebSecret()
	if err != nil || !bytes.Equal(first, second) {
		t.Error("another secret at the second start", err)
	}
	info, err := os.Stat(c.Path("web.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if err := os.WriteFile(c.Path("web.key"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.WebSecret(); err == nil {
		t.Error("a broken secret was accepted")
	}
}

func TestConcerns(t *testing.T) {
	for _, x := range []struct {
		args []string
		want []Concern
	}{
		{nil, []Concern{NotScanned}},
		{nil, []Concern{NotScanned, NoMail, NoSMS}},
		{[]string{"--clamd=127.0.0.1:3310"}, []Concern{NoSMS}},
		{[]string{"--clamd=127.0.0.1:3310"}, nil},
		{[]string{"--clamd=unix:/run/clamd", "--no-limits"}, []Concern{NoLimits}},
		{[]string{"--clamd=127.0.0.1:3310", "--metrics-listen=127.0.0.1:9090"}, nil},
		{[]string{"--clamd=127.0.0.1:3310", "--metrics-listen=[::1]:9090"}, nil},
		{[]string{"--clamd=127.0.0.1:3310", "--metrics-listen=localhost:9090"}, nil},
		{[]string{"--clamd=127.0.0.1:3310", "--metrics-listen=:9090"}, []Concern{MetricsInView}},
		{[]string{"--clamd=127.0.0.1:3310", "--metrics-listen=10.0.0.5:9090"}, []Concern{MetricsInView}},
	} {
		if !slices.Contains(x.want, NoMail) {
			x.args = append(x.args, "--smtp=smtps://okno:hunter2@mail.example", "--mail-from=portal@okno.example")
		}
		if !slices.Contains(x.want, NoSMS) {
			x.args = append(x.args, "--smpp=smpp://okno:hunter2@sms.example")
		}
		c, err := parse(t, x.args...)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Complete(); err != nil {
			t.Fatal(err)
		}
		got := c.Concerns()
		if !slices.Equal(got, x.want) {
			t.Errorf("%v: %v, want %v", x.args, got, x.want)
		}
		var out bytes.Buffer
		if err := c.Print(&out); err != nil {
			t.Fatal(err)
		}
		for _, concern := range got {
			if concern.String() == "" || !strings.Contains(out.String(), concern.String()) {
				t.Errorf("%v: okno config doesn't say %q", x.args, concern)
			}
		}
	}
}
