package identity

import (
	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Kinds of facts. They carry codes and ids; never a name, login or contact.
const (
	FactRegistered   = "identity.registered"    // Body: Registered
	FactSignedIn     = "identity.signed_in"     // Body: Session
	FactSessionEnded = "identity.session_ended" // Body: Session
	FactChanged      = "identity.changed"       // Body: Changed
	FactPasswordSet  = "identity.password_set"  // reason: changed, link
	FactLinkMade     = "identity.link_made"     // reason: the purpose
	FactTokenMade    = "identity.token_made"    // Body: Token
	FactTokenRevoked = "identity.token_revoked" // Body: Token
	FactSignupAsked  = "identity.signup_asked"  // Body: SignupAsked
	FactCodeRefused  = "identity.code_refused"  // reason: mismatch, late, older, used
)

// Facts lists every kind of this module.
func Facts() []string {
	return []string{FactRegistered, FactSignedIn, FactSessionEnded, FactChanged, FactPasswordSet,
		FactLinkMade, FactTokenMade, FactTokenRevoked, FactSignupAsked, FactCodeRefused}
}

// Registered says how an account came to be.
type Registered struct {
	Lang string `json:"lang"`
	By   string `json:"by"`            // person, import, operator
	Way  Way    `json:"way,omitempty"` // email, sms: what was confirmed; empty: a plain login
}

// SignupAsked says how a code or link was asked for. It doesn't tell whether
// the contact had an account.
type SignupAsked struct {
	Way Way `json:"way"`
}

// SessionFact names a session.
type SessionFact struct {
	Session id.ID  `json:"session"`
	How     string `json:"how,omitempty"` // password, link; sign_out, by_person, password_set, too_many
	Count   int    `json:"count,omitempty"`
}

// Changed names the fields that changed, with before and after where they are
// codes and not personal values.
type Changed struct {
	Fields []string          `json:"fields"`
	Before map[string]string `json:"before,omitempty"`
	After  map[string]string `json:"after,omitempty"`
}

// TokenFact names an API token.
type TokenFact struct {
	Token        id.ID  `json:"token"`
	Organisation string `json:"organisation,omitempty"`
	ReadOnly     bool   `json:"read_only,omitempty"`
}

// fact fills what all facts of this module share.
func (s *Service) fact(a policy.Actor, kind string, account id.ID, version int64, reason string, body any) db.Fact {
	f := db.Fact{Kind: kind, Subject: account, Version: version, Person: a.Person, Organisation: a.Organisation,
		At: s.clock.Now(), Reason: reason, Body: body}
	if a.Has(policy.System) {
		f.Role = a.Name
	} else if a.SignedIn() {
		f.Role = string(policy.Citizen)
	}
	return f
}
