package cache

import (
	"hash/maphash"
	"sync/atomic"
)

// bucketCount is the number of versions stored. Tags that share a bucket are invalidated together,
// which costs a read and is otherwise harmless. It is rare: an answer of a hundred tags falls by
// mistake at one change in ten thousand. Of the 8 MiB only pages that tags came to are in memory.
const bucketCount = 1 << 20

// tagVersions counts changes. It stores the version at which each tag last changed.
type tagVersions struct {
	current atomic.Uint64
	all     atomic.Uint64
	buckets [bucketCount]atomic.Uint64
	seed    maphash.Seed
}

// bucketsOf returns the buckets of tags.
func (c *tagVersions) bucketsOf(tags []string) []uint32 {
	out := make([]uint32, len(tags))
	for i, tag := range tags {
		out[i] = c.bucketOf(tag)
	}
	return out
}

func (c *tagVersions) bucketOf(tag string) uint32 {
	return uint32(maphash.String(c.seed, tag) % bucketCount)
}

// now returns the current version. It must be called before the data is read.
func (c *tagVersions) now() uint64 { return c.current.Load() }

// bump records a change of tags. The current version grows first: a reader that gets the new
// version reads the new data.
func (c *tagVersions) bump(tags []string) {
	if len(tags) == 0 {
		return
	}
	version := c.current.Add(1)
	for _, tag := range tags {
		raiseTo(&c.buckets[c.bucketOf(tag)], version)
	}
}

// bumpAll records a change of everything.
func (c *tagVersions) bumpAll() { raiseTo(&c.all, c.current.Add(1)) }

// unchanged reports whether no tag of a response has changed since its version.
func (c *tagVersions) unchanged(r *Response) bool {
	if c.all.Load() > r.version {
		return false
	}
	for _, bucket := range r.buckets {
		if c.buckets[bucket].Load() > r.version {
			return false
		}
	}
	return true
}

// raiseTo raises v to at least version.
func raiseTo(v *atomic.Uint64, version uint64) {
	for {
		was := v.Load()
		if was >= version || v.CompareAndSwap(was, version) {
			return
		}
	}
}
