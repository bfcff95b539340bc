package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// idsIn are the ids of a list's rows.
func idsIn(r *testkit.Response) []string {
	r.T.Helper()
	ids := []string{}
	for _, row := range r.List("data") {
		ids = append(ids, row.(map[string]any)["id"].(string))
	}
	return ids
}

// wantIDs wants a list to have these rows in this order.
func wantIDs(t *testing.T, c *testkit.Call, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, idsIn(c.Want(200))); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// shelf is a newsroom with articles a to e, an hour apart, of which a to c are live, d is a draft and e in the trash.
func shelf(t *testing.T) (*testkit.Kit, map[string]string) {
	k := testkit.New(t)
	ids := map[string]string{}
	for i, name := range []string{"a", "b", "c", "d", "e"} {
		article := map[string]any{"title": name, "slug": "slug-" + name, "body": "Body of " + name}
		if i%2 == 1 {
			article["type"], article["locale"] = "opinion", "ar"
		}
		ids[name] = k.Draft(article).Text("id")
		if i < 3 {
			k.Publish(ids[name])
		}
		k.Clock.Move(time.Hour)
	}
	trash(k, ids["e"])
	return k, ids
}

func TestListsAreNarrowedByEachParameter(t *testing.T) {
	t.Parallel()
	k, ids := shelf(t)
	for query, want := range map[string]string{
		"": "cba", "view=live": "cba", "sort=published_at": "abc", "sort=-published_at": "cba", "sort=title": "abc",
		"sort=-title": "cba", "sort=updated_at": "abc", "sort=-updated_at": "cba", "limit=2": "cb",
		"id=" + ids["a"]: "a", "id=" + ids["b"] + "," + strings.ToUpper(ids["c"]) + "," + nothing: "cb", "id=" + ids["d"]: "",
		"slug=slug-a": "a", "slug=slug-a,slug-c,slug-d,none": "ca", "type=opinion": "b", "type=opinion,news": "cba",
		"type=video": "", "locale=ar": "b", "locale=ar,en": "cba", "locale=fr": "", "locale=AR": "b",
		"published_from=2026-11-02T09:00:00Z": "cb", "published_from=2026-11-02T09:00:01Z": "c",
		"published_until=2026-11-02T10:00:00Z": "ba", "published_until=2026-11-02T10:00:01Z": "cba",
		"published_from=2026-11-02T09:00:00Z&published_until=2026-11-02T10:00:00Z": "b",
		"published_from=2026-11-02": "cba", "published_from=2026-11-03": "", "published_from=2026-11-02T12:00:00%2B03:00": "cb",
		"updated_from=2026-11-02T10:00:00Z": "c", "type=news&locale=en&slug=slug-a,slug-b": "a", "page=2&limit=2": "a",
		"page=3&limit=2": "", "page=1": "cba",
		"view=draft": "dcba", "view=draft&sort=title": "abcd", "view=draft&sort=published_at": "abcd",
		"view=draft&sort=-published_at": "cbad", "view=draft&status=draft": "d", "view=draft&status=published,draft": "dcba",
		"view=draft&status=withdrawn": "", "view=draft&trashed=true": "e", "view=draft&trashed=false": "dcba",
		"view=draft&id=" + ids["d"] + "," + ids["e"]: "d", "view=draft&slug=slug-d": "d", "view=draft&published_from=2026-01-01": "cba",
		"view=draft&updated_from=2026-11-02T11:00:00Z": "d", "view=draft&trashed=true&status=draft&slug=slug-e": "e",
	} {
		var expected []string
		for _, name := range strings.Split(want, "") {
			expected = append(expected, ids[name])
		}
		caller := k.Public
		if strings.Contains(query, "view=draft") {
			caller = func(method, target string) *testkit.Call { return k.As(cms.Contributor, method, target) }
		}
		if got := idsIn(caller("GET", "/v1/articles?"+query).Want(200)); !slices.Equal(got, expected) {
			t.Errorf("%s: %v, want %v (%s)", query, got, expected, want)
		}
	}
}

