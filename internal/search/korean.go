package search

import (
	"strings"
	"unicode/utf8"
)

// particles are what Korean writes to the end of a word, the longer ones first.
var particles = strings.Fields("에서는 에서도 에게는 에게서 으로는 으로서 으로써 에서의 에서 에게 한테 께서 까지 부터 보다" +
	" 처럼 으로 하고 마다 조차 밖에 에는 에도 와는 과는 로는 로서 로써 이나 이다 은 는 이 가 을 를 의 에 도 와 과 로 만")

// maxParticles is how many particles are looked for behind each other.
const maxParticles = 4

// endsInHangul reports whether a term ends with a syllable of Hangul.
func endsInHangul(term []byte) bool {
	c, _ := utf8.DecodeLastRune(term)
	return c >= '가' && c <= '힣'
}

// cutParticles finds the word without the particles at its end, one after the other. What is left
// has two syllables, or one if the particle has several: a single one is too often a part of the
// word.
func (r *wordReader) cutParticles() {
	rest := string(r.term)
	for range maxParticles {
		if rest = withoutParticle(rest); rest == "" {
			return
		}
		r.others = append(r.others, readTerm(string(truncate([]byte(rest)))).Forms[0])
	}
}

// withoutParticle returns a word without the particle at its end, "" if it has none.
func withoutParticle(word string) string {
	for _, particle := range particles {
		rest, ok := strings.CutSuffix(word, particle)
		if !ok {
			continue
		}
		n := utf8.RuneCountInString(rest)
		if n >= 2 || n == 1 && utf8.RuneCountInString(particle) > 1 {
			return rest
		}
	}
	return ""
}
