package newsroom

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// keepWords saves the words of an article before they are changed, if it is older than revisions
// and has none.
func keepWords(db *store.DB, a *cms.Article) error {
	_, err := db.LatestRevision(a.ID)
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	words, err := loadInput(db, a)
	if err != nil {
		return err
	}
	kept := &cms.Revision{ArticleID: a.ID, N: a.Version, At: a.UpdatedAt, Origin: cms.FromSystem}
	if a.LiveDigest != "" && !a.HasUnpublishedChanges() {
		kept.Edition = a.Editions
	}
	return db.AddRevision(kept, &words)
}

// addRevision saves the words that an article has as a revision. Without a number it is that of the
// present version.
func addRevision(db *store.DB, actor cms.Actor, a *cms.Article, saved cms.Revision) error {
	words, err := loadInput(db, a)
	if err != nil {
		return err
	}
	if saved.N == 0 {
		saved.N = a.Version
	}
	return saveRevision(db, actor, a.ID, saved, &words)
}

// saveRevision saves words of an article as a revision, by an actor and of now.
func saveRevision(db *store.DB, actor cms.Actor, id cms.ID, saved cms.Revision,
	words *cms.ArticleInput) error {
	saved.ArticleID = id
	saved.At = db.Now()
	if actor.ID != "" {
		saved.By = &cms.UserRef{ID: actor.ID, Name: actor.Name}
	}
	return db.AddRevision(&saved, words)
}

// Revisions returns a page of the revisions of an article, the latest first.
func (n *Newsroom) Revisions(ctx context.Context, actor cms.Actor, id cms.ID, all bool,
	page cms.PageRequest) (cms.List[cms.Revision], error) {
	return readArticle(ctx, n, actor, id,
		func(db *store.DB, _ *cms.Article) (cms.List[cms.Revision], error) {
			return db.Revisions(id, all, page)
		})
}

// readArticle runs fn in a read of what only editors see of an article.
func readArticle[T any](ctx context.Context, n *Newsroom, actor cms.Actor, id cms.ID,
	fn func(*store.DB, *cms.Article) (T, error)) (T, error) {
	var none T
	if err := actor.Check(cms.ReadDrafts); err != nil {
		return none, err
	}
	return read(ctx, n, store.Editorial, func(db *store.DB) (T, error) {
		a, err := db.Article(id)
		if err != nil {
			return none, notFound(err, "article")
		}
		return fn(db, a)
	})
}

// RevisionDetail is a revision with its words, nil if they are gone.
type RevisionDetail struct {
	cms.Revision
	Words *cms.ArticleInput
}

// Revision returns a revision of an article.
func (n *Newsroom) Revision(ctx context.Context, actor cms.Actor, id cms.ID,
	number int64) (*RevisionDetail, error) {
	return readArticle(ctx, n, actor, id,
		func(db *store.DB, _ *cms.Article) (*RevisionDetail, error) {
			revision, words, err := db.Revision(id, number)
			if err != nil {
				return nil, notFound(err, "revision")
			}
			return &RevisionDetail{*revision, words}, nil
		})
}

// revisionWords returns the words of a revision of an article, WrongState if they are gone.
func revisionWords(db *store.DB, id cms.ID, number int64) (*cms.ArticleInput, error) {
	_, words, err := db.Revision(id, number)
	if err != nil {
		return nil, notFound(err, "revision")
	}
	if words == nil {
		return nil, cms.Errorf(cms.WrongState,
			"The words of revision %d are not kept any more: it was folded into a later one.",
			number)
	}
	return words, nil
}

// Compared are the words of an article at two times.
type Compared struct{ From, To *cms.ArticleInput }

// DiffWords returns how one text becomes another, by words.
func DiffWords(from, to string) []text.DiffPiece { return text.DiffWords(from, to) }

// The words that revisions can be compared with besides others.
const (
	CurrentWords = "current" // the working copy
	LiveWords    = "live"    // the live edition
)

// Compare returns the words of a revision of an article, and of another one: with, if that is not
// zero, else what named names.
func (n *Newsroom) Compare(ctx context.Context, actor cms.Actor, id cms.ID, number, with int64,
	named string) (Compared, error) {
	return readArticle(ctx, n, actor, id, func(db *store.DB, a *cms.Article) (Compared, error) {
		from, err := revisionWords(db, id, number)
		if err != nil {
			return Compared{}, err
		}
		to := &cms.ArticleInput{}
		switch named {
		case CurrentWords:
			*to, err = loadInput(db, a)
		case LiveWords:
			if to, err = liveWords(db, a); err == nil {
				to.TranslationOf = from.TranslationOf // no part of an edition
			}
		default:
			to, err = revisionWords(db, id, with)
		}
		return Compared{from, to}, err
	})
}

