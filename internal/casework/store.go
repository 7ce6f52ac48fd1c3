package casework

import (
	"context"
	"embed"
	"io/fs"
	"strings"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of casework.
var Migrations, _ = fs.Sub(migrations, "migrations") // the folder is embedded

const caseColumns = `id, version, number, procedure_code, procedure_version, stage, channel, applicant_id,
organisation_id, chosen, handler_id, fact, territory, asset_id, fast_track, hidden, registered_at, review_date, zone,
review_at, provisional, stage_at, stage_due_at, execution_date, execution_at, plan_date, paused_at, shifted, wait_until,
answered_at, rate_until, closed_at, outcome, reopened, extended, mark, solved, parent_id, people, draft, answer,
excerpt, alarms, entries, files, title, address_id, place_text, place_note, lat, lon, cell, owner_id, operator_id,
details, lang, came_from, interim, deferred, owed`

func caseValues(c *Case) []any {
	return []any{c.ID, c.Version, c.Number, c.Procedure, c.ProcedureVersion, c.Stage, c.Channel, c.Applicant,
		c.Organisation, c.Chosen, db.NullID(c.Handler), c.Fact, c.State.Territory, db.NullID(c.State.Asset), c.FastTrack, c.Hidden,
		c.RegisteredAt, c.ReviewDate, c.Zone, c.ReviewAt, c.Provisional, c.StageAt, c.StageDueAt, c.ExecutionDate,
		c.ExecutionAt, c.PlanDate, c.PausedAt, c.Shifted, c.WaitUntil, c.AnsweredAt, c.RateUntil, c.ClosedAt, c.Outcome,
		c.Reopened, c.Extended, c.Mark, c.Solved, db.NullID(c.Parent), c.People, c.Draft, c.Answer, c.Excerpt,
		c.Alarms, c.Entries, c.Files, c.Title, db.NullID(c.Place.Address), c.Place.Text, c.Place.Note, c.Place.Lat,
		c.Place.Lon, c.Place.Cell, db.NullID(c.Place.Owner), db.NullID(c.Place.Operator), c.Details, c.Lang, c.CameFrom, c.Interim, c.Deferred, c.Owed}
}

func scanCase(s db.Scanner) (Case, error) {
	var c Case
	err := s.Scan(db.ScanID(&c.ID), &c.Version, &c.Number, &c.Procedure, &c.ProcedureVersion, &c.Stage, &c.Channel,
		db.ScanID(&c.Applicant), db.ScanID(&c.Organisation), &c.Chosen, db.ScanID(&c.Handler), &c.Fact, &c.State.Territory,
		db.ScanID(&c.State.Asset), &c.FastTrack, &c.Hidden, &c.RegisteredAt, &c.ReviewDate, &c.Zone, &c.ReviewAt,
		&c.Provisional, &c.StageAt, &c.StageDueAt, &c.ExecutionDate, &c.ExecutionAt, &c.PlanDate, &c.PausedAt, &c.Shifted,
		&c.WaitUntil, &c.AnsweredAt, &c.RateUntil, &c.ClosedAt, &c.Outcome, &c.Reopened, &c.Extended, &c.Mark,
		&c.Solved, db.ScanID(&c.Parent), &c.People, &c.Draft, &c.Answer, &c.Excerpt, &c.Alarms, &c.Entries, &c.Files,
		&c.Title, db.ScanID(&c.Place.Address), &c.Place.Text, &c.Place.Note, &c.Place.Lat, &c.Place.Lon, &c.Place.Cell,
		db.ScanID(&c.Place.Owner), db.ScanID(&c.Place.Operator), &c.Details, &c.Lang, &c.CameFrom, &c.Interim, &c.Deferred, &c.Owed)
	c.Place.Territory, c.Place.Asset = c.State.Territory, c.State.Asset
	return c, err
}

var insertCaseSQL = `INSERT INTO casework_case (` + caseColumns + `) VALUES (` + placeholders(strings.Count(caseColumns, ",")+1) + `)`

func placeholders(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		if i > 1 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(itoa(i))
	}
	return b.String()
}

