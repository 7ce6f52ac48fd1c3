package photo

import "math"

// flake is a spot where paint or plaster came off the far wall.
func (s *stage) flake(r room, x, y, size float64) {
	p := s.cam.at(v3{x, y, r.z - 0.01})
	k := s.cam.scale(v3{x, y, r.z}) * size
	s.blob(flat(hex(0xece7da)), 0.9, p.X+2, p.Y-2, k*1.05, k*0.9, 0.35)
	s.blob(rough(hex(0xa79f92), 0.4, 22), 1, p.X, p.Y, k, k*0.85, 0.35)
}

// damp is a spreading stain of water with a brown rim.
func (s *stage) damp(at v3, size float64) {
	p, k := s.cam.at(at), s.cam.scale(at)*size
	for i, q := range []float64{1, 0.86, 0.7, 0.5} {
		c := [...]rgb{hex(0x8d7447), hex(0xc0ab80), hex(0xa28a5c), hex(0x8a7450)}[i]
		s.blob(rough(c, 0.3, 30), [...]float32{0.55, 0.6, 0.5, 0.45}[i], p.X, p.Y, k*q, k*q*0.62, 0.16)
	}
}

func (s *stage) entrance() {
	r := s.paintedRoom()
	z := r.z - 0.01
	s.poly(rough(hex(0x5f5348), 0.15, 40), 1, v3{-r.x + 0.35, 0, z}, v3{-r.x + 1.3, 0, z}, v3{-r.x + 1.3, 2.1, z}, v3{-r.x + 0.35, 2.1, z})
	rise := hex(0x98908a)
	for i := 8; i >= 0; i-- {
		y := 0.17 * float64(i)
		d := r.z - 2.4 + 0.27*float64(i)
		s.box(rise, 0.15, 0.3, r.x, 0, y+0.17, d, d+0.3)
	}
	c := hex(0x4f5a60)
	s.rod(pick(s, hex(0x7c4f3a), hex(0x5b4a3d)), v3{0.3, 0.95, r.z - 2.4}, v3{0.3, 2.4, r.z - 0.1}, 0.07)
	for i := range 8 {
		d := r.z - 2.3 + 0.27*float64(i)
		if !s.after && (i == 2 || i == 5) {
			continue
		}
		s.rod(c, v3{0.3, 0.17 * float64(i), d}, v3{0.3, 0.95 + 0.17*float64(i), d}, 0.03)
	}
	if s.after {
		return
	}
	for range 12 {
		s.flake(r, s.about(-r.x+1.4, 0.5), s.about(0.2, 2.5), s.about(0.1, 0.35))
	}
	s.damp(v3{-0.2, 2.75, r.z - 0.02}, 0.9)
	for range 5 {
		v := v3{-r.x, s.about(0.4, 2.3), s.about(2.2, r.z-0.3)}
		p, k := s.cam.at(v), s.cam.scale(v)*s.about(0.1, 0.3)
		s.blob(rough(hex(0xa79f92), 0.4, 22), 1, p.X, p.Y, k*0.6, k, 0.35)
	}
	s.crumbs(-0.5, r.z-0.9, 0.8, 40, hex(0xd5cfc0))
}

