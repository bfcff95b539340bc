// Package demo contains a newspaper for a new site, so that a first look at the newsroom finds
// something to read: articles, as a folder of Markdown files with front matter, and all that stands
// around them. It never knows how any of it is read, stored or shown.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed content/*.md content/pictures content/falcon.wav
var files embed.FS

// Content returns the demonstration site: at its root one Markdown file for each article, with YAML
// front matter as the Markdown import reads it, and the pictures and the sound that they show.
// Articles link to one another by slug, so they should be imported together.
func Content() fs.FS {
	content, err := fs.Sub(files, "content")
	if err != nil {
		return files // Sub refuses only a malformed name
	}
	return content
}

// Logo is the file of the site's logo in its content.
const Logo = "pictures/logo.png"
