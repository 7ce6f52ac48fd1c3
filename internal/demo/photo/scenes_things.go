package photo

import "math"

// signTrouble is a sign that is gone, overgrown or turned away.
func signTrouble(trouble string) func(*stage) {
	return func(s *stage) {
		s.pavement = true
		_, x1 := s.street()
		x, z, c := x1+0.5, s.between(4, 4.8), pick(s, hex(0x2c6aa0), hex(0x2b6592))
		switch {
		case s.after:
			s.roadSign(x, z, 0, c)
			s.patch(s.ground(0.1, hex(0xa9a69f), 0.3, 9), 1, round(12), x, 0.105, z, 0.2, 0.15)
		case trouble == "gone": // a bent stub; the post lies on the pavement
			s.patch(s.ground(0.1, hex(0x6d655b), 0.7, 9), 1, s.shape(11, 0.3), x, 0.105, z, 0.4, 0.3)
			s.rod(hex(0x8d9194), v3{x, 0, z}, v3{x + 0.08, 0.34, z}, 0.07)
			s.rod(hex(0x6f7376), v3{x + 0.3, 0.14, z - 0.3}, v3{x + 2.0, 0.14, z + 0.9}, 0.08)
			s.poly(flat(hex(0xe9ebec)), 1, v3{x + 1.2, 0.14, z + 0.2}, v3{x + 1.95, 0.14, z + 0.1}, v3{x + 2.2, 0.14, z + 0.9}, v3{x + 1.45, 0.14, z + 1.0})
			s.poly(flat(c.mul(0.85)), 1, v3{x + 1.27, 0.145, z + 0.27}, v3{x + 1.9, 0.145, z + 0.18}, v3{x + 2.1, 0.145, z + 0.83}, v3{x + 1.5, 0.145, z + 0.92})
			s.crumbs(x, z, 0.5, 30, hex(0x8c867d))
		case trouble == "turned":
			s.rod(hex(0x8d9194), v3{x, 0, z}, v3{x, 2.5, z}, 0.06)
			s.poly(flat(hex(0x9a9da0)), 1, v3{x - 0.07, 1.9, z - 0.2}, v3{x + 0.09, 1.86, z + 0.25}, v3{x + 0.09, 2.56, z + 0.25}, v3{x - 0.07, 2.6, z - 0.2})
			s.poly(flat(c.mul(0.8)), 1, v3{x - 0.05, 1.96, z - 0.16}, v3{x - 0.02, 1.95, z - 0.1}, v3{x - 0.02, 2.5, z - 0.1}, v3{x - 0.05, 2.52, z - 0.16})
		default:
			s.roadSign(x, z, 0, c)
			p, k := s.cam.at(v3{x, 2.2, z - 0.2}), s.cam.scale(v3{x, 2.2, z})
			for range 5 {
				s.branch(hex(0x5e5247), pt{p.X + 1.1*k, p.Y + s.about(-0.3, 0.9)*k}, math.Pi+s.about(-0.3, 0.4), 0.5*k, 0.05*k, 4)
			}
			if !s.bare() {
				leaf := s.leaf()
				for range 46 {
					r := s.about(0.09, 0.2) * k
					s.blob(rough(leaf.mul(float32(s.about(0.72, 1.12))), 0.4, 12), 0.96, p.X+s.about(-0.35, 1.3)*k, p.Y+s.about(-0.45, 0.6)*k, r, r*0.85, 0.3)
				}
			}
		}
	}
}

// cabinet is the hatch in the foot of a lamppost.
func (s *stage) cabinet() {
	s.pavement = true
	_, x1 := s.street()
	x, z := x1+0.7, 2.3
	c := hex(0x84898c)
	s.shadow(x, 0.11, z, 0.3, 0.15, 0.5)
	s.poly(fade(c.mul(1.08), c.mul(0.86), 0, s.h), 1, v3{x - 0.2, 0.1, z}, v3{x + 0.2, 0.1, z}, v3{x + 0.17, 7, z}, v3{x - 0.17, 7, z})
	s.poly(flat(c.mul(0.68)), 0.8, v3{x + 0.09, 0.1, z}, v3{x + 0.2, 0.1, z}, v3{x + 0.17, 7, z}, v3{x + 0.08, 7, z})
	at := func(dx, y float64) v3 { return v3{x + dx, y, z - 0.01} }
	if s.after {
		s.poly(flat(c.mul(0.75)), 1, at(-0.13, 0.55), at(0.13, 0.55), at(0.13, 1.15), at(-0.13, 1.15))
		s.poly(flat(c.mul(1.05)), 1, at(-0.115, 0.57), at(0.115, 0.57), at(0.115, 1.13), at(-0.115, 1.13))
		s.poly(flat(hex(0xe0b53c)), 1, at(-0.06, 0.92), at(0.06, 0.92), at(0, 1.03))
		return
	}
	s.poly(flat(hex(0x131517)), 1, at(-0.13, 0.55), at(0.13, 0.55), at(0.13, 1.15), at(-0.13, 1.15))
	s.poly(flat(c.mul(0.9)), 1, at(-0.13, 0.5), v3{x - 0.34, 0.42, z - 0.22}, v3{x - 0.32, 0.98, z - 0.22}, at(-0.13, 1.12))
	k := s.cam.scale(at(0, 0.8))
	for _, w := range []rgb{hex(0xb8473c), hex(0x4f7cae), hex(0xd2b04a), hex(0x2b2d30), hex(0xe5e2d8)} {
		a := s.cam.at(at(s.about(-0.08, 0.08), s.about(0.75, 1.05)))
		d := s.about(-0.16, 0.2)
		s.line(flat(w), 1, 0.028*k, 0.022*k, a, pt{a.X + d*0.6*k, a.Y + 0.12*k}, pt{a.X + d*k, a.Y + s.about(0.25, 0.5)*k})
	}
}

