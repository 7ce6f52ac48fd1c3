package casework

import (
	"context"
	"net/http"
	"slices"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
)

// folderName is the cookie with the folder that an officer chose last.
const folderName = "__Host-okno-folder"

// keptFolder is the folder that this browser's officer chose last; "" where
// none was chosen.
func keptFolder(r *web.Request) string {
	c, err := r.Cookie(folderName)
	if err != nil || !slices.Contains(folderOrder, c.Value) {
		return ""
	}
	return c.Value
}

func folderCookie(folder string) *http.Cookie {
	return &http.Cookie{Name: folderName, Value: folder, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600}
}

// startFolders are the folders in which each role's work lies.
var startFolders = []struct {
	role   policy.Role
	folder string
}{
	{policy.Moderator, "moderation"}, {policy.Coordinator, "coordination"}, {policy.Handler, "mine"},
	{policy.Approver, "approval"}, {policy.Supervisor, "late"},
}

// startFolder is where a workspace opens: in the folder that was chosen last,
// else in that of the officer's role. Who works in several roles sees all.
func (w *Web) startFolder(ctx context.Context, r *web.Request, actor policy.Actor) (string, error) {
	if f := keptFolder(r); f != "" {
		return f, nil
	}
	start := ""
	for _, s := range startFolders {
		if !actor.Has(s.role) {
			continue
		}
		if start != "" {
			return "all", nil
		}
		start = s.folder
	}
	switch start {
	case "":
		return "all", nil
	case "mine": // who has nothing takes something
		mine, _, err := w.Cases.Inbox(ctx, actor, actor.Organisation, InboxFilter{Handler: orNobody(actor.Person), Size: 1})
		if err != nil {
			return "", err
		}
		if len(mine) == 0 {
			return "execution", nil
		}
	}
	return start, nil
}

// unsure asks before a case is handed to an organisation that doesn't answer
// for its place: the error of a form that doesn't say «elsewhere».
func (w *Web) unsure(ctx context.Context, r *web.Request, org id.ID, numbers ...string) ([]errs.Field, error) {
	form, err := r.Form()
	if err != nil || w.Serves == nil || org == id.Nil || form.Raw("elsewhere") != "" {
		return nil, err
	}
	for _, n := range numbers {
		c, err := w.Cases.byNumber(ctx, n)
		if errs.Is(err, errs.NotFound) {
			continue // said by the action itself
		}
		if err != nil {
			return nil, err
		}
		office, ok := w.Cases.offices.Office(org)
		if ok && org != c.Organisation && !w.Serves(org, c.State.Territory) {
			return []errs.Field{{Name: "elsewhere", Rule: "unsure", Key: "work.elsewhere",
				Args: map[string]any{"Office": office.In(r.Lang), "Territory": w.Atlas.Territory(r.Lang, c.State.Territory)}}}, nil
		}
	}
	return nil, nil
}
