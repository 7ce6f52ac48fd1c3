package photo

import (
	"image"
	"math/rand/v2"
	"slices"
	"strings"
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
	"pothole":      {(*stage).pothole, noSnow},
	"hatch":        {(*stage).hatch, noSnow},
	"crossing":     {(*stage).crossing, noSnow},
	"flood":        {(*stage).flood, noSnow},
	"snow":         {(*stage).snowPavement, snow},
	"snowroad":     {(*stage).snowRoad, snow},
	"trench":       {(*stage).trench, noSnow},
	"burst":        {(*stage).burst, noSnow},
	"signal":       {(*stage).signal, anySeason},
	"dirtroad":     {(*stage).dirtRoad, noSnow},
	"bridge":       {(*stage).bridge, noSnow},
	"busstop":      {(*stage).busStop, anySeason},
	"bus":          {(*stage).bus, anySeason},
	"lamp":         {(*stage).lampOut, anySeason},
	"daylamp":      {(*stage).dayLamp, anySeason},
	"darkyard":     {(*stage).darkYard, anySeason},
	"bins":         {(*stage).bins, anySeason},
	"dump":         {(*stage).dump, noSnow},
	"playground":   {(*stage).playground, noSnow},
	"bench":        {(*stage).bench, noSnow},
	"sport":        {(*stage).sportGround, noSnow},
	"fallentree":   {(*stage).fallenTree, noSnow},
	"drytree":      {(*stage).dryTree, green},
	"grass":        {(*stage).tallGrass, []Season{Summer}},
	"parking":      {(*stage).parking, anySeason},
	"oldcar":       {(*stage).oldCar, anySeason},
	"dogs":         {(*stage).dogs, anySeason},
	"ramp":         {(*stage).ramp, anySeason},
	"steps":        {(*stage).steps, noSnow},
	"graffiti":     {(*stage).graffiti, anySeason},
	"facade":       {(*stage).facade, anySeason},
	"icicles":      {(*stage).icicles, snow},
	"fence":        {(*stage).fence, noSnow},
	"wires":        {(*stage).wires, anySeason},
	"smoke":        {(*stage).smoke, anySeason},
	"river":        {(*stage).river, noSnow},
	"ads":          {(*stage).ads, anySeason},
	"entrance":     {(*stage).entrance, anySeason},
	"lift":         {(*stage).lift, anySeason},
	"ceiling":      {(*stage).ceiling, anySeason},
	"cellar":       {(*stage).cellar, anySeason},
	"queue":        {(*stage).queue, anySeason},
	"radiator":     {(*stage).radiator, anySeason},
	"tap":          {(*stage).tap, anySeason},
	"bill":         {(*stage).bill, anySeason},
	"shop":         {(*stage).shop, anySeason},
	"site":         {(*stage).site, anySeason},
	"monument":     {(*stage).monument, noSnow},
	"mast":         {(*stage).mast, anySeason},
	"litteredyard": {(*stage).litteredYard, noSnow}, "litteredpark": {(*stage).litteredPark, noSnow}, "litteredstreet": {(*stage).litteredStreet, noSnow},
	"litteredroad": {(*stage).litteredRoad, noSnow}, "litteredplay": {(*stage).litteredPlayground, noSnow},
	"urnfull": {urn("full"), noSnow}, "urnover": {urn("over"), noSnow}, "urnless": {urn("none"), noSnow},
	"leafheaps": {(*stage).leafHeaps, []Season{Autumn, Mud, Spring}}, "branches": {(*stage).branches, noSnow}, "stump": {(*stage).stump, noSnow},
	"felled": {felled(false), noSnow}, "felledwood": {felled(true), noSnow}, "bulky": {(*stage).bulky, anySeason},
	"binsaround": {binsWith("around"), noSnow}, "binssacks": {binsWith("sacks"), anySeason}, "binsbroken": {binsWith("broken"), anySeason},
	"binsscreen": {binsWith("screen"), noSnow}, "binsmove": {binsWith("move"), noSnow},
	"tyres": {pile("tyres"), noSnow}, "barrels": {pile("barrels"), noSnow}, "fire": {pile("fire"), noSnow},
	"ruts": {(*stage).ruts, noSnow}, "waves": {waves(5), noSnow}, "bump": {waves(1), noSnow},
	"brokenroad": {broken(false, 9), noSnow}, "brokenyard": {broken(true, 6), noSnow}, "yardpothole": {broken(true, 1), noSnow},
	"sandtrench": {(*stage).sandTrench, noSnow}, "mudtracks": {(*stage).mudTracks, noSnow}, "mudyard": {(*stage).mudYard, noSnow},
	"pit": {hole("yard"), noSnow}, "sitepit": {hole("site"), noSnow}, "clay": {hole("lawn"), noSnow}, "quarry": {hole("quarry"), noSnow},
	"yardpath": {pathIn(false), noSnow}, "parkpath": {pathIn(true), noSnow}, "yardpool": {(*stage).yardPool, noSnow},
	"drain": {drain(false), noSnow}, "grate": {drain(true), noSnow}, "badcover": {(*stage).badCover, noSnow},
	"sewage": {(*stage).sewage, noSnow}, "steam": {(*stage).steam, noSnow},
	"signgone": {signTrouble("gone"), noSnow}, "signturned": {signTrouble("turned"), noSnow}, "signhidden": {signTrouble("hidden"), green},
	"cabinet": {(*stage).cabinet, anySeason}, "rats": {(*stage).rats, anySeason}, "roaches": {(*stage).roaches, anySeason},
	"dog": {oneDog(false), noSnow}, "dogowner": {oneDog(true), noSnow}, "crack": {(*stage).crack, anySeason}, "gutter": {(*stage).gutter, noSnow},
	"canopy": {(*stage).canopy, noSnow}, "balcony": {(*stage).balcony, noSnow}, "mould": {(*stage).mould, anySeason}, "wallads": {(*stage).wallAds, noSnow},
	"plate": {(*stage).plate, noSnow}, "ruin": {ruin(false), noSnow}, "ruindown": {ruin(true), noSnow}, "annex": {(*stage).annex, noSnow},
	"sidewalkfence": {obstacle("fence"), noSnow}, "sidewalkslabs": {obstacle("slabs"), noSnow}, "sidewalkcars": {obstacle("car"), noSnow},
	"stalls": {obstacle("stalls"), noSnow}, "kiosk": {obstacle("kiosk"), noSnow}, "garage": {obstacle("garage"), noSnow}, "billboard": {obstacle("billboard"), noSnow},
	"blockeddrive": {(*stage).blockedDrive, noSnow}, "disabled": {(*stage).disabled, noSnow},
	"yardsnow": {(*stage).yardSnow, snow}, "yardice": {(*stage).yardIce, snow}, "iceroad": {(*stage).iceRoad, snow}, "snowbank": {(*stage).snowbank, snow},
	"snowstop": {(*stage).snowStop, snow}, "snowfield": {(*stage).snowField, snow}, "dirtystop": {(*stage).dirtyStop, noSnow},
	"cemetery": {cemetery(false), noSnow}, "cemeterytree": {cemetery(true), noSnow}, "flowerbed": {(*stage).flowerbed, []Season{Summer}},
	"hogweed": {(*stage).hogweed, []Season{Summer}}, "barelawn": {(*stage).bareLawn, []Season{Summer, Spring, Autumn}}, "sandbox": {(*stage).sandbox, noSnow},
	"guardrail": {(*stage).guardRail, noSnow}, "roadbridge": {(*stage).roadBridge, noSnow}, "shelf": {(*stage).shelf, anySeason},
	"riverbank": {shore("litter"), noSnow}, "fish": {shore("fish"), noSnow}, "reeds": {shore("reeds"), green},
	"parkbench": {(*stage).parkBench, noSnow}, "schoolyard": {(*stage).schoolyard, noSnow}, "asphaltwalk": {paving(false), noSnow}, "slabwalk": {paving(true), noSnow},
	"cellardoor": {(*stage).cellarDoor, noSnow}, "cellarjunk": {(*stage).cellarJunk, anySeason}, "darkentrance": {(*stage).darkEntrance, anySeason},
	"dirtyentrance": {(*stage).dirtyEntrance, anySeason}, "carousel": {(*stage).carousel, noSnow}, "rings": {(*stage).rings, noSnow},
	"alllit": {(*stage).allLit, anySeason}, "woodpole": {(*stage).woodPole, noSnow}, "kerb": {(*stage).kerb, noSnow},
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
func Fits(scene Scene, season Season) bool {
	scene, _ = withoutTown(scene)
	return slices.Contains(scenes[scene].seasons, season)
}

const betweenTowns = " between towns"

// BetweenTowns is the scene on a road between towns, where it shows a street:
// without houses and pavements.
func BetweenTowns(scene Scene) Scene { return scene + betweenTowns }

func withoutTown(scene Scene) (Scene, bool) {
	name, open := strings.CutSuffix(string(scene), betweenTowns)
	return Scene(name), open
}

func render(scene Scene, seed uint64, season Season, after bool, w, h int) image.Image {
	scene, open := withoutTown(scene)
	s := newStage(seed^hash(string(scene)), season, after, w, h)
	s.open = open
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
