package directory

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// SettingType says what values a setting takes.
type SettingType string

// Types of settings.
const (
	IntSetting    SettingType = "int"
	BoolSetting   SettingType = "bool"
	ChoiceSetting SettingType = "choice"
	TextSetting   SettingType = "text"
)

// Setting is something that an administrator may change while the program
// runs. Modules define theirs at start; every number that law or practice may
// change is one.
type Setting struct {
	Name            string // module.what
	Title           string // key of its name in words
	Type            SettingType
	Default         string
	Unit            string // of an int: days, hours, minutes …
	Min, Max        int64  // of an int
	Choices         []string
	Source          string // what the default rests on: an act, or "practice"
	PerOrganisation bool   // an organisation may have a value of its own; it holds for those below too
	Owner           string // of a flag: who removes it
	Removal         string // of a flag: ISO date by which it goes
}

// Value is a setting's value from a moment on.
type Value struct {
	Name   string
	Scope  id.ID // organisation; Nil: the installation
	Since  time.Time
	Value  string
	Source string
	MadeAt time.Time
}

type settings struct {
	mu      sync.Mutex
	defs    map[string]Setting
	values  []Value // by name, scope, since descending
	version int64
	checked time.Time
}

// Define makes a setting known. It panics on one that stands twice or whose
// default breaks its own rule: a mistake of the program, found at start.
func (s *Service) Define(defs ...Setting) {
	s.settings.mu.Lock()
	defer s.settings.mu.Unlock()
	for _, d := range defs {
		if _, twice := s.settings.defs[d.Name]; twice {
			panic("directory: setting defined twice: " + d.Name)
		}
		if !d.takes(d.Default) {
			panic("directory: setting with a wrong default: " + d.Name)
		}
		s.settings.defs[d.Name] = d
	}
}

func (d Setting) takes(v string) bool {
	switch d.Type {
	case IntSetting:
		n, err := strconv.ParseInt(v, 10, 64)
		return err == nil && n >= d.Min && n <= d.Max
	case BoolSetting:
		return v == "true" || v == "false"
	case ChoiceSetting:
		return slices.Contains(d.Choices, v)
	case TextSetting:
		return utf8.RuneCountInString(v) <= 1000
	}
	return false
}

// Settings lists what is defined, by name.
func (s *Service) Settings() []Setting {
	s.settings.mu.Lock()
	defer s.settings.mu.Unlock()
	out := make([]Setting, 0, len(s.settings.defs))
	for _, d := range s.settings.defs {
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Setting) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out
}

// Text is a setting's value for an organisation (Nil: the installation) at a
// moment: the organisation's own, that of the nearest one above it, the
// installation's, or the default. At most a second late.
func (s *Service) Text(ctx context.Context, name string, org id.ID, at time.Time) (string, error) {
	s.settings.mu.Lock()
	d, ok := s.settings.defs[name]
	s.settings.mu.Unlock()
	if !ok {
		return "", errs.New(errs.Internal, "directory.unknown_setting")
	}
	values, err := s.values(ctx)
	if err != nil {
		return "", err
	}
	scopes := []id.ID{id.Nil}
	if d.PerOrganisation && org != id.Nil {
		t, err := s.Tree(ctx)
		if err != nil {
			return "", err
		}
		scopes = []id.ID{org}
		for _, o := range t.Above(org) {
			scopes = append(scopes, o.ID)
		}
		scopes = append(scopes, id.Nil)
	}
	for _, scope := range scopes {
		for _, v := range values {
			if v.Name == name && v.Scope == scope && !v.Since.After(at) && d.takes(v.Value) {
				return v.Value, nil
			}
		}
	}
	return d.Default, nil
}

// Int is [Service.Text] of a number.
func (s *Service) Int(ctx context.Context, name string, org id.ID, at time.Time) (int64, error) {
	v, err := s.Text(ctx, name, org, at)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return 0, errs.Wrap(errs.Internal, err)
	}
	return n, nil
}

// Bool is [Service.Text] of a switch.
func (s *Service) Bool(ctx context.Context, name string, org id.ID, at time.Time) (bool, error) {
	v, err := s.Text(ctx, name, org, at)
	return v == "true", err
}

// Set gives a setting a value from since on (zero: now). The value before it
// stays for the time before.
func (s *Service) Set(ctx context.Context, a policy.Actor, v Value) error {
	return s.set(ctx, a, v, "")
}

