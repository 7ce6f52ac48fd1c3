package photo

import "math"

// bill is a paper on a table: for troubles that have no place to show.
func (s *stage) bill() {
	wood := pick(s, hex(0xa47d55), hex(0x8f6c4c), hex(0xb79a74), hex(0x8b8175))
	s.rect(pixels(func(x, y float32) rgb {
		return wood.mul(0.9 + 0.3*(noise(x*0.012, y*0.13)-0.4) + 0.1*(noise(x*0.05, y*0.5)-0.5))
	}), 1, 0, 0, s.w, s.h)
	for i := range 4 {
		y := s.h * (0.1 + 0.27*float64(i))
		s.line(flat(wood.mul(0.55)), 0.7, 3, 3, pt{0, y}, pt{s.w, y + 8})
	}
	a := s.between(-0.22, 0.22)
	cx, cy, w, h := s.w*s.between(0.42, 0.5), s.h*0.52, s.w*0.27, s.h*0.42
	at := func(u, v float64) pt {
		x, y := u*w, v*h
		return pt{cx + x*math.Cos(a) - y*math.Sin(a), cy + x*math.Sin(a) + y*math.Cos(a)}
	}
	quad := func(p paint, al float32, u0, v0, u1, v1 float64) {
		s.polygon(p, al, at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1))
	}
	quad(flat(s.shade), 0.3, -0.97, -0.97, 1.05, 1.05)
	quad(rough(hex(0xf4f2ea), 0.04, 200), 1, -1, -1, 1, 1)
	ink := hex(0x6d7276)
	quad(flat(hex(0x3f4a52)), 0.9, -0.86, -0.9, s.between(-0.2, 0.2), -0.84)
	quad(flat(ink), 0.7, -0.86, -0.79, 0.3, -0.76)
	for i := range 11 {
		v := -0.62 + 0.11*float64(i)
		quad(flat(hex(0xc9c8c0)), 1, -0.86, v+0.055, 0.86, v+0.059)
		quad(flat(ink), 0.75, -0.84, v, s.between(-0.5, -0.1), v+0.026)
		quad(flat(ink), 0.75, 0.16, v, s.between(0.28, 0.4), v+0.026)
		quad(flat(ink), 0.8, 0.6, v, s.between(0.72, 0.84), v+0.026)
	}
	quad(flat(hex(0x3f4a52)), 1, 0.45, 0.66, 0.84, 0.72)
	if s.after {
		quad(flat(hex(0x3c7f5a)), 0.22, 0.1, 0.58, 0.9, 0.8)
		p := at(-0.35, 0.78)
		s.ellipse(flat(hex(0x466a9c)), 0.5, p.X, p.Y, w*0.25, w*0.25)
		s.ellipse(rough(hex(0xf1efe8), 0.04, 100), 0.75, p.X, p.Y, w*0.2, w*0.2)
	} else {
		q := []pt{}
		for i := range 25 {
			t := 2 * math.Pi * float64(i) / 22
			c := at(0.65+0.3*math.Cos(t), 0.69+0.11*math.Sin(t))
			q = append(q, c)
		}
		s.line(flat(hex(0xb5423c)), 0.9, 6, 4, q...)
	}
	p0, p1 := pt{s.w * 0.8, s.h * s.between(0.2, 0.5)}, pt{s.w * 0.9, s.h * 0.85}
	s.line(flat(s.shade), 0.25, 20, 8, pt{p0.X + 8, p0.Y + 8}, pt{p1.X + 8, p1.Y + 8})
	s.line(flat(hex(0x3d566e)), 1, 19, 17, p0, p1)
	s.line(flat(rgb{1, 1, 1}), 0.3, 4, 3, pt{p0.X - 4, p0.Y}, pt{p1.X - 4, p1.Y})
	s.line(flat(hex(0xd0d3d4)), 1, 15, 2, p1, pt{p1.X + 6, p1.Y + 40})
}

