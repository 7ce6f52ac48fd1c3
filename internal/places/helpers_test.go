package places_test

import "strconv"

func ftoa(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }
