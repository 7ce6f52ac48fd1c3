package photo

import "math"

func (s *stage) bins() {
	s.yard()
	z := s.between(5.6, 6.4)
	s.strip(s.ground(0.02, hex(0x9a9892), 0.35, 6), 1, -4.2, 4.2, 0.02, z-1, z+2.6)
	screen := pick(s, hex(0x6c8471), hex(0x7e8792), hex(0x8d7f6c))
	for x := -3.6; x < 3.6; x += 0.3 {
		s.box(screen.mul(float32(s.between(0.92, 1.06))), 0.1, x, x+0.28, 0.05, 1.7, z+2.1, z+2.15)
	}
	c := pick(s, hex(0x3f6a54), hex(0x4b5f78), hex(0x5e6367), hex(0x8a7a3e))
	for i := range 3 {
		x := -2.9 + 2.05*float64(i)
		s.shadow(x+0.8, 0.03, z+0.5, 1.0, 0.7, 0.5)
		if !s.after {
			s.heapAt(x+0.8, z+0.6, 0.75, 1.05, 0.65, 26)
		}
		s.box(c, 0.2, x, x+1.6, 0.18, 1.15, z, z+1.1)
		f := face{v3{x, 0.18, z - 0.01}, v3{1.6, 0, 0}, v3{0, 0.97, 0}}
		for j := 1; j < 5; j++ {
			s.part(flat(s.air(c.mul(0.78), z)), 0.9, f, float64(j)*0.2-0.015, 0.06, float64(j)*0.2+0.015, 0.86)
		}
		s.part(flat(s.air(c.mul(0.7), z)), 1, f, -0.02, 0.88, 1.02, 1)
		for _, a := range []float64{0.15, 1.45} {
			p, k := s.cam.at(v3{x + a, 0.1, z}), s.cam.scale(v3{x, 0, z})
			s.ellipse(flat(hex(0x2e3032)), 1, p.X, p.Y, 0.09*k, 0.09*k)
		}
		if s.after {
			s.poly(flat(s.air(c.mul(1.1), z)), 1, v3{x - 0.03, 1.15, z - 0.03}, v3{x + 1.63, 1.15, z - 0.03}, v3{x + 1.6, 1.3, z + 0.6}, v3{x, 1.3, z + 0.6})
		}
	}
	if s.after {
		return
	}
	bags := []rgb{hex(0x2f3236), hex(0x3a3d44), hex(0xc9c6bd), hex(0x5d7ea0), hex(0xb59a6f), hex(0xd8d5cb), hex(0x8a5d55)}
	for range 3 {
		s.heap(s.about(-3.2, 3.2), z-s.about(0.3, 0.9), s.about(0.7, 1.2), s.about(0.3, 0.6), 18, bags...)
	}
	s.box(hex(0xa98d66), 0.15, 2.4, 3.0, 0, 0.5, z-1.1, z-0.6)
}

// heapAt is a pile of rubbish standing out of something at the height y.
func (s *stage) heapAt(x, z, rx, y, height float64, n int) {
	colours := []rgb{hex(0x33363b), hex(0xcfccc2), hex(0x5c7c9c), hex(0xb59a6f), hex(0x44474d), hex(0x97695f)}
	for i := range n {
		t := float64(i) / float64(n)
		v := v3{x + s.about(-1, 1)*rx*(1-0.5*t), y + height*t, z}
		p, k := s.cam.at(v), s.cam.scale(v)*s.about(0.14, 0.24)
		c := s.air(colours[s.sub.IntN(len(colours))].mul(float32(s.about(0.85, 1.1))), z)
		ps := make([]pt, 7)
		for j := range ps {
			a := 2 * math.Pi * float64(j) / 7
			q := k * s.about(0.7, 1.1)
			ps[j] = pt{p.X + q*math.Cos(a), p.Y + q*0.85*math.Sin(a)}
		}
		s.smooth(fade(c.mul(1.12), c.mul(0.68), p.Y-k, p.Y+k), 1, ps...)
	}
}

