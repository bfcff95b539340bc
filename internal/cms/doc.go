// Package cms holds the nouns of a newsroom and the rules they obey: articles and their editions,
// tags, related links, people and what each role may do. It says what is right, never how it is
// stored, sent or shown; it does not know the time of day (a rule that needs it is told), SQL,
// HTTP, JSON or any package but internal/text.
package cms
