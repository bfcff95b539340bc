package exchange

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxItemBytes is the most bytes a Markdown file or a line of JSON can have.
const maxItemBytes = 16 << 20

// languages are the codes of ISO 639-1 and a few of ISO 639-3. File names such as about.usa.gov.md
// and node.js.md show why not every short suffix is a language.
const languages = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu " +
	"cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi " +
	"ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks " +
	"ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl " +
	"nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl " +
	"sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve " +
	"vi vo wa wo xh yi yo za zh zu ckb fil haw kmr prs yue"

// Markdown reads the Markdown files (.md, .markdown) of a folder and its subfolders in lexical
// order. Each file yields one item; a file that is not an article, or cannot be read, yields an
// item with Skip set. Other files, and hidden files and folders, are ignored.
func Markdown(fsys fs.FS) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		// The walk returns no error, since the function below never does.
		_ = fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				it, _ := newFileItem(name)
				it.skip(0, "cannot be read: %s", errorWithoutPath(err))
				if !yield(it) {
					return fs.SkipAll
				}
				return fs.SkipDir
			}
			hidden := name != "." && strings.HasPrefix(entry.Name(), ".")
			switch {
			case entry.IsDir() && hidden:
				return fs.SkipDir
			case entry.IsDir() || hidden || !isMarkdown(name):
				return nil
			}
			if !yield(readFile(fsys, name)) {
				return fs.SkipAll
			}
			return nil
		})
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

// readFile reads one file into an item, whatever it contains.
func readFile(fsys fs.FS, name string) Item {
	it, ok := newFileItem(name)
	if !ok {
		it.skip(0, "its name is not clean text: invalid UTF-8 or control characters")
		return it
	}
	if strings.HasPrefix(path.Base(name), "_index.") {
		it.skip(0, "a section page (%s)", path.Base(name))
		return it
	}
	raw, err := readWhole(fsys, name)
	if err != nil {
		it.skip(0, "cannot be read: %s", errorWithoutPath(err))
		return it
	}
	if !utf8.Valid(raw) {
		it.skip(0, "not valid UTF-8")
		return it
	}
	fillFromText(&it, string(raw))
	return it
}

// readWhole reads a regular file; reading a pipe or device might never end.
func readWhole(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() // only read
	raw, err := io.ReadAll(io.LimitReader(file, maxItemBytes+1))
	if err == nil && len(raw) > maxItemBytes {
		return nil, errors.New("larger than 16 MiB")
	}
	return raw, err
}

// fillFromText parses a file's text into it, whose Key and File are set.
func fillFromText(it *Item, text string) {
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
	r := newRecord(m.fields)
	r.splitsAtSpaces, r.controlsRemoved = m.yaml, dropped
	it.Body = m.body
	for _, name := range m.repeated {
		it.note("the field “%s” is there twice; the last one counts", shorten(name))
	}
	it.Draft = slices.Contains(strings.Split(it.File, "/"), "_drafts")
	if err := r.fill(it); err != nil {
		line := m.firstLine
		var trouble *fieldError
		if errors.As(err, &trouble) {
			line = m.lineOf(trouble.name)
		}
		it.skip(line, "%s", err)
		return
	}
	addFromName(it, r)
	addTitle(it)
	r.finish(it)
}

// addFromName sets locale, slug and date from the item's old URL and file name where no field does.
func addFromName(it *Item, r *record) {
	name := parseFileName(it.File)
	if it.Locale == "" {
		it.Locale = name.locale
	}
	address := ""
	for _, key := range []string{"path", "url", "permalink"} {
		if f := r.fields[key]; f != nil && address == "" && textOf(f.value) != "" {
			address, f.used = r.clean(textOf(f.value)), true
		}
	}
	if it.Slug == "" {
		it.Slug = lastSegment(address)
	}
	if it.Slug == "" {
		it.Slug = name.slug
	}
	if it.PublishedAt != nil {
		return
	}
	if !name.date.IsZero() {
		it.PublishedAt = &name.date
	} else if date, ok := dateInPath(address); ok {
		it.PublishedAt = &date
	}
}

