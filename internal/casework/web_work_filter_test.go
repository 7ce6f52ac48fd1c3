package casework

import (
	"strings"
	"testing"

	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/ui"
)

// What a list was narrowed by is read back in words; what can't be, as it was written.
func TestFilterWords(t *testing.T) {
	w := &Web{Topics: paper{}, Atlas: paper{}}
	category := paper{}.Categories("ru")[0]
	for filter, want := range map[string]string{
		"folder=mine":           "Папка «Мои»",
		"folder=territory":      "Папка «Наша территория: Все в работе»",
		"folder=territory.late": "Папка «Наша территория: Просрочены»",
		"folder=territory.mine": "folder=territory.mine",
		"category=" + category.Code + ",deadline=late,folder=all": "Тема: " + category.Name + "; Срок: Просрочены; Папка «Все в работе»",
		"deadline=week,territory=mun%2E01":                        "Срок: Неделя; Территория: mun.01",
		"stage=moderation":                                        "Этап: Модерация",
		"after=17.x,handler=y":                                    "следующая страница; Дела одного исполнителя",
	} {
		if got := w.FilterWords("ru", filter); got != want {
			t.Errorf("%s: %q, want %q", filter, got, want)
		}
	}
}

// Each condition stands above the list with an address without it alone.
func TestFilterTags(t *testing.T) {
	selects := []ui.SelectProps{
		{FieldProps: ui.FieldProps{ID: "category", Label: "Тема"}, Value: "01", Options: []ui.Option{{Value: "01", Text: "Дороги"}}},
		{FieldProps: ui.FieldProps{ID: "territory", Label: "Территория"}, Options: []ui.Option{{Value: "mun.01", Text: "Верхнеозёрск"}}},
		{FieldProps: ui.FieldProps{ID: "deadline", Label: "Срок"}, Value: "late", Options: []ui.Option{{Value: "late", Text: "Просрочены"}}},
	}
	tags := filterTags("ru", "/w/a", workFilter{Folder: "mine", Category: "01", Deadline: "late"}, selects)
	if len(tags) != 2 || tags[0].Text != "Тема: Дороги" || tags[0].RemoveHref != "/w/a?deadline=late&folder=mine" || tags[1].RemoveHref != "/w/a?category=01&folder=mine" || !strings.Contains(tags[1].RemoveLabel, "Срок: Просрочены") {
		t.Errorf("%+v", tags)
	}
}

// A bar of up to three actions has no menu; where nothing waits, nothing is filled.
func TestBarOfActions(t *testing.T) {
	quiet := func(a Action) actionForm { return actionForm{Action: a, formSpec: formSpecs[a]} }
	if first, rest := barSplit([]actionForm{quiet(Release), quiet(Note)}); len(first) != 2 || rest != nil {
		t.Errorf("two quiet actions: %d in the bar, %d in the menu", len(first), len(rest))
	}
	if first, rest := barSplit([]actionForm{quiet(Accept), quiet(Redirect), quiet(Release), quiet(Reject), quiet(Note)}); len(first) != 2 || len(rest) != 3 {
		t.Errorf("a moderator's actions: %d in the bar, %d in the menu", len(first), len(rest))
	}
	for a, want := range map[Action]ui.Kind{Note: ui.Second, Reject: ui.Second, Accept: ui.Primary, Assign: ui.Primary} {
		if got := barKind(0, quiet(a)); got != want {
			t.Errorf("%s first in the bar is %q", a, got)
		}
	}
}

// What programs narrow a list by stands in words in the record of reading, too.
func TestTheRecordSaysWhatProgramsAskedFor(t *testing.T) {
	pages := &Web{}
	for filter, want := range map[string]string{
		"stage=execution":              "Этап: На исполнении",
		"part=answered,free=true":      i18n.T("ru", "work.folder.answered") + "; Исполнитель: " + i18n.T("ru", "work.free"),
		"part=open,free=false":         "Дела, по которым идёт работа",
		"handler=" + id.New().String(): i18n.T("ru", "work.read_handler"),
	} {
		if got := pages.FilterWords("ru", filter); got != want {
			t.Errorf("%s: %q, want %q", filter, got, want)
		}
	}
}
