package api

import "github.com/masthead-cms/masthead/internal/cms"

// ProblemStatuses are all words that a problem can carry, with the status each comes with, for tests from outside.
func ProblemStatuses() map[cms.Code]int {
	words := map[cms.Code]int{}
	for word, status := range statuses {
		words[word] = status
	}
	for status, word := range httpCodes {
		words[word] = status
	}
	return words
}
