package directory

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

const tagInstallation = "Installation"

// settingsAPI registers what administrators of the region change of the installation.
func settingsAPI(a *api.API, s *Service) {
	api.Register(a, api.Operation{ID: "list-settings", Method: http.MethodGet, Path: "/settings", Tag: tagInstallation,
		Summary:     "Settings of the installation with what holds now",
		Description: "For administrators of the region. Every number that law or practice may change is one."}, policy.DirectorySettings, s.apiSettings)
	api.Register(a, api.Operation{ID: "get-setting", Method: http.MethodGet, Path: "/settings/{name}", Tag: tagInstallation,
		Summary: "One setting with what holds now"}, policy.DirectorySettings, s.apiSetting)
	api.Register(a, api.Operation{ID: "list-setting-values", Method: http.MethodGet, Path: "/settings/{name}/values", Tag: tagInstallation,
		Summary: "Every value that a setting ever had, the latest first"}, policy.DirectorySettings, s.apiSettingValues)
	api.Register(a, api.Operation{ID: "add-setting-value", Method: http.MethodPost, Path: "/settings/{name}/values", Tag: tagInstallation, Create: true,
		Summary:     "Give a setting a value from a moment on",
		Description: "The value before it stays for the time before.", Errors: []errs.Code{errs.IdempotencyMismatch}}, policy.DirectorySettings, s.apiSet)
}

// settingBody is a setting as its administrator is told of it.
type settingBody struct {
	Name            string      `json:"name" doc:"module.what" example:"site.help"`
	Title           string      `json:"title" doc:"What it is, in the caller's language"`
	Type            SettingType `json:"type" enum:"int,bool,choice,text" doc:"What values it takes"`
	Value           string      `json:"value" doc:"What holds now for the installation"`
	Default         string      `json:"default" doc:"What holds where nobody set anything"`
	Unit            string      `json:"unit,omitempty" doc:"Of an int: days, hours, minutes …"`
	Min             *int64      `json:"min,omitempty" doc:"Of an int: the least"`
	Max             *int64      `json:"max,omitempty" doc:"Of an int: the greatest"`
	Choices         []string    `json:"choices,omitempty" doc:"Of a choice: what may be chosen"`
	Source          string      `json:"source,omitempty" doc:"What the default rests on: an act, or practice"`
	PerOrganisation bool        `json:"per_organisation" doc:"An organisation may have a value of its own, which holds for those below it too"`
}

func (s *Service) settingOf(ctx context.Context, c api.Call, d Setting) (settingBody, error) {
	now, err := s.Text(ctx, d.Name, id.Nil, s.clock.Now()) // a value that this call set began after the call did
	out := settingBody{Name: d.Name, Title: c.Request.T(d.Title), Type: d.Type, Value: now, Default: d.Default, Unit: d.Unit,
		Choices: d.Choices, Source: d.Source, PerOrganisation: d.PerOrganisation}
	if d.Type == IntSetting {
		out.Min, out.Max = &d.Min, &d.Max
	}
	return out, err
}

func (s *Service) apiSettings(ctx context.Context, c api.Call, _ *struct{}) (*struct{ Body api.Page[settingBody] }, error) {
	if err := policy.Allow(c.Actor, policy.DirectorySettings); err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[settingBody] }{}
	out.Body.Items = []settingBody{}
	for _, d := range s.Settings() {
		row, err := s.settingOf(ctx, c, d)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, row)
	}
	return out, nil
}

// SettingPath names a setting in an address.
type SettingPath struct {
	Name string `path:"name" maxLength:"100" doc:"Name of the setting" example:"site.help"`
}

func (s *Service) setting(a policy.Actor, name string) (Setting, error) {
	if err := policy.Allow(a, policy.DirectorySettings); err != nil {
		return Setting{}, err
	}
	s.settings.mu.Lock()
	d, ok := s.settings.defs[name]
	s.settings.mu.Unlock()
	if !ok {
		return d, errs.New(errs.NotFound, "")
	}
	return d, nil
}

