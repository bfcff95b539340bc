package store

import (
	"maps"
	"slices"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// Alerts are the rows of alerts, with the articles that they lead to.
type Alerts struct {
	Nouns[cms.Alert, *cms.Alert]
}

// NewAlerts returns the rows of alerts.
func NewAlerts() *Alerts {
	return &Alerts{Nouns[cms.Alert, *cms.Alert]{
		Noun: cms.AlertNoun,
		Orders: map[string]order{
			cms.AlertsByLevel.By: orderBy("n.rank", "n.id", byText),
			cms.AlertsByStart.By: orderBy("n.starts_at", "n.id", byTime),
		},
	}}
}

// Ask returns a page of alerts, in at most four statements.
func (s *Alerts) Ask(db *DB, q cms.AlertQuery) (cms.List[cms.Alert], error) {
	now := db.Now()
	rows := database.WhereIn(db.Tx, database.From("alerts AS n"), "n.id", q.IDs)
	switch {
	case q.View == cms.LiveView, q.Active != nil && *q.Active:
		rows = rows.Where("n.starts_at <= ? AND n.ends_at > ?", now, now)
	case q.Active != nil:
		rows = rows.Where("(n.starts_at > ? OR n.ends_at <= ?)", now, now)
	}
	list, err := s.page(db, rows, cms.NounQuery{Sort: q.Sort, Page: q.Page})
	if err == nil {
		err = addTargets(db, q.View, list.Rows)
	}
	if err == nil {
		list.Until, err = nextAlert(db, now)
	}
	return list, err
}

// nextAlert returns the next moment at which an alert begins or ends, zero if there is none.
func nextAlert(db *DB, now time.Time) (time.Time, error) {
	next, err := database.QueryRow(db.Tx, database.SQL(
		`SELECT at FROM (SELECT starts_at AS at FROM alerts WHERE starts_at > ?
			UNION ALL SELECT ends_at FROM alerts WHERE ends_at > ?) AS x ORDER BY at LIMIT 1`,
		now, now), (*database.Row).Time)
	return next, ignoreNotFound(err)
}

// InView returns the alert with an id, with the article that it leads to if a view has it;
// ErrNotFound if there is no such alert.
func (s *Alerts) InView(db *DB, view cms.View, id cms.ID) (*cms.Alert, error) {
	a, err := s.Nouns.ByID(db, id)
	if err != nil {
		return nil, err
	}
	one := []cms.Alert{*a}
	return &one[0], addTargets(db, view, one)
}

// ByID returns the alert with an id as editors see it, ErrNotFound if there is none.
func (s *Alerts) ByID(db *DB, id cms.ID) (*cms.Alert, error) {
	return s.InView(db, cms.DraftView, id)
}

// addTargets sets the articles that alerts lead to, in one statement.
func addTargets(db *DB, view cms.View, list []cms.Alert) error {
	ids := []cms.ID{}
	for i := range list {
		if id := list[i].ArticleID; id != nil {
			ids = append(ids, *id)
		}
	}
	refs, err := db.articleRefs(view, ids)
	for i := range list {
		if id := list[i].ArticleID; id != nil {
			list[i].Target = refs[*id]
		}
	}
	return err
}

// refTables are the tables that articles are read from where others show them.
var refTables = map[cms.View]struct {
	rows database.Select
	id   string
}{
	cms.LiveView:  {database.From("editions AS t").Where("t.live"), "t.article_id"},
	cms.DraftView: {database.From("articles AS t"), "t.id"},
}

// articleRefs returns the articles with these ids that a view has, as others show them.
func (db *DB) articleRefs(view cms.View, ids []cms.ID) (map[cms.ID]*cms.ArticleRef, error) {
	refs := make(map[cms.ID]*cms.ArticleRef, len(ids))
	if len(ids) == 0 {
		return refs, nil
	}
	table := refTables[view]
	rows := database.WhereIn(db.Tx, table.rows, table.id, ids)
	var names int64
	columns := table.id + articleRefColumns(view, "t") + ", " + namesVersion
	err := db.Query(rows.Columns(columns), func(r *database.Row) {
		id := scanID(r)
		refs[id] = scanArticleRef(r, &id)
		names = r.Number()
	})
	if err != nil {
		return nil, err
	}
	return refs, db.addRefURLs(slices.Collect(maps.Values(refs)), names)
}

// unlinkAlerts takes an article that is about to be deleted from the alerts that lead to it.
func (db *DB) unlinkAlerts(article cms.ID) error {
	rows := database.From("alerts").Where("article_id = ?", article)
	leading, err := database.QueryAll(db.Tx, rows.Columns("id"), scanID)
	for _, id := range leading {
		db.invalidateNoun(cms.AlertNoun, id)
	}
	if err != nil || len(leading) == 0 {
		return err
	}
	return db.Exec("UPDATE alerts SET article_id = NULL WHERE article_id = ?", string(article))
}
