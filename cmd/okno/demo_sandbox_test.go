//go:build !nodemo

package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"okno/internal/demo"
	"okno/internal/platform/config"
)

// asProgram makes a process of this test the program itself, as a parent that
// starts its own executable again expects.
const asProgram = "OKNO_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// lines are a log of which a test waits for lines.
type lines chan string

func (l lines) Write(b []byte) (int, error) {
	l <- string(b)
	return len(b), nil
}

// The sandbox starts from the program itself, its death is told, and stopping
// afterwards works; stopped in order, it is gone and nothing is told.
func TestTheDemonstrationGoesOnWithoutItsSandbox(t *testing.T) {
	t.Setenv(asProgram, "1")
	dir := t.TempDir()
	if err := demo.Claim(dir); err != nil {
		t.Fatal(err)
	}
	log := make(lines, 10)
	cfg := &config.Config{Data: dir, LogLevel: "warn", LogFormat: "text"}
	for _, killed := range []bool{true, false} {
		var o outside
		o.start(t.Context(), cfg, slog.New(slog.NewTextHandler(log, nil)))
		a := o.addresses()
		if !strings.HasPrefix(a.Letters, "http://localhost:") || a.Senders.SMPP.SystemID != "okno" || len(a.Senders.SMPP.Password) != 8 {
			t.Fatalf("%+v", a)
		}
		conn, err := net.Dial("tcp", a.Senders.SMTP)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
		if killed {
			if err := o.child.Kill(); err != nil {
				t.Fatal(err)
			}
			if line := <-log; !strings.Contains(line, "the sandbox has ended") {
				t.Error(line)
			}
		}
		o.stop()
		if conn, err := net.Dial("tcp", a.Senders.SMTP); err == nil {
			t.Error("the sandbox goes on", conn.Close())
		}
	}
	select {
	case line := <-log:
		t.Errorf("an end in order is told: %s", line)
	default:
	}
}

// The hidden command refuses a folder that isn't a demonstration's, and demo
// goes on without it; a folder that holds something is never marked.
func TestASandboxStandsBesideADemonstrationAlone(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "vault.key"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := demo.Claim(dir); err != nil {
		t.Fatal(err)
	}
	if err := (&sandboxCmd{Data: dir, LogLevel: "warn", LogFormat: "text"}).Run(context.Background()); err == nil || !strings.Contains(err.Error(), "no demonstration's folder") {
		t.Errorf("%v", err)
	}
	t.Setenv(asProgram, "1")
	log := make(lines, 10)
	var o outside
	o.start(t.Context(), &config.Config{Data: dir, LogLevel: "warn", LogFormat: "text"}, slog.New(slog.NewTextHandler(log, nil)))
	defer o.stop()
	if line := <-log; !strings.Contains(line, "didn't start") || o.addresses().Letters != "" {
		t.Errorf("%s %+v", line, o.addresses())
	}
	if help := helpOf(t); strings.Contains(help, "sandbox") {
		t.Error("the command of the child is listed")
	}
}
