package exchange

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// articleWith reads a file with options.
func articleWith(t *testing.T, front string, options Options) Item {
	t.Helper()
	files := fstest.MapFS{"a.md": {Data: []byte("---\ntitle: T\n" + front + "\n---\n")}}
	items := slices.Collect(Markdown(files, options))
	if len(items) != 1 || items[0].Skip != "" {
		t.Fatalf("%s: %+v", front, items)
	}
	return items[0]
}

func TestBylinesAreReadFromRecordsMarkdownAndOtherNames(t *testing.T) {
	t.Parallel()
	for front, want := range map[string]string{
		"author: '[Ann](https://x.example/), **Bob**'":          "Ann, Bob",
		"author: {name: Ann, email: a@b.example}":               "Ann",
		"authors: [{display_name: Ann}, {full_name: Bob}, Eve]": "Ann, Bob, Eve",

		"by: Ann":                           "Ann",
		"byline: By Ann and Bob":            "Ann and Bob",
		"author.name: Ann":                  "Ann",
		"author_name: _Ann_ O'Neill":        "Ann O'Neill",
		"author: ada_lovelace":              "ada_lovelace",
		"authors: ['[Ann](/ann)', \"Bob\"]": "Ann, Bob",
		"author: Byron":                     "Byron",
	} {
		it := articleWith(t, front, Options{AuthorsInByline: true})
		if it.Byline != want {
			t.Errorf("%s: %q, want %q", front, it.Byline, want)
		}
	}
}

func TestTagsMayBeNumbers(t *testing.T) {
	t.Parallel()
	for front, want := range map[string]string{
		"tags: 2016": "2016", "tags: [2016, 1.10, 007]": "2016 1.10 007", "tag: 2016": "2016",
	} {
		if got := strings.Join(articleWith(t, front, Options{}).Tags, " "); got != want {
			t.Errorf("%s: %q, want %q", front, got, want)
		}
	}
}

func TestCategoriesAreTagsOrKeptApart(t *testing.T) {
	t.Parallel()
	const front = "tags: [a]\ncategories: [C, D]\nsection: News\ntopics: [t]"
	as := articleWith(t, front, Options{})
	if want := []string{"a", "t", "C", "D"}; !slices.Equal(as.Tags, want) ||
		!slices.Equal(as.TagFields, []string{"categories"}) {
		t.Errorf("tags %q, from %q", as.Tags, as.TagFields)
	}
	apart := articleWith(t, front,
		Options{Categories: CategoriesInExtra, Sections: SectionsInExtra})
	want := map[string]any{"categories": []any{"C", "D"}, "sections": []any{"News"}}
	if !slices.Equal(apart.Tags, []string{"a", "t"}) || !reflect.DeepEqual(apart.Extra, want) ||
		apart.Ignored != nil || apart.Sections != nil {
		t.Errorf("tags %q, extra %v, ignored %q", apart.Tags, apart.Extra, apart.Ignored)
	}
}

func TestUnknownFieldsAreIgnoredOrKept(t *testing.T) {
	t.Parallel()
	const front = "weight: 3\nhero: {image: a.jpg, alt: [x]}\nextra: {weight: 1}\nempty: ''\n" +
		"summary: s\ndeck: d\nrelated_links: [{url: 'https://x.example/', colour: red}]"
	if it := articleWith(t, front, Options{}); strings.Join(it.Ignored, " ") !=
		"deck hero related_links.colour weight" {
		t.Errorf("ignored %q", it.Ignored)
	}
	it := articleWith(t, front, Options{KeepUnknown: true})
	want := map[string]any{"weight": int64(1), "weight_": int64(3), "deck": "d",
		"related_links.colour": "red",
		"hero":                 map[string]any{"image": "a.jpg", "alt": []any{"x"}}}
	if !reflect.DeepEqual(it.Extra, want) || it.Ignored != nil || len(it.Kept) != 4 {
		t.Errorf("extra %v, ignored %q, kept %q", it.Extra, it.Ignored, it.Kept)
	}
}
