package casework

import (
	"context"
	"net/url"
	"slices"

	"okno/internal/platform/i18n"
	"okno/internal/platform/journal"
	"okno/internal/platform/web"
)

// participation are the facts by which people come and go beside the author.
// Thousands may: they are read apart, so that they hide nothing that was done in
// the case.
var participation = []string{"casework." + string(Joined), "casework." + string(Unjoined)}

// historyPage is how many facts a page of a case's history has. The citizen's
// timeline is one page: nobody does as much in a case.
const historyPage = 200

// peoplePart is the part of a case's history that tells who came and went.
const peoplePart = "people"

// pastOf reads what was done in a case for its author or one who joined, oldest first.
func (w *Web) pastOf(ctx context.Context, v *View) ([]journal.Entry, error) {
	facts, err := journal.Latest(ctx, w.Cases.db, v.ID, journal.Place{}, historyPage, journal.Without(append(slices.Clone(participation), "casework.joined_rated")...))
	slices.Reverse(facts)
	return facts, err
}

// past is a page of a case's history for an officer, with the ways to the rest.
type past struct {
	facts  []journal.Entry // oldest first
	Older  string          // address of the page before; "" there is none
	Other  string          // of the other part: who came and went, or all else
	People bool            // this is who came and went
}

func (w *Web) pastFor(ctx context.Context, r *web.Request, v *workView) (p past, err error) {
	q := r.URL.Query()
	p.People = q.Get("history") == peoplePart
	before := journal.Place{}
	if text := q.Get("until"); text != "" {
		if before, err = journal.ParsePlace(text); err != nil {
			return p, err
		}
	}
	which := journal.Without(participation...)
	if p.People {
		which = journal.Only(participation...)
	}
	if p.facts, err = journal.Latest(ctx, w.Cases.db, v.Case.ID, before, historyPage+1, which); err != nil {
		return p, err
	}
	page := func(part, until string) string {
		to := queryOf(v.Query)
		for name, value := range map[string]string{"history": part, "until": until} {
			if value != "" {
				to.Set(name, value)
			}
		}
		address := url.URL{Path: v.Base + "/cases/" + v.Case.Number, RawQuery: to.Encode(), Fragment: "history"}
		return address.String()
	}
	part := ""
	if p.People {
		part, p.Other = peoplePart, page("", "")
	} else {
		some, err := journal.Latest(ctx, w.Cases.db, v.Case.ID, journal.Place{}, 1, journal.Only(participation...))
		if err != nil {
			return p, err
		}
		if len(some) > 0 {
			p.Other = page(peoplePart, "")
		}
	}
	if len(p.facts) > historyPage {
		p.facts = p.facts[:historyPage]
		p.Older = page(part, p.facts[historyPage-1].Place().String())
	}
	slices.Reverse(p.facts)
	return p, nil
}

// otherPart is what the way to the other part of the history is called.
func (p past) otherPart(lang string) string {
	if p.People {
		return i18n.T(lang, "work.history_all")
	}
	return i18n.T(lang, "work.history_people")
}
