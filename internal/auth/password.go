package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"

	"golang.org/x/crypto/argon2"
)

// ErrBusy is returned when too many passwords are being checked at once. Try again in a second.
var ErrBusy = errors.New("too many passwords are being checked at once")

const (
	queueLength = 32 // callers that may wait for a free worker; more get ErrBusy
	saltLength  = 16
	sumLength   = 32
)

// Cost is the cost of one argon2id hash (RFC 9106). The zero Cost stands for DefaultCost.
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes over the memory
	Threads uint8
}

// DefaultCost returns 19 MiB, two passes, one thread.
func DefaultCost() Cost { return Cost{Memory: 19456, Time: 2, Threads: 1} }

// The most a hash may cost, whoever wrote it: checking a password must not take a gigabyte or a
// minute.
const (
	maxMemory  = 256 << 10 // KiB
	maxTime    = 16
	maxThreads = 16
	maxWork    = 1 << 20 // KiB times passes
)

func (c Cost) check() error {
	switch {
	case c.Time < 1 || c.Threads < 1 || c.Memory < 8*uint32(c.Threads):
		return fmt.Errorf("the cost m=%d,t=%d,p=%d is below the minimum of argon2id",
			c.Memory, c.Time, c.Threads)
	case c.Memory > maxMemory, c.Time > maxTime, c.Threads > maxThreads, c.Memory*c.Time > maxWork:
		return fmt.Errorf(
			"the cost m=%d,t=%d,p=%d is more than is allowed", c.Memory, c.Time, c.Threads,
		)
	}
	return nil
}

// Hasher hashes and checks passwords, with a bound on how many at once. It is safe for concurrent
// use.
type Hasher struct {
	cost    Cost
	dummy   passwordHash
	general lane
	known   lane // for people at places where they are known
}

// lane bounds how many callers hash at once and how many wait for it.
type lane struct {
	queue   chan struct{} // one for each caller, hashing or waiting
	workers chan struct{} // one for each caller hashing
}

func newLane(workers int) lane {
	return lane{
		queue:   make(chan struct{}, workers+queueLength),
		workers: make(chan struct{}, workers),
	}
}

// NewHasher returns a Hasher that runs at most parallel hashes at once (at least one) while 32 more
// callers wait, and beside them one for people at places where they are known, for which 32 more
// may wait: whatever strangers do, known people do not queue behind them. It returns an error for a
// cost that is out of bounds.
func NewHasher(cost Cost, parallel int) (*Hasher, error) {
	if cost == (Cost{}) {
		cost = DefaultCost()
	}
	if err := cost.check(); err != nil {
		return nil, err
	}
	parallel = max(parallel, 1)
	return &Hasher{
		cost: cost,
		dummy: passwordHash{
			cost: cost,
			salt: randomBytes(saltLength),
			sum:  randomBytes(sumLength),
		},
		general: newLane(parallel),
		known:   newLane(1),
	}, nil
}

// Hash returns the hash to store for a password: argon2id in PHC string format, with a new salt. It
// does not judge the password (see CheckPassword), and does not wait for strangers. The errors are
// ErrBusy and those of ctx.
func (h *Hasher) Hash(ctx context.Context, password string) (phc string, err error) {
	release, err := h.known.acquire(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	hash := passwordHash{cost: h.cost, salt: randomBytes(saltLength)}
	hash.sum = hash.derive(normalizePassword(password), sumLength)
	return hash.String(), nil
}

// Verify reports whether a password is the one that was hashed, and whether the hash is stale:
// right, but made at another cost or before passwords were normalized, so that it should be made
// anew while the password is at hand. An empty phc stands for a user who does not exist or has no
// password: Verify returns false after the same work. The errors are ErrBadHash, ErrBusy and those
// of ctx.
func (h *Hasher) Verify(ctx context.Context, phc, password string) (ok, stale bool, err error) {
	return h.verify(ctx, h.general, phc, password)
}

// VerifyKnown returns Verify for somebody at a place where they are known: it does not wait for
// strangers.
func (h *Hasher) VerifyKnown(
	ctx context.Context, phc, password string,
) (ok, stale bool, err error) {
	return h.verify(ctx, h.known, phc, password)
}

func (h *Hasher) verify(
	ctx context.Context, lane lane, phc, password string,
) (ok, stale bool, err error) {
	stored := h.dummy
	if phc != "" {
		if stored, err = parseHash(phc); err != nil {
			return false, false, err
		}
	}
	release, err := lane.acquire(ctx)
	if err != nil {
		return false, false, err
	}
	defer release()
	normal := normalizePassword(password)
	ok = stored.matches(normal) && phc != ""
	stale = ok && stored.stale(h.cost)
	if !ok && normal != password && stored.matches(password) &&
		phc != "" { // hashed before passwords were normalized
		return true, true, nil
	}
	return ok, stale, nil
}

// matches reports whether a password has this hash, in time that does not depend on where they
// differ.
func (p passwordHash) matches(password string) bool {
	return subtle.ConstantTimeCompare(p.derive(password, len(p.sum)), p.sum) == 1
}

// acquire takes a place in the queue and waits for a worker; release gives both back.
func (h lane) acquire(ctx context.Context) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("waiting to hash a password: %w", err)
	}
	select {
	case h.queue <- struct{}{}:
	default:
		return nil, ErrBusy
	}
	select {
	case h.workers <- struct{}{}:
		return func() { <-h.workers; <-h.queue }, nil
	case <-ctx.Done():
		<-h.queue
		return nil, fmt.Errorf("waiting to hash a password: %w", ctx.Err())
	}
}

// derive computes the sum that belongs to a password.
func (p passwordHash) derive(password string, length int) []byte {
	return argon2.IDKey(
		[]byte(password), p.salt, p.cost.Time, p.cost.Memory, p.cost.Threads, uint32(length),
	)
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never returns an error: it stops the program rather than give weak bytes
	return b
}
