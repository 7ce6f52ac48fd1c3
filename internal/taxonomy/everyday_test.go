package taxonomy

import (
	"slices"
	"testing"
)

// TestSuggestEverydayWords: of sentences as people say them, the fitting topic is among the first three.
func TestSuggestEverydayWords(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Соседи сверху заливают, течет патолок", "houses.pipes.leak"},
		{"дед упал на льду", "roads.sidewalks.snow"},
		{"Бабушка поскользнулась на тротуаре, сплошной лёд", "roads.sidewalks.snow"},
		{"Во дворе не горит ни один фонарь", "lighting.lamps.out"},
		{"Автобус опять не приехал, ждали сорок минут", "transport.schedule.late"},
		{"Мусор не вывозят вторую неделю", "waste.bins.overflow"},
		{"Из крана идёт ржавая вода", "utilities.cold_water.quality"},
		{"Нет горячей воды третий день", "utilities.hot_water.off"},
		{"В подъезде разбили окно", "houses.entrance.cold"},
		{"Лифт застрял на пятом этаже", "houses.lift.stuck"},
		{"Батареи еле тёплые, дома холодно", "utilities.heating.cold"},
		{"Снег с крыши чуть не упал на коляску", "houses.roof.icicles"},
		{"На детской площадке сломали качели", "yards.playground.broken"},
		{"Стая собак бросается на детей", "animals.stray.pack"},
		{"Колодец без крышки у школы", "utilities.hatches.open"},
		{"Дерево наклонилось, вот-вот упадёт", "greenery.trees.danger"},
		{"Не могу записать ребёнка к врачу", "health.appointment.no_slots"},
		{"Светофор мигает жёлтым", "roads.lights.broken"},
		{"Тротуар весь в ямах, с коляской не пройти", "roads.sidewalks.broken"},
		{"Соседи шумят по ночам", "safety.order.noise"},
		{"Машины стоят на газоне", "roads.parking.lawn"},
		{"Интернет в деревне не работает", "telecom.internet.none"},
		{"Дорогу к деревне замело", "roads.winter.snow_cut_off"},
		{"Нет места в детском саду", "education.kindergarten.place"},
		{"Остановка без навеса", "transport.stops.none"},
		{"Квитанция за отопление выросла вдвое", "utilities.bills.wrong"},
		{"Дым со свалки, дышать нечем", "waste.dumps.burning"},
		{"Крыша протекает в подъезде", "houses.roof.leak"},
		{"Борщевик вырос вдоль дороги", "greenery.grass.hogweed"},
		{"Домофон не открывается", "houses.entrance.door"},
		{"Лужа во весь двор после дождя", "yards.driveway.puddle"},
		{"сын упал на льду во дворе", "yards.cleaning.ice"},
		{"не ездит автобус номер 5", "transport.schedule.late"},
		{"автобус не ходит третий день", "transport.schedule.late"},
		{"my son fell on ice in the yard", "yards.cleaning.ice"},
		{"Провод свисает до земли", "utilities.power.wire"},
		{"подтопило огород", "safety.water.flood"},
		{"сусликов развелось", "animals.wild.wild"},
		{"пьяные сидят на лавочке", "safety.order.drinking"},
		{"перекрасьте зебру", "roads.crossings.unsafe"},
	} {
		found := codes(Default().Suggest(tt.text, 3))
		if !slices.Contains(found, tt.want) {
			t.Errorf("%q proposes %v, not %s", tt.text, found, tt.want)
		}
	}
	if found := codes(Default().Suggest("Соседи сверху заливают, течет патолок", 3)); len(found) == 0 || found[0] != "houses.pipes.leak" {
		t.Errorf("the neighbour's leak isn't first: %v", found)
	}
	for text, want := range map[string]string{"сын упал на льду во дворе": "yards.cleaning.ice", "не ездит автобус номер 5": "transport.schedule.late", "упал на льду": "roads.sidewalks.snow"} {
		if found := codes(Default().Suggest(text, 3)); len(found) == 0 || found[0] != want {
			t.Errorf("%q: %v, not %s first", text, found, want)
		}
	}
}

// A telephone to call back on is no matter of connection.
func TestSuggestPassesOverATelephone(t *testing.T) {
	for _, text := range []string{"Яма на дороге у моста, мой телефон 8 900 000 00 00", "Большая яма на дороге. Телефон для связи 89000000000", "Яма у остановки, пробил колесо, телефон Иванова есть в деле", "Яма на дороге во всю полосу, телефон прилагаю"} {
		for _, code := range codes(Default().Suggest(text, 3)) {
			if CategoryOf(code) == "telecom" {
				t.Errorf("%q proposes %s", text, code)
			}
		}
	}
	if found := codes(Default().Suggest("телефон не ловит", 3)); len(found) == 0 || found[0] != "telecom.mobile.none" {
		t.Errorf("no signal: %v", found)
	}
	if found := codes(Default().Suggest("подтопило огород", 1)); len(found) == 0 || found[0] != "safety.water.flood" {
		t.Errorf("a flooded garden: %v", found)
	}
}
