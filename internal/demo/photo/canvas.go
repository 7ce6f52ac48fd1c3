package photo

import (
	"image"
	"math"
	"sync"

	"golang.org/x/image/vector"
)

// rgb is a colour with components from 0 to 1, gamma encoded.
type rgb struct{ r, g, b float32 }

func hex(v uint32) rgb {
	return rgb{float32(v>>16&255) / 255, float32(v>>8&255) / 255, float32(v&255) / 255}
}

func mix(a, b rgb, t float32) rgb {
	return rgb{a.r + (b.r-a.r)*t, a.g + (b.g-a.g)*t, a.b + (b.b-a.b)*t}
}

func (c rgb) mul(k float32) rgb { return rgb{c.r * k, c.g * k, c.b * k} }

// paint gives the colours of a row of pixels: one colour for the whole row, or
// a function of x where that is not nil.
type paint func(y float32) (c rgb, of func(x float32) rgb)

func flat(c rgb) paint { return func(float32) (rgb, func(float32) rgb) { return c, nil } }

// fade runs from a at y0 to b at y1.
func fade(a, b rgb, y0, y1 float64) paint {
	k := float32(1 / (y1 - y0))
	return func(y float32) (rgb, func(float32) rgb) {
		t := (y - float32(y0)) * k
		return mix(a, b, min(max(t, 0), 1)), nil
	}
}

// pixels makes a paint from a function of the point.
func pixels(f func(x, y float32) rgb) paint {
	return func(y float32) (rgb, func(float32) rgb) {
		return rgb{}, func(x float32) rgb { return f(x, y) }
	}
}

// rough is a colour with a stain of noise of the given strength and size in pixels.
func rough(c rgb, amp, size float32) paint {
	k := 16 / size
	return func(y float32) (rgb, func(float32) rgb) {
		ny := y * k
		return rgb{}, func(x float32) rgb { return c.mul(1 + amp*(noise(x*k, ny)-0.5)) }
	}
}

type pt struct{ X, Y float64 }

// canvas is the picture and the one rasteriser that fills paths into it.
type canvas struct {
	img  *image.RGBA
	w, h float64
	ras  *vector.Rasterizer
	mask *image.Alpha
}

func newCanvas(w, h int) *canvas {
	loadNoise()
	return &canvas{
		img: image.NewRGBA(image.Rect(0, 0, w, h)), w: float64(w), h: float64(h),
		ras: vector.NewRasterizer(w, h), mask: image.NewAlpha(image.Rect(0, 0, w, h)),
	}
}

// begin prepares the rasteriser for a shape inside the box; ok is false when
// nothing of it is on the picture.
func (c *canvas) begin(x0, y0, x1, y1 float64) (ox, oy float64, ok bool) {
	x0, y0 = math.Floor(max(x0, 0)), math.Floor(max(y0, 0))
	x1, y1 = math.Ceil(min(x1, c.w)), math.Ceil(min(y1, c.h))
	if x1-x0 < 1 || y1-y0 < 1 {
		return 0, 0, false
	}
	w, h := int(x1-x0), int(y1-y0)
	c.ras.Reset(w, h)
	c.mask.Stride, c.mask.Rect = w, image.Rect(0, 0, w, h)
	c.mask.Pix = c.mask.Pix[:w*h]
	return x0, y0, true
}

// end composes the shape in the rasteriser onto the picture.
func (c *canvas) end(ox, oy float64, p paint, alpha float32) {
	c.ras.DrawOp = 1 // draw.Src: the mask needs no clearing
	c.ras.Draw(c.mask, c.mask.Rect, image.Opaque, image.Point{})
	w, h := c.mask.Rect.Dx(), c.mask.Rect.Dy()
	strength := int32(alpha * 257)
	for y := range h {
		row := c.mask.Pix[y*w : y*w+w]
		at := c.img.PixOffset(int(ox), int(oy)+y)
		dst := c.img.Pix[at : at+4*w]
		one, of := p(float32(oy) + float32(y))
		r, g, b := one.bytes()
		was := -1 // textures change every second pixel: the grain hides it
		for x, m := range row {
			if m == 0 {
				continue
			}
			if of != nil && x>>1 != was {
				was = x >> 1
				r, g, b = of(float32(ox) + float32(x)).bytes()
			}
			d := dst[x*4 : x*4+4 : x*4+4]
			d[3] = 255
			if m == 255 && strength >= 256 {
				d[0], d[1], d[2] = uint8(r), uint8(g), uint8(b)
				continue
			}
			a := (int32(m) * strength) >> 8
			d[0] = uint8(int32(d[0]) + (r-int32(d[0]))*a/255)
			d[1] = uint8(int32(d[1]) + (g-int32(d[1]))*a/255)
			d[2] = uint8(int32(d[2]) + (b-int32(d[2]))*a/255)
		}
	}
}

func (c rgb) bytes() (r, g, b int32) {
	return min(max(int32(c.r*255), 0), 255), min(max(int32(c.g*255), 0), 255), min(max(int32(c.b*255), 0), 255)
}

func bounds(ps []pt) (x0, y0, x1, y1 float64) {
	x0, y0, x1, y1 = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range ps {
		x0, y0, x1, y1 = min(x0, p.X), min(y0, p.Y), max(x1, p.X), max(y1, p.Y)
	}
	return
}

// polygon fills straight edges.
func (c *canvas) polygon(p paint, alpha float32, ps ...pt) {
	ox, oy, ok := c.begin(bounds(ps))
	if !ok {
		return
	}
	c.ras.MoveTo(float32(ps[0].X-ox), float32(ps[0].Y-oy))
	for _, q := range ps[1:] {
		c.ras.LineTo(float32(q.X-ox), float32(q.Y-oy))
	}
	c.ras.ClosePath()
	c.end(ox, oy, p, alpha)
}

