package casework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// Acting tells in whose workspace a person works.
type Acting interface {
	Acting(ctx context.Context, actor policy.Actor, code string) (policy.Actor, error)
}

// workRoutes registers the officers' pages.
func (w *Web) workRoutes(s *web.Server) {
	s.Handle("GET /w/{org}", web.SignedIn(policy.CaseworkList), w.work)
	s.Handle("GET /w/{org}/cases/{number}", web.SignedIn(policy.CaseworkRead), w.work)
	s.Handle("POST /w/{org}/cases/{number}/{action}", web.SignedIn(policy.CaseworkRead), w.workAction, web.MaxBody(40<<20), web.KeepsWords(actionOf))
	s.Handle("GET /w/{org}/find", web.SignedIn(policy.CaseworkList), w.find)
	s.Handle("POST /w/{org}/bulk", web.SignedIn(policy.CaseworkList), w.bulk, web.KeepsWords(listOf))
}

// workFilter is what narrows the list, as it stands in the address.
type workFilter struct {
	Folder, Category, Territory, Deadline, Handler, After string
}

func filterOf(q url.Values) workFilter {
	return workFilter{q.Get("folder"), q.Get("category"), q.Get("territory"), q.Get("deadline"), q.Get("handler"), q.Get("after")}
}

// fields are the filter's values as they stand in the address.
func (f workFilter) fields() map[string]string {
	return map[string]string{"folder": f.Folder, "category": f.Category, "territory": f.Territory, "deadline": f.Deadline, "handler": f.Handler}
}

