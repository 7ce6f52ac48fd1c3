package photo

import "math"

// rubbish scatters papers, bottles and bags over a part of the ground.
func (s *stage) rubbish(x0, x1, y, z0, z1 float64, n int) {
	colours := []rgb{hex(0xe8e5da), hex(0xd5d8da), hex(0x5d7ea0), hex(0xa0655a), hex(0xb59a6f), hex(0x6b8271), hex(0x44474d), hex(0xcfccc2)}
	for i := range n {
		t := math.Sqrt(float64(i) / float64(n))
		v := v3{s.about(x0, x1), y, z1 - (z1-z0)*t}
		p, k := s.cam.at(v), s.cam.scale(v)
		c := s.air(colours[s.sub.IntN(len(colours))].mul(float32(s.about(0.82, 1.05))), v.Z)
		s.ellipse(flat(s.shade), 0.25*s.sun, p.X+0.02*k, p.Y+0.01*k, 0.12*k, 0.03*k)
		switch s.sub.IntN(3) {
		case 0: // a bottle on its side
			a, l := s.about(-0.5, 0.5), s.about(0.1, 0.14)*k
			s.line(flat(c), 0.95, 0.06*k, 0.035*k, p, pt{p.X + l*math.Cos(a), p.Y + 0.5*l*math.Sin(a)})
		case 1: // a crumpled sheet
			r := s.about(0.04, 0.09) * k
			s.blob(fade(c.mul(1.06), c.mul(0.72), p.Y-r, p.Y+r*0.4), 1, p.X, p.Y-r*0.2, r, r*0.5, 0.4)
		default: // a bag
			r := s.about(0.05, 0.1) * k
			s.blob(fade(c.mul(1.1), c.mul(0.62), p.Y-r, p.Y+r*0.3), 1, p.X, p.Y-r*0.45, r, r*0.65, 0.25)
		}
	}
}

// park is a path between trees.
func (s *stage) park() {
	s.meadow(false)
	s.strip(s.ground(0.01, hex(0xb3a892), 0.35, 6), 1, -1.5, 1.5, 0.01, 0.4, 60)
	for _, x := range []float64{-1.5, 1.5} {
		s.strip(s.ground(0.01, hex(0xbfbab0), 0.25, 6), 1, x-0.08, x+0.08, 0.02, 0.4, 60)
	}
}

// court is a yard seen from its drive.
func (s *stage) court() {
	s.yard()
	s.strip(s.ground(0, s.asphalt(), 0.5, 6), 1, -80, 80, 0.004, 0.4, 7.6)
	s.strip(s.ground(0.05, hex(0xaaa69e), 0.25, 4), 1, -80, 80, 0.05, 7.6, 7.8)
}

// highway is a road through the fields.
func (s *stage) highway() {
	s.meadow(false)
	s.strip(s.ground(0, mix(s.asphalt(), hex(0x8f8878), 0.6), 0.6, 6), 1, -4.6, 2.6, 0.003, 0.4, 200)
	s.strip(s.ground(0, s.asphalt(), 0.5, 7), 1, -3.8, 1.8, 0.005, 0.4, 200)
	for z := 1.4; z < 80; z += 5 {
		s.strip(s.ground(0.01, hex(0xdcdcd6), 0.5, 3), 0.8, -1.07, -0.93, 0.008, z, z+2.4)
	}
}

func (s *stage) litteredYard() {
	s.yard()
	if !s.after {
		s.rubbish(-6, 6, 0.01, 2.2, 12, 150)
	}
}

func (s *stage) litteredPark() {
	s.park()
	x, z := 1.9, 6.0
	s.box(hex(0x59646a), 0.1, x, x+0.4, 0.05, 0.75, z, z+0.4)
	if !s.after {
		s.heapAt(x+0.2, z+0.1, 0.2, 0.75, 0.2, 9)
		s.heap(x+0.3, z-0.3, 0.6, 0.2, 14, hex(0xcfccc2), hex(0x33363b), hex(0x5c7c9c))
		s.rubbish(-4, 4, 0.02, 2, 12, 120)
	}
}

