package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"okno/internal/platform/id"
)

// PgbenchScript is one filing as a script for pgbench -M prepared: the same
// statements in one pipeline. What differs from filing to filing is made from
// pgbench's own counter on the server, which costs it a little; everything
// else stands in the text.
func PgbenchScript(s *Shape) string {
	var b strings.Builder
	b.WriteString("\\set i :i + 1\n\\startpipeline\n")
	for i, st := range s.Statements {
		text := st.Text
		for j := len(st.Args); j >= 1; j-- { // $10 before $1
			text = strings.ReplaceAll(text, "$"+strconv.Itoa(j), fmt.Sprintf("\x00%d\x00", j))
		}
		for j := range st.Args {
			text = strings.ReplaceAll(text, fmt.Sprintf("\x00%d\x00", j+1), pgbenchValue(&s.args[i][j]))
		}
		b.WriteString(strings.Join(strings.Fields(text), " "))
		b.WriteString(";\n")
	}
	b.WriteString("\\endpipeline\n")
	return b.String()
}

// pgbenchID is a UUID of version 7 that grows with the counter; slot and
// client tell those of one moment apart.
func pgbenchID(slot int) string {
	return fmt.Sprintf("('01a1'||lpad(to_hex(:i*64+:client_id),8,'0')||'7%03x8000000000000000')::uuid", slot)
}

func pgbenchValue(a *arg) string {
	switch a.kind {
	case newID:
		return pgbenchID(a.slot)
	case newIDText:
		return pgbenchID(a.slot) + "::text"
	case newNumber:
		return "lpad((:i*64+:client_id)::text,12,'0')"
	case newBytes:
		return "decode(lpad(to_hex(:i*64+:client_id),32,'0'),'hex')"
	case newText:
		var parts []string
		for _, p := range a.parts {
			parts = append(parts, quoted(p.text))
			if p.slot >= 0 {
				parts = append(parts, pgbenchID(p.slot)+"::text")
			}
		}
		return "(" + strings.Join(parts, "||") + ")"
	}
	switch v := bare(a.value).(type) {
	case nil:
		return "NULL"
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strings.ToUpper(strconv.FormatBool(v))
	case id.ID:
		return "'" + v.String() + "'"
	case []byte:
		return fmt.Sprintf("'\\x%x'", v)
	case string:
		return quoted(v)
	}
	return quoted(fmt.Sprint(a.value))
}

// quoted is a text in which pgbench finds no variable of its own.
func quoted(text string) string {
	text = strings.NewReplacer("\\", "\\\\", "'", "''", ":", "\\x3A", "\n", "\\n", ";", "\\x3B").Replace(text)
	return "E'" + text + "'"
}

// ErrNoPgbench says that Debian's postgresql-contrib (pgbench) is not there.
var ErrNoPgbench = errors.New("pgbench not found")

var tps = regexp.MustCompile(`tps = ([0-9.]+)`)

// RunPgbench runs the shape's script with as many connections for the time.
func RunPgbench(ctx context.Context, dsn string, s *Shape, conns int, each time.Duration) (Result, error) {
	bin, err := findPgbench()
	if err != nil {
		return Result{}, err
	}
	dir, err := os.MkdirTemp("", "okno-pgbench")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(dir)
	script := filepath.Join(dir, "filing.sql")
	if err := os.WriteFile(script, []byte(PgbenchScript(s)), 0o600); err != nil {
		return Result{}, err
	}
	first := time.Now().UnixMilli() / 100 % 300_000 * 100 // ids of no other run
	out, err := exec.CommandContext(ctx, bin, "-n", "-M", "prepared", "-c", strconv.Itoa(conns), "-j", strconv.Itoa(min(conns, runtime.NumCPU())),
		"-T", strconv.Itoa(max(1, int(each.Seconds()))), "-D", "i="+strconv.FormatInt(first, 10), "-f", script, dsn).CombinedOutput()
	m := tps.FindSubmatch(out)
	if err != nil || m == nil {
		return Result{}, fmt.Errorf("pgbench: %w: %.2000s", err, out)
	}
	r := Result{What: "pgbench", Engine: "postgres", Clients: conns, Seconds: each.Seconds()}
	r.Rate, err = strconv.ParseFloat(string(m[1]), 64)
	return r, err
}

func findPgbench() (string, error) {
	if p, err := exec.LookPath("pgbench"); err == nil {
		return p, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if err == nil && len(found) == 0 {
		err = ErrNoPgbench
	}
	if err != nil {
		return "", err
	}
	return found[len(found)-1], nil
}
