package main

import (
	"strings"
	"testing"
)

const run = `{"Action":"output","Package":"p","Output":"=== RUN   TestGood\n"}
{"Action":"output","Package":"p","Test":"TestGood","Output":"a word of a test that passes\n"}
{"Action":"pass","Package":"p","Test":"TestGood"}
{"Action":"output","Package":"p","Test":"TestAway","Output":"no browser\n"}
{"Action":"skip","Package":"p","Test":"TestAway"}
{"Action":"output","Package":"p","Output":"PASS\n"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}
`

const failing = `{"Action":"output","Package":"q","Test":"TestBad","Output":"--- FAIL: TestBad\n"}
{"Action":"fail","Package":"q","Test":"TestBad"}
{"Action":"fail","Package":"q"}
`

func TestCapabilitiesRestOnTestsThatRan(t *testing.T) {
	for _, c := range []struct {
		name, in, row string
		ok            bool
		says          string
	}{
		{"passed", run, "| FB-57 | works | TestGood |", true, "ok  \tp\t0.1s\n"},
		{"skipped", run, "| FB-57 | works | TestGood, TestAway |", true, "were skipped here: TestAway"},
		{"missing", run, "| FB-57 | works | TestNowhere |", false, "did not run: TestNowhere"},
		{"failed", run + failing, "| FB-57 | works | TestBad |", false, "failed: TestBad"},
		{"no test", run, "| FB-57 | works | the page /reports |", false, "are not named: FB-57"},
		{"partly", run, "| FB-57 | partly | TestNowhere |", true, "capabilities: 0 that work"},
		{"another fails", run + failing, "| FB-57 | works | TestGood |", false, "--- FAIL: TestBad"},
		{"does not build", run + `{"Action":"build-output","Output":"syntax error\n"}` + "\n" + `{"Action":"build-fail"}` + "\n", "| FB-57 | works | TestGood |", false, "syntax error"},
	} {
		var out strings.Builder
		ok, err := check(strings.NewReader(c.in), &out, "| ID | state | tests |\n"+c.row+"\n")
		if err != nil || ok != c.ok || !strings.Contains(out.String(), c.says) || strings.Contains(out.String(), "a word of") {
			t.Errorf("%s: %v, %v:\n%s", c.name, ok, err, out.String())
		}
	}
}
