package stylesheet

import (
	"strings"
	"testing"
)

func TestBuild(t *testing.T) {
	for _, c := range []struct{ name, in, out string }{
		{"plain", "a { color : red; /* no */ margin: 0 1px }", "a{color:red;margin:0 1px}"},
		{"nested", ".a, .b { x: 1; .c & { y: 2 } & > i, u { z: 3 } w: 4 }",
			".a,.b{x:1}.c .a,.c .b{y:2}.a > i,.b > i,.a u,.b u{z:3}.a,.b{w:4}"},
		{"media", ".a { @media (min-width: 60rem) { x: 1; b { y: 2 } } }", "@media (min-width: 60rem){.a{x:1}.a b{y:2}}"},
		{"layer", "@layer a, b; @layer a { p { x: 1 } }", "@layer a,b;@layer a{p{x:1}}"},
		{"string", `a::before { content: "{;/*}"; }`, `a::before{content:"{;/*}"}`},
		{"keyframes", "@keyframes k { from { x: 0 } to { x: 1 } }", "@keyframes k{from{x:0}to{x:1}}"},
		{"pseudo", ".t { thead :is(th, td) { x: 1 } a:hover { y: 2 } }", ".t thead :is(th,td){x:1}.t a:hover{y:2}"},
		{"is", "& { x: 1 } .t { :is(th, td) { y: 2 } &:not(.a, .b) { z: 3 } }", "&{x:1}.t :is(th,td){y:2}.t:not(.a,.b){z:3}"},
	} {
		got, err := Build(c.in)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got != c.out {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.out)
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	for _, in := range []string{"a { x: 1", "a { x: 1 }}", `a { content: "x }`} {
		if got, err := Build(in); err == nil {
			t.Errorf("%q gave %q, want an error", in, got)
		}
	}
}

func TestPlainColours(t *testing.T) {
	got, err := Build(":root { --a: light-dark(oklch(1 0 0), oklch(0 0 0)); --b: 1px } @media (x) { .c { --a: light-dark(#fff, #000) } }")
	if err != nil {
		t.Fatal(err)
	}
	_, fallback, found := strings.Cut(got, "@supports not (color:light-dark(#000,#fff))")
	want := `{:root{--a:#ffffff}@media (x){.c{--a:#fff}}` +
		`@media (prefers-color-scheme:dark){:root:not([data-theme="light"]){--a:#000000}@media (x){.c:not([data-theme="light"]){--a:#000}}}` +
		`:root[data-theme="dark"]{--a:#000000}@media (x){.c[data-theme="dark"]{--a:#000}}}`
	if !found || fallback != want {
		t.Errorf("\n got %s\nwant %s", fallback, want)
	}
}

// The corners of sRGB and white, by the published conversion.
func TestOklch(t *testing.T) {
	for in, want := range map[string]string{"0.628 0.2577 29.23": "#ff0000", "0.8664 0.294827 142.4953": "#00ff00", "1 0 0 / 0.5": "rgb(255 255 255 / 0.5)"} {
		if got := oklch(in); got != want {
			t.Errorf("oklch(%s) = %s, want %s", in, got, want)
		}
	}
}
