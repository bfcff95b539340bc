package rest

import (
	"fmt"

	"github.com/masthead-cms/masthead/internal/text"
)

// didYouMean suggests the known name that is nearest to an unknown one, if one is near; it ends a sentence.
func didYouMean(name string, known []string) string {
	best := text.Nearest(name, known)
	if best == "" {
		return "."
	}
	return fmt.Sprintf("; did you mean %q?", best)
}
