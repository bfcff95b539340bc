package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// Whatever is done to a newsroom, in whichever order, what is kept beside the articles agrees with
// them.
func TestTheIndexAndTheCountersFollowEveryVerb(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	chance := rand.New(rand.NewPCG(4, 7))
	var articles, tags []string
	for i := range 5 {
		tags = append(
			tags,
			k.As(cms.Editor, "POST", "/v1/tags").
				JSON(fmt.Sprintf(`{"name": "Tag %d"}`, i)).
				Want(201).
				Text("id"),
		)
	}
	some := func() []string { return tags[chance.IntN(len(tags)):][:1] }
	verbs := []func(article string){
		func(string) {
			r := k.Draft(
				map[string]any{"title": "An article", "body": "Some words.", "tags": some()},
			)
			articles = append(articles, r.Text("id"))
		},
		func(id string) { k.As(cms.Admin, "POST", "/v1/articles/"+id+"/publish").If("*").Do() },
		func(id string) { k.As(cms.Admin, "POST", "/v1/articles/"+id+"/publish").If("*").Do() },
		func(id string) { k.As(cms.Admin, "POST", "/v1/articles/"+id+"/withdraw").If("*").Do() },
		func(id string) { k.As(cms.Admin, "POST", "/v1/articles/"+id+"/restore").If("*").Do() },
		func(id string) { k.As(cms.Admin, "DELETE", "/v1/articles/"+id).If("*").Do() },
		func(string) { k.As(cms.Editor, "GET", "/v1/articles?view=draft&q=words").Want(200) },
		func(id string) {
			k.As(cms.Admin, "DELETE", "/v1/articles/"+id+"?permanent=true").If("*").Do()
		},
		func(id string) {
			change := map[string]any{"summary": fmt.Sprint(chance.IntN(3)), "tags": some()}
			if chance.IntN(3) == 0 {
				change["published_at"] = k.Clock.Now().
					Add(-time.Hour * time.Duration(chance.IntN(3))).
					Format(time.RFC3339)
			}
			k.As(cms.Admin, "PATCH", "/v1/articles/"+id).If("*").JSON(change).Do()
		},
	}
	for i := range 400 {
		if i%3 == 0 {
			k.Clock.Move(time.Second)
		}
		if len(articles) == 0 {
			verbs[0]("")
		}
		verbs[chance.IntN(len(verbs))](articles[chance.IntN(len(articles))])
		if i == 300 {
			k.As(cms.Admin, "POST", "/v1/tags/"+tags[0]+"/merge").
				JSON(fmt.Sprintf(`{"into": %q}`, tags[1])).
				Want(200)
			k.As(cms.Admin, "DELETE", "/v1/tags/"+tags[2]).Want(204)
			tags = []string{tags[1], tags[3], tags[4]}
		}
	}
	k.Clock.Move(time.Minute)
	if _, err := k.Newsroom.IndexDrafts(t.Context()); err != nil {
		t.Fatal(err)
	}
	number := func(query string) int64 {
		n, err := k.Store.Number(t.Context(), query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return n
	}
	docs := number("SELECT count(*) FROM search_docs")
	if live := number("SELECT count(*) FROM editions WHERE live"); live < 3 || docs <= live {
		t.Fatalf("%d live editions and %d texts in the index are too few to tell", live, docs)
	}
	for _, titles := range []bool{false, true} {
		if n, err := k.Store.Searched(t.Context(), titles); n != docs || err != nil {
			t.Errorf("of %d texts the index has %d (titles: %v), %v", docs, n, titles, err)
		}
	}
	for what, query := range map[string]string{
		"live editions that cannot be found": `SELECT count(*) FROM editions
			WHERE live AND coalesce(search_row, 0) NOT IN (SELECT rowid FROM search_docs)`,
		"drafts that cannot be found": `SELECT count(*) FROM articles
			WHERE coalesce(search_row, 0) NOT IN (SELECT rowid FROM search_docs)`,
		"editions of old that can be found": `SELECT count(*) FROM editions
			WHERE NOT live AND search_row IS NOT NULL`,
		"texts in the index that nobody has": `SELECT count(*) FROM search_docs AS s
			WHERE NOT EXISTS (SELECT 1 FROM articles WHERE search_row = s.rowid)
				AND NOT EXISTS (SELECT 1 FROM editions WHERE live AND search_row = s.rowid)`,
		"live articles miscounted": `SELECT (SELECT n FROM counters WHERE name = 'live')
			- (SELECT count(*) FROM editions WHERE live)`,
		"drafts miscounted": `SELECT (SELECT n FROM counters WHERE name = 'draft')
			- (SELECT count(*) FROM articles WHERE trashed_at IS NULL)`,
		"tags miscounted": `SELECT count(*) FROM tags AS t
			WHERE article_count <> (SELECT count(*) FROM tag_feed AS f WHERE f.tag_id = t.id)`,
	} {
		if n := number(query); n != 0 {
			t.Errorf("%s: %d", what, n)
		}
	}
}