// shop is a storefront with doors.
func (s *stage) shop() {
	f, z := s.wallShot(pick(s, hex(0xb9b0a2), hex(0xa9a59d), hex(0xc2b49a)))
	c := pick(s, hex(0x8c4a3f), hex(0x46718a), hex(0x587a52), hex(0xa5803c))
	s.part(rough(c, 0.06, 90), 1, f, 0.12, 0.4, 0.88, 0.5)
	for i := range 7 {
		a := 0.3 + 0.055*float64(i)
		s.part(flat(hex(0xf1eee4)), 0.85, f, a, 0.43, a+s.between(0.025, 0.045), 0.47)
	}
	g0, g1 := mix(hex(0x59666c), s.skyTop, 0.4), hex(0x4b5358)
	for i := range 4 {
		a := 0.14 + 0.19*float64(i)
		s.part(flat(hex(0xdcd9d0)), 1, f, a, 0.05, a+0.17, 0.37)
		s.part(fade(g0, g1, s.cam.at(f.at(a, 0.37)).Y, s.cam.at(f.at(a, 0.05)).Y), 1, f, a+0.008, 0.06, a+0.162, 0.36)
		if i == 1 || !s.after {
			for j := range 3 {
				b := 0.1 + 0.08*float64(j)
				s.part(flat(hex(0x8f8a80)), 0.8, f, a+0.015, b, a+0.155, b+0.006)
				if s.after || i == 1 && j == 0 {
					for k := range 8 {
						s.part(flat([...]rgb{hex(0xc0584a), hex(0xd8b656), hex(0x5d8a63), hex(0xd7d2c4)}[(k+j)%4]), 0.75, f, a+0.02+0.016*float64(k), b+0.006, a+0.032+0.016*float64(k), b+0.05)
					}
				}
			}
		}
	}
	s.part(flat(hex(0x4d5357)), 1, f, 0.46, 0.02, 0.54, 0.37)
	s.part(fade(g0, g1, 0, s.h), 1, f, 0.467, 0.03, 0.498, 0.36)
	s.part(fade(g0, g1, 0, s.h), 1, f, 0.502, 0.03, 0.533, 0.36)
	if !s.after {
		s.heap(2.9, z-0.8, 0.9, 0.4, 22, hex(0xb0936a), hex(0xc9c3b4), hex(0x9a7c55))
		s.box(hex(0xb0936a), 0.2, 2.2, 2.8, 0, 0.45, z-1.1, z-0.6)
		s.box(hex(0xa3855c), 0.2, 2.3, 2.8, 0.45, 0.8, z-1.0, z-0.6)
	}
	s.figure(-2.2, z-1.6, 1.66, pick(s, hex(0x7e4a52), hex(0x4f6b5d), hex(0x5a6683)))
}

