package newsroom

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/richtext"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// renderedDraft is a checked working copy with all that is made of it without the database: to make it takes longer than to save
// it, so it is made before a change holds up others.
type renderedDraft struct {
	copy  cms.ArticleInput
	text  cms.Text
	piece cms.Content // but for its slug
}

// render makes the galley of a copy. Locale is for one that names none.
func render(c cms.ArticleInput, locale string) (renderedDraft, error) {
	text, words := renderBody(c.BodyFormat, c.Body)
	piece, err := contentOf(c, words, locale)
	if err != nil {
		return renderedDraft{}, err
	}
	return renderedDraft{c, text, piece}, nil
}

// renderBody makes the body that readers see, and counts its words.
func renderBody(format cms.BodyFormat, body string) (cms.Text, int) {
	var out richtext.Rendered
	if format == cms.HTML {
		out = richtext.HTML(body)
	} else {
		out = richtext.Markdown(body)
	}
	outline := make([]cms.Heading, len(out.Outline))
	for i, h := range out.Outline {
		outline[i] = cms.Heading(h)
	}
	return cms.Text{Body: body, Format: format, HTML: out.HTML, Outline: outline}, out.Words
}

// loadInput is what an editor may set of an article, as it is.
func loadInput(db *store.DB, a *cms.Article) (cms.ArticleInput, error) {
	body, err := db.Text(a.ID)
	if err != nil {
		return cms.ArticleInput{}, err
	}
	tags, err := db.TagsOf(a.ID)
	return cms.InputOf(a, body, tags), err
}

// apply sets a galley on an article, which is not saved yet, and answers its tags.
func (n *Newsroom) apply(db *store.DB, actor cms.Actor, a *cms.Article, g *renderedDraft, createTags bool) ([]cms.TagRef, error) {
	tags, err := n.tagsFor(db, actor, g.copy.Tags, createTags)
	if err != nil {
		return nil, err
	}
	piece := g.piece
	if piece.Slug, err = slugFor(db, a, g.copy); err != nil {
		return nil, err
	}
	setContent(a, piece, g.copy.PublishedAt, &g.text, tagIDs(tags))
	return tags, nil
}

// contentOf is what readers see of a working copy beside its body, but for its slug. Locale is for one that names none.
func contentOf(c cms.ArticleInput, words int, locale string) (cms.Content, error) {
	if c.Locale != "" {
		var err error
		if locale, err = text.Locale(c.Locale); err != nil {
			return cms.Content{}, err
		}
	}
	return cms.Content{
		Title: c.Title, TitleKey: text.SortKey(c.Title), Type: c.Type, Locale: locale,
		Direction: text.Direction(locale, c.Title+" "+c.Summary),
		Kicker:    c.Kicker, Summary: c.Summary, Dateline: c.Dateline, Byline: c.Byline,
		SourceName: c.Source.Name, SourceURL: c.Source.URL, SourceLicense: c.Source.License, CanonicalURL: c.CanonicalURL,
		MetaTitle: c.Meta.Title, MetaDescription: c.Meta.Description, NoIndex: c.Meta.NoIndex, Extra: c.Extra, WordCount: words,
	}, nil
}

// setContent sets a piece with its body and tags on an article.
func setContent(a *cms.Article, piece cms.Content, publishedAt *time.Time, body *cms.Text, tags []cms.ID) {
	a.Content = piece
	if publishedAt != nil {
		at := publishedAt.UTC().Truncate(time.Second)
		a.PublishedAt = &at
	} else if a.Editions == 0 {
		a.PublishedAt = nil
	}
	a.Digest = cms.Digest(&a.Content, body, tags, a.PublishedAt)
}

// slugOwners knows which article a slug is kept for, ErrNone if it is free.
type slugOwners interface {
	SlugOwner(slug string) (cms.ID, error)
}

