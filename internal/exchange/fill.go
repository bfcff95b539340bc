package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// articleTypes are the types of articles, as the API writes them.
var articleTypes = []string{
	"news", "analysis", "opinion", "feature", "interview", "review", "explainer", "live", "gallery",
	"video", "audio",
	"press_release",
}

// publicStatuses are the statuses of articles that readers of the source can see. Any other status
// is a draft's.
var publicStatuses = []string{"published", "publish", "live", "public"}

var boolWords = map[string]bool{
	"true": true, "yes": true, "on": true, "1": true, "false": false, "no": false, "off": false,
	"0": false,
}

// maxBylineRunes is the most characters of a byline.
const maxBylineRunes = 200

// fieldError says which field's value makes its item unreadable.
type fieldError struct{ name, reason string }

func (e *fieldError) Error() string { return shorten(e.name) + ": " + e.reason }

func unreadableField(f *field, want string) error {
	return &fieldError{f.name, fmt.Sprintf("cannot read “%s”: use %s", shorten(textOf(f.value)),
		want)}
}

// shorten makes a source's name or value short and safe enough for a report.
func shorten(s string) string {
	const enough = 60
	s, _ = scrub(s)
	if s = oneLine(s); utf8.RuneCountInString(s) > enough {
		return string([]rune(s)[:enough]) + "…"
	}
	return s
}

// fill sets an item's fields from the record, except the body. The error is a *fieldError.
func (r *record) fill(it *Item) error {
	it.Title = r.singleLine("title")
	it.Slug = decodePercent(r.trimmedText("slug"))
	it.Type = r.articleType()
	it.Locale = r.trimmedText("locale")
	it.Kicker = r.singleLine("kicker")
	it.Dateline = r.singleLine("dateline")
	it.CanonicalURL = r.trimmedText("canonical_url")
	it.Source = Source{r.singleLine("source.name"), r.trimmedText("source.url"),
		r.trimmedText("source.license")}
	it.Meta = Meta{Title: r.singleLine("meta.title"), Description: r.multiLine("meta.description")}
	r.tags(it)
	it.Aliases = r.addresses()
	it.Links = r.links()
	it.TranslationKey = r.trimmedText("translation_key")
	r.summary(it)
	r.byline(it)
	r.setAuthors(it)
	r.sections(it)
	if r.pictures {
		r.setPicture(it)
		r.setSound(it)
	}
	r.addToExtra(it)
	for _, read := range []func(*Item) error{r.format, r.visibility, r.dates, r.state} {
		if err := read(it); err != nil {
			return err
		}
	}
	return nil
}

// finish records the fields that were ignored and the characters that were removed.
func (r *record) finish(it *Item) {
	if r.keepUnknown {
		r.moveUnknown(it)
	} else {
		it.Ignored = r.ignoredNames()
	}
	switch r.controlsRemoved {
	case 0:
	case 1:
		it.note("1 control character removed")
	default:
		it.note("%d control characters removed", r.controlsRemoved)
	}
}

func (r *record) articleType() string {
	for _, f := range r.candidates("type") {
		word := strings.NewReplacer("-", "_", " ",
			"_").Replace(strings.ToLower(strings.TrimSpace(textOf(f.value))))
		if slices.Contains(articleTypes, word) {
			f.used = true
			return word
		}
	}
	return ""
}

// summary uses the first field that summarizes the article. A description beside it is taken for
// search engines; others are ignored unless they are equal.
func (r *record) summary(it *Item) {
	it.Summary = r.multiLine("summary")
	if f := r.fields["description"]; f != nil && !f.used && !r.claimed["description"] {
		text, _ := scrub(plain(textOf(f.value)))
		if text != "" && text != it.Summary && it.Meta.Description == "" {
			it.Meta.Description, f.used = text, true
		}
	}
	for _, f := range r.candidates("summary") {
		text, _ := scrub(plain(textOf(f.value)))
		f.used = f.used || text != "" && (text == it.Summary || fold(f.name) == "description" &&
			text == it.Meta.Description)
	}
}

// byline sets what is stated, or if authors are to be there joins as many of their names as fit,
// which records of authors may have. A first name that is too long by itself is left for validation
// to refuse.
func (r *record) byline(it *Item) {
	var names []string
	fields := r.candidates("byline")
	if r.authorsInByline && !r.mapped["byline"] {
		fields = append(fields, r.candidates("authors")...)
	}
	for _, f := range fields {
		found, ok := r.splitNames(&field{name: f.name, value: plainNames(f.value)})
		for i := range found {
			found[i] = cmp.Or(r.authors[strings.ToLower(found[i])].Name, found[i])
		}
		if ok && (names == nil || slices.Equal(found, names)) {
			names, f.used = found, true
		}
	}
	names = distinct(names)
	kept := len(names)
	for kept > 1 && utf8.RuneCountInString(strings.Join(names[:kept], ", ")) > maxBylineRunes {
		kept--
	}
	it.Byline = strings.Join(names[:kept], ", ")
	if kept < len(names) {
		it.note("byline cut to the first %d of %d authors", kept, len(names))
	}
}

func (r *record) addresses() []string {
	var list []string
	for _, f := range r.candidates("aliases") {
		values, ok := f.value.([]any)
		if !ok {
			values = []any{f.value}
		}
		for _, value := range values {
			if address := r.clean(decodePercent(strings.TrimSpace(textOf(value)))); address != "" {
				list, f.used = append(list, address), true
			}
		}
	}
	return distinct(list)
}

