package store

import (
	"encoding/json"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// The tables that every article fills: their rows are written by hand, for a mapper takes longer over them than the
// database does. Columns and the values of a row stand in the same order.
var (
	articleRows = database.Table{Name: "articles", Columns: "id, version, status, " + ownColumns +
		", published_at, editions, digest, live_digest, search_row, created_by, created_at, updated_at, trashed_at"}
	articleTextRows = database.Table{Name: "article_texts", Columns: "article_id, body, body_format, body_html, outline"}
	articleTagRows  = database.Table{Name: "article_tags", Columns: "article_id, tag_id, position"}
	articleSlugRows = database.Table{Name: "article_slugs", Columns: "slug, article_id, public", Suffix: keptSlug}
	editionRows     = database.Table{Name: "editions", Columns: "rowid, article_id, number, live, " + ownColumns +
		", tags, digest, search_row, published_at, edition_at, created_at, updated_at"}
	editionTextRows = database.Table{Name: "edition_texts", Columns: "edition, body_html, outline"}
	feedRows        = database.Table{Name: "tag_feed", Columns: "tag_id, published_at, article_id, edition"}
	searchDocRows   = database.Table{Name: "search_docs", Columns: "rowid, fields"}
	linkRows        = database.Table{Name: "links", Columns: "id, article_id, version, position, rel, target_id, title, url, host, source, note, created_at, updated_at"}
	eventRows       = database.Table{Name: "events", Columns: "at, actor_id, verb, subject, version, fields"}
	importRows      = database.Table{Name: "imports", Columns: "source, key, article_id, item_digest, article_digest, imported_at", Suffix: keptImport}
)

const (
	ownColumns = `title, title_key, slug, type, locale, direction, kicker, summary, dateline, byline, source_name, source_url,
		source_license, canonical_url, meta_title, meta_description, noindex, extra, word_count`
	// keptSlug: a slug stays with its article; one that has been public stays so.
	keptSlug   = " ON CONFLICT (slug) DO UPDATE SET public = (article_slugs.public OR excluded.public)"
	keptImport = ` ON CONFLICT (source, key) DO UPDATE SET article_id = excluded.article_id, item_digest = excluded.item_digest,
		article_digest = excluded.article_digest, imported_at = excluded.imported_at`
)

// pieceValues are the values of a piece in the order of ownColumns, added to row.
func pieceValues(row []any, p *cms.Content) []any {
	return append(row, p.Title, p.TitleKey, p.Slug, string(p.Type), p.Locale, p.Direction, p.Kicker, p.Summary, p.Dateline, p.Byline,
		p.SourceName, p.SourceURL, p.SourceLicense, p.CanonicalURL, p.MetaTitle, p.MetaDescription, p.NoIndex, p.Extra, int64(p.WordCount))
}

func articleValues(a *cms.Article, searchRow *int64) []any {
	row := append(make([]any, 0, 31), string(a.ID), a.Version, string(a.Status))
	return append(pieceValues(row, &a.Content), nullable(a.PublishedAt), int64(a.Editions), a.Digest, a.LiveDigest, nullable(searchRow),
		nullableID(a.CreatedBy), a.CreatedAt, a.UpdatedAt, nullable(a.TrashedAt))
}

func editionValues(e *cms.Edition, number, searchRow int64) []any {
	row := append(make([]any, 0, 30), number, string(e.ArticleID), int64(e.Number), e.Live)
	return append(pieceValues(row, &e.Content), asJSON(e.Tags), e.Digest, searchRow, e.PublishedAt, e.EditionAt, e.CreatedAt, e.UpdatedAt)
}

func linkValues(l *cms.Link) []any {
	return []any{string(l.ID), string(l.ArticleID), l.Version, int64(l.Position), string(l.Rel), nullableID(l.TargetID), l.Title, l.URL, l.Host,
		l.Source, l.Note, l.CreatedAt, l.UpdatedAt}
}

func nullable[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

func nullableID(id *cms.ID) any {
	if id == nil {
		return nil
	}
	return string(*id)
}

// asJSON is a list as the text that GORM's serializer reads.
func asJSON[T any](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(list) // numbers and strings always marshal
	return string(text)
}