func (s *stage) lift() {
	r := s.paintedRoom()
	z := r.z - 0.01
	x := s.between(-0.9, -0.3)
	frame := hex(0x6d7377)
	at := func(a, y float64) v3 { return v3{x + a, y, z} }
	s.poly(flat(frame), 1, at(-0.12, 0), at(1.22, 0), at(1.22, 2.2), at(-0.12, 2.2))
	steel := fade(hex(0xaab0b3), hex(0x83898d), s.cam.at(at(0, 2)).Y, s.cam.at(at(0, 0)).Y)
	if s.after {
		s.poly(steel, 1, at(0, 0.02), at(0.54, 0.02), at(0.54, 2.05), at(0, 2.05))
		s.poly(steel, 0.95, at(0.56, 0.02), at(1.1, 0.02), at(1.1, 2.05), at(0.56, 2.05))
	} else {
		s.poly(flat(hex(0x17191b)), 1, at(0, 0), at(1.1, 0), at(1.1, 2.05), at(0, 2.05))
		s.poly(steel, 1, at(0, 0.02), at(0.3, 0.02), at(0.3, 2.05), at(0, 2.05))
		s.poly(steel, 1, at(0.72, 0.05), at(1.1, 0.02), at(1.1, 2.05), at(0.86, 2.05))
		s.rod(hex(0x2c2e31), at(0.45, 2.05), at(0.47, 0.9), 0.02)
		s.rod(hex(0x2c2e31), at(0.56, 2.05), at(0.53, 1.2), 0.02)
		s.poly(flat(hex(0xe9e6dc)), 1, at(0.1, 1.3), at(0.27, 1.31), at(0.27, 1.55), at(0.1, 1.54))
	}
	s.poly(flat(frame.mul(0.8)), 1, at(1.34, 1.0), at(1.48, 1.0), at(1.48, 1.3), at(1.34, 1.3))
	p, k := s.cam.at(at(1.41, 1.16)), s.cam.scale(at(1.4, 1))
	c := hex(0x8c3a33)
	if s.after {
		c = hex(0x6fc48e)
	}
	s.ellipse(flat(c), 1, p.X, p.Y, 0.04*k, 0.04*k)
	s.poly(rough(hex(0x6a5a4c), 0.15, 40), 1, at(1.8, 0), at(2.7, 0), at(2.7, 2.05), at(1.8, 2.05))
	if !s.after {
		for range 4 {
			s.flake(r, s.about(-r.x+0.2, x-0.3), s.about(0.3, 2.4), s.about(0.08, 0.2))
		}
	}
}

func (s *stage) ceiling() {
	r := s.room(pick(s, hex(0xd9cfbb), hex(0xc9d0cc), hex(0xd6c6b8)), pick(s, hex(0xd9cfbb), hex(0xc9d0cc)), hex(0x9a7a58))
	z := r.z - 0.01
	win := fade(mix(s.skyTop, rgb{1, 1, 1}, 0.3), s.skyLow, s.cam.at(v3{0, 2.3, z}).Y, s.cam.at(v3{0, 1, z}).Y)
	s.poly(flat(hex(0xf0eee8)), 1, v3{-0.9, 0.95, z}, v3{0.9, 0.95, z}, v3{0.9, 2.35, z}, v3{-0.9, 2.35, z})
	s.poly(win, 1, v3{-0.8, 1.05, z}, v3{-0.05, 1.05, z}, v3{-0.05, 2.25, z}, v3{-0.8, 2.25, z})
	s.poly(win, 1, v3{0.05, 1.05, z}, v3{0.8, 1.05, z}, v3{0.8, 2.25, z}, v3{0.05, 2.25, z})
	s.radiatorAt(v3{-0.7, 0.2, z - 0.05}, 9)
	if s.after {
		return
	}
	s.damp(v3{-1.0, 2.9, r.z - 1.6}, 0.85)
	s.damp(v3{-1.6, 2.6, r.z - 0.02}, 0.7)
	for i := range 6 {
		x := -r.x + 0.2 + 0.22*float64(i)
		a := s.cam.at(v3{x, 2.75, z})
		s.line(flat(hex(0x8a734a)), 0.4, 5, 2, a, pt{a.X + s.about(-4, 4), a.Y + s.about(60, 220)})
	}
	x := -0.9
	b, k := s.cam.at(v3{x, 0, r.z - 1.7}), s.cam.scale(v3{x, 0, r.z - 1.7})
	s.polygon(fade(hex(0x6f90a8), hex(0x55738a), b.Y-0.3*k, b.Y), 1, pt{b.X - 0.2*k, b.Y - 0.32*k}, pt{b.X + 0.2*k, b.Y - 0.32*k}, pt{b.X + 0.15*k, b.Y}, pt{b.X - 0.15*k, b.Y})
	s.ellipse(flat(hex(0xa9bfca)), 1, b.X, b.Y-0.32*k, 0.2*k, 0.05*k)
	for range 6 {
		y := b.Y - s.about(0.5, 2.3)*k
		s.ellipse(flat(hex(0xdfeaf0)), 0.9, b.X+s.about(-4, 4), y, 0.012*k, 0.025*k)
	}
}

