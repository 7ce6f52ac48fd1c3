package signature

import (
	"slices"
	"sync"
	"time"
)

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
// what is qualified. It serves many verifications at once and must not change
// after the first.
type TrustList struct {
	Roots       []*Certificate
	Authorities []Authority

	once      sync.Once
	bySubject map[string][]*Certificate
	byKey     map[string]*Authority // by subject and key
}

// index makes the list quick to search: the ministry's has thousands of
// certificates.
func (t *TrustList) index() {
	t.once.Do(func() {
		t.bySubject, t.byKey = map[string][]*Certificate{}, map[string]*Authority{}
		add := func(c *Certificate) {
			t.bySubject[string(c.X509.RawSubject)] = append(t.bySubject[string(c.X509.RawSubject)], c)
		}
		for i := range t.Authorities {
			for _, c := range t.Authorities[i].Certificates {
				add(c)
				t.byKey[c.subjectAndKey()] = &t.Authorities[i]
			}
		}
		for _, c := range t.Roots {
			add(c)
		}
	})
}

// issuers are the certificates of the list that may have issued c by their name.
func (t *TrustList) issuers(c *Certificate) []*Certificate {
	if t == nil {
		return nil
	}
	t.index()
	return t.bySubject[string(c.X509.RawIssuer)]
}

// root tells whether a chain may end here. A certificate of the same subject
// with the same key (a cross certificate, a renewed one) is not the root
// itself.
func (t *TrustList) root(c *Certificate) bool {
	return t != nil && slices.ContainsFunc(t.Roots, c.is)
}

// authority is the one on the list that issued the first certificate of the
// chain, or nil. It may hold several certificates for one key. Who stands above
// it doesn't make it accredited: the ministry's own authority, above all others,
// is on its list too.
func (t *TrustList) authority(chain []*Certificate) *Authority {
	if t == nil || len(chain) < 2 {
		return nil
	}
	t.index()
	return t.byKey[chain[1].subjectAndKey()]
}
