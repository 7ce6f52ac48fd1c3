package signature

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"testing"
)

func TestNumbers(t *testing.T) {
	for name, c := range map[string]struct {
		valid     func(string) bool
		good, bad []string
	}{
		"СНИЛС": {validSNILS, []string{"11223344595", "08765430300", "00100199800"},
			[]string{"11223344596", "08765430301", "00000000000", "1122334459", "112-233-445 95", ""}},
		"ИНН of 10": {validINN10, []string{"7707083893"}, []string{"7707083894", "0000000000", "770708389"}},
		"ИНН of 12": {validINN12, []string{"500100732259"}, []string{"500100732258", "500100732269", "000000000000"}},
		"ОГРН":      {validOGRN, []string{"1027700132195", "1047702026701"}, []string{"1027700132194", "2027700132195", "0000000000000"}},
		"ОГРНИП":    {validOGRNIP, []string{"304500116000157"}, []string{"304500116000158", "104500116000157"}},
	} {
		for _, s := range c.good {
			if !c.valid(s) {
				t.Errorf("%s %s is refused", name, s)
			}
		}
		for _, s := range c.bad {
			if c.valid(s) {
				t.Errorf("%s %q is accepted", name, s)
			}
		}
	}
}

func TestNamesAreRead(t *testing.T) {
	inn, innle, snils := nameFields[9].oid, nameFields[10].oid, nameFields[8].oid
	at := func(oid asn1.ObjectIdentifier, value any) pkix.AttributeTypeAndValue {
		return pkix.AttributeTypeAndValue{Type: oid, Value: value}
	}
	for _, c := range []struct {
		names []pkix.AttributeTypeAndValue
		inn   string
		innle string
		bad   []Code
	}{
		{[]pkix.AttributeTypeAndValue{at(inn, "500100732259")}, "500100732259", "", nil},
		{[]pkix.AttributeTypeAndValue{at(inn, "007707083893")}, "", "7707083893", nil},
		{[]pkix.AttributeTypeAndValue{at(inn, "7707083893")}, "", "7707083893", nil},
		{[]pkix.AttributeTypeAndValue{at(inn, "007707083893"), at(innle, "7707083893")}, "", "7707083893", nil},
		{[]pkix.AttributeTypeAndValue{at(inn, "007707083893"), at(innle, "7707083894")}, "007707083893", "7707083894", []Code{INNMalformed, INNMalformed}},
		{[]pkix.AttributeTypeAndValue{at(snils, "11223344595"), at(snils, "08765430300")}, "", "", []Code{NumberTwice}},
		{[]pkix.AttributeTypeAndValue{at(snils, " 11223344595 "), at(snils, "11223344595"), at(inn, 5)}, "", "", nil},
	} {
		n := nameOf(pkix.Name{Names: c.names})
		var bad []Code
		for _, b := range n.malformed() {
			bad = append(bad, b.code)
		}
		if n.INN != c.inn || n.INNLE != c.innle || !slices.Equal(bad, c.bad) {
			t.Errorf("%v: %+v, %v", c.names, n, bad)
		}
	}
}
