package photo

import "math"

// shore is a clean river with one trouble: a littered bank, dead fish, reeds.
func shore(trouble string) func(*stage) {
	return func(s *stage) {
		was := s.after
		s.after = true
		s.river()
		if s.after = was; s.after {
			return
		}
		switch trouble {
		case "litter":
			s.heap(-2.0, 3.9, 1.0, 0.3, 26, hex(0x5d7ea0), hex(0xc9c6bd), hex(0x3a3d44))
			s.rubbish(-4, 4, 0.02, 2.2, 4.4, 130)
		case "fish":
			for range 70 {
				v := v3{s.about(-5, 5), 0.04, s.about(4.5, 9)}
				p, k := s.cam.at(v), s.cam.scale(v)*s.about(0.09, 0.16)
				c := hex(0xdfe0da).mul(float32(s.about(0.85, 1.03)))
				s.ellipse(fade(c, c.mul(0.7), p.Y-k*0.3, p.Y+k*0.3), 1, p.X, p.Y, k, k*0.28)
				s.polygon(flat(c.mul(0.8)), 1, pt{p.X + k*0.85, p.Y}, pt{p.X + k*1.35, p.Y - k*0.28}, pt{p.X + k*1.35, p.Y + k*0.24})
			}
		default:
			s.patch(s.ground(0.03, mix(s.grass(), hex(0x6f7a3c), 0.6), 0.8, 4), 0.9, s.shape(17, 0.25), -1, 0.03, 9, 9, 3.4)
			for i := range 420 {
				v := v3{s.about(-9, 9), 0, 15 - 10.4*math.Sqrt(float64(i)/420)}
				p, k := s.cam.at(v), s.cam.scale(v)
				c := s.air(mix(s.grass(), hex(0x7a7d4c), float32(s.about(0, 0.6))).mul(float32(s.about(0.7, 1.1))), v.Z)
				hgt := s.about(0.6, 1.5) * k
				q := pt{p.X + s.about(-0.15, 0.15)*k, p.Y - hgt}
				s.line(flat(c), 0.95, 0.04*k, 1, p, q)
				if i%4 == 0 {
					s.ellipse(flat(hex(0x5d4530)), 1, q.X, q.Y, 0.03*k, 0.11*k)
				}
			}
		}
	}
}

// parkBench is the bench of a park.
func (s *stage) parkBench() { s.benchIn((*stage).park) }

// schoolyard is overgrown and littered before the work.
func (s *stage) schoolyard() {
	was := s.after
	s.after = true
	s.public()
	if s.after = was; s.after {
		return
	}
	for i := range 420 {
		z := 12 - 9.6*math.Sqrt(float64(i)/420)
		v := v3{3.2 + s.about(0, z*0.5+1), 0, z}
		if i%2 == 0 {
			v.X = -v.X
		}
		p, k := s.cam.at(v), s.cam.scale(v)
		c := s.air(mix(s.grass(), hex(0xa79d62), float32(s.about(0, 0.6))).mul(float32(s.about(0.72, 1.1))), z)
		hgt := s.about(0.25, 0.7) * k
		s.line(flat(c), 0.95, max(0.03*k, 1.2), 0.8, p, pt{p.X + s.about(-0.2, 0.2)*hgt, p.Y - hgt})
	}
	s.rubbish(-3, 3, 0.02, 2.4, 11, 90)
}

// paving is a pavement of asphalt, or one of slabs.
func paving(slabs bool) func(*stage) {
	return func(s *stage) {
		if !slabs && !s.after {
			s.sidewalk()
			return
		}
		s.pavement = true
		_, x1 := s.street()
		if !slabs {
			s.strip(s.ground(0.1, hex(0x54575a), 0.3, 14), 1, x1+0.2, x1+2.4, 0.105, 0.4, 120)
			return
		}
		for z := 20.0; z > 0.6; z -= 0.42 {
			for i := range 6 {
				x := x1 + 0.24 + 0.36*float64(i)
				tone := hex(0xa79f94).mul(float32(s.between(0.9, 1.06)))
				switch {
				case !s.after && s.sub.IntN(7) == 0:
					s.strip(s.ground(0.1, hex(0x6d6459), 0.8, 9), 1, x, x+0.35, 0.104, z, z+0.41)
				case !s.after && s.sub.IntN(7) == 0:
					s.poly(s.ground(0.1, tone.mul(0.78), 0.3, 8), 1, v3{x, 0.105, z}, v3{x + 0.34, 0.18, z + 0.06}, v3{x + 0.3, 0.18, z + 0.4}, v3{x + 0.02, 0.105, z + 0.36})
				default:
					s.strip(s.ground(0.1, tone, 0.2, 8), 1, x, x+0.34, 0.105, z, z+0.4)
				}
			}
		}
	}
}

