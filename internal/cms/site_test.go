package cms_test

import (
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

// siteWith returns a site with paths of articles at an address in a zone.
func siteWith(address, pattern, zone string) *cms.Site {
	in := cms.DefaultSite()
	in.URL = address
	in.Paths.Article = pattern
	in.TimeZone = zone
	return cms.NewSite(in, 1, cms.FixedSite{})
}

func TestArticleURLsFollowThePattern(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 23, 0, 0, 0, time.FixedZone("", -2*3600)) // the next day in UTC
	ref := cms.ArticleRef{ID: "01a2096c-ce5d-70a9-9726-6746ff3bbaf7", Slug: "نهر-طويل",
		Type: cms.News, Locale: "ar", PublishedAt: &at}
	for _, c := range []struct{ address, pattern, zone, want string }{
		{"", cms.DefaultPaths.Article, "UTC",
			"/articles/%D9%86%D9%87%D8%B1-%D8%B7%D9%88%D9%8A%D9%84"},
		{"https://n.example", "/{locale}/{type}/{id}", "UTC",
			"https://n.example/ar/news/01a2096c-ce5d-70a9-9726-6746ff3bbaf7"},
		{"https://n.example", "/{year}/{month}/{day}/{id}/", "UTC",
			"https://n.example/2026/03/03/01a2096c-ce5d-70a9-9726-6746ff3bbaf7/"},
		{"", "/{year}/{month}/{day}", "Pacific/Pago_Pago", "/2026/03/02"},
		{"", "/é/{locale}{type}/{section}/{section_path}/x", "UTC", "/%C3%A9/arnews/x"},
		{"", "/{section}", "UTC", ""},
		{"https://n.example/é/a%2Fb", "/{type}", "UTC", "https://n.example/%C3%A9/a%2Fb/news"},
	} {
		if got := siteWith(c.address, c.pattern, c.zone).ArticleURL(&ref); got != c.want {
			t.Errorf("%v: %s, want %s", c, got, c.want)
		}
	}
	ref.PublishedAt = nil
	if got := siteWith("", "/{year}/{slug}", "UTC").ArticleURL(&ref); !strings.HasPrefix(got,
		"/0000/") {
		t.Errorf("an article without a day has the URL %s", got)
	}
}

func TestNounsHaveThePageOfTheirPattern(t *testing.T) {
	t.Parallel()
	in := cms.DefaultSite()
	in.Paths.Section = "/{section_path}"
	in.Paths.Tag = ""
	site := cms.NewSite(in, 1, cms.FixedSite{})
	ref := cms.Ref{ID: "01a2096c-ce5d-70a9-9726-6746ff3bbaf7", Slug: "ásia", Path: "world/ásia"}
	if got := site.NounURL(cms.SectionNoun, &ref); got != "/world/%C3%A1sia" {
		t.Errorf("a section is at %q", got)
	}
	if got := site.NounURL(cms.TagNoun, &ref); got != "" {
		t.Errorf("a tag without a page is at %q", got)
	}
}

func TestASiteThatCannotMakeURLsIsRefused(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", cms.MaxPattern)
	for field, change := range map[string][]func(*cms.SiteInput){
		"paths/article": {
			func(s *cms.SiteInput) { s.Paths.Article = "" },
			func(s *cms.SiteInput) { s.Paths.Article = "articles/{slug}" },
			func(s *cms.SiteInput) { s.Paths.Article = "/articles" },
			func(s *cms.SiteInput) { s.Paths.Article = "/{slug}/{author}" },
			func(s *cms.SiteInput) { s.Paths.Article = "/{slug}/{" },
			func(s *cms.SiteInput) { s.Paths.Article = "/{slug}?x" },
			func(s *cms.SiteInput) { s.Paths.Article = "//{slug}" },
			func(s *cms.SiteInput) { s.Paths.Article = "/x-{section}/{slug}" },
			func(s *cms.SiteInput) { s.Paths.Article = "/{slug}" + long },
			func(s *cms.SiteInput) { s.Paths.Article = "/{slug}/../{id}" },
			func(s *cms.SiteInput) { s.Paths.Article = "/a/./{slug}" },
			func(s *cms.SiteInput) { s.Paths.Article = "/{slug}/." },
			func(s *cms.SiteInput) {
				s.Paths.Article = "/{slug}" + strings.Repeat("/{slug}", 12)
			},
		},
		"paths/section": {
			func(s *cms.SiteInput) { s.Paths.Section = "/{year}/{slug}" },
			func(s *cms.SiteInput) { s.Paths.Section = "/articles/{slug}" },
			func(s *cms.SiteInput) {
				s.Paths.Article, s.Paths.Section = "/{slug}", "/{section_path}"
			},
		},
		"paths/tag": {
			func(s *cms.SiteInput) { s.Paths.Tag = "/sections/{slug}" },
			func(s *cms.SiteInput) { s.Paths.Tag = "/{section_path}/{slug}" },
		},
		"url": {
			func(s *cms.SiteInput) { s.URL = "news.example.org" },
			func(s *cms.SiteInput) { s.URL = "ftp://news.example.org" },
			func(s *cms.SiteInput) { s.URL = "https://news.example.org?x=1" },
			func(s *cms.SiteInput) { s.URL = "https://news.example.org#x" },
		},
		"locale":    {func(s *cms.SiteInput) { s.Locale = "xx-!!" }},
		"locales/1": {func(s *cms.SiteInput) { s.Locales = []string{"en-US", "en-us"} }},
		"time_zone": {
			func(s *cms.SiteInput) { s.TimeZone = "Local" },
			func(s *cms.SiteInput) { s.TimeZone = "" },
			func(s *cms.SiteInput) { s.TimeZone = "Mars/Olympus" },
		},
		"name": {func(s *cms.SiteInput) { s.Name = " " }},
	} {
		for i, change := range change {
			in := cms.DefaultSite()
			change(&in)
			refusal, _ := in.Check().(*cms.Error)
			if refusal == nil || refusal.Fields[0].Field != field {
				t.Errorf("%s %d: %v", field, i, refusal)
			}
		}
	}
	in := cms.DefaultSite()
	in.URL = "https://news.example.org/en/"
	in.Locale = "en-us"
	in.Paths = cms.Paths{
		Article: "/{year}/{slug}", Section: "/{section_path}", Tag: "/t/{slug}",
	}
	if err := in.Check(); err != nil || in.URL != "https://news.example.org/en" ||
		in.Locale != "en-US" {
		t.Errorf("%+v, %v", in, err)
	}
}

