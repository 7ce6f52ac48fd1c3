package people

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestLists(t *testing.T) {
	c, o := Citizens(1, 2000), Officers(1, 600)
	if !slices.Equal(c[:300], Citizens(1, 300)) {
		t.Error("a longer list does not begin with the shorter one")
	}
	if slices.Equal(c[:300], Citizens(2, 300)) {
		t.Error("another seed gives the same people")
	}
	seen := map[string]bool{}
	login := regexp.MustCompile(`^[a-z]{1,3}\.[a-z]+[0-9]*(-sl)?$`)
	phone := regexp.MustCompile(`^\+7 000 \d{3}-\d\d-\d\d$`)
	for _, p := range slices.Concat(c, o) {
		for _, key := range []string{p.Full(), p.Login, p.Phone} {
			if seen[key] {
				t.Errorf("%q stands twice", key)
			}
			seen[key] = true
		}
		if !login.MatchString(p.Login) || !phone.MatchString(p.Phone) || p.Email != p.Login+"@example.org" {
			t.Errorf("contacts of %s: %s %s %s", p.Full(), p.Login, p.Phone, p.Email)
		}
		if p.Female != strings.HasSuffix(p.Patronymic, "на") {
			t.Errorf("%s: sex and patronymic differ", p.Full())
		}
	}
}

func TestForms(t *testing.T) {
	for _, s := range surnames {
		if s[1] != s[0]+"а" && s[0] != s[1] {
			t.Errorf("%s and %s are not a pair", s[0], s[1])
		}
	}
	for i, s := range surnames {
		for _, o := range surnames[i+1:] {
			if s[0] == o[0] {
				t.Errorf("%s stands twice", s[0])
			}
		}
	}
	p := Person{Given: "Нина", Patronymic: "Андреевна", Surname: "Щукина"}
	if got := p.Full() + "; " + p.Display() + "; " + p.Polite() + "; " + p.Initials(); got != "Щукина Нина Андреевна; Нина Щукина; Нина Андреевна; Н. А. Щукина" {
		t.Error(got)
	}
	if got := latin("Щёголев"); got != "shchegolev" {
		t.Error(got)
	}
}
