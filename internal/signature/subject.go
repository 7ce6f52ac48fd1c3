package signature

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"strings"
)

// A Name is who a certificate speaks of: a person, an organisation, or a person
// who acts for it.
type Name struct {
	CommonName   string `json:"common_name,omitempty"`
	Surname      string `json:"surname,omitempty"`
	GivenName    string `json:"given_name,omitempty"` // with the patronymic
	Organisation string `json:"organisation,omitempty"`
	Unit         string `json:"unit,omitempty"`
	Title        string `json:"title,omitempty"`
	Email        string `json:"email,omitempty"`
	Country      string `json:"country,omitempty"`
	SNILS        string `json:"snils,omitempty"`  // 11 digits
	INN          string `json:"inn,omitempty"`    // 12 digits, of a person
	INNLE        string `json:"innle,omitempty"`  // 10 digits, of an organisation
	OGRN         string `json:"ogrn,omitempty"`   // 13 digits
	OGRNIP       string `json:"ogrnip,omitempty"` // 15 digits

	twice []string // numbers that stand twice with different values
}

// Label is a line that names the subject: person, organisation or what there is.
func (n Name) Label() string {
	person := strings.TrimSpace(n.Surname + " " + n.GivenName)
	for _, s := range []string{person, n.Organisation, n.CommonName, n.Email} {
		if s != "" {
			return s
		}
	}
	return "?"
}

var nameFields = []struct {
	oid asn1.ObjectIdentifier
	to  func(*Name) *string
}{
	{asn1.ObjectIdentifier{2, 5, 4, 3}, func(n *Name) *string { return &n.CommonName }},
	{asn1.ObjectIdentifier{2, 5, 4, 4}, func(n *Name) *string { return &n.Surname }},
	{asn1.ObjectIdentifier{2, 5, 4, 42}, func(n *Name) *string { return &n.GivenName }},
	{asn1.ObjectIdentifier{2, 5, 4, 10}, func(n *Name) *string { return &n.Organisation }},
	{asn1.ObjectIdentifier{2, 5, 4, 11}, func(n *Name) *string { return &n.Unit }},
	{asn1.ObjectIdentifier{2, 5, 4, 12}, func(n *Name) *string { return &n.Title }},
	{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}, func(n *Name) *string { return &n.Email }},
	{asn1.ObjectIdentifier{2, 5, 4, 6}, func(n *Name) *string { return &n.Country }},
	{asn1.ObjectIdentifier{1, 2, 643, 100, 3}, func(n *Name) *string { return &n.SNILS }},
	{asn1.ObjectIdentifier{1, 2, 643, 3, 131, 1, 1}, func(n *Name) *string { return &n.INN }},
	{asn1.ObjectIdentifier{1, 2, 643, 100, 4}, func(n *Name) *string { return &n.INNLE }},
	{asn1.ObjectIdentifier{1, 2, 643, 100, 1}, func(n *Name) *string { return &n.OGRN }},
	{asn1.ObjectIdentifier{1, 2, 643, 100, 5}, func(n *Name) *string { return &n.OGRNIP }},
}

// nameOf reads a name. Of several values the first counts; a number that
// stands twice with different values is told by [Name.malformed]. Certificates
// from before 2020 write an organisation's INN of 10 digits in the field of a
// person's, as it is or as 12 digits with "00" in front.
func nameOf(in pkix.Name) (n Name) {
	for _, a := range in.Names {
		s, ok := a.Value.(string)
		if !ok {
			continue
		}
		s = strings.TrimSpace(s)
		for i, f := range nameFields {
			if !f.oid.Equal(a.Type) {
				continue
			}
			to := f.to(&n)
			switch {
			case *to == "":
				*to = s
			case i >= firstNumber && *to != s:
				n.twice = append(n.twice, s)
			}
		}
	}
	old := n.INN
	if len(old) == 12 {
		old = strings.TrimPrefix(old, "00")
	}
	if len(old) == 10 && (n.INNLE == "" || n.INNLE == old) {
		n.INN, n.INNLE = "", old
	}
	return n
}

const firstNumber = 8 // in nameFields

// A badNumber is a number that breaks its rule.
type badNumber struct {
	code   Code
	number string
}

// malformed lists the numbers that break their rule.
func (n Name) malformed() (out []badNumber) {
	for _, c := range []struct {
		code   Code
		number string
		ok     func(string) bool
	}{
		{SNILSMalformed, n.SNILS, validSNILS}, {INNMalformed, n.INN, validINN12}, {INNMalformed, n.INNLE, validINN10},
		{OGRNMalformed, n.OGRN, validOGRN}, {OGRNMalformed, n.OGRNIP, validOGRNIP},
	} {
		if c.number != "" && !c.ok(c.number) {
			out = append(out, badNumber{c.code, c.number})
		}
	}
	for _, s := range n.twice {
		out = append(out, badNumber{NumberTwice, s})
	}
	return out
}

// digitsOf gives the digits of a number of this length that isn't all zeros.
func digitsOf(s string, length int) []int {
	if len(s) != length || strings.Trim(s, "0") == "" {
		return nil
	}
	out := make([]int, length)
	for i, r := range []byte(s) {
		if r < '0' || r > '9' {
			return nil
		}
		out[i] = int(r - '0')
	}
	return out
}

// validSNILS checks the two last digits (ПФР's rule); numbers up to 001-001-998
// have none.
func validSNILS(s string) bool {
	d := digitsOf(s, 11)
	if d == nil {
		return false
	}
	if s[:9] <= "001001998" {
		return true
	}
	total := 0
	for i := range 9 {
		total += d[i] * (9 - i)
	}
	return total%101%100 == d[9]*10+d[10]
}

var (
	weights10 = []int{2, 4, 10, 3, 5, 9, 4, 6, 8}
	weights11 = []int{7, 2, 4, 10, 3, 5, 9, 4, 6, 8}
	weights12 = []int{3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}
)

// innDigit is the check digit of the digits that the weights cover (приказ ФНС
// ЕД-7-14/559@).
func innDigit(d, weights []int) int {
	total := 0
	for i, w := range weights {
		total += d[i] * w
	}
	return total % 11 % 10
}

func validINN10(s string) bool {
	d := digitsOf(s, 10)
	return d != nil && innDigit(d, weights10) == d[9]
}

func validINN12(s string) bool {
	d := digitsOf(s, 12)
	return d != nil && innDigit(d, weights11) == d[10] && innDigit(d, weights12) == d[11]
}

// rest is the number that the digits write, modulo m.
func rest(d []int, m int) (r int) {
	for _, x := range d {
		r = (r*10 + x) % m
	}
	return r
}

func validOGRN(s string) bool {
	d := digitsOf(s, 13)
	return d != nil && slices.Contains([]int{1, 5}, d[0]) && rest(d[:12], 11)%10 == d[12]
}

func validOGRNIP(s string) bool {
	d := digitsOf(s, 15)
	return d != nil && d[0] == 3 && rest(d[:14], 13)%10 == d[14]
}