func (s *stage) cellar() {
	r := s.room(hex(0xa09a90), hex(0x8f8a82), hex(0x6d6862))
	s.tint, s.night, s.ambient = rgb{1, 1, 1}, true, 0.85
	p := s.cam.at(v3{0, 2.3, r.z - 1.4})
	s.lamps = append(s.lamps, lamp{p.X, p.Y, s.w * 0.55, hex(0xffdca0).mul(0.95)})
	pipe := func(y, z float64, c rgb, th float64) {
		s.rod(c, v3{-r.x, y, z}, v3{r.x, y, z}, th)
		s.rod(c.mul(1.25), v3{-r.x, y + th*0.25, z}, v3{r.x, y + th*0.25, z}, th*0.2)
	}
	pipe(2.2, r.z-0.4, hex(0x8c8f8e), 0.22)
	pipe(1.85, r.z-0.3, hex(0x86634a), 0.14)
	pipe(1.2, r.z-0.2, hex(0x7d8a80), 0.12)
	s.rod(hex(0x7b7d7c), v3{-1.2, 0, r.z - 0.3}, v3{-1.2, 2.9, r.z - 0.3}, 0.16)
	s.ellipse(flat(rgb{2, 1.8, 1.4}), 1, p.X, p.Y, 16, 20)
	if s.after {
		s.strip(s.ground(0.01, hex(0x8d867b), 0.5, 9), 0.8, -r.x, r.x, 0.004, 0.4, r.z)
		return
	}
	water := pixels(func(x, y float32) rgb {
		return mix(hex(0x4c524f), hex(0xa9aea2), min(max(noise(x*0.02, y*0.12)*1.6-0.45, 0), 1))
	})
	s.strip(water, 0.94, -r.x, r.x, 0.18, 0.4, r.z)
	a := s.cam.at(v3{0.5, 1.85, r.z - 0.3})
	k := s.cam.scale(v3{0.5, 1.8, r.z})
	for range 40 {
		t := s.sub.Float64()
		s.ellipse(flat(rgb{0.9, 0.94, 0.95}), 0.25, a.X+t*0.5*k+s.about(-4, 4), a.Y+t*t*1.55*k, 5, 12)
	}
	for range 5 {
		s.patch(flat(rgb{0.95, 0.95, 0.9}), 0.12, round(14), s.about(-r.x, r.x), 0.185, s.about(1.5, r.z), s.about(0.1, 0.4), s.about(0.1, 0.3))
	}
}

func (s *stage) queue() {
	r := s.room(hex(0xe4e5df), pick(s, hex(0xb7cbc6), hex(0xc5cdd6), hex(0xcfc8b4)), hex(0xa8a49c))
	z := r.z - 0.01
	for _, x := range []float64{-r.x + 0.4, 0.7} {
		s.poly(flat(hex(0xd3cfc4)), 1, v3{x, 0, z}, v3{x + 1.0, 0, z}, v3{x + 1.0, 2.15, z}, v3{x, 2.15, z})
		s.poly(rough(hex(0xf0eee8), 0.05, 40), 1, v3{x + 0.07, 0, z}, v3{x + 0.93, 0, z}, v3{x + 0.93, 2.07, z}, v3{x + 0.07, 2.07, z})
		s.poly(flat(hex(0x54798c)), 1, v3{x + 0.3, 1.6, z}, v3{x + 0.7, 1.6, z}, v3{x + 0.7, 1.75, z}, v3{x + 0.3, 1.75, z})
	}
	s.poly(flat(hex(0x9fb8b0)), 1, v3{-0.4, 1.1, z}, v3{0.3, 1.1, z}, v3{0.3, 1.9, z}, v3{-0.4, 1.9, z})
	for i := range 4 { // chairs along the wall
		d := r.z - 0.9 - 0.75*float64(i)
		s.box(hex(0x59707c), 0.1, r.x-0.55, r.x-0.05, 0.42, 0.48, d, d+0.5)
		s.box(hex(0x59707c), 0.1, r.x-0.1, r.x-0.05, 0.48, 0.95, d, d+0.5)
	}
	coats := []rgb{hex(0x7e4a52), hex(0x4f6b5d), hex(0x5a6683), hex(0x6b6356), hex(0x3f4650), hex(0x8a7a5c), hex(0x70566e)}
	n := 9
	if s.after {
		n = 1
	}
	for i := range n {
		t := float64(i) / 9
		s.figure(-r.x+0.9+1.7*t+s.about(-0.25, 0.25), r.z-0.6-(r.z-2.9)*t, s.about(1.5, 1.8), coats[s.sub.IntN(len(coats))])
	}
}

