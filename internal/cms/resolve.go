package cms

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/text"
)

// PageKind is a kind of things that have pages.
type PageKind string

// The kinds of pages.
const (
	ArticlePage    PageKind = "article"
	SectionPage    PageKind = "section"
	TagPage        PageKind = "tag"
	AuthorPage     PageKind = "author"
	CollectionPage PageKind = "collection"
	FrontPage      PageKind = "front"
)

// PageKinds are all kinds of pages.
var PageKinds = []PageKind{
	ArticlePage, SectionPage, TagPage, AuthorPage, CollectionPage, FrontPage,
}

// PageNouns are the plain nouns that have pages.
var PageNouns = []Noun{SectionNoun, TagNoun, AuthorNoun, CollectionNoun, FrontNoun}

// HasPages reports whether things of the kind have pages.
func (n Noun) HasPages() bool { return slices.Contains(PageNouns, n) }

// PageID is what a page is about.
type PageID struct {
	Kind PageKind
	ID   ID
}

// Page is a page that readers find.
type Page struct {
	PageID
	Slug     string
	TreePath string // of a section: the slugs from the top to it
	URL      string // empty: things of its kind have no page
}

// Candidate is a page that a path can be of, by a pattern.
type Candidate struct {
	Kind   PageKind
	Ref    string            // id or slug
	IsID   bool              // whether Ref is an id
	Values map[string]string // of the placeholders; empty: it was dropped
}

// PagePattern is a pattern that paths of pages of a kind are or were made by.
type PagePattern struct {
	Kind  PageKind
	parts []pathPart // in NFC, without a slash at the end
}

// NewPagePattern returns a pattern of the paths of pages of a kind.
func NewPagePattern(kind PageKind, pattern string) PagePattern {
	parts := parsePattern(strings.TrimRight(text.NFC(pattern), "/"))
	return PagePattern{kind, parts}
}

// HasWords reports whether a pattern has words of its own, so that no other page of a site is
// likely to be at a path that it makes.
func (p PagePattern) HasWords() bool {
	return slices.ContainsFunc(p.parts, func(part pathPart) bool {
		return strings.Trim(part.text, "/") != ""
	})
}

// PagePatterns returns the patterns of the site, those first whose pages come by a path that two
// can make. Sections come before all others: they are what the site is made of.
func (s *Site) PagePatterns() []PagePattern {
	var first, others []PagePattern
	for _, k := range s.Paths.all() {
		switch p := NewPagePattern(PageKind(k.kind), k.pattern); {
		case k.pattern == "":
		case p.Kind == SectionPage:
			first = append(first, p)
		default:
			others = append(others, p)
		}
	}
	return append(first, others...)
}

// The work that is done to find out what a path can be of.
const (
	maxMatchSteps = 20_000
	maxCandidates = 200
)

// Claims returns how much the path says of the page beside its slug and id.
func (c *Candidate) Claims() int {
	n := len(c.Values)
	for _, name := range []string{"slug", "id"} {
		if _, ok := c.Values[name]; ok {
			n--
		}
	}
	return n
}

// Section returns the slug of the section that a path of an article names, empty if it names none,
// and whether the pattern has a place for one.
func (c *Candidate) Section() (slug string, placed bool) {
	for _, name := range wholeSegments {
		if path, ok := c.Values[name]; ok {
			return path[strings.LastIndexByte(path, '/')+1:], true
		}
	}
	return "", false
}

// Candidates returns the pages of the site that a path, as PathOf returns it, can be of by some
// patterns, in the order of these. What a path says of a page beside its slug or id need not be
// true: places, days and types change.
func (s *Site) Candidates(path string, patterns []PagePattern) []Candidate {
	m := matcher{steps: maxMatchSteps}
	if path == "/" && s.Home != "" {
		m.keep(Candidate{Kind: FrontPage, Ref: s.Home, IsID: true})
	}
	for _, p := range patterns {
		m.kind = p.Kind
		m.values = map[string]string{}
		m.match(p.parts, path)
	}
	return m.found
}

// matcher finds what can stand in a path for the placeholders of patterns.
type matcher struct {
	kind   PageKind
	values map[string]string
	steps  int // that may still be done
	found  []Candidate
}

// match matches the rest of a path with the rest of a pattern.
func (m *matcher) match(parts []pathPart, rest string) {
	part := parts[0]
	if part.name == "" {
		if rest == part.text {
			m.add()
		}
		return
	}
	if slices.Contains(wholeSegments, part.name) && m.kind == ArticlePage {
		if after, ok := strings.CutPrefix(rest, strings.TrimSuffix(part.text, "/")); ok {
			m.with(part.name, "", parts[1:], after)
		}
	}
	rest, ok := strings.CutPrefix(rest, part.text)
	if !ok {
		return
	}
	next := parts[1].text
	end := 1
	if len(parts) == 2 && next == "" { // the value goes on to the end
		end = max(len(rest), 1)
	}
	for ; end <= min(len(rest), maxValue(part.name)) && m.steps > 0; end++ {
		m.steps--
		value := rest[:end]
		if part.name != "section_path" && strings.Contains(value, "/") {
			return
		}
		whole := end == len(rest) || utf8.RuneStart(rest[end])
		if whole && strings.HasPrefix(rest[end:], next) && isValue(part.name, value) {
			m.with(part.name, value, parts[1:], rest[end:])
		}
	}
}

