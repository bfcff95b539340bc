package exchange

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestPercentEncodingIsDecoded(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"%d9%86%d8%ae%d9%84%d8%a9-a": "نخلة-a", "%D9%86%D8%AE": "نخ", "%25d9%2586%25d8%25ae": "نخ",
		"%2525d9%252586": "ن", "plain": "plain", "100%": "100%", "100%25": "100%", "%ff": "%ff",
		"%d9%86%d8": "ن", "%d9%86%d": "ن", "%d9%86%": "ن", "a%20b": "a b", "%e6%97%a5%e6": "日",
	} {
		if got := decodePercent(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestEncodedSlugsNamesAliasesAndTagsAreDecoded(t *testing.T) {
	t.Parallel()
	it := article(t, "2020-01-01-%d9%86%d8%ae%d9%84%d8%a9-c.md",
		"---\ntitle: T\naliases: ['/%d9%86%d8%ae-old/', /plain/x.html]\n"+
			"tags: ['%D9%86%D8%AE', '50%25 more', '100%']\n---\n")
	if it.Slug != "نخلة-c" {
		t.Errorf("slug %q", it.Slug)
	}
	if want := []string{"/نخ-old/", "/plain/x.html"}; !slices.Equal(it.Aliases, want) {
		t.Errorf("aliases %q", it.Aliases)
	}
	if want := []string{"نخ", "50%25 more", "100%"}; !slices.Equal(it.Tags, want) {
		t.Errorf("tags %q", it.Tags)
	}
	if it := article(t, "a.md", "---\ntitle: T\nslug: '%d9%86'\n---\n"); it.Slug != "ن" {
		t.Errorf("stated slug %q", it.Slug)
	}
}

func TestAPermalinkIsThePathAtTheSource(t *testing.T) {
	t.Parallel()
	for front, want := range map[string]string{
		"permalink: /2019/05/x/":                  "/2019/05/x",
		"url: https://old.example/a/b.html?c=1#d": "/a/b.html",
		"path: inside/%d9%86":                     "/inside/ن",
		"permalink: /:year/:title/":               "",
		"url: /":                                  "",
	} {
		if it := article(t, "a.md", "---\ntitle: T\n"+front+"\n---\n"); it.Permalink != want {
			t.Errorf("%s: %q, want %q", front, it.Permalink, want)
		}
	}
}

func TestLanguagesAreStatedByFoldersAndNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		files []string
		want  []string // in order: file, locale, slug and group
	}{
		{[]string{"content/ar/hello.md", "content/en/hello.md"}, []string{
			"content/en/hello.md en hello content/hello",
			"content/ar/hello.md ar hello-ar content/hello"}},
		{[]string{"x.ar.md", "x.md"}, []string{"x.md  x x", "x.ar.md ar x-ar x"}},
		{[]string{"b/index.zh-hant-tw.md", "b/index.md"}, []string{
			"b/index.md  b b/index", "b/index.zh-hant-tw.md zh-hant-tw b-zh-hant-tw b/index"}},
		{[]string{"posts/fr/a/b.md", "posts/a/b.md"}, []string{
			"posts/a/b.md  b posts/a/b", "posts/fr/a/b.md fr b-fr posts/a/b"}},
		{[]string{"it/servers.md"}, []string{"it/servers.md  servers "}},
		{[]string{"it/a.md", "de/a.md"}, []string{"de/a.md de a-de a", "it/a.md it a-it a"}},
		{[]string{"news/culture/ar/a.md"}, []string{"news/culture/ar/a.md  a "}},
		{[]string{"pt_BR/a.md"}, []string{"pt_BR/a.md pt-BR a "}},
	} {
		files := fstest.MapFS{}
		for _, name := range c.files {
			files[name] = &fstest.MapFile{Data: []byte("---\ntitle: T\n---\n")}
		}
		var got []string
		for it := range Markdown(files, Options{Locale: "en"}) {
			got = append(got, it.File+" "+it.Locale+" "+it.Slug+" "+it.TranslationKey)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q:\n got  %q\n want %q", c.files, got, c.want)
		}
	}
}

func TestFilesThatAreNotReadArePassedOver(t *testing.T) {
	t.Parallel()
	file := &fstest.MapFile{Data: []byte("---\ntitle: T\n---\n")}
	files := fstest.MapFS{"a.md": file, "b.mdx": file, "c/d.jpg": file, ".hidden": file}
	var passed []string
	for range Markdown(files, Options{PassedOver: func(s string) { passed = append(passed, s) }}) {
	}
	if want := []string{"b.mdx", "c/d.jpg"}; !slices.Equal(passed, want) {
		t.Errorf("passed over %q", passed)
	}
}