func (s *stage) dump() {
	s.meadow(true)
	if s.after {
		s.patch(s.ground(0.01, mix(s.grass(), hex(0x8b7a60), 0.6), 0.7, 5), 0.9, s.shape(13, 0.2), 1.6, 0.004, 6.6, 3.4, 2.0)
		return
	}
	rubble := []rgb{hex(0x9a938a), hex(0xa5675a), hex(0x7e7a74), hex(0xc8c4ba), hex(0x5c6f80), hex(0x3a3c40), hex(0xb99c72)}
	s.heap(2.6, 8.4, 2.2, 1.3, 120, rubble...)
	s.heap(-0.4, 7.4, 1.5, 0.6, 60, rubble...)
	s.heap(1.4, 5.8, 1.2, 0.4, 40, rubble...)
	for range 3 { // tyres
		x, z := s.about(-1, 3.4), s.about(4.6, 6)
		s.patch(flat(hex(0x2a2b2d)), 1, round(18), x, 0.08, z, 0.36, 0.34)
		s.patch(flat(hex(0x4d463c)), 1, round(14), x, 0.1, z, 0.17, 0.16)
	}
	s.poly(rough(hex(0x8d8470), 0.3, 30), 1, v3{0.3, 0, 5.4}, v3{1.9, 0, 5.2}, v3{1.8, 0.75, 5.6}, v3{0.4, 0.8, 5.8})
}

func (s *stage) playground() {
	s.yard()
	z := s.between(6.4, 7.4)
	s.patch(s.ground(0.01, hex(0xc1ad84), 0.5, 6), 1, round(20), 0, 0.006, z+0.6, 5.2, 2.6)
	red, blue, yellow := hex(0xb8584a), hex(0x4f7597), hex(0xcaa04a)
	if !s.after {
		red, blue, yellow = red.mul(0.85), mix(blue, hex(0x8c8a84), 0.4), mix(yellow, hex(0x8c8a84), 0.4)
	}
	x := s.between(-2.8, -2)
	for _, a := range []float64{x, x + 2.6} { // the swing
		s.rod(blue, v3{a - 0.1, 0, z - 0.6}, v3{a, 2.3, z}, 0.08)
		s.rod(blue.mul(0.9), v3{a + 0.1, 0, z + 0.6}, v3{a, 2.3, z}, 0.08)
	}
	s.rod(blue, v3{x, 2.3, z}, v3{x + 2.6, 2.3, z}, 0.09)
	chain := hex(0x5d6062)
	seat := func(a float64, broken bool) {
		y := 0.5
		s.rod(chain, v3{a, 2.3, z}, v3{a, y, z}, 0.025)
		if broken {
			s.rod(chain, v3{a + 0.5, 2.3, z}, v3{a + 0.56, 1.2, z}, 0.025)
			s.poly(flat(red.mul(0.9)), 1, v3{a - 0.06, 0.5, z - 0.1}, v3{a + 0.1, 0.48, z + 0.1}, v3{a + 0.16, 0.02, z + 0.1}, v3{a + 0.02, 0.04, z - 0.1})
			return
		}
		s.rod(chain, v3{a + 0.5, 2.3, z}, v3{a + 0.5, y, z}, 0.025)
		s.box(red, 0.1, a-0.05, a+0.55, y-0.05, y+0.02, z-0.14, z+0.14)
	}
	seat(x+0.4, false)
	seat(x+1.6, !s.after)
	sx := x + 4.4 // the slide
	s.box(yellow, 0.1, sx, sx+0.9, 1.35, 1.45, z, z+0.8)
	for _, a := range []float64{sx + 0.05, sx + 0.85} {
		s.rod(blue, v3{a, 0, z}, v3{a, 2.1, z}, 0.09)
	}
	s.poly(flat(s.air(red, z)), 1, v3{sx - 0.15, 2.1, z}, v3{sx + 0.45, 2.7, z}, v3{sx + 1.05, 2.1, z})
	s.poly(fade(yellow.mul(1.1), yellow.mul(0.75), s.cam.at(v3{sx, 1.4, z}).Y, s.cam.at(v3{sx, 0, z}).Y), 1,
		v3{sx + 0.9, 1.4, z}, v3{sx + 0.9, 1.4, z + 0.5}, v3{sx + 2.8, 0.15, z + 0.5}, v3{sx + 2.8, 0.15, z})
	for i := range 5 {
		if !s.after && (i == 1 || i == 3) {
			continue
		}
		y := 0.25 + 0.25*float64(i)
		s.rod(yellow.mul(0.85), v3{sx - 0.55 + y*0.4, y, z}, v3{sx - 0.55 + y*0.4, y, z + 0.5}, 0.06)
		s.rod(yellow.mul(0.8), v3{sx - 0.55 + y*0.4, y, z - 0.05}, v3{sx - 0.1 + y*0.4, y, z - 0.05}, 0.05)
	}
	s.rod(blue, v3{sx - 0.6, 0, z}, v3{sx, 1.4, z}, 0.06)
}

func (s *stage) bench() { s.benchIn(func(s *stage) { s.yard() }) }

