package photo

import "math"

func (s *stage) sidewalk() {
	s.pavement = true
	_, x1 := s.street()
	c := mix(s.asphalt(), hex(0x9b9790), 0.7)
	if s.after {
		for z := 0.6; z < 20; z += 0.42 {
			for i := range 6 {
				x := x1 + 0.24 + 0.36*float64(i)
				tone := hex(0xa79f94).mul(float32(s.about(0.9, 1.06)))
				s.strip(s.ground(0.1, tone, 0.2, 8), 1, x, x+0.34, 0.105, z, z+0.4)
			}
		}
		return
	}
	for range 14 {
		x, z := x1+s.about(0.3, 2.2), s.about(1.8, 9)
		r := s.about(0.2, 0.5)
		s.patch(s.ground(0.1, hex(0x6d6459), 0.9, 10), 0.95, s.shape(10, 0.35), x, 0.1, z, r, r*0.8)
		s.patch(s.ground(0.1, c.mul(0.7), 0.7, 10), 0.7, s.shape(9, 0.3), x+0.1, 0.1, z+0.1, r*0.6, r*0.5)
	}
	for range 9 {
		s.cracks(x1+s.about(0.4, 2), s.about(2, 6), s.about(0.4, 0.8), 3)
	}
	s.crumbs(x1+1.2, 3.2, 0.8, 40, hex(0x8c867d))
}

func (s *stage) dirtRoad() {
	s.sky()
	s.skyline(true)
	s.strip(s.ground(0, s.grass(), 0.6, 5), 1, -80, 80, 0, 0.4, 260)
	for z := 46.0; z > 14; z -= s.between(9, 13) {
		side := pick(s, -1.0, 1)
		x := side * s.between(9, 11)
		s.building(s.cottageStyle(), min(x, x+side*8), max(x, x+side*8), z, z+8)
		s.fenceLine(side*6.5, z-6, z+8, hex(0x7b6a58))
		s.tree(side*s.between(5.5, 6), z-2, s.between(4, 6))
	}
	c := hex(0x857461)
	if s.after {
		s.strip(s.ground(0, hex(0x9b9791), 0.9, 16), 1, -2.6, 2.6, 0.004, 0.4, 200)
		return
	}
	s.strip(s.ground(0, c, 0.8, 4), 1, -2.6, 2.6, 0.004, 0.4, 200)
	for _, x := range []float64{-1.1, 1.0} {
		for z := 26.0; z > 1.2; z -= 0.6 {
			s.patch(s.ground(0, c.mul(0.66), 0.7, 6), 0.5, s.shape(9, 0.25), x+s.about(-0.12, 0.12), 0.005, z, s.about(0.3, 0.45), s.about(0.6, 0.9))
		}
	}
	for range 4 {
		z := s.about(2.6, 11)
		s.patch(s.mirror(hex(0x7a6c58), 0.7, 0.5), 0.95, s.shape(13, 0.2), s.about(-1.3, 1.3), 0.006, z, s.about(0.5, 1.2), s.about(0.4, 0.8))
	}
}

// fenceLine is a fence along the view at x from z0 to z1.
func (s *stage) fenceLine(x, z0, z1 float64, c rgb) {
	for z := z1; z > max(z0, 2); z -= 0.5 {
		s.poly(flat(s.air(c.mul(float32(s.between(0.9, 1.08))), z)), 1, v3{x, 0, z}, v3{x, 1.3, z}, v3{x, 1.3, z - 0.46}, v3{x, 0, z - 0.46})
	}
}

