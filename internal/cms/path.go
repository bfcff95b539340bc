package cms

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Paths are the patterns of the paths of pages, by kind. An empty one: things of the kind have no
// page.
type Paths struct {
	Article    string `json:"article"`
	Section    string `json:"section"`
	Tag        string `json:"tag"`
	Author     string `json:"author"`
	Collection string `json:"collection"`
	Front      string `json:"front"`
}

// DefaultPaths are the patterns of a site that has not said otherwise.
var DefaultPaths = Paths{
	Article: "/articles/{slug}",
	Section: "/sections/{slug}",
	Tag:     "/tags/{slug}",
	Author:  "/authors/{slug}",
}

// kindPath is the pattern of one kind.
type kindPath struct {
	kind    string // as fields have it
	pattern string
}

// all returns the patterns of all kinds, in the order of the fields.
func (p Paths) all() []kindPath {
	return []kindPath{
		{"article", p.Article},
		{"section", p.Section},
		{"tag", p.Tag},
		{"author", p.Author},
		{"collection", p.Collection},
		{"front", p.Front},
	}
}

// Of returns the pattern of a kind.
func (p Paths) Of(kind PageKind) string {
	for _, k := range p.all() {
		if k.kind == string(kind) {
			return k.pattern
		}
	}
	return ""
}

// page is what the path of a page can be made of.
type page struct {
	id          ID
	slug        string
	articleType ArticleType
	locale      string
	publishedAt *time.Time
	section     string // slug of the main section of an article, or of the section itself
	sectionPath string
}

// placeholders are what patterns can have, with the value of each.
var placeholders = map[string]func(*Site, *page) string{
	"slug":    func(_ *Site, p *page) string { return url.PathEscape(p.slug) },
	"id":      func(_ *Site, p *page) string { return string(p.id) },
	"type":    func(_ *Site, p *page) string { return string(p.articleType) },
	"locale":  func(_ *Site, p *page) string { return p.locale },
	"year":    func(s *Site, p *page) string { return s.day(p, "2006") },
	"month":   func(s *Site, p *page) string { return s.day(p, "01") },
	"day":     func(s *Site, p *page) string { return s.day(p, "02") },
	"section": func(_ *Site, p *page) string { return url.PathEscape(p.section) },
	"section_path": func(_ *Site, p *page) string {
		parts := strings.Split(p.sectionPath, "/")
		for i, part := range parts {
			parts[i] = url.PathEscape(part)
		}
		return strings.Join(parts, "/")
	},
}

// placeholdersOf are the placeholders that the patterns of each kind can have.
var placeholdersOf = map[string][]string{
	"article": {
		"slug", "id", "section", "section_path", "type", "locale", "year", "month", "day",
	},
	"section":    {"slug", "id", "section_path"},
	"tag":        {"slug", "id"},
	"author":     {"slug", "id"},
	"collection": {"slug", "id"},
	"front":      {"slug", "id"},
}

// wholeSegments are the placeholders that may have no value, and are dropped with their slash then.
var wholeSegments = []string{"section", "section_path"}

// pathPart is a part of a pattern: some text, and the value behind it.
type pathPart struct {
	text string
	name string // of the placeholder; empty: nothing behind the text
}

