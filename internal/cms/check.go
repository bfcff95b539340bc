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
	MaxRef             = MaxSlugBytes // of what names a tag or an article: an id or a slug
	MaxExtraBytes      = 16 << 10
)

// Check refuses a working copy that breaks a rule. Now is the time of the change.
func (c *ArticleInput) Check(now time.Time) error {
	var f faults
	f.required("title", c.Title)
	f.line("title", c.Title, MaxTitle)
	f.slug("slug", c.Slug)
	f.oneOf("type", string(c.Type), words(ArticleTypes))
	if c.Locale != "" {
		if _, err := text.Locale(c.Locale); err != nil {
			f.add("locale", "invalid", "%s", err)
		}
	}
	f.line("kicker", c.Kicker, MaxKicker)
	f.text("summary", c.Summary, MaxSummary)
	f.text("body", c.Body, MaxBody)
	f.oneOf("body_format", string(c.BodyFormat), words(BodyFormats))
	f.line("dateline", c.Dateline, MaxDateline)
	f.line("byline", c.Byline, MaxByline)
	f.line("source/name", c.Source.Name, MaxSourceName)
	f.url("source/url", c.Source.URL)
	f.line("source/license", c.Source.License, MaxSourceLicense)
	f.url("canonical_url", c.CanonicalURL)
	f.line("meta/title", c.Meta.Title, MaxMetaTitle)
	f.text("meta/description", c.Meta.Description, MaxMetaDescription)
	f.count("tags", len(c.Tags), MaxTags)
	for i, tag := range c.Tags {
		f.line(at("tags", i), tag, MaxRef)
	}
	if len(c.Extra) > MaxExtraBytes {
		f.add("extra", "too_long", "extra takes %d bytes as JSON; %d are allowed.", len(c.Extra), MaxExtraBytes)
	}
	if c.PublishedAt != nil && c.PublishedAt.After(now) {
		f.add("published_at", "in_future", "published_at says when readers first saw the article, so it cannot lie in the future; it is now %s.",
			now.UTC().Format(time.RFC3339))
	}
	return InvalidFields(f)
}

// faults collects what is wrong with a written object.
type faults []FieldError

func (f *faults) add(field, code, format string, args ...any) {
	*f = append(*f, FieldError{Field: field, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// under puts a prefix before the names of the fields.
func (f faults) under(prefix string) faults {
	if prefix == "" {
		return f
	}
	for i := range f {
		f[i].Field = prefix + "/" + f[i].Field
	}
	return f
}

func (f *faults) required(field, s string) {
	if strings.IndexFunc(s, visible) < 0 {
		f.add(field, "required", "%s is required and needs at least one visible character.", last(field))
	}
}

func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

// text checks a field that may have several lines.
func (f *faults) text(field, s string, limit int) {
	if n := utf8.RuneCountInString(s); n > limit {
		f.add(field, "too_long", "%s has %d characters; %d are allowed.", last(field), n, limit)
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		f.add(field, "invalid_text", "%s must be valid Unicode without U+0000.", last(field))
	}
}

// line checks a field that stands on one line.
func (f *faults) line(field, s string, limit int) {
	f.text(field, s, limit)
	if strings.ContainsAny(s, "\n\r\u2028\u2029") {
		f.add(field, "line_break", "%s stands on one line; take the line breaks out.", last(field))
	}
}

func (f *faults) slug(field, s string) {
	if s == "" || s == text.Slug(s) {
		return
	}
	if better := text.Slug(s); better != "" {
		f.add(field, "invalid", "A slug has lower-case letters and digits of any script with single hyphens between, at most %d bytes, and is not a UUID; %q would do.", MaxSlugBytes, better)
		return
	}
	f.add(field, "invalid", "A slug needs at least one letter or digit; leave it out to have one made.")
}

func (f *faults) url(field, s string) {
	if s == "" {
		return
	}
	if n := utf8.RuneCountInString(s); n > MaxURL {
		f.add(field, "too_long", "%s has %d characters; %d are allowed.", last(field), n, MaxURL)
		return
	}
	u, err := url.Parse(s)
	switch {
	case err != nil, u.Host == "", u.Hostname() == "", u.Scheme != "http" && u.Scheme != "https", strings.IndexFunc(s, unprintable) >= 0:
		f.add(field, "invalid_url", "%s must be a full http or https URL, such as https://example.org/page.", last(field))
	case u.User != nil:
		f.add(field, "invalid_url", "%s must not carry a user name or password.", last(field))
	}
}

func unprintable(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '<' || r == '>' || r == '"' || r == '\\' || r == utf8.RuneError
}

func (f *faults) oneOf(field, s string, allowed []string) {
	if !slices.Contains(allowed, s) {
		f.add(field, "not_allowed", "%s is one of %s.", last(field), strings.Join(allowed, ", "))
	}
}

func (f *faults) count(field string, n, limit int) {
	if n > limit {
		f.add(field, "too_many", "%s has %d entries; %d are allowed.", last(field), n, limit)
	}
}

// at is the path of an entry of a list.
func at(field string, i int) string { return field + "/" + strconv.Itoa(i) }

// last is a field's own name, for sentences: "source/url" reads as "source.url".
func last(field string) string { return strings.ReplaceAll(field, "/", ".") }

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}
