package photo

import "math"

func (s *stage) parking() {
	s.yard()
	z := s.between(6.5, 8)
	if s.after {
		for x := -6.0; x < 6; x += 1.2 {
			s.box(hex(0xb9b5aa), 0.15, x, x+0.5, 0, 0.35, z-1.2, z-0.9)
		}
		return
	}
	for i := range 2 {
		x := -2.4 + 5.0*float64(i) + s.about(-0.3, 0.3)
		for _, d := range []float64{-1.3, 1.3} {
			s.patch(s.ground(0, hex(0x665a49), 0.8, 7), 0.9, s.shape(10, 0.25), x+d, 0.005, z-0.4, 0.7, 0.45)
		}
		s.car(x, z, pick(s, hex(0xc9cccd), hex(0x7f3d3a), hex(0x44586e), hex(0x5d6258), hex(0x30353a)))
	}
}

func (s *stage) oldCar() {
	s.yard()
	x, z := s.between(-0.8, 0.8), s.between(5, 6)
	if s.after {
		s.patch(s.ground(0, mix(s.grass(), hex(0x8b7a60), 0.5), 0.6, 6), 0.85, s.shape(12, 0.2), x, 0.006, z+0.6, 2.2, 1.0)
		return
	}
	s.car(x, z, mix(pick(s, hex(0x7a8471), hex(0x8a5c4c), hex(0x70808a)), hex(0x8a6a4c), 0.35))
	k := s.cam.scale(v3{x, 0, z})
	for range 14 { // rust
		p := s.cam.at(v3{x + s.about(-1.9, 1.9), s.about(0.4, 0.85), z - 0.01})
		s.blob(flat(hex(0x7d4a2c)), float32(s.about(0.3, 0.75)), p.X, p.Y, s.about(0.05, 0.2)*k, s.about(0.03, 0.1)*k, 0.4)
	}
	for _, d := range []float64{-1.3, 1.35} {
		p := s.cam.at(v3{x + d, 0.1, z - 0.02})
		s.ellipse(flat(hex(0x232425)), 1, p.X, p.Y+0.02*k, 0.36*k, 0.1*k)
	}
	c := s.cam.at(v3{x - 0.5, 1.2, z})
	for range 8 {
		a := s.about(0, 6.28)
		s.line(flat(rgb{0.85, 0.88, 0.88}), 0.8, 2, 1, c, pt{c.X + 0.3*k*math.Cos(a), c.Y + 0.14*k*math.Sin(a)})
	}
	for range 70 {
		v := v3{x + s.about(-2.4, 2.4), 0, z - s.about(0.05, 0.3)}
		p, h := s.cam.at(v), s.about(0.15, 0.45)*k
		if s.season == Winter {
			h *= 0.4
		}
		s.line(flat(mix(s.grass(), hex(0x6d7148), 0.4)), 0.9, 3, 1, p, pt{p.X + s.about(-0.1, 0.1)*k, p.Y - h})
	}
}

func (s *stage) dogs() {
	s.yard()
	if s.after {
		s.figure(s.between(-2, 2), 7, 1.7, hex(0x7e4a52))
		s.figure(s.between(-1, 3), 8, 1.2, hex(0x4f7597))
		return
	}
	for i := range 4 {
		s.dog(-3+2.1*float64(i)+s.about(-0.5, 0.5), s.about(5.5, 9), pick(s, 1.0, -1), pick(s, hex(0x6e5a45), hex(0x3d3a37), hex(0xa58c68), hex(0x8b857c)))
	}
}

