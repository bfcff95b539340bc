package store

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/search"
)

// nilID is an id that nothing has.
const nilID cms.ID = "00000000-0000-0000-0000-000000000000"

type tagName struct {
	NameKey  string `gorm:"primaryKey"`
	TagID    cms.ID
	Position int // 0: the tag's own name
	Name     string
}

type tagWord struct {
	Word  string `gorm:"primaryKey"`
	TagID cms.ID `gorm:"primaryKey"`
}

// tagTermRow says which tag a term in the search index stands for.
type tagTermRow struct {
	Term  string `gorm:"primaryKey"`
	TagID cms.ID
}

// TableName returns the table that the terms of tags are in.
func (tagTermRow) TableName() string { return "tag_terms" }

var tags = Nouns[cms.Tag, *cms.Tag]{
	Noun: cms.TagNoun,
	Name: "name_key",
	Orders: map[string]order{
		"name":          orderBy("n.name_key", "n.id", byText),
		"article_count": orderBy("n.article_count", "n.id", byNumber),
	},
}

// Tags are the rows of tags, with their names and parents.
type Tags struct{}

// List returns a page of tags, found by any of their names, in at most three statements.
func (Tags) List(db *DB, q cms.NounQuery) (list cms.List[cms.TagDetail], err error) {
	rows := tags.rows(db, q)
	if q.NameContains != "" {
		rows = rows.Where("EXISTS (SELECT 1 FROM tag_names AS x WHERE x.tag_id = n.id AND "+
			db.Contains("x.name_key")+")", q.NameContains)
	}
	found, err := tags.page(db, rows, q)
	if err != nil {
		return list, err
	}
	list.HasPrev = found.HasPrev
	list.HasNext = found.HasNext
	list.Total = found.Total
	list.Rows, err = surroundTags(db, found.Rows)
	return list, err
}

// ByID returns the tag with an id, ErrNotFound if there is none.
func (Tags) ByID(db *DB, id cms.ID) (*cms.TagDetail, error) {
	tag, err := tags.ByID(db, id)
	if err != nil {
		return nil, err
	}
	details, err := surroundTags(db, []cms.Tag{*tag})
	if err != nil {
		return nil, err
	}
	return &details[0], nil
}

// surroundTags adds their parents and aliases to tags, in one statement.
func surroundTags(db *DB, list []cms.Tag) ([]cms.TagDetail, error) {
	details := make([]cms.TagDetail, len(list))
	if len(list) == 0 {
		return details, nil
	}
	ids := make([]cms.ID, len(list))
	at := make(map[cms.ID]*cms.TagDetail, len(list))
	for i, tag := range list {
		details[i] = cms.TagDetail{Tag: tag, Aliases: []string{}}
		ids[i] = tag.ID
		at[tag.ID] = &details[i]
	}
	rows := database.From("tags AS c").Join("LEFT JOIN tags AS t ON t.id = c.parent_id").
		Join("LEFT JOIN tag_names AS x ON x.tag_id = c.id AND x.position > 0")
	rows = database.WhereIn(db.Tx, rows, "c.id", ids).OrderBy("c.id, x.position")
	err := db.Query(rows.Columns("c.id, x.name, "+refColumns), func(r *database.Row) {
		d := at[scanID(r)]
		if alias := r.Text(); alias != "" {
			d.Aliases = append(d.Aliases, alias)
		}
		if parent := scanTagRef(r); parent.ID != "" {
			d.Parent = &parent
		}
	})
	return details, err
}

// Create saves a new tag with its names.
func (Tags) Create(db *DB, t *cms.TagDetail) error {
	db.invalidate(cms.TagChanged(t.ID)...)
	if err := tags.Create(db, &t.Tag); err != nil {
		return err
	}
	if err := db.GORM.Create(&tagTermRow{tagTerm(t.ID), t.ID}).Error; err != nil {
		return err
	}
	return db.saveTagNames(t.ID, t.Names)
}

// Update saves a tag that was changed, with its names.
func (Tags) Update(db *DB, t *cms.TagDetail) error {
	if err := db.SaveTag(&t.Tag); err != nil {
		return err
	}
	return db.saveTagNames(t.ID, t.Names)
}

// SaveTag saves a tag that was changed, without its names.
func (db *DB) SaveTag(t *cms.Tag) error {
	db.invalidate(cms.TagChanged(t.ID)...)
	return tags.Update(db, t)
}

// Delete removes a tag from every article and edition. Its children lose their parent.
func (Tags) Delete(db *DB, id cms.ID) error {
	db.invalidate(cms.TagChanged(id)...)
	if err := db.Exec("UPDATE tags SET parent_id = NULL WHERE parent_id = ?", id); err != nil {
		return err
	}
	return tags.Delete(db, id)
}

// TagSlugs returns the slugs of the tags with the most articles.
func (db *DB) TagSlugs(limit int) ([]string, error) {
	return database.QueryAll(
		db.Tx,
		database.From("tags").OrderBy("article_count DESC, id").Limit(limit, 0).Columns("slug"),
		(*database.Row).Text,
	)
}

// TagByName returns the tag with a folded name, ErrNotFound if there is none.
func (db *DB) TagByName(key string) (cms.Ref, error) {
	rows := database.From("tag_names AS x").
		Join("JOIN tags AS t ON t.id = x.tag_id").
		Where("x.name_key = ?", key)
	return database.QueryRow(db.Tx, rows.Columns(refColumns), scanTagRef)
}

const refColumns = "t.id, t.slug, t.name"

// scanTagRef reads the columns of refColumns.
func scanTagRef(r *database.Row) cms.Ref {
	return cms.Ref{ID: scanID(r), Slug: r.Text(), Name: r.Text()}
}