// cellarDoor is the way down, open or shut by an iron door.
func (s *stage) cellarDoor() {
	_, z := s.wallShot(pick(s, hex(0xb8aa94), hex(0xc4bda9), hex(0xa9a49c), hex(0xb39a80)))
	s.box(hex(0x9a958b), 0.15, -1.5, 1.5, 2.3, 2.5, z-1.4, z)
	for _, x := range []float64{-1.4, 1.2} {
		s.box(hex(0x8f8a80), 0.2, x, x+0.2, 0, 0.9, z-1.4, z)
	}
	s.poly(flat(hex(0x77736b)), 1, v3{-0.72, 0, z}, v3{0.72, 0, z}, v3{0.72, 2.1, z}, v3{-0.72, 2.1, z})
	if s.after {
		s.poly(rough(hex(0x55606a), 0.12, 40), 1, v3{-0.64, 0, z - 0.01}, v3{0.64, 0, z - 0.01}, v3{0.64, 2.02, z - 0.01}, v3{-0.64, 2.02, z - 0.01})
		p, k := s.cam.at(v3{0.46, 1.0, z - 0.02}), s.cam.scale(v3{0.4, 1, z})
		s.rect(flat(hex(0xb8bcbe)), 1, p.X-0.05*k, p.Y-0.07*k, 0.1*k, 0.14*k)
		return
	}
	s.poly(fade(hex(0x2a2926), hex(0x0c0c0c), s.cam.at(v3{0, 2, z}).Y, s.cam.at(v3{0, 0, z}).Y), 1, v3{-0.64, 0, z - 0.01}, v3{0.64, 0, z - 0.01}, v3{0.64, 2.02, z - 0.01}, v3{-0.64, 2.02, z - 0.01})
	s.poly(rough(hex(0x6a5646), 0.3, 30), 1, v3{0.64, 0.05, z - 0.02}, v3{1.15, -0.02, z - 1.0}, v3{1.15, 2.0, z - 1.0}, v3{0.64, 2.02, z - 0.02})
	s.rubbish(-1, 1, 0.02, z-1.8, z-0.2, 40)
}

// cellarJunk is a cellar filled with old things.
func (s *stage) cellarJunk() {
	was := s.after
	s.after = true
	s.cellar()
	if s.after = was; s.after {
		return
	}
	s.box(hex(0x7a6048), 0.25, -1.8, -0.7, 0, 1.3, 3.4, 4.2)
	s.box(hex(0x8d8a80), 0.2, 0.5, 1.2, 0, 0.9, 3.2, 4)
	s.heap(-0.2, 3.3, 1.2, 0.8, 90, hex(0x8a7a5c), hex(0x5d6f7c), hex(0x9a938a), hex(0x6d5244), hex(0xb59a6f))
	s.rod(hex(0x8f7350), v3{-1.2, 0, 2.9}, v3{0.9, 1.5, 3.6}, 0.09)
	s.rod(hex(0x77808a), v3{1.4, 0, 2.8}, v3{0.2, 1.1, 3.4}, 0.06)
}

// darkEntrance is a stairwell without a lamp.
func (s *stage) darkEntrance() {
	was := s.after
	s.after = true
	s.entrance()
	s.after = was
	s.night, s.ambient = true, 0.34
	p := s.cam.at(v3{0, 2.75, 4})
	q := s.cam.at(v3{s.about(-1, 0.4), 0.6, 3.4}) // the pocket light of somebody coming home
	if !s.after {
		s.lamps = append(s.lamps, lamp{q.X, q.Y, s.w * 0.3, hex(0xeef2ff).mul(0.9)})
	}
	if s.after {
		s.ambient = 0.7
		s.ellipse(flat(rgb{2.2, 2.1, 1.8}), 1, p.X, p.Y, 26, 15)
		s.lamps = append(s.lamps, lamp{p.X, p.Y, s.w * 0.75, hex(0xffe2b0).mul(0.8)})
	}
}

// dirtyEntrance is a landing that nobody washes.
func (s *stage) dirtyEntrance() {
	was := s.after
	s.after = true
	s.entrance()
	if s.after = was; s.after {
		return
	}
	for range 26 {
		s.patch(flat(hex(0x4a4036)), float32(s.about(0.2, 0.5)), s.shape(10, 0.35), s.about(-2, 0.6), 0.002, s.about(1.8, 5), s.about(0.15, 0.5), s.about(0.08, 0.25))
	}
	s.rubbish(-1.9, 0.3, 0.003, 2.2, 4.6, 34)
}

