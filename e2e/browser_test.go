package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// shots is where pictures of pages are kept; git ignores it.
const shots = "shots"

// browser is one Chromium in which several people work, each in a profile of their own.
type browser struct {
	w   *world
	ctx context.Context
	axe string
}

// chromium starts the browser; without one the test says so and is skipped.
func chromium(t *testing.T, w *world) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); name != "" && err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium: pages are not tried in a browser")
	}
	axe, err := os.ReadFile("../tools/assets/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Skip("no axe-core (cd tools/assets && npm ci --ignore-scripts): pages are not tried in a browser")
	}
	if err := os.MkdirAll(shots, 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disable-lcd-text", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("enable-unsafe-swiftshader", true), chromedp.Flag("lang", "ru"), chromedp.Flag("accept-lang", "ru"))
	t.Cleanup(stop)
	ctx, close := chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(close)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal("Chromium does not start: ", err)
	}
	return &browser{w: w, ctx: ctx, axe: string(axe)}
}

// tab is a person at a page.
type tab struct {
	t    *testing.T
	b    *browser
	ctx  context.Context
	who  string
	mu   sync.Mutex
	bad  []string
	mute bool // messages about a refused answer are expected
}

// tab opens a profile; a login signs the person in by the form.
func (b *browser) tab(login string) *tab {
	t := b.w.t
	ctx, close := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(close)
	p := &tab{t: t, b: b, ctx: ctx, who: login}
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as the context of its first step
		t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(1280, 900))
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		t.Fatal(err)
	}
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, log.Enable, cdp.Empty{})
		return chromedp.Void{}, err
	})
	if login != "" {
		p.open("/sign-in")
		p.fill("#login", login)
		p.fill("#password", password)
		p.leave(func() { p.press("Enter") })
		if strings.Contains(p.path(), "sign-in") {
			t.Fatalf("%s could not sign in: %s", login, short(p.text("main")))
		}
	}
	return p
}

// hear collects what the browser complains about.
func (p *tab) hear(ev any) {
	var text string
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type != "error" && e.Type != "warning" {
			return
		}
		for _, a := range e.Args {
			text += " " + string(a.Value) + a.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Level != "error" && e.Entry.Level != "warning" {
			return
		}
		text = e.Entry.Text + " " + e.Entry.URL
		if strings.Contains(text, "the server responded with a status of 4") { // a refused form is shown and looked at
			return
		}
	default:
		return
	}
	for _, drawing := range []string{"WebGL", "GPU", "GroupMarker"} { // the machine has no graphics card
		if strings.Contains(text, drawing) {
			return
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bad = append(p.bad, text)
}

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, 20*time.Second)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.fail("%v", err)
	}
}

// script writes the arguments into an expression as it quotes them.
func script(js string, args []any) string {
	if len(args) == 0 {
		return js
	}
	args = slices.Clone(args)
	for i, a := range args {
		if b, err := json.Marshal(a); err == nil {
			args[i] = string(b)
		}
	}
	return fmt.Sprintf(js, args...)
}

func try[T any](p *tab, js string, args ...any) (T, error) {
	ctx, stop := context.WithTimeout(p.ctx, 20*time.Second)
	defer stop()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script(js, args), chromedp.EvalAwaitPromise))
}

// eval gives the value of an expression on the page.
func eval[T any](p *tab, js string, args ...any) T {
	p.t.Helper()
	v, err := try[T](p, js, args...)
	if err != nil {
		p.fail("%s: %v", script(js, args), err)
	}
	return v
}

// fail ends the test with a picture of what is on the screen.
func (p *tab) fail(format string, args ...any) {
	p.t.Helper()
	where := ""
	ctx, stop := context.WithTimeout(p.ctx, 10*time.Second)
	defer stop()
	if b, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()); err == nil {
		where = filepath.Join(shots, "failed-"+p.who+".png")
		if err := os.WriteFile(where, b, 0o644); err != nil {
			where = err.Error()
		}
	}
	at, _ := chromedp.Run(ctx, chromedp.Location()) //nolint:errcheck // only to say where it was
	p.t.Fatalf("%s at %s: %s (picture: %s; console: %q)", p.who, at, fmt.Sprintf(format, args...), where, p.bad)
}

// wait waits until the expression is true. A page that goes away meanwhile is no failure.
func (p *tab) wait(what, js string, args ...any) {
	p.t.Helper()
	var last error
	for end := time.Now().Add(12 * time.Second); time.Now().Before(end); time.Sleep(40 * time.Millisecond) {
		var ok bool
		if ok, last = try[bool](p, "!!("+js+")", args...); ok {
			return
		}
	}
	p.fail("%s did not happen (%v)", what, last)
}

