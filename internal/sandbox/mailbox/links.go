package mailbox

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var address = regexp.MustCompile(`https?://[^\s<>"'«»]+`)

const maxLinks = 200 // of one letter

// links are the web addresses of a letter: those of its text, then those that
// its html part leads to, each once.
func links(text, source string) []string {
	out := []string{}
	add := func(link string) {
		if len(out) < maxLinks && address.MatchString(link) && !slices.Contains(out, link) {
			out = append(out, link)
		}
	}
	for _, p := range pieces(text) {
		if p.link {
			add(p.text)
		}
	}
	walk(source, func(t html.Token) {
		if t.Type == html.StartTagToken && t.DataAtom == atom.A {
			for _, a := range t.Attr {
				if a.Key == "href" {
					add(strings.TrimSpace(a.Val))
				}
			}
		}
	})
	return out
}

// piece is a run of text, or a web address in it.
type piece struct {
	text string
	link bool
}

// pieces cuts a text at its addresses; a full stop or bracket after one isn't of it.
func pieces(text string) []piece {
	var out []piece
	at := 0
	for _, m := range address.FindAllStringIndex(text, -1) {
		link := strings.TrimRight(text[m[0]:m[1]], ".,;:!?)]}")
		if m[0] > at {
			out = append(out, piece{text: text[at:m[0]]})
		}
		out = append(out, piece{link, true})
		at = m[0] + len(link)
	}
	if at < len(text) {
		out = append(out, piece{text: text[at:]})
	}
	return out
}

// textOf is what a reader sees of an html part, roughly: its words, a line for each block.
func textOf(source string) string {
	var b strings.Builder
	hidden := 0
	walk(source, func(t html.Token) {
		switch {
		case t.DataAtom == atom.Style || t.DataAtom == atom.Script || t.DataAtom == atom.Title:
			switch t.Type {
			case html.StartTagToken:
				hidden++
			case html.EndTagToken:
				hidden = max(hidden-1, 0)
			}
		case t.Type == html.TextToken && hidden == 0:
			b.WriteString(strings.Map(blank, t.Data))
		case slices.Contains([]atom.Atom{atom.P, atom.Div, atom.Br, atom.Tr, atom.Li, atom.H1, atom.H2, atom.H3, atom.Table}, t.DataAtom):
			b.WriteByte('\n')
		}
	})
	var lines []string
	for _, line := range strings.Split(b.String(), "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// blank makes the ends of lines of a source plain spaces.
func blank(r rune) rune {
	if r == '\n' || r == '\r' {
		return ' '
	}
	return r
}

// walk goes through the tokens of an html part.
func walk(source string, fn func(html.Token)) {
	z := html.NewTokenizer(strings.NewReader(source))
	for z.Next() != html.ErrorToken {
		fn(z.Token())
	}
}
