package exchange

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

func TestThePagesOfFoldersGiveFieldsToThoseBelow(t *testing.T) {
	t.Parallel()
	page := func(front ...string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\ntitle: T\n" + strings.Join(front, "\n") +
			"\n---\nWords.\n")}
	}
	files := fstest.MapFS{
		"content/_index.md": page("cascade:", "  - target: {path: '/{drafts,old}/**'}",
			"    draft: true", "  - _target: {kind: section}", "    type: video",
			"  - target: {lang: ar, environment: production}", "    type: video",
			"  - byline: The desk", "    params: {kicker: Root}"),
		"content/news/_index.md": {Data: []byte("+++\n[[cascade]]\ntype = 'opinion'\n" +
			"Tags = ['News']\n[cascade._target]\npath = '/NEWS/?-*'\n[[cascade]]\n" +
			"kicker = 'News'\ntype = 'analysis'\n+++\n")},
		"content/news/_index.ar.md":  page("cascade: {byline: مكتب}"),
		"content/a.md":               page("Kicker: Own"),
		"content/drafts/x.md":        page(),
		"content/drafts/y.md":        page("draft: false"),
		"content/old/deep/index.md":  page(),
		"content/news/a-b.md":        page("tags: []"),
		"content/news/ab.md":         page(),
		"content/news/sub/c-d.md":    page(),
		"content/news/c.ar.md":       page(),
		"content/bad/_index.md":      {Data: []byte("---\ntitle: [\n---\n")},
		"content/bad/x.md":           page(),
		"content/plain/_index.md":    {Data: []byte("No front matter.\n")},
		"content/plain/cascade-t.md": page("cascade: {draft: true}"),
	}
	want := map[string]string{
		"content/a.md":               "false  Own [] The desk",
		"content/drafts/x.md":        "true  Root [] The desk",
		"content/drafts/y.md":        "false  Root [] The desk",
		"content/old/deep/index.md":  "true  Root [] The desk",
		"content/news/a-b.md":        "false opinion News [] The desk",
		"content/news/ab.md":         "false analysis News [] The desk",
		"content/news/sub/c-d.md":    "false analysis News [] The desk",
		"content/news/c.ar.md":       "false   [] مكتب",
		"content/bad/x.md":           "false  Root [] The desk",
		"content/plain/cascade-t.md": "false  Root [] The desk",
	}
	skipped := map[string]string{}
	for it := range Markdown(files, Options{Locale: "en"}) {
		if it.Skip != "" {
			skipped[it.Key] = it.Skip
			continue
		}
		got := fmt.Sprint(it.Draft, " ", it.Type, " ", it.Kicker, " ", it.Tags, " ", it.Byline)
		if got != want[it.Key] {
			t.Errorf("%s: %q, want %q", it.Key, got, want[it.Key])
		}
		delete(want, it.Key)
	}
	if len(want) > 0 {
		t.Errorf("missing %v", want)
	}
	if why := skipped["content/bad/_index.md"]; !strings.Contains(why, "gives to the pages below") {
		t.Errorf("the folder's page that cannot be read: %q", why)
	}
}

func TestGlobsOfHugo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		glob, path string
		want       bool
	}{
		{"/blog/**", "/blog/a/b", true}, {"/blog/**", "/blog", false},
		{"/blog/*", "/blog/a/b", false}, {"/blog/*", "/Blog/a", true}, {"/**", "/x", true},
		{"/{a,b{c,d}}/x", "/bd/x", true}, {"/{a,b", "/b", true}, {"/a,b", "/a,b", true},
		{"/a}", "/a}", true}, {"/?", "/ن", true}, {"/(a|b)+", "/a", false}, {"", "/", false},
	} {
		if got := globPattern(c.glob).MatchString(c.path); got != c.want {
			t.Errorf("%q matches %q: %v", c.glob, c.path, got)
		}
	}
}
