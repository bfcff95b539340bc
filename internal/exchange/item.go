// Package exchange reads articles from other systems' files: folders of Markdown with front matter,
// as Hugo, Jekyll and Zola write them, and JSON Lines. It knows file formats, the field names and
// date formats of other systems, and how to report an item that cannot be read. It never knows the
// database, HTTP, or the newsroom's rules: an Item holds what the source states, and the importer
// decides which of it is accepted.
package exchange

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Item is one article as its source states it, before any rule is applied. A field the source does
// not state is empty. All text is valid UTF-8 with line feeds for line ends and without control
// characters other than tabs.
type Item struct {
	// Key identifies the item in later imports: a file's relative path, or a line's id, its url, or
	// a digest of its title and date.
	Key  string
	File string // for reports: a file's relative path, or the name of the JSON Lines file
	Line int    // the line in File, from 1, of a JSON item or of an error; 0 if unknown

	Title        string // not empty unless Skip is set
	Slug         string // as stated, or else, in Markdown, from the old URL or file name
	Type         string // one of cms.ArticleType, or empty
	Locale       string // a language tag as written
	Kicker       string
	Summary      string
	Body         string // as written
	BodyFormat   string // "markdown" or "html"
	Dateline     string
	Byline       string // as stated; may be the authors' names, at most 200 characters
	CanonicalURL string
	Source       Source
	Meta         Meta
	Extra        map[string]any // the field extra, in values that JSON can represent
	Tags         []string       // names as written, in order, without exact duplicates
	Sections     []string       // names, or paths of names (World/Asia), the main one first
	Authors      []Author       // in order, nobody twice
	Aliases      []string       // old URLs, percent-decoded, in order, without exact duplicates
	TagFields    []string       // the fields of categories that are among the tags
	Permalink    string         // the path at its source, percent-decoded; empty if not stated
	Links        []Link         // related links

	// TranslationKey is the same for all translations of an article; empty if not known.
	TranslationKey string

	PublishedAt *time.Time // UTC, whole seconds; nil if not stated
	UpdatedAt   *time.Time // UTC, whole seconds; nil if not stated
	VisibleFrom *time.Time // readers of the source see it from then on; nil if not stated
	ExpiresAt   *time.Time // readers of the source see it up to then; nil if not stated
	Draft       bool       // the source states that it is not published
	Status      string     // the source's own status, which Draft already reflects

	Markup []Markup // template markup in the body, converted or not, in order
	// Image is the id of the medium that stands for it; empty if there is none.
	Image string
	// Audio is the id of the medium with the sound that belongs to it; empty if there is none.
	Audio    string
	Pictures []PictureUse // what became of its pictures, in order

	Kept     []string // names of the unknown fields that were moved to Extra, sorted
	Ignored  []string // sorted names of the fields that had a value but no counterpart here
	Notes    []string // what was changed while reading, for the report
	bodyLine int      // the line of File on which Body begins
	picture  Picture  // that stands for it, as stated
	sound    Picture  // that belongs to it, as stated

	Skip string // why this is not an article; empty if it is one
}

// Author is somebody who has made an article, as the source states.
type Author struct {
	Name     string
	Role     string // as written; empty if not stated
	Bio      string // Markdown
	JobTitle string
	URL      string   // a page of their own
	Links    []Link   // with Title and URL: their pages elsewhere, such as X
	Homeless []string // what else is known of them, as name: value
}

// Source says where an article was first published.
type Source struct {
	Name, URL, License string
}

// Meta is what search engines receive instead of an article's title and summary.
type Meta struct {
	Title, Description string
	Noindex            bool
}

// Link is a related link as written. Article is the slug of another article.
type Link struct {
	Rel, Title, URL, Source, Note, Article string
}

// note appends a sentence to the item's report.
func (it *Item) note(format string, args ...any) {
	it.Notes = append(it.Notes, fmt.Sprintf(format, args...))
}

// skip replaces the item with one that only says why it is not an article.
func (it *Item) skip(line int, format string, args ...any) {
	reason, _ := scrub(strings.ToValidUTF8(fmt.Sprintf(format, args...), "\uFFFD"))
	*it = Item{Key: it.Key, File: it.File, Line: line, Skip: reason}
}

// Paths returns the paths that the item has and had at its source, its permalink first: in NFC,
// with a slash in front, without query and last slash.
func (it *Item) Paths() []string {
	var paths []string
	for _, address := range append([]string{it.Permalink}, it.Aliases...) {
		if p := pathOf(address); p != "" {
			paths = append(paths, norm.NFC.String(p))
		}
	}
	return distinct(paths)
}

// setPermalink sets the path that an item has at its source, unless it is set.
func (it *Item) setPermalink(address string) {
	if it.Permalink == "" {
		it.Permalink = pathOf(address)
	}
}
