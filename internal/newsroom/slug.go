package newsroom

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// slugOwners finds the article that a slug belongs to, ErrNotFound if it is free.
type slugOwners interface {
	SlugOwner(slug string) (cms.ID, error)
}

// slugFor returns the slug of an article: the one asked for if it is free, the present one if it
// was made from the same title, else a new one made from the title.
func slugFor(db slugOwners, a *cms.Article, c cms.ArticleInput) (string, error) {
	if c.Slug != "" {
		owner, err := db.SlugOwner(c.Slug)
		switch {
		case errors.Is(err, store.ErrNotFound) || owner == a.ID:
			return c.Slug, nil
		case err != nil:
			return "", err
		}
		free, err := freeSlug(db, a.ID, c.Slug)
		if err != nil {
			return "", err
		}
		return "", cms.FieldErrorf(cms.Duplicate, "slug", "taken",
			"The slug %q belongs to another article, or did once; %q is free.", c.Slug, free)
	}
	base := titleSlug(c)
	if isNumbered(a.Slug, base) {
		return a.Slug, nil
	}
	return freeSlug(db, a.ID, base)
}

// titleSlug returns the slug made from a title, or from the article's type if the title has no
// letters.
func titleSlug(c cms.ArticleInput) string {
	if slug := text.Slug(c.Title); slug != "" {
		return slug
	}
	return strings.ReplaceAll(string(c.Type), "_", "-")
}

// isNumbered reports whether a slug is base, or base with a number behind it.
func isNumbered(slug, base string) bool {
	rest, ok := strings.CutPrefix(slug, base)
	return ok && (rest == "" ||
		(rest[0] == '-' && len(rest) > 1 && strings.Trim(rest[1:], "0123456789") == ""))
}

// freeSlug returns base, or base with the smallest number that no other article has or had.
func freeSlug(db slugOwners, id cms.ID, base string) (string, error) {
	return firstFree(base, func(slug string) (bool, error) {
		owner, err := db.SlugOwner(slug)
		return errors.Is(err, store.ErrNotFound) || owner == id, ignoreNotFound(err)
	})
}

// firstFree returns base, or base with the smallest number from 2 that is free. Numbers are given
// out without gaps, so doubling and then halving finds it in few look-ups.
func firstFree(base string, free func(slug string) (bool, error)) (string, error) {
	low, high := 0, 1 // low is taken; high is free once the first loop has ended
	for {
		ok, err := free(numbered(base, high))
		if err != nil {
			return "", err
		}
		if ok {
			break
		}
		low, high = high, high*2
	}
	for high-low > 1 {
		middle := (low + high) / 2
		ok, err := free(numbered(base, middle))
		if err != nil {
			return "", err
		}
		if ok {
			high = middle
		} else {
			low = middle
		}
	}
	return numbered(base, high), nil
}

// numbered returns base with a number behind it, from 2 on, within the length of a slug.
func numbered(base string, n int) string {
	if n == 1 {
		return base
	}
	suffix := fmt.Sprintf("-%d", n)
	for len(base)+len(suffix) > text.MaxSlug {
		r := []rune(base)
		base = strings.TrimRight(string(r[:len(r)-1]), "-")
	}
	return base + suffix
}

// normalizedSlug returns the slug that ref means where it is written in capitals, or with marks
// that slugs drop. It returns ref as it is if anything but letters, marks, digits and hyphens is in
// it.
func normalizedSlug(ref string) string {
	for _, r := range ref {
		if r != '-' && !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number) {
			return ref
		}
	}
	return text.Slug(ref)
}