// insertCase writes a new case with its number and its rows in the lists.
func insertCase(tx *db.Tx, c *Case) {
	tx.Queue(insertCaseSQL, caseValues(c)...)
	tx.Queue(`INSERT INTO casework_number (number, case_id) VALUES ($1,$2)`, c.Number, c.ID)
	tx.Queue(`INSERT INTO casework_mine (person_id, case_id, number, kind) VALUES ($1,$2,$3,'author')`, c.Applicant, c.ID, c.Number)
	insertInbox(tx, c)
}

// updateCase writes what a change can alter, under the version that was read.
func updateCase(tx *db.Tx, old, c *Case) {
	tx.QueueOne(`UPDATE casework_case SET version=$3, stage=$4, organisation_id=$5, handler_id=$6, fact=$7, fast_track=$8,
		review_date=$9, zone=$10, review_at=$11, provisional=$12, stage_at=$13, stage_due_at=$14, execution_date=$15,
		execution_at=$16, plan_date=$17, paused_at=$18, wait_until=$19, answered_at=$20, rate_until=$21, closed_at=$22,
		outcome=$23, reopened=$24, extended=$25, mark=$26, solved=$27, parent_id=$28, people=$29, draft=$30, answer=$31,
		excerpt=$32, alarms=$33, entries=$34, files=$35, hidden=$36, shifted=$37,
		came_from=$38, interim=$39, deferred=$40, owed=$41 WHERE id=$1 AND version=$2`,
		c.ID, old.Version, c.Version, c.Stage, c.Organisation, db.NullID(c.Handler), c.Fact, c.FastTrack, c.ReviewDate,
		c.Zone, c.ReviewAt, c.Provisional, c.StageAt, c.StageDueAt, c.ExecutionDate, c.ExecutionAt, c.PlanDate, c.PausedAt,
		c.WaitUntil, c.AnsweredAt, c.RateUntil, c.ClosedAt, c.Outcome, c.Reopened, c.Extended, c.Mark, c.Solved,
		db.NullID(c.Parent), c.People, c.Draft, c.Answer, c.Excerpt, c.Alarms, c.Entries, c.Files, c.Hidden, c.Shifted,
		c.CameFrom, c.Interim, c.Deferred, c.Owed)
	switch {
	case old.Organisation != c.Organisation:
		tx.Queue(`DELETE FROM casework_inbox WHERE organisation_id=$1 AND case_id=$2`, old.Organisation, c.ID)
		insertInbox(tx, c)
	case inboxOf(old) != inboxOf(c):
		r := inboxOf(c)
		tx.QueueOne(`UPDATE casework_inbox SET bucket=$3, due_at=$4, stage=$5, category=$6, territory=$7, handler_id=$8
			WHERE organisation_id=$1 AND case_id=$2`, c.Organisation, c.ID, r.bucket, r.due, r.stage, r.category, r.territory, db.NullID(r.handler))
	}
}

// inboxRow is a case in its organisation's list.
type inboxRow struct {
	bucket, due         int64
	stage               Stage
	category, territory string
	handler             id.ID
}

func inboxOf(c *Case) inboxRow {
	category, _, _ := strings.Cut(c.Fact, ".")
	return inboxRow{bucketOf(c.Stage), c.due(), c.Stage, category, c.State.Territory, c.Handler}
}

// bucketOf is the part of the list where a stage stands.
func bucketOf(s Stage) int64 {
	switch s {
	case StageAnswered:
		return 1
	case StageClosed:
		return 2
	}
	return 0
}

func insertInbox(tx *db.Tx, c *Case) {
	r := inboxOf(c)
	tx.Queue(`INSERT INTO casework_inbox (organisation_id, case_id, bucket, due_at, stage, category, territory, handler_id)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, c.Organisation, c.ID, r.bucket, r.due, r.stage, r.category, r.territory, db.NullID(r.handler))
}

func insertEntry(tx *db.Tx, c id.ID, e Entry) {
	tx.Queue(`INSERT INTO casework_entry (case_id, n, kind, reader, author_id, role, organisation_id, at, action, reason, body)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`, c, e.N, e.Kind, e.Reader, db.NullID(e.Author), e.Role,
		db.NullID(e.Organisation), clock.Milli(e.At), e.Action, e.Reason, e.Body)
}

func insertAttachment(tx *db.Tx, c id.ID, a Attachment) {
	tx.Queue(`INSERT INTO casework_attachment (case_id, n, entry, blob_id, reader, name, kind, size, uploader_id)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, c, a.N, a.Entry, a.Blob, a.Reader, a.Name, a.Kind, a.Size, db.NullID(a.Uploader))
}

