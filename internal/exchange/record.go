package exchange

import (
	"slices"
	"strings"
	"unicode"
)

// aliases are the names by which other systems call our fields, in the order they are asked after the field's own name.
// Names are folded.
var aliases = map[string][]string{
	"locale":           {"lang", "language"},
	"summary":          {"description", "deck", "excerpt", "subtitle"},
	"body":             {"content"},
	"body_html":        {"html", "contenthtml"},
	"byline":           {"author", "authors"},
	"canonical_url":    {"canonical"},
	"source.name":      {"sourcename"},
	"source.url":       {"sourceurl"},
	"source.license":   {"sourcelicense", "license"},
	"meta.title":       {"seo.title", "metatitle", "seotitle"},
	"meta.description": {"seo.description", "metadescription", "seodescription"},
	"meta.noindex":     {"seo.noindex", "noindex"},
	"aliases":          {"alias", "redirectfrom"},
	"published_at":     {"date", "publishdate", "publisheddate", "pubdate", "datepublished"},
	"updated_at":       {"updated", "lastmod", "lastmodifiedat", "lastmodified", "modified", "datemodified"},
	"tags": {"tag", "topics", "topic", "categories", "category",
		"taxonomies.tags", "taxonomies.topics", "taxonomies.categories"},
}

// tables are the fields whose own fields are read one by one; the word is the one meant where a text stands for the table.
var tables = map[string]string{"source": "name", "meta": "", "seo": "", "taxonomies": ""}

// field is one value of a record under the name its source gives it.
type field struct {
	name  string
	value any
	used  bool
}

// record is the fields of one item. Whatever is not taken out of it by the end had no home here.
type record struct {
	fields  map[string]*field // by folded name, those of a table by both names joined by a dot
	lost    []string          // names of values that another field left no place for
	mapped  map[string]bool   // fields that a mapping fills: their other names are not asked
	claimed map[string]bool   // folded names a mapping has taken: they stand for nothing else
	spaced  bool              // spaces part the tags in a text, as in Jekyll
	dropped int               // control characters taken out of what was read
}

// fold makes one name of the spellings of a name: publishDate, publish-date and publish_date.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// newRecord makes a record of a decoded table. Of two names that fold to the same one, the first in byte order counts.
func newRecord(values map[string]any) *record {
	r := &record{fields: map[string]*field{}}
	for _, name := range sortedKeys(values) {
		word, isTable := tables[fold(name)]
		inner, ok := values[name].(map[string]any)
		switch {
		case isTable && ok:
			for _, key := range sortedKeys(inner) {
				r.put(fold(name)+"."+fold(key), name+"."+key, inner[key])
			}
		case isTable && word != "":
			r.put(fold(name)+"."+word, name, values[name])
		default:
			r.put(fold(name), name, values[name])
		}
	}
	return r
}

func sortedKeys(table map[string]any) []string {
	keys := make([]string, 0, len(table))
	for key := range table {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (r *record) put(folded, name string, value any) {
	if old := r.fields[folded]; old != nil && !isEmpty(old.value) {
		r.lose(name, value)
		return
	}
	r.fields[folded] = &field{name: name, value: value}
}

func (r *record) lose(name string, value any) {
	if !isEmpty(value) {
		r.lost = append(r.lost, name)
	}
}

// candidates are the fields with a value that may stand for a target, best first.
func (r *record) candidates(target string) []*field {
	names := []string{fold(target)}
	if !r.mapped[target] {
		for _, name := range aliases[target] {
			if !r.claimed[name] {
				names = append(names, name)
			}
		}
	}
	var found []*field
	for _, name := range names {
		if f := r.fields[name]; f != nil && !isEmpty(f.value) {
			found = append(found, f)
		}
	}
	return found
}

// first takes the best field with a text for a target; nil if there is none.
func (r *record) first(target string) *field {
	for _, f := range r.candidates(target) {
		if strings.TrimSpace(textOf(f.value)) != "" {
			f.used = true
			return f
		}
	}
	return nil
}

// clean is a text without control characters.
func (r *record) clean(s string) string {
	s, dropped := scrub(s)
	r.dropped += dropped
	return s
}

// raw takes a target's text as written.
func (r *record) raw(target string) string {
	if f := r.first(target); f != nil {
		return r.clean(textOf(f.value))
	}
	return ""
}

// trimmed takes a target's text without the space around it: an address, a slug, a word.
func (r *record) trimmed(target string) string { return strings.TrimSpace(r.raw(target)) }

// words takes a target's plain text, which may have several lines.
func (r *record) words(target string) string { return r.plainText(r.raw(target)) }

// line takes a target's plain text on one line.
func (r *record) line(target string) string { return oneLine(r.words(target)) }

// plainText takes HTML off, and again the control characters that entities may stand for.
func (r *record) plainText(s string) string { return r.clean(plain(s)) }

// names takes the names in all fields that may stand for a target: see part.
func (r *record) names(target string) []string {
	var names []string
	for _, f := range r.candidates(target) {
		found, ok := r.part(f)
		if !ok {
			continue
		}
		f.used = true
		names = append(names, found...)
	}
	return distinct(names)
}

// part reads a field that is a text or a list of texts or of tables with a name. Commas part a text; so do spaces in
// the two fields where Jekyll says so.
func (r *record) part(f *field) (names []string, ok bool) {
	switch value := f.value.(type) {
	case []any:
		for _, item := range value {
			if name, ok := r.nameOf(item); ok {
				names = append(names, name)
			}
		}
		return names, len(names) > 0
	case map[string]any:
		name, ok := r.nameOf(value)
		return []string{name}, ok
	}
	text := textOf(f.value)
	split := strings.Split(text, ",")
	if len(split) == 1 && r.spaced && (fold(f.name) == "tags" || fold(f.name) == "categories") {
		split = strings.Fields(text)
	}
	for _, name := range split {
		if name = oneLine(r.plainText(name)); name != "" {
			names = append(names, name)
		}
	}
	return names, len(names) > 0
}

func (r *record) nameOf(value any) (string, bool) {
	if table, ok := value.(map[string]any); ok {
		value = table["name"]
	}
	name := oneLine(r.plainText(r.clean(textOf(value))))
	return name, name != ""
}

func distinct(list []string) []string {
	var out []string
	seen := make(map[string]bool, len(list))
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// ignored are the names of the fields that nobody took, sorted.
func (r *record) ignored() []string {
	var names []string
	for _, name := range r.lost {
		names = append(names, shorten(name))
	}
	for _, f := range r.fields {
		if !f.used && !isEmpty(f.value) {
			names = append(names, shorten(f.name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
