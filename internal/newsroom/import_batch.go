package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

var errDry = errors.New("a dry run keeps nothing")

// bring saves prepared items in one transaction.
func (i *Importer) bring(ctx context.Context, ready []prepared) ([]*Outcome, error) {
	var outcomes []*Outcome
	write := func(settle func(*store.DB) ([]*Outcome, error)) error {
		return i.newsroom.store.Write(ctx, func(db *store.DB) (err error) {
			if outcomes, err = settle(db); err == nil && i.dry {
				err = errDry
			}
			return err
		})
	}
	err := write(func(db *store.DB) ([]*Outcome, error) { return i.together(db, ready) })
	if refused(err) != nil { // one of them is to blame, and the others shall come
		err = write(func(db *store.DB) ([]*Outcome, error) { return i.oneByOne(db, ready) })
	}
	if err != nil && !errors.Is(err, errDry) {
		return nil, err
	}
	for _, o := range outcomes {
		if o.Waits() {
			i.unlinked = append(i.unlinked, o)
		}
	}
	return outcomes, nil
}

// refused is the refusal of an item that an error is, nil if it is trouble with the database.
func refused(err error) *cms.Error {
	var refusal *cms.Error
	if errors.As(err, &refusal) && refusal.Code != cms.Unavailable && refusal.Code != cms.InsufficientStorage {
		return refusal
	}
	return nil
}

func reason(e *cms.Error) string {
	var parts []string
	for _, f := range e.Fields {
		parts = append(parts, f.Detail)
	}
	if parts == nil {
		return e.Detail
	}
	return strings.Join(parts, " ")
}