// dog stands sideways; dir is 1 when it looks to the right.
func (s *stage) dog(x, z, dir float64, c rgb) {
	s.shadow(x, 0.01, z, 0.55, 0.2, 0.5)
	b, k := s.cam.at(v3{x, 0, z}), s.cam.scale(v3{x, 0, z})
	c = s.air(c, z)
	at := func(dx, y float64) pt { return pt{b.X + dx*dir*k, b.Y - y*k} }
	for _, d := range []float64{-0.34, -0.26, 0.24, 0.33} {
		s.line(flat(c.mul(0.8)), 1, 0.075*k, 0.055*k, at(d, 0.35), at(d+0.02, 0))
	}
	s.line(flat(c.mul(0.9)), 1, 0.06*k, 0.03*k, at(-0.36, 0.5), at(-0.52, 0.62), at(-0.56, 0.74))
	s.smooth(fade(c.mul(1.1), c.mul(0.78), b.Y-0.6*k, b.Y-0.28*k), 1, at(-0.4, 0.36), at(-0.42, 0.52), at(-0.1, 0.56), at(0.28, 0.58), at(0.42, 0.5), at(0.36, 0.34), at(0, 0.32))
	s.line(flat(c), 1, 0.2*k, 0.15*k, at(0.3, 0.5), at(0.46, 0.68))
	s.smooth(flat(c.mul(1.04)), 1, at(0.38, 0.64), at(0.42, 0.8), at(0.54, 0.8), at(0.72, 0.69), at(0.7, 0.62), at(0.5, 0.6))
	s.polygon(flat(c.mul(0.7)), 1, at(0.4, 0.76), at(0.43, 0.92), at(0.5, 0.79))
}

// porch is the entrance of a building in the middle of a wall.
func (s *stage) porch(steps int) (face, float64) {
	f, z := s.wallShot(pick(s, hex(0xb8aa94), hex(0xc4bda9), hex(0xa9a49c), hex(0xb39a80)))
	rise := 0.16 * float64(steps)
	at := func(x, y float64) v3 { return v3{x, y, z} }
	door := pick(s, hex(0x5b4a3d), hex(0x4c5a5f), hex(0x5d6b58))
	s.poly(flat(hex(0xd8d4ca)), 1, at(-1.0, rise), at(1.0, rise), at(1.0, rise+2.35), at(-1.0, rise+2.35))
	s.poly(rough(door, 0.15, 40), 1, at(-0.88, rise), at(-0.03, rise), at(-0.03, rise+2.2), at(-0.88, rise+2.2))
	s.poly(rough(door.mul(0.94), 0.15, 40), 1, at(0.03, rise), at(0.88, rise), at(0.88, rise+2.2), at(0.03, rise+2.2))
	s.poly(flat(mix(hex(0x4b5a63), s.skyTop, 0.3)), 1, at(-0.72, rise+1.2), at(-0.2, rise+1.2), at(-0.2, rise+2.0), at(-0.72, rise+2.0))
	s.box(hex(0x8f8c86), 0.1, -1.9, 1.9, rise+2.75, rise+2.95, z-1.5, z)
	for _, x := range []float64{-4.6, -2.9, 2.1, 3.8} {
		s.poly(flat(hex(0xe5e2da)), 1, at(x, 1.9), at(x+1.1, 1.9), at(x+1.1, 3.3), at(x, 3.3))
		g := fade(mix(hex(0x4b5a63), s.skyTop, 0.5), hex(0x4b5a63), s.cam.at(at(x, 3.3)).Y, s.cam.at(at(x, 1.9)).Y)
		s.poly(g, 1, at(x+0.08, 1.98), at(x+0.52, 1.98), at(x+0.52, 3.22), at(x+0.08, 3.22))
		s.poly(g, 1, at(x+0.6, 1.98), at(x+1.02, 1.98), at(x+1.02, 3.22), at(x+0.6, 3.22))
	}
	return f, z
}