// public is a school, clinic or office building with a square.
func (s *stage) public() {
	s.cam.horizon = s.h * s.between(0.5, 0.56)
	s.sky()
	s.skyline(false)
	s.strip(s.ground(0, s.grass(), 0.5, 5), 1, -80, 80, 0, 0.4, 200)
	st := s.publicStyle()
	z := s.between(18, 22)
	s.building(st, -15, 15, z, z+11)
	s.box(st.wall.mul(1.06), 0.1, -2.6, 2.6, 0, 3.6, z-1.6, z)
	s.box(hex(0xd9d5cb), 0.1, -3, 3, 3.6, 3.9, z-2.2, z)
	g := mix(hex(0x4b5a63), s.skyTop, 0.3)
	s.poly(flat(g), 1, v3{-1.7, 0.2, z - 1.62}, v3{1.7, 0.2, z - 1.62}, v3{1.7, 2.6, z - 1.62}, v3{-1.7, 2.6, z - 1.62})
	for x := -1.7; x <= 1.7; x += 0.85 {
		s.rod(hex(0xe5e2d9), v3{x, 0.2, z - 1.65}, v3{x, 2.6, z - 1.65}, 0.08)
	}
	s.strip(s.ground(0.01, hex(0xa8a39a), 0.3, 5), 1, -3.2, 3.2, 0.01, 0.4, z-1.6)
	s.strip(s.ground(0.01, hex(0xa8a39a), 0.3, 5), 1, -40, 40, 0.01, z-5, z-3)
	for i := range 3 {
		d := z - 5.5 - 4*float64(i)
		s.tree(-5.2, d, 4.6)
		s.tree(5.2, d, 4.6)
	}
	if !s.after {
		for range 7 {
			s.cracks(s.about(-2.5, 2.5), s.about(2.6, 8), s.about(0.5, 0.9), 3)
			s.patch(s.ground(0.01, hex(0x7b756b), 0.7, 9), 0.85, s.shape(10, 0.3), s.about(-2.6, 2.6), 0.012, s.about(3, 9), s.about(0.3, 0.8), s.about(0.3, 0.7))
		}
	}
	s.figure(s.between(-2, -0.6), 11, 1.66, hex(0x6d5a6b))
	s.figure(s.between(0.6, 2), 12.5, 1.3, hex(0x4f7597))
}

// site is a building under construction behind a fence.
func (s *stage) site() {
	s.cam.horizon = s.h * s.between(0.62, 0.68)
	s.sky()
	s.skyline(false)
	s.strip(s.ground(0, mix(s.grass(), hex(0x8f8168), 0.6), 0.7, 5), 1, -80, 80, 0, 0.4, 200)
	z, fl := 33.0, 4
	if s.after {
		fl = 5
	}
	for i := range fl {
		y := 3.0 * float64(i)
		for x := -12.0; x <= 8; x += 4 {
			s.box(hex(0xa9a49a), 0.1, x, x+0.5, y, y+2.7, z, z+0.5)
		}
		s.box(hex(0xb6b1a7), 0.1, -12.4, 8.9, y+2.7, y+3.0, z-0.3, z+9)
		if i < fl-2 {
			for x := -11.5; x < 8; x += 4 {
				if s.sub.IntN(2) == 0 || s.after {
					s.box(hex(0xa8705c), 0.25, x, x+3.4, y, y+2.7, z+0.2, z+0.5)
				}
			}
		}
	}
	crane := hex(0xc39a3c)
	s.rod(crane, v3{11, 0, 30}, v3{11, 17, 30}, 0.7)
	s.rod(crane, v3{4, 15.5, 30}, v3{22, 15.5, 30}, 0.45)
	s.rod(crane.mul(0.8), v3{11, 18, 30}, v3{19, 15.7, 30}, 0.15)
	s.rod(hex(0x3a3d40), v3{15, 15.5, 30}, v3{15, 9, 30}, 0.08)
	c := pick(s, hex(0x6f8aa0), hex(0x7d9482), hex(0x9a9d9c))
	for x := -14.0; x < 14; x += 1.0 {
		if !s.after && x > 0 && x < 2.5 {
			continue
		}
		s.box(c.mul(float32(s.between(0.93, 1.05))), 0.1, x, x+0.96, 0.1, 2.1, 11, 11.05)
	}
	if !s.after {
		earth := hex(0x7c6650)
		s.heap(1.6, 8.4, 1.8, 0.9, 60, earth, earth.mul(1.15), hex(0x9b948a))
		for range 9 {
			s.patch(s.ground(0, earth, 0.8, 6), 0.8, s.shape(10, 0.3), s.about(-3, 3), 0.005, s.about(2.4, 7), s.about(0.4, 1.2), s.about(0.3, 0.7))
		}
	}
}

