package casework

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
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

// factOf makes the fact of a change.
func factOf(ch *change, old, c *Case, action Action, at time.Time) db.Fact {
	before, after := diff(old.State, c.State)
	return db.Fact{Kind: "casework." + string(action), Subject: c.ID, Version: c.Version, Person: ch.actor.Person,
		Role: cmp.Or(ch.role, ch.actor.Name), Organisation: ch.actor.Organisation, At: at, Reason: ch.reason,
		Body: Changed{Action: action, Before: before, After: after}}
}

// diff tells the fields in which two states differ.
func diff(a, b State) (before, after map[string]json.RawMessage) {
	am, bm := fields(a), fields(b)
	if a == (State{}) {
		return nil, bm
	}
	before, after = map[string]json.RawMessage{}, map[string]json.RawMessage{}
	for k, v := range bm {
		if !bytes.Equal(am[k], v) {
			after[k] = v
			if old, ok := am[k]; ok {
				before[k] = old
			}
		}
	}
	for k, v := range am {
		if _, ok := bm[k]; !ok {
			before[k], after[k] = v, json.RawMessage("null")
		}
	}
	return before, after
}

func fields(s State) map[string]json.RawMessage {
	b, _ := json.Marshal(s) // a flat struct of codes and numbers always encodes
	m := map[string]json.RawMessage{}
	_ = json.Unmarshal(b, &m) // what was just encoded
	return m
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
