package directory

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

const organisationColumns = `id, version, parent, code, kind, name, name_en, short, short_en, hours, oversees, active, made_at`

// organisations scans many of them: most have hours that another has, and
// reading those anew was three quarters of reading a large directory.
func organisations() func(sc db.Scanner) (Organisation, error) {
	known := map[string]calendar.Hours{}
	return func(sc db.Scanner) (o Organisation, err error) {
		var hours string
		var made int64
		if err = sc.Scan(&o.ID, &o.Version, db.ScanID(&o.Parent), &o.Code, &o.Kind, &o.Name, &o.NameEN,
			&o.ShortName, &o.ShortNameEN, &hours, &o.Oversees, &o.Active, &made); err != nil {
			return o, err
		}
		o.MadeAt = clock.FromMilli(made)
		var ok bool
		if o.Hours, ok = known[hours]; !ok {
			err = json.Unmarshal([]byte(hours), &o.Hours)
			known[hours] = o.Hours
		}
		return o, err
	}
}

// allOrganisations reads every organisation with its territories, two queries.
func allOrganisations(ctx context.Context, q db.Querier) ([]Organisation, error) {
	all, err := db.All(ctx, q, organisations(), `SELECT `+organisationColumns+` FROM directory_organisation ORDER BY id`)
	if err != nil {
		return nil, err
	}
	type pair struct {
		org  id.ID
		code string
	}
	pairs, err := db.All(ctx, q, func(sc db.Scanner) (p pair, err error) { return p, sc.Scan(&p.org, &p.code) },
		`SELECT organisation, territory FROM directory_territory ORDER BY organisation, territory`)
	if err != nil {
		return nil, err
	}
	of := map[id.ID][]string{}
	for _, p := range pairs {
		of[p.org] = append(of[p.org], p.code)
	}
	for i := range all {
		all[i].Territories = of[all[i].ID]
	}
	return all, nil
}

func (o Organisation) hoursText() (string, error) {
	b, err := json.Marshal(o.Hours)
	return string(b), err
}