// pestsAt are rats by the rubbish in a stairwell, or cockroaches on tiles.
func (s *stage) rats() {
	r := s.paintedRoom()
	z := r.z - 0.01
	s.poly(rough(hex(0x5f5348), 0.15, 40), 1, v3{0.5, 0, z}, v3{1.5, 0, z}, v3{1.5, 2.1, z}, v3{0.5, 2.1, z})
	s.rod(hex(0x8c8f8e), v3{-r.x + 0.4, 0, z - 0.2}, v3{-r.x + 0.4, 2.9, z - 0.2}, 0.4)
	s.poly(flat(hex(0x4a4f52)), 1, v3{-r.x + 0.25, 0.8, z - 0.42}, v3{-r.x + 0.6, 0.8, z - 0.42}, v3{-r.x + 0.6, 1.15, z - 0.42}, v3{-r.x + 0.25, 1.15, z - 0.42})
	if s.after {
		s.box(hex(0x33373b), 0.05, -0.5, -0.1, 0, 0.14, z-0.4, z-0.15)
		s.poly(flat(hex(0xd9b54a)), 1, v3{-0.4, 0.03, z - 0.41}, v3{-0.2, 0.03, z - 0.41}, v3{-0.3, 0.12, z - 0.41})
		return
	}
	s.heap(-r.x+0.9, z-0.6, 0.6, 0.4, 30, hex(0x33363b), hex(0xcfccc2), hex(0x5c7c9c), hex(0xb59a6f))
	p := s.cam.at(v3{0.1, 0.1, z - 0.02}) // a gnawed hole
	k := s.cam.scale(v3{0, 0, z})
	s.blob(flat(hex(0x141312)), 1, p.X, p.Y, 0.13*k, 0.1*k, 0.2)
	for i := range 4 {
		s.rat(-0.9+0.62*float64(i)+s.about(-0.1, 0.1), z-s.about(0.5, 2.2), pick(s, 1.0, -1))
	}
}

func (s *stage) rat(x, z, dir float64) {
	b, k := s.cam.at(v3{x, 0, z}), 1.25*s.cam.scale(v3{x, 0, z})
	c := pick(s, hex(0x544a42), hex(0x625950), hex(0x443d38))
	at := func(dx, y float64) pt { return pt{b.X + dx*dir*k, b.Y - y*k} }
	s.shadow(x, 0.003, z, 0.22, 0.07, 0.6)
	s.line(flat(hex(0x9a7f78)), 1, 0.014*k, 0.005*k, at(-0.13, 0.03), at(-0.22, 0.02), at(-0.3, 0.05), at(-0.36, 0.03))
	s.smooth(fade(c.mul(1.2), c.mul(0.8), b.Y-0.12*k, b.Y), 1, at(-0.15, 0.01), at(-0.15, 0.07), at(-0.06, 0.125), at(0.04, 0.11), at(0.12, 0.08), at(0.2, 0.035), at(0.12, 0.01))
	s.ellipse(flat(c.mul(0.8)), 1, at(0.09, 0.1).X, at(0.09, 0.1).Y, 0.024*k, 0.026*k)
	s.ellipse(flat(hex(0x101010)), 1, at(0.145, 0.065).X, at(0.145, 0.065).Y, 0.008*k, 0.008*k)
}

func (s *stage) roaches() {
	tile := pick(s, hex(0xd8d4c8), hex(0xcfd6d6), hex(0xe0d6c4))
	s.floorShot(tile, 0.12)
	for x := -4.0; x < 4; x += 0.4 {
		s.strip(flat(tile.mul(0.72)), 1, x, x+0.014, 0.001, 0.4, 8)
	}
	for z := 0.4; z < 8; z += 0.4 {
		s.strip(flat(tile.mul(0.72)), 1, -4, 4, 0.001, z, z+0.014)
	}
	s.box(hex(0xe9e7e0), 0.05, -4, 4, 0, 0.14, 3.6, 3.7)
	if s.after {
		s.box(hex(0x3b3f44), 0.1, 0.3, 0.62, 0, 0.07, 2.6, 2.85)
		return
	}
	for range 26 {
		x, z, a := s.about(-1.2, 1.2), s.about(1.2, 3.5), s.about(0, 6.28)
		p, k := s.cam.at(v3{x, 0.01, z}), s.cam.scale(v3{x, 0, z})*0.055
		c := hex(0x6a3f22).mul(float32(s.about(0.7, 1.2)))
		dx, dy := math.Cos(a), math.Sin(a)
		for _, q := range []float64{-0.6, 0, 0.6} {
			s.line(flat(c.mul(0.6)), 1, 1.6, 1, pt{p.X + dx*q*k - dy*k*0.9, p.Y + dy*q*k*0.8 + dx*k*0.75}, pt{p.X + dx*q*k + dy*k*0.9, p.Y + dy*q*k*0.8 - dx*k*0.75})
		}
		s.line(flat(c), 1, k*0.85, k*0.6, pt{p.X - dx*k, p.Y - dy*k*0.8}, pt{p.X, p.Y}, pt{p.X + dx*k, p.Y + dy*k*0.8})
	}
}

// oneDog is a single dog; with its owner where owned.
func oneDog(owned bool) func(*stage) {
	return func(s *stage) {
		s.yard()
		if s.after {
			s.figure(s.between(-2, 2), 7, 1.7, hex(0x7e4a52))
			s.figure(s.between(-1, 3), 8, 1.2, hex(0x4f7597))
			return
		}
		z := s.between(4.6, 5.4)
		s.dog(s.about(-0.8, 0.8), z, 1, pick(s, hex(0x6e5a45), hex(0x3d3a37), hex(0x8b857c)))
		if owned {
			s.figure(2.0, z+0.8, 1.76, hex(0x3f4650))
		}
	}
}

// crack runs through a wall; gutter is a torn drainpipe on it.
func (s *stage) crack() {
	_, z := s.porch(2)
	p, k := s.cam.at(v3{1.55, 4.4, z}), s.cam.scale(v3{1.5, 2, z})
	ps := []pt{p}
	for range 15 {
		p = pt{p.X + s.about(-0.13, 0.15)*k, p.Y + s.about(0.2, 0.34)*k}
		ps = append(ps, p)
	}
	if s.after {
		s.line(rough(hex(0xc9c2b4), 0.1, 30), 0.95, 0.22*k, 0.16*k, ps...)
		return
	}
	s.line(rough(hex(0x8a8178), 0.4, 12), 0.8, 0.2*k, 0.12*k, ps...)
	s.line(flat(hex(0x1f1c1a)), 1, 0.09*k, 0.03*k, ps...)
	for i := 2; i < 14; i += 3 {
		q := ps[i]
		s.line(flat(hex(0x35302b)), 0.9, 0.03*k, 0.008*k, q, pt{q.X + s.about(0.2, 0.5)*k, q.Y + s.about(0.1, 0.4)*k})
	}
}

