package photo

import (
	"math"
	"math/rand/v2"
)

// sky fills the picture above the horizon and a little below it.
func (s *stage) sky() {
	s.rect(fade(s.skyTop, s.skyLow, 0, s.cam.horizon), 1, 0, 0, s.w, s.cam.horizon+2)
	if s.sun > 0.5 {
		for range 3 {
			x, y := s.between(0, s.w), s.between(0, s.cam.horizon*0.7)
			for range 4 {
				s.ellipse(flat(mix(s.skyLow, rgb{1, 1, 1}, 0.5)), 0.16, x+s.between(-90, 90), y+s.between(-8, 8), s.between(60, 150), s.between(8, 22))
			}
		}
	}
	s.rect(flat(s.haze), 1, 0, s.cam.horizon, s.w, 18)
}

// skyline draws the low far edge: hills, woods, roofs.
func (s *stage) skyline(woods bool) {
	base := s.cam.horizon
	ps := []pt{{-20, base + 3}}
	for x := -20.0; x < s.w+40; x += s.between(18, 46) {
		y := s.between(6, 26)
		if woods {
			y = s.between(24, 54)
		}
		ps = append(ps, pt{x, base - y})
	}
	ps = append(ps, pt{s.w + 20, base + 3})
	c := mix(hex(0x6d7c78), s.haze, 0.62)
	if s.season == Winter {
		c = mix(hex(0x8a949c), s.haze, 0.6)
	}
	s.smooth(flat(c), 1, ps...)
}

// style of a building.
type style struct {
	wall, frame rgb
	floors      int
	floor       float64 // height of a floor in metres
	cell        float64 // width of a window's cell in metres
	pitched     bool
	panel       bool // seams between panels
	balconies   bool
}

func (s *stage) blockStyle() style {
	return style{wall: pick(s, hex(0xb0a092), hex(0xc0b49f), hex(0xa9a7a2), hex(0xb59e88), hex(0xc4bda9), hex(0x9fa8a8)),
		frame: hex(0xdedbd2), floors: pick(s, 5, 5, 9, 4), floor: 2.9, cell: s.between(2.6, 3.2), panel: s.place.IntN(2) == 0, balconies: true}
}

func (s *stage) publicStyle() style {
	return style{wall: pick(s, hex(0xa87f63), hex(0xb99a76), hex(0xb7a58f), hex(0xa58b76)), frame: hex(0xece7dc), floors: pick(s, 2, 3), floor: 3.6, cell: 3.4}
}

func (s *stage) cottageStyle() style {
	return style{wall: pick(s, hex(0x9a7f63), hex(0x87927f), hex(0xb5a184), hex(0x7f8b93)), frame: hex(0xe9e6dd), floors: 1, floor: 3.1, cell: 2.6, pitched: true}
}

// building is a block with windows on the faces that are seen.
func (s *stage) building(st style, x0, x1, z0, z1 float64) {
	h := float64(st.floors)*st.floor + 0.9
	s.box(st.wall, 0.1, x0, x1, 0, h, z0, z1)
	s.windows(st, face{v3{x0, 0, z0}, v3{x1 - x0, 0, 0}, v3{0, h, 0}}, x1-x0, h, 1)
	if x0 > s.cam.x {
		s.windows(st, face{v3{x0, 0, z1}, v3{0, 0, z0 - z1}, v3{0, h, 0}}, z1-z0, h, s.left)
	}
	if x1 < s.cam.x {
		s.windows(st, face{v3{x1, 0, z0}, v3{0, 0, z1 - z0}, v3{0, h, 0}}, z1-z0, h, s.right)
	}
	if st.pitched {
		roof := s.air(pick(s, hex(0x6e5a52), hex(0x5f6a70), hex(0x7a4f44)), z0)
		if s.season == Winter {
			roof = s.air(hex(0xe8ecef), z0)
		}
		mid := (x0 + x1) / 2
		s.poly(rough(roof, 0.12, 40), 1, v3{x0 - 0.4, h, z0 - 0.3}, v3{mid, h + 2.4, z0 - 0.1}, v3{x1 + 0.4, h, z0 - 0.3})
	} else {
		c := st.wall.mul(0.72)
		if s.season == Winter {
			c = hex(0xe4e8ea)
		}
		s.poly(flat(s.air(c, z0)), 1, v3{x0 - 0.1, h, z0 - 0.1}, v3{x1 + 0.1, h, z0 - 0.1}, v3{x1 + 0.1, h + 0.35, z0 - 0.1}, v3{x0 - 0.1, h + 0.35, z0 - 0.1})
	}
}

