package signature

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Limits of an accredited authorities' list; the real one has some 20 MB and
// 600 authorities.
const (
	maxTSL         = 128 << 20
	maxAuthorities = 10_000
)

// TSL is the list of accredited certification authorities that the ministry
// publishes (63-ФЗ art. 8; e-trust.gosuslugi.ru, DownloadTSL).
type TSL struct {
	Version     string
	Date        time.Time // UTC
	Authorities []Authority
	Unread      int // certificates that could not be read and are left out
}

type tslAuthority struct {
	Name      string      `xml:"Название"`
	INN       string      `xml:"ИНН"`
	OGRN      string      `xml:"ОГРН"`
	Status    []tslStatus `xml:"СтатусАккредитации"`
	History   []tslStatus `xml:"ИсторияСтатусовАккредитации>СтатусАккредитации"`
	Complexes []struct {
		Keys []struct {
			Certificates []struct {
				Data string `xml:"Данные"`
			} `xml:"Сертификаты>ДанныеСертификата"`
		} `xml:"КлючиУполномоченныхЛиц>Ключ"`
	} `xml:"ПрограммноАппаратныеКомплексы>ПрограммноАппаратныйКомплекс"`
}

type tslStatus struct {
	Status string `xml:"Статус"`
	From   string `xml:"ДействуетС"`
}

const tslActive = "Действует"

// ParseTSL reads the list. Its own signature (XMLDSig) is not checked: whoever
// hands the list in vouches for where it is from.
func ParseTSL(doc []byte) (*TSL, error) {
	if len(doc) > maxTSL {
		return nil, errors.New("signature: the list of authorities is too large")
	}
	d := xml.NewDecoder(bytes.NewReader(doc))
	out := &TSL{}
	depth := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			if out.Date.IsZero() && len(out.Authorities) == 0 {
				return nil, errors.New("signature: no list of authorities")
			}
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("signature: list of authorities: %w", err)
		}
		switch token := token.(type) {
		case xml.EndElement:
			depth--
		case xml.StartElement:
			if depth == 0 {
				if token.Name.Local != "АккредитованныеУдостоверяющиеЦентры" {
					return nil, errors.New("signature: no list of authorities")
				}
				depth++
				continue
			}
			if err := out.read(d, token); err != nil {
				return nil, fmt.Errorf("signature: list of authorities: %w", err)
			}
		}
	}
}

// read takes an element of the list whole.
func (l *TSL) read(d *xml.Decoder, start xml.StartElement) error {
	switch start.Name.Local {
	case "Версия":
		return d.DecodeElement(&l.Version, &start)
	case "Дата":
		var s string
		if err := d.DecodeElement(&s, &start); err != nil {
			return err
		}
		at, err := tslTime(s)
		l.Date = at
		return err
	case "УдостоверяющийЦентр":
		if len(l.Authorities) >= maxAuthorities {
			return errors.New("too many authorities")
		}
		var in tslAuthority
		if err := d.DecodeElement(&in, &start); err != nil {
			return err
		}
		a, err := l.authority(in)
		if err != nil {
			return fmt.Errorf("%s: %w", in.Name, err)
		}
		l.Authorities = append(l.Authorities, a)
		return nil
	}
	return d.Skip()
}

func (l *TSL) authority(in tslAuthority) (Authority, error) {
	a := Authority{Name: strings.TrimSpace(in.Name), INN: strings.TrimSpace(in.INN), OGRN: strings.TrimSpace(in.OGRN)}
	for _, complex := range in.Complexes {
		for _, key := range complex.Keys {
			for _, one := range key.Certificates {
				der, err := decodeBase64([]byte(one.Data))
				if err == nil {
					var c *Certificate
					if c, err = ParseCertificate(der); err == nil {
						a.Certificates = append(a.Certificates, c)
					}
				}
				if err != nil {
					l.Unread++
				}
			}
		}
	}
	var err error
	a.Periods, err = accreditation(slices.Concat(in.History, in.Status))
	return a, err
}

// accreditation turns statuses with their beginnings into periods: each lasts
// until the next begins. Of two that begin together the one that isn't active
// counts.
func accreditation(statuses []tslStatus) ([]Period, error) {
	type change struct {
		at     time.Time
		active bool
	}
	var changes []change
	for _, s := range statuses {
		at, err := tslTime(s.From)
		if err != nil {
			return nil, err
		}
		changes = append(changes, change{at, strings.TrimSpace(s.Status) == tslActive})
	}
	slices.SortStableFunc(changes, func(a, b change) int {
		if c := a.at.Compare(b.at); c != 0 || a.active == b.active {
			return c
		}
		if a.active {
			return -1
		}
		return 1
	})
	var out []Period
	for _, c := range changes {
		open := len(out) > 0 && out[len(out)-1].To.IsZero()
		switch {
		case c.active && !open:
			out = append(out, Period{From: c.at})
		case !c.active && open:
			if out[len(out)-1].To = c.at; out[len(out)-1].From.Equal(c.at) {
				out = out[:len(out)-1]
			}
		}
	}
	return out, nil
}

// tslTime reads a moment; without a zone it is Moscow's.
func tslTime(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at.UTC(), nil
	}
	at, err := time.ParseInLocation("2006-01-02T15:04:05", s, time.FixedZone("MSK", 3*60*60))
	if err != nil {
		at, err = time.ParseInLocation(time.DateOnly, s, time.FixedZone("MSK", 3*60*60))
	}
	return at.UTC(), err
}
