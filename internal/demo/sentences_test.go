package demo

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/internal/casework"
)

var (
	quoted   = regexp.MustCompile(`«[^»]*»`)
	leading  = regexp.MustCompile(`^[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+(вич|вна|ична|ич), `)
	digits   = regexp.MustCompile(`[0-9]+([.,:/-][0-9]+)*[а-я]?\d*`)
	boundary = regexp.MustCompile(`[.!?…]+(\s+|$)`)
	dates    = regexp.MustCompile(`# (января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)`)
	named    = regexp.MustCompile(`(@[ -]?)+`)
)

// bare is a text's sentences without names and numbers.
func bare(text string) (out []string) {
	text = digits.ReplaceAllString(quoted.ReplaceAllString(text, "@"), "#")
	text = dates.ReplaceAllString(text, "#")
	for _, s := range boundary.Split(text, -1) {
		s = leading.ReplaceAllString(strings.TrimSpace(s), "@, ")
		words := strings.Fields(s)
		for i, w := range words {
			if i > 0 && w != strings.ToLower(w) && strings.ToUpper(w) != w {
				words[i] = "@" + strings.TrimLeftFunc(strings.ToLower(w), func(r rune) bool { return r != ',' && r != ';' && r != ':' })
			}
		}
		if s = named.ReplaceAllString(strings.ToLower(strings.Join(words, " ")), "@ "); s != "" {
			out = append(out, strings.ReplaceAll(s, "ё", "е"))
		}
	}
	return out
}

// No sentence, with names and numbers removed, stands in more than 20 of 3,000
// reports. The tales are told, not written: the database gives places alone.
func TestNoSentenceIsCommon(t *testing.T) {
	a := open(t, folder(t, Reports), "")
	began := time.Now()
	_, tales := cases(t, a)
	t.Logf("%d tales took %s", len(tales), time.Since(began).Round(time.Millisecond))
	in, whole := map[string]int{}, map[string]int{}
	reports, photos, states := 0, 0, map[string]int{}
	for _, tl := range tales {
		texts := map[*matter][]string{}
		for _, o := range tl.ops {
			texts[o.m] = append(texts[o.m], o.in.Comment, o.file.Text)
			for i, p := range o.in.Parts {
				texts[o.parts[i]] = append(texts[o.parts[i]], p.Text)
			}
			if o.kind == opFile {
				whole[o.file.Text]++
			}
			states[o.name()]++
			for _, f := range o.files {
				if f.lines == nil {
					photos++
				}
			}
		}
		for _, m := range tl.all {
			reports++
			seen := map[string]bool{}
			for _, text := range texts[m] {
				for _, s := range bare(text) {
					seen[s] = true
				}
			}
			for s := range seen {
				in[s]++
			}
		}
	}
	var worst []string
	for s, n := range in {
		if n > 20 {
			t.Errorf("%d reports: %s", n, s)
		}
		worst = append(worst, s)
	}
	slices.SortFunc(worst, func(x, y string) int { return in[y] - in[x] })
	for _, s := range worst[:5] {
		t.Logf("%d reports: %s", in[s], s)
	}
	if len(whole) < reports*94/100 {
		t.Errorf("%d different texts in %d reports", len(whole), reports)
	}
	if reports != Reports {
		t.Errorf("%d reports, want %d", reports, Reports)
	}
	for _, act := range []casework.Action{casework.Accept, casework.Reject, casework.Assign, casework.Take, casework.Redirect, casework.Return, casework.Ask,
		casework.Reply, casework.Resume, casework.SplitUp, casework.Merge, casework.Extend, casework.Submit, casework.Defer, casework.Interim, casework.Rework, casework.Approve,
		casework.Note, casework.Add, casework.Withdraw, casework.Rate, casework.Lapse, casework.Release} {
		if states[string(act)] < 15 {
			t.Errorf("%s is done %d times", act, states[string(act)])
		}
	}
	if photos < 170 || photos > 245 {
		t.Errorf("%d photos, want about 200", photos)
	}
	t.Log(states, photos)
}
