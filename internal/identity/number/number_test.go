package number

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"okno/internal/calendar"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
)

var today = calendar.NewDay(2026, 3, 15)

// parsers are all parsers of one text, by what they read.
var parsers = map[string]func(typed string) (string, *errs.Field){
	"snils":   func(s string) (string, *errs.Field) { v, f := ParseSNILS("in", s); return string(v), f },
	"inn":     func(s string) (string, *errs.Field) { v, f := ParseINN("in", s); return string(v), f },
	"inn org": func(s string) (string, *errs.Field) { v, f := ParseOrganisationINN("in", s); return string(v), f },
	"inn man": func(s string) (string, *errs.Field) { v, f := ParsePersonINN("in", s); return string(v), f },
	"ogrn":    func(s string) (string, *errs.Field) { v, f := ParseOGRN("in", s); return string(v), f },
	"ogrnip":  func(s string) (string, *errs.Field) { v, f := ParseOGRNIP("in", s); return string(v), f },
	"kpp":     func(s string) (string, *errs.Field) { v, f := ParseKPP("in", s); return string(v), f },
	"series":  func(s string) (string, *errs.Field) { return ParsePassportSeries("in", s, today) },
	"number":  func(s string) (string, *errs.Field) { return ParsePassportNumber("in", s) },
	"both": func(s string) (string, *errs.Field) {
		v, f := ParsePassport("in", s, today)
		return v.Key(), f
	},
	"issuer":         func(s string) (string, *errs.Field) { v, f := ParseIssuerCode("in", s); return string(v), f },
	"foreign series": func(s string) (string, *errs.Field) { return ParseForeignSeries("in", s) },
	"foreign":        func(s string) (string, *errs.Field) { return ParseForeignNumber("in", s) },
	"citizenship":    func(s string) (string, *errs.Field) { v, f := ParseCitizenship("in", s); return string(v), f },
	"phone":          func(s string) (string, *errs.Field) { v, f := ParsePhone("in", s); return string(v), f },
	"mobile":         func(s string) (string, *errs.Field) { v, f := ParseMobile("in", s); return string(v), f },
}

