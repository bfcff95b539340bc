package newsroom

import (
	"fmt"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// permalink returns the path that the item has at its source, empty if not known.
func (p *prepared) permalink() string {
	if p.item.Permalink == "" || len(p.paths) == 0 {
		return ""
	}
	return p.paths[0]
}

// findPaths looks up what was imported from the paths of the batch's items.
func (b *batch) findPaths(paths []string) (err error) {
	if b.paths, err = b.db.ImportAliases(paths); err != nil {
		return err
	}
	b.moved = map[string]store.Import{}
	found, err := b.db.ImportsAt(paths)
	for _, known := range found {
		if other, there := b.moved[known.Permalink]; !there || other.Source != b.Source {
			b.moved[known.Permalink] = known
		}
	}
	return err
}

// renamed returns what an item with a new key was imported as before, if its file or folder has
// been renamed: it has the permalink of an earlier item that is not in the source any more. An item
// of another source must have the same title, too.
func (b *batch) renamed(p *prepared, o *Outcome) (was store.Import, known bool, err error) {
	was, known = b.moved[p.permalink()]
	if !known || was.Source == b.Source && b.isPresent(was.Key) {
		return store.Import{}, false, nil
	}
	if was.Source != b.Source {
		a, err := b.db.Article(was.ArticleID)
		if err != nil || a.Title != p.content.Title {
			return store.Import{}, false, ignoreNotFound(err)
		}
	}
	delete(b.moved, was.Permalink)
	b.dropped = append(b.dropped, was)
	if was.Source == b.Source {
		b.Importer.moved[was.Key] = true
	}
	o.Notes = append(o.Notes, fmt.Sprintf("known by its permalink; before it was %s", was.Key))
	was.Source = b.Source
	was.Key = p.item.Key
	was.Permalink = p.permalink()
	return was, true, nil
}

// recordPaths keeps the paths that an article had at its source, for redirects.
func (b *batch) recordPaths(article cms.ID, p *prepared, o *Outcome) {
	for _, path := range p.paths {
		switch owner, known := b.paths[path]; {
		case !known:
			b.paths[path] = article
			b.aliases = append(b.aliases,
				store.ImportAlias{Path: path, ArticleID: article, Source: b.Source})
		case owner != article:
			o.Notes = append(o.Notes,
				fmt.Sprintf("its path %q belongs to another imported article already", path))
		}
	}
}

// goneHere is why an item is not imported again whose article was deleted for good.
const goneHere = "its article was removed here for good."

// findGone looks up which new items had an article that was removed for good. Of that only digests
// are kept.
func (b *batch) findGone(ready []prepared) (err error) {
	var names []string
	for k := range ready {
		p := &ready[k]
		if _, known := b.imports[p.item.Key]; !known && p.skip == "" {
			names = append(names, b.goneNames(p)...)
		}
	}
	b.gone, err = b.db.Gone(names)
	return err
}

// goneNames returns the names of which digests are kept if the article of an item is removed.
func (b *batch) goneNames(p *prepared) []string {
	names := []string{cms.GoneImport(b.Source, p.item.Key)}
	if path := p.permalink(); path != "" {
		names = append(names, cms.GoneImport(b.Source, path))
	}
	return names
}

func (b *batch) isGone(p *prepared) bool {
	for _, name := range b.goneNames(p) {
		if b.gone[name] {
			return true
		}
	}
	return false
}
