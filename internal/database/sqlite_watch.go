package database

import (
	"context"
	"io"
	"time"

	"gorm.io/gorm"
)

// notify does nothing: a file cannot notify.
func (sqliteDialect) notify(*gorm.DB) error { return nil }

// sqliteWatcher polls the file, which is cheap.
type sqliteWatcher struct{ pool *gorm.DB }

func watchSQLite(path string, options []Option) (watcher, error) {
	pool, err := openPool(path, options, 1, "BEGIN", "query_only(1)")
	return sqliteWatcher{pool}, err
}

func (w sqliteWatcher) last(ctx context.Context) (seq int64, err error) {
	err = w.pool.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return tx.Raw("SELECT coalesce(max(seq), 0) FROM changes").Scan(&seq).Error
	})
	return seq, err
}

func (w sqliteWatcher) since(ctx context.Context, seq int64) (changes []changeRecord, err error) {
	err = w.pool.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return tx.Where("seq > ?", seq).Order("seq").Find(&changes).Error
	})
	return changes, err
}

func (w sqliteWatcher) wait(ctx context.Context, atMost time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(atMost):
		return nil
	}
}

func (w sqliteWatcher) close() error { return w.pool.ConnPool.(io.Closer).Close() }
