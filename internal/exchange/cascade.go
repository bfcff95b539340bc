package exchange

import (
	"cmp"
	"errors"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"
)

// cascade is a set of fields that the page of a folder gives to the pages below it, as in Hugo.
type cascade struct {
	fields map[string]any
	locale string                    // of the folder's page
	target map[string]*regexp.Regexp // what a page must be, by path, kind, lang and environment
}

// readPages reads the pages of folders for their names and what they give to the pages below them,
// and those of authors for their records. The reason why one cannot be read is kept in its page.
func (f *folder) readPages() {
	for i := range f.pages {
		p := &f.pages[i]
		author := authorPage(p.file)
		if p.err != nil || !isSectionPage(p.file) && author == "" {
			continue
		}
		var fields map[string]any
		fields, p.err = f.readFields(p)
		if author != "" {
			f.addAuthor(author, fields)
		}
		dir := path.Dir(p.file)
		var r record
		if name, ok := r.nameOf(fields); ok && isSectionPage(p.file) && f.names[dir] == "" {
			f.names[dir] = name
		}
		if found := cascadesOf(fields, p.locale); found != nil && isSectionPage(p.file) {
			f.cascades[dir] = append(f.cascades[dir], found...)
		}
	}
}

// readFields returns the front matter of a page, nil if it has none.
func (f *folder) readFields(p *page) (map[string]any, error) {
	raw, _, err := readWhole(f.fsys, p.file)
	if err != nil {
		return nil, errorWithoutPath(err)
	}
	if !utf8.Valid(raw) {
		return nil, errors.New("not valid UTF-8")
	}
	text, _ := scrub(strings.TrimPrefix(string(raw), byteOrderMark))
	m, err := parseDocument(text)
	if errors.Is(err, errNoFrontMatter) {
		return nil, nil
	}
	return m.fields, err
}

// cascadesOf returns the cascades of a folder's page, the first one to be preferred.
func cascadesOf(fields map[string]any, locale string) (found []cascade) {
	for _, name := range sortedKeys(fields) {
		if fold(name) != "cascade" {
			continue
		}
		tables, isList := fields[name].([]any)
		if !isList {
			tables = []any{fields[name]}
		}
		for _, value := range tables {
			if table, ok := value.(map[string]any); ok {
				found = append(found, newCascade(table, locale))
			}
		}
	}
	return found
}

// newCascade returns the cascade in a table: fields, also those in params, and the target.
func newCascade(table map[string]any, locale string) cascade {
	c := cascade{fields: map[string]any{}, locale: locale, target: map[string]*regexp.Regexp{}}
	for _, name := range sortedKeys(table) {
		inner, _ := table[name].(map[string]any)
		switch fold(name) {
		case "target":
			for key, value := range inner {
				if glob := textOf(value); glob != "" {
					c.target[fold(key)] = globPattern(glob)
				}
			}
		case "params":
			mergeInto(c.fields, []any{inner})
		default:
			c.fields[name] = table[name]
		}
	}
	return c
}

// reaches reports whether a cascade is meant for an article of its folder.
func (f *folder) reaches(c *cascade, p page) bool {
	locale, own := cmp.Or(p.locale, f.Locale), cmp.Or(c.locale, f.Locale)
	if !strings.EqualFold(locale, own) {
		return false
	}
	name := "/" + strings.TrimSuffix(p.group, "/index")
	for key, values := range map[string][]string{
		"path":        {name, strings.TrimPrefix(name, "/content")},
		"kind":        {"page"},
		"lang":        {locale},
		"environment": {"production"},
	} {
		if pattern := c.target[key]; pattern != nil && !matchesAny(pattern, values) {
			return false
		}
	}
	return true
}

func matchesAny(pattern *regexp.Regexp, values []string) bool {
	for _, value := range values {
		if pattern.MatchString(value) {
			return true
		}
	}
	return false
}

// inherit returns the fields of an article with those that the pages of its folders give it. Its
// own come first, then those of the nearest folder.
func (f *folder) inherit(fields map[string]any, p page) map[string]any {
	if len(f.cascades) == 0 {
		return fields
	}
	all := map[string]any{}
	stated := map[string]bool{}
	add := func(more map[string]any) {
		for _, name := range sortedKeys(more) {
			if !stated[fold(name)] {
				all[name] = more[name]
			}
		}
		for name := range more {
			stated[fold(name)] = true
		}
	}
	add(fields)
	for dir := path.Dir(p.file); ; dir = path.Dir(dir) {
		for i := range f.cascades[dir] {
			if c := &f.cascades[dir][i]; f.reaches(c, p) {
				add(c.fields)
			}
		}
		if dir == "." {
			return all
		}
	}
}

// globPattern compiles a glob of Hugo, in which * stands for no slashes, ** also for slashes, and
// {a,b} for either. Case does not matter.
func globPattern(glob string) *regexp.Regexp {
	expr := "(?i)^"
	depth := 0
	for len(glob) > 0 {
		c, size := utf8.DecodeRuneInString(glob)
		switch {
		case strings.HasPrefix(glob, "**"):
			expr += ".*"
			size = len("**")
		case c == '*':
			expr += "[^/]*"
		case c == '?':
			expr += "[^/]"
		case c == '{':
			expr += "(?:"
			depth++
		case c == '}' && depth > 0:
			expr += ")"
			depth--
		case c == ',' && depth > 0:
			expr += "|"
		default:
			expr += regexp.QuoteMeta(glob[:size])
		}
		glob = glob[size:]
	}
	return regexp.MustCompile(expr + strings.Repeat(")", depth) + "$")
}
