package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"okno/internal/platform/errs"
)

// importRow is one row as it is going to be filed.
type importRow struct {
	line                          int
	external                      string
	digest                        []byte
	text, topic, agency, category string
	place, lang                   string
	lat, lon                      int64 // microdegrees
	at                            time.Time
	state                         string // open, closed; empty: not said
}

// importColumns is where each field stands in a record; absent: nowhere.
type importColumns map[string]int

// readHeader finds the columns. A column that the map names must be there; a
// field that it doesn't name is looked for under its own name.
func readHeader(table *csvReader, names map[string]string) (importColumns, error) {
	head, err := table.next()
	if errors.Is(err, io.EOF) {
		return nil, invalidImport("file", "empty")
	}
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err)
	}
	if head.bad != "" {
		return nil, invalidImport("header", head.bad)
	}
	table.width = len(head.fields)
	where := func(name string) int {
		return slices.IndexFunc(head.fields, func(f string) bool { return strings.EqualFold(strings.TrimSpace(f), strings.TrimSpace(name)) })
	}
	for field := range names {
		if !slices.Contains(ImportFields(), field) {
			return nil, invalidImport(field, "unknown")
		}
	}
	out := importColumns{}
	for _, column := range ImportTable() {
		field := column.Name
		name, named := names[field]
		if !named {
			name = field
		}
		i := where(name)
		if i < 0 && (named || column.Required) {
			return nil, invalidImport(field, "missing")
		}
		if i >= 0 {
			out[field] = i
		}
	}
	return out, nil
}

// row reads a record; a reason in the answer means that it can't be taken.
func (m importColumns) row(rec csvRecordRow, zone *time.Location, now time.Time) (importRow, BadRow) {
	r := importRow{line: rec.line}
	bad := BadRow{Line: rec.line, Reason: rec.bad}
	if rec.bad == "encoding" {
		if v := m.of(rec, "id"); utf8.ValidString(v) && !strings.ContainsRune(v, 0) {
			bad.External = v
		}
	}
	if bad.Reason != "" {
		return r, bad
	}
	refuse := func(reason, field string) (importRow, BadRow) {
		return r, BadRow{Line: rec.line, External: r.external, Reason: reason, Field: field}
	}
	r.external, r.text = m.of(rec, "id"), m.of(rec, "text")
	r.topic, r.agency, r.category = m.of(rec, "topic"), m.of(rec, "agency"), m.of(rec, "category")
	r.place, r.lang = m.of(rec, "place"), m.of(rec, "lang")
	switch r.lang = strings.ToLower(r.lang); r.lang {
	case "":
		r.lang = "ru"
	case "ru", "en":
	default:
		return refuse("lang", "lang")
	}
	if r.text == "" {
		return refuse("text", "text")
	}
	if len(r.external) > 500 {
		return refuse("too_long", "id")
	}
	sum := sha256.Sum256([]byte(r.text))
	r.digest = sum[:16]
	if r.external == "" { // known by what it says
		sum := sha256.Sum256([]byte(strings.Join(rec.fields, "\x00")))
		r.external = "sha256:" + hex.EncodeToString(sum[:16])
	}
	if text := m.of(rec, "date"); text != "" {
		at, ok := importTime(text, zone)
		if !ok {
			return refuse("date", "date")
		}
		if at.After(now) {
			return refuse("future", "date")
		}
		r.at = at
	}
	if text := m.of(rec, "state"); text != "" {
		if r.state = importStates[strings.ToLower(text)]; r.state == "" {
			return refuse("state", "state")
		}
	}
	lat, lon := m.of(rec, "lat"), m.of(rec, "lon")
	if lat != "" || lon != "" {
		y, okLat := microdegrees(lat, 90)
		x, okLon := microdegrees(lon, 180)
		if !okLat || !okLon {
			return refuse("point", "lat")
		}
		r.lat, r.lon = y, x
	}
	return r, BadRow{}
}

func (m importColumns) of(rec csvRecordRow, field string) string {
	i, ok := m[field]
	if !ok {
		return ""
	}
	return strings.TrimSpace(rec.fields[i])
}

// importStates are the words of a file for whether a report is over.
var importStates = map[string]string{
	"open": "open", "new": "open", "in work": "open", "in_work": "open", "открыто": "open", "новое": "open", "в работе": "open", "на исполнении": "open",
	"closed": "closed", "done": "closed", "answered": "closed", "rejected": "closed", "archived": "closed",
	"закрыто": "closed", "решено": "closed", "выполнено": "closed", "исполнено": "closed", "отвечено": "closed", "отклонено": "closed", "архив": "closed",
}

var importTimes = []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", time.DateOnly,
	"02.01.2006 15:04:05", "02.01.2006 15:04", "02.01.2006"}

func importTime(text string, zone *time.Location) (time.Time, bool) {
	for _, layout := range importTimes {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil && at.Year() >= 1990 {
			return at, true
		}
	}
	return time.Time{}, false
}

func microdegrees(text string, limit float64) (int64, bool) {
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > limit {
		return 0, false
	}
	return int64(math.Round(v * 1e6)), true
}

func invalidImport(field, rule string) error {
	return &errs.Error{Code: errs.Invalid, Key: "import.file_" + rule, Args: map[string]any{"Field": field},
		Fields: []errs.Field{{Name: field, Rule: rule}}}
}
