package taxonomy

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// englishStop are words that say nothing about a topic. "No", "out" and "off" do.
const englishStop = `
a an the is are am was were be been being in on at of to and or but so if with it its this that these those there here has have had having i we our my me us
you your he she him her his they them their for from by as than then very too please just also still again already always every all any some somebody someone
much many more most several lot lots one two three four five what which who whom whose when where why how would could should can will shall may might must do does did done doing
get gets got getting give gives make makes made let lets go goes going gone see say says said tell told know think want need needs help
year years month months week weeks day days hour hours minute minutes ago since today yesterday tomorrow morning evening now long last next time times
near around along between behind under over into onto about because while until during after before through
house houses home building city town village district area region place people person man woman old big huge large small little new good bad terrible awful really completely
problem problems situation question address hello dear sir madam thank thanks everywhere like us yours mine own other another each both only even ever
`

// sameEnglish joins words that mean the same for the choice of a topic: each
// line is the word to which the others are reduced.
const sameEnglish = `
lift elevator elevators
waste garbage rubbish trash junk
lamp light lights lantern streetlight streetlights streetlamp bulb bulbs lightbulb
work working works broken broke faulty damaged smashed kaput
pavement sidewalk sidewalks footpath footway
road roads roadway highway
hole holes pit
flat apartment apartments
stairs stair stairwell staircase stairway hallway landing
bin bins dumpster dumpsters container containers
clinic polyclinic hospital
pharmacy drugstore chemist pharmacies
medicine medicines medication medications pills insulin
nursery kindergarten kindergartens preschool daycare
shop store shops supermarket
bus buses minibus trolleybus tram marshrutka
dog dogs puppy
noise noisy loud noises
smell smells smelly stink stinks stinking stench odour odor reek
dirty filthy filth dirt
leak leaks leaking drip drips dripping
radiator radiators heater heaters
sewage sewer sewers sewerage
power electricity electric electrical
internet wifi broadband
wages wage salary paycheck
neighbour neighbor neighbours neighbors
child children kid kids grandson granddaughter grandchild grandchildren son daughter
ice icy
slippery slip slipped
crossing crosswalk crosswalks
fast speed speeding speeds
hump bump bumps
queue queues line lines
grass lawn lawns
mow mown mowed mowing mows cut cuts cutting
fall falls fell falling fallen collapse collapses collapsing collapsed
no not never without cant cannot dont doesnt didnt isnt arent wasnt wont couldnt wouldnt havent hasnt nobody nothing none lack lacks lacking nowhere noone
tap faucet
parcel package parcels packages
rude rudeness yell yelled yelling yells shout shouted shouting shouts swore swear insulted insult scream screamed
attack attacked attacks bite bitten bit bites bites lunged
car cars vehicle vehicles auto
lorry truck trucks lorries
basement cellar cellars basements
official officials mayor administration authority authorities council
bill bills receipt invoice
drunk drunks drunken drinking drink drunkard alcoholics alcoholic
factory plant factories
rat rats mice mouse rodents
cemetery graveyard
collect collected collecting collection pick picked picking
come comes came coming arrive arrives arrived arriving
pole poles post posts
fence fences
website site portal
nurse nurses
pay paid pays paying
abandoned derelict deserted
rotten spoiled mouldy moldy
puddle puddles
log login
phone telephone cellphone mobile
flood flooded flooding floods
upstairs above
`

// englishSame is sameEnglish by stems.
var englishSame = func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(sameEnglish) {
		words := strings.Fields(line)
		for _, w := range words[min(1, len(words)):] {
			m[snowball(w)] = snowball(words[0])
		}
	}
	return m
}()

func snowball(word string) string {
	env := snowballstem.NewEnv(word)
	english.Stem(env)
	return env.Current()
}

func englishStem(word string) string {
	s := snowball(word)
	if c, ok := englishSame[s]; ok {
		return c
	}
	return s
}
