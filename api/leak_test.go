package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// secret is a word that stands in everything readers must not see.
const secret = "canary"

// hiddenSlugs are the slugs of what readers must not see.
var hiddenSlugs = []string{"canary-draft", "canary-old", "canary-pending", "canary-withdrawn", "canary-trashed", "canary-killed"}

// secretArticle is an article with the secret in every field.
func secretArticle(slug string) map[string]any {
	word := func(field string) string { return secret + "-" + field + "-" + slug }
	return map[string]any{
		"title": word("title"), "slug": slug, "type": "press_release", "locale": "tg", "kicker": word("kicker"), "summary": word("summary"),
		"body": "## " + word("heading") + "\n\n" + word("body"), "dateline": word("dateline"), "byline": word("byline"),
		"tags":          []string{"water", "quiet"},
		"source":        map[string]any{"name": word("name"), "url": "https://canary.example/s", "license": word("license")},
		"canonical_url": "https://canary.example/c", "meta": map[string]any{"title": word("meta"), "description": word("description")},
		"extra": map[string]any{word("extra"): word("extra")}, "published_at": "2026-05-05T05:05:05Z",
	}
}

// hide writes all that readers must not see, some of it on an article they do see, and answers the ids.
func hide(k *testkit.Kit, live, other string) []string {
	k.T.Helper()
	link := func(article string, more map[string]any) string {
		return addLink(k, article, secret+"-link", more).Text("id")
	}
	words := map[string]any{"note": secret + "-note", "source": secret + "-source", "url": "https://canary.example/l"}
	translated := secretArticle("canary-old")
	translated["translation_of"] = live
	translated["locale"] = "fr"
	draft := k.Draft(translated).Text("id")
	revise(k, draft, `{"slug": "canary-draft"}`)
	ids := []string{draft, link(draft, words), pointTo(k, draft, live).Text("id"), pointTo(k, live, draft).Text("id")}
	k.As(cms.Editor, "PATCH", linkPath(ids[3])).JSON(`{"note": "canary-note", "source": "canary-source"}`).Want(200)
	revise(k, live, secretArticle("canary-pending"))
	withdrawn := k.Published(secretArticle("canary-withdrawn")).Text("id")
	ids = append(ids, withdrawn, link(withdrawn, words), pointTo(k, withdrawn, live).Text("id"), pointTo(k, live, withdrawn).Text("id"))
	correction := correct(k, withdrawn, `{"text": "canary-correction", "type": "retraction"}`).Text("id")
	verb(k, withdrawn, "withdraw")
	ids = append(ids, correction)
	trashed := k.Published(secretArticle("canary-trashed")).Text("id")
	ids = append(ids, trashed, link(trashed, words), pointTo(k, other, trashed).Text("id"))
	trash(k, trashed)
	killed := k.Draft(secretArticle("canary-killed")).Text("id") // readers never saw it
	ids = append(ids, killed, link(killed, words), pointTo(k, killed, live).Text("id"), pointTo(k, live, killed).Text("id"))
	kill(k, killed, "canary-notice")
	over := makeAlert(k, `{"text": "canary-alert", "article": "canary-draft",
		"starts_at": "2026-05-05T05:05:05Z", "ends_at": "2026-05-05T06:05:05Z"}`).Text("id")
	return append(ids, over)
}

