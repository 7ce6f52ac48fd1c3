package smsc

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/web"
	"okno/internal/ui"
)

// Paths of the pages.
const (
	PathMessages = "/messages"
	PathMode     = "/messages/mode"
	PathJSON     = "/messages.json"
)

const (
	maxWait = 30 * time.Second // for which a program may let the list wait for a message
	maxSlow = 60               // seconds before an answer
)

// Web shows a message centre.
type Web struct {
	Centre *Centre
	// Page makes the frame of a page.
	Page func(r *web.Request, title, nav string) ui.Page
}

// Routes registers the pages.
func (w *Web) Routes(s *web.Server) {
	s.Handle("GET "+PathMessages, web.Open(""), w.list)
	s.Handle("POST "+PathMode, web.Open(""), w.setMode)
	s.Handle("GET "+PathJSON, web.Open(""), w.json)
}

type view struct {
	ui.Page
	Messages []Message
	Mode     Mode
	Slow     string // seconds, as typed
	Errors   map[string]string
	Zone     *time.Location
}

func (w *Web) view(r *web.Request) *view {
	mode := w.Centre.Mode()
	return &view{Page: w.Page(r, r.T("sandbox.messages"), PathMessages), Messages: w.Centre.Messages(), Mode: mode,
		Slow: strconv.FormatInt(int64(mode.Slow/time.Second), 10), Errors: map[string]string{}, Zone: r.Zone}
}

// list shows all messages, the newest first.
func (w *Web) list(_ context.Context, r *web.Request) (web.Response, error) {
	return web.Page(messagesTempl(w.view(r))), nil
}

// rows are the lines of the table.
func (v *view) rows() []ui.TableRow {
	out := make([]ui.TableRow, len(v.Messages))
	for i, m := range v.Messages {
		to := m.To
		if strings.Trim(to, "0123456789") == "" && len(to) > 6 {
			to = "+" + to
		}
		parts := strconv.Itoa(m.Parts)
		if !m.Whole() {
			parts = i18n.T(v.Lang, "sandbox.parts_of", i18n.Args{"Arrived": m.Arrived, "Parts": m.Parts})
		}
		out[i] = ui.TableRow{Cells: []templ.Component{ui.Text(to), ui.Text(m.Text), ui.Text(i18n.DateTime(v.Lang, m.At, v.Zone)), ui.Text(m.From), ui.Text(parts)}}
	}
	return out
}

// setMode takes the form of the page, also from programs:
//
//	POST /messages/mode  slow=3&throttle=1&refuse=7999&silent=1
//
// What isn't sent is off.
func (w *Web) setMode(_ context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	mode := Mode{Throttle: f.Bool("throttle"), Silent: f.Bool("silent"), Refuse: strings.TrimPrefix(strings.TrimSpace(f.Raw("refuse")), "+")}
	v := w.view(r)
	v.Slow, v.Mode = f.Raw("slow"), mode
	if v.Slow != "" {
		seconds, err := strconv.Atoi(strings.TrimSpace(v.Slow))
		if err != nil || seconds < 0 || seconds > maxSlow {
			v.Errors["slow"] = r.T("sandbox.slow_wrong", i18n.Args{"Most": maxSlow})
		}
		mode.Slow = time.Duration(seconds) * time.Second
	}
	if strings.Trim(mode.Refuse, "0123456789") != "" || len(mode.Refuse) > 15 {
		v.Errors["refuse"] = r.T("sandbox.refuse_wrong")
	}
	if len(v.Errors) > 0 {
		return web.Rejected(messagesTempl(v)), nil
	}
	w.Centre.SetMode(mode)
	return web.Redirect(PathMessages).Message("success", "sandbox.mode_set"), nil
}

// json gives the messages to programs, the newest first:
//
//	GET /messages.json?to=79161234567&after=00000012&wait=10s
//
// All parameters are optional: to is the number, after the id of a message
// that came before, wait how long to wait where there is none. With to or
// wait, messages of which a part is missing are left out.
func (w *Web) json(ctx context.Context, r *web.Request) (web.Response, error) {
	q := r.URL.Query()
	wait, err := time.ParseDuration(q.Get("wait"))
	if q.Get("wait") != "" && (err != nil || wait < 0 || wait > maxWait) {
		return nil, errs.InvalidFields(errs.Field{Name: "wait", Rule: "range"})
	}
	to, all := strings.Trim(q.Get("to"), "+ "), q.Get("to") == "" && q.Get("wait") == ""
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return web.JSON(w.Centre.messages.Wait(ctx, func(m Message) bool {
		return (all || m.Whole()) && (to == "" || m.To == to) && m.ID > q.Get("after")
	})), nil
}
