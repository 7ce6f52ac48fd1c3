package casework

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/db"
)

// Changed is the body of every fact of a case: what was done and each field of
// its [State] that changed, before and after. Facts are of kind
// "casework.ACTION"; one of kind "casework.file" carries the whole state.
type Changed struct {
	Action Action                     `json:"action"`
	Before map[string]json.RawMessage `json:"before,omitempty"`
	After  map[string]json.RawMessage `json:"after,omitempty"`
}

// interim tells of an approval that what it sent was an interim answer.
func (b Changed) interim() bool {
	return string(b.Before["interim"]) == "true" || text1(b.Before["plan_date"], "") != ""
}

// filed is [Changed] of a first fact, whose state is encoded as it is.
type filed struct {
	Action Action `json:"action"`
	After  *State `json:"after"`
}

// factOf makes the fact of a change.
func factOf(ch *change, old, c *Case, action Action, at time.Time) db.Fact {
	var body any = filed{action, &c.State}
	if old.State != (State{}) {
		before, after := diff(old.State, c.State)
		ch.tellReleased(before, after)
		body = Changed{Action: action, Before: before, After: after}
	}
	return db.Fact{Kind: "casework." + string(action), Subject: c.ID, Version: c.Version, Person: ch.actor.Person,
		Role: cmp.Or(ch.role, ch.actor.Name), Organisation: ch.actor.Organisation, At: at, Reason: ch.reason,
		Body: body}
}

// tellReleased says which of the files strangers see, where that is another
// list now: beside the state, for their rows hold it.
func (ch *change) tellReleased(before, after map[string]json.RawMessage) {
	if len(ch.released)+len(ch.withheld) == 0 {
		return
	}
	list := func(numbers []int64) json.RawMessage {
		if len(numbers) == 0 {
			return json.RawMessage("null")
		}
		b, _ := json.Marshal(numbers) // numbers always encode
		return b
	}
	if len(ch.in.shown) > 0 {
		before["released"] = list(ch.in.shown)
	}
	after["released"] = list(without(ch.in.Released, nil))
}

// stateField is one field of a [State] as facts name it.
type stateField struct {
	name      string
	omitEmpty bool
}

// stateFields are the fields in their order, read from the tags once.
var stateFields = func() []stateField {
	t := reflect.TypeFor[State]()
	out := make([]stateField, t.NumField())
	for i := range out {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		out[i] = stateField{name, options == "omitempty"}
	}
	return out
}()

// diff tells the fields in which two states differ. Only those are encoded:
// encoding whole states took a third of what a filing costs.
func diff(a, b State) (before, after map[string]json.RawMessage) {
	before, after = map[string]json.RawMessage{}, map[string]json.RawMessage{}
	va, vb := reflect.ValueOf(a), reflect.ValueOf(b)
	for i, f := range stateFields {
		x, y := va.Field(i), vb.Field(i)
		if x.Equal(y) {
			continue
		}
		if !f.omitEmpty || !x.IsZero() {
			before[f.name] = encoded(x)
		}
		after[f.name] = json.RawMessage("null")
		if !f.omitEmpty || !y.IsZero() {
			after[f.name] = encoded(y)
		}
	}
	return before, after
}

func encoded(v reflect.Value) json.RawMessage {
	b, _ := json.Marshal(v.Interface()) // a code, a number or an id always encodes
	return b
}

// ready is the fact with its body encoded, so that nothing is left to do in
// the transaction.
func ready(f db.Fact) db.Fact {
	b, _ := json.Marshal(f.Body) // made of encoded values
	f.Body = json.RawMessage(b)
	return f
}

// Told is one fact as replaying needs it.
type Told struct {
	Version int64
	Body    Changed
}

// Replay folds a case's facts, in whatever order they come, into its state.
// It fails where a version is missing or told twice.
func Replay(facts []Told) (State, int64, error) {
	slices.SortFunc(facts, func(a, b Told) int { return cmp.Compare(a.Version, b.Version) })
	all := map[string]json.RawMessage{}
	for i, f := range facts {
		if f.Version != int64(i+1) {
			return State{}, 0, fmt.Errorf("casework: replay: fact %d has version %d", i+1, f.Version)
		}
		for k, v := range f.Body.After {
			if bytes.Equal(v, []byte("null")) {
				delete(all, k)
				continue
			}
			all[k] = v
		}
	}
	b, err := json.Marshal(all)
	if err != nil {
		return State{}, 0, err
	}
	var s State
	if err := json.Unmarshal(b, &s); err != nil {
		return State{}, 0, fmt.Errorf("casework: replay: %w", err)
	}
	return s, int64(len(facts)), nil
}