func (s *stage) gutter() {
	_, z := s.porch(2)
	c := hex(0x8d9496)
	if s.after {
		s.rod(c, v3{1.6, 0.2, z}, v3{1.6, 6, z}, 0.16)
		for _, y := range []float64{0.8, 2.2, 3.6} {
			s.rod(c.mul(0.6), v3{1.48, y, z - 0.05}, v3{1.72, y, z - 0.05}, 0.05)
		}
		return
	}
	s.rod(c, v3{1.6, 3.3, z}, v3{1.6, 6, z}, 0.16)
	s.rod(c.mul(0.9), v3{1.75, 3.0, z - 0.3}, v3{2.9, 0.3, z - 1.0}, 0.16)
	p, k := s.cam.at(v3{1.6, 3.3, z}), s.cam.scale(v3{1.6, 2, z})
	for i := range 7 {
		q := 1 - 0.1*float64(i)
		s.blob(rough(hex(0x5f6650).mul(float32(0.8+0.05*float64(i))), 0.3, 20), 0.22, p.X, p.Y+1.5*k, 0.5*k*q, 1.7*k*q, 0.15)
	}
}

// canopy over a door, and a balcony: the concrete has come off the bars.
func (s *stage) canopy() {
	_, z := s.porch(2)
	if s.after {
		return
	}
	k := s.cam.scale(v3{0, 3, z - 1.5})
	for range 9 {
		p := s.cam.at(v3{s.about(-1.8, 1.8), s.about(3.08, 3.26), z - 1.5})
		s.blob(rough(hex(0x5a534b), 0.6, 12), 1, p.X, p.Y, s.about(0.1, 0.32)*k, s.about(0.06, 0.13)*k, 0.4)
	}
	for range 12 {
		p := s.cam.at(v3{s.about(-1.7, 1.7), 3.08, z - 1.5})
		s.line(flat(hex(0x6f4129)), 1, 0.03*k, 0.02*k, p, pt{p.X + s.about(-0.2, 0.2)*k, p.Y + s.about(0.1, 0.3)*k})
	}
	s.crumbs(0.5, z-1.8, 0.6, 50, hex(0x9a938a))
}

func (s *stage) balcony() {
	_, z := s.wallShot(pick(s, hex(0xb8aa94), hex(0xc4bda9), hex(0xa9a49c)))
	g := fade(mix(hex(0x4b5a63), s.skyTop, 0.5), hex(0x4b5a63), 0, s.h*0.5)
	for _, x := range []float64{-4.2, -0.7, 2.9} {
		s.poly(flat(hex(0xe5e2da)), 1, v3{x, 2.6, z}, v3{x + 1.4, 2.6, z}, v3{x + 1.4, 4.1, z}, v3{x, 4.1, z})
		s.poly(g, 1, v3{x + 0.1, 2.7, z}, v3{x + 1.3, 2.7, z}, v3{x + 1.3, 4, z}, v3{x + 0.1, 4, z})
	}
	c := hex(0xa49d92)
	if s.after {
		c = hex(0xb9b4aa)
	}
	y := 2.15
	s.poly(flat(hex(0x5d5a55)), 1, v3{-1.6, y, z}, v3{1.6, y, z}, v3{1.6, y, z - 1.2}, v3{-1.6, y, z - 1.2})
	s.box(c, 0.2, -1.6, 1.6, y, y+0.2, z-1.2, z)
	s.box(mix(c, hex(0x6f8790), 0.5), 0.1, -1.6, 1.6, y+0.2, y+1.1, z-1.2, z-1.1)
	if s.after {
		return
	}
	k := s.cam.scale(v3{0, y, z - 1.2})
	for range 12 {
		p := s.cam.at(v3{s.about(-1.6, 1.6), y + s.about(-0.02, 0.16), z - 1.2})
		s.blob(rough(hex(0x554e46), 0.6, 12), 1, p.X, p.Y, s.about(0.1, 0.3)*k, s.about(0.05, 0.12)*k, 0.4)
	}
	for range 12 {
		p := s.cam.at(v3{s.about(-1.5, 1.5), y, z - 1.2})
		s.line(flat(hex(0x7a4529)), 1, 0.03*k, 0.02*k, p, pt{p.X + s.about(-0.15, 0.15)*k, p.Y + s.about(0.12, 0.4)*k})
	}
	s.crumbs(0, z-1.8, 0.9, 50, hex(0x9a938a))
}

// mould is a black corner of a room.
func (s *stage) mould() {
	r := s.room(pick(s, hex(0xd9cfbb), hex(0xc9d0cc), hex(0xd6c6b8)), pick(s, hex(0xd9cfbb), hex(0xc9d0cc)), hex(0x9a7a58))
	z := r.z - 0.02
	s.box(hex(0x8a6647), 0.12, 0.4, r.x-0.2, 0, 0.7, z-0.6, z)
	s.poly(flat(hex(0xf0eee8)), 1, v3{0.2, 1.2, z}, v3{1.6, 1.2, z}, v3{1.6, 2.4, z}, v3{0.2, 2.4, z})
	s.poly(fade(s.skyTop, s.skyLow, 0, s.h*0.5), 1, v3{0.3, 1.3, z}, v3{1.5, 1.3, z}, v3{1.5, 2.3, z}, v3{0.3, 2.3, z})
	if s.after {
		return
	}
	for i := range 170 {
		t := s.sub.Float64() * s.sub.Float64()
		v := v3{-r.x + 0.9*t, s.about(1.5, 2.9), z}
		if i%2 == 0 {
			v = v3{-r.x + 0.01, s.about(1.6, 2.9), z - 1.2*t}
		}
		p, k := s.cam.at(v), s.cam.scale(v)*s.about(0.02, 0.11)
		s.blob(flat(hex(0x2c2f2a)), float32(s.about(0.12, 0.5)), p.X, p.Y, k, k*0.8, 0.4)
	}
}

