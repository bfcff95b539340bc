// Package cache keeps finished answers: bytes with their validators, in every coding that was asked for. It knows keys,
// sizes and moments of change; it never knows what the bytes say, or what a subject is.
//
// An answer names the subjects it was made of, and the moment before it was read. Whoever changes a subject says so
// after the change is committed and before anybody is told of it. An answer is good as long as none of its subjects has
// changed since its moment: so nobody who knows of a change is given what was read before it.
package cache

import (
	"hash/maphash"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"
)

// Cache keeps finished answers within a number of bytes, those that are asked for most.
type Cache struct {
	changes   changes
	answers   *otter.Cache[string, *Answer]
	coders    coders
	fillings  singleflight.Group
	largest   int
	start     time.Time
	goodUntil atomic.Int64 // nanoseconds since start
	hits      atomic.Uint64
	misses    atomic.Uint64
}

// overhead is what an answer takes besides its key and its bytes, about.
const overhead = 1 << 10

// New makes a cache for a number of bytes. It answers nothing until it is told that it may (see GoodFor).
func New(size int64) *Cache {
	c := &Cache{start: time.Now(), largest: int(size / 8), coders: newCoders(), answers: otter.Must(&otter.Options[string, *Answer]{
		MaximumWeight: uint64(size),
		Weigher:       func(key string, a *Answer) uint32 { return uint32(len(key) + a.size()) },
	})}
	c.changes.seed = maphash.MakeSeed()
	return c
}

// GoodFor says that no change has been missed up to a time, and that none will be for so long after it. Later the cache
// answers nothing, until this is said again.
func (c *Cache) GoodFor(since time.Time, d time.Duration) {
	c.goodUntil.Store(int64(since.Add(d).Sub(c.start)))
}

// Changed says that subjects have changed: after the change can be read, and before anybody is told that it was made.
func (c *Cache) Changed(subjects []string) { c.changes.add(subjects) }

// Clear says that anything may have changed.
func (c *Cache) Clear() {
	c.changes.addAll()
	c.answers.InvalidateAll()
}

// Get is the answer kept under a key, nil if there is none that is surely good.
func (c *Cache) Get(key string) *Answer {
	a, ok := c.answers.GetIfPresent(key)
	if !ok || !c.changes.none(a) || int64(time.Since(c.start)) >= c.goodUntil.Load() {
		return nil
	}
	c.hits.Add(1)
	return a
}

// GetLast is the last answer kept under a key of which no change is known, though one may have been missed; nil if there
// is none. It is for when nothing better can be had.
func (c *Cache) GetLast(key string) *Answer {
	if a, ok := c.answers.GetIfPresent(key); ok && c.changes.none(a) {
		return a
	}
	return nil
}

// Fill makes the answer for a key and keeps it. Of those who ask at once, with no change between them, one makes it, in
// its own goroutine, and is told so. Read may answer nil, which is not kept and is of no use to the others.
func (c *Cache) Fill(key string, read func() (*Answer, error)) (a *Answer, made bool, err error) {
	c.misses.Add(1)
	moment := c.changes.now()
	v, err, _ := c.fillings.Do(key+"\x00"+strconv.FormatUint(moment, 36), func() (any, error) {
		made = true
		a, err := read()
		if a != nil && err == nil {
			a.moment = moment
			a.write()
			if a.slots = c.changes.slotsOf(a.subjects); a.size() <= c.largest {
				c.answers.Set(key, a)
			}
		}
		return a, err
	})
	a, _ = v.(*Answer)
	return a, made, err
}

// Variant is an answer in a coding, as it is if that would not make it smaller. It is made once.
func (c *Cache) Variant(key string, a *Answer, coding Coding) *Variant {
	if v := a.variants[coding].Load(); v != nil {
		return v
	}
	v := a.make(coding, c.coders)
	if kept, ok := c.answers.GetEntryQuietly(key); ok && kept.Value == a {
		c.answers.Set(key, a) // it weighs more now
	}
	return v
}

// Stats are counts of what a cache has done and holds.
type Stats struct {
	Hits, Misses uint64 // answers found, and fillings asked for
	Bytes        uint64 // kept now
	Answers      int    // kept now
}

// Stats counts since the start.
func (c *Cache) Stats() Stats {
	return Stats{Hits: c.hits.Load(), Misses: c.misses.Load(), Bytes: c.answers.WeightedSize(), Answers: c.answers.EstimatedSize()}
}
