package ui

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

func itoa(n int) string { return strconv.Itoa(n) }

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func orInt(n, other int) int {
	if n == 0 {
		return other
	}
	return n
}

// nth is the id of the i-th input of a group: the first carries the field's own id, where ErrorSummary leads.
func nth(id string, i int) string {
	if i == 0 {
		return id
	}
	return id + "-" + strconv.Itoa(i+1)
}

// goneClass is the class that draws a bar's part in steps of 5 per cent.
// class is the attribute of these names, those that are empty left out: for
// what stands in every line of a list, where templ's own processing of classes
// took a tenth of a page.
func class(names ...string) templ.OrderedAttributes {
	all := ""
	for _, n := range names {
		if n != "" && all != "" {
			all += " "
		}
		all += n
	}
	if all == "" {
		return nil
	}
	return templ.OrderedAttributes{{Key: "class", Value: all}}
}

// when is a name of a class that depends on something.
func when(name string, so bool) string {
	if so {
		return name
	}
	return ""
}

func goneClass(percent int) string {
	percent = min(max(percent, 0), 100)
	return "gone-" + strconv.Itoa((percent+2)/5*5)
}

func upTo99(n int) string {
	if n > 99 {
		return "99+"
	}
	return strconv.Itoa(n)
}

// SignInFrom is the address of signing in that comes back to a page.
func SignInFrom(path string) string { return withBack(PathSignIn, path) }

func withBack(path, back string) string { return path + "?back=" + url.QueryEscape(back) }

func (s SolvedProps) labelled(ctx context.Context) FieldProps {
	f := s.FieldProps
	f.Label = orElse(f.Label, say(ctx, "ui.solved"))
	return f
}

func (r ReopenProps) reason(ctx context.Context) ChoicesProps {
	c := r.Reason
	c.Label = orElse(c.Label, say(ctx, "ui.reopen"))
	c.Hint = orElse(c.Hint, r.Hint)
	return c
}

func (r ReopenProps) text(ctx context.Context) TextareaProps {
	t := r.Text
	t.Label = orElse(t.Label, say(ctx, "ui.reopen_what"))
	t.Rows = orInt(t.Rows, 3)
	return t
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// grouped writes a number with a no-break space between groups of three digits: 12 480.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u00a0" + s[i:]
	}
	return s
}

// beginning is about the first n letters of a text, to the end of a word. A text that is hardly longer stays whole.
func beginning(text string, n int) (string, bool) {
	letters := []rune(text)
	if len(letters) <= n+n/2 {
		return text, false
	}
	for n > 1 && letters[n] != ' ' {
		n--
	}
	return strings.TrimRight(string(letters[:n]), " ,.;:—–-"), true
}
