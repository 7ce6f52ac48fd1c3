package config

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"reflect"
	"regexp"
	"strings"
)

// Concern is something about a configuration that works and should be known.
type Concern string

// What [Config.Concerns] finds.
const (
	NotScanned    Concern = "not_scanned"    // attachments are not scanned for malware
	NoLimits      Concern = "no_limits"      // nobody is refused for their rate
	MetricsInView Concern = "metrics_public" // metrics listen on more than this machine
	NoMail        Concern = "no_mail"        // no e-mail is sent
	NoSMS         Concern = "no_sms"         // no SMS are sent
)

var concerns = map[Concern]string{
	NotScanned:    "attachments are not scanned for malware: no --clamd",
	NoLimits:      "limits of rate are lifted: --no-limits",
	MetricsInView: "metrics have no password and listen beyond this machine: keep --metrics-listen inside your network",
	NoMail:        "no e-mail is sent, nobody registers by it: no --smtp",
	NoSMS:         "no SMS are sent, nobody registers by telephone: no --smpp",
}

// String is the concern in words, for logs and the command line.
func (c Concern) String() string { return concerns[c] }

// Concerns lists what whoever runs the program should know of it. Complete
// the configuration first.
func (c *Config) Concerns() (out []Concern) {
	if c.Clamd == "" {
		out = append(out, NotScanned)
	}
	if c.NoLimits {
		out = append(out, NoLimits)
	}
	if host, _, err := net.SplitHostPort(c.MetricsListen); err == nil && host != "localhost" {
		if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
			out = append(out, MetricsInView)
		}
	}
	if c.SMTP == "" {
		out = append(out, NoMail)
	}
	if c.SMPP == "" {
		out = append(out, NoSMS)
	}
	return out
}

// Print writes every field as a line of an environment file, secrets hidden,
// each under a comment that explains it, and above them what should be known:
// what `okno config` shows.
func (c *Config) Print(w io.Writer) error {
	for _, concern := range c.Concerns() {
		if _, err := fmt.Fprintf(w, "# ATTENTION: %s\n\n", concern); err != nil {
			return fmt.Errorf("print configuration: %w", err)
		}
	}
	v := reflect.ValueOf(*c)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		value := fmt.Sprint(v.Field(i).Interface())
		if list, ok := v.Field(i).Interface().([]string); ok {
			value = strings.Join(list, ",")
		}
		if _, err := fmt.Fprintf(w, "# %s (--%s)\n%s=%s\n\n", f.Tag.Get("help"), flag(f), f.Tag.Get("env"), value); err != nil {
			return fmt.Errorf("print configuration: %w", err)
		}
	}
	return nil
}

// flag is the name of a field's flag: MaxUpload is max-upload where the tag
// says nothing else. A test compares it with what kong accepts.
func flag(f reflect.StructField) string {
	if name := f.Tag.Get("name"); name != "" {
		return name
	}
	return strings.ToLower(words.ReplaceAllString(f.Name, "$1-$2"))
}

var words = regexp.MustCompile(`([a-z])([A-Z])`)
