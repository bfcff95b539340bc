package auth

import (
	_ "embed"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"sync"
)

// knownFile has the digests of well-known passwords of 12 characters and more, in lower case, in
// rising order: the first five bytes of each FNV-1a of 64 bits. The passwords themselves are not
// here; known_gen.go makes it of a list.
//
//go:embed known.bin
var knownFile []byte

// knownSize is how many bytes a digest has.
const knownSize = 5

// The lengths of well-known passwords, in characters.
const (
	shortestKnown = minPassword
	longestKnown  = 40
)

// knownDigests are the digests of well-known passwords, in rising order.
var knownDigests = sync.OnceValue(func() []uint64 {
	digests := make([]uint64, len(knownFile)/knownSize)
	for i := range digests {
		var b [8]byte
		copy(b[:], knownFile[i*knownSize:(i+1)*knownSize])
		digests[i] = binary.BigEndian.Uint64(b[:])
	}
	return digests
})

// knownPasswords finds the well-known passwords that begin at start: each is one guess among those,
// whatever it looks like.
func (m *meter) knownPasswords(start int) {
	hash := fnv.New64a()
	for end := start + 1; end <= min(len(m.runes), start+longestKnown); end++ {
		hash.Write([]byte(m.text[m.offsets[end-1][0]:m.offsets[end][0]]))
		if end-start < shortestKnown {
			continue
		}
		digest := hash.Sum64() >> 24 << 24
		if _, found := slices.BinarySearch(knownDigests(), digest); found {
			m.extend(start, end, costPassword)
			m.known = true
		}
	}
}
