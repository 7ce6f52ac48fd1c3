// Command ran reads what `go test -json` says, prints what `go test` would,
// and then compares docs/capabilities.md with it: a capability that works
// names tests, and they must have passed in this very run. It fails where a
// test failed or a named one did not run; one that was skipped is told.
//
//	go test -json ./... | go run ./tools/ran docs/capabilities.md
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go test -json ./... | ran CAPABILITIES")
		os.Exit(2)
	}
	table, err := os.ReadFile(os.Args[1])
	if err == nil {
		var ok bool
		if ok, err = check(os.Stdin, os.Stdout, string(table)); err == nil && !ok {
			os.Exit(1)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "ran:", err)
		os.Exit(1)
	}
}

// event is a line of go test -json.
type event struct {
	Action, Package, Test, Output string
}

// check prints the run and tells whether all is well.
func check(in io.Reader, out io.Writer, table string) (bool, error) {
	results, ok := map[string]string{}, true
	said := map[[2]string]string{} // package and test → what it printed so far
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			var e event
			if json.Unmarshal([]byte(line), &e) != nil { // of the go command itself
				fmt.Fprint(out, line)
				continue
			}
			key := [2]string{e.Package, e.Test}
			switch {
			case e.Action == "build-output", e.Action == "output" && e.Test == "" && tells(e.Output):
				fmt.Fprint(out, e.Output)
			case e.Action == "output" && e.Test != "":
				said[key] += e.Output
			case e.Action == "build-fail":
				ok = false
			case e.Action == "pass" || e.Action == "fail" || e.Action == "skip":
				if e.Action == "fail" {
					ok = false
					fmt.Fprint(out, said[key])
				}
				delete(said, key)
				if e.Test != "" && results[e.Test] != "fail" {
					results[e.Test] = e.Action
				}
			}
		}
		if err == io.EOF {
			break
		} else if err != nil {
			return false, err
		}
	}
	rest, named := byResult(table, results)
	for _, result := range slices.Sorted(maps.Keys(rest)) {
		tests := slices.Sorted(maps.Keys(rest[result]))
		fmt.Fprintf(out, "capabilities rest on tests that %s: %s\n", result, strings.Join(tests, ", "))
		ok = ok && result == skipped
	}
	fmt.Fprintf(out, "capabilities: %d that work rest on tests of this run\n", named)
	return ok, nil
}

// tells leaves out what go test prints of tests alone.
func tells(output string) bool {
	return !strings.HasPrefix(output, "PASS") && !strings.HasPrefix(output, "=== ") && !strings.Contains(output, "[no test files]") &&
		!strings.HasPrefix(output, "testing: warning: no tests to run")
}

const skipped = "were skipped here"

var (
	worksRow = regexp.MustCompile(`(?m)^\| ([A-Z]{2}-\d+) \| works \| (.*) \|$`)
	testName = regexp.MustCompile(`\bTest\w+`)
)

// byResult groups the tests that working capabilities name by what is wrong
// with them, and counts those capabilities.
func byResult(table string, results map[string]string) (map[string]map[string]bool, int) {
	wrong := map[string]map[string]bool{}
	put := func(result, test string) {
		if wrong[result] == nil {
			wrong[result] = map[string]bool{}
		}
		wrong[result][test] = true
	}
	rows := worksRow.FindAllStringSubmatch(table, -1)
	for _, row := range rows {
		tests := testName.FindAllString(row[2], -1)
		if len(tests) == 0 {
			put("are not named", row[1])
		}
		for _, test := range tests {
			switch results[test] {
			case "pass":
			case "skip":
				put(skipped, test)
			case "fail":
				put("failed", test)
			default:
				put("did not run", test)
			}
		}
	}
	return wrong, len(rows)
}