// wallAds are papers pasted on a wall.
func (s *stage) wallAds() {
	_, z := s.porch(1)
	if s.after {
		s.poly(flat(hex(0x6f7d86)), 1, v3{1.25, 1.0, z}, v3{1.95, 1.0, z}, v3{1.95, 1.9, z}, v3{1.25, 1.9, z})
		s.poly(flat(hex(0xe9e7df)), 1, v3{1.32, 1.07, z}, v3{1.88, 1.07, z}, v3{1.88, 1.83, z}, v3{1.32, 1.83, z})
		return
	}
	for range 34 {
		x, y, t := s.about(-1.9, 2.1), s.about(0.7, 2.2), s.about(-0.03, 0.03)
		c := [...]rgb{hex(0xf1eee4), hex(0xe6d98f), hex(0xd8e2e6), hex(0xe3c4b8)}[s.sub.IntN(4)]
		s.poly(flat(c.mul(float32(s.about(0.85, 1)))), 1, v3{x, y, z}, v3{x + 0.24, y + t, z}, v3{x + 0.24, y + 0.33 + t, z}, v3{x, y + 0.33, z})
		for i := range 4 {
			b := y + 0.06 + 0.06*float64(i)
			s.poly(flat(hex(0x55585a)), 0.7, v3{x + 0.03, b, z}, v3{x + s.about(0.12, 0.2), b, z}, v3{x + 0.15, b + 0.018, z}, v3{x + 0.03, b + 0.018, z})
		}
	}
}

// plate is the corner of a house without its number.
func (s *stage) plate() {
	_, z := s.porch(2)
	if s.after {
		s.poly(flat(hex(0xe9ebec)), 1, v3{1.2, 2.35, z}, v3{1.95, 2.35, z}, v3{1.95, 2.85, z}, v3{1.2, 2.85, z})
		s.poly(flat(hex(0x2c5f94)), 1, v3{1.23, 2.38, z}, v3{1.92, 2.38, z}, v3{1.92, 2.82, z}, v3{1.23, 2.82, z})
		for _, x := range []float64{1.42, 1.68} {
			s.poly(flat(hex(0xf2f3f3)), 1, v3{x, 2.47, z}, v3{x + 0.06, 2.47, z}, v3{x + 0.06, 2.74, z}, v3{x, 2.74, z})
			s.poly(flat(hex(0xf2f3f3)), 1, v3{x - 0.06, 2.68, z}, v3{x + 0.06, 2.68, z}, v3{x + 0.06, 2.74, z}, v3{x - 0.06, 2.74, z})
		}
		return
	}
	s.poly(rough(hex(0x8f8a80), 0.3, 20), 0.6, v3{1.2, 2.35, z}, v3{1.95, 2.35, z}, v3{1.95, 2.85, z}, v3{1.2, 2.85, z})
	for _, q := range [][2]float64{{1.23, 2.38}, {1.92, 2.38}, {1.23, 2.82}, {1.92, 2.82}} {
		p, k := s.cam.at(v3{q[0], q[1], z}), s.cam.scale(v3{q[0], q[1], z})
		s.ellipse(flat(hex(0x3a2f28)), 1, p.X, p.Y, 0.03*k, 0.03*k)
	}
}

// ruin is an empty house: its openings are closed, or it is taken down.
func ruin(down bool) func(*stage) {
	return func(s *stage) {
		s.look(1.6, s.between(0.52, 0.58), s.between(-0.1, 0.1))
		s.sky()
		s.skyline(true)
		s.strip(s.ground(0, s.grass(), 0.6, 5), 1, -80, 80, 0, 0.4, 200)
		for range 4 {
			s.tree(s.between(-20, 20), s.between(22, 30), s.between(6, 9))
		}
		z, c := 13.0, pick(s, hex(0x9b6f5a), hex(0xa08a76), hex(0x8c857c))
		if s.after && down {
			s.patch(s.ground(0, hex(0x93836c), 0.7, 5), 1, s.shape(15, 0.08), 0, 0.005, z+1, 8, 3.4)
			return
		}
		s.box(c, 0.35, -7, 6, 0, 6.4, z, z+9)
		for j := range 2 {
			for i := range 6 {
				x, y := -6.2+2.1*float64(i), 1.1+3.0*float64(j)
				w := hex(0x15171a)
				if s.after {
					w = hex(0x8d7a5e)
				}
				s.poly(rough(s.air(w, z), 0.25, 22), 1, v3{x, y, z - 0.01}, v3{x + 1.1, y, z - 0.01}, v3{x + 1.1, y + 1.5, z - 0.01}, v3{x, y + 1.5, z - 0.01})
			}
		}
		w := hex(0x101214)
		if s.after {
			w = hex(0x6b7276)
		}
		s.poly(flat(s.air(w, z)), 1, v3{-0.6, 0, z - 0.02}, v3{0.5, 0, z - 0.02}, v3{0.5, 2.2, z - 0.02}, v3{-0.6, 2.2, z - 0.02})
		s.poly(fade(s.skyTop, s.skyLow, 0, s.cam.horizon), 1, v3{2.6, 6.5, z - 0.02}, v3{3.4, 5.2, z - 0.02}, v3{4.3, 5.5, z - 0.02}, v3{5, 4.3, z - 0.02}, v3{6.1, 3.9, z - 0.02}, v3{6.1, 6.6, z - 0.02})
		for range 9 {
			p := s.cam.at(v3{s.about(-7, 6), s.about(0.3, 5), z})
			k := s.cam.scale(v3{0, 2, z}) * s.about(0.2, 0.6)
			s.blob(rough(hex(0x7a5646), 0.5, 14), 0.8, p.X, p.Y, k, k*0.7, 0.4)
		}
		s.heap(4.8, z-1, 1.6, 0.7, 60, hex(0xa5675a), hex(0x8c5a4c), hex(0x9a938a))
	}
}

// annex is a raw storey that a neighbour builds.
func (s *stage) annex() {
	s.look(1.6, s.between(0.55, 0.6), s.between(-0.08, 0.08))
	s.sky()
	s.skyline(true)
	s.strip(s.ground(0, s.grass(), 0.6, 5), 1, -80, 80, 0, 0.4, 200)
	s.building(s.cottageStyle(), -11, -3, 15, 23)
	brick := hex(0xa8654f)
	if s.after {
		s.box(brick, 0.3, -1.6, 6.5, 0, 3.0, 15, 23)
		s.box(hex(0xb6b1a7), 0.1, -1.9, 6.8, 3.0, 3.25, 14.7, 23)
	} else {
		s.box(brick, 0.3, -1.6, 6.5, 0, 8.6, 15, 23)
		for _, y := range []float64{2.9, 5.8} {
			s.box(hex(0xb6b1a7), 0.1, -1.8, 6.7, y, y+0.25, 14.8, 15)
		}
		for x := -1.4; x < 6.4; x += 0.9 {
			s.rod(hex(0x6f4a36), v3{x, 8.6, 15}, v3{x, 9.2, 15}, 0.05)
		}
	}
	for _, y := range []float64{0.9, 3.9, 6.7} {
		if s.after && y > 1 {
			break
		}
		for _, x := range []float64{-0.8, 2, 4.6} {
			s.poly(flat(s.air(hex(0x191b1e), 15)), 1, v3{x, y, 14.98}, v3{x + 1.2, y, 14.98}, v3{x + 1.2, y + 1.5, 14.98}, v3{x, y + 1.5, 14.98})
		}
	}
	s.fenceLine(-2.3, 6, 15, hex(0x7b6a58))
	if !s.after {
		s.heap(2.6, 11, 1.2, 0.6, 60, brick, brick.mul(1.15), hex(0xb6b1a7))
	}
}

