package photo

import "math"

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
