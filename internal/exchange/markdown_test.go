package exchange

import (
	"errors"
	"io/fs"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// file reads one Markdown file of that name and text.
func file(t *testing.T, name, text string) Item {
	t.Helper()
	items := slices.Collect(Markdown(fstest.MapFS{name: {Data: []byte(text)}}, Options{}))
	if len(items) != 1 {
		t.Fatalf("%s: %d items, want 1", name, len(items))
	}
	return items[0]
}

// article reads one that must not be skipped.
func article(t *testing.T, name, text string) Item {
	t.Helper()
	it := file(t, name, text)
	if it.Skip != "" {
		t.Fatalf("%s: skipped, line %d: %s", name, it.Line, it.Skip)
	}
	return it
}

func at(s string) *time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return nil
	}
	return &t
}

func stamp(t *time.Time) string {
	if t == nil {
		return "not told"
	}
	return t.Format(time.RFC3339)
}

func TestAHugoPostTellsAllItsFields(t *testing.T) {
	t.Parallel()
	got := article(t, "news/2020-03-24-press.md", `---
# a comment
Title: "It&#8217;s <em>new</em>"
slug: press
date: 2020-03-24 18:00:00 -0500
lastmod: 2020-03-25
expiryDate: 2025-01-01
topics: [b, a]
tags:
  - a
  - Über uns
aliases: [/old/, /old/, /older.html]
summary: A summary.
description: For search engines.
kicker: Kick
dateline: TUNIS
authors: [Ann, Bob]
type: press-release
locale: en-GB
canonical_url: https://x.example/a
source_url: https://y.example/b
source: usagov
license: CC0
seo: {title: Seo, noindex: true}
extra: {b: 1, when: 2020-01-02, list: [1.5, yes, no way]}
primary_image: x.png
weight:
related_links:
  - {rel: background, title: T, url: "https://z.example/", source: S, note: N, colour: red}
  - {article: other-slug}
  - https://w.example/
---

Text {{< shortcode >}}
`)
	want := Item{
		Key: "news/2020-03-24-press.md", File: "news/2020-03-24-press.md",
		Title: "It’s new", Slug: "press", Type: "press_release", Locale: "en-GB", Kicker: "Kick",
		Summary: "A summary.",
		Body:    "Text ", BodyFormat: "markdown", Dateline: "TUNIS",
		CanonicalURL: "https://x.example/a",
		Source:       Source{"usagov", "https://y.example/b", "CC0"},
		Meta:         Meta{"Seo", "For search engines.", true},
		Extra: map[string]any{"b": int64(1), "when": "2020-01-02T00:00:00Z",
			"list": []any{1.5, "yes", "no way"}},
		Tags:    []string{"a", "Über uns", "b"},
		Authors: []Author{{Name: "Ann"}, {Name: "Bob"}},
		Aliases: []string{"/old/", "/older.html"},
		Links: []Link{
			{Rel: "background", Title: "T", URL: "https://z.example/", Source: "S", Note: "N"},
			{Article: "other-slug"}, {URL: "https://w.example/"},
		},
		PublishedAt: at("2020-03-24T23:00:00Z"), UpdatedAt: at("2020-03-25T00:00:00Z"),
		Ignored:   []string{"primary_image", "related_links.colour"},
		ExpiresAt: at("2025-01-01T00:00:00Z"),
		Markup:    []Markup{{Line: 34, Name: "shortcode", Text: "{{< shortcode >}}"}}, bodyLine: 34,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestAZolaPostTellsItsTaxonomiesPathAndExtra(t *testing.T) {
	t.Parallel()
	it := article(t, "inside/x.md", `+++
path = "inside/2019/10/03/the-slug"
title = "T"
authors = ["Niko"]
updated = 2020-01-02T03:04:05+01:00
draft = true
[taxonomies]
tags = ["rust"]
categories = ["c"]
series = ["s"]
[extra]
team = "core"
local = 2020-01-02
+++
Body`)
	if it.Slug != "the-slug" || stamp(it.PublishedAt) != "2019-10-03T00:00:00Z" {
		t.Errorf("slug %q, date %s", it.Slug, stamp(it.PublishedAt))
	}
	if want := []string{"rust", "c"}; !slices.Equal(it.Tags, want) {
		t.Errorf("tags %q, want %q", it.Tags, want)
	}
	if want := []string{"taxonomies.series"}; !slices.Equal(it.Ignored, want) {
		t.Errorf("ignored %q, want %q", it.Ignored, want)
	}
	if want := map[string]any{"team": "core",
		"local": "2020-01-02T00:00:00Z"}; !reflect.DeepEqual(it.Extra, want) {
		t.Errorf("extra %v, want %v", it.Extra, want)
	}
	if !it.Draft || it.Authors[0].Name != "Niko" || stamp(it.UpdatedAt) != "2020-01-02T02:04:05Z" {
		t.Errorf("draft %v, authors %+v, updated %s", it.Draft, it.Authors, stamp(it.UpdatedAt))
	}
}

func TestFileNamesTellDateSlugAndLocale(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, slug, locale, date string }{
		{"_posts/2016-02-18-analytics.usa.gov-dashboards.md", "analytics.usa.gov-dashboards", "",
			"2016-02-18T00:00:00Z"},
		{"2016-02-18-analytics.usa.gov.md", "analytics.usa.gov", "", "2016-02-18T00:00:00Z"},
		{"2016-2-8-short.markdown", "short", "", "2016-02-08T00:00:00Z"},
		{"2016-02-18_zola.md", "zola", "", "2016-02-18T00:00:00Z"},
		{"2018-10-10T12:30:00Z-clock.md", "clock", "", "2018-10-10T12:30:00Z"},
		{"2018-10-10.md", "2018-10-10", "", "2018-10-10T00:00:00Z"},
		{"2018-13-10-no-date.md", "2018-13-10-no-date", "", "not told"},
		{"news/post.ar.md", "post", "ar", "not told"},
		{"post.pt-br.md", "post", "pt-br", "not told"},
		{"node.js.md", "node.js", "", "not told"},
		{"bundle/index.md", "bundle", "", "not told"},
		{"2020-01-02-bundle/index.fr.md", "bundle", "fr", "2020-01-02T00:00:00Z"},
		{"index.md", "", "", "not told"},
		{"خبر-جديد.md", "خبر-جديد", "", "not told"},
	} {
		it := article(t, c.name, "---\ntitle: T\n---\n")
		if it.Slug != c.slug || it.Locale != c.locale || stamp(it.PublishedAt) != c.date {
			t.Errorf("%s: slug %q, locale %q, date %s", c.name, it.Slug, it.Locale,
				stamp(it.PublishedAt))
		}
	}
}

func TestSlugsComeFromTheFirstThatTellsThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ front, want string }{
		{"slug: 0123\nurl: /a/b/", "0123"},
		{"url: /a/b.html", "b"},
		{"permalink: /2015/05/21/tockingtime/", "tockingtime"},
		{"url: https://x.example/a/caf%C3%A9?x=1#y", "café"},
		{"url: https://x.example", "file-name"},
		{"permalink: /:year/:title/", "file-name"},
		{"path: /a/index.html", "a"},
		{"other: 1", "file-name"},
	} {
		it := article(t, "2014-01-01-file-name.md", "---\ntitle: T\n"+c.front+"\n---\n")
		if it.Slug != c.want {
			t.Errorf("%q: slug %q, want %q", c.front, it.Slug, c.want)
		}
		if stamp(it.PublishedAt) != "2014-01-01T00:00:00Z" {
			t.Errorf("%q: the file's name should tell the date, got %s", c.front,
				stamp(it.PublishedAt))
		}
	}
}

