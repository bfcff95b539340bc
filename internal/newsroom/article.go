package newsroom

import (
	"context"
	"unicode"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// Article is an article whole, by id or by slug. A slug that led to it once, or is spelled in another way (in capitals,
// with marks that slugs drop), answers the present slug in moved and no story.
func (n *Newsroom) Article(ctx context.Context, actor cms.Actor, view cms.View, ref string) (story *cms.ArticleView, moved string, err error) {
	if err := n.mayRead(actor, view); err != nil {
		return nil, "", err
	}
	err = n.store.Read(ctx, func(db *store.DB) error {
		id, isID := cms.ParseID(ref)
		story, err = db.ArticleView(view, id, ref)
		if err != store.ErrNotFound || isID {
			return err
		}
		for _, slug := range []string{ref, normalizedSlug(ref)} {
			if id, err = db.ArticleIDBySlug(view, slug); err == nil {
				break
			}
		}
		if err != nil {
			return err
		}
		now, err := db.ArticleView(view, id, "")
		if err != nil {
			return err
		}
		moved = slugOf(now)
		return nil
	})
	return story, moved, notFound(err, "article")
}

// normalizedSlug is the slug that somebody means who writes it in capitals, or with marks that slugs drop. What has anything
// but letters, marks, digits and hyphens in it is no spelling of a slug.
func normalizedSlug(ref string) string {
	for _, r := range ref {
		if r != '-' && !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number) {
			return ref
		}
	}
	return text.Slug(ref)
}

func slugOf(s *cms.ArticleView) string {
	if s.Article != nil {
		return s.Article.Slug
	}
	return s.Edition.Slug
}

// Write makes a new draft. With createTags, tags that do not exist are made.
func (n *Newsroom) Write(ctx context.Context, actor cms.Actor, copy cms.ArticleInput, createTags bool) (*cms.ArticleView, error) {
	if err := actor.Check(cms.WriteArticle); err != nil {
		return nil, err
	}
	if err := copy.Check(n.clock()); err != nil {
		return nil, err
	}
	g, err := render(copy, n.site.Locale)
	if err != nil {
		return nil, err
	}
	return write(ctx, n, func(db *store.DB) (*cms.ArticleView, error) {
		story := &cms.ArticleView{Text: &g.text, Links: []cms.LinkDetail{}}
		a := &cms.Article{ID: newID(), Version: 1, Status: cms.Draft, CreatedAt: db.Now(), UpdatedAt: db.Now()}
		if actor.ID != "" {
			a.CreatedBy, story.Creator = &actor.ID, &cms.UserRef{ID: actor.ID, Name: actor.Name}
		}
		var err error
		if story.Tags, err = n.apply(db, actor, a, &g, createTags); err != nil {
			return nil, err
		}
		if err := db.AddArticle(a, &g.text, tagIDs(story.Tags)); err != nil {
			return nil, err
		}
		story.Article = a // nothing else can have come to a new article: it need not be read again
		return story, db.Append(newEvent(actor, cms.ArticleCreated, a.ID, a.Version))
	})
}

// Revise changes the working copy: edit is given what an editor may set, as it is, and answers how it shall be. What
// readers see stays as it is until the article is published again.
func (n *Newsroom) Revise(ctx context.Context, actor cms.Actor, id cms.ID, match cms.Precondition, edit func(cms.ArticleInput) (cms.ArticleInput, error), createTags bool) (*cms.ArticleView, error) {
	g, err := n.prerender(ctx, actor, id, edit)
	if err != nil {
		return nil, err
	}
	return n.change(ctx, actor, cms.ReviseArticle, id, match, func(db *store.DB, a *cms.Article) (cms.EventType, []string, error) {
		if a.TrashedAt != nil {
			return "", nil, cms.Errorf(cms.WrongState, "The article is in the trash; restore it first (POST /v1/articles/%s/restore).", a.ID)
		}
		was, err := loadInput(db, a)
		if err != nil {
			return "", nil, err
		}
		copy, err := edit(was)
		if err != nil {
			return "", nil, err
		}
		if err := copy.Check(db.Now()); err != nil {
			return "", nil, err
		}
		if len(cms.ChangedFields(g.copy, copy)) > 0 {
			if g, err = render(copy, n.site.Locale); err != nil {
				return "", nil, err
			}
		}
		before := refreshDigest(a, was)
		carried, err := n.apply(db, actor, a, &g, createTags)
		if err != nil || a.Digest == before {
			return "", nil, err
		}
		tags := tagIDs(carried)
		is, err := cms.InputOf(a, &g.text, tags), db.SaveText(a, &g.text, tags)
		return cms.ArticleRevised, cms.ChangedFields(was, is), err
	})
}

