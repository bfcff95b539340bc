package newsroom

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// prepared is an item after all processing that does not need the database.
type prepared struct {
	item *exchange.Item
	skip string
	id   cms.ID // of the article, if it is a new one
	renderedDraft
	words   store.IndexedWords // for the search index
	refs    []importedRef
	slug    string // that it gets if it is free
	aliases []alias
	paths   []string // that it has and had at its source
	draft   bool
	digest  string
	notes   []string

	links      []cms.LinkInput // set if all lead to other sites; saved with a new article
	linksLater bool            // some links lead to articles here: left to Finish
}

// alias is an old URL and the slug in it.
type alias struct{ address, slug string }

func (p prepared) publishedAt(now time.Time) time.Time {
	if at := p.input.PublishedAt; at != nil && at.Before(now) {
		return *at
	}
	return now
}

func (p prepared) updatedAt(now time.Time) time.Time {
	if p.item.UpdatedAt != nil && p.item.UpdatedAt.Before(now) {
		return *p.item.UpdatedAt
	}
	return p.publishedAt(now)
}

// prepare does all processing of an item that does not need the database. It may be called
// concurrently.
func (i *Importer) prepare(item *exchange.Item, skip string, id cms.ID) prepared {
	p := prepared{item: item, skip: skip, id: id, draft: item.Draft,
		notes: slices.Clone(item.Notes)}
	if p.skip != "" {
		return p
	}
	now := i.newsroom.clock()
	p.input = itemCopy(item)
	if p.input.Locale == "" {
		p.input.Locale = i.Locale
	}
	i.prepareDates(&p, now)
	p.refs = p.pickRefs(item)
	if len(p.input.Extra) > cms.MaxExtraBytes {
		p.input.Extra = "{}"
		p.notes = append(p.notes, "its extra fields take more than 16 KiB and were left out")
	}
	if refusal, ok := p.input.Check(now).(*cms.Error); ok {
		p.skip = refusalText(refusal)
		return p
	}
	p.digest = itemDigest(p.input, item, p.draft)
	p.input.Locale = cmp.Or(p.input.Locale, i.site.Locale)
	var err error
	if p.renderedDraft, err = render(p.input, p.id); err != nil {
		p.skip = err.Error()
		return p
	}
	p.words = store.WordsOf(&p.content, p.text.HTML)
	p.pickLinks(item.Links)
	if p.slug = p.input.Slug; p.slug == "" {
		p.slug = titleSlug(p.input)
	}
	p.paths = item.Paths()
	for _, address := range item.Aliases {
		if slug := slugOfURL(address); slug != "" {
			p.aliases = append(p.aliases, alias{address, slug})
		}
	}
	return p
}

// prepareDates sets the date of publication, and makes a draft of an item that readers of its
// source do not see now, or that has no date.
func (i *Importer) prepareDates(p *prepared, now time.Time) {
	item := p.item
	p.draft = p.draft || i.AsDrafts
	if p.input.PublishedAt == nil && item.UpdatedAt != nil && !item.UpdatedAt.After(now) {
		p.input.PublishedAt = item.UpdatedAt
		p.notes = append(p.notes, "dated by its last change, for it has no date of publication")
	}
	switch at := p.input.PublishedAt; {
	case at == nil && i.UndatedNow:
		p.notes = append(p.notes, "it has no date; it is dated by its import")
	case at == nil:
		p.makeDraft("it has no date; it is a draft")
	case at.After(now):
		p.input.PublishedAt = nil
		p.makeDraft("its date lies in the future; it is a draft")
	case item.VisibleFrom != nil && item.VisibleFrom.After(now):
		p.makeDraft("to be published at its source on %s; it is a draft", i.day(item.VisibleFrom))
	case item.ExpiresAt != nil && !item.ExpiresAt.After(now) && !i.Expired:
		p.makeDraft("expired at its source on %s; it is a draft", i.day(item.ExpiresAt))
	}
}

// day returns the day of a moment where the site is.
func (i *Importer) day(t *time.Time) string { return t.In(i.site.Zone).Format(time.DateOnly) }

// makeDraft makes the item a draft with a note, unless it is one already.
func (p *prepared) makeDraft(format string, args ...any) {
	if !p.draft {
		p.draft = true
		p.notes = append(p.notes, fmt.Sprintf(format, args...))
	}
}

// pickLinks checks related links, which are either all accepted or none, but for those that repeat
// an address.
func (p *prepared) pickLinks(links []exchange.Link) {
	inputs, repeated := distinctLinks(linkInputs(links))
	toArticle := func(in cms.LinkInput) bool { return in.Article != "" }
	if p.linksLater = slices.ContainsFunc(inputs, toArticle); p.linksLater {
		return
	}
	err := checkLinkCount(len(inputs))
	for i := range inputs {
		if err == nil {
			err = inputs[i].Check(fmt.Sprintf("data/%d", i))
		}
	}
	if refusal := refusalOf(err); refusal != nil {
		p.notes = append(p.notes, linksOmitted+refusalText(refusal))
		return
	}
	if repeated > 0 {
		p.notes = append(p.notes, repeatedLinks(repeated))
	}
	p.links = inputs
}

// linksOf returns the links for a new article.
func (p *prepared) linksOf(article cms.ID, now time.Time) []cms.Link {
	links := make([]cms.Link, len(p.links))
	for i, c := range p.links {
		links[i] = cms.Link{ID: newID(), ArticleID: article, CreatedAt: now}
		setLinkFields(&links[i], c)
	}
	cms.Renumber(links, nil, now)
	return links
}

// slugOfURL returns the slug in the last segment of an old URL; empty if there is none.
func slugOfURL(address string) string {
	address, _, _ = strings.Cut(address, "?")
	last := path.Base(strings.TrimRight(address, "/"))
	for _, ending := range []string{".html", ".htm", ".md", ".php", ".aspx"} {
		last = strings.TrimSuffix(last, ending)
	}
	return text.Slug(last)
}

func itemCopy(item *exchange.Item) cms.ArticleInput {
	c := cms.ArticleInput{
		ArticleDetails: cms.ArticleDetails{
			Title:        item.Title,
			Slug:         text.Slug(item.Slug),
			Type:         cms.ArticleType(item.Type),
			Locale:       item.Locale,
			Kicker:       item.Kicker,
			Summary:      item.Summary,
			Dateline:     item.Dateline,
			Byline:       item.Byline,
			Source:       cms.Source(item.Source),
			CanonicalURL: item.CanonicalURL,
			Meta:         cms.Meta(item.Meta),
			Extra:        "{}",
		},
		ArticleMedia: cms.ArticleMedia{Image: cms.ID(item.Image), Audio: cms.ID(item.Audio)},
		Body:         item.Body,
		BodyFormat:   cms.BodyFormat(item.BodyFormat),
		PublishedAt:  item.PublishedAt,
	}
	if c.Type == "" {
		c.Type = cms.News
	}
	if c.BodyFormat == "" {
		c.BodyFormat = cms.Markdown
	}
	if extra, err := json.Marshal(item.Extra); err == nil && item.Extra != nil {
		c.Extra = string(extra)
	}
	return c
}

// itemDigest returns a digest of everything an item states.
func itemDigest(c cms.ArticleInput, item *exchange.Item, draft bool) string {
	// Texts, times and flags can always be encoded.
	stated, _ := json.Marshal([]any{c, item.Tags, item.Sections, item.Authors, item.Aliases,
		item.Links, item.UpdatedAt, draft, item.Permalink, item.TranslationKey})
	sum := sha256.Sum256(stated)
	return hex.EncodeToString(sum[:])
}
