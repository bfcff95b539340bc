package store

import "github.com/masthead-cms/masthead/internal/cms"

// invalidate records that cache tags change with the transaction.
func (db *DB) invalidate(subjects ...cms.CacheTag) {
	for _, subject := range subjects {
		db.Invalidate(string(subject))
	}
}

// invalidateEditions records that readers will see articles, with these references, otherwise than
// before. Others show their titles and addresses.
func (db *DB) invalidateEditions(articles map[cms.ID][]cms.RefID) error {
	var news []cms.ID
	for id, refs := range articles {
		if !db.Invalidated(string(cms.ArticleCacheTag(id))) {
			news = append(news, id)
		}
		db.invalidate(cms.ArticleChanged(id, refs)...)
	}
	if len(news) == 0 {
		return nil
	}
	others, err := db.showing(news...)
	for _, id := range others {
		db.invalidate(cms.ArticleCacheTag(id))
	}
	return err
}
