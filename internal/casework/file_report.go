package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// FileInput is one report as the citizen wrote it.
type FileInput struct {
	Key          string // idempotency key; empty: none
	Text         string
	Fact         string
	Place        PlaceInput
	Details      map[string]string // answers to what the fact requires
	Files        []id.ID
	Hidden       bool  // filed closed
	Organisation id.ID // chosen by the applicant; Nil: routed (FB-58)
	Channel      string
	Lang         string
	// Of imports and the demonstration alone.
	ID     id.ID
	Number string
	At     time.Time
	From   Imported
}

// Imported says which row of which file a report comes from.
type Imported struct {
	Source, External        string
	Digest                  []byte // of the words
	Topic, Agency, Category string // as the file has them
	State                   string // open, closed; empty: not said
}

// Plan is what a citizen sees before sending: who answers and by what date.
type Plan struct {
	Office    Office
	Fact      FactInfo
	Place     Place
	Why       string
	Unknown   bool // a coordinator decides who answers
	Chosen    bool
	Date      string // last day of the term, ISO, in Zone
	Zone      string
	At        time.Time
	Started   time.Time
	FastTrack bool
}

// ReceiptOf a filing.
type Receipt struct {
	Case   id.ID
	Number string
	Repeat bool // the same key was used before: this is what was made then
	// Of imports alone: it was over before it came.
	Archived bool
}

// Preview routes a report and computes its term without storing anything. It
// needs the fact and the place, not the words, nor the photos and answers that
// the fact asks for.
func (s *Service) Preview(ctx context.Context, actor policy.Actor, in FileInput) (Plan, error) {
	if _, err := policy.Check(actor, policy.CaseworkFile, policy.Object{Owner: actor.Person}); err != nil {
		return Plan{}, err
	}
	_, plan, fields := s.plan(actor, in, s.clock.Now())
	fields = slices.DeleteFunc(fields, func(f errs.Field) bool { return f.Name == "files" || strings.HasPrefix(f.Name, "details.") })
	if err := errs.InvalidFields(fields...); err != nil {
		return Plan{}, err
	}
	return plan, nil
}

// FileReport files a report. It is registered at the moment of filing and has
// its number at once (FB-08, FB-15). Errors: Invalid with fields; Conflict
// never: a repeat of the key is answered from what was made.
func (s *Service) FileReport(ctx context.Context, actor policy.Actor, in FileInput) (Receipt, error) {
	return drawn(func() (Receipt, error) { return s.fileReport(ctx, actor, in) })
}

func (s *Service) fileReport(ctx context.Context, actor policy.Actor, in FileInput) (Receipt, error) {
	if _, err := policy.Check(actor, policy.CaseworkFile, policy.Object{Owner: actor.Person}); err != nil {
		return Receipt{}, err
	}
	now := s.clock.Now()
	if !in.At.IsZero() {
		now = in.At
	}
	in.Text = strings.TrimSpace(in.Text)
	ch, _, fields := s.plan(actor, in, now)
	if f := reportText(in.Text, in.Channel); f != nil {
		fields = append(fields, *f)
	}
	if in.typed() && in.Organisation != id.Nil && in.At.IsZero() {
		if ok, err := s.attended(ctx, in.Organisation); err != nil {
			return Receipt{}, err
		} else if !ok && !slices.ContainsFunc(fields, func(f errs.Field) bool { return f.Name == "organisation" }) {
			fields = append(fields, errs.Field{Name: "organisation", Rule: "unattended", Key: "case.unattended"})
		}
	}
	if err := errs.InvalidFields(fields...); err != nil {
		return Receipt{}, err
	}
	print := in.print()
	if in.Key != "" && len(in.Files) > 0 { // files that a report has can't be claimed again; without them the row of the key decides
		made, found, err := db.Made(ctx, s.db, actor.Person, "casework.file", in.Key, print)
		if err != nil {
			return Receipt{}, err
		}
		if found {
			return s.repeated(ctx, made)
		}
	}
	kept, err := s.files.Claim(ctx, actor.Person, in.Files)
	if err != nil {
		return Receipt{}, err
	}
	ch.in.kept = kept
	if info, _ := s.facts.Fact(in.Fact); in.typed() && slices.Contains(info.Required, "photo") && !slices.ContainsFunc(kept, FileInfo.picture) {
		return Receipt{}, errs.InvalidFields(errs.Field{Name: "files", Rule: "required", Key: "case.photo_required"})
	}
	ch.file(in)
	if in.Key != "" {
		ch.also = append(ch.also, func(tx *db.Tx) { tx.Once(actor.Person, "casework.file", in.Key, print, ch.c.ID) })
	}
	if in.From.Source != "" {
		imported := s.clock.Now()
		ch.shelve(in.From.State, imported)
		ch.also = append(ch.also, func(tx *db.Tx) { insertImported(tx, ch.c.ID, in.From, imported) })
	}
	err = s.write(ctx, ch)
	if table, taken := db.Unique(err); taken && table == "db_once" { // two clicks at once
		made, _, err := db.Made(ctx, s.db, actor.Person, "casework.file", in.Key, print)
		if err != nil {
			return Receipt{}, err
		}
		return s.repeated(ctx, made)
	}
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{Case: ch.c.ID, Number: ch.c.Number, Archived: ch.c.Outcome == Archived}, nil
}

func (s *Service) repeated(ctx context.Context, made id.ID) (Receipt, error) {
	c, err := s.load(ctx, made)
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{Case: c.ID, Number: c.Number, Repeat: true}, nil
}

