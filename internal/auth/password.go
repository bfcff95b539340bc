package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"

	"golang.org/x/crypto/argon2"
)

// ErrBusy means that too many passwords are being checked at this moment; a second later it may be over.
var ErrBusy = errors.New("too many passwords are being checked at once")

const (
	queueLength = 32 // callers that may wait for a free place before the next one is sent away
	saltLength  = 16
	sumLength   = 32
)

// Cost says how dear one argon2id hash is (RFC 9106). The zero Cost stands for DefaultCost.
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes over the memory
	Threads uint8
}

// DefaultCost is 19 MiB, two passes, one thread.
func DefaultCost() Cost { return Cost{Memory: 19456, Time: 2, Threads: 1} }

// What a hash may cost at most, whoever wrote it: reading a hash must not take a gigabyte or a minute.
const (
	maxMemory  = 256 << 10 // KiB
	maxTime    = 16
	maxThreads = 16
	maxWork    = 1 << 20 // KiB times passes
)

func (c Cost) check() error {
	switch {
	case c.Time < 1 || c.Threads < 1 || c.Memory < 8*uint32(c.Threads):
		return fmt.Errorf("the cost m=%d,t=%d,p=%d is below what argon2id can do", c.Memory, c.Time, c.Threads)
	case c.Memory > maxMemory || c.Time > maxTime || c.Threads > maxThreads || c.Memory*c.Time > maxWork:
		return fmt.Errorf("the cost m=%d,t=%d,p=%d is more than is allowed", c.Memory, c.Time, c.Threads)
	}
	return nil
}

// Hasher hashes and checks passwords, only so many at once. It is safe for concurrent use.
type Hasher struct {
	cost   Cost
	dummy  hashed
	places chan struct{} // one for each caller inside, hashing or waiting
	ovens  chan struct{} // one for each caller hashing
}

// NewHasher makes a Hasher that runs at most parallel hashes at once (at least one) while 32 more callers wait. A cost
// out of reason is refused.
func NewHasher(cost Cost, parallel int) (*Hasher, error) {
	if cost == (Cost{}) {
		cost = DefaultCost()
	}
	if err := cost.check(); err != nil {
		return nil, err
	}
	parallel = max(parallel, 1)
	return &Hasher{
		cost:   cost,
		dummy:  hashed{cost: cost, salt: random(saltLength), sum: random(sumLength)},
		places: make(chan struct{}, parallel+queueLength),
		ovens:  make(chan struct{}, parallel),
	}, nil
}

// Hash makes the text to keep in place of a password: argon2id in PHC string form, with a salt of its own. It does not
// judge the password (see CheckPassword). The errors are ErrBusy and those of ctx.
func (h *Hasher) Hash(ctx context.Context, password string) (phc string, err error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	made := hashed{cost: h.cost, salt: random(saltLength)}
	made.sum = made.bake(normalizePassword(password), sumLength)
	return made.String(), nil
}

// Verify tells whether a password is the one that was hashed, and whether the hash is stale: right, but made at another
// cost, so that it should be made anew while the password is at hand. An empty phc stands for somebody who does not
// exist or has no password: the answer is no, after the same work. The errors are ErrBadHash, ErrBusy and those of ctx.
func (h *Hasher) Verify(ctx context.Context, phc, password string) (ok, stale bool, err error) {
	kept := h.dummy
	if phc != "" {
		if kept, err = parseHash(phc); err != nil {
			return false, false, err
		}
	}
	leave, err := h.enter(ctx)
	if err != nil {
		return false, false, err
	}
	defer leave()
	normal := normalizePassword(password)
	ok = kept.matches(normal) && phc != ""
	stale = ok && kept.stale(h.cost)
	if !ok && normal != password && kept.matches(password) && phc != "" { // hashed before passwords were normalized
		return true, true, nil
	}
	return ok, stale, nil
}

// matches reports whether a password has the sum that is kept, in time that does not depend on where they differ.
func (p hashed) matches(password string) bool {
	return subtle.ConstantTimeCompare(p.bake(password, len(p.sum)), p.sum) == 1
}

// enter takes a place and then an oven; leave gives both back.
func (h *Hasher) enter(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("waiting to hash a password: %w", err)
	}
	select {
	case h.places <- struct{}{}:
	default:
		return nil, ErrBusy
	}
	select {
	case h.ovens <- struct{}{}:
		return func() { <-h.ovens; <-h.places }, nil
	case <-ctx.Done():
		<-h.places
		return nil, fmt.Errorf("waiting to hash a password: %w", ctx.Err())
	}
}

// bake computes the sum that belongs to a password.
func (p hashed) bake(password string, length int) []byte {
	return argon2.IDKey([]byte(password), p.salt, p.cost.Time, p.cost.Memory, p.cost.Threads, uint32(length))
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never answers an error: it stops the program rather than give weak bytes
	return b
}
