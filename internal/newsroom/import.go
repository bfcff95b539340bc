package newsroom

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// Result says what an import did with an item.
type Result string

// The results.
const (
	Made      Result = "made"
	Updated   Result = "updated"
	Unchanged Result = "unchanged"
	Skipped   Result = "skipped"
)

// Outcome is the result of importing one item.
type Outcome struct {
	Item   *exchange.Item
	Result Result
	Reason string   // of a skipped item
	Notes  []string // what was changed or left out
	ID     cms.ID   // the article's; empty if the item was skipped

	Warnings []cms.Warning // what of the body readers do not see, or see as a link

	Refs    []Named // the nouns that its article refers to now, if it was made or updated
	Created []Named // those that did not exist before

	unlinked *store.Import // the record to save once its related links are set; nil if they are
}

// Named is a noun by its name.
type Named struct {
	Noun cms.Noun
	Name string
}

// NeedsLinks reports whether Finish sets the related links of the item's article. It may add notes.
func (o *Outcome) NeedsLinks() bool { return o.unlinked != nil }

// Importer imports articles of other systems in batches: All or Add, then Finish.
type Importer struct {
	ImportOptions
	newsroom *Newsroom
	site     *cms.Site // as it was when the import began
	actor    cms.Actor
	seen     map[string]position // where each key occurred first
	present  sync.Map            // all keys, also those of skipped items
	moved    map[string]bool     // keys whose items have another key now
	unlinked []*Outcome          // whose related links are set by Finish
}

// position is the place of an item in its source.
type position struct {
	file string
	line int
}

// ImportOptions say how items are imported.
type ImportOptions struct {
	Source   string // items are identified in later imports by source and key
	Locale   string // of items without one; empty is the site's
	DryRun   bool   // report what would happen and change nothing
	AsDrafts bool   // publish nothing
	Expired  bool   // publish items that have expired at their source

	// UndatedNow publishes items without a date. By default they are drafts.
	UndatedNow bool
}

// Importer starts an import. The error may be that of an actor without permission, or of a locale
// that is not valid.
func (n *Newsroom) Importer(
	ctx context.Context, actor cms.Actor, options ImportOptions,
) (*Importer, error) {
	for _, act := range []cms.Permission{cms.WriteArticle, cms.PublishArticle, cms.WriteTag} {
		if err := actor.Check(act); err != nil {
			return nil, err
		}
	}
	if options.Locale != "" {
		canonical, err := text.Locale(options.Locale)
		if err != nil {
			return nil, err
		}
		options.Locale = canonical
	}
	site, err := n.CurrentSite(ctx)
	if err != nil {
		return nil, err
	}
	actor.Origin = cms.Origin{Channel: cms.ByImport}
	return &Importer{
		ImportOptions: options,
		newsroom:      n,
		site:          site,
		actor:         actor,
		seen:          map[string]position{},
		moved:         map[string]bool{},
	}, nil
}

// ArticleURL returns the URL that the article of an item with that slug will have, if its section
// has the slug that its name makes; else that URL leads on to it. It is empty if the pattern of the
// site has an id, which is not known before.
func (i *Importer) ArticleURL(item *exchange.Item, slug string) string {
	if i.site.HasPlaceholder("id") {
		return ""
	}
	ref := cms.ArticleRef{Slug: slug, Type: cms.ArticleType(item.Type), Locale: item.Locale}
	ref.Type = cmp.Or(ref.Type, cms.News)
	ref.Locale = cmp.Or(ref.Locale, i.Locale, i.site.Locale)
	if canonical, err := text.Locale(ref.Locale); err == nil {
		ref.Locale = canonical
	}
	ref.PublishedAt = item.PublishedAt
	if len(item.Sections) > 0 {
		path := strings.Split(strings.Trim(item.Sections[0], "/"), "/")
		for k := range path {
			path[k] = text.Slug(path[k])
		}
		ref.Section = cms.Ref{Slug: path[len(path)-1], Path: strings.Join(path, "/")}
	}
	return i.site.ArticleURL(&ref)
}

// Site returns the site as it was when the import began.
func (i *Importer) Site() *cms.Site { return i.site }

