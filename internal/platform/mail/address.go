package mail

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Address is a mailbox. Domain is ASCII: xn--… for «пример.рф».
type Address struct{ Local, Domain string }

var errAddress = errors.New("not an e-mail address")

// Limits of RFC 5321, section 4.5.3.1, in bytes.
const (
	maxLocal  = 64
	maxDomain = 253
)

// domains is the profile for looking names up, which also bounds their length.
var domains = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.VerifyDNSLength(true))

// ParseAddress reads a bare address without name, quotes or comments. Domains
// in national letters are taken; so are names in them, which go only to servers
// that take such (see [ErrNoUTF8]). Errors don't hold the text.
func ParseAddress(s string) (Address, error) {
	if !utf8.ValidString(s) || len(s) > maxLocal+1+4*maxDomain {
		return Address{}, errAddress
	}
	local, domain, found := cutLast(s)
	local = norm.NFC.String(local)
	if !found || local == "" || len(local) > maxLocal || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return Address{}, errAddress
	}
	for _, r := range local {
		if !atom(r) {
			return Address{}, errAddress
		}
	}
	ascii, err := domains.ToASCII(domain)
	if err != nil || ascii == "" || len(ascii) > maxDomain || strings.HasSuffix(ascii, ".") {
		return Address{}, errAddress
	}
	return Address{local, strings.ToLower(ascii)}, nil
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '@')
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+1:], true
}

// atom tells whether r may stand unquoted before the @ (RFC 5322 atext, the dot,
// and by RFC 6532 letters, marks and digits of any script).
func atom(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~.", r)
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// ascii tells whether any server takes the address.
func (a Address) ascii() bool {
	return strings.IndexFunc(a.Local, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// addr is the address as the protocol writes it, without brackets.
func (a Address) addr() string { return a.Local + "@" + a.Domain }

// line refuses what would not stay on one line of a header.
func line(what, s string, max int) error {
	if !utf8.ValidString(s) || strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) >= 0 {
		return fmt.Errorf("%s holds a control character or is not UTF-8", what)
	}
	if utf8.RuneCountInString(s) > max {
		return fmt.Errorf("%s is longer than %d characters", what, max)
	}
	return nil
}
