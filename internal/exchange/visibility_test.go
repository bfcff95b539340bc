package exchange

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestWhatReadersOfTheSourceCouldNotSeeIsADraft(t *testing.T) {
	t.Parallel()
	for front, draft := range map[string]bool{
		"unlisted: true": true, "unlisted: false": false, "hidden: yes": true,
		"private: true":    true,
		"visibility: paid": true, "visibility: members": true, "visibility: private": true,
		"visibility: Public": false, "visibility: ''": false, "access: members": true,
		"access: open source": false, "password: secret": true, "headless: true": true,
		"_build: {list: never}": true, "build: {render: false}": true,
		"build: {list: always}": false,
		"build: 12":             false, "embargo: true": true, "scheduled: false": false,
		"hidden: the cave":   false,
		"members_only: true": true, "status: private": true, "published: false": true,
	} {
		it := article(t, "a.md", "---\ntitle: T\ndate: 2020-01-01\n"+front+"\n---\n")
		if it.Draft != draft {
			t.Errorf("%s: draft is %v, notes %q", front, it.Draft, it.Notes)
		}
		if strings.Contains(strings.Join(it.Notes, " "), "secret") {
			t.Errorf("%s: the report tells the password: %q", front, it.Notes)
		}
	}
}

func TestTheTimesBetweenWhichReadersSeeAnItemAreKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ front, published, from, until string }{
		{"date: 2021-12-31\npublishDate: 2030-12-31",
			"2021-12-31T00:00:00Z", "2030-12-31T00:00:00Z", "not told"},
		{"publishDate: 2030-12-31", "2030-12-31T00:00:00Z", "2030-12-31T00:00:00Z", "not told"},
		{"date: 2021-12-31\nexpiryDate: 2022-01-01",
			"2021-12-31T00:00:00Z", "not told", "2022-01-01T00:00:00Z"},
		{"date: 2021-12-31\npublished: 2030-01-01",
			"2021-12-31T00:00:00Z", "2030-01-01T00:00:00Z", "not told"},
		{"date: 2021-12-31\nunpublish_on: 2022-01-01\nembargo_until: 2022-01-02",
			"2021-12-31T00:00:00Z", "2022-01-02T00:00:00Z", "2022-01-01T00:00:00Z"},
	} {
		it := article(t, "a.md", "---\ntitle: T\n"+c.front+"\n---\n")
		if stamp(it.PublishedAt) != c.published || stamp(it.VisibleFrom) != c.from ||
			stamp(it.ExpiresAt) != c.until {
			t.Errorf("%q: published %s, visible from %s until %s", c.front, stamp(it.PublishedAt),
				stamp(it.VisibleFrom), stamp(it.ExpiresAt))
		}
	}
}

func TestDatesWithoutAZoneAreTheSites(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"date: 2020-05-05 01:30:00":         "2020-05-05T05:30:00Z",
		"date: 2020-01-05":                  "2020-01-05T05:00:00Z",
		"date: 2026-03-01T01:00:00+05:00":   "2026-02-28T20:00:00Z",
		"date: 2020-05-05 01:30:00 UTC":     "2020-05-05T01:30:00Z",
		"date: 1588642200":                  "2020-05-05T01:30:00Z",
		"permalink: /2020/05/05/the-night/": "2020-05-05T04:00:00Z",
		"other: 1":                          "2019-07-01T04:00:00Z",
	} {
		files := fstest.MapFS{"a.md": {Data: []byte("---\ntitle: T\n" + name + "\n---\n")}}
		if strings.HasPrefix(name, "other") {
			files = fstest.MapFS{"2019-07-01-a.md": files["a.md"]}
		}
		items := slices.Collect(Markdown(files, Options{Zone: zone}))
		if got := stamp(items[0].PublishedAt); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	line := `{"title": "T", "date": "2020-05-05 01:30:00"}`
	lines := slices.Collect(JSONL(strings.NewReader(line), "x", Options{Zone: zone}))
	if got := stamp(lines[0].PublishedAt); got != "2020-05-05T05:30:00Z" {
		t.Errorf("a line: %s", got)
	}
}

func TestUndatedFilesMayHaveTheirFilesDate(t *testing.T) {
	t.Parallel()
	modified := time.Date(2021, 2, 3, 4, 5, 6, 7, time.UTC)
	files := fstest.MapFS{
		"a.md": {Data: []byte("---\ntitle: T\n---\n"), ModTime: modified},
		"b.md": {Data: []byte("---\ntitle: T\ndate: 2020-01-01\n---\n"), ModTime: modified},
	}
	items := slices.Collect(Markdown(files, Options{FileDates: true}))
	if stamp(items[0].PublishedAt) != "2021-02-03T04:05:06Z" || len(items[0].Notes) != 1 {
		t.Errorf("undated: %s, %q", stamp(items[0].PublishedAt), items[0].Notes)
	}
	if stamp(items[1].PublishedAt) != "2020-01-01T00:00:00Z" {
		t.Errorf("dated: %s", stamp(items[1].PublishedAt))
	}
}

func TestWhatReadersMayNotHaveSeenIsADraft(t *testing.T) {
	t.Parallel()
	for _, front := range []string{
		"isDraft: true", "publish: false", "visible: false", "premium: true", "paywall: true",
		"subscribers_only: true", "archived: true", "render: false", "visibility: [private]",
		"access: [members]",
	} {
		if it := articleWith(t, front, Options{}); !it.Draft {
			t.Errorf("%s is published", front)
		}
	}
	for _, front := range []string{"publish: true", "visible: yes", "visibility: [public]"} {
		if it := articleWith(t, front, Options{}); it.Draft {
			t.Errorf("%s is a draft", front)
		}
	}
	it := articleWith(t, "date: 2020-01-02\npublished_on: 2035-02-02", Options{})
	if it.VisibleFrom == nil || it.VisibleFrom.Year() != 2035 {
		t.Errorf("readers see it from %v", it.VisibleFrom)
	}
}
