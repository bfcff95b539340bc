package text_test

import (
	"testing"

	"github.com/masthead-cms/masthead/internal/text"
)

func TestTheNearestNameIsTheOneThatWasMeant(t *testing.T) {
	t.Parallel()
	known := []string{"title", "tags", "summary", "نهر"}
	for word, want := range map[string]string{"titel": "title", "tgas": "tags", "sumary": "summary",
		"نهار": "نهر", "colour": "", "": ""} {
		if got := text.Nearest(word, known); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}
