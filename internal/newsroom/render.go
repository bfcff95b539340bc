package newsroom

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/richtext"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// renderedDraft is a checked draft with all that can be derived from it without the database.
// Rendering takes longer than saving, so it is done before a transaction begins.
type renderedDraft struct {
	input   cms.ArticleInput
	text    cms.Text
	content cms.Content // but for its slug
}

// render returns the rendered draft of an input for the article with that id. Locale is used where
// the input has none.
func render(c cms.ArticleInput, locale string, id cms.ID) (renderedDraft, error) {
	text, words := renderBody(c.BodyFormat, c.Body, footnotePrefix(id))
	content, err := contentOf(c, words, locale)
	if err != nil {
		return renderedDraft{}, err
	}
	return renderedDraft{c, text, content}, nil
}

// footnotePrefix returns what the ids of an article's footnotes begin with, so that several
// articles can share a page: the end of its id, which is random.
func footnotePrefix(id cms.ID) string { return string(id[max(len(id)-8, 0):]) }

// renderBody returns the body as readers see it, and the number of its words.
func renderBody(format cms.BodyFormat, body, footnotePrefix string) (cms.Text, int) {
	var out richtext.Rendered
	if format == cms.HTML {
		out = richtext.HTML(body)
	} else {
		out = richtext.Markdown(body, footnotePrefix)
	}
	outline := make([]cms.Heading, len(out.Outline))
	for i, h := range out.Outline {
		outline[i] = cms.Heading(h)
	}
	warnings := make([]cms.Warning, len(out.Warnings))
	for i, w := range out.Warnings {
		warnings[i] = cms.Warning(w)
	}
	return cms.Text{
		Body:     body,
		Format:   format,
		HTML:     out.HTML,
		Outline:  outline,
		Warnings: warnings,
	}, out.Words
}

// loadInput returns what an editor may set of an article, as it is.
func loadInput(db *store.DB, a *cms.Article) (cms.ArticleInput, error) {
	body, err := db.Text(a.ID)
	if err != nil {
		return cms.ArticleInput{}, err
	}
	tags, err := db.TagsOf(a.ID)
	return cms.InputOf(a, body, tags), err
}

// applyInput sets a rendered draft on an article, which is not saved yet, and returns its tags.
func (n *Newsroom) applyInput(db *store.DB, actor cms.Actor, a *cms.Article, g *renderedDraft,
	createTags bool) ([]cms.Ref, error) {
	tags, err := n.tagsFor(db, actor, g.input.Tags, createTags)
	if err != nil {
		return nil, err
	}
	content := g.content
	if content.Slug, err = slugFor(db, a, g.input); err != nil {
		return nil, err
	}
	setContent(a, content, g.input.PublishedAt, &g.text, tagIDs(tags))
	return tags, nil
}

// contentOf returns the content of a draft but for its slug. Locale is used where the input has
// none.
func contentOf(c cms.ArticleInput, words int, locale string) (cms.Content, error) {
	if c.Locale != "" {
		var err error
		if locale, err = text.Locale(c.Locale); err != nil {
			return cms.Content{}, err
		}
	}
	content := cms.Content{
		ArticleDetails: c.ArticleDetails,
		TitleKey:       text.SortKey(c.Title),
		Direction:      text.Direction(locale, c.Title+" "+c.Summary),
		WordCount:      words,
	}
	content.Locale = locale
	return content, nil
}

// setContent sets the content, body and tags of an article and computes its digest.
func setContent(a *cms.Article, content cms.Content, publishedAt *time.Time, body *cms.Text,
	tags []cms.ID) {
	a.Content = content
	if publishedAt != nil {
		at := publishedAt.UTC().Truncate(time.Second)
		a.PublishedAt = &at
	} else if a.Editions == 0 {
		a.PublishedAt = nil
	}
	a.Digest = cms.Digest(&a.ArticleDetails, body, tags, a.PublishedAt)
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
	a.Digest = cms.Digest(&a.ArticleDetails, body, tags, a.PublishedAt)
	a.LiveDigest = a.Digest
	return db.AddEdition(liveEdition(a, tags, editionAt, updatedAt), body)
}

// liveEdition returns the working copy of a published article as readers see it.
func liveEdition(a *cms.Article, tags []cms.ID, editionAt, updatedAt time.Time) *cms.Edition {
	return &cms.Edition{
		ArticleID: a.ID, Number: a.Editions, Live: true, Content: a.Content, Tags: tags,
		Digest:      a.Digest,
		PublishedAt: *a.PublishedAt, EditionAt: editionAt, CreatedAt: a.CreatedAt,
		UpdatedAt: updatedAt,
	}
}
