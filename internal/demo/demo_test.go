package demo

import (
	"bytes"
	"errors"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// article is one file of the demonstration: its front matter, with every field it may have, and its
// body.
type article struct {
	Title    string
	Slug     string
	Date     time.Time
	Updated  *time.Time
	Type     string
	Locale   string
	Kicker   string
	Summary  string
	Dateline string
	Sections []string
	Authors  []credit
	Group    string `yaml:"translation_key"`
	Tags     []string
	Source   struct{ Name, URL, License string }
	Meta     struct{ Title, Description string }
	Links    []link `yaml:"related_links"`
	Audio    string
	Image    struct{ Src, Alt, Caption, Credit string }

	file string
	body string
}

// credit is the part of somebody in an article: a name, or one with a role.
type credit struct{ Name, Role string }

// UnmarshalYAML reads a name, or a table of both.
func (c *credit) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&c.Name)
	}
	type table credit
	return node.Decode((*table)(c))
}

// link is one related link of an article, to a neighbour (Article) or away from the site (URL).
type link struct{ Rel, Article, Title, URL, Source, Note string }

// types are the kinds of article a site may have.
var types = []string{
	"news", "analysis", "opinion", "feature", "interview", "review", "explainer", "live", "gallery",
	"video", "audio",
	"press_release",
}

// rels are the reasons for a related link.
var rels = []string{"related", "background", "source", "follow_up"}

// articles reads the whole demonstration, in the order of file names.
func articles(t *testing.T) []article {
	t.Helper()
	names, err := fs.Glob(Content(), "*.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []article
	for _, name := range names {
		raw, err := fs.ReadFile(Content(), name)
		if err != nil {
			t.Fatal(err)
		}
		a, err := parse(raw)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		a.file = name
		all = append(all, a)
	}
	return all
}

// parse splits a file at its two front matter lines and refuses keys that no article has.
func parse(raw []byte) (article, error) {
	if !utf8.Valid(raw) {
		return article{}, errors.New("not UTF-8")
	}
	rest, opened := strings.CutPrefix(string(raw), "---\n")
	front, body, closed := strings.Cut(rest, "\n---\n")
	if !opened || !closed {
		return article{}, errors.New("no front matter between two lines of ---")
	}
	a := article{body: body}
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(front)))
	decoder.KnownFields(true)
	return a, decoder.Decode(&a)
}