func TestTagsInATextArePartedAsJekyllDoes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		front string
		want  []string
	}{
		{"tags: a b", []string{"a", "b"}},
		{"tags: open data, b ,, c", []string{"open data", "b", "c"}},
		{"categories: a b", []string{"a", "b"}},
		{"category: two words", []string{"two words"}},
		{"topics: two words", []string{"two words"}},
		{"tags: [how we work, 2016, '', how we work]", []string{"how we work", "2016"}},
		{"tags: [{name: A}, {slug: b}]", []string{"A"}},
		{"categories: [c]\ntopics: [t, c]\ntags: [x, t]", []string{"x", "t", "c"}},
		{"tags: R&amp;D", []string{"R&D"}},
		{"keywords: k", nil},
	} {
		it := article(t, "a.md", "---\ntitle: T\n"+c.front+"\n---\n")
		if !slices.Equal(it.Tags, c.want) {
			t.Errorf("%q: %q, want %q", c.front, it.Tags, c.want)
		}
	}
	toml := article(t, "a.md", "+++\ntitle = \"T\"\ntags = \"two words\"\n+++\n")
	if want := []string{"two words"}; !slices.Equal(toml.Tags, want) {
		t.Errorf("TOML: %q, want %q: only Jekyll parts at spaces", toml.Tags, want)
	}
}

