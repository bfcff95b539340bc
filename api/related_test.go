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

func relatedPath(ref, more string) string {
	return "/v1/articles/" + url.PathEscape(ref) + "/related" + more
}

// relatives are the related articles of one as "slug: reasons".
func relatives(k *testkit.Kit, ref, more string) []string {
	k.T.Helper()
	out := []string{}
	for _, row := range k.Public("GET", relatedPath(ref, more)).Want(200).List("data") {
		row := row.(map[string]any)
		var reasons []string
		for _, r := range row["reasons"].([]any) {
			reasons = append(reasons, r.(string))
		}
		out = append(out, fmt.Sprintf("%s: %s", row["slug"], strings.Join(reasons, " ")))
	}
	return out
}

func wantRelatives(t *testing.T, k *testkit.Kit, ref, more string, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, relatives(k, ref, more)); diff != "" {
		t.Errorf("%s%s (-want +got):\n%s", ref, more, diff)
	}
}

// family is a newsroom with an article, subject, and others that have more or less to do with it.
func family(t *testing.T) (k *testkit.Kit, ids map[string]string) {
	k, ids = testkit.New(t), map[string]string{}
	publish := func(slug, title string, tags ...string) {
		ids[slug] = k.Published(map[string]any{"slug": slug, "title": title, "tags": tags, "body": "About " + slug}).Text("id")
		k.Clock.Move(time.Hour)
	}
	for i := range 12 { // many have the tag news, so it says little
		publish(fmt.Sprint("daily-", i), fmt.Sprintf("Bulletin %d", i), "Daily")
	}
	publish("both", "Two tags", "Glaciers", "Daily")
	publish("rare", "One rare tag", "Glaciers")
	publish("subject", "Measuring the Fedchenko icefield by drone", "Glaciers", "Daily")
	publish("words", "A drone above the Fedchenko icefield", "Aviation")
	publish("linked", "Nothing in common", "Cooking")
	publish("also", "Neither here", "Chess")
	publish("stranger", "Bread", "Cooking")
	return k, ids
}

func TestRelatedArticlesAreThoseEditorsChoseAndThenTheLikeliest(t *testing.T) {
	t.Parallel()
	k, ids := family(t)
	rel := func(target, rel string) string {
		return k.As(cms.Editor, "POST", linksPath(ids["subject"])).JSON(map[string]any{"article_id": target, "rel": rel}).Want(201).Text("id")
	}
	auto := relatives(k, "subject", "?mode=auto&limit=50")
	if len(auto) != 15 || auto[0] != "words: words" || auto[1] != "both: tag:daily tag:glaciers" || auto[2] != "rare: tag:glaciers" || auto[3] != "daily-11: tag:daily" {
		t.Fatalf("by themselves: %q", auto)
	}
	for _, row := range auto {
		if strings.HasPrefix(row, "linked") || strings.HasPrefix(row, "also") || strings.HasPrefix(row, "stranger") || strings.HasPrefix(row, "subject") {
			t.Errorf("by itself comes %s", row)
		}
	}
	rel("linked", "background")
	addLink(k, ids["subject"], "outside", nil)
	rel("both", "related")
	also := rel("also", "follow_up")
	manual := []string{"linked: link:background", "both: link:related", "also: link:follow_up"}
	wantRelatives(t, k, "subject", "?mode=manual", manual...)
	wantRelatives(t, k, ids["subject"], "?mode=manual&limit=2", manual[:2]...)
	wantRelatives(t, k, "subject", "?mode=auto&limit=50", auto...)
	wantRelatives(t, k, "subject", "?limit=50", append(append(slices.Clone(manual), auto[0]), auto[2:]...)...)
	wantRelatives(t, k, "subject", "?mode=mixed&limit=4", append(slices.Clone(manual), auto[0])...)
	wantRelatives(t, k, "subject", "?limit=3", manual...)

	k.As(cms.Editor, "PATCH", linkPath(also)).JSON(`{"position": 1}`).Want(200)
	wantRelatives(t, k, "subject", "?mode=manual", manual[2], manual[0], manual[1])
	verb(k, ids["linked"], "withdraw")
	trash(k, ids["rare"])
	wantRelatives(t, k, "subject", "?mode=manual", manual[2], manual[1])
	for _, row := range relatives(k, "subject", "?limit=50") {
		if strings.HasPrefix(row, "linked") || strings.HasPrefix(row, "rare") {
			t.Errorf("what is gone comes still: %s", row)
		}
	}
}

