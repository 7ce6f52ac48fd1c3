package web

import (
	"net/http/httptest"
	"testing"
)

// A refused form leads back to the page where it stands, and only to our own.
func TestCameFrom(t *testing.T) {
	s := &Server{}
	for referer, want := range map[string]string{
		"http://localhost:8080/report/new?fact=a": "/report/new?fact=a", "http://evil.example/report/new": "", "": "", "%": "",
	} {
		r := httptest.NewRequest("POST", "http://localhost:8080/report/new", nil)
		r.Header.Set("Referer", referer)
		if got := s.cameFrom(&Request{Request: r}); got != want {
			t.Errorf("%q leads back to %q, want %q", referer, got, want)
		}
	}
}

// Signing out clears what the browser keeps: drafts of forms among it.
func TestSignOutClearsStorage(t *testing.T) {
	if got := Redirect("/").SignOut().header.Get("Clear-Site-Data"); got != `"storage"` {
		t.Errorf("%q", got)
	}
}
