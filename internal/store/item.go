package store

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

var itemTable = &database.Table[cms.Item]{
	Name: "collection_items",
	Columns: database.Columns[cms.Item]{
		database.Text("id", func(i *cms.Item) *cms.ID { return &i.ID }),
		database.Number("since", func(i *cms.Item) *int64 { return &i.Since }),
		database.Text("collection_id", func(i *cms.Item) *cms.ID { return &i.CollectionID }),
		database.NullNumber("place", func(i *cms.Item) **int64 { return &i.Place }),
		database.NullText("article_id", func(i *cms.Item) **cms.ID { return &i.ArticleID }),
		database.Text("url", func(i *cms.Item) *string { return &i.URL }),
		database.Text("title", func(i *cms.Item) *string { return &i.Title }),
		database.Text("kicker", func(i *cms.Item) *string { return &i.Kicker }),
		database.Text("summary", func(i *cms.Item) *string { return &i.Summary }),
		database.Text("image_id", func(i *cms.Item) *cms.ID { return &i.ImageID }),
		database.NullTime("shown_from", func(i *cms.Item) **time.Time { return &i.From }),
		database.NullTime("shown_until", func(i *cms.Item) **time.Time { return &i.Until }),
		database.Time("valid_from", func(i *cms.Item) *time.Time { return &i.ValidFrom }),
		database.NullTime("valid_until", func(i *cms.Item) **time.Time { return &i.ValidUntil }),
	},
}

// Items returns the items of collections as they are now, those of each in order.
func (db *DB) Items(collections ...cms.ID) ([]cms.Item, error) {
	rows := database.WhereIn(db.Tx, database.From("collection_items AS i"), "i.collection_id",
		collections).Where("i.valid_until IS NULL").OrderBy("i.collection_id, i.place")
	items, err := database.QueryAll(db.Tx, rows.Columns(itemTable.Columns.Of("i")),
		itemTable.Columns.Value)
	if err != nil {
		return nil, err
	}
	return items, pictures(db, items, func(i *cms.Item) cms.ID { return i.ImageID },
		func(i *cms.Item, m *cms.Medium) { i.Image = m })
}

// itemDetails returns those of the items of collections that a view has, with their articles.
// Readers get those in their time whose article is live.
func (db *DB) itemDetails(view cms.View, items []cms.Item) ([]cms.ItemDetail, error) {
	ids := []cms.ID{}
	for i := range items {
		if id := items[i].ArticleID; id != nil {
			ids = append(ids, *id)
		}
	}
	refs, err := db.articleRefs(view, ids)
	list := make([]cms.ItemDetail, 0, len(items))
	for _, item := range items {
		d := cms.ItemDetail{Item: item, Position: 1}
		if n := len(list); n > 0 && list[n-1].CollectionID == item.CollectionID {
			d.Position = list[n-1].Position + 1
		}
		if item.ArticleID != nil {
			d.Target = refs[*item.ArticleID]
		}
		hidden := !item.ShownAt(db.Now()) || (item.ArticleID != nil && d.Target == nil)
		if view == cms.DraftView || !hidden {
			list = append(list, d)
		}
	}
	return list, err
}

// CollectionsWith returns the collections that have an article among their items.
func (db *DB) CollectionsWith(article cms.ID) ([]cms.ID, error) {
	rows := database.From("collection_items").Where("article_id = ?", article).
		Where("valid_until IS NULL").OrderBy("collection_id")
	return database.QueryAll(db.Tx, rows.Columns("DISTINCT collection_id"), scanID)
}

// forgetItems removes what was kept of items with an article that is about to be deleted.
func (db *DB) forgetItems(article cms.ID) error {
	return db.Exec("DELETE FROM collection_items WHERE article_id = ?", string(article))
}
