package i18n

import (
	"errors"
	"unicode"
	"unicode/utf8"

	"okno/internal/platform/errs"
)

// Error is the sentence for a failure: its own key where it has one and the
// catalogue knows it, otherwise its code's. The text of a cause never shows.
func Error(lang string, err error) string {
	var e *errs.Error
	if !errors.As(err, &e) {
		return T(lang, "error."+string(errs.Internal))
	}
	if e.Key != "" && Has(lang, e.Key) {
		return T(lang, e.Key, e.Args)
	}
	return T(lang, "error."+string(e.Code), e.Args)
}

// Title is the short heading of a code: «Страница не найдена».
func Title(lang string, code errs.Code) string { return T(lang, "error_title."+string(code)) }

// Field is the sentence for one input that breaks a rule: the field's own key,
// otherwise the rule's with the field's values, otherwise that of "invalid".
// A rule whose sentence names a bound the field doesn't give uses its general form.
func Field(lang string, f errs.Field) string {
	if f.Key != "" && Has(lang, f.Key) {
		return T(lang, f.Key, f.Args)
	}
	key := "rule." + f.Rule
	if _, bound := f.Args["Max"]; bound && Has(lang, key+"_max") {
		return T(lang, key+"_max", f.Args)
	}
	if _, bound := f.Args["Min"]; bound && Has(lang, key+"_min") {
		return T(lang, key+"_min", f.Args)
	}
	if Has(lang, key) {
		return T(lang, key, f.Args)
	}
	return T(lang, "rule.invalid", f.Args)
}

// FieldNamed is [Field] for a line that stands away from its input, in a
// summary: a sentence that fits any field is preceded by the field's label.
func FieldNamed(lang, label string, f errs.Field) string {
	text := Field(lang, f)
	if label == "" || f.Key != "" && Has(lang, f.Key) {
		return text
	}
	first, size := utf8.DecodeRuneInString(text)
	return label + ": " + string(unicode.ToLower(first)) + text[size:]
}