func (s *stage) windows(st style, f face, width, height float64, light float32) {
	cols := max(int(width/st.cell), 1)
	z := f.at(0.5, 0).Z
	glass := s.air(mix(hex(0x4b5a63), s.skyTop, 0.25), z)
	frame := s.air(st.frame.mul(light), z)
	seam := s.air(st.wall.mul(light*0.86), z)
	cw, ch := 1/float64(cols), st.floor/height
	if st.panel {
		for i := 1; i < cols; i++ {
			s.part(flat(seam), 0.8, f, float64(i)*cw-0.05/width, 0, float64(i)*cw+0.05/width, 1)
		}
		for j := 1; j < st.floors; j++ {
			b := (0.75 + float64(j)*st.floor - 0.3) / height
			s.part(flat(seam), 0.8, f, 0, b, 1, b+0.08/height)
		}
	}
	s.part(flat(s.air(st.wall.mul(light*0.66), z)), 1, f, 0, 0, 1, 0.5/height)
	for j := range st.floors {
		b0 := (0.75 + float64(j)*st.floor + 0.35) / height
		for i := range cols {
			a0 := (float64(i) + 0.26) * cw
			a1 := (float64(i) + 0.74) * cw
			b1 := b0 + ch*0.5
			s.part(flat(frame), 1, f, a0, b0, a1, b1)
			g := glass
			if s.night {
				g = hex(0x1b232b)
				if s.place.IntN(4) == 0 {
					g = pick(s, hex(0xffe2a0), hex(0xffd489), hex(0xe8e6d0)).mul(1.6)
				}
			} else if s.place.IntN(5) == 0 {
				g = mix(glass, rgb{0.92, 0.92, 0.9}, 0.35)
			}
			dx, dy := (a1-a0)*0.08, (b1-b0)*0.08
			mid := (a0 + a1) / 2
			s.part(flat(g), 1, f, a0+dx, b0+dy, mid-dx*0.5, b1-dy)
			s.part(flat(g), 1, f, mid+dx*0.5, b0+dy, a1-dx, b1-dy)
			if st.balconies && i%3 == 1 && j > 0 {
				s.part(flat(s.air(mix(st.wall, hex(0x8fa0a3), 0.55).mul(light*0.92), z)), 1, f, a0-0.16*cw, b0-ch*0.3, a1+0.16*cw, b0+ch*0.1)
			}
		}
	}
}

// tree stands at x, z with the height in metres.
func (s *stage) tree(x, z, height float64) {
	base := v3{x, 0, z}
	k := s.cam.scale(base)
	b := s.cam.at(base)
	if k < 2 || s.cam.turn(base).Z < 1.5 {
		return
	}
	s.shadow(x, 0.01, z, height*0.22, height*0.12, 0.3)
	bark := s.air(hex(0x5e5247), z)
	px := func(m float64) float64 { return m * k }
	if s.bare() {
		s.branch(bark, b, -math.Pi/2+s.between(-0.06, 0.06), px(height*0.34), px(height*0.035), 5)
		return
	}
	s.line(flat(bark), 1, px(height*0.04), px(height*0.022), b, pt{b.X + px(s.between(-0.1, 0.1)), b.Y - px(height*0.55)})
	leaf := s.leaf()
	for i := range 22 {
		a, r := s.between(0, 2*math.Pi), math.Sqrt(s.place.Float64())
		cx := b.X + px(math.Cos(a)*r*height*0.24)
		cy := b.Y - px(height*0.64) + px(math.Sin(a)*r*height*0.3)
		lum := float32(0.78 + 0.012*float64(i) - 0.25*(cy-(b.Y-px(height*0.64)))/px(height))
		s.blobOf(s.place, rough(s.air(leaf.mul(lum), z), 0.4, float32(max(px(0.6), 8))), 0.95, cx, cy, px(height*s.between(0.09, 0.14)), px(height*s.between(0.08, 0.12)), 0.22)
	}
}