// probes are the reads anybody can try; {id} stands for an id.
func probes() []string {
	var paths []string
	lists := map[string]map[string][]string{
		"/v1/articles": {
			"id": {"{id}"}, "slug": hiddenSlugs, "tag": {"water", "quiet"}, "tag_all": {"water", "water,quiet"}, "tag_none": {"quiet", "asia"},
			"type": {"press_release", "news"}, "locale": {"tg", "en"}, "published_from": {"2026-05-05T05:05:05Z", "2026-05-05T05:05:06Z"},
			"published_until": {"2026-05-05T05:05:05Z", "2026-05-05T05:05:06Z"}, "updated_from": {"2026-11-02T08:30:00Z"},
			"sort":   {"published_at", "-published_at", "updated_at", "-updated_at", "title", "-title"},
			"fields": {"title,tags,summary", "related_links,body_html,outline", "body", "status"}, "include": {"body,related_links,corrections,translations"}, "fallback": {"true", "true&locale=fr,en"},
			"count": {"exact"}, "limit": {"1"}, "page": {"1", "2"}, "view": {"live", "draft"}, "status": {"draft"}, "trashed": {"true"},
			"q": {secret, "-" + secret, "cana*", "seen", "quiet", "-quiet", "water+-" + secret, "%22" + secret + "+title%22"}, "cursor": {secret}, "highlight": {"true"},
			"facets": {"tag,type,locale,month", secret},
			"filter": {secret, "title:" + secret, "NOT+title:" + secret, "tags:quiet", "NOT+tags:quiet+AND+type=news", "id={id}", "slug=canary-draft",
				"status=draft", "created_by.id={id}", "version>1", "published_at=2026-05-05T05:05:05Z", "locale=tg", "retracted=true", "meta.description:*"},
		},
		"/v1/corrections": {
			"article": append([]string{"{id}"}, hiddenSlugs...), "type": {"retraction", "correction"}, "count": {"exact"}, "limit": {"1"},
			"view": {"draft"}, "fields": {"text,article"},
		},
		"/v1/alerts":      {"id": {"{id}"}, "view": {"draft"}, "active": {"true", "false"}, "count": {"exact"}, "limit": {"1"}},
		"/v1/collections": {"q": {secret, "lead"}, "count": {"exact"}, "fields": {"slug,rule"}},
		"/v1/fronts":      {"q": {secret}, "count": {"exact"}, "limit": {"1"}},
		"/v1/redirects":   {"q": {secret, "/"}, "count": {"exact"}, "fields": {"note"}, "view": {"draft"}},
		"/v1/suggest":     {"q": {secret, "can", "a", "qui", "quiet", "live", "an"}},
		"/v1/related-links": {
			"article": append([]string{"{id}"}, hiddenSlugs...), "target": append([]string{"{id}"}, hiddenSlugs...),
			"host": {"canary.example", "example.org"}, "count": {"exact"}, "limit": {"1"}, "page": {"2"}, "view": {"draft"},
		},
		"/v1/tags": {
			"q": {"water", secret}, "slug": {"quiet", "canary"}, "id": {"{id}"}, "count": {"exact"}, "limit": {"1"},
			"sort": {"name", "-name", "article_count", "-article_count"},
		},
	}
	for list, parameters := range lists {
		paths = append(paths, list)
		for name, values := range parameters {
			for _, v := range values {
				one := list + "?" + name + "=" + v
				paths = append(paths, one)
				if list == "/v1/suggest" {
					paths = append(paths, one+"&limit=1")
					continue
				}
				if list == "/v1/articles" && (name == "q" || name == "filter" || name == "tag") {
					paths = append(paths, one+"&facets=tag,type,locale,month&count=exact&limit=1", one+"&sort=-published_at&include=body")
				}
				if name == "q" && list == "/v1/articles" {
					paths = append(paths, one+"&highlight=true", one+"&sort=relevance&page=2&limit=1", one+"&filter=NOT+tags:quiet")
				}
				if name != "count" {
					paths = append(paths, one+"&count=exact")
				}
				if list == "/v1/articles" && name != "include" && name != "sort" {
					paths = append(paths, one+"&sort=title&include=body,related_links")
				}
			}
		}
	}
	for _, ref := range append([]string{"{id}"}, hiddenSlugs...) {
		for _, path := range []string{"/v1/articles/", "/v1/tags/", "/v1/related-links/", "/v1/corrections/", "/v1/alerts/", "/problems/", "/docs/", "/"} {
			paths = append(paths, path+ref, path+ref+"?view=draft", path+ref+"?fields=title", path+strings.ToUpper(ref))
		}
		for _, path := range []string{"/related-links", "/related-links?view=draft", "/uses", "/revisions", "/revisions/1", "/revisions/1/diff/current", "/publish", "/editions", "/related", "/related?mode=auto", "/related?mode=manual&fields=reasons,id"} {
			paths = append(paths, "/v1/articles/"+ref+path)
		}
	}
	for _, ref := range []string{"a-live-one", "another"} {
		for _, mode := range []string{"mixed", "manual", "auto"} {
			paths = append(paths, "/v1/articles/"+ref+"/related?limit=50&mode="+mode)
		}
	}
	paths = append(paths, "/v1/articles/a-live-one", "/v1/articles/a-live-one?view=draft", "/v1/tags/water", "/v1/tags/quiet", "/v1/auth/me", "/", "/openapi.json")
	slices.Sort(paths)
	return paths
}

