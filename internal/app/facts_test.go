package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/places"
	"okno/internal/platform/blob"
	"okno/internal/platform/db"
	"okno/internal/platform/jobs"
	"okno/internal/privacy"
	"okno/internal/taxonomy"
)

// documented is a kind of fact as docs/facts.md tells it.
type documented struct {
	kind, subject string
	body          any // its struct; nil: none
	what          string
}

// facts is the schema of the journal: every kind that the program writes.
var facts = slices.Concat([]documented{
	{identity.FactRegistered, "account", identity.Registered{}, "an account was made"},
	{identity.FactSignedIn, "account", identity.SessionFact{}, "a session began"},
	{identity.FactSessionEnded, "account", identity.SessionFact{}, "a session ended, or several at once"},
	{identity.FactChanged, "account", identity.Changed{}, "name, language, zone, look, contacts or login changed"},
	{identity.FactPasswordSet, "account", nil, "a password was set; reason: changed, link"},
	{identity.FactLinkMade, "account", nil, "a one-time link was made; reason: what for"},
	{identity.FactTokenMade, "account", identity.TokenFact{}, "an access token was made"},
	{identity.FactTokenRevoked, "account", identity.TokenFact{}, "an access token was revoked"},
	{identity.FactSignupAsked, "account to be", identity.SignupAsked{}, "a code or a link was asked for"},
	{identity.FactCodeRefused, "account to be", nil, "a code was refused; reason: mismatch, late, older, used"},
	{privacy.FactExported, "account", nil, "a person took an archive of their data"},
	{privacy.FactErased, "account", nil, "a person erased their account"},
	{directory.FactOrganisationAdded, "organisation", directory.Change{}, "an organisation was added"},
	{directory.FactOrganisationChanged, "organisation", directory.Change{}, "name, place in the tree, hours or reach changed"},
	{directory.FactOfficerAdded, "organisation", directory.OfficerChange{}, "a person got an office"},
	{directory.FactOfficerChanged, "organisation", directory.OfficerChange{}, "roles or absence changed"},
	{directory.FactOfficerRemoved, "organisation", directory.OfficerChange{}, "an office ended"},
	{directory.FactSettingChanged, "setting", directory.SettingChange{}, "a setting changed"},
	{taxonomy.FactRubricatorPublished, "rubricator", taxonomy.RubricatorPublished{}, "an edition of the rubricator came into force"},
	{taxonomy.FactCompetenceReplaced, "table of competence", taxonomy.CompetenceReplaced{}, "rows of competence came into force or ended"},
	{places.FactImported, "register of places", places.Imported{}, "an import changed territories, addresses or assets"},
	{blob.FactInfected, "file", blob.InfectedFact{}, "a file is malware; its bytes are gone"},
	{blob.FactUnscannable, "file", blob.InfectedFact{}, "a file can't be checked; only its sender opens it"},
	{blob.FactDeleted, "file", nil, "a file's bytes were deleted"},
	{jobs.FactRevived, "job", jobs.Revived{}, "an administrator let a job run again that was given up"},
	{"casework.joined_rated", "case", casework.JoinedRated{}, "one who joined rated the answer; no step of the case"},
	{"casework.calendar_published", "year", casework.CalendarPublished{}, "a year of the production calendar was published"},
}, steps(map[casework.Action]string{
	casework.Filed: "the case was registered; the whole state", casework.Joined: "somebody joined", casework.Unjoined: "somebody who had joined took that back", casework.Accept: "moderation let it pass",
	casework.Release: "an excerpt or photos were released to strangers", casework.Reject: "rejected; reason: a code of the procedure",
	casework.Classify: "the fact was corrected", casework.Assign: "given to an officer", casework.Take: "an officer took it",
	casework.Redirect: "handed over to the competent organisation", casework.Return: "back to coordination", casework.Ask: "a question to the applicant",
	casework.Reply: "the applicant answered", casework.Resume: "work goes on without a reply", casework.SplitUp: "split into several cases",
	casework.Merge: "merged into another", "merged_in": "another was merged into this one", casework.Extend: "a later term",
	casework.Submit: "an answer went to approval", casework.Defer: "an interim answer with a date went to approval",
	casework.Interim: "an interim answer without a date went to approval", casework.Rework: "back with a remark",
	casework.Approve: "the answer was sent", casework.Note: "an officers' note", casework.Add: "the author added facts or files",
	casework.Withdraw: "the author took it back", casework.Rate: "rated, and perhaps reopened", casework.Reopen: "its author, who had rated without reopening, thought again", casework.Lapse: "a term of the procedure ran out",
	casework.Visibility: "the author closed it to strangers, or opened it",
	casework.Vacate:     "whoever had it works there no more, or is a handler no more; nobody has it now",
	casework.Recompute:  "a term followed a published calendar", casework.Alarm: "a reminder or an overdue mark; reason: which",
}))

func steps(of map[casework.Action]string) (out []documented) {
	for action, what := range of {
		out = append(out, documented{"casework." + string(action), "case", casework.Changed{}, what})
	}
	slices.SortFunc(out, func(a, b documented) int { return strings.Compare(a.kind, b.kind) })
	return out
}

func factOf(kind string) (documented, bool) {
	i := slices.IndexFunc(facts, func(f documented) bool { return f.kind == kind })
	if i < 0 {
		return documented{}, false
	}
	return facts[i], true
}

