package newsroom

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"
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

	unlinked *store.Import // how the item is known once its related links are set, nil if they are
}

// Waits tells whether the related links of the item's article are set by Finish, which may add notes.
func (o *Outcome) Waits() bool { return o.unlinked != nil }

// Importer takes articles from elsewhere into the newsroom, in batches: Add them, then Finish.
type Importer struct {
	newsroom *Newsroom
	actor    cms.Actor
	source   string
	locale   string
	dry      bool
	seen     map[string]position // where a key was first met
	unlinked []*Outcome          // their related links wait until all articles are there
}

// position is where an item stands.
type position struct {
	file string
	line int
}

// Importer begins an import. Items are known again by the source's name and their keys. Locale is for items that name
// none; empty means the site's. A dry import says what would happen and changes nothing.
func (n *Newsroom) Importer(actor cms.Actor, source, locale string, dry bool) (*Importer, error) {
	for _, act := range []cms.Permission{cms.WriteArticle, cms.PublishArticle, cms.MakeTag} {
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
	return &Importer{newsroom: n, actor: actor, source: source, locale: locale, dry: dry, seen: map[string]position{}}, nil
}

// Add imports a batch of items in one transaction, in which each stands or falls alone. An error means that none of
// the batch was imported.
func (i *Importer) Add(ctx context.Context, items []exchange.Item) ([]*Outcome, error) {
	return i.bring(ctx, take(i.makeReady(context.WithoutCancel(ctx), slices.Values(items)), len(items)))
}

// How long a batch may take to be saved, for others want to write too, and how many items it has.
const (
	batchTime    = 400 * time.Millisecond
	firstBatch   = 100
	leastBatch   = 50
	largestBatch = 500
)

// ahead is how many items are read and made ready before their turn, at most.
const ahead = largestBatch

// All imports items in batches: while one is saved, the next are read, and made ready on all processors. Tell is told of
// each batch that was saved, in order; an error of its ends the import. What was told stays, whatever ends it. Items live no
// longer than the telling, but for what links them.
func (i *Importer) All(ctx context.Context, items iter.Seq[exchange.Item], tell func([]*Outcome) error) error {
	going, stop := context.WithCancel(ctx)
	line := i.makeReady(going, items)
	defer func() {
		stop()
		for c := range line { // until nobody reads items any more
			<-c.ready
		}
	}()
	size := firstBatch
	for batch := take(line, size); len(batch) > 0 && ctx.Err() == nil; batch = take(line, size) {
		began, waiting := time.Now(), len(i.unlinked)
		outcomes, err := i.bring(ctx, batch)
		if err != nil {
			return err
		}
		took := time.Since(began)
		if err := tell(outcomes); err != nil {
			return err
		}
		for _, o := range i.unlinked[waiting:] { // the links are all that is needed of the item, and the batch can go
			item := o.Item
			o.Item = &exchange.Item{Key: item.Key, File: item.File, Line: item.Line, Links: item.Links}
		}
		fit := int(float64(len(batch)) * float64(batchTime) / float64(took+1))
		size = min(max(fit, leastBatch), 2*len(batch)+leastBatch, largestBatch)
		select {
		case <-time.After(took / 10): // a database without a queue lets in whom it finds waiting
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// coming is an item on its way to be saved.
type coming struct {
	prepared
	ready chan struct{} // closed when it is prepared
}

// makeReady reads items and makes them ready on all processors. They come in their order, before they are ready; the end of the
// context ends it.
func (i *Importer) makeReady(ctx context.Context, items iter.Seq[exchange.Item]) <-chan *coming {
	line, work := make(chan *coming, ahead), make(chan *coming)
	go func() {
		defer close(line)
		defer close(work)
		for item := range items {
			c := &coming{prepared{item: &item, skip: i.firstOfItsKey(&item)}, make(chan struct{})}
			select {
			case line <- c:
				work <- c
			case <-ctx.Done():
				return
			}
		}
	}()
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for c := range work {
				c.prepared = i.prepare(c.item, c.skip)
				close(c.ready)
			}
		}()
	}
	return line
}

// take takes so many items from the line, fewer where it ends, and waits until they are ready.
func take(line <-chan *coming, most int) []prepared {
	batch := make([]prepared, 0, most)
	for len(batch) < most {
		c, more := <-line
		if !more {
			break
		}
		<-c.ready
		batch = append(batch, c.prepared)
	}
	return batch
}

// firstOfItsKey is why an item is skipped before anything is done with it: it is no article, or has come before.
func (i *Importer) firstOfItsKey(item *exchange.Item) (skip string) {
	if item.Skip != "" {
		return item.Skip
	}
	if first, twice := i.seen[item.Key]; twice {
		return fmt.Sprintf("it has the same key (%s) as %s:%d", item.Key, first.file, first.line)
	}
	i.seen[item.Key] = position{item.File, item.Line}
	return ""
}

// linkedAtOnce is how many articles get their links in one transaction.
const linkedAtOnce = 50

// Finish sets the related links that lead to articles here, now that all are there. What cannot be linked is noted with
// the outcome of its item. An import that ends before is finished by the next of the same items.
func (i *Importer) Finish(ctx context.Context) error {
	for some := range slices.Chunk(i.unlinked, linkedAtOnce) {
		refusals := make([]*cms.Error, len(some))
		err := i.newsroom.store.Write(ctx, func(db *store.DB) error {
			kept := make([]store.Import, len(some))
			for k, o := range some {
				kept[k] = *o.unlinked
				err := db.Savepoint(func(db *store.DB) error {
					return i.newsroom.relinked(db, cms.System, o.ID, cms.Precondition{}, replaceLinks(o.ID, linkInputs(o.Item.Links)))
				})
				if refusals[k] = refused(err); refusals[k] == nil && err != nil {
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
				o.Notes = append(o.Notes, withoutLinks+reason(refusals[k]))
			}
		}
	}
	i.unlinked = nil
	return nil
}

const withoutLinks = "its related links were left out: "

// linkInputs are related links as an editor would have written them.
func linkInputs(links []exchange.Link) []cms.LinkInput {
	copies := make([]cms.LinkInput, len(links))
	for k, link := range links {
		copies[k] = cms.LinkInput{Rel: cms.Rel(link.Rel), Title: link.Title, URL: link.URL, Source: link.Source, Note: link.Note}
		if link.Rel == "" {
			copies[k].Rel = cms.Related
		}
		if link.Article != "" {
			copies[k].Title, copies[k].Article = "", text.Slug(link.Article)
		}
	}
	return copies
}