func (s *stage) litteredStreet() {
	s.pavement = true
	_, x1 := s.street()
	if !s.after {
		s.rubbish(x1-1.0, x1+3.6, 0.1, 1.8, 14, 170)
	}
}

func (s *stage) litteredRoad() {
	s.highway()
	if !s.after {
		s.rubbish(2.0, 5.5, 0.01, 2, 16, 170)
		s.heap(3.4, 6, 0.7, 0.3, 16, hex(0x33363b), hex(0xcfccc2), hex(0x5c7c9c))
	}
}

func (s *stage) litteredPlayground() {
	dirty := s.after
	s.after = true
	s.playground()
	if s.after = dirty; !s.after {
		s.rubbish(-4.5, 4.5, 0.012, 3.2, 9, 110)
	}
}

// urn is a litter bin by a path: overflowing, missing or overturned.
func urn(trouble string) func(*stage) {
	return func(s *stage) {
		s.yard()
		x, z := s.between(-0.8, 0.4), s.between(4, 4.6)
		s.strip(s.ground(0.01, hex(0xa9a49a), 0.3, 8), 1, -30, 30, 0.01, z-0.9, z+1.3)
		c := hex(0x59646a)
		switch {
		case s.after:
			s.shadow(x+0.2, 0.02, z+0.2, 0.4, 0.25, 0.5)
			s.box(c.mul(1.1), 0.1, x, x+0.42, 0.03, 0.8, z, z+0.4)
			return
		case trouble == "full":
			s.box(c, 0.1, x, x+0.42, 0.03, 0.8, z, z+0.4)
			s.heapAt(x+0.2, z+0.15, 0.26, 0.8, 0.3, 14)
			s.heap(x+0.5, z-0.2, 0.8, 0.25, 20, hex(0xcfccc2), hex(0x33363b), hex(0x5c7c9c), hex(0xb59a6f))
		case trouble == "over":
			s.shadow(x+0.4, 0.02, z+0.2, 0.6, 0.25, 0.5)
			s.box(c.mul(0.85), 0.2, x, x+0.8, 0.03, 0.44, z, z+0.4)
			p, k := s.cam.at(v3{x + 0.8, 0.23, z + 0.1}), s.cam.scale(v3{x, 0, z})
			s.ellipse(flat(hex(0x1f2325)), 1, p.X, p.Y, 0.06*k, 0.19*k)
			s.heap(x+1.2, z, 0.5, 0.18, 14, hex(0xcfccc2), hex(0x5c7c9c), hex(0xb59a6f))
		}
		s.rubbish(-2.6, 2.8, 0.02, z-1.2, z+1.2, 60)
	}
}

// leafHeaps are raked leaves in heaps and sacks that nobody fetches.
func (s *stage) leafHeaps() {
	s.yard()
	if s.after {
		return
	}
	leaf := []rgb{hex(0xb98a3e), hex(0xa4622f), hex(0xc9a74f), hex(0x8a6a3c)}
	s.heap(-2.6, 7.4, 1.5, 0.8, 150, leaf...)
	s.heap(2.9, 6.6, 1.2, 0.6, 110, leaf...)
	for i := range 6 {
		x, z := -1.2+0.55*float64(i), 5.4+0.25*float64(i%2)
		p, k := s.cam.at(v3{x, 0, z}), s.cam.scale(v3{x, 0, z})
		c := s.air([...]rgb{hex(0x2f3236), hex(0x3a3d44), hex(0x2b3a34)}[i%3], z)
		s.shadow(x, 0.01, z, 0.35, 0.2, 0.5)
		s.smooth(fade(c.mul(1.5), c.mul(0.8), p.Y-0.7*k, p.Y), 1, pt{p.X - 0.28*k, p.Y}, pt{p.X - 0.3*k, p.Y - 0.32*k}, pt{p.X - 0.1*k, p.Y - 0.6*k}, pt{p.X, p.Y - 0.72*k}, pt{p.X + 0.12*k, p.Y - 0.58*k}, pt{p.X + 0.3*k, p.Y - 0.3*k}, pt{p.X + 0.27*k, p.Y})
	}
}

