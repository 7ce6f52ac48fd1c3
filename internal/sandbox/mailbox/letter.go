package mailbox

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/net/html/charset"
)

// Letter is what came for somebody.
type Letter struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	From      string    `json:"from"` // of the envelope
	To        []string  `json:"to"`   // of the envelope
	Subject   string    `json:"subject"`
	MessageID string    `json:"message_id"` // without its brackets
	Text      string    `json:"text"`       // of the text part; where there is none, the words of the html part
	HTML      string    `json:"html"`
	Links     []string  `json:"links"` // of both parts, each once, in order
	Files     []File    `json:"files"`
	Damage    string    `json:"damage,omitempty"` // what of it couldn't be read

	raw []byte
}

// File is an attachment.
type File struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"`
}

func (l Letter) size() int { return 500 + len(l.raw) + len(l.Text) + len(l.HTML) }

// Bounds of what is read of a letter.
const (
	maxDepth = 10
	maxParts = 100
)

// read takes a letter apart. It never fails: what can't be read is told in
// Damage, and the rest stands.
func read(raw []byte) Letter {
	l := Letter{raw: raw, To: []string{}, Files: []File{}}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		l.Damage, l.Text = err.Error(), valid(string(raw))
	} else {
		l.Subject = words(m.Header.Get("Subject"))
		l.MessageID = strings.Trim(strings.TrimSpace(m.Header.Get("Message-Id")), "<>")
		r := reader{letter: &l}
		r.part(header(m.Header), m.Body, 0)
	}
	if l.Text == "" {
		l.Text = textOf(l.HTML)
	}
	l.Links = links(l.Text, l.HTML)
	return l
}

// words decodes a header as people read it.
func words(s string) string {
	d := mime.WordDecoder{CharsetReader: charset.NewReaderLabel}
	if out, err := d.DecodeHeader(s); err == nil {
		s = out
	}
	return valid(s)
}

func valid(s string) string { return strings.ToValidUTF8(s, "�") }

// header are the fields of a letter or of a part.
type header map[string][]string

func (h header) get(name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// reader collects the parts of one letter.
type reader struct {
	letter *Letter
	parts  int
}

func (r *reader) damaged(err error) {
	if r.letter.Damage == "" {
		r.letter.Damage = err.Error()
	}
}

// part reads a part and what it consists of.
func (r *reader) part(h header, body io.Reader, depth int) {
	if r.parts++; r.parts > maxParts || depth > maxDepth {
		return
	}
	kind, params, err := mime.ParseMediaType(h.get("Content-Type"))
	if err != nil || h.get("Content-Type") == "" {
		kind, params = "text/plain", nil
	}
	if boundary := params["boundary"]; strings.HasPrefix(kind, "multipart/") && boundary != "" {
		parts := multipart.NewReader(body, boundary)
		for r.parts <= maxParts {
			p, err := parts.NextRawPart()
			if err != nil {
				if err != io.EOF {
					r.damaged(err)
				}
				return
			}
			r.part(header(p.Header), p, depth+1)
		}
		return
	}
	b, err := io.ReadAll(decoded(h.get("Content-Transfer-Encoding"), body))
	if err != nil {
		r.damaged(err)
	}
	disposition, names, err := mime.ParseMediaType(h.get("Content-Disposition"))
	name := words(params["name"])
	if err == nil && names["filename"] != "" {
		name = words(names["filename"])
	}
	into := &r.letter.Text
	if kind == "text/html" {
		into = &r.letter.HTML
	}
	if disposition == "attachment" || kind != "text/plain" && kind != "text/html" || *into != "" {
		r.letter.Files = append(r.letter.Files, File{Name: name, Type: kind, Size: len(b)})
		return
	}
	*into = text(b, params["charset"])
}

// decoded undoes the transfer encoding.
func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// text is a body in UTF-8; of an unknown charset what is readable stays.
func text(b []byte, label string) string {
	if label != "" {
		if r, err := charset.NewReaderLabel(label, bytes.NewReader(b)); err == nil {
			if out, err := io.ReadAll(r); err == nil {
				b = out
			}
		}
	}
	return valid(strings.ReplaceAll(string(b), "\r\n", "\n"))
}
