package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Content is bytes that a person may see. It reads lazily and seeks; close it.
type Content struct {
	io.ReadSeekCloser
	Name   string // with the extension of what is served
	MIME   string
	Size   int64
	ETag   string // quoted
	Inline bool

	store string
}

// Open gives the bytes of an attachment to a viewer. Whether the viewer may see
// the thing it belongs to was decided by the caller; here only its state
// counts: the uploader sees a pending file as it was sent, everybody else a
// clean one, and of a cleaned kind only the cleaned copy. Variants are [Clean]
// (also ""), [Large] and [Thumb]; the smaller ones exist of images alone and
// are [errs.NotFound] of others. To a viewer of [id.Nil], who knows of the file
// no more than that it is there, its name is a neutral one. [errs.Conflict] while it is being checked,
// [errs.Gone] when it was deleted or infected.
func (s *Service) Open(ctx context.Context, which id.ID, variant string, viewer id.ID) (*Content, error) {
	o, err := s.Object(ctx, which)
	if err != nil {
		return nil, err
	}
	k, ok := KindOf(o.Kind)
	if !ok {
		return nil, errs.Wrap(errs.Internal, errors.New("blob: kind "+o.Kind+" is not in the list"))
	}
	if viewer == id.Nil {
		o.Name = servedName("file", k)
		if k.Clean == cleanImage {
			o.Name = servedName("photo", k)
		}
	}
	args := map[string]any{"Name": o.Name}
	sender := viewer == o.Uploader && viewer != id.Nil
	switch {
	case o.Deleted:
		return nil, errs.With(errs.Gone, "blob.expired", args)
	case o.State == Infected:
		return nil, errs.With(errs.Gone, "blob.infected", args)
	case o.State != Cleaned && !sender && o.State == Unscannable:
		return nil, errs.With(errs.Conflict, "blob.unscannable", args)
	case o.State != Cleaned && !sender:
		return nil, errs.With(errs.Conflict, "blob.pending", args)
	}
	small := variant == Large || variant == Thumb
	if small && k.Clean != cleanImage || !small && variant != "" && variant != Clean {
		return nil, errs.New(errs.NotFound, "")
	}
	if o.State != Cleaned || k.Clean == "" {
		return s.content(ctx, k, o.Name, o.store, o.Size, o.SHA256), nil
	}
	if variant == "" {
		variant = Clean
	}
	v, err := s.variant(ctx, o.ID, variant)
	if err != nil {
		return nil, err
	}
	if k, ok = KindOf(v.kind); !ok {
		return nil, errs.Wrap(errs.Internal, errors.New("blob: kind "+v.kind+" is not in the list"))
	}
	return s.content(ctx, k, servedName(o.Name, k), v.store, v.size, v.sha256), nil
}

func (s *Service) content(ctx context.Context, k Kind, name, store string, size int64, sum []byte) *Content {
	return &Content{ReadSeekCloser: &seeker{ctx: ctx, storage: s.cfg.Storage, name: store, size: size},
		Name: name, MIME: k.MIME, Size: size, Inline: k.Inline, store: store, ETag: `"` + hex.EncodeToString(sum[:min(16, len(sum))]) + `"`}
}

// Serve answers a request with an attachment, ranges included. Only images are
// inline; nothing that it sends can run in the page's origin. An error means
// that nothing was written yet.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, which id.ID, variant string, viewer id.ID) error {
	c, err := s.Open(r.Context(), which, variant, viewer)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := s.cfg.Storage.Stat(r.Context(), c.store); err != nil {
		return err
	}
	contentType := c.MIME
	if contentType == "text/plain" {
		head := make([]byte, headSize)
		n, err := io.ReadFull(c, head)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return err
		}
		contentType += "; charset=windows-1251"
		if utf8Text(head[:n]) {
			contentType = c.MIME + "; charset=utf-8"
		}
	}
	if _, err := c.Seek(0, io.SeekStart); err != nil {
		return err
	}
	how := "attachment"
	if c.Inline {
		how = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": c.Name}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-cache") // kept by the reader's own browser and asked for each time
	h.Set("ETag", c.ETag)
	http.ServeContent(w, r, "", time.Time{}, c)
	return nil
}

// seeker reads a stored content from any place; it asks the storage when it is
// read, not when it is moved.
type seeker struct {
	ctx     context.Context
	storage Storage
	name    string
	size    int64
	at      int64
	open    io.ReadCloser
}

func (s *seeker) Read(p []byte) (int, error) {
	if s.at >= s.size {
		return 0, io.EOF
	}
	if s.open == nil {
		r, err := s.storage.Range(s.ctx, s.name, s.at, -1)
		if err != nil {
			return 0, err
		}
		s.open = r
	}
	n, err := s.open.Read(p)
	s.at += int64(n)
	return n, err
}

func (s *seeker) Seek(offset int64, whence int) (int64, error) {
	at := offset
	switch whence {
	case io.SeekCurrent:
		at += s.at
	case io.SeekEnd:
		at += s.size
	}
	if at < 0 {
		return 0, errors.New("blob: seek before the beginning")
	}
	if at != s.at {
		if err := s.Close(); err != nil {
			return 0, err
		}
		s.at = at
	}
	return at, nil
}

func (s *seeker) Close() error {
	if s.open == nil {
		return nil
	}
	err := s.open.Close()
	s.open = nil
	return err
}
