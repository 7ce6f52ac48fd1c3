package privacy

import (
	"context"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

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
	api.Register(a, api.Operation{ID: "export-my-data", Method: "POST", Path: "/me/export", Tag: "Caller", Summary: "Everything that is kept of me, as a zip of JSON and files",
		Repeatable: true, SendsFile: true, Description: "What the caller wrote and sent, what they were answered and told, and who read it. Each call is recorded; one runs at a time (429 rate_limited). A token is not told login and contacts: download the archive in the account for those. An account is erased there alone, with its password: no token may do it."},
		policy.PrivacyExport, s.apiExport)
}

func (s *Service) apiExport(ctx context.Context, c api.Call, _ *struct{}) (*huma.StreamResponse, error) {
	x, err := s.Begin(ctx, c.Actor, c.Request.Lang)
	if err != nil {
		return nil, err
	}
	if err := x.Record(ctx); err != nil {
		x.Close()
		return nil, err
	}
	context.AfterFunc(ctx, x.Close)
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		_, w := humago.Unwrap(hc)
		h := w.Header()
		h.Set("Content-Type", "application/zip")
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": x.Name()}))
		h.Set("X-Content-Type-Options", "nosniff")
		if err := x.Write(ctx, w); err != nil {
			s.db.Log().Error("privacy: an export broke off", "error", err)
			panic(http.ErrAbortHandler) // the connection breaks, so that half an archive passes for none
		}
	}}, nil
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
