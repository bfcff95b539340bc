package auth

import (
	"maps"
	"time"
)

const (
	maxEntries = 100_000
	sweepEvery = 10 * time.Minute
)

// failures is what a boundedMap holds: a count of failed attempts.
type failures interface {
	busy() bool                 // an attempt is open: the entry must stay
	expired(now time.Time) bool // nothing worth remembering: the entry may go
}

// boundedMap is a map of counts that holds at most limit entries. It drops expired ones first.
type boundedMap[K comparable, F failures] struct {
	entries map[K]F
	limit   int
	sweptAt time.Time
}

// put stores an entry, or deletes it if it has expired.
func (b *boundedMap[K, F]) put(key K, f F, now time.Time) {
	if f.expired(now) {
		delete(b.entries, key)
		return
	}
	if _, found := b.entries[key]; !found {
		b.makeRoom(now)
	}
	b.entries[key] = f
}

// makeRoom makes room for one more entry.
func (b *boundedMap[K, F]) makeRoom(now time.Time) {
	if now.Sub(b.sweptAt) >= sweepEvery {
		b.sweptAt = now
		maps.DeleteFunc(b.entries, func(_ K, f F) bool { return f.expired(now) })
	}
	if len(b.entries) < b.limit {
		return
	}
	// The order of a map is random, so an attacker who fills it cannot choose what is evicted.
	// Entries with open attempts stay; their number is bounded by the requests in flight.
	for key, f := range b.entries {
		if !f.busy() {
			delete(b.entries, key)
			return
		}
	}
}