func TestTyped(t *testing.T) {
	for _, c := range []struct{ parser, typed, want, rule string }{
		{"snils", "112-233-445 95", "11223344595", ""},
		{"snils", "087-654-303 00", "08765430300", ""}, // the sum is 202, twice 101
		{"snils", " 112\u00a0233\u2011445\u202f95\n", "11223344595", ""},
		{"snils", "\ufeff112–233—445−95\u200b", "11223344595", ""},
		{"snils", "001-001-998 00", "00100199800", ""}, // the last without a control number
		{"snils", "001-001-999 00", "", "control"},
		{"snils", "087-675-303 00", "", "control"},  // the sum is 216: 14
		{"snils", "11100698900", "11100698900", ""}, // the remainder 100 is written 00
		{"snils", "112-233-445 9", "", "length"},
		{"snils", "112-233-445 955", "", "length"},
		{"snils", "000-000-000 00", "", "zeros"},
		{"snils", "000-000-000 01", "", "zeros"},
		{"snils", "112-233-445 9З", "", "letter"},
		{"snils", "11223344595;DROP", "", "letter"},
		{"snils", "１１２２３３４４５９５", "", "letter"},
		{"snils", " - ", "", "required"},
		{"snils", strings.Repeat("1", 10_000), "", "length"},

		{"inn", "7707083893", "7707083893", ""},
		{"inn", "7707 083 893", "7707083893", ""},
		{"inn", "500100732259", "500100732259", ""},
		{"inn", "7707000030", "7707000030", ""},     // a remainder of 10 is written 0
		{"inn", "500100000400", "500100000400", ""}, // the same in the last digit
		{"inn", "500100000801", "500100000801", ""}, // and in the one before
		{"inn", "7707083894", "", "control"},
		{"inn", "500100732258", "", "control"},
		{"inn", "500100732249", "", "control"},
		{"inn", "0000000000", "", "zeros"},
		{"inn", "000000000000", "", "zeros"},
		{"inn", "77070838931", "", "length"},
		{"inn org", "500100732259", "", "length"},
		{"inn man", "7707083893", "", "length"},
		{"inn", "77О7083893", "", "letter"},

		{"ogrn", "1027700132195", "1027700132195", ""},
		{"ogrn", "1 02 77 00 13219 5", "1027700132195", ""},
		{"ogrn", "1027700132130", "1027700132130", ""}, // a remainder of 10
		{"ogrn", "1027700132196", "", "control"},
		{"ogrn", "2027700132195", "", "first_digit"},
		{"ogrn", "0000000000000", "", "zeros"},
		{"ogrn", "304500116000157", "", "length"},
		{"ogrnip", "304500116000157", "304500116000157", ""},
		{"ogrnip", "304500116000180", "304500116000180", ""}, // remainders of 10 to 12
		{"ogrnip", "304500116000191", "304500116000191", ""},
		{"ogrnip", "304500116000202", "304500116000202", ""},
		{"ogrnip", "304500116000158", "", "control"},
		{"ogrnip", "104500116000157", "", "first_digit"},
		{"kpp", "773601001", "773601001", ""},
		{"kpp", "7736 az 001", "7736AZ001", ""},
		{"kpp", "7736АZ001", "", "letter"}, // Russian А
		{"kpp", "77A601001", "", "letter"},
		{"kpp", "77360100", "", "length"},
		{"kpp", "", "", "required"},

		{"series", "45 10", "4510", ""},
		{"series", "4597", "4597", ""},
		{"series", "4527", "4527", ""}, // printed ahead
		{"series", "4528", "", "year"},
		{"series", "4596", "", "year"},
		{"series", "0010", "", "region"},
		{"number", "№ 123456", "123456", ""},
		{"number", "000000", "", "zeros"},
		{"number", "12345", "", "length"},
		{"both", "45 10 № 123456", "4510123456", ""},
		{"both", "4510 12345", "", "length"},
		{"both", "4528 123456", "", "year"},
		{"both", "4510 000000", "", "zeros"},
		{"issuer", "770-001", "770001", ""},
		{"issuer", "77001", "", "length"},
		{"issuer", "000-000", "", "zeros"},

		{"foreign series", "", "", ""},
		{"foreign series", " – ", "", ""},
		{"foreign series", "мр", "МР", ""},
		{"foreign", "n 1234567", "N1234567", ""},
		{"foreign", "№ AB-12/3", "AB-12/3", ""},
		{"foreign", "МР1234567", "МР1234567", ""},
		{"foreign", "МP1234567", "", "mixed"},
		{"foreign", "ABCDEF", "", "digits"},
		{"foreign", "123456789012345678901", "", "length"},
		{"foreign", "12<b>", "", "letter"},
		{"foreign", "--", "", "required"},
		{"citizenship", "kaz", "KAZ", ""},
		{"citizenship", "RUS", "", "russian"},
		{"citizenship", "КАЗ", "", "letter"},
		{"citizenship", "KZ", "", "unknown"},
		{"citizenship", "XYZ", "", "unknown"},
		{"citizenship", "398", "", "unknown"}, // the numeric code
		{"citizenship", "EUE", "", "unknown"},

		{"phone", "8 (916) 123-45-67", "+79161234567", ""},
		{"phone", "+7(916)1234567", "+79161234567", ""},
		{"phone", "+7 916 123 45 67", "+79161234567", ""},
		{"phone", "79161234567", "+79161234567", ""},
		{"phone", "9161234567", "+79161234567", ""},
		{"phone", "(916) 123.45.67", "+79161234567", ""},
		{"phone", "8 495 123-45-67", "+74951234567", ""},
		{"phone", "8 800 555-35-35", "+78005553535", ""},
		{"phone", "8 701 123 45 67", "+77011234567", ""},
		{"phone", "+375 29 123-45-67", "+375291234567", ""},
		{"phone", "8 10 375 29 123-45-67", "+375291234567", ""},
		{"phone", "+8 916 123 45 67", "", "plus_eight"},
		{"phone", "8 916 123-45-6", "", "length"},
		{"phone", "+7 916 123-45-6", "", "length"},
		{"phone", "8 916 123-45-678", "", "phone"},
		{"phone", "123-45-67", "", "length"},
		{"phone", "8 000 123-45-67", "", "unknown"},
		{"phone", "8 916 123-45-67 доб. 12", "", "extension"},
		{"phone", "8-800-FLOWERS", "", "letter"},
		{"phone", "8 916 123-45-6б", "", "letter"},
		{"phone", "++79161234567", "", "letter"},
		{"phone", "+", "", "required"},
		{"mobile", "89161234567", "+79161234567", ""},
		{"mobile", "+7 701 123 45 67", "+77011234567", ""},
		{"mobile", "8 495 123-45-67", "", "not_mobile"},
		{"mobile", "8 800 555-35-35", "", "not_mobile"},
	} {
		got, f := parsers[c.parser](c.typed)
		rule := ""
		if f != nil {
			rule = f.Rule
		}
		if got != c.want || rule != c.rule {
			t.Errorf("%s %.40q: %q, rule %q; want %q, rule %q", c.parser, c.typed, got, rule, c.want, c.rule)
		}
		if f != nil {
			checkField(t, f)
		}
	}
}

