package casework

import (
	"context"
	"io"
	"time"

	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// Topic is a fact, subcategory or category of the rubricator as pages show it.
type Topic struct {
	Code   string
	Name   string
	Path   string // «Дороги, дорожное покрытие»
	Hint   string // what belongs here
	Danger bool   // call 112 first
	Fast   bool
	Fields []Question // what the fact asks for besides the place and photos
	Photo  bool       // a photo is required
	Place  bool       // a place is required
}

// Question is one question of a fact: entrance, route number, date.
type Question struct{ Name, Label string }

// TopicGroup is a category or subcategory with what is below it.
type TopicGroup struct {
	Code, Name string
	Groups     []TopicGroup
	Topics     []Topic
}

// Topics is the rubricator as pages need it.
type Topics interface {
	Topic(lang, code string) (Topic, bool)    // of any level
	Suggest(lang, text string, n int) []Topic // facts for the citizen's own words, best first
	Find(lang, query string, n int) []Topic   // facts by name while one types
	Tree(lang string) []TopicGroup            // for browsing
	Categories(lang string) []Topic           // first level, for filters
}

// Spot is a place of the register that a search found: a house, a street, a
// stop, a road and the like.
type Spot struct {
	Place    id.ID  // Nil of a town: no place, but the beginning of an address
	Kind     string // "address", "street", "locality", or the kind of an asset: "bus_stop", "road" …
	Text     string // «Верхнеозёрск, Рыбацкая улица, 14»
	Name     string // of a house that has one: «Школа № 7»
	Lat, Lon int64  // microdegrees
}

// Atlas is places as pages need them.
type Atlas interface {
	// Search finds places; of a kind alone the nearest to a point, 0,0 unknown.
	Search(query string, n int, lat, lon int64) []Spot
	Spot(place id.ID) (Spot, bool)
	// Around covers a circle by ranges of cells.
	Around(lat, lon int64, metres float64) []CellRange
	// Inside covers a box by ranges of cells.
	Inside(south, west, north, east int64) []CellRange
	Distance(lat1, lon1, lat2, lon2 int64) float64 // metres
	Territory(lang, code string) string
	Territories(lang string) []Topic // code and name, for filters
}

// People gives names for display, all of a page in one call.
type People interface {
	Names(ctx context.Context, ids []id.ID) (map[id.ID]string, error)
}

// OfficeList is the directory as pages need it.
type OfficeList interface {
	Find(query string, n int) []Office
	Officers(ctx context.Context, org id.ID, role policy.Role) ([]Officer, error)
}

// Officer is a person who works in an organisation.
type Officer struct {
	Person id.ID
	Name   string
	Title  string
}

// Store keeps the files that people send.
type Store interface {
	// Upload keeps a file; key makes a repeat give what was kept then, empty: each is new.
	Upload(ctx context.Context, actor policy.Actor, name string, size int64, key string, r io.Reader) (FileInfo, error)
	Forget(ctx context.Context, actor policy.Actor, blob id.ID) error
	// Shut tells which of the files the actor can't open now, and why.
	Shut(ctx context.Context, actor policy.Actor, blobs []id.ID) (map[id.ID]FileState, error)
	// Serve answers with a file or its picture of a size: "", "thumb", "large".
	Serve(ctx context.Context, actor policy.Actor, blob id.ID, size string) (web.Response, error)
}

// Reads records that a person's data were read, before bytes are sent.
type Reads interface {
	RecordRead(ctx context.Context, actor policy.Actor, what policy.Action, subject, thing id.ID, grant policy.Grant, reason string) error
	// RecordList takes a filter of codes alone: "folder=late,category=roads".
	RecordList(ctx context.Context, actor policy.Actor, what policy.Action, filter string, shown int) error
}

// Web serves the pages of casework.
type Web struct {
	Cases   *Service
	Topics  Topics
	Atlas   Atlas
	People  People
	Offices OfficeList
	Store   Store
	Reads   Reads
	Acting  Acting
	// Page makes the frame of a page: who reads it, what the bell says.
	Page      func(ctx context.Context, r *web.Request, title, nav string) ui.Page
	MapBounds func() [4]float64 // west, south, east, north of the region
	// Serves tells whether an organisation answers for a territory; nil: each for all.
	Serves func(org id.ID, territory string) bool
	// More are folders of other rooms under those of the organisation; nil: none.
	More func(ctx context.Context, r *web.Request, a policy.Actor, base, current string) ui.FolderGroup
	Now  func() time.Time
}

// Sections of the navigation.
const (
	NavHome    = "home"
	NavReports = "reports"
	NavMap     = "map"
)

// Routes registers the citizens' pages.
func (w *Web) Routes(s *web.Server) {
	s.Handle("GET /{$}", web.Open(""), w.home, web.Cached(30*time.Second))
	s.Handle("GET /report/new", web.SignedIn(policy.CaseworkFile), w.newReport)
	s.Handle("POST /report/new", web.SignedIn(policy.CaseworkFile), w.sendReport, web.MaxBody(40<<20), web.KeepsWords(formOf(PathNew)))
	s.Handle("POST /report/new/live", web.SignedIn(policy.CaseworkFile), w.liveReport)
	s.Handle("GET /report/topics.json", web.Open(policy.TaxonomyRead), w.findTopics)
	s.Handle("GET /report/places.json", web.Open(policy.PlacesRead), w.findPlaces)
	s.Handle("GET /report/offices.json", web.Open(policy.DirectoryRead), w.findOffices)
	s.Handle("GET /reports", web.SignedIn(policy.CaseworkMine), w.mine)
	s.Handle("GET /reports/{number}", web.Open(policy.CaseworkPublicRead), w.report)
	s.Handle("GET /reports/{number}/filed", web.SignedIn(policy.CaseworkRead), w.filed)
	s.Handle("GET /reports/{number}/public", web.Open(policy.CaseworkPublicRead), w.publicReport)
	s.Handle("POST /reports/{number}/visibility", web.SignedIn(policy.CaseworkVisibility), w.setVisibility)
	s.Handle("POST /reports/{number}/unjoin", web.SignedIn(policy.CaseworkUnjoin), w.unjoin, web.NoWords())
	s.Handle("POST /reports/{number}/join", web.SignedIn(policy.CaseworkJoin), w.join, web.MaxBody(40<<20))
	for _, a := range citizenActions {
		s.Handle("POST /reports/{number}/"+string(a.action), web.SignedIn(a.policy), w.citizenAction(a.action), web.MaxBody(40<<20), web.KeepsWords(reportOf))
	}
	s.Handle("GET /reports/{number}/files/{n}", web.Open(policy.AttachmentRead), w.file)
	s.Handle("GET /w/{org}/cases/{number}/files/{n}", web.SignedIn(policy.AttachmentRead), w.file)
	s.Handle("POST /files", web.SignedIn(policy.AttachmentUpload), w.upload, web.MaxBody(40<<20))
	s.Handle("DELETE /files/{id}", web.SignedIn(policy.AttachmentUpload), w.forget)
	s.Handle("GET /files/{id}", web.SignedIn(policy.AttachmentUpload), w.ownFile)
	w.workRoutes(s)
	s.Handle("GET /map", web.Open(policy.CaseworkPublicRead), w.mapPage)
	s.Handle("GET /map/reports.json", web.Open(policy.CaseworkPublicRead), w.mapPoints)
}

var citizenActions = []struct {
	action Action
	policy policy.Action
}{
	{Add, policy.CaseworkAdd}, {Reply, policy.CaseworkReply}, {Withdraw, policy.CaseworkWithdraw}, {Rate, policy.CaseworkRate},
	{Reopen, policy.CaseworkReopen},
}
