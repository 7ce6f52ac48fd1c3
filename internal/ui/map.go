package ui

import (
	"context"
	"encoding/json"
	"strconv"
)

// PathTiles describes the tiles of every map (TileJSON 3.0.0): where they are, their zooms, the frame of the region.
const PathTiles = "/map/tiles.json"

// json is what the map's script needs, its words and colours' names included.
func (m MapProps) json(ctx context.Context) string {
	b, err := json.Marshal(map[string]any{
		"label": m.Label, "lat": m.Lat, "lon": m.Lon, "zoom": m.Zoom, "pin": m.Pin, "pinLabel": m.PinLabel, "bounds": m.Bounds,
		"tiles": PathTiles, "points": m.Points, "pick": m.LatName != "", "locate": m.Locate,
		"words": map[string]string{
			"in": say(ctx, "ui.map_in"), "out": say(ctx, "ui.map_out"), "me": say(ctx, "ui.map_me"), "pin": say(ctx, "ui.map_pin"),
			"where": say(ctx, "ui.map_where"), "no_position": say(ctx, "ui.map_no_position"), "failed": say(ctx, "ui.map_failed"), "open": say(ctx, "ui.map_open"), "many": say(ctx, "ui.map_many"),
			"closer": say(ctx, "ui.map_closer"),
		},
	})
	if err != nil { // not a number among the coordinates: the fallback in words stays
		return ""
	}
	return string(b)
}

func degrees(v float64, known bool) string {
	if !known {
		return ""
	}
	return strconv.FormatFloat(v, 'f', 6, 64)
}

func i64(n int64) string { return strconv.FormatInt(n, 10) }
