package cache

import (
	"hash/maphash"
	"sync/atomic"
)

// slots is how many moments of change are kept. Subjects that share one fall together, which costs a reading and no more.
const slots = 1 << 16

// changes counts changes, and knows of each subject the moment it changed last.
type changes struct {
	moment atomic.Uint64
	all    atomic.Uint64
	last   [slots]atomic.Uint64
	seed   maphash.Seed
}

// slotsOf are where the moments of subjects are kept.
func (c *changes) slotsOf(subjects []string) []uint16 {
	out := make([]uint16, len(subjects))
	for i, s := range subjects {
		out[i] = c.slotOf(s)
	}
	return out
}

func (c *changes) slotOf(subject string) uint16 {
	return uint16(maphash.String(c.seed, subject) % slots)
}

// now is the present moment, to be taken before something is read.
func (c *changes) now() uint64 { return c.moment.Load() }

// add counts a change of subjects. The moment moves first: who takes the new one reads what is new.
func (c *changes) add(subjects []string) {
	if len(subjects) == 0 {
		return
	}
	moment := c.moment.Add(1)
	for _, s := range subjects {
		raise(&c.last[c.slotOf(s)], moment)
	}
}

// addAll counts a change of everything.
func (c *changes) addAll() { raise(&c.all, c.moment.Add(1)) }

// none tells whether nothing that an answer was made of has changed since.
func (c *changes) none(a *Answer) bool {
	if c.all.Load() > a.moment {
		return false
	}
	for _, slot := range a.slots {
		if c.last[slot].Load() > a.moment {
			return false
		}
	}
	return true
}

// raise makes a moment at least m.
func raise(v *atomic.Uint64, m uint64) {
	for {
		was := v.Load()
		if was >= m || v.CompareAndSwap(was, m) {
			return
		}
	}
}
