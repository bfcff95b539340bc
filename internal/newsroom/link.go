package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// Links lists related links of many articles. An article that is not in the view has none.
func (n *Newsroom) Links(ctx context.Context, actor cms.Actor,
	q cms.LinkQuery) (cms.List[cms.LinkDetail], error) {
	if err := n.checkRead(actor, q.View); err != nil {
		return cms.List[cms.LinkDetail]{}, err
	}
	return read(ctx, n, questionClass(actor, q.Costly()),
		func(db *store.DB) (cms.List[cms.LinkDetail], error) {
			none := cms.List[cms.LinkDetail]{Rows: []cms.LinkDetail{}}
			article, err := articleID(db, q.View, q.Article)
			if err != nil {
				return none, ignoreNotFound(err)
			}
			target, err := articleID(db, q.View, q.Target)
			if err != nil {
				return none, ignoreNotFound(err)
			}
			return db.Links(q, article, target)
		})
}

// articleID returns the id that an id or slug means in a view. It is empty where ref is.
func articleID(db *store.DB, view cms.View, ref string) (cms.ID, error) {
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

// LinksOf returns the related links of one article, and its version, which is 0 in the live view.
func (n *Newsroom) LinksOf(ctx context.Context, actor cms.Actor, view cms.View,
	article cms.ID) ([]cms.LinkDetail, int64, error) {
	if err := n.checkRead(actor, view); err != nil {
		return nil, 0, err
	}
	var version int64
	links, err := read(ctx, n, classOf(actor), func(db *store.DB) ([]cms.LinkDetail, error) {
		story, err := db.ArticleView(view, article, "")
		if err == store.ErrNotFound && view == cms.LiveView {
			err = goneOr(db, article, err)
		}
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

// Link returns one related link.
func (n *Newsroom) Link(ctx context.Context, actor cms.Actor, view cms.View,
	id cms.ID) (*cms.LinkDetail, error) {
	if err := n.checkRead(actor, view); err != nil {
		return nil, err
	}
	return read(ctx, n, classOf(actor), func(db *store.DB) (*cms.LinkDetail, error) {
		link, err := db.Link(view, id)
		return link, notFound(err, "related link")
	})
}

// AddLink adds a link to an article.
func (n *Newsroom) AddLink(ctx context.Context, call Call, article cms.ID,
	match cms.Precondition, input cms.LinkInput) (*cms.LinkDetail, error) {
	if err := input.Check(""); err != nil {
		return nil, n.denyOr(ctx, call.Actor, article, err)
	}
	id := newID()
	return changeLinks(ctx, n, call, article, match,
		func(db *store.DB, links []cms.Link) ([]cms.Link, error) {
			link := cms.Link{ID: id, ArticleID: article, CreatedAt: db.Now()}
			if err := applyLinkInput(db, &link, input, ""); err != nil {
				return nil, err
			}
			links = append(links, link)
			if err := checkRepeated(links, len(links)-1); err != nil {
				return nil, err
			}
			if input.Position > 0 {
				links = cms.MoveLink(links, len(links)-1, input.Position)
			}
			return links, nil
		}, func(db *store.DB) (*cms.LinkDetail, error) { return db.Link(cms.DraftView, id) })
}

// SetLinks replaces all links of an article by inputs, in their order. It returns the article's
// draft view.
func (n *Newsroom) SetLinks(ctx context.Context, call Call, article cms.ID,
	match cms.Precondition, inputs []cms.LinkInput) (*cms.ArticleView, error) {
	for i, input := range inputs {
		if err := input.Check(fmt.Sprintf("data/%d", i)); err != nil && !input.Keep {
			return nil, n.denyOr(ctx, call.Actor, article, err)
		}
	}
	return changeLinks(ctx, n, call, article, match, replaceLinks(article, inputs),
		func(db *store.DB) (*cms.ArticleView, error) {
			return db.ArticleView(cms.DraftView, article, "")
		})
}

// replaceLinks returns a change that replaces all links of an article by inputs, in their order.
func replaceLinks(article cms.ID, inputs []cms.LinkInput) func(*store.DB,
	[]cms.Link) ([]cms.Link, error) {
	return func(db *store.DB, was []cms.Link) ([]cms.Link, error) {
		links := make([]cms.Link, 0, len(inputs))
		for i, input := range inputs {
			prefix := fmt.Sprintf("data/%d", i)
			link, err := linkForEntry(db, article, was, links, input, prefix)
			if err != nil {
				return nil, err
			}
			if input.Keep {
				links = append(links, link)
				continue
			}
			if err := input.Check(prefix); err != nil {
				return nil, err
			}
			if err := applyLinkInput(db, &link, input, prefix+"/"); err != nil {
				return nil, err
			}
			links = append(links, link)
		}
		return links, checkDistinct(links, was)
	}
}

// checkRepeated returns an error if another link of an article leads to where the one at i does.
func checkRepeated(links []cms.Link, i int) error {
	for k := range links {
		if k != i && links[k].LeadsTo() == links[i].LeadsTo() {
			return cms.FieldErrorf(cms.Duplicate, addressField(&links[i]), "repeated",
				"The article has a related link to this already: %s.", links[k].ID)
		}
	}
	return nil
}

// checkDistinct returns an error if two links of a replacing list lead to the same, unless they did
// before.
func checkDistinct(links, was []cms.Link) error {
	before := map[cms.ID]string{}
	for i := range was {
		before[was[i].ID] = was[i].LeadsTo()
	}
	first := map[string]int{}
	for i := range links {
		to := links[i].LeadsTo()
		k, repeated := first[to]
		if !repeated {
			first[to] = i
		} else if before[links[i].ID] != to || before[links[k].ID] != to {
			return cms.FieldErrorf(cms.Invalid,
				fmt.Sprintf("data/%d/%s", i, addressField(&links[i])), "repeated",
				"The link leads to the same as that at data/%d.", k)
		}
	}
	return nil
}

// addressField returns the field that says what a link leads to.
func addressField(link *cms.Link) string {
	if link.TargetID != nil {
		return "article_id"
	}
	return "url"
}

// linkForEntry returns the link that an entry of a replacing list means: one the article has, or a
// new one.
func linkForEntry(db *store.DB, article cms.ID, was, taken []cms.Link, input cms.LinkInput,
	prefix string) (cms.Link, error) {
	if input.ID == "" {
		return cms.Link{ID: newID(), ArticleID: article, CreatedAt: db.Now()}, nil
	}
	same := func(l cms.Link) bool { return l.ID == input.ID }
	i := slices.IndexFunc(was, same)
	if i < 0 {
		return cms.Link{}, cms.FieldErrorf(cms.Invalid, prefix+"/id", "unknown",
			"This article has no related link %s; leave id out to make a new one.", input.ID)
	}
	if slices.ContainsFunc(taken, same) {
		return cms.Link{}, cms.FieldErrorf(cms.Invalid, prefix+"/id", "repeated",
			"The related link %s stands twice in the list.", input.ID)
	}
	return was[i], nil
}

// ReviseLink changes a link.
func (n *Newsroom) ReviseLink(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition, edit func(cms.LinkInput) (cms.LinkInput, error)) (
	*cms.LinkDetail, error) {
	sound := func(link cms.Link) (cms.LinkInput, error) {
		input, err := edit(linkInput(link))
		if err == nil {
			err = input.Check("")
		}
		return input, err
	}
	now, err := n.Link(ctx, call.Actor, cms.DraftView, id)
	if err != nil {
		return nil, err
	}
	if _, err := sound(now.Link); err != nil {
		return nil, n.denyOr(ctx, call.Actor, now.ArticleID, err)
	}
	return n.changeLink(ctx, call, id, match,
		func(db *store.DB, links []cms.Link, i int) ([]cms.Link, error) {
			input, err := sound(links[i])
			if err != nil {
				return nil, err
			}
			was := links[i].LeadsTo()
			if err := applyLinkInput(db, &links[i], input, ""); err != nil {
				return nil, err
			}
			if links[i].LeadsTo() != was {
				if err := checkRepeated(links, i); err != nil {
					return nil, err
				}
			}
			if input.Position > 0 {
				links = cms.MoveLink(links, i, input.Position)
			}
			return links, nil
		})
}

// RemoveLink deletes a link.
func (n *Newsroom) RemoveLink(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition) error {
	_, err := n.changeLink(ctx, call, id, match,
		func(_ *store.DB, links []cms.Link, i int) ([]cms.Link, error) {
			return slices.Delete(links, i, i+1), nil
		})
	return err
}

// changeLink changes the links of the article that one link belongs to. Match is about the link.
func (n *Newsroom) changeLink(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition,
	change func(*store.DB, []cms.Link, int) ([]cms.Link, error),
) (*cms.LinkDetail, error) {
	if err := call.Actor.Check(cms.ReviseArticle); err != nil {
		return nil, err
	}
	link, err := n.Link(ctx, call.Actor, cms.DraftView, id)
	if err != nil {
		return nil, err
	}
	return changeLinks(ctx, n, call, link.ArticleID, cms.Precondition{},
		func(db *store.DB, links []cms.Link) ([]cms.Link, error) {
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

// changeLinks runs a change to the links of an article, which raises the article's version; readers
// see it at once. Match is about the article and may name no version. Result is called in the same
// transaction.
func changeLinks[T any](ctx context.Context, n *Newsroom, call Call, article cms.ID,
	match cms.Precondition,
	change func(*store.DB, []cms.Link) ([]cms.Link, error), answer func(*store.DB) (T, error),
) (T, error) {
	return write(ctx, n, call, func(db *store.DB) (none T, err error) {
		if err := n.changeLinksIn(db, call.Actor, article, match, change); err != nil {
			return none, err
		}
		return answer(db)
	})
}

// changeLinksIn returns changeLinks inside its transaction.
func (n *Newsroom) changeLinksIn(db *store.DB, actor cms.Actor, article cms.ID,
	match cms.Precondition,
	change func(*store.DB, []cms.Link) ([]cms.Link, error),
) error {
	if match.None() {
		match = cms.Precondition{Any: true}
	}
	a, err := n.loadForUpdate(db, actor, cms.ReviseArticle, article, match)
	if err != nil {
		return err
	}
	if err := a.CheckEditable(); err != nil {
		return err
	}
	was, err := db.BareLinks(article)
	if err != nil {
		return err
	}
	links, err := change(db, slices.Clone(was))
	if err != nil {
		return err
	}
	if err := checkLinkCount(len(links)); err != nil {
		return err
	}
	return saveLinks(db, actor, a, was, links)
}

func checkLinkCount(n int) error {
	if n > cms.MaxLinks {
		return cms.Errorf(cms.Invalid, "An article has at most %d related links.", cms.MaxLinks)
	}
	return nil
}

// saveLinks saves the links of an article and raises its version, if they differ from what they
// were.
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

// removeLinksTo deletes the links of other articles that point to an article.
func removeLinksTo(db *store.DB, actor cms.Actor, target cms.ID) error {
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
		links := slices.DeleteFunc(slices.Clone(was),
			func(l cms.Link) bool { return l.TargetID != nil && *l.TargetID == target })
		if err := saveLinks(db, actor, a, was, links); err != nil {
			return err
		}
	}
	return nil
}

// applyLinkInput sets an input on a link. Prefix stands before the names of fields in errors.
func applyLinkInput(db *store.DB, link *cms.Link, input cms.LinkInput, prefix string) error {
	setLinkFields(link, input)
	target, err := linkedArticle(db, input.Article, prefix+"article_id")
	if err != nil {
		return err
	}
	if target != nil && *target == link.ArticleID {
		return cms.FieldErrorf(cms.Invalid, prefix+"article_id", "not_allowed",
			"An article cannot be related to itself.")
	}
	link.TargetID = target
	return nil
}

// setLinkFields sets an input on a link without resolving its target.
func setLinkFields(link *cms.Link, input cms.LinkInput) {
	link.Rel = input.Rel
	link.Source = input.Source
	link.Note = input.Note
	link.Title = input.Title
	link.URL = input.URL
	link.Host = cms.HostOf(input.URL)
	link.TargetID = nil
}

func linkInput(l cms.Link) cms.LinkInput {
	input := cms.LinkInput{ID: l.ID, Rel: l.Rel, Title: l.Title, URL: l.URL, Source: l.Source,
		Note: l.Note}
	if l.TargetID != nil {
		input.Article = string(*l.TargetID)
	}
	return input
}
