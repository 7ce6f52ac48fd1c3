package app

import (
	"testing"

	"okno/internal/demo/region"
	"okno/internal/directory"
	"okno/internal/places"
	"okno/internal/taxonomy"
)

func TestAForeignFileIsUnderstood(t *testing.T) {
	g := newImportGuide(taxonomy.Default(), &directory.Tree{}, places.NewIndex(region.New(region.DefaultSeed).Register(), 1))
	if _, ok := g.rubricator.Fact(g.FactOther()); !ok {
		t.Error("the fact for what fits nowhere is not in the rubricator")
	}
	f := g.rubricator.Facts()[0]
	if code, ok := g.FactNamed(" " + f.Code + " "); !ok || code != f.Code {
		t.Errorf("by code: %q", code)
	}
	if _, ok := g.FactNamed("Тема, которой нет"); ok {
		t.Error("an unknown topic was found")
	}
	if code, ok := g.FactLike("Не горит фонарь во дворе"); !ok || taxonomy.CategoryOf(code) != "lighting" {
		t.Errorf("by words: %q", code)
	}
	if _, ok := g.FactLike("ъъъ"); ok {
		t.Error("no words at all suggest something")
	}
	for text, found := range map[string]bool{
		"Верхнеозёрск, Рыбацкая улица, 14": true, "г. Верхнеозерск, ул. Рыбацкая, д. 14": true,
		"Рыбацкая улица, 14": false, "Курск, Рыбацкая улица, 14": false, "Верхнеозёрск, Рыбацкая улица": false, "": false,
	} {
		if _, ok := g.AddressNamed(text); ok != found {
			t.Errorf("%q: found %v", text, ok)
		}
	}
	offices := map[string]int{}
	once(offices, "администрация", 1)
	once(offices, "администрация", 1)
	if offices["администрация"] != 1 {
		t.Error("one thing of two equal names is lost")
	}
	once(offices, "администрация", 2)
	once(offices, "администрация", 1)
	if offices["администрация"] != 0 {
		t.Error("a name of two things chose one")
	}
}