// Every kind that the code writes, or names as a fact, has its schema; every
// schema is of a kind that the code knows.
func TestEveryFactIsDocumented(t *testing.T) {
	consts, known := constants(t), map[string]bool{}
	for name, value := range consts {
		pkg, rest, _ := strings.Cut(name, ".")
		if strings.HasPrefix(rest, "Fact") && strings.HasPrefix(value, pkg+".") {
			known[value] = true
		}
	}
	for _, s := range sources(t) { // actions of casework, each of which gives a fact
		if s.test || s.room != "casework" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if typ, ok := n.Type.(*ast.Ident); ok && typ.Name == "Action" {
					for _, v := range n.Values {
						if text, ok := literal(v); ok {
							known["casework."+text] = true
						}
					}
				}
			case *ast.CallExpr: // factOf(ch, old, c, "merged_in", at)
				if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "factOf" {
					if text, ok := literal(n.Args[3]); ok {
						known["casework."+text] = true
					}
				}
			}
			return true
		})
	}
	makers := []string{"fact", "journalFact"} // functions of modules that take the kind; their callers name constants
	composites(t, "Fact", func(s source, e ast.Expr) {
		value, prefix, ok := kind(s.file.Name.Name, e, consts)
		switch id, named := e.(*ast.Ident); {
		case ok && !prefix:
			known[value] = true
		case ok && prefix && value == "casework.":
		case named && id.Name == "kind" && s.room != "casework":
		default:
			t.Errorf("%s: a fact of a kind that can't be told", s.path)
		}
	})
	for _, s := range sources(t) {
		if s.test || s.room == "casework" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 5 {
				return true
			}
			name := ""
			switch f := call.Fun.(type) {
			case *ast.Ident:
				name = f.Name
			case *ast.SelectorExpr:
				name = f.Sel.Name
			}
			if slices.Contains(makers, name) {
				value, _, ok := kind(s.file.Name.Name, call.Args[1], consts)
				if id, named := call.Args[1].(*ast.Ident); !ok && named && id.Name == "kind" {
					return true // chosen from constants just above
				}
				if !ok {
					t.Errorf("%s: a fact of a kind that can't be told", s.path)
				}
				known[value] = true
			}
			return true
		})
	}
	for _, k := range slices.Concat(identity.Facts(), directory.Facts(), taxonomy.JournalFacts(), casework.FactKinds()) {
		if !known[k] {
			t.Errorf("a module lists a fact %q that it can't write", k)
		}
	}
	for k := range known {
		if _, ok := factOf(k); !ok {
			t.Errorf("%q has no schema", k)
		}
	}
	for _, f := range facts {
		if !known[f.kind] {
			t.Errorf("%q has a schema and is written nowhere", f.kind)
		}
	}
	checkFile(t, "../../docs/facts.md", factsTable())
}

// factsTable is docs/facts.md.
func factsTable() []byte {
	var b bytes.Buffer
	b.WriteString(`# Facts of the journal

Every change writes its facts into an append-only table in its own transaction:
who did it (person, role, on whose behalf), about what (the subject and its
version), when, why (a code) and a body, a struct of the module as JSON. A fact
holds ids, codes and times: no free text and no personal value. Consumers get
facts in no promised order.

This table is made from the code: ` + "`go test ./internal/app -run TestEveryFactIsDocumented -update`" + `.

| kind | what happened | subject | body |
|---|---|---|---|
`)
	for _, f := range facts {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.kind, f.what, f.subject, bodyText(f.body))
	}
	return b.Bytes()
}

func bodyText(body any) string {
	if body == nil {
		return "–"
	}
	t := reflect.TypeOf(body)
	var names []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	return fmt.Sprintf("`%s`: %s", t, strings.Join(names, ", "))
}

// checkFile compares a document with what the code says, or writes it anew.
func checkFile(t *testing.T, name string, want []byte) {
	t.Helper()
	if *updateAPI {
		if err := os.WriteFile(name, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what the code says (%v): run this test with -update and read the change", name, err)
	}
}

// What an installation really writes has the documented shape, and nothing
// that a person wrote or is called.
func TestFactsHaveTheirShape(t *testing.T) {
	w := newStreet(t)
	type row struct{ kind, body string }
	rows, err := db.All(t.Context(), w.DB, func(s db.Scanner) (r row, err error) { return r, s.Scan(&r.kind, &r.body) }, `SELECT kind, body FROM journal_fact`)
	w.must(err)
	seen := map[string]bool{}
	for _, r := range rows {
		f, ok := factOf(r.kind)
		if !ok {
			t.Errorf("a fact %q was written that has no schema", r.kind)
			continue
		}
		seen[r.kind] = true
		if f.body == nil {
			if r.body != "" && r.body != "null" && r.body != "{}" {
				t.Errorf("%s has a body: %s", r.kind, r.body)
			}
			continue
		}
		d := json.NewDecoder(strings.NewReader(r.body))
		d.DisallowUnknownFields()
		if err := d.Decode(reflect.New(reflect.TypeOf(f.body)).Interface()); err != nil {
			t.Errorf("%s isn't a %T: %v: %s", r.kind, f.body, err, r.body)
		}
		for _, k := range w.cases[:3] {
			for _, word := range k.words {
				if !strings.HasPrefix(k.number, word[:4]) && strings.Contains(r.body, word) {
					t.Errorf("%s holds a person's words or name: %s", r.kind, r.body)
				}
			}
		}
	}
	for _, k := range []string{identity.FactRegistered, identity.FactTokenMade, directory.FactOfficerAdded, "casework.file", "casework.join", "casework.accept", places.FactImported} {
		if !seen[k] {
			t.Errorf("no fact %s among %d", k, len(rows))
		}
	}
}
