package casework

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"okno/internal/platform/blob"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

func (o *operations) registerFiles(a *api.API) {
	api.Register(a, api.Operation{ID: "upload-file", Method: http.MethodPost, Path: "/files", Tag: tagFiles, Create: true, TakesFile: true, MaxBody: 40 << 20,
		Summary: "Upload a file for a report or an action", Errors: []errs.Code{errs.IdempotencyMismatch},
		Description: "The body is the file itself, sent as application/octet-stream; what it is, is told from its bytes, and a file that is not what its name says is refused. It belongs to the caller until a report or an action names it, and is deleted after a day otherwise. Photos lose their metadata before anybody else sees them."},
		policy.AttachmentUpload, o.uploadFile)
	api.Register(a, api.Operation{ID: "get-file", Method: http.MethodGet, Path: "/files/{id}", Tag: tagFiles, SendsFile: true, Errors: []errs.Code{errs.Gone},
		Summary: "Open a file that the caller uploaded and hasn't sent yet"}, policy.AttachmentUpload, o.ownFile_)
	api.Register(a, api.Operation{ID: "delete-file", Method: http.MethodDelete, Path: "/files/{id}", Tag: tagFiles, Repeatable: true, Status: http.StatusNoContent,
		Summary: "Delete a file that the caller uploaded and hasn't sent yet"}, policy.AttachmentUpload, o.deleteFile)
	api.Register(a, api.Operation{ID: "get-report-file", Method: http.MethodGet, Path: "/reports/{number}/files/{n}", Tag: tagFiles, SendsFile: true, Open: true,
		Summary: "Open a file of a report", Errors: []errs.Code{errs.Gone, errs.Conflict},
		Description: "By the rights of the report; released photos without a token. Always an attachment, never shown in place. While a file is being checked only its sender opens it (409 conflict). Opening another's file is recorded."},
		policy.AttachmentRead, o.reportFile)
}

type uploadInput struct {
	Name string `query:"name" required:"true" minLength:"1" maxLength:"255" doc:"Name of the file with its extension" example:"photo.jpg"`
}

// uploadedFile is a file that is not yet part of a report.
type uploadedFile struct {
	ID     string `json:"id" doc:"To be named by a report or an action"`
	Name   string `json:"name" example:"photo.jpg" doc:"Name in the caller's language"`
	Kind   string `json:"kind" doc:"Content type as recognised" example:"image/jpeg"`
	Size   int64  `json:"size" doc:"Bytes"`
	Width  int    `json:"width,omitempty" doc:"Of a picture"`
	Height int    `json:"height,omitempty" doc:"Of a picture"`
}

func (o *operations) uploadFile(ctx context.Context, c api.Call, in *uploadInput) (*struct{ Body uploadedFile }, error) {
	if err := policy.Allow(c.Actor, policy.AttachmentUpload); err != nil {
		return nil, err
	}
	if c.Request.ContentLength == 0 {
		return nil, errs.InvalidFields(errs.Field{Name: "body", Rule: "required"})
	}
	f, err := o.blobs.Upload(ctx, blob.Upload{Owner: c.Actor.Person, Uploader: c.Actor.Person, Name: in.Name, Body: c.Request.Body, Key: c.Key})
	if err != nil {
		return nil, err
	}
	kind, _ := blob.KindOf(f.Kind)
	return &struct{ Body uploadedFile }{uploadedFile{f.ID.String(), f.Name, kind.MIME, f.Size, f.Width, f.Height}}, nil
}

type FilePath struct {
	ID api.ID `path:"id" maxLength:"36" doc:"Id of the uploaded file"`
}

func (o *operations) deleteFile(ctx context.Context, c api.Call, in *FilePath) (*struct{}, error) {
	which, err := in.ID.Parse()
	if err != nil {
		return nil, err
	}
	if err := policy.Allow(c.Actor, policy.AttachmentUpload); err != nil {
		return nil, err
	}
	return &struct{}{}, o.blobs.Discard(ctx, which, c.Actor.Person)
}

func (o *operations) ownFile_(ctx context.Context, c api.Call, in *struct {
	FilePath
	SizeInput
}) (*huma.StreamResponse, error) {
	which, err := in.ID.Parse()
	if err != nil {
		return nil, err
	}
	f, err := o.blobs.Object(ctx, which)
	if err != nil {
		return nil, err
	}
	if f.Uploader != c.Actor.Person || f.Linked {
		return nil, notFound()
	}
	return o.send(ctx, which, in.Size, c.Actor.Person)
}

type SizeInput struct {
	Size string `query:"size" enum:"thumb,large" doc:"A smaller copy of a picture"`
}

func (o *operations) reportFile(ctx context.Context, c api.Call, in *struct {
	NumberPath
	N int64 `path:"n" minimum:"1" maximum:"999999" doc:"Number of the file in the report" example:"1"`
	SizeInput
	ReasonInput
}) (*huma.StreamResponse, error) {
	number, err := in.parse()
	if err != nil {
		return nil, err
	}
	actor := c.Actor
	a, of, grant, err := o.Cases.FileOf(ctx, actor, number, in.N)
	if hidden(err) && actor.Organisation != id.Nil {
		actor = citizenOf(actor)
		a, of, grant, err = o.Cases.FileOf(ctx, actor, number, in.N)
	}
	if !actor.SignedIn() && (errs.Is(err, errs.Unauthenticated) || hidden(err)) {
		return nil, notFound()
	}
	if err == nil {
		err = grant.Reason(in.Reason)
	}
	if err != nil {
		return nil, err
	}
	out, err := o.send(ctx, a.Blob, in.Size, a.viewer(actor).Person)
	if err != nil {
		return nil, err
	}
	if grant.Relation != policy.Own && grant.Relation != policy.Public {
		if err := o.Reads.RecordRead(ctx, actor, policy.AttachmentRead, of.Applicant, of.ID, grant, in.Reason); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// variants are the copies of a picture by their names in calls.
var variants = map[string]string{"thumb": blob.Thumb, "large": blob.Large}

// send answers with a file's bytes, ranges included. The first byte is read
// before anything is sent, so that a file that can't be read is a problem
// document.
func (o *operations) send(ctx context.Context, which id.ID, size string, viewer id.ID) (*huma.StreamResponse, error) {
	f, err := o.blobs.Open(ctx, which, variants[size], viewer)
	if err != nil {
		return nil, err
	}
	_, err = io.ReadFull(f, make([]byte, 1))
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer f.Close()
		r, w := humago.Unwrap(hc)
		h := w.Header()
		h.Set("Content-Type", f.MIME)
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
		h.Set("Cache-Control", "private, no-cache")
		h.Set("ETag", f.ETag)
		http.ServeContent(w, r, "", time.Time{}, f)
	}}, nil
}
