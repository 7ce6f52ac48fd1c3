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
