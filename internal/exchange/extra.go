package exchange

import (
	"regexp"
	"slices"
	"strings"
)

// Categories says what becomes of the categories of items.
type Categories int

// The choices.
const (
	CategoriesAsTags     Categories = iota
	CategoriesAsSections            // behind the sections that an item states
	CategoriesInExtra               // extra.categories, apart from tags
)

// categoryFields are the folded names of the fields with categories.
var categoryFields = []string{"categories", "category", "taxonomies.categories"}

// tags sets an item's tags, and records which fields they come from.
func (r *record) tags(it *Item) {
	if r.categories != CategoriesAsTags {
		it.Tags = r.names("tags", categoryFields...)
		return
	}
	it.Tags = r.names("tags")
	for _, name := range categoryFields {
		if f := r.fields[name]; f != nil && f.used {
			it.TagFields = append(it.TagFields, f.name)
		}
	}
}

// addToExtra sets the site's own fields: the field extra and, if they are kept there, the
// categories and sections.
func (r *record) addToExtra(it *Item) {
	it.Extra = r.extra()
	if r.categories == CategoriesInExtra {
		it.addNames("categories", r.namesIn(categoryFields))
	}
	if r.sectionsFrom == SectionsInExtra {
		it.addNames("sections", r.names("sections"))
	}
}

// namesIn returns the names in fields that are not used yet.
func (r *record) namesIn(fields []string) []string {
	var names []string
	for _, name := range fields {
		f := r.unused(name)
		if f == nil {
			continue
		}
		if found, ok := r.splitNames(f); ok {
			f.used = true
			names = append(names, found...)
		}
	}
	return names
}

// addNames sets a field of extra to a list of names, unless there are none.
func (it *Item) addNames(key string, names []string) {
	var list []any
	for _, name := range names {
		list = append(list, name)
	}
	if list != nil {
		it.setExtra(key, list)
	}
}

// setExtra sets a field of extra unless it is there.
func (it *Item) setExtra(key string, value any) {
	if it.Extra == nil {
		it.Extra = map[string]any{}
	}
	if _, there := it.Extra[key]; !there {
		it.Extra[key] = value
	}
}

// moveUnknown moves the fields without a counterpart here to extra.
func (r *record) moveUnknown(it *Item) {
	for _, f := range r.unknown() {
		key := r.clean(f.name)
		for _, taken := it.Extra[key]; taken; _, taken = it.Extra[key] {
			key += "_"
		}
		it.setExtra(key, r.plainValue(f.value))
		it.Kept = append(it.Kept, shorten(f.name))
	}
	slices.Sort(it.Kept)
	it.Kept = slices.Compact(it.Kept)
}

var (
	markdownLink     = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	markdownEmphasis = regexp.MustCompile("\\*+|__|`|\\b_|_\\b")
	byWord           = regexp.MustCompile(`(?i)^\s*by:?\s+`)
)

// plainNames removes Markdown, and the word by in front, from names: a text, or a list of texts.
func plainNames(value any) any {
	switch value := value.(type) {
	case string:
		value = markdownLink.ReplaceAllString(value, "$1")
		value = markdownEmphasis.ReplaceAllString(value, "")
		return strings.TrimSpace(byWord.ReplaceAllString(value, ""))
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = plainNames(value[i])
		}
		return list
	}
	return value
}