// checkField demands that a refusal names the input and has a filled sentence
// in both languages.
func checkField(t interface{ Errorf(string, ...any) }, f *errs.Field) {
	if f.Name != "in" || f.Rule == "" {
		t.Errorf("a refusal without a name or rule: %+v", f)
	}
	for _, lang := range i18n.Languages() {
		if s := i18n.Field(lang, *f); s == "" || strings.Contains(s, "{{") || f.Key != "" && strings.Contains(s, f.Key) || strings.Contains(s, "<nil>") {
			t.Errorf("%s: %+v is told as %q", lang, f, s)
		}
		if f.Rule != "required" && f.Key == "" {
			t.Errorf("%+v has no sentence of its own", f)
		}
	}
}

func TestLetterIsNamed(t *testing.T) {
	_, f := ParseSNILS("snils", "112-233-445 9О")
	if got := i18n.Field("ru", *f); got != "Здесь буква «О», а не цифра 0. Наберите номер цифрами." {
		t.Error(got)
	}
	_, f = ParseKPP("kpp", "7736АВ001")
	if got := i18n.Field("ru", *f); !strings.Contains(got, "«А» русская") {
		t.Error(got)
	}
}

func TestForms(t *testing.T) {
	for _, c := range []struct {
		n interface {
			Shown() string
			Masked() string
		}
		shown, masked string
	}{
		{SNILS("11223344595"), "112-233-445 95", "•••-•••-445 95"},
		{INN("500100732259"), "500100732259", "••••••••2259"},
		{INN("7707083893"), "7707083893", "7707083893"},
		{Passport{"4510", "123456"}, "45 10 123456", "•• •• •••456"},
		{Foreign{"МР", "1234567"}, "МР 1234567", "•• ••••567"},
		{Foreign{"", "12345"}, "12345", "••••5"},
		{Phone("+79161234567"), "+7 916 123-45-67", "+7 ••• •••-45-67"},
		{Phone("+375291234567"), "+375 29 123-45-67", "+375 •• •••-45-67"},
		{SNILS(""), "", ""}, {Passport{}, "", ""}, {Foreign{}, "", ""}, {Phone(""), "", ""},
	} {
		if got := c.n.Shown(); got != c.shown {
			t.Errorf("%T shows %q, want %q", c.n, got, c.shown)
		}
		if got := c.n.Masked(); got != c.masked {
			t.Errorf("%T masks %q, want %q", c.n, got, c.masked)
		}
		if got := fmt.Sprintf("%v %s", c.n, c.n); got != c.masked+" "+c.masked {
			t.Errorf("%T prints %q", c.n, got)
		}
	}
	if got := IssuerCode("770001").Shown(); got != "770-001" {
		t.Error(got)
	}
}

