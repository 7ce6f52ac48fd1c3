package main

import (
	"errors"
	"os"
	"slices"
	"strings"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
)

// words is a failure as the operator reads it, in the language of the shell,
// with the cause behind it.
func words(err error) string {
	var e *errs.Error
	switch {
	case !errors.As(err, &e) || e.Key == "" && len(e.Fields) == 0 && e.Code != errs.NotFound:
		return err.Error()
	case e.Key == "" && len(e.Fields) == 0:
		return noneSuch[shellLang()]
	}
	var said []string
	if e.Key != "" {
		said = append(said, i18n.T(shellLang(), e.Key, e.Args))
	}
	for _, f := range e.Fields {
		if e.Key != "" && (f.Key == "" || f.Key == e.Key) { // the sentence of the whole says it
			continue
		}
		if s := i18n.FieldNamed(shellLang(), f.Name, f); !slices.Contains(said, s) {
			said = append(said, s)
		}
	}
	s := strings.Join(said, "; ")
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// noneSuch is said where what a command names isn't there.
var noneSuch = map[string]string{"en": "what the command names isn't there: check the name", "ru": "того, что названо в команде, нет: проверьте имя"}

// shellLang is Russian where the shell is, English elsewhere.
func shellLang() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "ru") {
				return "ru"
			}
			break
		}
	}
	return "en"
}
