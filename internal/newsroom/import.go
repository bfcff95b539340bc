package newsroom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
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

// Result is what became of an imported item.
type Result string

// The results.
const (
	Made      Result = "made"
	Updated   Result = "updated"
	Unchanged Result = "unchanged"
	Skipped   Result = "skipped"
)

// Outcome tells what became of one item.
type Outcome struct {
	Item   *exchange.Item
	Result Result
	Reason string   // of a skipped item
	Notes  []string // what was changed on the way
	ID     cms.ID   // of the article; empty if the item was skipped
}

// Importer takes articles from elsewhere into the newsroom, in batches: Add them, then Finish.
type Importer struct {
	newsroom *Newsroom
	actor    cms.Actor
	source   string
	locale   string
	dry      bool
	seen     map[string]string // where a key was first met
	linked   []linked
}

// linked is an article whose related links wait until all articles are there.
type linked struct {
	outcome *Outcome
	id      cms.ID
}

// Importer begins an import. Items are known again by the source's name and their keys. Locale is for items that name
// none; empty means the site's. A dry import says what would happen and changes nothing.
func (n *Newsroom) Importer(actor cms.Actor, source, locale string, dry bool) (*Importer, error) {
	for _, act := range []cms.Act{cms.WriteArticle, cms.PublishArticle, cms.MakeTag} {
		if err := actor.Check(act); err != nil {
			return nil, err
		}
	}
	if locale != "" {
		canonical, err := text.Locale(locale)
		if err != nil {
			return nil, err
		}
		locale = canonical
	}
	return &Importer{newsroom: n, actor: actor, source: source, locale: locale, dry: dry, seen: map[string]string{}}, nil
}

var errDry = errors.New("a dry run keeps nothing")

