package store

import (
	"context"
	"io/fs"
	"testing/fstest"
)

// Number returns the result of a query for one number.
func (s *Store) Number(ctx context.Context, query string) (n int64, err error) {
	err = s.Read(ctx, Internal, func(db *DB) error { return db.GORM.Raw(query).Scan(&n).Error })
	return n, err
}

// Searched returns how many texts, or titles, the search index has.
func (s *Store) Searched(ctx context.Context, titles bool) (n int64, err error) {
	err = s.Read(ctx, Internal, func(db *DB) error {
		table, _ := db.TextIndex(titles)
		return db.GORM.Raw("SELECT count(*) FROM " + table).Scan(&n).Error
	})
	return n, err
}

// MigrateFirst takes the first n steps of the schema.
func MigrateFirst(ctx context.Context, s *Store, n int) error {
	names, err := fs.Glob(schema(), "*.sql")
	if err != nil {
		return err
	}
	files := fstest.MapFS{}
	for _, name := range names[:n] {
		text, err := fs.ReadFile(schema(), name)
		if err != nil {
			return err
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	return s.database.Migrate(ctx, files)
}