// parsePattern returns the parts of a pattern. Braces that enclose no placeholder are text.
func parsePattern(pattern string) []pathPart {
	var parts []pathPart
	at := 0
	for _, span := range placeholder.FindAllStringIndex(pattern, -1) {
		parts = append(parts, pathPart{pattern[at:span[0]], pattern[span[0]+1 : span[1]-1]})
		at = span[1]
	}
	return append(parts, pathPart{text: pattern[at:]})
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// day formats the publishing day in the site's zone; an article without one has zeros.
func (s *Site) day(p *page, layout string) string {
	if p.publishedAt == nil {
		return strings.Repeat("0", len(layout))
	}
	return p.publishedAt.In(s.Zone).Format(layout)
}

// url returns where readers find a page: percent-encoded, absolute if the site has an address;
// empty if pages of the kind have no pattern.
func (s *Site) url(pattern []pathPart, p *page) string {
	if len(pattern) == 0 {
		return ""
	}
	b := make([]byte, 0, 128)
	b = append(b, s.base...)
	for _, part := range pattern {
		if part.name == "" {
			b = append(b, part.text...)
			continue
		}
		value := placeholders[part.name](s, p)
		text := part.text
		if value == "" {
			text = strings.TrimSuffix(text, "/")
		}
		b = append(append(b, text...), value...)
	}
	return string(b)
}

// ArticleURL returns where readers find an article.
func (s *Site) ArticleURL(a *ArticleRef) string {
	p := page{
		id:          a.ID,
		slug:        a.Slug,
		articleType: a.Type,
		locale:      a.Locale,
		publishedAt: a.PublishedAt,
		section:     a.Section.Slug,
		sectionPath: a.Section.Path,
	}
	return s.url(s.patterns["article"], &p)
}

// NounURL returns where readers find the page of a plain noun, empty if it has none.
func (s *Site) NounURL(noun Noun, ref *Ref) string {
	if noun == FrontNoun && string(ref.ID) == s.Home {
		return s.base + "/"
	}
	p := page{id: ref.ID, slug: ref.Slug, section: ref.Slug, sectionPath: ref.Path}
	return s.url(s.patterns[noun.Singular], &p)
}

// HasPlaceholder reports whether the paths of articles have one of some placeholders.
func (s *Site) HasPlaceholder(names ...string) bool {
	return slices.ContainsFunc(s.patterns["article"], func(part pathPart) bool {
		return slices.Contains(names, part.name)
	})
}

// HasSections reports whether the paths of articles name their main section.
func (s *Site) HasSections() bool { return s.HasPlaceholder(wholeSegments...) }

// checkPaths adds what is wrong with the patterns of a site with that address.
func (f *fieldErrors) checkPaths(paths Paths, siteURL string) {
	var before []kindPath
	for _, k := range paths.all() {
		field := "paths/" + k.kind
		if k.pattern == "" && k.kind != "article" {
			continue
		}
		known := len(*f)
		f.pattern(field, k)
		if len(*f) > known {
			continue
		}
		if n := len(encoded(siteURL)) + longestPath(k.pattern); n > MaxPageURL {
			f.add(field, "too_long", "%s and url make addresses of up to %d characters; %d are "+
				"allowed: shorten them.", dotted(field), n, MaxPageURL)
		}
		meets := func(other kindPath) bool { return canMeet(other, k) }
		if at := slices.IndexFunc(before, meets); at >= 0 {
			f.add(field, "taken", "%s can make the same paths as paths.%s; let one of them "+
				"begin with another word.", dotted(field), before[at].kind)
		}
		before = append(before, k)
	}
}

// pattern checks the pattern of one kind by itself.
func (f *fieldErrors) pattern(field string, k kindPath) {
	allowed := placeholdersOf[k.kind]
	unique := []string{"slug", "id"}
	if k.kind == "section" {
		unique = append(unique, "section_path")
	}
	f.line(field, k.pattern, MaxPattern)
	if !strings.HasPrefix(k.pattern, "/") || strings.Contains(k.pattern, "//") {
		f.add(field, "invalid", "%s begins with a slash and has no two together, such as %s.",
			dotted(field), "/articles/{slug}")
	}
	for segment := range strings.SplitSeq(k.pattern, "/") {
		if segment == "." || segment == ".." {
			f.add(field, "invalid", "%s cannot have %q between slashes: browsers take it for another "+
				"folder.", dotted(field), segment)
			return
		}
	}
	distinct := false
	for i, part := range parsePattern(k.pattern) {
		if strings.ContainsAny(part.text, "{}?#\\%<>\"^`| \t") {
			f.add(field, "invalid", "%s cannot have %q: letters, digits, slashes, hyphens and the "+
				"like stand for themselves, {…} for values.", dotted(field), part.text)
			return
		}
		if part.name == "" {
			continue
		}
		if !slices.Contains(allowed, part.name) {
			f.add(field, "unknown", "%s cannot have {%s}; there are {%s}.", dotted(field),
				part.name, strings.Join(allowed, "} {"))
		}
		if slices.Contains(wholeSegments, part.name) && !isSegment(parsePattern(k.pattern), i) {
			f.add(field, "invalid", "{%s} stands between two slashes by itself.", part.name)
		}
		distinct = distinct || slices.Contains(unique, part.name)
	}
	if !distinct {
		f.add(field, "invalid", "%s needs {slug} or {id}, or several pages would have one address.",
			dotted(field))
	}
}

// isSegment reports whether the value of a part stands between two slashes, or at the end.
func isSegment(parts []pathPart, i int) bool {
	behind := parts[i+1]
	last := i+1 == len(parts)-1 && behind.text == ""
	return strings.HasSuffix(parts[i].text, "/") && (last || strings.HasPrefix(behind.text, "/"))
}

// longestPath returns the length of the longest path that a pattern makes.
func longestPath(pattern string) int {
	longest := &Site{Zone: time.UTC}
	section := strings.Repeat("\xff", MaxSlugBytes)
	return len(longest.url(parsePattern(pattern), &page{
		id:          ID(strings.Repeat("0", 36)),
		slug:        strings.Repeat("\xff", MaxSlugBytes),
		articleType: PressRelease,
		locale:      strings.Repeat("a", MaxLocale),
		section:     section,
		sectionPath: strings.Repeat(section+"/", MaxSectionDepth-1) + section,
	}))
}

// The limits of patterns and addresses.
const (
	MaxPattern = 500
	MaxPageURL = 8192 // the longest address of a page
)
