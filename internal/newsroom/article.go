package newsroom

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// Article returns a whole article by id or slug. Where ref is a former slug of the article, or its
// slug in capitals or with marks that slugs drop, it returns no view and the present slug in moved.
func (n *Newsroom) Article(ctx context.Context, actor cms.Actor, view cms.View,
	ref string) (story *cms.ArticleView, moved string, err error) {
	if err := n.checkRead(actor, view); err != nil {
		return nil, "", err
	}
	err = n.store.Read(ctx, classOf(actor), func(db *store.DB) error {
		id, isID := cms.ParseID(ref)
		story, err = db.ArticleView(view, id, ref)
		if err == store.ErrNotFound && !isID {
			if id, err = articleBySlug(db, view, ref); err != nil {
				return err
			}
			var now *cms.ArticleView
			if now, err = db.ArticleView(view, id, ""); err == nil {
				moved = currentSlug(now)
			}
		}
		if err == store.ErrNotFound && view == cms.LiveView {
			return goneOr(db, id, err)
		}
		return err
	})
	return allowMoves(story, actor), moved, notFound(err, "article")
}

// articleBySlug returns the article that a slug leads to in a view, as it is or without capitals
// and the marks that slugs drop.
func articleBySlug(db *store.DB, view cms.View, ref string) (id cms.ID, err error) {
	for _, slug := range []string{ref, cms.NormalSlug(ref)} {
		if id, err = db.ArticleIDBySlug(view, slug); err == nil {
			break
		}
	}
	return id, err
}

// goneOr returns a Gone error if readers once saw the article with that id and it is killed, and
// err otherwise.
func goneOr(db *store.DB, id cms.ID, err error) error {
	a, lookup := db.Article(id)
	if lookup != nil || a.Status != cms.Killed || a.Editions == 0 {
		return cmp.Or(ignoreNotFound(lookup), err)
	}
	gone := cms.Errorf(cms.Gone, "The article was taken down for good.")
	gone.Notice = a.Notice
	return gone
}

// allowMoves sets which moves an actor may make of an article, if it is in draft view.
func allowMoves(story *cms.ArticleView, actor cms.Actor) *cms.ArticleView {
	if story != nil && story.Article != nil {
		story.Moves = actor.MovesOf(story.Article)
	}
	return story
}

func currentSlug(s *cms.ArticleView) string {
	if s.Article != nil {
		return s.Article.Slug
	}
	return s.Edition.Slug
}

// Write creates a draft. With createTags, tags that do not exist are created.
func (n *Newsroom) Write(ctx context.Context, call Call, input cms.ArticleInput,
	createTags bool) (*cms.ArticleView, error) {
	if err := call.Actor.Check(cms.WriteArticle); err != nil {
		return nil, err
	}
	if err := input.Check(n.clock()); err != nil {
		return nil, err
	}
	if err := n.setLocale(ctx, &input); err != nil {
		return nil, err
	}
	id := newID()
	g, err := render(input, id)
	if err == nil {
		err = g.check(cms.ArticleInput{})
	}
	if err != nil {
		return nil, err
	}
	return write(ctx, n, call, func(db *store.DB) (*cms.ArticleView, error) {
		story := &cms.ArticleView{Text: &g.text, Links: []cms.LinkDetail{},
			Corrections: []cms.Correction{}}
		now := db.Now()
		a := &cms.Article{ID: id, Version: 1, Status: cms.Draft, CreatedAt: now, UpdatedAt: now}
		if call.Actor.ID != "" {
			a.CreatedBy, story.Creator = &call.Actor.ID,
				&cms.UserRef{ID: call.Actor.ID, Name: call.Actor.Name}
		}
		var err error
		if story.Refs, err = n.applyInput(db, call.Actor, a, &g, createTags); err != nil {
			return nil, err
		}
		if err := db.AddArticles([]store.NewArticle{{Article: a, Text: &g.text,
			Refs: cms.RefIDs(story.Refs), Origin: cms.FromAPI, Note: input.ChangeNote,
		}}); err != nil {
			return nil, err
		}
		story.Article = a // nothing else can have come to a new article: it need not be read again
		if err := errors.Join(db.AddURLs(story), db.AddTranslations(story),
			db.AddMedia(story)); err != nil {
			return nil, err
		}
		allowMoves(story, call.Actor)
		return story, recordNew(db, call.Actor, a, cms.InputOf(a, &g.text, cms.RefIDs(story.Refs)))
	})
}

// Revise changes the working copy. Edit is called with what an editor may set, as it is, and
// returns what it is to be; it may be called more than once. Readers see no change before the
// article is published again.
func (n *Newsroom) Revise(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	edit func(cms.ArticleInput) (cms.ArticleInput, error),
	createTags bool) (*cms.ArticleView, error) {
	return n.revise(ctx, call, id, match, revision{
		edit: edit, createTags: createTags, origin: cms.FromAPI,
	})
}

// revision is a change of the working copy.
type revision struct {
	edit       func(cms.ArticleInput) (cms.ArticleInput, error)
	createTags bool
	origin     cms.RevisionOrigin
	live       int // the number of the edition that it goes back to; 0: to none
}