// Add imports items in one transaction. An item that is refused is skipped and does not affect the
// others. An error means that nothing was imported.
func (i *Importer) Add(ctx context.Context, items []exchange.Item) ([]*Outcome, error) {
	uncanceled := context.WithoutCancel(ctx)
	queue := i.prepareAll(uncanceled, slices.Values(items))
	return i.importBatch(ctx, nextBatch(uncanceled, queue, len(items)))
}

// Other writers wait while a batch is saved, so its size follows the time that the last one took.
const (
	batchTime    = 400 * time.Millisecond
	firstBatch   = 100
	leastBatch   = 50
	largestBatch = 500
)

// maxPrepared is the most items that are prepared ahead of their batch.
const maxPrepared = largestBatch

// All imports items in batches: while one is saved, the next are read and prepared in parallel. It
// calls report after each batch is committed, in order; an error from report ends the import.
// Committed batches stay, whatever ends it. Items are not referenced after report returns, except
// for what their links need.
func (i *Importer) All(
	ctx context.Context, items iter.Seq[exchange.Item], report func([]*Outcome) error,
) error {
	going, stop := context.WithCancel(ctx)
	queue := i.prepareAll(going, items)
	defer func() {
		stop()
		if ctx.Err() != nil {
			return // items may block for ever, such as a pipe
		}
		for c := range queue { // until items is no longer read
			<-c.ready
		}
	}()
	size := firstBatch
	for {
		batch := nextBatch(ctx, queue, size)
		if len(batch) == 0 || ctx.Err() != nil {
			return ctx.Err()
		}
		began, waiting := time.Now(), len(i.unlinked)
		outcomes, err := i.importBatch(ctx, batch)
		if err != nil {
			return err
		}
		took := time.Since(began)
		if err := report(outcomes); err != nil {
			return err
		}
		for _, o := range i.unlinked[waiting:] { // only the links are needed: free the rest
			item := o.Item
			o.Item = &exchange.Item{
				Key:   item.Key,
				File:  item.File,
				Line:  item.Line,
				Links: item.Links,
			}
		}
		fit := int(float64(len(batch)) * float64(batchTime) / float64(took+1))
		size = min(max(fit, leastBatch), 2*len(batch)+leastBatch, largestBatch)
		select {
		case <-time.After(took / 10): // for writers that the database does not queue
		case <-ctx.Done():
		}
	}
}

// pending is an item that is being prepared.
type pending struct {
	prepared
	ready chan struct{} // closed when it is prepared
}

// prepareAll prepares items in parallel. It sends them in input order, possibly before they are
// ready; wait on ready. It ends when ctx does.
func (i *Importer) prepareAll(ctx context.Context, items iter.Seq[exchange.Item]) <-chan *pending {
	queue, work := make(chan *pending, maxPrepared), make(chan *pending)
	go func() {
		defer close(queue)
		defer close(work)
		for item := range items {
			c := &pending{prepared{item: &item, skip: i.skipReason(&item), id: newID()},
				make(chan struct{})}
			select {
			case queue <- c:
				work <- c
			case <-ctx.Done():
				return
			}
		}
	}()
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for c := range work {
				c.prepared = i.prepare(c.item, c.skip, c.id)
				close(c.ready)
			}
		}()
	}
	return queue
}

// nextBatch receives up to limit items and waits until they are ready. They are fewer at the end of
// the queue, and when ctx ends.
func nextBatch(ctx context.Context, queue <-chan *pending, limit int) []prepared {
	batch := make([]prepared, 0, limit)
	for len(batch) < limit {
		select {
		case c, more := <-queue:
			if !more {
				return batch
			}
			<-c.ready
			batch = append(batch, c.prepared)
		case <-ctx.Done():
			return batch
		}
	}
	return batch
}

// skipReason returns why an item is skipped without being prepared: it is not an article, or its
// key has occurred before.
func (i *Importer) skipReason(item *exchange.Item) (skip string) {
	i.present.Store(item.Key, true)
	if item.Skip != "" {
		return item.Skip
	}
	if first, twice := i.seen[item.Key]; twice {
		return fmt.Sprintf("it has the same key (%s) as %s:%d", item.Key, first.file, first.line)
	}
	i.seen[item.Key] = position{item.File, item.Line}
	return ""
}