// slugFor is the slug an article shall have: the one asked for if it is free, the one it has if that was made from the
// same title, else one made from the title.
func slugFor(db slugOwners, a *cms.Article, c cms.ArticleInput) (string, error) {
	if c.Slug != "" {
		owner, err := db.SlugOwner(c.Slug)
		switch {
		case errors.Is(err, store.ErrNotFound) || owner == a.ID:
			return c.Slug, nil
		case err != nil:
			return "", err
		}
		free, err := freeSlug(db, a.ID, c.Slug)
		if err != nil {
			return "", err
		}
		return "", cms.FieldErrorf(cms.Duplicate, "slug", "taken", "The slug %q belongs to another article, or did once; %q is free.", c.Slug, free)
	}
	base := titleSlug(c)
	if isNumbered(a.Slug, base) {
		return a.Slug, nil
	}
	return freeSlug(db, a.ID, base)
}

// titleSlug is the slug that is made from a title, or from the type of an article where the title has no letters.
func titleSlug(c cms.ArticleInput) string {
	if slug := text.Slug(c.Title); slug != "" {
		return slug
	}
	return strings.ReplaceAll(string(c.Type), "_", "-")
}

// isNumbered tells whether a slug is base, or base with a number behind it.
func isNumbered(slug, base string) bool {
	rest, ok := strings.CutPrefix(slug, base)
	return ok && (rest == "" || (rest[0] == '-' && len(rest) > 1 && strings.Trim(rest[1:], "0123456789") == ""))
}

// freeSlug is base, or base with the smallest number that no other article has or had.
func freeSlug(db slugOwners, id cms.ID, base string) (string, error) {
	return firstFree(base, func(slug string) (bool, error) {
		owner, err := db.SlugOwner(slug)
		return errors.Is(err, store.ErrNotFound) || owner == id, ignoreNotFound(err)
	})
}

// firstFree is base, or base with the smallest number from 2 that is free. Numbers are given without gaps, so doubling
// and then halving finds it in few look-ups.
func firstFree(base string, free func(slug string) (bool, error)) (string, error) {
	low, high := 0, 1 // low is taken; high is free once the first loop has ended
	for {
		ok, err := free(numbered(base, high))
		if err != nil {
			return "", err
		}
		if ok {
			break
		}
		low, high = high, high*2
	}
	for high-low > 1 {
		middle := (low + high) / 2
		ok, err := free(numbered(base, middle))
		if err != nil {
			return "", err
		}
		if ok {
			high = middle
		} else {
			low = middle
		}
	}
	return numbered(base, high), nil
}

// numbered is base with a number behind it, from 2 on, within the length of a slug.
func numbered(base string, n int) string {
	if n == 1 {
		return base
	}
	suffix := fmt.Sprintf("-%d", n)
	for len(base)+len(suffix) > text.MaxSlug {
		r := []rune(base)
		base = strings.TrimRight(string(r[:len(r)-1]), "-")
	}
	return base + suffix
}

// publish makes the working copy of an article its live edition. The caller saves the article.
func publish(db *store.DB, a *cms.Article, editionAt, updatedAt time.Time) error {
	body, err := db.Text(a.ID)
	if err != nil {
		return err
	}
	tags, err := db.TagsOf(a.ID)
	if err != nil {
		return err
	}
	if a.PublishedAt == nil {
		a.PublishedAt = &editionAt
	}
	if a.LiveDigest != "" {
		if err := db.RetireEdition(a.ID); err != nil {
			return err
		}
	}
	a.Editions++
	a.Digest = cms.Digest(&a.Content, body, tags, a.PublishedAt)
	a.LiveDigest = a.Digest
	return db.AddEdition(liveEdition(a, tags, editionAt, updatedAt), body)
}

// liveEdition is the working copy of a published article as readers see it.
func liveEdition(a *cms.Article, tags []cms.ID, editionAt, updatedAt time.Time) *cms.Edition {
	return &cms.Edition{
		ArticleID: a.ID, Number: a.Editions, Live: true, Content: a.Content, Tags: tags, Digest: a.Digest,
		PublishedAt: *a.PublishedAt, EditionAt: editionAt, CreatedAt: a.CreatedAt, UpdatedAt: updatedAt,
	}
}
