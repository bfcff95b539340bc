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

var errDryRun = errors.New("a dry run is rolled back")

// importBatch saves prepared items in one transaction.
func (i *Importer) importBatch(ctx context.Context, ready []prepared) ([]*Outcome, error) {
	var outcomes []*Outcome
	write := func(run func(*store.DB) ([]*Outcome, error)) error {
		return i.newsroom.store.Write(ctx, func(db *store.DB) (err error) {
			if outcomes, err = run(db); err == nil && i.DryRun {
				err = errDryRun
			}
			return err
		})
	}
	err := write(func(db *store.DB) ([]*Outcome, error) { return i.importAll(db, ready) })
	if refusalOf(err) != nil { // skip the items that are refused, import the others
		err = write(func(db *store.DB) ([]*Outcome, error) { return i.importEach(db, ready) })
	}
	if err != nil && !errors.Is(err, errDryRun) {
		return nil, err
	}
	for _, o := range outcomes {
		if o.NeedsLinks() {
			i.unlinked = append(i.unlinked, o)
		}
	}
	return outcomes, nil
}

// refusalOf returns the error as a refusal of an item, or nil if the database has failed.
func refusalOf(err error) *cms.Error {
	var refusal *cms.Error
	if errors.As(err, &refusal) && refusal.Code != cms.Unavailable &&
		refusal.Code != cms.InsufficientStorage {
		return refusal
	}
	return nil
}

func refusalText(e *cms.Error) string {
	var parts []string
	for _, f := range e.Fields {
		parts = append(parts, f.Detail)
	}
	if parts == nil {
		return e.Detail
	}
	return strings.Join(parts, " ")
}

