package casework

import (
	"context"
	"encoding/json"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

// FactKinds are the facts of a case of which somebody is told.
func FactKinds() []string {
	var kinds []string
	for _, a := range []Action{Filed, Reject, Assign, Take, Redirect, Ask, Reply, Add, Extend, Rework, Approve, Rate, Lapse, Merge, SplitUp, Withdraw, Alarm} {
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

// Tell decides who is told of one fact of a case, one message each. who is the
// person who acted: nobody is told of their own act, but that a report was filed.
func (s *Service) Tell(ctx context.Context, subject, who id.ID, action Action, reason string, body Changed) ([]Addressee, error) {
	c, err := s.load(ctx, subject)
	if err != nil {
		return nil, err
	}
	return addressees(&c, who, action, reason, body, func() ([]Participant, error) {
		return db.All(ctx, s.db, scanParticipant, `SELECT person_id, number, kind, joined_at, mark, solved, rated_at
			FROM casework_participant WHERE case_id=$1`, c.ID)
	})
}

// addressees are those who are told of a step of a case as it stands after it.
func addressees(c *Case, who id.ID, action Action, reason string, body Changed, joined func() ([]Participant, error)) ([]Addressee, error) {
	kind, joinedToo, office := notices(action, reason, body)
	args := map[string]string{"review": text1(body.After["review_date"], c.ReviewDate), "execution": text1(body.After["execution_date"], c.ExecutionDate)}
	var out []Addressee
	if c.Channel == "import" { // nobody signs in as the account of a file
		kind = ""
	}
	if kind != "" && (c.Applicant != who || action == Filed) {
		out = append(out, Addressee{c.Applicant, kind, c.Number, id.Nil, args})
	}
	if kind != "" && joinedToo && c.People > 1 {
		people, err := joined()
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			if p.Person != who {
				out = append(out, Addressee{p.Person, kind, p.Number, id.Nil, args})
			}
		}
	}
	if office != "" && c.Handler != id.Nil && c.Handler != who {
		out = append(out, Addressee{c.Handler, office, c.Number, c.Organisation, args})
	}
	return out, nil
}

// notices says of what the citizen is told, whether those who joined are too,
// and of what the officer who has the case is.
func notices(action Action, reason string, body Changed) (citizen string, joinedToo bool, officer string) {
	switch action {
	case Filed:
		return "filed", false, ""
	case Reject:
		return "rejected", true, ""
	case Redirect:
		return "redirected", true, ""
	case Ask:
		return "asked", false, ""
	case Extend:
		return "extended", true, "extended_office"
	case Merge:
		return "merged", false, ""
	case SplitUp:
		return "split", false, ""
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
		if text1(body.After["stage"], "") == string(StageDeferred) {
			return "interim", true, ""
		}
		return "answered", true, "approved_office"
	case Rate:
		if text1(body.After["stage"], "") == string(StageCoordination) {
			return "", false, ""
		}
		return "", false, "rated_office"
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
