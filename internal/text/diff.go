package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// DiffOp says what became of a piece of a text.
type DiffOp string

// The operations: the pieces that are equal or deleted make the old text, those that are equal or
// inserted the new one.
const (
	DiffEqual  DiffOp = "equal"
	DiffInsert DiffOp = "insert"
	DiffDelete DiffOp = "delete"
)

// DiffPiece is a piece of a text.
type DiffPiece struct {
	Op   DiffOp
	Text string
}

// DiffWords returns how one text becomes another, by words: those of any script, with their marks.
// It finds the fewest changes where there are few; of texts that have little in common it finds
// some that are right, in bounded time.
func DiffWords(from, to string) []DiffPiece {
	var d differ
	ids := map[string]int32{}
	d.a, d.aWords = numbered(splitWords(from), ids)
	d.b, d.bWords = numbered(splitWords(to), ids)
	d.budget = maxDiffSteps
	d.diff(0, len(d.a), 0, len(d.b))
	return d.pieces
}

// splitWords cuts a text into words, runs of spaces, line breaks and single other characters.
func splitWords(s string) []string {
	var words []string
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		end := size
		if class := classOf(r); class != aloneRune {
			for end < len(s) {
				next, size := utf8.DecodeRuneInString(s[end:])
				if classOf(next) != class {
					break
				}
				end += size
			}
		}
		words = append(words, s[:end])
		s = s[end:]
	}
	return words
}

type runeClass int

const (
	aloneRune runeClass = iota
	wordRune
	spaceRune
)

func classOf(r rune) runeClass {
	const joiners = "\u200c\u200d\u00ad\u2019'"
	switch {
	case r == '\n', unicode.Is(unicode.Han, r), r == utf8.RuneError:
		return aloneRune
	case unicode.IsSpace(r):
		return spaceRune
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsNumber(r),
		strings.ContainsRune(joiners, r):
		return wordRune
	}
	return aloneRune
}

// numbered returns a number for each word, the same for the same word.
func numbered(words []string, ids map[string]int32) ([]int32, []string) {
	numbers := make([]int32, len(words))
	for i, word := range words {
		id, known := ids[word]
		if !known {
			id = int32(len(ids))
			ids[word] = id
		}
		numbers[i] = id
	}
	return numbers, words
}

const (
	// maxDiffSteps bounds the work of a diff: at about a nanosecond each.
	maxDiffSteps = 6_000_000
	// maxDiffEdits is how many edits from either end are tried to find the middle of a part.
	maxDiffEdits = 1_500
)

// differ compares two lists of words (E. W. Myers, An O(ND) difference algorithm, 1986, in the form
// that takes linear space).
type differ struct {
	a, b           []int32
	aWords, bWords []string
	budget         int
	pieces         []DiffPiece
}

// emit adds words of a text to the pieces.
func (d *differ) emit(op DiffOp, words []string) {
	if len(words) == 0 {
		return
	}
	text := strings.Join(words, "")
	if last := len(d.pieces) - 1; last >= 0 && d.pieces[last].Op == op {
		d.pieces[last].Text += text
		return
	}
	d.pieces = append(d.pieces, DiffPiece{op, text})
}

// diff compares a[aFrom:aTo] with b[bFrom:bTo].
func (d *differ) diff(aFrom, aTo, bFrom, bTo int) {
	begin := aFrom
	for aFrom < aTo && bFrom < bTo && d.a[aFrom] == d.b[bFrom] {
		aFrom++
		bFrom++
	}
	d.emit(DiffEqual, d.aWords[begin:aFrom])
	end := aTo
	for aFrom < aTo && bFrom < bTo && d.a[aTo-1] == d.b[bTo-1] {
		aTo--
		bTo--
	}
	d.diffMiddle(aFrom, aTo, bFrom, bTo)
	d.emit(DiffEqual, d.aWords[aTo:end])
}

// diffMiddle compares parts that begin and end with different words.
func (d *differ) diffMiddle(aFrom, aTo, bFrom, bTo int) {
	if aFrom < aTo && bFrom < bTo {
		if x, y, ok := d.split(aFrom, aTo, bFrom, bTo); ok {
			d.diff(aFrom, x, bFrom, y)
			d.diff(x, aTo, y, bTo)
			return
		}
	}
	d.emit(DiffDelete, d.aWords[aFrom:aTo])
	d.emit(DiffInsert, d.bWords[bFrom:bTo])
}

// split returns a place where the shortest way from one part to the other passes; false if there is
// nothing to gain or it would take too long to find.
func (d *differ) split(aFrom, aTo, bFrom, bTo int) (x, y int, ok bool) {
	n, m := aTo-aFrom, bTo-bFrom
	most := min((n+m+1)/2, maxDiffEdits)
	offset := most + 1
	down, up := make([]int, 2*offset+1), make([]int, 2*offset+1)
	delta := n - m
	for edits := 0; edits <= most; edits++ {
		d.budget -= 2*edits + 1
		if d.budget < 0 {
			return 0, 0, false
		}
		for k := -edits; k <= edits; k += 2 {
			at := furthest(down, offset, k, edits)
			start := at
			for at < n && at-k < m && at-k >= 0 && d.a[aFrom+at] == d.b[bFrom+at-k] {
				at++
			}
			d.budget -= at - start
			down[offset+k] = at
			back := delta - k // the diagonal seen from the other end
			if delta%2 != 0 && back > -edits && back < edits && at+up[offset+back] >= n {
				return within(aFrom, bFrom, start, at, k, n, m)
			}
		}
		for k := -edits; k <= edits; k += 2 {
			at := furthest(up, offset, k, edits)
			start := at
			for at < n && at-k < m && at-k >= 0 && d.a[aTo-1-at] == d.b[bTo-1-at+k] {
				at++
			}
			d.budget -= at - start
			up[offset+k] = at
			back := delta - k
			if delta%2 == 0 && back >= -edits && back <= edits && at+down[offset+back] >= n {
				return within(aFrom, bFrom, n-at, n-start, back, n, m)
			}
		}
	}
	return 0, 0, false
}

// furthest returns how far a way gets on a diagonal with one more edit.
func furthest(reached []int, offset, k, edits int) int {
	if k == -edits || k != edits && reached[offset+k-1] < reached[offset+k+1] {
		return reached[offset+k+1]
	}
	return reached[offset+k-1] + 1
}

// within returns the place to split at: the end of the way from start to at on a diagonal k, or its
// beginning if the end is that of both parts. It is none if neither makes the parts smaller.
func within(aFrom, bFrom, start, at, k, n, m int) (x, y int, ok bool) {
	for _, end := range []int{at, start} {
		y := end - k
		if end < 0 || end > n || y < 0 || y > m || end+y == 0 || end+y == n+m {
			continue
		}
		return aFrom + end, bFrom + y, true
	}
	return 0, 0, false
}
