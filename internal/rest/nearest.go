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
