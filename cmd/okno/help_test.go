package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// ended is what the parser's exit is turned into.
type ended struct{}

// helpOf is what --help of a command prints.
func helpOf(t *testing.T, command ...string) string {
	t.Helper()
	var c cli
	var out strings.Builder
	p := parser(&c, kong.Writers(&out, &out), kong.Exit(func(int) { panic(ended{}) }))
	func() {
		defer func() {
			if r := recover(); r != nil && r != any(ended{}) {
				panic(r)
			}
		}()
		if _, err := p.Parse(append(command, "--help")); err != nil {
			t.Error(err)
		}
	}()
	return out.String()
}

// Help lists what a command uses: addresses and limits of pages stand at those
// that serve them.
func TestHelpListsWhatACommandUses(t *testing.T) {
	ofPages := []string{"--listen=", "--proxies", "--no-limits", "--max-upload", "--clamd", "--metrics-listen"}
	for _, c := range []struct {
		command    string
		has, lacks []string
	}{
		{"serve", append([]string{"--data", "--url", "--zone"}, ofPages...), nil},
		{"config", ofPages, nil},
		{"worker", []string{"--clamd", "--metrics-listen", "--data"}, []string{"--listen=", "--proxies", "--no-limits"}},
		{"admin create", []string{"--data", "--database", "--url"}, ofPages},
		{"admin resume", []string{"--data", "--yes"}, append([]string{"--url"}, ofPages...)},
		{"backup write", []string{"--data", "--key-file", "--s3-endpoint", "--allow-missing"}, append([]string{"--url", "--zone"}, ofPages...)},
		{"import reports", []string{"--zone", "--notes", "--map"}, ofPages},
		{"import places", []string{"--notes"}, ofPages},
	} {
		help := helpOf(t, strings.Fields(c.command)...)
		for _, flag := range c.has {
			if !strings.Contains(help, flag) {
				t.Errorf("%s: %s isn't listed", c.command, flag)
			}
		}
		for _, flag := range c.lacks {
			if strings.Contains(help, flag) {
				t.Errorf("%s: %s is listed and means nothing there", c.command, flag)
			}
		}
	}
	var c cli
	known := map[string]bool{}
	for _, command := range parser(&c).Model.Leaves(false) {
		for _, f := range command.Flags {
			known[f.Name] = true
		}
	}
	for name := range usedBy {
		if !known[name] {
			t.Errorf("%s is no flag", name)
		}
	}
}

// What is hidden is taken still: the environment sets it for every command.
func TestAHiddenFlagIsTaken(t *testing.T) {
	var c cli
	if _, err := parser(&c).Parse([]string{"admin", "create", "--listen", "127.0.0.1:9", "anna", "Анна"}); err != nil || c.Admin.Create.Listen != "127.0.0.1:9" {
		t.Errorf("%v %q", err, c.Admin.Create.Listen)
	}
}

// A file that isn't there is said in one sentence, without usage.
func TestAMissingBackupIsSaidPlainly(t *testing.T) {
	for _, args := range [][]string{{"backup", "verify", "/nonexist"}, {"restore", "/nonexist"}} {
		var c cli
		k, err := parser(&c, kong.BindFor(t.Context())).Parse(args)
		if err != nil {
			t.Fatalf("%v: refused with usage: %v", args, err)
		}
		if err := k.Run(t.Context()); err == nil || words(err) != `no file "/nonexist": check the name` {
			t.Errorf("%v: %v", args, err)
		}
	}
	if err := (&backupVerifyCmd{File: t.TempDir()}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("a folder: %v", err)
	}
}
