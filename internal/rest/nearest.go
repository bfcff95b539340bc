package rest

import (
	"fmt"

	"github.com/masthead-cms/masthead/internal/text"
)

// didYouMean ends a sentence about an unknown name with the nearest known one, if one is near.
func didYouMean(name string, known []string) string {
	best := text.Nearest(name, known)
	if best == "" {
		return "."
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// shownBytes is how much of a name that was sent an error quotes.
const shownBytes = 100

// excerpt returns the beginning of what was sent, for quoting. A response would else be many times
// as long as the request.
func excerpt(s string) string {
	for i := range s {
		if i > shownBytes {
			return s[:i] + "…"
		}
	}
	return s
}
