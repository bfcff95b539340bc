package cms

import (
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
)

// InputOf returns what an editor may set of an article, as it is.
func InputOf(a *Article, t *Text, refs []RefID) ArticleInput {
	inputs := make([]RefInput, len(refs))
	for i, ref := range refs {
		inputs[i] = RefInput{ref.Noun, string(ref.ID), ref.Role}
	}
	in := ArticleInput{
		ArticleDetails: a.ArticleDetails,
		ArticleMedia:   a.ArticleMedia,
		Body:           t.Body,
		BodyFormat:     t.Format,
		Refs:           inputs,
		PublishedAt:    a.PublishedAt,
	}
	if a.GroupID != nil {
		in.TranslationOf = string(*a.GroupID)
	}
	return in
}

// ChangedFields returns the names, as the API has them, of the fields that differ between two
// inputs of a noun. Those of embedded structs are fields of the noun, and so are the references to
// each kind of noun.
func ChangedFields[In any](was, is In) []string {
	return changedFields(reflect.ValueOf(was), reflect.ValueOf(is))
}

func changedFields(was, is reflect.Value) []string {
	var names []string
	for i := range was.NumField() {
		field := was.Type().Field(i)
		switch {
		case field.Anonymous:
			names = append(names, changedFields(was.Field(i), is.Field(i))...)
		case field.Type == reflect.TypeFor[[]RefInput]():
			before, _ := reflect.TypeAssert[[]RefInput](was.Field(i))
			after, _ := reflect.TypeAssert[[]RefInput](is.Field(i))
			names = append(names, changedRefs(before, after)...)
		case !sameValue(was.Field(i), is.Field(i)):
			names = append(names, snakeCase(field.Name))
		}
	}
	return names
}

// changedRefs returns the fields of the references that differ.
func changedRefs(was, is []RefInput) []string {
	var names []string
	for _, r := range References {
		if !slices.Equal(RefsTo(was, r.Noun), RefsTo(is, r.Noun)) {
			names = append(names, r.Noun.Plural)
		}
	}
	return names
}

// sameValue reports whether two values are equal. A list without entries equals no list, and times
// are equal if they are the same moment.
func sameValue(a, b reflect.Value) bool {
	if (a.Kind() == reflect.Slice || a.Kind() == reflect.Map) && a.Len() == 0 && b.Len() == 0 {
		return true
	}
	if at, ok := a.Interface().(*time.Time); ok {
		other := b.Interface().(*time.Time)
		return at == other || (at != nil && other != nil && at.Equal(*other))
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// snakeCase returns a field's name as the API has it: CanonicalURL is canonical_url.
func snakeCase(name string) string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		if lower && unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		lower = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