func (s *stage) bridge() {
	s.sky()
	s.skyline(true)
	s.strip(s.ground(0, s.grass(), 0.5, 4), 1, -60, 60, 0, 26, 120)
	for range 7 {
		s.tree(s.between(-20, 20), s.between(28, 40), s.between(6, 9))
	}
	s.rect(s.mirror(mix(hex(0x5f7783), s.skyTop, 0.3), 0.6, 1.6), 1, 0, s.cam.at(v3{0, 0, 27}).Y, s.w, s.h)
	deck := hex(0x8a7a66)
	s.strip(s.ground(0, deck, 0.35, 3), 1, -1.4, 1.4, 0, 0.4, 26)
	for z, i := 0.5, 0; z < 25; z, i = z+0.28, i+1 {
		s.strip(flat(hex(0x3f372e)), 0.7, -1.4, 1.4, 0.004, z, z+0.03)
		if !s.after && (i == 9 || i == 10 || i == 14 || i == 19) {
			a, b := s.about(-1.2, -0.3), s.about(0.3, 1.2)
			s.strip(flat(hex(0x20313a)), 1, a, b, 0.005, z+0.03, z+0.28)
		}
	}
	rail := hex(0x5d7484)
	for _, x := range []float64{-1.4, 1.4} {
		for z := 24.0; z > 1; z -= 1.5 {
			s.rod(rail, v3{x, 0, z}, v3{x, 1.05, z}, 0.06)
		}
		end := 0.6
		if !s.after && x > 0 {
			end = 5.2
			s.rod(rail, v3{x, 1.0, 5.2}, v3{x + 0.4, 0.1, 3.4}, 0.06)
		}
		for _, y := range []float64{1.05, 0.55} {
			s.poly(flat(rail), 1, v3{x, y, end}, v3{x, y + 0.06, end}, v3{x, y + 0.06, 25}, v3{x, y, 25})
		}
	}
}

func (s *stage) busStop() {
	s.look(1.6, s.between(0.42, 0.47), s.between(-0.08, 0.1))
	s.sky()
	s.skyline(false)
	s.strip(s.ground(0, s.grass(), 0.5, 5), 1, -80, 80, 0, 0.4, 200)
	s.building(s.blockStyle(), -26, -6, 22, 33)
	s.building(s.publicStyle(), 2, 24, 26, 36)
	for range 4 {
		s.tree(s.between(-15, 15), s.between(12, 18), s.between(5, 8))
	}
	s.strip(s.ground(0, s.asphalt(), 0.4, 6), 1, -80, 80, 0.002, 0.4, 4.2)
	s.strip(s.ground(0.12, hex(0xa5a19a), 0.3, 6), 1, -80, 80, 0.12, 4.3, 9.5)
	s.strip(flat(hex(0xc1bfb8)), 1, -80, 80, 0.12, 4.2, 4.4)
	x, z := s.between(-3.2, -2.6), 6.6
	frame := pick(s, hex(0x4a5f6e), hex(0x57705f), hex(0x6a6f74))
	glass := mix(hex(0xaabac0), s.skyLow, 0.4)
	panes := 4
	for i := range panes {
		a := x + float64(i)*1.05
		if s.after || i != 1 {
			alpha := float32(0.55)
			s.poly(flat(glass), alpha, v3{a, 0.5, z + 1.2}, v3{a + 1, 0.5, z + 1.2}, v3{a + 1, 2.3, z + 1.2}, v3{a, 2.3, z + 1.2})
			if s.after || i != 2 {
				continue
			}
			c := s.cam.at(v3{a + 0.5, 1.5, z + 1.2})
			for range 9 { // a broken pane
				b := s.about(0, 6.28)
				r := s.cam.scale(v3{0, 0, z}) * s.about(0.3, 0.7)
				s.line(flat(rgb{0.95, 0.97, 0.97}), 0.9, 2.5, 1, c, pt{c.X + r*math.Cos(b), c.Y + r*math.Sin(b)})
			}
		} else {
			s.poly(flat(glass), 0.6, v3{a, 0.5, z + 1.2}, v3{a + 0.5, 0.5, z + 1.2}, v3{a + 0.2, 1.1, z + 1.2}, v3{a, 0.9, z + 1.2})
			s.crumbs(a+0.5, z+0.4, 0.4, 30, hex(0xd6e2e6))
		}
	}
	for i := range panes + 1 {
		a := x + float64(i)*1.05
		s.rod(frame, v3{a, 0.12, z + 1.2}, v3{a, 2.45, z + 1.2}, 0.07)
	}
	for _, a := range []float64{x, x + 4.2} {
		s.rod(frame.mul(0.9), v3{a, 0.12, z}, v3{a, 2.45, z}, 0.08)
	}
	s.box(frame.mul(1.1), 0.05, x-0.25, x+4.45, 2.42, 2.58, z-0.2, z+1.4)
	wood := hex(0x9a7650)
	if s.after {
		s.box(wood, 0.15, x+0.5, x+3.6, 0.5, 0.57, z+0.7, z+1.1)
	} else {
		s.box(wood.mul(0.7), 0.3, x+0.5, x+1.5, 0.5, 0.57, z+0.7, z+1.1)
		s.poly(rough(wood.mul(0.6), 0.3, 20), 1, v3{x + 1.6, 0.5, z + 0.7}, v3{x + 2.9, 0.14, z + 0.5}, v3{x + 2.95, 0.2, z + 0.5}, v3{x + 1.6, 0.57, z + 0.7})
	}
	for _, a := range []float64{x + 0.7, x + 3.3} {
		s.rod(hex(0x4a4d50), v3{a, 0.12, z + 0.8}, v3{a, 0.5, z + 0.8}, 0.07)
	}
	s.roadSign(x+5.1, z-0.4, 0, hex(0x2c6aa0))
	s.figure(x+s.about(1, 3), z+0.2, 1.62, pick(s, hex(0x7e4a52), hex(0x4f6b5d), hex(0x5a6683)))
}