func (s *stage) radiatorAt(o v3, n int) {
	c := hex(0xe6e3da)
	for i := range n {
		x := o.X + 0.16*float64(i)
		f := face{v3{x, o.Y, o.Z}, v3{0.14, 0, 0}, v3{0, 0.62, 0}}
		a, b := s.cam.at(f.at(0, 0)), s.cam.at(f.at(1, 0))
		w := b.X - a.X
		s.part(pixels(func(px, _ float32) rgb {
			t := (float64(px) - a.X) / w
			return c.mul(float32(0.72 + 0.34*math.Sin(max(min(t, 1), 0)*math.Pi)))
		}), 1, f, 0, 0, 1, 1)
	}
	s.rod(c.mul(0.8), v3{o.X - 0.5, o.Y + 0.55, o.Z}, v3{o.X, o.Y + 0.55, o.Z}, 0.05)
	s.rod(c.mul(0.8), v3{o.X - 0.5, o.Y + 0.08, o.Z}, v3{o.X, o.Y + 0.08, o.Z}, 0.05)
	s.rod(c.mul(0.82), v3{o.X - 0.5, 0, o.Z}, v3{o.X - 0.5, 2.9, o.Z}, 0.06)
}

func (s *stage) radiator() {
	r := s.room(pick(s, hex(0xd9cfbb), hex(0xc9d0cc), hex(0xcdc3cb)), pick(s, hex(0xd9cfbb), hex(0xc9d0cc)), hex(0x9a7a58))
	s.look(1.0, 0.34, s.between(-0.1, 0.1))
	z := 2.2
	s.poly(rough(hex(0xd6ccb9), 0.06, 200), 1, v3{-4, -1, z}, v3{4, -1, z}, v3{4, 4, z}, v3{-4, 4, z})
	s.poly(flat(hex(0xf0eee8)), 1, v3{-1.1, 0.98, z - 0.01}, v3{1.1, 0.98, z - 0.01}, v3{1.1, 1.06, z - 0.2}, v3{-1.1, 1.06, z - 0.2})
	s.poly(fade(s.skyTop, s.skyLow, 0, s.h*0.3), 1, v3{-0.9, 1.12, z}, v3{0.9, 1.12, z}, v3{0.9, 3, z}, v3{-0.9, 3, z})
	s.poly(flat(hex(0xf0eee8)), 1, v3{-0.05, 1.1, z}, v3{0.05, 1.1, z}, v3{0.05, 3, z}, v3{-0.05, 3, z})
	_ = r
	s.radiatorAt(v3{-0.72, 0.2, z - 0.08}, 9)
	p, k := s.cam.at(v3{0.5, 1.1, z - 0.15}), s.cam.scale(v3{0, 1, z})
	c, lvl := hex(0x5b83b5), 0.3
	if s.after {
		c, lvl = hex(0xc0524a), 0.75
	}
	s.rect(flat(hex(0xfafaf6)), 1, p.X-0.035*k, p.Y-0.32*k, 0.07*k, 0.32*k)
	s.rect(flat(hex(0xd0cdc4)), 1, p.X-0.006*k, p.Y-0.29*k, 0.012*k, 0.24*k)
	s.rect(flat(c), 1, p.X-0.006*k, p.Y-(0.05+0.24*lvl)*k, 0.012*k, 0.24*lvl*k)
	s.ellipse(flat(c), 1, p.X, p.Y-0.045*k, 0.016*k, 0.016*k)
	for i := range 9 {
		y := p.Y - 0.07*k - 0.024*k*float64(i)
		s.rect(flat(hex(0x8f8c84)), 1, p.X+0.012*k, y, 0.014*k, 1.4)
	}
	if !s.after { // a blanket over the radiator's end
		b := s.cam.at(v3{0.42, 0.86, z - 0.12})
		s.smooth(rough(hex(0x8a6f7d), 0.3, 26), 1, pt{b.X, b.Y}, pt{b.X + 0.34*k, b.Y - 0.02*k}, pt{b.X + 0.42*k, b.Y + 0.5*k}, pt{b.X + 0.14*k, b.Y + 0.56*k}, pt{b.X - 0.06*k, b.Y + 0.4*k})
	}
}

