package photo

// street is a road running away from the camera with pavements, lawns and
// houses; it returns the road's left and right edges.
func (s *stage) street() (x0, x1 float64) {
	x0, x1 = -s.between(2.6, 3.6), s.between(3.0, 4.4)
	if s.pavement {
		s.cam.x = x1 + s.between(-0.4, 0.5)
	}
	s.sky()
	s.skyline(s.place.IntN(2) == 0)
	s.strip(s.ground(0, s.grass(), 0.5, 5), 1, -80, 80, 0, 0.4, 260)
	village := s.place.IntN(3) == 0
	for side := -1.0; side < 2; side += 2 {
		z := s.between(52, 64)
		if s.open {
			s.verge(side, x0, x1)
			continue
		}
		for z > 13 {
			w, d := s.between(10, 22), s.between(9, 13)
			st := s.blockStyle()
			if village {
				st, w = s.cottageStyle(), s.between(8, 10)
			} else if s.place.IntN(3) == 0 {
				st = s.publicStyle()
			}
			edge := x1 + s.between(7.5, 9)
			if side < 0 {
				edge = x0 - s.between(7.5, 9)
				s.building(st, edge-w, edge, z, z+d)
			} else {
				s.building(st, edge, edge+w, z, z+d)
			}
			s.tree(edge-side*s.between(2.4, 3.4), z-s.between(1, 3), s.between(4, 7.5))
			z -= d + s.between(7, 13)
		}
	}
	s.strip(s.ground(0, s.asphalt(), 0.5, 7), 1, x0, x1, 0.004, 0.4, 260)
	kerb := s.air(hex(0xb7b5ae), 3)
	edges := []float64{x0, x1}
	if s.open {
		edges = nil
	}
	for _, e := range edges {
		out := 1.0
		if e < 0 {
			out = -1
		}
		s.strip(s.ground(0.1, mix(s.asphalt(), hex(0x9b9790), 0.7), 0.35, 6), 1, e+out*0.2, e+out*2.4, 0.1, 0.4, 200)
		s.strip(s.ground(0.1, kerb, 0.2, 4), 1, e, e+out*0.22, 0.1, 0.4, 200)
		s.poly(s.ground(0.05, kerb.mul(0.72), 0.2, 4), 1, v3{e, 0, 0.4}, v3{e, 0.1, 0.4}, v3{e, 0.1, 200}, v3{e, 0, 200})
	}
	mid := (x0 + x1) / 2
	for z := 1.0 + s.between(0, 2); z < 80; z += 5 {
		s.strip(s.ground(0.01, hex(0xdcdcd6), 0.5, 3), 0.8, mid-0.07, mid+0.07, 0.008, z, z+2.4)
	}
	return x0, x1
}

// verge is the wood beside a road between towns.
func (s *stage) verge(side, x0, x1 float64) {
	edge := x1
	if side < 0 {
		edge = x0
	}
	for z := s.between(70, 80); z > 13; z -= s.between(5, 9) {
		s.tree(edge+side*s.between(7, 16), z, s.between(5, 9))
	}
}

// yard is a drive across the picture before a block of flats, with a lawn.
func (s *stage) yard() style {
	s.cam.horizon = s.h * s.between(0.42, 0.49)
	s.sky()
	s.skyline(false)
	s.strip(s.ground(0, s.grass(), 0.55, 5), 1, -80, 80, 0, 0.4, 200)
	st := s.blockStyle()
	z := s.between(19, 25)
	if s.place.IntN(2) == 0 {
		s.building(s.blockStyle(), -60, -s.between(17, 21), z+16, z+28)
		s.building(s.blockStyle(), 14, 60, z+24, z+36)
	}
	x := -s.between(22, 30)
	s.building(st, x, x+s.between(34, 44), z, z+12)
	s.strip(s.ground(0, s.asphalt(), 0.45, 6), 1, -80, 80, 0.004, z-7.5, z-2.8)
	s.strip(s.ground(0.06, hex(0xaaa69e), 0.25, 4), 1, -80, 80, 0.06, z-7.7, z-7.5)
	for range 3 {
		s.tree(s.between(-16, 16), z-s.between(8.5, 10.5), s.between(4.5, 7.5))
	}
	return st
}

// meadow is open land with a track and a wood behind.
func (s *stage) meadow(track bool) {
	s.sky()
	s.skyline(true)
	s.strip(s.ground(0, s.grass(), 0.7, 5), 1, -120, 120, 0, 0.4, 300)
	if track {
		c := mix(hex(0x8f8168), s.grass(), 0.2)
		s.strip(s.ground(0, c, 0.6, 4), 1, -1.7, -0.7, 0.003, 0.4, 120)
		s.strip(s.ground(0, c, 0.6, 4), 1, 0.7, 1.7, 0.003, 0.4, 120)
	}
	for z := 44.0; z > 15; z -= s.between(3, 5) {
		s.tree(s.between(-34, 34), z, s.between(6, 11))
	}
}

