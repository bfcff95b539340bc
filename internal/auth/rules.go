package auth

import (
	"math/bits"
	"time"
)

// The three counters below are plain values. The zero value has seen nothing; open counts attempts that have not ended,
// and each of those is taken for a failure until it has.

// The first rule: failures from one address.
const (
	addressBurst = 30
	addressBack  = 2 * time.Minute // one failure is forgotten
)

// address is a bucket that each failure fills by one and that loses one every addressBack.
type address struct {
	empty time.Time // when nothing will be left in it
	open  int
}

// wait is how long until there is room for one more; zero if there is now.
func (a address) wait(now time.Time) time.Duration {
	filled := max(a.empty.Sub(now), 0)
	if over := filled + addressBack - addressBurst*addressBack; over > 0 {
		return over
	}
	if filled+time.Duration(a.open+1)*addressBack > addressBurst*addressBack {
		return soon
	}
	return 0
}

// fail fills the bucket by one, and never over its brim: known callers may fail beyond it, at nobody else's cost.
func (a *address) fail(now time.Time) {
	a.empty = now.Add(min(max(a.empty.Sub(now), 0)+addressBack, addressBurst*addressBack))
}

func (a address) busy() bool                 { return a.open > 0 }
func (a address) settled(now time.Time) bool { return !a.busy() && !a.empty.After(now) }

// The second rule: failures of one address at one account.
const (
	streakFree   = 5
	streakLong   = 15 * time.Minute
	streakForget = 24 * time.Hour
)

// streak is a row of failures without a success.
type streak struct {
	fails int
	last  time.Time // the latest failure
	open  int
}

func (s streak) wait(now time.Time) time.Duration {
	fails := s.fails
	if now.Sub(s.last) >= streakForget {
		fails = 0
	}
	if left := s.last.Add(pause(fails)).Sub(now); fails > 0 && left > 0 {
		return left
	}
	if s.open > 0 {
		return pause(fails + s.open)
	}
	return 0
}

// pause is the wait that follows so many failures.
func pause(fails int) time.Duration {
	over := fails - streakFree - 1
	if over < 0 {
		return 0
	}
	if over >= bits.Len(uint(streakLong/time.Second)) {
		return streakLong
	}
	return min(time.Second<<over, streakLong)
}

func (s *streak) fail(now time.Time) {
	if now.Sub(s.last) >= streakForget {
		s.fails = 0
	}
	s.fails++
	if now.After(s.last) {
		s.last = now
	}
}

func (s streak) busy() bool { return s.open > 0 }
func (s streak) settled(now time.Time) bool {
	return !s.busy() && (s.fails == 0 || now.Sub(s.last) >= streakForget)
}

// The third rule: failures at one account, wherever from.
const (
	siegeLimit  = 100
	siegeSlot   = 300 // seconds
	siegeWindow = 13  // slots: the present one and the hour before it
)

// siege counts the failures of the last hour, in slots of five minutes.
type siege struct {
	slots  [siegeWindow]uint8 // the oldest first; a full slot stays full
	newest int64              // the number of the last slot, counted from 1970
	open   int
}

// at is the same count as seen at another time: slots move out on the left. A clock set back changes nothing.
func (s siege) at(now time.Time) siege {
	slot := now.Unix() / siegeSlot
	if gone := slot - s.newest; gone > 0 {
		var kept [siegeWindow]uint8
		if gone < siegeWindow {
			copy(kept[:], s.slots[gone:])
		}
		s.slots, s.newest = kept, slot
	}
	return s
}

func (s siege) count() int {
	sum := 0
	for _, n := range s.slots {
		sum += int(n)
	}
	return sum
}

func (s siege) wait(now time.Time) time.Duration {
	s = s.at(now)
	count := s.count()
	if count+s.open < siegeLimit {
		return 0
	}
	if count < siegeLimit {
		return soon
	}
	for i, n := range s.slots {
		if count -= int(n); count < siegeLimit {
			leaves := s.newest + int64(i) + 1 // the slot number at which slot i is out of the window
			return max(time.Unix(leaves*siegeSlot, 0).Sub(now), soon)
		}
	}
	return soon
}

func (s *siege) fail(now time.Time) {
	*s = s.at(now)
	if last := &s.slots[siegeWindow-1]; *last < 255 {
		*last++
	}
}

func (s siege) busy() bool                 { return s.open > 0 }
func (s siege) settled(now time.Time) bool { return !s.busy() && s.at(now).count() == 0 }
