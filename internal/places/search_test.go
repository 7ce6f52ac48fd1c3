package places_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"okno/internal/demo/region"
	"okno/internal/places"
)

var theRegion = sync.OnceValue(func() *region.Region { return region.New(region.DefaultSeed) })

var theIndex = sync.OnceValue(func() *places.Index { return places.NewIndex(theRegion().Register(), 1) })

func TestTry(t *testing.T) {
	start := time.Now()
	x := theIndex()
	t.Log(time.Since(start))
	for _, q := range strings.Split("рыбацкая 14|ул. Рыбацкая, д.14|верхнеозерск рыбацк 14|hs,fwrfz|hs,fwrfz 14|рыбацкйа|школа 7|лесная 1 боровой|г. Заречный, ул. Мельничная, 40|подгорная тихий плес|2 садовая 5|rybatskaya 14|кузнечный пер|на рыбацкой у дома 14|каменный брод рыночная|магазин лада|заречный", "|") {
		start := time.Now()
		list := x.Search(q, 5)
		t.Log("==", q, time.Since(start))
		for _, f := range list {
			t.Log("   ", f.Kind, f.Text)
		}
	}
}
