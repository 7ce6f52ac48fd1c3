package casework

import (
	"context"
	"encoding/json"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// FactKinds are the facts of a case of which somebody is told.
func FactKinds() []string {
	var kinds []string
	for _, a := range []Action{Filed, Reject, Assign, Take, Redirect, Ask, Reply, Add, Extend, Rework, Approve, Rate, Reopen, Lapse, Merge, SplitUp, Withdraw, Alarm} {
		kinds = append(kinds, "casework."+string(a))
	}
	return kinds
}

// Addressee is somebody to be told of a step of a case.
type Addressee struct {
	Person id.ID
	Kind   string // what the notice says
	Number string // under which this person knows the case
	Office id.ID  // in whose workspace; Nil for a citizen
	Args   map[string]string
}

// Step is one fact of a case.
type Step struct {
	Fact, Case id.ID
	Who        id.ID // who acted
	Action     Action
	Reason     string
	Body       Changed
}

// Tell decides who is told of facts of cases, one message each, by the facts'
// ids. Nobody is told of their own act, but that a report was filed; of a case
// that is gone nobody is told.
func (s *Service) Tell(ctx context.Context, steps []Step) (map[id.ID][]Addressee, error) {
	if len(steps) == 0 {
		return nil, nil
	}
	e := s.db.Engine()
	subjects := make([]id.ID, len(steps))
	for i, st := range steps {
		subjects[i] = st.Case
	}
	list, err := db.All(ctx, s.db, scanCase, `SELECT `+caseColumns+` FROM casework_case WHERE `+db.In(e, "id", 1), db.IDs(e, subjects))
	if err != nil {
		return nil, err
	}
	cases, shared := make(map[id.ID]*Case, len(list)), []id.ID(nil)
	for i := range list {
		cases[list[i].ID] = &list[i]
		if list[i].People > 1 {
			shared = append(shared, list[i].ID)
		}
	}
	joined, err := s.joined(ctx, shared)
	if err != nil {
		return nil, err
	}
	into, err := s.tookIn(ctx, steps, cases)
	if err != nil {
		return nil, err
	}
	staff, err := s.staffFor(ctx, steps, cases)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID][]Addressee, len(steps))
	for _, st := range steps {
		c := cases[st.Case]
		if c == nil {
			continue
		}
		if st.Action == Reply && c.Handler == id.Nil { // whoever asked, of whom the case says nothing
			asked := *c
			if asked.Handler, err = s.asker(ctx, c.ID); err != nil {
				return nil, err
			}
			c = &asked
		}
		out[st.Fact] = addressees(c, st.Who, st.Action, st.Reason, st.Body, joined[c.ID], s.told(c, st, staff[c.Organisation]))
		if st.Action == Merge {
			tellMerged(out[st.Fact], c, into[c.Parent])
		}
	}
	return out, nil
}

// asker is who put the last question of a case.
func (s *Service) asker(ctx context.Context, c id.ID) (id.ID, error) {
	who, err := db.One(ctx, s.db, db.ID, `SELECT author_id FROM casework_entry WHERE case_id=$1 AND kind=$2 ORDER BY n DESC LIMIT 1`, c, EntryQuestion)
	if errs.Is(err, errs.NotFound) {
		return id.Nil, nil
	}
	return who, err
}

// joined finds those who joined cases.
func (s *Service) joined(ctx context.Context, cases []id.ID) (map[id.ID][]Participant, error) {
	if len(cases) == 0 {
		return nil, nil
	}
	type row struct {
		of id.ID
		p  Participant
	}
	e := s.db.Engine()
	rows, err := db.All(ctx, s.db, func(r db.Scanner) (x row, err error) {
		x.p, err = scanParticipant(tail{r, []any{db.ScanID(&x.of)}})
		return x, err
	}, `SELECT person_id, number, kind, joined_at, mark, solved, rated_at, case_id FROM casework_participant WHERE `+db.In(e, "case_id", 1), db.IDs(e, cases))
	out := make(map[id.ID][]Participant, len(cases))
	for _, x := range rows {
		out[x.of] = append(out[x.of], x.p)
	}
	return out, err
}

// addressees are those who are told of a step of a case as it stands after it;
// office are the officers to whom it matters.
func addressees(c *Case, who id.ID, action Action, reason string, body Changed, joined []Participant, office []id.ID) []Addressee {
	kind, joinedToo, told := notices(action, reason, body)
	args := map[string]string{"review": text1(body.After["review_date"], c.ReviewDate), "execution": text1(body.After["execution_date"], c.ExecutionDate)}
	var out []Addressee
	if c.Channel == "import" { // nobody signs in as the account of a file
		kind = ""
	}
	if kind != "" && (c.Applicant != who || action == Filed) {
		out = append(out, Addressee{c.Applicant, kind, c.Number, id.Nil, args})
	}
	if kind != "" && joinedToo {
		for _, p := range joined {
			if p.Person != who {
				out = append(out, Addressee{p.Person, kind, p.Number, id.Nil, args})
			}
		}
	}
	for _, officer := range office {
		if told != "" && officer != who {
			out = append(out, Addressee{officer, told, c.Number, c.Organisation, args})
		}
	}
	return out
}

// notices says of what the citizen is told, whether those who joined are too,
// and of what the office is.
func notices(action Action, reason string, body Changed) (citizen string, joinedToo bool, officer string) {
	switch action {
	case Filed:
		return "filed", false, ""
	case Reject:
		return "rejected", true, ""
	case Redirect:
		return "redirected", true, "redirected_office"
	case Ask:
		return "asked", false, ""
	case Extend:
		return "extended", true, "extended_office"
	case Merge:
		return "merged", true, ""
	case SplitUp:
		return "split", true, ""
	case Lapse:
		return "lapsed", true, ""
	case Withdraw:
		return "", false, "withdrawn_office"
	case Reply:
		return "", false, "replied_office"
	case Add:
		return "", false, "added_office"
	case Rework:
		return "", false, "rework_office"
	case Assign, Take:
		if text1(body.After["stage"], "") == string(StageExecution) {
			citizen = "in_work"
		}
		if action == Assign {
			officer = "assigned_office"
		}
		return citizen, false, officer
	case Approve:
		switch {
		case text1(body.After["stage"], "") == string(StageDeferred):
			return "interim", true, "interim_office"
		case string(body.Before["interim"]) == "true":
			return "interim_answer", true, "interim_office"
		}
		return "answered", true, "approved_office"
	case Rate:
		if text1(body.After["stage"], "") == string(StageCoordination) {
			return "reopened", true, "reopened_office"
		}
		return "", false, "rated_office"
	case Reopen:
		return "reopened", true, "reopened_office"
	case Alarm:
		return "", false, reason + "_office"
	}
	return "", false, ""
}

// text1 is a JSON string, or other where there is none.
func text1(raw json.RawMessage, other string) string {
	var s string
	if len(raw) == 0 || json.Unmarshal(raw, &s) != nil {
		return other
	}
	return s
}