func (s *stage) tap() {
	s.look(1.5, 0.1, 0)
	tile := pick(s, hex(0xd8e0de), hex(0xe2ddd0), hex(0xcfdbe2))
	s.rect(rough(tile, 0.06, 240), 1, 0, 0, s.w, s.h)
	d := s.w / 7
	for x := s.between(-d, 0); x < s.w; x += d {
		s.rect(flat(tile.mul(0.86)), 0.8, x, 0, 3, s.h)
	}
	for y := s.between(-d, 0); y < s.h; y += d {
		s.rect(flat(tile.mul(0.86)), 0.8, 0, y, s.w, 3)
	}
	cx, cy := s.w*s.between(0.45, 0.55), s.h*0.72
	s.ellipse(flat(s.shade), 0.2, cx, cy+s.h*0.07, s.w*0.4, s.h*0.26)
	s.ellipse(fade(hex(0xfbfbf9), hex(0xc9ccca), cy-s.h*0.25, cy+s.h*0.28), 1, cx, cy, s.w*0.38, s.h*0.25)
	s.ellipse(fade(hex(0xc3c7c6), hex(0xf2f3f1), cy-s.h*0.2, cy+s.h*0.2), 1, cx, cy+s.h*0.005, s.w*0.34, s.h*0.21)
	water, dark := hex(0xbfd3da), hex(0x9fbac4)
	if !s.after {
		water, dark = pick(s, hex(0xa8793f), hex(0x96703f), hex(0x8a7a55)), hex(0x6f4e28)
	}
	s.ellipse(fade(dark, water, cy-s.h*0.05, cy+s.h*0.2), 0.85, cx, cy+s.h*0.06, s.w*0.27, s.h*0.13)
	s.ellipse(flat(hex(0x50565a)), 1, cx, cy+s.h*0.08, s.w*0.02, s.h*0.016)
	steel := fade(hex(0xdfe3e5), hex(0x878e93), s.h*0.12, s.h*0.45)
	s.smooth(steel, 1, pt{cx - 50, s.h * 0.3}, pt{cx - 40, s.h * 0.16}, pt{cx, s.h * 0.1}, pt{cx + 40, s.h * 0.16}, pt{cx + 50, s.h * 0.3}, pt{cx, s.h * 0.33})
	s.line(steel, 1, s.w*0.05, s.w*0.04, pt{cx, s.h * 0.2}, pt{cx, s.h * 0.36}, pt{cx, s.h * 0.44})
	s.line(steel, 1, s.w*0.03, s.w*0.02, pt{cx - s.w*0.12, s.h * 0.13}, pt{cx + s.w*0.12, s.h * 0.13})
	stream := fade(water.mul(1.15), water, s.h*0.44, cy)
	s.line(stream, 0.85, s.w*0.026, s.w*0.034, pt{cx, s.h * 0.44}, pt{cx + 1, s.h * 0.58}, pt{cx, cy + s.h*0.04})
	s.line(flat(rgb{1, 1, 1}), 0.35, 4, 3, pt{cx - 6, s.h * 0.45}, pt{cx - 7, cy})
	s.ellipse(flat(water.mul(1.2)), 0.6, cx, cy+s.h*0.05, s.w*0.07, s.h*0.03)
}
