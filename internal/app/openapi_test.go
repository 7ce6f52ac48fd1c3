package app

import (
	"bytes"
	"flag"
	"io"
	"log/slog"
	"os"
	"testing"

	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/notify"
	"okno/internal/places"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/privacy"
	"okno/internal/taxonomy"
)

var updateAPI = flag.Bool("update", false, "write api/openapi.yaml anew")

// TestOpenAPIIsCurrent compares the published description with what the code
// says. Operations are described without a database: nothing is called.
func TestOpenAPIIsCurrent(t *testing.T) {
	address, err := web.ParseAddress("https://okno.example")
	if err != nil {
		t.Fatal(err)
	}
	srv, err := web.New(web.Config{Address: address, Secret: make([]byte, 32), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	a := api.New(srv, nil, "1")
	taxonomy.API(a, nil)
	places.API(a, nil)
	directory.API(a, nil)
	casework.API(a, nil, nil)
	notify.API(a, nil)
	privacy.API(a, nil)
	identity.API(a, nil)
	got, err := a.YAML()
	if err != nil {
		t.Fatal(err)
	}
	const name = "../../api/openapi.yaml"
	if *updateAPI {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range g {
		if i >= len(w) || !bytes.Equal(g[i], w[i]) {
			t.Fatalf("%s differs from the code, line %d:\n%s\nRead the change; then run this test with -update.", name, i+1, g[i])
		}
	}
	if len(g) != len(w) {
		t.Fatalf("%s holds %d lines, the code says %d", name, len(w), len(g))
	}
}
