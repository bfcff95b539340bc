package store

import "context"

// Number returns the result of a query for one number.
func (s *Store) Number(ctx context.Context, query string) (n int64, err error) {
	err = s.Read(ctx, func(db *DB) error { return db.GORM.Raw(query).Scan(&n).Error })
	return n, err
}

// Searched returns how many texts, or titles, the search index has.
func (s *Store) Searched(ctx context.Context, titles bool) (n int64, err error) {
	err = s.Read(ctx, func(db *DB) error {
		table, _ := db.TextIndex(titles)
		return db.GORM.Raw("SELECT count(*) FROM " + table).Scan(&n).Error
	})
	return n, err
}
