package casework

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"github.com/BurntSushi/toml"

	"okno/internal/calendar"
	"okno/internal/policy"
)

// Procedure is how one kind of matter is handled, as rows: stages with their
// roles and limits, actions with their rules. A published version never
// changes; a case keeps the version it was filed under.
type Procedure struct {
	Code       string `toml:"code" json:"code"`
	Version    int64  `toml:"version" json:"version"`
	Name       string `toml:"name" json:"name"`
	NameEN     string `toml:"name_en" json:"name_en"`
	FirstStage Stage  `toml:"first_stage" json:"first_stage"`

	PauseWhileAsked bool          `toml:"pause_while_asked" json:"pause_while_asked"`
	LastDay         calendar.Roll `toml:"last_day" json:"last_day"`
	RateWindow      calendar.Term `toml:"rate_window" json:"rate_window"`
	ReopenTerm      calendar.Term `toml:"reopen_term" json:"reopen_term"`
	Reopens         int64         `toml:"reopens" json:"reopens"`
	Extension       calendar.Term `toml:"extension" json:"extension"`
	Extensions      int64         `toml:"extensions" json:"extensions"`
	DeferAtMost     calendar.Term `toml:"defer_at_most" json:"defer_at_most"`
	Deferrals       int64         `toml:"deferrals" json:"deferrals"`
	AnswerWait      calendar.Term `toml:"answer_wait" json:"answer_wait"`
	RemindBefore    calendar.Term `toml:"remind_before" json:"remind_before"`

	Stages  []StageRow  `toml:"stage" json:"stages"`
	Actions []ActionRow `toml:"action" json:"actions"`
}

// StageRow is one stage of a procedure.
type StageRow struct {
	Code  Stage         `toml:"code" json:"code"`
	Role  policy.Role   `toml:"role" json:"role,omitempty"` // whose work it is
	Limit calendar.Term `toml:"limit" json:"limit"`         // the stage's own term; N 0: none
	Face  string        `toml:"face" json:"face"`           // what the citizen is told: case.face.FACE
}

// ActionRow says when an action is possible, who may do it and under which rules.
type ActionRow struct {
	Code    Action        `toml:"code" json:"code"`
	From    []Stage       `toml:"from" json:"from"`
	To      Stage         `toml:"to" json:"to,omitempty"` // empty: the stage stays
	Policy  policy.Action `toml:"policy" json:"policy"`
	Rules   []string      `toml:"rules" json:"rules,omitempty"`
	Reasons []string      `toml:"reasons" json:"reasons,omitempty"`
	Outcome Outcome       `toml:"outcome" json:"outcome,omitempty"`
}

// Stage finds a stage's row.
func (p *Procedure) Stage(code Stage) (StageRow, bool) {
	i := slices.IndexFunc(p.Stages, func(s StageRow) bool { return s.Code == code })
	if i < 0 {
		return StageRow{}, false
	}
	return p.Stages[i], true
}

// Action finds an action's row.
func (p *Procedure) Action(code Action) (ActionRow, bool) {
	i := slices.IndexFunc(p.Actions, func(a ActionRow) bool { return a.Code == code })
	if i < 0 {
		return ActionRow{}, false
	}
	return p.Actions[i], true
}

// Possible lists the actions that the stage allows, in the procedure's order.
func (p *Procedure) Possible(s Stage) []ActionRow {
	var rows []ActionRow
	for _, a := range p.Actions {
		if slices.Contains(a.From, s) {
			rows = append(rows, a)
		}
	}
	return rows
}

// Check tells what is wrong with a procedure before it is published: a stage
// that doesn't exist, a rule without a function, an action without a handler,
// a stage that no action leads to.
func (p *Procedure) Check() error {
	reached := map[Stage]bool{p.FirstStage: true, StageDeferred: true, StageCoordination: true}
	for _, a := range p.Actions {
		if _, ok := actions[a.Code]; !ok {
			return fmt.Errorf("procedure %s: action %q is not known", p.Code, a.Code)
		}
		for _, r := range a.Rules {
			if _, ok := rules[r]; !ok {
				return fmt.Errorf("procedure %s: action %s: rule %q is not known", p.Code, a.Code, r)
			}
		}
		for _, s := range append(slices.Clone(a.From), a.To) {
			if _, ok := p.Stage(s); !ok && s != "" {
				return fmt.Errorf("procedure %s: action %s: stage %q is not known", p.Code, a.Code, s)
			}
		}
		reached[a.To] = true
	}
	for _, s := range p.Stages {
		if !reached[s.Code] {
			return fmt.Errorf("procedure %s: no action leads to stage %s", p.Code, s.Code)
		}
	}
	return nil
}

//go:embed procedures/*.toml
var procedureFiles embed.FS

// DefaultProcedures are those that a new installation begins with.
func DefaultProcedures() ([]Procedure, error) {
	names, err := fs.Glob(procedureFiles, "procedures/*.toml")
	if err != nil {
		return nil, err
	}
	var all []Procedure
	for _, name := range names {
		var p Procedure
		if _, err := toml.DecodeFS(procedureFiles, name, &p); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := p.Check(); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}
