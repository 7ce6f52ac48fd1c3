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
// Classes for the arrangement of a page, beside the components: stack (with stack-2, -6, -8 for its gaps, wide to
// stretch), row, two (text and an aside), section, ruled (a strong rule above), title-block, aside-sticky, small, muted,
// tnum, nowrap, sr. In the workspace an element with class page takes the place of list and panel.
//
// Attributes that scripts know, for forms and pages:
//   - data-draft=NAME on a form keeps what is typed in this browser (data-draft-user: whose it is, data-draft-keep: names of
//     hidden fields to keep too); an element inside with data-draft-says, data-saved («Черновик сохранён в {time}») and
//     data-restored tells of it.
//   - data-key=S on a button or link presses it by that key in the workspace, and lists it under «?».
//   - data-dialog=ID opens a Dialog, data-close closes it.
//   - hx-* anywhere loads htmx 4; a page without them never fetches it. 4xx answers are swapped: answer 422 with the form.
//
// Working on it: go test ./internal/ui -run TestPreview -preview localhost:8390 serves the gallery; Makefile.assets has the
// generators and the check by axe.
//
// The package knows nothing of the domain and imports no other module.
package ui
