package photo

import "math"

// cracks draws broken lines around a spot of the ground.
func (s *stage) cracks(x, z, r float64, n int) {
	for range n {
		a := s.about(0, 2*math.Pi)
		ps := []pt{}
		for d := 0.8; d < s.about(1.2, 1.7); d += 0.14 {
			a += s.about(-0.22, 0.22)
			ps = append(ps, s.cam.at(v3{x + r*d*math.Cos(a), 0.01, z + r*d*0.8*math.Sin(a)}))
		}
		if len(ps) > 1 {
			s.line(flat(hex(0x33363a)), 0.8, s.w*0.0035, 1, ps...)
		}
	}
}

// crumbs scatters small stones.
func (s *stage) crumbs(x, z, r float64, n int, c rgb) {
	for range n {
		a, d := s.about(0, 2*math.Pi), s.about(0.85, 1.6)
		v := v3{x + r*d*math.Cos(a), 0.01, z + r*d*math.Sin(a)*0.8}
		k := s.cam.scale(v) * s.about(0.012, 0.035)
		p := s.cam.at(v)
		s.ellipse(fade(c.mul(1.15), c.mul(0.6), p.Y-k, p.Y+k), 1, p.X, p.Y, k, k*0.65)
	}
}

// freshPatch is a rectangle of new asphalt with sealed edges.
func (s *stage) freshPatch(x, z, rx, rz float64) {
	skew := s.about(-0.15, 0.15)
	q := func(k float64) []v3 {
		return []v3{{x - rx*k, 0.01, z - rz*k}, {x + rx*k, 0.01, z - rz*k + skew}, {x + rx*k + skew, 0.01, z + rz*k}, {x - rx*k + skew, 0.01, z + rz*k}}
	}
	s.poly(flat(hex(0x26282b)), 0.9, q(1.06)...)
	s.poly(s.ground(0.01, hex(0x45484c), 0.35, 14), 1, q(1)...)
}

func (s *stage) pothole() {
	x0, x1 := s.street()
	x, z := s.between(x0*0.3, x1*0.35), s.between(4.0, 5.0)
	rx, rz := s.about(0.75, 1.2), s.about(0.55, 0.85)
	if s.after {
		s.freshPatch(x, z, rx*1.25, rz*1.25)
		return
	}
	a := s.asphalt()
	out := s.shape(13, 0.14)
	s.cracks(x, z, rx*1.1, 7)
	s.patch(s.ground(0, a.mul(0.72), 0.6, 12), 1, out, x, 0.006, z, rx*1.12, rz*1.12)
	s.patch(s.ground(-0.1, hex(0x4b453f), 0.9, 14), 1, out, x, 0.006, z, rx, rz)
	s.patch(flat(hex(0x25262a)), 0.55, out, x, 0.006, z+rz*0.2, rx*0.95, rz*0.75)
	s.patch(s.ground(-0.1, hex(0x5a5249), 0.9, 12), 1, out, x, -0.06, z-rz*0.02, rx*0.84, rz*0.72)
	if s.sub.IntN(5) < 3 {
		s.patch(s.mirror(hex(0x6b6a62), 0.65, 0.4), 0.95, s.shape(11, 0.1), x, -0.06, z, rx*0.66, rz*0.52)
	}
	s.crumbs(x, z, rx, 46, a.mul(0.8))
}

