package exchange

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sections says where the sections of items come from.
type Sections int

// The choices.
const (
	SectionsInFields Sections = iota
	SectionsInFolder          // the first folder of a file's path, if no field states any
	SectionsInExtra           // nowhere; the fields are kept as extra.sections
)

// sections sets the sections that the fields of an item state.
func (r *record) sections(it *Item) {
	if r.sectionsFrom != SectionsInExtra {
		it.Sections = r.names("sections")
	}
	if it.Sections == nil && r.folderSection != "" {
		it.Sections = []string{r.folderSection}
	}
	if r.categories == CategoriesAsSections {
		it.Sections = distinct(append(it.Sections, r.namesIn(categoryFields)...))
	}
}

// wholeFolders are names of folders that contain all articles.
var wholeFolders = []string{"content", "src", "posts", "_posts", "pages", "i18n"}

// sectionOf returns the section that the first folder of a page's path stands for; empty if it
// stands for none. Folders that contain all articles are passed over, and those that stand for a
// language; a year is no section.
func (f *folder) sectionOf(p page) string {
	if f.Sections != SectionsInFolder {
		return ""
	}
	folders := strings.Split(path.Dir(p.file), "/")
	for i, folder := range folders {
		dir := path.Join(folders[:i+1]...)
		switch {
		case folder == "." || strings.HasPrefix(folder, "_"):
		case slices.Contains(wholeFolders, folder) && i < 2:
		case p.locale != "" && strings.EqualFold(canonicalCase(folder), p.locale):
		case strings.Trim(folder, "0123456789") == "":
			return ""
		default:
			return f.folderName(dir)
		}
	}
	return ""
}

// folderName returns the name of a folder: that of its page, or its own with spaces and a capital.
func (f *folder) folderName(dir string) string {
	if name := f.names[dir]; name != "" {
		return strings.ReplaceAll(name, "/", " ")
	}
	name := oneLine(decodePercent(strings.NewReplacer("-", " ", "_", " ").Replace(path.Base(dir))))
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}
