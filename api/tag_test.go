package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// makeTag makes a tag as the editor.
func makeTag(k *testkit.Kit, body any) *testkit.Response {
	k.T.Helper()
	return k.As(cms.Editor, "POST", "/v1/tags").JSON(body).Want(201)
}

func replaceID(path, id string) string { return strings.ReplaceAll(path, "{id}", id) }

func tagPath(ref string) string { return "/v1/tags/" + url.PathEscape(ref) }

// reviseTag patches a tag as the editor.
func reviseTag(k *testkit.Kit, id string, patch any) *testkit.Response {
	k.T.Helper()
	return k.As(cms.Editor, "PATCH", tagPath(id)).JSON(patch).Want(200)
}

func mergeTags(k *testkit.Kit, from, into string) *testkit.Response {
	k.T.Helper()
	return k.As(cms.Editor, "POST", tagPath(from)+"/merge").JSON(map[string]string{"into": into}).Want(200)
}

// counts are the tags with articles, as "slug count", by name.
func counts(k *testkit.Kit) string {
	k.T.Helper()
	var out []string
	for _, row := range k.Public("GET", "/v1/tags?limit=100").Want(200).List("data") {
		row := row.(map[string]any)
		if row["article_count"] != 0.0 {
			out = append(out, fmt.Sprint(row["slug"], " ", row["article_count"]))
		}
	}
	return strings.Join(out, ", ")
}

func leadsTo(t *testing.T, k *testkit.Kit, slug, to string) {
	t.Helper()
	for _, method := range []string{"GET", "HEAD"} {
		if got := k.Public(method, tagPath(slug)+"?view=live").Want(308).Header.Get("Location"); got != tagPath(to)+"?view=live" {
			t.Errorf("%s %s leads to %q, want %s", method, slug, got, to)
		}
	}
}

func TestATagHasEveryField(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	parent := makeTag(k, `{"name": "Asia"}`)
	r := makeTag(k, `{"name": "Central Asia", "slug": "c-asia", "description": "D", "parent": "asia", "aliases": ["Middle Asia", "آسيا الوسطى"]}`)
	want := map[string]any{
		"url": "https://news.example.org/tags/c-asia",
		"id":  r.Field("id"), "slug": "c-asia", "name": "Central Asia", "description": "D",
		"parent":  map[string]any{"id": parent.Field("id"), "slug": "asia", "name": "Asia", "url": "https://news.example.org/tags/asia"},
		"aliases": []any{"Middle Asia", "آسيا الوسطى"}, "article_count": 0.0,
		"created_at": "2026-11-02T08:00:00Z", "updated_at": "2026-11-02T08:00:00Z",
		"localized": map[string]any{}, "version": 1.0,
	}
	if diff := cmp.Diff(want, r.Object()); diff != "" {
		t.Errorf("a tag (-want +got):\n%s", diff)
	}
	if got := r.Header.Get("Location"); got != tagPath(r.Text("id")) || r.ETag() != `"1"` {
		t.Errorf("headers of a new tag: %v", r.Header)
	}
	delete(want, "version") // which is for editors
	for _, ref := range []string{r.Text("id"), "c-asia"} {
		if diff := cmp.Diff(want, k.Public("GET", tagPath(ref)).Want(200).Object()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", ref, diff)
		}
	}
	bare := map[string]any{"description": nil, "parent": nil, "aliases": []any{}, "slug": "asia"}
	for name, v := range bare {
		if diff := cmp.Diff(v, parent.Field(name)); diff != "" {
			t.Errorf("%s of a bare tag:\n%s", name, diff)
		}
	}
	k.Clock.Move(time.Hour)
	revised := reviseTag(k, r.Text("id"), `{"description": null, "parent": null, "aliases": null, "slug": null}`)
	want["description"], want["parent"], want["aliases"], want["slug"], want["updated_at"] = nil, nil, []any{}, "central-asia", "2026-11-02T09:00:00Z"
	want["url"], want["version"] = "https://news.example.org/tags/central-asia", 2.0
	if diff := cmp.Diff(want, revised.Object()); diff != "" || revised.ETag() != `"2"` {
		t.Errorf("taken back (-want +got):\n%s", diff)
	}
	if again := reviseTag(k, r.Text("id"), `{"name": "Central Asia"}`); again.ETag() != `"2"` {
		t.Errorf("a change of nothing raised the version to %s", again.ETag())
	}
}