// carousel has lost a seat.
func (s *stage) carousel() {
	s.yard()
	z := 6.0
	s.patch(s.ground(0.01, hex(0xc1ad84), 0.5, 6), 1, round(20), 0, 0.006, z, 4.6, 2.4)
	red, blue := hex(0xb8584a), hex(0x4f7597)
	if !s.after {
		red, blue = red.mul(0.82), mix(blue, hex(0x8c8a84), 0.4)
	}
	s.shadow(0, 0.012, z, 1.6, 0.7, 0.6)
	tilt := 0.0
	if !s.after {
		tilt = 0.24
	}
	s.poly(flat(s.air(hex(0x6b6f72), z)), 1, v3{-1.5, 0.3 - tilt, z - 0.4}, v3{1.5, 0.3 + tilt, z - 0.4}, v3{1.2, 0.34 + tilt, z + 0.6}, v3{-1.2, 0.34 - tilt, z + 0.6})
	s.rod(blue, v3{0, 0, z}, v3{0, 1.1, z}, 0.12)
	for i := range 4 {
		x := -1.35 + 0.9*float64(i)
		y := 0.32 + tilt*x/1.5
		s.rod(blue, v3{x, y, z - 0.3}, v3{x, y + 0.75, z - 0.3}, 0.06)
		s.rod(blue, v3{x, y + 0.72, z - 0.3}, v3{0, 1.05, z}, 0.05)
		if !s.after && i == 1 {
			s.box(red, 0.1, x-1.2, x-0.7, 0, 0.08, z-1.5, z-1.2)
			continue
		}
		s.box(red, 0.1, x-0.26, x+0.26, y+0.3, y+0.38, z-0.5, z-0.15)
	}
}

// rings: a sports ground where every board hangs empty.
func (s *stage) rings() {
	s.yard()
	z := 7.0
	s.strip(s.ground(0.01, pick(s, hex(0x7d8f6f), hex(0x96705f), hex(0x8c8577)), 0.4, 8), 1, -7, 7, 0.01, 3, 13)
	for _, x := range []float64{-3.4, 2.6} {
		c := hex(0x6b7479)
		s.rod(c, v3{x, 0, z}, v3{x, 3.1, z}, 0.13)
		s.box(hex(0xe4e2db), 0.05, x-0.9, x+0.9, 2.5, 3.6, z-0.25, z-0.2)
		s.poly(flat(hex(0xb8584a)), 1, v3{x - 0.3, 2.72, z - 0.26}, v3{x + 0.3, 2.72, z - 0.26}, v3{x + 0.3, 3.1, z - 0.26}, v3{x - 0.3, 3.1, z - 0.26})
		s.poly(flat(hex(0xe4e2db)), 1, v3{x - 0.24, 2.77, z - 0.27}, v3{x + 0.24, 2.77, z - 0.27}, v3{x + 0.24, 3.05, z - 0.27}, v3{x - 0.24, 3.05, z - 0.27})
		p, k := s.cam.at(v3{x, 2.62, z - 0.6}), s.cam.scale(v3{x, 2.6, z - 0.6})
		if s.after {
			s.ellipse(flat(hex(0xc2572f)), 1, p.X, p.Y, 0.27*k, 0.09*k)
			s.ellipse(flat(hex(0xd8d5cb)), 1, p.X, p.Y, 0.23*k, 0.06*k)
			for i := range 7 {
				a := p.X - 0.24*k + 0.08*k*float64(i)
				s.line(flat(hex(0xf1efe8)), 0.9, 2.4, 2, pt{a, p.Y}, pt{p.X + (a-p.X)*0.55, p.Y + 0.42*k})
			}
			continue
		}
		for _, d := range []float64{-0.1, 0.1} {
			s.ellipse(flat(hex(0x2b2d30)), 1, p.X+d*k, p.Y-0.03*k, 0.025*k, 0.025*k)
		}
	}
	for x := -9.0; x <= 9; x += 1.5 {
		s.rod(hex(0x6f7b80), v3{x, 0, 13.2}, v3{x, 2.4, 13.2}, 0.07)
	}
}

// allLit is a traffic light that shows everything at once.
func (s *stage) allLit() {
	was := s.after
	s.after = true
	s.signal()
	if s.after = was; s.after {
		return
	}
	s.lightsOver()
}