func TestPhonesAreToldApart(t *testing.T) {
	for typed, want := range map[string]string{
		"89161234567": "RU mobile", "84951234567": "RU fixed", "88005553535": "RU other",
		"+77011234567": "KZ mobile", "+77172123456": "KZ fixed", "+12025550123": "US either", "+375291234567": "BY mobile",
	} {
		p, f := ParsePhone("in", typed)
		if f != nil {
			t.Errorf("%s: %+v", typed, f)
			continue
		}
		if got := p.Country() + " " + string(p.Kind()); got != want {
			t.Errorf("%s is %s, want %s", typed, got, want)
		}
	}
}

func TestForeignKeyIsOne(t *testing.T) {
	if a, b := (Foreign{"МР", "1234567"}).Key(), (Foreign{"", "MP-1234567"}).Key(); a != b {
		t.Errorf("%q and %q are two documents", a, b)
	}
}

func TestPassportDates(t *testing.T) {
	day := func(s string) calendar.Day {
		d, err := calendar.ParseDay(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct{ issued, born, today, rule string }{
		{"2020-05-01", "2006-05-01", "2026-03-15", ""}, // on the 14th birthday
		{"2020-04-30", "2006-05-01", "2026-03-15", "too_young"},
		{"2026-03-15", "1990-01-01", "2026-03-15", ""},
		{"2026-03-16", "1990-01-01", "2026-03-15", "future"},
		{"1997-09-30", "1960-01-01", "2026-03-15", "before_passports"},
		{"2020-05-01", "2006-05-01", "2026-07-30", ""}, // 90 days after the 20th birthday
		{"2020-05-01", "2006-05-01", "2026-07-31", "replaced"},
		{"2026-05-01", "2006-05-01", "2026-12-31", ""}, // the new one
		{"2001-01-10", "1980-01-10", "2025-04-10", ""},
		{"2001-01-10", "1980-01-10", "2025-04-11", "replaced"},
		{"2025-01-10", "1980-01-10", "2060-01-01", ""},
		{"2022-02-28", "2008-02-29", "2026-03-15", "too_young"},
		{"2022-03-01", "2008-02-29", "2026-03-15", ""},
	} {
		f := CheckPassportDate("in", day(c.issued), day(c.born), day(c.today))
		rule := ""
		if f != nil {
			rule = f.Rule
			checkField(t, f)
		}
		if rule != c.rule {
			t.Errorf("issued %s, born %s, today %s: %q, want %q", c.issued, c.born, c.today, rule, c.rule)
		}
	}
	for _, c := range []struct{ born, issued, expires, rule string }{
		{"1990-01-01", "2020-01-01", "2026-03-15", ""},
		{"1990-01-01", "2020-01-01", "2026-03-14", "expired"},
		{"1990-01-01", "2020-01-01", "", ""},
		{"1990-01-01", "2020-01-01", "2019-12-31", "order"},
		{"1990-01-01", "1989-12-31", "", "before_birth"},
		{"1990-01-01", "2026-03-16", "", "future"},
	} {
		expires := calendar.Day(0)
		if c.expires != "" {
			expires = day(c.expires)
		}
		f := CheckForeignDates("in", day(c.born), day(c.issued), expires, today)
		rule := ""
		if f != nil {
			rule = f.Rule
			checkField(t, f)
		}
		if rule != c.rule {
			t.Errorf("%+v: %q", c, rule)
		}
	}
}

// One digit typed wrong is noticed in these samples. Not in every number: a
// remainder of 10 (100 in a SNILS) counts as 0, so two of the sums look alike.
func TestWrongDigitIsNoticed(t *testing.T) {
	samples := map[string]string{"snils": "11223344595", "inn org": "7707083893", "inn man": "500100732259", "ogrnip": "304500116000157"}
	for kind, right := range samples {
		for at := range right {
			for digit := '0'; digit <= '9'; digit++ {
				wrong := right[:at] + string(digit) + right[at+1:]
				_, f := parsers[kind](wrong)
				if taken := f == nil; taken != (wrong == right) {
					t.Errorf("%s: %s for %s, taken %t", kind, wrong, right, taken)
				}
			}
		}
	}
}

// The control number is found by another road: the sum taken digit by digit
// from the right, reduced at each step.
func TestSNILSControl(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		account := rapid.IntRange(snilsUnchecked+1, 999_999_999).Draw(t, "account")
		k, rest := 0, account
		for place := 1; place <= 9; place++ {
			k = (k + place*(rest%10)) % 101
			rest /= 10
		}
		if k == 100 {
			k = 0
		}
		for control := range 100 {
			_, f := ParseSNILS("in", fmt.Sprintf("%09d%02d", account, control))
			if (f == nil) != (control == k) {
				t.Fatalf("%09d: control %d, want only %d", account, control, k)
			}
		}
	})
}

