package i18n

import (
	"errors"
	"testing"
	"time"

	"okno/internal/platform/errs"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 11, 27, 11, 5, 0, 0, time.UTC)
	msk, vl := zone(t, "Europe/Moscow"), zone(t, "Asia/Vladivostok")
	next := time.Date(2027, 1, 3, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct{ got, want string }{
		"date":          {Date("ru", at, msk), "27\u00a0ноября\u00a02026"},
		"date en":       {Date("en", at, msk), "27\u00a0November\u00a02026"},
		"moment":        {DateTime("ru", at, msk), "27\u00a0ноября\u00a02026, 14:05"},
		"other day":     {DateTime("ru", at.Add(4*time.Hour), vl), "28\u00a0ноября\u00a02026, 01:05"},
		"zone":          {DateTimeZone("ru", at, vl), "27\u00a0ноября\u00a02026, 21:05 по Владивостоку"},
		"zone en":       {DateTimeZone("en", at, msk), "27\u00a0November\u00a02026, 14:05 Moscow time"},
		"zone offset":   {ZoneName("ru", at, zone(t, "Asia/Kolkata")), "по времени UTC+5:30"},
		"until":         {Until("ru", at, at, msk), "до 27\u00a0ноября"},
		"until en":      {Until("en", at, at, msk), "by 27\u00a0November"},
		"until later":   {Until("ru", next, at, msk), "до 3\u00a0января\u00a02027"},
		"until iso":     {UntilISO("ru", "2026-11-27", at, vl), "до 27\u00a0ноября"},
		"iso":           {ISODate("ru", "2026-11-27"), "27\u00a0ноября\u00a02026"},
		"no iso":        {ISODate("ru", "soon"), "soon"},
		"weekday":       {Weekday("ru", at, msk), "пятница"},
		"list":          {List("ru", []string{"а", "б", "в"}), "а, б и в"},
		"list of one":   {List("en", []string{"a"}), "a"},
		"nil zone":      {Clock(at, nil), "11:05"},
		"number":        {Number("ru", 12345), "12\u00a0345"},
		"number short":  {Number("ru", 2345), "2345"},
		"number en":     {Number("en", 1234567), "1,234,567"},
		"negative":      {Number("ru", -12345), "\u221212\u00a0345"},
		"decimal":       {Decimal("ru", 4.5, 2), "4,5"},
		"decimal en":    {Decimal("en", -0.25, 2), "\u22120.25"},
		"decimal whole": {Decimal("ru", 4, 2), "4"},
		"percent":       {Percent("ru", 0.37), "37\u00a0%"},
		"money":         {Money("ru", 123450), "1234,50\u00a0₽"},
		"money whole":   {Money("ru", 1234500), "12\u00a0345\u00a0₽"},
		"money en":      {Money("en", -123405), "\u2212₽1,234.05"},
		"bytes":         {Bytes("ru", 30<<20), "30\u00a0МБ"},
		"bytes part":    {Bytes("ru", 1536), "1,5\u00a0КБ"},
		"bytes few":     {Bytes("en", 12), "12\u00a0B"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}

func TestNegotiate(t *testing.T) {
	for accept, want := range map[string]string{
		"": "ru", "ru-RU,ru;q=0.9,en;q=0.8": "ru", "en-GB,en;q=0.9": "en", "de-DE,de;q=0.9": "ru",
		"en;q=0.3, ru;q=0.9": "ru", ";;;garbage": "ru", "de, en;q=0.5": "en",
	} {
		if got := Negotiate(accept); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
}

func TestSentencesOfFailures(t *testing.T) {
	for name, c := range map[string]struct{ got, want string }{
		"code":         {Error("en", errs.New(errs.Stale, "")), T("en", "error.stale")},
		"own key":      {Error("en", errs.New(errs.Forbidden, "error.origin_missing")), T("en", "error.origin_missing")},
		"unknown key":  {Error("en", errs.New(errs.Conflict, "no.such_key")), T("en", "error.conflict")},
		"cause hidden": {Error("en", errors.New("password=hunter2")), T("en", "error.internal")},
		"bound":        {Field("en", errs.Field{Rule: "too_long", Args: Args{"Max": 10}}), "Too long. Shorten it to 10 characters."},
		"no bound":     {Field("en", errs.Field{Rule: "too_long"}), "Too long. Shorten the text."},
		"unknown rule": {Field("ru", errs.Field{Rule: "whatever"}), T("ru", "rule.invalid")},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}

func BenchmarkT(b *testing.B) {
	for b.Loop() {
		T("ru", "date.until", Args{"Date": "27 ноября"})
	}
}

func BenchmarkN(b *testing.B) {
	for b.Loop() {
		T("ru", "error.home")
	}
}
