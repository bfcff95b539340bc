package cms

import (
	"slices"
	"strings"
)

// Rules are what the site asks of its articles.
type Rules struct {
	Require []string         `json:"require,omitempty"` // fields that an article needs
	Lengths map[string][]int `json:"lengths,omitempty"` // least and most characters, by field
	Alt     AltRule          `json:"alt"`
}

// AltRule says what becomes of a picture without an alternative text.
type AltRule string

// The rules of alternative texts.
const (
	RefuseAlt AltRule = "refuse"
	WarnAlt   AltRule = "warn"
)

// AltRules are all rules of alternative texts.
var AltRules = []AltRule{RefuseAlt, WarnAlt}

// requirable are the fields that the rules of a site can ask for, with whether an article has them.
var requirable = []struct {
	name string
	has  func(*ArticleInput) bool
}{
	{"kicker", func(a *ArticleInput) bool { return a.Kicker != "" }},
	{"summary", func(a *ArticleInput) bool { return a.Summary != "" }},
	{"body", func(a *ArticleInput) bool { return a.Body != "" }},
	{"dateline", func(a *ArticleInput) bool { return a.Dateline != "" }},
	{"byline", hasByline},
	{"sections", func(a *ArticleInput) bool { return len(RefsTo(a.Refs, SectionNoun)) > 0 }},
	{"authors", func(a *ArticleInput) bool { return len(RefsTo(a.Refs, AuthorNoun)) > 0 }},
	{"tags", func(a *ArticleInput) bool { return len(RefsTo(a.Refs, TagNoun)) > 0 }},
	{"source", func(a *ArticleInput) bool { return a.Source != Source{} }},
	{"image", func(a *ArticleInput) bool { return a.Image != "" }},
	{"canonical_url", func(a *ArticleInput) bool { return a.CanonicalURL != "" }},
}

// RequirableFields returns the names of the fields that the rules of a site can ask for.
func RequirableFields() []string {
	names := make([]string, len(requirable))
	for i, field := range requirable {
		names[i] = field.name
	}
	return names
}

// MeasuredFields are the fields that a site can have lengths for.
var MeasuredFields = []string{"title", "kicker", "summary", "dateline", "byline", "body"}

// Check returns an Invalid error if an article that is to be published lacks a field.
func (r Rules) Check(a *ArticleInput) error {
	var f fieldErrors
	for _, field := range requirable {
		if slices.Contains(r.Require, field.name) && !field.has(a) {
			f.add(field.name, "required", "This site publishes no article without %s.", field.name)
		}
	}
	return InvalidFields(f)
}

// rules checks the rules of a site.
func (f *fieldErrors) rules(r Rules) {
	f.count("rules/require", len(r.Require), len(requirable))
	for i, name := range r.Require[:min(len(r.Require), len(requirable))] {
		f.oneOf(itemPath("rules/require", i), name, RequirableFields())
		if slices.Contains(r.Require[:i], name) {
			f.add(itemPath("rules/require", i), "repeated", "rules.require has %s twice.", name)
		}
	}
	for name, bounds := range r.Lengths {
		field := "rules/lengths/" + name
		if !slices.Contains(MeasuredFields, name) {
			f.add("rules/lengths", "unknown",
				"rules.lengths cannot be about %q; it can be about %s.", name,
				strings.Join(MeasuredFields, ", "))
			return
		}
		if len(bounds) != 2 || bounds[0] < 0 || bounds[1] < max(bounds[0], 1) ||
			bounds[1] > MaxBody {
			f.add(field, "out_of_range",
				"%s has the least and the most characters, such as [30, 70].", dotted(field))
		}
	}
	f.oneOf("rules/alt", string(r.Alt), stringsOf(AltRules))
}
