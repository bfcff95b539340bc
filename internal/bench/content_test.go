package main

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/text"
)

const bodyWords = 320 // about 2 KB

// topicWord is a word that nobody uses but in the articles of a topic.
func topicWord(topic int) string { return "x" + syllables(topic) }

// written is an article with what belongs to it.
type written struct {
	article cms.Article
	text    cms.Text
	refs    []cms.RefID
}

// all are the articles, the oldest first. Of the tags each carries the first, one of the next fifty
// and one of the rest; it is in one of the sections, and by one of the authors.
func (w *writer) all(tags []*cms.Tag, in, by []cms.ID) iter.Seq[*written] {
	return func(yield func(*written) bool) {
		for i := range w.articles {
			a := w.article(i)
			for _, tag := range []int{0, 1 + i%sections, 1 + sections + i%w.topics()} {
				a.refs = append(a.refs, cms.RefID{Noun: cms.TagNoun, ID: tags[tag].ID})
			}
			a.refs = append(a.refs, cms.RefID{Noun: cms.SectionNoun, ID: in[part(i)]},
				cms.RefID{Noun: cms.AuthorNoun, ID: by[person(i)], Role: string(cms.AsAuthor)})
			if !yield(a) {
				return
			}
		}
	}
}

// article is article i as it is once it has been published.
func (w *writer) article(i int) *written {
	at := newest.Add(-time.Duration(w.articles-1-i) * betweenPieces)
	title := w.sentence(7)
	locale := "en"
	if i%5 == 0 {
		locale = "fr"
	}
	return &written{
		article: cms.Article{
			ID: newID(), Version: 2, Status: cms.Published, PublishedAt: &at, Editions: 1, CreatedAt: at, UpdatedAt: at,
			Content: cms.Content{
				ArticleDetails: cms.ArticleDetails{
					Title: title, Slug: fmt.Sprintf("article-%d", i), Locale: locale,
					Type:    cms.ArticleTypes[w.rand.IntN(len(cms.ArticleTypes))],
					Summary: w.sentence(25), Byline: w.sentence(2), Extra: "{}",
				},
				TitleKey: text.Key(title), Direction: "ltr", WordCount: bodyWords,
			},
		},
		text: cms.Text{
			Format:  cms.HTML,
			HTML:    w.body(i % w.topics()),
			Outline: []cms.Heading{{Level: 2, Text: w.sentence(4), ID: "h-1"}},
		},
	}
}

// tags are all tags: the first is for all articles, each of the next fifty for one of fifty, each
// of the rest for 25.
func (w *writer) tags() []*cms.Tag {
	names := []string{"Common"}
	for i := range sections {
		names = append(names, fmt.Sprintf("Section %d", i))
	}
	for i := range w.topics() {
		names = append(names, fmt.Sprintf("Topic %d", i))
	}
	tags := make([]*cms.Tag, len(names))
	for i, name := range names {
		tags[i] = &cms.Tag{
			Base:    cms.Base{Record: cms.Record{ID: newID(), Version: 1}, Slug: text.Slug(name)},
			Name:    name,
			NameKey: text.NameKey(name),
		}
	}
	return tags
}

// body is ten paragraphs with the word of the topic.
func (w *writer) body(topic int) string {
	var b strings.Builder
	for range 10 {
		b.WriteString("<p>")
		for range bodyWords / 10 / 16 {
			b.WriteString(w.sentence(16) + ". ")
		}
		b.WriteString("</p>\n")
	}
	fmt.Fprintf(&b, "<p>Of the %s.</p>\n", topicWord(topic))
	return b.String()
}

func newID() cms.ID { return cms.ID(uuid.Must(uuid.NewV7()).String()) }
