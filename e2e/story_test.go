package e2e

import (
	"testing"
)

// TestStory plays one report from its first words to the second rating, with
// everybody who has a part in it.
func TestStory(t *testing.T) {
	w := open(t)
	b := chromium(t, w)
	s := &story{t: t, w: w, b: b}
	s.files()
}

// story is the report that the people of the test deal with.
type story struct {
	t      *testing.T
	w      *world
	b      *browser
	nina   *tab
	number string
}

// files is how Nina writes her report.
func (s *story) files() {
	p := s.b.tab("")
	p.open("/")
	p.look("home-out", true)
	p.open("/sign-in")
	p.look("sign-in")
	nina := s.b.tab("nina")
	s.nina = nina
	nina.open("/")
	nina.look("home")
	nina.open("/reports")
	nina.look("mine")
	nina.open("/report/new")
	nina.look("new-empty")
	nina.fill("#text", "На Рыбацкой у дома 14 провалился люк ливнёвки, рядом школа. Дети обходят по проезжей части, вечером не видно.")
	nina.wait("topics for the words", `document.querySelectorAll('#topics input[name="fact"]').length >= 2`)
	nina.look("new-words")
	nina.click("#topics label.choice")
	nina.fill("#place", "Рыбацкая улица, 14")
	nina.wait("places", `document.querySelectorAll('#place-list li').length > 0`)
	nina.press("Down", "Enter")
	nina.wait("the plan", `document.querySelector('#plan .frame')`)
	nina.attach("#files", s.w.picture("hatch", 3, false))
	nina.wait("the file", `document.querySelector('input[name="attachment"]')`)
	nina.look("new-ready", true)
}
