package cms

import (
	"slices"
	"time"
)

// InputOf returns what an editor may set of an article, as it is.
func InputOf(a *Article, t *Text, tags []ID) ArticleInput {
	refs := make([]string, len(tags))
	for i, tag := range tags {
		refs[i] = string(tag)
	}
	return ArticleInput{
		Title: a.Title, Slug: a.Slug, Type: a.Type, Locale: a.Locale, Kicker: a.Kicker,
		Summary: a.Summary,
		Body:    t.Body, BodyFormat: t.Format, Dateline: a.Dateline, Byline: a.Byline, Tags: refs,
		Source:       Source{Name: a.SourceName, URL: a.SourceURL, License: a.SourceLicense},
		CanonicalURL: a.CanonicalURL, Extra: a.Extra, PublishedAt: a.PublishedAt,
		Meta: Meta{Title: a.MetaTitle, Description: a.MetaDescription, NoIndex: a.NoIndex},
	}
}

// ChangedFields returns the names, as the API has them, of the fields that differ between two
// working copies.
func ChangedFields(was, is ArticleInput) []string {
	var fields []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"title", was.Title == is.Title}, {"slug", was.Slug == is.Slug},
		{"type", was.Type == is.Type},
		{"locale", was.Locale == is.Locale}, {"kicker", was.Kicker == is.Kicker},
		{"summary", was.Summary == is.Summary},
		{"body", was.Body == is.Body}, {"body_format", was.BodyFormat == is.BodyFormat},
		{"dateline", was.Dateline == is.Dateline}, {"byline", was.Byline == is.Byline},
		{"tags", slices.Equal(was.Tags, is.Tags)},
		{"source", was.Source == is.Source}, {"canonical_url", was.CanonicalURL == is.CanonicalURL},
		{"meta", was.Meta == is.Meta},
		{"extra", was.Extra == is.Extra},
		{"published_at", sameTime(was.PublishedAt, is.PublishedAt)},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}

func sameTime(a, b *time.Time) bool {
	return a == b || (a != nil && b != nil && a.Equal(*b))
}
