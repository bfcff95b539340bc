package text

import "unicode/utf8"

// maxLetters is how many letters of a name are compared.
const maxLetters = 64

// Nearest returns the known name that an unknown one was most likely meant to be, "" if none is
// near: at most half of its letters may be wrong. Of long names only the first 64 letters count.
func Nearest(name string, known []string) string {
	var d distance
	letters := d.first[:firstLetters(name, &d.first)]
	best, least := "", 1+len(letters)/2
	for _, k := range known {
		if n := d.to(letters, k, least); n < least {
			best, least = k, n
		}
	}
	return best
}

// distance is room for comparing names, so that none is allocated for each.
type distance struct {
	first, second [maxLetters]rune
	rows          [3][maxLetters + 1]int
}

// to returns how many letters must be inserted, deleted, replaced or swapped with a neighbour to
// turn x into the name b; enough stands for any number that is not less.
func (d *distance) to(x []rune, b string, enough int) int {
	y := d.second[:firstLetters(b, &d.second)]
	if len(x)-len(y) >= enough || len(y)-len(x) >= enough {
		return enough
	}
	before := &d.rows[0]
	above := &d.rows[1]
	row := &d.rows[2]
	for j := range len(y) + 1 {
		row[j] = j
	}
	for i := 1; i <= len(x); i++ {
		before, above, row = above, row, before
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(y)]
}

// firstLetters puts the first letters of a name into room and returns how many there are.
func firstLetters(s string, room *[maxLetters]rune) int {
	n := 0
	for s != "" && n < maxLetters {
		r, size := utf8.DecodeRuneInString(s)
		room[n] = r
		s = s[size:]
		n++
	}
	return n
}
