package casework

import (
	"cmp"
	"context"
	"strings"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
)

func (w *Web) upload(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	files := form.Files("file")
	if len(files) != 1 {
		return nil, errs.InvalidFields(errs.Field{Name: "file", Rule: "required"})
	}
	file, err := files[0].Open()
	if err != nil {
		return nil, errs.Wrap(errs.Internal, err)
	}
	defer file.Close()
	info, err := w.Store.Upload(ctx, r.Actor, files[0].Filename, files[0].Size, "", file)
	if err != nil {
		return nil, err
	}
	return web.JSON(aboutFile(r.Lang, info)).Status(201), nil
}

// sentFile is what a page shows of a file that was sent; Size in bytes.
type sentFile struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Size  int64  `json:"size"`
	Meta  string `json:"meta"`
	Thumb string `json:"thumb,omitempty"`
}

func aboutFile(lang string, info FileInfo) sentFile {
	out := sentFile{ID: info.Blob.String(), Name: info.Name, Size: info.Size, Meta: i18n.Bytes(lang, info.Size)}
	if strings.HasPrefix(info.Kind, "image/") {
		out.Thumb = "/files/" + out.ID + "?size=thumb"
	}
	return out
}

func (w *Web) forget(ctx context.Context, r *web.Request) (web.Response, error) {
	b, err := id.Parse(r.PathValue("id"))
	if err != nil {
		return nil, notFound()
	}
	if err := w.Store.Forget(ctx, r.Actor, b); err != nil {
		return nil, err
	}
	return web.NoContent(), nil
}

// ownFile shows the sender a file that is not yet part of a case, or tells of
// it where the query asks "about".
func (w *Web) ownFile(ctx context.Context, r *web.Request) (web.Response, error) {
	b, err := id.Parse(r.PathValue("id"))
	if err != nil {
		return nil, notFound()
	}
	list, err := w.Cases.files.Claim(ctx, r.Actor.Person, []id.ID{b})
	if err != nil || len(list) != 1 {
		return nil, notFound()
	}
	if r.URL.Query().Has("about") {
		return web.JSON(aboutFile(r.Lang, list[0])), nil
	}
	return w.Store.Serve(ctx, r.Actor, b, sizeOf(r))
}

// file serves an attachment to whoever may see it, and records the reading
// where it is another's.
func (w *Web) file(ctx context.Context, r *web.Request) (web.Response, error) {
	number, ok := id.ParseNumber(r.PathValue("number"))
	if !ok {
		return nil, notFound()
	}
	n, ok := parseN(r.PathValue("n"))
	if !ok {
		return nil, notFound()
	}
	actor := citizenOf(r.Actor)
	if !r.Actor.SignedIn() {
		actor = r.Actor
	}
	if org := r.PathValue("org"); org != "" {
		var err error
		if actor, err = w.Acting.Acting(ctx, r.Actor, org); err != nil {
			return nil, err
		}
	}
	a, c, grant, err := w.Cases.FileOf(ctx, actor, number, n)
	if err != nil {
		return nil, err
	}
	if err := grant.Reason(reasonOf(r)); err != nil {
		return nil, err
	}
	if sizeOf(r) == "" { // a person follows a link: words, not an error, say that it is too early
		shut, err := w.Store.Shut(ctx, actor, []id.ID{a.Blob})
		if err != nil {
			return nil, err
		}
		if state := shut[a.Blob]; state == FileChecked || state == FileUncertain {
			back, _, _ := strings.Cut(r.URL.Path, "/files/")
			return web.Page(shutFilePage(w.Page(ctx, r, cmp.Or(a.Name, r.T("case.photo_alt")), NavReports), state, withReason(back, reasonOf(r)))), nil
		}
	}
	reply, err := w.Store.Serve(ctx, a.viewer(actor), a.Blob, sizeOf(r))
	if err != nil {
		return nil, err
	}
	if grant.Relation != policy.Own && grant.Relation != policy.Public {
		if err := w.Reads.RecordRead(ctx, actor, policy.AttachmentRead, c.Applicant, c.ID, grant, reasonOf(r)); err != nil {
			return nil, err
		}
	}
	return reply, nil
}

func sizeOf(r *web.Request) string {
	switch s := r.URL.Query().Get("size"); s {
	case "thumb", "large":
		return s
	}
	return ""
}

func parseN(s string) (int64, bool) {
	var n int64
	if len(s) == 0 || len(s) > 6 {
		return 0, false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}