// benchIn is a bench and a litter bin in the place that ground draws.
func (s *stage) benchIn(ground func(*stage)) {
	ground(s)
	x, z := s.between(-1.4, -0.6), s.between(4.2, 4.9)
	s.strip(s.ground(0.01, hex(0xa9a49a), 0.3, 8), 1, -3.4, 3.2, 0.01, z-0.6, z+1.5)
	wood, iron := hex(0x9f7445), hex(0x3c4144)
	if !s.after {
		wood = hex(0x7d6a55)
	}
	s.shadow(x+0.9, 0.02, z+0.3, 1.3, 0.5, 0.5)
	for _, a := range []float64{x + 0.1, x + 1.75} {
		s.rod(iron, v3{a, 0.45, z + 0.5}, v3{a, 0.95, z + 0.62}, 0.06)
	}
	for i := range 3 { // the back
		y := 0.58 + 0.14*float64(i)
		if !s.after && i == 1 {
			s.poly(rough(wood, 0.3, 16), 1, v3{x, y, z + 0.56}, v3{x + 0.8, y - 0.02, z + 0.56}, v3{x + 0.7, y + 0.09, z + 0.57}, v3{x, y + 0.1, z + 0.57})
			continue
		}
		s.poly(rough(wood.mul(1.04), 0.25, 24), 1, v3{x, y, z + 0.56}, v3{x + 1.85, y, z + 0.56}, v3{x + 1.85, y + 0.1, z + 0.57}, v3{x, y + 0.1, z + 0.57})
	}
	for i := range 4 { // the seat
		d := z + 0.12*float64(i)
		if !s.after && i == 1 {
			continue
		}
		if !s.after && i == 2 {
			s.poly(rough(wood.mul(0.85), 0.3, 16), 1, v3{x + 0.5, 0.42, d}, v3{x + 1.9, 0.08, d - 0.3}, v3{x + 1.9, 0.13, d - 0.2}, v3{x + 0.5, 0.48, d + 0.1})
			continue
		}
		s.box(wood, 0.25, x, x+1.85, 0.42, 0.46, d, d+0.1)
	}
	for _, a := range []float64{x + 0.1, x + 1.75} {
		s.rod(iron, v3{a, 0, z + 0.05}, v3{a, 0.43, z + 0.05}, 0.06)
		s.rod(iron, v3{a, 0, z + 0.5}, v3{a, 0.43, z + 0.5}, 0.06)
	}
	bx := x + 2.6 // the litter bin
	s.box(hex(0x59646a), 0.1, bx, bx+0.38, 0.08, 0.7, z+0.2, z+0.55)
	if !s.after {
		s.heapAt(bx+0.19, z+0.3, 0.2, 0.7, 0.2, 8)
		s.heap(bx+0.2, z-0.1, 0.5, 0.12, 9, hex(0xcfccc2), hex(0x5c7c9c), hex(0xb59a6f))
	}
}

func (s *stage) sportGround() {
	s.yard()
	z := 7.0
	s.strip(s.ground(0.01, pick(s, hex(0x7d8f6f), hex(0x96705f), hex(0x8c8577)), 0.4, 8), 1, -7, 7, 0.01, 3, 13)
	for _, x := range []float64{-6.9, 0, 6.9} {
		s.strip(flat(hex(0xe2e0d8)), 0.7, x-0.05, x+0.05, 0.012, 3, 13)
	}
	if !s.after {
		for range 8 {
			s.patch(s.ground(0.01, hex(0x6f675c), 0.8, 8), 0.9, s.shape(10, 0.3), s.about(-5, 5), 0.013, s.about(4, 9), s.about(0.3, 0.9), s.about(0.2, 0.6))
		}
	}
	for _, x := range []float64{-5.5, 5.2} {
		c := hex(0x6b7479)
		s.rod(c, v3{x, 0, z + 4}, v3{x, 3.1, z + 4}, 0.13)
		if s.after || x < 0 {
			s.box(hex(0xe4e2db), 0.05, x-0.8, x+0.8, 2.7, 3.7, z+3.8, z+3.85)
			s.box(hex(0xb8584a), 0.05, x-0.25, x+0.25, 2.95, 3.0, z+3.5, z+3.8)
		} else {
			s.poly(rough(hex(0xb5b1a6), 0.2, 20), 1, v3{x - 0.8, 2.4, z + 3.8}, v3{x + 0.3, 2.9, z + 3.8}, v3{x + 0.1, 3.6, z + 3.8}, v3{x - 0.9, 3.2, z + 3.8})
		}
	}
	mesh := hex(0x6f7b80)
	for x := -9.0; x <= 9; x += 1.5 {
		s.rod(mesh, v3{x, 0, 13.2}, v3{x, 2.4, 13.2}, 0.07)
	}
	for y := 0.3; y < 2.4; y += 0.3 {
		s.rod(mesh, v3{-9, y, 13.2}, v3{9, y, 13.2}, 0.02)
	}
}