func TestSummariesComeInOrderAndOnlyADifferentOneIsIgnored(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		front, summary, meta string
		ignored              []string
	}{
		{"summary: s\ndescription: d\ndeck: k", "s", "d", []string{"deck"}},
		{"summary: s\ndescription: s\ndeck: s", "s", "", nil},
		{"description: d\nexcerpt: d", "d", "", nil},
		{"deck: k\nsubtitle: u", "k", "", []string{"subtitle"}},
		{"subtitle: u", "u", "", nil},
		{"summary: ''\nexcerpt: <p>e</p>", "e", "", nil},
		{"summary: s\ndescription: d\nmeta: {description: m}", "s", "m", []string{"description"}},
	} {
		it := article(t, "a.md", "---\ntitle: T\n"+c.front+"\n---\n")
		if it.Summary != c.summary || it.Meta.Description != c.meta ||
			!slices.Equal(it.Ignored, c.ignored) {
			t.Errorf("%q: summary %q, meta %q, ignored %q", c.front, it.Summary,
				it.Meta.Description, it.Ignored)
		}
	}
}

func TestDraftsAreWhatTheSourceSaysIsNotPublished(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, front string
		draft       bool
		date        string
	}{
		{"a.md", "x: 1", false, "not told"},
		{"a.md", "draft: true", true, "not told"},
		{"a.md", "draft: 'no'", false, "not told"},
		{"a.md", "published: false", true, "not told"},
		{"a.md", "published: true", false, "not told"},
		{"a.md", "published: 2016-01-02", false, "2016-01-02T00:00:00Z"},
		{"a.md", "published: 2016-01-02\ndate: 2015-01-01", false, "2015-01-01T00:00:00Z"},
		{"a.md", "date: 2015-01-01\npublishDate: 2016-01-01", false, "2015-01-01T00:00:00Z"},
		{"a.md", "publishdate: 2016-01-01", false, "2016-01-01T00:00:00Z"},
		{"a.md", "status: Publish", false, "not told"},
		{"a.md", "status: scheduled", true, "not told"},
		{"blog/_drafts/a.md", "x: 1", true, "not told"},
	} {
		it := article(t, c.name, "---\ntitle: T\n"+c.front+"\n---\n")
		if it.Draft != c.draft || stamp(it.PublishedAt) != c.date {
			t.Errorf("%s %q: draft %v, date %s", c.name, c.front, it.Draft, stamp(it.PublishedAt))
		}
	}
}

func TestASecondDateOfPublicationIsIgnoredUnlessItIsTheSame(t *testing.T) {
	t.Parallel()
	for published, want := range map[string][]string{"2015-01-01": nil,
		"2016-01-02": {"published"}} {
		it := article(t, "a.md", "---\ntitle: T\ndate: 2015-01-01\npublished: "+published+"\n---\n")
		if !slices.Equal(it.Ignored, want) {
			t.Errorf("published %s: ignored %q, want %q", published, it.Ignored, want)
		}
	}
}

func TestBylinesAreCutBetweenAuthors(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 90)
	inByline := Options{AuthorsInByline: true}
	it := articleWith(t, "authors: [{name: "+long+"1}, "+long+"2, "+long+"3]", inByline)
	if want := long + "1, " + long + "2"; it.Byline != want {
		t.Errorf("byline %q", it.Byline)
	}
	if want := []string{"byline cut to the first 2 of 3 authors"}; !slices.Equal(it.Notes, want) {
		t.Errorf("notes %q, want %q", it.Notes, want)
	}
	one := articleWith(t, "author: "+strings.Repeat("x", 300), inByline)
	if len(one.Byline) != 300 || one.Notes != nil {
		t.Errorf("a single author's name was cut to %d, notes %q", len(one.Byline), one.Notes)
	}
}

