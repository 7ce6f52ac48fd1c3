package taxonomy

import (
	"context"
	"net/http"

	"okno/internal/platform/errs"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

const tag = "Rubricator"

// API registers the rubricator: its tree, the search by name and the proposal
// for a person's own words.
func API(a *api.API, s *Service) {
	api.Register(a, api.Operation{ID: "get-rubricator", Method: http.MethodGet, Path: "/rubricator", Tag: tag, Open: true,
		Summary:     "Categories, subcategories and facts",
		Description: "The published version, whole. Its ETag moves when another one is published."}, policy.TaxonomyRead, s.treeCall)
	api.Register(a, api.Operation{ID: "get-fact", Method: http.MethodGet, Path: "/rubricator/facts/{code}", Tag: tag, Open: true,
		Summary: "One fact: what belongs here, its term, what it asks for", Description: "Facts that are no longer offered are found too."},
		policy.TaxonomyRead, s.factCall)
	api.Register(a, api.Operation{ID: "search-rubricator", Method: http.MethodGet, Path: "/rubricator/search", Tag: tag, Open: true,
		Summary: "Topics of every level by name and synonyms", Description: "Words may be unfinished and misspelt, in Russian or English."},
		policy.TaxonomyRead, s.searchCall)
	api.Register(a, api.Operation{ID: "suggest-facts", Method: http.MethodPost, Path: "/rubricator/suggestions", Tag: tag, Open: true, Repeatable: true,
		Summary: "Facts that fit a person's own words, best first", Description: "The words are neither stored nor logged."},
		policy.TaxonomyRead, s.suggestCall)
}

type rubricatorTree struct {
	Version    int64          `json:"version" doc:"Version that is published" example:"1"`
	Categories []categoryNode `json:"categories" doc:"First level, in the order of the site"`
}

type categoryNode struct {
	Code          string            `json:"code" example:"roads" doc:"Names it for ever"`
	Name          string            `json:"name" example:"Дороги" doc:"Name in the caller's language"`
	Subcategories []subcategoryNode `json:"subcategories" doc:"Its subcategories"`
}

type subcategoryNode struct {
	Code  string     `json:"code" example:"roads.surface" doc:"Names it for ever"`
	Name  string     `json:"name" example:"Дорожное покрытие" doc:"Name in the caller's language"`
	Facts []FactNode `json:"facts" doc:"Its facts"`
}

type FactNode struct {
	Code string `json:"code" example:"roads.surface.pothole" doc:"Names it for ever"`
	Name string `json:"name" example:"Яма на дороге" doc:"Name in the caller's language"`
}

type termNode struct {
	N    int    `json:"n" example:"10" doc:"How many"`
	Unit string `json:"unit" enum:"calendar_days,working_days,working_hours" doc:"Of what"`
}

type FactDocument struct {
	FactNode
	Path       []string        `json:"path" doc:"Names of its levels, from the category down"`
	Belongs    string          `json:"belongs,omitempty" doc:"What belongs here, in plain words"`
	NotBelongs []elsewhereNode `json:"not_belongs,omitempty" doc:"What is like it and belongs elsewhere"`
	Term       termNode        `json:"term" doc:"How long the answer may take"`
	FastTrack  bool            `json:"fast_track,omitempty" doc:"Answered in a short term"`
	Danger     bool            `json:"danger,omitempty" doc:"Somebody may be hurt: tell the person to call 112 first"`
	Place      Place           `json:"place" enum:"none,point,address" doc:"What kind of place it needs"`
	Required   []string        `json:"required" doc:"What it asks for besides place and words: photo, when, since, entrance …" example:"[\"photo\"]"`
	Proof      []string        `json:"proof,omitempty" doc:"What an answer that it is done must carry: photo, act"`
	Offered    bool            `json:"offered" doc:"New reports may be filed under it"`
}

type elsewhereNode struct {
	To   string `json:"to" doc:"Code of the topic to choose instead" example:"light.lamp"`
	Text string `json:"text" doc:"In words"`
}

func factOf(r *Rubricator, lang string, f *Fact) FactDocument {
	d := FactDocument{FactNode: FactNode{f.Code, f.In(lang)}, Path: r.Path(f.Code, lang), Belongs: f.BelongsIn(lang),
		Term: termNode{f.Term.N, string(f.Term.Unit)}, FastTrack: f.FastTrack, Danger: f.Danger, Place: f.Place, Required: f.Required, Proof: f.Proof,
		Offered: !f.Retired}
	if d.Required == nil {
		d.Required = []string{}
	}
	for _, e := range f.NotBelongs {
		d.NotBelongs = append(d.NotBelongs, elsewhereNode{e.To, e.In(lang)})
	}
	return d
}

func (s *Service) published(ctx context.Context, a policy.Actor) (*Rubricator, error) {
	if err := policy.Allow(a, policy.TaxonomyRead); err != nil {
		return nil, err
	}
	x, err := s.Current(ctx)
	if err != nil {
		return nil, err
	}
	return x.Rubricator, nil
}

type treeAnswer struct {
	ETag string `header:"ETag" doc:"Version of the rubricator"`
	Body rubricatorTree
}

func (s *Service) treeCall(ctx context.Context, c api.Call, _ *struct{}) (*treeAnswer, error) {
	r, err := s.published(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	lang := c.Request.Lang
	out := &treeAnswer{web.ETag(r.Version), rubricatorTree{Version: r.Version, Categories: []categoryNode{}}}
	for i := range r.Categories {
		cat := &r.Categories[i]
		node := categoryNode{cat.Code, cat.In(lang), []subcategoryNode{}}
		for j := range cat.Subcategories {
			sub := &cat.Subcategories[j]
			below := subcategoryNode{sub.Code, sub.In(lang), []FactNode{}}
			for k := range sub.Facts {
				if f := &sub.Facts[k]; !f.Retired {
					below.Facts = append(below.Facts, FactNode{f.Code, f.In(lang)})
				}
			}
			node.Subcategories = append(node.Subcategories, below)
		}
		out.Body.Categories = append(out.Body.Categories, node)
	}
	return out, nil
}

func (s *Service) factCall(ctx context.Context, c api.Call, in *struct {
	Code string `path:"code" maxLength:"200" doc:"Code of the fact" example:"roads.surface.pothole"`
}) (*struct{ Body FactDocument }, error) {
	r, err := s.published(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	f, ok := r.Fact(in.Code)
	if !ok {
		return nil, errs.New(errs.NotFound, "")
	}
	return &struct{ Body FactDocument }{factOf(r, c.Request.Lang, f)}, nil
}

type topicFound struct {
	Code  string   `json:"code" example:"roads.surface" doc:"Names it for ever"`
	Name  string   `json:"name" example:"Дорожное покрытие" doc:"Name in the caller's language"`
	Level string   `json:"level" enum:"category,subcategory,fact" doc:"How deep it stands"`
	Path  []string `json:"path" doc:"Names of its levels, from the category down"`
}

func (s *Service) searchCall(ctx context.Context, c api.Call, in *struct {
	Query string `query:"q" required:"true" minLength:"1" maxLength:"200" doc:"Words, perhaps unfinished" example:"яма"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"12" doc:"At most so many"`
}) (*struct{ Body api.Page[topicFound] }, error) {
	r, err := s.published(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[topicFound] }{}
	out.Body.Items = []topicFound{}
	for _, h := range r.Search(in.Query, in.Limit) {
		path := r.Path(h.Topic.Code, c.Request.Lang)
		level := [...]string{"category", "subcategory", "fact"}[min(max(len(path), 1), 3)-1]
		out.Body.Items = append(out.Body.Items, topicFound{h.Topic.Code, h.Topic.In(c.Request.Lang), level, path})
	}
	return out, nil
}

type wordsInput struct {
	Text  string `json:"text" minLength:"1" maxLength:"4000" doc:"What the person wrote so far" example:"у подъезда третий день не горит фонарь"`
	Limit int    `json:"limit,omitempty" minimum:"1" maximum:"20" default:"3" doc:"At most so many"`
}

type factProposed struct {
	FactDocument
	Share   float64  `json:"share" doc:"How sure the choice is, 0 to 1" example:"0.82"`
	Matched []string `json:"matched" doc:"The person's words that led here" example:"[\"фонарь\"]"`
}

func (s *Service) suggestCall(ctx context.Context, c api.Call, in *struct{ Body wordsInput }) (*struct{ Body api.Page[factProposed] }, error) {
	r, err := s.published(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[factProposed] }{}
	out.Body.Items = []factProposed{}
	for _, p := range r.Suggest(in.Body.Text, in.Body.Limit) {
		matched := p.Matched
		if matched == nil {
			matched = []string{}
		}
		out.Body.Items = append(out.Body.Items, factProposed{factOf(r, c.Request.Lang, p.Fact), p.Share, matched})
	}
	return out, nil
}