func (s *stage) flight(n int, z, x0, x1 float64, c rgb, broken bool) {
	for i := range n {
		y := 0.16 * float64(n-i)
		d := z - 1.1 - 0.32*float64(i)
		s.box(c.mul(float32(1+0.02*float64(i%2))), 0.22, x0, x1, 0, y, d, z)
	}
	if !broken {
		return
	}
	for i := range n {
		y := 0.16 * float64(n-i)
		d := z - 1.1 - 0.32*float64(i) - 0.004
		for range 2 {
			x := s.about(x0+0.2, x1-0.4)
			w := s.about(0.18, 0.45)
			s.poly(rough(hex(0x55504a), 0.7, 12), 1, v3{x, y + 0.005, d}, v3{x + w, y + 0.005, d}, v3{x + w*0.8, y - 0.1, d}, v3{x + w*0.3, y - 0.13, d})
			s.poly(rough(hex(0x625c54), 0.7, 12), 1, v3{x, y + 0.006, d}, v3{x + w, y + 0.006, d}, v3{x + w*0.7, y + 0.006, d + 0.16}, v3{x + w*0.2, y + 0.006, d + 0.13})
		}
	}
	s.crumbs(0.4, z-1.4-0.32*float64(n), 0.5, 36, hex(0x8d877d))
}

func (s *stage) ramp() {
	s.cam.x = 1.5
	n := 4
	_, z := s.porch(n)
	s.flight(n, z, -1.7, 1.5, hex(0xa8a39a), false)
	steel := hex(0x9aa2a6)
	if s.after {
		y := 0.16 * float64(n)
		s.poly(rough(hex(0xb2ada3), 0.15, 40), 1, v3{1.55, y, z - 0.9}, v3{1.55, y, z - 0.2}, v3{4.6, 0, z - 0.2}, v3{4.6, 0, z - 0.9})
		s.poly(rough(hex(0x8c877e), 0.15, 40), 1, v3{1.55, 0, z - 0.9}, v3{1.55, y, z - 0.9}, v3{4.6, 0, z - 0.9})
		for _, hgt := range []float64{0.65, 0.95} {
			s.rod(steel, v3{1.55, y + hgt, z - 0.95}, v3{4.6, hgt, z - 0.95}, 0.05)
		}
		for i := range 5 {
			t := float64(i) / 4
			s.rod(steel, v3{1.55 + 3.05*t, y * (1 - t), z - 0.95}, v3{1.55 + 3.05*t, y*(1-t) + 0.95, z - 0.95}, 0.05)
		}
		return
	}
	// two bent rails instead of a ramp
	for _, x := range []float64{0.7, 1.2} {
		s.rod(hex(0x7c6a5c), v3{x, 0.66, z - 1.1}, v3{x + 0.14, 0.02, z - 2.5}, 0.09)
	}
	x := 3.1 // a pram waits below
	s.shadow(x, 0.01, z-2.4, 0.5, 0.25, 0.5)
	b, k := s.cam.at(v3{x, 0, z - 2.4}), s.cam.scale(v3{x, 0, z - 2.4})
	for _, d := range []float64{-0.28, 0.28} {
		s.ellipse(flat(hex(0x2b2d30)), 1, b.X+d*k, b.Y-0.14*k, 0.14*k, 0.14*k)
		s.ellipse(flat(hex(0xb5b8ba)), 1, b.X+d*k, b.Y-0.14*k, 0.09*k, 0.09*k)
	}
	s.line(flat(steel), 1, 0.04*k, 0.04*k, pt{b.X - 0.28*k, b.Y - 0.14*k}, pt{b.X + 0.5*k, b.Y - 0.95*k})
	c := pick(s, hex(0x4f7597), hex(0x8c5a68), hex(0x5d7a67))
	s.smooth(flat(c), 1, pt{b.X - 0.42*k, b.Y - 0.66*k}, pt{b.X - 0.3*k, b.Y - 0.36*k}, pt{b.X + 0.24*k, b.Y - 0.36*k}, pt{b.X + 0.38*k, b.Y - 0.66*k})
	s.smooth(flat(c.mul(0.8)), 1, pt{b.X - 0.42*k, b.Y - 0.64*k}, pt{b.X - 0.36*k, b.Y - 0.98*k}, pt{b.X - 0.05*k, b.Y - 1.02*k}, pt{b.X + 0.02*k, b.Y - 0.64*k})
}

