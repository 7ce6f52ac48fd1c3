package photo

import "math"

// ruts are two grooves along the lane; waves run across it.
func (s *stage) ruts() {
	x0, x1 := s.street()
	if s.after {
		s.freshSurface(x0, x1)
		return
	}
	for _, x := range []float64{(x0+x1)/2 + 0.7, x1 - 0.9} {
		for z := 30.0; z > 1.2; z -= 0.5 {
			w := s.about(0.3, 0.4)
			s.patch(s.ground(0, s.asphalt().mul(0.62), 0.5, 7), 0.75, s.shape(9, 0.12), x+s.about(-0.04, 0.04), 0.006, z, w, 0.6)
		}
		s.strip(flat(s.asphalt().mul(1.25)), 0.5, x-0.5, x-0.4, 0.008, 0.6, 40)
		s.strip(flat(s.asphalt().mul(1.2)), 0.5, x+0.4, x+0.48, 0.008, 0.6, 40)
	}
}

func (s *stage) freshSurface(x0, x1 float64) {
	s.strip(s.ground(0.01, hex(0x4b4e52), 0.3, 14), 1, x0, x1, 0.01, 0.4, 120)
	mid := (x0 + x1) / 2
	for z := 1.5; z < 60; z += 5 {
		s.strip(flat(hex(0xe9e9e4)), 0.9, mid-0.07, mid+0.07, 0.012, z, z+2.4)
	}
}

func waves(n int) func(*stage) {
	return func(s *stage) {
		x0, x1 := s.street()
		if s.after {
			s.freshSurface(x0, x1)
			return
		}
		a := s.asphalt()
		for i := n; i > 0; i-- {
			z := 2.6 + 1.5*float64(i)
			s.patch(flat(a.mul(0.6)), 0.8, s.shape(15, 0.08), (x0+x1)/2+0.9, 0.008, z-0.35, 1.7, 0.32)
			s.patch(s.ground(0, a.mul(1.22), 0.5, 8), 0.95, s.shape(15, 0.08), (x0+x1)/2+0.9, 0.008, z, 1.7, 0.36)
			s.cracks((x0+x1)/2+0.9, z, 0.9, 4)
		}
	}
}

// broken is a surface of nothing but holes; yard says where.
func broken(yard bool, n int) func(*stage) {
	return func(s *stage) {
		x0, x1, far := -4.0, 4.0, 6.8
		if yard {
			s.court()
		} else {
			x0, x1 = s.street()
			x0, x1, far = x0+0.7, x1-0.7, 16
		}
		if s.after {
			switch {
			case n < 3:
				s.freshPatch(0.3, 4.2, 1.3, 0.8)
			case yard:
				s.strip(s.ground(0.01, hex(0x4b4e52), 0.3, 14), 1, -80, 80, 0.01, 0.4, 7.6)
			default:
				s.freshSurface(x0-0.7, x1+0.7)
			}
			return
		}
		a := s.asphalt()
		for i := n; i > 0; i-- {
			z := 3.0 + (far-3.0)*math.Pow(float64(i)/float64(n), 1.5)
			x, rx := s.about(x0, x1), s.about(0.5, 1.0)
			if n < 3 {
				x, z, rx = 0.3, 4.2, 1.15
			}
			out := s.shape(13, 0.18)
			s.cracks(x, z, rx*1.1, 5)
			s.patch(s.ground(0, a.mul(0.72), 0.6, 12), 1, out, x, 0.006, z, rx*1.12, rx*0.74)
			s.patch(s.ground(-0.1, hex(0x4b453f), 0.9, 14), 1, out, x, 0.006, z, rx, rx*0.64)
			s.patch(s.ground(-0.1, hex(0x5f574d), 0.9, 12), 1, out, x, -0.05, z, rx*0.82, rx*0.5)
			if s.sub.IntN(3) == 0 {
				s.patch(s.mirror(hex(0x6b6a62), 0.65, 0.4), 0.95, s.shape(11, 0.1), x, -0.05, z, rx*0.6, rx*0.34)
			}
			s.crumbs(x, z, rx, 20, a.mul(0.8))
		}
	}
}

