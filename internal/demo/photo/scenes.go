package photo

import (
	"image"
	"math/rand/v2"
	"slices"
)

// Scene names what a picture shows.
type Scene string

// drawer draws the scene onto a stage with a chosen season.
type drawer struct {
	draw    func(*stage)
	seasons []Season // in which the trouble exists; empty means any
}

var anySeason = []Season{Summer, Autumn, Mud, Winter, Spring}
var noSnow = []Season{Summer, Autumn, Mud, Spring}
var green = []Season{Summer, Autumn}
var snow = []Season{Winter}

var scenes = map[Scene]drawer{
	"pothole":    {(*stage).pothole, noSnow},
	"hatch":      {(*stage).hatch, noSnow},
	"crossing":   {(*stage).crossing, noSnow},
	"flood":      {(*stage).flood, noSnow},
	"snow":       {(*stage).snowPavement, snow},
	"snowroad":   {(*stage).snowRoad, snow},
	"ice":        {(*stage).ice, snow},
	"trench":     {(*stage).trench, noSnow},
	"burst":      {(*stage).burst, noSnow},
	"sign":       {(*stage).sign, anySeason},
	"signal":     {(*stage).signal, anySeason},
	"sidewalk":   {(*stage).sidewalk, noSnow},
	"dirtroad":   {(*stage).dirtRoad, noSnow},
	"bridge":     {(*stage).bridge, noSnow},
	"busstop":    {(*stage).busStop, anySeason},
	"bus":        {(*stage).bus, anySeason},
	"lamp":       {(*stage).lampOut, anySeason},
	"daylamp":    {(*stage).dayLamp, anySeason},
	"darkyard":   {(*stage).darkYard, anySeason},
	"bins":       {(*stage).bins, anySeason},
	"dump":       {(*stage).dump, noSnow},
	"playground": {(*stage).playground, noSnow},
	"bench":      {(*stage).bench, noSnow},
	"sport":      {(*stage).sportGround, noSnow},
	"fallentree": {(*stage).fallenTree, noSnow},
	"drytree":    {(*stage).dryTree, green},
	"grass":      {(*stage).tallGrass, []Season{Summer}},
	"leaves":     {(*stage).leaves, []Season{Autumn}},
	"parking":    {(*stage).parking, anySeason},
	"oldcar":     {(*stage).oldCar, anySeason},
	"dogs":       {(*stage).dogs, anySeason},
	"ramp":       {(*stage).ramp, anySeason},
	"steps":      {(*stage).steps, noSnow},
	"graffiti":   {(*stage).graffiti, anySeason},
	"facade":     {(*stage).facade, anySeason},
	"icicles":    {(*stage).icicles, snow},
	"fence":      {(*stage).fence, noSnow},
	"wires":      {(*stage).wires, anySeason},
	"smoke":      {(*stage).smoke, anySeason},
	"river":      {(*stage).river, noSnow},
	"ads":        {(*stage).ads, anySeason},
	"entrance":   {(*stage).entrance, anySeason},
	"lift":       {(*stage).lift, anySeason},
	"ceiling":    {(*stage).ceiling, anySeason},
	"cellar":     {(*stage).cellar, anySeason},
	"queue":      {(*stage).queue, anySeason},
	"radiator":   {(*stage).radiator, anySeason},
	"tap":        {(*stage).tap, anySeason},
	"bill":       {(*stage).bill, anySeason},
	"shop":       {(*stage).shop, anySeason},
	"public":     {(*stage).public, anySeason},
	"site":       {(*stage).site, anySeason},
	"mailboxes":  {(*stage).mailboxes, anySeason},
	"monument":   {(*stage).monument, noSnow},
	"mast":       {(*stage).mast, anySeason},
}

// Scenes lists the names of all scenes in order.
func Scenes() []Scene {
	out := make([]Scene, 0, len(scenes))
	for k := range scenes {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Draw draws the scene in one of its own seasons, chosen by the seed.
func Draw(scene Scene, seed uint64, after bool, w, h int) image.Image {
	of := scenes[scene].seasons
	return render(scene, seed, of[rand.New(rand.NewPCG(seed, 5)).IntN(len(of))], after, w, h)
}

// DrawIn draws the scene as it looks in the season. Where the trouble does not
// exist in that season (an icicle in July), ok is false.
func DrawIn(scene Scene, seed uint64, season Season, after bool, w, h int) (img image.Image, ok bool) {
	if !Fits(scene, season) {
		return nil, false
	}
	return render(scene, seed, season, after, w, h), true
}

// Fits tells whether the scene can be photographed in the season.
func Fits(scene Scene, season Season) bool { return slices.Contains(scenes[scene].seasons, season) }

func render(scene Scene, seed uint64, season Season, after bool, w, h int) image.Image {
	s := newStage(seed^hash(string(scene)), season, after, w, h)
	scenes[scene].draw(s)
	return s.finish()
}

func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