// branches is a pile of cut branches and logs.
func (s *stage) branches() {
	s.yard()
	z := 5.6
	if s.after {
		s.crumbs(0, z, 1.2, 60, hex(0xc9ab7c))
		return
	}
	s.shadow(0, 0.01, z, 2.2, 0.7, 0.6)
	for i := range 9 { // logs
		x := -2 + 0.42*float64(i%5)
		y := 0.14 + 0.26*float64(i/5)
		p, k := s.cam.at(v3{x, y, z - 0.3}), s.cam.scale(v3{x, y, z - 0.3})
		s.line(flat(s.air(hex(0x62554a), z)), 1, 0.28*k, 0.22*k, p, pt{p.X + 0.12*k, p.Y - 0.28*k})
		s.ellipse(flat(hex(0xc8a878)), 1, p.X, p.Y, 0.14*k, 0.14*k)
		s.ellipse(flat(hex(0xae8d5d)), 1, p.X, p.Y, 0.07*k, 0.07*k)
	}
	b, k := s.cam.at(v3{1.2, 0.1, z}), s.cam.scale(v3{1.2, 0, z})
	for range 34 {
		a := s.about(-2.9, -0.2)
		s.branch(s.air(hex(0x5e5247).mul(float32(s.about(0.8, 1.25))), z), pt{b.X + s.about(-1.2, 1.2)*k, b.Y + s.about(-0.2, 0.15)*k}, a, s.about(0.3, 0.55)*k, 0.05*k, 3)
	}
}

// stump stands in the way; felled are many with their trunks.
func (s *stage) stump() {
	s.yard()
	z := 4.4
	s.strip(s.ground(0.01, hex(0xa9a49a), 0.35, 8), 1, -30, 30, 0.01, z-0.5, z+1.5)
	if s.after {
		s.patch(s.ground(0.01, hex(0x7a6a55), 0.6, 8), 0.9, s.shape(11, 0.2), 0, 0.015, z+0.4, 0.55, 0.4)
		return
	}
	s.stumpAt(0, z+0.2, 0.38)
	s.crumbs(0, z+0.3, 0.8, 40, hex(0xc9ab7c))
}

func (s *stage) stumpAt(x, z, r float64) {
	bark := hex(0x62554a)
	s.shadow(x, 0.02, z+r*0.4, r*1.5, r*0.7, 0.5)
	s.box(bark, 0.4, x-r, x+r, 0, 0.42, z, z+r)
	p, k := s.cam.at(v3{x, 0.44, z + r*0.3}), s.cam.scale(v3{x, 0, z})
	for i, c := range []rgb{bark, hex(0xc8a878), hex(0xb08f60), hex(0xc8a878)} {
		q := r * k * (1.06 - 0.24*float64(i))
		s.ellipse(flat(c), 1, p.X, p.Y, q, q*0.32)
	}
}

func felled(wood bool) func(*stage) {
	return func(s *stage) {
		if wood {
			s.meadow(true)
		} else {
			s.yard()
		}
		for i := range 5 {
			x, z := -4.4+2.1*float64(i), 9.0-1.1*float64((i*2)%5)
			s.stumpAt(x, z, 0.34)
			if s.after {
				continue
			}
			p, q := s.cam.at(v3{x + 0.7, 0.25, z - 0.4}), s.cam.at(v3{x + 2.6, 0.22, z + 0.5})
			k := s.cam.scale(v3{x, 0, z})
			s.line(rough(s.air(hex(0x6d5b4b), z), 0.4, 14), 1, 0.36*k, 0.24*k, p, q)
			s.ellipse(flat(hex(0xc8a878)), 1, p.X, p.Y, 0.12*k, 0.18*k)
		}
		if !s.after {
			s.crumbs(0, 6, 2.4, 120, hex(0xd0b387))
		}
	}
}

