package newsroom

import (
	"errors"
	"fmt"
	"strings"

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
func slugFor(db *store.DB, a *cms.Article, c cms.ArticleInput) (string, error) {
	if c.Slug != "" {
		owner, err := db.SlugOwner(c.Slug)
		switch {
		case errors.Is(err, store.ErrNotFound) || owner == a.ID:
			return c.Slug, nil
		case err != nil:
			return "", err
		}
		return "", slugTaken(db, a.ID, c.Slug, owner)
	}
	base := titleSlug(c)
	if isNumbered(a.Slug, base) {
		return a.Slug, nil
	}
	return freeSlug(db, a.ID, base)
}

// slugTaken returns the error for a slug that belongs to another article, also in the trash.
func slugTaken(db *store.DB, id cms.ID, slug string, owner cms.ID) error {
	free, err := freeSlug(db, id, slug)
	if err != nil {
		return err
	}
	other, err := db.Article(owner)
	if err != nil {
		return err
	}
	if other.TrashedAt != nil {
		return cms.FieldErrorf(cms.Duplicate, "slug", "taken",
			"The slug %q belongs to an article in the trash, or did once: %s. "+
				"Restore that one, or remove it for good to free the slug; %q is free.",
			slug, owner, free)
	}
	return cms.FieldErrorf(cms.Duplicate, "slug", "taken",
		"The slug %q belongs to another article, or did once: %s; %q is free.", slug, owner, free)
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
