package database

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// gate lets reads of one class run within its bounds. The pool behind all gates has a connection
// for each read that they let pass.
type gate struct {
	limits
	line
	origins   origins
	processor turns
}

func newGates(all [classes]limits) (gates [classes]*gate) {
	for class, l := range all {
		g := &gate{limits: l}
		g.line.init(l.running, l.waiting)
		if l.share > 0 {
			g.origins.lines = map[netip.Prefix]*originLine{}
		}
		if l.turns > 0 {
			g.processor = make(turns, l.turns)
		}
		gates[class] = g
	}
	return gates
}

// enter waits until a read may run, and returns what must be called when it has. A read first waits
// for those of its own origin. It returns ErrCrowded at once if too many wait, and after a while if
// none has left.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	origin := originOf(ctx)
	if g.origins.lines == nil || !origin.IsValid() {
		return g.line.leave, g.line.enter(ctx, g.wait)
	}
	own := g.origins.join(origin, g.limits)
	if err := own.enter(ctx, g.wait); err != nil {
		g.origins.part(origin)
		return nil, err
	}
	leaveOwn := func() {
		own.leave()
		g.origins.part(origin)
	}
	if err := g.line.enter(ctx, g.wait); err != nil {
		leaveOwn()
		return nil, err
	}
	return func() { g.line.leave(); leaveOwn() }, nil
}

// bounded returns a context for the work of a read, which ends with the cause ErrTooSlow when the
// read has run for long enough.
func (g *gate) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if g.work == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, g.work, ErrTooSlow)
}

// line lets so many pass at once, in the order they came.
type line struct {
	places  chan struct{} // holds a value for each that has passed
	most    int64         // how many may wait
	waiters atomic.Int64
}

func (l *line) init(places, waiting int) {
	l.places = make(chan struct{}, places)
	l.most = int64(waiting)
}

// enter waits for a place, but no longer than patience; leave must be called when it is free again.
func (l *line) enter(ctx context.Context, patience time.Duration) error {
	select {
	case l.places <- struct{}{}:
		return nil
	default:
	}
	defer l.waiters.Add(-1)
	if l.waiters.Add(1) > l.most {
		return ErrCrowded
	}
	impatient := time.NewTimer(patience)
	defer impatient.Stop()
	select {
	case l.places <- struct{}{}:
		return nil
	case <-impatient.C:
		return ErrCrowded
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (l *line) leave() { <-l.places }

// origins have a line for each origin that has reads of a class: of one origin only some may run,
// so that another's first read finds a place.
type origins struct {
	mu    sync.Mutex
	lines map[netip.Prefix]*originLine // nil: no origin has a line
}

type originLine struct {
	line
	members int // how many reads wait or run
}

// join returns the line of an origin; part must be called when the read has left it.
func (o *origins) join(origin netip.Prefix, l limits) *originLine {
	o.mu.Lock()
	defer o.mu.Unlock()
	own := o.lines[origin]
	if own == nil {
		own = &originLine{}
		own.init(l.share, l.waiting/4)
		o.lines[origin] = own
	}
	own.members++
	return own
}

func (o *origins) part(origin netip.Prefix) {
	o.mu.Lock()
	defer o.mu.Unlock()
	own := o.lines[origin]
	if own.members--; own.members == 0 {
		delete(o.lines, origin)
	}
}

type originKey struct{}

// WithOrigin returns a context for reads on behalf of an origin: whoever is behind an address. Of
// one origin only a part of the Slow reads run at once.
func WithOrigin(ctx context.Context, origin netip.Prefix) context.Context {
	return context.WithValue(ctx, originKey{}, origin)
}

// originOf returns the origin of a read, the zero Prefix if it has none.
func originOf(ctx context.Context) netip.Prefix {
	origin, _ := ctx.Value(originKey{}).(netip.Prefix)
	return origin
}
