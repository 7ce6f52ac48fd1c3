package casework

import (
	"cmp"
	"time"

	"okno/internal/platform/id"
)

// Stage is where a case stands in its procedure.
type Stage string

// Stages of the procedures that exist.
const (
	StageModeration   Stage = "moderation"
	StageCoordination Stage = "coordination"
	StageExecution    Stage = "execution"
	StageWaiting      Stage = "waiting" // the applicant is asked
	StageApproval     Stage = "approval"
	StageDeferred     Stage = "deferred" // an interim answer promised a date; the execution clock runs
	StageAnswered     Stage = "answered" // the applicant may rate
	StageClosed       Stage = "closed"
)

// Outcome is how a case ended.
type Outcome string

// Outcomes.
const (
	Rated     Outcome = "rated"
	Unrated   Outcome = "unrated" // the time to rate went by: «не подтверждено»
	Rejected  Outcome = "rejected"
	Withdrawn Outcome = "withdrawn"
	Merged    Outcome = "merged"
	Split     Outcome = "split"
	Archived  Outcome = "archived" // came from a file as one that is over
)

// Action is what somebody does to a case.
type Action string

// Actions. Their rows stand in the procedure, their functions in actions.go.
const (
	Filed  Action = "file" // the first fact of a case; not an action of a procedure
	Joined Action = "join"
	// Who joined took it back; not an action of a procedure.
	Unjoined Action = "unjoin"
	// What a merge does to the case that stays; not an action of a procedure.
	MergedIn Action = "merged_in"
	// The author's own setting; not an action of a procedure.
	Visibility Action = "visibility"
	Accept     Action = "accept"
	Release    Action = "release"
	Reject     Action = "reject"
	Classify   Action = "classify"
	Assign     Action = "assign"
	Take       Action = "take"
	Redirect   Action = "redirect"
	Return     Action = "return"
	Ask        Action = "ask"
	Reply      Action = "reply"
	Resume     Action = "resume"
	SplitUp    Action = "split"
	Merge      Action = "merge"
	Extend     Action = "extend"
	Submit     Action = "submit"
	Defer      Action = "defer"
	Interim    Action = "interim"
	Rework     Action = "rework"
	Approve    Action = "approve"
	Note       Action = "note"
	Add        Action = "add"
	Withdraw   Action = "withdraw"
	Rate       Action = "rate"
	Reopen     Action = "reopen" // by its author, after a rating that didn't
	Lapse      Action = "lapse"
	Recompute  Action = "recompute"
	Alarm      Action = "alarm" // a reminder or an overdue mark of a clock
	// Whoever had the case works there no more; not an action of a procedure.
	Vacate Action = "vacate"
)

// State is the part of a case that its facts carry: codes, ids and times, no
// text and no personal value. Moments are milliseconds UTC, dates ISO in the
// zone of the organisation that owes the act.
type State struct {
	Procedure        string  `json:"procedure"`
	ProcedureVersion int64   `json:"procedure_version"`
	Stage            Stage   `json:"stage"`
	Channel          string  `json:"channel"` // portal, api, import
	Applicant        id.ID   `json:"applicant"`
	Organisation     id.ID   `json:"organisation"`
	Chosen           bool    `json:"chosen,omitempty"` // by the applicant, not by routing
	Handler          id.ID   `json:"handler"`
	Fact             string  `json:"fact"`
	Territory        string  `json:"territory"`
	Asset            id.ID   `json:"asset"`
	FastTrack        bool    `json:"fast_track,omitempty"`
	Hidden           bool    `json:"hidden,omitempty"` // filed closed: strangers see nothing of it
	RegisteredAt     int64   `json:"registered_at"`
	ReviewDate       string  `json:"review_date"` // the last day of the review term
	Zone             string  `json:"zone"`        // of ReviewDate and ExecutionDate
	ReviewAt         int64   `json:"review_at"`   // the moment the review term ends
	Provisional      bool    `json:"provisional,omitempty"`
	CameFrom         Stage   `json:"came_from,omitempty"` // the stage to which a question or a draft returns
	StageAt          int64   `json:"stage_at"`            // when the stage began
	StageDueAt       int64   `json:"stage_due,omitempty"` // when the stage's own limit ends
	ExecutionDate    string  `json:"execution_date,omitempty"`
	ExecutionAt      int64   `json:"execution_at,omitempty"`
	PlanDate         string  `json:"plan_date,omitempty"` // of the promise that awaits approval
	Interim          bool    `json:"interim,omitempty"`   // the draft is an interim answer without a promise
	PausedAt         int64   `json:"paused_at,omitempty"`
	Shifted          bool    `json:"shifted,omitempty"`    // a pause has moved the review term
	WaitUntil        int64   `json:"wait_until,omitempty"` // until when the applicant may reply
	AnsweredAt       int64   `json:"answered_at,omitempty"`
	RateUntil        int64   `json:"rate_until,omitempty"`
	ClosedAt         int64   `json:"closed_at,omitempty"`
	Outcome          Outcome `json:"outcome,omitempty"`
	Reopened         int64   `json:"reopened,omitempty"`
	Owed             bool    `json:"owed,omitempty"` // it was reopened, or holds what was: it gets an answer
	Extended         int64   `json:"extended,omitempty"`
	Deferred         int64   `json:"deferred,omitempty"` // how often a date of the work was promised since the last reopening
	Mark             int64   `json:"mark,omitempty"`     // 1–5
	Solved           string  `json:"solved,omitempty"`   // yes, no
	Parent           id.ID   `json:"parent"`             // merged into, or split from
	People           int64   `json:"people"`             // applicant and those who joined
	Draft            int64   `json:"draft,omitempty"`    // entry of the answer that awaits approval
	Answer           int64   `json:"answer,omitempty"`   // entry of the last answer sent
	Excerpt          int64   `json:"excerpt,omitempty"`
	Alarms           int64   `json:"alarms,omitempty"` // bits of alarms that were raised for the present terms
}