// set is Set with an idempotency key ("": none): the same call again with the
// same key changes nothing and is no error.
func (s *Service) set(ctx context.Context, a policy.Actor, v Value, key string) error {
	if err := policy.Allow(a, policy.DirectorySettings); err != nil {
		return err
	}
	s.settings.mu.Lock()
	d, ok := s.settings.defs[v.Name]
	s.settings.mu.Unlock()
	now := s.clock.Now()
	def := func(bad bool, field, rule string) error {
		if bad {
			return errs.InvalidFields(errs.Field{Name: field, Rule: rule})
		}
		return nil
	}
	if err := def(!ok, "name", "unknown"); err != nil {
		return err
	}
	again := once{operation: "directory.set", key: key, id: s.db.NewID()}
	var err error
	if again.print, err = fingerprint(SettingChange{Name: v.Name, Scope: v.Scope.String(), Since: clock.Milli(v.Since), Before: v.Source, After: v.Value}); err != nil {
		return err
	}
	if _, found, err := again.made(ctx, s.db, a); err != nil || found {
		return err
	}
	if v.Since.IsZero() {
		v.Since = now
	}
	if err := def(!d.takes(v.Value), "value", map[bool]string{true: "unknown", false: "invalid"}[d.Type == ChoiceSetting]); err != nil {
		return err
	}
	if err := def(v.Since.Before(now), "since", "in_past"); err != nil {
		return err
	}
	if err := def(utf8.RuneCountInString(v.Source) > 500, "source", "too_long"); err != nil {
		return err
	}
	scope := ""
	if v.Scope != id.Nil {
		_, err := s.Organisation(ctx, v.Scope)
		if errs.Is(err, errs.NotFound) || err == nil && !d.PerOrganisation {
			return errs.InvalidFields(errs.Field{Name: "scope", Rule: "unknown"})
		}
		if err != nil {
			return err
		}
		scope = v.Scope.String()
	}
	before, err := s.Text(ctx, v.Name, v.Scope, v.Since)
	if err != nil {
		return err
	}
	fact := s.fact(a, FactSettingChanged, v.Scope, 0, "", SettingChange{Name: v.Name, Scope: scope,
		Since: clock.Milli(v.Since), Before: before, After: v.Value})
	err = db.Do(ctx, s.db, db.People, func(tx *db.Tx) error {
		tx.Queue(`INSERT INTO directory_setting (name, scope, since, value, source, made_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (name, scope, since) DO UPDATE SET value = excluded.value, source = excluded.source, made_at = excluded.made_at`,
			v.Name, scope, clock.Milli(v.Since), v.Value, v.Source, clock.Milli(now))
		tx.QueueOne(`UPDATE directory_state SET settings = settings + 1 WHERE id = 1`)
		again.keep(tx, a)
		tx.Fact(fact)
		return nil
	})
	if err != nil { // the same call at the same time may have done it
		if _, found, _ := again.made(ctx, s.db, a); found {
			err = nil
		}
	}
	s.settings.mu.Lock()
	s.settings.checked = time.Time{}
	s.settings.mu.Unlock()
	return err
}

// values are all stored values, at most a second late.
func (s *Service) values(ctx context.Context) ([]Value, error) {
	st := &s.settings
	now := s.clock.Now()
	st.mu.Lock()
	values, version, checked := st.values, st.version, st.checked
	st.mu.Unlock()
	if version > 0 && now.Sub(checked) < fresh && !now.Before(checked) {
		return values, nil
	}
	cur, err := readState(ctx, s.db)
	if err != nil {
		return nil, err
	}
	if cur.settings != version {
		values, err = db.All(ctx, s.db, scanValue, `SELECT name, scope, since, value, source, made_at FROM directory_setting ORDER BY name, scope, since DESC`)
		if err != nil {
			return nil, err
		}
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.values, st.version, st.checked = values, cur.settings, now
	return values, nil
}

// Values lists what was ever set for a setting, the latest first.
func (s *Service) Values(ctx context.Context, a policy.Actor, name string) ([]Value, error) {
	if err := policy.Allow(a, policy.DirectorySettings); err != nil {
		return nil, err
	}
	all, err := s.values(ctx)
	if err != nil {
		return nil, err
	}
	var out []Value
	for _, v := range all {
		if v.Name == name {
			out = append(out, v)
		}
	}
	return out, nil
}

func scanValue(sc db.Scanner) (v Value, err error) {
	var scope string
	var since, made int64
	if err = sc.Scan(&v.Name, &scope, &since, &v.Value, &v.Source, &made); err != nil {
		return v, err
	}
	v.Since, v.MadeAt = clock.FromMilli(since), clock.FromMilli(made)
	if scope != "" {
		v.Scope, err = id.Parse(scope)
	}
	return v, err
}
