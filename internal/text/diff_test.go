package text_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/text"
)

// sides are the two texts that pieces say.
func sides(pieces []text.DiffPiece) (from, to string) {
	for _, p := range pieces {
		if p.Op != text.DiffInsert {
			from += p.Text
		}
		if p.Op != text.DiffDelete {
			to += p.Text
		}
	}
	return from, to
}

func TestADiffSaysBothTexts(t *testing.T) {
	t.Parallel()
	words := []string{"the", " ", "river", ".", "\n", "نهرٌ", "水", "a", "", "\xff", "  ", "b", "é"}
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.SliceOfN(rapid.SampledFrom(words), 0, 60)
		from, to := strings.Join(one.Draw(t, "from"), ""), strings.Join(one.Draw(t, "to"), "")
		pieces := text.DiffWords(from, to)
		if a, b := sides(pieces); a != from || b != to {
			t.Fatalf("%q and %q are told as %q and %q", from, to, a, b)
		}
		for i, p := range pieces {
			if p.Text == "" || i > 0 && pieces[i-1].Op == p.Op {
				t.Fatalf("pieces that are none or could be one: %q", pieces)
			}
		}
	})
}

func TestADiffIsByWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, want string }{
		{"", "", ""},
		{"The river rises.", "The river rises.", "The river rises."},
		{"The river rises.", "The lake rises.", "The [-river][+lake] rises."},
		{"The river rises.", "The great river rises.", "The [+great ]river rises."},
		{"", "New.", "[+New.]"},
		{"Old.", "", "[-Old.]"},
		{"ارتفع النهرُ أمس", "ارتفعت مياه النهرُ أمس", "[-ارتفع][+ارتفعت مياه] النهرُ أمس"},
		{"كتبَ الولد", "كتبَت الولد", "[-كتبَ][+كتبَت] الولد"},
		{"one two three", "three two one", ""},
	} {
		pieces := text.DiffWords(c.from, c.to)
		if c.want == "" {
			continue
		}
		var got strings.Builder
		for _, p := range pieces {
			switch p.Op {
			case text.DiffInsert:
				fmt.Fprintf(&got, "[+%s]", p.Text)
			case text.DiffDelete:
				fmt.Fprintf(&got, "[-%s]", p.Text)
			default:
				got.WriteString(p.Text)
			}
		}
		if got.String() != c.want {
			t.Errorf("%q to %q: %s, want %s", c.from, c.to, got.String(), c.want)
		}
	}
}

// TestADiffOfALongArticleIsQuick compares 3,000 words with others, however much they differ.
func TestADiffOfALongArticleIsQuick(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	article := func(words int) []string {
		list := make([]string, words)
		for i := range list {
			list[i] = fmt.Sprint("word", r.IntN(1500))
		}
		return list
	}
	was := article(3000)
	some := slices.Clone(was)
	for range 90 {
		some[r.IntN(len(some))] = "another"
	}
	for name, is := range map[string][]string{
		"a few words": some, "all of it": article(3000), "the halves swapped": slices.Concat(was[1500:], was[:1500]),
		"a book": article(80_000),
	} {
		from, to := strings.Join(was, " "), strings.Join(is, " ")
		best := time.Hour
		for range 5 {
			begin := time.Now()
			pieces := text.DiffWords(from, to)
			best = min(best, time.Since(begin))
			if a, b := sides(pieces); a != from || b != to {
				t.Fatalf("%s: the pieces say something else", name)
			}
		}
		t.Logf("%s: %s", name, best)
		if limit := 50 * time.Millisecond; best > limit && name != "a book" {
			t.Errorf("%s: a diff takes %s, want at most %s", name, best, limit)
		}
	}
}