// ArticleCounts returns how many live articles have each of some tags.
func (db *DB) ArticleCounts(ids []cms.ID) (map[cms.ID]int64, error) {
	counts := make(map[cms.ID]int64, len(ids))
	err := db.Query(
		database.WhereIn(db.Tx, database.From("tags"), "id", ids).Columns("id, article_count"),
		func(r *database.Row) { counts[scanID(r)] = r.Number() },
	)
	return counts, err
}

// TagsByName returns the ids of the tags with folded names, by name; a name that no tag has is
// missing.
func (db *DB) TagsByName(keys []string) (map[string]cms.ID, error) {
	condition, arg := database.AnyOf(db.Tx, "name_key", keys)
	var rows []tagName
	if err := db.GORM.Where(condition, arg).Find(&rows).Error; err != nil {
		return nil, err
	}
	ids := make(map[string]cms.ID, len(rows))
	for _, row := range rows {
		ids[row.NameKey] = row.TagID
	}
	return ids, nil
}

// KnownTags returns the tags that ids and slugs mean, by id or slug; those that mean none are
// missing.
func (db *DB) KnownTags(refs []string) (map[string]cms.Ref, error) {
	ids, slugs := splitRefs(refs)
	known := map[string]cms.Ref{}
	if len(slugs) > 0 {
		rows := database.WhereIn(
			db.Tx,
			database.From("slugs AS x").Join("JOIN tags AS t ON t.id = x.id").
				Where("x.noun = 'tag'"),
			"x.slug",
			slugs,
		)
		err := db.Query(
			rows.Columns("x.slug, "+refColumns),
			func(r *database.Row) { known[r.Text()] = scanTagRef(r) },
		)
		if err != nil {
			return nil, err
		}
	}
	there := map[cms.ID]cms.Ref{}
	if len(ids) > 0 {
		err := db.Query(
			database.WhereIn(db.Tx, database.From("tags AS t"), "t.id", ids).Columns(refColumns),
			func(r *database.Row) {
				tag := scanTagRef(r)
				there[tag.ID] = tag
			},
		)
		if err != nil {
			return nil, err
		}
	}
	for _, ref := range refs {
		id, _ := cms.ParseID(ref)
		if tag, ok := there[id]; ok {
			known[ref] = tag
		}
	}
	return known, nil
}

// saveTagNames makes names, its own first, all the names of a tag, and lets the slugs of the others
// lead to it.
func (db *DB) saveTagNames(id cms.ID, names []cms.TagName) error {
	if err := db.GORM.Where("tag_id = ?", id).Delete(&tagName{}).Error; err != nil {
		return err
	}
	rows := make([]tagName, len(names))
	for i, n := range names {
		rows[i] = tagName{n.Key, id, i, n.Name}
	}
	if err := db.GORM.Create(&rows).Error; err != nil {
		return err
	}
	if err := db.saveTagWords(id, names); err != nil {
		return err
	}
	var slugs []string
	for _, n := range names[1:] {
		if n.Slug != "" {
			slugs = append(slugs, n.Slug)
		}
	}
	return db.AddSlugs(cms.TagNoun, id, slugs...)
}

// saveTagWords makes the words of names all words that a tag is found by.
func (db *DB) saveTagWords(id cms.ID, names []cms.TagName) error {
	if err := db.GORM.Where("tag_id = ?", id).Delete(&tagWord{}).Error; err != nil {
		return err
	}
	var rows []tagWord
	for _, n := range names {
		for w := range search.Words(n.Name) {
			for _, form := range w.Terms() {
				if row := (tagWord{form, id}); !slices.Contains(rows, row) {
					rows = append(rows, row)
				}
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return db.GORM.Create(&rows).Error
}

// MergeTag gives all that a tag has (articles, editions, slugs, names and children) to another, and
// removes it.
func (db *DB) MergeTag(from, into cms.ID) error {
	db.invalidate(cms.TagChanged(into)...)
	for _, statement := range []string{
		`INSERT INTO article_tags (article_id, tag_id, position)
			SELECT x.article_id, t.id, x.position
			FROM article_tags AS x JOIN tags AS t ON t.id = @into WHERE x.tag_id = @from
			ON CONFLICT DO NOTHING`,
		`INSERT INTO tag_feed (tag_id, published_at, article_id, edition)
			SELECT t.id, x.published_at, x.article_id, x.edition
			FROM tag_feed AS x JOIN tags AS t ON t.id = @into WHERE x.tag_id = @from
			ON CONFLICT DO NOTHING`,
		`UPDATE tags SET article_count = (SELECT count(*) FROM tag_feed WHERE tag_id = @into)
			WHERE id = @into`,
		`UPDATE tag_names SET tag_id = @into, position = position + 1 +
			(SELECT max(position) FROM tag_names WHERE tag_id = @into) WHERE tag_id = @from`,
		`INSERT INTO tag_words (word, tag_id) SELECT x.word, t.id
			FROM tag_words AS x JOIN tags AS t ON t.id = @into WHERE x.tag_id = @from
			ON CONFLICT DO NOTHING`,
		`UPDATE tag_terms SET tag_id = @into WHERE tag_id = @from`,
		`UPDATE tags SET parent_id = @into WHERE parent_id = @from AND id <> @into`,
	} {
		err := db.GORM.Exec(statement, map[string]any{"from": from, "into": into}).Error
		if err != nil {
			return err
		}
	}
	if err := db.moveSlugs(cms.TagNoun, from, into); err != nil {
		return err
	}
	return Tags{}.Delete(db, from)
}
