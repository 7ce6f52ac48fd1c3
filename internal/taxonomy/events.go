package taxonomy

import "okno/internal/platform/id"

// Kinds of facts of the journal.
const (
	FactRubricatorPublished = "taxonomy.rubricator_published" // Body: RubricatorPublished
	FactCompetenceReplaced  = "taxonomy.competence_replaced"  // Body: CompetenceReplaced
)

// JournalFacts lists every kind of this module.
func JournalFacts() []string { return []string{FactRubricatorPublished, FactCompetenceReplaced} }

// The rubricator and the table of competence exist once in an installation;
// these ids name them in the journal.
var (
	rubricatorID = id.ID{0x7a, 0x1e, 0x5c, 0x30, 0x9b, 0x52, 0x4d, 0x0a, 0x8f, 0x11, 0x6e, 0x2d, 0x40, 0xc3, 0x77, 0x01}
	competenceID = id.ID{0x7a, 0x1e, 0x5c, 0x30, 0x9b, 0x52, 0x4d, 0x0a, 0x8f, 0x11, 0x6e, 0x2d, 0x40, 0xc3, 0x77, 0x02}
)

// RubricatorPublished says which version came into force and what it changed.
type RubricatorPublished struct {
	Before  int64    `json:"before"` // version; 0: none
	After   int64    `json:"after"`
	Digest  string   `json:"digest"`          // SHA-256 of the content, hex
	Added   []string `json:"added,omitempty"` // codes of facts; left out in the first version
	Changed []string `json:"changed,omitempty"`
	Retired []string `json:"retired,omitempty"`
}

// CompetenceReplaced says how the table of competence changed; rows themselves stand in the table for good.
type CompetenceReplaced struct {
	Before int64  `json:"before"` // state of the table
	After  int64  `json:"after"`
	From   string `json:"from"` // ISO date since when; "" from the beginning
	Added  int    `json:"added"`
	Ended  int    `json:"ended"`
	Same   int    `json:"same"`
	Digest string `json:"digest"` // SHA-256 of the rows in force, hex
}
