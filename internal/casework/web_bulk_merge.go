package casework

import (
	"context"
	"slices"
	"strings"

	"okno/internal/geo"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// apart is from how many metres on reports of one matter are unlikely.
const apart = 300

// briefs are cases as the list shows them, in the order of their numbers. One
// that the actor may not open is left out.
func (s *Service) briefs(ctx context.Context, actor policy.Actor, numbers []string) ([]Case, error) {
	found, err := s.byNumbers(ctx, numbers)
	var out []Case
	for _, n := range numbers {
		c, ok := found[n]
		if !ok {
			continue
		}
		grant, err := policy.Check(actor, policy.CaseworkRead, objectOf(&c))
		if err != nil {
			continue
		}
		if !grant.Full() {
			c.Title, c.Place.Note = "", ""
		}
		out = append(out, c)
	}
	return out, err
}

// compare fills in what an officer sees of the cases that are going to be one,
// and what speaks against it.
func (w *Web) compare(ctx context.Context, r *web.Request, actor policy.Actor, v *bulkView) error {
	cases, err := w.Cases.briefs(ctx, actor, v.Numbers)
	if err != nil {
		return err
	}
	var topics []string
	for _, c := range cases {
		topic, _ := w.Topics.Topic(r.Lang, c.Fact)
		if !slices.Contains(topics, topic.Name) {
			topics = append(topics, topic.Name)
		}
		if c.Stage == StageModeration { // nothing is merged into what nobody read
			v.Against = append(v.Against, r.T("work.merge_unread", i18n.Args{"Number": id.ShowNumber(c.Number)}))
			continue
		}
		words := ""
		if c.Title != "" {
			words = r.T("work.merge_words", i18n.Args{"Words": c.Title})
		}
		v.Options = append(v.Options, ui.Option{Value: c.Number, Text: sentences(numbered(r.Lang, c.Number), topic.Name),
			Hint: sentences(oneLine(c.Place.Text), capital(i18n.N(r.Lang, "case.people", int(c.People))), words)})
	}
	if len(topics) > 1 {
		v.Against = append(v.Against, r.T("work.merge_topics", i18n.Args{"Topics": strings.Join(topics, "; ")}))
	}
	switch far, unknown := spread(cases); {
	case far > apart:
		v.Against = append(v.Against, r.T("work.merge_far", i18n.Args{"Far": metres(r.Lang, int64(far))}))
	case unknown:
		v.Against = append(v.Against, r.T("work.merge_places"))
	}
	return nil
}

// spread is how many metres lie at most between two of the cases; unknown tells
// that some place has no point and is another one in words.
func spread(cases []Case) (metres float64, unknown bool) {
	for i, a := range cases {
		for _, b := range cases[:i] {
			p, q := geo.Point{Lat: int32(a.Place.Lat), Lon: int32(a.Place.Lon)}, geo.Point{Lat: int32(b.Place.Lat), Lon: int32(b.Place.Lon)}
			if p.Zero() || q.Zero() {
				unknown = unknown || a.Place.Text != b.Place.Text
				continue
			}
			metres = max(metres, geo.Distance(p, q))
		}
	}
	return metres, unknown
}

// numbered is a public number as people write it.
func numbered(lang, number string) string {
	return i18n.T(lang, "case.numbered", i18n.Args{"Number": id.ShowNumber(number)})
}
