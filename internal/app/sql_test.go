package app

import (
	"bufio"
	"go/ast"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// looksLikeSQL tells statements and their parts from other texts.
var looksLikeSQL = regexp.MustCompile(`\b(SELECT|INSERT INTO|UPDATE [a-z_]+ SET|DELETE FROM|ORDER BY|GROUP BY|CREATE TABLE|ALTER TABLE)\b|^\s*(WHERE|AND|FROM|JOIN|LIMIT|VALUES|ON CONFLICT)\b`)

// outside are words that not every engine has, or that mean different things.
var outside = []struct {
	name    string
	pattern *regexp.Regexp
}{
	{"OFFSET: pages are by key", regexp.MustCompile(`(?i)\bOFFSET\b`)},
	{"ON DUPLICATE", regexp.MustCompile(`(?i)\bON\s+DUPLICATE\b`)},
	{"INSERT OR, REPLACE INTO", regexp.MustCompile(`(?i)\bINSERT\s+OR\b|\bREPLACE\s+INTO\b`)},
	{"RETURNING: it costs a round trip", regexp.MustCompile(`(?i)\bRETURNING\b`)},
	{"ILIKE, SIMILAR TO, GLOB", regexp.MustCompile(`\bILIKE\b|\bSIMILAR\s+TO\b|\bGLOB\b`)},
	{"a ::cast", regexp.MustCompile(`::[a-z]`)},
	{"lower, upper: SQLite doesn't fold Cyrillic", regexp.MustCompile(`(?i)\b(lower|upper)\(`)},
	{"the database's own time", regexp.MustCompile(`(?i)\bNOW\(\)|\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\bstrftime\(|\bdatetime\(|\bdate_trunc\(|\bINTERVAL\s+'`)},
	{"sequences", regexp.MustCompile(`(?i)\bAUTOINCREMENT\b|\b(BIG|SMALL)?SERIAL\b|\bnextval\(|\bCREATE\s+SEQUENCE\b|\bGENERATED\b`)},
	{"JSON inside SQL", regexp.MustCompile(`->>?\s*'|(?i)\bjsonb?_[a-z]+\(|\bJSONB?\b`)},
	{"a list by hand: db.In and db.MultiInsert write it", regexp.MustCompile(`(?i)\bANY\s*\(|\bunnest\(|\bjson_each\b`)},
	{"FROM (VALUES …): use a CTE", regexp.MustCompile(`(?i)\bFROM\s*\(\s*VALUES\b`)},
	{"locks by hand: Engine.ForUpdate, Engine.SkipLocked", regexp.MustCompile(`(?i)\bFOR\s+(UPDATE|SHARE)\b|\bSKIP\s+LOCKED\b|\badvisory_lock`)},
	{"triggers, temporary tables", regexp.MustCompile(`(?i)\bCREATE\s+(TEMP|TEMPORARY|TRIGGER|FUNCTION|UNLOGGED)\b`)},
	{"the engine's own functions", regexp.MustCompile(`(?i)\b(IFNULL|NVL|GREATEST|LEAST|DATEDIFF|group_concat|string_agg|random|gen_random_uuid|ROWID)\b\(?`)},
	{"a double-quoted or ? placeholder", regexp.MustCompile(`[=(,]\s*\?`)},
}

// enginesOwn are the files that speak to one engine on purpose: what each says
// differently stands there alone.
var enginesOwn = []string{
	"../platform/db/", // dialects, settings, migrations, locks
	"../bench/",       // seeds by COPY, plans and settings of each engine
}

// returning are the files where RETURNING saves a round trip and both engines
// mean the same by it: a count that is raised and read at once.
var returning = []string{"../identity/throttle.go"}

func TestSQLIsWithinTheCommonSubset(t *testing.T) {
	checked := 0
	for _, s := range sources(t) {
		path := filepath.ToSlash(s.path)
		if s.test || slices.ContainsFunc(enginesOwn, func(p string) bool { return strings.HasPrefix(path, p) }) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			e, ok := n.(*ast.BasicLit)
			if !ok {
				return true
			}
			text, ok := literal(e)
			if !ok || !looksLikeSQL.MatchString(text) {
				return true
			}
			checked++
			for _, rule := range outside {
				if m := rule.pattern.FindString(text); m != "" && !(m == "RETURNING" && slices.Contains(returning, path)) {
					t.Errorf("%s: %s (%q in %.90q)", path, rule.name, m, text)
				}
			}
			return true
		})
	}
	if checked < 200 {
		t.Errorf("only %d statements were found", checked)
	}
}

// column is a line of a table's definition.
var column = regexp.MustCompile(`^\s*([a-z_]+)\s+([A-Z]+)\b`)

// prefixes are the rooms of the platform whose tables bear another name than
// the room's: those of the outbox belong to db, jobs and journal together.
var prefixes = map[string][]string{"db": {"db", "jobs", "journal"}}