// refreshDigest brings the digest of an article up to the tags it has, which may have been merged or removed since it was
// saved: that is no change of the article, and leaves it as equal to what readers see as it was.
func refreshDigest(a *cms.Article, was cms.ArticleInput) string {
	tags := make([]cms.ID, len(was.Tags))
	for i, tag := range was.Tags {
		tags[i] = cms.ID(tag)
	}
	now := cms.Digest(&a.Content, &cms.Text{Body: was.Body, Format: was.BodyFormat}, tags, a.PublishedAt)
	if a.LiveDigest == a.Digest {
		a.LiveDigest = now
	}
	a.Digest = now
	return now
}

// prerender sets the copy that an edit will most likely lead to. An edit that breaks a rule is refused here, before
// anybody asks which version it is for.
func (n *Newsroom) prerender(ctx context.Context, actor cms.Actor, id cms.ID, edit func(cms.ArticleInput) (cms.ArticleInput, error)) (renderedDraft, error) {
	return read(ctx, n, func(db *store.DB) (renderedDraft, error) {
		a, err := loadAuthorized(db, actor, cms.ReviseArticle, id)
		if err != nil {
			return renderedDraft{}, err
		}
		was, err := loadInput(db, a)
		if err != nil {
			return renderedDraft{}, err
		}
		copy, err := edit(was)
		if err == nil {
			err = copy.Check(db.Now())
		}
		if err != nil {
			return renderedDraft{}, err
		}
		return render(copy, n.site.Locale)
	})
}

// Publish makes the working copy what readers see. If they see it already, nothing changes.
func (n *Newsroom) Publish(ctx context.Context, actor cms.Actor, id cms.ID, match cms.Precondition) (*cms.ArticleView, error) {
	return n.change(ctx, actor, cms.PublishArticle, id, match, func(db *store.DB, a *cms.Article) (cms.EventType, []string, error) {
		status, err := a.Next(cms.MovePublish)
		if err != nil || (a.LiveDigest == a.Digest && a.LiveDigest != "") {
			return "", nil, err
		}
		a.Status = status
		return cms.ArticlePublished, []string{"edition", "published_at", "status"}, publish(db, a, db.Now(), db.Now())
	})
}

// Withdraw takes the article from the readers.
func (n *Newsroom) Withdraw(ctx context.Context, actor cms.Actor, id cms.ID, match cms.Precondition) (*cms.ArticleView, error) {
	return n.move(ctx, actor, cms.WithdrawArticle, cms.MoveWithdraw, cms.ArticleWithdrawn, id, match)
}

// Trash takes the article from the readers and puts it in the trash. What is there already stays there.
func (n *Newsroom) Trash(ctx context.Context, actor cms.Actor, id cms.ID, match cms.Precondition) error {
	_, err := n.change(ctx, actor, cms.TrashArticle, id, match, func(db *store.DB, a *cms.Article) (cms.EventType, []string, error) {
		if a.TrashedAt != nil {
			return "", nil, nil
		}
		status, err := a.Next(cms.MoveTrash)
		if err != nil {
			return "", nil, err
		}
		now := db.Now()
		a.Status, a.LiveDigest, a.TrashedAt = status, "", &now
		return cms.ArticleTrashed, []string{"status", "trashed_at"}, db.RetireEdition(a.ID)
	})
	return err
}

// Restore takes the article out of the trash, as a draft.
func (n *Newsroom) Restore(ctx context.Context, actor cms.Actor, id cms.ID, match cms.Precondition) (*cms.ArticleView, error) {
	return n.move(ctx, actor, cms.RestoreArticle, cms.MoveRestore, cms.ArticleRestored, id, match)
}

