package region

import (
	"fmt"
	"slices"
	"strings"
)

// Organisation is a body or company of the region. Assets name owners and
// operators by these codes; the directory makes its organisations from them.
type Organisation struct {
	Code        string   // "reg.roads", "mun.03.admin", "utility.water.03", "uk.017"
	Parent      string   // code; "" for the root alone
	Kind        string   // one of the Kind constants
	Name        string   // «Комитет по дорожному хозяйству Приозёрской области»
	ShortName   string   // «Комитет по дорогам»: lists and narrow columns
	NameEN      string   // English name for the English interface
	ShortNameEN string   // "Roads Committee": the same, for lists and narrow columns
	Territories []string // codes of territories it answers for
	Locality    string   // code of the one locality it is limited to; "" for whole territories
}

// Kinds of organisations.
const (
	KindRegion      = "region"      // the root: holds the others together, takes no reports
	KindGovernment  = "government"  // regional executive body
	KindFederal     = "federal"     // territorial body of a federal authority
	KindMunicipal   = "municipal"   // administration of a municipality
	KindSettlement  = "settlement"  // administration of a settlement within a district
	KindInstitution = "institution" // subordinate institution or enterprise
	KindUtility     = "utility"     // supplies water, heat, power, gas, carries waste
	KindManaging    = "managing"    // manages apartment houses
)

// Organisations lists every organisation, parents before children, the same at
// each call. Codes never change: assets, rubricator and stored cases use them.
func Organisations() []Organisation {
	var b orgs
	b.regional()
	b.federal()
	for i, m := range municipalities {
		b.municipal(i+1, m)
	}
	b.utilities()
	b.managing()
	return b.list
}

type orgs struct{ list []Organisation }

func (b *orgs) add(code, parent, kind, name, short, en string, territories ...string) {
	b.list = append(b.list, Organisation{Code: code, Parent: parent, Kind: kind, Name: name, ShortName: short, NameEN: en, ShortNameEN: shortEN(code, en), Territories: territories})
}

// shortEN leaves out the region, which every page names, and what else is said by custom.
func shortEN(code, en string) string {
	switch code {
	case Code:
		return NameEN
	case "reg.gov":
		return "Regional Government"
	}
	return strings.TrimPrefix(strings.TrimSuffix(en, " of "+NameEN), "Managing Company ")
}

