package database

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// How long a call may take before the database is pinged, and how long the ping may take: together
// less than the second within which a caller is told that the database is away.
const (
	pingAfter   = 300 * time.Millisecond
	pingTimeout = 500 * time.Millisecond
)

// errNoAnswer is why work is given up: the database does not answer a ping.
var errNoAnswer = errors.New("the database does not answer")

// pinger tells a slow database from one that is away: if a machine hangs or a network drops
// packets, a connection looks like one whose statement takes long. It has a connection of its own.
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

// watch returns a context for work on the database, and the end of the watch. The context is
// cancelled with the cause errNoAnswer once the work takes long and the database does not answer.
// Without hurry it is never cancelled: a copy of everything is not given up because a network was
// silent for a second.
func (p *pinger) watch(ctx context.Context, hurry bool) (context.Context, func()) {
	if p == nil || !hurry {
		return ctx, func() {}
	}
	watched, cancel := context.WithCancelCause(ctx)
	stop := p.check(watched, cancel)
	return watched, func() { stop(); cancel(nil) }
}

// check pings the database after a while, and again, until the work has ended or there is no
// answer. Stop prevents the first ping.
func (p *pinger) check(work context.Context, giveUp context.CancelCauseFunc) (stop func() bool) {
	return time.AfterFunc(pingAfter, func() {
		switch {
		case work.Err() != nil:
		case p.alive():
			p.check(work, giveUp)
		default:
			giveUp(errNoAnswer)
		}
	}).Stop
}

// alive reports whether the database answers, if only with an error.
func (p *pinger) alive() bool {
	ctx, cancel := context.WithTimeout(context.Background(), pingTimeout)
	defer cancel()
	err := p.db.PingContext(ctx)
	var refusal *pgconn.PgError
	return err == nil || errors.As(err, &refusal)
}
