package store

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

var correctionTable = &database.Table[cms.Correction]{
	Name: "corrections",
	Columns: database.Columns[cms.Correction]{
		database.Text("id", func(c *cms.Correction) *cms.ID { return &c.ID }),
		database.Text("article_id", func(c *cms.Correction) *cms.ID { return &c.ArticleID }),
		database.Text("type", func(c *cms.Correction) *cms.CorrectionType { return &c.Type }),
		database.Text("text", func(c *cms.Correction) *string { return &c.Text }),
		database.Number("edition", func(c *cms.Correction) *int { return &c.Edition }),
		database.Time("published_at", func(c *cms.Correction) *time.Time { return &c.PublishedAt }),
		database.Time("created_at", func(c *cms.Correction) *time.Time { return &c.CreatedAt }),
		database.Time("updated_at", func(c *cms.Correction) *time.Time { return &c.UpdatedAt }),
	},
}

var (
	selectedCorrection = correctionTable.Columns.Of("c")
	revisedCorrection  = correctionTable.Columns.Without("id", "article_id", "created_at")
)

// corrected returns the column that says of an article whether it has corrections and is
// retracted, as scanCorrected reads it.
func corrected(article string) string {
	return "(SELECT coalesce(max(CASE c.type WHEN '" + string(cms.Retraction) +
		"' THEN 2 ELSE 1 END), 0) FROM corrections AS c WHERE c.article_id = " + article + ")"
}

func scanCorrected(r *database.Row, story *cms.ArticleView) {
	n := r.Number()
	story.Corrected = n > 0
	story.Retracted = n > 1
}

// retracted returns the condition that an article is retracted.
func retracted(article string) string {
	return "EXISTS (SELECT 1 FROM corrections AS c WHERE c.article_id = " + article +
		" AND c.type = '" + string(cms.Retraction) + "')"
}

// addCorrections adds their corrections to articles, the oldest first, in one statement, if any of
// them has some.
func (db *DB) addCorrections(stories []cms.ArticleView) error {
	at := map[cms.ID]*cms.ArticleView{}
	var ids []cms.ID
	for i := range stories {
		s := &stories[i]
		s.Corrections = []cms.Correction{}
		if s.Corrected {
			ids = append(ids, s.ID())
			at[s.ID()] = s
		}
	}
	if ids == nil {
		return nil
	}
	rows := database.WhereIn(db.Tx, database.From("corrections AS c"), "c.article_id", ids).
		OrderBy("c.published_at, c.id")
	return db.Query(rows.Columns(selectedCorrection), func(r *database.Row) {
		c := correctionTable.Columns.Value(r)
		at[c.ArticleID].Corrections = append(at[c.ArticleID].Corrections, c)
	})
}

// corrections are corrections with their articles. Readers get those of live articles.
var corrections = map[cms.View]database.Select{
	cms.LiveView: database.From("corrections AS c").
		Join("JOIN editions AS t ON t.article_id = c.article_id AND t.live"),
	cms.DraftView: database.From("corrections AS c JOIN articles AS t ON t.id = c.article_id"),
}

// articleVersions are the columns for the version of the article of a correction.
var articleVersions = map[cms.View]string{cms.LiveView: ", 0", cms.DraftView: ", t.version"}

// readCorrections reads corrections with their articles.
func (db *DB) readCorrections(
	rows database.Select, view cms.View,
) ([]cms.CorrectionDetail, error) {
	var names int64
	list, err := database.QueryAll(
		db.Tx,
		rows.Columns(selectedCorrection+articleRefColumns(view, "t")+articleVersions[view]+
			", "+namesVersion),
		func(r *database.Row) cms.CorrectionDetail {
			c := cms.CorrectionDetail{Correction: correctionTable.Columns.Value(r)}
			c.Article = scanArticleRef(r, &c.ArticleID)
			c.Version = r.Number()
			names = r.Number()
			return c
		},
	)
	if err != nil {
		return nil, err
	}
	articles := make([]*cms.ArticleRef, len(list))
	for i := range list {
		articles[i] = list[i].Article
	}
	return list, db.addRefURLs(articles, names)
}

// Corrections returns a page of corrections of many articles, the newest first. An empty article is
// any.
func (db *DB) Corrections(
	q cms.CorrectionQuery, article cms.ID,
) (list cms.List[cms.CorrectionDetail], err error) {
	rows := database.WhereIn(db.Tx, corrections[q.View], "c.type", q.Types)
	if article != "" {
		rows = rows.Where("c.article_id = ?", article)
	}
	var total int64
	if q.Page.Count {
		if total, err = db.Count(rows); err != nil {
			return list, err
		}
	}
	o := orderBy("c.published_at", "c.id", byTime)
	found, err := db.readCorrections(o.page(rows, cms.Sort{Descending: true}, q.Page), q.View)
	list = pageOf(found, q.Page)
	list.Total = total
	return list, err
}

// Correction returns one correction with its article, ErrNotFound if the view has none.
func (db *DB) Correction(view cms.View, id cms.ID) (*cms.CorrectionDetail, error) {
	found, err := db.readCorrections(corrections[view].Where("c.id = ?", id), view)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

// CountCorrections returns how many corrections an article has.
func (db *DB) CountCorrections(article cms.ID) (int64, error) {
	return db.Count(database.From("corrections").Where("article_id = ?", article))
}

// AddCorrection saves a new correction.
func (db *DB) AddCorrection(c *cms.Correction) error {
	return db.correcting(c, func() error {
		return database.Insert(db.Tx, correctionTable, *c)
	})
}

// SaveCorrection saves a correction that was changed.
func (db *DB) SaveCorrection(c *cms.Correction) error {
	return db.correcting(c, func() error {
		return database.Update(db.Tx, correctionTable, revisedCorrection, "id", c)
	})
}

// DeleteCorrection removes a correction.
func (db *DB) DeleteCorrection(c *cms.Correction) error {
	return db.correcting(c, func() error {
		return db.Exec("DELETE FROM corrections WHERE id = ?", c.ID)
	})
}

// correcting saves a correction. Lists of articles show no more of corrections than which articles
// are retracted, so they are invalidated only if that changes.
func (db *DB) correcting(c *cms.Correction, save func() error) error {
	was, err := db.isRetracted(c.ArticleID)
	if err != nil {
		return err
	}
	if err := save(); err != nil {
		return err
	}
	db.invalidate(cms.CorrectionChanged(c)...)
	is, err := db.isRetracted(c.ArticleID)
	if err != nil || is == was {
		return err
	}
	refs, err := database.QueryAll(
		db.Tx,
		database.From("feed").Where("article_id = ?", c.ArticleID).Columns("noun, ref_id"),
		func(r *database.Row) cms.RefID { return cms.RefID{Noun: scanNoun(r), ID: scanID(r)} },
	)
	if err != nil {
		return err
	}
	articles, err := db.withAbove(map[cms.ID][]cms.RefID{c.ArticleID: refs})
	if err != nil {
		return err
	}
	db.invalidate(cms.ArticleChanged(c.ArticleID, articles[c.ArticleID])...)
	return nil
}

func (db *DB) isRetracted(article cms.ID) (bool, error) {
	n, err := db.Count(database.From("articles AS a").Where("a.id = ?", article).
		Where(retracted("a.id")))
	return n > 0, err
}
