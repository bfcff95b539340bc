package newsroom

import (
	"context"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// Corrections lists corrections of many articles. An article that is not in the view has none.
func (n *Newsroom) Corrections(ctx context.Context, actor cms.Actor,
	q cms.CorrectionQuery) (cms.List[cms.CorrectionDetail], error) {
	if err := n.checkRead(actor, q.View); err != nil {
		return cms.List[cms.CorrectionDetail]{}, err
	}
	return read(ctx, n, questionClass(actor, q.Costly()),
		func(db *store.DB) (cms.List[cms.CorrectionDetail], error) {
			article, err := articleID(db, q.View, q.Article)
			if err != nil {
				none := cms.List[cms.CorrectionDetail]{Rows: []cms.CorrectionDetail{}}
				return none, ignoreNotFound(err)
			}
			return db.Corrections(q, article)
		})
}

// Correction returns one correction.
func (n *Newsroom) Correction(ctx context.Context, actor cms.Actor, view cms.View,
	id cms.ID) (*cms.CorrectionDetail, error) {
	if err := n.checkRead(actor, view); err != nil {
		return nil, err
	}
	return read(ctx, n, classOf(actor), func(db *store.DB) (*cms.CorrectionDetail, error) {
		c, err := db.Correction(view, id)
		return c, notFound(err, cms.CorrectionNoun.Singular)
	})
}

// Correct adds a correction to an article that readers have seen. Match is about the article.
func (n *Newsroom) Correct(ctx context.Context, call Call, article cms.ID,
	match cms.Precondition, in cms.CorrectionInput) (*cms.CorrectionDetail, error) {
	id := newID()
	return write(ctx, n, call, func(db *store.DB) (*cms.CorrectionDetail, error) {
		a, err := n.loadForCorrection(db, call.Actor, article, match)
		if err != nil {
			return nil, err
		}
		if err := in.Check(db.Now()); err != nil {
			return nil, err
		}
		if a.Editions == 0 {
			return nil, cms.Errorf(cms.WrongState,
				"Readers have never seen the article, so there is nothing to correct: revise it.")
		}
		count, err := db.CountCorrections(article)
		if err != nil {
			return nil, err
		}
		if count >= cms.MaxCorrections {
			return nil, cms.Errorf(cms.Invalid, "An article has at most %d corrections.",
				cms.MaxCorrections)
		}
		c := &cms.Correction{
			ID:        id,
			ArticleID: article,
			Edition:   a.Editions,
			CreatedAt: db.Now(),
			UpdatedAt: db.Now(),
		}
		c.Apply(in)
		if err := db.AddCorrection(c); err != nil {
			return nil, err
		}
		return recordCorrection(db, call.Actor, cms.CorrectionNoun.Created(), a, id)
	})
}

// ReviseCorrection changes a correction. Match is about its article.
func (n *Newsroom) ReviseCorrection(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition, edit func(cms.CorrectionInput) (cms.CorrectionInput, error)) (
	*cms.CorrectionDetail, error) {
	return write(ctx, n, call, func(db *store.DB) (*cms.CorrectionDetail, error) {
		a, c, err := n.loadCorrection(db, call.Actor, id, match)
		if err != nil {
			return nil, err
		}
		was := c.Input()
		in, err := edit(was)
		if err != nil {
			return nil, err
		}
		if err := in.Check(latest(db.Now(), was.PublishedAt)); err != nil {
			return nil, err
		}
		c.Apply(in)
		fields := cms.ChangedFields(was, c.Input())
		if len(fields) == 0 {
			return c, nil
		}
		c.UpdatedAt = db.Now()
		if err := db.SaveCorrection(&c.Correction); err != nil {
			return nil, err
		}
		return recordCorrection(db, call.Actor, cms.CorrectionNoun.Revised(), a, id, fields...)
	})
}

// RemoveCorrection deletes a correction. Match is about its article.
func (n *Newsroom) RemoveCorrection(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition) error {
	_, err := write(ctx, n, call, func(db *store.DB) (*cms.CorrectionDetail, error) {
		a, c, err := n.loadCorrection(db, call.Actor, id, match)
		if err != nil {
			return nil, err
		}
		if err := db.DeleteCorrection(&c.Correction); err != nil {
			return nil, err
		}
		return recordCorrection(db, call.Actor, cms.CorrectionNoun.Deleted(), a, id)
	})
	return err
}

// loadForCorrection loads an article whose corrections are to be changed. Match may name no
// version.
func (n *Newsroom) loadForCorrection(db *store.DB, actor cms.Actor, article cms.ID,
	match cms.Precondition) (*cms.Article, error) {
	if match.None() {
		match = cms.Precondition{Any: true}
	}
	a, err := n.loadForUpdate(db, actor, cms.WriteCorrection, article, match)
	if err != nil {
		return nil, err
	}
	return a, a.CheckEditable()
}

// loadCorrection loads a correction that is to be changed, and its article.
func (n *Newsroom) loadCorrection(db *store.DB, actor cms.Actor, id cms.ID,
	match cms.Precondition) (*cms.Article, *cms.CorrectionDetail, error) {
	if err := actor.Check(cms.WriteCorrection); err != nil {
		return nil, nil, err
	}
	c, err := db.Correction(cms.DraftView, id)
	if err != nil {
		return nil, nil, notFound(err, cms.CorrectionNoun.Singular)
	}
	a, err := n.loadForCorrection(db, actor, c.ArticleID, match)
	return a, c, err
}

// recordCorrection raises the version of an article of which a correction has changed, appends the
// events, and returns the correction as it is then; nil if it was deleted.
func recordCorrection(db *store.DB, actor cms.Actor, verb cms.EventType, a *cms.Article, id cms.ID,
	fields ...string) (*cms.CorrectionDetail, error) {
	a.Version++
	a.UpdatedAt = db.Now()
	if err := db.SaveArticle(a); err != nil {
		return nil, err
	}
	err := db.Append(
		newEvent(actor, verb, id, a.Version, fields...),
		newEvent(actor, cms.CorrectionsRevised, a.ID, a.Version, "corrections"),
	)
	if err != nil {
		return nil, err
	}
	c, err := db.Correction(cms.DraftView, id)
	return c, ignoreNotFound(err)
}