func (s *stage) fallenTree() {
	s.yard()
	z := s.between(5.2, 6.2)
	x := s.between(-2.6, -1.8)
	bark := hex(0x62554a)
	if s.after {
		p, k := s.cam.at(v3{x, 0.25, z}), s.cam.scale(v3{x, 0, z})
		s.box(bark, 0.3, x-0.32, x+0.32, 0, 0.26, z, z+0.5)
		s.ellipse(flat(hex(0xc8a878)), 1, p.X, p.Y-0.04*k, 0.33*k, 0.1*k)
		s.ellipse(flat(hex(0xae8d5d)), 1, p.X, p.Y-0.04*k, 0.18*k, 0.055*k)
		s.crumbs(x, z, 0.9, 60, hex(0xc9ab7c))
		return
	}
	s.shadow(x+2.6, 0.01, z, 3.4, 0.5, 0.6)
	a, b := s.cam.at(v3{x, 0.5, z}), s.cam.at(v3{x + 3.4, 0.42, z - 0.2})
	k := s.cam.scale(v3{x, 0, z})
	s.line(rough(bark, 0.5, 14), 1, 0.44*k, 0.22*k, a, pt{(a.X + b.X) / 2, (a.Y+b.Y)/2 + 0.06*k}, b)
	for i := range 9 {
		ang := -0.9 + 0.22*float64(i) + s.about(-0.1, 0.1)
		s.branch(bark, pt{b.X - 0.1*k*float64(i%4), b.Y}, ang, s.about(0.6, 1.1)*k, 0.07*k, 3)
	}
	if !s.bare() {
		leaf := s.leaf()
		for range 60 {
			px, py := b.X+s.about(-0.3, 2.3)*k, b.Y+s.about(-1.0, 0.5)*k
			r := s.about(0.12, 0.26) * k
			s.blob(rough(leaf.mul(float32(s.about(0.75, 1.1))), 0.4, 14), 0.92, px, py, r, r*0.8, 0.3)
		}
	}
	for range 9 { // roots and torn wood
		ang := math.Pi + s.about(-0.9, 0.9)
		s.line(flat(hex(0x4a3d31)), 1, 0.07*k, 0.02*k, a, pt{a.X + math.Cos(ang)*s.about(0.3, 0.6)*k, a.Y + math.Sin(ang)*0.5*k})
	}
}

func (s *stage) dryTree() {
	s.yard()
	x, z := s.between(-1.5, 0.5), s.between(9, 10)
	if s.after {
		s.box(hex(0x62554a), 0.3, x-0.3, x+0.3, 0, 0.2, z, z+0.5)
		p, k := s.cam.at(v3{x, 0.2, z}), s.cam.scale(v3{x, 0, z})
		s.ellipse(flat(hex(0xc8a878)), 1, p.X, p.Y-0.03*k, 0.3*k, 0.08*k)
		s.tree(x+2.6, z+0.5, 2.4)
		return
	}
	b, k := s.cam.at(v3{x, 0, z}), s.cam.scale(v3{x, 0, z})
	s.branch(hex(0x75695d), b, -math.Pi/2+s.about(0.03, 0.14), 1.35*k, 0.26*k, 6)
	s.car(x+3.2, z+1.2, pick(s, hex(0x8c3f3b), hex(0x47607a)))
}

func (s *stage) tallGrass() {
	s.yard()
	n, lo, hi := 900, 0.45, 1.1
	if s.after {
		n, lo, hi = 500, 0.05, 0.09
	}
	g := s.grass()
	for i := range n {
		t := float64(i) / float64(n)
		z := 13 - 10.6*math.Sqrt(t)
		v := v3{s.about(-1, 1) * (z*0.75 + 1), 0, z}
		p, k := s.cam.at(v), s.cam.scale(v)
		hgt := s.about(lo, hi) * k
		c := s.air(mix(g, hex(0xb7ad6c), float32(s.about(0, 0.5))).mul(float32(s.about(0.72, 1.15))), z)
		lean := s.about(-0.3, 0.3) * hgt
		s.line(flat(c), 0.95, max(0.035*k, 1.2), 0.8, p, pt{p.X + lean*0.3, p.Y - hgt*0.6}, pt{p.X + lean, p.Y - hgt})
	}
}