func TestTagsCountLiveArticlesExactly(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, name := range []string{"Asia", "Ice", "Water"} {
		makeTag(k, map[string]any{"name": name})
	}
	want := func(step, counted string) {
		t.Helper()
		if got := counts(k); got != counted {
			t.Errorf("%s: %q, want %q", step, got, counted)
		}
		for _, slug := range []string{"asia", "ice", "water"} {
			r := k.Public("GET", tagPath(slug)).Do()
			if r.Status != 200 {
				continue
			}
			listed := len(k.Public("GET", "/v1/articles?tag="+slug).Want(200).List("data"))
			if r.Field("article_count") != float64(listed) {
				t.Errorf("%s: %s counts %v and lists %d", step, slug, r.Field("article_count"), listed)
			}
		}
	}
	one := k.Draft(map[string]any{"tags": []string{"water", "asia"}}).Text("id")
	want("draft", "")
	k.Publish(one)
	want("published", "asia 1, water 1")
	k.Publish(one)
	want("published twice", "asia 1, water 1")
	two := k.Published(map[string]any{"tags": []string{"water"}}).Text("id")
	want("two", "asia 1, water 2")
	revise(k, one, `{"tags": ["ice", "water"]}`)
	want("revised", "asia 1, water 2")
	k.Publish(one)
	want("published with other tags", "ice 1, water 2")
	verb(k, one, "withdraw")
	want("withdrawn", "water 1")
	k.Publish(one)
	want("back", "ice 1, water 2")
	trash(k, one)
	want("in the trash", "water 1")
	trash(k, one)
	want("in the trash twice", "water 1")
	verb(k, one, "restore")
	want("restored", "water 1")
	revise(k, one, `{"tags": ["asia", "ice", "water"]}`)
	k.Publish(one)
	want("back with all", "asia 1, ice 1, water 2")
	water, ice := k.Public("GET", tagPath("water")).Want(200).Text("id"), k.Public("GET", tagPath("ice")).Want(200).Text("id")
	if got := mergeTags(k, ice, "water").Field("article_count"); got != 2.0 {
		t.Errorf("merged tags count %v", got)
	}
	want("merged", "asia 1, water 2")
	for _, query := range []string{"tag=" + ice, "tag_all=" + ice, "filter=tags:" + ice, "tag=ice"} {
		if n := len(k.Public("GET", "/v1/articles?"+query).Want(200).List("data")); n != 2 {
			t.Errorf("%s finds %d articles by the tag that was merged, want 2", query, n)
		}
	}
	k.As(cms.Editor, "DELETE", tagPath(water)).Want(204)
	want("deleted", "asia 1")
	revise(k, one, `{"published_at": "2020-01-01T00:00:00Z"}`)
	k.Publish(one)
	want("at another time", "asia 1")
	for _, id := range []string{one, two} {
		k.As(cms.Admin, "DELETE", articlePath(id)+"?permanent=true").If("*").Want(204)
	}
	want("purged", "")
}

func TestTagsCountExactlyUnderManyPublishers(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	makeTag(k, `{"name": "Water"}`)
	makeTag(k, `{"name": "Ice"}`)
	ids := make([]string, 20)
	for i := range ids {
		ids[i] = k.Draft(map[string]any{"tags": []string{"water"}}).Text("id")
	}
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() {
			send := func(method, path, body string) {
				c := k.As(cms.Editor, method, articlePath(id)+path).If("*")
				if body != "" {
					c.JSON(body)
				}
				if r := c.Do(); r.Status >= 300 {
					t.Errorf("%s %s: %d %s", method, path, r.Status, r.Body)
				}
			}
			send("POST", "/publish", "")
			send("PATCH", "", `{"tags": ["ice", "water"]}`)
			send("POST", "/publish", "")
			switch i % 4 {
			case 0:
				send("POST", "/withdraw", "")
			case 1:
				send("DELETE", "", "")
			case 2:
				send("PATCH", "", `{"tags": ["ice"]}`)
				send("POST", "/publish", "")
			}
		})
	}
	all.Wait()
	if got := counts(k); got != "ice 10, water 5" {
		t.Errorf("counted %q", got)
	}
}

func TestARenamedTagShowsAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(map[string]any{"tags": []string{"Water"}}).Text("id")
	before := draftView(k, id)
	live := k.Public("GET", articlePath(id)).Want(200).ETag()
	reviseTag(k, k.Public("GET", tagPath("water")).Want(200).Text("id"), `{"name": "Waters", "slug": "waters"}`)
	shown := k.Public("GET", articlePath(id)).Want(200)
	if shown.Text("tags.0.name") != "Waters" || shown.Text("tags.0.slug") != "waters" || shown.ETag() == live {
		t.Errorf("the article shows %v", shown.Field("tags"))
	}
	if got := k.Public("GET", "/v1/articles").Want(200).Text("data.0.tags.0.name"); got != "Waters" {
		t.Errorf("the list shows %q", got)
	}
	now := draftView(k, id)
	if now.ETag() != before.ETag() || now.Field("updated_at") != before.Field("updated_at") || now.Field("has_unpublished_changes") != false {
		t.Errorf("renaming a tag changed the article: %s", now.Body)
	}
	leadsTo(t, k, "water", "waters")
	wantErrors(t, k.As(cms.Editor, "POST", "/v1/tags").JSON(`{"name": "W", "slug": "water"}`).Want(409), "/slug taken")
	if got := makeTag(k, `{"name": "Water"}`).Text("slug"); got != "water-2" {
		t.Errorf("the old slug is not kept: %q", got)
	}
}

func TestAliasesLeadToTheirTag(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := makeTag(k, `{"name": "Côte d'Ivoire", "aliases": ["Ivory Coast", "ساحل العاج"]}`).Text("id")
	leadsTo(t, k, "ivory-coast", "cote-divoire")
	leadsTo(t, k, "ساحل-العاج", "cote-divoire")
	for _, part := range []string{"ivory", "IVOIRE", "العاج", "coast"} {
		wantIDs(t, k.Public("GET", "/v1/tags?q="+url.QueryEscape(part)), id)
	}
	wantIDs(t, k.Public("GET", "/v1/tags?q=%25"))
	wantIDs(t, k.Public("GET", "/v1/tags?q=_"))
	draft := k.As(cms.Editor, "POST", "/v1/articles").JSON(`{"title": "T", "tags": ["ivory-coast"]}`).Want(201)
	if got := draft.Text("tags.0.id"); got != id {
		t.Errorf("an alias's slug tags with %s", got)
	}
	named := k.As(cms.Editor, "POST", "/v1/articles?create_tags=true").JSON(`{"title": "T", "tags": ["IVORY  coast"]}`).Want(201)
	if got := named.Text("tags.0.id"); got != id {
		t.Errorf("an alias's name tags with %s", got)
	}
}