func TestAnArticleIsNeverRelatedToItselfNorTwice(t *testing.T) {
	t.Parallel()
	k, ids := family(t)
	for _, target := range []string{"both", "words"} {
		pointTo(k, ids["subject"], target)
	}
	for slug := range ids {
		for _, mode := range []string{"manual", "auto", "mixed"} {
			seen := map[string]bool{slug: true}
			first := k.Public("GET", relatedPath(slug, "?limit=50&mode="+mode)).Want(200)
			for _, row := range first.List("data") {
				at := row.(map[string]any)["slug"].(string)
				if seen[at] {
					t.Errorf("%s, %s: %s comes twice or is itself", slug, mode, at)
				}
				seen[at] = true
			}
			again := k.As(cms.Admin, "GET", relatedPath(ids[slug], "?limit=50&mode="+mode)).Want(200)
			if string(first.Body) != string(again.Body) || first.ETag() != again.ETag() {
				t.Errorf("%s, %s: the second answer is another one", slug, mode)
			}
			if first.Field("page.next") != nil || first.Field("page.prev") != nil || first.Field("page.limit") != 50.0 {
				t.Errorf("there is one page: %s", first.Body)
			}
		}
	}
}

func TestArticlesNearInTimeAreMoreRelated(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for slug, at := range map[string]string{"old": "2016-01-01", "older": "2012-01-01", "near": "2026-05-01", "subject": "2026-04-01", "before": "2026-03-15", "year": "2025-01-01"} {
		k.Published(map[string]any{"slug": slug, "title": slug, "tags": []string{"Water"}, "published_at": at + "T00:00:00Z"})
	}
	wantRelatives(t, k, "subject", "?mode=auto", "before: tag:water", "near: tag:water", "year: tag:water", "old: tag:water", "older: tag:water")
}

func TestRelatedArticlesAreAskedForLikeAList(t *testing.T) {
	t.Parallel()
	k, ids := family(t)
	whole := k.Public("GET", relatedPath("subject", "?limit=1")).Want(200)
	if row := whole.List("data")[0].(map[string]any); row["tags"] == nil || row["word_count"] == nil || row["body_html"] != nil {
		t.Errorf("a row is not as in a list: %v", row)
	}
	some := k.Public("GET", relatedPath("subject", "?limit=2&fields=slug,reasons")).Want(200)
	if !strings.Contains(string(some.Body), `{"slug":"both","reasons":["tag:daily","tag:glaciers"]}]`) {
		t.Errorf("%s", some.Body)
	}
	if bare := k.Public("GET", relatedPath("subject", "?limit=1&fields=title")).Want(200); strings.Contains(string(bare.Body), "reasons") {
		t.Errorf("%s", bare.Body)
	}
	k.Public("GET", relatedPath("subject", "?limit=1")).Header("If-None-Match", whole.ETag()).Want(304)
	k.Public("HEAD", relatedPath("subject", "")).Want(200)
	for more, want := range map[string]string{
		"?mode=none": "mode not_allowed", "?limit=51": "limit out_of_range", "?limit=0": "limit out_of_range", "?fields=status": "fields not_allowed",
		"?fields=reason": "fields not_allowed", "?view=draft": "view unknown", "?page=2": "page unknown", "?cursor=x": "cursor unknown", "?q=a": "q unknown",
	} {
		wantErrors(t, k.Public("GET", relatedPath("subject", more)).Want(400), want)
	}

	revise(k, ids["subject"], `{"slug": "new-subject"}`)
	k.Public("GET", relatedPath("new-subject", "")).Want(404)
	k.Publish(ids["subject"])
	moved := k.Public("GET", relatedPath("subject", "?mode=auto&limit=3")).Want(308)
	if got := moved.Header.Get("Location"); got != relatedPath("new-subject", "?mode=auto&limit=3") {
		t.Errorf("an old slug leads to %q", got)
	}
	for _, ref := range []string{nothing, "no-such-slug", k.Draft(nil).Text("id")} {
		k.Public("GET", relatedPath(ref, "")).Want(404)
		k.As(cms.Admin, "GET", relatedPath(ref, "")).Want(404)
	}
	closed := testkit.New(t, testkit.ClosedToThePublic)
	id := closed.Published(nil).Text("id")
	closed.Public("GET", relatedPath(id, "")).Want(401)
	closed.As(cms.Contributor, "GET", relatedPath(id, "")).Want(200)
}

func TestArabicArticlesAreRelatedByTheirWords(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Published(map[string]any{"slug": "subject", "title": "مكتبة المخطوطات تفتح أبوابها للباحثين", "locale": "ar"})
	k.Published(map[string]any{"slug": "kin", "title": "الباحثون والمخطوطات في المكتبة", "body": "تفتح أبوابها للباحثين", "locale": "ar"})
	for i, title := range []string{"خبز وقهوة", "رحلة القطار الليلي", "ماء البحر", "الشطرنج في المدرسة", "سفينة الإصلاح", "ظل الأشجار", "أسعار القمح", "قياس الزلازل"} {
		k.Published(map[string]any{"slug": fmt.Sprint("stranger-", i), "title": title, "locale": "ar"})
	}
	wantRelatives(t, k, "subject", "", "kin: words")
}