// open goes to an address of the installation.
func (p *tab) open(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.b.w.url + path))
	p.settled()
}

// settled waits until scripts have started and what they asked for has come.
func (p *tab) settled() {
	p.t.Helper()
	p.wait("the page", `document.readyState === 'complete' && document.documentElement.dataset.js !== undefined &&
		(document.documentElement.dataset.htmx !== undefined || !document.querySelector('[hx-get],[hx-post]'))`)
}

// leave does something that brings another page, and waits for it.
func (p *tab) leave(how func()) {
	p.t.Helper()
	eval[bool](p, `window.stays = true`)
	how()
	p.wait("another page", `!window.stays && document.readyState === 'complete'`)
	p.settled()
}

func (p *tab) path() string {
	return strings.TrimPrefix(eval[string](p, "location.href"), p.b.w.url)
}

// click clicks the element in view; a text after "text=" finds a button or link that says it.
func (p *tab) click(sel string) {
	p.t.Helper()
	p.wait("to see "+sel, find+`%s)`, sel)
	type spot struct{ X, Y float64 }
	at := eval[spot](p, `(() => { const e = `+find+`%s); e.scrollIntoView({block: 'center', behavior: 'instant'}); const r = e.getClientRects()[0]; return {X: r.left + Math.min(r.width, 600) / 2, Y: r.top + r.height / 2}; })()`, sel)
	p.do(chromedp.MouseClickXY(at.X, at.Y))
}

// find is an expression for the visible element of a selector.
const find = `((sel) => { const seen = (e) => e.getClientRects().length > 0;
	if (sel.startsWith('text=')) return [...document.querySelectorAll('dialog:modal button, dialog:modal a'), ...document.querySelectorAll('button, a, summary, label')].find((e) => seen(e) && e.innerText.replace(/\s+/g, ' ').trim().startsWith(sel.slice(5)));
	return [...document.querySelectorAll(sel)].find(seen); })(`

// go clicks what leads to another page.
func (p *tab) go_(sel string) {
	p.t.Helper()
	p.leave(func() { p.click(sel) })
}

// fill types into a field as a person does who selects all of it first.
func (p *tab) fill(sel, text string) {
	p.t.Helper()
	p.wait("to see "+sel, find+`%s)`, sel)
	eval[bool](p, `(() => { const e = `+find+`%s); e.focus(); e.select?.(); return true; })()`, sel)
	ctx, stop := context.WithTimeout(p.ctx, 10*time.Second)
	defer stop()
	if _, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		p.fail("%v", err)
	}
}

// press presses keys, by name or as the letter on the key.
func (p *tab) press(keys ...string) {
	p.t.Helper()
	named := map[string]string{"Enter": kb.Enter, "Tab": kb.Tab, "Escape": kb.Escape, "Down": kb.ArrowDown, "Up": kb.ArrowUp, "Space": " "}
	for _, k := range keys {
		if n, ok := named[k]; ok {
			k = n
		}
		p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			for _, r := range k {
				for _, e := range kb.Encode(r) {
					if e.Type == kb.KeyChar { // comes of the key itself, unless the page prevents it
						continue
					}
					if e.Type == kb.KeyDown && r == '\r' {
						e.Text = "\r"
					}
					if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, *e); err != nil {
						return chromedp.Void{}, err
					}
				}
			}
			return chromedp.Void{}, nil
		})
	}
}

// attach gives files to a field of files, which a button stands for.
func (p *tab) attach(sel string, files ...string) {
	p.t.Helper()
	p.do(chromedp.SetUploadFiles(chromedp.CSS(sel), files, chromedp.NodeReady))
}

// text is what an element says.
func (p *tab) text(sel string) string {
	p.t.Helper()
	return eval[string](p, `(document.querySelector(%s)?.innerText ?? '').replace(/\s+/g, ' ')`, sel)
}

// says demands that an element says each of the words.
func (p *tab) says(sel string, words ...string) {
	p.t.Helper()
	for _, w := range words {
		p.wait(fmt.Sprintf("%s to say %q", sel, w), `(document.querySelector(%s)?.innerText ?? '').replace(/\s+/g, ' ').includes(%s)`, sel, w)
	}
}

func (p *tab) size(width, height int64) {
	p.t.Helper()
	p.do(chromedp.EmulateViewport(width, height))
}

func (p *tab) dark(on bool) {
	p.t.Helper()
	theme := "light"
	if on {
		theme = "dark"
	}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}}); err != nil {
		p.fail("%v", err)
	}
	time.Sleep(250 * time.Millisecond) // colours change gradually
}

