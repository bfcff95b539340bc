package store

import (
	"context"

	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/cms"
)

// unlocked is a database whose writes do not wait for each other.
type unlocked struct{ dialect }

func (unlocked) lock(*gorm.DB) error { return nil }

// Unlock takes away what makes writes wait for each other.
func (s *Store) Unlock() { s.dialect = unlocked{s.dialect} }

// Events are the numbers of the events behind one, in order.
func (s *Store) Events(ctx context.Context, after int64) ([]int64, error) {
	var seqs []int64
	err := s.Read(ctx, func(db *DB) error {
		return db.gorm.Model(&cms.Event{}).Where("seq > ?", after).Order("seq").Pluck("seq", &seqs).Error
	})
	return seqs, err
}

// Number answers a query for one number.
func (s *Store) Number(ctx context.Context, query string) (n int64, err error) {
	err = s.Read(ctx, func(db *DB) error { return db.gorm.Raw(query).Scan(&n).Error })
	return n, err
}

// Searched is the table of the search index.
func (s *Store) Searched(titles bool) string {
	table, _ := s.dialect.searched(titles)
	return table
}
