package privacy

import (
	"context"
	"time"

	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

// RecordJSON is one act of reading as the person is told of it.
type RecordJSON struct {
	At           time.Time `json:"at" doc:"The moment"`
	What         string    `json:"what" doc:"Code of what was read: casework.read, attachment.read …"`
	Role         string    `json:"role" doc:"By which role"`
	Organisation string    `json:"organisation,omitempty" doc:"Id of the organisation that read"`
	Thing        string    `json:"thing,omitempty" doc:"Id of the case or file"`
	Reason       string    `json:"reason,omitempty" doc:"Why, as the reader said"`
}

// API registers who read the caller's data.
func API(a *api.API, s *Service) {
	api.Register(a, api.Operation{ID: "list-reads", Method: "GET", Path: "/me/reads", Tag: "Caller", Summary: "Who read my data, newest first"},
		policy.PrivacyOwn, s.apiReads)
}

func (s *Service) apiReads(ctx context.Context, c api.Call, in *struct{ api.PageInput }) (*struct{ Body api.Page[RecordJSON] }, error) {
	at, err := c.Cursor(in.Cursor, PathReads)
	if err != nil {
		return nil, err
	}
	p := Page{N: in.Limit}
	if at != nil {
		p.At, p.ID = time.UnixMilli(at.Int(0)).UTC(), at.ID
	}
	list, more, err := s.WhoRead(ctx, c.Actor, p)
	if err != nil {
		return nil, err
	}
	text := func(v id.ID) string {
		if v == id.Nil {
			return ""
		}
		return v.String()
	}
	out := &struct{ Body api.Page[RecordJSON] }{}
	out.Body.Items = []RecordJSON{}
	for _, r := range list {
		out.Body.Items = append(out.Body.Items, RecordJSON{r.At, string(r.What), r.Role, text(r.Organisation), text(r.Thing), r.Reason})
	}
	if more {
		last := list[len(list)-1]
		out.Body.Next = c.Next(&web.Cursor{Sort: []any{last.At.UnixMilli()}, ID: last.ID}, PathReads)
	}
	return out, nil
}
