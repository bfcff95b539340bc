package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// siteRow is the only row of its table.
type siteRow struct {
	id        cms.ID
	version   int64
	settings  string // a cms.SiteInput as JSON
	updatedAt time.Time
}

var siteTable = &database.Table[siteRow]{
	Name: "site",
	Columns: database.Columns[siteRow]{
		database.Text("id", func(s *siteRow) *cms.ID { return &s.id }),
		database.Number("version", func(s *siteRow) *int64 { return &s.version }),
		database.Text("settings", func(s *siteRow) *string { return &s.settings }),
		database.Time("updated_at", func(s *siteRow) *time.Time { return &s.updatedAt }),
	},
	Suffix: ` ON CONFLICT (id) DO UPDATE SET version = excluded.version,
		settings = excluded.settings, updated_at = excluded.updated_at`,
}

// FixSite sets what the operator has set of the site. It must be called before the first read.
func (s *Store) FixSite(fixed cms.FixedSite) { s.names.fixed = fixed }

// StoredSite returns the site without what the operator has set, and its version: 1 before the
// first change.
func (db *DB) StoredSite() (cms.SiteInput, int64, error) {
	in := cms.DefaultSite()
	row, err := database.QueryRow(
		db.Tx,
		database.From("site AS s").Columns(siteTable.Columns.Of("s")),
		siteTable.Columns.Value,
	)
	switch {
	case errors.Is(err, ErrNotFound):
		return in, 1, nil
	case err != nil:
		return in, 0, err
	}
	if err := json.Unmarshal([]byte(row.settings), &in); err != nil {
		return in, 0, fmt.Errorf("settings of the site: %w", err)
	}
	return in, row.version, nil
}

// SaveSite saves what is stored of the site, as a version.
func (db *DB) SaveSite(in cms.SiteInput, version int64) error {
	settings, err := json.Marshal(in)
	if err != nil {
		return err
	}
	db.site = nil
	db.bumpNames()
	db.invalidate(cms.SiteCacheTag)
	if err := db.setMediaUses("site", cms.SiteID, true, in.MediaRefs()); err != nil {
		return err
	}
	return database.Insert(db.Tx, siteTable, siteRow{
		id:        cms.SiteID,
		version:   version,
		settings:  string(settings),
		updatedAt: db.Now(),
	})
}

// Site returns the site as this transaction sees it.
func (db *DB) Site() (*cms.Site, error) {
	if db.site != nil || db.inWrite() {
		return db.siteAt(0)
	}
	version, err := db.namesNow()
	if err != nil {
		return nil, err
	}
	return db.siteAt(version)
}

// namesNow returns the version of all names that the transaction sees.
func (db *DB) namesNow() (int64, error) {
	version := database.SQL("SELECT coalesce(" + namesVersion + ", 0)")
	return database.QueryRow(db.Tx, version, (*database.Row).Number)
}

// MenuTargets returns what the entries of menus lead to, as a view has it: in at most six
// statements.
func (db *DB) MenuTargets(view cms.View, menus cms.Menus) (cms.MenuTargets, error) {
	targets := cms.MenuTargets{Nouns: map[cms.ID]cms.Ref{}}
	ids := menus.Targets()
	articles := ids[cms.ArticleKind]
	var err error
	if targets.Articles, err = db.articleRefs(view, articles); err != nil {
		return targets, err
	}
	if targets.Live, err = db.LiveAmong(articles); err != nil {
		return targets, err
	}
	collections, err := NewCollections().ByIDs(db, ids[cms.CollectionNoun.Singular])
	if err != nil {
		return targets, err
	}
	for id, c := range collections {
		targets.Nouns[id] = cms.Ref{
			ID: id, Slug: c.Slug, Name: c.Name, URL: c.URL, Localized: c.Localized,
		}
	}
	named, err := db.namedNow(ids)
	for id, n := range named {
		targets.Nouns[id] = n.Ref
	}
	return targets, err
}

// namedNow returns the nouns that articles can refer to by ids, which stand by kind.
func (db *DB) namedNow(byKind map[string][]cms.ID) (map[cms.ID]cms.NamedRef, error) {
	var ids []cms.ID
	for _, r := range cms.References {
		ids = append(ids, byKind[r.Noun.Singular]...)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	version, err := db.namesNow()
	if err != nil {
		return nil, err
	}
	return db.named(version, ids)
}

// siteAt returns the site in a version of the names, which this transaction sees. What a write sees
// may never come to be: it is read anew, and not remembered.
func (db *DB) siteAt(version int64) (*cms.Site, error) {
	if db.site == nil && !db.inWrite() {
		db.site = db.names.siteAt(version)
	}
	if db.site != nil {
		return db.site, nil
	}
	stored, siteVersion, err := db.StoredSite()
	if err != nil {
		return nil, err
	}
	db.site = cms.NewSite(stored, siteVersion, db.names.fixed)
	if !db.inWrite() {
		db.names.putSite(version, db.site)
	}
	return db.site, nil
}
