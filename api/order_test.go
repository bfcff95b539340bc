package api_test

import (
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func TestABodyThatBreaksARuleIsToldBeforeAVersionThatHasPassed(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	article := articlePath(k.article)
	for _, c := range []struct{ method, path, body, pointer string }{
		{"PATCH", article, `{"title": " "}`, "/title"},
		{"PATCH", article, `{"title": null}`, "/title"},
		{"PATCH", article, `{"slug": "Not One"}`, "/slug"},
		{"PATCH", article, `{"colour": "red"}`, "/colour"},
		{"PUT", article, `{"title": "x", "published_at": "2030-01-01T00:00:00Z"}`, "/published_at"},
		{"POST", article + "/related-links", `{"title": "x"}`, "/url"},
		{"PUT", article + "/related-links", `{"data": [{"url": "https://example.org/", "title": "x"}, {"title": "x"}]}`, "/data/1/url"},
		{"PATCH", "/v1/related-links/" + k.link, `{"url": "ftp://example.org/"}`, "/url"},
		{"PATCH", "/v1/tags/" + k.tag, `{"name": " "}`, "/name"},
	} {
		for _, version := range []string{`"99"`, `W/"1"`, `"a-live-one"`, `*`} {
			r := k.As(cms.Editor, c.method, c.path).If(version).JSON(c.body).Do()
			wantProblem(t, r, 422, cms.Invalid, "pointer", c.pointer)
		}
		wantProblem(t, k.As(cms.Editor, c.method, c.path).JSON(c.body).Do(), 422, cms.Invalid, "pointer", c.pointer)
	}
}

func TestWhoMayNotIsToldBeforeWhatIsWrong(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	article, none := articlePath(k.article), articlePath(nothing)
	for _, c := range []struct{ method, path, body string }{
		{"PATCH", "", `{"title": " "}`},
		{"PUT", "", `{"title": " "}`},
		{"POST", "/related-links", `{"url": "ftp://example.org/", "title": "x"}`},
		{"PUT", "/related-links", `{"data": [{"url": "ftp://example.org/", "title": "x"}]}`},
	} {
		wantProblem(t, k.As(cms.Contributor, c.method, article+c.path).If("*").JSON(c.body).Do(), 403, cms.Forbidden, "", "")
		wantProblem(t, k.As(cms.Editor, c.method, none+c.path).If("*").JSON(c.body).Do(), 404, cms.NotFound, "", "")
	}
	link := "/v1/related-links/" + k.link
	wantProblem(t, k.As(cms.Contributor, "PATCH", link).JSON(`{"url": "ftp://example.org/"}`).Do(), 403, cms.Forbidden, "", "")
}

func TestACallWithoutItsVersionIsRefusedWhateverItsKeyWasFor(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	for path, method := range map[string]string{"": "PATCH", "/publish": "POST", "/withdraw": "POST", "/restore": "POST"} {
		call := func() *testkit.Call {
			c := k.As(cms.Editor, method, articlePath(k.article)+path).Header("Idempotency-Key", "k")
			if method == "PATCH" {
				c.JSON(`{"kicker": "K"}`)
			}
			return c
		}
		wantProblem(t, call().Do(), 428, cms.VersionRequired, "header", "If-Match")
		first := call().If("*").Do()
		wantReplay(t, first, call().If("*").Do())
		if r := call().Do(); r.Header.Get("Idempotent-Replayed") != "" {
			t.Errorf("%s: an answer was given again to a call that lacks its version: %s", path, r.Body)
		} else {
			wantProblem(t, r, 428, cms.VersionRequired, "header", "If-Match")
		}
	}
}
