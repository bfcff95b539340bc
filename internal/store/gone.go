package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// goneRow is that something with a name was deleted for good. The name is not kept.
type goneRow struct{ digest string }

var goneTable = &database.Table[goneRow]{
	Name: "gone",
	Columns: database.Columns[goneRow]{
		database.Text("digest", func(g *goneRow) *string { return &g.digest }),
	},
	Suffix: " ON CONFLICT (digest) DO NOTHING",
}

// keyRow is a key of this database.
type keyRow struct{ name, value string }

var keyTable = &database.Table[keyRow]{
	Name: "keys",
	Columns: database.Columns[keyRow]{
		database.Text("name", func(k *keyRow) *string { return &k.name }),
		database.Text("value", func(k *keyRow) *string { return &k.value }),
	},
}

// goneKey is the name of the key of the digests of what is gone.
const goneKey = "gone"

// addGone records that something with these names is gone; see cms.GoneName.
func (db *DB) addGone(names []string) error {
	if len(names) == 0 {
		return nil
	}
	key, err := db.key(goneKey)
	if errors.Is(err, ErrNotFound) {
		key = rand.Text()
		err = database.Insert(db.Tx, keyTable, keyRow{goneKey, key})
	}
	if err != nil {
		return err
	}
	rows := make([]goneRow, len(names))
	for i, name := range names {
		rows[i] = goneRow{digestWith(key, name)}
	}
	return database.Insert(db.Tx, goneTable, rows...)
}

// Gone returns which of some names something had that is gone, in two statements.
func (db *DB) Gone(names []string) (map[string]bool, error) {
	gone := map[string]bool{}
	key, err := db.key(goneKey)
	if err != nil || len(names) == 0 {
		return gone, ignoreNotFound(err)
	}
	of := make(map[string]string, len(names))
	digests := make([]string, len(names))
	for i, name := range names {
		digests[i] = digestWith(key, name)
		of[digests[i]] = name
	}
	rows := database.WhereIn(db.Tx, database.From("gone"), "digest", digests)
	err = db.Query(rows.Columns("digest"), func(r *database.Row) { gone[of[r.Text()]] = true })
	return gone, err
}

func (db *DB) key(name string) (string, error) {
	rows := database.From("keys").Where("name = ?", name)
	return database.QueryRow(db.Tx, rows.Columns("value"), (*database.Row).Text)
}

// digestWith returns a digest from which, without the key, nobody can tell what it was made of.
func digestWith(key, text string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// addGoneImports records that an imported article is gone, so that no import brings it again, and
// forgets what it was called at its source.
func (db *DB) addGoneImports(id cms.ID) error {
	const forget = "DELETE FROM imports WHERE article_id = ? RETURNING source, key, permalink"
	var names []string
	err := db.Query(database.SQL(forget, string(id)), func(r *database.Row) {
		source := r.Text()
		key := r.Text()
		permalink := r.Text()
		names = append(names, cms.GoneImport(source, key))
		if permalink != "" {
			names = append(names, cms.GoneImport(source, permalink))
		}
	})
	if err != nil {
		return err
	}
	return db.addGone(names)
}

// addGoneArticle records that an article that readers have seen is gone, with all its paths, and
// forgets these.
func (db *DB) addGoneArticle(id cms.ID) error {
	rows := database.From("article_slugs").Where("article_id = ? AND public", id)
	names, err := database.QueryAll(db.Tx, rows.Columns("slug"), func(r *database.Row) string {
		return cms.GoneName(cms.ArticlePage, r.Text())
	})
	if err != nil {
		return err
	}
	const forget = "DELETE FROM import_aliases WHERE article_id = ? RETURNING path"
	paths, err := database.QueryAll(db.Tx, database.SQL(forget, string(id)), (*database.Row).Text)
	if err != nil || len(names) == 0 { // readers never saw it
		return err
	}
	db.invalidate(cms.ArticleCacheTag(id)) // what says that it was withdrawn
	names = append(append(names, cms.GoneName(cms.ArticlePage, string(id))), paths...)
	return db.addGone(names)
}

// addGoneNoun records that a noun is gone that had a page.
func (db *DB) addGoneNoun(noun cms.Noun, id cms.ID) error {
	if !noun.HasPages() {
		return nil
	}
	kind := cms.PageKind(noun.Singular)
	rows := database.From("slugs").Where("noun = ?", noun.Singular).Where("id = ?", id)
	names, err := database.QueryAll(db.Tx, rows.Columns("slug"), func(r *database.Row) string {
		return cms.GoneName(kind, r.Text())
	})
	if err != nil {
		return err
	}
	return db.addGone(append(names, cms.GoneName(kind, string(id))))
}