func TestNamesOfTagsAreTheirOwn(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	makeTag(k, `{"name": "Water", "aliases": ["Aqua"]}`)
	other := makeTag(k, `{"name": "Ice"}`).Text("id")
	for _, name := range []string{"water", "WATER", "ｗａｔｅｒ", " Wa\u200bter", "aqua", "Water "} {
		wantErrors(t, k.As(cms.Editor, "POST", "/v1/tags").JSON(map[string]any{"name": name}).Want(409), "/name taken")
		wantErrors(t, k.As(cms.Editor, "POST", "/v1/tags").JSON(map[string]any{"name": "New", "aliases": []string{"x", name}}).Want(409), "/aliases/1 taken")
		wantErrors(t, k.As(cms.Editor, "PATCH", tagPath(other)).JSON(map[string]any{"name": name}).Want(409), "/name taken")
	}
	for body, want := range map[string]string{
		`{"name": " "}`: "/name required", `{}`: "/name required", `{"name": "` + strings.Repeat("n", 101) + `"}`: "/name too_long",
		`{"name": "N", "aliases": ["n"]}`: "/aliases/0 repeated", `{"name": "N", "aliases": ["a", "A"]}`: "/aliases/1 repeated",
		`{"name": "N", "slug": "Not A Slug"}`: "/slug invalid", `{"name": "N", "parent": "none"}`: "/parent unknown",
		`{"name": "two\nlines"}`: "/name line_break", `{"name": "N", "description": "` + strings.Repeat("d", 1001) + `"}`: "/description too_long",
		`{"name": "N", "colour": "red"}`: "/colour unknown",
	} {
		wantErrors(t, k.As(cms.Editor, "POST", "/v1/tags").JSON(body).Want(422), want)
	}
	if got := reviseTag(k, other, `{"name": "ICE"}`).Text("name"); got != "ICE" {
		t.Errorf("a tag cannot be written in another case: %q", got)
	}
	if got := len(k.Public("GET", "/v1/tags").Want(200).List("data")); got != 2 {
		t.Errorf("%d tags after refusals", got)
	}
}

// chain makes tags of which each stands below the one before, and answers their ids.
func chain(k *testkit.Kit, prefix string, length int) []string {
	k.T.Helper()
	var ids []string
	for i := range length {
		tag := map[string]any{"name": fmt.Sprint(prefix, i)}
		if i > 0 {
			tag["parent"] = ids[i-1]
		}
		ids = append(ids, makeTag(k, tag).Text("id"))
	}
	return ids
}

func TestTagsStandBelowOneAnotherWithoutCircles(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	a := chain(k, "a", 8)
	for _, below := range a {
		wantErrors(t, k.As(cms.Editor, "PATCH", tagPath(a[0])).JSON(map[string]any{"parent": below}).Want(422), "/parent not_allowed")
	}
	tooDeep := map[string]any{"name": "deep", "parent": a[7]}
	wantErrors(t, k.As(cms.Editor, "POST", "/v1/tags").JSON(tooDeep).Want(422), "/parent too_deep")
	b := chain(k, "b", 3)
	wantErrors(t, k.As(cms.Editor, "PATCH", tagPath(b[0])).JSON(map[string]any{"parent": a[5]}).Want(422), "/parent too_deep")
	if got := reviseTag(k, b[0], map[string]any{"parent": a[4]}).Text("parent.id"); got != a[4] {
		t.Errorf("parent %s", got)
	}
	for _, id := range b {
		reviseTag(k, id, `{"description": "D"}`)
	}
	k.As(cms.Editor, "DELETE", tagPath(a[4])).Want(204)
	for _, orphan := range []string{a[5], b[0]} {
		if got := k.Public("GET", tagPath(orphan)).Want(200).Field("parent"); got != nil {
			t.Errorf("a tag whose parent is gone has %v", got)
		}
	}
}

