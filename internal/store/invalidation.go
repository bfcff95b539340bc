package store

import "github.com/masthead-cms/masthead/internal/cms"

// invalidate records that cache tags change with the transaction.
func (db *DB) invalidate(subjects ...cms.CacheTag) {
	for _, subject := range subjects {
		db.Invalidate(string(subject))
	}
}

// invalidateEditions records that readers will see articles, with these tags, otherwise than
// before. Articles that link to them show their titles and addresses.
func (db *DB) invalidateEditions(tags map[cms.ID][]cms.ID) error {
	var news []cms.ID
	for id, carried := range tags {
		if !db.Invalidated(string(cms.ArticleCacheTag(id))) {
			news = append(news, id)
		}
		db.invalidate(cms.ArticleChanged(id, carried)...)
	}
	if len(news) == 0 {
		return nil
	}
	linking, err := db.LinkingTo(news...)
	for _, from := range linking {
		db.invalidate(cms.ArticleCacheTag(from))
	}
	return err
}