// move is a verb that does nothing but change where an article stands; where it ends, readers see nothing of it.
func (n *Newsroom) move(ctx context.Context, actor cms.Actor, act cms.Permission, move cms.Move, verb cms.EventType, id cms.ID, match cms.Precondition) (*cms.ArticleView, error) {
	return n.change(ctx, actor, act, id, match, func(db *store.DB, a *cms.Article) (cms.EventType, []string, error) {
		status, err := a.Next(move)
		if err != nil {
			return "", nil, err
		}
		a.Status, a.LiveDigest, a.TrashedAt = status, "", nil
		return verb, []string{"status", "trashed_at"}, db.RetireEdition(a.ID)
	})
}

// Purge removes the article, its editions, its links and those that point to it for good.
func (n *Newsroom) Purge(ctx context.Context, actor cms.Actor, id cms.ID, match cms.Precondition) error {
	_, err := write(ctx, n, func(db *store.DB) (struct{}, error) {
		a, err := n.loadForUpdate(db, actor, cms.PurgeArticle, id, match)
		if err != nil {
			return struct{}{}, err
		}
		if err := db.RetireEdition(id); err != nil {
			return struct{}{}, err
		}
		if err := unlink(db, actor, id); err != nil {
			return struct{}{}, err
		}
		if err := db.DeleteArticle(id); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, db.Append(newEvent(actor, cms.ArticlePurged, id, a.Version+1))
	})
	return err
}

// change is the one shape of every verb on an article: load, ask leave, compare versions, apply, save, note the event.
// A verb that changes nothing answers no event, and the version stays.
func (n *Newsroom) change(ctx context.Context, actor cms.Actor, act cms.Permission, id cms.ID, match cms.Precondition,
	apply func(*store.DB, *cms.Article) (cms.EventType, []string, error),
) (*cms.ArticleView, error) {
	return write(ctx, n, func(db *store.DB) (*cms.ArticleView, error) {
		a, err := n.loadForUpdate(db, actor, act, id, match)
		if err != nil {
			return nil, err
		}
		verb, fields, err := apply(db, a)
		if err != nil {
			return nil, err
		}
		if verb == "" {
			return db.ArticleView(cms.DraftView, a.ID, "")
		}
		a.Version++
		a.UpdatedAt = db.Now()
		if err := db.SaveArticle(a); err != nil {
			return nil, err
		}
		return n.recordAndReload(db, actor, verb, a, fields...)
	})
}

// loadForUpdate loads an article for a change the actor may make to the version it means.
func (n *Newsroom) loadForUpdate(db *store.DB, actor cms.Actor, act cms.Permission, id cms.ID, match cms.Precondition) (*cms.Article, error) {
	a, err := loadAuthorized(db, actor, act, id)
	if err != nil {
		return nil, err
	}
	return a, withChangedFields(db, match.Require(a.Version), a.ID, match)
}

// loadAuthorized loads an article for a change the actor may make, whichever version it means.
func loadAuthorized(db *store.DB, actor cms.Actor, act cms.Permission, id cms.ID) (*cms.Article, error) {
	if err := actor.Check(act); err != nil {
		return nil, err
	}
	a, err := db.Article(id)
	if err != nil {
		return nil, notFound(err, "article")
	}
	return a, actor.CheckOn(act, a)
}

// denyOr answers what is wrong with what was sent to change an article: that the actor may not change it, if so, and else
// the fault. Which version was meant does not matter.
func (n *Newsroom) denyOr(ctx context.Context, actor cms.Actor, id cms.ID, fault error) error {
	return n.store.Read(ctx, func(db *store.DB) error {
		if _, err := loadAuthorized(db, actor, cms.ReviseArticle, id); err != nil {
			return err
		}
		return fault
	})
}

// withChangedFields adds to a refusal for a version what has changed since.
func withChangedFields(db *store.DB, err error, subject cms.ID, match cms.Precondition) error {
	refusal, ok := err.(*cms.Error)
	if !ok || refusal.Code != cms.VersionMismatch || len(match.Versions) == 0 {
		return err
	}
	changed, lookup := db.ChangedSince(subject, match.Versions[0])
	if lookup != nil {
		return lookup
	}
	refusal.Changed = changed
	return refusal
}

// recordAndReload answers the article as editors see it after a change, and notes the event last.
func (n *Newsroom) recordAndReload(db *store.DB, actor cms.Actor, verb cms.EventType, a *cms.Article, fields ...string) (*cms.ArticleView, error) {
	story, err := db.ArticleView(cms.DraftView, a.ID, "")
	if err != nil {
		return nil, err
	}
	return story, db.Append(newEvent(actor, verb, a.ID, a.Version, fields...))
}
