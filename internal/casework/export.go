package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Archive takes what is exported of a person; names are paths in it.
type Archive interface {
	JSON(name string, v any) error
	File(name string, r io.Reader) error
}

// keptReport is a report in an export, as its author or one who joined it sees
// it on its page: codes for programs, words in the reader's language.
type keptReport struct {
	Number       string            `json:"number"`
	As           string            `json:"as"` // author, joined
	Topic        string            `json:"topic"`
	Title        string            `json:"title,omitempty"`
	Lang         string            `json:"lang,omitempty"`
	Place        keptPlace         `json:"place"`
	Details      map[string]string `json:"details,omitempty"`
	Channel      string            `json:"channel,omitempty"`
	Hidden       bool              `json:"hidden,omitempty"`
	Organisation string            `json:"organisation,omitempty"`
	Stage        Stage             `json:"stage"`
	State        string            `json:"state"` // in words
	Outcome      Outcome           `json:"outcome,omitempty"`
	RegisteredAt *time.Time        `json:"registered_at,omitempty"`
	JoinedAt     *time.Time        `json:"joined_at,omitempty"`
	Term         string            `json:"term,omitempty"`
	AnsweredAt   *time.Time        `json:"answered_at,omitempty"`
	ClosedAt     *time.Time        `json:"closed_at,omitempty"`
	Mark         int64             `json:"mark,omitempty"`
	Solved       string            `json:"solved,omitempty"`
	Entries      []keptEntry       `json:"entries"`
	Files        []keptFile        `json:"files"`
}

type keptPlace struct {
	Text string  `json:"text,omitempty"`
	Note string  `json:"note,omitempty"`
	Lat  float64 `json:"lat,omitempty"`
	Lon  float64 `json:"lon,omitempty"`
}

type keptEntry struct {
	Kind         EntryKind `json:"kind"`
	At           time.Time `json:"at"`
	Mine         bool      `json:"mine,omitempty"`
	Role         string    `json:"role,omitempty"`
	Organisation string    `json:"organisation,omitempty"`
	Text         string    `json:"text"`
}

type keptFile struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Size    int64  `json:"size"` // as it was sent
	Mine    bool   `json:"mine,omitempty"`
	Path    string `json:"path,omitempty"`     // in the archive
	LeftOut string `json:"left_out,omitempty"` // why it isn't there: the code of the failure
}

// OpenFile gives a file's bytes and what it is called: nameless, by what it is.
type OpenFile func(ctx context.Context, blob id.ID, nameless bool) (name string, bytes io.ReadCloser, err error)

// Export writes every report of the actor's, own and joined, with the files
// that the actor may open. open gives a file's bytes to its viewer.
func (s *Service) Export(ctx context.Context, actor policy.Actor, to Archive, open OpenFile) error {
	if _, err := policy.Check(actor, policy.PrivacyExport, policy.Object{Owner: actor.Person}); err != nil {
		return err
	}
	return s.eachMine(ctx, actor, func(row MineRow) error {
		v, err := s.ReadFiled(ctx, actor, row.Number, "")
		if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) { // joined, and no longer to be seen
			return nil
		}
		if err != nil {
			return fmt.Errorf("report %s: %w", row.Number, err)
		}
		if err := s.exportOne(ctx, actor, v, "", to, open); err != nil || row.Kind != "merged" {
			return err
		}
		formers, err := s.formers(ctx, actor, &v.Case, row.MyNumber)
		if err != nil {
			return err
		}
		for i, f := range formers {
			if f.Wrote { // it is in the list by itself
				continue
			}
			before, err := s.ReadFiled(ctx, actor, f.Number, "")
			if err != nil {
				return err
			}
			if err := s.exportOne(ctx, actor, before, "-before-merge-"+itoa(i+1), to, open); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) exportOne(ctx context.Context, actor policy.Actor, v *View, suffix string, to Archive, open OpenFile) error {
	office := func(org id.ID) string {
		o, _ := s.offices.Office(org)
		return o.In(actor.Lang)
	}
	d := keptReport{Number: v.Number, As: v.As, Topic: v.Fact, Title: v.Title, Lang: v.Case.Lang,
		Place:   keptPlace{Text: v.Place.Text, Note: v.Place.Note, Lat: degrees(v.Place.Lat), Lon: degrees(v.Place.Lon)},
		Channel: v.Channel, Hidden: v.Hidden, Organisation: v.Office.In(actor.Lang), Stage: v.Stage, State: citizenState(actor.Lang, s.Procedure(&v.Case), &v.Case).Text, Outcome: v.Outcome,
		RegisteredAt: moment(v.RegisteredAt), Term: v.ReviewDate, AnsweredAt: moment(v.AnsweredAt), ClosedAt: moment(v.ClosedAt),
		Mark: v.Mark, Solved: v.Solved, Entries: []keptEntry{}, Files: []keptFile{}}
	if v.As == "joined" {
		d.Number, d.Hidden, d.RegisteredAt, d.JoinedAt = v.Me.Number, false, nil, moment(v.RegisteredAt)
	}
	if v.Details != "" {
		if err := json.Unmarshal([]byte(v.Details), &d.Details); err != nil {
			return errs.Wrap(errs.Internal, fmt.Errorf("details of %s: %w", v.Number, err))
		}
	}
	for _, e := range v.Entries {
		d.Entries = append(d.Entries, keptEntry{e.Kind, e.At.UTC(), e.Author == actor.Person, e.Role, office(e.Organisation), e.Body})
	}
	folder := "reports/" + d.Number + suffix
	for _, a := range v.Attachments {
		f := keptFile{Name: a.Name, Kind: a.Kind, Size: a.Size, Mine: a.Uploader == actor.Person}
		path, err := exportFile(ctx, a, folder, to, open)
		switch {
		case err == nil:
			f.Path = path
		case errs.Is(err, errs.Gone), errs.Is(err, errs.Conflict), errs.Is(err, errs.NotFound): // deleted, or still being checked
			f.LeftOut = string(errs.CodeOf(err))
		default:
			return fmt.Errorf("file %d of %s: %w", a.N, v.Number, err)
		}
		d.Files = append(d.Files, f)
	}
	return to.JSON(folder+".json", d)
}

func exportFile(ctx context.Context, a Attachment, folder string, to Archive, open OpenFile) (path string, err error) {
	name, r, err := open(ctx, a.Blob, a.Name == "")
	if err != nil {
		return "", err
	}
	path = fmt.Sprintf("%s/%02d-%s", folder, a.N, name)
	err = to.File(path, r)
	if closeErr := r.Close(); err == nil {
		err = closeErr
	}
	return path, err
}
