package places

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"okno/internal/platform/errs"
	"okno/internal/platform/web"
	"okno/internal/policy"
)

// Web serves the tiles of the map: to everybody, without a session.
type Web struct {
	Places *Service
	srv    *web.Server
}

// Routes registers the description of the tiles at path (TileJSON 3.0.0) and the tiles themselves.
func (w *Web) Routes(s *web.Server, path string) {
	w.srv = s
	s.HandleRaw("GET "+path, web.Open(policy.PlacesRead), w.describe)
	s.HandleRaw("GET /map/{version}/{z}/{x}/{tile}", web.Open(policy.PlacesRead), w.tile)
}

// describe tells the addresses of the tiles of the register as it is now.
func (w *Web) describe(out http.ResponseWriter, r *web.Request) {
	x, err := w.Places.register(r.Actor)
	if err != nil {
		w.srv.Fail(out, r, err)
		return
	}
	body, err := json.Marshal(map[string]any{"tilejson": "3.0.0", "name": "Okno", "scheme": "xyz", "minzoom": MinTileZoom, "maxzoom": MaxTileZoom,
		"bounds": x.Bounds(), "tiles": []string{"/map/" + x.TileVersion() + "/{z}/{x}/{y}.mvt"}, "vector_layers": TileLayers()})
	if err != nil {
		w.srv.Fail(out, r, fmt.Errorf("describe the tiles: %w", err))
		return
	}
	out.Header().Set("Content-Type", "application/json")
	w.send(out, r, body, `W/"`+x.TileVersion()+`"`, "public, max-age=60")
}

// tileRate is of one network address: a map in quick motion asks for some hundred tiles a minute.
var tileRate = web.Rate{PerMinute: 3000, Burst: 1000}

// tile sends a tile. Under the version of the register as it is now it is kept
// for ever; a page of the version before gets what is there, for a minute.
func (w *Web) tile(out http.ResponseWriter, r *web.Request) {
	if err := w.srv.Limit(r, "t"+r.Client.String(), tileRate); err != nil {
		w.srv.Fail(out, r, err)
		return
	}
	name, format := strings.CutSuffix(r.PathValue("tile"), ".mvt")
	z, err1 := strconv.Atoi(r.PathValue("z"))
	tx, err2 := strconv.Atoi(r.PathValue("x"))
	ty, err3 := strconv.Atoi(name)
	x, err := w.Places.register(r.Actor)
	if err != nil {
		w.srv.Fail(out, r, err)
		return
	}
	data, ok := []byte(nil), format && err1 == nil && err2 == nil && err3 == nil
	if ok {
		data, ok = x.Tile(z, tx, ty)
	}
	if !ok {
		w.srv.Fail(out, r, errs.New(errs.NotFound, ""))
		return
	}
	kept := "public, max-age=60"
	if r.PathValue("version") == x.TileVersion() {
		kept = "public, max-age=31536000, immutable"
	}
	h := out.Header()
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
	} else {
		plain, err := unzip(data)
		if err != nil {
			w.srv.Fail(out, r, fmt.Errorf("tile %d/%d/%d: %w", z, tx, ty, err))
			return
		}
		data = plain
	}
	w.send(out, r, data, fmt.Sprintf(`W/"%s-%d-%d-%d"`, x.TileVersion(), z, tx, ty), kept)
}

func unzip(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func (w *Web) send(out http.ResponseWriter, r *web.Request, body []byte, tag, kept string) {
	h := out.Header()
	h.Set("Cache-Control", kept)
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		out.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = out.Write(body) // a reader that left is nobody's failure
	}
}
