package signature

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"
)

// tslDocument is a list in the ministry's form with one authority.
func tslDocument(t testing.TB, statuses string) string {
	return `<?xml version="1.0" encoding="utf-8"?>
<АккредитованныеУдостоверяющиеЦентры>
  <Версия>1234</Версия>
  <Дата>2026-11-20T12:00:00.000+03:00</Дата>
  <УдостоверяющийЦентр>
    <Название>Удостоверяющий центр</Название>
    <ЭлектроннаяПочта>ca@example.org</ЭлектроннаяПочта>
    <Адрес><Страна>RU</Страна></Адрес>
    <ПрограммноАппаратныеКомплексы>
      <ПрограммноАппаратныйКомплекс>
        <Псевдоним>ПАК</Псевдоним>
        <КлючиУполномоченныхЛиц>
          <Ключ>
            <ИдентификаторКлюча>00</ИдентификаторКлюча>
            <АдресаСписковОтзыва><Адрес>http://example.org/ca.crl</Адрес></АдресаСписковОтзыва>
            <Сертификаты>
              <ДанныеСертификата><Отпечаток>00</Отпечаток><Данные>` + base64.StdEncoding.EncodeToString(kept(t, "ca.crt")) + `</Данные></ДанныеСертификата>
              <ДанныеСертификата><Данные>bm90IGEgY2VydGlmaWNhdGU=</Данные></ДанныеСертификата>
            </Сертификаты>
          </Ключ>
        </КлючиУполномоченныхЛиц>
      </ПрограммноАппаратныйКомплекс>
    </ПрограммноАппаратныеКомплексы>
    <ИНН>7707083893</ИНН>
    <ОГРН>1027700132195</ОГРН>
    ` + statuses + `
  </УдостоверяющийЦентр>
  <Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature>
</АккредитованныеУдостоверяющиеЦентры>`
}

const tslStatuses = `<СтатусАккредитации><Статус>Действует</Статус><ДействуетС>2026-06-01T00:00:00.000+03:00</ДействуетС></СтатусАккредитации>
<ИсторияСтатусовАккредитации>
  <СтатусАккредитации><Статус>Приостановлена</Статус><ДействуетС>2025-03-01T00:00:00</ДействуетС></СтатусАккредитации>
  <СтатусАккредитации><Статус>Действует</Статус><ДействуетС>2020-01-01</ДействуетС></СтатусАккредитации>
  <СтатусАккредитации><Статус>Действует</Статус><ДействуетС>2026-06-01T00:00:00+03:00</ДействуетС></СтатусАккредитации>
</ИсторияСтатусовАккредитации>`

func TestListOfAuthorities(t *testing.T) {
	list, err := ParseTSL([]byte(tslDocument(t, tslStatuses)))
	if err != nil {
		t.Fatal(err)
	}
	if list.Version != "1234" || !list.Date.Equal(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)) || list.Unread != 1 || len(list.Authorities) != 1 {
		t.Fatalf("%+v", list)
	}
	a := list.Authorities[0]
	if a.Name != "Удостоверяющий центр" || a.INN != "7707083893" || a.OGRN != "1027700132195" || len(a.Certificates) != 1 {
		t.Errorf("%+v", a)
	}
	moscow := time.FixedZone("", 3*60*60)
	for day, want := range map[time.Time]bool{
		time.Date(2019, 12, 31, 23, 59, 59, 0, moscow): false,
		time.Date(2020, 1, 1, 0, 0, 0, 0, moscow):      true,
		time.Date(2025, 2, 28, 23, 59, 59, 0, moscow):  true,
		time.Date(2025, 3, 1, 0, 0, 0, 0, moscow):      false,
		time.Date(2026, 5, 31, 23, 59, 59, 0, moscow):  false,
		time.Date(2026, 6, 1, 0, 0, 0, 0, moscow):      true,
		time.Date(2030, 1, 1, 0, 0, 0, 0, moscow):      true,
	} {
		if a.Accredited(day) != want {
			t.Errorf("%v: %t", day, !want)
		}
	}
	req := keptRequest(t, kept(t, "person.p7s"))
	req.Trust.Authorities, req.Qualified = list.Authorities, true
	if v := verify(t, req); !v.Qualified {
		t.Errorf("%v", v.Reasons)
	}
}

func TestStatusesThatBeginTogether(t *testing.T) {
	got, err := accreditation([]tslStatus{{"Прекращена", "2021-01-01"}, {"Действует", "2020-01-01"}, {"Действует", "2021-01-01"}})
	if err != nil || len(got) != 1 || got[0].To.IsZero() {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := accreditation([]tslStatus{{"Прекращена", "2021-01-01"}, {"Действует", "2021-01-01"}}); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestListsOfAuthoritiesAreRefused(t *testing.T) {
	good := tslDocument(t, tslStatuses)
	for name, doc := range map[string]string{
		"empty": "", "another document": "<html/>", "broken off": good[:len(good)/2], "text": "УЦ",
		"no date of a status": strings.Replace(good, "2020-01-01", "", 1),
	} {
		if _, err := ParseTSL([]byte(doc)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzParseTSL(f *testing.F) {
	f.Add([]byte(tslDocument(f, tslStatuses)))
	f.Fuzz(func(t *testing.T, doc []byte) {
		list, err := ParseTSL(doc)
		if err != nil {
			return
		}
		for _, a := range list.Authorities {
			if !slices.IsSortedFunc(a.Periods, func(a, b Period) int { return a.From.Compare(b.From) }) {
				t.Errorf("%v", a.Periods)
			}
		}
	})
}
