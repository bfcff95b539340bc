package cms_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/cms"
)

func TestAComparedPathStaysAsItIs(t *testing.T) {
	t.Parallel()
	sites := []*cms.Site{siteAt(""), siteAt("https://news.example.org"), siteAt("https://example.org/news/ن")}
	rapid.Check(t, func(t *rapid.T) {
		parts := []string{"/", "//", "%", "%2", "%25", "%2F", "%2f", "%3F", "?", "#", "%ff", "%D9%86", "ن", "e\u0301", "\x00", "%00",
			"a", "4", "1", "news", "http://", "https://news.example.org", "example.org", " ", "\\", "index.html", "\xff"}
		address := "/" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 8).Draw(t, "address"), "")
		for _, site := range sites {
			path, ok := site.PathOf(address)
			if !ok {
				continue
			}
			if again, ok := site.PathOf(path); strings.HasPrefix(path, "/news/ن") {
				continue // below a folder of the same name
			} else if !ok || again != path || path[0] != '/' || len(path) > 1 && strings.HasSuffix(path, "/") {
				t.Fatalf("%q is %q, and that is %q", address, path, again)
			}
			target, to := site.TargetOf(address)
			if kept, again := site.TargetOf(target); again != to || kept != target {
				t.Fatalf("%q is kept as %q to %q, and that as %q to %q", address, target, to, kept, again)
			}
		}
	})
}

// siteAt returns a site with an address.
func siteAt(address string) *cms.Site {
	in := cms.DefaultSite()
	in.URL = address
	return cms.NewSite(in, 1, cms.FixedSite{})
}

func TestAnAddressIsOfTheSiteOrElsewhere(t *testing.T) {
	t.Parallel()
	site := siteAt("https://example.org/%D9%86")
	for address, want := range map[string]string{
		"https://example.org/%D9%86/a?b": "/a", "https://example.org/ن/a/": "/a", "//example.org:443/%D9%86": "/",
		"/ن/a": "/a", "/%D9%86/a": "/a", "/a": "/a", "/نن": "/نن", "HTTP://EXAMPLE.ORG:80/ن#a": "/",
		"https://example.org/a": "", "https://example.org": "", "https://example.org/نن": "", "https://example.org.evil/ن": "",
		"https://evil@example.org/ن": "", "https://example.org:8080/ن": "",
	} {
		path, ok := site.PathOf(address)
		if ok != (want != "") || ok && path != want {
			t.Errorf("%s is %q of the site: %v, want %q", address, path, ok, want)
		}
	}
}

func TestWhatAPathCanBeOf(t *testing.T) {
	t.Parallel()
	const id = "019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13"
	for _, c := range []struct{ pattern, path, want string }{
		{"/articles/{slug}", "/articles/one", "one"},
		{"/articles/{slug}", "/articles/One", "One one"},
		{"/articles/{slug}", "/articles/one/two", ""},
		{"/articles/{slug}", "/articles", ""},
		{"/articles/{slug}/", "/articles/one", "one"},
		{"/{slug}.html", "/one.html", "one"},
		{"/{slug}.html", "/one.two.html", "one.two"},
		{"/{slug}-{id}", "/one-two-" + id, id},
		{"/{slug}-{id}", "/one-two", ""},
		{"/{slug}-{locale}", "/one-en-fr", "one one-en"},
		{"/{locale}/{slug}", "/en/one", "one"},
		{"/{locale}/{slug}", "/no_locale_at_all/one", ""},
		{"/{type}/{slug}", "/press_release/one", "one"},
		{"/{type}/{slug}", "/press/one", ""},
		{"/{year}/{month}/{day}/{slug}", "/2026/11/02/one", "one"},
		{"/{year}/{month}/{day}/{slug}", "/2026/11/2/one", ""},
		{"/{section}/{slug}", "/world/one", "one"},
		{"/{section}/{slug}", "/one", "one"},
		{"/{section_path}/{slug}", "/a/b/c/d/one", "one"},
		{"/{section_path}/{slug}", "/a/b/c/d/e/one", ""},
		{"/{section_path}/{slug}", "/a//b/one", ""},
		{"/{slug}/and/{slug}", "/one/and/one", "one"},
		{"/{slug}/and/{slug}", "/one/and/two", ""},
		{"/café/{slug}", "/caf\u00e9/نهر", "نهر"},
	} {
		patterns := []cms.PagePattern{cms.NewPagePattern(cms.ArticlePage, c.pattern)}
		var got []string
		for _, found := range siteAt("").Candidates(c.path, patterns) {
			if !slices.Contains(got, found.Ref) {
				got = append(got, found.Ref)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("by %s %s can be of %q, want %q", c.pattern, c.path, got, c.want)
		}
	}
}

// However a pattern and a path are made, the work and what comes of it are bounded.
func TestManyWaysToReadAPathAreNotAllTried(t *testing.T) {
	t.Parallel()
	var patterns []cms.PagePattern
	for i := range 300 {
		pattern := fmt.Sprintf("/%s{slug}{locale}{section}{type}%d", strings.Repeat("{section_path}", 20), i%10)
		patterns = append(patterns, cms.NewPagePattern(cms.ArticlePage, pattern))
	}
	for _, path := range []string{
		"/" + strings.Repeat("a", 8000), "/" + strings.Repeat("a/", 4000), "/" + strings.Repeat("en", 2000) + "news1",
	} {
		if n := len(siteAt("").Candidates(path, patterns)); n > 200 {
			t.Errorf("there are %d", n)
		}
	}
}