func (s *stage) monument() {
	s.meadow(false)
	s.strip(s.ground(0.01, hex(0xa8a39a), 0.3, 5), 1, -1.5, 1.5, 0.01, 0.4, 9)
	st := hex(0x9a9790)
	s.box(st, 0.2, -2.2, 2.2, 0, 0.35, 9, 12)
	s.box(st.mul(1.05), 0.2, -1.4, 1.4, 0.35, 0.8, 9.6, 11.6)
	s.box(st.mul(0.96), 0.2, -0.6, 0.6, 0.8, 5.2, 10.2, 11.2)
	s.poly(flat(s.air(hex(0xa8504a), 10)), 1, v3{-0.3, 4.2, 10.18}, v3{0, 4.9, 10.18}, v3{0.3, 4.2, 10.18}, v3{0, 4.4, 10.18})
	s.poly(flat(s.air(hex(0x6f6c66), 10)), 1, v3{-0.4, 1.6, 10.18}, v3{0.4, 1.6, 10.18}, v3{0.4, 2.7, 10.18}, v3{-0.4, 2.7, 10.18})
	if s.after {
		for i := range 9 {
			p, k := s.cam.at(v3{-1.3 + 0.32*float64(i), 0.85, 9.6}), s.cam.scale(v3{0, 0, 9.6})
			s.ellipse(flat([...]rgb{hex(0xb8474a), hex(0xe2c65e), hex(0xe7e2da)}[i%3]), 1, p.X, p.Y, 0.11*k, 0.1*k)
		}
		return
	}
	for range 5 {
		p := s.cam.at(v3{s.about(-2, 2), s.about(0.1, 0.7), 9})
		s.blob(rough(hex(0x6b6259), 0.5, 14), 0.9, p.X, p.Y, s.about(8, 26), s.about(5, 14), 0.35)
	}
	for i := range 260 {
		v := v3{s.about(-3.4, 3.4), 0, 9 - 2*float64(i)/260}
		p, k := s.cam.at(v), s.cam.scale(v)
		s.line(flat(mix(s.grass(), hex(0x6d7148), 0.3).mul(float32(s.about(0.8, 1.1)))), 0.9, 3, 1, p, pt{p.X + s.about(-0.1, 0.1)*k, p.Y - s.about(0.2, 0.6)*k})
	}
}

func (s *stage) mast() {
	s.look(1.6, s.between(0.7, 0.76), s.between(-0.1, 0.1))
	s.sky()
	s.skyline(true)
	s.strip(s.ground(0, s.grass(), 0.5, 5), 1, -120, 120, 0, 0.4, 300)
	for i := range 4 {
		x := -22 + 12*float64(i) + s.between(-2, 2)
		s.building(s.cottageStyle(), x, x+8, 30+s.between(-4, 4), 40)
	}
	x, z, c := s.between(-3, 3), 34.0, hex(0x8f5a50)
	sections := 14
	if !s.after { // not finished, no antennas
		sections = 8
	}
	for i := range sections {
		y, w := 1.35*float64(i), 1.3-0.08*float64(i)
		if i%4 > 1 {
			c = hex(0xd9d6cf)
		} else {
			c = hex(0xa65c50)
		}
		w2 := w - 0.08
		s.rod(c, v3{x - w, y, z}, v3{x - w2, y + 1.35, z}, 0.2)
		s.rod(c, v3{x + w, y, z}, v3{x + w2, y + 1.35, z}, 0.2)
		s.rod(c, v3{x - w, y, z}, v3{x + w2, y + 1.35, z}, 0.1)
		s.rod(c, v3{x + w, y, z}, v3{x - w2, y + 1.35, z}, 0.1)
	}
	for i := range 3 {
		if !s.after {
			continue
		}
		a := x - 1 + float64(i)
		s.box(hex(0xe3e3de), 0.05, a-0.2, a+0.2, 16.4, 18, z-0.5, z-0.3)
	}
	for range 8 {
		s.tree(s.between(-24, 24), s.between(18, 28), s.between(4, 7))
	}
}

