package casework

import (
	"strings"

	"okno/internal/platform/web"
)

// Pages on which a form stands whose words outlived a lost session.

func formOf(path string) func(*web.Request) string {
	return func(*web.Request) string { return path }
}

// reportOf is the citizen's page of a report.
func reportOf(r *web.Request) string { return "/reports/" + r.PathValue("number") }

// actionOf is the officer's page of a case with the form of an action open.
func actionOf(r *web.Request) string {
	page, action := r.URL.Path, r.PathValue("action")
	page = strings.TrimSuffix(page, "/"+action)
	if r.URL.RawQuery != "" {
		return page + "?" + r.URL.RawQuery + "&do=" + action
	}
	return page + "?do=" + action
}

// listOf is the officer's list, where the form for several cases begins.
func listOf(r *web.Request) string {
	if r.URL.RawQuery == "" {
		return "/w/" + r.PathValue("org")
	}
	return "/w/" + r.PathValue("org") + "?" + r.URL.RawQuery
}
