package region

// Zone is the time zone of the whole region.
const Zone = "Europe/Moscow"

// Code of the region as a territory and as the root of the organisations.
const Code = "reg"

// Name of the region in both languages, and its genitive in Russian.
const (
	Name     = "Приозёрская область"
	NameGen  = "Приозёрской области"
	NameEN   = "Priozyorskaya Oblast"
	ZoneNote = "время московское"
)

// Municipality is one of the 24: what the map, the names of its bodies and the
// makers of streets need to know. The rank of its kind follows 131-ФЗ.
type Municipality struct {
	Code       string // "mun.03"
	Kind       string // city_okrug, municipal_okrug or municipal_district
	Name       string // «Ладейный муниципальный район»
	Short      string // «Ладейный район»
	Gen        string // «Ладейного района»: genitive of Short
	EN         string // "Ladeyny District"
	Population int64
	Centre     string // name of its main town
	CentreEN   string
	CentreKind string // city, town (посёлок городского типа), village (село)
	x, y       float64
}

const (
	cityOkrug     = "city_okrug"
	municipalOkr  = "municipal_okrug"
	municipalDist = "municipal_district"
)

// Municipalities lists the 24 in the order of their codes.
func Municipalities() []Municipality { return append([]Municipality(nil), municipalities...) }

// x and y are kilometres east and north of the south-west corner of the frame.
var municipalities = []Municipality{
	{"mun.01", cityOkrug, "Городской округ Верхнеозёрск", "Верхнеозёрск", "Верхнеозёрска", "Verkhneozyorsk", 312400, "Верхнеозёрск", "Verkhneozyorsk", "city", 84, 104},
	{"mun.02", cityOkrug, "Городской округ Каменный Брод", "Каменный Брод", "Каменного Брода", "Kamenny Brod", 86200, "Каменный Брод", "Kamenny Brod", "city", 126, 130},
	{"mun.03", municipalDist, "Ладейный муниципальный район", "Ладейный район", "Ладейного района", "Ladeyny District", 31800, "Ладейск", "Ladeysk", "city", 58, 134},
	{"mun.04", municipalDist, "Мельничный муниципальный район", "Мельничный район", "Мельничного района", "Melnichny District", 18400, "Мельничное", "Melnichnoye", "town", 56, 88},
	{"mun.05", municipalDist, "Заречный муниципальный район", "Заречный район", "Заречного района", "Zarechny District", 44100, "Заречный", "Zarechny", "city", 112, 92},
	{"mun.06", municipalDist, "Ключевский муниципальный район", "Ключевский район", "Ключевского района", "Klyuchevsky District", 27300, "Ключевск", "Klyuchevsk", "city", 140, 100},
	{"mun.07", municipalDist, "Глинский муниципальный район", "Глинский район", "Глинского района", "Glinsky District", 22600, "Глинск", "Glinsk", "city", 164, 74},
	{"mun.08", municipalOkr, "Боровой муниципальный округ", "Боровой округ", "Борового округа", "Borovoy Okrug", 19700, "Боровой", "Borovoy", "city", 22, 104},
	{"mun.09", municipalOkr, "Муниципальный округ Рыбная Слобода", "Рыбная Слобода", "Рыбной Слободы", "Rybnaya Sloboda", 11200, "Рыбная Слобода", "Rybnaya Sloboda", "town", 22, 66},
	{"mun.10", municipalOkr, "Муниципальный округ Тихий Плёс", "Тихий Плёс", "Тихого Плёса", "Tikhy Plyos", 17900, "Тихий Плёс", "Tikhy Plyos", "city", 98, 158},
	{"mun.11", municipalDist, "Сиговский муниципальный район", "Сиговский район", "Сиговского района", "Sigovsky District", 9800, "Сигово", "Sigovo", "town", 140, 164},
	{"mun.12", municipalDist, "Ладский муниципальный район", "Ладский район", "Ладского района", "Ladsky District", 12500, "Ладское", "Ladskoye", "village", 182, 152},
	{"mun.13", municipalDist, "Липовский муниципальный район", "Липовский район", "Липовского района", "Lipovsky District", 20300, "Липовка", "Lipovka", "town", 166, 112},
	{"mun.14", municipalOkr, "Муниципальный округ Сухой Дол", "Сухой Дол", "Сухого Дола", "Sukhoy Dol", 14600, "Сухой Дол", "Sukhoy Dol", "city", 202, 110},
	{"mun.15", municipalDist, "Песчаный муниципальный район", "Песчаный район", "Песчаного района", "Peschany District", 10900, "Песчаное", "Peschanoye", "town", 60, 50},
	{"mun.16", municipalOkr, "Луговской муниципальный округ", "Луговской округ", "Луговского округа", "Lugovskoy Okrug", 13300, "Луговской", "Lugovskoy", "town", 94, 62},
	{"mun.17", municipalDist, "Черноборский муниципальный район", "Черноборский район", "Черноборского района", "Chernoborsky District", 24700, "Чёрный Бор", "Chyorny Bor", "city", 128, 58},
	{"mun.18", municipalOkr, "Ветлужный муниципальный округ", "Ветлужный округ", "Ветлужного округа", "Vetluzhny Okrug", 8700, "Ветлужное", "Vetluzhnoye", "town", 204, 68},
	{"mun.19", cityOkrug, "Городской округ Пограничный", "Пограничный", "Пограничного", "Pogranichny", 23100, "Пограничный", "Pogranichny", "city", 24, 24},
	{"mun.20", municipalOkr, "Хмельной муниципальный округ", "Хмельной округ", "Хмельного округа", "Khmelnoy Okrug", 4900, "Хмелевое", "Khmelevoye", "village", 62, 16},
	{"mun.21", municipalDist, "Соловьёвский муниципальный район", "Соловьёвский район", "Соловьёвского района", "Solovyovsky District", 21500, "Соловьёвск", "Solovyovsk", "city", 102, 22},
	{"mun.22", municipalDist, "Ольховский муниципальный район", "Ольховский район", "Ольховского района", "Olkhovsky District", 16800, "Ольховка", "Olkhovka", "town", 142, 22},
	{"mun.23", municipalOkr, "Ягодный муниципальный округ", "Ягодный округ", "Ягодного округа", "Yagodny Okrug", 9400, "Ягодное", "Yagodnoye", "town", 180, 32},
	{"mun.24", municipalOkr, "Муниципальный округ Малые Мхи", "Малые Мхи", "Малых Мхов", "Malye Mkhi", 5600, "Малые Мхи", "Malye Mkhi", "town", 212, 28},
}