// Add imports a batch of items in one transaction, in which each stands or falls alone. An error means that none of
// the batch was imported.
func (i *Importer) Add(ctx context.Context, items []exchange.Item) ([]*Outcome, error) {
	ready := make([]prepared, len(items))
	for k := range items {
		ready[k] = i.prepare(&items[k])
	}
	var outcomes []*Outcome
	err := i.newsroom.store.Write(ctx, func(db *store.DB) error {
		outcomes = outcomes[:0]
		for k := range ready {
			outcome, err := i.one(db, ready[k])
			if err != nil {
				return err
			}
			outcomes = append(outcomes, outcome)
		}
		if i.dry {
			return errDry
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDry) {
		return nil, err
	}
	for _, o := range outcomes {
		if !i.dry && len(o.Item.Links) > 0 && (o.Result == Made || o.Result == Updated) {
			i.linked = append(i.linked, linked{o, o.ID})
		}
	}
	return outcomes, nil
}

// one imports one item. What is wrong with it becomes its outcome; an error is trouble with the database.
func (i *Importer) one(db *store.DB, p prepared) (*Outcome, error) {
	var o *Outcome
	err := db.Part(func(db *store.DB) error {
		o = &Outcome{Item: p.item, Notes: slices.Clone(p.notes)}
		if p.skip != "" {
			o.Result, o.Reason = Skipped, p.skip
			return nil
		}
		return i.settle(db, p, o)
	})
	var refusal *cms.Error
	if errors.As(err, &refusal) && refusal.Word != cms.Unavailable && refusal.Word != cms.Full {
		return &Outcome{Item: p.item, Result: Skipped, Reason: reason(refusal)}, nil
	}
	return o, err
}

func reason(e *cms.Error) string {
	var parts []string
	for _, f := range e.Faults {
		parts = append(parts, f.Detail)
	}
	if parts == nil {
		return e.Detail
	}
	return strings.Join(parts, " ")
}

// settle makes, updates or leaves the article of an item.
func (i *Importer) settle(db *store.DB, p prepared, o *Outcome) error {
	was, err := db.Import(i.source, p.item.Key)
	if errors.Is(err, store.ErrNone) {
		return i.make(db, p, o)
	}
	if err != nil {
		return err
	}
	o.ID = was.ArticleID
	if was.ItemDigest == p.digest {
		o.Result = Unchanged
		return nil
	}
	a, err := db.Article(was.ArticleID)
	switch {
	case errors.Is(err, store.ErrNone):
		return cms.Refuse(cms.WrongState, "The item has changed, but its article was removed here for good.")
	case err != nil:
		return err
	case a.Editions > 0 && a.LiveDigest == "" && a.TrashedAt == nil:
		return cms.Refuse(cms.WrongState, "The item has changed, but its article was withdrawn here.")
	case a.TrashedAt != nil:
		return cms.Refuse(cms.WrongState, "The item has changed, but its article is in the trash here.")
	case a.Digest != was.ArticleDigest:
		return cms.Refuse(cms.WrongState, "The item has changed, but so has its article here since it was imported; nobody's words were overwritten.")
	}
	return i.update(db, a, p, o)
}

func (i *Importer) make(db *store.DB, p prepared, o *Outcome) error {
	a := &cms.Article{ID: newID(), Version: 1, Status: cms.Draft, CreatedAt: p.publishedAt(db.Now()), UpdatedAt: p.updatedAt(db.Now())}
	if i.actor.ID != "" {
		a.CreatedBy = &i.actor.ID
	}
	copy, tags, err := i.fit(db, a, p, o)
	if err != nil {
		return err
	}
	body := p.body
	if err := setPiece(a, copy, body, tags, i.newsroom.site.Locale); err != nil {
		return err
	}
	if err := db.AddArticle(a, &body.text, tags); err != nil {
		return err
	}
	if err := i.release(db, a, p, o); err != nil {
		return err
	}
	o.Result, o.ID = Made, a.ID
	return i.remember(db, a, p, cms.ArticleCreated)
}

func (i *Importer) update(db *store.DB, a *cms.Article, p prepared, o *Outcome) error {
	copy, tags, err := i.fit(db, a, p, o)
	if err != nil {
		return err
	}
	body := p.body
	if err := setPiece(a, copy, body, tags, i.newsroom.site.Locale); err != nil {
		return err
	}
	if err := db.SaveText(a, &body.text, tags); err != nil {
		return err
	}
	a.Version++
	a.UpdatedAt = p.updatedAt(db.Now())
	if err := i.release(db, a, p, o); err != nil {
		return err
	}
	if p.draft && a.LiveDigest != "" {
		o.Notes = append(o.Notes, "it is a draft at its source now; readers here still see what was published")
	}
	o.Result = Updated
	return i.remember(db, a, p, cms.ArticleRevised)
}

// release publishes the article of an item that is no draft, and leaves its old addresses to it.
func (i *Importer) release(db *store.DB, a *cms.Article, p prepared, o *Outcome) error {
	if !p.draft {
		a.Status = cms.Published
		if err := publish(db, a, db.Now(), a.UpdatedAt); err != nil {
			return err
		}
	}
	if err := db.SaveArticle(a); err != nil {
		return err
	}
	for _, alias := range p.item.Aliases {
		slug := slugOfPath(alias)
		if slug == "" || slug == a.Slug {
			continue
		}
		owner, err := db.SlugOwner(slug)
		switch {
		case errors.Is(err, store.ErrNone) || (err == nil && owner == a.ID):
			err = db.ReserveSlug(slug, a.ID, !p.draft)
		case err == nil:
			o.Notes = append(o.Notes, fmt.Sprintf("its old address %q belongs to another article already", alias))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// slugOfPath is the slug in the last part of an old address; empty if there is none.
func slugOfPath(address string) string {
	last := path.Base(strings.TrimRight(address, "/"))
	for _, ending := range []string{".html", ".htm", ".md", ".php", ".aspx"} {
		last = strings.TrimSuffix(last, ending)
	}
	return text.Slug(last)
}

func (i *Importer) remember(db *store.DB, a *cms.Article, p prepared, verb cms.Verb) error {
	err := db.SaveImport(&store.Import{
		Source: i.source, Key: p.item.Key, ArticleID: a.ID, ItemDigest: p.digest, ArticleDigest: a.Digest,
	})
	if err != nil {
		return err
	}
	if err := db.Append(event(i.actor, verb, a.ID, a.Version)); err != nil || p.draft {
		return err
	}
	return db.Append(event(i.actor, cms.ArticlePublished, a.ID, a.Version))
}

// fit makes what an item says fit beside what is here: a free slug, and tags that exist.
func (i *Importer) fit(db *store.DB, a *cms.Article, p prepared, o *Outcome) (cms.Copy, []cms.ID, error) {
	c := p.copy
	if c.Slug != "" && !isNumbered(a.Slug, c.Slug) {
		free, err := freeSlug(db, a.ID, c.Slug)
		if err != nil {
			return c, nil, err
		}
		if free != c.Slug {
			o.Notes = append(o.Notes, fmt.Sprintf("the slug %q is taken; it has %q", c.Slug, free))
			c.Slug = free
		}
	} else if c.Slug != "" {
		c.Slug = a.Slug
	} else {
		slug, err := slugFor(db, a, c)
		if err != nil {
			return c, nil, err
		}
		c.Slug = slug
	}
	tags := []cms.ID{}
	for _, name := range p.tags {
		id, err := db.TagByName(text.Key(name))
		if errors.Is(err, store.ErrNone) {
			var made *cms.TagDetail
			if made, err = makeTag(db, i.actor, cms.TagCopy{Name: name}); err == nil {
				id = made.ID
			}
		}
		if err != nil {
			return c, nil, err
		}
		if !slices.Contains(tags, id) {
			tags = append(tags, id)
		}
	}
	return c, tags, nil
}

// Finish sets the related links of the imported articles, now that all are there. What cannot be linked is noted with
// the outcome of its item.
func (i *Importer) Finish(ctx context.Context) error {
	for _, l := range i.linked {
		copies := []cms.LinkCopy{}
		for _, link := range l.outcome.Item.Links {
			copy := cms.LinkCopy{Rel: cms.Rel(link.Rel), Title: link.Title, URL: link.URL, Source: link.Source, Note: link.Note, Article: link.Article}
			if copy.Rel == "" {
				copy.Rel = cms.Related
			}
			if copy.Article != "" {
				copy.Title, copy.Article = "", text.Slug(copy.Article)
			}
			copies = append(copies, copy)
		}
		_, err := i.newsroom.SetLinks(ctx, cms.Server, l.id, cms.Match{}, copies)
		var refusal *cms.Error
		if errors.As(err, &refusal) {
			l.outcome.Notes = append(l.outcome.Notes, "its related links were left out: "+reason(refusal))
		} else if err != nil {
			return err
		}
	}
	i.linked = nil
	return nil
}

// prepared is an item with everything that needs no database done.
type prepared struct {
	item   *exchange.Item
	skip   string
	copy   cms.Copy
	tags   []string
	body   rendering
	draft  bool
	digest string
	notes  []string
}

func (p prepared) publishedAt(now time.Time) time.Time {
	if p.item.PublishedAt != nil && p.item.PublishedAt.Before(now) {
		return *p.item.PublishedAt
	}
	return now
}

func (p prepared) updatedAt(now time.Time) time.Time {
	if p.item.UpdatedAt != nil && p.item.UpdatedAt.Before(now) {
		return *p.item.UpdatedAt
	}
	return p.publishedAt(now)
}

func (i *Importer) prepare(item *exchange.Item) prepared {
	p := prepared{item: item, skip: item.Skip, draft: item.Draft, notes: item.Notes}
	if p.skip == "" {
		at := fmt.Sprintf("%s:%d", item.File, item.Line)
		if first, twice := i.seen[item.Key]; twice {
			p.skip = fmt.Sprintf("it has the same key (%s) as %s", item.Key, first)
		}
		i.seen[item.Key] = at
	}
	if p.skip != "" {
		return p
	}
	p.copy = itemCopy(item)
	if p.copy.Locale == "" {
		p.copy.Locale = i.locale
	}
	if at := item.PublishedAt; at != nil && at.After(i.newsroom.clock()) {
		p.copy.PublishedAt, p.draft = nil, true
		p.notes = append(p.notes, "its date lies in the future; it is a draft")
	}
	p.tags = p.pickTags(item.Tags)
	if len(p.copy.Extra) > cms.MaxExtraBytes {
		p.copy.Extra = "{}"
		p.notes = append(p.notes, "its extra fields take more than 16 KiB and were left out")
	}
	if refusal, ok := p.copy.Check(i.newsroom.clock()).(*cms.Error); ok {
		p.skip = reason(refusal)
		return p
	}
	p.digest = itemDigest(p.copy, p.tags, item, p.draft)
	p.body = render(p.copy.BodyFormat, p.copy.Body)
	return p
}

// pickTags leaves out what cannot be the name of a tag.
func (p *prepared) pickTags(names []string) []string {
	var tags []string
	for _, name := range names {
		copy := cms.TagCopy{Name: name}
		switch {
		case copy.Check() != nil:
			p.notes = append(p.notes, fmt.Sprintf("%.60q cannot be the name of a tag and was left out", name))
		case len(tags) == cms.MaxTags:
			p.notes = append(p.notes, fmt.Sprintf("it has more than %d tags; the rest were left out", cms.MaxTags))
			return tags
		default:
			tags = append(tags, name)
		}
	}
	return tags
}

func itemCopy(item *exchange.Item) cms.Copy {
	c := cms.Copy{
		Title: item.Title, Slug: text.Slug(item.Slug), Type: cms.ArticleType(item.Type), Locale: item.Locale, Kicker: item.Kicker,
		Summary: item.Summary, Body: item.Body, BodyFormat: cms.BodyFormat(item.BodyFormat), Dateline: item.Dateline,
		Byline: item.Byline, CanonicalURL: item.CanonicalURL, Extra: "{}", PublishedAt: item.PublishedAt,
		Source: cms.Source(item.Source), Meta: cms.Meta(item.Meta),
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

// itemDigest is the same as long as an item says the same.
func itemDigest(c cms.Copy, tags []string, item *exchange.Item, draft bool) string {
	said, _ := json.Marshal([]any{c, tags, item.Aliases, item.Links, item.UpdatedAt, draft}) // texts, times and flags only
	sum := sha256.Sum256(said)
	return hex.EncodeToString(sum[:])
}
