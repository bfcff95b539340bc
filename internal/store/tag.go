package store

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/search"
)

// nobody is an id that nothing has.
const nobody cms.ID = "00000000-0000-0000-0000-000000000000"

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

// TableName is where the terms of tags are.
func (tagTermRow) TableName() string { return "tag_terms" }

var tagOrders = map[string]order{
	"name":          orderBy("t.name_key", "t.id", byText),
	"article_count": orderBy("t.article_count", "t.id", byNumber),
}

const tagColumns = `t.id, t.version, t.slug, t.name, t.name_key, t.description, t.parent_id, t.article_count, t.created_at,
	t.updated_at, p.slug, p.name`

// tag reads the columns of tagColumns.
func scanTag(r *database.Row) cms.TagDetail {
	t := cms.TagDetail{Aliases: []string{}}
	t.ID, t.Version, t.Slug, t.Name, t.NameKey = scanID(r), r.Number(), r.Text(), r.Text(), r.Text()
	t.Description, t.ParentID, t.ArticleCount, t.CreatedAt, t.UpdatedAt = r.Text(), scanMaybeID(r), r.Number(), r.Time(), r.Time()
	parent := cms.Ref{Slug: r.Text(), Name: r.Text()}
	if t.ParentID != nil {
		parent.ID = *t.ParentID
		t.Parent = &parent
	}
	return t
}

// Tags lists tags. It folds q.NameContains.
func (db *DB) Tags(q cms.NounQuery) (cms.List[cms.TagDetail], error) {
	var list cms.List[cms.TagDetail]
	rows := database.From("tags AS t")
	rows = database.WhereIn(db.Tx, rows, "t.id", q.IDs)
	rows = database.WhereIn(db.Tx, rows, "t.slug", q.Slugs)
	if q.NameContains != "" {
		// Substring search without a pattern: no character of the question means anything.
		rows = rows.Where("EXISTS (SELECT 1 FROM tag_names AS n WHERE n.tag_id = t.id AND "+db.Contains("n.name_key")+")", q.NameContains)
	}
	var total int64
	var err error
	if q.Page.Count {
		if total, err = db.Count(rows); err != nil {
			return list, err
		}
	}
	found, err := db.readTags(tagOrders[q.Sort.By].page(rows, q.Sort, q.Page))
	list = pageOf(found, q.Page)
	list.Total = total
	return list, err
}

// readTags reads tags with their surroundings, in two statements.
func (db *DB) readTags(rows database.Select) ([]cms.TagDetail, error) {
	tags, err := database.QueryAll(db.Tx, rows.Join("LEFT JOIN tags AS p ON p.id = t.parent_id").Columns(tagColumns), scanTag)
	if err != nil || len(tags) == 0 {
		return tags, err
	}
	ids := make([]cms.ID, len(tags))
	for i := range tags {
		ids[i] = tags[i].ID
	}
	names := database.WhereIn(db.Tx, database.From("tag_names"), "tag_id", ids).Where("position > 0").OrderBy("tag_id, position")
	return tags, db.Query(names.Columns("tag_id, name"), func(r *database.Row) {
		i := slices.Index(ids, scanID(r))
		tags[i].Aliases = append(tags[i].Aliases, r.Text())
	})
}

// Tag is one tag with its surroundings, ErrNone if there is none.
func (db *DB) Tag(id cms.ID) (*cms.TagDetail, error) {
	found, err := db.readTags(database.From("tags AS t").Where("t.id = ?", id))
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

// TagSlugs are the slugs of the tags that most articles carry.
func (db *DB) TagSlugs(limit int) ([]string, error) {
	return database.QueryAll(db.Tx, database.From("tags").OrderBy("article_count DESC, id").Limit(limit, 0).Columns("slug"), (*database.Row).Text)
}

// TagByName is the tag known by a folded name, ErrNone if none is.
func (db *DB) TagByName(key string) (cms.Ref, error) {
	rows := database.From("tag_names AS x").Join("JOIN tags AS t ON t.id = x.tag_id").Where("x.name_key = ?", key)
	return database.QueryRow(db.Tx, rows.Columns(refColumns), scanTagRef)
}

const refColumns = "t.id, t.slug, t.name"

// tagRef reads the columns of refColumns.
func scanTagRef(r *database.Row) cms.Ref {
	return cms.Ref{ID: scanID(r), Slug: r.Text(), Name: r.Text()}
}

// ArticleCounts are how many live articles carry each of some tags.
func (db *DB) ArticleCounts(ids []cms.ID) (map[cms.ID]int64, error) {
	counts := make(map[cms.ID]int64, len(ids))
	err := db.Query(database.WhereIn(db.Tx, database.From("tags"), "id", ids).Columns("id, article_count"), func(r *database.Row) { counts[scanID(r)] = r.Number() })
	return counts, err
}

// TagsByName are the ids of the tags known by folded names; a name that no tag has is not among them.
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

// KnownTags are the tags that ids and slugs mean; those that mean none are not among them.
func (db *DB) KnownTags(refs []string) (map[string]cms.Ref, error) {
	ids, slugs := splitRefs(refs)
	known := map[string]cms.Ref{}
	if len(slugs) > 0 {
		rows := database.WhereIn(db.Tx, database.From("slugs AS x").Join("JOIN tags AS t ON t.id = x.id").
			Where("x.noun = 'tag'"), "x.slug", slugs)
		err := db.Query(rows.Columns("x.slug, "+refColumns), func(r *database.Row) { known[r.Text()] = scanTagRef(r) })
		if err != nil {
			return nil, err
		}
	}
	there := map[cms.ID]cms.Ref{}
	if len(ids) > 0 {
		err := db.Query(database.WhereIn(db.Tx, database.From("tags AS t"), "t.id", ids).Columns(refColumns), func(r *database.Row) {
			tag := scanTagRef(r)
			there[tag.ID] = tag
		})
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

// AddTag saves a new tag without its names and slugs.
func (db *DB) AddTag(t *cms.Tag) error {
	db.invalidateTag(t.ID)
	if err := db.GORM.Create(t).Error; err != nil {
		return err
	}
	return db.GORM.Create(&tagTermRow{tagTerm(t.ID), t.ID}).Error
}

// SaveTag saves every field of a tag but its count, which publishing keeps.
func (db *DB) SaveTag(t *cms.Tag) error {
	db.invalidateTag(t.ID)
	db.bumpNames()
	return db.GORM.Select("*").Omit("id", "article_count", "created_at").Where("id = ?", t.ID).Updates(t).Error
}

// saveTagNames makes names, its own first, all the names of a tag, and lets their slugs lead to it.
func (db *DB) saveTagNames(id cms.ID, slug string, names []cms.TagName) error {
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
	slugs := []string{slug}
	for _, n := range names[1:] {
		if n.Slug != "" {
			slugs = append(slugs, n.Slug)
		}
	}
	return db.AddSlugs(cms.TagNoun, id, slugs...)
}

// saveTagWords makes the words of names all that a tag is found by.
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

// DeleteTag removes a tag from every article and edition. Its children lose their parent.
func (db *DB) DeleteTag(id cms.ID) error {
	db.invalidateTag(id)
	db.bumpNames()
	if err := db.GORM.Model(&cms.Tag{}).Where("parent_id = ?", id).UpdateColumn("parent_id", nil).Error; err != nil {
		return err
	}
	if err := db.deleteSlugs(cms.TagNoun, id); err != nil {
		return err
	}
	return db.GORM.Where("id = ?", id).Delete(&cms.Tag{}).Error
}

// MergeTag merges a tag into another one (by id or slug), which is returned.
func (db *DB) MergeTag(from, into cms.ID) error {
	db.invalidateTag(into)
	for _, statement := range []string{
		`INSERT INTO article_tags (article_id, tag_id, position) SELECT x.article_id, t.id, x.position
			FROM article_tags AS x JOIN tags AS t ON t.id = @into WHERE x.tag_id = @from ON CONFLICT DO NOTHING`,
		`INSERT INTO tag_feed (tag_id, published_at, article_id, edition) SELECT t.id, x.published_at, x.article_id, x.edition
			FROM tag_feed AS x JOIN tags AS t ON t.id = @into WHERE x.tag_id = @from ON CONFLICT DO NOTHING`,
		`UPDATE tags SET article_count = (SELECT count(*) FROM tag_feed WHERE tag_id = @into) WHERE id = @into`,
		`UPDATE tag_names SET tag_id = @into, position = position + 1 +
			(SELECT max(position) FROM tag_names WHERE tag_id = @into) WHERE tag_id = @from`,
		`INSERT INTO tag_words (word, tag_id) SELECT x.word, t.id
			FROM tag_words AS x JOIN tags AS t ON t.id = @into WHERE x.tag_id = @from ON CONFLICT DO NOTHING`,
		`UPDATE tag_terms SET tag_id = @into WHERE tag_id = @from`,
		`UPDATE tags SET parent_id = @into WHERE parent_id = @from AND id <> @into`,
	} {
		if err := db.GORM.Exec(statement, map[string]any{"from": from, "into": into}).Error; err != nil {
			return err
		}
	}
	if err := db.moveSlugs(cms.TagNoun, from, into); err != nil {
		return err
	}
	return db.DeleteTag(from)
}

// Tags are the rows of tags, with their names and parents.
type Tags struct{}

// List returns a page of tags.
func (Tags) List(db *DB, q cms.NounQuery) (cms.List[cms.TagDetail], error) { return db.Tags(q) }

// ByID returns the tag with an id, ErrNotFound if there is none.
func (Tags) ByID(db *DB, id cms.ID) (*cms.TagDetail, error) { return db.Tag(id) }

// Create saves a new tag with its names.
func (Tags) Create(db *DB, t *cms.TagDetail) error {
	if err := db.AddTag(&t.Tag); err != nil {
		return err
	}
	return db.saveTagNames(t.ID, t.Slug, t.Names)
}

// Update saves a tag that was changed, with its names.
func (Tags) Update(db *DB, t *cms.TagDetail) error {
	if err := db.SaveTag(&t.Tag); err != nil {
		return err
	}
	return db.saveTagNames(t.ID, t.Slug, t.Names)
}

// Delete removes a tag from every article and deletes it.
func (Tags) Delete(db *DB, id cms.ID) error { return db.DeleteTag(id) }
