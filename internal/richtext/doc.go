// Package richtext renders the body of an article, written in Markdown or HTML, as HTML that is
// safe to place in a page. It knows Markdown, HTML, which elements a news body needs and what makes
// a page unsafe. It never knows articles, HTTP or SQL, and never rejects a source: what cannot stay
// is removed, and the words around it remain.
//
// A body passes six steps; Markdown is converted to HTML first:
//
//	normalize  one pass over the tags makes a well-nested document of allowed elements
//	policy     the sanitiser removes every attribute and address that is not allowed
//	prune      what was left without a use is removed
//	shape      figures, galleries, embeds and asides get one form; media get their places
//	headings   headings get their ids; the outline and the text are collected
//	serialize  the tree becomes text again, always in the same form
//
// Everything is normalized before it is parsed, so that a browser, and this package itself, reads
// the result exactly as it was meant: rendering a rendered body again changes nothing.
package richtext
