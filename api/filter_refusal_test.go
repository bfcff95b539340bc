package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// filtering is the address of a list under a filter, with more parameters behind it.
func filtering(filter, more string) string {
	return "/v1/articles?filter=" + url.QueryEscape(filter) + more
}

func TestFiltersKeepWhatTheySay(t *testing.T) {
	t.Parallel()
	k, ids := shelf(t) // a to c are live, an hour apart; b and d are Arabic opinions; d is a draft, e in the trash
	revise(k, ids["a"], map[string]any{"kicker": "The river's 100% \"own\" _day_ \\ *", "source": map[string]any{"name": "O'Brien; DROP TABLE articles"},
		"tags": []string{}, "meta": map[string]any{"noindex": true}})
	k.Publish(ids["a"])
	for filter, want := range map[string][2]string{
		`type = "news"`: {"ac", "ac"}, `type = news`: {"ac", "ac"}, `type:news`: {"ac", "ac"}, `type != news`: {"b", "bd"}, `NOT type = news`: {"b", "bd"},
		`-type = news`: {"b", "bd"}, `locale = AR`: {"b", "bd"}, `direction = rtl`: {"b", "bd"}, `title = a`: {"a", "a"}, `title = A`: {"", ""},
		`title > a AND title <= c`: {"bc", "bc"}, `title >= b`: {"bc", "bcd"}, `slug = "slug-b" OR slug = slug-d`: {"b", "bd"}, `slug:*`: {"abc", "abcd"},
		`id = ` + ids["d"]: {"", "d"}, `kicker:*`: {"a", "a"}, `NOT kicker:*`: {"bc", "bcd"}, `kicker = ""`: {"bc", "bcd"}, `kicker:"100%"`: {"a", "a"},
		`kicker:"100_"`: {"", ""}, `kicker:"_day_"`: {"a", "a"}, `kicker:"\\ \*"`: {"a", "a"}, `kicker = "The river's*"`: {"a", "a"}, `kicker:'"own"'`: {"a", "a"},
		`kicker:RIVER`: {"", ""}, `source.name:"O'Brien; DROP"`: {"a", "a"}, `meta.noindex = true`: {"a", "a"}, `meta.noindex != true`: {"bc", "bcd"},
		`word_count = 3`: {"abc", "abcd"}, `word_count > 3`: {"", ""}, `reading_minutes <= 1`: {"abc", "abcd"}, `edition >= 2`: {"a", "a"}, `edition < 2`: {"bc", "bc"},
		`published_at >= "2026-11-02T09:00:00Z"`: {"bc", "bc"}, `published_at < 2026-11-02T12:00:00+03:00`: {"a", "a"}, `published_at != 2026-11-02T09:00:00Z`: {"ac", "acd"},
		`NOT published_at > 2026-01-01`: {"", "d"}, `published_at:*`: {"abc", "abc"}, `edition_at:*`: {"abc", ""}, `tags:none`: {"", ""}, `NOT tags:none`: {"abc", "abcd"},
		`NOT tags:*`: {"abc", "abcd"}, `(type = news OR type = opinion) AND NOT (title = a OR title = b)`: {"c", "cd"},
	} {
		for view, names := range map[string]string{"live": want[0], "draft": want[1]} {
			expected := []string{}
			for _, name := range strings.Split(names, "") {
				expected = append(expected, ids[name])
			}
			r := k.As(cms.Contributor, "GET", filtering(filter, "&sort=title&count=exact&view="+view)).Want(200)
			if diff := cmp.Diff(expected, idsIn(r)); diff != "" || r.Field("page.total") != float64(len(names)) {
				t.Errorf("%s in %s view, of %v (-want +got):\n%s", filter, view, r.Field("page.total"), diff)
			}
		}
	}
	for filter, want := range map[string]string{
		`status = draft`: "d", `status != published`: "d", `version > 1`: "a", `has_unpublished_changes = true`: "", `body_format = markdown`: "abcd",
		`created_by.id:*`: "abcd", `trashed_at:*`: "",
	} {
		expected := []string{}
		for _, name := range strings.Split(want, "") {
			if name != "" {
				expected = append(expected, ids[name])
			}
		}
		got := idsIn(k.As(cms.Editor, "GET", filtering(filter, "&sort=title&view=draft")).Want(200))
		if filter == `version > 1` { // publishing raises it too
			expected = []string{ids["a"], ids["b"], ids["c"]}
		}
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", filter, diff)
		}
	}
}

