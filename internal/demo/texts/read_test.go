package texts

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

// TestRead prints stories for the eye where OKNO_READ_STORIES is set, to a
// code's beginning or "all".
func TestRead(t *testing.T) {
	want := os.Getenv("OKNO_READ_STORIES")
	if want == "" {
		t.Skip("OKNO_READ_STORIES is unset")
	}
	i := 0
	for _, f := range facts(t) {
		if want != "all" && len(f.code) < len(want) || want != "all" && f.code[:len(want)] != want {
			continue
		}
		rng := rand.New(rand.NewPCG(uint64(i), 99))
		i++
		s := Make(rng, input(rng, f))
		fmt.Printf("### %s %s\nR %s\nX %s\nQ %s\nr %s\nA %s\nI %s\nD %s | %s\n> %s | %s\nN %s | %s\n2 %s => %s\n* %s | %s | %s\n\n", f.code, f.name, s.Report, s.Excerpt, s.Question, s.Reply, s.Answer, s.Interim, s.Defer, s.Extend, s.Redirect, s.Return, s.Note, s.Rework, s.Reopen, s.SecondAnswer, s.Praise, s.Middling, s.Blame)
	}
}

func input(rng *rand.Rand, f fact) Input {
	streets := []string{"Рыбацкая улица", "улица Строителей", "2-й Лесной переулок", "Верхняя улица", "Кузнечный переулок", "проспект Мира", "Озёрное шоссе"}
	in := Input{Fact: f.code, Name: f.name, Month: time.Month(1 + rng.IntN(12)), Female: rng.IntN(2) == 0, Polite: "Нина Андреевна", Org: "дорожная служба Верхнеозёрска", To: "Ладейские электросети", Outcome: Outcome(rng.IntN(10) / 7), Kind: rng.Uint64()}
	if !in.Female {
		in.Polite = "Пётр Ильич"
	}
	in.Place = Place{Locality: "Верхнеозёрск", Street: streets[rng.IntN(len(streets))], House: fmt.Sprint(1 + rng.IntN(90)), Landmark: "школа № 7"}
	in.Done = time.Date(2026, time.Month(1+rng.IntN(12)), 1+rng.IntN(28), 0, 0, 0, 0, time.UTC)
	in.Plan = in.Done.AddDate(0, 1+rng.IntN(5), rng.IntN(20))
	return in
}

func BenchmarkMake(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	in := Input{Fact: "roads.surface.pothole", Month: 5, Polite: "Нина Андреевна"}
	for b.Loop() {
		Make(rng, in)
	}
}
