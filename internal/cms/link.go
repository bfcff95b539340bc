package cms

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// Rel is the kind of a related link.
type Rel string

// The relations.
const (
	Related    Rel = "related"
	Background Rel = "background"
	SourceLink Rel = "source"
	FollowUp   Rel = "follow_up"
)

// Rels are all relations.
var Rels = []Rel{Related, Background, SourceLink, FollowUp}

// Link is a related link of an article: to another article here (TargetID) or to a page elsewhere
// (URL).
type Link struct {
	ID        ID
	ArticleID ID // whose link it is
	Version   int64
	Position  int // from 1, without gaps
	Rel       Rel
	TargetID  *ID
	Title     string // empty with TargetID: the target's title is shown
	URL       string
	Host      string // of URL, lower case, without port
	Source    string
	Note      string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// ArticleRef is an article as others show it.
type ArticleRef struct {
	ID          ID
	Slug        string
	Title       string
	Type        ArticleType
	Locale      string
	PublishedAt *time.Time
	Sections    []ID // the main one first; some may have been deleted or merged
	Section     Ref  // the main one, set where addresses need it; zero: there is none
	URL         string
}

// LinkDetail is a link with the articles at both its ends.
type LinkDetail struct {
	Link
	Target *ArticleRef // what it points to; nil when it points outside
	From   *ArticleRef // whose link it is; filled only where links of many articles are listed
}

// LinkInput is what an editor may set of a link.
type LinkInput struct {
	ID       ID   // in a replacing list: an existing link to keep; else empty
	Keep     bool // with ID: as it is
	Position int  // from 1; 0: at the end, or where it is
	Rel      Rel
	Title    string
	URL      string
	Source   string
	Note     string
	Article  string // the target's id or slug
}

// The limits of links.
const (
	MaxLinks      = 100
	MaxLinkTitle  = 300
	MaxLinkSource = 200
	MaxLinkNote   = 1000
)

// Check trims the fields that stand on one line, and returns an Invalid error if the link breaks a
// rule. Prefix stands before the names of fields in errors ("" or "data/3").
func (c *LinkInput) Check(prefix string) error {
	c.Title = TrimLine(c.Title)
	c.Source = TrimLine(c.Source)
	var f fieldErrors
	f.oneOf("rel", string(c.Rel), stringsOf(Rels))
	f.line("source", c.Source, MaxLinkSource)
	f.text("note", c.Note, MaxLinkNote)
	switch {
	case c.Article != "" && c.URL != "":
		f.add("url", "not_allowed",
			"Send either article_id (an article here) or url (a page elsewhere), not both.")
	case c.Article != "" && c.Title != "":
		f.add("title", "not_allowed",
			"The title of a link to an article here follows that article; leave title out.")
	case c.Article == "" && c.URL == "":
		f.add("url", "required", "Send article_id (an article here) or url (a page elsewhere).")
	case c.Article == "":
		f.required("title", c.Title)
		f.line("title", c.Title, MaxLinkTitle)
		f.url("url", c.URL)
	}
	if c.Position < 0 {
		f.add("position", "out_of_range", "Positions count from 1.")
	}
	return InvalidFields(f.under(prefix))
}

// LeadsTo returns what the link leads to: the same for two links to the same article, or to
// addresses that differ in nothing but how scheme, host and port are written, or in the slash of a
// root.
func (l *Link) LeadsTo() string {
	if l.TargetID != nil {
		return string(*l.TargetID)
	}
	u, err := url.Parse(l.URL)
	if err != nil {
		return l.URL
	}
	u.Scheme = strings.ToLower(u.Scheme)
	u.Host = strings.ToLower(u.Host)
	if port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; port != "" {
		u.Host = strings.TrimSuffix(u.Host, port)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String()
}

// HostOf returns the host of a URL in lower case, without its port.
func HostOf(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// Renumber sets the positions of links in their order, and raises the version of those that differ
// from what they were. It reports whether anything differs.
func Renumber(links, was []Link, now time.Time) bool {
	before := map[ID]Link{}
	for _, l := range was {
		before[l.ID] = l
	}
	changed := len(links) != len(was)
	for i := range links {
		links[i].Position = i + 1
		if old, ok := before[links[i].ID]; ok && links[i].equal(old) {
			continue
		}
		links[i].Version++
		links[i].UpdatedAt = now
		changed = true
	}
	return changed
}

func (l Link) equal(o Link) bool {
	target := l.TargetID == o.TargetID ||
		(l.TargetID != nil && o.TargetID != nil && *l.TargetID == *o.TargetID)
	return target && l.Position == o.Position && l.Rel == o.Rel && l.Title == o.Title &&
		l.URL == o.URL && l.Source == o.Source && l.Note == o.Note
}

// MoveLink moves the link at index from so that it stands at position (from 1; beyond the end means
// last).
func MoveLink(links []Link, from, position int) []Link {
	link := links[from]
	links = slices.Delete(links, from, from+1)
	return slices.Insert(links, min(max(position-1, 0), len(links)), link)
}
