package database

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"time"
)

// Class says whose work a read is. Each class has connections of its own, so a read never waits for
// reads of another class. Writes, the connection that follows changes, and the one that pings the
// database are outside all classes: no read can take theirs.
type Class int

// The classes of reads.
const (
	// Quick reads look up few rows, for anybody.
	Quick Class = iota
	// Slow reads are questions of strangers whose cost depends on what they ask. They are stopped
	// after a while.
	Slow
	// Editorial reads are those of people who are signed in.
	Editorial
	// Internal reads are the server's own: health, sign-in and jobs.
	Internal

	classes int = iota
)

var (
	// ErrCrowded is returned for a read of a class in which as many reads wait as may.
	ErrCrowded = errors.New("too many reads of this class")
	// ErrTooSlow is returned for a Slow read that took longer than such a read may.
	ErrTooSlow = errors.New("the read took too long")
)

// limits are the bounds of a class.
type limits struct {
	running int           // how many run at once, each on a connection
	waiting int           // how many may wait for that
	wait    time.Duration // how long one may wait
	work    time.Duration // how long one may run; 0: no bound
}

// slowWork is how long a read of the class Slow may run.
const slowWork = 2 * time.Second

// sqliteLimits returns the bounds of the classes where the engine runs in this process: slow reads
// leave half of the processors to all others. Many of them may wait, but not for long: a caller who
// waits costs less than one who is refused and asks again at once.
func sqliteLimits() [classes]limits {
	return [classes]limits{
		Quick: {running: 8, waiting: 512, wait: 2 * time.Second},
		Slow: {
			running: max(1, runtime.GOMAXPROCS(0)/2),
			waiting: 128,
			wait:    time.Second,
			work:    slowWork,
		},
		Editorial: {running: 4, waiting: 512, wait: 5 * time.Second},
		Internal:  {running: 2, waiting: 256, wait: 5 * time.Second},
	}
}

// postgresLimits returns the bounds of the classes of one server on PostgreSQL.
func postgresLimits() [classes]limits {
	return [classes]limits{
		Quick: {running: 8, waiting: 512, wait: 2 * time.Second},
		Slow: {
			running: 2,
			waiting: 128,
			wait:    time.Second,
			work:    slowWork,
		},
		Editorial: {running: 4, waiting: 512, wait: 5 * time.Second},
		Internal:  {running: 2, waiting: 256, wait: 5 * time.Second},
	}
}

// connections returns how many connections reads of all classes use at once.
func connections(all [classes]limits) int {
	n := 0
	for _, l := range all {
		n += l.running
	}
	return n
}

// gate lets reads of one class run within its bounds. The pool behind all gates has a connection
// for each read that they let pass.
type gate struct {
	limits
	places  chan struct{} // holds a value for each read that runs
	waiters atomic.Int64
}

func newGates(all [classes]limits) (gates [classes]*gate) {
	for class, l := range all {
		gates[class] = &gate{limits: l, places: make(chan struct{}, l.running)}
	}
	return gates
}

// enter waits until a read may run; leave must be called when it has. Reads are let in in the order
// they came. It returns ErrCrowded at once if too many wait, and after a while if none has left.
func (g *gate) enter(ctx context.Context) error {
	select {
	case g.places <- struct{}{}:
		return nil
	default:
	}
	defer g.waiters.Add(-1)
	if g.waiters.Add(1) > int64(g.waiting) {
		return ErrCrowded
	}
	patience := time.NewTimer(g.wait)
	defer patience.Stop()
	select {
	case g.places <- struct{}{}:
		return nil
	case <-patience.C:
		return ErrCrowded
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (g *gate) leave() { <-g.places }

// bounded returns a context for the work of a read, which ends with the cause ErrTooSlow when the
// read has run for long enough.
func (g *gate) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if g.work == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, g.work, ErrTooSlow)
}
