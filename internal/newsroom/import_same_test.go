package newsroom_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
	"github.com/masthead-cms/masthead/internal/text"
)

// sameAtMost is how many items of real content are also written by hand.
const sameAtMost = 120

// awkwardPosts are items that lean on one another.
func awkwardPosts() iter.Seq[exchange.Item] {
	files := fstest.MapFS{
		"a/same.md": post("Same", "tags: [Water, water, Cities]"),
		"b/same.md": post("Same", "tags: [Cities, WATER]", "draft: true"),
		"c/same.md": post("Same again", "aliases: [/old/one]"),
		"d.md":      post("No tags", "summary: Of rivers and cities."),
		"e.md":      post("Arabic", "lang: ar", "title: النهر يفيض", "tags: [مياه]"),
		"f.md": {Data: []byte("---\ntitle: Without a date\n---\n## " +
			"Heading\n\nText[^1].\n\n[^1]: Note.\n")},
		"g.md": post("Extra", "extra: {words: 3}", "canonical_url: https://example.org/g",
			"author: [A. Writer, B. Writer]", "section: World"),
		"h.md": post("Table", "type: opinion"), "i.md": post("HTML inside"),
	}
	files["h.md"].Data = append(files["h.md"].Data, "\n| a | b |\n|---|--:|\n| 1 | 2 |\n"...)
	files["i.md"].Data = append(files["i.md"].Data,
		"\n<div><b>bold</b><script>alert(1)</script> & more</div>\n"...)
	return exchange.Markdown(files, exchange.Options{})
}

// An import takes a way of its own; what comes of it is what comes of writing and publishing each
// item by hand.
func TestAnImportLeavesWhatEditorsWouldHaveLeft(t *testing.T) {
	t.Parallel()
	for name, items := range map[string]func(*testing.T) iter.Seq[exchange.Item]{
		"awkward posts": func(*testing.T) iter.Seq[exchange.Item] { return awkwardPosts() },
		"rust blog": func(t *testing.T) iter.Seq[exchange.Item] {
			return rustBlog(t).items()
		},
		"arabic newspaper": func(t *testing.T) iter.Seq[exchange.Item] {
			return arabicNewspaper(t).items()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := slices.Collect(items(t))
			all = all[:min(len(all), sameAtMost)]
			imported, byHand := testkit.New(t), testkit.New(t)
			importer, err := imported.Newsroom.Importer(t.Context(), cms.System,
				newsroom.ImportOptions{Source: "s"})
			if err != nil {
				t.Fatal(err)
			}
			var outcomes []*newsroom.Outcome
			err = importer.All(t.Context(), slices.Values(all),
				func(some []*newsroom.Outcome) error {
					outcomes = append(outcomes, some...)
					return nil
				})
			if err != nil || len(outcomes) != len(all) {
				t.Fatalf("%d outcomes of %d items: %v", len(outcomes), len(all), err)
			}
			for _, o := range outcomes {
				if o.Result == newsroom.Made {
					writeByHand(byHand, o.Item, draft(imported, o.ID).Text("slug"))
				}
			}
			if want, got := observe(byHand), observe(imported); !reflect.DeepEqual(want, got) {
				t.Errorf("by hand and imported differ:\n%s", cmp.Diff(want, got))
			}
		})
	}
}

