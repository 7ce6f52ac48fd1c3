package photo

import "math"

// v3 is a point of the scene in metres: X to the right, Y up, Z away from the
// camera, which stands at the origin at eye height.
type v3 struct{ X, Y, Z float64 }

// camera stands at x, 0 at the height of the eye.
type camera struct {
	x, eye, focal, cx, horizon, sin, cos float64
}

const nearest = 0.35

func (c camera) turn(p v3) v3 {
	p.X -= c.x
	return v3{p.X*c.cos - p.Z*c.sin, p.Y, p.X*c.sin + p.Z*c.cos}
}

func (c camera) flatten(q v3) pt {
	return pt{c.cx + c.focal*q.X/q.Z, c.horizon + c.focal*(c.eye-q.Y)/q.Z}
}

// at projects a point that is known to lie before the camera.
func (c camera) at(p v3) pt {
	q := c.turn(p)
	q.Z = max(q.Z, nearest)
	return c.flatten(q)
}

// scale is the number of pixels of one metre at the point.
func (c camera) scale(p v3) float64 { return c.focal / max(c.turn(p).Z, nearest) }

// poly fills a polygon of the scene, cut at the camera.
func (s *stage) poly(p paint, alpha float32, ps ...v3) {
	if out := s.project(ps); len(out) > 2 {
		s.polygon(p, alpha, out...)
	}
}

func (s *stage) project(ps []v3) []pt {
	out := make([]pt, 0, len(ps)+2)
	for i, raw := range ps {
		a, b := s.cam.turn(raw), s.cam.turn(ps[(i+1)%len(ps)])
		if a.Z >= nearest {
			out = append(out, s.cam.flatten(a))
		}
		if (a.Z < nearest) != (b.Z < nearest) {
			t := (nearest - a.Z) / (b.Z - a.Z)
			out = append(out, s.cam.flatten(v3{a.X + (b.X-a.X)*t, a.Y + (b.Y-a.Y)*t, nearest}))
		}
	}
	return out
}

// patch fills an uneven spot lying on a horizontal plane.
func (s *stage) patch(p paint, alpha float32, shape []float64, x, y, z, rx, rz float64) {
	ps := make([]v3, len(shape))
	for i, k := range shape {
		a := 2 * math.Pi * float64(i) / float64(len(shape))
		ps[i] = v3{x + rx*k*math.Cos(a), y, z + rz*k*math.Sin(a)}
	}
	if out := s.project(ps); len(out) > 2 {
		s.smooth(p, alpha, out...)
	}
}

// shape makes radii of an uneven round outline.
func (s *stage) shape(n int, wobble float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1 + wobble*(s.sub.Float64()*2-1)
	}
	return out
}

