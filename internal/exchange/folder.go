package exchange

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// folder is a folder of Markdown files.
type folder struct {
	Options
	fsys   fs.FS
	pages  []page
	index  *linkIndex     // nil until it is needed
	groups map[string]int // how many pages say the same in other languages, by group

	cascades map[string][]cascade // what the pages of a folder give to those below, by folder
	authors  map[string]Author    // records of authors by the keys that items refer to them with
	names    map[string]string    // of folders, as their pages state them
	files    *pictureFiles
}

// page is a Markdown file, or a file or folder that cannot be read. The error of a folder's or an
// author's page is about its front matter.
type page struct {
	file   string
	err    error
	locale string // stated by its name or its folder; empty if neither does
	group  string // the path that all translations of it share
}

// newFolder finds the pages of a folder.
func newFolder(fsys fs.FS, options Options) *folder {
	f := &folder{
		Options:  options,
		fsys:     fsys,
		groups:   map[string]int{},
		cascades: map[string][]cascade{},
		authors:  map[string]Author{},
		names:    map[string]string{},
		files:    newPictureFiles(fsys),
	}
	// The walk returns no error, since visit never does.
	_ = fs.WalkDir(fsys, ".", f.visit)
	languages := f.languageFolders()
	for i := range f.pages {
		p := &f.pages[i]
		p.locale, p.group = splitLanguage(p.file, languages)
		if !isSectionPage(p.file) {
			f.groups[p.group]++
		}
	}
	f.readPages()
	slices.SortStableFunc(f.pages, func(a, b page) int { return f.turn(a) - f.turn(b) })
	return f
}

// visit adds what a walk finds to the pages.
func (f *folder) visit(name string, entry fs.DirEntry, err error) error {
	if err != nil {
		f.pages = append(f.pages, page{file: name, err: err})
		return fs.SkipDir
	}
	hidden := name != "." && strings.HasPrefix(entry.Name(), ".")
	switch {
	case entry.IsDir() && hidden:
		return fs.SkipDir
	case entry.IsDir() || hidden:
	case isMarkdown(name):
		f.pages = append(f.pages, page{file: name})
	case isAuthorData(name) && f.addAuthors(name) == nil:
	default:
		f.files.add(name)
		if f.PassedOver != nil {
			f.PassedOver(name)
		}
	}
	return nil
}

// turn is 1 for pages in other languages than the default, which come after the others: the
// default language gets the slug that translations share.
func (f *folder) turn(p page) int {
	if p.locale == "" || f.groups[p.group] < 2 || f.isDefault(p.locale) {
		return 0
	}
	return 1
}

// isDefault reports whether a locale is in the default language.
func (f *folder) isDefault(locale string) bool {
	language, _, _ := strings.Cut(f.Locale, "-")
	other, _, _ := strings.Cut(locale, "-")
	return strings.EqualFold(language, other)
}

// contentFolders are names of folders that contain one folder for each language.
var contentFolders = []string{"content", "src", "posts", "_posts", "blog", "docs", "pages", "i18n",
	"news", "articles"}

// wordCodes are codes of languages that are also English words or abbreviations, so that a folder
// of that name may be about something else.
const wordCodes = "ae am as av be br ch co cs cv ee fi fo gu he hi ho hr ht ia id ie ii io is it " +
	"la li mg mi ml mo mr ms mt my na no nr oc om or os pa pi ps qu so st te th ti to tv tw wo"

// languageFolders returns the folders that are named for a language: at the root or in a content
// folder. A name that is also a word counts only beside another language.
func (f *folder) languageFolders() map[string]bool {
	found := map[string]bool{}
	beside := map[string]int{}
	for _, p := range f.pages {
		for dir := path.Dir(p.file); dir != "."; dir = path.Dir(dir) {
			if !found[dir] && isLanguage(path.Base(dir)) && inContentFolder(dir) {
				found[dir] = true
				beside[path.Dir(dir)]++
			}
		}
	}
	for dir := range found {
		isWord := slices.Contains(strings.Fields(wordCodes), strings.ToLower(path.Base(dir)))
		if isWord && beside[path.Dir(dir)] < 2 {
			delete(found, dir)
		}
	}
	return found
}

func inContentFolder(dir string) bool {
	for dir = path.Dir(dir); dir != "."; dir = path.Dir(dir) {
		if !slices.Contains(contentFolders, path.Base(dir)) {
			return false
		}
	}
	return true
}

// splitLanguage returns the language that a file's name or folder states, and the path without it.
func splitLanguage(file string, languages map[string]bool) (locale, rest string) {
	dir, base := path.Split(file)
	ext := path.Ext(base)
	stem := strings.TrimSuffix(base, ext)
	if i := strings.LastIndexByte(stem, '.'); i > 0 && isLanguage(stem[i+1:]) {
		return canonicalCase(stem[i+1:]), dir + stem[:i]
	}
	for at := path.Clean(dir); at != "."; at = path.Dir(at) {
		if languages[at] {
			locale = canonicalCase(path.Base(at))
			dir = path.Join(path.Dir(at), strings.TrimPrefix(path.Clean(dir), at))
			return locale, path.Join(dir, stem)
		}
	}
	return "", path.Join(dir, stem)
}

// canonicalCase writes pt_BR as the tag pt-BR.
func canonicalCase(s string) string { return strings.ReplaceAll(s, "_", "-") }

// isSectionPage reports whether a file is the page of a folder, as Hugo and Zola name it.
func isSectionPage(file string) bool { return strings.HasPrefix(path.Base(file), "_index.") }