// woodPole is a rotten pole of a power line.
func (s *stage) woodPole() {
	s.look(1.6, s.between(0.62, 0.7), s.between(-0.12, 0.12))
	s.sky()
	s.skyline(true)
	s.strip(s.ground(0, s.grass(), 0.5, 5), 1, -80, 80, 0, 0.4, 200)
	s.building(s.cottageStyle(), 5, 14, 17, 25)
	s.strip(s.ground(0, s.asphalt(), 0.4, 6), 1, -6.4, -2.2, 0.004, 0.4, 160)
	z, dx, c := 9.0, 0.0, hex(0xa19c92)
	if !s.after {
		dx, c = 1.7, hex(0x6f5c48)
	}
	post := func(x, z, dx float64, c rgb) v3 {
		top := v3{x + dx, 6.4 - dx*0.3, z}
		s.rod(c, v3{x, 0, z}, top, 0.24)
		s.rod(c.mul(0.85), v3{top.X - 0.8, top.Y - 0.4, z}, v3{top.X + 0.8, top.Y - 0.4 - dx*0.3, z}, 0.11)
		return top
	}
	far := post(-1.2, 30, 0, hex(0x8d8577))
	near := post(-0.4, z, dx, c)
	for _, d := range []float64{-0.7, 0, 0.7} {
		ps := []pt{}
		for t := 0.0; t <= 1.001; t += 0.1 {
			sag := (0.6 + dx*0.6) * 4 * t * (1 - t)
			ps = append(ps, s.cam.at(v3{near.X + (far.X-near.X)*t + d, near.Y + (far.Y-near.Y)*t - 0.3 - sag, near.Z + (far.Z-near.Z)*t}))
		}
		s.line(flat(hex(0x2a2c30)), 0.95, 3, 1.6, ps...)
	}
	if !s.after {
		s.rod(hex(0x8a7050), v3{1.6, 0, z - 0.3}, v3{0.5, 3.0, z}, 0.14)
		s.cracks(-0.4, z, 0.6, 6)
	}
}

// kerb is a high edge where a crossing ends.
func (s *stage) kerb() {
	s.pavement = true
	_, x1 := s.street()
	for x := x1 - 4.6; x < x1-0.4; x += 0.95 {
		s.strip(s.ground(0.01, hex(0xe6e5df), 0.4, 6), 0.92, x, x+0.5, 0.012, 3.4, 6.2)
	}
	if s.after {
		s.strip(s.ground(0.02, hex(0xa39d93), 0.25, 8), 1, x1-0.02, x1+1.2, 0.02, 3.4, 6.2)
		for z := 3.5; z < 6.1; z += 0.3 {
			s.strip(flat(hex(0xd9b54a)), 0.95, x1+1.2, x1+1.8, 0.11, z, z+0.22)
		}
		return
	}
	s.box(hex(0xb7b5ae), 0.15, x1-0.05, x1+0.25, 0, 0.27, 2.4, 7.4)
	s.poly(s.ground(0.1, hex(0x85837d), 0.3, 6), 1, v3{x1 - 0.05, 0, 2.4}, v3{x1 - 0.05, 0.27, 2.4}, v3{x1 - 0.05, 0.27, 7.4}, v3{x1 - 0.05, 0, 7.4})
}

// snowField is a road lost under the snow.
func (s *stage) snowField() {
	s.sky()
	s.skyline(true)
	s.strip(s.ground(0, hex(0xe6e9ec), 0.5, 4), 1, -120, 120, 0, 0.4, 300)
	for z := 44.0; z > 6; z -= 5 {
		for _, x := range []float64{-3.2, 3.2} {
			h := 0.55
			if s.after {
				h = 1.0
			}
			s.rod(hex(0xc9c6bd), v3{x, 0, z}, v3{x, h, z}, 0.09)
			s.rod(hex(0x33363b), v3{x, h - 0.2, z}, v3{x, h - 0.08, z}, 0.1)
		}
	}
	for range 4 {
		s.tree(s.between(-30, 30), s.between(24, 44), s.between(6, 10))
	}
	if s.after {
		s.strip(s.ground(0, hex(0x9a9da1), 0.5, 5), 1, -2.4, 2.4, 0.01, 0.4, 160)
		for z := 30.0; z > 1.6; z -= 0.8 {
			s.drift(-2.9, z, 0.9, 0.8, hex(0xe6eaee))
			s.drift(2.9, z, 0.9, 0.8, hex(0xe6eaee))
		}
		return
	}
	for z := 26.0; z > 2; z -= 0.9 {
		for range 4 {
			s.drift(s.about(-5, 5), z, s.about(0.9, 1.6), s.about(0.15, 0.45), hex(0xe6eaee).mul(float32(s.about(0.95, 1.01))))
		}
	}
}