// look checks the page as it stands, wide and narrow, and takes pictures: no
// violation of WCAG 2.2 AA, no complaint of the browser, no sideways scrolling
// at 320 px. With dark it is checked and pictured in the dark theme too.
func (p *tab) look(name string, dark ...bool) {
	p.t.Helper()
	if os.Getenv("OKNO_LOOK") == "off" { // while the test is being written
		return
	}
	eval[bool](p, `document.fonts.ready.then(() => true)`)
	p.check(name)
	p.shot(name + "-1280")
	p.size(390, 844)
	p.check(name + " at 390")
	p.shot(name + "-390")
	p.size(320, 640)
	p.sideways(name)
	if len(dark) > 0 {
		p.dark(true)
		p.size(390, 844)
		p.shot(name + "-390-dark")
		p.size(1280, 900)
		p.check(name + " dark")
		p.shot(name + "-1280-dark")
		p.dark(false)
	}
	p.size(1280, 900)
	p.quiet(name)
}

// check runs axe-core on the page.
func (p *tab) check(name string) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, 30*time.Second)
	defer stop()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`!!window.axe || (() => {`+p.b.axe+`; return true; })()`)); err != nil {
		p.fail("axe-core: %v", err)
	}
	found := eval[[]string](p, `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']}).then((r) => r.violations.map((v) => v.id + ': ' + v.help + ': ' +
		v.nodes.slice(0, 4).map((n) => n.target.join(' ') + ' ' + n.failureSummary.replace(/\s+/g, ' ').slice(0, 200)).join(' | ')))`)
	for _, v := range found {
		p.t.Errorf("%s: %s", name, v)
	}
}

func (p *tab) sideways(name string) {
	p.t.Helper()
	wide := eval[[]string](p, `document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
		[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest('.sr')).slice(0, 4).map((e) => e.outerHTML.slice(0, 160)).concat('scrolls')`)
	if len(wide) > 0 {
		p.t.Errorf("%s scrolls sideways at 320 px: %q", name, wide)
	}
}

// quiet demands that the browser had nothing to complain about.
func (p *tab) quiet(name string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.bad {
		p.t.Errorf("%s: the browser says: %s", name, s)
	}
	p.bad = nil
}

// shot keeps a picture of the whole page, at most 2400 px of it.
func (p *tab) shot(name string) {
	p.t.Helper()
	if os.Getenv("OKNO_SHOTS") == "off" {
		return
	}
	eval[bool](p, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
	type size struct{ W, H float64 }
	s := eval[size](p, `({W: innerWidth, H: Math.min(4000, Math.max(innerHeight, document.documentElement.scrollHeight))})`)
	ctx, stop := context.WithTimeout(p.ctx, 20*time.Second)
	defer stop()
	beyond := true
	res, err := chromedp.Call(ctx, cdpage.CaptureScreenshot, cdpage.CaptureScreenshotParams{CaptureBeyondViewport: &beyond, Clip: &cdpage.Viewport{Width: s.W, Height: s.H, Scale: 1}})
	if err != nil {
		p.fail("picture: %v", err)
	}
	if err := os.WriteFile(filepath.Join(shots, name+".png"), res.Data, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) clickAt(x, y float64) {
	p.t.Helper()
	p.do(chromedp.MouseClickXY(x, y))
}

// weigh opens a page with an empty cache and gives the bytes that came over
// the line, maps and their pictures aside.
func (b *browser) weigh(login, path string) (total int, parts []string) {
	b.w.t.Helper()
	p := b.tab("")
	if login != "" {
		p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: sessionCookie, Value: b.w.session(login), URL: b.w.url, Path: "/", Secure: new(true)})
			return chromedp.Void{}, err
		})
	}
	var mu sync.Mutex
	names := map[network.RequestID]string{}
	if err := chromedp.Listen(p.ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := ev.(type) {
		case *network.EventRequestWillBeSent:
			names[e.RequestID] = e.Request.URL
		case *network.EventLoadingFinished:
			name := strings.TrimPrefix(names[e.RequestID], b.w.url)
			for _, aside := range []string{"/map/", "maplibre", "map.css", "/map.js", "/map-style.js", "data:", "blob:"} {
				if strings.Contains(name, aside) {
					return
				}
			}
			total += int(e.EncodedDataLength)
			parts = append(parts, fmt.Sprintf("%7d %s", int(e.EncodedDataLength), name))
		}
	}); err != nil {
		b.w.t.Fatal(err)
	}
	p.open(path)
	if login != "" && strings.HasPrefix(p.path(), "/sign-in") {
		b.w.t.Fatal("not signed in at " + path)
	}
	time.Sleep(400 * time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	return total, parts
}
