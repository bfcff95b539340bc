package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
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
	var sections []string
	for i := range 8 {
		section := map[string]any{"name": fmt.Sprint("Section ", i)}
		if i >= 2 {
			section["parent"] = sections[chance.IntN(i)]
		}
		r := k.As(cms.Editor, "POST", "/v1/sections").JSON(section).Do()
		if r.Status != 201 { // too deep
			delete(section, "parent")
			r = k.As(cms.Editor, "POST", "/v1/sections").JSON(section).Want(201)
		}
		sections = append(sections, r.Text("id"))
	}
	someSections := func() []string {
		at := chance.IntN(len(sections))
		return sections[at:min(at+chance.IntN(4), len(sections))]
	}
	verbs := []func(article string){
		func(string) {
			r := k.Draft(
				map[string]any{
					"title": "An article", "body": "Some words.",
					"tags": some(), "sections": someSections(),
				},
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
			change := map[string]any{"summary": fmt.Sprint(chance.IntN(3)), "tags": some(), "sections": someSections()}
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
		if i%20 == 0 {
			move := map[string]any{"parent": sections[chance.IntN(len(sections))]}
			k.As(cms.Editor, "PATCH", "/v1/sections/"+sections[chance.IntN(len(sections))]).JSON(move).Do()
		}
		if i == 200 || i == 350 {
			at := chance.IntN(len(sections) - 1)
			r := k.As(cms.Editor, "DELETE", "/v1/sections/"+sections[at]+"?into="+sections[at+1]).Do()
			if r.Status == 204 {
				sections = slices.Delete(sections, at, at+1)
			}
		}
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
		"sections miscounted": `SELECT count(*) FROM sections AS s WHERE article_count <>
			(SELECT count(DISTINCT f.article_id) FROM noun_tree AS c JOIN feed AS f ON f.ref_id = c.id
				WHERE c.above = s.id)`,
		"places in the tree missing": `SELECT (SELECT sum(depth) FROM sections)
			- (SELECT count(*) FROM noun_tree)`,
		"tags miscounted": `SELECT count(*) FROM tags AS t
			WHERE article_count <> (SELECT count(*) FROM feed AS f WHERE f.ref_id = t.id)`,
	} {
		if n := number(query); n != 0 {
			t.Errorf("%s: %d", what, n)
		}
	}
}
