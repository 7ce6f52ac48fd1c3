package photo

func (s *stage) dusk() {
	s.night, s.ambient = true, float32(s.between(0.2, 0.28))
	s.skyTop, s.skyLow = hex(0x55688a), hex(0x7e8ba0)
	s.haze, s.sun = hex(0x66758a), 0.2
	s.tint = rgb{1, 1, 1}
}

func (s *stage) lampOut() {
	s.dusk()
	x0, x1 := s.street()
	for i := range 4 {
		z := 9 + 9*float64(i)
		lit := s.after || i == 3
		s.lamppost(x0-0.7, z, 6.2, lit)
	}
	if s.after {
		s.figure(x1+1, 9, 1.66, hex(0x7e6a5a))
	}
}

func (s *stage) dayLamp() {
	s.pavement = true
	x0, x1 := s.street()
	x, z := x1+0.8, s.between(7.5, 8.5)
	s.lamppost(x0-0.8, 22, 7, false)
	s.lamppost(x0-0.8, 40, 7, false)
	if s.after {
		s.lamppost(x, z, 5.4, false)
		return
	}
	c := hex(0x7d8285)
	top := v3{x - 1.5, 4.9, z}
	s.rod(c, v3{x, 0, z}, top, 0.17)
	s.rod(c, top, v3{top.X - 1.0, top.Y - 0.1, z}, 0.09)
	k := s.cam.scale(top)
	p := s.cam.at(v3{top.X - 1.05, top.Y - 0.2, z})
	s.line(flat(hex(0x2e3033)), 1, 2.5, 2, p, pt{p.X - 6, p.Y + 0.5*k}, pt{p.X + 4, p.Y + 0.75*k})
	s.ellipse(flat(hex(0x53595d)), 1, p.X+4, p.Y+0.8*k, 0.1*k, 0.3*k)
	s.cracks(x, z, 0.5, 6)
}

func (s *stage) darkYard() {
	s.dusk()
	s.ambient *= 0.85
	s.yard()
	s.car(-3.2, 13, hex(0x9aa0a3))
	s.lamppost(4.6, 11, 5.4, s.after)
	s.lamppost(-5.5, 13, 5.4, s.after)
	s.figure(s.between(-0.8, 0.8), 7.5, 1.65, hex(0x6a5f66))
	if !s.after { // the pocket light of somebody crossing
		p, k := s.cam.at(v3{0.5, 0.1, 6.2}), s.cam.scale(v3{0, 0, 6.2})
		s.lamps = append(s.lamps, lamp{p.X, p.Y, 1.4 * k, hex(0xeef2ff).mul(0.9)})
	}
}

func (s *stage) wires() {
	s.look(1.6, s.between(0.62, 0.7), s.between(-0.12, 0.12))
	s.sky()
	s.skyline(true)
	s.strip(s.ground(0, s.grass(), 0.5, 5), 1, -80, 80, 0, 0.4, 200)
	s.building(s.cottageStyle(), -16, -7, 15, 23)
	s.building(s.cottageStyle(), 7, 16, 19, 27)
	s.strip(s.ground(0, s.asphalt(), 0.4, 6), 1, -2.6, 2.6, 0.004, 0.4, 160)
	posts := []v3{{3.6, 6.6, 6}, {3.6, 6.6, 22}, {3.6, 6.6, 40}}
	for _, q := range posts {
		s.rod(hex(0x8d8577), v3{q.X, 0, q.Z}, q, 0.2)
		s.rod(hex(0x8d8577), v3{q.X - 0.7, q.Y - 0.4, q.Z}, v3{q.X + 0.7, q.Y - 0.4, q.Z}, 0.1)
	}
	wire := func(a, b v3, sag float64) {
		ps := []pt{}
		for t := 0.0; t <= 1.001; t += 0.05 {
			v := v3{a.X + (b.X-a.X)*t, a.Y + (b.Y-a.Y)*t - sag*4*t*(1-t), a.Z + (b.Z-a.Z)*t}
			ps = append(ps, s.cam.at(v))
		}
		s.line(flat(hex(0x2a2c30)), 0.95, 3.2, 2, ps...)
	}
	for _, d := range []float64{-0.65, 0, 0.65} {
		for i := range 2 {
			a, b := posts[i], posts[i+1]
			sag := 0.5
			if !s.after && i == 0 && d < 0 {
				sag = 4.6
			}
			wire(v3{a.X + d, a.Y - 0.35, a.Z}, v3{b.X + d, b.Y - 0.35, b.Z}, sag)
		}
		wire(v3{3.6 + d, 6.25, 6}, v3{3.6 + d, 6.6, 0.5}, 0.2)
	}
	if !s.after {
		wire(v3{2.95, 6.2, 6}, v3{0.4, 0.05, 4.6}, 0.6)
		wire(v3{0.4, 0.05, 4.6}, v3{-0.9, 0.03, 4.2}, -0.02)
	}
	s.tree(-5.4, 12, 6)
}

func (s *stage) smoke() {
	s.look(1.6, s.between(0.66, 0.74), s.between(-0.1, 0.1))
	s.sky()
	s.skyline(true)
	s.strip(s.ground(0, s.grass(), 0.5, 5), 1, -120, 120, 0, 0.4, 300)
	x, z := s.between(-4, 4), 42.0
	brick := hex(0xa2705a)
	s.building(style{wall: hex(0xa89f94), frame: hex(0xcfcac0), floors: 2, floor: 4, cell: 4}, x-16, x+10, z, z+14)
	s.poly(fade(brick, brick.mul(0.8), 0, s.h), 1, v3{x - 1.5, 0, z - 1}, v3{x + 1.5, 0, z - 1}, v3{x + 0.9, 15, z - 1}, v3{x - 0.9, 15, z - 1})
	s.poly(flat(hex(0xe0dcd3)), 1, v3{x - 1, 11.5, z - 1.1}, v3{x + 1, 11.5, z - 1.1}, v3{x + 0.97, 13, z - 1.1}, v3{x - 0.97, 13, z - 1.1})
	top, k := s.cam.at(v3{x, 15, z}), s.cam.scale(v3{x, 15, z})
	c, alpha, n := hex(0x45474a), float32(0.16), 90
	if s.after {
		c, alpha, n = hex(0xf2f4f4), 0.07, 30
	}
	dir := pick(s, 1.0, -1)
	for i := range n {
		t := float64(i) / float64(n)
		px := top.X + dir*t*t*26*k + s.about(-1, 1)*t*2*k
		py := top.Y - t*9*k + s.about(-1, 1)*t*2.5*k
		r := (0.7 + 4.2*t) * k
		s.blob(flat(c.mul(float32(s.about(0.85, 1.2)))), alpha, px, py, r, r*0.75, 0.3)
	}
	for range 6 {
		s.tree(s.between(-22, 22), s.between(16, 26), s.between(4, 7))
	}
}
