package photo

import (
	"image"
	"math"
	"math/rand/v2"
)

// Season is what the year looks like outside.
type Season uint8

// The seasons; Autumn is the golden one, November counts as Mud.
const (
	Summer Season = iota
	Autumn
	Mud
	Winter
	Spring
)

// SeasonOf tells the look of a month (1 to 12) in the demonstration region.
func SeasonOf(month int) Season {
	switch month {
	case 12, 1, 2, 3:
		return Winter
	case 4:
		return Spring
	case 9, 10:
		return Autumn
	case 11:
		return Mud
	default:
		return Summer
	}
}

// stage is one picture in the making: the canvas, the camera, the light and
// two streams of chance. place decides what is the same before and after the
// work; sub decides the details of the trouble.
type stage struct {
	*canvas
	place, sub *rand.Rand
	season     Season
	after      bool
	night      bool
	cam        camera
	haze       rgb     // colour of the distance
	far        float32 // metres at which half of the colour is haze
	skyTop     rgb
	skyLow     rgb
	sun        float32 // 0 overcast … 1 sharp
	left       float32 // brightness of faces turned left
	right      float32
	shade      rgb
	tint       rgb
	lamps      []lamp
	ambient    float32
	open       bool // the street is a road between towns
	pavement   bool // the camera of a street stands on the pavement
	mark       v3   // where the first lamp of a traffic light is
}

// lamp lights a round part of a night picture; x, y and r in pixels.
type lamp struct {
	x, y, r float64
	c       rgb
}

func newStage(seed uint64, season Season, after bool, w, h int) *stage {
	s := &stage{
		canvas: newCanvas(w, h), season: season, after: after,
		place: rand.New(rand.NewPCG(seed, 11)), sub: rand.New(rand.NewPCG(seed, 23)),
		ambient: 0.3, shade: hex(0x14181f), tint: rgb{1, 1, 1},
	}
	s.weather()
	s.look(s.between(1.5, 1.75), s.between(0.34, 0.43), s.between(-0.16, 0.16))
	return s
}

// between draws a number from the stream of the place.
func (s *stage) between(a, b float64) float64 { return a + (b-a)*s.place.Float64() }

// about draws a number from the stream of the trouble.
func (s *stage) about(a, b float64) float64 { return a + (b-a)*s.sub.Float64() }

func pick[T any](s *stage, of ...T) T { return of[s.place.IntN(len(of))] }

// look sets the camera: height of the eye in metres, the horizon as part of
// the picture's height, the turn in radians.
func (s *stage) look(eye, horizon, yaw float64) {
	s.cam = camera{x: s.cam.x, eye: eye, focal: s.w * 0.86, cx: s.w / 2, horizon: s.h * horizon, sin: math.Sin(yaw), cos: math.Cos(yaw)}
}

func (s *stage) weather() {
	kind := s.place.IntN(4)
	s.left, s.right, s.sun, s.far = 0.8, 0.86, 0.35, 90
	switch {
	case s.season == Mud || (s.season == Winter && kind > 1) || kind == 0: // overcast
		s.skyTop, s.skyLow, s.sun = hex(0xaab4ba), hex(0xd3d8d8), 0.3
	case kind == 1: // a clear day
		s.skyTop, s.skyLow, s.sun = hex(0x86abc6), hex(0xd2dfe2), 0.75
		s.left, s.right = 0.68, 0.92
	case kind == 2: // morning
		s.skyTop, s.skyLow, s.sun = hex(0x9db6c6), hex(0xe8dfd0), 0.6
		s.tint = rgb{1.03, 1, 0.95}
		s.left, s.right = 0.95, 0.7
	default: // evening
		s.skyTop, s.skyLow, s.sun = hex(0x8fa3b8), hex(0xe9cfb4), 0.65
		s.tint = rgb{1.05, 0.99, 0.91}
		s.left, s.right = 0.66, 0.97
	}
	s.haze = mix(s.skyLow, hex(0xb9c3c6), 0.5)
}

// Ground colours by season.
func (s *stage) grass() rgb {
	return [...]rgb{hex(0x74885a), hex(0x98905a), hex(0x84795d), hex(0xe6e9ec), hex(0x8b9060)}[s.season]
}
func (s *stage) leaf() rgb {
	switch s.season {
	case Autumn:
		return pick(s, hex(0xb98a3e), hex(0xa8702f), hex(0x9c9145))
	case Spring:
		return hex(0x9aa865)
	}
	return pick(s, hex(0x5c7a4c), hex(0x678252), hex(0x526f4d))
}
func (s *stage) bare() bool { return s.season == Mud || s.season == Winter }
func (s *stage) asphalt() rgb {
	if s.season == Winter {
		return hex(0x777c82)
	}
	return pick(s, hex(0x72757a), hex(0x6b6f75), hex(0x7d7d7c))
}

// finish lights the night, darkens the corners and adds the grain.
func (s *stage) finish() image.Image {
	w, h := s.img.Rect.Dx(), s.img.Rect.Dy()
	grain := &tables().grain
	gx, gy := s.place.IntN(251), s.place.IntN(241)
	tr, tg, tb := int32(s.tint.r*256), int32(s.tint.g*256), int32(s.tint.b*256)
	cols := make([]int32, w)
	for x := range cols {
		d := (float32(x)/float32(w) - 0.5) * 2
		cols[x] = int32(0.085 * 256 * d * d)
	}
	for y := range h {
		row := s.img.Pix[y*s.img.Stride : y*s.img.Stride+4*w]
		d := (float32(y)/float32(h) - 0.5) * 2
		v0 := int32(256 * (1.03 - 0.085*d*d))
		g := uint16((y + gy) * 641)
		kr, kg, kb := tr, tg, tb
		for x, c := range cols {
			if s.night && x&3 == 0 {
				kr, kg, kb = s.light(float32(x), float32(y))
			}
			v := v0 - c
			n := int32(grain[g+uint16(x+gx)*7919])
			p := row[x*4 : x*4+3 : x*4+3]
			p[0] = clamp8(int32(p[0])*v>>8*kr>>8 + n)
			p[1] = clamp8(int32(p[1])*v>>8*kg>>8 + n)
			p[2] = clamp8(int32(p[2])*v>>8*kb>>8 + n)
		}
	}
	return s.img
}

// light is the brightness at a pixel of a night picture, 256 for daylight.
func (s *stage) light(x, y float32) (r, g, b int32) {
	k := rgb{0.62, 0.76, 1}.mul(s.ambient)
	for i := range s.lamps {
		l := &s.lamps[i]
		ax, ay := (x-float32(l.x))/float32(l.r), (y-float32(l.y))/float32(l.r)
		f := 1 / (1 + 5*(ax*ax+ay*ay))
		f *= f
		k.r += l.c.r * f
		k.g += l.c.g * f
		k.b += l.c.b * f
	}
	return int32(256 * soft(k.r)), int32(256 * soft(k.g)), int32(256 * soft(k.b))
}

// soft keeps overlapping lamps from burning the picture out.
func soft(v float32) float32 {
	if v < 0.8 {
		return v
	}
	return 0.8 + (v-0.8)/(1+(v-0.8)*2.2)
}

func clamp8(f int32) uint8 { return uint8(min(max(f, 0), 255)) }
