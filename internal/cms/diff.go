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
		case field.Tag.Get("json") == "-": // no part of what is changed
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

// FieldValues returns what fields of an input have, by the names of the API: texts, numbers, flags,
// times, lists, and maps for what has fields of its own. Names that are no fields are left out.
func FieldValues[In any](in In, fields []string) map[string]any {
	values := map[string]any{}
	addFieldValues(values, reflect.ValueOf(in), fields)
	return values
}

func addFieldValues(to map[string]any, in reflect.Value, fields []string) {
	for i := range in.NumField() {
		field := in.Type().Field(i)
		if field.Anonymous {
			addFieldValues(to, in.Field(i), fields)
			continue
		}
		if refs, ok := reflect.TypeAssert[[]RefInput](in.Field(i)); ok {
			for _, r := range References {
				if slices.Contains(fields, r.Noun.Plural) {
					to[r.Noun.Plural] = plainValue(reflect.ValueOf(RefsTo(refs, r.Noun)))
				}
			}
		} else if name := snakeCase(field.Name); slices.Contains(fields, name) {
			to[name] = plainValue(in.Field(i))
		}
	}
}

// plainValue returns a value with the fields of structs by the names of the API. What is nil stays
// nil.
func plainValue(v reflect.Value) any {
	if at, ok := v.Interface().(time.Time); ok {
		return at
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return plainValue(v.Elem())
	case reflect.Struct:
		fields := map[string]any{}
		for i := range v.NumField() {
			fields[snakeCase(v.Type().Field(i).Name)] = plainValue(v.Field(i))
		}
		return fields
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plainValue(v.Index(i))
		}
		return list
	case reflect.Map:
		entries := map[string]any{}
		for key, value := range v.Seq2() {
			entries[key.String()] = plainValue(value)
		}
		return entries
	}
	return v.Interface()
}
