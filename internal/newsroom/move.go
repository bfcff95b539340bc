package newsroom

import (
	"context"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// Publish makes the working copy the live edition. It changes nothing if the two are equal.
func (n *Newsroom) Publish(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition) (*cms.ArticleView, error) {
	return n.change(ctx, call, cms.PublishArticle, id, match,
		func(db *store.DB, a *cms.Article) (outcome, error) {
			err := a.CheckMove(call.Actor, cms.MovePublish)
			if err != nil || (a.LiveDigest == a.Digest && a.LiveDigest != "") {
				return outcome{}, err
			}
			if err := checkRules(db, a); err != nil {
				return outcome{}, err
			}
			if err := keepWords(db, a); err != nil {
				return outcome{}, err
			}
			a.Apply(cms.MovePublish)
			a.MoveWords = cms.MoveWords{}
			if err := publish(db, a, db.Now(), db.Now()); err != nil {
				return outcome{}, err
			}
			published := cms.Revision{N: a.Version + 1, Origin: cms.FromAPI, Edition: a.Editions}
			fields := []string{"edition", "published_at", "status"}
			return outcome{verb: cms.ArticlePublished, fields: fields},
				addRevision(db, call.Actor, a, published)
		})
}

// Trash moves the article to the trash; readers see it no longer. It changes nothing if the article
// is there already.
func (n *Newsroom) Trash(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition) error {
	_, err := n.change(ctx, call, cms.TrashArticle, id, match,
		func(db *store.DB, a *cms.Article) (outcome, error) {
			if a.TrashedAt != nil {
				return outcome{}, nil
			}
			a.Apply(cms.MoveTrash)
			now := db.Now()
			a.TrashedAt = &now
			fields := []string{"status", "trashed_at"}
			return outcome{verb: cms.ArticleTrashed, fields: fields}, retire(db, a)
		})
	return err
}

// Move makes a move after which no edition is live: any but publish and trash. Killing what is
// killed already changes what is said of it, if anything.
func (n *Newsroom) Move(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	input cms.MoveInput) (*cms.ArticleView, error) {
	rule := input.Move.Rule()
	return n.change(ctx, call, rule.Permission, id, match,
		func(db *store.DB, a *cms.Article) (outcome, error) {
			if err := rule.CheckMay(call.Actor, a); err != nil {
				return outcome{}, err
			}
			if err := input.Check(); err != nil {
				return outcome{}, err
			}
			if err := a.CheckMove(call.Actor, input.Move); err != nil {
				return outcome{}, err
			}
			was := *a
			a.Apply(input.Move)
			a.TrashedAt = nil
			a.MoveWords = input.MoveWords
			fields := movedFields(&was, a)
			if len(fields) == 0 {
				return outcome{}, nil
			}
			err := retire(db, a)
			db.InvalidateArticle(id) // readers are told at once that it is gone, or no longer so
			return outcome{verb: rule.Verb, fields: fields}, err
		})
}

// retire removes the edition of an article from what readers see. The caller saves the article.
func retire(db *store.DB, a *cms.Article) error {
	if a.LiveDigest == "" {
		return nil
	}
	a.LiveDigest = ""
	return db.RetireEdition(a.ID)
}

// movedFields returns the fields that a move has changed.
func movedFields(was, is *cms.Article) []string {
	fields := cms.ChangedFields(was.MoveWords, is.MoveWords)
	if was.Status != is.Status {
		fields = append(fields, "status")
	}
	if (was.TrashedAt == nil) != (is.TrashedAt == nil) {
		fields = append(fields, "trashed_at")
	}
	return fields
}

// Uses returns a page of what shows an article or leads to it.
func (n *Newsroom) Uses(ctx context.Context, actor cms.Actor, id cms.ID,
	page cms.PageRequest) (cms.List[cms.ArticleUse], error) {
	if err := actor.Check(cms.ReadDrafts); err != nil {
		return cms.List[cms.ArticleUse]{}, err
	}
	return read(ctx, n, classOf(actor), func(db *store.DB) (cms.List[cms.ArticleUse], error) {
		if _, err := db.Article(id); err != nil {
			return cms.List[cms.ArticleUse]{}, notFound(err, "article")
		}
		return db.ArticleUses(id, page)
	})
}