func TestMergingTags(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	top := makeTag(k, `{"name": "Top"}`).Text("id")
	from := makeTag(k, `{"name": "Aqua", "aliases": ["Agua"], "parent": "top"}`)
	into := makeTag(k, `{"name": "Water", "aliases": ["H2O"]}`).Text("id")
	child := makeTag(k, `{"name": "Drop", "parent": "aqua"}`).Text("id")
	id := from.Text("id")
	reviseTag(k, id, `{"slug": "aquas"}`)
	one := k.Published(map[string]any{"tags": []string{"aquas"}}).Text("id")
	both := k.Published(map[string]any{"tags": []string{"aquas", "drop", "water"}}).Text("id")
	draft := k.Draft(map[string]any{"tags": []string{"aquas"}}).Text("id")
	r := mergeTags(k, id, "water")
	if diff := cmp.Diff([]any{"H2O", "Aqua", "Agua"}, r.Field("aliases")); diff != "" || r.Text("id") != into || r.Field("article_count") != 2.0 {
		t.Errorf("merged: %s\n%s", r.Body, diff)
	}
	if r.ETag() != `"2"` {
		t.Errorf("the tag that remains is at %s", r.ETag())
	}
	for _, slug := range []string{"aqua", "aquas", "agua", "h2o", id} {
		leadsTo(t, k, slug, "water")
	}
	wantIDs(t, k.Public("GET", "/v1/articles?tag=aqua&sort=published_at"), one, both)
	for article, want := range map[string]int{one: 1, both: 2, draft: 1} {
		d := draftView(k, article)
		if got := len(d.List("tags")); got != want {
			t.Errorf("an article has %d tags, want %d: %v", got, want, d.Field("tags"))
		}
		if d.Field("has_unpublished_changes") != false {
			t.Errorf("merging tags changed an article: %s", d.Body)
		}
		if again := revise(k, article, `{}`); again.ETag() != d.ETag() || again.Field("has_unpublished_changes") != false {
			t.Errorf("a change of nothing after merging changed the article: %s", again.Body)
		}
	}
	if got := k.Public("GET", tagPath(child)).Want(200).Text("parent.id"); got != into {
		t.Errorf("a child stands below %s", got)
	}
	wantErrors(t, k.As(cms.Editor, "POST", tagPath(into)+"/merge").JSON(`{"into": "water"}`).Want(422), "/into not_allowed")
	wantErrors(t, k.As(cms.Editor, "POST", tagPath(into)+"/merge").JSON(`{"into": "none"}`).Want(422), "/into unknown")
	k.As(cms.Editor, "POST", tagPath(id)+"/merge").JSON(map[string]string{"into": top}).Want(404)
}

func TestMergingATagIntoOneBelowItMakesNoCircle(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, depth := range []int{1, 2, 3} {
		ids := chain(k, fmt.Sprint("depth", depth, "-"), 5)
		mergeTags(k, ids[1], ids[1+depth])
		for _, id := range ids {
			steps := 0
			for at := id; at != "" && steps <= 5; steps++ {
				r := k.Public("GET", tagPath(at)).Do()
				if r.Status != 200 {
					break
				}
				at, _ = r.Field("parent.id").(string)
			}
			if steps > 5 {
				t.Errorf("merged with one %d below: a circle above %s", depth, id)
			}
		}
		if got := k.Public("GET", tagPath(ids[1+depth])).Want(200).Field("parent.id"); got != ids[0] {
			t.Errorf("merged with one %d below: it stands below %v, not in the place of the one that is gone", depth, got)
		}
	}
}

func TestUnknownTagsAreRefusedWithASuggestion(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	makeTag(k, `{"name": "Tajikistan"}`)
	makeTag(k, `{"name": "Iran"}`)
	for ref, near := range map[string]string{"Tajikistan": `"tajikistan"`, "tajik": `"tajikistan"`, "tajikstan": `"tajikistan"`, "iarn": `"iran"`, nothing: "", "zzzzzz": ""} {
		for _, c := range []*testkit.Call{
			k.As(cms.Editor, "POST", "/v1/articles").JSON(map[string]any{"title": "T", "tags": []string{"iran", ref}}),
			k.As(cms.Editor, "POST", "/v1/articles?create_tags=false").JSON(map[string]any{"title": "T", "tags": []string{"iran", ref}}),
		} {
			r := c.Want(422)
			wantErrors(t, r, "/tags/1 unknown")
			detail := r.Text("errors.0.detail")
			if !strings.Contains(detail, near) || !strings.Contains(detail, "create_tags=true") || (near == "") == strings.Contains(detail, "Did you mean") {
				t.Errorf("%s: %s", ref, detail)
			}
		}
	}
	wantIDs(t, k.As(cms.Editor, "GET", "/v1/articles?view=draft"))
}

