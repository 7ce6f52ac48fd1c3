package ui

import "testing"

func TestAssetsBuild(t *testing.T) {
	s, err := build()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{"okno.css", "workspace.css", "gallery.css", "map.css", "okno.js", "vendor/htmx.js"} {
		a := s.files[n]
		if a == nil {
			t.Fatal(n)
		}
		br, _ := a.encoded("br")
		gz, _ := a.encoded("gzip")
		t.Log(n, len(a.body), len(gz), len(br))
	}
}