func TestRowsHaveTheFieldsThatAreAskedFor(t *testing.T) {
	t.Parallel()
	k, _ := shelf(t)
	heads := strings.Split("id slug url type locale direction kicker title summary dateline byline source canonical_url meta extra tags "+
		"sections authors image audio video retracted word_count reading_minutes edition published_at edition_at created_at updated_at", " ")
	drafts := strings.Split("byline_shown status version has_unpublished_changes translation_of created_by trashed_at note reason notice allowed_moves", " ")
	for query, want := range map[string][]string{
		"":                           heads,
		"include=body":               append([]string{"body_html", "outline"}, heads...),
		"include=related_links":      append([]string{"related_links"}, heads...),
		"include=related_links,body": append([]string{"related_links", "body_html", "outline"}, heads...),
		"fields=id,title":            {"id", "title"},
		"fields=body_html":           {"body_html"},
		"fields=related_links,url":   {"related_links", "url"},
		"view=draft":                 append(slices.Clone(drafts), heads...),
		"view=draft&include=body":    append(append([]string{"body", "body_format", "body_html", "outline", "warnings"}, drafts...), heads...),
		"view=draft&fields=body,created_by,trashed_at,edition_at": {"body", "created_by", "trashed_at", "edition_at"},
	} {
		for _, row := range k.As(cms.Author, "GET", "/v1/articles?"+query).Want(200).List("data") {
			var names []string
			for name := range row.(map[string]any) {
				names = append(names, name)
			}
			slices.Sort(names)
			slices.Sort(want)
			if diff := cmp.Diff(want, names); diff != "" {
				t.Errorf("%s (-want +got):\n%s", query, diff)
			}
		}
	}
	one := k.Public("GET", "/v1/articles/slug-a?fields=title,id,tags").Want(200)
	if !strings.HasPrefix(string(one.Body), `{"title":"a","id":`) || len(one.Object()) != 3 {
		t.Errorf("fields of one article: %s", one.Body)
	}
}

func TestParametersThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	k, _ := shelf(t)
	for _, c := range []struct{ path, want, advice string }{
		{"/v1/articles?sortt=title", "sortt unknown", `"sort"`},
		{"/v1/articles?limits=1", "limits unknown", `"limit"`},
		{"/v1/articles?publishedFrom=2026-01-01", "publishedFrom unknown", `"published_from"`},
		{"/v1/articles?zzzzzzzz=1", "zzzzzzzz unknown", "published_from"},
		{"/v1/articles?limit=1&limit=1", "limit repeated", "once"},
		{"/v1/articles?trashed=2", "trashed not_allowed", "true"},
		{"/v1/articles?limit=&limit=1", "limit repeated", "once"},
		{"/v1/articles?tag=a,,b", "tag empty", "tag"},
		{"/v1/articles?tag=,", "tag empty", "tag"},
		{"/v1/articles?limit=0", "limit out_of_range", "100"},
		{"/v1/articles?limit=101", "limit out_of_range", "100"},
		{"/v1/articles?limit=ten", "limit out_of_range", "100"},
		{"/v1/articles?limit=1.5", "limit out_of_range", "100"},
		{"/v1/articles?page=0", "page out_of_range", "1"},
		{"/v1/articles?page=102&limit=100", "page too_deep", "cursor"},
		{"/v1/articles?count=yes", "count not_allowed", "exact"},
		{"/v1/articles?sort=titel", "sort not_allowed", `"title"`},
		{"/v1/articles?sort=created_at", "sort not_allowed", "updated_at"},
		{"/v1/articles?view=drafts", "view not_allowed", `"draft"`},
		{"/v1/articles?type=opinon", "type not_allowed", `"opinion"`},
		{"/v1/articles?fields=titel", "fields not_allowed", `"title"`},
		{"/v1/articles?fields=body", "fields not_allowed", "view=draft"},
		{"/v1/articles?fields=status", "fields not_allowed", "view=draft"},
		{"/v1/articles?fields=id,id", "fields repeated", "id"},
		{"/v1/articles?include=links", "include not_allowed", "related_links"},
		{"/v1/articles?id=slug-a", "id invalid", "UUID"},
		{"/v1/articles?published_from=yesterday", "published_from invalid_time", "RFC 3339"},
		{"/v1/articles?status=draft", "view required", "view=draft"},
		{"/v1/articles?trashed=true", "view required", "view=draft"},
		{"/v1/articles?cursor=x", "cursor invalid_cursor", "begin again"},
		{"/v1/articles?tag=%ff", "tag invalid_text", "UTF-8"},
		{"/v1/articles?tag=%00", "tag invalid_text", "U+0000"},
		{"/v1/articles?id=" + strings.Repeat("a,", 100) + "a", "id too_many", "100"},
		{"/v1/articles/slug-a?include=body", "include not_allowed", "collections"},
		{"/v1/articles/slug-a?vew=live", "vew unknown", `"view"`},
		{"/v1/tags?sort=titel", "sort not_allowed", "name"},
		{"/v1/tags?views=1", "views unknown", "sort"},
		{"/v1/tags/x?fields=id", "fields unknown", "view"},
		{"/v1/related-links?hosts=a", "hosts unknown", `"host"`},
		{"/v1/related-links?sort=id", "sort unknown", "host"},
		{"/v1/related-links/" + nothing + "?x=1", "x unknown", "view"},
		{"/problems/not-found?x=1", "x unknown", "None"},
	} {
		r := k.Public("GET", c.path).Want(400)
		wantErrors(t, r, c.want)
		if !strings.Contains(r.Text("errors.0.detail"), c.advice) {
			t.Errorf("%s: no word of %s: %s", c.path, c.advice, r.Text("errors.0.detail"))
		}
	}
	wantErrors(t, k.Public("GET", "/v1/articles?limit=0&sort=x&foo=1").Want(400), "sort not_allowed", "limit out_of_range", "foo unknown")
	k.Public("GET", "/v1/articles?tag=a;b=c").Want(400)
	k.Public("GET", "/v1/articles?tag=%zz").Want(400)
}