// obstacle is something that stands where people pass.
func obstacle(what string) func(*stage) {
	return func(s *stage) {
		s.pavement = true
		var x1 float64
		if what == "kiosk" || what == "garage" || what == "billboard" {
			s.pavement = false
			s.yard()
		} else {
			_, x1 = s.street()
		}
		if s.after {
			if !s.pavement {
				s.patch(s.ground(0, mix(s.grass(), hex(0x8b7a60), 0.5), 0.6, 6), 0.85, s.shape(13, 0.15), 0, 0.006, 7.2, 2.4, 1.2)
			}
			return
		}
		switch what {
		case "fence":
			for i := range 7 {
				x := x1 - 0.1 + 0.5*float64(i)
				s.box(hex(0x7f97a8).mul(float32(s.between(0.93, 1.05))), 0.1, x, x+0.48, 0.1, 2.1, 5.4, 5.45)
			}
		case "slabs":
			for i := range 4 {
				s.box(hex(0xa8a49b), 0.25, x1+0.2, x1+2.4, 0.1+0.24*float64(i), 0.3+0.24*float64(i), 5, 6.4)
			}
			s.heap(x1+1.2, 4.4, 0.6, 0.25, 20, hex(0xa8a49b), hex(0x8c867d))
		case "car":
			s.car(x1+1.6, 8.2, pick(s, hex(0xc9cccd), hex(0x7f3d3a), hex(0x44586e)))
			s.car(x1+1.4, 5.2, pick(s, hex(0x5d6258), hex(0x30353a), hex(0xb9b4a4)))
		case "stalls":
			for i := range 3 {
				x, z := x1+0.5+0.75*float64(i), 4.6+1.1*float64(i)
				s.box(hex(0xa98d66), 0.25, x, x+0.7, 0.1, 0.45, z, z+0.5)
				s.heapAt(x+0.35, z+0.1, 0.3, 0.5, 0.12, 12)
				s.figure(x+0.9, z+0.7, 1.6, pick(s, hex(0x7e4a52), hex(0x4f6b5d), hex(0x6b6356)))
			}
		case "kiosk":
			c := pick(s, hex(0x5d7a8c), hex(0x8c6a4a), hex(0x6f8461))
			s.shadow(0.2, 0.01, 7.2, 2.2, 0.8, 0.5)
			s.box(c, 0.1, -1.4, 1.8, 0, 2.5, 6.6, 8.6)
			s.box(hex(0xd8d4c8), 0.05, -1.7, 2.1, 2.5, 2.72, 6.2, 8.8)
			s.poly(flat(mix(hex(0x3d4a52), s.skyTop, 0.3)), 1, v3{-1.0, 1.1, 6.58}, v3{0.7, 1.1, 6.58}, v3{0.7, 2.0, 6.58}, v3{-1.0, 2.0, 6.58})
			s.poly(flat(c.mul(0.6)), 1, v3{0.95, 0, 6.58}, v3{1.65, 0, 6.58}, v3{1.65, 2.0, 6.58}, v3{0.95, 2.0, 6.58})
			for i := range 6 {
				s.poly(flat([...]rgb{hex(0xc0584a), hex(0xd8b656), hex(0x5d8a63)}[i%3]), 1, v3{-0.95 + 0.27*float64(i), 1.15, 6.57}, v3{-0.75 + 0.27*float64(i), 1.15, 6.57}, v3{-0.75 + 0.27*float64(i), 1.55, 6.57}, v3{-0.95 + 0.27*float64(i), 1.55, 6.57})
			}
		case "garage":
			c := pick(s, hex(0x7d6552), hex(0x6b7a74))
			s.shadow(0.2, 0.01, 7.2, 2.4, 0.8, 0.5)
			s.box(c, 0.3, -1.6, 1.8, 0, 2.3, 6.4, 10)
			for i := range 2 {
				x := -1.45 + 1.6*float64(i)
				s.poly(rough(c.mul(0.8), 0.3, 20), 1, v3{x, 0.05, 6.38}, v3{x + 1.5, 0.05, 6.38}, v3{x + 1.5, 2.1, 6.38}, v3{x, 2.1, 6.38})
			}
		case "billboard":
			for _, x := range []float64{-1.5, 1.7} {
				s.rod(hex(0x5b6165), v3{x, 0, 7.4}, v3{x, 2.2, 7.4}, 0.16)
				s.box(hex(0xa8a49b), 0.2, x-0.35, x+0.35, 0, 0.35, 7.1, 7.7)
			}
			s.box(hex(0x4a5054), 0.1, -2.5, 2.7, 1.6, 4.4, 7.3, 7.45)
			s.poly(fade(hex(0xd9b54a), hex(0xb8584a), s.cam.at(v3{0, 4.4, 7.3}).Y, s.cam.at(v3{0, 1.6, 7.3}).Y), 1, v3{-2.4, 1.7, 7.28}, v3{2.6, 1.7, 7.28}, v3{2.6, 4.3, 7.28}, v3{-2.4, 4.3, 7.28})
			s.poly(flat(hex(0xf1eee4)), 1, v3{-2.0, 3.2, 7.27}, v3{1.4, 3.2, 7.27}, v3{1.4, 3.8, 7.27}, v3{-2.0, 3.8, 7.27})
			s.poly(flat(hex(0xf1eee4)), 0.9, v3{-2.0, 2.3, 7.27}, v3{0.4, 2.3, 7.27}, v3{0.4, 2.6, 7.27}, v3{-2.0, 2.6, 7.27})
		}
	}
}

