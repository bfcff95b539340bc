package exchange

import "time"

// Options say how the items of a source are read. The zero value is valid.
type Options struct {
	Mapping Mapping        // which source fields our fields are read from
	Zone    *time.Location // of dates without a time zone; nil is UTC

	// Locale is the default language of the source. Its pages come before their translations.
	Locale string

	// FirstCommit, if not nil, returns when a Markdown file was first committed. Files that state
	// no date are dated so.
	FirstCommit func(file string) (t time.Time, ok bool)

	// FileDates dates a Markdown file that has no date otherwise by its time of modification.
	FileDates bool

	// KeepUnknown moves the fields without a counterpart here to extra.
	KeepUnknown bool

	Categories Categories // what becomes of categories
	Sections   Sections   // where the sections of items come from

	// AuthorsInByline leaves the names of authors to the byline alone.
	AuthorsInByline bool

	// Markup is what becomes of template markup that has no counterpart here.
	Markup MarkupPolicy

	// ArticleURL returns the address an article of the source will have; empty if not known.
	ArticleURL func(it *Item, slug string) string

	// Picture, if not nil, makes a medium of a picture that an item shows and returns its id, empty
	// if there is none; it adds to the item's Pictures. FetchPictures also gives it those that lie
	// on the web.
	Picture       func(it *Item, p Picture) string
	FetchPictures bool

	// PassedOver, if not nil, is called with the name of each file that is not read.
	PassedOver func(name string)
}

// record returns the fields of an item.
func (o *Options) record(values map[string]any) *record {
	r := o.Mapping.record(values)
	r.zone = o.Zone
	r.keepUnknown = o.KeepUnknown
	r.pictures = o.Picture != nil
	r.categories = o.Categories
	r.sectionsFrom = o.Sections
	r.authorsInByline = o.AuthorsInByline
	return r
}
