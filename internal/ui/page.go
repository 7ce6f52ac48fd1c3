package ui

// Paths that the layouts link to. The modules that own these routes register them under the same constants.
const (
	PathHome    = "/"
	PathBell    = "/notices"  // list of notices; the bell
	PathAccount = "/account"  // who I am, sign out
	PathSignIn  = "/sign-in"  // gets ?back=
	PathView    = "/view"     // GET: low-vision page; POST: keep the choice (see ViewFromForm)
	PathLang    = "/language" // POST lang, back
	PathDesign  = "/design"
)

// Page is what a layout needs to know about the page and its reader. The zero value is a signed-out reader of a
// Russian page.
type Page struct {
	Title  string // without the product's name
	Lang   string // "ru" or "en"; empty means "ru"
	View   View   // theme, contrast, size, spacing, pictures
	Path   string // path and query of this page, where language and view switches come back to
	User   string // the reader's name; empty: signed out
	Unread int    // notices not yet read; shown on the bell
	Nav    []NavItem
	Region string // name of the region or installation, beside the mark

	Flash  *Flash    // what the last action did; announced politely
	Footer []NavItem // links of the footer
	Help   string    // how to reach a person, in the footer
	Wide   bool      // main is not narrowed to the reading width (tables, maps)
	NoNav  bool      // sign-in and error pages: mark and tools only
	NoUser bool      // of a site that knows no accounts: nothing to sign in to

	Description string   // for search engines; empty: none
	Private     bool     // asks robots not to index
	Scripts     []string // further own modules to load, e.g. "/assets/…/charts.js"
}

// NavItem is a link of a navigation or footer.
type NavItem struct {
	Text, Href string
	Current    bool
	Count      int    // shown after the text when over zero
	CountWords string // what the count means, for screen readers: «непрочитанных: 2»
	Lang       string // language of Text where it isn't the page's
}

// Flash says once what an action did.
type Flash struct {
	Tone  Tone
	Title string
	Text  string
}

// Tone is the meaning of a state or notice. It never stands alone: a word and an icon carry it too.
type Tone string

// Tones.
const (
	Plain Tone = ""
	Act   Tone = "act"  // something is going on, or can be acted on
	OK    Tone = "ok"   // done
	Warn  Tone = "warn" // needs attention soon, or waits for someone
	Bad   Tone = "bad"  // late, refused, failed
)

func (p Page) lang() string {
	if p.Lang == "" {
		return "ru"
	}
	return p.Lang
}

func (p Page) otherLang() (code, name string) {
	if p.lang() == "ru" {
		return "en", "English"
	}
	return "ru", "Русский"
}

func (p Page) path() string {
	if p.Path == "" {
		return PathHome
	}
	return p.Path
}
