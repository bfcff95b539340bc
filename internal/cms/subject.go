package cms

// Subject is something that answers to readers are made of, and that changes as a whole: what is kept of an answer is good
// until one of its subjects changes. Its name has no spaces, commas or quotes, so that it can stand in a header.
type Subject string

// The subjects that are there once.
const (
	AllArticles Subject = "list:articles" // which articles are live, and what lists show of them
	AllTags     Subject = "list:tags"     // which tags there are, their names and their places
	AllLinks    Subject = "list:links"    // the related links of all articles
)

// ArticleSubject is what readers see of one article, its related links among it.
func ArticleSubject(id ID) Subject { return "article:" + Subject(id) }

// TagSubject is a tag as articles show it.
func TagSubject(id ID) Subject { return "tag:" + Subject(id) }

// TaggedSubject is which live articles carry a tag, and what lists show of them.
func TaggedSubject(id ID) Subject { return "list:tag:" + Subject(id) }

// Subjects are what the answer is made of that shows one article whole.
func (s *Story) Subjects() []Subject {
	subjects := []Subject{ArticleSubject(s.ID())}
	for _, t := range s.Tags {
		subjects = append(subjects, TagSubject(t.ID))
	}
	return subjects
}

// Subjects are what the answer is made of that shows a list of articles. A list that only articles with certain tags can
// stand in changes with those alone.
func (s *Stories) Subjects(q ArticleQuery) []Subject {
	subjects := []Subject{AllTags}
	for _, id := range s.Within {
		subjects = append(subjects, TaggedSubject(id))
	}
	if s.Within == nil || q.WithLinks {
		subjects = append(subjects, AllArticles)
	}
	if q.WithLinks {
		subjects = append(subjects, AllLinks)
	}
	return subjects
}
