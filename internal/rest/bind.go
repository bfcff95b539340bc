package rest

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

// binder sets a parsed JSON value on a struct, field by field, and collects everything that does
// not fit: unknown names, wrong types, missing fields. Names are case-sensitive; null means that a
// field is left out.
//
// A body can have a hundred thousand faults. Of those beyond maxErrors nothing is made but a count,
// nor is a path written before there is an error about it.
type binder struct {
	errs    []cms.FieldError
	omitted int  // errors beyond maxErrors
	patch   bool // nothing is required: what is left out stays as it is
	path    []step
	types   map[reflect.Type]*wireType
}

// step is one part of a path: a name, or if that is empty an index.
type step struct {
	name  string
	index int
}

// bind sets a parsed object on *into. It returns an error that lists every field that does not fit.
func bind(value any, into any, patch bool) error {
	b := binder{patch: patch, types: map[reflect.Type]*wireType{}}
	b.object(value, reflect.ValueOf(into).Elem())
	slices.SortStableFunc(b.errs, func(x, y cms.FieldError) int {
		return strings.Compare(x.Field, y.Field)
	})
	return cms.InvalidFieldsOf(b.errs, b.omitted)
}

// add adds an error about the current path, which is the first argument of the format.
func (b *binder) add(code, format string, args ...any) {
	if len(b.errs) == maxErrors {
		b.omitted++
		return
	}
	pointer := b.pointer()
	args = append([]any{dotted(pointer)}, args...)
	b.errs = append(
		b.errs, cms.FieldError{Field: pointer, Code: code, Detail: fmt.Sprintf(format, args...)},
	)
}

// maxPointerName is the longest name that stands in a pointer, in bytes. A pointer ends before a
// longer one, which would stand in the pointer of everything in it.
const maxPointerName = 256