func TestADraftViewNeedsACredential(t *testing.T) {
	t.Parallel()
	k, ids := shelf(t)
	for _, path := range []string{
		"/v1/articles?view=draft", "/v1/articles?view=draft&status=draft", "/v1/articles/" + ids["a"] + "?view=draft",
		"/v1/articles/" + nothing + "?view=draft", "/v1/articles/" + ids["a"] + "/related-links?view=draft",
		"/v1/related-links?view=draft", "/v1/related-links/" + nothing + "?view=draft", "/v1/tags/" + nothing + "?view=draft",
	} {
		for _, method := range []string{"GET", "HEAD"} {
			if r := k.Public(method, path).Want(401); r.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s %s: no challenge", method, path)
			}
		}
	}
}

// follow is the query of a neighbour in a Link header, "" if it has none.
func follow(r *testkit.Response, rel string) string {
	for _, link := range strings.Split(r.Header.Get("Link"), ", ") {
		if target, ok := strings.CutSuffix(link, fmt.Sprintf(">; rel=%q", rel)); ok {
			return strings.TrimPrefix(target, "<")
		}
	}
	return ""
}

func TestPagesAndTheirNeighbours(t *testing.T) {
	t.Parallel()
	k, ids := shelf(t)
	first := k.Public("GET", "/v1/articles?limit=1&count=exact&locale=en,ar&fields=id").Want(200)
	if first.Field("page.total") != 3.0 || first.Field("page.prev") != nil || first.Field("page.limit") != 1.0 {
		t.Errorf("first page: %s", first.Body)
	}
	walked := []string{}
	for at := first; ; {
		walked = append(walked, idsIn(at)...)
		next := follow(at, "next")
		if next == "" {
			if at.Field("page.next") != nil {
				t.Errorf("a page with a next one names none in Link: %s", at.Body)
			}
			break
		}
		u, err := url.Parse(next)
		if err != nil || u.Query().Get("cursor") != at.Text("page.next") || u.Query().Get("locale") != "en,ar" || u.Path != "/v1/articles" {
			t.Fatalf("Link %q, next %s", next, at.Text("page.next"))
		}
		was := at
		at = k.Public("GET", next).Want(200)
		if at.Field("page.total") != 3.0 {
			t.Errorf("the total is lost on the way: %s", at.Body)
		}
		back := k.Public("GET", follow(at, "prev")).Want(200)
		if diff := cmp.Diff(idsIn(was), idsIn(back)); diff != "" {
			t.Errorf("the page before is another one:\n%s", diff)
		}
	}
	if diff := cmp.Diff([]string{ids["c"], ids["b"], ids["a"]}, walked); diff != "" {
		t.Errorf("walked (-want +got):\n%s", diff)
	}
	if plain := k.Public("GET", "/v1/articles").Want(200); strings.Contains(string(plain.Body), "total") || plain.Header.Get("Link") != "" {
		t.Errorf("a whole list: %s %v", plain.Body, plain.Header)
	}
	numbered := k.Public("GET", "/v1/articles?page=2&limit=1").Want(200)
	wantIDs(t, k.Public("GET", "/v1/articles?limit=1&cursor="+numbered.Text("page.next")), ids["a"])
	wantIDs(t, k.Public("GET", follow(numbered, "prev")), ids["c"])
	wantErrors(t, k.Public("GET", "/v1/articles?page=1&cursor="+numbered.Text("page.next")).Want(400), "page not_allowed")
	k.Public("GET", "/v1/articles?page=101&limit=100").Want(200)
}

