package store

import (
	"cmp"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// Media are the rows of media.
type Media struct {
	Nouns[cms.Medium, *cms.Medium]
}

// NewMedia returns the rows of media.
func NewMedia() *Media {
	return &Media{Nouns[cms.Medium, *cms.Medium]{
		Noun: cms.MediumNoun,
		Orders: map[string]order{
			"created_at": orderBy("n.created_at", "n.id", byTime),
			"updated_at": orderBy("n.updated_at", "n.id", byTime),
		},
	}}
}

// Ask returns a page of media, in at most four statements.
func (s *Media) Ask(db *DB, q cms.MediaQuery) (cms.List[cms.Medium], error) {
	rows := database.WhereIn(db.Tx, database.From("media AS n"), "n.id", q.IDs)
	rows = database.WhereIn(db.Tx, rows, "n.kind", q.Kinds)
	if q.Words != "" {
		rows = rows.Where(db.Contains("n.words_key"), q.Words)
	}
	if q.Expired != nil {
		condition := "(n.expires_at IS NULL OR n.expires_at > ?)"
		if *q.Expired {
			condition = "n.expires_at <= ?"
		}
		rows = rows.Where(condition, db.Now())
	}
	if q.Used != nil {
		condition := "EXISTS (SELECT 1 FROM media_uses AS u WHERE u.medium_id = n.id)"
		if !*q.Used {
			condition = "NOT " + condition
		}
		rows = rows.Where(condition)
	}
	list, err := s.page(db, rows, cms.NounQuery{Sort: q.Sort, Page: q.Page})
	if err != nil {
		return list, err
	}
	return list, countMediaUses(db, list.Rows)
}

// ByID returns the medium with an id, ErrNotFound if there is none.
func (s *Media) ByID(db *DB, id cms.ID) (*cms.Medium, error) {
	m, err := s.Nouns.ByID(db, id)
	if err != nil {
		return nil, err
	}
	one := []cms.Medium{*m}
	return &one[0], countMediaUses(db, one)
}

// countMediaUses sets how many things show media, and which have the bytes of others.
func countMediaUses(db *DB, list []cms.Medium) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]cms.ID, len(list))
	at := make(map[cms.ID]*cms.Medium, len(list))
	for i := range list {
		ids[i] = list[i].ID
		at[list[i].ID] = &list[i]
	}
	const uses = "(SELECT count(DISTINCT u.owner_id) FROM media_uses AS u WHERE u.medium_id = n.id)"
	const same = "(SELECT count(*) FROM media AS o WHERE o.digest = n.digest)"
	rows := database.WhereIn(db.Tx, database.From("media AS n"), "n.id", ids)
	return db.Query(rows.Columns("n.id, "+uses+", "+same), func(r *database.Row) {
		m := at[scanID(r)]
		m.UsedBy = r.Number()
		m.Duplicate = r.Number() > 1
		m.SetExpired(db.Now())
	})
}

// Update saves a medium that was changed. All that shows it falls.
func (s *Media) Update(db *DB, m *cms.Medium) error {
	db.invalidate(cms.ShownMedia)
	return s.Nouns.Update(db, m)
}

// Delete removes a medium. It is an InUse error if something shows it.
func (s *Media) Delete(db *DB, id cms.ID) error {
	rows := database.From("media_uses").Where("medium_id = ?", id)
	used, err := db.Count(rows)
	if err != nil {
		return err
	}
	if used > 0 {
		return mediumInUse(db, id)
	}
	db.invalidateNoun(cms.MediumNoun, id)
	db.invalidate(cms.ShownMedia)
	return db.Exec("DELETE FROM media WHERE id = ?", string(id))
}

// mediumInUse returns the error for a medium that is to be deleted and is shown.
func mediumInUse(db *DB, id cms.ID) error {
	uses, err := db.MediumUses(id, cms.PageRequest{Limit: maxPlaces})
	if err != nil {
		return err
	}
	return cms.MediumInUse(uses.Rows)
}