// addParticipant adds a person to a case, with the case in their list. A
// number of their own is registered unless they bring one.
func addParticipant(tx *db.Tx, c *Case, p Participant, brought bool) {
	tx.Queue(`INSERT INTO casework_participant (case_id, person_id, number, kind, joined_at, mark, solved, rated_at)
		VALUES ($1,$2,$3,$4,$5,0,'',0) ON CONFLICT DO NOTHING`, c.ID, p.Person, p.Number, p.Kind, clock.Milli(p.JoinedAt))
	tx.Queue(`INSERT INTO casework_mine (person_id, case_id, number, kind) VALUES ($1,$2,$3,$4) ON CONFLICT DO NOTHING`,
		p.Person, c.ID, p.Number, p.Kind)
	if !brought {
		tx.Queue(`INSERT INTO casework_number (number, case_id, person_id) VALUES ($1,$2,$3)`, p.Number, c.ID, p.Person)
	}
}

// dropParticipant takes a person out of a case that they joined.
func dropParticipant(tx *db.Tx, c, person id.ID) {
	tx.Queue(`DELETE FROM casework_participant WHERE case_id=$1 AND person_id=$2`, c, person)
	tx.Queue(`DELETE FROM casework_mine WHERE person_id=$2 AND case_id=$1 AND kind<>'author'`, c, person)
}

// moveParticipants makes those who joined one case participants of another,
// but for its author; in their lists it stands instead of the first. Who takes
// part in both keeps both.
func moveParticipants(tx *db.Tx, from id.ID, into *Case) {
	tx.Queue(`INSERT INTO casework_mine (person_id, case_id, number, kind)
		SELECT person_id, $2, number, 'merged' FROM casework_participant WHERE case_id=$1 AND person_id<>$3 ON CONFLICT DO NOTHING`,
		from, into.ID, into.Applicant)
	tx.Queue(`INSERT INTO casework_participant (case_id, person_id, number, kind, joined_at, mark, solved, rated_at)
		SELECT $2, person_id, number, 'merged', joined_at, 0, '', 0 FROM casework_participant WHERE case_id=$1 AND person_id<>$3
		ON CONFLICT DO NOTHING`, from, into.ID, into.Applicant)
	tx.Queue(`DELETE FROM casework_mine WHERE case_id=$1 AND kind<>'author' AND person_id IN
		(SELECT p.person_id FROM casework_participant p JOIN casework_participant q ON q.case_id=$2 AND q.person_id=p.person_id AND q.number=p.number
			WHERE p.case_id=$1)`, from, into.ID)
}

// inBoth counts the people that two cases have in common, their authors included.
func (s *Service) inBoth(ctx context.Context, a, b *Case) (int64, error) {
	n, err := db.One(ctx, s.db, db.Int, `SELECT COUNT(*) FROM casework_participant p JOIN casework_participant q ON q.person_id=p.person_id
		WHERE p.case_id=$1 AND q.case_id=$2`, a.ID, b.ID)
	if err != nil {
		return 0, err
	}
	if a.Applicant == b.Applicant {
		return n + 1, nil
	}
	for of, author := range map[*Case]id.ID{a: b.Applicant, b: a.Applicant} {
		switch _, ok, err := s.participant(ctx, of.ID, author); {
		case err != nil:
			return 0, err
		case ok:
			n++
		}
	}
	return n, nil
}

func (s *Service) load(ctx context.Context, c id.ID) (Case, error) {
	return db.One(ctx, s.db, scanCase, `SELECT `+caseColumns+` FROM casework_case WHERE id=$1`, c)
}