func TestOneAnswerForOneURL(t *testing.T) {
	t.Parallel()
	k, _ := shelf(t)
	for _, path := range []string{"/v1/articles", "/v1/articles?include=body,related_links&count=exact", "/v1/articles/slug-a", "/v1/tags", "/v1/articles?limit=2", "/v1/tags?limit=1"} {
		public, signedIn, head := k.Public("GET", path).Want(200), k.As(cms.Admin, "GET", path).Want(200), k.Public("HEAD", path).Want(200)
		if string(public.Body) != string(signedIn.Body) || public.ETag() != signedIn.ETag() || public.ETag() != head.ETag() {
			t.Errorf("%s is answered in several ways", path)
		}
		if len(head.Body) > 0 || head.Header.Get("Link") != public.Header.Get("Link") {
			t.Errorf("HEAD %s: %v", path, head.Header)
		}
		k.Public("GET", path).Header("If-None-Match", public.ETag()).Want(304)
	}
}

func TestTagsAndLinksAnswerTheFieldsThatAreWanted(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(map[string]any{"tags": []string{"Water"}}).Text("id")
	k.As(cms.Editor, "POST", "/v1/articles/"+id+"/related-links").JSON(`{"title": "A page", "url": "https://example.org/"}`).Want(201)
	for target, want := range map[string]string{
		"/v1/tags?fields=name,slug":          `{"name":"Water","slug":"water"}`,
		"/v1/related-links?fields=url,title": `{"url":"https://example.org/","title":"A page"}`,
	} {
		if r := k.Public("GET", target).Want(200); !strings.Contains(string(r.Body), `"data":[`+want+`]`) {
			t.Errorf("%s: %s", target, r.Body)
		}
	}
	k.Public("GET", "/v1/tags?fields=version").Want(400)
	if r := k.Public("GET", "/v1/articles?fields=title,status").Want(400); !strings.Contains(r.Text("errors.0.detail"), "view=draft") {
		t.Errorf("%s", r.Body)
	}
}

func TestALanguageIsTheSameHoweverItIsSpelled(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Published(map[string]any{"locale": "pt-BR"})
	for _, tag := range []string{"pt-BR", "PT-br", "en,pt-br"} {
		if n := len(k.Public("GET", "/v1/articles?locale="+tag).Want(200).List("data")); n != 1 {
			t.Errorf("locale=%s finds %d articles", tag, n)
		}
	}
	k.Public("GET", "/v1/articles?locale=xx-!!").Want(400)
	k.Public("GET", "/v1/articles?trashed=false").Want(200)
}

