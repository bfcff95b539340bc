package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// makeAlert makes an alert as the editor.
func makeAlert(k *testkit.Kit, body string) *testkit.Response {
	k.T.Helper()
	return k.As(cms.Editor, "POST", "/v1/alerts").JSON(body).Want(201)
}

// alertTexts are the texts of a list of alerts.
func alertTexts(r *testkit.Response) string {
	r.T.Helper()
	var texts []string
	for _, row := range r.List("data") {
		texts = append(texts, row.(map[string]any)["text"].(string))
	}
	return strings.Join(texts, " ")
}

// at returns a time some minutes after the clock began.
func at(minutes int) string {
	return testkit.Start.Add(time.Duration(minutes) * time.Minute).UTC().Format(time.RFC3339)
}

func TestAnAlertHasDefaults(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	r := makeAlert(k, `{"text": "  Snow on the pass. "}`)
	for name, want := range map[string]any{
		"text": "Snow on the pass.", "level": "info", "article": nil, "url": nil, "locale": "en",
		"starts_at": at(0), "ends_at": at(360), "created_at": at(0), "updated_at": at(0),
	} {
		if got := r.Field(name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	k.Clock.Move(time.Hour)
	r = k.As(cms.Editor, "PATCH", "/v1/alerts/"+r.Text("id")).
		JSON(`{"level": "breaking", "url": "https://example.org/", "ends_at": null, "locale": "ar-eg"}`).Want(200)
	for name, want := range map[string]any{
		"level": "breaking", "url": "https://example.org/", "locale": "ar-EG",
		"starts_at": at(0), "ends_at": at(360), "updated_at": at(60),
	} {
		if got := r.Field(name); got != want {
			t.Errorf("after a change %s is %v, want %v", name, got, want)
		}
	}
}

func TestAlertsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Draft(map[string]any{"slug": "here"})
	for body, pointer := range map[string]string{
		`{}`:                                  "/text",
		`{"text": " "}`:                       "/text",
		`{"text": "a\nb"}`:                    "/text",
		`{"text": "T", "level": "loud"}`:      "/level",
		`{"text": "T", "article": "nowhere"}`: "/article",
		`{"text": "T", "article": "here", "url": "https://example.org/"}`: "/url",
		`{"text": "T", "url": "javascript:alert(1)"}`:                     "/url",
		`{"text": "T", "locale": "no language"}`:                          "/locale",
		`{"text": "T", "ends_at": "` + at(0) + `"}`:                       "/ends_at",
		`{"text": "T", "starts_at": "9999-12-31T23:59:59Z"}`:              "/ends_at",
		`{"text": "T", "starts_at": "tomorrow"}`:                          "/starts_at",
		`{"text": "` + strings.Repeat("t", 281) + `"}`:                    "/text",
	} {
		r := k.As(cms.Editor, "POST", "/v1/alerts").JSON(body).Do()
		wantProblem(t, r, 422, cms.Invalid, "pointer", pointer)
	}
	wantProblem(t, k.Public("GET", "/v1/alerts?active=true").Do(), 400, cms.InvalidParameter, "parameter", "view")
	if got := alertTexts(k.As(cms.Editor, "GET", "/v1/alerts?view=draft").Want(200)); got != "" {
		t.Errorf("there are %q", got)
	}
}

func TestAlertsAreListedByLevelThenTheNewest(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for i, text := range []string{"info urgent", "second", "later", "breaking", "past", "breaking"} {
		level, name := "info", text
		switch i {
		case 0:
			level, name = "urgent", "a"
		case 3, 5:
			level, name = "breaking", fmt.Sprint("b", i)
		}
		body := fmt.Sprintf(`{"text": %q, "level": %q, "starts_at": %q, "ends_at": %q}`,
			name, level, at(-60+i), at(60+i))
		switch text {
		case "later":
			body = fmt.Sprintf(`{"text": %q, "starts_at": %q}`, name, at(30))
		case "past":
			body = fmt.Sprintf(`{"text": %q, "starts_at": %q, "ends_at": %q}`, name, at(-61), at(0))
		}
		makeAlert(k, body)
	}
	for query, want := range map[string]string{
		"":                         "b5 b3 a second",
		"?view=draft":              "later b5 b3 second a past",
		"?view=draft&active=true":  "b5 b3 second a",
		"?view=draft&active=0":     "later past",
		"?view=draft&active=false": "later past",
	} {
		if got := alertTexts(k.As(cms.Editor, "GET", "/v1/alerts"+query).Want(200)); got != want {
			t.Errorf("%s lists %q, want %q", query, got, want)
		}
		var paged []string
		join := "?"
		if query != "" {
			join = query + "&"
		}
		next := "/v1/alerts" + join + "limit=1&count=exact"
		for base := next; next != ""; {
			r := k.As(cms.Editor, "GET", next).Want(200)
			paged = append(paged, alertTexts(r))
			cursor, more := r.Field("page.next").(string)
			if next = ""; more {
				next = base + "&cursor=" + cursor
			}
			if n := len(strings.Fields(want)); r.Field("page.total") != float64(n) {
				t.Errorf("%s has %v, want %d", query, r.Field("page.total"), n)
			}
		}
		if got := strings.Join(paged, " "); got != want {
			t.Errorf("%s lists %q page by page, want %q", query, got, want)
		}
	}
}

func TestReadersSeeAnAlertInItsTimeOnly(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := makeAlert(k, fmt.Sprintf(`{"text": "T", "starts_at": %q, "ends_at": %q}`, at(10), at(20))).Text("id")
	for _, c := range []struct {
		move   time.Duration
		status int
		list   string
	}{
		{0, 404, ""}, {10*time.Minute - time.Second, 404, ""}, {time.Second, 200, "T"},
		{10*time.Minute - time.Second, 200, "T"}, {time.Second, 404, ""},
	} {
		k.Clock.Move(c.move)
		for range 2 { // made, and from memory
			k.Public("GET", "/v1/alerts/"+id).Want(c.status)
			if got := alertTexts(k.Public("GET", "/v1/alerts").Want(200)); got != c.list {
				t.Errorf("at %s readers see %q, want %q", k.Clock.Now(), got, c.list)
			}
		}
		k.As(cms.Contributor, "GET", "/v1/alerts/"+id+"?view=draft").Want(200)
	}
}

func TestAnAnswerSaysUntilWhenItIsGood(t *testing.T) {
	t.Parallel()
	hour := time.Hour
	k := testkit.New(t, func(_ *newsroom.Options, o *api.Options) { o.CDNMaxAge = &hour })
	makeAlert(k, fmt.Sprintf(`{"text": "later", "starts_at": %q}`, at(120)))
	id := makeAlert(k, fmt.Sprintf(`{"text": "T", "ends_at": %q}`, at(90))).Text("id")
	check := func(target, until string, lifetime string) {
		t.Helper()
		first := k.Public("GET", target).Want(200)
		for _, r := range []*testkit.Response{
			first, k.Public("GET", target).Want(200), k.Public("HEAD", target).Want(200),
			k.Public("GET", target).Header("If-None-Match", first.ETag()).Want(304),
		} {
			moment, _ := time.Parse(time.RFC3339, until)
			for name, want := range map[string]string{
				"Expires":           moment.Format(http.TimeFormat),
				"Cache-Control":     "public, max-age=0, must-revalidate",
				"CDN-Cache-Control": lifetime, "Surrogate-Control": lifetime,
			} {
				if got := r.Header.Get(name); got != want {
					t.Errorf("%s at %s: %s is %q, want %q", target, k.Clock.Now(), name, got, want)
				}
			}
		}
	}
	one := "/v1/alerts/" + id
	check(one, at(90), "max-age=3600, stale-while-revalidate=30, stale-if-error=1800")
	check("/v1/alerts", at(90), "max-age=3600, stale-while-revalidate=30, stale-if-error=1800")
	k.Clock.Move(30*time.Minute - 10*time.Second)
	check(one, at(90), "max-age=3600, stale-while-revalidate=10, stale-if-error=10")
	k.Clock.Move(time.Hour)
	check(one, at(90), "max-age=10, stale-while-revalidate=0, stale-if-error=0")
	k.Clock.Move(10 * time.Second)
	k.Public("GET", one).Want(404)
	check("/v1/alerts", at(120), "max-age=1800, stale-while-revalidate=0, stale-if-error=0")
	k.Clock.Move(24 * time.Hour)
	if r := k.Public("GET", "/v1/alerts").Want(200); r.Header.Get("Expires") != "" {
		t.Errorf("no alert is to come, and the list expires at %q", r.Header.Get("Expires"))
	}
}

func TestAnAlertLeadsToAnArticleOnlyWhileThatIsLive(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	article := k.Draft(map[string]any{"title": "Canary", "slug": "canary"}).Text("id")
	alert := makeAlert(k, fmt.Sprintf(`{"text": "T", "article": %q}`, "canary"))
	if got := alert.Text("article.title"); got != "Canary" {
		t.Errorf("editors see the article %q", got)
	}
	shows := func(want string) {
		t.Helper()
		for _, target := range []string{"/v1/alerts", "/v1/alerts/" + alert.Text("id")} {
			for range 2 {
				r := k.Public("GET", target).Want(200)
				if got := strings.Contains(string(r.Body), want); !got ||
					want == `"article":null` && strings.Contains(strings.ToLower(string(r.Body)), "canary") {
					t.Errorf("%s has no %s: %s", target, want, r.Body)
				}
			}
		}
	}
	shows(`"article":null`)
	k.Publish(article)
	shows(fmt.Sprintf(`"article":{"id":%q,"slug":"canary","title":"Canary","url":"https://news.example.org/articles/canary"}`, article))
	revise(k, article, `{"title": "Bird"}`)
	shows(`"title":"Canary"`)
	k.Publish(article)
	shows(`"title":"Bird"`)
	verb(k, article, "withdraw")
	shows(`"article":null`)
	trash(k, article)
	k.As(cms.Admin, "DELETE", articlePath(article)+"?permanent=true").If("*").Want(204)
	shows(`"article":null`)
	r := k.As(cms.Editor, "GET", "/v1/alerts/"+alert.Text("id")+"?view=draft").Want(200)
	if r.Field("article") != nil || r.Text("text") != "T" {
		t.Errorf("the article is gone for good, and the alert is %s", r.Body)
	}
	k.As(cms.Editor, "PATCH", "/v1/alerts/"+alert.Text("id")).JSON(`{"text": "U"}`).Want(200)
}
