package auth

import (
	"maps"
	"time"
)

const (
	maxEntries = 100_000
	sweepEvery = 10 * time.Minute
)

// counter is what a book keeps on a page.
type counter interface {
	busy() bool                 // an attempt is open: the page must stay
	settled(now time.Time) bool // nothing worth remembering: the page may go
}

// book is a map of counters that holds only so many and lets go of those that have nothing to say.
type book[K comparable, C counter] struct {
	pages map[K]C
	room  int
	swept time.Time
}

// put writes a page, or tears it out if there is nothing left to remember.
func (b *book[K, C]) put(key K, c C, now time.Time) {
	if c.settled(now) {
		delete(b.pages, key)
		return
	}
	if _, there := b.pages[key]; !there {
		b.clear(now)
	}
	b.pages[key] = c
}

// clear makes room for one more page.
func (b *book[K, C]) clear(now time.Time) {
	if now.Sub(b.swept) >= sweepEvery {
		b.swept = now
		maps.DeleteFunc(b.pages, func(_ K, c C) bool { return c.settled(now) })
	}
	if len(b.pages) < b.room {
		return
	}
	// Whichever comes first: the order of a map is random, so that a stranger who fills the book cannot choose what is
	// forgotten. Open attempts stay; their number is bounded by the requests under way.
	for key, c := range b.pages {
		if !c.busy() {
			delete(b.pages, key)
			return
		}
	}
}
