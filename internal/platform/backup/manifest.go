package backup

import (
	"reflect"
	"time"
)

// The format of the file. A reader refuses a version that it doesn't know.
const (
	format        = "okno-backup"
	formatVersion = 1

	manifestName = "manifest.json"
	tablesDir    = "tables/"
	filesDir     = "files/"
)

// Manifest says what a backup holds. Nothing in it depends on the engine.
type Manifest struct {
	Format     string    `json:"format"`
	Version    int       `json:"version"`
	Made       time.Time `json:"made"`
	Program    string    `json:"program"`    // version of the program that wrote it
	Migrations []int64   `json:"migrations"` // numbers of the migrations that made the schema
	Erasures   int       `json:"erasures"`   // subjects on the erasure list at that moment
	Tables     []Table   `json:"tables"`
	Files      Files     `json:"files"`
}

// Table is one table as it was dumped.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"` // by name: the order of values in a row
	Rows    int64    `json:"rows"`
	SHA256  string   `json:"sha256"` // of the stream

	key []int // columns of the primary key, in its order
}

// Column is a column with its type: UUID, TEXT, BIGINT, BOOLEAN or BYTEA.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Null bool   `json:"null,omitempty"`

	clear bool // written as null
}

// Files sums up the attachments.
type Files struct {
	Count   int64  `json:"count"`
	Bytes   int64  `json:"bytes"`
	Missing int64  `json:"missing,omitempty"` // not in the storage though they should be
	SHA256  string `json:"sha256"`            // of the lines "name size sha256", in the file's order
}

// Rows is how many rows all tables have.
func (m *Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// Same tells whether two backups have the same content, whenever, from which
// engine and by which program they were made.
func (m *Manifest) Same(o *Manifest) bool {
	if len(m.Tables) != len(o.Tables) || m.Files != o.Files || !reflect.DeepEqual(m.Migrations, o.Migrations) {
		return false
	}
	for i := range m.Tables {
		if !m.Tables[i].same(&o.Tables[i]) {
			return false
		}
	}
	return true
}

func (t *Table) same(o *Table) bool {
	return t.Name == o.Name && t.Rows == o.Rows && t.SHA256 == o.SHA256 && t.shape(o)
}

// shape tells whether rows of one table fit into the other.
func (t *Table) shape(o *Table) bool {
	if len(t.Columns) != len(o.Columns) {
		return false
	}
	for i, c := range t.Columns {
		if c.Name != o.Columns[i].Name || c.Type != o.Columns[i].Type {
			return false
		}
	}
	return true
}

// LeftOut are the tables that no backup holds, each with the reason.
func LeftOut() map[string]string {
	return map[string]string{
		"goose_db_version": "the target is migrated instead",
		"backup_restore":   "marks a target of a restore",
		"db_tx":            "finds transactions whose connection was just lost",
		"identity_session": "nobody stays signed in over a restore",
		"identity_try":     "counts the last minutes' tries of signing in",
		"identity_link":    "an old copy would bring used one-time links back",
		"jobs_pause":       "a restored installation is paused anyway",
	}
}

// cleared are columns that are written as null: table → columns.
var cleared = map[string][]string{
	"jobs_job": {"lease"}, // whoever worked on it is gone
}
