package newsroom

import (
	"context"
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

	problems []richtext.Problem // why an editor should not save the body
	restored bool               // it was there before, whatever is amiss with it now
	sameBody bool               // the body is as it was, though what it shows may be gone
}

// check returns an Invalid error if the body has problems. One that is as it was may have them: it
// was imported, or saved when it had none.
func (g *renderedDraft) check(was cms.ArticleInput) error {
	g.sameBody = g.input.Body == was.Body && g.input.BodyFormat == was.BodyFormat
	if g.restored || g.sameBody {
		return nil
	}
	return bodyError("body", g.problems)
}

// bodyError returns an Invalid error with the problems of the text in a field, nil if it has none.
func bodyError(field string, problems []richtext.Problem) error {
	errs := make([]cms.FieldError, len(problems))
	for i, p := range problems {
		errs[i] = cms.FieldError{Field: field, Code: p.Code, Detail: p.Detail}
	}
	return cms.InvalidFields(errs)
}

// setLocale sets the locale of an input that names none: that of the site.
func setLocale(db *store.DB, c *cms.ArticleInput) error {
	if c.Locale != "" {
		return nil
	}
	site, err := db.Site()
	if err == nil {
		c.Locale = site.Locale
	}
	return err
}

// setLocale is setLocale outside of any transaction.
func (n *Newsroom) setLocale(ctx context.Context, c *cms.ArticleInput) error {
	if c.Locale != "" {
		return nil
	}
	return n.store.Read(ctx, store.Editorial, func(db *store.DB) error { return setLocale(db, c) })
}

// render returns the rendered draft of an input, which has a locale, for the article with that id.
func render(c cms.ArticleInput, id cms.ID) (renderedDraft, error) {
	text, out := renderBody(c.BodyFormat, c.Body, footnotePrefix(id))
	content, err := contentOf(c, out.Words)
	if err != nil {
		return renderedDraft{}, err
	}
	return renderedDraft{
		input:    c,
		text:     text,
		content:  content,
		problems: out.Problems,
	}, nil
}

// footnotePrefix returns what the ids of an article's footnotes begin with, so that several
// articles can share a page: the end of its id, which is random.
func footnotePrefix(id cms.ID) string { return string(id[max(len(id)-8, 0):]) }

// renderBody returns the body as readers see it, and what else is known of it then.
func renderBody(
	format cms.BodyFormat, body, footnotePrefix string,
) (cms.Text, richtext.Rendered) {
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
	media := make([]cms.BodyMedium, len(out.Media))
	for i, m := range out.Media {
		media[i] = cms.BodyMedium{ID: cms.ID(m.ID), HasAlt: m.Alt != "" || m.Decorative}
	}
	return cms.Text{
		Body:     body,
		Format:   format,
		HTML:     out.HTML,
		Outline:  outline,
		Media:    media,
		Warnings: warnings,
	}, out
}

// loadInput returns what an editor may set of an article, as it is.
func loadInput(db *store.DB, a *cms.Article) (cms.ArticleInput, error) {
	body, err := db.Text(a.ID)
	if err != nil {
		return cms.ArticleInput{}, err
	}
	refs, err := db.RefsOf(a.ID)
	return cms.InputOf(a, body, refs), err
}

// applyInput sets a rendered draft on an article, which is not saved yet, and returns its
// references.
func (n *Newsroom) applyInput(db *store.DB, actor cms.Actor, a *cms.Article, g *renderedDraft,
	createTags bool) ([]cms.NamedRef, error) {
	refs, err := n.refsFor(db, actor, g.input.Refs, createTags)
	if err != nil {
		return nil, err
	}
	if err := g.checkMedia(db); err != nil {
		return nil, err
	}
	content := g.content
	if content.Slug, err = slugFor(db, a, g.input); err != nil {
		return nil, err
	}
	setContent(a, content, g.input.PublishedAt, &g.text, cms.RefIDs(refs))
	return refs, setGroup(db, a, g.input.TranslationOf)
}

// contentOf returns the content of a draft but for its slug.
func contentOf(c cms.ArticleInput, words int) (cms.Content, error) {
	locale, err := text.Locale(c.Locale)
	if err != nil {
		return cms.Content{}, err
	}
	content := cms.Content{
		ArticleDetails: c.ArticleDetails,
		ArticleMedia:   c.ArticleMedia,
		TitleKey:       text.SortKey(c.Title),
		Direction:      text.Direction(locale, c.Title+" "+c.Summary),
		WordCount:      words,
	}
	content.Locale = locale
	return content, nil
}

// setContent sets the content, body and references of an article and computes its digest.
func setContent(a *cms.Article, content cms.Content, publishedAt *time.Time, body *cms.Text,
	refs []cms.RefID) {
	a.Content = content
	if publishedAt != nil {
		at := publishedAt.UTC().Truncate(time.Second)
		a.PublishedAt = &at
	} else if a.Editions == 0 {
		a.PublishedAt = nil
	}
	a.Digest = cms.Digest(&a.Content, body, refs, a.PublishedAt)
}

// checkMedia returns an Invalid error if the draft shows what is no medium. A body that is as it
// was may show what has been deleted since: a restored one does.
func (g *renderedDraft) checkMedia(db *store.DB) error {
	body := &g.text
	switch {
	case g.restored:
		return nil
	case g.sameBody:
		body = &cms.Text{}
	}
	return checkArticleMedia(db, &g.input.ArticleMedia, body)
}

// checkArticleMedia returns an Invalid error if an article shows what is no medium, or not one of
// the kind that belongs there.
func checkArticleMedia(db *store.DB, shown *cms.ArticleMedia, body *cms.Text) error {
	var ids []cms.ID
	for _, ref := range cms.MediaRefs(shown, body) {
		ids = append(ids, ref.ID)
	}
	found, err := db.MediaByID(cms.DraftView, ids)
	if err != nil {
		return err
	}
	return cms.CheckArticleMedia(shown, body, found)
}

// checkRules returns an Invalid error if an article lacks what the site asks of those it publishes.
func checkRules(db *store.DB, a *cms.Article) error {
	site, err := db.Site()
	if err != nil {
		return err
	}
	input, err := loadInput(db, a)
	if err != nil {
		return err
	}
	if err := site.Rules.Check(&input); err != nil || site.Rules.Alt != cms.RefuseAlt {
		return err
	}
	story, err := db.ArticleView(cms.DraftView, a.ID, "")
	if err != nil {
		return err
	}
	return story.CheckAlt()
}

// publish makes the working copy of an article its live edition. The caller saves the article.
func publish(db *store.DB, a *cms.Article, editionAt, updatedAt time.Time) error {
	if err := checkLive(db, a); err != nil {
		return err
	}
	body, err := db.Text(a.ID)
	if err != nil {
		return err
	}
	refs, err := db.RefsOf(a.ID)
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
	a.Digest = cms.Digest(&a.Content, body, refs, a.PublishedAt)
	a.LiveDigest = a.Digest
	return db.AddEdition(liveEdition(a, refs, editionAt, updatedAt), body)
}

// liveEdition returns the working copy of a published article as readers see it.
func liveEdition(
	a *cms.Article, refs []cms.RefID, editionAt, updatedAt time.Time,
) *cms.Edition {
	return &cms.Edition{
		ArticleID: a.ID, Number: a.Editions, Live: true, Content: a.Content, Refs: refs,
		GroupID:     a.GroupID,
		Digest:      a.Digest,
		PublishedAt: *a.PublishedAt, EditionAt: editionAt, CreatedAt: a.CreatedAt,
		UpdatedAt: updatedAt,
	}
}
