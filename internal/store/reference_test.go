package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/store"
)

const (
	articleID cms.ID = "01a2096c-ce5d-70a9-9726-6746ff3bba11"
	mergedID  cms.ID = "01a2096c-ce5d-70a9-9726-6746ff3bba12"
)

// taggedArticle writes, as the first release did, two tags and a live article that has both: the
// second by the id of one that was merged into it.
func taggedArticle(tx *database.Tx) error {
	term := func(id cms.ID) string { return "tag" + strings.ReplaceAll(string(id), "-", "") }
	now := tx.Now()
	var failed error
	exec := func(statement string, values ...any) {
		failed = errors.Join(failed, tx.Exec(statement, values...))
	}
	for i, id := range []cms.ID{firstID, secondID} {
		name := []string{"glacier", "river"}[i]
		exec(`INSERT INTO tags (id, version, slug, name, name_key, description, article_count,
			created_at, updated_at) VALUES (?, 1, ?, ?, ?, '', 1, ?, ?)`,
			id, name, name, name, now, now)
		exec("INSERT INTO tag_slugs (slug, tag_id) VALUES (?, ?)", name, id)
		exec("INSERT INTO tag_names (name_key, tag_id, position, name) VALUES (?, ?, 0, ?)",
			name, id, name)
		exec("INSERT INTO tag_words (word, tag_id) VALUES (?, ?)", name, id)
		exec("INSERT INTO tag_terms (term, tag_id) VALUES (?, ?)", term(id), id)
	}
	exec("INSERT INTO tag_names (name_key, tag_id, position, name) VALUES ('stream', ?, 1, 'Stream')",
		secondID)
	exec("INSERT INTO tag_terms (term, tag_id) VALUES (?, ?)", term(mergedID), secondID)
	const content = `title, title_key, slug, type, locale, direction, kicker, summary, dateline,
		byline, source_name, source_url, source_license, canonical_url, meta_title,
		meta_description, noindex, extra, word_count`
	const values = `'Ice', 'ice', 'ice', 'news', 'en', 'ltr', '', '', '',
		'', '', '', '', '', '',
		'', FALSE, '{}', 1`
	exec(`INSERT INTO articles (`+content+`, id, version, status, published_at, editions, digest,
		live_digest, search_row, created_at, updated_at)
		VALUES (`+values+`, ?, 2, 'published', ?, 1, 'd', 'd', 1, ?, ?)`, articleID, now, now, now)
	exec(`INSERT INTO article_texts (article_id, body, body_format, body_html, outline)
		VALUES (?, 'Ice.', 'markdown', '<p>Ice.</p>', '[]')`, articleID)
	exec(`INSERT INTO editions (`+content+`, rowid, article_id, number, live, tags, digest, search_row,
		published_at, edition_at, created_at, updated_at)
		VALUES (`+values+`, 1, ?, 1, TRUE, ?, 'd', 1, ?, ?, ?, ?)`,
		articleID, `["`+string(firstID)+`","`+string(mergedID)+`"]`, now, now, now, now)
	exec("INSERT INTO edition_texts (edition, body_html, outline) VALUES (1, '<p>Ice.</p>', '[]')")
	for i, id := range []cms.ID{firstID, secondID} {
		exec("INSERT INTO article_tags (article_id, tag_id, position) VALUES (?, ?, ?)",
			articleID, id, 1-i)
		exec("INSERT INTO tag_feed (tag_id, published_at, article_id, edition) VALUES (?, ?, ?, 1)",
			id, now, articleID)
	}
	return failed
}

// slugsOf returns the slugs of the tags of an article.
func slugsOf(s *cms.ArticleView) []string {
	var slugs []string
	for _, ref := range cms.RefsTo(s.Refs, cms.TagNoun) {
		slugs = append(slugs, ref.Slug)
	}
	return slugs
}

func TestReferencesToTagsAreKeptFromTheFirstRelease(t *testing.T) {
	t.Parallel()
	s := open(t, firstRelease(t, taggedArticle))
	err := s.Read(t.Context(), store.Internal, func(db *store.DB) error {
		for view, want := range map[cms.View][]string{
			cms.LiveView: {"glacier", "river"}, cms.DraftView: {"river", "glacier"},
		} {
			story, err := db.ArticleView(view, articleID, "")
			if err != nil {
				return err
			}
			if got := slugsOf(story); !slices.Equal(got, want) {
				t.Errorf("the %s view has the tags %v, want %v", view, got, want)
			}
		}
		for _, ref := range []string{"river", string(secondID), string(mergedID)} {
			list, err := db.Articles(cms.ArticleQuery{
				View: cms.LiveView,
				Refs: []cms.RefCondition{{Noun: cms.TagNoun, Refs: []string{ref}}},
				Sort: cms.Sort{By: "published_at", Descending: true},
				Page: cms.PageRequest{Limit: 1, Count: true},
			})
			if err != nil {
				return err
			}
			if list.Total != 1 || len(list.Rows) != 1 {
				t.Errorf("%s is the tag of %d articles", ref, list.Total)
			}
		}
		tag, err := db.NounByName(cms.TagNoun, "stream")
		if err == nil && tag.ID != secondID {
			t.Errorf("the name of an alias leads to %v", tag)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