func TestParseRefusesWhatNoArticleHas(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"unknown key":    "---\ntitle: A\ntitel: B\n---\nbody\n",
		"repeated key":   "---\ntitle: A\ntitle: B\n---\nbody\n",
		"never closed":   "---\ntitle: A\nbody\n",
		"never opened":   "title: A\n---\nbody\n",
		"not valid text": "---\ntitle: \xff\n---\nbody\n",
	} {
		if _, err := parse([]byte(raw)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestTheSiteIsLargeEnoughAndSpeaksTwoLanguages(t *testing.T) {
	t.Parallel()
	locales, kinds := map[string]int{}, map[string]int{}
	for _, a := range articles(t) {
		locales[a.Locale]++
		kinds[a.Type]++
	}
	if locales["en"] < 11 || locales["ar"] < 7 || len(locales) != 2 {
		t.Errorf("articles by locale = %v, want at least 11 en, 7 ar and no other", locales)
	}
	if len(kinds) < 6 {
		t.Errorf("types used = %v, want at least six", kinds)
	}
}

func TestTranslationsAreOneALanguage(t *testing.T) {
	t.Parallel()
	groups := map[string][]string{}
	for _, a := range articles(t) {
		if a.Group != "" {
			groups[a.Group] = append(groups[a.Group], a.Locale)
		}
	}
	for group, locales := range groups {
		if slices.Sort(locales); !slices.Equal(locales, []string{"ar", "en"}) {
			t.Errorf("%s is in %v", group, locales)
		}
	}
	if len(groups) == 0 {
		t.Error("nothing is translated")
	}
}

func TestCorrectionsAreOfArticlesOfTheSiteAndInBothLanguages(t *testing.T) {
	t.Parallel()
	locales := map[string]int{}
	for _, c := range Corrections() {
		all := articles(t)
		i := slices.IndexFunc(all, func(a article) bool { return a.Slug == c.Article })
		if i < 0 || c.At.Before(all[i].Date) {
			t.Errorf("%s is corrected at %s, and is none or later", c.Article, c.At)
			continue
		}
		locales[all[i].Locale]++
	}
	if locales["en"] == 0 || locales["ar"] == 0 {
		t.Errorf("corrections by locale = %v", locales)
	}
}

func TestEveryFieldKeepsItsLimit(t *testing.T) {
	t.Parallel()
	for _, a := range articles(t) {
		for _, f := range []struct {
			name, value string
			most        int
			required    bool
		}{
			{"title", a.Title, 300, true},
			{"kicker", a.Kicker, 120, true},
			{"summary", a.Summary, 1000, true},
			{"dateline", a.Dateline, 200, false},
		} {
			if n := utf8.RuneCountInString(f.value); n > f.most || f.required &&
				strings.TrimSpace(f.value) == "" {
				t.Errorf("%s: %s has %d characters, limit %d, required %t", a.file, f.name, n,
					f.most, f.required)
			}
		}
		if !slices.Contains(types, a.Type) {
			t.Errorf("%s: type %q is not one of %v", a.file, a.Type, types)
		}
	}
}

func TestSlugsTitlesAndDatesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, a := range articles(t) {
		for _, mark := range []string{"slug " + a.Slug, "title " + a.Title, "date " +
			a.Date.UTC().Format(time.RFC3339Nano)} {
			if first, taken := seen[mark]; taken {
				t.Errorf("%s: %s is already that of %s", a.file, mark, first)
			}
			seen[mark] = a.file
		}
	}
}

func TestSlugsAreWordsOfTheirOwnScript(t *testing.T) {
	t.Parallel()
	for _, a := range articles(t) {
		if a.Slug == "" || len(a.Slug) > 240 {
			t.Errorf("%s: slug has %d bytes, want 1 to 240", a.file, len(a.Slug))
		}
		for _, word := range strings.Split(a.Slug, "-") {
			if word == "" || strings.ContainsFunc(word,
				func(r rune) bool { return !fitsSlug(r, a.Locale) }) {
				t.Errorf("%s: slug %q: the word %q does not fit", a.file, a.Slug, word)
			}
		}
		if a.Locale == "en" && a.file != a.Slug+".md" {
			t.Errorf("%s: file is not named after slug %q", a.file, a.Slug)
		}
	}
}

// fitsSlug is true of the letters a slug in this locale is made of: no capitals, vowel marks or
// tatweel.
func fitsSlug(r rune, locale string) bool {
	const tatweel = 'ـ'
	if locale == "ar" {
		return unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r) && r != tatweel
	}
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
}

func TestDatesAreWholeSecondsOfTheSitesYear(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	until := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	updated := 0
	for _, a := range articles(t) {
		if a.Date.Before(from) || !a.Date.Before(until) || a.Date.Nanosecond() != 0 {
			t.Errorf("%s: date %s is not a whole second from January to October 2026", a.file,
				a.Date)
		}
		if a.Updated == nil {
			continue
		}
		updated++
		if !a.Updated.After(a.Date) || !a.Updated.Before(until) || a.Updated.Nanosecond() != 0 {
			t.Errorf("%s: updated %s does not follow date %s", a.file, a.Updated, a.Date)
		}
	}
	if updated < 2 {
		t.Errorf("%d articles were updated, want at least two", updated)
	}
}