func (s *stage) steps() {
	n := 5
	_, z := s.porch(n)
	c := hex(0xa8a39a)
	if s.after {
		c = hex(0xb7b1a5)
	}
	s.flight(n, z, -1.9, 1.9, c, !s.after)
	if s.after {
		for i := range n {
			d := z - 1.1 - 0.32*float64(i)
			y := 0.16 * float64(n-i)
			s.poly(flat(hex(0xd9b54a)), 0.9, v3{-1.9, y + 0.004, d}, v3{1.9, y + 0.004, d}, v3{1.9, y + 0.004, d + 0.07}, v3{-1.9, y + 0.004, d + 0.07})
		}
	}
	rail := hex(0x6d767b)
	top, low := v3{1.8, 0.8 + 0.9, z - 1.1}, v3{1.8, 0.9, z - 1.1 - 0.32*float64(n)}
	if !s.after {
		low = v3{2.3, 0.35, z - 1.1 - 0.32*float64(n)}
	}
	s.rod(rail, top, low, 0.06)
	s.rod(rail, v3{1.8, 0.8, z - 1.1}, top, 0.06)
	if s.after {
		s.rod(rail, v3{1.8, 0, low.Z}, low, 0.06)
	}
}

func (s *stage) graffiti() {
	f, _ := s.wallShot(pick(s, hex(0xc0b8a6), hex(0xb7b3ab), hex(0xc3b295), hex(0xb4a38d)))
	if s.after {
		s.part(rough(hex(0xc8c1b0), 0.05, 200), 0.75, f, 0.24, 0.07, 0.78, 0.29)
		return
	}
	paints := []rgb{hex(0x3d5f8f), hex(0xa8434a), hex(0x2f3035), hex(0x3f7d63), hex(0x7a4d8a), hex(0xc98a35)}
	for i := range 5 {
		c := paints[s.sub.IntN(len(paints))]
		x := 0.3 + 0.075*float64(i) + s.about(-0.02, 0.02)
		y := s.about(0.12, 0.2)
		ps := []pt{}
		for j := range 22 {
			t := float64(j) / 21
			v := f.at(x+0.1*t+0.022*math.Sin(t*13+float64(i)), y+0.07*math.Sin(t*9+float64(i)*2)+0.03*math.Cos(t*21))
			ps = append(ps, s.cam.at(v))
		}
		k := s.cam.scale(f.at(0.5, 0.2))
		s.line(flat(c.mul(0.7)), 0.5, 0.26*k, 0.22*k, ps...)
		s.line(flat(c), 0.95, 0.18*k, 0.14*k, ps...)
		for range 3 { // runs of paint
			q := ps[s.sub.IntN(len(ps))]
			s.line(flat(c), 0.85, 0.025*k, 0.01*k, q, pt{q.X, q.Y + s.about(0.15, 0.5)*k})
		}
	}
}

func (s *stage) facade() {
	n := 2
	f, z := s.porch(n)
	s.flight(n, z, -1.5, 1.5, hex(0xa8a39a), false)
	if s.after {
		return
	}
	for range 11 {
		x, y := s.about(0.3, 0.7), s.about(0.03, 0.5)
		if x > 0.4 && x < 0.6 && y < 0.36 || y > 0.14 && y < 0.44 {
			continue
		}
		p := s.cam.at(f.at(x, y))
		k := s.cam.scale(f.at(x, y)) * s.about(0.25, 0.7)
		s.blob(rough(hex(0x8a8178), 0.3, 30), 0.9, p.X, p.Y, k*1.05, k*0.8, 0.35)
		s.blob(rough(hex(0x9c5f4a), 0.5, 18), 1, p.X, p.Y, k*0.86, k*0.62, 0.35)
		for row := -3.0; row < 3; row++ { // bricks
			s.line(flat(hex(0xb8ab9b)), 0.4, 1.5, 1.5, pt{p.X - k*0.6, p.Y + row*k*0.18}, pt{p.X + k*0.6, p.Y + row*k*0.18})
		}
	}
	for range 4 {
		p := s.cam.at(f.at(s.about(0.25, 0.75), s.about(0.4, 0.6)))
		ps := []pt{p}
		for range 9 {
			p = pt{p.X + s.about(-22, 22), p.Y + s.about(20, 46)}
			ps = append(ps, p)
		}
		s.line(flat(hex(0x5b554d)), 0.7, 4, 1.5, ps...)
	}
}

