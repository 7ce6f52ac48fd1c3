package casework

import "testing"

func TestOfficeNamesInTheReadersLanguage(t *testing.T) {
	both := Office{Name: "Комитет по дорожному хозяйству", NameEN: "Roads Committee of the Region", ShortName: "Комитет по дорогам", ShortNameEN: "Roads Committee"}
	for _, c := range []struct {
		of                Office
		lang, whole, less string
	}{
		{both, "ru", both.Name, both.ShortName},
		{both, "en", both.NameEN, both.ShortNameEN},
		{Office{Name: both.Name, ShortName: both.ShortName}, "en", both.Name, both.ShortName},
		{Office{Name: both.Name, NameEN: both.NameEN, ShortName: both.ShortName}, "en", both.NameEN, both.NameEN},
		{Office{Name: both.Name}, "ru", both.Name, both.Name},
	} {
		if whole, less := c.of.In(c.lang), c.of.ShortIn(c.lang); whole != c.whole || less != c.less {
			t.Errorf("%+v in %s: %q, %q", c.of, c.lang, whole, less)
		}
	}
	if !both.called("roads committee OF THE region") || !both.called(both.Name) || both.called("") || (Office{Name: "А"}).called("") {
		t.Error("an office is found by its name in either language, and by nothing else")
	}
}