// render returns the rendered draft of an input that the revision leads to from what was.
func (r *revision) render(input, was cms.ArticleInput, id cms.ID) (renderedDraft, error) {
	g, err := render(input, id)
	g.restored = r.origin == cms.FromRestore
	if err == nil {
		err = g.check(was)
	}
	return g, err
}

func (n *Newsroom) revise(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	r revision) (*cms.ArticleView, error) {
	g, err := n.prerender(ctx, call.Actor, id, r)
	if err != nil {
		return nil, err
	}
	return n.change(ctx, call, cms.ReviseArticle, id, match,
		func(db *store.DB, a *cms.Article) (outcome, error) {
			if err := a.CheckEditable(); err != nil {
				return outcome{}, err
			}
			was, err := loadInput(db, a)
			if err != nil {
				return outcome{}, err
			}
			input, err := r.inputAt(db, was)
			if err != nil {
				return outcome{}, err
			}
			if len(cms.ChangedFields(g.input, input)) > 0 {
				if g, err = r.render(input, was, id); err != nil {
					return outcome{}, err
				}
			}
			return n.saveWords(db, call, a, was, &g, r)
		})
}

// inputAt returns what the revision leads to from what was, checked and with a locale.
func (r *revision) inputAt(db *store.DB, was cms.ArticleInput) (cms.ArticleInput, error) {
	input, err := r.edit(was)
	if err != nil {
		return input, err
	}
	if err := input.Check(latest(db.Now(), was.PublishedAt)); err != nil {
		return input, err
	}
	return input, setLocale(db, &input)
}

// saveWords saves a rendered draft as the words of an article, which were another, with a revision.
// The caller saves the article.
func (n *Newsroom) saveWords(db *store.DB, call Call, a *cms.Article, was cms.ArticleInput,
	g *renderedDraft, r revision) (outcome, error) {
	if err := keepWords(db, a); err != nil {
		return outcome{}, err
	}
	before := refreshDigest(a, was)
	named, err := n.applyInput(db, call.Actor, a, g, r.createTags)
	if err != nil {
		return outcome{}, err
	}
	if r.live > 0 && r.live == a.Editions && a.LiveDigest != "" {
		a.LiveDigest = a.Digest
	}
	refs := cms.RefIDs(named)
	is := cms.InputOf(a, &g.text, refs)
	if a.Digest == before && is.TranslationOf == was.TranslationOf {
		return outcome{}, nil
	}
	if err := db.SaveText(a, &g.text, refs); err != nil {
		return outcome{}, err
	}
	saved := cms.Revision{N: a.Version + 1, Origin: r.origin, Auto: call.Auto,
		Note: g.input.ChangeNote}
	return wordsChanged(was, is), saveRevision(db, call.Actor, a.ID, saved, &is)
}

// refreshDigest computes the digest of an article again with the references it has now, some of
// which may have been merged or removed since it was saved. That is no change of the article: one
// that was equal to its live edition stays equal.
func refreshDigest(a *cms.Article, was cms.ArticleInput) string {
	refs := make([]cms.RefID, len(was.Refs))
	for i, ref := range was.Refs {
		refs[i] = cms.RefID{Noun: ref.Noun, ID: cms.ID(ref.Ref), Role: ref.Role}
	}
	now := cms.Digest(&a.Content, &cms.Text{Body: was.Body, Format: was.BodyFormat}, refs,
		a.PublishedAt)
	if a.LiveDigest == a.Digest {
		a.LiveDigest = now
	}
	a.Digest = now
	return now
}

// latest returns now, or the time that an article has been given already if that is later: a clock
// that was set back refuses no edit.
func latest(now time.Time, given *time.Time) time.Time {
	if given != nil && given.After(now) {
		return *given
	}
	return now
}

// prerender renders the draft that a revision will most likely lead to, outside of any write. It
// returns the error of an edit that breaks a rule, whichever version the edit is for.
func (n *Newsroom) prerender(ctx context.Context, actor cms.Actor, id cms.ID,
	r revision) (renderedDraft, error) {
	return read(ctx, n, store.Editorial, func(db *store.DB) (renderedDraft, error) {
		a, err := loadAuthorized(db, actor, cms.ReviseArticle, id)
		if err != nil {
			return renderedDraft{}, err
		}
		was, err := loadInput(db, a)
		if err != nil {
			return renderedDraft{}, err
		}
		input, err := r.inputAt(db, was)
		if err != nil {
			return renderedDraft{}, err
		}
		return r.render(input, was, id)
	})
}

