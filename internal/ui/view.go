package ui

import (
	"net/http"
	"net/url"
	"slices"
	"time"
)

// View is how the reader wants to see pages. It is kept in a cookie before sign-in and in the account after it.
// Each field holds one of a closed list; the zero value is what the system asks for.
type View struct {
	Theme    string // "", "light", "dark"
	Contrast string // "", "normal" (even if the system asks for more), "high"
	Size     string // "", "125", "150", "200"
	Spacing  string // "", "wide"
	Pictures string // "", "off"
}

// ViewCookie is the name of the cookie that keeps a View.
const ViewCookie = "okno_view"

var viewChoices = [...]struct {
	name  string
	field func(*View) *string
	list  []string
}{
	{"theme", func(v *View) *string { return &v.Theme }, []string{"light", "dark"}},
	{"contrast", func(v *View) *string { return &v.Contrast }, []string{"normal", "high"}},
	{"size", func(v *View) *string { return &v.Size }, []string{"125", "150", "200"}},
	{"spacing", func(v *View) *string { return &v.Spacing }, []string{"wide"}},
	{"pictures", func(v *View) *string { return &v.Pictures }, []string{"off"}},
}

// ViewFromForm reads the fields of the low-vision form; what isn't of the lists is left out.
func ViewFromForm(form url.Values) View {
	var v View
	for _, c := range viewChoices {
		if got := form.Get(c.name); slices.Contains(c.list, got) {
			*c.field(&v) = got
		}
	}
	return v
}

// ParseView reads what String wrote; anything else gives the zero View for that field.
func ParseView(s string) View {
	form, err := url.ParseQuery(s)
	if err != nil { // a damaged cookie is no reason to refuse a page: the reader sees it as the system asks
		return View{}
	}
	return ViewFromForm(form)
}

// String is the form in which a View is kept in a cookie or an account.
func (v View) String() string {
	form := url.Values{}
	for _, c := range viewChoices {
		if got := *c.field(&v); got != "" {
			form.Set(c.name, got)
		}
	}
	return form.Encode()
}

// ViewOf reads the View of a request's cookie.
func ViewOf(r *http.Request) View {
	c, err := r.Cookie(ViewCookie)
	if err != nil { // http.ErrNoCookie is the only error
		return View{}
	}
	return ParseView(c.Value)
}

// Cookie keeps the View for a year. Scripts may write it too, for it is no secret.
func (v View) Cookie(secure bool) *http.Cookie {
	return &http.Cookie{Name: ViewCookie, Value: v.String(), Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		SameSite: http.SameSiteLaxMode, Secure: secure}
}