// floorShot looks down at a surface that fills the picture.
func (s *stage) floorShot(c rgb, grain float32) {
	s.look(s.between(1.55, 1.8), -s.between(0.18, 0.3), s.between(-0.3, 0.3))
	s.far = 400
	s.rect(s.ground(0, c, grain, 9), 1, 0, 0, s.w, s.h)
}

// wallShot looks straight at a wall with a strip of ground below; it returns
// the wall as a face of 12 by 6 metres and its distance.
func (s *stage) wallShot(c rgb) (face, float64) {
	s.look(1.6, s.between(0.5, 0.56), s.between(-0.2, 0.2))
	z := s.between(6.2, 7.4)
	s.rect(fade(s.skyTop, s.skyLow, 0, s.h), 1, 0, 0, s.w, s.h)
	s.strip(s.ground(0, s.grass(), 0.5, 5), 1, -40, 40, 0, 0.4, 40)
	f := face{v3{-9, 0, z}, v3{18, 0, 0}, v3{0, 9, 0}}
	s.part(rough(c, 0.16, 220), 1, f, -1, 0, 2, 1)
	s.part(rough(c.mul(0.68), 0.2, 60), 1, f, -1, 0, 2, 0.06)
	s.strip(s.ground(0, hex(0x8b8b89), 0.4, 6), 1, -40, 40, 0.004, z-1.3, z)
	s.strip(flat(s.shade), 0.25*s.sun, -40, 40, 0.008, z-0.5, z)
	return f, z
}

// room is the inside of a building: far wall at depth z, width 2x, height h.
type room struct{ x, h, z float64 }

func (s *stage) room(upper, lower, floor rgb) room {
	s.look(1.55, s.between(0.46, 0.52), s.between(-0.12, 0.12))
	s.haze, s.far, s.sun, s.tint = hex(0xb8b4aa), 60, 0.5, rgb{1.03, 1, 0.95}
	r := room{s.between(2.1, 2.7), 2.9, s.between(5, 6.4)}
	s.rect(flat(upper), 1, 0, 0, s.w, s.h)
	light := func(c rgb, k float32) paint { return rough(c.mul(k), 0.09, 260) }
	wall := func(c rgb, y0, y1 float64) {
		s.poly(light(c, 0.86), 1, v3{-r.x, y0, 0.4}, v3{-r.x, y1, 0.4}, v3{-r.x, y1, r.z}, v3{-r.x, y0, r.z})
		s.poly(light(c, 0.8), 1, v3{r.x, y0, 0.4}, v3{r.x, y1, 0.4}, v3{r.x, y1, r.z}, v3{r.x, y0, r.z})
		s.poly(light(c, 1), 1, v3{-r.x, y0, r.z}, v3{r.x, y0, r.z}, v3{r.x, y1, r.z}, v3{-r.x, y1, r.z})
	}
	wall(upper, 1.5, r.h)
	wall(lower, 0, 1.5)
	wall(lower.mul(0.8), 1.47, 1.5)
	wall(lower.mul(0.55), 0, 0.1)
	s.strip(s.ground(r.h, hex(0xe6e3da), 0.1, 3), 1, -r.x, r.x, r.h, 0.4, r.z)
	s.strip(s.ground(0, floor, 0.3, 5), 1, -r.x, r.x, 0, 0.4, r.z)
	for z := 0.6; z < r.z; z += 0.6 { // tiles
		s.strip(flat(floor.mul(0.8)), 0.6, -r.x, r.x, 0.001, z, z+0.015)
	}
	for x := -r.x; x < r.x; x += 0.6 {
		s.strip(flat(floor.mul(0.8)), 0.6, x, x+0.012, 0.001, 0.4, r.z)
	}
	s.strip(flat(s.shade), 0.16, -r.x, r.x, 0.002, r.z-0.5, r.z)
	return r
}

// paintedRoom is a stairwell or corridor in the usual two tones.
func (s *stage) paintedRoom() room {
	return s.room(pick(s, hex(0xdfd9c8), hex(0xe2dfd6), hex(0xd7d4c4)), pick(s, hex(0x7f9a8a), hex(0x7d93a3), hex(0xa69878), hex(0x8b9c78)), pick(s, hex(0x8d8378), hex(0x9b9184), hex(0x857f7a)))
}
