package mailbox

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/web"
	"okno/internal/ui"
)

// Paths of the pages.
const (
	PathLetters = "/letters"
	PathJSON    = "/letters.json"
)

// maxWait bounds how long a program may let the list wait for a letter.
const maxWait = 30 * time.Second

// Web shows a mailbox.
type Web struct {
	Box *Mailbox
	// Page makes the frame of a page.
	Page func(r *web.Request, title, nav string) ui.Page
}

// Routes registers the pages.
func (w *Web) Routes(s *web.Server) {
	s.Handle("GET "+PathLetters, web.Open(""), w.list)
	s.Handle("GET "+PathLetters+"/{id}", web.Open(""), w.letter)
	s.Handle("GET "+PathJSON, web.Open(""), w.json)
}

// list shows all letters, the newest first.
func (w *Web) list(_ context.Context, r *web.Request) (web.Response, error) {
	v := &listView{Page: w.Page(r, r.T("sandbox.letters"), PathLetters), List: w.Box.Letters()}
	for _, l := range v.List {
		v.Rows = append(v.Rows, ui.RowProps{Title: subject(r, l), Href: PathLetters + "/" + l.ID,
			Meta: r.T("sandbox.letter_to", i18n.Args{"To": strings.Join(l.To, ", "), "At": i18n.DateTime(r.Lang, l.At, r.Zone)})})
	}
	return web.Page(listTempl(v)), nil
}

type listView struct {
	ui.Page
	List []Letter
	Rows []ui.RowProps
}

func subject(r *web.Request, l Letter) string {
	if l.Subject == "" {
		return r.T("sandbox.no_subject")
	}
	return l.Subject
}

type letterView struct {
	ui.Page
	Letter  Letter
	Subject string
	Facts   []ui.Fact
}

// letter shows one letter.
func (w *Web) letter(_ context.Context, r *web.Request) (web.Response, error) {
	l, found := w.Box.Letter(r.PathValue("id"))
	if !found {
		return nil, errs.New(errs.NotFound, "")
	}
	v := &letterView{Page: w.Page(r, subject(r, l), PathLetters), Letter: l, Subject: subject(r, l), Facts: []ui.Fact{
		{What: r.T("sandbox.to"), Value: strings.Join(l.To, ", ")}, {What: r.T("sandbox.from"), Value: l.From},
		{What: r.T("sandbox.at"), Value: i18n.DateTime(r.Lang, l.At, r.Zone)}, {What: r.T("sandbox.message_id"), Value: l.MessageID}}}
	for _, f := range l.Files {
		v.Facts = append(v.Facts, ui.Fact{What: r.T("sandbox.file"), Value: r.T("sandbox.file_is", i18n.Args{"Name": f.Name, "Type": f.Type, "Size": i18n.Number(r.Lang, int64(f.Size))})})
	}
	return web.Page(letterTempl(v)), nil
}

// lines are the lines of the text, each in pieces.
func (v *letterView) lines() [][]piece {
	var out [][]piece
	for _, line := range strings.Split(strings.TrimSpace(v.Letter.Text), "\n") {
		out = append(out, pieces(line))
	}
	return out
}

// json gives the letters to programs, the newest first:
//
//	GET /letters.json?to=anna@example.org&after=12&wait=10s
//
// All parameters are optional: to is one of the recipients, after the id of a
// letter that came before, wait how long to wait where there is none.
func (w *Web) json(ctx context.Context, r *web.Request) (web.Response, error) {
	q := r.URL.Query()
	wait, err := time.ParseDuration(q.Get("wait"))
	if q.Get("wait") != "" && (err != nil || wait < 0 || wait > maxWait) {
		return nil, errs.InvalidFields(errs.Field{Name: "wait", Rule: "range"})
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	after := number(q.Get("after"))
	return web.JSON(w.Box.letters.Wait(ctx, func(l Letter) bool {
		return (q.Get("to") == "" || slices.Contains(l.To, q.Get("to"))) && number(l.ID) > after
	})), nil
}

// number is an id as what it counts; 0 for what is none.
func number(id string) int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