// with goes on where a placeholder has a value. One that stands twice has the same value twice.
func (m *matcher) with(name, value string, parts []pathPart, rest string) {
	was, known := m.values[name]
	if known && was != value {
		return
	}
	m.values[name] = value
	m.match(parts, rest)
	if !known {
		delete(m.values, name)
	}
}

// add adds a candidate with the values that were found.
func (m *matcher) add() {
	c := Candidate{Kind: m.kind, Values: make(map[string]string, len(m.values))}
	for name, value := range m.values {
		c.Values[name] = value
	}
	path := m.values["section_path"]
	id, isID := ParseID(m.values["id"])
	switch {
	case isID:
		c.Ref, c.IsID = string(id), true
	case m.values["slug"] != "":
		c.Ref = m.values["slug"]
	default:
		c.Ref = path[strings.LastIndexByte(path, '/')+1:]
	}
	m.keep(c)
	if slug := NormalSlug(c.Ref); !c.IsID && slug != c.Ref && slug != "" {
		c.Ref = slug
		m.keep(c)
	}
}

func (m *matcher) keep(c Candidate) {
	if len(m.found) < maxCandidates {
		m.found = append(m.found, c)
	}
}

// maxValue returns how many bytes the value of a placeholder has at most. A slug may be written
// with marks and capitals that take more room.
func maxValue(placeholder string) int {
	const slug = 2 * MaxSlugBytes
	switch placeholder {
	case "slug", "section":
		return slug
	case "section_path":
		return MaxSectionDepth * (slug + 1)
	}
	return len(SiteID) // that of an id; all others are shorter
}

// isValue reports whether a text can be the value of a placeholder.
func isValue(name, value string) bool {
	digits := func(n int) bool {
		return len(value) == n && strings.Trim(value, "0123456789") == ""
	}
	switch name {
	case "id":
		_, ok := ParseID(value)
		return ok
	case "type":
		return slices.Contains(ArticleTypes, ArticleType(value))
	case "locale":
		_, err := Locale(value)
		return err == nil
	case "year":
		return digits(4)
	case "month", "day":
		return digits(2)
	case "section_path":
		return strings.Count(value, "/") < MaxSectionDepth && !strings.Contains("/"+value+"/", "//")
	}
	return true
}

// NormalSlug returns the slug that ref means where it is written in capitals, or with marks that
// slugs drop. It returns ref as it is if anything but letters, marks, digits and hyphens is in it.
func NormalSlug(ref string) string {
	for _, r := range ref {
		if r != '-' && !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number) {
			return ref
		}
	}
	return text.Slug(ref)
}

// Resolution is where an address of the site leads to.
type Resolution struct {
	Shown
	Status   int    // one of the statuses of addresses
	Page     Page   // zero: none
	Location string // percent-encoded; empty: nowhere
}

// LocationOf returns where a redirect leads to, percent-encoded: below the site's own address if
// that is a path of the site.
func (s *Site) LocationOf(r *Redirect) string {
	if strings.HasPrefix(r.ToURL, "/") {
		return s.base + encoded(r.ToURL)
	}
	return encoded(r.ToURL)
}

// Suffix returns the query and the fragment of where a redirect leads to, percent-encoded.
func (r *Redirect) Suffix() string {
	if i := strings.IndexAny(r.ToURL, "?#"); i >= 0 {
		return encoded(r.ToURL)[len(encoded(r.ToURL[:i])):]
	}
	return ""
}

// CacheTag returns a cache tag that changes with the address of a page, and when what is not there,
// and so has no id, comes to be.
func (p PageID) CacheTag() CacheTag {
	if p.Kind == ArticlePage && p.ID != "" {
		return ArticleCacheTag(p.ID)
	}
	for _, noun := range PageNouns {
		if string(p.Kind) == noun.Singular {
			return noun.ListCacheTag()
		}
	}
	return AllArticles
}

// GoneImport returns what is kept, as a digest, of an imported article that is no more: the source
// and the key or path that it had there.
func GoneImport(source, ref string) string { return "import " + source + "\x00" + ref }

// GoneName returns what is kept, as a digest, of a page that is no more: its kind, and its id or a
// slug that it had. Of another path that it had the path itself is kept.
func GoneName(kind PageKind, ref string) string { return string(kind) + " " + ref }