func round(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

// shadow darkens the ground softly.
func (s *stage) shadow(x, y, z, rx, rz float64, depth float32) {
	r := round(14)
	for _, k := range []float64{1.3, 1.15, 1, 0.85, 0.7, 0.5} {
		s.patch(flat(s.shade), depth*s.sun/5, r, x, y, z, rx*k, rz*k)
	}
}

// ground paints the horizontal plane at height y with a texture in metres.
// grain is the relative strength, metre the number of noise cells a metre.
func (s *stage) ground(y float64, c rgb, grain, metre float32) paint {
	cam, haze := s.cam, s.haze
	k := float32(cam.focal * (cam.eye - y))
	hy, cx, f := float32(cam.horizon), float32(cam.cx), float32(cam.focal)
	sin, cos, off := float32(cam.sin), float32(cam.cos), float32(cam.x)
	up := float32(1)
	if y > cam.eye { // a ceiling
		up = -1
	}
	return func(py float32) (rgb, func(float32) rgb) {
		d := max((py-hy)*up, 1)
		z := k * up / d
		amp := grain / (1 + z*0.05)
		t := z / (z + s.far)
		base := mix(c, haze, t)
		if amp*(1-t) < 0.03 {
			return base, nil
		}
		vary := c.mul(amp * (1 - t))
		step := z / f
		x0, z0 := z*sin+off, z*cos
		return rgb{}, func(px float32) rgb {
			x := (px - cx) * step
			wx, wz := (x*cos+x0)*metre, (z0-x*sin)*metre
			n := noise(wx, wz)*0.6 + noise(wx*0.17+31, wz*0.17)*0.9 - 0.75
			return rgb{base.r + vary.r*n, base.g + vary.g*n, base.b + vary.b*n}
		}
	}
}

// mirror is still water: the picture above the horizon upside down, with
// ripples, mixed with the colour of the water.
func (s *stage) mirror(c rgb, clear, ripple float32) paint {
	hy := s.cam.horizon
	img := s.img
	return pixels(func(x, y float32) rgb {
		d := y - float32(hy)
		n := noise(x*0.015, y*2.2/(1+d*0.02))
		sy := int(float32(hy) - d*0.92 - 2 + (n-0.5)*ripple*(4+d*0.12))
		sx := int(x + (n-0.5)*ripple*14)
		sy = min(max(sy, 0), int(hy)-1)
		sx = min(max(sx, 0), img.Rect.Dx()-1)
		p := img.Pix[img.PixOffset(sx, sy):]
		m := mix(rgb{float32(p[0]) / 255, float32(p[1]) / 255, float32(p[2]) / 255}, c, 1-clear)
		return m.mul(0.93 + 0.14*(n-0.5))
	})
}

// air mixes the colour with the haze at the distance z.
func (s *stage) air(c rgb, z float64) rgb {
	return mix(c, s.haze, float32(z)/(float32(z)+s.far))
}

// strip is a rectangle on a horizontal plane.
func (s *stage) strip(p paint, alpha float32, x0, x1, y, z0, z1 float64) {
	s.poly(p, alpha, v3{x0, y, z0}, v3{x1, y, z0}, v3{x1, y, z1}, v3{x0, y, z1})
}

// box draws the faces of a block that the camera sees.
func (s *stage) box(c rgb, amp float32, x0, x1, y0, y1, z0, z1 float64) {
	c = s.air(c, z0)
	if y1 < s.cam.eye {
		s.poly(rough(c.mul(1.12), amp, 60), 1, v3{x0, y1, z0}, v3{x1, y1, z0}, v3{x1, y1, z1}, v3{x0, y1, z1})
	}
	if x0 > s.cam.x {
		s.poly(rough(c.mul(s.left), amp, 60), 1, v3{x0, y0, z0}, v3{x0, y1, z0}, v3{x0, y1, z1}, v3{x0, y0, z1})
	}
	if x1 < s.cam.x {
		s.poly(rough(c.mul(s.right), amp, 60), 1, v3{x1, y0, z0}, v3{x1, y1, z0}, v3{x1, y1, z1}, v3{x1, y0, z1})
	}
	s.poly(rough(c, amp, 60), 1, v3{x0, y0, z0}, v3{x1, y0, z0}, v3{x1, y1, z0}, v3{x0, y1, z0})
}

// face is a plane of a wall: a corner and two edges.
type face struct{ o, u, v v3 }

func (f face) at(a, b float64) v3 {
	return v3{f.o.X + f.u.X*a + f.v.X*b, f.o.Y + f.u.Y*a + f.v.Y*b, f.o.Z + f.u.Z*a + f.v.Z*b}
}

// part fills the rectangle from a0, b0 to a1, b1 of the face (0 to 1).
func (s *stage) part(p paint, alpha float32, f face, a0, b0, a1, b1 float64) {
	s.poly(p, alpha, f.at(a0, b0), f.at(a1, b0), f.at(a1, b1), f.at(a0, b1))
}

// rod is an upright or slanting bar of a thickness in metres.
func (s *stage) rod(c rgb, a, b v3, thick float64) {
	qa, qb := s.cam.at(a), s.cam.at(b)
	c = s.air(c, a.Z)
	s.line(flat(c), 1, max(thick*s.cam.scale(a), 1), max(thick*s.cam.scale(b), 1), qa, qb)
}
