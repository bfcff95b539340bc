package store

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// Translation is an article of a group, with the languages of its working copy and of its live
// edition, which may be others.
type Translation struct {
	ID         cms.ID
	Locale     string
	LiveLocale string // empty: readers do not see it
}

// Group returns the articles of the group that an article is in, the oldest first. One that is in
// none is a group by itself.
func (db *DB) Group(a *cms.Article) ([]Translation, error) {
	rows := database.From("articles AS a").
		Join("LEFT JOIN editions AS e ON e.article_id = a.id AND e.live").
		OrderBy("a.id")
	if a.GroupID != nil {
		rows = rows.Where("a.group_id = ?", string(*a.GroupID))
	} else {
		rows = rows.Where("a.id = ?", string(a.ID))
	}
	return database.QueryAll(db.Tx, rows.Columns("a.id, a.locale, e.locale"),
		func(r *database.Row) Translation { return Translation{scanID(r), r.Text(), r.Text()} })
}

// SetGroup makes articles and their live editions a group; nil: they are in none.
func (db *DB) SetGroup(articles []cms.ID, group *cms.ID) error {
	if len(articles) == 0 {
		return nil
	}
	some := database.OneOf(db.Tx, "id", articles)
	err := db.Exec("UPDATE articles SET group_id = ? WHERE "+some.Text,
		append([]any{orNull(group)}, some.Args...)...)
	if err != nil {
		return err
	}
	return db.setEditionGroup(articles, group)
}

func (db *DB) setEditionGroup(articles []cms.ID, group *cms.ID) error {
	some := database.OneOf(db.Tx, "article_id", articles)
	return db.Exec("UPDATE editions SET group_id = ? WHERE live AND "+some.Text,
		append([]any{orNull(group)}, some.Args...)...)
}

func orNull(id *cms.ID) any {
	if id == nil {
		return nil
	}
	return string(*id)
}

// GroupChanged records that an article, which is not saved yet, has come to a group or has left
// one. If it is live, readers see it and the others otherwise at once.
func (db *DB) GroupChanged(a *cms.Article, others []cms.ID) error {
	if a.LiveDigest == "" {
		return nil
	}
	db.invalidate(cms.AllArticles, cms.ArticleCacheTag(a.ID))
	for _, id := range others {
		db.invalidate(cms.ArticleCacheTag(id))
	}
	return db.setEditionGroup([]cms.ID{a.ID}, a.GroupID)
}

// showing returns the articles that show one of some articles: they link to it, or are translations
// of it.
func (db *DB) showing(articles ...cms.ID) ([]cms.ID, error) {
	linking := database.WhereIn(db.Tx, database.From("links"), "target_id", articles).
		Columns("article_id")
	translations := database.WhereIn(db.Tx, database.From("articles AS g").
		Join("JOIN articles AS m ON m.group_id = g.group_id AND m.id <> g.id"), "g.id", articles).
		Columns("m.id")
	query := linking.Plus(" UNION "+translations.Text, translations.Args...)
	return database.QueryAll(db.Tx, query, scanID)
}

// translations are the articles t that a view has in the groups of others, a.
var translations = map[cms.View]database.Select{
	cms.LiveView: database.From("editions AS a").
		Join("JOIN editions AS t ON t.group_id = a.group_id AND t.live").
		Where("a.live AND a.group_id IS NOT NULL AND t.article_id <> a.article_id"),
	cms.DraftView: database.From("articles AS a").
		Join("JOIN articles AS t ON t.group_id = a.group_id AND t.id <> a.id").
		Where("a.group_id IS NOT NULL"),
}

// AddTranslations adds its translations to a draft that was not read.
func (db *DB) AddTranslations(story *cms.ArticleView) error {
	one := []cms.ArticleView{*story}
	err := db.addTranslations(one, cms.DraftView)
	story.Translations = one[0].Translations
	return err
}

// addTranslations adds the other articles of their groups to articles, by language, in one
// statement, if any of them is in a group.
func (db *DB) addTranslations(stories []cms.ArticleView, view cms.View) error {
	at := map[cms.ID]*cms.ArticleView{}
	var ids []cms.ID
	for i := range stories {
		s := &stories[i]
		s.Translations = []cms.ArticleRef{}
		if s.Group() != nil {
			ids = append(ids, s.ID())
			at[s.ID()] = s
		}
	}
	if ids == nil {
		return nil
	}
	of, id := viewsTables[view].id, refTables[view].id
	rows := database.WhereIn(db.Tx, translations[view], of, ids).OrderBy("t.locale, " + id)
	columns := of + ", " + id + articleRefColumns(view, "t") + ", " + namesVersion
	var names int64
	var refs []*cms.ArticleRef
	var owners []*cms.ArticleView
	err := db.Query(rows.Columns(columns), func(r *database.Row) {
		owners = append(owners, at[scanID(r)])
		id := scanID(r)
		refs = append(refs, scanArticleRef(r, &id))
		names = r.Number()
	})
	if err == nil {
		err = db.addRefURLs(refs, names)
	}
	for i, s := range owners {
		s.Translations = append(s.Translations, *refs[i])
	}
	return err
}

// onceAGroup leaves out live articles of which a translation is in a language that is asked for
// earlier. Of two in one language the older one stays.
func (a *articleQuery) onceAGroup(rows database.Select) database.Select {
	if !a.q.Fallback {
		return rows
	}
	better := "o.locale = a.locale AND o.article_id < a.article_id"
	var args []any
	if len(a.locales) > 1 {
		byRank := slices.Clone(a.locales)
		slices.SortFunc(byRank, func(x, y string) int {
			return cmp.Or(cmp.Compare(a.rank(x), a.rank(y)), cmp.Compare(x, y))
		})
		of, other := rankOf("a", byRank), rankOf("o", byRank)
		better = other.Text + " < " + of.Text + " OR " + better
		args = slices.Concat(other.Args, of.Args)
	}
	return rows.Where(`(a.group_id IS NULL OR NOT EXISTS (SELECT 1 FROM editions AS o
		WHERE o.live AND o.group_id IS NOT NULL AND o.group_id = a.group_id
			AND (`+better+`)))`, args...)
}

// rank returns the place of the first language asked for that a locale is in.
func (a *articleQuery) rank(locale string) int {
	return slices.IndexFunc(a.q.Locales, func(language string) bool {
		return cms.InLanguage(locale, language)
	})
}

// rankOf returns the place of the locale of a row among some, null if it is not there.
func rankOf(alias string, locales []string) database.Fragment {
	rank := database.SQL("CASE " + alias + ".locale")
	for i, locale := range locales {
		rank = rank.Plus(" WHEN ? THEN "+strconv.Itoa(i), locale)
	}
	return rank.Plus(" END")
}