// blockedDrive are cars that leave no way through a drive.
func (s *stage) blockedDrive() {
	s.court()
	if s.after {
		for i := range 5 {
			s.strip(flat(hex(0xdcb84a)), 0.8, -3+1.3*float64(i), -2.8+1.3*float64(i), 0.012, 3, 6.6)
		}
		return
	}
	for i := range 3 {
		s.car(-3.6+3.4*float64(i)+s.about(-0.3, 0.3), 6.6-1.4*float64(i%2), pick(s, hex(0xc9cccd), hex(0x7f3d3a), hex(0x44586e), hex(0x5d6258)))
	}
}

// disabled is a parking place with the wheelchair's sign.
func (s *stage) disabled() {
	s.court()
	for _, x := range []float64{-2.8, 2.8} {
		s.strip(flat(hex(0xdcb84a)), 0.9, x-0.06, x+0.06, 0.012, 2.6, 7)
	}
	s.rod(hex(0x8d9194), v3{3.2, 0, 7.4}, v3{3.2, 2.4, 7.4}, 0.06)
	s.box(hex(0x2c6aa0), 0.03, 2.85, 3.55, 1.8, 2.5, 7.35, 7.38)
	p, k := s.cam.at(v3{3.2, 2.3, 7.33}), s.cam.scale(v3{3.2, 2, 7.33})
	s.ellipse(flat(hex(0xf2f3f3)), 1, p.X-0.05*k, p.Y-0.05*k, 0.06*k, 0.06*k)
	s.line(flat(hex(0xf2f3f3)), 1, 0.06*k, 0.05*k, pt{p.X - 0.04*k, p.Y}, pt{p.X - 0.02*k, p.Y + 0.2*k}, pt{p.X + 0.14*k, p.Y + 0.2*k}, pt{p.X + 0.2*k, p.Y + 0.36*k})
	if !s.after {
		s.car(0, 4.6, pick(s, hex(0x30353a), hex(0x7f3d3a), hex(0xc9cccd)))
	}
	s.patch(flat(hex(0xdcb84a)), 0.85, round(20), 0, 0.012, 3.4, 0.5, 0.4)
	s.patch(s.ground(0, s.asphalt(), 0.5, 6), 1, round(20), 0, 0.013, 3.4, 0.38, 0.29)
}

// yardSnow and yardIce are a drive in winter.
func (s *stage) yardSnow() {
	s.court()
	if s.after {
		for x := -6.0; x < 7; x += 0.8 {
			s.drift(x, 7.9, 0.7, 0.6, hex(0xe6eaee))
		}
		return
	}
	s.strip(s.ground(0.02, hex(0xdfe4e8), 0.6, 4), 1, -80, 80, 0.08, 0.4, 7.8)
	for z := 7.6; z > 2; z -= 0.8 {
		for range 5 {
			s.drift(s.about(-5, 5), z, s.about(0.6, 1.1), s.about(0.25, 0.5), hex(0xe6eaee).mul(float32(s.about(0.95, 1.01))))
		}
	}
	s.car(1.6, 6.4, pick(s, hex(0x7c3b38), hex(0x46566a)))
	s.drift(0.6, 6.1, 1.2, 0.5, hex(0xe9edf1))
	s.drift(2.6, 6.0, 1.3, 0.6, hex(0xe9edf1))
}

func (s *stage) sheen(x0, x1, y, z1 float64) {
	ice := pixels(func(x, y float32) rgb {
		return mix(hex(0x9fb0bb), rgb{0.97, 0.98, 1}, min(max(noise(x*0.012, y*0.05)*1.9-0.5, 0), 1))
	})
	s.strip(ice, 0.93, x0, x1, y, 0.4, z1)
}

func (s *stage) grit(x0, x1, y, z1 float64) {
	for range 1100 {
		v := v3{s.about(x0, x1), y, 1 + (z1-1)*s.sub.Float64()*s.sub.Float64()}
		p, k := s.cam.at(v), s.cam.scale(v)*s.about(0.01, 0.02)
		s.ellipse(flat(hex(0x8a6f4c)), 0.85, p.X, p.Y, k, k*0.7)
	}
}

func (s *stage) yardIce() {
	s.court()
	if s.after {
		s.grit(-5, 5, 0.012, 7.5)
		return
	}
	s.sheen(-80, 80, 0.01, 7.6)
	s.figure(0.9, 6, 1.6, hex(0x6e4a4f))
}

func (s *stage) iceRoad() {
	x0, x1 := s.street()
	if s.after {
		s.grit(x0+0.2, x1-0.2, 0.012, 14)
		return
	}
	s.sheen(x0, x1, 0.01, 90)
	s.car(s.about(-0.6, 1.2), 11, pick(s, hex(0x7c3b38), hex(0x46566a), hex(0x55584f)))
}

func (s *stage) snowbank() {
	x0, x1 := s.street()
	s.strip(s.ground(0.01, hex(0x83868a), 0.5, 7), 1, x0+0.2, x1-0.2, 0.012, 0.4, 120)
	for z := 30.0; z > 2.4; z -= 0.7 {
		h := 1.5
		if s.after {
			h = 0.25
		}
		s.drift(x1+0.3, z, 1.1, h*s.about(0.85, 1.1), hex(0xe6eaee).mul(float32(s.about(0.94, 1))))
		s.drift(x0-0.3, z, 0.7, h*0.6, hex(0xe6eaee))
	}
}

func (s *stage) snowStop() {
	was := s.after
	s.after = true
	s.busStop()
	if s.after = was; s.after {
		return
	}
	for x := -5.0; x < 5; x += 0.5 {
		s.drift(x, 4.6+s.about(-0.1, 0.3), s.about(0.6, 0.9), s.about(0.4, 0.75), hex(0xe6eaee).mul(float32(s.about(0.93, 1))))
	}
}

func (s *stage) dirtyStop() {
	was := s.after
	s.after = true
	s.busStop()
	if s.after = was; !s.after {
		s.rubbish(-3.4, 2.2, 0.13, 4.6, 8, 120)
	}
}

