package text

// Nearest returns the known name that an unknown one was most likely meant to be, "" if none is
// near: at most half of its letters may be wrong.
func Nearest(name string, known []string) string {
	best, least := "", 1+len([]rune(name))/2
	for _, k := range known {
		if d := distance(name, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance returns how many letters must be inserted, deleted, replaced or swapped with a neighbour
// to turn a into b. Of long names only the first 64 letters count.
func distance(a, b string) int {
	x, y := firstRunes(a, 64), firstRunes(b, 64)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}

func firstRunes(s string, n int) []rune {
	r := []rune(s)
	return r[:min(len(r), n)]
}
