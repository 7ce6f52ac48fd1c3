package identity

import (
	"strings"

	"okno/internal/identity/number"
	"okno/internal/platform/errs"
)

// Way is how a person is reached and registers.
type Way string

// Ways.
const (
	ByEmail Way = "email"
	BySMS   Way = "sms"
)

// Ways are those that the installation offers.
type Ways struct{ Email, SMS bool }

// Any tells whether people register by a contact at all.
func (w Ways) Any() bool { return w.Email || w.SMS }

// readContact reads the one field "telephone or e-mail": the way, and the
// contact in the form in which it is compared.
func readContact(typed string) (Way, string, *errs.Field) {
	typed = strings.TrimSpace(typed)
	switch {
	case typed == "":
		return "", "", &errs.Field{Name: "contact", Rule: "required"}
	case strings.Contains(typed, "@"):
		address := foldLogin(typed)
		if len(address) > maxLogin || !isEmail(address) {
			return "", "", &errs.Field{Name: "contact", Rule: "email", Key: "identity.rule_email"}
		}
		return ByEmail, address, nil
	case strings.ContainsAny(typed, "0123456789"):
		p, f := number.ParseMobile("contact", typed)
		if f != nil {
			return "", "", f
		}
		return BySMS, string(p), nil
	}
	return "", "", &errs.Field{Name: "contact", Rule: "contact", Key: "identity.rule_contact"}
}

// signInName is what a person signs in with in the form in which it is compared:
// an e-mail address or plain login folded, a telephone by E.164. A plain login
// begins with a letter, so that nothing is both.
func signInName(typed string) string {
	folded := foldLogin(typed)
	if strings.ContainsAny(folded, "0123456789") && strings.Trim(folded, "+-() 0123456789./\u00a0") == "" {
		if p, f := number.ParsePhone("login", folded); f == nil {
			return string(p)
		}
	}
	return folded
}

// masked is a contact as it is shown to whoever may have typed it.
func masked(way Way, contact string) string {
	if way == BySMS {
		return strings.ReplaceAll(number.Phone(contact).Masked(), " ", "\u00a0") // on one line
	}
	local, domain, _ := strings.Cut(contact, "@")
	first := []rune(local)[:1]
	return string(first) + "•••@" + domain
}