func (s *stage) hatch() {
	x0, x1 := s.street()
	x, z := s.between(x0*0.3, x1*0.25), s.between(3.7, 4.5)
	r := round(28)
	steel := hex(0x55575a)
	s.patch(s.ground(0, s.asphalt().mul(0.78), 0.5, 9), 1, s.shape(15, 0.06), x, 0.005, z, 0.72, 0.72)
	if s.after {
		s.patch(s.ground(0, steel.mul(0.7), 0.2, 8), 1, r, x, 0.008, z, 0.5, 0.5)
		s.patch(s.ground(0, steel.mul(1.15), 0.35, 18), 1, r, x, 0.01, z, 0.44, 0.44)
		for i := -3.0; i <= 3; i++ {
			d := math.Sqrt(0.4*0.4 - 0.0121*i*i)
			s.strip(flat(hex(0x333538)), 0.6, x+i*0.11-0.012, x+i*0.11+0.012, 0.011, z-d, z+d)
		}
		return
	}
	s.patch(s.ground(0, steel, 0.3, 12), 1, r, x, 0.008, z, 0.52, 0.52)
	p := s.cam.at(v3{x, 0, z})
	k := s.cam.scale(v3{x, 0, z})
	s.patch(fade(hex(0x0d0e10), hex(0x3c3935), p.Y-0.2*k, p.Y+0.12*k), 1, r, x, 0.008, z, 0.42, 0.42)
	s.patch(flat(hex(0x08090a)), 0.85, r, x, -0.12, z-0.08, 0.33, 0.26)
	s.cracks(x, z, 0.75, 5)
	// the cover lies aside, or a branch warns the drivers
	if s.sub.IntN(2) == 0 {
		a := s.about(-0.5, 0.5)
		s.patch(flat(hex(0x202225)), 0.7, r, x+0.72, 0.01, z+0.32+a, 0.46, 0.44)
		s.patch(s.ground(0, steel.mul(1.1), 0.5, 20), 1, r, x+0.7, 0.06, z+0.34+a, 0.44, 0.43)
		return
	}
	s.branch(hex(0x5d4c3c), s.cam.at(v3{x, -0.1, z}), -1.35, 0.42*k, 0.03*k, 3)
	s.line(flat(hex(0xd8d5cc)), 1, 0.1*k, 0.06*k, pt{p.X + 0.1*k, p.Y - 0.75*k}, pt{p.X + 0.26*k, p.Y - 0.62*k}, pt{p.X + 0.31*k, p.Y - 0.5*k})
}

func (s *stage) crossing() {
	x0, x1 := s.street()
	z, alpha := s.between(4, 5), float32(0.95)
	if !s.after {
		alpha = 0.22
	}
	for x := x0 + 0.3; x < x1-0.4; x += 0.95 {
		s.strip(s.ground(0.01, hex(0xe6e5df), 0.4, 6), alpha, x, x+0.5, 0.012, z, z+3.2)
		if !s.after {
			for range 5 {
				s.patch(s.ground(0.01, s.asphalt(), 0.4, 7), 0.75, s.shape(8, 0.4), x+s.about(0, 0.5), 0.013, z+s.about(0, 3.2), 0.22, 0.4)
			}
		}
	}
	if s.after {
		s.roadSign(x1+0.6, z+1, 0, hex(0x2c6aa0))
	}
	s.figure(x1+1.4, z+2.2, 1.68, pick(s, hex(0x8a4f4a), hex(0x51677b), hex(0x6f6a4d)))
}

// roadSign is a square sign on a post that leans by lean metres.
func (s *stage) roadSign(x, z, lean float64, c rgb) {
	s.rod(hex(0x8d9194), v3{x, 0, z}, v3{x + lean, 2.5, z}, 0.06)
	f := face{v3{x + lean*0.75 - 0.33, 1.9, z - 0.03}, v3{0.66, -lean * 0.25, 0}, v3{lean * 0.26, 0.66, 0}}
	s.part(flat(hex(0xe9ebec)), 1, f, 0, 0, 1, 1)
	s.part(flat(c), 1, f, 0.07, 0.07, 0.93, 0.93)
	s.poly(flat(hex(0xe9ebec)), 1, f.at(0.5, 0.82), f.at(0.16, 0.2), f.at(0.84, 0.2))
}

func (s *stage) flood() {
	x0, x1 := s.street()
	if s.after {
		s.strip(s.ground(0.01, s.asphalt().mul(0.8), 0.5, 3), 0.7, x0, x0+1.4, 0.009, 2, 14)
		s.strip(flat(hex(0x2c2e31)), 1, x0+0.12, x0+0.72, 0.012, 3.2, 3.7)
		for i := range 6 {
			z := 3.24 + 0.08*float64(i)
			s.strip(flat(hex(0x6c7074)), 1, x0+0.16, x0+0.68, 0.014, z, z+0.04)
		}
		return
	}
	water := s.mirror(hex(0x6b7370), 0.62, 1)
	s.patch(water, 0.94, s.shape(17, 0.12), (x0+x1)/2-0.6, 0.05, 7.2, 5.4, 5.2)
	for range 5 {
		x, z := s.about(x0, x1), s.about(4, 9)
		r := s.about(0.2, 0.5)
		s.patch(flat(rgb{1, 1, 1}), 0.12, round(16), x, 0.06, z, r, r*0.7)
		s.patch(water, 0.9, round(16), x, 0.06, z, r*0.8, r*0.55)
	}
	if s.sub.IntN(2) == 0 {
		s.car(s.about(x0*0.3, x1*0.4), 9.5, pick(s, hex(0x8c3f3b), hex(0xd3d6d6), hex(0x47607a)))
		s.patch(water, 0.95, s.shape(12, 0.1), 0.4, 0.18, 9.3, 3.2, 0.6)
	}
}