// oneByOne settles items each for itself: one that is refused becomes an outcome, and leaves nothing.
func (i *Importer) oneByOne(db *store.DB, ready []prepared) ([]*Outcome, error) {
	outcomes := make([]*Outcome, len(ready))
	for k := range ready {
		err := db.Savepoint(func(db *store.DB) error {
			one, err := i.together(db, ready[k:k+1])
			if err == nil {
				outcomes[k] = one[0]
			}
			return err
		})
		if refusal := refused(err); refusal != nil {
			outcomes[k] = &Outcome{Item: ready[k].item, Result: Skipped, Reason: reason(refusal)}
		} else if err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// together settles items in their order, and saves those that are new at the end, in few statements.
func (i *Importer) together(db *store.DB, ready []prepared) ([]*Outcome, error) {
	b, err := i.batch(db, ready)
	if err != nil {
		return nil, err
	}
	outcomes := make([]*Outcome, len(ready))
	for k := range ready {
		if outcomes[k], err = b.settle(&ready[k]); err != nil {
			return nil, err
		}
	}
	return outcomes, b.save()
}

// batch is what is known of some items, and what is to be saved of them.
type batch struct {
	*Importer
	db      *store.DB
	imports map[string]store.Import // what items have become, by key
	owners  map[string]cms.ID       // of slugs; empty if one is free
	tags    map[string]cms.ID       // by folded name

	articles []store.NewArticle
	kept     []store.Import
	events   []*cms.Event
}

// batch looks up at once what the items are held against.
func (i *Importer) batch(db *store.DB, ready []prepared) (*batch, error) {
	b := &batch{Importer: i, db: db, owners: map[string]cms.ID{}}
	var keys, slugs, tags []string
	for k := range ready {
		if ready[k].skip == "" {
			keys = append(keys, ready[k].item.Key)
		}
	}
	var err error
	if b.imports, err = db.Imports(i.source, keys); err != nil {
		return nil, err
	}
	for k := range ready {
		p := &ready[k]
		if p.skip != "" || b.imports[p.item.Key].ItemDigest == p.digest {
			continue
		}
		slugs = append(slugs, p.slug)
		for _, alias := range p.aliases {
			slugs = append(slugs, alias.slug)
		}
		for _, tag := range p.tags {
			tags = append(tags, tag.key)
		}
	}
	owners, err := db.SlugOwners(slugs)
	if err != nil {
		return nil, err
	}
	for _, slug := range slugs {
		b.owners[slug] = owners[slug]
	}
	b.tags, err = db.TagsByName(tags)
	return b, err
}

// SlugOwner is the article that a slug is kept for, ErrNone if it is free.
func (b *batch) SlugOwner(slug string) (cms.ID, error) {
	owner, known := b.owners[slug]
	if !known {
		var err error
		if owner, err = b.db.SlugOwner(slug); ignoreNotFound(err) != nil {
			return "", err
		}
		b.owners[slug] = owner
	}
	if owner == "" {
		return "", store.ErrNotFound
	}
	return owner, nil
}

// settle makes, updates or leaves the article of an item.
func (b *batch) settle(p *prepared) (*Outcome, error) {
	o := &Outcome{Item: p.item, Notes: slices.Clone(p.notes)}
	was, known := b.imports[p.item.Key]
	switch {
	case p.skip != "":
		o.Result, o.Reason = Skipped, p.skip
		return o, nil
	case !known:
		return o, b.make(p, o)
	case was.ItemDigest == p.digest:
		o.ID, o.Result = was.ArticleID, Unchanged
		return o, nil
	case was.ItemDigest == unlinkedMark+p.digest: // an import has ended before it was linked
		o.ID, o.Result = was.ArticleID, Unchanged
		b.wait(o, p, was)
		return o, nil
	}
	a, err := b.db.Article(was.ArticleID)
	if ignoreNotFound(err) != nil {
		return nil, err
	}
	if err != nil {
		a = nil
	}
	if why := untouchable(a, was); why != "" {
		return &Outcome{Item: p.item, Result: Skipped, Reason: "The item has changed, but " + why}, nil
	}
	o.ID = a.ID
	if err := b.save(); err != nil {
		return nil, err
	}
	return o, b.update(a, p, o)
}

// untouchable is why an article that an item has become, nil if it is gone, must not be changed by the item.
func untouchable(a *cms.Article, was store.Import) string {
	switch {
	case a == nil:
		return "its article was removed here for good."
	case a.Editions > 0 && a.LiveDigest == "" && a.TrashedAt == nil:
		return "its article was withdrawn here."
	case a.TrashedAt != nil:
		return "its article is in the trash here."
	case a.Digest != was.ArticleDigest:
		return "so has its article here since it was imported; nobody's words were overwritten."
	}
	return ""
}

// make makes the article of a new item as it shall stand, to be saved with the others.
func (b *batch) make(p *prepared, o *Outcome) error {
	now := b.db.Now()
	a := &cms.Article{ID: newID(), Version: 1, Status: cms.Draft, CreatedAt: p.publishedAt(now), UpdatedAt: p.updatedAt(now)}
	if b.actor.ID != "" {
		a.CreatedBy = &b.actor.ID
	}
	slug, tags, err := b.fit(a, p, o)
	if err != nil {
		return err
	}
	publishedAt := p.copy.PublishedAt
	if publishedAt == nil && !p.draft {
		publishedAt = &now
	}
	piece := p.piece
	piece.Slug = slug
	setContent(a, piece, publishedAt, &p.text, tags)
	article := store.NewArticle{Article: a, Text: &p.text, Tags: tags, Words: &p.words, Links: p.linksOf(a.ID, now)}
	if !p.draft {
		a.Status, a.Editions, a.LiveDigest = cms.Published, 1, a.Digest
		article.Edition = liveEdition(a, tags, now, a.UpdatedAt)
	}
	b.owners[slug] = a.ID
	if article.OldSlugs, err = b.oldSlugs(a, p, o); err != nil {
		return err
	}
	b.articles = append(b.articles, article)
	o.Result, o.ID = Made, a.ID
	b.remember(a, p, cms.ArticleCreated, o, p.linkLater)
	return nil
}

func (b *batch) update(a *cms.Article, p *prepared, o *Outcome) error {
	slug, tags, err := b.fit(a, p, o)
	if err != nil {
		return err
	}
	piece := p.piece
	piece.Slug = slug
	setContent(a, piece, p.copy.PublishedAt, &p.text, tags)
	if err := b.db.SaveText(a, &p.text, tags); err != nil {
		return err
	}
	b.owners[slug] = a.ID
	a.Version++
	a.UpdatedAt = p.updatedAt(b.db.Now())
	if !p.draft {
		a.Status = cms.Published
		if err := publish(b.db, a, b.db.Now(), a.UpdatedAt); err != nil {
			return err
		}
	}
	if err := b.db.SaveArticle(a); err != nil {
		return err
	}
	old, err := b.oldSlugs(a, p, o)
	if err != nil {
		return err
	}
	for _, slug := range old {
		if err := b.db.ReserveSlug(slug, a.ID, !p.draft); err != nil {
			return err
		}
	}
	if p.draft && a.LiveDigest != "" {
		o.Notes = append(o.Notes, "it is a draft at its source now; readers here still see what was published")
	}
	o.Result = Updated
	b.remember(a, p, cms.ArticleRevised, o, p.linkLater || len(p.links) > 0)
	return nil
}

// oldSlugs are the slugs in the old addresses of an item that its article can have.
func (b *batch) oldSlugs(a *cms.Article, p *prepared, o *Outcome) ([]string, error) {
	var slugs []string
	for _, alias := range p.aliases {
		if alias.slug == a.Slug || slices.Contains(slugs, alias.slug) {
			continue
		}
		owner, err := b.SlugOwner(alias.slug)
		if err := ignoreNotFound(err); err != nil {
			return nil, err
		}
		if err == nil && owner != a.ID {
			o.Notes = append(o.Notes, fmt.Sprintf("its old address %q belongs to another article already", alias.address))
			continue
		}
		b.owners[alias.slug] = a.ID
		slugs = append(slugs, alias.slug)
	}
	return slugs, nil
}

// unlinkedMark stands before the digest of an item as long as its related links wait.
const unlinkedMark = "unlinked "

// remember notes what an item has become, and what happened.
func (b *batch) remember(a *cms.Article, p *prepared, verb cms.EventType, o *Outcome, waits bool) {
	kept := store.Import{Source: b.source, Key: p.item.Key, ArticleID: a.ID, ItemDigest: p.digest, ArticleDigest: a.Digest}
	if waits {
		b.wait(o, p, kept)
		kept.ItemDigest = unlinkedMark + p.digest
	}
	b.kept = append(b.kept, kept)
	b.events = append(b.events, newEvent(b.actor, verb, a.ID, a.Version))
	if !p.draft {
		b.events = append(b.events, newEvent(b.actor, cms.ArticlePublished, a.ID, a.Version))
	}
}

// wait lets the related links of an item wait for Finish. In a dry import nothing is set.
func (b *batch) wait(o *Outcome, p *prepared, kept store.Import) {
	if kept.ItemDigest = p.digest; !b.dry {
		o.unlinked = &kept
	}
}

// save saves what has come together.
func (b *batch) save() error {
	if err := b.db.AddArticles(b.articles); err != nil {
		return err
	}
	if err := b.db.SaveImports(b.kept...); err != nil {
		return err
	}
	events := b.events
	b.articles, b.kept, b.events = nil, nil, nil
	return b.db.Append(events...)
}

// fit makes what an item says fit beside what is here: a free slug, and tags that exist.
func (b *batch) fit(a *cms.Article, p *prepared, o *Outcome) (slug string, tags []cms.ID, err error) {
	slug = a.Slug
	if !isNumbered(a.Slug, p.slug) {
		if slug, err = freeSlug(b, a.ID, p.slug); err != nil {
			return "", nil, err
		}
		if p.copy.Slug != "" && slug != p.slug {
			o.Notes = append(o.Notes, fmt.Sprintf("the slug %q is taken; it has %q", p.slug, slug))
		}
	}
	tags = []cms.ID{}
	for _, tag := range p.tags {
		id, known := b.tags[tag.key]
		if !known {
			made, err := makeTag(b.db, b.actor, cms.TagInput{Name: tag.name})
			if err != nil {
				return "", nil, err
			}
			id = made.ID
			b.tags[tag.key] = id
		}
		if !slices.Contains(tags, id) {
			tags = append(tags, id)
		}
	}
	return slug, tags, nil
}