// cemetery are graves; with a heap of wreaths or a fallen tree.
func cemetery(tree bool) func(*stage) {
	return func(s *stage) {
		s.meadow(false)
		s.strip(s.ground(0.01, hex(0xa79a82), 0.4, 5), 1, -0.9, 0.9, 0.01, 0.4, 40)
		for z := 15.0; z > 5; z -= 2.6 {
			for _, x := range []float64{-4.6, -2.6, 2.2, 4.2} {
				g := hex(0x6f7378).mul(float32(s.between(0.75, 1.2)))
				s.box(hex(0x8f8b83), 0.2, x-0.5, x+0.5, 0, 0.16, z-1.1, z+0.2)
				s.box(g, 0.12, x-0.35, x+0.35, 0.16, s.between(1.0, 1.35), z, z+0.14)
			}
		}
		switch {
		case s.after:
		case tree:
			a, b := s.cam.at(v3{-4.4, 0.9, 5.6}), s.cam.at(v3{2.6, 0.8, 5.2})
			k := s.cam.scale(v3{0, 0, 5.4})
			s.line(rough(hex(0x62554a), 0.5, 14), 1, 0.42*k, 0.2*k, a, b)
			for i := range 9 {
				s.branch(hex(0x5e5247), pt{b.X - 0.12*k*float64(i%4), b.Y}, -1.2+0.28*float64(i), s.about(0.5, 0.9)*k, 0.07*k, 3)
			}
		default:
			s.heap(1.9, 4.6, 1.2, 0.7, 90, hex(0x3f6a48), hex(0x4d7b5b), hex(0xb8474a), hex(0xd8d5cb), hex(0xc98ab0), hex(0x33363b))
		}
	}
}

// beds: a flower bed gone wild, hogweed, a trampled lawn, a sandbox.
func (s *stage) flowerbed() {
	s.yard()
	z := 5.4
	s.patch(s.ground(0.01, hex(0xb0aaa0), 0.3, 6), 1, round(24), 0, 0.006, z, 3.2, 1.7)
	s.patch(s.ground(0.01, hex(0x5f4d3c), 0.8, 7), 1, round(24), 0, 0.01, z, 2.9, 1.45)
	for i := range 260 {
		a, d := s.about(0, 6.28), math.Sqrt(s.sub.Float64())
		v := v3{2.8 * d * math.Cos(a), 0, z + 1.3*(1-2*float64(i)/260)}
		if math.Hypot(v.X/2.8, (v.Z-z)/1.4) > 1 {
			continue
		}
		p, k := s.cam.at(v), s.cam.scale(v)
		if s.after {
			s.line(flat(hex(0x4f7a45)), 1, 2.5, 1.5, p, pt{p.X, p.Y - 0.16*k})
			c := [...]rgb{hex(0xc8474a), hex(0xe2b63e), hex(0xd98ab0), hex(0xf0ede4), hex(0x8a5aa0)}[s.sub.IntN(5)]
			s.ellipse(flat(c), 1, p.X, p.Y-0.18*k, 0.06*k, 0.045*k)
			continue
		}
		hgt := s.about(0.2, 0.9) * k
		c := mix(s.grass(), hex(0x8f8a4c), float32(s.about(0, 0.7))).mul(float32(s.about(0.7, 1.1)))
		s.line(flat(c), 0.95, 0.03*k, 1, p, pt{p.X + s.about(-0.1, 0.1)*k, p.Y - hgt*0.6}, pt{p.X + s.about(-0.25, 0.25)*k, p.Y - hgt})
	}
}

func (s *stage) hogweed() {
	s.meadow(true)
	n := 26
	for i := range n {
		z := 12 - 8.4*math.Sqrt(float64(i)/float64(n))
		x := s.about(1.2, 1.6+z*0.6)
		if i%3 == 0 {
			x = -x
		}
		p, k := s.cam.at(v3{x, 0, z}), s.cam.scale(v3{x, 0, z})
		c := s.air(hex(0x66803f).mul(float32(s.about(0.85, 1.1))), z)
		if s.after {
			s.line(flat(hex(0x8f8a5c)), 1, 0.05*k, 0.04*k, p, pt{p.X + s.about(-0.05, 0.05)*k, p.Y - 0.15*k})
			continue
		}
		hgt := s.about(1.9, 2.7) * k
		top := pt{p.X + s.about(-0.15, 0.15)*k, p.Y - hgt}
		s.line(flat(c), 1, 0.07*k, 0.03*k, p, top)
		for range 5 {
			y, d := s.about(0.15, 0.6)*hgt, s.about(-0.6, 0.6)*k
			s.smooth(rough(c.mul(1.05), 0.3, 14), 0.95, pt{p.X, p.Y - y}, pt{p.X + d*0.5, p.Y - y - 0.14*k}, pt{p.X + d, p.Y - y + 0.05*k}, pt{p.X + d*0.5, p.Y - y + 0.12*k})
		}
		for j := range 11 { // the umbel
			a := -math.Pi + math.Pi*float64(j)/10
			q := pt{top.X + 0.36*k*math.Cos(a), top.Y + 0.2*k*math.Sin(a) + 0.02*k}
			s.line(flat(c), 0.9, 2, 1.2, pt{top.X, top.Y + 0.18*k}, q)
			s.ellipse(flat(s.air(hex(0xeeefe6), z)), 1, q.X, q.Y, 0.07*k, 0.035*k)
		}
	}
}

func (s *stage) bareLawn() {
	s.yard()
	if s.after {
		return
	}
	earth := hex(0x85715a)
	for range 16 {
		s.patch(s.ground(0, earth, 0.9, 6), 0.92, s.shape(11, 0.3), s.about(-5, 5), 0.005, s.about(2.6, 9), s.about(0.7, 1.5), s.about(0.4, 0.8))
	}
	for _, x := range []float64{-1.3, 0.4} {
		for z := 9.0; z > 1.6; z -= 0.5 {
			s.patch(s.ground(0, earth.mul(0.68), 0.8, 6), 0.8, s.shape(9, 0.2), x+0.14*z, 0.007, z, 0.26, 0.45)
		}
	}
}

func (s *stage) sandbox() {
	s.yard()
	z, wood := 5.4, pick(s, hex(0xb8584a), hex(0x4f7597), hex(0xa98a4c))
	sand := hex(0xd2ba84)
	if !s.after {
		wood, sand = mix(wood, hex(0x8c8a84), 0.4), hex(0x6f675a)
	}
	s.strip(s.ground(0.05, sand, 0.6, 9), 1, -1.9, 1.9, 0.05, z-1.1, z+1.3)
	if s.after {
		s.heap(0.4, z+0.4, 0.8, 0.35, 90, sand, sand.mul(0.94))
	} else {
		s.rubbish(-1.7, 1.7, 0.06, z-1, z+1.1, 26)
	}
	s.box(wood, 0.15, -2.1, 2.1, 0, 0.34, z+1.3, z+1.45)
	s.box(wood.mul(0.95), 0.15, -2.1, -1.9, 0, 0.34, z-1.2, z+1.4)
	s.box(wood.mul(0.95), 0.15, 1.9, 2.1, 0, 0.34, z-1.2, z+1.4)
	s.box(wood, 0.15, -2.1, 2.1, 0, 0.32, z-1.3, z-1.15)
}

