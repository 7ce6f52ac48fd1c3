package signature

import "time"

// A Period is from one moment up to another, which belongs to it no more; a
// zero To has no end.
type Period struct{ From, To time.Time }

// Holds tells whether the moment lies in the period.
func (p Period) Holds(at time.Time) bool {
	return !at.Before(p.From) && (p.To.IsZero() || at.Before(p.To))
}

// An Authority is a certification authority with the times of its
// accreditation (63-ФЗ art. 15, 16).
type Authority struct {
	Name         string
	OGRN, INN    string
	Certificates []*Certificate // it signs with
	Periods      []Period       // of accreditation; pauses lie between them
}

// Accredited tells whether the authority was accredited at the moment.
func (a *Authority) Accredited(at time.Time) bool {
	for _, p := range a.Periods {
		if p.Holds(at) {
			return true
		}
	}
	return false
}

// A TrustList is whom a verdict rests on. Chains end at Roots, which are
// trusted for being there. Authorities alone make no chain end; they decide
// what is qualified. The list is only read while signatures are verified.
type TrustList struct {
	Roots       []*Certificate
	Authorities []Authority
}

// root tells whether a chain may end here. A certificate of the same subject
// with the same key (a cross certificate, a renewed one) is not the root
// itself.
func (t *TrustList) root(c *Certificate) bool {
	if t == nil {
		return false
	}
	for _, r := range t.Roots {
		if r.is(c) {
			return true
		}
	}
	return false
}

// authority is the one on the list that issued within this chain, or nil.
func (t *TrustList) authority(chain []*Certificate) *Authority {
	if t == nil || len(chain) < 2 {
		return nil
	}
	for _, c := range chain[1:] {
		for i := range t.Authorities {
			for _, own := range t.Authorities[i].Certificates {
				if own.sameKey(c) {
					return &t.Authorities[i]
				}
			}
		}
	}
	return nil
}
