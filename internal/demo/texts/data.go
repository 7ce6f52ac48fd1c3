package texts

import (
	"embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed data/*.txt
var files embed.FS

// block holds the lines of one code by their mark.
type block map[byte][]string

var blocks = sync.OnceValue(func() map[string]block {
	all, err := parse()
	if err != nil {
		panic(err) // the files are part of the program and tested
	}
	return all
})

func parse() (map[string]block, error) {
	all := map[string]block{}
	names, err := files.ReadDir("data")
	if err != nil {
		return nil, fmt.Errorf("fragments: %w", err)
	}
	for _, entry := range names {
		text, err := files.ReadFile("data/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("fragments: %w", err)
		}
		var b block
		for i, line := range strings.Split(string(text), "\n") {
			line = strings.TrimSpace(line)
			switch {
			case line == "" || strings.HasPrefix(line, "#"):
			case strings.HasPrefix(line, "== "):
				code := line[3:]
				if all[code] != nil {
					return nil, fmt.Errorf("%s:%d: %s stands twice", entry.Name(), i+1, code)
				}
				b = block{}
				all[code] = b
			case b == nil || len(line) < 3 || line[1] != ' ' || !strings.ContainsRune("~+=!pfhcnqxwv", rune(line[0])):
				return nil, fmt.Errorf("%s:%d: not a fragment: %q", entry.Name(), i+1, line)
			default:
				b[line[0]] = append(b[line[0]], line[2:])
			}
		}
	}
	return all, nil
}

// lines collects the fragments of a mark for a code: the nearest block that
// has any, from the fact up to the category, or else what holds for all.
func lines(code string, mark byte) []string {
	for {
		if l := blocks()[code][mark]; len(l) > 0 {
			return l
		}
		i := strings.LastIndexByte(code, '.')
		if i < 0 {
			return neutral[mark]
		}
		code = code[:i]
	}
}

// Known tells whether the fact has fragments of its own.
func Known(fact string) bool { return len(blocks()[fact]['p']) > 0 }