// sandTrench is a trench filled with sand that has sunk.
func (s *stage) sandTrench() {
	x0, x1 := s.street()
	z := s.between(4.2, 4.8)
	if s.after {
		s.strip(flat(hex(0x26282b)), 0.9, x0, x1, 0.009, z-0.95, z+0.95)
		s.strip(s.ground(0.01, hex(0x45484c), 0.35, 14), 1, x0, x1, 0.01, z-0.88, z+0.88)
		return
	}
	sand := hex(0xb39a70)
	s.strip(s.ground(0, s.asphalt().mul(0.6), 0.6, 9), 1, x0, x1, 0.006, z-0.95, z+0.95)
	s.strip(s.ground(-0.08, sand, 0.9, 6), 1, x0, x1, 0.007, z-0.8, z+0.85)
	s.strip(flat(s.shade), 0.35, x0, x1, 0.008, z+0.55, z+0.85)
	for range 4 {
		s.patch(s.ground(-0.08, sand.mul(0.72), 0.8, 6), 0.8, s.shape(11, 0.25), s.about(x0+0.6, x1-0.6), 0.009, z+s.about(-0.3, 0.3), s.about(0.5, 0.9), 0.3)
	}
	s.heap(x1+1.2, z+1.4, 0.9, 0.5, 34, sand, sand.mul(0.85), hex(0x8b7459))
	s.crumbs(0, z, 1.6, 50, hex(0x5a5c5f))
}

// mudTracks is clay that lorries carried onto a street.
func (s *stage) mudTracks() {
	x0, x1 := s.street()
	if s.after {
		return
	}
	clay := hex(0x8a6e4e)
	for z := 24.0; z > 1.2; z -= 0.45 {
		for _, x := range []float64{x0 + 1, x0 + 2.6, x1 - 2.2, x1 - 0.8} {
			s.patch(s.ground(0, clay.mul(float32(s.about(0.8, 1.1))), 0.9, 7), float32(s.about(0.5, 0.95)), s.shape(9, 0.35), x+s.about(-0.15, 0.15), 0.009, z, s.about(0.25, 0.5), s.about(0.3, 0.7))
		}
	}
	s.heap(x1+0.3, 5, 0.5, 0.2, 22, clay, clay.mul(0.8))
}

// mudYard is a yard before a new house where nothing is paved.
func (s *stage) mudYard() {
	s.yard()
	if s.after {
		s.strip(s.ground(0.01, hex(0x4b4e52), 0.3, 12), 1, -80, 80, 0.01, 0.4, 4.6)
		s.strip(s.ground(0.1, hex(0xb7b5ae), 0.2, 4), 1, -80, 80, 0.1, 4.6, 4.8)
		s.strip(s.ground(0.1, hex(0xa9a49a), 0.25, 8), 1, -80, 80, 0.1, 4.8, 6.4)
		return
	}
	clay := hex(0x7f6a50)
	s.strip(s.ground(0, clay, 0.9, 4), 1, -80, 80, 0.006, 0.4, 10)
	for _, x := range []float64{-1.4, 0.4} {
		for z := 9.5; z > 1.2; z -= 0.5 {
			s.patch(s.ground(0, clay.mul(0.65), 0.7, 6), 0.6, s.shape(9, 0.25), x+0.1*z+s.about(-0.12, 0.12), 0.008, z, s.about(0.3, 0.4), s.about(0.5, 0.8))
		}
	}
	for range 4 {
		s.patch(s.mirror(hex(0x7a6c58), 0.6, 0.5), 0.95, s.shape(13, 0.2), s.about(-3, 3), 0.009, s.about(2.6, 7.5), s.about(0.5, 1.2), s.about(0.3, 0.6))
	}
}