// Purge deletes the article with its editions, its links and those that point to it. Nothing of its
// words stays, in no stored response either; see addErasure.
func (n *Newsroom) Purge(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition) error {
	_, err := write(ctx, n, call, func(db *store.DB) (struct{}, error) {
		a, err := n.loadForUpdate(db, call.Actor, cms.PurgeArticle, id, match)
		if err != nil {
			return struct{}{}, err
		}
		if err := db.RetireEdition(id); err != nil {
			return struct{}{}, err
		}
		if err := removeLinksTo(db, call.Actor, id); err != nil {
			return struct{}{}, err
		}
		if err := n.Collections.removeItemsWith(db, call.Actor, id); err != nil {
			return struct{}{}, err
		}
		_, left, err := groupOf(db, a)
		if err != nil {
			return struct{}{}, err
		}
		if err := regroup(db, left); err != nil {
			return struct{}{}, err
		}
		if err := db.DeleteArticle(id); err != nil {
			return struct{}{}, err
		}
		if err := errors.Join(db.EmptyResponses(id), db.EraseEventDetails(id),
			addErasure(db)); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, db.Append(newEvent(call.Actor, cms.ArticlePurged, id, a.Version+1))
	})
	return err
}

// change runs a verb on an article, the same way for all of them: load, authorize, compare
// versions, apply, save, append the event. Apply returns no event type if nothing changes; the
// version stays then.
func (n *Newsroom) change(ctx context.Context, call Call, permission cms.Permission,
	id cms.ID,
	match cms.Precondition,
	apply func(*store.DB, *cms.Article) (outcome, error),
) (*cms.ArticleView, error) {
	return write(ctx, n, call, func(db *store.DB) (*cms.ArticleView, error) {
		a, err := n.loadForUpdate(db, call.Actor, permission, id, match)
		if err != nil {
			return nil, err
		}
		was := a.State()
		did, err := apply(db, a)
		if err != nil {
			return nil, err
		}
		if did.verb == "" {
			story, err := db.ArticleView(cms.DraftView, a.ID, "")
			return allowMoves(story, call.Actor), err
		}
		a.Version++
		a.UpdatedAt = db.Now()
		if err := db.SaveArticle(a); err != nil {
			return nil, err
		}
		e, err := did.event(call.Actor, a, was)
		if err != nil {
			return nil, err
		}
		return n.recordAndReload(db, call.Actor, e)
	})
}

// loadForUpdate loads an article, checks that actor has the permission on it, and checks match
// against its version.
func (n *Newsroom) loadForUpdate(db *store.DB, actor cms.Actor, permission cms.Permission,
	id cms.ID,
	match cms.Precondition) (*cms.Article, error) {
	a, err := loadAuthorized(db, actor, permission, id)
	if err != nil {
		return nil, err
	}
	err = withChangedFields(db, match.Require(a.Version), a.ID, match)
	return a, withChanges(db, err, a, match)
}

// loadAuthorized loads an article and checks that actor has the permission on it.
func loadAuthorized(db *store.DB, actor cms.Actor, permission cms.Permission,
	id cms.ID) (*cms.Article, error) {
	if err := actor.Check(permission); err != nil {
		return nil, err
	}
	a, err := db.Article(id)
	if err != nil {
		return nil, notFound(err, "article")
	}
	return a, actor.CheckOn(permission, a)
}

// denyOr returns a permission error if actor may not revise the article, and err otherwise:
// permission is reported before validation.
func (n *Newsroom) denyOr(ctx context.Context, actor cms.Actor, id cms.ID, fault error) error {
	return n.store.Read(ctx, store.Editorial, func(db *store.DB) error {
		if _, err := loadAuthorized(db, actor, cms.ReviseArticle, id); err != nil {
			return err
		}
		return fault
	})
}

// withChangedFields adds the fields that have changed since the caller's version to a
// VersionMismatch.
func withChangedFields(db *store.DB, err error, subject cms.ID, match cms.Precondition) error {
	refusal, ok := err.(*cms.Error)
	if !ok || refusal.Code != cms.VersionMismatch || len(match.Versions) == 0 {
		return err
	}
	changed, lookup := db.ChangedSince(subject, match.Versions[0])
	if lookup != nil {
		return lookup
	}
	refusal.ChangedFields = changed
	return refusal
}

// withChanges adds to a VersionMismatch who changed an article last, when, and its words at the
// caller's version and now.
func withChanges(db *store.DB, err error, a *cms.Article, match cms.Precondition) error {
	refusal, ok := err.(*cms.Error)
	if !ok || refusal.ChangedFields == nil {
		return err
	}
	changed, lookup := db.LastChange(a.ID)
	if lookup != nil {
		return cmp.Or(ignoreNotFound(lookup), err)
	}
	theirs, lookup := loadInput(db, a)
	if lookup != nil {
		return lookup
	}
	changed.Theirs = &theirs
	if match.Versions[0] < a.Version {
		_, changed.Base, lookup = db.RevisionAt(a.ID, match.Versions[0])
		if ignoreNotFound(lookup) != nil {
			return lookup
		}
	}
	refusal.Changed = changed
	return refusal
}

// recordAndReload appends the event of an article and returns its draft view.
func (n *Newsroom) recordAndReload(db *store.DB, actor cms.Actor,
	e *cms.Event) (*cms.ArticleView, error) {
	story, err := db.ArticleView(cms.DraftView, e.Subject, "")
	if err != nil {
		return nil, err
	}
	allowMoves(story, actor)
	return story, db.Append(e)
}