// importEach imports each item within a savepoint: one that is refused is skipped without a trace.
func (i *Importer) importEach(db *store.DB, ready []prepared) ([]*Outcome, error) {
	outcomes := make([]*Outcome, len(ready))
	for k := range ready {
		err := db.Savepoint(func(db *store.DB) error {
			one, err := i.importAll(db, ready[k:k+1])
			if err == nil {
				outcomes[k] = one[0]
			}
			return err
		})
		if refusal := refusalOf(err); refusal != nil {
			outcomes[k] = &Outcome{Item: ready[k].item, Result: Skipped,
				Reason: refusalText(refusal)}
		} else if err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// importAll imports items in order. New articles are inserted together at the end.
func (i *Importer) importAll(db *store.DB, ready []prepared) ([]*Outcome, error) {
	b, err := i.newBatch(db, ready)
	if err != nil {
		return nil, err
	}
	outcomes := make([]*Outcome, len(ready))
	for k := range ready {
		if outcomes[k], err = b.importItem(&ready[k]); err != nil {
			return nil, err
		}
	}
	return outcomes, b.save()
}

// batch holds what was looked up for some items, and what is to be saved.
type batch struct {
	*Importer
	db      *store.DB
	imports map[string]store.Import // of items imported before, by key
	gone    map[string]bool         // items whose articles were removed for good, by cms.GoneImport
	moved   map[string]store.Import // imports under another key, by permalink
	paths   map[string]cms.ID       // articles by the paths they had
	owners  map[string]cms.ID       // of slugs; empty for a free one
	nouns   map[nounKey]cms.ID      // that items refer to

	articles []store.NewArticle
	records  []store.Import
	dropped  []store.Import // known under another key now
	aliases  []store.ImportAlias
	events   []*cms.Event

	translated []translatedItem
}

// newBatch looks up the earlier imports, slugs and nouns of items in a few queries.
func (i *Importer) newBatch(db *store.DB, ready []prepared) (*batch, error) {
	b := &batch{Importer: i, db: db, owners: map[string]cms.ID{}}
	var keys, slugs, paths []string
	var refs []importedRef
	for k := range ready {
		if ready[k].skip == "" {
			keys = append(keys, ready[k].item.Key)
		}
	}
	var err error
	if b.imports, err = db.Imports(i.Source, keys); err != nil {
		return nil, err
	}
	if err := b.findGone(ready); err != nil {
		return nil, err
	}
	for k := range ready {
		p := &ready[k]
		if p.skip != "" || b.imports[p.item.Key].ItemDigest == p.digest {
			continue
		}
		paths = append(paths, p.paths...)
		slugs = append(slugs, p.slug)
		for _, alias := range p.aliases {
			slugs = append(slugs, alias.slug)
		}
		refs = append(refs, p.refs...)
	}
	if err = b.findPaths(paths); err != nil {
		return nil, err
	}
	owners, err := db.SlugOwners(slugs)
	if err != nil {
		return nil, err
	}
	for _, slug := range slugs {
		b.owners[slug] = owners[slug]
	}
	return b, b.findNouns(refs)
}

// SlugOwner returns the article that has or had a slug; the error is store.ErrNone if it is free.
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

// importItem creates, updates or leaves alone the article of an item.
func (b *batch) importItem(p *prepared) (*Outcome, error) {
	o := &Outcome{Item: p.item, Notes: slices.Clone(p.notes), Warnings: p.text.Warnings}
	if p.skip != "" {
		o.Result, o.Reason = Skipped, p.skip
		return o, nil
	}
	was, known := b.imports[p.item.Key]
	renamed := false
	if !known && b.isGone(p) {
		o.Result, o.Reason = Skipped, goneHere
		return o, nil
	}
	if !known {
		var err error
		if was, renamed, err = b.renamed(p, o); err != nil {
			return nil, err
		}
	}
	switch {
	case !known && !renamed:
		return o, b.create(p, o)
	case was.ItemDigest == p.digest:
		b.keep(o, was, renamed)
		return o, nil
	case was.ItemDigest == unlinkedPrefix+p.digest: // an earlier import ended before Finish
		b.keep(o, was, renamed)
		b.deferLinks(o, p, was)
		return o, nil
	}
	a, err := b.db.Article(was.ArticleID)
	if ignoreNotFound(err) != nil {
		return nil, err
	}
	if err != nil {
		a = nil
	}
	if why := notUpdatable(a, was); why != "" {
		b.keep(o, was, renamed)
		return &Outcome{Item: p.item, Result: Skipped,
			Reason: "The item has changed, but " + why}, nil
	}
	o.ID = a.ID
	if err := b.save(); err != nil {
		return nil, err
	}
	return o, b.update(a, p, o)
}

// keep leaves an article as it is. An item that was renamed is known by its new key from now on.
func (b *batch) keep(o *Outcome, was store.Import, renamed bool) {
	o.ID = was.ArticleID
	o.Result = Unchanged
	if renamed {
		b.records = append(b.records, was)
	}
}

// notUpdatable returns why an item must not change its article, which is nil if it was deleted. It
// is empty if the item may change it.
func notUpdatable(a *cms.Article, was store.Import) string {
	switch {
	case a == nil:
		return goneHere
	case a.Status == cms.Killed:
		return "its article was killed here."
	case a.Editions > 0 && a.LiveDigest == "" && a.TrashedAt == nil:
		return "its article was withdrawn here."
	case a.TrashedAt != nil:
		return "its article is in the trash here."
	case a.Digest != was.ArticleDigest:
		return "so has its article here since it was imported; nobody's words were overwritten."
	}
	return ""
}

// create creates the article of a new item, to be saved with the batch.
func (b *batch) create(p *prepared, o *Outcome) error {
	now := b.db.Now()
	a := &cms.Article{
		ID:        p.id,
		Version:   1,
		Status:    cms.Draft,
		CreatedAt: p.publishedAt(now),
		UpdatedAt: p.updatedAt(now),
	}
	if b.actor.ID != "" {
		a.CreatedBy = &b.actor.ID
	}
	slug, refs, err := b.resolve(a, p, o)
	if err != nil {
		return err
	}
	publishedAt := p.input.PublishedAt
	if publishedAt == nil && !p.draft {
		publishedAt = &now
	}
	piece := p.content
	piece.Slug = slug
	setContent(a, piece, publishedAt, &p.text, refs)
	article := store.NewArticle{Article: a, Text: &p.text, Refs: refs, Words: &p.words,
		Links: p.linksOf(a.ID, now), Origin: cms.FromImport}
	if !p.draft {
		a.Status = cms.Published
		a.Editions = 1
		a.LiveDigest = a.Digest
		article.Edition = liveEdition(a, refs, now, a.UpdatedAt)
	}
	b.owners[slug] = a.ID
	if article.OldSlugs, err = b.oldSlugs(a, p, o); err != nil {
		return err
	}
	b.articles = append(b.articles, article)
	o.Result, o.ID = Made, a.ID
	b.record(a, p, cms.ArticleCreated, o, p.linksLater)
	return nil
}

func (b *batch) update(a *cms.Article, p *prepared, o *Outcome) error {
	slug, refs, err := b.resolve(a, p, o)
	if err != nil {
		return err
	}
	if err := keepWords(b.db, a); err != nil {
		return err
	}
	piece := p.content
	piece.Slug = slug
	if strings.Contains(p.text.HTML, footnotePrefix(p.id)) { // it has footnotes
		p.text, _ = renderBody(p.input.BodyFormat, p.input.Body, footnotePrefix(a.ID))
	}
	setContent(a, piece, p.input.PublishedAt, &p.text, refs)
	if err := b.keepGroup(a, o); err != nil {
		return err
	}
	if err := b.db.SaveText(a, &p.text, refs); err != nil {
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
	if err := b.saveUpdated(a, p, o); err != nil {
		return err
	}
	if p.draft && a.LiveDigest != "" {
		o.Notes = append(o.Notes,
			"it is a draft at its source now; readers here still see what was published")
	}
	o.Result = Updated
	b.record(a, p, cms.ArticleRevised, o, p.linksLater || len(p.links) > 0)
	return nil
}

// saveUpdated saves an article that an item has changed, with a revision and the item's old slugs.
func (b *batch) saveUpdated(a *cms.Article, p *prepared, o *Outcome) error {
	if err := b.db.SaveArticle(a); err != nil {
		return err
	}
	saved := cms.Revision{Origin: cms.FromImport}
	if !p.draft {
		saved.Edition = a.Editions
	}
	if err := addRevision(b.db, b.actor, a, saved); err != nil {
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
	return nil
}

// oldSlugs returns the slugs in an item's old URLs that are free or its article's own.
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
			o.Notes = append(o.Notes,
				fmt.Sprintf("the last part of its old address %q is another article's slug",
					alias.address))
			continue
		}
		b.owners[alias.slug] = a.ID
		slugs = append(slugs, alias.slug)
	}
	return slugs, nil
}

// unlinkedPrefix precedes the digest of an item until Finish has set its related links.
const unlinkedPrefix = "unlinked "

// record adds the import's record and events of an item.
func (b *batch) record(a *cms.Article, p *prepared, verb cms.EventType, o *Outcome, waits bool) {
	kept := store.Import{Source: b.Source, Key: p.item.Key, ArticleID: a.ID, ItemDigest: p.digest,
		ArticleDigest: a.Digest, Permalink: p.permalink(), TranslationKey: p.item.TranslationKey}
	b.recordPaths(a.ID, p, o)
	if waits {
		b.deferLinks(o, p, kept)
		kept.ItemDigest = unlinkedPrefix + p.digest
	}
	b.records = append(b.records, kept)
	b.recordTranslation(a.ID, p, o)
	b.events = append(b.events, newEvent(b.actor, verb, a.ID, a.Version))
	if !p.draft {
		b.events = append(b.events, newEvent(b.actor, cms.ArticlePublished, a.ID, a.Version))
	}
}

// deferLinks leaves the related links of an item to Finish, which a dry run does not need.
func (b *batch) deferLinks(o *Outcome, p *prepared, kept store.Import) {
	if kept.ItemDigest = p.digest; !b.DryRun {
		o.unlinked = &kept
	}
}

// save saves the articles, records and events of the batch so far.
func (b *batch) save() error {
	if err := b.db.AddArticles(b.articles); err != nil {
		return err
	}
	if err := b.db.SaveImports(b.records...); err != nil {
		return err
	}
	if err := b.db.SaveImportAliases(b.aliases...); err != nil {
		return err
	}
	for _, old := range b.dropped {
		if err := b.db.DeleteImport(old.Source, old.Key); err != nil {
			return err
		}
	}
	if err := b.joinTranslations(); err != nil {
		return err
	}
	events := b.events
	b.articles = nil
	b.records = nil
	b.dropped = nil
	b.aliases = nil
	b.events = nil
	b.translated = nil
	return b.db.Append(events...)
}

// resolve returns a free slug for an item, and its references. It creates nouns if needed.
func (b *batch) resolve(
	a *cms.Article, p *prepared, o *Outcome,
) (slug string, refs []cms.RefID, err error) {
	slug = a.Slug
	if !isNumbered(a.Slug, p.slug) {
		if slug, err = freeSlug(b, a.ID, p.slug); err != nil {
			return "", nil, err
		}
		if p.input.Slug != "" && slug != p.slug {
			o.Notes = append(o.Notes, fmt.Sprintf("the slug %q is taken; it has %q", p.slug, slug))
		}
	}
	refs, err = b.refsOf(p, o)
	return slug, refs, err
}