func (b *orgs) regional() {
	b.add(Code, "", KindRegion, "Органы и организации "+NameGen, Name, "Bodies of "+NameEN, Code)
	b.add("reg.gov", Code, KindGovernment, "Правительство "+NameGen, "Правительство области", "Government of "+NameEN, Code)
	for _, r := range [][4]string{
		{"roads", "Комитет по дорожному хозяйству", "Комитет по дорогам", "Roads Committee"},
		{"transport", "Министерство транспорта", "Минтранс", "Ministry of Transport"},
		{"housing", "Министерство жилищно-коммунального хозяйства", "МинЖКХ", "Ministry of Housing and Utilities"},
		{"housing.inspection", "Государственная жилищная инспекция", "Жилинспекция", "Housing Inspectorate"},
		{"health", "Министерство здравоохранения", "Минздрав", "Ministry of Health"},
		{"education", "Министерство образования", "Минобразования", "Ministry of Education"},
		{"social", "Министерство социальной защиты населения", "Минсоцзащиты", "Ministry of Social Protection"},
		{"labour", "Комитет по труду и занятости", "Комитет по труду", "Labour and Employment Committee"},
		{"ecology", "Министерство природных ресурсов и экологии", "Минэкологии", "Ministry of Ecology"},
		{"forest", "Комитет лесного хозяйства", "Комитет лесов", "Forestry Committee"},
		{"vet", "Управление ветеринарии", "Ветеринария", "Veterinary Service"},
		{"construction", "Министерство строительства и архитектуры", "Минстрой", "Ministry of Construction"},
		{"building.inspection", "Инспекция государственного строительного надзора", "Стройнадзор", "Construction Supervision"},
		{"energy", "Комитет по энергетике и тарифам", "Комитет по тарифам", "Energy and Tariffs Committee"},
		{"trade", "Министерство экономического развития и торговли", "Минэкономики", "Ministry of Economy and Trade"},
		{"culture", "Министерство культуры", "Минкультуры", "Ministry of Culture"},
		{"heritage", "Управление охраны объектов культурного наследия", "Охрана наследия", "Heritage Protection"},
		{"sport", "Комитет по физической культуре и спорту", "Комитет по спорту", "Sports Committee"},
		{"agriculture", "Министерство сельского хозяйства", "Минсельхоз", "Ministry of Agriculture"},
		{"property", "Комитет по управлению имуществом", "Комитет имущества", "State Property Committee"},
		{"emergency", "Комитет гражданской защиты", "Гражданская защита", "Civil Protection Committee"},
		{"digital", "Министерство цифрового развития", "Минцифры области", "Ministry of Digital Development"},
	} {
		b.add("reg."+r[0], "reg.gov", KindGovernment, r[1]+" "+NameGen, r[2], r[3]+" of "+NameEN, Code)
	}
	for _, r := range [][5]string{
		{"reg.roads.service", "reg.roads", "ГКУ «Дорожная служба Приозёрья»", "Дорожная служба области", "Regional Road Service"},
		{"reg.transport.buses", "reg.transport", "ГУП «Приозёрскпассажиртранс»", "Пассажиртранс", "Regional Passenger Transport"},
		{"reg.housing.fund", "reg.housing", "Фонд капитального ремонта " + NameGen, "Фонд капремонта", "Capital Repair Fund"},
		{"reg.health.hospital", "reg.health", "ГБУЗ «Областная клиническая больница»", "Областная больница", "Regional Hospital"},
		{"reg.health.children", "reg.health", "ГБУЗ «Областная детская больница»", "Детская больница", "Regional Children's Hospital"},
		{"reg.health.ambulance", "reg.health", "ГБУЗ «Станция скорой помощи»", "Скорая помощь", "Ambulance Service"},
		{"reg.social.centre", "reg.social", "ГКУ «Центр социальных выплат»", "Центр выплат", "Social Payments Centre"},
		{"reg.social.service", "reg.social", "ГБУ «Центр социального обслуживания»", "Соцобслуживание", "Social Service Centre"},
		{"reg.ecology.parks", "reg.ecology", "ГКУ «Природные территории Приозёрья»", "Природные территории", "Protected Natural Areas"},
		{"reg.forest.service", "reg.forest", "ГКУ «Лесопожарный центр»", "Лесопожарный центр", "Forest Fire Centre"},
		{"reg.vet.station", "reg.vet", "ГБУ «Станция по борьбе с болезнями животных»", "Ветстанция", "Animal Health Station"},
		{"reg.digital.mfc", "reg.digital", "ГКУ «Многофункциональный центр " + NameGen + "»", "МФЦ", "Public Service Centre"},
		{"reg.digital.centre", "reg.digital", "АНО «Центр управления регионом»", "ЦУР", "Regional Control Centre"},
	} {
		b.add(r[0], r[1], KindInstitution, r[2], r[3], r[4], Code)
	}
}

func (b *orgs) federal() {
	for _, r := range [][4]string{
		{"fed.roads", "ФКУ «Управление дорог «Озёрный край»", "Федеральные дороги", "Federal Roads Directorate"},
		{"fed.police", "Управление внутренних дел по " + dative, "Полиция", "Police Department"},
		{"fed.traffic", "Дорожная инспекция " + NameGen, "Дорожная инспекция", "Traffic Inspectorate"},
		{"fed.consumer", "Управление санитарного надзора по " + dative, "Санитарный надзор", "Consumer and Sanitary Supervision"},
		{"fed.nature", "Управление природного надзора по " + dative, "Природный надзор", "Environmental Supervision"},
		{"fed.rail", "Приозёрское отделение железной дороги", "Железная дорога", "Railway Division"},
		{"fed.post", "Почта, отделение по " + dative, "Почта", "Post Office"},
	} {
		b.add(r[0], Code, KindFederal, r[1], r[2], r[3], Code)
	}
}

const dative = "Приозёрской области"

// settled are districts whose main town has an administration of its own.
var settled = map[int]bool{3: true, 4: true, 5: true, 6: true, 7: true, 11: true, 12: true, 13: true, 15: true, 17: true, 21: true, 22: true}

