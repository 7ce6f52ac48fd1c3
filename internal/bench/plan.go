package bench

import (
	"encoding/json"
	"os"
	"path/filepath"

	"okno/internal/platform/id"
)

// Plan is what seed tells load: who is signed in, and what there is to ask. It
// holds tokens of sessions that exist in this folder alone.
type Plan struct {
	Reports  int64     `json:"reports"`
	Clients  []Session `json:"clients"` // citizens who file
	Readers  []Session `json:"readers"` // citizens with several pages of reports, and some of their numbers
	Officer  Session   `json:"officer"` // of the largest authority
	Org      string    `json:"org"`     // its code
	OrgHolds int64     `json:"org_holds"`
	Numbers  []string  `json:"numbers"` // cases of the largest authority
	Facts    []Asked   `json:"facts"`   // what may be filed
	Houses   []House   `json:"houses"`  // where
	Common   Filter    `json:"common"`  // values with many rows in work
	Rare     Filter    `json:"rare"`    // values with few
	Second   string    `json:"second"`  // ?after= of the second page of the inbox
}

// Session is a signed-in person.
type Session struct {
	Person  string   `json:"person"`
	Token   string   `json:"token"`
	Numbers []string `json:"numbers,omitempty"`
}

// House is a house with the words under which a form names it.
type House struct {
	ID   id.ID  `json:"id"`
	Text string `json:"text"`
}

// Asked is a fact with the fields that its form demands.
type Asked struct {
	Code   string   `json:"code"`
	Fields []string `json:"fields,omitempty"`
}

// Filter holds one value of each filter of an authority's list.
type Filter struct {
	Stage     string `json:"stage"`
	Deadline  string `json:"deadline"`
	Category  string `json:"category"`
	Territory string `json:"territory"`
	Handler   string `json:"handler"`
}

// PlanFile is where the plan of a data folder stands.
func PlanFile(data string) string { return filepath.Join(data, "bench.json") }

// ReadPlan reads what seed left.
func ReadPlan(data string) (*Plan, error) {
	b, err := os.ReadFile(PlanFile(data))
	if err != nil {
		return nil, err
	}
	p := &Plan{}
	return p, json.Unmarshal(b, p)
}

func (p *Plan) write(data string) error {
	b, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(PlanFile(data), append(b, '\n'), 0o600)
}
