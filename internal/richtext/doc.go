// Package richtext turns what an editor typed into what a browser may show. It knows Markdown and HTML, which elements
// a news body needs and what makes a page unsafe; it never knows articles, HTTP or SQL, and never refuses a text:
// whatever cannot stay is left out and the words around it remain.
//
// A body goes through four stations, Markdown first becoming HTML:
//
//	shape   one pass over the tags makes a well-nested document of known elements, at most maxDepth deep
//	policy  the sanitiser leaves only the attributes and addresses on its list
//	finish  the clean tree gets its heading ids, and gives up its outline and its words
//	write   the tree becomes text again, always in the same form
//
// Everything is shaped before it is parsed, so that a browser, and this package itself, reads the result exactly as it
// was meant: rendering a rendered body changes nothing.
package richtext
