package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"okno/internal/platform/errs"
)

// Found is what an inspection tells about a file.
type Found struct {
	Kind          Kind
	Name          string // cleaned, with a fitting extension
	Width, Height int    // of images that are re-encoded, as stored (before turning upright)
}

const headSize = 4096

// Inspect tells a file's kind from its bytes and refuses what is not on the
// closed list, is not what its name says, is cut off, hides another file or
// would burst when opened. Memory is bounded whatever the file says. Errors:
// [errs.UnsupportedType], [errs.Invalid], [errs.TooLarge], each with a
// sentence of the catalogue and the file's name; anything else is a failure of r.
func Inspect(r io.ReaderAt, size int64, name string) (Found, error) {
	name = cleanName(name)
	f := Found{Name: name}
	if size <= 0 {
		return f, errs.With(errs.Invalid, "blob.empty", map[string]any{"Name": name})
	}
	head := make([]byte, min(size, headSize))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return f, fmt.Errorf("blob: inspect: %w", err)
	}
	code, refused := sniff(head)
	if refused != nil {
		return f, named(refused, name)
	}
	var err error
	switch code {
	case "jpeg":
		f.Width, f.Height, err = inspectJPEG(r, size)
	case "png":
		f.Width, f.Height, err = inspectPNG(r, size)
	case "webp":
		f.Width, f.Height, err = inspectWebP(r, size)
	case "heic", "mp4", "mov":
		err = inspectISO(r, size, code)
	case "pdf":
		err = inspectPDF(r, size)
	case "zip":
		code, err = inspectZip(r, size)
	case "txt":
		err = inspectText(r, size)
	}
	if err == nil && code != "txt" {
		err = hidden(r, size, head, code)
	}
	if err != nil {
		return f, named(err, name)
	}
	k, ok := KindOf(code)
	if !ok {
		return f, errs.Wrap(errs.Internal, fmt.Errorf("blob: kind %q is not in the list", code))
	}
	f.Kind = k
	f.Name, err = nameFor(k, name)
	return f, err
}

// named gives a refusal the file's name for its sentence.
func named(err error, name string) error {
	var e *errs.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("blob: inspect: %w", err)
	}
	n := *e
	n.Args = map[string]any{"Name": name}
	for k, v := range e.Args {
		n.Args[k] = v
	}
	return &n
}

// The refusals.
func refuse(key string) error { return errs.New(errs.UnsupportedType, key) }
func damaged(why string) error {
	return &errs.Error{Code: errs.Invalid, Key: "blob.damaged", Err: errors.New(why)}
}
func bomb(why string) error {
	return &errs.Error{Code: errs.TooLarge, Key: "blob.bomb", Err: errors.New(why)}
}

// magic are beginnings that decide alone. An empty code is refused with the key.
var magic = []struct{ bytes, code, key string }{
	{"\xff\xd8\xff", "jpeg", ""},
	{"\x89PNG\r\n\x1a\n", "png", ""},
	{"%PDF-", "pdf", ""},
	{"PK\x03\x04", "zip", ""},
	{"MZ", "", "blob.executable"},
	{"\x7fELF", "", "blob.executable"},
	{"\xca\xfe\xba\xbe", "", "blob.executable"},
	{"\xcf\xfa\xed\xfe", "", "blob.executable"},
	{"\xce\xfa\xed\xfe", "", "blob.executable"},
	{"\xfe\xed\xfa", "", "blob.executable"},
	{"dex\n", "", "blob.executable"},
	{"\x00asm", "", "blob.executable"},
	{"#!", "", "blob.active"},
	{"L\x00\x00\x00\x01\x14\x02\x00", "", "blob.executable"}, // Windows shortcut
	{"{\\rtf", "", "blob.not_taken"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "blob.not_taken"}, // DOC, XLS, MSI
	{"GIF8", "", "blob.not_taken"},
	{"Rar!", "", "blob.not_taken"},
	{"7z\xbc\xaf\x27\x1c", "", "blob.not_taken"},
	{"\x1f\x8b", "", "blob.not_taken"},
	{"PK\x05\x06", "", "blob.not_taken"}, // an empty archive
}