func TestTitlesAreFoundWhereTheFieldsHaveNone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, title, note string }{
		{"```\n# code\n```\n## two\n# C# ##\n", "C#", "title taken from the first heading"},
		{"# Über <em>x</em>\n", "Über x", "title taken from the first heading"},
		{"text", "My first post", "title made from the file's name"},
	} {
		it := article(t, "my-first_post.md", "---\n---\n"+c.body)
		if it.Title != c.title || !slices.Equal(it.Notes, []string{c.note}) {
			t.Errorf("%q: title %q, notes %q", c.body, it.Title, it.Notes)
		}
		if it.Body != strings.TrimSpace(c.body) {
			t.Errorf("%q: the body became %q", c.body, it.Body)
		}
	}
	if it := file(t, "index.md", "---\n---\ntext"); it.Skip != "no title" {
		t.Errorf("index.md: skip %q, title %q", it.Skip, it.Title)
	}
}

func TestTheWalkIsInOrderAndABadFileStopsNoOther(t *testing.T) {
	t.Parallel()
	good := &fstest.MapFile{Data: []byte("---\ntitle: T\n---\n")}
	fsys := fstest.MapFS{
		"b/_index.md": good, "b/_index.ar.md": good, "b/x.MD": good, "a.md": good,
		"z.markdown": good,
		"c.md":       {Data: []byte("---\ntitle: [\n---\n")},
		"README.md":  {Data: []byte("# Hello\n")},
		"d.md":       {Data: []byte("---\ntitle: \xff\n---\n")}, "e.txt": good, ".git/h.md": good,
		".hidden.md": good,
		"p.md":       {Mode: fs.ModeNamedPipe}, "q\x1b[2J.md": good,
	}
	var got []string
	for it := range Markdown(fsys, Options{}) {
		got = append(got, it.File+"|"+it.Skip)
	}
	want := []string{
		"README.md|no front matter", "a.md|", "b/_index.ar.md|a section page (_index.ar.md)",
		"b/_index.md|a section page (_index.md)", "b/x.MD|",
		"c.md|front matter: yaml: did not find expected node content", "d.md|not valid UTF-8",
		"p.md|cannot be read: not a regular file",
		"q[2J.md|its name is not clean text: invalid UTF-8 or control characters", "z.markdown|",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// broken is a file system in which one folder and one file cannot be opened.
type broken struct{ fstest.MapFS }

func (b broken) Open(name string) (fs.File, error) {
	if name == "locked" || name == "locked.md" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("permission denied")}
	}
	return b.MapFS.Open(name)
}

func (b broken) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "locked" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("permission denied")}
	}
	return b.MapFS.ReadDir(name)
}

func TestWhatCannotBeOpenedIsSkippedWithItsReason(t *testing.T) {
	t.Parallel()
	good := &fstest.MapFile{Data: []byte("---\ntitle: T\n---\n")}
	var got []string
	for it := range Markdown(broken{fstest.MapFS{"locked/a.md": good, "locked.md": good,
		"z.md": good}}, Options{}) {
		got = append(got, it.File+"|"+it.Skip)
	}
	want := []string{"locked|cannot be read: permission denied",
		"locked.md|cannot be read: permission denied", "z.md|"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAReaderMayStopEarly(t *testing.T) {
	t.Parallel()
	good := &fstest.MapFile{Data: []byte("---\ntitle: T\n---\n")}
	for name, seq := range map[string]iter.Seq[Item]{
		"markdown": Markdown(fstest.MapFS{"a.md": good, "b.md": good}, Options{}),
		"jsonl": JSONL(strings.NewReader("{\"title\":\"a\"}\n{\"title\":\"b\"}\n"), "x",
			Options{}),
	} {
		n := 0
		for range seq {
			n++
			break
		}
		if n != 1 {
			t.Errorf("%s: %d items", name, n)
		}
	}
}

func TestAFileTooLargeIsSkipped(t *testing.T) {
	t.Parallel()
	it := file(t, "a.md", "---\ntitle: T\n---\n"+strings.Repeat("x", maxItemBytes))
	if it.Skip != "cannot be read: larger than 16 MiB" {
		t.Errorf("skip %q", it.Skip)
	}
}

func TestControlCharactersAreDroppedWithANote(t *testing.T) {
	t.Parallel()
	it := article(t, "a.md",
		"---\r\ntitle: \"a\\u0000b&#8;c\"\r\nextra: {k: \"x\\u0001\"}\r\n---\r\none\rtwo\x00\r\n")
	if it.Title != "abc" || it.Body != "one\ntwo" || it.Extra["k"] != "x" {
		t.Errorf("title %q, body %q, extra %q", it.Title, it.Body, it.Extra)
	}
	if want := []string{"4 control characters removed"}; !slices.Equal(it.Notes, want) {
		t.Errorf("notes %q, want %q", it.Notes, want)
	}
}
