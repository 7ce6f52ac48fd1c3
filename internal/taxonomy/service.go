package taxonomy

import (
	"context"
	"embed"
	"io/fs"
	"slices"
	"sync"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this module.
var Migrations, _ = fs.Sub(migrations, "migrations") // can't fail: the path is constant and embedded

// World is what the table of competence refers to; bound to places and directory.
type World interface {
	Areas(ctx context.Context) ([]Area, error)    // every territory
	Parties(ctx context.Context) ([]Party, error) // every organisation, code and kind
}

// Service keeps the rubricator and the table of competence.
type Service struct {
	db    *db.DB
	clock clock.Clock
	world World

	mu      sync.Mutex
	index   *Index
	checked time.Time
}

// New makes the service over a database in which [Migrations] are applied.
func New(d *db.DB, world World) *Service { return &Service{db: d, clock: d.Clock(), world: world} }

// Index is one state of the rubricator and the table of competence, in memory
// and never changed.
type Index struct {
	Rubricator *Rubricator
	Competence *Competence
	state      state
	areas      []Area
}

// fresh is how long an index is used without asking whether it changed.
const fresh = time.Second

// Current gives the rubricator and the table of competence in force, at most a
// second late. Where no rubricator is published yet the answer is unavailable.
func (s *Service) Current(ctx context.Context) (*Index, error) {
	now := s.clock.Now()
	s.mu.Lock()
	index, checked := s.index, s.checked
	s.mu.Unlock()
	if index != nil && now.Sub(checked) < fresh && !now.Before(checked) {
		return index, nil
	}
	return s.refresh(ctx, index)
}

func (s *Service) refresh(ctx context.Context, old *Index) (*Index, error) {
	areas, err := s.world.Areas(ctx)
	if err != nil {
		return nil, err
	}
	for try := 0; try < 5; try++ {
		st, err := readState(ctx, s.db)
		if err != nil {
			return nil, err
		}
		if st.rubricator == 0 {
			return nil, errs.New(errs.Unavailable, "taxonomy.not_published")
		}
		index, err := s.load(ctx, old, st, areas)
		if err != nil {
			return nil, err
		}
		after, err := readState(ctx, s.db)
		if err != nil {
			return nil, err
		}
		if after != st {
			continue // changed between the queries: read again
		}
		s.mu.Lock()
		if s.index == nil || s.index.state.rubricator <= st.rubricator && s.index.state.competence <= st.competence {
			s.index = index
		}
		s.checked = s.clock.Now()
		index = s.index
		s.mu.Unlock()
		return index, nil
	}
	return nil, errs.New(errs.Unavailable, "")
}

// load reads what differs from old.
func (s *Service) load(ctx context.Context, old *Index, st state, areas []Area) (*Index, error) {
	index := &Index{state: st, areas: areas}
	if old != nil && old.state == st && slices.Equal(old.areas, areas) {
		return old, nil
	}
	var err error
	if old != nil && old.state.rubricator == st.rubricator {
		index.Rubricator = old.Rubricator
	} else if index.Rubricator, err = readRubricator(ctx, s.db, st.rubricator); err != nil {
		return nil, err
	}
	rules, err := readRules(ctx, s.db)
	if err != nil {
		return nil, err
	}
	index.Competence = NewCompetence(rules, areas)
	return index, nil
}

// forget makes this process see its own change at once.
func (s *Service) forget() {
	s.mu.Lock()
	s.checked = time.Time{}
	s.mu.Unlock()
}

// Versions lists published versions of the rubricator, the newest first.
func (s *Service) Versions(ctx context.Context) ([]Version, error) { return readVersions(ctx, s.db) }
