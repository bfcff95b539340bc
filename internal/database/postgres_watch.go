package database

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

// changeChannel is the channel on which servers tell each other that there is a change.
const changeChannel = "masthead_changes"

func (postgresDialect) notify(tx *gorm.DB) error {
	return tx.Exec("SELECT pg_notify(?, '')", changeChannel).Error
}

// postgresWatcher has a connection of its own, which is notified of changes and then queries them.
type postgresWatcher struct{ conn *pgx.Conn }

func watchPostgres(ctx context.Context, config *pgx.ConnConfig) (watcher, error) {
	conn, err := pgx.ConnectConfig(ctx, config.Copy())
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "LISTEN "+changeChannel); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return postgresWatcher{conn}, nil
}

func (w postgresWatcher) last(ctx context.Context) (seq int64, err error) {
	err = w.conn.QueryRow(ctx, "SELECT coalesce(max(seq), 0) FROM changes").Scan(&seq)
	return seq, err
}

func (w postgresWatcher) since(ctx context.Context, seq int64) ([]changeRecord, error) {
	rows, err := w.conn.Query(
		ctx,
		"SELECT seq, at, origin, subjects FROM changes WHERE seq > $1 ORDER BY seq",
		seq,
	)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[changeRecord])
}

func (w postgresWatcher) wait(ctx context.Context, atMost time.Duration) error {
	waiting, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	_, err := w.conn.WaitForNotification(waiting)
	if waiting.Err() != nil && ctx.Err() == nil {
		return nil // it was quiet
	}
	return err
}

func (w postgresWatcher) close() error { return w.conn.Close(context.Background()) }
