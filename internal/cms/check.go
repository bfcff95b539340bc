package cms

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/text"
)

// The limits of an article, in characters (Unicode code points) unless said otherwise.
const (
	MaxTitle           = 300
	MaxSlugBytes       = text.MaxSlug
	MaxKicker          = 120
	MaxSummary         = 1000
	MaxDateline        = 200
	MaxByline          = 200
	MaxBody            = 500_000
	MaxSourceName      = 200
	MaxSourceLicense   = 200
	MaxMetaTitle       = 300
	MaxMetaDescription = 1000
	MaxURL             = 2048
	MaxTags            = 50
	MaxSections        = 5
	MaxAuthors         = 20
	MaxRef             = MaxSlugBytes // of what names a tag or an article: an id or a slug
	MaxExtraBytes      = 16 << 10
	MaxTranslations    = 50 // that an article can have
)

// Check trims the fields that stand on one line, and returns an Invalid error if the draft breaks a
// rule. Now is the time of the change.
func (c *ArticleInput) Check(now time.Time) error {
	for _, line := range []*string{
		&c.ChangeNote, &c.Title, &c.Kicker, &c.Dateline, &c.Byline, &c.Source.Name,
		&c.Source.License, &c.Meta.Title,
	} {
		*line = TrimLine(*line)
	}
	var f fieldErrors
	f.required("title", c.Title)
	f.line("title", c.Title, MaxTitle)
	f.slug("slug", c.Slug)
	f.oneOf("type", string(c.Type), stringsOf(ArticleTypes))
	if c.Locale != "" {
		if _, err := text.Locale(c.Locale); err != nil {
			f.add("locale", "invalid", "%s", err)
		}
	}
	f.line("kicker", c.Kicker, MaxKicker)
	f.text("summary", c.Summary, MaxSummary)
	f.text("body", c.Body, MaxBody)
	f.oneOf("body_format", string(c.BodyFormat), stringsOf(BodyFormats))
	f.line("dateline", c.Dateline, MaxDateline)
	f.line("byline", c.Byline, MaxByline)
	f.line("source/name", c.Source.Name, MaxSourceName)
	f.url("source/url", c.Source.URL)
	f.line("source/license", c.Source.License, MaxSourceLicense)
	f.url("canonical_url", c.CanonicalURL)
	f.line("meta/title", c.Meta.Title, MaxMetaTitle)
	f.text("meta/description", c.Meta.Description, MaxMetaDescription)
	f.refs(c.Refs)
	for _, ref := range c.ArticleMedia.Refs() {
		f.medium(string(ref.Role), string(ref.ID))
	}
	f.line("translation_of", c.TranslationOf, MaxRef)
	f.line("change_note", c.ChangeNote, MaxChangeNote)
	if len(c.Extra) > MaxExtraBytes {
		f.add("extra", "too_long", "extra takes %d bytes as JSON; %d are allowed.", len(c.Extra),
			MaxExtraBytes)
	}
	if c.PublishedAt != nil && c.PublishedAt.After(now) {
		f.add("published_at", "in_future",
			"published_at says when readers first saw the article, so it cannot lie in the future; it is now %s.",
			now.UTC().Format(time.RFC3339))
	}
	return InvalidFields(f)
}

// fieldErrors collects what is wrong with a written object.
type fieldErrors []FieldError