// hole is an open pit: on a street, in a yard, or a quarry in the fields.
func hole(where string) func(*stage) {
	return func(s *stage) {
		earth, x, z, rx, rz := hex(0x77604a), 0.0, 5.2, 1.7, 1.1
		switch where {
		case "quarry":
			s.meadow(true)
			earth, z, rx, rz = hex(0xbfa067), 8.4, 5.2, 3.2
		case "site":
			s.meadow(false)
			z, rx, rz = 7.4, 4.2, 2.2
		default:
			s.yard()
		}
		restored := s.after && where == "lawn"
		if restored {
			s.patch(s.ground(0, mix(s.grass(), hex(0x7a6a4c), 0.45), 0.7, 7), 0.95, s.shape(15, 0.1), x, 0.005, z, rx*1.3, rz*1.3)
			return
		}
		out := s.shape(15, 0.12)
		s.patch(s.ground(0, earth, 0.9, 6), 1, out, x, 0.005, z, rx*1.25, rz*1.25)
		s.patch(s.ground(-0.3, earth.mul(0.62), 0.9, 5), 1, out, x, 0.006, z, rx, rz)
		s.patch(flat(hex(0x1d1712)), 0.6, out, x, 0.007, z-rz*0.12, rx*0.93, rz*0.72)
		s.patch(s.ground(-0.8, earth.mul(0.5), 0.9, 5), 0.9, out, x, -0.2, z+rz*0.08, rx*0.8, rz*0.5)
		s.heap(x-rx*1.25, z+rz*0.9, rx*0.7, 0.5+rx*0.2, 60, earth, earth.mul(1.15), earth.mul(0.85))
		switch {
		case where == "quarry" && s.after: // the way in is dug up and barred
			for i := range 4 {
				s.heap(-3+2*float64(i), 4.4, 1.3, 0.7, 50, earth.mul(0.8), hex(0x77604a), hex(0x8b7459))
			}
		case where == "quarry":
			s.heap(x+rx*1.1, z+rz*0.6, 2, 1.6, 80, earth, earth.mul(1.1), earth.mul(0.9))
		case s.after:
			s.barriers(x, z, rx*1.35, rz*1.35)
		}
	}
}

// barriers are red and white boards around a hole.
func (s *stage) barriers(x, z, rx, rz float64) {
	board := func(a, b v3) {
		for i := range 8 {
			c := hex(0xc8473b)
			if i%2 == 0 {
				c = hex(0xeceae4)
			}
			t, u := float64(i)/8, float64(i+1)/8
			p := func(k, y float64) v3 { return v3{a.X + (b.X-a.X)*k, y, a.Z + (b.Z-a.Z)*k} }
			s.poly(flat(s.air(c, a.Z)), 1, p(t, 0.75), p(u, 0.75), p(u, 1.0), p(t, 1.0))
		}
		for _, q := range []v3{a, b} {
			s.rod(hex(0xd9d9d4), v3{q.X, 0, q.Z}, v3{q.X, 1.05, q.Z}, 0.06)
		}
	}
	l, r, n, f := x-rx, x+rx, z-rz, z+rz
	board(v3{l, 0, f}, v3{r, 0, f})
	board(v3{l, 0, f}, v3{l, 0, n})
	board(v3{r, 0, f}, v3{r, 0, n})
	board(v3{l, 0, n}, v3{r, 0, n})
}

// pathIn is a paved path, broken before the work: in a yard or a park.
func pathIn(park bool) func(*stage) {
	return func(s *stage) {
		if park {
			s.park()
		} else {
			s.yard()
		}
		x0, x1, c := -1.5, 1.5, hex(0xa9a096)
		for z := 11.0; z > 0.6; z -= 0.5 {
			for i := range 6 {
				x := x0 + 0.5*float64(i)
				tone := c.mul(float32(s.between(0.93, 1.05)))
				if !s.after && s.sub.IntN(3) == 0 {
					switch s.sub.IntN(3) {
					case 0:
						s.strip(s.ground(0.01, hex(0x6d6352), 0.9, 9), 1, x, x+0.49, 0.012, z, z+0.49)
					case 1:
						d := s.about(0.05, 0.14)
						s.poly(s.ground(0.01, tone.mul(0.8), 0.4, 9), 1, v3{x + d, 0.012, z}, v3{x + 0.49, 0.09, z + d}, v3{x + 0.4, 0.09, z + 0.49}, v3{x, 0.012, z + 0.4})
					default:
						s.strip(s.ground(0.01, tone.mul(0.7), 0.6, 9), 1, x, x+0.3, 0.012, z, z+0.47)
					}
					continue
				}
				s.strip(s.ground(0.01, tone, 0.2, 8), 1, x, x+0.47, 0.013, z, z+0.47)
			}
		}
		for _, x := range []float64{x0 - 0.1, x1} {
			for z := 11.0; z > 0.6; z -= 1.0 {
				if !s.after && s.sub.IntN(3) == 0 {
					continue
				}
				s.box(hex(0xb7b5ae), 0.15, x, x+0.1, 0, 0.12, z, z+0.95)
			}
		}
		if !s.after {
			s.crumbs(0, 3.4, 1.0, 50, hex(0x8c867d))
		}
	}
}