// MediaByID returns the media with these ids, by id, in one statement; those that do not exist are
// missing, and so are, for readers, those that have expired.
func (db *DB) MediaByID(view cms.View, ids []cms.ID) (map[cms.ID]*cms.Medium, error) {
	found := make(map[cms.ID]*cms.Medium, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	slices.Sort(ids)
	rows := database.WhereIn(db.Tx, database.From("media AS n"), "n.id", slices.Compact(ids))
	list, err := NewMedia().find(db, rows)
	for i := range list {
		list[i].SetExpired(db.Now())
		if view == cms.DraftView || !list[i].Expired {
			found[list[i].ID] = &list[i]
		}
	}
	return found, err
}

// MediaOfBytes returns the media whose files came with these bytes (SHA-256 in hexadecimal), the
// oldest first.
func (db *DB) MediaOfBytes(digest string) ([]cms.Medium, error) {
	rows := database.From("media AS n").Where("n.digest = ?", digest)
	list, err := NewMedia().find(db, rows)
	for i := range list {
		list[i].SetExpired(db.Now())
	}
	slices.SortFunc(list, func(a, b cms.Medium) int { return cmp.Compare(a.ID, b.ID) })
	return list, err
}

// MediaOfArticle returns what the working copy of an article shows: in its body or beside it.
func (db *DB) MediaOfArticle(article cms.ID, inBody bool) ([]cms.ID, error) {
	rows := database.From("media_uses").
		Where("owner_id = ? AND noun = ? AND NOT live", string(article), cms.ArticleKind)
	if inBody {
		rows = rows.Where("role = ?", string(cms.BodyRole))
	} else {
		rows = rows.Where("role <> ?", string(cms.BodyRole))
	}
	return database.QueryAll(db.Tx, rows.Columns("medium_id"), scanID)
}

// addMedia sets the media that articles show, with those of their bodies if these were read, and of
// their authors: in one statement, if there are any.
func (db *DB) addMedia(stories []cms.ArticleView, view cms.View) error {
	shown := make([][]cms.ID, len(stories))
	var all []cms.ID
	for i := range stories {
		shown[i] = stories[i].MediaIDs()
		all = append(all, shown[i]...)
	}
	found, err := db.MediaByID(view, all)
	if err != nil || len(found) == 0 {
		return err
	}
	for i := range stories {
		stories[i].Media = make(map[cms.ID]*cms.Medium, len(shown[i]))
		for _, id := range shown[i] {
			if m, ok := found[id]; ok {
				stories[i].Media[id] = m
			}
		}
	}
	return nil
}

// AddMedia sets the media that an article shows that was not read.
func (db *DB) AddMedia(story *cms.ArticleView) error {
	one := []cms.ArticleView{*story}
	err := db.addMedia(one, cms.DraftView)
	story.Media = one[0].Media
	return err
}

// pictures adds pictures to rows, also those that have expired: id returns that of the picture of a
// row, and set sets it.
func pictures[R any](db *DB, list []R, id func(*R) cms.ID, set func(*R, *cms.Medium)) error {
	var ids []cms.ID
	for i := range list {
		if id := id(&list[i]); id != "" {
			ids = append(ids, id)
		}
	}
	found, err := db.MediaByID(cms.DraftView, ids)
	for i := range list {
		set(&list[i], found[id(&list[i])])
	}
	return err
}

// mediaUse is a row of what shows a medium.
type mediaUse struct {
	mediumID cms.ID
	noun     string // the kind of what shows it
	ownerID  cms.ID
	role     cms.MediaRole
	live     bool
}

var mediaUseTable = &database.Table[mediaUse]{
	Name: "media_uses",
	Columns: database.Columns[mediaUse]{
		database.Text("medium_id", func(u *mediaUse) *cms.ID { return &u.mediumID }),
		database.Text("noun", func(u *mediaUse) *string { return &u.noun }),
		database.Text("owner_id", func(u *mediaUse) *cms.ID { return &u.ownerID }),
		database.Text("role", func(u *mediaUse) *cms.MediaRole { return &u.role }),
		database.Flag("live", func(u *mediaUse) *bool { return &u.live }),
	},
	Suffix: " ON CONFLICT DO NOTHING",
}

// mediaUses returns the rows of what a thing shows.
func mediaUses(noun string, owner cms.ID, live bool, refs []cms.MediaRef) []mediaUse {
	rows := make([]mediaUse, len(refs))
	for i, ref := range refs {
		rows[i] = mediaUse{ref.ID, noun, owner, ref.Role, live}
	}
	return rows
}

// setMediaUses records which media a thing shows, in place of those it showed.
func (db *DB) setMediaUses(noun string, owner cms.ID, live bool, refs []cms.MediaRef) error {
	err := db.Exec("DELETE FROM media_uses WHERE owner_id = ? AND noun = ? AND live = ?",
		string(owner), noun, live)
	if err != nil {
		return err
	}
	return database.Insert(db.Tx, mediaUseTable, mediaUses(noun, owner, live, refs)...)
}

// setPicture records which picture a plain noun shows to everybody.
func (db *DB) setPicture(noun cms.Noun, owner, picture cms.ID) error {
	var refs []cms.MediaRef
	if picture != "" {
		refs = []cms.MediaRef{{ID: picture, Role: cms.ImageRole}}
	}
	return db.setMediaUses(noun.Singular, owner, true, refs)
}

// setItemPictures records which pictures the items of a collection show.
func (db *DB) setItemPictures(collection cms.ID) error {
	rows := database.From("collection_items").Where("collection_id = ?", collection).
		Where("valid_until IS NULL AND image_id <> ''")
	shown, err := database.QueryAll(db.Tx, rows.Columns("DISTINCT image_id"),
		func(r *database.Row) cms.MediaRef {
			return cms.MediaRef{ID: scanID(r), Role: cms.ItemRole}
		})
	if err != nil {
		return err
	}
	return db.setMediaUses(cms.CollectionNoun.Singular, collection, true, shown)
}

// forgetMediaUses records that a thing that is deleted shows nothing.
func (db *DB) forgetMediaUses(owner cms.ID) error {
	return db.Exec("DELETE FROM media_uses WHERE owner_id = ?", string(owner))
}

// MediumIsLive reports whether readers see a medium somewhere.
func (db *DB) MediumIsLive(id cms.ID) (bool, error) {
	n, err := db.Count(database.From("media_uses").Where("medium_id = ? AND live", id))
	return n > 0, err
}

// MediaKeys returns which of some keys the files of media have.
func (db *DB) MediaKeys(keys []string) (map[string]bool, error) {
	used := make(map[string]bool, len(keys))
	for _, column := range []string{"file_key", "served_key"} {
		rows := database.WhereIn(db.Tx, database.From("media"), column, keys)
		err := db.Query(rows.Columns("DISTINCT "+column),
			func(r *database.Row) { used[r.Text()] = true })
		if err != nil {
			return nil, err
		}
	}
	return used, nil
}

// keysAtOnce is how many keys of files MediaKeysAfter returns at most.
const keysAtOnce = 1000

// MediaKeysAfter returns the first keys of files of media behind a key, in order, each once.
func (db *DB) MediaKeysAfter(key string) ([]string, error) {
	next := database.SQL(`SELECT key FROM (SELECT DISTINCT file_key AS key FROM media
			WHERE file_key > ? ORDER BY key LIMIT ?) AS came
		UNION SELECT key FROM (SELECT DISTINCT served_key AS key FROM media
			WHERE served_key > ? ORDER BY key LIMIT ?) AS served
		ORDER BY key LIMIT ?`, key, keysAtOnce, key, keysAtOnce, keysAtOnce)
	return database.QueryAll(db.Tx, next, (*database.Row).Text)
}

// mediumRow is a row of media, as it is copied.
type mediumRow struct {
	cms.Medium `gorm:"embedded"`
}

// TableName returns the table of media.
func (mediumRow) TableName() string { return "media" }
