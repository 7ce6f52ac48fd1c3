package casework

import (
	"cmp"
	"context"
	"errors"
	"net/url"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// FileState tells why a file can't be opened; empty: it can.
type FileState string

// States of files that can't be opened.
const (
	FileChecked   FileState = "checked"   // it is being looked at just now
	FileUncertain FileState = "uncertain" // it could not be looked into: its sender alone may open it
	FileGone      FileState = "gone"      // it was dangerous, or deleted
)

// caseFiles are the files of a case as one page shows them.
type caseFiles struct {
	lang   string
	all    []Attachment
	shut   map[id.ID]FileState // those that this reader can't open, by blob
	folder string              // address that a file's number is appended to
	reason string              // for those who must give one, with each file too
}

// filesOf finds which of a case's files the reader can open now.
func (w *Web) filesOf(ctx context.Context, r *web.Request, actor policy.Actor, v *View, folder string) (caseFiles, error) {
	f := caseFiles{lang: r.Lang, all: v.Attachments, folder: folder + "/files/"}
	if v.Grant.Level == policy.NeedsReason {
		f.reason = reasonOf(r)
	}
	if len(f.all) == 0 {
		return f, nil
	}
	blobs := make([]id.ID, len(f.all))
	for i, a := range f.all {
		blobs[i] = a.Blob
	}
	var err error
	f.shut, err = w.Store.Shut(ctx, actor, blobs)
	return f, err
}

// photosOf are the pictures that came with an entry.
func (f caseFiles) photosOf(entry int64) (out []ui.Photo) {
	for _, a := range f.all {
		if a.Entry == entry && a.picture() && f.shut[a.Blob] == "" {
			out = append(out, f.photo(a))
		}
	}
	return out
}

func (f caseFiles) photo(a Attachment) ui.Photo {
	return ui.Photo{Thumb: f.url(a, "thumb"), Full: f.url(a, "large"), Alt: cmp.Or(a.Name, i18n.T(f.lang, "case.photo_alt"))}
}

// docsOf are an entry's other files, and pictures that can't be opened yet.
func (f caseFiles) docsOf(entry int64) (out []ui.FileItem) {
	for _, a := range f.all {
		state := f.shut[a.Blob]
		switch {
		case a.Entry != entry || a.picture() && state == "":
		case state == "":
			out = append(out, ui.FileItem{Name: a.Name, Href: f.url(a, ""), Meta: i18n.Bytes(f.lang, a.Size)})
		default:
			out = append(out, ui.FileItem{Name: a.Name, Icon: shutIcons[state], Meta: i18n.T(f.lang, "case.file."+string(state))})
		}
	}
	return out
}

var shutIcons = map[FileState]ui.Icon{FileChecked: ui.IconClock, FileUncertain: ui.IconEyeOff, FileGone: ui.IconBan}

func (f caseFiles) url(a Attachment, size string) string {
	q := url.Values{}
	if size != "" {
		q.Set("size", size)
	}
	if f.reason != "" {
		q.Set("reason", f.reason)
	}
	u := f.folder + i64(a.N)
	if len(q) > 0 {
		u += "?" + q.Encode()
	}
	return u
}

// needsReason tells that a case is there, and opened only to who says why.
func needsReason(err error) bool {
	var e *errs.Error
	return errors.As(err, &e) && e.Key == "policy.reason_needed"
}

// reasonOf is why the reader opens another's data, where they were asked.
func reasonOf(r *web.Request) string { return r.URL.Query().Get("reason") }

func withReason(path, reason string) string {
	if reason == "" {
		return path
	}
	return path + "?" + url.Values{"reason": {reason}}.Encode()
}