func TestMigrationsAreWithinTheCommonSubset(t *testing.T) {
	numbers := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".sql") {
			return err
		}
		room := filepath.Base(filepath.Dir(filepath.Dir(path)))
		own := prefixes[room]
		if own == nil {
			own = []string{room}
		}
		number, rest, _ := strings.Cut(filepath.Base(path), "_")
		if numbers[number] != "" {
			t.Errorf("%s has the number of %s", path, numbers[number])
		}
		numbers[number] = path
		if !slices.ContainsFunc(own, func(o string) bool { return strings.HasPrefix(rest, o+"_") }) {
			t.Errorf("%s doesn't say whose it is", path)
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		inTable := false
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			line, comment, _ := strings.Cut(lines.Text(), "--")
			line = strings.Replace(line, ") WITHOUT ROWID;", ");", 1) // db.Migrate leaves it out for PostgreSQL
			if strings.Contains(comment, "+goose Down") {
				t.Errorf("%s goes back", path)
			}
			for _, rule := range outside {
				if m := rule.pattern.FindString(line); m != "" {
					t.Errorf("%s: %s (%q)", path, rule.name, line)
				}
			}
			if strings.Contains(line, "REFERENCES") {
				t.Errorf("%s: a foreign key: %s", path, line)
			}
			for _, m := range regexp.MustCompile(`CREATE (?:TABLE|(?:UNIQUE )?INDEX \S+ ON) (?:IF NOT EXISTS )?([a-z]+)_`).FindAllStringSubmatch(line, -1) {
				if !slices.Contains(own, m[1]) {
					t.Errorf("%s makes a table of %s", path, m[1])
				}
			}
			switch {
			case strings.Contains(line, "CREATE TABLE"):
				inTable = true
			case strings.HasPrefix(line, ")"):
				inTable = false
			case inTable && column.MatchString(line):
				m := column.FindStringSubmatch(line)
				if !slices.Contains([]string{"UUID", "TEXT", "BIGINT", "BOOLEAN", "BYTEA"}, m[2]) {
					t.Errorf("%s: a column of type %s", path, m[2])
				}
			}
		}
		return lines.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(numbers) < 12 {
		t.Errorf("only %d migrations were found", len(numbers))
	}
}

// The rooms of the platform own tables too: those of the outbox belong to db,
// jobs and journal together, vault and blob have their own, and nobody else's
// SQL names them but backup, which carries all.
func TestTablesOfThePlatformAreNamedByTheirOwner(t *testing.T) {
	owners := map[string][]string{
		"db": {"db", "jobs", "journal"}, "jobs": {"db", "jobs", "journal"}, "journal": {"db", "jobs", "journal"},
		"vault": {"platform/vault"}, "blob": {"platform/blob"},
	}
	for _, s := range sources(t) {
		path := strings.TrimPrefix(filepath.ToSlash(s.path), "../")
		if s.test || strings.HasPrefix(path, "platform/backup/") || strings.HasPrefix(path, "bench/") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			e, ok := n.(*ast.BasicLit)
			if !ok {
				return true
			}
			text, _ := literal(e)
			for _, m := range tableName.FindAllStringSubmatch(text, -1) {
				of, ok := owners[m[1]]
				if !ok || !looksLikeSQL.MatchString(text) {
					if slices.Contains(modules, m[1]) && strings.HasPrefix(path, "platform/") && looksLikeSQL.MatchString(text) {
						t.Errorf("%s names a table of %s: %.60s", path, m[1], text)
					}
					continue
				}
				if !slices.ContainsFunc(of, func(o string) bool {
					return strings.HasPrefix(path, o+"/") || strings.HasPrefix(path, "platform/"+o+"/")
				}) {
					t.Errorf("%s names a table of %s: %.60s", path, m[1], text)
				}
			}
			return true
		})
	}
}

// long are the files over 450 lines: tests whose cases belong together.
var long = map[string]bool{"platform/backup/backup_test.go": true, "platform/blob/service_test.go": true,
	"../e2e/browser_test.go": true}

func TestFilesStayShort(t *testing.T) {
	for _, root := range []string{"..", "../../cmd", "../../e2e", "../../tools", "../../docs"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.Name() == "node_modules" {
				return filepath.SkipDir
			}
			if ext := filepath.Ext(path); ext != ".go" && ext != ".templ" || strings.HasSuffix(path, "_templ.go") {
				return nil
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name := strings.TrimPrefix(filepath.ToSlash(path), "../")
			n := strings.Count(string(b), "\n")
			if strings.Contains(string(b[:min(len(b), 300)]), "Code generated") {
				return nil
			}
			if n > 450 && !long[name] {
				t.Errorf("%s has %d lines: a reader wants at most 400", name, n)
			}
			if n <= 400 && long[name] {
				t.Errorf("%s is short now", name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