// yardPool is water standing before the doors.
func (s *stage) yardPool() {
	s.court()
	if s.after {
		s.strip(flat(hex(0x2c2e31)), 1, 1.0, 1.7, 0.012, 4.0, 4.6)
		for i := range 7 {
			z := 4.03 + 0.08*float64(i)
			s.strip(flat(hex(0x6c7074)), 1, 1.04, 1.66, 0.014, z, z+0.04)
		}
		return
	}
	s.patch(s.mirror(hex(0x6b7370), 0.55, 1), 0.94, s.shape(17, 0.12), 0.3, 0.02, 4.6, 4.4, 2.3)
	for range 3 {
		s.patch(flat(rgb{1, 1, 1}), 0.12, round(16), s.about(-2, 3), 0.025, s.about(3.4, 5.6), 0.3, 0.2)
	}
}

// drain is a storm drain at the kerb: clogged, or without its grate.
func drain(missing bool) func(*stage) {
	return func(s *stage) {
		x0, _ := s.street()
		s.cam.x = x0 + 1.6
		s.street2(x0)
		x, z := x0+0.12, 3.1
		frame := hex(0x4a4d50)
		s.strip(flat(frame), 1, x-0.06, x+0.96, 0.01, z-0.06, z+0.76)
		s.strip(flat(hex(0x121416)), 1, x, x+0.9, 0.011, z, z+0.7)
		grate := func() {
			for i := range 9 {
				d := z + 0.03 + 0.075*float64(i)
				s.strip(flat(hex(0x777b7e)), 1, x, x+0.9, 0.014, d, d+0.035)
			}
			s.strip(flat(hex(0x777b7e)), 1, x+0.42, x+0.48, 0.015, z, z+0.7)
		}
		switch {
		case s.after:
			grate()
		case missing:
			s.strip(flat(hex(0x060708)), 1, x+0.08, x+0.82, 0.012, z+0.05, z+0.55)
			s.cracks(x+0.4, z+0.3, 0.7, 7)
			s.crumbs(x+0.4, z+0.2, 0.7, 30, s.asphalt().mul(0.8))
		default:
			s.patch(s.mirror(hex(0x5f5f55), 0.5, 0.6), 0.92, s.shape(15, 0.15), x+1.1, 0.012, z+0.6, 2.0, 1.3)
			grate()
			for range 130 {
				v := v3{x + s.about(-0.2, 1.3), 0.02, z + s.about(-0.25, 1)}
				p, k := s.cam.at(v), s.cam.scale(v)*s.about(0.03, 0.07)
				c := [...]rgb{hex(0x6d5a3c), hex(0x8a6a3c), hex(0x5a4d3a), hex(0x9a8050)}[s.sub.IntN(4)]
				s.ellipse(flat(c.mul(float32(s.about(0.8, 1.1)))), 1, p.X, p.Y, k, k*0.5)
			}
		}
	}
}

// street2 paints the gutter side of a street anew for a camera that moved.
func (s *stage) street2(x0 float64) {
	s.rect(flat(s.haze), 1, 0, s.cam.horizon, s.w, s.h-s.cam.horizon)
	s.strip(s.ground(0, s.grass(), 0.5, 5), 1, -80, 80, 0, 0.4, 260)
	s.strip(s.ground(0, s.asphalt(), 0.5, 7), 1, x0, x0+7.2, 0.004, 0.4, 260)
	s.strip(s.ground(0.1, mix(s.asphalt(), hex(0x9b9790), 0.7), 0.35, 6), 1, x0-2.4, x0-0.2, 0.1, 0.4, 200)
	s.strip(s.ground(0.1, hex(0xb7b5ae), 0.2, 4), 1, x0-0.22, x0, 0.1, 0.4, 200)
	s.poly(s.ground(0.05, hex(0x85837d), 0.2, 4), 1, v3{x0, 0, 0.4}, v3{x0, 0.1, 0.4}, v3{x0, 0.1, 200}, v3{x0, 0, 200})
}

