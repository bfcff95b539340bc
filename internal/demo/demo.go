// Package demo contains articles for a new site, so that a first look at the newsroom finds
// something to read. It knows a folder of Markdown files with front matter; it never knows how they
// are read, stored or shown.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed content/*.md
var files embed.FS

// Content returns the demonstration site: at its root one Markdown file for each article, with YAML
// front matter as the Markdown import reads it. Articles link to one another by slug, so they
// should be imported together.
func Content() fs.FS {
	content, err := fs.Sub(files, "content")
	if err != nil {
		return files // Sub refuses only a malformed name
	}
	return content
}