// addTitle sets the title of an item whose fields have none: the first heading, or the file's name.
func addTitle(it *Item) {
	if it.Title != "" {
		return
	}
	if it.Title = firstHeading(it.Body); it.Title != "" {
		it.note("title taken from the first heading")
		return
	}
	if it.Body == "" {
		it.skip(0, "no title and no text")
		return
	}
	words := strings.NewReplacer("-", " ", "_", " ").Replace(parseFileName(it.File).slug)
	if words = oneLine(words); words == "" {
		it.skip(0, "no title")
		return
	}
	first, size := utf8.DecodeRuneInString(words)
	it.Title = string(unicode.ToUpper(first)) + words[size:]
	it.note("title made from the file's name")
}

// firstHeading returns the text of the first level 1 heading outside a code block.
func firstHeading(body string) string {
	fence := ""
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		switch {
		case fence != "":
			if strings.HasPrefix(line, fence) {
				fence = ""
			}
		case strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~"):
			fence = line[:3]
		case strings.HasPrefix(line, "# "):
			text := strings.TrimSpace(line[2:])
			if i := strings.LastIndexByte(text, ' '); strings.Trim(text[i+1:], "#") == "" {
				text = text[:i+1] // closing number signs
			}
			if title, _ := scrub(plain(text)); title != "" {
				return oneLine(title)
			}
		}
	}
	return ""
}

// fileName is what a file's path states. Fields it does not state are zero.
type fileName struct {
	slug, locale string
	date         time.Time
}

// parseFileName parses a path such as 2020-01-02-slug.ar.md. For index.md it parses the folder's
// name.
func parseFileName(file string) fileName {
	var name fileName
	stem := path.Base(file)
	stem = stem[:len(stem)-len(path.Ext(stem))]
	if i := strings.LastIndexByte(stem, '.'); i > 0 && isLanguage(stem[i+1:]) {
		stem, name.locale = stem[:i], stem[i+1:]
	}
	if stem == "index" {
		if stem = path.Base(path.Dir(file)); stem == "." {
			return name
		}
	}
	name.date, name.slug = splitDate(stem)
	return name
}

// isLanguage reports whether a suffix is a language, alone or with a region: ar, pt-br, zh-hant.
func isLanguage(s string) bool {
	language, region, split := strings.Cut(s, "-")
	if split && len(region) != 2 && len(region) != 4 {
		return false
	}
	return slices.Contains(strings.Fields(languages), strings.ToLower(language))
}

// splitDate splits a name that begins with a date, or a date and a time, into the date and the
// rest.
func splitDate(stem string) (time.Time, string) {
	parts := strings.SplitN(stem, "-", 4)
	if len(parts) == 3 {
		if day, rest, ok := strings.Cut(parts[2], "_"); ok {
			parts = []string{parts[0], parts[1], day, rest}
		}
	}
	if len(parts) < 3 || len(parts[0]) != 4 {
		return time.Time{}, stem
	}
	date, err := parseTime(strings.Join(parts[:3], "-"))
	if err != nil {
		return time.Time{}, stem
	}
	if len(parts) == 4 {
		if slug := strings.Trim(parts[3], "-_ "); slug != "" {
			return date, slug
		}
	}
	return date, stem
}

// lastSegment returns the last segment of a URL or path, without a file suffix. It is empty for a
// pattern such as /:year/:title/.
func lastSegment(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		_, address, _ = strings.Cut(rest, "/")
	}
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	address = strings.Trim(strings.TrimSpace(address), "/")
	address = strings.TrimSuffix(strings.TrimSuffix(address, "index.html"), "/")
	last := address[strings.LastIndexByte(address, '/')+1:]
	for _, suffix := range []string{".html", ".htm", ".php", ".md"} {
		last = strings.TrimSuffix(last, suffix)
	}
	if strings.ContainsAny(last, ":{}") {
		return ""
	}
	if whole, err := url.PathUnescape(last); err == nil && utf8.ValidString(whole) {
		last, _ = scrub(whole)
	}
	return strings.TrimSpace(last)
}
