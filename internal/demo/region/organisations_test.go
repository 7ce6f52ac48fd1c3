package region

import "testing"

func TestOrganisationsAreATree(t *testing.T) {
	list := Organisations()
	if len(list) < 80 {
		t.Fatalf("%d organisations, want at least 80", len(list))
	}
	seen, names, short := map[string]bool{}, map[string]string{}, map[string]string{}
	territories := map[string]bool{Code: true}
	for _, m := range Municipalities() {
		territories[m.Code] = true
	}
	for _, o := range list {
		if seen[o.Code] {
			t.Errorf("code %s twice", o.Code)
		}
		if o.Parent == "" != (o.Code == Code) || o.Parent != "" && !seen[o.Parent] {
			t.Errorf("%s: parent %q does not come before it", o.Code, o.Parent)
		}
		if other := names[o.Name]; other != "" {
			t.Errorf("%s and %s are both named %q", o.Code, other, o.Name)
		}
		if other := short[o.ShortName]; other != "" {
			t.Errorf("%s and %s are both called %q", o.Code, other, o.ShortName)
		}
		if other := short[o.ShortNameEN]; other != "" || len(o.ShortNameEN) > 60 {
			t.Errorf("%s and %s are both called %q, or it is long", o.Code, other, o.ShortNameEN)
		}
		if o.ShortNameEN == "" || o.Name == "" || o.ShortName == "" || o.NameEN == "" || len(o.Territories) == 0 {
			t.Errorf("%s: incomplete: %+v", o.Code, o)
		}
		for _, code := range o.Territories {
			if !territories[code] {
				t.Errorf("%s: unknown territory %q", o.Code, code)
			}
		}
		seen[o.Code], names[o.Name], short[o.ShortName], short[o.ShortNameEN] = true, o.Code, o.Code, o.Code
	}
	covered := map[string]string{}
	for _, o := range list {
		if o.Kind == KindMunicipal {
			covered[o.Territories[0]] = o.Code
		}
	}
	if len(covered) != 24 {
		t.Errorf("%d municipalities have an administration, want 24", len(covered))
	}
}
