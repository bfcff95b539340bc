package auth

import (
	"crypto/sha256"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Throttle slows the guessing of passwords. It remembers failures only, in memory, under nothing but what every sign-in
// carries: the account that is asked for and the address that asks. Three rules, each enough to send a caller away:
//
//   - one address (see Prefix) may fail 30 times; after that one more try comes back every two minutes;
//   - one address at one account may fail 5 times; the failures after that are followed by a wait of 1 s, 2 s, 4 s and
//     so on up to 15 minutes, until a success, or a day without failures, clears the count;
//   - once an account has seen 100 failures within an hour, wherever from, only known addresses are let through to it.
//
// A known address of an account is spared the first rule and the last, so that no stranger, near or far, can lock an
// owner out. Whether an account exists makes no difference. A Throttle is safe for concurrent use, and its memory is
// bounded: 100,000 entries a rule, of which the settled are dropped first and then any.
type Throttle struct {
	mu        sync.Mutex
	salt      []byte
	addresses book[netip.Prefix, address]
	pairs     book[pair, streak]
	accounts  book[account, siege]
}

// account stands for an account's name, so that no mail address is kept.
type account [16]byte

type pair struct {
	account account
	prefix  netip.Prefix
}

// soon is what a caller is told to wait for tries still under way.
const soon = time.Second

// NewThrottle makes a Throttle that remembers nothing yet.
func NewThrottle() *Throttle {
	return &Throttle{
		salt:      random(16),
		addresses: book[netip.Prefix, address]{pages: map[netip.Prefix]address{}, room: maxEntries},
		pairs:     book[pair, streak]{pages: map[pair]streak{}, room: maxEntries},
		accounts:  book[account, siege]{pages: map[account]siege{}, room: maxEntries},
	}
}

// Prefix is the part of an address that one person or house is likely to hold: a whole IPv4 address, also one wrapped
// in IPv6, or the first 64 bits of an IPv6 address. An address that is not valid gives the zero Prefix, which all such
// share. Whoever keeps known addresses keeps these.
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

// Attempt is one try to sign in that Begin let through. While it is open it counts as a failure, so that a thousand
// tries at once are no way around the rules. It ends with the first of its methods that is called, and further calls
// do nothing: put `defer attempt.Abandoned()` behind every Begin.
type Attempt struct {
	throttle *Throttle
	key      pair
	begun    time.Time
	open     bool
}

// Begin asks leave to check one password. It answers nil and how long to wait (more than zero) if leave is not given;
// then the password must not be checked. The account is the name under which the sign-in looks somebody up, letter
// case aside; known says whether that account signed in from this address's Prefix within the last 30 days.
func (t *Throttle) Begin(name string, addr netip.Addr, known bool, now time.Time) (attempt *Attempt, retry time.Duration) {
	key := pair{account: t.stand(name), prefix: Prefix(addr)}
	t.mu.Lock()
	defer t.mu.Unlock()
	from, row, all := t.addresses.pages[key.prefix], t.pairs.pages[key], t.accounts.pages[key.account]
	retry = row.wait(now)
	if !known {
		retry = max(retry, from.wait(now), all.wait(now))
	}
	if retry > 0 {
		return nil, retry
	}
	from.open++
	row.open++
	all.open++
	t.note(key, from, row, all, now)
	return &Attempt{throttle: t, key: key, begun: now, open: true}, 0
}

// Failed ends an attempt whose password was wrong, or whose account does not exist.
func (a *Attempt) Failed(now time.Time) {
	a.end(func(from *address, row *streak, all *siege) {
		from.fail(now)
		row.fail(now)
		all.fail(now)
	}, now)
}

// Succeeded ends an attempt whose password was right: the account's count for this address is cleared.
func (a *Attempt) Succeeded() {
	a.end(func(_ *address, row *streak, _ *siege) { row.fails = 0 }, time.Time{})
}

// Abandoned ends an attempt whose password was never checked, because the server was too busy for instance. It counts
// for nothing. On an attempt that has ended, or that is nil, it does nothing.
func (a *Attempt) Abandoned() {
	a.end(func(*address, *streak, *siege) {}, time.Time{})
}

// end closes an attempt once and writes down what it came to. Without a time of its own it ends when it began.
func (a *Attempt) end(learn func(*address, *streak, *siege), now time.Time) {
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
	from, row, all := t.addresses.pages[a.key.prefix], t.pairs.pages[a.key], t.accounts.pages[a.key.account]
	from.open--
	row.open--
	all.open--
	learn(&from, &row, &all)
	t.note(a.key, from, row, all, now)
}

func (t *Throttle) note(key pair, from address, row streak, all siege, now time.Time) {
	t.addresses.put(key.prefix, from, now)
	t.pairs.put(key, row, now)
	t.accounts.put(key.account, all, now)
}

// stand makes what stands for an account: nobody who reads this memory can tell the name without guessing it.
func (t *Throttle) stand(name string) account {
	hash := sha256.New()
	hash.Write(t.salt)
	hash.Write([]byte(strings.ToLower(strings.TrimSpace(name))))
	return account(hash.Sum(nil)[:16])
}
