package notify

import (
	"context"
	"net/http"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

const tag = "Notices"

// API registers a person's notices. They are the person's, whatever
// organisation the token acts for.
func API(a *api.API, s *Service) {
	api.Register(a, api.Operation{ID: "list-notices", Method: http.MethodGet, Path: "/notices", Tag: tag,
		Summary: "The caller's notices, newest first"}, policy.NotifyRead, s.listCall)
	api.Register(a, api.Operation{ID: "count-unread-notices", Method: http.MethodGet, Path: "/notices/unread", Tag: tag,
		Summary: "How many notices are new"}, policy.NotifyRead, s.unreadCall)
	api.Register(a, api.Operation{ID: "mark-notices-read", Method: http.MethodPost, Path: "/notices/read", Tag: tag, Repeatable: true,
		Summary: "Mark a notice and all older ones as read", Status: http.StatusNoContent}, policy.NotifyManage, s.readCall)
}

// notice is one message.
type notice struct {
	ID           string            `json:"id" doc:"Id of the notice"`
	Kind         string            `json:"kind" doc:"What happened" example:"answered"`
	Text         string            `json:"text" doc:"The same as a sentence in the caller's language" example:"На ваше сообщение 1200-4505-7717 ответили."`
	Number       string            `json:"number" doc:"Public number under which the caller knows the report; empty where the notice is of no single one" example:"120045057717"`
	Organisation string            `json:"organisation,omitempty" doc:"Code of the organisation for which the caller works it; absent for a citizen" example:"roads"`
	Args         map[string]string `json:"args,omitempty" doc:"Codes and ISO dates of the sentence" example:"{\"review\":\"2026-12-07\"}"`
	At           time.Time         `json:"at" doc:"The moment"`
	New          bool              `json:"new,omitempty" doc:"Not yet read"`
}

func (s *Service) listCall(ctx context.Context, c api.Call, in *struct{ api.PageInput }) (*struct{ Body api.Page[notice] }, error) {
	const list = "notify.notices"
	at, err := c.Cursor(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	var after id.ID
	if at != nil {
		after = at.ID
	}
	rows, more, err := s.List(ctx, c.Actor, after, in.Limit)
	if err != nil {
		return nil, err
	}
	r := c.Request
	zone := r.Zone
	if loc, err := time.LoadLocation(c.Actor.Zone); err == nil && c.Actor.Zone != "" {
		zone = loc
	}
	out := &struct{ Body api.Page[notice] }{}
	out.Body.Items = make([]notice, len(rows))
	for i, n := range rows {
		text := n.sentence(r.Lang, r.Now, zone)
		out.Body.Items[i] = notice{n.Fact.String(), n.Kind, text, n.Number, n.Place, n.Args, n.At.UTC(), n.New}
	}
	if more {
		out.Body.Next = c.Next(&web.Cursor{ID: rows[len(rows)-1].Fact}, list)
	}
	return out, nil
}

type unread struct {
	Count int  `json:"count" doc:"How many, exact below 100" example:"2"`
	More  bool `json:"more,omitempty" doc:"There may be more than count"`
}

func (s *Service) unreadCall(ctx context.Context, c api.Call, _ *struct{}) (*struct{ Body unread }, error) {
	if _, err := policy.Check(c.Actor, policy.NotifyRead, policy.Object{Owner: c.Actor.Person}); err != nil {
		return nil, err
	}
	n, err := s.Unread(ctx, c.Actor.Person)
	return &struct{ Body unread }{unread{n, n >= 100}}, err
}

type upto struct {
	UpTo string `json:"up_to" minLength:"1" maxLength:"36" doc:"Id of the newest notice that was read"`
}

func (s *Service) readCall(ctx context.Context, c api.Call, in *struct{ Body upto }) (*struct{}, error) {
	if _, err := policy.Check(c.Actor, policy.NotifyManage, policy.Object{Owner: c.Actor.Person}); err != nil {
		return nil, err
	}
	unknown := errs.InvalidFields(errs.Field{Name: "up_to", Rule: "unknown"})
	which, err := id.Parse(in.Body.UpTo)
	if err != nil {
		return nil, unknown
	}
	// An id of no notice could lie ahead of all, and hide what comes.
	n, err := db.One(ctx, s.db, db.Int, `SELECT COUNT(*) FROM notify_notice WHERE person_id=$1 AND fact_id=$2`, c.Actor.Person, which)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, unknown
	}
	return &struct{}{}, s.MarkRead(ctx, c.Actor, which)
}
