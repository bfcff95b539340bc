package exchange

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxItemBytes is the most bytes a Markdown file or a line of JSON can have.
const maxItemBytes = 16 << 20

// Markdown reads the Markdown files (.md, .markdown) of a folder and its subfolders in lexical
// order, but pages in other languages after their counterparts in the default language. Each file
// yields one item; a file that is not an article, or cannot be read, yields an item with Skip set.
// Other files are passed to options.PassedOver; hidden files and folders are ignored.
func Markdown(fsys fs.FS, options Options) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		f := newFolder(fsys, options)
		for _, p := range f.pages {
			if !yield(f.read(p)) {
				return
			}
		}
	}
}

func isMarkdown(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".md" || ext == ".markdown"
}

// errorWithoutPath returns err without its path, which reports show anyway.
func errorWithoutPath(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// newFileItem returns an item for a path. The name in it is safe to print on a terminal; ok reports
// whether it equals the path.
func newFileItem(name string) (it Item, ok bool) {
	shown, _ := scrub(strings.ToValidUTF8(name, "\uFFFD"))
	return Item{Key: shown, File: shown}, shown == name
}

// read reads one file into an item, whatever it contains.
func (f *folder) read(p page) Item {
	it := f.parse(p)
	if it.Skip != "" {
		return it
	}
	var links linker
	if f.ArticleURL != nil {
		links = f.link
	}
	f.convertBody(&it, p.file, it.bodyLine, links, f.files)
	addTitle(&it)
	return it
}

// parse reads one file into an item, with its body as it is written.
func (f *folder) parse(p page) Item {
	it, ok := newFileItem(p.file)
	switch {
	case isSectionPage(p.file) && p.err != nil:
		it.skip(0, "a section page (%s); what it gives to the pages below it is not known: %s",
			path.Base(p.file), p.err)
		return it
	case isSectionPage(p.file):
		it.skip(0, "a section page (%s)", path.Base(p.file))
		return it
	case authorPage(p.file) != "":
		it.skip(0, "the page of an author")
		return it
	case p.err != nil:
		it.skip(0, "cannot be read: %s", errorWithoutPath(p.err))
		return it
	case !ok:
		it.skip(0, "its name is not clean text: invalid UTF-8 or control characters")
		return it
	}
	raw, modified, err := readWhole(f.fsys, p.file)
	if err != nil {
		it.skip(0, "cannot be read: %s", errorWithoutPath(err))
		return it
	}
	if !utf8.Valid(raw) {
		it.skip(0, "not valid UTF-8")
		return it
	}
	f.fillFromText(&it, p, string(raw))
	if it.Skip == "" && it.PublishedAt == nil && it.UpdatedAt == nil {
		f.dateByFile(&it, modified)
	}
	return it
}

// dateByFile dates an item that states no date by the first commit of its file, or if the options
// say so by when its file was modified.
func (f *folder) dateByFile(it *Item, modified time.Time) {
	if f.FirstCommit != nil {
		if committed, ok := f.FirstCommit(it.File); ok {
			it.PublishedAt = &committed
			it.note("dated by the first commit of its file")
			return
		}
	}
	if f.FileDates {
		modified = modified.UTC().Truncate(time.Second)
		it.PublishedAt = &modified
		it.note("dated by its file's time of modification")
	}
}

// readWhole reads a regular file, and when it was last modified; reading a pipe or device might
// never end.
func readWhole(fsys fs.FS, name string) (raw []byte, modified time.Time, err error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, modified, err
	}
	if !info.Mode().IsRegular() {
		return nil, modified, errors.New("not a regular file")
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, modified, err
	}
	defer file.Close() // only read
	raw, err = io.ReadAll(io.LimitReader(file, maxItemBytes+1))
	if err == nil && len(raw) > maxItemBytes {
		return nil, modified, errors.New("larger than 16 MiB")
	}
	return raw, info.ModTime(), err
}

// fillFromText parses a page's text into it, whose Key and File are set.
func (f *folder) fillFromText(it *Item, p page, text string) {
	text, dropped := scrub(strings.TrimPrefix(text, byteOrderMark))
	m, err := parseDocument(text)
	if err != nil {
		line := 0
		var trouble *frontMatterError
		if errors.As(err, &trouble) {
			line = trouble.line
		}
		it.skip(line, "%s", err)
		return
	}
	r := f.record(f.inherit(m.fields, p))
	r.splitsAtSpaces = m.yaml
	r.authors = f.authors
	r.files = f.files
	r.folderSection = f.sectionOf(p)
	r.controlsRemoved = dropped
	it.Body = m.body
	it.bodyLine = 1 + strings.Count(text[:len(strings.TrimRight(text, " \t\n"))-len(m.body)], "\n")
	for _, name := range m.repeated {
		it.note("the field “%s” is there twice; the last one counts", shorten(name))
	}
	it.Draft = slices.Contains(strings.Split(it.File, "/"), "_drafts")
	if err := f.fillFromRecord(it, r); err != nil {
		line := m.firstLine
		var trouble *fieldError
		if errors.As(err, &trouble) {
			line = m.lineOf(trouble.name)
		}
		it.skip(line, "%s", err)
		return
	}
	f.addFromName(it, r, p)
	r.finish(it)
}

// fillFromRecord sets an item's fields from its front matter. A mapping may name a key and a body.
func (f *folder) fillFromRecord(it *Item, r *record) error {
	if f.Mapping["id"] != "" {
		if key := r.trimmedText("id"); key != "" {
			it.Key = key
		}
	}
	if it.Body == "" && (f.Mapping["body"] != "" || f.Mapping["body_html"] != "") {
		if err := r.body(it); err != nil {
			return err
		}
	}
	return r.fill(it)
}

// addFromName sets locale, slug and date from the item's old URL and file name where no field does.
func (f *folder) addFromName(it *Item, r *record, p page) {
	name := parseFileName(it.File, f.Zone)
	if it.Locale == "" {
		it.Locale = p.locale
	}
	if it.TranslationKey == "" && f.groups[p.group] > 1 {
		it.TranslationKey = p.group
	}
	for _, key := range []string{"permalink", "path", "url"} {
		if field := r.fields[key]; field != nil && !field.used {
			it.setPermalink(r.clean(textOf(field.value)))
			field.used = it.Permalink != ""
		}
	}
	if it.Slug == "" {
		it.Slug = lastSegment(it.Permalink)
	}
	if it.Slug == "" {
		it.Slug = name.slug
		if f.turn(p) > 0 { // the default language has the plain slug
			it.Slug += "-" + strings.ToLower(p.locale)
		}
	}
	if it.PublishedAt != nil {
		return
	}
	if !name.date.IsZero() {
		it.PublishedAt = &name.date
	} else if date, ok := dateInPath(it.Permalink, f.Zone); ok {
		it.PublishedAt = &date
	}
}
