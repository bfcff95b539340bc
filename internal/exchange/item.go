// Package exchange reads articles from other systems' files: folders of Markdown with front matter, as Hugo, Jekyll and
// Zola write them, and files of JSON, one object a line. It knows formats, spellings of names and dates, and what to say
// about an item that cannot be read. It never knows the database, HTTP, or the newsroom's rules: an item says what its
// source told, and whoever imports it decides what may stand.
package exchange

import (
	"fmt"
	"strings"
	"time"
)

// Item is one article as its source tells it, before any rule of ours was applied. A field the source does not tell is
// empty. All text is valid UTF-8 with line feeds for line ends and no other control character than the tab.
type Item struct {
	Key  string // known again by it: a file's relative path; a line's id, its url, or a digest of title and date
	File string // as shown to people: a file's relative path, or the name of the file of lines
	Line int    // the line in File, from 1, of a JSON item or of what is wrong; 0 if not known

	Title        string // always there, unless Skip says why not
	Slug         string // as told, or from the item's old address or file name; JSON items have only what is told
	Type         string // one of the article types, in our spelling
	Locale       string // a language tag as written
	Kicker       string
	Summary      string
	Body         string // as written: shortcodes and templates are left alone
	BodyFormat   string // "markdown" or "html"
	Dateline     string
	Byline       string // the authors' names joined by commas, at most 200 characters if an author boundary allows
	CanonicalURL string
	Source       Source
	Meta         Meta
	Extra        map[string]any // the table named extra, in values that JSON can hold; nil if there is none
	Tags         []string       // names as spelled, in order, without exact duplicates
	Aliases      []string       // old addresses as written, in order, without exact duplicates
	Links        []Link         // related links

	PublishedAt *time.Time // UTC, whole seconds; nil if not told
	UpdatedAt   *time.Time // UTC, whole seconds; nil if not told
	Draft       bool       // the source says that it is not published
	Status      string     // the source's own word for it, folded into Draft

	Ignored []string // names of the fields that had a value but no home here, sorted
	Notes   []string // what was changed on the way, for the report
	Skip    string   // if not empty, this is not an article: the reason
}

// Source says where an article was first published.
type Source struct {
	Name, URL, License string
}

// Meta is what an article tells search engines instead of its title and summary.
type Meta struct {
	Title, Description string
	NoIndex            bool
}

// Link is a related link as written; Article is the slug of another article.
type Link struct {
	Rel, Title, URL, Source, Note, Article string
}

// note adds a sentence to the report about the item.
func (it *Item) note(format string, args ...any) {
	it.Notes = append(it.Notes, fmt.Sprintf(format, args...))
}

// skip turns the item into one that only says why it is not an article.
func (it *Item) skip(line int, format string, args ...any) {
	reason, _ := scrub(strings.ToValidUTF8(fmt.Sprintf(format, args...), "\uFFFD"))
	*it = Item{Key: it.Key, File: it.File, Line: line, Skip: reason}
}
