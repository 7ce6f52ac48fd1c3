package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

// Message is an e-mail to one address.
type Message struct {
	ID      string // Message-ID without brackets: "letter-018f.3@okno.example"; the same for a repeat
	Thread  string // ID of the message that this one follows; "": none
	Date    time.Time
	To      string // bare address
	ToName  string
	Subject string
	Text    string // UTF-8
	HTML    string // "": plain text alone
}

// Limits of what stands in a header, in characters.
const (
	maxSubject = 250
	maxName    = 120
)

// messageID is the form of RFC 5322 that needs no quoting anywhere.
var messageID = regexp.MustCompile(`^[A-Za-z0-9._+=-]{1,128}@[A-Za-z0-9.-]{1,100}$`)

// check says what is wrong with a message, and reads its address.
func (m *Message) check() (Address, error) {
	switch {
	case !messageID.MatchString(m.ID):
		return Address{}, errors.New("the message has no ID, or one of a wrong form")
	case m.Thread != "" && !messageID.MatchString(m.Thread):
		return Address{}, errors.New("the thread is no ID of a message")
	case m.Date.IsZero():
		return Address{}, errors.New("the message has no date")
	case m.Text == "":
		return Address{}, errors.New("the message has no text")
	case !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML):
		return Address{}, errors.New("the text is not UTF-8")
	}
	if err := errors.Join(line("the subject", m.Subject, maxSubject), line("the name", m.ToName, maxName)); err != nil {
		return Address{}, err
	}
	return ParseAddress(m.To)
}

// compose makes the bytes of a message. Nothing in them depends on anything but
// the arguments.
func compose(m Message, from Address, fromName string, to Address) (*gomail.Msg, error) {
	sum := sha256.Sum256([]byte(m.ID))
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("okno-"+hex.EncodeToString(sum[:12])), gomail.WithEncoding(encoding(m.Text)))
	msg.FromMailAddress(&netmail.Address{Name: asTyped(fromName), Address: from.addr()})
	msg.ToMailAddress(&netmail.Address{Name: asTyped(m.ToName), Address: to.addr()})
	msg.Subject(asTyped(m.Subject))
	msg.SetDateWithValue(m.Date.UTC())
	msg.SetMessageIDWithValue(m.ID)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answers of machines
	if m.Thread != "" {
		msg.SetGenHeader(gomail.HeaderInReplyTo, "<"+m.Thread+">")
		msg.SetGenHeader(gomail.HeaderReferences, "<"+m.Thread+">")
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	if msg.GetAddrHeader(gomail.HeaderTo) == nil {
		return nil, fmt.Errorf("compose: %w", errAddress)
	}
	return msg, nil
}

// asTyped keeps a text in ASCII that looks like an encoded word (RFC 2047) from
// being decoded by the reader's program: "=?utf-8?b?…?=" stays what was typed.
// With a letter outside ASCII the whole text is encoded, these signs too.
func asTyped(s string) string { return strings.ReplaceAll(s, "=?", "=\u200b?") }

// encoding is the shorter one: quoted-printable for Latin text, base64 for Russian.
func encoding(text string) gomail.Encoding {
	high := 0
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			high++
		}
	}
	if high*6 > len(text) {
		return gomail.EncodingB64
	}
	return gomail.EncodingQP
}
