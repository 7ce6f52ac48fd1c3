package stylesheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// plainColours repeats every rule that uses light-dark() three times: with its light colours, with its dark ones where
// the system is dark and the page isn't told to be light, and with its dark ones where the page is told to be dark.
// Colours come as sRGB, for a browser without light-dark() may not know oklch either.
// Such rules stand on the root element in this design system; elsewhere the selectors below would not match.
func plainColours(rules []*node) []*node {
	light := pick(rules, 0, func(s string) string { return s })
	if len(light) == 0 {
		return nil
	}
	bySystem := pick(rules, 1, func(s string) string { return s + `:not([data-theme="light"])` })
	byChoice := pick(rules, 1, func(s string) string { return s + `[data-theme="dark"]` })
	system := &node{prelude: "@media (prefers-color-scheme:dark)"}
	for _, n := range bySystem {
		system.items = append(system.items, item{child: n})
	}
	return append(append(light, system), byChoice...)
}

func pick(rules []*node, which int, selector func(string) string) []*node {
	var out []*node
	for _, n := range rules {
		c := &node{prelude: n.prelude}
		for _, it := range n.items {
			switch {
			case it.child != nil:
				for _, inner := range pick([]*node{it.child}, which, selector) {
					c.items = append(c.items, item{child: inner})
				}
			case strings.Contains(it.line, "light-dark("):
				c.items = append(c.items, item{line: srgb(choose(it.line, which))})
			}
		}
		if len(c.items) == 0 {
			continue
		}
		if !strings.HasPrefix(c.prelude, "@") {
			var list []string
			for _, s := range splitList(c.prelude) {
				list = append(list, selector(s))
			}
			c.prelude = strings.Join(list, ",")
		}
		out = append(out, c)
	}
	return out
}

// choose replaces each light-dark(a,b) by a (0) or b (1).
func choose(s string, which int) string {
	for {
		at := strings.Index(s, "light-dark(")
		if at < 0 {
			return s
		}
		start := at + len("light-dark(")
		depth, end := 1, start
		for ; end < len(s) && depth > 0; end++ {
			switch s[end] {
			case '(':
				depth++
			case ')':
				depth--
			}
		}
		args := splitList(s[start : end-1])
		if len(args) != 2 {
			return s[:at] + s[end:]
		}
		s = s[:at] + args[which] + s[end:]
	}
}

// srgb replaces each oklch(L C H) and oklch(L C H / A) by #rrggbb or rgb().
func srgb(s string) string {
	for {
		at := strings.Index(s, "oklch(")
		if at < 0 {
			return s
		}
		end := at + strings.IndexByte(s[at:], ')')
		s = s[:at] + oklch(s[at+len("oklch("):end]) + s[end+1:]
	}
}

func oklch(args string) string {
	colour, alpha, _ := strings.Cut(args, "/")
	var v [3]float64
	for i, f := range strings.Fields(colour) {
		if n, err := strconv.ParseFloat(f, 64); err == nil && i < 3 {
			v[i] = n
		}
	}
	a, b := v[1]*math.Cos(v[2]*math.Pi/180), v[1]*math.Sin(v[2]*math.Pi/180)
	// Björn Ottosson, "A perceptual color space for image processing", 2020.
	l := cube(v[0] + 0.3963377774*a + 0.2158037573*b)
	m := cube(v[0] - 0.1055613458*a - 0.0638541728*b)
	n := cube(v[0] - 0.0894841775*a - 1.2914855480*b)
	red := gamma(4.0767416621*l - 3.3077115913*m + 0.2309699292*n)
	green := gamma(-1.2684380046*l + 2.6097574011*m - 0.3413193965*n)
	blue := gamma(-0.0041960863*l - 0.7034186147*m + 1.7076147010*n)
	if alpha = strings.TrimSpace(alpha); alpha != "" {
		return fmt.Sprintf("rgb(%d %d %d / %s)", red, green, blue, alpha)
	}
	return fmt.Sprintf("#%02x%02x%02x", red, green, blue)
}

func cube(x float64) float64 { return x * x * x }

func gamma(x float64) int {
	x = min(max(x, 0), 1)
	if x <= 0.0031308 {
		x *= 12.92
	} else {
		x = 1.055*math.Pow(x, 1/2.4) - 0.055
	}
	return int(math.Round(x * 255))
}