// badCover is a manhole cover that has sunk and cracked.
func (s *stage) badCover() {
	x0, x1 := s.street()
	x, z := s.between(x0*0.3, x1*0.25), s.between(3.7, 4.5)
	r, steel := round(28), hex(0x55575a)
	if s.after {
		s.patch(s.ground(0, hex(0x45484c), 0.35, 12), 1, round(4), x, 0.005, z, 1.0, 0.95)
	} else {
		s.patch(s.ground(0, s.asphalt().mul(0.6), 0.7, 9), 1, s.shape(15, 0.12), x, 0.005, z, 0.85, 0.8)
		s.patch(flat(hex(0x1b1c1e)), 0.9, r, x, 0.006, z, 0.54, 0.52)
		s.cracks(x, z, 0.8, 8)
		s.crumbs(x, z, 0.7, 30, s.asphalt().mul(0.8))
	}
	dz := 0.0
	if !s.after {
		dz = -0.05
	}
	s.patch(s.ground(0, steel.mul(1.1), 0.35, 18), 1, r, x, 0.01+dz, z, 0.46, 0.45)
	for i := -3.0; i <= 3; i++ {
		d := math.Sqrt(0.42*0.42 - 0.0121*i*i)
		s.strip(flat(hex(0x333538)), 0.6, x+i*0.11-0.012, x+i*0.11+0.012, 0.012+dz, z-d, z+d)
	}
	if !s.after {
		a, b, c := s.cam.at(v3{x - 0.42, 0, z - 0.1}), s.cam.at(v3{x + 0.05, 0, z + 0.05}), s.cam.at(v3{x + 0.38, 0, z - 0.22})
		s.line(flat(hex(0x0d0e10)), 1, 7, 5, a, b, c)
	}
}

// sewage is a well from which dirty water runs.
func (s *stage) sewage() {
	s.street()
	x, z := 0.4, 5.0
	if !s.after {
		dirty := pixels(func(px, py float32) rgb {
			return mix(hex(0x57503c), hex(0x857a5c), min(max(noise(px*0.012, py*0.07)*1.6-0.4, 0), 1))
		})
		s.patch(dirty, 0.93, s.shape(17, 0.16), x-0.6, 0.008, z-0.6, 3.0, 1.9)
		s.patch(flat(hex(0xb0a684)), 0.5, s.shape(13, 0.2), x, 0.01, z-0.1, 0.8, 0.5)
	}
	r := round(24)
	s.patch(s.ground(0, hex(0x55575a), 0.3, 12), 1, r, x, 0.012, z, 0.46, 0.44)
	s.patch(s.ground(0, hex(0x6a6d70), 0.4, 18), 1, r, x, 0.014, z, 0.4, 0.38)
	if s.after {
		s.patch(flat(hex(0xe6e6e0)), 0.25, s.shape(13, 0.25), x-0.4, 0.008, z-0.5, 1.6, 0.9)
		return
	}
	b, k := s.cam.at(v3{x, 0, z}), s.cam.scale(v3{x, 0, z})
	for range 60 {
		a := s.about(0, 2*math.Pi)
		s.ellipse(flat(hex(0x9a9070)), 0.5, b.X+0.45*k*math.Cos(a), b.Y+0.16*k*math.Sin(a)-s.about(0, 0.12)*k, 0.05*k, 0.06*k)
	}
}

// steam comes out of the ground over a burst main.
func (s *stage) steam() {
	s.street()
	x, z := s.between(-0.4, 0.9), 6.2
	if s.after {
		s.patch(s.ground(0, hex(0x77604a), 0.8, 8), 1, s.shape(13, 0.15), x, 0.006, z-0.8, 1.4, 0.8)
		return
	}
	s.patch(s.mirror(hex(0x727a7b), 0.5, 1.2), 0.9, s.shape(15, 0.18), x, 0.012, z-1, 2.6, 1.6)
	s.patch(flat(hex(0x35322e)), 1, s.shape(11, 0.2), x, 0.014, z-0.4, 0.6, 0.35)
	b, k := s.cam.at(v3{x, 0, z - 0.4}), s.cam.scale(v3{x, 0, z})
	for i := range 80 {
		t := float64(i) / 80
		r := (0.25 + 1.3*t) * k
		s.blob(flat(rgb{0.95, 0.96, 0.97}.mul(float32(s.about(0.9, 1)))), 0.14, b.X+s.about(-1, 1)*(0.3+t)*k+t*t*1.2*k, b.Y-t*3.4*k, r, r*0.8, 0.3)
	}
}
