package store

import (
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// articleRef is a reference of a working copy.
type articleRef struct {
	articleID cms.ID
	cms.RefID
	position int // among all references of the article
}

var articleRefTable = &database.Table[articleRef]{
	Name: "article_refs",
	Columns: database.Within(refIDColumns, func(r *articleRef) *cms.RefID { return &r.RefID }).And(
		database.Text("article_id", func(r *articleRef) *cms.ID { return &r.articleID }),
		database.Number("position", func(r *articleRef) *int { return &r.position }),
	),
}

var refIDColumns = database.Columns[cms.RefID]{
	nounColumn(func(r *cms.RefID) *cms.Noun { return &r.Noun }),
	database.Text("ref_id", func(r *cms.RefID) *cms.ID { return &r.ID }),
	database.Text("role", func(r *cms.RefID) *string { return &r.Role }),
}

// feedRow is a live edition in the feed of a noun that it refers to.
type feedRow struct {
	noun        cms.Noun
	refID       cms.ID
	publishedAt time.Time
	articleID   cms.ID
	edition     int64
}

var feedTable = &database.Table[feedRow]{
	Name: "feed",
	Columns: database.Columns[feedRow]{
		nounColumn(func(f *feedRow) *cms.Noun { return &f.noun }),
		database.Text("ref_id", func(f *feedRow) *cms.ID { return &f.refID }),
		database.Time("published_at", func(f *feedRow) *time.Time { return &f.publishedAt }),
		database.Text("article_id", func(f *feedRow) *cms.ID { return &f.articleID }),
		database.Number("edition", func(f *feedRow) *int64 { return &f.edition }),
	},
}

// nounColumn is the column of the kind of a noun that articles refer to.
func nounColumn[T any](field func(*T) *cms.Noun) database.Column[T] {
	scan := func(r *database.Row, to *T) { *field(to) = scanNoun(r) }
	return database.Field("noun", scan, func(from *T) any { return field(from).Singular })
}

// scanNoun reads the kind of a noun that articles refer to.
func scanNoun(r *database.Row) cms.Noun { return nounNamed(r.Text()) }

func nounNamed(singular string) cms.Noun {
	ref, _ := cms.ReferenceTo(singular)
	return ref.Noun
}

// refsColumn is the column of the references of an edition: a list of texts as JSON, in none of
// which a character is escaped, each the kind of a noun, its id and its role, if any.
func refsColumn[T any](name string, field func(*T) *[]cms.RefID) database.Column[T] {
	scan := func(r *database.Row, to *T) { *field(to) = splitRefIDs(r.Text()) }
	return database.Field(name, scan, func(from *T) any { return joinRefIDs(*field(from)) })
}

func joinRefIDs(refs []cms.RefID) string {
	var b strings.Builder
	b.WriteString("[")
	for i, ref := range refs {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(`"` + ref.Noun.Singular + " " + string(ref.ID))
		if ref.Role != "" {
			b.WriteString(" " + ref.Role)
		}
		b.WriteString(`"`)
	}
	b.WriteString("]")
	return b.String()
}

func splitRefIDs(text string) []cms.RefID {
	text = strings.Trim(text, `[]"`)
	if text == "" {
		return nil
	}
	list := make([]cms.RefID, 0, 1+strings.Count(text, ","))
	for entry := range strings.SplitSeq(text, `","`) {
		noun, rest, _ := strings.Cut(entry, " ")
		id, role, _ := strings.Cut(rest, " ")
		list = append(list, cms.RefID{Noun: nounNamed(noun), ID: cms.ID(id), Role: role})
	}
	return list
}

// RefsOf returns the references of a draft, in order.
func (db *DB) RefsOf(article cms.ID) ([]cms.RefID, error) {
	rows := database.From("article_refs AS x").
		Where("x.article_id = ?", article).
		OrderBy("x.position")
	return database.QueryAll(db.Tx, rows.Columns(refIDColumns.Of("x")), refIDColumns.Value)
}

// articleRefs returns the rows of the references of a draft.
func articleRefs(article cms.ID, refs []cms.RefID) []articleRef {
	rows := make([]articleRef, len(refs))
	for i, ref := range refs {
		rows[i] = articleRef{article, ref, i}
	}
	return rows
}

// countRefs adds live articles to the counts of the nouns they refer to, and those above them.
func (db *DB) countRefs(by int, articles map[cms.ID][]cms.RefID) error {
	for _, r := range cms.References {
		count := map[cms.ID]int{}
		for _, refs := range articles {
			for _, ref := range refs {
				if ref.Noun == r.Noun {
					count[ref.ID] += by
				}
			}
		}
		if err := db.addToCounts(r.Noun, count); err != nil {
			return err
		}
	}
	return nil
}

// addToCounts adds to the counts of articles of nouns of one kind.
func (db *DB) addToCounts(noun cms.Noun, count map[cms.ID]int) error {
	equal := map[int][]cms.ID{} // the nouns to whose count that is added
	for id, n := range count {
		if n != 0 {
			equal[n] = append(equal[n], id)
		}
	}
	for n, ids := range equal {
		some := database.OneOf(db.Tx, "id", ids)
		add := "UPDATE " + noun.Plural + " SET article_count = article_count + ? WHERE "
		if err := db.Exec(add+some.Text, append([]any{n}, some.Args...)...); err != nil {
			return err
		}
	}
	return nil
}

// unfeed removes an article from the feeds of the nouns it refers to, and returns it with these and
// those above them.
func (db *DB) unfeed(article cms.ID) (map[cms.ID][]cms.RefID, error) {
	const unfeed = "DELETE FROM feed WHERE article_id = ? RETURNING noun, ref_id"
	refs, err := database.QueryAll(db.Tx, database.SQL(unfeed, article),
		func(r *database.Row) cms.RefID { return cms.RefID{Noun: scanNoun(r), ID: scanID(r)} })
	if err != nil {
		return nil, err
	}
	articles, err := db.withAbove(map[cms.ID][]cms.RefID{article: refs})
	if err != nil {
		return nil, err
	}
	return articles, db.countRefs(-1, articles)
}

// checkUnused returns an InUse error if an article refers to a noun: a working copy, the trash
// included, or a live one.
func (db *DB) checkUnused(noun cms.Noun, id cms.ID) error {
	drafts, err := db.Count(database.From("article_refs").Where("ref_id = ?", id))
	if err != nil {
		return err
	}
	live, err := db.Count(database.From("feed").Where("ref_id = ?", id))
	if err != nil || drafts+live == 0 {
		return err
	}
	return cms.Errorf(cms.InUse,
		"Articles refer to this %s: %d as they are worked on, the trash included, and %d as "+
			"readers see them.", noun.Singular, drafts, live).WithHint(cms.HintDeleteInto)
}

// ArticleCounts returns how many live articles refer to each of some nouns.
func (db *DB) ArticleCounts(refs []cms.NamedRef) (map[cms.ID]int64, error) {
	counts := make(map[cms.ID]int64, len(refs))
	for _, r := range cms.References {
		var ids []cms.ID
		for _, ref := range cms.RefsTo(refs, r.Noun) {
			ids = append(ids, ref.ID)
		}
		if ids == nil {
			continue
		}
		rows := database.WhereIn(db.Tx, database.From(r.Noun.Plural), "id", ids)
		err := db.Query(rows.Columns("id, article_count"),
			func(r *database.Row) { counts[scanID(r)] = r.Number() })
		if err != nil {
			return nil, err
		}
	}
	return counts, nil
}
