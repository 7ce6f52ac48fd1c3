package demo

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestReadTales prints whole stories for the eye: OKNO_READ_TALES=60:7 prints
// 60 reports, drawn with 7, of 3,000; OKNO_READ_TALES=60:7:9 those of seed 9.
// Nothing is filed.
func TestReadTales(t *testing.T) {
	if os.Getenv("OKNO_READ_TALES") == "" {
		t.Skip("OKNO_READ_TALES is unset")
	}
	var asked []uint64
	for _, s := range strings.Split(os.Getenv("OKNO_READ_TALES"), ":") {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		asked = append(asked, n)
	}
	if len(asked) < 2 {
		t.Fatal("how many, and drawn with what?")
	}
	n, from := int(asked[0]), asked[1]
	dir := folder(t, Reports)
	if len(asked) > 2 {
		s, _, err := ReadState(dir)
		if err == nil {
			s.Seed = asked[2]
			err = s.write(dir)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	_, tales := cases(t, open(t, dir, ""))
	var all []*matter
	for _, tl := range tales {
		all = append(all, tl.all...)
	}
	rng := rand.New(rand.NewPCG(from, 1))
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, m := range all[:min(n, len(all))] {
		t.Log("\n" + m.read())
	}
}

// read is the story of a report as its reader meets it.
func (m *matter) read() string {
	var b strings.Builder
	p := m.spot.told
	fmt.Fprintf(&b, "### %s %s | %s\n", m.number, m.fact.Code, m.fact.Name)
	fmt.Fprintf(&b, "    %s | %s | %s, %s, %s; %s; %s (%s) | kind %d\n", m.filed.In(moscow).Format("02.01.2006"), m.org.ShortIn("ru"), p.Locality, p.Street, p.House, p.Landmark, m.spot.building, m.spot.in.Note, m.t.o.kind)
	for _, o := range m.t.ops {
		var parts []string
		for _, q := range o.parts {
			parts = append(parts, q.number)
			if q == m && o.act == "split" {
				parts = append(parts, "(this)")
			}
		}
		if o.m != m && len(parts) == 0 {
			continue
		}
		said := o.in.Comment
		if o.kind == opFile {
			said = fmt.Sprint(o.file.Text, " ", o.file.Details)
		}
		for _, part := range o.in.Parts {
			if part.ID == m.id {
				said += " ||| " + part.Text
			}
		}
		who := "clock"
		if o.who.citizen >= 0 {
			who = "citizen"
		} else if o.who.officer >= 0 {
			who = o.who.org
		}
		fmt.Fprintf(&b, "  %s %s [%s] ", o.at.In(moscow).Format("02.01"), o.name(), who)
		if o.in.Mark > 0 {
			fmt.Fprintf(&b, "mark %d solved %s reopen %v %s ", o.in.Mark, o.in.Solved, o.in.Reopen, o.in.Reason)
		}
		if o.in.PlanDate != "" {
			fmt.Fprintf(&b, "plan %s ", o.in.PlanDate)
		}
		if o.act == "reject" {
			fmt.Fprintf(&b, "because %s ", o.in.Reason)
		}
		for _, f := range o.files {
			fmt.Fprintf(&b, "<%s %s season %v after %v> ", f.name, f.scene, f.season, f.after)
		}
		fmt.Fprintf(&b, "%s %s\n", strings.Join(parts, " "), said)
	}
	return b.String()
}
