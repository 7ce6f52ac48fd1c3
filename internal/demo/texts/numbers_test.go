package texts

import "testing"

// TestAgreeAge keeps the age of a house apart from its number.
func TestAgreeAge(t *testing.T) {
	for in, want := range map[string]string{
		"Дому 32 лет, трубы с постройки": "Дому 32 года, трубы с постройки",
		"Дому 55 лет":          "Дому 55 лет",
		"Зданию больше 32 лет": "Зданию больше 32 лет",
		"светодиод на 54 ватт": "светодиод на 54 ватта",
		"в доме 3 собаки лают": "в доме 3 собаки лают",
	} {
		if got := agree(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
