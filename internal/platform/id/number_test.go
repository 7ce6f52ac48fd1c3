package id

import "testing"

func TestNumberFindsWrongDigitsAndSwaps(t *testing.T) {
	for range 300 {
		n := NewNumber()
		if got, ok := ParseNumber(ShowNumber(n)); !ok || got != n {
			t.Fatalf("ParseNumber(ShowNumber(%q)) = %q, %v", n, got, ok)
		}
		for i := range n {
			for d := byte('0'); d <= '9'; d++ {
				if wrong := n[:i] + string(d) + n[i+1:]; d != n[i] {
					if _, ok := ParseNumber(wrong); ok {
						t.Fatalf("%s: wrong digit %d not found: %s", n, i, wrong)
					}
				}
			}
			if i > 0 && n[i] != n[i-1] {
				swapped := n[:i-1] + string(n[i]) + string(n[i-1]) + n[i+1:]
				if _, ok := ParseNumber(swapped); ok {
					t.Fatalf("%s: swap at %d not found", n, i)
				}
			}
		}
	}
}

func TestParseNumberTakesWhatPeopleType(t *testing.T) {
	n := NewNumber()
	for _, typed := range []string{"№ " + ShowNumber(n), n[:4] + "-" + n[4:8] + "-" + n[8:], " " + n + " "} {
		if got, ok := ParseNumber(typed); !ok || got != n {
			t.Errorf("ParseNumber(%q) = %q, %v", typed, got, ok)
		}
	}
	for _, bad := range []string{"", "12", n + "1", "abcdefghijkl", "000000000000"} {
		if _, ok := ParseNumber(bad); ok {
			t.Errorf("ParseNumber(%q) took it", bad)
		}
	}
}
