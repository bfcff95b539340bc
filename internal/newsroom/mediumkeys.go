package newsroom

import (
	"context"
	"iter"

	"github.com/masthead-cms/masthead/internal/store"
)

// UsedFiles returns which of some keys of files media have.
func (m *Media) UsedFiles(ctx context.Context, keys []string) (map[string]bool, error) {
	return read(ctx, m.newsroom, store.Internal, func(db *store.DB) (map[string]bool, error) {
		return db.MediaKeys(keys)
	})
}

// FileKeys returns the keys of the files of all media, in order, each once.
func (m *Media) FileKeys(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for last := ""; ; {
			keys, err := read(ctx, m.newsroom, store.Internal,
				func(db *store.DB) ([]string, error) { return db.MediaKeysAfter(last) })
			if err != nil {
				yield("", err)
				return
			}
			for _, key := range keys {
				if !yield(key, nil) {
					return
				}
				last = key
			}
			if len(keys) == 0 {
				return
			}
		}
	}
}
