// Package people invents the citizens and officers of the demonstration
// region. The names are ordinary words put together by chance; telephone
// numbers use the code 000, which is not given to anybody, and addresses of
// electronic mail end in example.org.
package people

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Person is an invented person. Names are in the nominative case.
type Person struct {
	Given, Patronymic, Surname string
	Female                     bool
	Login                      string // Latin, unique in its list
	Email                      string // at example.org
	Phone                      string // +7 000 …
}

// Full is the name as a register holds it: «Соколова Нина Андреевна».
func (p Person) Full() string { return p.Surname + " " + p.Given + " " + p.Patronymic }

// Display is the name on pages: «Нина Соколова».
func (p Person) Display() string { return p.Given + " " + p.Surname }

// Polite is how a letter addresses the person: «Нина Андреевна».
func (p Person) Polite() string { return p.Given + " " + p.Patronymic }

// Initials is the short signature: «Н. А. Соколова».
func (p Person) Initials() string {
	return first(p.Given) + ". " + first(p.Patronymic) + ". " + p.Surname
}

func first(s string) string { return string([]rune(s)[:1]) }

// Citizens makes n people, at most 4,000; the same seed gives the same people,
// and a longer list begins with the shorter one. No full name stands twice.
func Citizens(seed uint64, n int) []Person { return list(seed, n, "", 0) }

// Officers makes n people who are not in any list of Citizens; their logins
// end in "-sl".
func Officers(seed uint64, n int) []Person { return list(seed, n, "-sl", 1) }

func list(seed uint64, n int, suffix string, half int) []Person {
	rng := rand.New(rand.NewPCG(seed, uint64(half)+1))
	out := make([]Person, 0, n)
	names, logins := map[string]bool{}, map[string]int{}
	for len(out) < n {
		p := Person{Female: rng.IntN(100) < 57}
		// citizens take the even surnames, officers the odd ones
		s := surnames[rng.IntN(len(surnames)/2)*2+half]
		f := fathers[rng.IntN(len(fathers))]
		if p.Female {
			p.Given, p.Patronymic, p.Surname = women[rng.IntN(len(women))], f[1], s[1]
		} else {
			p.Given, p.Patronymic, p.Surname = men[rng.IntN(len(men))], f[0], s[0]
		}
		if names[p.Full()] {
			continue
		}
		names[p.Full()] = true
		base := latin(first(p.Given)) + "." + latin(p.Surname)
		logins[base]++
		p.Login = base + suffix
		if k := logins[base]; k > 1 {
			p.Login = fmt.Sprintf("%s%d%s", base, k, suffix)
		}
		p.Email = p.Login + "@example.org"
		i := len(out)
		p.Phone = fmt.Sprintf("+7 000 %d%02d-%02d-%02d", 1+half*4+i/10000, i/100%100, i%100, rng.IntN(100))
		out = append(out, p)
	}
	return out
}

var letters = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
}

// latin writes a Russian name in Latin small letters.
func latin(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		b.WriteString(letters[r])
	}
	return b.String()
}