func (s *stage) river() {
	s.sky()
	s.skyline(true)
	s.strip(s.ground(0, s.grass(), 0.6, 5), 1, -120, 120, 0, 0.4, 300)
	for range 12 {
		s.tree(s.between(-40, 40), s.between(26, 44), s.between(6, 11))
	}
	water := s.mirror(hex(0x66818c), 0.6, 1.6)
	if !s.after {
		water = s.mirror(hex(0x6d6a52), 0.3, 1.4)
	}
	s.strip(water, 1, -120, 120, 0.02, 4.5, 22)
	for range 60 {
		v := v3{s.about(-14, 14), 0.03, s.about(5, 20)}
		r := s.about(0.5, 2)
		s.strip(flat(s.skyLow), 0.3, v.X, v.X+r, 0.03, v.Z, v.Z+0.05)
	}
	if !s.after {
		for range 40 { // foam
			s.patch(flat(hex(0xe7e2d2)), float32(s.about(0.35, 0.8)), s.shape(9, 0.35), s.about(-5, 5), 0.03, s.about(5, 10), s.about(0.1, 0.7), s.about(0.05, 0.2))
		}
		s.rod(hex(0x5d564f), v3{3.4, 0.4, 3.6}, v3{2.2, 0.32, 5.2}, 0.4)
		p, k := s.cam.at(v3{2.2, 0.32, 5.2}), s.cam.scale(v3{2.2, 0.3, 5.2})
		s.ellipse(flat(hex(0x26231f)), 1, p.X, p.Y, 0.16*k, 0.18*k)
		s.line(flat(hex(0x6f6545)), 0.9, 0.2*k, 0.34*k, p, pt{p.X - 0.1*k, p.Y + 0.15*k}, pt{p.X - 0.15*k, p.Y + 0.3*k})
		bags := []rgb{hex(0x5d7ea0), hex(0xc9c6bd), hex(0x3a3d44)}
		s.heap(-2.4, 4.1, 0.8, 0.2, 16, bags...)
	}
	for range 130 {
		v := v3{s.about(-6, 6), 0, s.about(3.6, 4.6)}
		if math.Abs(v.X-2.8) < 0.8 {
			continue
		}
		p, k := s.cam.at(v), s.cam.scale(v)
		s.line(flat(mix(s.grass(), hex(0x7a7d4c), 0.4).mul(float32(s.about(0.75, 1.1)))), 0.95, 0.03*k, 1, p, pt{p.X + s.about(-0.15, 0.15)*k, p.Y - s.about(0.3, 0.9)*k})
	}
}

func (s *stage) ads() {
	s.pavement = true
	_, x1 := s.street()
	x, z := x1+s.between(0.4, 0.8), 3.6
	s.rod(hex(0x8d8577), v3{x, 0, z}, v3{x, 6, z}, 0.34)
	if s.after {
		return
	}
	for range 16 {
		y := s.about(0.5, 2.3)
		a := s.about(-0.17, 0.02)
		c := [...]rgb{hex(0xf1eee4), hex(0xe6d98f), hex(0xd8e2e6), hex(0xe3c4b8)}[s.sub.IntN(4)]
		v := func(dx, dy float64) v3 { return v3{x + a + dx, y + dy, z - 0.1} }
		tilt := s.about(-0.03, 0.03)
		s.poly(flat(c), 1, v(0, 0), v(0.2, tilt), v(0.2, 0.27+tilt), v(0, 0.27))
		for i := range 4 {
			d := 0.05 + 0.05*float64(i)
			s.poly(flat(hex(0x55585a)), 0.7, v(0.03, d), v(s.about(0.1, 0.17), d+tilt*0.5), v(0.15, d+0.015+tilt*0.5), v(0.03, d+0.015))
		}
		if s.sub.IntN(3) == 0 {
			s.poly(flat(c.mul(0.85)), 1, v(0.02, -0.12), v(0.09, -0.12), v(0.09, 0), v(0.02, 0))
		}
	}
}