// RestoreRevision makes the words of a revision those of the working copy again. What it referred
// to and is not there any more is left out; the article stays among its translations.
func (n *Newsroom) RestoreRevision(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition, number int64) (*cms.ArticleView, error) {
	return n.bringBack(ctx, call, id, match,
		func(db *store.DB, _ *cms.Article) (earlier, error) {
			words, err := revisionWords(db, id, number)
			return earlier{words: words}, err
		})
}

// Discard makes the working copy what readers see.
func (n *Newsroom) Discard(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition) (*cms.ArticleView, error) {
	return n.bringBack(ctx, call, id, match, func(db *store.DB, a *cms.Article) (earlier, error) {
		words, err := liveWords(db, a)
		return earlier{words, a.Editions}, err
	})
}

// liveWords returns the words of the live edition of an article as they were written, WrongState if
// it has none or was published before revisions were kept.
func liveWords(db *store.DB, a *cms.Article) (*cms.ArticleInput, error) {
	if a.LiveDigest == "" {
		return nil, cms.Errorf(cms.WrongState, "The article is not live.")
	}
	_, words, err := db.PublishedRevision(a.ID)
	if errors.Is(err, store.ErrNotFound) && !a.HasUnpublishedChanges() {
		present, err := loadInput(db, a)
		return &present, err
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, cms.Errorf(cms.WrongState,
			"The live edition is older than revisions, so its words are not kept as written.")
	}
	return words, err
}

// earlier are words that an article had.
type earlier struct {
	words *cms.ArticleInput
	live  int // the number of the edition that has them; 0: it does not matter
}

// bringBack makes earlier words those of the working copy again.
func (n *Newsroom) bringBack(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	find func(*store.DB, *cms.Article) (earlier, error)) (*cms.ArticleView, error) {
	back, err := read(ctx, n, store.Editorial, func(db *store.DB) (earlier, error) {
		a, err := n.loadForUpdate(db, call.Actor, cms.ReviseArticle, id, match)
		if err != nil {
			return earlier{}, err
		}
		if err := a.CheckEditable(); err != nil {
			return earlier{}, err
		}
		back, err := find(db, a)
		if err != nil {
			return earlier{}, err
		}
		return back, keepKnown(db, back.words)
	})
	if err != nil {
		return nil, err
	}
	edit := func(was cms.ArticleInput) (cms.ArticleInput, error) {
		is := *back.words
		is.TranslationOf = was.TranslationOf
		if is.PublishedAt == nil {
			is.PublishedAt = was.PublishedAt
		}
		return is, nil
	}
	return n.revise(ctx, call, id, match, revision{
		edit: edit, origin: cms.FromRestore, live: back.live,
	})
}

// keepKnown leaves out of earlier words the nouns and media that are not there any more, and puts
// in place of a noun that was merged the one that it was merged into.
func keepKnown(db *store.DB, words *cms.ArticleInput) error {
	var refs []cms.RefInput
	for _, r := range cms.References {
		wanted := cms.RefsTo(words.Refs, r.Noun)
		ids := make([]string, len(wanted))
		for i, ref := range wanted {
			ids[i] = ref.Ref
		}
		known, err := db.KnownNouns(r.Noun, ids)
		if err != nil {
			return err
		}
		for _, ref := range wanted {
			found, ok := known[ref.Ref]
			ref.Ref = string(found.ID)
			twice := func(other cms.RefInput) bool { return other.Ref == ref.Ref }
			if ok && !slices.ContainsFunc(refs, twice) {
				refs = append(refs, ref)
			}
		}
	}
	words.Refs = refs
	var ids []cms.ID
	for _, ref := range words.ArticleMedia.Refs() {
		ids = append(ids, ref.ID)
	}
	media, err := db.MediaByID(cms.DraftView, ids)
	for _, id := range []*cms.ID{&words.Image, &words.Audio, &words.Video} {
		if media[*id] == nil {
			*id = ""
		}
	}
	return err
}

// trimRevisions removes what is not kept of revisions.
func (n *Newsroom) trimRevisions(db *store.DB) (int, error) {
	var keep time.Time
	if n.retention.Revisions > 0 {
		keep = db.Now().Add(-n.retention.Revisions)
	}
	return db.TrimRevisions(db.Now().Add(-cms.FoldedLife), keep)
}