func (s *stage) snowPavement() {
	s.pavement = true
	x0, x1 := s.street()
	s.strip(s.ground(0.01, hex(0xa5a8ab), 0.4, 6), 0.5, x0, x1, 0.008, 0.4, 120)
	if s.after {
		s.strip(s.ground(0.1, hex(0x8f8f8d), 0.45, 8), 1, x1+0.25, x1+2.3, 0.105, 0.4, 90)
		for range 130 {
			v := v3{x1 + s.about(0.3, 2.2), 0.11, s.about(1, 12)}
			p, k := s.cam.at(v), s.cam.scale(v)*0.012
			s.ellipse(flat(hex(0x8a6f4c)), 0.8, p.X, p.Y, k, k*0.7)
		}
	}
	for z := 26.0; z > 1.2; z -= 0.55 {
		x, c := x1+s.about(0.4, 2.2), hex(0xe9edf1).mul(float32(s.about(0.93, 1.02)))
		if s.after {
			x = x1 + s.about(2.4, 3.2)
		}
		s.drift(x, z, s.about(0.5, 0.85), s.about(0.25, 0.55), c)
	}
}

// drift is a rounded heap of snow.
func (s *stage) drift(x, z, r, height float64, c rgb) {
	v := v3{x, 0.1, z}
	p, k := s.cam.at(v), s.cam.scale(v)
	c = s.air(c, z)
	s.smooth(fade(c, c.mul(0.78), p.Y-height*k, p.Y+0.1*k), 1,
		pt{p.X - r*k, p.Y + 0.1*k}, pt{p.X - r*0.7*k, p.Y - height*0.6*k}, pt{p.X - 0.1*k, p.Y - height*k}, pt{p.X + r*0.6*k, p.Y - height*0.7*k}, pt{p.X + r*k, p.Y + 0.08*k}, pt{p.X, p.Y + 0.16*k})
}

func (s *stage) snowRoad() {
	x0, x1 := s.street()
	if s.after {
		s.strip(s.ground(0.01, hex(0x83868a), 0.5, 7), 1, x0+0.2, x1-0.2, 0.012, 0.4, 120)
		for z := 30.0; z > 1.5; z -= 0.8 {
			s.drift(x1+0.3, z, 0.6, 0.4, hex(0xe6eaee))
			s.drift(x0-0.3, z, 0.6, 0.4, hex(0xe6eaee))
		}
		return
	}
	s.strip(s.ground(0.02, hex(0xdfe4e8), 0.5, 4), 1, x0-0.3, x1+0.3, 0.11, 0.4, 140)
	for _, x := range []float64{-1.3, 0.2, 0.9, 2.4} {
		s.strip(s.ground(0.1, hex(0xb3b6ba), 0.8, 5), 0.9, x-0.17, x+0.17, 0.12, 0.4, 120)
	}
	for z := 22.0; z > 1.5; z -= 0.7 {
		s.drift(s.about(x0, x0+0.5), z, 0.6, 0.35, hex(0xe3e7eb))
		s.drift(s.about(x1-0.3, x1+0.3), z, 0.6, 0.35, hex(0xe3e7eb))
	}
	s.car(s.about(-1.2, 1.4), 11, pick(s, hex(0x7c3b38), hex(0x46566a), hex(0x55584f)))
}

