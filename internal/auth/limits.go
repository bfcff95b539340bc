package auth

import (
	"math/bits"
	"time"
)

// The three counts below are plain values. The zero value has seen nothing. Each has open, the
// number of attempts that have not ended; those count as failures until they end.

// The first rule: failures from one address.
const (
	addressBurst  = 30
	addressRefill = 2 * time.Minute // one failure is forgotten
)

// addressFailures is a leaky bucket: each failure adds one, and every addressRefill removes one.
type addressFailures struct {
	empty time.Time // when the bucket will be empty
	open  int
}

// wait returns how long until one more attempt is allowed; zero if it is now.
func (a addressFailures) wait(now time.Time) time.Duration {
	filled := max(a.empty.Sub(now), 0)
	if over := filled + addressRefill - addressBurst*addressRefill; over > 0 {
		return over
	}
	if filled+time.Duration(a.open+1)*addressRefill > addressBurst*addressRefill {
		return retrySoon
	}
	return 0
}

// fail adds a failure. The bucket never overflows: known callers may fail beyond it, at nobody
// else's cost.
func (a *addressFailures) fail(now time.Time) {
	filled := max(a.empty.Sub(now), 0)
	a.empty = now.Add(min(filled+addressRefill, addressBurst*addressRefill))
}

func (a addressFailures) busy() bool { return a.open > 0 }

func (a addressFailures) expired(now time.Time) bool { return !a.busy() && !a.empty.After(now) }

// The second rule: failures of one address at one account.
const (
	pairFree    = 5
	pairMaxWait = 15 * time.Minute
	pairMemory  = 24 * time.Hour
)

// pairFailures counts failures in a row, without a success between them.
type pairFailures struct {
	fails int
	last  time.Time // the latest failure
	open  int
}

func (p pairFailures) wait(now time.Time) time.Duration {
	fails := p.fails
	if now.Sub(p.last) >= pairMemory {
		fails = 0
	}
	if left := p.last.Add(backoff(fails)).Sub(now); fails > 0 && left > 0 {
		return left
	}
	if p.open > 0 {
		return backoff(fails + p.open)
	}
	return 0
}

// backoff returns the wait after so many failures.
func backoff(fails int) time.Duration {
	over := fails - pairFree - 1
	if over < 0 {
		return 0
	}
	if over >= bits.Len(uint(pairMaxWait/time.Second)) {
		return pairMaxWait
	}
	return min(time.Second<<over, pairMaxWait)
}

func (p *pairFailures) fail(now time.Time) {
	if now.Sub(p.last) >= pairMemory {
		p.fails = 0
	}
	p.fails++
	if now.After(p.last) {
		p.last = now
	}
}

func (p pairFailures) busy() bool { return p.open > 0 }

func (p pairFailures) expired(now time.Time) bool {
	return !p.busy() && (p.fails == 0 || now.Sub(p.last) >= pairMemory)
}

// The third rule: failures at one account, from any address.
const (
	accountLimit  = 100
	accountSlot   = 300 // seconds
	accountWindow = 13  // slots: the present one and the hour before it
)

// accountFailures counts the failures of the last hour, in slots of five minutes.
type accountFailures struct {
	slots  [accountWindow]uint8 // the oldest first; a slot saturates
	newest int64                // the number of the last slot, counted from 1970
	open   int
}

// at returns the same count as seen at another time: slots move out on the left. If the clock was
// set back, it returns the count unchanged.
func (a accountFailures) at(now time.Time) accountFailures {
	slot := now.Unix() / accountSlot
	if passed := slot - a.newest; passed > 0 {
		var left [accountWindow]uint8
		if passed < accountWindow {
			copy(left[:], a.slots[passed:])
		}
		a.slots = left
		a.newest = slot
	}
	return a
}

func (a accountFailures) count() int {
	sum := 0
	for _, n := range a.slots {
		sum += int(n)
	}
	return sum
}

func (a accountFailures) wait(now time.Time) time.Duration {
	a = a.at(now)
	count := a.count()
	if count+a.open < accountLimit {
		return 0
	}
	if count < accountLimit {
		return retrySoon
	}
	for i, n := range a.slots {
		if count -= int(n); count < accountLimit {
			outside := a.newest + int64(
				i,
			) + 1 // the slot number at which slot i is out of the window
			return max(time.Unix(outside*accountSlot, 0).Sub(now), retrySoon)
		}
	}
	return retrySoon
}

func (a *accountFailures) fail(now time.Time) {
	*a = a.at(now)
	if last := &a.slots[accountWindow-1]; *last < 255 {
		*last++
	}
}

func (a accountFailures) busy() bool { return a.open > 0 }

func (a accountFailures) expired(now time.Time) bool { return !a.busy() && a.at(now).count() == 0 }
