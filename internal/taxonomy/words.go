package taxonomy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/russian"
)

// token is one word of a text: folded (lower case, ё→е) and its stem.
type token struct {
	word, stem string
	start, end int // bytes of the original text
}

// tokens cuts a text into words. Numbers are left out: in a report they are
// houses, dates and routes, and say nothing about the topic. At most limit
// words are read (0: all).
func tokens(text string, limit int) []token {
	out := make([]token, 0, min(len(text)/8+4, 512))
	var b strings.Builder
	start, letters := 0, false
	flush := func(end int) {
		if b.Len() > 0 && letters {
			w := b.String()
			out = append(out, token{word: w, stem: stem(w), start: start, end: end})
		}
		b.Reset()
		letters = false
	}
	for i, r := range text {
		if limit > 0 && len(out) >= limit {
			return out
		}
		switch {
		case unicode.IsLetter(r):
			if b.Len() == 0 {
				start = i
			}
			letters = true
			b.WriteRune(foldRune(r))
		case unicode.IsDigit(r):
			if b.Len() == 0 {
				start = i
			}
			b.WriteRune(r)
		case r == '\u0301' || r == '\u00ad': // stress mark, soft hyphen: inside a word
		case (r == '\'' || r == '’') && latin(b.String()): // can't
		default:
			flush(i)
		}
	}
	flush(len(text))
	return out
}

func latin(word string) bool { return word != "" && word[0] >= 'a' && word[0] <= 'z' }

func foldRune(r rune) rune {
	r = unicode.ToLower(r)
	if r == 'ё' {
		return 'е'
	}
	return r
}

// same joins words that mean the same for the choice of a topic.
var same = map[string]string{
	"отсутств": "нет", "отсутствова": "нет", "без": "нет", "лишен": "нет",
	"нов": "нужн", "установ": "нужн", "установк": "нужн", "постав": "нужн", "сдела": "нужн", "необходим": "нужн", "требует": "нужн", "треб": "нужн", "нужд": "нужн", "обустро": "нужн", "постро": "нужн", "строительств": "нужн",
	"поликлинник": "поликлиник", "помойк": "мусор", "мусорк": "мусор", "тбо": "мусор", "тко": "мусор", "кгм": "крупногабаритн", "кго": "крупногабаритн",
	"бак": "контейнер", "лавочк": "скамейк", "лавк": "скамейк", "скаме": "скамейк",
	"пес": "собак", "псы": "собак", "псов": "собак", "собачк": "собак",
	"гололедиц": "гололед", "льд": "лед", "ледян": "лед",
	"накат": "гололед", "зебр": "переход",
	"опор": "столб", "ливнев": "ливневк", "ливнестоков": "ливневк",
	"колдобин": "ям", "выбоин": "ям", "ямк": "ям", "рытвин": "ям", "ухаб": "ям", "ямоч": "ям",
	"садик": "сад", "детсад": "сад", "уборк": "убира", "убра": "убира", "убор": "убира", "убирут": "убира",
	"чистк": "чист", "очистк": "чист", "очист": "чист", "расчист": "чист", "почист": "чист", "чищ": "чист", "прочист": "чист",
	"вывез": "вывоз", "вывезт": "вывоз", "вывозк": "вывоз",
	"маршрутк": "автобус", "пазик": "автобус", "газел": "автобус", "троллейбус": "автобус", "трамва": "автобус",
	"светильник": "фонар", "ламп": "фонар", "освеща": "освещен", "осветл": "освещен",
	"спилива": "спил", "спилен": "спил", "опил": "спил", "опиловк": "спил",
	"ковид": "covid", "коронавирус": "covid",
	"теплоснабжен": "отоплен", "радиатор": "батар",
	"заасфальтирова": "асфальт", "асфальтирован": "асфальт", "асфальтирова": "асфальт", "асфальтн": "асфальт", "асфальтов": "асфальт",
	"тротуарн": "тротуар", "подъездн": "подъезд", "дворов": "двор", "внутридворов": "двор", "придомов": "двор",
	"вонят": "запах", "воня": "запах", "вон": "запах", "пахнет": "запах", "пахнут": "запах", "зловон": "запах", "смрад": "запах",
	"снежн": "снег", "снегопад": "снег", "гололедн": "гололед",
	"крышк": "люк",
}

func stem(word string) string {
	switch r, _ := utf8.DecodeRuneInString(word); {
	case r >= 'а' && r <= 'я':
		env := snowballstem.NewEnv(word)
		russian.Stem(env)
		return canonical(env.Current())
	case r >= 'a' && r <= 'z':
		return englishStem(word)
	}
	return word
}

func canonical(s string) string {
	if c, ok := same[s]; ok {
		return c
	}
	return s
}

// stop holds stems that say nothing about a topic: particles, greetings,
// requests, and words of place that stand in every report.
var stop = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`
а без бы был была были было быть в вам вами вас ваш ведь во вот все всё всего всем всех вы где да даже для до его ее её если есть еще ещё ж же за и из или им их к как какая какие какой ко когда кто ли лишь мне много можно мой моя мы на над надо нам нас наш не него нее неё ней ни них но ну о об обо один одна одно он она они от очень по под после потому почему при про просто раз с сам свой себе себя со так такая такие такой там те тем то тогда того тоже той только том тот ты у уже хоть хотя чего чем через что чтобы чье эта эти это этого этой этом этот я
добрый день здравствуйте прошу просим пожалуйста просьба помогите помочь обращаюсь обращаемся обращение уважаемые уважаемый вопрос жители житель проживаю проживаем адрес адресу город города области район районе населенный пункт
улица улице ул дом дома доме д г обл пр-т проспект переулок рядом около возле напротив между перед вдоль находится расположен
год года лет месяц месяца неделя день дня дней сегодня вчера завтра время постоянно каждый весь вся давно долго
очень большой большая огромный хороший плохой плохо хорошо нормально ужасный
принять меры принять приняли мер решить решите разобраться обратить внимание сообщаю прошу вас проблема проблемы ситуация вопросы
человек люди людей которые который которая которое также данный данная данной данном нами этих
может могут мочь должен должны стоит стоят идет идут является имеется происходит становится делать делают сделали
` + englishStop + `
`) {
		for _, t := range []string{stem(strings.ReplaceAll(w, "ё", "е"))} {
			m[t] = true
		}
	}
	for _, keep := range []string{"нет", "нужн"} { // meaningful in phrases
		delete(m, keep)
	}
	return m
}()
