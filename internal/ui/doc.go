// Package ui is the face of Okno: typed templ components, their styles, scripts, icons and type, and the gallery at
// /design that shows each of them in all its states.
//
// The look is a window frame: plain ground, thin rules, at most two strong frames on a page that hold the facts people
// came for, and in a frame one open pane, tinted with the accent, which is what happens now. A state is never colour
// alone: word, icon, then colour. A page is made of these components and brings no CSS of its own.
//
// Promises:
//   - Every component works without JavaScript; scripts under assets/js make it faster and nicer.
//   - Nothing needs 'unsafe-inline': no style attribute, no inline script. Values become classes (gone-35) or SVG
//     attributes. See ContentSecurityPolicy.
//   - Text of a page comes in as a parameter; the components' own words come from the catalogues under ui.*, in the
//     language that WithLang put into the context (Layout and WorkspaceLayout do so for what they contain; a handler
//     that renders a fragment calls WithLang itself, or has middleware do it once per request).
//   - A fragment swapped in by htmx needs no initialising call: scripts watch the document.
//
// The package knows nothing of the domain and imports no other module.
package ui