// writeByHand writes an item as an editor would, and publishes it if its source did.
func writeByHand(k *testkit.Kit, item *exchange.Item, slug string) {
	k.T.Helper()
	article := map[string]any{
		"title": item.Title, "slug": slug, "kicker": item.Kicker, "summary": item.Summary,
		"body": item.Body, "dateline": item.Dateline,
		"byline": item.Byline,
	}
	for name, value := range map[string]string{
		"type": item.Type, "locale": item.Locale, "body_format": item.BodyFormat,
		"canonical_url": item.CanonicalURL,
	} {
		if value != "" {
			article[name] = value
		}
	}
	if item.PublishedAt != nil {
		article["published_at"] = item.PublishedAt
	}
	source := map[string]any{}
	for name, value := range map[string]string{"name": item.Source.Name, "url": item.Source.URL,
		"license": item.Source.License} {
		if value != "" {
			source[name] = value
		}
	}
	if len(source) > 0 {
		article["source"] = source
	}
	if item.Meta != (exchange.Meta{}) {
		article["meta"] = map[string]any{"title": item.Meta.Title,
			"description": item.Meta.Description, "noindex": item.Meta.Noindex}
	}
	if item.Extra != nil {
		article["extra"] = item.Extra
	}
	var tags []string
	for _, tag := range item.Tags {
		if !slices.ContainsFunc(tags, func(t string) bool { return strings.EqualFold(t, tag) }) {
			tags = append(tags, tag)
		}
	}
	article["tags"] = tags
	for i, path := range item.Sections {
		item.Sections[i] = nounByHand(k, "sections", path)
	}
	article["sections"] = item.Sections
	var authors []any
	for _, author := range item.Authors {
		authors = append(authors, map[string]any{"author": nounByHand(k, "authors", author.Name)})
	}
	article["authors"] = authors
	id := k.As(cms.Editor, "POST",
		"/v1/articles?create_tags=true").JSON(article).Want(201).Text("id")
	if !item.Draft && item.PublishedAt != nil {
		k.As(cms.Editor, "POST", "/v1/articles/"+id+"/publish").If("*").Want(200)
	}
}

// nounByHand returns the slug of the noun of a name, which is created if there is none.
func nounByHand(k *testkit.Kit, nouns, name string) string {
	k.T.Helper()
	target := "/v1/" + nouns + "/" + url.PathEscape(text.Slug(name))
	if k.Public("GET", target).Do().Status != 200 {
		k.As(cms.Editor, "POST", "/v1/"+nouns).JSON(map[string]any{"name": name}).Want(201)
	}
	return k.Public("GET", target).Want(200).Text("slug")
}

// observe is all that can be read of a newsroom, but for what tells by whom and when something was
// made.
func observe(k *testkit.Kit) map[string]any {
	k.T.Helper()
	seen := map[string]any{}
	for _, target := range []string{
		"/v1/articles?include=body&count=exact",
		"/v1/articles?view=draft&include=body&sort=title&count=exact", "/v1/articles?sort=title",
		"/v1/articles?facets=tag,type,locale,month,section,author", "/v1/sections?count=exact",
		"/v1/authors?count=exact", "/v1/tags?count=exact",
		"/v1/tags?sort=-article_count", "/v1/articles?q=the",
		"/v1/articles?q=rust&highlight=true", "/v1/articles?q=" + url.QueryEscape("من"),
		"/v1/articles?q=water", "/v1/suggest?q=ru", "/v1/suggest?q=wa",
	} {
		for cursor, page := "", 0; page < 3; page++ {
			separator := "&"
			r := k.As(cms.Editor, "GET", target+separator+"limit=50"+cursor).Do()
			if r.Status == 400 && strings.HasPrefix(target, "/v1/suggest") {
				r = k.As(cms.Editor, "GET", target).Want(200)
			}
			var answer map[string]any
			if err := json.Unmarshal(r.Body, &answer); err != nil || r.Status != 200 {
				k.T.Fatalf("%s: %d %s", target, r.Status, r.Body)
			}
			next, more := "", false
			if p, ok := answer["page"].(map[string]any); ok {
				next, more = p["next"].(string)
				delete(p, "next")
				delete(p, "prev")
			}
			seen[fmt.Sprintf("%s %d", target, page)] = bare(answer)
			if !more {
				break
			}
			cursor = "&cursor=" + url.QueryEscape(next)
		}
	}
	return seen
}

// footnoteID is the id of a footnote, which has a part of the article's id.
var footnoteID = regexp.MustCompile(`(fn|fnref)-[0-9a-f]{8}-`)

// bare takes what differs between two newsrooms with the same content out of an answer.
func bare(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = bare(v[i])
		}
	case map[string]any:
		for _, name := range []string{"id", "version", "created_at", "updated_at", "created_by",
			"links", "etag"} {
			delete(v, name)
		}
		for name := range v {
			v[name] = bare(v[name])
		}
	case string:
		return footnoteID.ReplaceAllString(v, "$1")
	}
	return v
}
