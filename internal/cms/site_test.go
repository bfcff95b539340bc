package cms_test

import (
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

func TestArticleURLsFollowThePattern(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 23, 0, 0, 0, time.FixedZone("", -2*3600)) // the next day in UTC
	ref := cms.ArticleRef{ID: "01a2096c-ce5d-70a9-9726-6746ff3bbaf7", Slug: "نهر-طويل",
		Type: cms.News, Locale: "ar", PublishedAt: &at}
	for _, c := range []struct {
		site cms.Site
		want string
	}{
		{cms.Site{Pattern: cms.DefaultPattern},
			"/articles/%D9%86%D9%87%D8%B1-%D8%B7%D9%88%D9%8A%D9%84"},
		{cms.Site{URL: "https://n.example/", Pattern: "/{locale}/{type}/{id}"},
			"https://n.example/ar/news/01a2096c-ce5d-70a9-9726-6746ff3bbaf7"},
		{cms.Site{URL: "https://n.example", Pattern: "/{year}/{month}/{day}/{id}"},
			"https://n.example/2026/03/03/01a2096c-ce5d-70a9-9726-6746ff3bbaf7"},
		{cms.Site{Pattern: "/a}b/{locale}{type}/{id"}, "/a}b/arnews/{id"},
	} {
		if got := c.site.ArticleURL(&ref); got != c.want {
			t.Errorf("%v: %s, want %s", c.site, got, c.want)
		}
	}
	east := cms.Site{Pattern: "/{year}/{month}/{day}/{id}", Zone: time.FixedZone("", -12*3600)}
	if got := east.ArticleURL(&ref); !strings.HasPrefix(got, "/2026/03/02/") {
		t.Errorf("the day of a site's zone is that of %s", got)
	}
	ref.PublishedAt = nil
	if got := (cms.Site{Pattern: "/{year}/{slug}"}).ArticleURL(&ref); !strings.HasPrefix(got,
		"/0000/") {
		t.Errorf("an article without a day has the URL %s", got)
	}
}

func TestASiteThatCannotMakeURLsIsRefused(t *testing.T) {
	t.Parallel()
	for _, site := range []cms.Site{
		{Pattern: "articles/{slug}"}, {Pattern: "/articles"}, {Pattern: "/{slug}/{author}"},
		{Pattern: "/{slug}", URL: "news.example.org"},
		{Pattern: "/{slug}", URL: "ftp://news.example.org"},
		{Pattern: "/{slug}", URL: "https://news.example.org?x=1"},
		{Pattern: "/{slug}" + strings.Repeat("x", cms.MaxArticleURL-3*cms.MaxSlugBytes),
			URL: "https://news.example.org"},
		{Pattern: "/{slug}", Locale: "xx-!!"}, {Pattern: "/{slug}", Locale: "EN"},
	} {
		if site.Locale == "" {
			site.Locale = "en"
		}
		if site.Check() == nil {
			t.Errorf("%+v was taken", site)
		}
	}
	longest := "/{slug}" + strings.Repeat("x", cms.MaxArticleURL-3*cms.MaxSlugBytes-1)
	if err := (cms.Site{Pattern: longest, Locale: "en"}).Check(); err != nil {
		t.Error(err)
	}
	if err := (cms.Site{Pattern: "/{year}/{slug}", URL: "https://news.example.org/en",
		Locale: "en"}).Check(); err != nil {
		t.Error(err)
	}
}

func TestMayGrowsWithTheRole(t *testing.T) {
	t.Parallel()
	rank := map[cms.Scope]int{cms.None: 0, cms.OwnDrafts: 1, cms.Own: 2, cms.Any: 3}
	for i, role := range cms.Roles[1:] {
		for _, leave := range cms.Roles[i].Grants() {
			if rank[role.Scope(leave.Permission)] < rank[leave.Scope] {
				t.Errorf("%s may %s less than %s", role, leave.Permission, cms.Roles[i])
			}
		}
	}
	var public cms.Actor
	if !cms.Is(public.Check(cms.ReadDrafts), cms.Unauthenticated) ||
		len(public.Role.Grants()) != 0 {
		t.Error("the public may do something")
	}
}