// byNumber finds a case by its public number or a participant's.
func (s *Service) byNumber(ctx context.Context, number string) (Case, error) {
	n, ok := id.ParseNumber(number)
	if !ok {
		return Case{}, notFound()
	}
	return db.One(ctx, s.db, scanCase, `SELECT `+caseColumns+` FROM casework_case
		WHERE id=(SELECT case_id FROM casework_number WHERE number=$1)`, n)
}

// byNumbers finds cases by numbers as they are stored, public ones or participants'.
func (s *Service) byNumbers(ctx context.Context, numbers []string) (map[string]Case, error) {
	type row struct {
		number string
		c      Case
	}
	e := s.db.Engine()
	rows, err := db.All(ctx, s.db, func(r db.Scanner) (x row, err error) {
		x.c, err = scanCase(tail{r, []any{&x.number}})
		return x, err
	}, `SELECT `+prefixed("c", caseColumns)+`, n.number FROM casework_number n JOIN casework_case c ON c.id=n.case_id WHERE `+db.In(e, "n.number", 1), db.Texts(e, numbers))
	out := make(map[string]Case, len(rows))
	for _, x := range rows {
		out[x.number] = x.c
	}
	return out, err
}

// Versions tells which of the cases exist, each with its version.
func (s *Service) Versions(ctx context.Context, cases []id.ID) (map[id.ID]int64, error) {
	type pair struct {
		id id.ID
		v  int64
	}
	all, err := db.All(ctx, s.db, func(r db.Scanner) (p pair, err error) { return p, r.Scan(db.ScanID(&p.id), &p.v) },
		`SELECT id, version FROM casework_case WHERE `+db.In(s.db.Engine(), "id", 1), db.IDs(s.db.Engine(), cases))
	out := make(map[id.ID]int64, len(all))
	for _, p := range all {
		out[p.id] = p.v
	}
	return out, err
}

func scanEntry(s db.Scanner) (Entry, error) {
	var e Entry
	var at int64
	err := s.Scan(&e.N, &e.Kind, &e.Reader, db.ScanID(&e.Author), &e.Role, db.ScanID(&e.Organisation), &at, &e.Action, &e.Reason, &e.Body)
	e.At = clock.FromMilli(at)
	return e, err
}

func (s *Service) entries(ctx context.Context, c id.ID) ([]Entry, error) {
	return db.All(ctx, s.db, scanEntry, `SELECT n, kind, reader, author_id, role, organisation_id, at, action, reason, body
		FROM casework_entry WHERE case_id=$1 ORDER BY n`, c)
}

func scanAttachment(s db.Scanner) (Attachment, error) {
	var a Attachment
	err := s.Scan(&a.N, &a.Entry, db.ScanID(&a.Blob), &a.Reader, &a.Name, &a.Kind, &a.Size, db.ScanID(&a.Uploader))
	return a, err
}

func (s *Service) attachments(ctx context.Context, c id.ID) ([]Attachment, error) {
	return db.All(ctx, s.db, scanAttachment, `SELECT n, entry, blob_id, reader, name, kind, size, uploader_id
		FROM casework_attachment WHERE case_id=$1 ORDER BY n`, c)
}

func scanParticipant(s db.Scanner) (Participant, error) {
	var p Participant
	var joined, rated int64
	err := s.Scan(db.ScanID(&p.Person), &p.Number, &p.Kind, &joined, &p.Mark, &p.Solved, &rated)
	p.JoinedAt, p.RatedAt = clock.FromMilli(joined), clock.FromMilli(rated)
	return p, err
}

// Participants lists those who joined a case, for export and comparison.
func (s *Service) Participants(ctx context.Context, c id.ID) ([]Participant, error) {
	return db.All(ctx, s.db, scanParticipant, `SELECT person_id, number, kind, joined_at, mark, solved, rated_at
		FROM casework_participant WHERE case_id=$1 ORDER BY number`, c)
}

func (s *Service) participant(ctx context.Context, c, person id.ID) (Participant, bool, error) {
	all, err := db.All(ctx, s.db, scanParticipant, `SELECT person_id, number, kind, joined_at, mark, solved, rated_at
		FROM casework_participant WHERE case_id=$1 AND person_id=$2`, c, person)
	if err != nil || len(all) == 0 {
		return Participant{}, false, err
	}
	return all[0], true, nil
}
