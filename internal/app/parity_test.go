package app

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"okno/internal/casework"
)

// callsOf are, for every page that somebody reads and every form that somebody
// sends, the operations by which a program does the same.
var callsOf = map[string]string{
	// A citizen.
	"GET /{$}":                          "list-public-reports my-reports list-notices",
	"GET /report/new":                   "preview-report",
	"POST /report/new":                  "file-report",
	"POST /report/new/live":             "preview-report suggest-facts",
	"GET /report/topics.json":           "search-rubricator get-rubricator get-fact",
	"GET /report/places.json":           "search-addresses locate-point",
	"GET /report/offices.json":          "search-organisations",
	"GET /reports":                      "my-reports",
	"GET /reports/{number}":             "get-report report-history get-public-report",
	"GET /reports/{number}/public":      "get-public-report",
	"GET /reports/{number}/filed":       "get-report",
	"POST /reports/{number}/visibility": "set-visibility",
	"POST /reports/{number}/join":       "join-report",
	"POST /reports/{number}/unjoin":     "unjoin-report",
	"POST /reports/{number}/add":        "perform-action",
	"POST /reports/{number}/reply":      "perform-action",
	"POST /reports/{number}/withdraw":   "perform-action",
	"POST /reports/{number}/rate":       "perform-action rate-joined-report",
	"POST /reports/{number}/reopen":     "perform-action",
	"GET /reports/{number}/files/{n}":   "get-report-file",
	"POST /files":                       "upload-file",
	"GET /files/{id}":                   "get-file",
	"DELETE /files/{id}":                "delete-file",
	"GET /map":                          "list-public-reports list-territories",
	"GET /map/reports.json":             "list-public-reports",
	"GET /notices":                      "list-notices mark-notices-read count-unread-notices",
	"GET /account":                      "who-am-i",
	"GET /account/reads":                "list-reads",
	"GET /account/data":                 "export-my-data",
	"POST /account/export":              "export-my-data",
	// An officer.
	"GET /w":                                "my-workplaces",
	"GET /w/{org}":                          "list-inbox list-folders",
	"GET /w/{org}/find":                     "get-report",
	"GET /w/{org}/cases/{number}":           "get-report report-history",
	"GET /w/{org}/cases/{number}/files/{n}": "get-report-file",
	"POST /w/{org}/cases/{number}/{action}": "perform-action split-report",
	"POST /w/{org}/bulk":                    "perform-bulk-action",
	// Administrators of an organisation and of the region.
	"GET /w/{org}/officers":                                       "list-officers",
	"POST /w/{org}/officers":                                      "add-officer",
	"GET /w/{org}/officers/{person}":                              "get-officer",
	"POST /w/{org}/officers/{person}":                             "change-officer",
	"POST /w/{org}/officers/{person}/remove":                      "remove-officer",
	"GET /w/{org}/hours":                                          "get-hours",
	"POST /w/{org}/hours":                                         "change-hours",
	"GET /w/{org}/reads":                                          "list-organisation-reads list-all-organisations-reads",
	"GET /w/{org}/organisations":                                  "search-organisations",
	"POST /w/{org}/organisations":                                 "add-organisation",
	"GET /w/{org}/organisations/{code}":                           "get-organisation",
	"POST /w/{org}/organisations/{code}":                          "change-organisation",
	"GET /w/{org}/organisations/{code}/officers":                  "list-officers",
	"POST /w/{org}/organisations/{code}/officers":                 "add-officer",
	"GET /w/{org}/organisations/{code}/officers/{person}":         "get-officer",
	"POST /w/{org}/organisations/{code}/officers/{person}":        "change-officer",
	"POST /w/{org}/organisations/{code}/officers/{person}/remove": "remove-officer",
	"GET /w/{org}/settings":                                       "list-settings get-setting list-setting-values",
	"POST /w/{org}/settings":                                      "add-setting-value",
	"GET /w/{org}/status":                                         "get-installation",
	"POST /w/{org}/status/jobs/{id}":                              "rerun-job",
}