// pointer returns the current path as a JSON Pointer (RFC 6901) without the first slash.
func (b *binder) pointer() string {
	parts := make([]string, 0, len(b.path))
	for _, s := range b.path {
		if len(s.name) > maxPointerName {
			break
		}
		part := strconv.Itoa(s.index)
		if s.index < 0 {
			part = pointerEscapes.Replace(s.name)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "/")
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// enter makes a part of the current value the current one, until leave.
func (b *binder) enter(s step) { b.path = append(b.path, s) }

func (b *binder) leave() { b.path = b.path[:len(b.path)-1] }

// fieldStep returns the step to a field.
func fieldStep(name string) step { return step{name: name, index: -1} }

var (
	timeType   = reflect.TypeFor[time.Time]()
	objectType = reflect.TypeFor[map[string]any]()
)

// value sets one value. It handles the kinds that wire types have.
func (b *binder) value(v any, into reflect.Value) {
	switch {
	case into.Kind() == reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		b.value(v, into.Elem())
	case into.Type() == timeType:
		b.time(v, into)
	case into.Type() == objectType:
		b.freeObject(v, into)
	case into.Kind() == reflect.Struct:
		b.object(v, into)
	case into.Kind() == reflect.Slice:
		b.list(v, into)
	case into.Kind() == reflect.Map:
		b.dictionary(v, into)
	case into.Kind() == reflect.String:
		if s, ok := v.(string); ok {
			b.checkText(s)
			into.SetString(s)
		} else {
			b.wrongType(v, "a string")
		}
	case into.Kind() == reflect.Bool:
		if flag, ok := v.(bool); ok {
			into.SetBool(flag)
		} else {
			b.wrongType(v, "true or false")
		}
	case into.Kind() == reflect.Float64:
		b.number(v, into)
	default:
		b.integer(v, into)
	}
}

// number sets a number that may have a fraction.
func (b *binder) number(v any, into reflect.Value) {
	number, ok := v.(json.Number)
	if !ok {
		b.wrongType(v, "a number")
		return
	}
	n, err := strconv.ParseFloat(number.String(), 64)
	if err != nil {
		b.add("wrong_type", "%s must be a number that 64 bits can hold.")
		return
	}
	into.SetFloat(n)
}

func (b *binder) wrongType(v any, want string) {
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
	b.add("wrong_type", "%s must be %s; it is %s.", want, got)
}

func dotted(path string) string {
	if path == "" {
		return "the body"
	}
	return strings.ReplaceAll(path, "/", ".")
}

func (b *binder) checkText(s string) {
	if strings.IndexByte(s, 0) >= 0 {
		b.add("invalid_text", "%s must be valid Unicode without U+0000.")
	}
}

func (b *binder) integer(v any, into reflect.Value) {
	number, ok := v.(json.Number)
	if !ok {
		b.wrongType(v, "a whole number")
		return
	}
	n, err := number.Float64() // 1, 1.0 and 1e0 are the same number
	if err != nil || n != math.Trunc(n) || n > math.MaxInt32 || n < math.MinInt32 {
		b.add("wrong_type", "%s must be a whole number within 32 bits.")
		return
	}
	into.SetInt(int64(n))
}

func (b *binder) time(v any, into reflect.Value) {
	s, ok := v.(string)
	if !ok {
		b.wrongType(v, "a time")
		return
	}
	at, err := parseTime(s)
	if err != nil {
		b.add("invalid_time", "%s: %s.", err)
		return
	}
	into.Set(reflect.ValueOf(at))
}

// freeObject takes an object with any names.
func (b *binder) freeObject(v any, into reflect.Value) {
	object, ok := v.(map[string]any)
	if !ok {
		b.wrongType(v, "an object")
		return
	}
	b.checkTexts(v)
	into.Set(reflect.ValueOf(object))
}

func (b *binder) checkTexts(v any) {
	switch v := v.(type) {
	case string:
		b.checkText(v)
	case []any:
		for i, item := range v {
			b.enter(step{index: i})
			b.checkTexts(item)
			b.leave()
		}
	case map[string]any:
		for name, item := range v {
			b.checkText(name)
			b.enter(fieldStep(name))
			b.checkTexts(item)
			b.leave()
		}
	}
}

func (b *binder) list(v any, into reflect.Value) {
	items, ok := v.([]any)
	if !ok {
		b.wrongType(v, "a list")
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(items), len(items)))
	for i, item := range items {
		b.enter(step{index: i})
		b.value(item, into.Index(i))
		b.leave()
	}
}

// dictionary takes an object with any names and values of one type. What is null is left out.
func (b *binder) dictionary(v any, into reflect.Value) {
	object, ok := v.(map[string]any)
	if !ok {
		b.wrongType(v, "an object")
		return
	}
	into.Set(reflect.MakeMapWithSize(into.Type(), len(object)))
	for name, item := range object {
		if item == nil {
			continue
		}
		b.enter(fieldStep(name))
		b.checkText(name)
		value := reflect.New(into.Type().Elem()).Elem()
		b.value(item, value)
		into.SetMapIndex(reflect.ValueOf(name), value)
		b.leave()
	}
}

func (b *binder) object(v any, into reflect.Value) {
	object, ok := v.(map[string]any)
	if !ok {
		b.wrongType(v, "an object")
		return
	}
	t := b.wireType(into.Type())
	b.unknownNames(object, t)
	for _, f := range t.fields {
		item, said := object[f.name]
		b.enter(fieldStep(f.name))
		switch {
		case said && item != nil:
			b.value(item, into.FieldByIndex(f.index))
		case f.required && said && b.patch:
			b.add("required", "%s cannot be taken away.")
		case f.required && !b.patch:
			b.add("required", "%s is required.")
		}
		b.leave()
	}
}

// unknownNames adds an error for each name of an object that its type does not have: the first ones
// in the order of the alphabet, and a count of the others.
func (b *binder) unknownNames(object map[string]any, t *wireType) {
	var names []string
	// the last name that is still among the first ones; "" until there are many
	found, last := 0, ""
	for name := range object {
		if slices.Contains(t.names, name) {
			continue
		}
		found++
		if last != "" && name > last {
			continue
		}
		if names = append(names, name); len(names) == 2*maxErrors {
			slices.Sort(names)
			names = names[:maxErrors]
			last = names[maxErrors-1]
		}
	}
	slices.Sort(names)
	for _, name := range names {
		b.unknown(name, t)
	}
	b.omitted += found - len(names)
}

func (b *binder) unknown(name string, t *wireType) {
	b.enter(fieldStep(name))
	defer b.leave()
	if len(b.errs) == maxErrors {
		b.omitted++
		return
	}
	b.errs = append(b.errs, cms.FieldError{
		Field: b.pointer(),
		Code:  "unknown",
		Detail: fmt.Sprintf(
			"There is no field %q here%s Known are: %s.", excerpt(name),
			didYouMean(name, t.names), strings.Join(t.names, ", "),
		),
	})
}

// wireType describes a struct that is written in a body.
type wireType struct {
	fields []field
	names  []string // of the fields, sorted
}

// field describes a field of a wire type.
type field struct {
	name     string
	index    []int
	required bool
}

// wireType returns the description of a type, which is made once for each body.
func (b *binder) wireType(t reflect.Type) *wireType {
	if known := b.types[t]; known != nil {
		return known
	}
	made := &wireType{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" && f.IsExported() {
			made.fields = append(made.fields, field{
				name:     name,
				index:    f.Index,
				required: options != "omitempty",
			})
			made.names = append(made.names, name)
		}
	}
	slices.Sort(made.names)
	b.types[t] = made
	return made
}

// parseTime parses an RFC 3339 time, truncated to whole seconds, in UTC.
func parseTime(s string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, s)
	at = at.UTC().Truncate(time.Second)
	if err != nil || at.Year() < 1 || at.Year() > 9999 {
		return time.Time{}, fmt.Errorf(
			"%q is not a time of RFC 3339, such as 2026-03-12T08:00:00Z", excerpt(s),
		)
	}
	return at, nil
}