func (s *Service) apiSetting(ctx context.Context, c api.Call, in *SettingPath) (*struct{ Body settingBody }, error) {
	d, err := s.setting(c.Actor, in.Name)
	if err != nil {
		return nil, err
	}
	row, err := s.settingOf(ctx, c, d)
	return &struct{ Body settingBody }{row}, err
}

// settingValue is a value and since when it holds.
type settingValue struct {
	Value        string    `json:"value" doc:"The value"`
	Since        time.Time `json:"since" doc:"It holds from this moment on, until a later one does"`
	Organisation string    `json:"organisation,omitempty" doc:"Code of the organisation that it is for; absent: the installation"`
	Source       string    `json:"source,omitempty" doc:"The act or decision that it rests on"`
	MadeAt       time.Time `json:"made_at" doc:"When it was set"`
}

func (s *Service) apiSettingValues(ctx context.Context, c api.Call, in *struct {
	SettingPath
	api.PageInput
}) (*struct{ Body api.Page[settingValue] }, error) {
	if _, err := s.setting(c.Actor, in.Name); err != nil {
		return nil, err
	}
	list := "directory.setting " + in.Name
	at, err := c.Cursor(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	rows, err := s.Values(ctx, c.Actor, in.Name)
	if err != nil {
		return nil, err
	}
	t, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	newest := func(x, y Value) int { return cmp.Or(y.Since.Compare(x.Since), bytes.Compare(x.Scope[:], y.Scope[:])) }
	slices.SortFunc(rows, newest)
	if at != nil {
		last := Value{Since: time.UnixMilli(at.Int(0)), Scope: at.ID}
		rows = slices.DeleteFunc(rows, func(v Value) bool { return newest(v, last) <= 0 })
	}
	out := &struct{ Body api.Page[settingValue] }{}
	out.Body.Items = []settingValue{}
	for _, v := range rows[:min(in.Limit, len(rows))] {
		out.Body.Items = append(out.Body.Items, t.valueOf(v))
	}
	if len(rows) > in.Limit {
		last := rows[in.Limit-1]
		out.Body.Next = c.Next(&web.Cursor{Sort: []any{last.Since.UnixMilli()}, ID: last.Scope}, list)
	}
	return out, nil
}

func (t *Tree) valueOf(v Value) settingValue {
	o, _ := t.Get(v.Scope)
	return settingValue{Value: v.Value, Since: v.Since.UTC(), Organisation: o.Code, Source: v.Source, MadeAt: v.MadeAt.UTC()}
}

func (s *Service) apiSet(ctx context.Context, c api.Call, in *struct {
	SettingPath
	Body struct {
		Value        string     `json:"value" maxLength:"1000" doc:"The value, by the setting's type; true or false of a bool"`
		Since        *time.Time `json:"since,omitempty" doc:"It holds from this moment on; absent: from now on"`
		Organisation string     `json:"organisation,omitempty" maxLength:"64" doc:"Code of the organisation that it is for; absent: the installation"`
		Source       string     `json:"source,omitempty" maxLength:"500" doc:"The act or decision that it rests on"`
	}
}) (*struct{ Body settingBody }, error) {
	d, err := s.setting(c.Actor, in.Name)
	if err != nil {
		return nil, err
	}
	v := Value{Name: d.Name, Value: in.Body.Value, Source: in.Body.Source}
	if in.Body.Since != nil {
		v.Since = in.Body.Since.UTC().Truncate(time.Millisecond)
	}
	if in.Body.Organisation != "" {
		t, err := s.Tree(ctx)
		if err != nil {
			return nil, err
		}
		o, ok := t.ByCode(in.Body.Organisation)
		if !ok {
			return nil, errs.InvalidFields(errs.Field{Name: "organisation", Rule: "unknown"})
		}
		v.Scope = o.ID
	}
	if err := s.set(ctx, c.Actor, v, c.Key); err != nil {
		return nil, renamed(err, "scope", "organisation")
	}
	row, err := s.settingOf(ctx, c, d)
	return &struct{ Body settingBody }{row}, err
}
