package database

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// How long a database may take to answer before its pulse is felt, and how long that may take: together less than the
// second within which a caller is told that it is away.
const (
	pulseAfter = 300 * time.Millisecond
	pulseWait  = 500 * time.Millisecond
)

// errSilent is why work is given up: the database has no pulse.
var errSilent = errors.New("the database does not answer")

// pinger tells a slow database from one that is not there: a connection to a machine that hangs, or over a network that
// drops what is sent, looks like one whose answer takes long. It has a connection of its own.
type pinger struct{ db *sql.DB }

func newPinger(db *sql.DB) *pinger {
	db.SetMaxOpenConns(1)
	return &pinger{db}
}

func (p *pinger) close() error {
	if p == nil {
		return nil
	}
	return p.db.Close()
}

// watch is a context for work on the database that is cancelled, with the cause errSilent, once the work takes long and
// the database has no pulse, and the end of the watch. A caller who is in no hurry waits as long as the work takes: a copy of
// everything is not given up because a network was silent for a second.
func (p *pinger) watch(ctx context.Context, hurry bool) (context.Context, func()) {
	if p == nil || !hurry {
		return ctx, func() {}
	}
	watched, cancel := context.WithCancelCause(ctx)
	stop := p.feel(watched, cancel)
	return watched, func() { stop(); cancel(nil) }
}

// feel feels the pulse after a while, and again, until the work has ended or there is none. Stop spares it the first time.
func (p *pinger) feel(work context.Context, giveUp context.CancelCauseFunc) (stop func() bool) {
	return time.AfterFunc(pulseAfter, func() {
		switch {
		case work.Err() != nil:
		case p.felt():
			p.feel(work, giveUp)
		default:
			giveUp(errSilent)
		}
	}).Stop
}

// felt tells whether the database answers, be it with a refusal.
func (p *pinger) felt() bool {
	ctx, cancel := context.WithTimeout(context.Background(), pulseWait)
	defer cancel()
	err := p.db.PingContext(ctx)
	var refusal *pgconn.PgError
	return err == nil || errors.As(err, &refusal)
}
