package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// Links lists related links of many articles. An article that the view does not have, has none.
func (n *Newsroom) Links(ctx context.Context, actor cms.Actor, q cms.LinkQuery) (cms.List[cms.LinkDetail], error) {
	if err := n.mayRead(actor, q.View); err != nil {
		return cms.List[cms.LinkDetail]{}, err
	}
	return read(ctx, n, func(db *store.DB) (cms.List[cms.LinkDetail], error) {
		none := cms.List[cms.LinkDetail]{Rows: []cms.LinkDetail{}}
		article, err := lookUp(db, q.View, q.Article)
		if err != nil {
			return none, ignoreNotFound(err)
		}
		target, err := lookUp(db, q.View, q.Target)
		if err != nil {
			return none, ignoreNotFound(err)
		}
		return db.Links(q, article, target)
	})
}

// lookUp is the id that an id or slug means in a view; empty means empty.
func lookUp(db *store.DB, view cms.View, ref string) (cms.ID, error) {
	if id, ok := cms.ParseID(ref); ok || ref == "" {
		return id, nil
	}
	return db.ArticleIDBySlug(view, ref)
}

func ignoreNotFound(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// LinksOf are the related links of one article, with its version, which is 0 in the live view.
func (n *Newsroom) LinksOf(ctx context.Context, actor cms.Actor, view cms.View, article cms.ID) ([]cms.LinkDetail, int64, error) {
	if err := n.mayRead(actor, view); err != nil {
		return nil, 0, err
	}
	var version int64
	links, err := read(ctx, n, func(db *store.DB) ([]cms.LinkDetail, error) {
		story, err := db.ArticleView(view, article, "")
		if err != nil {
			return nil, notFound(err, "article")
		}
		if story.Article != nil {
			version = story.Article.Version
		}
		return story.Links, nil
	})
	return links, version, err
}

// Link is one related link.
func (n *Newsroom) Link(ctx context.Context, actor cms.Actor, view cms.View, id cms.ID) (*cms.LinkDetail, error) {
	if err := n.mayRead(actor, view); err != nil {
		return nil, err
	}
	return read(ctx, n, func(db *store.DB) (*cms.LinkDetail, error) {
		link, err := db.Link(view, id)
		return link, notFound(err, "related link")
	})
}

// AddLink gives an article one more link.
func (n *Newsroom) AddLink(ctx context.Context, actor cms.Actor, article cms.ID, match cms.Precondition, copy cms.LinkInput) (*cms.LinkDetail, error) {
	if err := copy.Check(""); err != nil {
		return nil, n.denyOr(ctx, actor, article, err)
	}
	id := newID()
	return relink(ctx, n, actor, article, match, func(db *store.DB, links []cms.Link) ([]cms.Link, error) {
		link := cms.Link{ID: id, ArticleID: article, CreatedAt: db.Now()}
		if err := setLink(db, &link, copy, ""); err != nil {
			return nil, err
		}
		links = append(links, link)
		if copy.Position > 0 {
			links = cms.MoveLink(links, len(links)-1, copy.Position)
		}
		return links, nil
	}, func(db *store.DB) (*cms.LinkDetail, error) { return db.Link(cms.DraftView, id) })
}

// SetLinks makes copies, in their order, all the links of an article, and answers them with the article's version.
func (n *Newsroom) SetLinks(ctx context.Context, actor cms.Actor, article cms.ID, match cms.Precondition, copies []cms.LinkInput) (*cms.ArticleView, error) {
	for i, copy := range copies {
		if err := copy.Check(fmt.Sprintf("data/%d", i)); err != nil && !copy.Keep {
			return nil, n.denyOr(ctx, actor, article, err)
		}
	}
	return relink(ctx, n, actor, article, match, replaceLinks(article, copies),
		func(db *store.DB) (*cms.ArticleView, error) { return db.ArticleView(cms.DraftView, article, "") })
}

// replaceLinks is the change that makes copies, in their order, all the links of an article.
func replaceLinks(article cms.ID, copies []cms.LinkInput) func(*store.DB, []cms.Link) ([]cms.Link, error) {
	return func(db *store.DB, was []cms.Link) ([]cms.Link, error) {
		links := make([]cms.Link, 0, len(copies))
		for i, copy := range copies {
			prefix := fmt.Sprintf("data/%d", i)
			link, err := keptLink(db, article, was, links, copy, prefix)
			if err != nil {
				return nil, err
			}
			if copy.Keep {
				links = append(links, link)
				continue
			}
			if err := copy.Check(prefix); err != nil {
				return nil, err
			}
			if err := setLink(db, &link, copy, prefix+"/"); err != nil {
				return nil, err
			}
			links = append(links, link)
		}
		return links, nil
	}
}

// keptLink is the link an entry of a replacing list stands for: one the article has, or a new one.
func keptLink(db *store.DB, article cms.ID, was, taken []cms.Link, copy cms.LinkInput, prefix string) (cms.Link, error) {
	if copy.ID == "" {
		return cms.Link{ID: newID(), ArticleID: article, CreatedAt: db.Now()}, nil
	}
	same := func(l cms.Link) bool { return l.ID == copy.ID }
	i := slices.IndexFunc(was, same)
	if i < 0 {
		return cms.Link{}, cms.FieldErrorf(cms.Invalid, prefix+"/id", "unknown", "This article has no related link %s; leave id out to make a new one.", copy.ID)
	}
	if slices.ContainsFunc(taken, same) {
		return cms.Link{}, cms.FieldErrorf(cms.Invalid, prefix+"/id", "repeated", "The related link %s stands twice in the list.", copy.ID)
	}
	return was[i], nil
}

// ReviseLink changes a link.
func (n *Newsroom) ReviseLink(ctx context.Context, actor cms.Actor, id cms.ID, match cms.Precondition, edit func(cms.LinkInput) (cms.LinkInput, error)) (*cms.LinkDetail, error) {
	sound := func(link cms.Link) (cms.LinkInput, error) {
		copy, err := edit(linkInput(link))
		if err == nil {
			err = copy.Check("")
		}
		return copy, err
	}
	now, err := n.Link(ctx, actor, cms.DraftView, id)
	if err != nil {
		return nil, err
	}
	if _, err := sound(now.Link); err != nil {
		return nil, n.denyOr(ctx, actor, now.ArticleID, err)
	}
	return n.changeLink(ctx, actor, id, match, func(db *store.DB, links []cms.Link, i int) ([]cms.Link, error) {
		copy, err := sound(links[i])
		if err != nil {
			return nil, err
		}
		if err := setLink(db, &links[i], copy, ""); err != nil {
			return nil, err
		}
		if copy.Position > 0 {
			links = cms.MoveLink(links, i, copy.Position)
		}
		return links, nil
	})
}

// RemoveLink takes a link from its article.
func (n *Newsroom) RemoveLink(ctx context.Context, actor cms.Actor, id cms.ID, match cms.Precondition) error {
	_, err := n.changeLink(ctx, actor, id, match, func(_ *store.DB, links []cms.Link, i int) ([]cms.Link, error) {
		return slices.Delete(links, i, i+1), nil
	})
	return err
}

// changeLink changes the links of the article that one link belongs to. Match is about the link.
func (n *Newsroom) changeLink(ctx context.Context, actor cms.Actor, id cms.ID, match cms.Precondition,
	change func(*store.DB, []cms.Link, int) ([]cms.Link, error),
) (*cms.LinkDetail, error) {
	if err := actor.Check(cms.ReviseArticle); err != nil {
		return nil, err
	}
	link, err := n.Link(ctx, actor, cms.DraftView, id)
	if err != nil {
		return nil, err
	}
	return relink(ctx, n, actor, link.ArticleID, cms.Precondition{}, func(db *store.DB, links []cms.Link) ([]cms.Link, error) {
		i := slices.IndexFunc(links, func(l cms.Link) bool { return l.ID == id })
		if i < 0 {
			return nil, notFound(store.ErrNotFound, "related link")
		}
		if err := match.Check(links[i].Version); err != nil {
			return nil, err
		}
		return change(db, links, i)
	}, func(db *store.DB) (*cms.LinkDetail, error) {
		link, err := db.Link(cms.DraftView, id)
		return link, ignoreNotFound(err)
	})
}

// relink is the shape of every change to the links of an article, which raises the article's version. Readers see it
// at once. Match is about the article and may be left out.
func relink[T any](ctx context.Context, n *Newsroom, actor cms.Actor, article cms.ID, match cms.Precondition,
	change func(*store.DB, []cms.Link) ([]cms.Link, error), answer func(*store.DB) (T, error),
) (T, error) {
	return write(ctx, n, func(db *store.DB) (none T, err error) {
		if err := n.relinked(db, actor, article, match, change); err != nil {
			return none, err
		}
		return answer(db)
	})
}

// relinked is what relink does in its transaction.
func (n *Newsroom) relinked(db *store.DB, actor cms.Actor, article cms.ID, match cms.Precondition,
	change func(*store.DB, []cms.Link) ([]cms.Link, error),
) error {
	if !match.Any && !match.NotAVersion && len(match.Versions) == 0 {
		match = cms.Precondition{Any: true}
	}
	a, err := n.loadForUpdate(db, actor, cms.ReviseArticle, article, match)
	if err != nil {
		return err
	}
	if a.TrashedAt != nil {
		return cms.Errorf(cms.WrongState, "The article is in the trash; restore it first (POST /v1/articles/%s/restore).", a.ID)
	}
	was, err := db.BareLinks(article)
	if err != nil {
		return err
	}
	links, err := change(db, slices.Clone(was))
	if err != nil {
		return err
	}
	if err := tooManyLinks(len(links)); err != nil {
		return err
	}
	return saveLinks(db, actor, a, was, links)
}

func tooManyLinks(n int) error {
	if n > cms.MaxLinks {
		return cms.Errorf(cms.Invalid, "An article has at most %d related links.", cms.MaxLinks)
	}
	return nil
}

// saveLinks makes links all the links of an article and raises its version, if they differ from what they were.
func saveLinks(db *store.DB, actor cms.Actor, a *cms.Article, was, links []cms.Link) error {
	if !cms.Renumber(links, was, db.Now()) {
		return nil
	}
	if err := db.SaveLinks(was, links); err != nil {
		return err
	}
	a.Version++
	a.UpdatedAt = db.Now()
	if err := db.SaveArticle(a); err != nil {
		return err
	}
	return db.Append(newEvent(actor, cms.LinksRevised, a.ID, a.Version, "related_links"))
}

// unlink takes the links that point to an article from all that have one.
func unlink(db *store.DB, actor cms.Actor, target cms.ID) error {
	articles, err := db.LinkingTo(target)
	if err != nil {
		return err
	}
	for _, id := range articles {
		a, err := db.Article(id)
		if err != nil {
			return err
		}
		was, err := db.BareLinks(id)
		if err != nil {
			return err
		}
		links := slices.DeleteFunc(slices.Clone(was), func(l cms.Link) bool { return l.TargetID != nil && *l.TargetID == target })
		if err := saveLinks(db, actor, a, was, links); err != nil {
			return err
		}
	}
	return nil
}

// setLink sets what an editor wrote on a link. Prefix is put before the names of the fields in a refusal.
func setLink(db *store.DB, link *cms.Link, copy cms.LinkInput, prefix string) error {
	writeLink(link, copy)
	if copy.Article == "" {
		return nil
	}
	target, err := lookUp(db, cms.DraftView, copy.Article)
	if err == nil {
		_, err = db.Article(target)
	}
	if errors.Is(err, store.ErrNotFound) {
		return cms.FieldErrorf(cms.Invalid, prefix+"article_id", "unknown", "There is no article %q here.", copy.Article)
	}
	if target == link.ArticleID {
		return cms.FieldErrorf(cms.Invalid, prefix+"article_id", "not_allowed", "An article cannot be related to itself.")
	}
	link.TargetID = &target
	return err
}

// writeLink sets what an editor wrote on a link that leads nowhere here.
func writeLink(link *cms.Link, copy cms.LinkInput) {
	link.Rel, link.Source, link.Note = copy.Rel, copy.Source, copy.Note
	link.Title, link.URL, link.Host, link.TargetID = copy.Title, copy.URL, cms.HostOf(copy.URL), nil
}

func linkInput(l cms.Link) cms.LinkInput {
	copy := cms.LinkInput{ID: l.ID, Rel: l.Rel, Title: l.Title, URL: l.URL, Source: l.Source, Note: l.Note}
	if l.TargetID != nil {
		copy.Article = string(*l.TargetID)
	}
	return copy
}