// guardRail is a railing along the kerb.
func (s *stage) guardRail() {
	_, x1 := s.street()
	s.cam.x = 0
	c, x := hex(0x5b6b78), x1-0.5
	for i := 22; i >= 0; i-- {
		z := 3.4 + 0.8*float64(i)
		dx, top := 0.0, 1.1
		if !s.after && i > 0 && i < 8 {
			dx, top = 0.3+0.2*float64(4-max(i-4, 4-i)), 0.4
		}
		s.rod(c, v3{x, 0.1, z}, v3{x + dx, 0.1 + top, z}, 0.12)
		if !s.after && (i == 2 || i == 3) {
			continue
		}
		for _, y := range []float64{0.45, 0.95} {
			s.rod(c.mul(0.92), v3{x + dx*y, 0.1 + top*y, z}, v3{x + dx*y, 0.1 + top*y, z + 0.8}, 0.09)
		}
	}
}

// roadBridge is a bridge of concrete with a damaged parapet.
func (s *stage) roadBridge() {
	s.sky()
	s.skyline(true)
	s.strip(s.ground(0, s.grass(), 0.5, 4), 1, -90, 90, 0, 44, 150)
	for range 7 {
		s.tree(s.between(-26, 26), s.between(46, 60), s.between(6, 9))
	}
	s.rect(s.mirror(mix(hex(0x5f7783), s.skyTop, 0.3), 0.6, 1.6), 1, 0, s.cam.at(v3{0, 0, 45}).Y, s.w, s.h)
	s.strip(s.ground(0, s.asphalt(), 0.5, 7), 1, -3.6, 3.6, 0, 0.4, 44)
	for z := 1.5; z < 44; z += 5 {
		s.strip(flat(hex(0xdcdcd6)), 0.8, -0.07, 0.07, 0.008, z, z+2.4)
	}
	c := hex(0xaaa69d)
	for i := 20; i >= 0; i-- {
		z := 1.6 + 2.0*float64(i)
		s.box(c, 0.15, -3.9, -3.6, 0, 0.9, z, z+1.9)
		if !s.after && (i == 2 || i == 3) {
			for j := range 4 {
				x := 3.66 + 0.06*float64(j)
				s.rod(hex(0x7a4529), v3{x, 0, z + 0.4*float64(j)}, v3{x + s.about(-0.1, 0.2), s.about(0.4, 0.8), z + 0.4*float64(j)}, 0.03)
			}
			continue
		}
		s.box(c, 0.15, 3.6, 3.9, 0, 0.9, z, z+1.9)
	}
	if !s.after {
		s.strip(flat(hex(0x1f2224)), 1, -3.6, 3.6, 0.009, 5.2, 5.34)
		for range 6 {
			x, z := s.about(-3, 3), s.about(3, 9)
			s.cracks(x, z, 0.6, 5)
			s.patch(s.ground(0, hex(0x55504a), 0.8, 10), 0.9, s.shape(11, 0.3), x, 0.006, z, s.about(0.3, 0.6), s.about(0.2, 0.4))
		}
		s.crumbs(3.2, 6.4, 0.5, 40, c)
	}
}

// shelf is a shop inside, with prices.
func (s *stage) shelf() {
	s.room(hex(0xe4e5df), hex(0xdcdcd6), hex(0xb3aea4))
	s.look(1.5, 0.46, 0)
	z := 2.4
	s.poly(flat(hex(0xd4d2ca)), 1, v3{-3, 0, z}, v3{3, 0, z}, v3{3, 3.4, z}, v3{-3, 3.4, z})
	for j := range 4 {
		y := 0.45 + 0.52*float64(j)
		s.poly(flat(hex(0x9a9c9a)), 0.4, v3{-3, y, z - 0.02}, v3{3, y, z - 0.02}, v3{3, y + 0.48, z - 0.02}, v3{-3, y + 0.48, z - 0.02})
		for x := -1.6; x < 1.6; x += 0.2 {
			c := pick(s, hex(0xe6e8e6), hex(0xd7c47e), hex(0x7da1b8), hex(0xb86a5c), hex(0x7c9c78), hex(0xdcd0b8))
			hgt := s.between(0.24, 0.38)
			if !s.after && s.sub.IntN(3) == 0 {
				continue
			}
			w := 0.15
			s.poly(fade(c.mul(1.04), c.mul(0.82), s.cam.at(v3{0, y + hgt, z}).Y, s.cam.at(v3{0, y, z}).Y), 1, v3{x, y, z - 0.04}, v3{x + w, y, z - 0.04}, v3{x + w, y + hgt, z - 0.04}, v3{x, y + hgt, z - 0.04})
			s.poly(flat(hex(0xf3f2ec)), 0.8, v3{x + 0.02, y + 0.08, z - 0.05}, v3{x + w - 0.02, y + 0.08, z - 0.05}, v3{x + w - 0.02, y + 0.17, z - 0.05}, v3{x + 0.02, y + 0.17, z - 0.05})
		}
		s.poly(flat(hex(0xc3c4c0)), 1, v3{-3, y - 0.07, z - 0.1}, v3{3, y - 0.07, z - 0.1}, v3{3, y, z - 0.1}, v3{-3, y, z - 0.1})
		for x := -1.6; x < 1.6; x += 0.4 {
			if !s.after && s.sub.IntN(2) == 0 {
				continue
			}
			s.poly(flat(hex(0xf2e7a0)), 1, v3{x, y - 0.065, z - 0.11}, v3{x + 0.17, y - 0.065, z - 0.11}, v3{x + 0.17, y - 0.005, z - 0.11}, v3{x, y - 0.005, z - 0.11})
			s.poly(flat(hex(0x2b2d30)), 1, v3{x + 0.03, y - 0.045, z - 0.115}, v3{x + 0.12, y - 0.045, z - 0.115}, v3{x + 0.12, y - 0.025, z - 0.115}, v3{x + 0.03, y - 0.025, z - 0.115})
		}
	}
	s.figure(1.1, 1.7, 1.68, pick(s, hex(0x7e4a52), hex(0x4f6b5d), hex(0x5a6683)))
}
