package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// ErrNotEmpty is returned where a newsroom would be copied onto another.
var ErrNotEmpty = errors.New("the target is not empty")

// TransferredTable is how many rows of a table were copied.
type TransferredTable struct {
	Table string
	Rows  int64
}

// transfer copies one table.
type transfer struct {
	table string
	run   func(from, to *DB) error
}

// transfers are all tables of a newsroom, those that others point to first.
var transfers = []transfer{
	{"users", mappedRows[cms.User]("id")},
	{"sessions", mappedRows[cms.Session]("id")},
	{"refresh_tokens", mappedRows[refreshToken]("hash")},
	{"sign_in_places", mappedRows[signInPlace]("user_id, place")},
	{"tags", copyTags},
	{"sections", mappedRows[cms.Section]("depth, id")},
	{"authors", mappedRows[authorRow]("id")},
	{"slugs", mappedRows[slugRow]("noun, slug")},
	{"noun_names", mappedRows[nounName]("id, position")},
	{"noun_words", mappedRows[nounWord]("noun, word, id")},
	{"noun_terms", mappedRows[nounTermRow]("term")},
	{"noun_tree", mappedRows[treeRow]("id, above")},
	{"media", mappedRows[mediumRow]("id")},
	{"media_uses", rowsOf(mediaUseTable, "medium_id, owner_id, noun, role, live")},
	{"articles", rowsOf(articleTable, "id")},
	{"article_texts", rowsOf(articleTextTable, "article_id")},
	{"article_refs", rowsOf(articleRefTable, "article_id, ref_id")},
	{"article_slugs", rowsOf(articleSlugTable, "slug")},
	{"revisions", rowsOf(revisionTable, "article_id, n")},
	{"corrections", rowsOf(correctionTable, "id")},
	{"alerts", mappedRows[cms.Alert]("id")},
	{"collections", mappedRows[cms.Collection]("id")},
	{"collection_rules", mappedRows[collectionRule]("collection_id, since")},
	{"collection_items", rowsOf(itemTable, "id, since")},
	{"fronts", mappedRows[cms.Front]("id")},
	{"front_slots", rowsOf(slotTable, "front_id, since, position")},
	{"editions", rowsOf(editionTable, "rowid")},
	{"edition_texts", rowsOf(editionTextTable, "edition")},
	{"feed", rowsOf(feedTable, "ref_id, published_at, article_id")},
	{"site", rowsOf(siteTable, "id")},
	{"path_patterns", rowsOf(pathPatternTable, "kind, pattern")},
	{"section_paths", rowsOf(sectionPathTable, "path, id")},
	{"redirects", mappedRows[cms.Redirect]("id")},
	{"keys", rowsOf(keyTable, "name")},
	{"gone", rowsOf(goneTable, "digest")},
	{"counters", rowsOf(counterTable, "name")},
	{"links", rowsOf(linkTable, "article_id, position, id")},
	{"events", rowsOf(eventTable, "seq")},
	{"event_head", rowsOf(eventHeadTable, "id")},
	{"idempotency_records", mappedRows[IdempotencyRecord]("caller, scope, key")},
	{"idempotency_subjects", rowsOf(idempotencySubjectTable, "subject, caller, scope, key")},
	{"tasks", rowsOf(taskTable, "seq")},
	{"imports", rowsOf(importTable, "source, key")},
	{"import_aliases", rowsOf(importAliasTable, "path")},
}

// Transfer copies a whole newsroom into an empty one, in one transaction on each side, and compares
// the number of rows of each table with the source's. The search index is built anew. It calls done
// for each table that is copied.
func Transfer(ctx context.Context, from, to *Store, tell func(TransferredTable)) error {
	return from.Read(ctx, Internal, func(source *DB) error {
		return to.database.Exclusive(ctx, func(tx *database.Tx) error {
			target := to.writing(tx)
			for _, t := range transfers {
				if n, err := target.rows(t.table); err != nil || n > 0 {
					return errors.Join(err, notEmpty(t.table, n))
				}
			}
			for _, t := range transfers {
				n, err := copyTable(t, source, target)
				if err != nil {
					return fmt.Errorf("%s: %w", t.table, err)
				}
				tell(TransferredTable{t.table, n})
			}
			if err := target.reindexAll(); err != nil {
				return fmt.Errorf("search index: %w", err)
			}
			return errors.Join(tx.ResumeSerial("events", "seq"), tx.ResumeSerial("tasks", "seq"))
		})
	})
}

func notEmpty(name string, n int64) error {
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s has %d rows", ErrNotEmpty, name, n)
}

// copyTable copies one table and counts its rows on both sides.
func copyTable(t transfer, from, to *DB) (int64, error) {
	if err := t.run(from, to); err != nil {
		return 0, err
	}
	want, err := from.rows(t.table)
	if err != nil {
		return 0, err
	}
	got, err := to.rows(t.table)
	if err == nil && got != want {
		err = fmt.Errorf("%d of %d rows arrived", got, want)
	}
	return got, err
}

func (db *DB) rows(name string) (int64, error) {
	var n int64
	err := db.GORM.Table(name).Count(&n).Error
	return n, err
}

// copyBatch is how many rows are copied at once.
const copyBatch = 200

// rowsOf copies the rows of a table in an order that is total.
func rowsOf[T any](table *database.Table[T], order string) func(from, to *DB) error {
	return func(from, to *DB) error {
		batch := make([]T, 0, copyBatch)
		flush := func() error {
			err := database.Insert(to.Tx, table, batch...)
			batch = batch[:0]
			return err
		}
		rows := database.From(table.Name + " AS x").OrderBy(order)
		err := from.Query(rows.Columns(table.Columns.Of("x")), func(r *database.Row) {
			if batch = append(batch, table.Columns.Value(r)); len(batch) == copyBatch {
				if err := flush(); err != nil {
					r.Fail(err)
				}
			}
		})
		if err != nil {
			return err
		}
		return flush()
	}
}

// mappedRows copies the rows of a table that GORM maps, in an order that is total.
func mappedRows[T any](order string) func(from, to *DB) error {
	return func(from, to *DB) error {
		var model T
		rows, err := from.GORM.Model(&model).Order(order).Rows()
		if err != nil {
			return err
		}
		defer rows.Close()
		batch := make([]T, 0, copyBatch)
		flush := func() error {
			if len(batch) == 0 {
				return nil
			}
			err := to.GORM.Create(&batch).Error
			batch = make([]T, 0, copyBatch)
			return err
		}
		for rows.Next() {
			var row T
			if err := from.GORM.ScanRows(rows, &row); err != nil {
				return err
			}
			if batch = append(batch, row); len(batch) == copyBatch {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		return errors.Join(rows.Err(), flush())
	}
}

// copyTags copies tags first without their parents, which may come later in the order.
func copyTags(from, to *DB) error {
	var tags []cms.Tag
	if err := from.GORM.Order("id").Find(&tags).Error; err != nil {
		return err
	}
	for _, t := range tags {
		t.ParentID = nil
		if err := to.GORM.Create(&t).Error; err != nil {
			return err
		}
	}
	for _, t := range tags {
		if t.ParentID == nil {
			continue
		}
		err := to.Exec("UPDATE tags SET parent_id = ? WHERE id = ?", *t.ParentID, t.ID)
		if err != nil {
			return err
		}
	}
	return nil
}