func (s *stage) branch(c rgb, from pt, angle, length, width float64, depth int) {
	to := pt{from.X + math.Cos(angle)*length, from.Y + math.Sin(angle)*length}
	s.line(flat(c), 1, max(width, 1), max(width*0.65, 0.8), from, to)
	if depth == 0 || length < 4 {
		return
	}
	for range 2 + s.place.IntN(2)*(depth/4) {
		s.branch(c, to, angle+s.between(-0.62, 0.62), length*s.between(0.62, 0.86), width*0.6, depth-1)
	}
}

// blob is an uneven round spot of the picture's plane.
func (s *stage) blob(p paint, alpha float32, x, y, rx, ry, wobble float64) {
	s.blobOf(s.sub, p, alpha, x, y, rx, ry, wobble)
}

func (s *stage) blobOf(chance *rand.Rand, p paint, alpha float32, x, y, rx, ry, wobble float64) {
	ps := make([]pt, 9)
	for i := range ps {
		a := 2 * math.Pi * float64(i) / 9
		k := 1 + wobble*(chance.Float64()*2-1)
		ps[i] = pt{x + rx*k*math.Cos(a), y + ry*k*math.Sin(a)}
	}
	s.smooth(p, alpha, ps...)
}

// figure is a person seen from behind or far away, without a face.
func (s *stage) figure(x, z, height float64, coat rgb) {
	base := v3{x, 0, z}
	k := s.cam.scale(base)
	b := s.cam.at(base)
	s.shadow(x, 0.01, z, 0.35, 0.2, 0.35)
	h := height * k
	coat = s.air(coat, z)
	dark := s.air(hex(0x33363c), z)
	s.line(flat(dark), 1, h*0.075, h*0.085, pt{b.X - h*0.05, b.Y}, pt{b.X - h*0.045, b.Y - h*0.45})
	s.line(flat(dark.mul(0.85)), 1, h*0.075, h*0.085, pt{b.X + h*0.05, b.Y}, pt{b.X + h*0.045, b.Y - h*0.45})
	s.smooth(rough(coat, 0.15, float32(max(h*0.1, 4))), 1,
		pt{b.X - h*0.115, b.Y - h*0.4}, pt{b.X - h*0.12, b.Y - h*0.66}, pt{b.X - h*0.1, b.Y - h*0.8}, pt{b.X, b.Y - h*0.845},
		pt{b.X + h*0.1, b.Y - h*0.8}, pt{b.X + h*0.12, b.Y - h*0.66}, pt{b.X + h*0.115, b.Y - h*0.4}, pt{b.X, b.Y - h*0.375})
	s.line(flat(coat.mul(0.86)), 1, h*0.05, h*0.045, pt{b.X - h*0.115, b.Y - h*0.77}, pt{b.X - h*0.14, b.Y - h*0.47})
	s.line(flat(coat.mul(0.8)), 1, h*0.05, h*0.045, pt{b.X + h*0.115, b.Y - h*0.77}, pt{b.X + h*0.14, b.Y - h*0.47})
	hair := s.air(pick(s, hex(0x4a3d33), hex(0x5d5046), hex(0x77706a), hex(0x39332f)), z)
	if s.season == Winter {
		hair = coat.mul(0.7)
	}
	s.ellipse(flat(hair), 1, b.X, b.Y-h*0.92, h*0.058, h*0.075)
}

