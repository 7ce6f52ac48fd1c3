package places_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"okno/internal/places"
	"okno/internal/platform/clock"
	"okno/internal/platform/web"
)

func tileServer(t *testing.T, x *places.Index) func(path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	address, err := web.ParseAddress("https://okno.example")
	if err != nil {
		t.Fatal(err)
	}
	srv, err := web.New(web.Config{Address: address, Secret: bytes.Repeat([]byte{7}, 32), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s := places.NewService(nil, clock.System{}, slog.Default())
	s.Hold(x)
	(&places.Web{Places: s}).Routes(srv, "/map/tiles.json")
	return func(path string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "https://okno.example"+path, nil)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, r)
		return w
	}
}

func TestTilesOverHTTP(t *testing.T) {
	x, a := theIndex(), home(t)
	get := tileServer(t, x)
	var about struct {
		Tiles            []string
		MinZoom, MaxZoom int
		Bounds           [4]float64
		Layers           []places.TileLayer `json:"vector_layers"`
	}
	if err := json.Unmarshal(get("/map/tiles.json").Body.Bytes(), &about); err != nil {
		t.Fatal(err)
	}
	lat, lon := a.At.Degrees()
	if b := about.Bounds; len(about.Tiles) != 1 || about.MaxZoom != places.MaxTileZoom || len(about.Layers) == 0 || lon < b[0] || lat < b[1] || lon > b[2] || lat > b[3] {
		t.Fatalf("%+v", about)
	}
	tx, ty := tileOf(a.At, 15)
	path := strings.NewReplacer("{z}", "15", "{x}", strconv.Itoa(tx), "{y}", strconv.Itoa(ty)).Replace(about.Tiles[0])
	packed := get(path, "Accept-Encoding", "gzip, br")
	want, _ := x.Tile(15, tx, ty)
	if h := packed.Header(); packed.Code != 200 || h.Get("Content-Encoding") != "gzip" || !bytes.Equal(packed.Body.Bytes(), want) ||
		h.Get("Content-Type") != "application/vnd.mapbox-vector-tile" || !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("Vary") != "Accept-Encoding" || len(h["Set-Cookie"]) > 0 {
		t.Errorf("%d %v", packed.Code, packed.Header())
	}
	plain := get(path)
	if plain.Header().Get("Content-Encoding") != "" || plain.Body.Len() <= len(want) {
		t.Errorf("for those who can't unpack: %d bytes, packed %d", plain.Body.Len(), len(want))
	}
	if w := get(path, "If-None-Match", packed.Header().Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("known already: %d, %d bytes", w.Code, w.Body.Len())
	}
	old := get(strings.Replace(path, x.TileVersion(), "before", 1), "Accept-Encoding", "gzip")
	if old.Code != 200 || strings.Contains(old.Header().Get("Cache-Control"), "immutable") || !bytes.Equal(old.Body.Bytes(), want) {
		t.Errorf("a page of the version before: %d %v", old.Code, old.Header())
	}
	for _, bad := range []string{"/map/1/15/1/2", "/map/1/15/a/2.mvt", "/map/1/16/1/2.mvt", "/map/1/9/-1/2.mvt", "/map/1/9/1/99999999999999999999.mvt"} {
		if w := get(bad); w.Code != http.StatusNotFound || strings.Contains(w.Header().Get("Cache-Control"), "public") {
			t.Errorf("%s: %d %s", bad, w.Code, w.Header().Get("Cache-Control"))
		}
	}
}

// The address of tiles is kept for ever: it must be the content's, in every process that holds it.
func TestTileVersionIsTheContents(t *testing.T) {
	r := theRegion().Register()
	v := places.NewIndex(r, 1).TileVersion()
	if again := places.NewIndex(r, 2).TileVersion(); again != v {
		t.Errorf("the same register: %s and %s", v, again)
	}
	changed := r
	changed.Streets = append([]places.Street(nil), r.Streets...)
	changed.Streets[0].Name = "Новая улица"
	if w := places.NewIndex(changed, 1).TileVersion(); w == v {
		t.Error("another name of a street, the same version")
	}
}