func TestParametersAllNarrowTogether(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	match := map[string]any{"title": "The ferry to Termez", "tags": []string{"Water", "Asia"}, "type": "feature", "locale": "en-GB", "slug": "match", "kicker": "On the river"}
	near := []map[string]any{
		{"title": "The bus to Termez"}, {"tags": []string{"Water"}}, {"tags": []string{"Water", "Asia", "Sport"}}, {"tags": []string{"Asia"}},
		{"type": "news"}, {"locale": "en"}, {"kicker": "On the lake"}, {"slug": "other"}, {"published_at": "2020-01-01T00:00:00Z"},
	}
	want := k.Published(match).Text("id")
	slugs := "match"
	for i, differs := range near {
		article := map[string]any{}
		for name, v := range match {
			article[name] = v
		}
		article["slug"] = fmt.Sprint("near-", i)
		for name, v := range differs {
			article[name] = v
		}
		k.Published(article)
		if article["slug"] != "other" {
			slugs += "," + article["slug"].(string)
		}
	}
	k.Clock.Move(time.Hour)
	query := asking(`ferry "to termez" -bus`, "&tag=water,none&tag_all=asia&tag_none=sport&type=feature,opinion&locale=en-GB&slug="+slugs+
		"&published_from=2026-01-01&published_until=2026-12-31&updated_from=2026-01-01&filter="+url.QueryEscape(`kicker:river AND NOT tags:sport`)+
		"&count=exact&facets=tag,type,locale,month&highlight=true&include=body,related_links&limit=5")
	for _, sort := range []string{"", "&sort=relevance", "&sort=title", "&sort=-published_at", "&sort=updated_at"} {
		for _, view := range []string{"", "&view=draft&status=published&trashed=false"} {
			r := k.As(cms.Author, "GET", query+sort+view).Want(200)
			if diff := cmp.Diff([]string{want}, idsIn(r)); diff != "" || r.Field("page.total") != 1.0 || facet(r, "tag") != "asia=Asia:1 water=Water:1" {
				t.Errorf("%s%s: %s %s", sort, view, diff, r.Body)
			}
		}
	}
}

func TestFiltersThatCannotBeReadAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Draft(map[string]any{"title": "One"})
	or := func(n int) string { return strings.Repeat("title:a OR ", n-1) + "title:a" }
	for filter, c := range map[string]struct {
		code string
		says []string
	}{
		`titel = "a"`:                        {"unknown", []string{"At character 1: ", `did you mean "title"?`, "word_count"}},
		`type = news AND publishd:*`:         {"unknown", []string{"At character 17: ", `did you mean "published_at"?`}},
		`type = nws`:                         {"not_allowed", []string{"At character 8: ", `did you mean "news"?`}},
		`a = 1`:                              {"unknown", []string{"Allowed are: id, slug, type"}},
		`type = news AND title:a OR title:b`: {"ambiguous", []string{"At character 25: ", "(type = news AND title:a) OR title:b", "type = news AND (title:a OR title:b)"}},
		`status = draft`:                     {"not_allowed", []string{"add view=draft"}},
		`body:river`:                         {"not_allowed", []string{"q="}},
		`عنوان = أ`:                          {"unknown", []string{"At character 1: "}},
		`title:أأأ AND (`:                    {"malformed", []string{"At character 16: "}},
		or(33):                               {"too_many", []string{"At character 353: ", "32"}},
		strings.Repeat("(", 9) + "title:a" + strings.Repeat(")", 9):     {"too_deep", []string{"At character 9: ", "8"}},
		strings.Repeat("NOT (", 5) + "title:a" + strings.Repeat(")", 5): {"too_deep", []string{"8"}},
		`title:"` + strings.Repeat("a", 4089) + `"`:                     {"too_long", []string{"At character 4097: ", "4096"}},
		`title:"` + strings.Repeat("a", 4080) + `ننننننننن"`:            {"too_long", []string{"At character 4092: ", "4106", "4096"}},
		"title:a\x00": {"invalid_text", []string{"U+0000"}}, "title:\xff": {"invalid_text", []string{"UTF-8"}},
	} {
		r := k.Public("GET", filtering(filter, "")).Want(400)
		wantErrors(t, r, "filter "+c.code)
		if r.Text("type") != "/problems/invalid-parameter" {
			t.Errorf("%.60s is %s", filter, r.Text("type"))
		}
		for _, say := range c.says {
			if !strings.Contains(r.Text("errors.0.detail"), say) {
				t.Errorf("%.60s: no word of %s: %s", filter, say, r.Text("errors.0.detail"))
			}
		}
	}
	for _, filter := range []string{or(32), strings.Repeat("(", 8) + "title:a" + strings.Repeat(")", 8), `title:"` + strings.Repeat("a", 4088) + `"`,
		strings.Repeat("NOT (", 4) + "title:a" + strings.Repeat(")", 4)} {
		for _, more := range []string{"", "&q=a&facets=tag&count=exact", "&view=draft"} {
			k.As(cms.Editor, "GET", filtering(filter, more)).Want(200)
		}
	}
	wantErrors(t, k.Public("GET", filtering("titel:a", "&sort=x&limit=0")).Want(400), "filter unknown", "sort not_allowed", "limit out_of_range")
}

