// Package stylesheet turns the design system's modern CSS into what is sent: files joined, nesting unfolded, comments
// and needless space gone, and plain colours for browsers without light-dark(). It knows as much of CSS as these
// files use: it is not a general compiler, and Build fails on what it can't read.
package stylesheet

import (
	"fmt"
	"strings"
)

// node is a rule or an at-rule with a block; leaf at-rules and declarations are lines.
type node struct {
	prelude string // selector list or "@media …"
	items   []item
}

// item is either a line ("color:red", "@layer a,b") or a child.
type item struct {
	line  string
	child *node
}

// Build joins the sources into one sheet.
func Build(sources ...string) (string, error) {
	root := &node{}
	for _, src := range sources {
		p := parser{src: strip(src)}
		if err := p.block(root, true); err != nil {
			return "", err
		}
	}
	flat := unfold(root)
	var out strings.Builder
	write(&out, flat)
	fallback := plainColours(flat)
	if len(fallback) > 0 {
		out.WriteString("@supports not (color:light-dark(#000,#fff)){")
		write(&out, fallback)
		out.WriteString("}")
	}
	return out.String(), nil
}

// strip removes comments outside of strings.
func strip(src string) string {
	var out strings.Builder
	for i := 0; i < len(src); i++ {
		switch {
		case strings.HasPrefix(src[i:], "/*"):
			end := strings.Index(src[i+2:], "*/")
			if end < 0 {
				return out.String()
			}
			i += end + 3
		case src[i] == '"' || src[i] == '\'':
			end := strings.IndexByte(src[i+1:], src[i])
			if end < 0 {
				out.WriteString(src[i:])
				return out.String()
			}
			out.WriteString(src[i : i+end+2])
			i += end + 1
		default:
			out.WriteByte(src[i])
		}
	}
	return out.String()
}

type parser struct {
	src string
	pos int
}

// block reads items until the closing brace, or the end of the source at the top.
func (p *parser) block(into *node, top bool) error {
	for {
		text, stop, err := p.until()
		if err != nil {
			return err
		}
		text = squeeze(text, stop == '{')
		switch stop {
		case '{':
			child := &node{prelude: text}
			if err := p.block(child, false); err != nil {
				return err
			}
			into.items = append(into.items, item{child: child})
		case ';':
			if text != "" {
				into.items = append(into.items, item{line: text})
			}
		case '}':
			if top {
				return fmt.Errorf("stylesheet: a brace too many near byte %d", p.pos)
			}
			if text != "" {
				into.items = append(into.items, item{line: text})
			}
			return nil
		default: // end of the source
			if !top || text != "" {
				return fmt.Errorf("stylesheet: ends inside %q", into.prelude+text)
			}
			return nil
		}
	}
}

// until reads to the next { ; } outside of strings and parentheses; 0 is the end.
func (p *parser) until() (text string, stop byte, err error) {
	start, depth := p.pos, 0
	for p.pos < len(p.src) {
		c := p.src[p.pos]
		switch c {
		case '"', '\'':
			end := strings.IndexByte(p.src[p.pos+1:], c)
			if end < 0 {
				return "", 0, fmt.Errorf("stylesheet: open string at byte %d", p.pos)
			}
			p.pos += end + 1
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '{', ';', '}':
			if depth <= 0 {
				text = p.src[start:p.pos]
				p.pos++
				return text, c, nil
			}
		}
		p.pos++
	}
	return p.src[start:], 0, nil
}

// squeeze reduces space to what has a meaning: in a selector the space before a colon has one.
func squeeze(s string, prelude bool) string {
	s = strings.Join(strings.Fields(s), " ")
	if name, value, found := strings.Cut(s, ":"); found && !prelude && !strings.HasPrefix(s, "@") {
		s = strings.TrimSpace(name) + ":" + strings.TrimSpace(value)
	}
	return strings.ReplaceAll(s, ", ", ",")
}

// whole blocks keep their insides as they are.
func whole(prelude string) bool {
	for _, at := range []string{"@font-face", "@keyframes", "@page", "@property"} {
		if strings.HasPrefix(prelude, at) {
			return true
		}
	}
	return false
}

// unfold gives the same rules without nesting.
func unfold(root *node) []*node {
	var out []*node
	for _, it := range root.items {
		if it.child == nil {
			out = append(out, &node{items: []item{it}})
			continue
		}
		out = append(out, rule(it.child, nil)...)
	}
	return out
}

func rule(n *node, parents []string) []*node {
	if whole(n.prelude) {
		return []*node{n}
	}
	if strings.HasPrefix(n.prelude, "@") {
		inner := body(n, parents)
		if len(inner) == 0 {
			return nil
		}
		at := &node{prelude: n.prelude}
		for _, c := range inner {
			at.items = append(at.items, item{child: c})
		}
		return []*node{at}
	}
	return body(n, resolve(parents, splitList(n.prelude)))
}

// body unfolds the items of n, whose declarations belong to selectors.
func body(n *node, selectors []string) []*node {
	var out []*node
	var run []item
	flush := func() {
		if len(run) > 0 {
			out = append(out, &node{prelude: strings.Join(selectors, ","), items: run})
			run = nil
		}
	}
	for _, it := range n.items {
		if it.child == nil {
			run = append(run, it)
			continue
		}
		flush()
		out = append(out, rule(it.child, selectors)...)
	}
	flush()
	return out
}

// resolve combines nested selectors with those around them.
func resolve(parents, nested []string) []string {
	if len(parents) == 0 {
		return nested
	}
	var out []string
	for _, c := range nested {
		for _, p := range parents {
			if strings.Contains(c, "&") {
				out = append(out, strings.ReplaceAll(c, "&", p))
			} else {
				out = append(out, p+" "+c)
			}
		}
	}
	return out
}

// splitList splits at commas outside of parentheses.
func splitList(s string) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(s[start:i]))
				start = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(s[start:]))
}

func write(out *strings.Builder, rules []*node) {
	for _, n := range rules {
		if n.prelude == "" { // "@layer a,b": a line at the top, or a block that names its layers
			for _, it := range n.items {
				out.WriteString(it.line + ";")
			}
			continue
		}
		out.WriteString(n.prelude + "{")
		for i, it := range n.items {
			if it.child != nil {
				write(out, []*node{it.child})
				continue
			}
			out.WriteString(it.line)
			if i < len(n.items)-1 {
				out.WriteString(";")
			}
		}
		out.WriteString("}")
	}
}