// Case is one matter: its state and what only its own pages need.
type Case struct {
	ID      id.ID
	Number  string
	Version int64
	State
	Entries int64 // how many entries it has; the next is Entries+1
	Files   int64
	Title   string // the beginning of the applicant's words
	Place   Place
	Details string // JSON: answers to what the fact requires
	Lang    string
}

// Place is where the problem is.
type Place struct {
	Territory string
	Address   id.ID  // a house of the register, or Nil
	Text      string // address, or the nearest known place in words
	Note      string // landmark in the applicant's words
	Lat, Lon  int64  // microdegrees; 0,0: no point
	Cell      int64  // S2 cell of the level of geo.NearLevel
	Asset     id.ID
	Owner     id.ID
	Operator  id.ID
}

// EntryKind says what an entry of a case is.
type EntryKind string

// Kinds of entries.
const (
	EntryText     EntryKind = "text" // the applicant's report
	EntryAdded    EntryKind = "added"
	EntryQuestion EntryKind = "question"
	EntryReply    EntryKind = "reply"
	EntryDraft    EntryKind = "draft"  // answer that awaits approval; becomes answer or interim
	EntryAnswer   EntryKind = "answer" // final answer
	EntryInterim  EntryKind = "interim"
	EntryShared   EntryKind = "shared"  // the answer before it, in words for those who joined
	EntryReason   EntryKind = "reason"  // of a redirect, rejection, extension: the applicant reads it
	EntryRemark   EntryKind = "remark"  // of an approver or a return: officers read it
	EntryNote     EntryKind = "note"    // internal
	EntryReopen   EntryKind = "reopen"  // why the applicant reopened
	EntryRating   EntryKind = "rating"  // words of the rating
	EntryExcerpt  EntryKind = "excerpt" // what strangers may read
)

// Reader says who may read an entry.
type Reader string

// Readers of entries: each includes those before it, but what those who joined
// read stands beside what the applicant does.
const (
	ForOffice    Reader = "office"
	ForApplicant Reader = "applicant"
	ForJoined    Reader = "joined"
	ForAnyone    Reader = "anyone"
)

// Entry is one text in a case, with who wrote it.
type Entry struct {
	N            int64
	Kind         EntryKind
	Reader       Reader
	Author       id.ID
	Role         string
	Organisation id.ID
	At           time.Time
	Action       Action
	Reason       string
	Body         string
}

// Attachment links a stored file to a case.
type Attachment struct {
	N        int64
	Entry    int64 // the entry it came with
	Blob     id.ID
	Reader   Reader // ForAnyone once the moderator released it
	Name     string
	Kind     string // content type as recognised
	Size     int64
	Uploader id.ID
	Work     bool // of the office, not of the author; told where strangers read
}

// Participant is a person who joined a case: with a number, notices and a
// rating of their own, and nothing of the author's correspondence.
type Participant struct {
	Person   id.ID
	Number   string
	Kind     string // joined, merged
	JoinedAt time.Time
	Mark     int64
	Solved   string
	RatedAt  time.Time
}

// leadsTo is the stage to which an action brings the case; empty: it stays.
func (c *Case) leadsTo(row ActionRow) Stage {
	switch row.Code {
	case Reply, Resume:
		return cmp.Or(c.CameFrom, row.To)
	case Rework:
		if c.CameFrom == "" && c.ExecutionAt > 0 {
			return StageDeferred
		}
		return cmp.Or(c.CameFrom, row.To)
	case Approve:
		switch {
		case c.PlanDate != "":
			return StageDeferred
		case c.Interim:
			return c.CameFrom
		}
	case Assign: // what waits, for whomever, goes on waiting
		switch c.Stage {
		case StageWaiting, StageApproval, StageDeferred:
			return c.Stage
		}
	case Redirect:
		if c.Stage == StageModeration { // nobody has looked through it: strangers see nothing until somebody has
			return StageModeration
		}
	}
	return row.To
}

// Open tells whether work on the case goes on.
func (c *Case) Open() bool { return c.Stage != StageClosed && c.Stage != StageAnswered }
