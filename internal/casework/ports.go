package casework

import (
	"cmp"
	"context"
	"strings"

	"okno/internal/calendar"
	"okno/internal/platform/db"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// What casework needs of other rooms, declared here and bound in app. All but
// Files, Offices.HasRole and Offices.Staff answer from memory.

// FactInfo is what the rubricator says of a fact.
type FactInfo struct {
	Code       string
	Category   string // code of the first level
	Name       string
	NameEN     string
	Term       calendar.Term
	FastTrack  bool
	Required   []string // place, photo, when, entrance …
	AssetKinds []string // kinds of assets whose owner answers
	Proof      bool     // the final answer needs a photo or an act
}

// Rubricator finds facts by code, retired ones too.
type Rubricator interface {
	Fact(code string) (FactInfo, bool)
}

// Office is what casework needs of an organisation.
type Office struct {
	ID          id.ID
	Code        string
	Name        string
	NameEN      string // "" where it has none
	ShortName   string
	ShortNameEN string         // "" where it has none
	Hours       calendar.Hours // with the zone
	Active      bool
}

// In is its name in a language; English falls back to Russian.
func (o Office) In(lang string) string {
	if lang == i18n.English && o.NameEN != "" {
		return o.NameEN
	}
	return o.Name
}

// ShortIn is its short name in a language, else the whole one of that language.
func (o Office) ShortIn(lang string) string {
	if lang == i18n.English && (o.ShortNameEN != "" || o.NameEN != "") {
		return cmp.Or(o.ShortNameEN, o.NameEN)
	}
	return cmp.Or(o.ShortName, o.Name)
}

// called tells whether text is its name in one of the languages.
func (o Office) called(text string) bool {
	return text != "" && (strings.EqualFold(text, o.Name) || strings.EqualFold(text, o.NameEN))
}

// Offices finds organisations and their officers.
type Offices interface {
	Office(org id.ID) (Office, bool)
	HasRole(ctx context.Context, org, person id.ID, role policy.Role) (bool, error)
	// Staff is everybody who holds an office in the organisations now.
	Staff(ctx context.Context, orgs []id.ID) (map[id.ID][]Duty, error)
}

// PlaceInput is a place as it was given: of the register (a house, but also a
// street, a stop, a road …), or a point, or words alone.
type PlaceInput struct {
	Address  id.ID
	Lat, Lon int64 // microdegrees
	Note     string
}

// Places turns what was given into a place, with the owner of what is there.
type Places interface {
	// Resolve fails with errs.Invalid on field "place" for a point outside the region.
	Resolve(in PlaceInput, assetKinds []string) (Place, error)
	// House is where a house of the register stands, in microdegrees.
	House(address id.ID) (lat, lon int64, ok bool)
}

// Routed is who is to answer, and why.
type Routed struct {
	Organisation id.ID
	Why          string // code: competence row that decided
	Unknown      bool   // no row or owner: a coordinator of the region decides
}

// Router decides who is competent: (fact × territory × owner).
type Router interface {
	Route(fact string, place Place) (Routed, error)
}

// FileInfo is what casework needs of a stored file.
type FileInfo struct {
	Blob     id.ID
	Name     string
	Kind     string
	Size     int64
	Uploader id.ID
}

// shows tells whether the file is a photo or a film, not a document.
func (a Attachment) shows() bool {
	return strings.HasPrefix(a.Kind, "image/") || strings.HasPrefix(a.Kind, "video/")
}

// picture tells whether the file shows something: a photo, not a document.
func (f FileInfo) picture() bool {
	return strings.HasPrefix(f.Kind, "image/") || strings.HasPrefix(f.Kind, "video/")
}

// Files knows the stored files.
type Files interface {
	// Claim checks that the files are the uploader's, unlinked and not refused.
	Claim(ctx context.Context, uploader id.ID, blobs []id.ID) ([]FileInfo, error)
	// Keep links them in the caller's transaction, so that they don't expire.
	Keep(tx *db.Tx, uploader id.ID, blobs []id.ID) error
}