// bulky is furniture beside the containers.
func (s *stage) bulky() {
	was := s.after
	s.after = true
	s.bins()
	if s.after = was; s.after {
		return
	}
	z := 4.3
	cloth := pick(s, hex(0x7d5a50), hex(0x5f6b7a), hex(0x74704f))
	s.shadow(-1.6, 0.02, z+0.4, 1.4, 0.5, 0.5)
	s.box(cloth, 0.2, -2.6, -0.6, 0.42, 0.95, z+0.7, z+0.95)
	s.box(cloth.mul(1.1), 0.2, -2.6, -0.6, 0.1, 0.48, z, z+0.75)
	s.box(cloth.mul(0.9), 0.2, -2.75, -2.5, 0.1, 0.66, z, z+0.9)
	s.box(cloth.mul(0.9), 0.2, -0.7, -0.45, 0.1, 0.66, z, z+0.9)
	wood := hex(0x8a6647)
	s.box(wood, 0.15, 0.2, 1.3, 0, 1.75, z+0.3, z+0.85)
	s.poly(flat(wood.mul(0.6)), 1, v3{0.74, 0.06, z + 0.29}, v3{0.77, 0.06, z + 0.29}, v3{0.77, 1.7, z + 0.29}, v3{0.74, 1.7, z + 0.29})
	s.box(hex(0xdedfdc), 0.08, 1.7, 2.3, 0, 1.5, z+0.2, z+0.8)
	s.poly(flat(hex(0x9b9d9c)), 1, v3{1.7, 0.98, z + 0.19}, v3{2.3, 0.98, z + 0.19}, v3{2.3, 1.01, z + 0.19}, v3{1.7, 1.01, z + 0.19})
	s.box(hex(0xb8a284), 0.2, -0.1, 0.15, 0, 0.5, z-0.2, z+0.2)
}

// binsWith are tidy containers with some other trouble.
func binsWith(trouble string) func(*stage) {
	return func(s *stage) {
		was := s.after
		s.after = true
		if trouble == "move" && was { // they stand elsewhere now
			s.yard()
			s.patch(s.ground(0, mix(s.grass(), hex(0x8b7a60), 0.5), 0.6, 5), 0.9, s.shape(13, 0.12), 0, 0.006, 6.8, 4.2, 1.5)
			s.after = was
			return
		}
		s.bins()
		if s.after = was; s.after {
			return
		}
		z := 4.6
		switch trouble {
		case "around":
			s.heap(-1.2, z+0.2, 1.4, 0.3, 30, hex(0x33363b), hex(0xcfccc2), hex(0x5d7ea0), hex(0xb59a6f))
			s.rubbish(-4.2, 4.2, 0.02, 3.4, 6, 130)
		case "sacks":
			for i := range 11 {
				x, y := -2.2+0.42*float64(i%6)+0.2*float64(i/6), 0.3*float64(i/6)
				p, k := s.cam.at(v3{x, y, z}), s.cam.scale(v3{x, y, z})
				c := hex(0xcbc7ba).mul(float32(s.about(0.85, 1.03)))
				s.smooth(fade(c.mul(1.05), c.mul(0.65), p.Y-0.4*k, p.Y), 1, pt{p.X - 0.24*k, p.Y}, pt{p.X - 0.25*k, p.Y - 0.25*k}, pt{p.X - 0.08*k, p.Y - 0.36*k}, pt{p.X + 0.1*k, p.Y - 0.4*k}, pt{p.X + 0.25*k, p.Y - 0.22*k}, pt{p.X + 0.24*k, p.Y})
			}
			s.heap(1.8, z, 1.0, 0.35, 40, hex(0xa5675a), hex(0x9a5a4c), hex(0xc8c4ba), hex(0xdedad0))
		case "broken":
			s.box(hex(0x6d5244), 0.4, 0.6, 2.3, 0.02, 0.7, z, z+0.7)
			p, k := s.cam.at(v3{2.3, 0.36, z + 0.1}), s.cam.scale(v3{2.3, 0, z})
			s.ellipse(flat(hex(0x1c1e20)), 1, p.X-0.1*k, p.Y, 0.1*k, 0.3*k)
			s.heap(2.9, z-0.1, 0.8, 0.25, 26, hex(0x33363b), hex(0xcfccc2), hex(0x5d7ea0), hex(0xb59a6f))
		case "screen":
			for i := range 7 {
				x := -2.2 + 0.62*float64(i)
				s.poly(rough(hex(0x77807a), 0.2, 30), 1, v3{x, 0.03, z}, v3{x + 0.55, 0.03, z - 0.15}, v3{x + 0.9, 0.12, z + 0.8}, v3{x + 0.35, 0.14, z + 0.9})
			}
			s.rubbish(-3, 3, 0.05, 3.4, 5, 50)
		}
	}
}

