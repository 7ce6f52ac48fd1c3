package directory

import (
	"slices"
	"strings"

	"okno/internal/policy"
)

// Kinds of facts.
const (
	FactOrganisationAdded   = "directory.organisation_added"   // Body: Change
	FactOrganisationChanged = "directory.organisation_changed" // Body: Change
	FactOfficerAdded        = "directory.officer_added"        // subject: the organisation; Body: OfficerChange
	FactOfficerChanged      = "directory.officer_changed"
	FactOfficerRemoved      = "directory.officer_removed"
	FactSettingChanged      = "directory.setting_changed" // Body: SettingChange
)

// Facts lists every kind of this module.
func Facts() []string {
	return []string{FactOrganisationAdded, FactOrganisationChanged, FactOfficerAdded, FactOfficerChanged, FactOfficerRemoved, FactSettingChanged}
}

// Change is an organisation before and after. Names of organisations are
// public and no personal value.
type Change struct {
	Before *Snapshot `json:"before,omitempty"`
	After  *Snapshot `json:"after,omitempty"`
}

// Snapshot is an organisation as a fact tells it.
type Snapshot struct {
	Code        string   `json:"code"`
	Parent      string   `json:"parent,omitempty"`
	Kind        Kind     `json:"kind"`
	Name        string   `json:"name"`
	NameEN      string   `json:"name_en,omitempty"`
	Short       string   `json:"short,omitempty"`
	ShortEN     string   `json:"short_en,omitempty"`
	Hours       string   `json:"hours"`
	Territories []string `json:"territories,omitempty"`
	Oversees    bool     `json:"oversees,omitempty"`
	Active      bool     `json:"active"`
}

// OfficerChange is an office before and after, by ids and codes.
type OfficerChange struct {
	Person string      `json:"person"`
	Before *OfficeCode `json:"before,omitempty"`
	After  *OfficeCode `json:"after,omitempty"`
	Cases  int         `json:"cases,omitempty"` // open ones of who left, or is a handler no more
}

// Stopped tells whether the person was a handler and is none now.
func (c OfficerChange) Stopped() bool {
	return c.Before.handles() && !c.After.handles()
}

func (o *OfficeCode) handles() bool {
	return o != nil && slices.Contains(strings.Fields(o.Roles), string(policy.Handler))
}

// OfficeCode is what a fact tells of an office.
type OfficeCode struct {
	Roles       string `json:"roles"`
	AbsentUntil int64  `json:"absent_until,omitempty"` // milliseconds
}

// SettingChange is a setting before and after.
type SettingChange struct {
	Name   string `json:"name"`
	Scope  string `json:"scope,omitempty"` // id of an organisation
	Since  int64  `json:"since"`
	Before string `json:"before"`
	After  string `json:"after"`
}
