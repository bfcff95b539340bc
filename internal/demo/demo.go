// Package demo holds the articles a new site can start with, so that a first look at the newsroom finds something to
// read. It knows a folder of Markdown files with front matter; it never knows how they are read, stored or shown.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed content/*.md
var files embed.FS

// Content is the demonstration site: one Markdown file an article, at the root, each with YAML front matter as the
// Markdown import reads it. Articles name one another by slug, so they are meant to be imported together.
func Content() fs.FS {
	content, err := fs.Sub(files, "content")
	if err != nil {
		return files // Sub refuses only a malformed name
	}
	return content
}
