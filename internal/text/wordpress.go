package text

import "regexp"

var wordPressID = regexp.MustCompile(
	`\?(?:[^#]*&)?((?:p|page_id|attachment_id)=[0-9]{1,18})(?:[&#]|$)`)

// WordPressID returns the part of an address's query by which WordPress finds a page at the root of
// a site, such as p=77; empty if there is none.
func WordPressID(address string) string {
	if m := wordPressID.FindStringSubmatch(address); m != nil {
		return m[1]
	}
	return ""
}