// Whatever is taken, is taken again in its canonical and its shown form, and
// spaces and dashes anywhere change nothing.
func TestFormsAreReadAgain(t *testing.T) {
	samples := map[string]string{"snils": "11223344595", "inn": "500100732259", "ogrn": "1027700132195",
		"ogrnip": "304500116000157", "kpp": "7736AZ001", "both": "4510123456", "issuer": "770001", "phone": "+79161234567"}
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{"snils", "inn", "ogrn", "ogrnip", "kpp", "both", "issuer", "phone"}).Draw(t, "kind")
		var typed strings.Builder
		for _, r := range samples[kind] {
			typed.WriteString(rapid.SampledFrom([]string{"", "", " ", "-", "\u00a0", "–", "\t", "\u200b"}).Draw(t, "gap"))
			typed.WriteRune(r)
		}
		if got, f := parsers[kind](typed.String()); f != nil || got != samples[kind] {
			t.Fatalf("%s %q: %q %+v", kind, typed.String(), got, f)
		}
	})
}

func fuzz(f *testing.F, kind string, seeds ...string) {
	for _, s := range append(seeds, "", "0", "О", "\xff", "١٢٣", strings.Repeat("9", 300)) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, field := parsers[kind](typed)
		if field != nil {
			if got != "" {
				t.Errorf("%q is refused and gives %q", typed, got)
			}
			checkField(t, field)
			return
		}
		again, field := parsers[kind](got)
		if field != nil || again != got {
			t.Errorf("%q gives %q, which gives %q %+v", typed, got, again, field)
		}
	})
}

func FuzzSNILS(f *testing.F)          { fuzz(f, "snils", "112-233-445 95") }
func FuzzINN(f *testing.F)            { fuzz(f, "inn", "7707083893", "500100732259") }
func FuzzOGRN(f *testing.F)           { fuzz(f, "ogrn", "1027700132195") }
func FuzzOGRNIP(f *testing.F)         { fuzz(f, "ogrnip", "304500116000157") }
func FuzzKPP(f *testing.F)            { fuzz(f, "kpp", "7736AZ001", "7736аz001") }
func FuzzPassport(f *testing.F)       { fuzz(f, "both", "45 10 № 123456") }
func FuzzIssuerCode(f *testing.F)     { fuzz(f, "issuer", "770-001") }
func FuzzForeignSeries(f *testing.F)  { fuzz(f, "foreign series", "МР", "ß") }
func FuzzForeignNumber(f *testing.F)  { fuzz(f, "foreign", "AB-12/3", "ﬁ1", "ǆ2") }
func FuzzCitizenship(f *testing.F)    { fuzz(f, "citizenship", "KAZ", "ßa", "blr") }
func FuzzPhone(f *testing.F)          { fuzz(f, "phone", "8 (916) 123-45-67", "+375291234567") }
func FuzzPassportSeries(f *testing.F) { fuzz(f, "series", "4510") }
