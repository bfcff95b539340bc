package cms

import "slices"

// Sorts returns the words of sort=: each field that a list can be ordered by, and with a minus the
// order turned round; and relevance, which puts the best answers to a question in words first.
func (f Fields) Sorts() []string {
	words := []string{ByRelevance}
	for _, field := range f {
		if field.Sort {
			words = append(words, field.Name, "-"+field.Name)
		}
	}
	return words
}

// Facets returns the words of facets=.
func (f Fields) Facets() []string {
	return f.distinct(func(field Field) string { return field.Facet })
}

// Includes returns the words of include=.
func (f Fields) Includes() []string {
	return f.distinct(func(field Field) string { return field.Include })
}

func (f Fields) distinct(word func(Field) string) []string {
	var words []string
	for _, field := range f {
		if w := word(field); w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}