// smooth fills a closed curve through the points.
func (c *canvas) smooth(p paint, alpha float32, ps ...pt) {
	x0, y0, x1, y1 := bounds(ps)
	mx, my := (x1-x0)*0.12, (y1-y0)*0.12
	ox, oy, ok := c.begin(x0-mx, y0-my, x1+mx, y1+my)
	if !ok {
		return
	}
	n := len(ps)
	at := func(i int) pt { return ps[(i+n)%n] }
	c.ras.MoveTo(float32(ps[0].X-ox), float32(ps[0].Y-oy))
	for i := range n {
		a, b, d, e := at(i-1), at(i), at(i+1), at(i+2)
		c.ras.CubeTo(
			float32(b.X+(d.X-a.X)/6-ox), float32(b.Y+(d.Y-a.Y)/6-oy),
			float32(d.X-(e.X-b.X)/6-ox), float32(d.Y-(e.Y-b.Y)/6-oy),
			float32(d.X-ox), float32(d.Y-oy))
	}
	c.ras.ClosePath()
	c.end(ox, oy, p, alpha)
}

func (c *canvas) ellipse(p paint, alpha float32, x, y, rx, ry float64) {
	ox, oy, ok := c.begin(x-rx-1, y-ry-1, x+rx+1, y+ry+1)
	if !ok {
		return
	}
	const k = 0.5523
	f := func(dx, dy float64) (float32, float32) { return float32(x + dx*rx - ox), float32(y + dy*ry - oy) }
	cube := func(a, b, d, e, g, h float64) {
		x1, y1 := f(a, b)
		x2, y2 := f(d, e)
		x3, y3 := f(g, h)
		c.ras.CubeTo(x1, y1, x2, y2, x3, y3)
	}
	sx, sy := f(1, 0)
	c.ras.MoveTo(sx, sy)
	cube(1, k, k, 1, 0, 1)
	cube(-k, 1, -1, k, -1, 0)
	cube(-1, -k, -k, -1, 0, -1)
	cube(k, -1, 1, -k, 1, 0)
	c.ras.ClosePath()
	c.end(ox, oy, p, alpha)
}

func (c *canvas) rect(p paint, alpha float32, x, y, w, h float64) {
	c.polygon(p, alpha, pt{x, y}, pt{x + w, y}, pt{x + w, y + h}, pt{x, y + h})
}

// line strokes an open path; the width runs from w0 to w1.
func (c *canvas) line(p paint, alpha float32, w0, w1 float64, ps ...pt) {
	n := len(ps)
	out := make([]pt, 2*n)
	for i, q := range ps {
		a, b := ps[max(i-1, 0)], ps[min(i+1, n-1)]
		dx, dy := b.X-a.X, b.Y-a.Y
		l := math.Hypot(dx, dy)
		if l == 0 {
			l = 1
		}
		hw := (w0 + (w1-w0)*float64(i)/float64(max(n-1, 1))) / 2
		nx, ny := -dy/l*hw, dx/l*hw
		out[i] = pt{q.X + nx, q.Y + ny}
		out[2*n-1-i] = pt{q.X - nx, q.Y - ny}
	}
	c.polygon(p, alpha, out...)
}

const noiseSize = 256

// tables are the noise and the grain, the same in every picture.
var tables = sync.OnceValue(func() *struct {
	fbm   [noiseSize * noiseSize]float32
	grain [1 << 16]int8
} {
	t := new(struct {
		fbm   [noiseSize * noiseSize]float32
		grain [1 << 16]int8
	})
	state := uint64(0x9E3779B97F4A7C15)
	next := func() float32 {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		return float32(state>>40) / (1 << 24)
	}
	for oct, amp := 0, float32(0.42); oct < 5; oct, amp = oct+1, amp*0.62 {
		cells := 8 << oct
		lattice := make([]float32, cells*cells)
		for i := range lattice {
			lattice[i] = next()
		}
		step := float32(cells) / noiseSize
		for y := range noiseSize {
			for x := range noiseSize {
				fx, fy := float32(x)*step, float32(y)*step
				x0, y0 := int(fx), int(fy)
				tx, ty := fx-float32(x0), fy-float32(y0)
				tx, ty = tx*tx*(3-2*tx), ty*ty*(3-2*ty)
				x1, y1 := (x0+1)%cells, (y0+1)%cells
				a := lattice[y0*cells+x0] + (lattice[y0*cells+x1]-lattice[y0*cells+x0])*tx
				b := lattice[y1*cells+x0] + (lattice[y1*cells+x1]-lattice[y1*cells+x0])*tx
				t.fbm[y*noiseSize+x] += (a + (b-a)*ty) * amp
			}
		}
	}
	for i := range t.grain {
		t.grain[i] = int8((next() + next() + next() - 1.5) * 9)
	}
	return t
})

// fbm is the table of noise, set before the first picture.
var fbm *[noiseSize * noiseSize]float32

var loadNoise = sync.OnceFunc(func() { fbm = &tables().fbm })

// noise is smooth noise around 0.5 with period 256 in both directions.
func noise(x, y float32) float32 {
	t := fbm
	x += 1 << 16
	y += 1 << 16
	xi, yi := int(x), int(y)
	tx, ty := x-float32(xi), y-float32(yi)
	x0, y0 := xi&255, (yi&255)<<8
	x1, y1 := (xi+1)&255, ((yi+1)&255)<<8
	a := t[y0|x0] + (t[y0|x1]-t[y0|x0])*tx
	b := t[y1|x0] + (t[y1|x1]-t[y1|x0])*tx
	return a + (b-a)*ty
}