// activeMarks make a browser or a shell run what it reads.
var activeMarks = [][]byte{[]byte("<html"), []byte("<!doctype"), []byte("<script"), []byte("<svg"), []byte("<iframe"),
	[]byte("<body"), []byte("<head"), []byte("<?xml"), []byte("<?php"), []byte("<object"), []byte("<embed"), []byte("javascript:")}

// sniff tells the kind by the first bytes; a text is what is nothing else.
func sniff(head []byte) (code string, refused error) {
	for _, m := range magic {
		if bytes.HasPrefix(head, []byte(m.bytes)) {
			if m.bytes == "MZ" && plain(head) {
				continue // two letters also begin honest texts
			}
			if m.code == "" {
				return "", refuse(m.key)
			}
			return m.code, nil
		}
	}
	if len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP" {
		return "webp", nil
	}
	if len(head) >= 12 && string(head[4:8]) == "ftyp" {
		return isoBrand(head)
	}
	if containsAny(head, activeMarks) {
		return "", refuse("blob.active")
	}
	if !plain(head) {
		return "", refuse("blob.unknown")
	}
	return "txt", nil
}

func isoBrand(head []byte) (string, error) {
	switch string(head[8:12]) {
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
		return "heic", nil
	case "qt  ":
		return "mov", nil
	case "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "M4VP", "MSNV", "dash", "3gp4", "3gp5", "3gp6", "mmp4":
		return "mp4", nil
	}
	return "", refuse("blob.unknown")
}

func containsAny(b []byte, marks [][]byte) bool {
	low := bytes.ToLower(b)
	for _, m := range marks {
		if bytes.Contains(low, m) {
			return true
		}
	}
	return false
}

// plain tells whether b may be text: UTF-8 or a one-byte alphabet such as
// Windows-1251, in which letters stand but no control characters.
func plain(b []byte) bool {
	for _, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7f {
			return false
		}
	}
	return true
}

func inspectText(r io.ReaderAt, size int64) error {
	buf := make([]byte, 64<<10)
	for at := int64(0); at < size; {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-at)], at)
		if n == 0 && err != nil {
			return err
		}
		if !plain(buf[:n]) {
			return refuse("blob.unknown")
		}
		at += int64(n)
	}
	return nil
}

// utf8Text tells whether a text is UTF-8 (else a one-byte alphabet is meant).
func utf8Text(b []byte) bool {
	for i := 0; i < utf8.UTFMax && len(b) > 0; i++ {
		if utf8.Valid(b) {
			return true
		}
		b = b[:len(b)-1] // a character may be cut at the end of the sample
	}
	return utf8.Valid(b)
}

func inspectPDF(r io.ReaderAt, size int64) error {
	tail := make([]byte, min(size, 64<<10))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return err
	}
	if !bytes.Contains(tail, []byte("%%EOF")) {
		return damaged("no end of the PDF")
	}
	return nil
}

// hidden finds the easy kinds of files that are two at once.
func hidden(r io.ReaderAt, size int64, head []byte, code string) error {
	switch code {
	case "docx", "xlsx", "odt", "ods":
		return nil // the directory of the archive was walked from its first byte to its last
	}
	if containsAny(head[:min(len(head), 1024)], activeMarks[:5]) {
		return refuse("blob.polyglot")
	}
	if code != "pdf" && bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) {
		return refuse("blob.polyglot")
	}
	tail := make([]byte, min(size, 22+1<<16))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return err
	}
	for i := bytes.LastIndex(tail, []byte("PK\x05\x06")); i >= 0; i = bytes.LastIndex(tail[:i], []byte("PK\x05\x06")) {
		if rec := tail[i:]; len(rec) >= 22 {
			dir := int64(binary.LittleEndian.Uint32(rec[12:]))
			comment := int(binary.LittleEndian.Uint16(rec[20:]))
			if comment <= len(rec)-22 && dir >= 46 && dir < size {
				return refuse("blob.polyglot")
			}
		}
	}
	return nil
}