// Reasons why a page has no operation.
const (
	atAScreen = "a person at a screen alone: the policy refuses every token, so that a stolen one can't become the account"
	ofBrowser = "concerns the asking browser alone: its session, its look, its language"
	words     = "words and pictures of the site; nothing is kept or told there"
	emptyForm = "an empty form"
)

var pageOnly = map[string]string{
	"GET /sign-in": ofBrowser, "POST /sign-in": ofBrowser, "POST /sign-out": ofBrowser, "GET /view": ofBrowser, "POST /view": ofBrowser, "POST /language": ofBrowser,
	"GET /register": atAScreen, "POST /register": atAScreen,
	"GET /register/sent/{signup}": atAScreen, "POST /register/sent/{signup}": atAScreen, "POST /register/sent/{signup}/again": atAScreen,
	"GET /register/link/{token}": atAScreen, "POST /register/link/{token}": atAScreen, "GET /password/{token}": atAScreen, "POST /password/{token}": atAScreen,
	"POST /account": atAScreen, "GET /account/password": atAScreen, "POST /account/password": atAScreen,
	"GET /account/sessions": atAScreen, "POST /account/sessions": atAScreen,
	"GET /account/tokens": atAScreen, "POST /account/tokens": atAScreen, "POST /account/tokens/revoke": atAScreen,
	"GET /account/erase": atAScreen, "POST /account/erase": atAScreen,
	"GET /w/{org}/organisations/new": emptyForm,
	"GET /help/report-or-appeal":     words, "GET /help/terms": words, "GET /errors/{code}": words, "GET /api": words,
	"GET /design": words, "GET /design/report": words, "GET /design/workspace": words, "GET /design/workspace/empty": words,
	"GET /map/tiles.json": words, "GET /map/{version}/{z}/{x}/{tile}": words,
}

// Whatever a page offers, a program can do too: each route is named with its
// operations, or with the reason why it has none.
func TestEveryPageHasItsCall(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]struct {
			ID         string `json:"operationId"`
			Parameters []struct {
				Name   string
				Schema struct{ Enum []string }
			}
		}
	}
	if err := json.Unmarshal(described(t, "json"), &doc); err != nil {
		t.Fatal(err)
	}
	operations := map[string]bool{}
	actions := map[string][]string{} // by operation: what its path names
	for _, methods := range doc.Paths {
		for _, op := range methods {
			operations[op.ID] = true
			for _, p := range op.Parameters {
				if p.Name == "action" {
					actions[op.ID] = p.Schema.Enum
				}
			}
		}
	}
	routes := map[string]bool{}
	for _, r := range newTown(t, "").Web.Routes() {
		if strings.Contains(r.Pattern, " /api/") {
			continue
		}
		routes[r.Pattern] = true
		switch _, none := pageOnly[r.Pattern]; {
		case callsOf[r.Pattern] == "" && !none:
			t.Errorf("%s: no program can do it: add an operation, or a reason", r.Pattern)
		case callsOf[r.Pattern] != "" && none:
			t.Errorf("%s: has operations and a reason to have none", r.Pattern)
		}
		for _, op := range strings.Fields(callsOf[r.Pattern]) {
			if !operations[op] {
				t.Errorf("%s: there is no operation %s", r.Pattern, op)
			}
		}
	}
	for pattern := range callsOf {
		if !routes[pattern] {
			t.Errorf("%s is no route", pattern)
		}
	}
	for pattern := range pageOnly {
		if !routes[pattern] {
			t.Errorf("%s is no route", pattern)
		}
	}
	procedures, err := casework.DefaultProcedures()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range procedures[0].Actions {
		if row.Policy != "" && row.Code != casework.SplitUp && !slices.Contains(actions["perform-action"], string(row.Code)) {
			t.Errorf("%s is an action of a report that no program can do", row.Code)
		}
	}
}