func TestALanguageHasThoseOfItsRegions(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, locale := range []string{"ar", "ar-EG", "arz", "zh-Hant-TW", "en"} {
		k.Published(map[string]any{"title": locale, "locale": locale})
	}
	for asked, want := range map[string]string{
		"locale=ar": "ar,ar-EG", "locale=AR-eg": "ar-EG", "locale=zh,arz": "arz,zh-Hant-TW", "locale=zh-Hant": "zh-Hant-TW",
		"locale=zh-TW": "", "filter=locale:ar": "ar,ar-EG", "filter=locale=ar": "ar", "filter=NOT locale:ar": "arz,en,zh-Hant-TW",
		"locale=ar&filter=locale:ar-EG&count=exact": "ar-EG",
	} {
		asked := strings.ReplaceAll(asked, " ", "%20")
		for view, credential := range map[string]*testkit.Call{
			"live":  k.Public("GET", "/v1/articles?sort=title&fields=title&"+asked),
			"draft": k.As(cms.Editor, "GET", "/v1/articles?view=draft&sort=title&fields=title&"+asked),
		} {
			var got []string
			for _, row := range credential.Want(200).List("data") {
				got = append(got, row.(map[string]any)["title"].(string))
			}
			if strings.Join(got, ",") != want {
				t.Errorf("%s finds %q in the %s view, want %q", asked, got, view, want)
			}
		}
	}
	facets := k.Public("GET", "/v1/articles?locale=ar&facets=locale").Want(200).List("facets.locale")
	if len(facets) != 2 {
		t.Errorf("facets are exact: %v", facets)
	}
}

// TestParametersAreTakenAsClientsWriteThem holds for spellings that can mean one thing only. They
// are one question: a cursor of one is good for the others.
func TestParametersAreTakenAsClientsWriteThem(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	makeTag(k, `{"name": "A"}`)
	makeTag(k, `{"name": "B"}`)
	for _, tag := range []string{"a", "b", "b"} {
		k.Published(map[string]any{"title": "On " + tag, "tags": []string{tag}})
	}
	k.Published(map[string]any{"title": "On nothing"})
	first := k.Public("GET", "/v1/articles?tag=a,b&limit=1").Want(200)
	for _, query := range []string{
		"tag=a,b", "tag=a&tag=b", "tag=a&tag=&tag=b", "tag=a&tag=b&sort=&q=&type=&page=&highlight=0",
		"tag=a, b&trashed=0&count=",
	} {
		query = strings.ReplaceAll(query, " ", "%20")
		if n := len(k.Public("GET", "/v1/articles?limit=&"+query).Undocumented().Want(200).List("data")); n != 3 {
			t.Errorf("%s: %d articles", query, n)
		}
		rest := k.Public("GET", "/v1/articles?"+query+"&cursor="+first.Text("page.next")).Undocumented().Want(200)
		if n := len(rest.List("data")); n != 2 {
			t.Errorf("%s: %d articles behind the cursor", query, n)
		}
	}
	k.Public("GET", "/v1/articles?tag=b,a&cursor="+first.Text("page.next")).Want(400)
	for query, want := range map[string]int{"view=draft&trashed=True": 0, "view=draft&trashed=FALSE": 4} {
		rows := k.As(cms.Author, "GET", "/v1/articles?"+query).Undocumented().Want(200)
		if got := len(rows.List("data")); got != want {
			t.Errorf("%s lists %d, want %d", query, got, want)
		}
	}
	found := k.Public("GET", "/v1/articles?q=nothing&highlight=1").Undocumented().Want(200)
	if found.Field("data.0.highlight") == nil {
		t.Error("highlight=1 is not highlight=true")
	}
}

func TestLinesAreTrimmed(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	made := k.Draft(map[string]any{
		"title": " The ferry  ", "kicker": "\tRivers ", "byline": "\u00a0Ada ",
		"meta": map[string]any{"title": " Ferry "}, "source": map[string]any{"name": " Agency "},
	})
	for field, want := range map[string]string{
		"title": "The ferry", "kicker": "Rivers", "byline": "Ada", "meta.title": "Ferry",
		"source.name": "Agency",
	} {
		if got := made.Text(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
}