func TestWhatTheOperatorHasSetWins(t *testing.T) {
	t.Parallel()
	zone, wrong := "Africa/Cairo", "en-us"
	fixed := cms.FixedSite{TimeZone: &zone}
	stored := cms.DefaultSite()
	site := cms.NewSite(stored, 1, fixed)
	if site.TimeZone != zone || site.Zone.String() != zone {
		t.Errorf("the zone is %s", site.TimeZone)
	}
	in := site.SiteInput
	if err := fixed.Keep(&in, stored); err != nil || in.TimeZone != "UTC" {
		t.Errorf("stored is %s, %v", in.TimeZone, err)
	}
	in.TimeZone = "Asia/Tokyo"
	if err := fixed.Keep(&in, stored); !cms.Is(err, cms.Fixed) {
		t.Errorf("another zone: %v", err)
	}
	if err := (cms.FixedSite{Locale: &wrong}).Check(); err == nil ||
		!strings.Contains(err.Error(), "en-US") {
		t.Errorf("a language in another form: %v", err)
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

func TestPatternsThatCanMakeOnePathAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		article, tag string
		meet         bool
	}{
		{"/{locale}/{slug}", "/en/{slug}", true},
		{"/{locale}/{slug}", "/tags/{slug}", false},
		{"/{locale}/{slug}", "/{slug}/en", true},
		{"/{type}/{slug}", "/news/{slug}", true},
		{"/{type}/{slug}", "/topics/{slug}", false},
		{"/{year}/{slug}", "/2026/{slug}", true},
		{"/{year}/{slug}", "/12/{slug}", false},
		{"/{year}/{slug}", "/{slug}/{slug}", true},
		{"/{year}/{month}/{day}/{slug}", "/t/a/b/{slug}", false},
		{"/{slug}/x", "/t/{slug}", true},
		{"/{slug}/x", "/t/{slug}/", true},
		{"/{slug}/x", "/t/{slug}/y", false},
		{"/{slug}", "/{id}", false},
		{"/{slug}/{id}", "/t/{slug}", false},
		{"/{slug}.html", "/{slug}", false},
		{"/{slug}.html", "/t-{slug}.html", true},
		{"/a-{slug}", "/t-{slug}", false},
		{"/{slug}-{id}", "/{slug}", true},
		{"/{section_path}/{slug}", "/t/{slug}", false},
		{"/{section_path}/{slug}", "/{slug}", true},
		{"/{section}/{slug}", "/{slug}/t", true},
		{"/T/{slug}", "/{slug}/x", false},
	} {
		in := cms.DefaultSite()
		in.Paths = cms.Paths{Article: c.article, Section: "/in/the/section/{slug}", Tag: c.tag}
		refusal, _ := in.Check().(*cms.Error)
		if c.meet != (refusal != nil) {
			t.Errorf("%s and %s: %v", c.article, c.tag, refusal)
		}
		if refusal != nil && (refusal.Fields[0].Field != "paths/tag" ||
			refusal.Fields[0].Code != "taken") {
			t.Errorf("%s and %s: %v", c.article, c.tag, refusal.Fields)
		}
	}
}
