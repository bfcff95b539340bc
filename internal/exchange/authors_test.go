package exchange

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestRecordsOfAuthorsHaveTheirNames(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	var passed []string
	options := Options{AuthorsInByline: true, PassedOver: func(name string) { passed = append(passed, name) }}
	files := fstest.MapFS{
		"content/authors/ada-byron/_index.md": file("---\nslug: ada\ndisplay_name: Ada Byron\n---\n"),
		"content/authors/bo.md":               file("+++\ntitle = 'Bo Lind'\n+++\nA life.\n"),
		"content/authors/bad.md":              file("---\ntitle: [\n---\n"),
		"_authors/cy.md":                      file("---\nname: Cy\n---\nWords.\n"),
		"data/authors/dee.toml":               file("name = 'Dee Dee'"),
		"data/authors/el.json":                file(`{"full_name": "El Greco"}`),
		"_data/authors.yml": file("fay:\n  name: Fay Wray\n  username: kong\ngus: Gus Grissom\n" +
			"hal:\n  web: none\n"),
		"_data/authors.json":       file("[1"),
		"content/data/authors.yml": file("ian: Ian"),
		"content/a.md": file("---\ntitle: A\nauthors: [ADA-byron, bo, cy, dee, el, kong, gus, hal, ian]" +
			"\n---\n"),
		"content/b.md":               file("---\ntitle: B\nauthor: ada\n---\n"),
		"content/sport/authors/x.md": file("---\ntitle: Authors write\n---\nWords.\n"),
	}
	bylines := map[string]string{}
	skipped := map[string]string{}
	for it := range Markdown(files, options) {
		if it.Skip != "" {
			skipped[it.Key] = it.Skip
		} else {
			bylines[it.Title] = it.Byline
		}
	}
	want := "Ada Byron, Bo Lind, Cy, Dee Dee, El Greco, Fay Wray, Gus Grissom, hal, ian"
	if bylines["A"] != want || bylines["B"] != "Ada Byron" || len(bylines) != 3 {
		t.Errorf("bylines %q", bylines)
	}
	for key, reason := range map[string]string{
		"content/authors/bo.md": "an author", "_authors/cy.md": "an author",
		"content/authors/ada-byron/_index.md": "a section page", "content/authors/bad.md": "an author",
	} {
		if !strings.Contains(skipped[key], reason) {
			t.Errorf("%s is skipped for %q", key, skipped[key])
		}
	}
	slices.Sort(passed)
	if strings.Join(passed, " ") != "_data/authors.json content/data/authors.yml" {
		t.Errorf("passed over %q", passed)
	}
}

func TestNothingKnownOfAnAuthorIsDropped(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"_data/authors.yml": {Data: []byte("ada:\n  name: Ada Byron\n  email: ada@example.org\n" +
			"  twitter: '@ada'\n  github_username: adab\n  web: https://ada.example\n" +
			"  social:\n    mastodon: '@ada@example.social'\n    linkedin: https://linkedin.com/in/a\n")},
		"a.md": {Data: []byte("---\ntitle: A\nauthor: ada\n---\n")},
	}
	var got Author
	for it := range Markdown(files, Options{}) {
		got = it.Authors[0]
	}
	var links []string
	for _, link := range got.Links {
		links = append(links, link.Title+" "+link.URL)
	}
	want := []string{"GitHub https://github.com/adab", "LinkedIn https://linkedin.com/in/a",
		"Mastodon https://example.social/@ada", "X https://x.com/ada"}
	if !slices.Equal(links, want) || got.URL != "https://ada.example" {
		t.Errorf("links %q and %s", links, got.URL)
	}
	if !slices.Equal(got.Homeless, []string{"email: ada@example.org"}) {
		t.Errorf("left is %q", got.Homeless)
	}
}

func TestNamesInATextArePeople(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Ada Byron, Bo Lind and Cy Ray": "Ada Byron|Bo Lind|Cy Ray",
		"أحمد حسن، منى علي":             "أحمد حسن|منى علي",
		"أحمد حسن ومنى علي":             "أحمد حسن|منى علي",
		"أحمد حسن، منى علي وسامي خليل":  "أحمد حسن|منى علي|سامي خليل",
		"أحمد وليد حسن":                 "أحمد وليد حسن",
		"سامي وائل حسن":                 "سامي وائل حسن",
		"أحمد حسن و منى علي":            "أحمد حسن|منى علي",
		"وزارة الصحة":                   "وزارة الصحة",
	} {
		files := fstest.MapFS{"a.md": {Data: []byte("---\ntitle: A\nauthor: " + text + "\n---\n")}}
		var names []string
		for it := range Markdown(files, Options{}) {
			for _, author := range it.Authors {
				names = append(names, author.Name)
			}
		}
		if got := strings.Join(names, "|"); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}