// query writes the filter back, with some values replaced.
func (f workFilter) query(change map[string]string) string {
	v := url.Values{}
	for k, s := range f.fields() {
		if n, ok := change[k]; ok {
			s = n
		}
		if s != "" {
			v.Set(k, s)
		}
	}
	if s := change["after"]; s != "" {
		v.Set("after", s)
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// workView is the workspace: folders, a list, and the case that is open.
type workView struct {
	ui.Page
	caseFiles
	Work    ui.Workspace
	Org     string
	Base    string
	List    ui.WorkListProps
	Panel   ui.WorkPanelProps
	Case    *View
	Ask     string // number of a case that is opened only to who says why
	Filter  workFilter
	Unknown []string // filters with a value that nobody knows
	Ticked  []string // numbers of rows that are chosen
	Failed  []bulkFailure
	Done    int // to how many cases an action on several was done, where some failed
	Topic   Topic
	Names   map[id.ID]string
	Log     []ui.LogLine
	Past    past
	Since   []ui.LogLine // what happened since the officer saw the case
	Doing   Action
	Form    Input
	Errors  []errs.Field
	Forms   []actionForm
	People  []Officer
	Parts   []TopicGroup
	Me      id.ID
	Now     time.Time
	ShowMap ui.MapProps
	Query   string
	// What was typed into lines that propose from a list.
	OfficeText, TopicText string

	zone *time.Location
}

func (w *Web) work(ctx context.Context, r *web.Request) (web.Response, error) {
	actor, err := w.Acting.Acting(ctx, r.Actor, r.PathValue("org"))
	if err != nil {
		return nil, err
	}
	doing := Action(r.URL.Query().Get("do"))
	reply, err := w.workPage(ctx, r, actor, doing, Input{}, nil)
	if err != nil {
		return nil, err
	}
	if f := r.URL.Query().Get("folder"); r.PathValue("number") == "" && slices.Contains(folderOrder, f) && f != keptFolder(r) {
		reply.Cookie(folderCookie(f))
	}
	return reply, nil
}

// workPage builds list and panel. The records of reading are written before
// the first byte is sent.
func (w *Web) workPage(ctx context.Context, r *web.Request, actor policy.Actor, doing Action, in Input, wrong []errs.Field) (*web.Reply, error) {
	return w.showWork(ctx, r, actor, &workView{Doing: doing, Form: in, Errors: wrong, Ticked: r.URL.Query()["case"]})
}

// showWork is the workspace with what is already known of the page.
func (w *Web) showWork(ctx context.Context, r *web.Request, actor policy.Actor, v *workView) (*web.Reply, error) {
	code, wrong := r.PathValue("org"), v.Errors
	v.Org, v.Base, v.Now, v.zone, v.Me = code, "/w/"+code, r.Now, r.Zone, actor.Person
	f := filterOf(r.URL.Query())
	if f.Folder == "" {
		var err error
		if f.Folder, err = w.startFolder(ctx, r, actor); err != nil {
			return nil, err
		}
	}
	v.Filter = f
	v.Query = f.query(map[string]string{"after": f.After})
	if r.Method == http.MethodPost {
		form, err := r.Form()
		if err != nil {
			return nil, err
		}
		v.OfficeText, v.TopicText = form.Text("office", 300), form.Text("fact_text", 200)
	}
	var err error
	if v.People, err = w.Offices.Officers(ctx, actor.Organisation, policy.Handler); err != nil {
		return nil, err
	}
	number := r.PathValue("number")
	if number != "" {
		n, ok := id.ParseNumber(number)
		if !ok {
			return nil, notFound()
		}
		if err := w.openCase(ctx, r, actor, v, n); needsReason(err) {
			v.Ask = n
			v.Panel = ui.WorkPanelProps{Open: true, Back: v.Base + v.Query, Title: r.T("work.why_title"), Meta: numbered(r.Lang, n)}
		} else if err != nil {
			return nil, err
		}
	}
	v.Page.Lang = r.Lang
	if number != "" && len(wrong) == 0 && r.Header.Get("HX-Target") == "aside#panel" { // opened from the list, which stays
		return w.openedCase(r, actor, v, web.Fragment(panelAlone(v)).AllowMap()), nil
	}
	rows, err := w.fillList(ctx, r, actor, v, f)
	if err != nil {
		return nil, err
	}
	if len(v.Failed) > 0 {
		v.List.Note = notDone(r.T("work.bulk_partly", i18n.Args{"Done": v.Done, "Failed": len(v.Failed)}), v.Failed)
	}
	title := v.List.Title
	if v.Case != nil || v.Ask != "" {
		title = v.Panel.Title
	}
	v.Page = w.Page(ctx, r, title, "work")
	reply := w.openedCase(r, actor, v, web.Page(workspacePage(v)).AllowMap())
	if len(wrong) > 0 || len(v.Unknown) > 0 {
		reply.Status(http.StatusUnprocessableEntity)
	}
	if len(v.Unknown) > 0 { // no list was read
		return reply, nil
	}
	return reply.Before(func(ctx context.Context) error {
		return w.Reads.RecordList(ctx, actor, policy.CaseworkList, strings.ReplaceAll(strings.TrimPrefix(v.Query, "?"), "&", ","), rows)
	}), nil
}

// openedCase lets the reading of the case that is open be recorded before the reply is sent.
func (w *Web) openedCase(r *web.Request, actor policy.Actor, v *workView, reply *web.Reply) *web.Reply {
	if v.Ask != "" {
		reply.Status(http.StatusForbidden)
	}
	if v.Case == nil {
		return reply
	}
	return reply.Before(func(ctx context.Context) error {
		return w.Reads.RecordRead(ctx, actor, policy.CaseworkRead, v.Case.Applicant, v.Case.ID, v.Case.Grant, reasonOf(r))
	})
}

// folders of the workspace in their order; those of stages only for whom they matter.
var folderOrder = []string{"all", "mine", "late", "today", "moderation", "coordination", "execution", "approval", "waiting", "deferred", "answered", "closed"}

func (w *Web) fillList(ctx context.Context, r *web.Request, actor policy.Actor, v *workView, f workFilter) (int, error) {
	unknown, err := w.unknownIn(ctx, r, actor, f)
	if err != nil {
		return 0, err
	}
	if v.Unknown = unknown; len(v.Unknown) > 0 {
		return 0, w.fillUnknown(ctx, r, actor, v, f)
	}
	lf := InboxFilter{Category: f.Category, Territory: f.Territory, Deadline: f.Deadline}
	part, overseen := overseenPart(f.Folder)
	if !overseen {
		part = f.Folder
	}
	switch part {
	case "mine":
		lf.Handler = orNobody(actor.Person)
	case "late", "today":
		lf.Deadline = part
	case "", "all":
	case "answered":
		lf.Stage = StageAnswered
	case "closed":
		lf.Stage = StageClosed
	default:
		lf.Stage = Stage(part)
	}
	if h, err := id.Parse(f.Handler); err == nil {
		lf.Handler = h
	}
	lf.Free = f.Handler == freeHandler
	if f.After != "" {
		if _, err := fmt.Sscanf(f.After, "%d.%36s", &lf.After.At, (*idScan)(&lf.After.ID)); err != nil {
			return 0, errs.InvalidFields(errs.Field{Name: "after", Rule: "unknown"})
		}
	}
	current := cmp.Or(f.Folder, "all")
	var counts map[string]int64
	framed := web.Beside(func() (err error) { v.Work, counts, err = w.workspace(ctx, r, actor, v.Base, current); return err })
	rows, next, err := w.listed(ctx, actor, f.Folder, lf)
	if err := errors.Join(err, framed()); err != nil {
		return 0, err
	}
	people := make([]id.ID, 0, len(rows))
	for _, row := range rows {
		if row.Handler != id.Nil && !slices.Contains(people, row.Handler) {
			people = append(people, row.Handler)
		}
	}
	names, err := w.People.Names(ctx, people)
	if err != nil {
		return 0, err
	}
	selects := w.filterSelects(r, f, v.People)
	if overseen {
		selects = w.overseenSelects(r, actor, f)
	}
	v.List = ui.WorkListProps{Title: folderTitle(r.Lang, current), OneHolder: current == "mine", Offices: overseen, Action: v.Base + "/bulk" + v.Query, Fetch: true,
		Filter: filterForm(v.Base, f, selects, r.T("work.filter")), Applied: filterTags(r.Lang, v.Base, f, selects),
		Empty: ui.EmptyProps{Title: r.T("work.empty"), Text: r.T("work.empty_text")}, Hidden: map[string]string{"key": web.NewKey()}}
	if len(v.List.Applied) > 0 {
		v.List.Clear = v.Base + workFilter{Folder: f.Folder}.query(nil)
		v.List.Empty = ui.EmptyProps{Title: r.T("work.empty_filter"), Text: r.T("work.empty_filter_text"), Action: &ui.ButtonProps{Text: r.T("work.clear_filter"), Kind: ui.Second, Slim: true, Href: v.List.Clear}}
	} else if n, ok := counts[current]; ok {
		v.List.Total = i18n.Number(r.Lang, min(n, CountLimit))
		if n > CountLimit {
			v.List.Total = r.T("work.more_than", i18n.Args{"Count": v.List.Total})
		}
	}
	for _, b := range bulkActions {
		if overseen && b.action != Redirect { // others work there
			continue
		}
		if slices.ContainsFunc(b.roles, func(role policy.Role) bool { return actor.Has(role) }) {
			v.List.Bulk = append(v.List.Bulk, ui.ButtonProps{Text: r.T("work.bulk." + string(b.action)), Kind: ui.Second, Slim: true, Name: "do", Value: string(b.action), Key: b.key})
		}
	}
	for _, row := range rows {
		topic, _ := w.Topics.Topic(r.Lang, row.Fact)
		number := id.ShowNumber(row.Number)
		item := ui.WorkRow{ID: row.Number, Label: r.T("work.select", i18n.Args{"Number": number}), Title: cmp.Or(row.Title, topic.Name),
			Href: v.Base + "/cases/" + row.Number + v.Query, Meta: row.Number[:4] + "…" + row.Number[8:] + ". " + row.Place.Text + ". " + topic.Name,
			Deadline: shortDeadline(r.Lang, w.Cases.Calendar(), &row.Case, r.Now), State: officeState(r.Lang, &row.Case), Holder: surname(names[row.Handler]),
			New: row.Handler == id.Nil && row.Open(), Current: v.Case != nil && v.Case.ID == row.ID, Selected: slices.Contains(v.Ticked, row.Number)}
		if overseen {
			office, _ := w.Cases.offices.Office(row.Organisation)
			item.Holder = office.ShortIn(r.Lang)
		}
		v.List.Rows = append(v.List.Rows, item)
	}
	if next != nil {
		v.List.Pager.Next = v.Base + f.query(map[string]string{"after": fmt.Sprintf("%d.%s", next.At, next.ID)})
		if overseen && len(rows) < PageSize {
			v.List.Empty = ui.EmptyProps{Title: r.T("work.not_all_looked"), Text: r.T("work.not_all_looked_text")}
		}
	}
	if f.After != "" {
		v.List.Pager.Prev = v.Base + f.query(nil)
		v.List.Pager.PrevText = r.T("work.first_page")
	}
	return len(rows), nil
}

// workspace is the frame of an organisation's workspace: its folders with
// their sizes and, for those who keep the organisation, its officers and hours.
func (w *Web) workspace(ctx context.Context, r *web.Request, actor policy.Actor, base, current string) (ui.Workspace, map[string]int64, error) {
	folders, err := w.Cases.Folders(ctx, actor, actor.Organisation)
	if err != nil {
		return ui.Workspace{}, nil, err
	}
	counts := map[string]int64{}
	for _, c := range folders {
		counts[c.Code] = c.Count
	}
	cases := ui.FolderGroup{}
	for _, c := range folderOrder {
		item := ui.Folder{Text: r.T("work.folder." + c), Href: base + workFilter{Folder: c}.query(nil), Count: int(counts[c]), Current: c == current, Alarm: c == "late"}
		if counts[c] > CountLimit {
			item.CountText = r.T("work.more_than", i18n.Args{"Count": i18n.Number(r.Lang, CountLimit)})
		}
		cases.Folders = append(cases.Folders, item)
	}
	office, _ := w.Cases.offices.Office(actor.Organisation)
	territory, err := w.overseen(ctx, r, actor, base, current)
	if err != nil {
		return ui.Workspace{}, nil, err
	}
	groups := []ui.FolderGroup{cases}
	if len(territory.Folders) > 0 {
		groups = append(groups, territory)
	}
	out := ui.Workspace{Org: office.ShortIn(r.Lang), Folders: groups, Search: base + "/find", Orgs: "/w"}
	if policy.May(actor, policy.DirectoryManage, policy.Object{Organisation: actor.Organisation}) {
		out.Folders = append(out.Folders, ui.FolderGroup{Title: r.T("work.organisation"), Folders: []ui.Folder{
			{Text: r.T("work.officers"), Href: base + "/officers", Current: current == "officers", CountText: " "},
			{Text: r.T("work.hours"), Href: base + "/hours", Current: current == "hours", CountText: " "}}})
	}
	if w.More != nil {
		if more := w.More(ctx, r, actor, base, current); len(more.Folders) > 0 {
			out.Folders = append(out.Folders, more)
		}
	}
	return out, counts, nil
}

// WorkspaceFrame frames pages of other modules inside a workspace.
func (w *Web) WorkspaceFrame(ctx context.Context, r *web.Request, actor policy.Actor, title, current string) (ui.Page, ui.Workspace, error) {
	ws, _, err := w.workspace(ctx, r, actor, "/w/"+r.PathValue("org"), current)
	return w.Page(ctx, r, title, "work"), ws, err
}

// idScan lets Sscanf read an id.
type idScan id.ID

func (p *idScan) Scan(st fmt.ScanState, _ rune) error {
	tok, err := st.Token(false, nil)
	if err != nil {
		return err
	}
	v, err := id.Parse(string(tok))
	*p = idScan(v)
	return err
}

func surname(name string) string {
	parts := strings.Fields(name)
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}