// links reads related links: tables, or texts that are URLs.
func (r *record) links() []Link {
	var links []Link
	for _, f := range r.candidates("related_links") {
		values, ok := f.value.([]any)
		if !ok {
			values = []any{f.value}
		}
		for _, value := range values {
			if link, ok := r.link(f.name, value); ok {
				links, f.used = append(links, link), true
			}
		}
	}
	return links
}

func (r *record) link(name string, value any) (link Link, ok bool) {
	table, isTable := value.(map[string]any)
	if !isTable {
		link.URL = strings.TrimSpace(r.clean(textOf(value)))
		return link, link.URL != ""
	}
	homes := map[string]*string{
		"rel": &link.Rel, "title": &link.Title, "url": &link.URL, "source": &link.Source,
		"note":    &link.Note,
		"article": &link.Article,
	}
	for _, key := range sortedKeys(table) {
		home, text := homes[fold(key)], r.clean(textOf(table[key]))
		switch {
		case home == nil || *home != "" || text == "":
			r.addLeftover(name+"."+key, table[key])
		case fold(key) == "url" || fold(key) == "article" || fold(key) == "rel":
			*home = strings.TrimSpace(text)
		default:
			*home = oneLine(r.plainText(text))
		}
	}
	return link, link != Link{}
}

// extra returns the field extra as it is, in values that JSON can represent.
func (r *record) extra() map[string]any {
	f := r.fields["extra"]
	if f == nil {
		return nil
	}
	table, ok := f.value.(map[string]any)
	if !ok || len(table) == 0 {
		return nil
	}
	f.used = true
	return r.plainTable(table)
}

func (r *record) plainTable(table map[string]any) map[string]any {
	out := make(map[string]any, len(table))
	for key, value := range table {
		out[r.clean(key)] = r.plainValue(value)
	}
	return out
}

func (r *record) plainValue(value any) any {
	switch value := value.(type) {
	case string:
		return r.clean(value)
	case literal:
		return value.value
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = r.plainValue(value[i])
		}
		return list
	case map[string]any:
		return r.plainTable(value)
	}
	return nil
}

// body sets an item's body, and its format if the field's name implies one. The error is a
// *fieldError: an item whose body is not text must not become an article without a body.
func (r *record) body(it *Item) error {
	for _, target := range []string{"body", "body_html"} {
		if it.Body = r.rawText(target); it.Body != "" {
			if target == "body_html" {
				it.BodyFormat = "html"
			}
			return nil
		}
		for _, f := range r.candidates(target) {
			switch f.value.(type) {
			case []any, map[string]any:
				return &fieldError{f.name, "a list or an object; want a text"}
			}
		}
	}
	return nil
}

// format sets the body's format, unless the field's name has implied one.
func (r *record) format(it *Item) error {
	told := "markdown"
	if f := r.first("body_format"); f != nil {
		switch strings.ToLower(strings.TrimSpace(textOf(f.value))) {
		case "markdown", "md", "text/markdown":
		case "html", "text/html":
			told = "html"
		default:
			return unreadableField(f, "markdown or html")
		}
	}
	if it.BodyFormat == "" {
		it.BodyFormat = told
	}
	return nil
}

func (r *record) dates(it *Item) (err error) {
	if it.PublishedAt, err = r.timeOf("published_at"); err != nil {
		return err
	}
	if it.PublishedAt == nil {
		it.PublishedAt = it.VisibleFrom
	}
	it.UpdatedAt, err = r.timeOf("updated_at")
	return err
}

func (r *record) timeOf(target string) (*time.Time, error) {
	f := r.first(target)
	if f == nil {
		return nil, nil
	}
	t, err := parseTime(textOf(f.value), r.zone)
	if err != nil {
		return nil, unreadableField(f, "RFC 3339 or DD/MM/YYYY")
	}
	return &t, nil
}

// state sets Draft from the three fields that may state it. One of them, published, may be a date
// instead.
func (r *record) state(it *Item) error {
	draft, err := r.boolOf("draft")
	if err != nil {
		return err
	}
	if it.Meta.Noindex, err = r.boolOf("meta.noindex"); err != nil {
		return err
	}
	it.Status = r.singleLine("status")
	status := strings.ToLower(it.Status)
	it.Draft = it.Draft || draft || status != "" && !slices.Contains(publicStatuses, status)

	f := r.first("published")
	if f == nil {
		return nil
	}
	if published, ok := boolWords[strings.ToLower(strings.TrimSpace(textOf(f.value)))]; ok {
		it.Draft = it.Draft || !published
		return nil
	}
	t, err := parseTime(textOf(f.value), r.zone)
	switch {
	case err != nil:
		return unreadableField(f, "true, false or a date as RFC 3339 or DD/MM/YYYY")
	case it.PublishedAt == nil:
		it.PublishedAt = &t
	case !it.PublishedAt.Equal(t):
		f.used = false
		if it.VisibleFrom == nil {
			it.VisibleFrom = &t
		}
	}
	return nil
}

func (r *record) boolOf(target string) (bool, error) {
	f := r.first(target)
	if f == nil {
		return false, nil
	}
	value, ok := boolWords[strings.ToLower(strings.TrimSpace(textOf(f.value)))]
	if !ok {
		return false, unreadableField(f, "true or false")
	}
	return value, nil
}
