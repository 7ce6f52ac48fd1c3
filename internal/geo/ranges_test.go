package geo

import "testing"

func TestRangesHoldEveryPointOfTheBox(t *testing.T) {
	b := Around(At(59.93, 31.02), 700)
	ranges := Ranges(b)
	if len(ranges) == 0 || len(ranges) > 8 {
		t.Fatalf("%d ranges", len(ranges))
	}
	for i := int32(0); i <= 20; i++ {
		for j := int32(0); j <= 20; j++ {
			p := Point{b.Min.Lat + (b.Max.Lat-b.Min.Lat)/20*i, b.Min.Lon + (b.Max.Lon-b.Min.Lon)/20*j}
			found := false
			for _, r := range ranges {
				found = found || Cell(p) >= r[0] && Cell(p) <= r[1]
			}
			if !found {
				t.Fatalf("%v lies in no range", p)
			}
		}
	}
}
