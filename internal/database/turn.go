package database

import (
	"context"
	"time"
)

// turns are places at the processor, which the statements of one class take in turn. It holds a
// value for each statement that works; a nil turns lets all work at once.
type turns chan struct{}

// turnTime is how long a statement works before it lets another one work: longer than most take.
const turnTime = 5 * time.Millisecond

type turnsKey struct{}

// within returns a context for statements that take turns.
func (t turns) within(ctx context.Context) context.Context {
	if t == nil {
		return ctx
	}
	return context.WithValue(ctx, turnsKey{}, t)
}

// turn is the turn of one statement. A nil turn does not end.
type turn struct {
	turns turns
	since time.Time // zero: the statement waits for its turn
}

// takeTurn waits for the turn of a statement; give must be called when it has ended.
func takeTurn(ctx context.Context) (*turn, error) {
	t, ok := ctx.Value(turnsKey{}).(turns)
	if !ok {
		return nil, nil
	}
	own := &turn{turns: t}
	return own, own.take(ctx)
}

func (t *turn) take(ctx context.Context) error {
	select {
	case t.turns <- struct{}{}:
		t.since = time.Now()
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (t *turn) give() {
	if t != nil && !t.since.IsZero() {
		<-t.turns
		t.since = time.Time{}
	}
}

// interruptible returns the context of a statement as SQLite is to have it, which asks for its Err
// before each row and after each thousand instructions, and interrupts the statement if that is not
// nil. So this is also where a statement lets another one work.
func (t *turn) interruptible(ctx context.Context) context.Context {
	if t == nil {
		return ctx
	}
	return turnContext{ctx, t}
}

type turnContext struct {
	context.Context
	turn *turn
}

// Err returns why the statement must end, nil if it may go on. It may wait for the next turn.
func (c turnContext) Err() error {
	if time.Since(c.turn.since) >= turnTime {
		c.turn.give()
		if err := c.turn.take(c.Context); err != nil {
			return err
		}
	}
	return c.Context.Err()
}
