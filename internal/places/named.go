package places

import "slices"

// placesFound are localities and buildings with a name.
func (x *Index) placesFound(words []hits, q query, place func(hits, int32) float64) (out []Found) {
	for i := range x.localities {
		total := 0.0
		for _, h := range words {
			p := place(h, int32(i))
			if p == 0 {
				total = 0
				break
			}
			total += p
		}
		if total == 0 || q.house != "" {
			continue
		}
		l := &x.localities[i]
		out = append(out, Found{Kind: FoundLocality, Code: l.Code, Text: l.Name + ", " + x.territories[x.localityPlace[i]].ShortName, At: l.Centre, Box: l.Area.Box(),
			score: total/float64(len(words)) + 0.02, weight: l.Population})
	}
	named := map[int32]bool{}
	for _, h := range words {
		for i := range h.named {
			named[i] = true
		}
	}
	list := make([]int32, 0, len(named))
	for i := range named {
		list = append(list, i)
	}
	slices.Sort(list)
	asked := []AssetKind(nil)
	for _, h := range words {
		asked = append(asked, h.kinds...)
	}
	for _, i := range list {
		a := x.addresses[i]
		locality := x.byLocality[a.Locality]
		street := x.byStreet[a.Street]
		total := 0.0
		for _, h := range words {
			v := max(h.named[i], place(h, locality), h.streets[street])
			if v == 0 && len(h.kinds) > 0 { // «остановка школа 7» is by that school
				v = 0.8
			}
			if v == 0 {
				total = 0
				break
			}
			total += v
		}
		if total == 0 {
			continue
		}
		score := total/float64(len(words)) - 0.01
		if q.house != "" {
			switch {
			case slices.Contains(nameWords(a.Name), q.house):
				score += 0.5
			case fold(a.House) == q.house:
				score += 0.3
			default:
				continue
			}
		}
		if n, ok := x.nearestAsset(a.At, asked, "", 400); ok {
			if t, named := x.thingByID[x.assets[n].ID]; named {
				f := x.foundThing(t)
				f.score = score - 0.1
				out = append(out, f)
			}
		}
		f := foundHouse(&a)
		f.Text, f.score, f.weight = a.Name+", "+f.Text, score, x.localities[locality].Population
		if len(asked) > 0 {
			f.score -= 0.2
		}
		out = append(out, f)
	}
	return out
}