func (s *stage) icicles() {
	s.look(1.6, s.between(0.78, 0.84), s.between(-0.25, 0.25))
	s.sky()
	st := s.blockStyle()
	st.floors, st.balconies = 2, false
	z := s.between(9.5, 11)
	s.building(st, -16, 16, z, z+10)
	roof := 2*st.floor + 0.9
	s.box(hex(0xf0f3f5), 0.05, -16.5, 16.5, roof, roof+0.5, z-0.5, z)
	s.poly(flat(hex(0x777c80)), 1, v3{-16.5, roof - 0.06, z - 0.5}, v3{16.5, roof - 0.06, z - 0.5}, v3{16.5, roof, z - 0.5}, v3{-16.5, roof, z - 0.5})
	s.strip(s.ground(0, hex(0xe6e9ec), 0.4, 5), 1, -40, 40, 0.01, 0.4, z)
	if s.after {
		return
	}
	for x := -9.0; x < 9; x += s.about(0.12, 0.34) {
		l := s.about(0.15, 0.6)
		if s.sub.IntN(5) == 0 {
			l = s.about(0.7, 1.5)
		}
		a, b := s.cam.at(v3{x, roof - 0.04, z - 0.48}), s.cam.at(v3{x, roof - l, z - 0.48})
		w := s.about(0.05, 0.11) * s.cam.scale(v3{x, roof, z})
		s.polygon(fade(hex(0xdbe8ef), hex(0xa9c0cd), a.Y, b.Y), 0.93, pt{a.X - w, a.Y}, pt{a.X + w, a.Y}, pt{a.X + w*0.3, (a.Y + b.Y) / 2}, b)
		s.polygon(flat(rgb{1, 1, 1}), 0.5, pt{a.X - w*0.5, a.Y}, pt{a.X, a.Y}, pt{b.X, b.Y - 4})
	}
}

func (s *stage) fence() {
	s.yard()
	c, z := pick(s, hex(0x6b8069), hex(0x73808c), hex(0x8f7350)), s.between(5, 6)
	for i := range 26 {
		x := -5.2 + 0.4*float64(i)
		lean := 0.0
		if !s.after && i > 8 && i < 19 {
			if i == 12 || i == 15 {
				continue
			}
			lean = -0.5 + 0.12*float64((i*7)%9) - 0.3
		}
		s.rod(c.mul(float32(s.between(0.92, 1.05))), v3{x, 0, z}, v3{x + lean*0.3, 1.25 - math.Abs(lean)*0.6, z - math.Abs(lean)*1.1}, 0.07)
	}
	for _, y := range []float64{0.3, 1.05} {
		s.rod(c.mul(0.85), v3{-5.4, y, z}, v3{-2, y, z}, 0.06)
		s.rod(c.mul(0.85), v3{2.4, y, z}, v3{5.4, y, z}, 0.06)
		if s.after {
			s.rod(c.mul(0.85), v3{-2, y, z}, v3{2.4, y, z}, 0.06)
		} else {
			s.rod(c.mul(0.7), v3{-2, y, z}, v3{0.6, y * 0.3, z - 0.8}, 0.06)
		}
	}
}
