package ui

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
)

// On a narrow screen every page of the workspace has the folders, the other
// organisations and the account behind one button.
func TestWorkspaceMenuStandsOnEveryPage(t *testing.T) {
	html := render(t, WorkspaceLayout(Page{Lang: "ru", User: "Нина"}, Workspace{Org: "Дороги", Orgs: "/w", Folders: []FolderGroup{{Folders: []Folder{{Text: "Мои", Href: "/w/a?folder=mine", Count: 3}}}}}))
	_, menu, ok := strings.Cut(html, `<details class="wmenu`)
	if !ok {
		t.Fatal("no menu")
	}
	menu, _, _ = strings.Cut(menu, "</details>")
	for _, want := range []string{`href="/w/a?folder=mine"`, `href="/w"`, "Дороги", PathLang, PathAccount, PathView} {
		if !strings.Contains(menu, want) {
			t.Errorf("the menu lacks %q", want)
		}
	}
}

// Where no case is open, the panel tells the keys.
func TestEmptyPanelTellsTheKeys(t *testing.T) {
	html := render(t, WorkPanel(WorkPanelProps{}))
	for _, key := range []string{"<kbd>J</kbd>", "<kbd>K</kbd>", "<kbd>Enter</kbd>", "<kbd>X</kbd>", "<kbd>/</kbd>"} {
		if !strings.Contains(html, key) {
			t.Errorf("the panel lacks %s", key)
		}
	}
}

func TestSaid(t *testing.T) {
	if html := render(t, Said("Ямы нет.")); strings.Contains(html, "<details") {
		t.Errorf("a short text is folded: %s", html)
	}
	long := strings.Repeat("Бригада выехала. ", 20)
	html := render(t, Said(long))
	if !strings.Contains(html, `<p>`+long) || !strings.Contains(html, "Бригада выехала… ") {
		t.Errorf("a long text is %s", html)
	}
}

// A column is named in each cell, for the screens where rows become blocks; a
// cell that holds nothing is empty.
func TestTableCellsNameTheirColumns(t *testing.T) {
	html := render(t, Table(TableProps{Caption: "т", Columns: []Column{{Title: "Кто"}, {Title: "Когда"}, {Title: "Зачем"}}, Rows: []TableRow{{Cells: []templ.Component{Text("Нина"), Text("вчера"), nil}}}}))
	if !strings.Contains(html, `<span class="col" aria-hidden="true">Когда</span>`) || !strings.Contains(html, `<td role="cell"></td>`) {
		t.Error(html)
	}
}

// What is chosen by its name is seen, too.
func TestAChoiceShowsItsPicture(t *testing.T) {
	html := render(t, Checkboxes(ChoicesProps{FieldProps: FieldProps{ID: "released", Label: "Фото"}, Options: []Option{{Value: "1", Text: "IMG_1.jpg", Picture: "/t/1"}, {Value: "2", Text: "IMG_2.jpg"}}}))
	if strings.Count(html, "<img") != 1 || !strings.Contains(html, `src="/t/1" alt=""`) {
		t.Error(html)
	}
}