func TestTagsAreMadeByTheWayWhereAskedFor(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	makeTag(k, `{"name": "Water"}`)
	r := k.As(cms.Author, "POST", "/v1/articles?create_tags=true").JSON(`{"title": "T", "tags": ["Ice", "WATER", "نهر"]}`).Want(201)
	var slugs []string
	for _, tag := range r.List("tags") {
		slugs = append(slugs, tag.(map[string]any)["slug"].(string))
	}
	if !slices.Equal(slugs, []string{"ice", "water", "نهر"}) {
		t.Errorf("tags %v", slugs)
	}
	id := r.Text("id")
	for tags, want := range map[string]string{
		`["ice", "Ice"]`: "/tags/1 repeated", `["New", "NEW"]`: "/tags/1 repeated", `[""]`: "/tags/0 invalid", `["` + nothing + `"]`: "/tags/0 unknown",
		`["` + strings.Repeat("n", 101) + `"]`: "/tags/0 invalid", `["` + strings.Join(numbers(51), `","`) + `"]`: "/tags too_many", `[1]`: "/tags/0 wrong_type",
	} {
		wantErrors(t, k.As(cms.Author, "PATCH", articlePath(id)+"?create_tags=true").If("*").JSON(`{"tags": `+tags+`}`).Want(422), want)
	}
	k.Public("GET", tagPath("new")).Want(404)
	k.As(cms.Author, "PUT", articlePath(id)+"?create_tags=true").If("*").JSON(`{"title": "T", "tags": ["Put"]}`).Want(200)
	k.Public("GET", tagPath("put")).Want(200)
}

// numbers are the numbers below n, in words of digits.
func numbers(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(i)
	}
	return out
}

func TestIfMatchOfTagsIsHonoured(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	tag := makeTag(k, `{"name": "Water"}`)
	makeTag(k, `{"name": "Ice"}`)
	path := tagPath(tag.Text("id"))
	k.As(cms.Editor, "PATCH", path).If(tag.ETag()).JSON(`{"description": "D"}`).Want(200)
	if got := k.As(cms.Contributor, "GET", path+"?view=draft").Want(200).ETag(); got != `"2"` {
		t.Errorf("ETag %s after a change", got)
	}
	live := k.Public("GET", path).Want(200).ETag()
	for _, stale := range []string{tag.ETag(), live, `W/"1"`} {
		for _, c := range []*testkit.Call{
			k.As(cms.Editor, "PATCH", path).JSON(`{"description": "E"}`), k.As(cms.Editor, "DELETE", path),
			k.As(cms.Editor, "POST", path+"/merge").JSON(`{"into": "ice"}`),
		} {
			if r := c.If(stale).Want(412); r.ETag() != `"2"` {
				t.Errorf("412 carries %s", r.ETag())
			}
		}
	}
	r := k.As(cms.Editor, "PATCH", path).If(tag.ETag()).JSON(`{"description": "E"}`).Want(412)
	if diff := cmp.Diff([]any{"description"}, r.Field("changed_fields")); diff != "" {
		t.Errorf("changed fields:\n%s", diff)
	}
	k.As(cms.Editor, "DELETE", path).If(`"2"`).Want(204)
}

func TestListsOfTags(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	ids := map[string]string{}
	for _, name := range []string{"Ödland", "apple", "Zebra"} {
		ids[name] = makeTag(k, map[string]any{"name": name}).Text("id")
	}
	a, o, z := ids["apple"], ids["Ödland"], ids["Zebra"]
	k.Published(map[string]any{"tags": []string{z, o}})
	k.Published(map[string]any{"tags": []string{z}})
	for query, want := range map[string][]string{
		"sort=-article_count": {z, o, a}, "sort=article_count": {a, o, z}, "slug=zebra,apple": {a, z}, "id=" + z: {z},
		"id=" + z + "&slug=apple": {}, "q=EB": {z}, "q=le&slug=apple": {a}, "limit=1": {a}, "q=nothing": {},
	} {
		wantIDs(t, k.Public("GET", "/v1/tags?"+query), want...)
	}
}