// changes are the calls that are refused without a credential, whatever they are about.
var changes = []string{
	"PATCH /v1/articles/{id}", "PUT /v1/articles/{id}", "DELETE /v1/articles/{id}", "POST /v1/articles/{id}/publish",
	"POST /v1/articles/{id}/withdraw", "POST /v1/articles/{id}/submit", "POST /v1/articles/{id}/return",
	"POST /v1/articles/{id}/kill", "POST /v1/articles/{id}/discard", "POST /v1/articles/{id}/revisions/1/restore", "POST /v1/articles/{id}/restore", "POST /v1/articles/{id}/related-links",
	"PUT /v1/articles/{id}/related-links", "PATCH /v1/related-links/{id}", "DELETE /v1/related-links/{id}", "PATCH /v1/tags/{id}",
	"POST /v1/articles/{id}/corrections", "PATCH /v1/corrections/{id}", "DELETE /v1/corrections/{id}",
	"PATCH /v1/alerts/{id}", "DELETE /v1/alerts/{id}",
	"OPTIONS /v1/articles/{id}", "PATCH /v1/articles/canary-draft", "DELETE /v1/articles/canary-trashed",
}

// ask is what anybody is told, with {id} in place of the id, and without what differs between any two calls.
func ask(k *testkit.Kit, method, path, id string) string {
	c := k.Public(method, strings.ReplaceAll(strings.ReplaceAll(path, "{ID}", strings.ToUpper(id)), "{id}", id)).Header("X-Request-Id", "probe")
	if method == "PATCH" || method == "PUT" || strings.HasSuffix(path, "s") && method == "POST" {
		c.JSON(`{}`)
	}
	r := c.Do()
	var told strings.Builder
	fmt.Fprintln(&told, r.Status)
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		fmt.Fprintln(&told, name, r.Header[name])
	}
	told.Write(r.Body)
	text := strings.ReplaceAll(told.String(), strings.ToUpper(id), "{ID}")
	return strings.ReplaceAll(text, id, "{id}")
}

// askAll asks every probe about an id.
func askAll(k *testkit.Kit, id string, only func(path string) bool) map[string]string {
	told := map[string]string{}
	for _, path := range probes() {
		if !only(path) {
			continue
		}
		told["GET "+path] = ask(k, "GET", path, id)
		if !strings.Contains(path, "&") {
			told["HEAD "+path] = ask(k, "HEAD", path, id)
		}
	}
	for _, call := range changes {
		if method, path, _ := strings.Cut(call, " "); only(path) {
			told[call] = ask(k, method, path, id)
		}
	}
	return told
}

func everything(string) bool { return true }

func aboutAnID(path string) bool { return strings.Contains(strings.ToLower(path), "{id}") }

func TestReadersCannotTellThatAnythingIsHidden(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	makeTag(k, `{"name": "Water"}`)
	makeTag(k, `{"name": "Quiet"}`)
	live := k.Published(map[string]any{"title": "A live one", "tags": []string{"water"}, "body": "## Seen\n\nBy all."}).Text("id")
	other := k.Published(map[string]any{"title": "Another"}).Text("id")
	addLink(k, live, "seen", nil)
	pointTo(k, other, live)
	k.Clock.Move(time.Hour)

	before := askAll(k, nothing, everything)
	hidden := hide(k, live, other)
	for _, id := range []string{hidden[0], live} {
		if !strings.Contains(string(draftView(k, id).Body), secret) {
			t.Fatal("the editor does not see the secret either, so this test shows nothing")
		}
	}
	wantSame(t, "once it is hidden", before, askAll(k, nothing, everything))
	for _, id := range hidden {
		wantSame(t, "about "+id, before, askAll(k, id, aboutAnID))
	}
	if metrics := string(k.Public("GET", "/metrics").Want(200).Body); strings.Contains(metrics, secret) {
		t.Errorf("the metrics tell it: %s", metrics)
	}

	k.Publish(hidden[0])
	if answers(k, secret) == "" || len(suggested(k, "can", "")) == 0 || len(relatives(k, "a-live-one", "")) == 0 {
		t.Error("what was published is not found either, so this test shows nothing")
	}
	after := askAll(k, hidden[0], aboutAnID)
	for _, call := range []string{"GET /v1/articles?id={id}", "GET /v1/articles/{id}", "HEAD /v1/articles/{id}", "GET /v1/related-links?article={id}"} {
		if told, asked := after[call]; !asked || told == before[call] {
			t.Errorf("%s does not show what was published, so this test shows nothing", call)
		}
	}
}

// wantSame fails where an answer is not what it was while nothing was hidden, or tells the secret to one who has not
// said it first.
func wantSame(t *testing.T, when string, before, after map[string]string) {
	t.Helper()
	for call, told := range after {
		if diff := cmp.Diff(before[call], told); diff != "" {
			t.Errorf("%s: %s is answered differently (-before +after):\n%s", when, call, diff)
		}
		if !strings.Contains(strings.ToLower(call), secret) && strings.Contains(strings.ToLower(told), secret) {
			t.Errorf("%s: %s tells it: %s", when, call, told)
		}
	}
}