// car stands along the picture: x is its middle, z its near side.
func (s *stage) car(x, z float64, paintwork rgb) {
	s.shadow(x, 0.01, z+0.8, 2.2, 1.0, 0.6)
	p := func(dx, y float64) v3 { return v3{x + dx, y, z} }
	body := s.air(paintwork, z)
	glass := s.air(mix(hex(0x39444c), s.skyTop, 0.2), z)
	tyre := s.air(hex(0x2b2c2e), z)
	s.poly(fade(body.mul(1.08), body.mul(0.8), s.cam.at(p(0, 1)).Y, s.cam.at(p(0, 0.3)).Y), 1,
		p(-2.1, 0.35), p(-2.15, 0.75), p(-1.95, 0.9), p(-1.2, 0.98), p(-0.6, 1.44), p(0.65, 1.46), p(1.35, 1.02), p(2.0, 0.92), p(2.15, 0.65), p(2.1, 0.35))
	s.poly(flat(glass), 1, p(-1.0, 1.0), p(-0.52, 1.36), p(0, 1.37), p(0, 1.0))
	s.poly(flat(glass), 1, p(0.08, 1.0), p(0.08, 1.37), p(0.58, 1.37), p(1.12, 1.02))
	for _, dx := range []float64{-1.3, 1.35} {
		c := s.cam.at(p(dx, 0.32))
		r := 0.32 * s.cam.scale(p(dx, 0.32))
		s.ellipse(flat(tyre), 1, c.X, c.Y, r, r)
		s.ellipse(flat(hex(0xa3a7a9)), 1, c.X, c.Y, r*0.55, r*0.55)
	}
	if s.season == Winter {
		s.poly(flat(hex(0xeef1f3)), 1, p(-0.6, 1.42), p(0.65, 1.44), p(0.6, 1.52), p(-0.5, 1.51))
	}
}

// lamppost stands at x, z with an arm towards the right.
func (s *stage) lamppost(x, z, height float64, lit bool) {
	c := hex(0x7d8285)
	s.rod(c, v3{x, 0, z}, v3{x, height, z}, 0.15)
	s.rod(c, v3{x, height - 0.05, z}, v3{x + 1.1, height + 0.2, z}, 0.09)
	a := s.cam.at(v3{x + 1.25, height + 0.16, z})
	k := s.cam.scale(v3{x, height, z})
	s.ellipse(flat(s.air(hex(0x555b60), z)), 1, a.X, a.Y, 0.34*k, 0.11*k)
	if lit {
		s.ellipse(flat(rgb{2.4, 2.2, 1.7}), 1, a.X, a.Y+0.05*k, 0.28*k, 0.07*k)
		g := s.cam.at(v3{x + 1.2, 0, z})
		s.lamps = append(s.lamps, lamp{a.X, a.Y, 1.4 * k, hex(0xffdca0).mul(1.1)}, lamp{g.X, g.Y - 0.5*k, 9 * k, hex(0xffd79a).mul(0.75)})
	}
}

// heap is a pile of uneven lumps on the ground.
func (s *stage) heap(x, z, rx, height float64, n int, colours ...rgb) {
	s.shadow(x, 0.01, z, rx*1.15, rx*0.5, 0.5)
	for i := range n {
		t := float64(i) / float64(n)
		a := s.about(-1, 1)
		p := s.cam.at(v3{x + a*rx*(1-t*0.6), height * t * (1 - a*a*0.7), z + (1-t)*0.3 - 0.3*t})
		k := s.cam.scale(v3{x, 0, z})
		c := s.air(colours[s.sub.IntN(len(colours))].mul(float32(s.about(0.82, 1.1))), z)
		r := s.about(0.16, 0.3) * k * min(1, height+0.25)
		ps := make([]pt, 7)
		for j := range ps {
			b := 2*math.Pi*float64(j)/7 + a
			q := r * s.about(0.72, 1.15)
			ps[j] = pt{p.X + q*math.Cos(b), p.Y - r*0.45 + q*0.8*math.Sin(b)}
		}
		s.smooth(fade(c.mul(1.12), c.mul(0.7), p.Y-r*1.2, p.Y+r*0.4), 1, ps...)
	}
}