// noFact is the error of a fact that isn't chosen, or isn't known (any more).
func noFact(code string) errs.Field {
	if code != "" {
		return errs.Field{Name: "fact", Rule: "unknown", Key: "case.fact_gone"}
	}
	return errs.Field{Name: "fact", Rule: "required", Key: "case.fact_required"}
}

// plan decides everything of a filing but the words: fact, place, who answers, the term.
func (s *Service) plan(actor policy.Actor, in FileInput, now time.Time) (*change, Plan, []errs.Field) {
	var fields []errs.Field
	proc := s.procedure("report", 0)
	ch := &change{env: s.env(), proc: proc, row: ActionRow{Code: Filed}, actor: actor, now: now, role: roleOf(actor, proc, Case{})}
	info, ok := s.facts.Fact(in.Fact)
	if !ok {
		return ch, Plan{}, append(fields, noFact(in.Fact))
	}
	place, err := s.places.Resolve(in.Place, info.AssetKinds)
	if err != nil {
		if f := fieldsOf(err); len(f) > 0 {
			return ch, Plan{}, append(fields, f...)
		}
		return ch, Plan{}, append(fields, errs.Field{Name: "place", Rule: "unknown"})
	}
	for _, name := range info.Required {
		switch {
		case name == "place" && place.Lat == 0 && place.Text == "" && in.Channel != "import":
			fields = append(fields, errs.Field{Name: "place", Rule: "required", Key: "case.place_required"})
		case name == "photo" && len(in.Files) == 0 && in.typed():
			fields = append(fields, errs.Field{Name: "files", Rule: "required", Key: "case.photo_required"})
		case name != "place" && name != "photo" && strings.TrimSpace(in.Details[name]) == "" && in.typed():
			fields = append(fields, errs.Field{Name: "details." + name, Rule: "required"})
		}
	}
	routed, err := s.router.Route(info.Code, place)
	if err != nil {
		return ch, Plan{}, append(fields, errs.Field{Name: "organisation", Rule: "unknown"})
	}
	if in.Organisation != id.Nil {
		routed = Routed{Organisation: in.Organisation, Why: "chosen"}
	}
	office, ok := s.offices.Office(routed.Organisation)
	if !ok || !office.Active {
		return ch, Plan{}, append(fields, errs.Field{Name: "organisation", Rule: "unknown"})
	}
	ch.office = office
	ch.c.State = State{Procedure: proc.Code, ProcedureVersion: proc.Version, Channel: in.Channel, Applicant: actor.Person,
		Organisation: office.ID, Chosen: in.Organisation != id.Nil, Fact: info.Code, Territory: place.Territory,
		Asset: place.Asset, FastTrack: info.FastTrack, Hidden: in.Hidden, RegisteredAt: clock.Milli(now), People: 1}
	ch.c.Place, ch.c.Lang = place, in.Lang
	ch.setReview(now, info.Term)
	plan := Plan{Office: office, Fact: info, Place: place, Why: routed.Why, Unknown: routed.Unknown, Chosen: ch.c.Chosen,
		Date: ch.c.ReviewDate, Zone: ch.c.Zone, At: clock.FromMilli(ch.c.ReviewAt), Started: now, FastTrack: info.FastTrack}
	return ch, plan, fields
}

// file completes a planned case with the words and its names.
func (ch *change) file(in FileInput) {
	ch.c.ID, ch.c.Number = in.ID, in.Number
	if ch.c.ID == id.Nil {
		ch.c.ID = id.New()
	}
	if ch.c.Number == "" {
		ch.c.Number = ch.env.number()
	}
	ch.c.Title = titleOf(in.Text)
	if len(in.Details) > 0 {
		b, _ := json.Marshal(in.Details) // a map of strings always encodes
		ch.c.Details = string(b)
	}
	ch.say(EntryText, ForApplicant, in.Text)
	ch.enter(ch.proc.FirstStage)
	ch.finish()
}

// titleOf is the beginning of the applicant's words: what lists show.
func titleOf(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if end := strings.IndexAny(text, ".!?"); end > 20 && utf8.RuneCountInString(text[:end]) <= 90 {
		return text[:end]
	}
	r := []rune(text)
	if len(r) <= 90 {
		return text
	}
	cut := string(r[:90])
	if sp := strings.LastIndexByte(cut, ' '); sp > 40 {
		cut = cut[:sp]
	}
	return strings.TrimRight(cut, ",;:-– ") + "…"
}

// typed tells whether a person fills it in now, by page or program: what a fact
// requires is asked of them, not of a file of the past.
func (in FileInput) typed() bool { return in.Channel == "portal" || in.Channel == "api" }

// print tells whether a repeated key came with the same input. The language
// may differ from one sending to the next; what people type needs no more than
// is named here.
func (in FileInput) print() []byte {
	if in.typed() {
		return fingerprint(struct {
			Text, Fact, Channel string
			Place               PlaceInput
			Details             map[string]string
			Files               []id.ID
			Hidden              bool
			Organisation        id.ID
		}{in.Text, in.Fact, in.Channel, in.Place, in.Details, in.Files, in.Hidden, in.Organisation})
	}
	in.Lang = ""
	return fingerprint(in)
}

// fingerprint tells whether a repeated key came with the same input.
func fingerprint(in any) []byte {
	b, _ := json.Marshal(in) // inputs are plain structs
	return fingerprintBytes(b)
}

func fingerprintBytes(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:16]
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }
