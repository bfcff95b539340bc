package store

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/search"
)

// nobody is an id that nothing has.
const nobody cms.ID = "00000000-0000-0000-0000-000000000000"

type tagSlug struct {
	Slug  string `gorm:"primaryKey"`
	TagID cms.ID
}

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

// TagName is a name a tag is known by.
type TagName struct {
	Key, Name string
}

var tagOrders = map[string]order{
	"name":          {column: "t.name_key", id: "t.id", value: byText},
	"article_count": {column: "t.article_count", id: "t.id", value: byNumber},
}

const tagColumns = `t.id, t.version, t.slug, t.name, t.name_key, t.description, t.parent_id, t.article_count, t.created_at,
	t.updated_at, p.slug, p.name`

// tag reads the columns of tagColumns.
func (r *row) tag() cms.TagDetail {
	t := cms.TagDetail{Aliases: []string{}}
	t.ID, t.Version, t.Slug, t.Name, t.NameKey = r.id(), r.number(), r.text(), r.text(), r.text()
	t.Description, t.ParentID, t.ArticleCount, t.CreatedAt, t.UpdatedAt = r.text(), r.maybeID(), r.number(), r.time(), r.time()
	parent := cms.TagRef{Slug: r.text(), Name: r.text()}
	if t.ParentID != nil {
		parent.ID = *t.ParentID
		t.Parent = &parent
	}
	return t
}

// Tags lists tags in at most three statements.
func (db *DB) Tags(q cms.TagQuery) (cms.List[cms.TagDetail], error) {
	var list cms.List[cms.TagDetail]
	rows := from("tags AS t")
	rows = whereIn(db, rows, "t.id", q.IDs)
	rows = whereIn(db, rows, "t.slug", q.Slugs)
	if q.NameContains != "" {
		// Substring search without a pattern: no character of the question means anything.
		rows = rows.where("EXISTS (SELECT 1 FROM tag_names AS n WHERE n.tag_id = t.id AND "+db.dialect.contains("n.name_key")+")", q.NameContains)
	}
	var total int64
	var err error
	if q.Page.Count {
		if total, err = db.count(rows); err != nil {
			return list, err
		}
	}
	found, err := db.readTags(tagOrders[q.Sort.By].window(rows, q.Sort, q.Page))
	list = pageOf(found, q.Page)
	list.Total = total
	return list, err
}

// readTags reads tags with their surroundings, in two statements.
func (db *DB) readTags(rows selectQuery) ([]cms.TagDetail, error) {
	tags, err := queryAll(db, rows.join("LEFT JOIN tags AS p ON p.id = t.parent_id").columns(tagColumns), (*row).tag)
	if err != nil || len(tags) == 0 {
		return tags, err
	}
	ids := make([]cms.ID, len(tags))
	for i := range tags {
		ids[i] = tags[i].ID
	}
	names := whereIn(db, from("tag_names"), "tag_id", ids).where("position > 0").order("tag_id, position")
	return tags, db.query(names.columns("tag_id, name"), func(r *row) {
		i := slices.Index(ids, r.id())
		tags[i].Aliases = append(tags[i].Aliases, r.text())
	})
}

// Tag is one tag with its surroundings, ErrNone if there is none.
func (db *DB) Tag(id cms.ID) (*cms.TagDetail, error) {
	found, err := db.readTags(from("tags AS t").where("t.id = ?", id))
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}

// ParentOf is the id of a tag's parent, empty if it has none.
func (db *DB) ParentOf(id cms.ID) (cms.ID, error) {
	return queryRow(db, from("tags").where("id = ?", id).columns("parent_id"), (*row).id)
}

// TagHeight is how many tags the longest chain from a tag downwards holds, itself included; 1 for one that is not saved.
func (db *DB) TagHeight(id cms.ID) (int, error) {
	height, err := queryRow(db, sqlFragment{text: `WITH RECURSIVE below (id, depth) AS (
			SELECT id, 1 FROM tags WHERE id = ?
			UNION ALL SELECT t.id, b.depth + 1 FROM tags AS t JOIN below AS b ON t.parent_id = b.id WHERE b.depth < ?)
		SELECT coalesce(max(depth), 1) FROM below`, args: []any{id, 2 * cms.MaxTagDepth}}, (*row).number)
	return int(height), err
}

// TagSlugs are the slugs of the tags that most articles carry.
func (db *DB) TagSlugs(limit int) ([]string, error) {
	return queryAll(db, from("tags").order("article_count DESC, id").limit(limit, 0).columns("slug"), (*row).text)
}

// TagBySlug is the id of the tag that answers to a slug, now or once; ErrNone if none does.
func (db *DB) TagBySlug(slug string) (cms.ID, error) {
	return queryRow(db, from("tag_slugs").where("slug = ?", slug).columns("tag_id"), (*row).id)
}

// TagByName is the tag known by a folded name, ErrNone if none is.
func (db *DB) TagByName(key string) (cms.TagRef, error) {
	rows := from("tag_names AS x").join("JOIN tags AS t ON t.id = x.tag_id").where("x.name_key = ?", key)
	return queryRow(db, rows.columns(refColumns), (*row).tagRef)
}

const refColumns = "t.id, t.slug, t.name"

// tagRef reads the columns of refColumns.
func (r *row) tagRef() cms.TagRef {
	return cms.TagRef{ID: r.id(), Slug: r.text(), Name: r.text()}
}

// ArticleCounts are how many live articles carry each of some tags.
func (db *DB) ArticleCounts(ids []cms.ID) (map[cms.ID]int64, error) {
	counts := make(map[cms.ID]int64, len(ids))
	err := db.query(whereIn(db, from("tags"), "id", ids).columns("id, article_count"), func(r *row) { counts[r.id()] = r.number() })
	return counts, err
}

// TagsByName are the ids of the tags known by folded names; a name that no tag has is not among them.
func (db *DB) TagsByName(keys []string) (map[string]cms.ID, error) {
	condition, arg := anyOf(db, "name_key", keys)
	var rows []tagName
	if err := db.gorm.Where(condition, arg).Find(&rows).Error; err != nil {
		return nil, err
	}
	ids := make(map[string]cms.ID, len(rows))
	for _, row := range rows {
		ids[row.NameKey] = row.TagID
	}
	return ids, nil
}

// KnownTags are the tags that ids and slugs mean; those that mean none are not among them.
func (db *DB) KnownTags(refs []string) (map[string]cms.TagRef, error) {
	ids, slugs := splitRefs(refs)
	known := map[string]cms.TagRef{}
	if len(slugs) > 0 {
		rows := whereIn(db, from("tag_slugs AS x").join("JOIN tags AS t ON t.id = x.tag_id"), "x.slug", slugs)
		err := db.query(rows.columns("x.slug, "+refColumns), func(r *row) { known[r.text()] = r.tagRef() })
		if err != nil {
			return nil, err
		}
	}
	there := map[cms.ID]cms.TagRef{}
	if len(ids) > 0 {
		err := db.query(whereIn(db, from("tags AS t"), "t.id", ids).columns(refColumns), func(r *row) {
			tag := r.tagRef()
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
	if err := db.gorm.Create(t).Error; err != nil {
		return err
	}
	return db.gorm.Create(&tagTermRow{tagTerm(t.ID), t.ID}).Error
}

// SaveTag saves every field of a tag but its count, which publishing keeps.
func (db *DB) SaveTag(t *cms.Tag) error {
	db.bumpTagVersion(t.ID)
	return db.gorm.Select("*").Omit("id", "article_count", "created_at").Where("id = ?", t.ID).Updates(t).Error
}

// SaveTagNames makes names, its own first, all the names of a tag, and adds slugs to those it answers to.
func (db *DB) SaveTagNames(id cms.ID, names []TagName, slugs []string) error {
	if err := db.gorm.Where("tag_id = ?", id).Delete(&tagName{}).Error; err != nil {
		return err
	}
	rows := make([]tagName, len(names))
	for i, n := range names {
		rows[i] = tagName{n.Key, id, i, n.Name}
	}
	if err := db.gorm.Create(&rows).Error; err != nil {
		return err
	}
	if err := db.saveTagWords(id, names); err != nil {
		return err
	}
	for _, slug := range slugs {
		if err := db.gorm.Exec("INSERT INTO tag_slugs (slug, tag_id) VALUES (?, ?) ON CONFLICT (slug) DO NOTHING", slug, id).Error; err != nil {
			return err
		}
	}
	return nil
}

// saveTagWords makes the words of names all that a tag is found by.
func (db *DB) saveTagWords(id cms.ID, names []TagName) error {
	if err := db.gorm.Where("tag_id = ?", id).Delete(&tagWord{}).Error; err != nil {
		return err
	}
	var rows []tagWord
	for _, n := range names {
		for w := range search.Words(n.Name) {
			for _, form := range w.Forms {
				if row := (tagWord{form, id}); !slices.Contains(rows, row) {
					rows = append(rows, row)
				}
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return db.gorm.Create(&rows).Error
}

// DeleteTag removes a tag from every article and edition. Its children lose their parent.
func (db *DB) DeleteTag(id cms.ID) error {
	db.bumpTagVersion(id)
	if err := db.gorm.Model(&cms.Tag{}).Where("parent_id = ?", id).UpdateColumn("parent_id", nil).Error; err != nil {
		return err
	}
	return db.gorm.Where("id = ?", id).Delete(&cms.Tag{}).Error
}

// MergeTag gives all that a tag has, articles, editions, slugs, names and children, to another, and removes it.
func (db *DB) MergeTag(from, into cms.ID) error {
	db.invalidateTag(into)
	for _, statement := range []string{
		`INSERT INTO article_tags (article_id, tag_id, position) SELECT x.article_id, t.id, x.position
			FROM article_tags AS x JOIN tags AS t ON t.id = @into WHERE x.tag_id = @from ON CONFLICT DO NOTHING`,
		`INSERT INTO tag_feed (tag_id, published_at, article_id, edition) SELECT t.id, x.published_at, x.article_id, x.edition
			FROM tag_feed AS x JOIN tags AS t ON t.id = @into WHERE x.tag_id = @from ON CONFLICT DO NOTHING`,
		`UPDATE tags SET article_count = (SELECT count(*) FROM tag_feed WHERE tag_id = @into) WHERE id = @into`,
		`UPDATE tag_slugs SET tag_id = @into WHERE tag_id = @from`,
		`UPDATE tag_names SET tag_id = @into, position = position + 1 +
			(SELECT max(position) FROM tag_names WHERE tag_id = @into) WHERE tag_id = @from`,
		`INSERT INTO tag_words (word, tag_id) SELECT x.word, t.id
			FROM tag_words AS x JOIN tags AS t ON t.id = @into WHERE x.tag_id = @from ON CONFLICT DO NOTHING`,
		`UPDATE tag_terms SET tag_id = @into WHERE tag_id = @from`,
		`UPDATE tags SET parent_id = @into WHERE parent_id = @from AND id <> @into`,
	} {
		if err := db.gorm.Exec(statement, map[string]any{"from": from, "into": into}).Error; err != nil {
			return err
		}
	}
	return db.DeleteTag(from)
}