// pile is a heap of one kind of things in the open.
func pile(what string) func(*stage) {
	return func(s *stage) {
		s.meadow(true)
		if s.after {
			s.patch(s.ground(0.01, mix(s.grass(), hex(0x8b7a60), 0.6), 0.7, 5), 0.9, s.shape(13, 0.2), 0.9, 0.004, 6.6, 2.6, 1.5)
			return
		}
		switch what {
		case "tyres":
			s.shadow(1, 0.01, 6.6, 2.4, 0.9, 0.6)
			for i := range 26 {
				t := float64(i) / 26
				x, y, z := 1+s.about(-2, 2)*(1-0.6*t), 1.1*t, 7.2-0.8*t
				p, k := s.cam.at(v3{x, y + 0.1, z}), s.cam.scale(v3{x, y, z})
				c := s.air(hex(0x2a2b2d).mul(float32(s.about(0.8, 1.3))), z)
				s.ellipse(flat(c), 1, p.X, p.Y, 0.36*k, 0.17*k)
				s.ellipse(flat(c.mul(0.55)), 1, p.X, p.Y-0.03*k, 0.18*k, 0.075*k)
			}
		case "barrels":
			for i := range 6 {
				x, z := -1.4+0.8*float64(i), 7.0-0.35*float64(i%2)
				c := [...]rgb{hex(0x4a6a8a), hex(0x8a4f3f), hex(0x4a6a8a), hex(0x5d6258), hex(0x9a7a3c), hex(0x8a4f3f)}[i]
				s.shadow(x, 0.01, z, 0.45, 0.2, 0.5)
				p, k := s.cam.at(v3{x, 0, z}), s.cam.scale(v3{x, 0, z})
				s.rect(rough(s.air(c, z), 0.35, 16), 1, p.X-0.3*k, p.Y-0.88*k, 0.6*k, 0.86*k)
				s.ellipse(flat(s.air(c.mul(0.8), z)), 1, p.X, p.Y-0.02*k, 0.3*k, 0.08*k)
				s.ellipse(flat(s.air(c.mul(1.2), z)), 1, p.X, p.Y-0.88*k, 0.3*k, 0.08*k)
				for _, y := range []float64{0.3, 0.6} {
					s.rect(flat(s.air(c.mul(0.7), z)), 1, p.X-0.31*k, p.Y-y*k, 0.62*k, 0.03*k)
				}
			}
			s.patch(flat(hex(0x22201c)), 0.8, s.shape(13, 0.3), 0.6, 0.005, 5.7, 1.5, 0.5)
		case "fire":
			s.heap(0.8, 6.6, 1.4, 0.6, 50, hex(0x2b2a28), hex(0x45403a), hex(0x6b5a44), hex(0x8a8578))
			b, k := s.cam.at(v3{0.8, 0.4, 6.6}), s.cam.scale(v3{0.8, 0.4, 6.6})
			for range 40 {
				x, hgt := b.X+s.about(-0.9, 0.9)*k, s.about(0.2, 0.7)*k
				c := [...]rgb{hex(0xe8a33c), hex(0xd9692c), hex(0xf0cf6a)}[s.sub.IntN(3)]
				s.smooth(flat(c), 0.75, pt{x - 0.07*k, b.Y}, pt{x - 0.05*k, b.Y - hgt*0.5}, pt{x + 0.02*k, b.Y - hgt}, pt{x + 0.07*k, b.Y - hgt*0.4}, pt{x + 0.06*k, b.Y})
			}
			for i := range 60 {
				t := float64(i) / 60
				r := (0.3 + 1.6*t) * k
				s.blob(flat(hex(0x5a5a5a).mul(float32(s.about(0.85, 1.25)))), 0.13, b.X+t*t*3*k+s.about(-0.5, 0.5)*k*t, b.Y-0.5*k-t*3.6*k, r, r*0.75, 0.3)
			}
		}
	}
}
