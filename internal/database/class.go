package database

import (
	"errors"
	"runtime"
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

	// How many of one origin run at once (see WithOrigin), of which a quarter of all that wait may;
	// 0: no origin has bounds of its own.
	share int
	// How many of those that run have a turn at the processor at once, the others waiting for
	// theirs; 0: all.
	turns int
}

// slowWork is how long a read of the class Slow may run.
const slowWork = 2 * time.Second

// slowLimits returns the bounds of slow reads. Many of them may wait: a caller who waits costs less
// than one who is refused and asks again at once.
func slowLimits(running, share, turns int) limits {
	return limits{
		running: running,
		waiting: 512,
		wait:    slowWork,
		work:    slowWork,
		share:   share,
		turns:   turns,
	}
}

// SlowProcessors returns how many processors the Slow reads of an embedded database work on at
// once: half of those that goroutines run on when it is opened.
func SlowProcessors() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// sqliteLimits returns the bounds of the classes where the engine runs in this process: slow reads
// leave half of the processors to all others, and take turns at the other half, so that one that
// needs little does not wait for those that need much.
func sqliteLimits() [classes]limits {
	turns := SlowProcessors()
	return [classes]limits{
		Quick:     {running: 8, waiting: 512, wait: 2 * time.Second},
		Slow:      slowLimits(4*turns, 2*turns, turns),
		Editorial: {running: 4, waiting: 512, wait: 5 * time.Second},
		Internal:  {running: 2, waiting: 256, wait: 5 * time.Second},
	}
}

// postgresLimits returns the bounds of the classes of one server on PostgreSQL.
func postgresLimits() [classes]limits {
	return [classes]limits{
		Quick:     {running: 8, waiting: 512, wait: 2 * time.Second},
		Slow:      slowLimits(3, 2, 0),
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
