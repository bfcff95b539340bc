package rest

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

// binder sets a parsed JSON value on a struct, field by field, and collects everything that does
// not fit: unknown names, wrong types, missing fields. Names are case-sensitive; null means that a
// field is left out.
type binder struct {
	errs  []cms.FieldError
	patch bool // nothing is required: what is left out stays as it is
}

// bind sets a parsed object on *into. It returns an error that lists every field that does not fit.
func bind(value any, into any, patch bool) error {
	b := binder{patch: patch}
	b.object(value, reflect.ValueOf(into).Elem(), "")
	return cms.InvalidFields(b.errs)
}

func (b *binder) add(path, code, format string, args ...any) {
	b.errs = append(
		b.errs, cms.FieldError{Field: path, Code: code, Detail: fmt.Sprintf(format, args...)},
	)
}

var (
	timeType   = reflect.TypeFor[time.Time]()
	objectType = reflect.TypeFor[map[string]any]()
)

// value sets one value. It handles the kinds that wire types have.
func (b *binder) value(v any, into reflect.Value, path string) {
	switch {
	case into.Kind() == reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		b.value(v, into.Elem(), path)
	case into.Type() == timeType:
		b.time(v, into, path)
	case into.Type() == objectType:
		b.freeObject(v, into, path)
	case into.Kind() == reflect.Struct:
		b.object(v, into, path)
	case into.Kind() == reflect.Slice:
		b.list(v, into, path)
	case into.Kind() == reflect.String:
		if s, ok := v.(string); ok {
			b.checkText(s, path)
			into.SetString(s)
		} else {
			b.wrongType(v, path, "a string")
		}
	case into.Kind() == reflect.Bool:
		if flag, ok := v.(bool); ok {
			into.SetBool(flag)
		} else {
			b.wrongType(v, path, "true or false")
		}
	default:
		b.integer(v, into, path)
	}
}

func (b *binder) wrongType(v any, path, want string) {
	got := "a list"
	switch v.(type) {
	case nil:
		got = "null"
	case string:
		got = "a string"
	case bool:
		got = "true or false"
	case json.Number:
		got = "a number"
	case map[string]any:
		got = "an object"
	}
	b.add(path, "wrong_type", "%s must be %s; it is %s.", dotted(path), want, got)
}

func dotted(path string) string {
	if path == "" {
		return "the body"
	}
	return strings.ReplaceAll(path, "/", ".")
}

func (b *binder) checkText(s, path string) {
	if strings.ContainsRune(s, 0) {
		b.add(path, "invalid_text", "%s must be valid Unicode without U+0000.", dotted(path))
	}
}

func (b *binder) integer(v any, into reflect.Value, path string) {
	number, ok := v.(json.Number)
	if !ok {
		b.wrongType(v, path, "a whole number")
		return
	}
	n, err := number.Float64() // 1, 1.0 and 1e0 are the same number
	if err != nil || n != math.Trunc(n) || n > math.MaxInt32 || n < math.MinInt32 {
		b.add(path, "wrong_type", "%s must be a whole number within 32 bits.", dotted(path))
		return
	}
	into.SetInt(int64(n))
}

func (b *binder) time(v any, into reflect.Value, path string) {
	s, ok := v.(string)
	if !ok {
		b.wrongType(v, path, "a time")
		return
	}
	at, err := parseTime(s)
	if err != nil {
		b.add(path, "invalid_time", "%s: %s.", dotted(path), err)
		return
	}
	into.Set(reflect.ValueOf(at))
}

// freeObject takes an object with any names.
func (b *binder) freeObject(v any, into reflect.Value, path string) {
	object, ok := v.(map[string]any)
	if !ok {
		b.wrongType(v, path, "an object")
		return
	}
	b.checkTexts(v, path)
	into.Set(reflect.ValueOf(object))
}

func (b *binder) checkTexts(v any, path string) {
	switch v := v.(type) {
	case string:
		b.checkText(v, path)
	case []any:
		for i, item := range v {
			b.checkTexts(item, fmt.Sprintf("%s/%d", path, i))
		}
	case map[string]any:
		for name, item := range v {
			b.checkText(name, path)
			b.checkTexts(item, path+"/"+escapePointer(name))
		}
	}
}

// list returns the comma-separated values of a parameter, nil if it was not sent.
func (b *binder) list(v any, into reflect.Value, path string) {
	items, ok := v.([]any)
	if !ok {
		b.wrongType(v, path, "a list")
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(items), len(items)))
	for i, item := range items {
		b.value(item, into.Index(i), join(path, strconv.Itoa(i)))
	}
}

func (b *binder) object(v any, into reflect.Value, path string) {
	object, ok := v.(map[string]any)
	if !ok {
		b.wrongType(v, path, "an object")
		return
	}
	fields := fieldsOf(into.Type())
	for name := range object {
		if _, ok := fields[name]; !ok {
			b.unknown(name, fields, path)
		}
	}
	for name, f := range fields {
		item, said := object[name]
		switch {
		case said && item != nil:
			b.value(item, into.FieldByIndex(f.index), join(path, name))
		case f.required && said && b.patch:
			b.add(
				join(path, name), "required", "%s cannot be taken away.", dotted(join(path, name)),
			)
		case f.required && !b.patch:
			b.add(join(path, name), "required", "%s is required.", dotted(join(path, name)))
		}
	}
	sort.SliceStable(b.errs, func(i, j int) bool { return b.errs[i].Field < b.errs[j].Field })
}

func (b *binder) unknown(name string, fields map[string]field, path string) {
	names := make([]string, 0, len(fields))
	for known := range fields {
		names = append(names, known)
	}
	slices.Sort(names)
	b.add(
		join(path, escapePointer(name)), "unknown", "There is no field %q here%s Known are: %s.",
		name, didYouMean(name, names), strings.Join(names, ", "),
	)
}

// field describes a field of a wire type.
type field struct {
	index    []int
	required bool
}

// fieldsOf returns the fields of a wire type by their names in JSON.
func fieldsOf(t reflect.Type) map[string]field {
	fields := map[string]field{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" && f.IsExported() {
			fields[name] = field{f.Index, options != "omitempty"}
		}
	}
	return fields
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// escapePointer escapes a name for a JSON Pointer (RFC 6901).
func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// parseTime parses an RFC 3339 time, truncated to whole seconds, in UTC.
func parseTime(s string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, s)
	at = at.UTC().Truncate(time.Second)
	if err != nil || at.Year() < 1 || at.Year() > 9999 {
		return time.Time{}, fmt.Errorf(
			"%q is not a time of RFC 3339, such as 2026-03-12T08:00:00Z", s,
		)
	}
	return at, nil
}