func (b *orgs) municipal(n int, m Municipality) {
	admin, t := m.Code+".admin", m.Code
	b.add(admin, Code, KindMunicipal, "Администрация "+m.Gen, "Администрация "+m.Gen, "Administration of "+m.EN, t)
	b.add(m.Code+".roads", admin, KindInstitution, "МКУ «Дорожная служба "+m.Gen+"»", "Дорожная служба "+m.Gen, "Road Service of "+m.EN, t)
	b.add(m.Code+".green", admin, KindInstitution, "МБУ «Благоустройство "+m.Gen+"»", "Благоустройство "+m.Gen, "Public Spaces of "+m.EN, t)
	b.add(m.Code+".edu", admin, KindInstitution, "Управление образования "+m.Gen, "Образование "+m.Gen, "Education Department of "+m.EN, t)
	if n == 1 {
		b.add("mun.01.housing", admin, KindInstitution, "Департамент городского хозяйства Верхнеозёрска", "Горхозяйство", "City Services Department of Verkhneozyorsk", t)
		b.add("mun.01.control", admin, KindInstitution, "Управление муниципального контроля Верхнеозёрска", "Муниципальный контроль", "Municipal Inspection of Verkhneozyorsk", t)
		b.add("mun.01.light", admin, KindInstitution, "МУП «Горсвет Верхнеозёрска»", "Горсвет", "Street Lighting of Verkhneozyorsk", t)
		b.add("mun.01.buses", admin, KindInstitution, "МУП «Верхнеозёрский автобус»", "Городской автобус", "City Buses of Verkhneozyorsk", t)
	}
	if settled[n] {
		b.list = append(b.list, Organisation{Code: m.Code + ".set.1", Parent: admin, Kind: KindSettlement,
			Name: "Администрация поселения " + m.Centre, ShortName: "Поселение " + m.Centre, NameEN: "Settlement of " + m.CentreEN, ShortNameEN: "Settlement of " + m.CentreEN,
			Territories: []string{t}, Locality: LocalityCode(n, 1)})
	}
	b.add("health."+t[4:], "reg.health", KindInstitution, clinic(n, m), clinicShort(n, m), "Hospital of "+m.EN, t)
}

func clinic(n int, m Municipality) string {
	if m.Kind == cityOkrug {
		return "ГБУЗ «Городская больница " + m.Gen + "»"
	}
	return "ГБУЗ «Центральная больница " + m.Gen + "»"
}

func clinicShort(_ int, m Municipality) string { return "Больница " + m.Gen }

func (b *orgs) utilities() {
	for i, m := range municipalities {
		n := i + 1
		stem := strings.NewReplacer(" ", "").Replace(m.Centre)
		if n == 1 {
			b.add("utility.water.01", "mun.01.admin", KindUtility, "МУП «Верхнеозёрский водоканал»", "Водоканал", "Water Utility of Verkhneozyorsk", m.Code)
			b.add("utility.heat.01", Code, KindUtility, "АО «Верхнеозёрские тепловые сети»", "Тепловые сети", "Heating Networks of Verkhneozyorsk", m.Code)
			continue
		}
		b.add(fmt.Sprintf("utility.water.%02d", n), m.Code+".admin", KindUtility, "МУП «Водоканал "+m.Gen+"»", "Водоканал "+m.Gen, "Water Utility of "+m.EN, m.Code)
		b.add(fmt.Sprintf("utility.heat.%02d", n), Code, KindUtility, "ООО «"+stem+"теплоэнерго»", "Тепло "+m.Gen, "Heat Supply of "+m.EN, m.Code)
	}
	b.add("utility.power", Code, KindUtility, "АО «Приозёрские электрические сети»", "Электросети", "Priozyorye Power Grid", Code)
	for _, p := range powerBranches {
		b.add(p.code, "utility.power", KindUtility, p.name+" филиал АО «Приозёрские электрические сети»", "Электросети, "+strings.ToLower(p.name)+" филиал", p.en+" Branch of the Power Grid", codes(p.muns)...)
	}
	b.add("utility.gas", Code, KindUtility, "АО «Приозёрскгазораспределение»", "Газовая служба", "Gas Distribution", Code)
	b.add("utility.waste", Code, KindUtility, "ООО «Чистое Приозёрье»", "Вывоз мусора", "Regional Waste Operator", Code)
	b.add("utility.lift", Code, KindUtility, "ООО «Приозёрсклифт»", "Лифтовая служба", "Lift Maintenance", Code)
	b.add("utility.telecom", Code, KindUtility, "АО «Озёрная связь»", "Связь", "Lake Telecom", Code)
}