func (f *fieldErrors) add(field, code, format string, args ...any) {
	*f = append(*f, FieldError{Field: field, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// under returns the errors with a prefix before the names of their fields.
func (f fieldErrors) under(prefix string) fieldErrors {
	if prefix == "" {
		return f
	}
	for i := range f {
		f[i].Field = prefix + "/" + f[i].Field
	}
	return f
}

func (f *fieldErrors) required(field, s string) {
	if strings.IndexFunc(s, visible) < 0 {
		f.add(field, "required", "%s is required and needs at least one visible character.",
			dotted(field))
	}
}

// TrimLine returns a text that stands on one line without spaces around it.
func TrimLine(s string) string { return strings.TrimFunc(s, isBlank) }

// refs checks the references of an article, but for whether they lead anywhere.
func (f *fieldErrors) refs(all []RefInput) {
	for _, r := range References {
		field := r.Noun.Plural
		refs := RefsTo(all, r.Noun)
		f.count(field, len(refs), r.Most)
		for i, ref := range refs[:min(len(refs), r.Most)] { // those beyond are refused anyway
			at := itemPath(field, i)
			if r.Roles == nil {
				f.line(at, ref.Ref, MaxRef)
				continue
			}
			f.line(at+"/"+r.Noun.Singular, ref.Ref, MaxRef)
			f.oneOf(at+"/role", ref.Role, r.Roles)
		}
	}
}

// isBlank reports whether a character is trimmed: spaces, also those without width, and byte order
// marks. Line breaks are not: they are refused.
func isBlank(r rune) bool {
	const invisible = "\u200b\u2060\ufeff"
	return unicode.IsSpace(r) && !strings.ContainsRune(lineBreaks, r) ||
		strings.ContainsRune(invisible, r)
}

func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

// text checks a field that may have several lines.
func (f *fieldErrors) text(field, s string, limit int) {
	if n := utf8.RuneCountInString(s); n > limit {
		f.add(field, "too_long", "%s has %d characters; %d are allowed.", dotted(field), n, limit)
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		f.add(field, "invalid_text", "%s must be valid Unicode without U+0000.", dotted(field))
	}
}

const lineBreaks = "\n\r\u2028\u2029"

// line checks a field that stands on one line.
func (f *fieldErrors) line(field, s string, limit int) {
	f.text(field, s, limit)
	if strings.ContainsAny(s, lineBreaks) {
		f.add(field, "line_break", "%s stands on one line; take the line breaks out.",
			dotted(field))
	}
}

func (f *fieldErrors) slug(field, s string) {
	if s == "" || s == text.Slug(s) {
		return
	}
	if better := text.Slug(s); better != "" {
		f.add(field, "invalid", "A slug has lower-case letters and digits of any script with single hyphens between, at most %d bytes, and is not a UUID; %q would do.", MaxSlugBytes, better)
		return
	}
	f.add(field, "invalid", "A slug needs at least one letter or digit; leave it out to have one made.")
}

func (f *fieldErrors) url(field, s string) {
	if s == "" {
		return
	}
	if n := utf8.RuneCountInString(s); n > MaxURL {
		f.add(field, "too_long", "%s has %d characters; %d are allowed.", dotted(field), n, MaxURL)
		return
	}
	u, err := url.Parse(s)
	switch {
	case err != nil, u.Host == "", u.Hostname() == "", u.Scheme != "http" && u.Scheme != "https",
		strings.IndexFunc(s, unprintable) >= 0:
		f.add(field, "invalid_url",
			"%s must be a full http or https URL, such as https://example.org/page.", dotted(field))
	case u.User != nil:
		f.add(field, "invalid_url", "%s must not carry a user name or password.", dotted(field))
	}
}

// medium checks what names a medium.
func (f *fieldErrors) medium(field, ref string) {
	if _, ok := ParseID(ref); ref != "" && !ok {
		f.add(field, "invalid", "%s is the id of a medium (a UUID).",
			dotted(field))
	}
}

func unprintable(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '<' || r == '>' || r == '"' ||
		r == '\\' || r == utf8.RuneError
}

func (f *fieldErrors) oneOf(field, s string, allowed []string) {
	if !slices.Contains(allowed, s) {
		f.add(field, "not_allowed", "%s is one of %s.", dotted(field), strings.Join(allowed, ", "))
	}
}

func (f *fieldErrors) count(field string, n, limit int) {
	if n > limit {
		f.add(field, "too_many", "%s has %d entries; %d are allowed.", dotted(field), n, limit)
	}
}

// within checks a whole number.
func (f *fieldErrors) within(field string, n, least, most int64) {
	if n < least || n > most {
		f.add(field, "out_of_range", "%s is a whole number from %d to %d.", dotted(field), least,
			most)
	}
}

// itemPath returns the path of an entry of a list.
func itemPath(field string, i int) string { return field + "/" + strconv.Itoa(i) }

// dotted returns a field's name for sentences: "source/url" reads as "source.url".
func dotted(field string) string { return strings.ReplaceAll(field, "/", ".") }

func stringsOf[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}
