package exchange

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestSectionsComeFromFieldsCategoriesOrFolders(t *testing.T) {
	t.Parallel()
	const front = "section: News\nsections: [World/Asia, News]\ncategories: [Sport, News]"
	for _, c := range []struct {
		options        Options
		sections, tags string
	}{
		{Options{}, "News, World/Asia", "Sport, News"},
		{Options{Categories: CategoriesAsSections}, "News, World/Asia, Sport", ""},
		{Options{Sections: SectionsInExtra}, "", "Sport, News"},
	} {
		it := articleWith(t, front, c.options)
		sections, tags := strings.Join(it.Sections, ", "), strings.Join(it.Tags, ", ")
		if !sameNames(sections, c.sections) || tags != c.tags || it.Ignored != nil {
			t.Errorf("%+v: sections %q, tags %q, ignored %q", c.options, sections, tags, it.Ignored)
		}
	}
	if it := articleWith(t, "rubric: [A]", Options{Mapping: Mapping{"sections": "rubric"}}); !slices.Equal(it.Sections, []string{"A"}) {
		t.Errorf("the mapping gives %q", it.Sections)
	}
}

// sameNames reports whether two lists of names have the same, in any order.
func sameNames(a, b string) bool {
	names, others := strings.Split(a, ", "), strings.Split(b, ", ")
	slices.Sort(names)
	slices.Sort(others)
	return slices.Equal(names, others)
}

func TestTheFirstFolderIsASection(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"content/world/_index.md":               "---\ntitle: The World\n---\n",
		"content/world/asia/a.md":               "---\ntitle: A\n---\n",
		"content/fr/local-news/b.md":            "---\ntitle: B\n---\n",
		"content/en/local-news/b.md":            "---\ntitle: B2\n---\n",
		"_posts/2020-01-02-c.md":                "---\ntitle: C\n---\n",
		"content/news/2014/03/f.md":             "---\ntitle: F\n---\n",
		"content/posts/2014/g.md":               "---\ntitle: G\n---\n",
		"content/posts/sport/d.md":              "---\ntitle: D\nsection: Games\n---\n",
		"content/%D8%B9%D8%A7%D9%84%D9%85/e.md": "---\ntitle: E\n---\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	got := map[string]string{}
	for it := range Markdown(files, Options{Sections: SectionsInFolder}) {
		if it.Skip == "" {
			got[it.Title] = strings.Join(it.Sections, ",")
		}
	}
	want := map[string]string{
		"A": "The World", "B": "Local news", "B2": "Local news", "C": "", "D": "Games", "E": "عالم",
		"F": "News", "G": "",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("sections %q", got)
	}
}

func TestAuthorsAreNamesListsAndRecords(t *testing.T) {
	t.Parallel()
	for front, want := range map[string][]Author{
		"author: Ada Byron and Bo Lind":     {{Name: "Ada Byron"}, {Name: "Bo Lind"}},
		"author: 'Ada Byron & Bo Lind, Cy'": {{Name: "Ada Byron"}, {Name: "Bo Lind"}, {Name: "Cy"}},
		"authors: ['Ada Byron, Bo Lind, and Cy Dee', 'Martin King, Jr.']": {
			{Name: "Ada Byron"}, {Name: "Bo Lind"}, {Name: "Cy Dee"}, {Name: "Martin King, Jr."},
		},
		"author: Ministry of Health and Labour": {{Name: "Ministry of Health and Labour"}},
		"by: By [Ada](/ada)":                    {{Name: "Ada"}},
		"authors: [Ada, Bo, Ada]":               {{Name: "Ada"}, {Name: "Bo"}},
		"author: {name: Ada, role: translator}": {{Name: "Ada", Role: "translator"}},
		"authors: [{name: Ada, bio: B, position: P, website: 'https://ada.example/'}]": {
			{Name: "Ada", Bio: "B", JobTitle: "P", URL: "https://ada.example/"},
		},
		"byline: From our desk\nauthor: Ada": {{Name: "Ada"}},
		"byline: From our desk":              nil,
	} {
		if it := articleWith(t, front, Options{}); !reflect.DeepEqual(it.Authors, want) {
			t.Errorf("%s: %+v", front, it.Authors)
		}
	}
	if it := articleWith(t, "author: Ada", Options{AuthorsInByline: true}); it.Authors != nil ||
		it.Byline != "Ada" {
		t.Errorf("authors %+v, byline %q", it.Authors, it.Byline)
	}
}