func (s *stage) trench() {
	x0, x1 := s.street()
	x, z := s.between(x0*0.2, x1*0.3), 4.6
	if s.after {
		s.freshPatch(x, z+1.2, 0.9, 2.2)
		return
	}
	earth := hex(0x77604a)
	s.strip(s.ground(0, earth.mul(0.5), 0.8, 8), 1, x-0.7, x+0.7, 0.006, 2.8, 7)
	s.strip(flat(hex(0x241d18)), 0.75, x-0.55, x+0.62, 0.007, 3.1, 6.9)
	s.heap(x-1.5, 5.4, 1.1, 0.75, 46, earth, earth.mul(1.15), hex(0x8b7459))
	s.heap(x+1.6, 6.6, 0.9, 0.5, 26, earth, hex(0x6d5a49))
	for i := range 3 {
		px := x - 1 + float64(i)*1.0
		s.rod(hex(0xd9d9d4), v3{px, 0, 2.7}, v3{px, 1.0, 2.7}, 0.05)
	}
	for i := range 8 {
		c := hex(0xc8473b)
		if i%2 == 0 {
			c = hex(0xeceae4)
		}
		a := x - 1 + float64(i)*0.25
		s.poly(flat(c), 1, v3{a, 0.82, 2.69}, v3{a + 0.25, 0.82, 2.69}, v3{a + 0.25, 0.94, 2.69}, v3{a, 0.94, 2.69})
	}
}

func (s *stage) burst() {
	s.street()
	x, z := s.between(-0.6, 0.9), 6.0
	if s.after {
		s.freshPatch(x, z-1, 1.0, 1.0)
		return
	}
	s.patch(s.mirror(hex(0x727a7b), 0.6, 1.4), 0.92, s.shape(15, 0.15), x, 0.01, z-1, 4.2, 3.6)
	b, k := s.cam.at(v3{x, 0, z}), s.cam.scale(v3{x, 0, z})
	s.patch(flat(hex(0x35322e)), 1, s.shape(11, 0.2), x, 0.012, z, 0.6, 0.4)
	for range 260 {
		t := s.sub.Float64()
		side := s.about(-1, 1)
		hgt := s.about(0.5, 1.1)
		px := b.X + side*t*0.75*k
		py := b.Y - (4*hgt*t*(1-t))*k*(1-0.35*math.Abs(side)) - 0.1*k
		r := s.about(0.03, 0.11) * k
		s.ellipse(flat(rgb{0.94, 0.97, 0.98}), float32(s.about(0.08, 0.4)), px, py, r, r*1.25)
	}
}

func (s *stage) signal() {
	x0, x1 := s.street()
	for x := x0 + 0.3; x < x1-0.4; x += 0.95 {
		s.strip(s.ground(0.01, hex(0xdfded8), 0.4, 6), 0.8, x, x+0.5, 0.012, 7, 9.6)
	}
	x, z := x1-1.4, 6.4
	s.rod(hex(0x7f8487), v3{x, 0, z}, v3{x, 3.1, z}, 0.12)
	s.box(hex(0x2c3033), 0.05, x-0.17, x+0.17, 2.2, 3.15, z-0.12, z+0.05)
	for i, c := range []rgb{hex(0xd9473c), hex(0xe2b340), hex(0x49b078)} {
		v := v3{x, 2.98 - 0.3*float64(i), z - 0.13}
		p, k := s.cam.at(v), s.cam.scale(v)
		on := s.after && i == 2
		if !on {
			c = c.mul(0.22)
		} else {
			s.ellipse(flat(c), 0.3, p.X, p.Y, 0.2*k, 0.2*k)
		}
		s.ellipse(flat(c), 1, p.X, p.Y, 0.115*k, 0.115*k)
	}
	s.car(-2.5, 12, pick(s, hex(0xbfc4c6), hex(0x6a3d3b), hex(0x3e5468)))
	s.figure(x1+0.9, 6, 1.7, hex(0x66584e))
	s.mark = v3{x, 2.98, z - 0.13}
}

// lightsOver lights all lamps of the traffic light that was drawn last.
func (s *stage) lightsOver() {
	for i, c := range []rgb{hex(0xd9473c), hex(0xe2b340), hex(0x49b078)} {
		v := v3{s.mark.X, s.mark.Y - 0.3*float64(i), s.mark.Z}
		p, k := s.cam.at(v), s.cam.scale(v)
		s.ellipse(flat(c), 0.3, p.X, p.Y, 0.2*k, 0.2*k)
		s.ellipse(flat(c.mul(1.15)), 1, p.X, p.Y, 0.115*k, 0.115*k)
	}
}
