package main

import (
	"errors"
	"os"
	"strings"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
)

// words is a failure as the operator reads it, in the language of the shell,
// with the cause behind it.
func words(err error) string {
	var e *errs.Error
	if !errors.As(err, &e) || e.Key == "" || len(e.Fields) > 0 {
		return err.Error()
	}
	s := i18n.T(shellLang(), e.Key, e.Args)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

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
