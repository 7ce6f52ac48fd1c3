package privacy

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Kinds of facts. What was exported or erased is nobody's to know
// afterwards; of an erasure by an operator the journal keeps an [OnPaper].
const (
	FactExported = "privacy.exported" // a person took an archive of their data
	FactErased   = "privacy.erased"   // a person's account was erased
)

// Room is a part of the program that keeps data of people: it writes what it
// keeps of the actor into the archive.
type Room func(ctx context.Context, a policy.Actor, to *Archive) error

// atOnce bounds exports that run in this process at the same time.
const atOnce = 4

// Export is an archive that may be written once. Close it in any case.
type Export struct {
	s     *Service
	actor policy.Actor
	lang  string
	once  sync.Once
}

// Begin decides whether the actor may export, and takes a place for it: one
// for each person and four in all, else [errs.RateLimited].
func (s *Service) Begin(_ context.Context, a policy.Actor, lang string) (*Export, error) {
	if _, err := policy.Check(a, policy.PrivacyExport, policy.Object{Owner: a.Person}); err != nil {
		return nil, err
	}
	a.Organisation, a.Roles, a.Subtree, a.Territories = id.Nil, []policy.Role{policy.Citizen}, nil, nil // as the person, never as an office
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.exporting[a.Person] || len(s.exporting) >= atOnce {
		return nil, errs.New(errs.RateLimited, "privacy.export_busy")
	}
	s.exporting[a.Person] = true
	return &Export{s: s, actor: a, lang: lang}, nil
}

// Close gives the place back; more than once is no error.
func (x *Export) Close() {
	x.once.Do(func() {
		x.s.mu.Lock()
		defer x.s.mu.Unlock()
		delete(x.s.exporting, x.actor.Person)
	})
}

// Record writes that the person exports, durably, before the first byte goes:
// who steals a session can't do it unseen.
func (x *Export) Record(ctx context.Context) error {
	fact := x.s.fact(x.actor, FactExported)
	return db.Do(ctx, x.s.db, db.People, func(tx *db.Tx) error { tx.Fact(fact); return nil })
}

// Name is the archive's file name.
func (x *Export) Name() string { return "okno-" + x.s.clock.Now().UTC().Format(time.DateOnly) + ".zip" }

// Write writes the archive and closes x: JSON and files, room by room, never more than one
// report in memory. It is no snapshot: what changes meanwhile may be in it or not.
func (x *Export) Write(ctx context.Context, w io.Writer) error {
	defer x.Close()
	z := zip.NewWriter(w)
	a := &Archive{ctx: ctx, zip: z, now: x.s.clock.Now(), names: map[string]bool{}}
	if err := a.File("README.txt", strings.NewReader(i18n.T(x.lang, "privacy.export_readme"))); err != nil {
		return err
	}
	for _, room := range append([]Room{x.s.exportReads}, x.s.rooms.Export...) {
		if err := room(ctx, x.actor, a); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	return z.Close()
}

// Archive is the zip that rooms write into.
type Archive struct {
	ctx   context.Context
	zip   *zip.Writer
	now   time.Time
	names map[string]bool
}

// create begins an entry. A name that is taken gets a number: two files of one
// name are two files.
func (a *Archive) create(name string) (io.Writer, error) {
	if err := a.ctx.Err(); err != nil {
		return nil, err
	}
	name = plainPath(name)
	ext := path.Ext(name)
	for n, base := 2, strings.TrimSuffix(name, ext); a.names[name]; n++ {
		name = fmt.Sprintf("%s-%d%s", base, n, ext)
	}
	a.names[name] = true
	return a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.now.UTC()})
}

// plainPath keeps a name from leading out of the folder it is unpacked to.
func plainPath(name string) string {
	var parts []string
	for _, p := range strings.Split(strings.ReplaceAll(name, `\`, "/"), "/") {
		if p != "" && p != "." && p != ".." {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "/")
}

// JSON writes a document.
func (a *Archive) JSON(name string, v any) error {
	w, err := a.create(name)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// List writes a JSON array piece by piece.
func (a *Archive) List(name string, each func(add func(any) error) error) error {
	w, err := a.create(name)
	if err != nil {
		return err
	}
	sep := "[\n"
	err = each(func(v any) error {
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, sep+string(b))
		sep = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	end := "\n]\n"
	if sep == "[\n" {
		end = "[]\n"
	}
	_, err = io.WriteString(w, end)
	return err
}

// File writes a file.
func (a *Archive) File(name string, r io.Reader) error {
	w, err := a.create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}

// keptRead is who read, as it is exported: never which officer.
type keptRead struct {
	At           time.Time     `json:"at"`
	What         policy.Action `json:"what"`
	Role         string        `json:"role"`
	Organisation string        `json:"organisation,omitempty"`
	Reason       string        `json:"reason,omitempty"`
}

func (s *Service) exportReads(ctx context.Context, a policy.Actor, to *Archive) error {
	return to.List("reads.json", func(add func(any) error) error {
		for p := (Page{N: 200}); ; {
			list, more, err := s.WhoRead(ctx, a, p)
			if err != nil {
				return err
			}
			for _, r := range list {
				k := keptRead{At: r.At.UTC(), What: r.What, Role: r.Role, Reason: r.Reason}
				if r.Organisation != id.Nil {
					k.Organisation = r.Organisation.String()
				}
				if err := add(k); err != nil {
					return err
				}
				p.At, p.ID = r.At, r.ID
			}
			if !more {
				return nil
			}
		}
	})
}
