package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"time"

	"okno/internal/platform/id"
)

// epoch is where the ids of the demonstration count their time from: they are
// in the order of what happened, and the same whenever the first start is.
var epoch = time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)

// digest are bytes that the seed gives for one thing.
func digest(seed uint64, what string, n, m int) [32]byte {
	b := make([]byte, 0, 64)
	b = binary.BigEndian.AppendUint64(b, seed)
	b = binary.BigEndian.AppendUint64(b, uint64(n))
	b = binary.BigEndian.AppendUint64(b, uint64(m))
	return sha256.Sum256(append(b, what...))
}

// idOf is the id of one thing: a UUIDv7 whose time is that after the epoch.
func idOf(seed uint64, what string, n, m int, after time.Duration) id.ID {
	sum := digest(seed, what, n, m)
	var v id.ID
	copy(v[6:], sum[:10])
	ms := uint64(epoch.Add(after).UnixMilli())
	v[0], v[1], v[2], v[3], v[4], v[5] = byte(ms>>40), byte(ms>>32), byte(ms>>24), byte(ms>>16), byte(ms>>8), byte(ms)
	v[6], v[8] = v[6]&0x0f|0x70, v[8]&0x3f|0x80
	return v
}

// numberOf is a public number.
func numberOf(seed uint64, what string, n, m int) string {
	sum := digest(seed, "number "+what, n, m)
	return id.NumberFrom(sum[:])
}

// chance is a source of chance for one thing.
func chance(seed uint64, what string, n, m int) *rand.Rand {
	sum := digest(seed, what, n, m)
	return rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:])))
}

// draw picks an index by weight.
func draw(rng *rand.Rand, weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := rng.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

func pick[T any](rng *rand.Rand, of []T) T { return of[rng.IntN(len(of))] }

func percent(rng *rand.Rand, n float64) bool { return rng.Float64()*100 < n }