func insertOrganisation(tx *db.Tx, o Organisation) error {
	hours, err := o.hoursText()
	if err != nil {
		return err
	}
	tx.Queue(`INSERT INTO directory_code (code, organisation) VALUES ($1, $2)`, o.Code, o.ID)
	tx.Queue(`INSERT INTO directory_organisation (`+organisationColumns+`) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		o.ID, db.NullID(o.Parent), o.Code, string(o.Kind), o.Name, o.NameEN, o.ShortName, o.ShortNameEN, hours, o.Oversees, o.Active, clock.Milli(o.MadeAt))
	insertTerritories(tx, o)
	return nil
}

func insertTerritories(tx *db.Tx, o Organisation) {
	rows := make([][]any, len(o.Territories))
	for i, t := range o.Territories {
		rows[i] = []any{o.ID, t}
	}
	db.MultiInsert(tx, "directory_territory", []string{"organisation", "territory"}, rows)
}

func updateOrganisation(tx *db.Tx, old, o Organisation) error {
	hours, err := o.hoursText()
	if err != nil {
		return err
	}
	tx.QueueOne(`UPDATE directory_organisation SET version = version + 1, parent = $3, kind = $4, name = $5, name_en = $6,
		short = $7, short_en = $8, hours = $9, oversees = $10, active = $11 WHERE id = $1 AND version = $2`,
		o.ID, old.Version, db.NullID(o.Parent), string(o.Kind), o.Name, o.NameEN, o.ShortName, o.ShortNameEN, hours, o.Oversees, o.Active)
	if strings.Join(old.Territories, "\n") != strings.Join(o.Territories, "\n") {
		tx.Queue(`DELETE FROM directory_territory WHERE organisation = $1`, o.ID)
		insertTerritories(tx, o)
	}
	return nil
}

// touchTree is the guard of every change of the tree.
func touchTree(tx *db.Tx, from int64) {
	tx.QueueOne(`UPDATE directory_state SET tree = tree + 1 WHERE id = 1 AND tree = $1`, from)
}

// Officer is a person's office in an organisation.
type Officer struct {
	Organisation id.ID
	Person       id.ID
	Version      int64
	Roles        []policy.Role
	Title        string // «инженер»
	TitleEN      string
	Since        time.Time
	AbsentUntil  time.Time // zero: at work
}

// Absent tells whether the officer is away at the moment.
func (o Officer) Absent(now time.Time) bool { return now.Before(o.AbsentUntil) }

// TitleIn gives the title in a language.
func (o Officer) TitleIn(lang string) string { return pick(lang, o.Title, o.TitleEN) }

const officerColumns = `o.organisation, o.person, o.version, o.roles, o.title, o.title_en, o.since, o.absent_until`

func officerFields(o *Officer) (dest []any, done func()) {
	var roles string
	var since, absent int64
	return []any{&o.Organisation, &o.Person, &o.Version, &roles, &o.Title, &o.TitleEN, &since, &absent}, func() {
		for _, r := range strings.Fields(roles) {
			o.Roles = append(o.Roles, policy.Role(r))
		}
		o.Since, o.AbsentUntil = clock.FromMilli(since), clock.FromMilli(absent)
	}
}

func scanOfficer(sc db.Scanner) (o Officer, err error) {
	dest, done := officerFields(&o)
	err = sc.Scan(dest...)
	done()
	return o, err
}

// officerByCode finds an office and, in the same query, the current version of the tree.
func officerByCode(ctx context.Context, q db.Querier, code string, person id.ID) (Officer, int64, error) {
	var version int64
	o, err := db.One(ctx, q, func(sc db.Scanner) (o Officer, err error) {
		dest, done := officerFields(&o)
		err = sc.Scan(append(dest, &version)...)
		done()
		return o, err
	}, `SELECT `+officerColumns+`, (SELECT tree FROM directory_state WHERE id = 1) FROM directory_officer o
		WHERE o.organisation = (SELECT organisation FROM directory_code WHERE code = $1) AND o.person = $2`, code, person)
	return o, version, err
}

func officer(ctx context.Context, q db.Querier, org, person id.ID) (Officer, error) {
	return db.One(ctx, q, scanOfficer, `SELECT `+officerColumns+` FROM directory_officer o WHERE o.organisation = $1 AND o.person = $2`, org, person)
}

func officesOf(ctx context.Context, q db.Querier, person id.ID) ([]Officer, error) {
	return db.All(ctx, q, scanOfficer, `SELECT `+officerColumns+` FROM directory_officer o WHERE o.person = $1 ORDER BY o.since, o.organisation LIMIT 200`, person)
}

// officersOf reads a page of an organisation's officers after a person, n at most.
func officersOf(ctx context.Context, q db.Querier, org, after id.ID, n int) ([]Officer, error) {
	return db.All(ctx, q, scanOfficer, `SELECT `+officerColumns+` FROM directory_officer o
		WHERE o.organisation = $1 AND o.person > $2 ORDER BY o.person LIMIT $3`, org, after, n)
}

func staffOf(ctx context.Context, q db.Querier, orgs []id.ID) ([]Officer, error) {
	return db.All(ctx, q, scanOfficer, `SELECT `+officerColumns+` FROM directory_officer o
		WHERE `+db.In(q.Engine(), "o.organisation", 1)+` ORDER BY o.organisation, o.person`, db.IDs(q.Engine(), orgs))
}

func rolesText(roles []policy.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

func insertOfficer(tx *db.Tx, o Officer) {
	tx.Queue(`INSERT INTO directory_officer (organisation, person, version, roles, title, title_en, since, absent_until)
		VALUES ($1, $2, 1, $3, $4, $5, $6, $7)`, o.Organisation, o.Person, rolesText(o.Roles), o.Title, o.TitleEN,
		clock.Milli(o.Since), clock.Milli(o.AbsentUntil))
}

func updateOfficer(tx *db.Tx, o Officer) {
	tx.QueueOne(`UPDATE directory_officer SET version = version + 1, roles = $4, title = $5, title_en = $6, absent_until = $7
		WHERE organisation = $1 AND person = $2 AND version = $3`, o.Organisation, o.Person, o.Version, rolesText(o.Roles),
		o.Title, o.TitleEN, clock.Milli(o.AbsentUntil))
}

func deleteOfficer(tx *db.Tx, o Officer) {
	tx.QueueOne(`DELETE FROM directory_officer WHERE organisation = $1 AND person = $2 AND version = $3`, o.Organisation, o.Person, o.Version)
}
