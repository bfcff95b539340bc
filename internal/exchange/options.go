package exchange

import "time"

// Options say how the items of a source are read. The zero value is valid.
type Options struct {
	Mapping Mapping        // which source fields our fields are read from
	Zone    *time.Location // of dates without a time zone; nil is UTC

	// Locale is the default language of the source. Its pages come before their translations.
	Locale string

	// FileDates dates a Markdown file that states no date by its time of modification.
	FileDates bool

	// KeepUnknown moves the fields without a counterpart here to extra.
	KeepUnknown bool

	// Categories is what becomes of categories and sections.
	Categories Categories

	// Markup is what becomes of template markup that has no counterpart here.
	Markup MarkupPolicy

	// ArticleURL returns the address an article of the source will have; empty if not known.
	ArticleURL func(it *Item, slug string) string

	// PassedOver, if not nil, is called with the name of each file that is not read.
	PassedOver func(name string)
}

// record returns the fields of an item.
func (o *Options) record(values map[string]any) *record {
	r := o.Mapping.record(values)
	r.zone = o.Zone
	r.keepUnknown = o.KeepUnknown
	r.categories = o.Categories
	return r
}