// powerBranches divide the municipalities among the branches of the power grid.
var powerBranches = []struct {
	code, name, en string
	muns           []int
}{
	{"utility.power.west", "Западный", "Western", []int{3, 4, 8, 9, 15, 19, 20}},
	{"utility.power.centre", "Центральный", "Central", []int{1, 5, 16, 17, 21, 22}},
	{"utility.power.north", "Северный", "Northern", []int{2, 6, 10, 11, 12}},
	{"utility.power.east", "Восточный", "Eastern", []int{7, 13, 14, 18, 23, 24}},
}

// powerBranch is the branch of the power grid that serves municipality n.
func powerBranch(n int) string {
	for _, b := range powerBranches {
		if slices.Contains(b.muns, n) {
			return b.code
		}
	}
	return "utility.power"
}

// managingNames are names of managing companies; the first 12 work in the capital.
var managingNames = []struct{ ru, en string }{
	{"Уютный дом", "Cosy Home"}, {"Рыбацкий квартал", "Fishermen's Quarter"}, {"Озёрный берег", "Lake Shore"}, {"Домовой", "House Spirit"},
	{"Северный двор", "Northern Yard"}, {"Жилсервис-1", "Housing Service 1"}, {"Набережная", "Embankment"}, {"Тёплый подъезд", "Warm Entrance"},
	{"Кузнечная слобода", "Smiths' Quarter"}, {"Наш двор", "Our Yard"}, {"Высота", "Height"}, {"Старый город", "Old Town"},
	{"Брод", "Ford"}, {"Каменный дом", "Stone House"}, {"Квартал", "Quarter"}, {"Переправа", "Crossing"},
	{"Ладья", "Rook"}, {"Жернов", "Millstone"}, {"Заречье", "Zarechye"}, {"Ключ", "Spring"}, {"Глинка", "Glinka"}, {"Бор", "Pinewood"},
	{"Слобода", "Sloboda"}, {"Плёс", "Reach"}, {"Сиг", "Whitefish"}, {"Лада", "Lada"}, {"Липки", "Lindens"}, {"Долина", "Valley"},
	{"Песок и вода", "Sand and Water"}, {"Луговое", "Meadow"}, {"Чернобор", "Blackwood"}, {"Ветла", "Willow"}, {"Рубеж", "Frontier"},
	{"Хмель", "Hops"}, {"Соловей", "Nightingale"}, {"Ольха", "Alder"}, {"Ягодка", "Berry"}, {"Мох", "Moss"},
}

// ManagingOf lists codes of the managing companies that work in municipality n.
func ManagingOf(n int) []string {
	switch n {
	case 1:
		return numbered(1, 12)
	case 2:
		return numbered(13, 16)
	}
	return numbered(14+n, 14+n)
}

func numbered(from, to int) (out []string) {
	for i := from; i <= to; i++ {
		out = append(out, fmt.Sprintf("uk.%03d", i))
	}
	return out
}

func (b *orgs) managing() {
	for n := 1; n <= len(municipalities); n++ {
		for _, code := range ManagingOf(n) {
			var k int
			fmt.Sscanf(code, "uk.%d", &k)
			name := managingNames[k-1]
			b.add(code, Code, KindManaging, "ООО «УК «"+name.ru+"»", "УК «"+name.ru+"»", "Managing Company “"+name.en+"”", municipalities[n-1].Code)
		}
	}
}

// LocalityCode names the k-th locality of municipality n; the first is its main town.
func LocalityCode(n, k int) string { return fmt.Sprintf("loc.%02d.%02d", n, k) }

func codes(numbers []int) (out []string) {
	for _, n := range numbers {
		out = append(out, fmt.Sprintf("mun.%02d", n))
	}
	return out
}
