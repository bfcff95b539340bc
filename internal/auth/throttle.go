package auth

import (
	"context"
	"crypto/sha256"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Throttle slows down the guessing of passwords. It remembers failures only, in memory, by what
// every sign-in carries: the account that is asked for and the address that asks. There are three
// rules, each enough to refuse an attempt:
//
//   - one address (see Prefix) may fail 30 times; after that one more attempt is allowed every
//     two minutes;
//   - one address at one account may fail 5 times; later failures are followed by a wait of
//     1 s, 2 s, 4 s and so on up to 15 minutes, until a success, or a day without failures, clears
//     the count;
//   - once an account has seen 100 failures within an hour, from any address, only its known
//     addresses may try.
//
// The first and the last rule do not apply to a known address of an account, so no stranger, near
// or far, can lock out its owner. Whether an account exists makes no difference. A Throttle is safe
// for concurrent use, and its memory is bounded: at most 100,000 entries a rule, of which expired
// ones are dropped first and then any.
type Throttle struct {
	mu        sync.Mutex
	salt      []byte
	addresses boundedMap[netip.Prefix, addressFailures]
	pairs     boundedMap[pairKey, pairFailures]
	accounts  boundedMap[accountKey, accountFailures]
	ended     chan struct{} // closed when an attempt ends; nil: nobody waits for that
	waiters   atomic.Int64
}

// accountKey is a salted hash of an account's name, so that no mail address is held in memory.
type accountKey [16]byte

type pairKey struct {
	account accountKey
	prefix  netip.Prefix
}

// retrySoon is the wait when the limit is reached only by attempts that are still open.
const retrySoon = time.Second

// NewThrottle returns a Throttle that remembers nothing yet.
func NewThrottle() *Throttle {
	return &Throttle{
		salt: randomBytes(16),
		addresses: boundedMap[netip.Prefix, addressFailures]{
			entries: map[netip.Prefix]addressFailures{},
			limit:   maxEntries,
		},
		pairs: boundedMap[pairKey, pairFailures]{
			entries: map[pairKey]pairFailures{},
			limit:   maxEntries,
		},
		accounts: boundedMap[accountKey, accountFailures]{
			entries: map[accountKey]accountFailures{},
			limit:   maxEntries,
		},
	}
}

// Prefix returns the part of an address that one person or household is likely to hold: a whole
// IPv4 address, also one mapped into IPv6, or the first 64 bits of an IPv6 address. All invalid
// addresses share the zero Prefix. Store these prefixes as known addresses.
func Prefix(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap()
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}

// Attempt is one attempt to sign in that Begin allowed. While it is open it counts as a failure, so
// that a thousand attempts at once do not get around the rules. The first call of one of its
// methods ends it, and later calls do nothing: put `defer attempt.Abandoned()` after every Begin.
type Attempt struct {
	throttle *Throttle
	key      pairKey
	begun    time.Time
	open     bool
}

// maxWaiters is how many sign-ins may wait for others to end.
const maxWaiters = 64

// BeginOrWait is Begin for a sign-in that can wait: if only attempts that are still open stand in
// its way, it waits for them to end, as long as ctx lasts.
func (t *Throttle) BeginOrWait(
	ctx context.Context, name string, addr netip.Addr, known bool, clock func() time.Time,
) (attempt *Attempt, retry time.Duration) {
	key := pairKey{account: t.hashName(name), prefix: Prefix(addr)}
	attempt, retry, ended := t.begin(key, known, clock())
	if ended != nil {
		defer t.waiters.Add(-1)
		if t.waiters.Add(1) > maxWaiters {
			return nil, retry
		}
	}
	for ended != nil {
		select {
		case <-ended:
			attempt, retry, ended = t.begin(key, known, clock())
		case <-ctx.Done():
			return nil, retry
		}
	}
	return attempt, retry
}

// Begin asks for permission to check one password. If it is refused, Begin returns nil and how long
// to wait (more than zero), and the password must not be checked. The account is the name under
// which the sign-in looks up a user, ignoring case; known says whether that account signed in from
// this address's Prefix within the last 30 days.
func (t *Throttle) Begin(
	name string, addr netip.Addr, known bool, now time.Time,
) (attempt *Attempt, retry time.Duration) {
	key := pairKey{account: t.hashName(name), prefix: Prefix(addr)}
	attempt, retry, _ = t.begin(key, known, now)
	return attempt, retry
}

// begin is Begin. If the attempt is refused because of open ones alone, it also returns a channel
// that is closed when an attempt ends.
func (t *Throttle) begin(
	key pairKey, known bool, now time.Time,
) (attempt *Attempt, retry time.Duration, ended <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts := t.load(key)
	if retry = counts.wait(known, now); retry > 0 {
		if counts.settled().wait(known, now) > 0 {
			return nil, retry, nil
		}
		if t.ended == nil {
			t.ended = make(chan struct{})
		}
		return nil, retry, t.ended
	}
	counts.address.open++
	counts.pair.open++
	counts.account.open++
	t.store(key, counts, now)
	return &Attempt{throttle: t, key: key, begun: now, open: true}, 0, nil
}

// Failed ends an attempt whose password was wrong, or whose account does not exist.
func (a *Attempt) Failed(now time.Time) {
	a.end(now, func(c *counts) {
		c.address.fail(now)
		c.pair.fail(now)
		c.account.fail(now)
	})
}

// Succeeded ends an attempt whose password was right: the account's count for this address is
// cleared.
func (a *Attempt) Succeeded() {
	a.end(time.Time{}, func(c *counts) { c.pair.fails = 0 })
}

// Abandoned ends an attempt whose password was not checked, for instance because the server was too
// busy. It does not count. It does nothing on an attempt that has ended or is nil.
func (a *Attempt) Abandoned() {
	a.end(time.Time{}, func(*counts) {})
}

// end ends an attempt once and records the result. With the zero time it ends when it began.
func (a *Attempt) end(now time.Time, record func(*counts)) {
	if a == nil {
		return
	}
	t := a.throttle
	t.mu.Lock()
	defer t.mu.Unlock()
	if !a.open {
		return
	}
	a.open = false
	if now.Before(a.begun) {
		now = a.begun
	}
	counts := t.load(a.key)
	counts.address.open--
	counts.pair.open--
	counts.account.open--
	record(&counts)
	t.store(a.key, counts, now)
	if t.ended != nil {
		close(t.ended)
		t.ended = nil
	}
}

// counts are the three counts that an attempt falls under.
type counts struct {
	address addressFailures
	pair    pairFailures
	account accountFailures
}

// wait returns how long until one more attempt is allowed; zero if it is now.
func (c counts) wait(known bool, now time.Time) time.Duration {
	if known {
		return c.pair.wait(now)
	}
	return max(c.pair.wait(now), c.address.wait(now), c.account.wait(now))
}

// settled returns the counts as they are without the attempts that are open.
func (c counts) settled() counts {
	c.address.open = 0
	c.pair.open = 0
	c.account.open = 0
	return c
}

func (t *Throttle) load(key pairKey) counts {
	return counts{
		address: t.addresses.entries[key.prefix],
		pair:    t.pairs.entries[key],
		account: t.accounts.entries[key.account],
	}
}

func (t *Throttle) store(key pairKey, c counts, now time.Time) {
	t.addresses.put(key.prefix, c.address, now)
	t.pairs.put(key, c.pair, now)
	t.accounts.put(key.account, c.account, now)
}

// hashName returns the key of an account's name. The name cannot be read from it without guessing.
func (t *Throttle) hashName(name string) accountKey {
	hash := sha256.New()
	hash.Write(t.salt)
	hash.Write([]byte(strings.ToLower(strings.TrimSpace(name))))
	return accountKey(hash.Sum(nil)[:16])
}
