package ui

import (
	"strings"
	"testing"
)

func TestThePhoneOfTheFooterCanBeCalled(t *testing.T) {
	for text, want := range map[string]string{
		"Помощь по телефону 8 800 000-01-12, ежедневно с 8:00 до 20:00": `<a href="tel:+78000000112">8 800 000-01-12</a>, ежедневно`,
		"Звоните +7 (812) 000-00-00 по будням":                          `<a href="tel:+78120000000">+7 (812) 000-00-00</a> по будням`,
		"Помощь в МФЦ с 8:00 до 20:00":                                  "<p>Помощь в МФЦ с 8:00 до 20:00",
	} {
		var b strings.Builder
		if err := footer(Page{Help: text}).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s\nwant %s", b.String(), want)
		}
	}
}
