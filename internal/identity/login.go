package identity

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"okno/internal/platform/errs"
)

// Limits of what a person types, in characters.
const (
	maxLogin = 100
	minLogin = 3
	maxName  = 80
)

// foldLogin is the form in which logins are compared: trimmed, NFKC, lower case.
func foldLogin(s string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(s)))
}

// checkLogin says whether a folded login may be taken: an e-mail address, or
// 3 to 100 letters, digits, dots, dashes and underscores that begin with a letter.
func checkLogin(login string) (errs.Field, bool) {
	f := errs.Field{Name: "login"}
	n := utf8.RuneCountInString(login)
	switch {
	case login == "":
		f.Rule = "required"
	case n > maxLogin:
		f.Rule, f.Args = "too_long", map[string]any{"Max": maxLogin}
	case strings.Contains(login, "@"):
		if !isEmail(login) {
			f.Rule, f.Key = "email", "identity.rule_email"
		}
	case n < minLogin || !simpleLogin(login):
		f.Rule, f.Key = "login", "identity.rule_login"
	}
	return f, f.Rule == ""
}

func simpleLogin(s string) bool {
	for i, r := range s {
		letter := unicode.IsLetter(r)
		if i == 0 && !letter || !letter && !unicode.IsDigit(r) && !strings.ContainsRune("._-", r) {
			return false
		}
	}
	return true
}

// isEmail takes a bare address with a dotted domain, such as people type.
func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" {
		return false
	}
	_, domain, _ := strings.Cut(s, "@")
	return strings.Contains(domain, ".") && !strings.HasSuffix(domain, ".")
}

// cleanName trims a display name and joins its inner spaces.
func cleanName(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// checkName says whether a cleaned display name may be taken.
func checkName(name string) (errs.Field, bool) {
	f := errs.Field{Name: "name"}
	switch {
	case name == "":
		f.Rule = "required"
	case utf8.RuneCountInString(name) > maxName:
		f.Rule, f.Args = "too_long", map[string]any{"Max": maxName}
	case strings.IndexFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || strings.ContainsRune("<>{}\u202a\u202b\u202d\u202e\u2066\u2067\u2068", r)
	}) >= 0:
		f.Rule, f.Key = "characters", "identity.rule_name"
	}
	return f, f.Rule == ""
}
