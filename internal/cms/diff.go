package cms

import (
	"reflect"
	"strings"
	"time"
	"unicode"
)

// InputOf returns what an editor may set of an article, as it is.
func InputOf(a *Article, t *Text, tags []ID) ArticleInput {
	refs := make([]string, len(tags))
	for i, tag := range tags {
		refs[i] = string(tag)
	}
	return ArticleInput{
		ArticleDetails: a.ArticleDetails,
		Body:           t.Body,
		BodyFormat:     t.Format,
		Tags:           refs,
		PublishedAt:    a.PublishedAt,
	}
}

// ChangedFields returns the names, as the API has them, of the fields that differ between two
// inputs of a noun. Those of embedded structs are fields of the noun.
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
		case !sameValue(was.Field(i), is.Field(i)):
			names = append(names, snakeCase(field.Name))
		}
	}
	return names
}

// sameValue reports whether two values are equal. A list without entries equals no list, and times
// are equal if they are the same moment.
func sameValue(a, b reflect.Value) bool {
	if a.Kind() == reflect.Slice && a.Len() == 0 && b.Len() == 0 {
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