// Vanished returns the keys of the items that the source had in an earlier import and has no more,
// with their articles. It must be called after all items were imported.
func (i *Importer) Vanished(ctx context.Context) (map[string]cms.ID, error) {
	vanished := map[string]cms.ID{}
	err := i.newsroom.store.Read(ctx, store.Internal, func(db *store.DB) error {
		return db.EachImport(i.Source, func(known store.Import) {
			if !i.isPresent(known.Key) && !i.moved[known.Key] {
				vanished[known.Key] = known.ArticleID
			}
		})
	})
	return vanished, err
}

// isPresent reports whether the source has an item of that key, as far as it has been read.
func (i *Importer) isPresent(key string) bool {
	_, present := i.present.Load(key)
	return present
}

// linkBatch is how many articles are linked in one transaction.
const linkBatch = 50

// Finish sets the related links to other articles, after all are imported. It adds a note to the
// outcome of an item whose links are refused. If an import ends before Finish, the next import of
// the same items sets them.
func (i *Importer) Finish(ctx context.Context) error {
	for some := range slices.Chunk(i.unlinked, linkBatch) {
		refusals := make([]*cms.Error, len(some))
		repeated := make([]int, len(some))
		err := i.newsroom.store.Write(ctx, func(db *store.DB) error {
			kept := make([]store.Import, len(some))
			for k, o := range some {
				kept[k] = *o.unlinked
				err := db.Savepoint(func(db *store.DB) (err error) {
					repeated[k], err = i.link(db, o)
					return err
				})
				if refusals[k] = refusalOf(err); refusals[k] == nil && err != nil {
					return err
				}
			}
			return db.SaveImports(kept...)
		})
		if err != nil {
			return err
		}
		for k, o := range some {
			if refusals[k] != nil {
				o.Notes = append(o.Notes, linksOmitted+refusalText(refusals[k]))
			} else if repeated[k] > 0 {
				o.Notes = append(o.Notes, repeatedLinks(repeated[k]))
			}
		}
	}
	i.unlinked = nil
	return nil
}

// link sets the related links of an item's article. It returns how many were left out because they
// repeat an address.
func (i *Importer) link(db *store.DB, o *Outcome) (repeated int, err error) {
	inputs := linkInputs(o.Item.Links)
	for k := range inputs { // an article may be named by several slugs
		id, err := articleID(db, cms.DraftView, inputs[k].Article)
		if ignoreNotFound(err) != nil {
			return 0, err
		}
		if id != "" {
			inputs[k].Article = string(id)
		}
	}
	inputs, repeated = distinctLinks(inputs)
	return repeated, i.newsroom.changeLinksIn(db, cms.System, o.ID, cms.Precondition{},
		replaceLinks(o.ID, inputs))
}

// distinctLinks returns the first links to each article or address, and how many others there are.
func distinctLinks(inputs []cms.LinkInput) (distinct []cms.LinkInput, repeated int) {
	seen := map[string]bool{}
	for _, input := range inputs {
		to := input.Article
		if to == "" {
			to = (&cms.Link{URL: input.URL}).LeadsTo()
		}
		if !seen[to] {
			seen[to] = true
			distinct = append(distinct, input)
		}
	}
	return distinct, len(inputs) - len(distinct)
}

func repeatedLinks(n int) string {
	if n == 1 {
		return "1 related link repeats an address and was left out"
	}
	return fmt.Sprintf("%d related links repeat an address and were left out", n)
}

const linksOmitted = "its related links were left out: "

// linkInputs converts related links to the input of editors.
func linkInputs(links []exchange.Link) []cms.LinkInput {
	copies := make([]cms.LinkInput, len(links))
	for k, link := range links {
		copies[k] = cms.LinkInput{Rel: cms.Rel(link.Rel), Title: link.Title, URL: link.URL,
			Source: link.Source, Note: link.Note}
		if link.Rel == "" {
			copies[k].Rel = cms.Related
		}
		if link.Article != "" {
			copies[k].Title, copies[k].Article = "", text.Slug(link.Article)
		}
	}
	return copies
}
