// Package cache stores finished responses: bytes with their validators, in every content coding
// that was requested. It knows keys, sizes and versions of tags; it never knows what the bytes
// contain, or what a tag stands for.
//
// A response has the tags of what it was made from, and the version that was current before that
// was read. A writer must call Changed after its change is committed and before it acknowledges it.
// A response is valid as long as none of its tags has changed since its version, and until the
// moment that it names, if any. So nobody who knows of a change receives what was read before it.
package cache

import (
	"hash/maphash"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"
)

// Cache stores the most requested responses within a number of bytes.
type Cache struct {
	versions         tagVersions
	responses        *otter.Cache[string, *Response]
	encoders         encoderPool
	fills            singleflight.Group
	maxResponseBytes int
	clock            func() time.Time // of the moments that responses are valid until
	start            time.Time
	goodUntil        atomic.Int64 // nanoseconds since start
	hits             atomic.Uint64
	misses           atomic.Uint64
}

// overhead is roughly how many bytes a response takes besides its key and content.
const overhead = 1 << 10

// New returns a cache of size bytes, whose clock is that of the moments that responses are valid
// until. Get finds nothing until GoodFor is called.
func New(size int64, clock func() time.Time) *Cache {
	c := &Cache{
		clock:            clock,
		start:            time.Now(),
		maxResponseBytes: int(size / 8),
		encoders:         newEncoderPool(),
		responses: otter.Must(&otter.Options[string, *Response]{
			MaximumWeight: uint64(size),
			Weigher: func(key string, r *Response) uint32 {
				return uint32(len(key) +
					r.size())
			},
		}),
	}
	c.versions.seed = maphash.MakeSeed()
	return c
}

// GoodFor states that no change has been missed up to since, and that none will be for d after it.
// After that time Get finds nothing until GoodFor is called again.
func (c *Cache) GoodFor(since time.Time, d time.Duration) {
	c.goodUntil.Store(int64(since.Add(d).Sub(c.start)))
}

// Changed invalidates the responses with any of the tags. It must be called after the change can be
// read and before it is acknowledged.
func (c *Cache) Changed(tags []string) { c.versions.bump(tags) }

// Clear invalidates all responses.
func (c *Cache) Clear() {
	c.versions.bumpAll()
	c.responses.InvalidateAll()
}

// Get returns the response stored under key, or nil if there is none that is certainly valid.
func (c *Cache) Get(key string) *Response {
	r, ok := c.responses.GetIfPresent(key)
	if !ok || !c.valid(r) || int64(time.Since(c.start)) >= c.goodUntil.Load() {
		return nil
	}
	c.hits.Add(1)
	return r
}

// GetStale returns the response stored under key even after the time of GoodFor: no change of it is
// known, though one may have been missed. It is nil if there is none. It is for callers that cannot
// read the data.
func (c *Cache) GetStale(key string) *Response {
	if r, ok := c.responses.GetIfPresent(key); ok && c.valid(r) {
		return r
	}
	return nil
}

// valid reports whether no change of a response is known, and its time has not come.
func (c *Cache) valid(r *Response) bool {
	return c.versions.unchanged(r) && (r.Until.IsZero() || c.Left(r) > 0)
}

// Left returns how long a response with an Until is still valid.
func (c *Cache) Left(r *Response) time.Duration { return r.Until.Sub(c.clock()) }

// Fill calls read for the response of key and stores it. Of concurrent calls with no change between
// them only one calls read, in its own goroutine; filled reports whether it was this one. If read
// returns nil, nothing is stored and all these calls return nil, as do the others if the time of
// the response has come meanwhile: they may have been made after it.
func (c *Cache) Fill(
	key string, read func() (*Response, error),
) (r *Response, filled bool, err error) {
	c.misses.Add(1)
	version := c.versions.now()
	v, err, _ := c.fills.Do(key+"\x00"+strconv.FormatUint(version, 36), func() (any, error) {
		filled = true
		r, err := read()
		if r != nil && err == nil {
			r.version = version
			r.writeLines()
			if r.buckets = c.versions.bucketsOf(r.tags); r.size() <= c.maxResponseBytes {
				c.responses.Set(key, r)
			}
		}
		return r, err
	})
	if r, _ = v.(*Response); r != nil && !filled && !r.Until.IsZero() && c.Left(r) <= 0 {
		r = nil
	}
	return r, filled, err
}

// Variant returns a response in a content coding, or unencoded if encoding does not make it
// smaller. It is encoded once.
func (c *Cache) Variant(key string, r *Response, coding Coding) *Variant {
	if v := r.variants[coding].Load(); v != nil {
		return v
	}
	v := r.encode(coding, c.encoders)
	if stored, ok := c.responses.GetEntryQuietly(key); ok && stored.Value == r {
		c.responses.Set(key, r) // its weight has grown
	}
	return v
}

// Stats are counters of a cache and its present content.
type Stats struct {
	Hits, Misses uint64 // responses found, and calls of Fill
	Bytes        uint64 // stored now
	Responses    int    // stored now
}

// Stats returns the counters since New.
func (c *Cache) Stats() Stats {
	return Stats{
		Hits:      c.hits.Load(),
		Misses:    c.misses.Load(),
		Bytes:     c.responses.WeightedSize(),
		Responses: c.responses.EstimatedSize(),
	}
}
