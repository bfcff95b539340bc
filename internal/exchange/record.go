package exchange

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// alternateNames are the names that other systems use for our fields, in the order in which they
// are tried after the field's own name. Names are folded.
var alternateNames = map[string][]string{
	"locale":    {"lang", "language"},
	"summary":   {"description", "deck", "excerpt", "subtitle"},
	"body":      {"content"},
	"body_html": {"html", "contenthtml"},
	"authors": {"author", "by", "author.name", "authorname", "creator",
		"writer"},
	"canonical_url":    {"canonical"},
	"source.name":      {"sourcename"},
	"source.url":       {"sourceurl"},
	"source.license":   {"sourcelicense", "license"},
	"meta.title":       {"seo.title", "metatitle", "seotitle"},
	"meta.description": {"seo.description", "metadescription", "seodescription"},
	"meta.noindex":     {"seo.noindex", "noindex"},
	"sections":         {"section", "taxonomies.sections"},
	"aliases":          {"alias", "redirectfrom"},
	"translation_key":  {"translationid", "langref", "polyglotref"},
	"published_at":     {"date", "publisheddate", "datepublished"},
	"visible_from": {"publishdate", "pubdate", "publishon", "publishat", "embargo", "embargountil",
		"embargoeduntil", "scheduledat", "scheduledfor", "scheduled", "publishedon"},
	"expires_at": {"expirydate", "unpublishdate", "unpublishon", "unpublishat", "expires",
		"expireson", "expiredate", "expirationdate"},
	"updated_at": {"updated", "lastmod", "lastmodifiedat", "lastmodified", "modified",
		"datemodified"},
	"tags": {"tag", "topics", "topic", "categories", "category",
		"taxonomies.tags", "taxonomies.topics", "taxonomies.categories"},
}

// nestedTables are the fields whose members are read one by one. The value is the member that is
// set where the source has text instead of a table.
var nestedTables = map[string]string{"source": "name", "meta": "", "seo": "", "taxonomies": ""}

// field is one value of a record with its name in the source.
type field struct {
	name  string
	value any
	used  bool
}

// record is the fields of one item. Fields that are still unused at the end have no counterpart
// here.
type record struct {
	// fields are those of the item by folded name; members of nestedTables by both names and a dot.
	fields map[string]*field
	// leftovers are values whose place another field has taken.
	leftovers []field
	// mapped are the fields that a mapping fills; their alternate names are not tried.
	mapped map[string]bool
	// claimed are folded names that a mapping uses; they are no alternate names.
	claimed         map[string]bool
	zone            *time.Location    // of dates without one
	authors         map[string]Author // records of authors by key
	keepUnknown     bool              // unknown fields go to extra
	pictures        bool              // pictures are brought
	files           *pictureFiles     // those of the source; nil if it has none
	categories      Categories
	sectionsFrom    Sections
	folderSection   string // that an item has if no field states any; empty: none
	authorsInByline bool
	splitsAtSpaces  bool // spaces separate the tags in a text, as in Jekyll
	controlsRemoved int  // control characters removed from what was read
}

// fold returns the same name for publishDate, publish-date and publish_date.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// newRecord returns a record of decoded values. Of two names that fold to the same one, the first
// in byte order is used.
func newRecord(values map[string]any) *record {
	r := &record{fields: map[string]*field{}}
	for _, name := range sortedKeys(values) {
		word, isTable := nestedTables[fold(name)]
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
		r.addLeftover(name, value)
		return
	}
	r.fields[folded] = &field{name: name, value: value}
}

func (r *record) addLeftover(name string, value any) {
	if !isEmpty(value) {
		r.leftovers = append(r.leftovers, field{name: name, value: value})
	}
}

// candidates returns the fields with a value that may be read for a target, best first.
func (r *record) candidates(target string) []*field {
	names := []string{fold(target)}
	if !r.mapped[target] {
		for _, name := range alternateNames[target] {
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

// first returns the best field with text for a target and marks it used; nil if there is none.
func (r *record) first(target string) *field {
	for _, f := range r.candidates(target) {
		if strings.TrimSpace(textOf(f.value)) != "" {
			f.used = true
			return f
		}
	}
	return nil
}

// clean removes control characters and counts them.
func (r *record) clean(s string) string {
	s, dropped := scrub(s)
	r.controlsRemoved += dropped
	return s
}

// rawText returns a target's text as written.
func (r *record) rawText(target string) string {
	if f := r.first(target); f != nil {
		return r.clean(textOf(f.value))
	}
	return ""
}

// trimmedText returns a target's text without surrounding space, for URLs, slugs and codes.
func (r *record) trimmedText(target string) string { return strings.TrimSpace(r.rawText(target)) }

// multiLine returns a target's plain text, which may have several lines.
func (r *record) multiLine(target string) string { return r.plainText(r.rawText(target)) }

// singleLine returns a target's plain text on one line.
func (r *record) singleLine(target string) string { return oneLine(r.multiLine(target)) }

// plainText removes HTML, and the control characters that entities decode to.
func (r *record) plainText(s string) string { return r.clean(plain(s)) }

// names returns the names in all candidate fields of a target, see splitNames, but those excluded
// by their folded name.
func (r *record) names(target string, exclude ...string) []string {
	var names []string
	for _, f := range r.candidates(target) {
		if slices.Contains(exclude, fold(f.name)) {
			continue
		}
		found, ok := r.splitNames(f)
		if !ok {
			continue
		}
		f.used = true
		names = append(names, found...)
	}
	return distinct(names)
}

// splitNames returns the names in a field: a text, or a list of texts or of tables with a name.
// Commas separate the names in a text; so do spaces in the two fields where Jekyll has it so.
func (r *record) splitNames(f *field) (names []string, ok bool) {
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
	split := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(",،、", c) })
	if len(split) == 1 && r.splitsAtSpaces &&
		(fold(f.name) == "tags" || fold(f.name) == "categories") {
		split = strings.Fields(text)
	}
	for _, name := range split {
		if name = oneLine(r.plainText(decodeName(name))); name != "" {
			names = append(names, name)
		}
	}
	return names, len(names) > 0
}

// nameOf returns the name in a text, or in a table.
func (r *record) nameOf(value any) (string, bool) {
	if table, ok := value.(map[string]any); ok {
		value = firstOf(table, "name", "display_name", "displayName", "full_name", "fullName",
			"title", "label")
	}
	name := oneLine(r.plainText(decodeName(r.clean(textOf(value)))))
	return name, name != ""
}

// firstOf returns the first member of a table that has text, nil if none has.
func firstOf(table map[string]any, names ...string) any {
	for _, name := range names {
		if value := table[name]; textOf(value) != "" {
			return value
		}
	}
	return nil
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

// unknown returns the fields that were not used.
func (r *record) unknown() []field {
	list := slices.Clone(r.leftovers)
	for _, f := range r.fields {
		if !f.used && !isEmpty(f.value) {
			list = append(list, *f)
		}
	}
	return list
}

// ignoredNames returns the sorted names of the fields that were not used.
func (r *record) ignoredNames() []string {
	var names []string
	for _, f := range r.unknown() {
		names = append(names, shorten(f.name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
