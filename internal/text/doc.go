// Package text knows the letters of the world's scripts: the slug of a title, whether two names are
// the same, the order of titles, the direction of a text and the number of its words. It never
// knows articles, tags, HTTP or SQL, and never changes what an editor wrote: what it returns is
// stored beside the text.
package text
