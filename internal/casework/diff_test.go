package casework

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"okno/internal/platform/id"
)

// A fact names each field as JSON would, and says null of one that is gone.
func TestDiffIsThatOfTheEncodedStates(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	draw := func() State {
		var s State
		v := reflect.ValueOf(&s).Elem()
		for i := range v.NumField() {
			if rng.IntN(2) == 0 {
				continue
			}
			switch f := v.Field(i); f.Kind() {
			case reflect.String:
				f.SetString([]string{"a", "<b>&"}[rng.IntN(2)])
			case reflect.Int64:
				f.SetInt(int64(rng.IntN(3)))
			case reflect.Bool:
				f.SetBool(true)
			default:
				f.Set(reflect.ValueOf(id.ID{byte(rng.IntN(2))}))
			}
		}
		return s
	}
	fields := func(s State) map[string]json.RawMessage {
		b, err := json.Marshal(s)
		m := map[string]json.RawMessage{}
		if err == nil {
			err = json.Unmarshal(b, &m)
		}
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	text := func(m map[string]json.RawMessage) string { b, _ := json.Marshal(m); return string(b) }
	for range 500 {
		a, b := draw(), draw()
		am, bm := fields(a), fields(b)
		before, after := map[string]json.RawMessage{}, map[string]json.RawMessage{}
		for name, v := range bm {
			if string(am[name]) != string(v) {
				after[name] = v
				if old, ok := am[name]; ok {
					before[name] = old
				}
			}
		}
		for name, v := range am {
			if _, ok := bm[name]; !ok {
				before[name], after[name] = v, json.RawMessage("null")
			}
		}
		gotBefore, gotAfter := diff(a, b)
		if text(gotBefore) != text(before) || text(gotAfter) != text(after) {
			t.Fatalf("diff(%+v, %+v)\n = %s, %s\nwant %s, %s", a, b, text(gotBefore), text(gotAfter), text(before), text(after))
		}
		first := ready(factOf(&change{}, &Case{}, &Case{State: b}, "file", time.Time{}))
		var whole Changed
		if err := json.Unmarshal(first.Body.(json.RawMessage), &whole); err != nil || whole.Before != nil || text(whole.After) != text(bm) {
			t.Fatalf("of a first fact: %s, %v, want %s", first.Body, err, text(bm))
		}
	}
}

// What a person may change between two sendings changes the print; the language doesn't.
func TestPrintTellsInputsApart(t *testing.T) {
	base := FileInput{Key: "k", Text: "Яма", Fact: "roads.surface.pothole", Channel: "portal", Lang: "ru"}
	same := base
	same.Lang, same.Key = "en", "another"
	if string(base.print()) != string(same.print()) {
		t.Error("the language or the key tells inputs apart")
	}
	for name, change := range map[string]func(in *FileInput){
		"text": func(in *FileInput) { in.Text += "!" }, "fact": func(in *FileInput) { in.Fact = "yard.bench.broken" },
		"place": func(in *FileInput) { in.Place.Lat++ }, "note": func(in *FileInput) { in.Place.Note = "у ларька" },
		"details": func(in *FileInput) { in.Details = map[string]string{"when": "вчера"} }, "files": func(in *FileInput) { in.Files = []id.ID{id.New()} },
		"hidden": func(in *FileInput) { in.Hidden = true }, "organisation": func(in *FileInput) { in.Organisation = id.New() },
		"channel": func(in *FileInput) { in.Channel = "api" },
	} {
		other := base
		if change(&other); string(base.print()) == string(other.print()) {
			t.Errorf("another %s is the same input", name)
		}
	}
}