func (s *stage) bus() {
	s.look(1.6, 0.44, s.between(-0.06, 0.06))
	s.sky()
	s.building(s.blockStyle(), -30, -4, 24, 34)
	s.building(s.publicStyle(), 3, 26, 26, 36)
	s.strip(s.ground(0, s.asphalt(), 0.4, 6), 1, -80, 80, 0.002, 0.4, 24)
	s.strip(s.ground(0.12, hex(0xa5a19a), 0.3, 6), 1, -80, 80, 0.12, 3, 5.6)
	s.strip(flat(hex(0xc1bfb8)), 1, -80, 80, 0.12, 5.6, 5.8)
	if s.after || s.sub.IntN(3) > 0 {
		x, z := s.about(-3.8, -2.6), 6.4
		c := pick(s, hex(0x4d7b6b), hex(0xd8cfae), hex(0x53789a))
		s.shadow(x+3.4, 0.01, z+1, 4.4, 1.2, 0.7)
		s.box(c, 0.05, x, x+7.4, 0.35, 2.9, z, z+2.4)
		f := face{v3{x, 0.35, z - 0.01}, v3{7.4, 0, 0}, v3{0, 2.55, 0}}
		s.part(flat(hex(0xe7e6df)), 1, f, 0, 0.72, 1, 0.86)
		for i := range 6 {
			a := 0.03 + 0.163*float64(i)
			if i == 1 || i == 4 {
				s.part(flat(c.mul(0.6)), 1, f, a, 0.02, a+0.13, 0.9)
				s.part(flat(mix(hex(0x3d4a52), s.skyTop, 0.3)), 1, f, a+0.008, 0.08, a+0.06, 0.86)
				s.part(flat(mix(hex(0x3d4a52), s.skyTop, 0.3)), 1, f, a+0.07, 0.08, a+0.122, 0.86)
				continue
			}
			s.part(flat(mix(hex(0x3d4a52), s.skyTop, 0.35)), 1, f, a, 0.4, a+0.14, 0.84)
		}
		for _, a := range []float64{1.4, 5.8} {
			v := v3{x + a, 0.45, z - 0.02}
			p, k := s.cam.at(v), s.cam.scale(v)
			s.ellipse(flat(hex(0x2a2b2d)), 1, p.X, p.Y, 0.46*k, 0.46*k)
			s.ellipse(flat(hex(0x8f9496)), 1, p.X, p.Y, 0.24*k, 0.24*k)
		}
	}
	n := 7
	if s.after {
		n = 2
	}
	for i := range n {
		s.figure(-2.6+5.4*float64(i)/float64(n)+s.about(-0.2, 0.3), s.about(4.2, 5.2), s.about(1.5, 1.8), pick(s, hex(0x7e4a52), hex(0x4f6b5d), hex(0x5a6683), hex(0x6b6356), hex(0x3f4650)))
	}
	s.roadSign(3.6, 5.2, 0, hex(0x2c6aa0))
}