// TestWhatOnlyDraftsHaveCannotBeAskedAbout: whatever a field of the draft view is compared with, readers are told the
// same, whether there is such an article or not.
func TestWhatOnlyDraftsHaveCannotBeAskedAbout(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(map[string]any{"title": "Hidden"}).Text("id")
	trash(k, k.Draft(map[string]any{"title": "Thrown away"}).Text("id"))
	author := draftView(k, id).Text("created_by.id")
	k.Published(map[string]any{"title": "Seen"})
	for field, values := range map[string][]string{
		"status": {"draft", "published", "nonsense", `"x y"`}, "version": {"1", "2", "none", "99999999999999999999"}, "body_format": {"markdown", "html", "x"},
		"has_unpublished_changes": {"true", "false", "maybe"}, "created_by.id": {author, nothing, "12"}, "trashed_at": {"2026-11-02", "2020-01-01", "never"},
		"body": {"Hidden", "nothing"}, "created_by": {author, nothing},
	} {
		for _, shape := range []string{"%s = %s", "%s != %s", "%s:%s", "title:a OR %s = %s", "NOT %s = %s", "title:a AND (%s >= %s)"} {
			for _, more := range []string{"", "&q=hidden&count=exact", "&facets=tag", "&view=live"} {
				told := map[string]bool{}
				for _, value := range values {
					for _, caller := range []*testkit.Call{
						k.Public("GET", filtering(fmt.Sprintf(shape, field, value), more)), k.As(cms.Admin, "GET", filtering(fmt.Sprintf(shape, field, value), more)),
					} {
						told[string(caller.Header("X-Request-Id", "probe").Want(400).Body)] = true
					}
				}
				if len(told) != 1 {
					t.Errorf(shape+"%s is answered in several ways: %v", field, "…", more, told)
				}
			}
		}
	}
}

// TestADraftIsNotCountedByAnyFilter asks for each field by what a draft has there, before and after there is one.
func TestADraftIsNotCountedByAnyFilter(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	live := k.Published(map[string]any{"title": "Seen", "tags": []string{"Water", "Quiet"}}).Text("id")
	revise(k, live, `{"tags": ["water"]}`)
	k.Publish(live)
	var filters []string
	for _, f := range cms.ArticleFields.Filterable(cms.LiveView) {
		filters = append(filters, f.Name+":*", "NOT "+f.Name+":*")
		if f.Kind == cms.TextKind || f.Name == "slug" {
			filters = append(filters, f.Name+" = canary*", f.Name+" != canary*", f.Name+" > canar", f.Name+":canary")
		}
	}
	filters = append(filters, "tags:quiet", "NOT tags:quiet", "type = press_release", "locale = tg", "published_at = 2026-05-05T05:05:05Z",
		"word_count > 0", "edition > 1", "updated_at > 2026-11-02T08:00:00Z", "created_at > 2026-11-02T08:00:00Z", "meta.noindex = true")
	probe := func() map[string]string {
		told := map[string]string{}
		for _, f := range filters {
			if f == "slug = canary*" || f == "slug != canary*" || f == "slug > canar" {
				continue // a slug is compared whole
			}
			told[f] = ask(k, "GET", filtering(f, "&count=exact&facets=tag,type,locale,month&include=body,related_links"), nothing)
		}
		return told
	}
	before := probe()
	k.Clock.Move(time.Hour)
	k.Draft(secretArticle("canary-draft"))
	trash(k, k.Published(secretArticle("canary-trashed")).Text("id"))
	verb(k, k.Published(secretArticle("canary-withdrawn")).Text("id"), "withdraw")
	revise(k, live, secretArticle("canary-pending"))
	if diff := cmp.Diff(before, probe()); diff != "" {
		t.Errorf("readers are told otherwise (-before +after):\n%s", diff)
	}
}