func TestTagsAreASmallSharedVocabulary(t *testing.T) {
	t.Parallel()
	uses := map[string]int{}
	for _, a := range articles(t) {
		if len(a.Tags) < 2 || len(a.Tags) > 5 {
			t.Errorf("%s: %d tags, want 2 to 5", a.file, len(a.Tags))
		}
		for i, tag := range a.Tags {
			uses[tag]++
			arabic := strings.ContainsFunc(tag,
				func(r rune) bool { return unicode.Is(unicode.Arabic, r) })
			if arabic != (a.Locale == "ar") || slices.Contains(a.Tags[:i], tag) {
				t.Errorf("%s: tag %q is repeated or of the other language", a.file, tag)
			}
		}
	}
	if len(uses) < 12 || len(uses) > 20 {
		t.Errorf("%d tags in all, want 12 to 20: %v", len(uses), uses)
	}
	for tag, n := range uses {
		if n < 2 {
			t.Errorf("tag %q is used once: a tag page would hold one article", tag)
		}
	}
}

func TestSourcesAreCreditedByNameAndAddress(t *testing.T) {
	t.Parallel()
	credited := 0
	for _, a := range articles(t) {
		if a.Source.Name == "" && a.Source.URL == "" && a.Source.License == "" {
			continue
		}
		credited++
		if a.Source.Name == "" || !outside(a.Source.URL) {
			t.Errorf("%s: source %+v lacks a name or an https address", a.file, a.Source)
		}
	}
	if credited < 10 {
		t.Errorf("%d articles credit a source, want at least 10", credited)
	}
}

func TestEveryRelatedLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	all := articles(t)
	locales := map[string]string{}
	for _, a := range all {
		locales[a.Slug] = a.Locale
	}
	crossings := 0
	for _, a := range all {
		if len(a.Links) < 2 || len(a.Links) > 5 {
			t.Errorf("%s: %d related links, want 2 to 5", a.file, len(a.Links))
		}
		for i, l := range a.Links {
			if trouble := l.trouble(a.Slug, locales); trouble != "" {
				t.Errorf("%s: link %d %+v: %s", a.file, i+1, l, trouble)
			}
			if l.Article != "" && locales[l.Article] != a.Locale {
				crossings++
			}
		}
	}
	if crossings < 4 {
		t.Errorf("%d links lead from one language to the other, want at least 4", crossings)
	}
}

// trouble says what is wrong with a link of the article named from, or nothing.
func (l link) trouble(from string, locales map[string]string) string {
	if !slices.Contains(rels, l.Rel) {
		return "unknown rel"
	}
	if l.Article == "" {
		if l.Title == "" || utf8.RuneCountInString(l.Title) > 300 || !outside(l.URL) {
			return "a link outside needs a title and an https address"
		}
		return ""
	}
	switch _, here := locales[l.Article]; {
	case l.URL != "" || l.Title != "":
		return "a link inside takes title and address from its target"
	case l.Article == from:
		return "leads to its own article"
	case !here:
		return "no article here has that slug"
	}
	return ""
}

// outside is true of an address that a reader's browser can open safely.
func outside(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.Host != "" && len(address) <= 2048
}

func TestBodiesAreWorthReading(t *testing.T) {
	t.Parallel()
	rich := map[string]int{}
	for _, a := range articles(t) {
		if n := len(strings.Fields(a.body)); n < 250 {
			t.Errorf("%s: %d words, want at least 250", a.file, n)
		}
		if n := strings.Count(a.body, "\n## "); n < 2 {
			t.Errorf("%s: %d subheads, want at least 2", a.file, n)
		}
		if strings.Contains(a.body, "\n# ") {
			t.Errorf("%s: a heading of the first level competes with the title", a.file)
		}
		if showsEverything(a.body) {
			rich[a.Locale]++
		}
	}
	if rich["en"] < 1 || rich["ar"] < 1 {
		t.Errorf("articles that show all of Markdown, by locale = %v, want one in each", rich)
	}
}

// showsEverything is true of a body with headings of two levels, two block quotes, a list, a table
// and a footnote.
func showsEverything(body string) bool {
	for _, part := range []string{"\n## ", "\n### ", "\n- ", "\n|", "[^1]", "\n[^1]: "} {
		if !strings.Contains(body, part) {
			return false
		}
	}
	return strings.Count(body, "\n\n> ") >= 2
}
