package demo

import (
	"maps"
	"slices"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/text"
)

// namesOf returns the names of sections and of all below them.
func namesOf(list []Section) []string {
	var names []string
	for _, s := range list {
		names = append(append(names, s.Name), namesOf(s.Below)...)
	}
	return names
}

// arabicNames returns the Arabic names of sections and of all below them, by slug.
func arabicNames(list []Section) map[string]string {
	names := map[string]string{}
	for _, s := range list {
		names[text.Slug(s.Name)] = s.Arabic
		maps.Copy(names, arabicNames(s.Below))
	}
	return names
}

func TestEveryArticleHasItsPlace(t *testing.T) {
	t.Parallel()
	sections := namesOf(Sections())
	var authors []string
	for _, a := range Authors() {
		authors = append(authors, a.Name)
	}
	met := map[string]bool{}
	for _, a := range articles(t) {
		if len(a.Sections) == 0 || len(a.Authors) == 0 {
			t.Errorf("%s stands in %v, by %v", a.file, a.Sections, a.Authors)
		}
		for _, name := range a.Sections {
			met[name] = true
			if !slices.Contains(sections, name) {
				t.Errorf("%s: there is no section %s", a.file, name)
			}
		}
		for _, c := range a.Authors {
			met[c.Name] = true
			role := cms.AuthorRole(c.Role)
			if !slices.Contains(authors, c.Name) ||
				role != "" && !slices.Contains(cms.AuthorRoles, role) {
				t.Errorf("%s: there is no author %s, %s", a.file, c.Name, role)
			}
		}
	}
	for _, name := range append(sections, authors...) {
		if !met[name] {
			t.Errorf("%s has no article", name)
		}
	}
}

func TestWhatStandsAroundTheArticlesKeepsTheRules(t *testing.T) {
	t.Parallel()
	collections := map[string]bool{}
	for _, c := range Collections() {
		collections[c.Slug] = true
		if err := c.Check(); err != nil {
			t.Errorf("%s: %v", c.Slug, err)
		}
	}
	for _, f := range Fronts() {
		for _, s := range f.Slots {
			if !collections[s.Collection] {
				t.Errorf("%s: there is no collection %s", f.Slug, s.Collection)
			}
		}
	}
	site := Site(cms.DefaultSite())
	if err := site.Check(); err != nil || !collections[site.Ticker] {
		t.Errorf("the site: %v, ticker %s", err, site.Ticker)
	}
	for _, in := range Redirects() {
		if err := in.Check(); err != nil {
			t.Errorf("%s: %v", in.From, err)
		}
	}
	locales := map[string]int{}
	arabic := arabicNames(Sections())
	_ = site.Menus.Entries(func(field string, e *cms.MenuEntry) error {
		if e.Labels["ar"] == "" && arabic[e.Section] == "" {
			t.Errorf("%s has no Arabic label", field)
		}
		return nil
	})
	for _, a := range Alerts(articles(t)[0].Date) {
		locales[a.Locale]++
	}
	if locales["en"] != 1 || locales["ar"] != 1 {
		t.Errorf("alerts by locale = %v, want one each", locales)
	}
}
