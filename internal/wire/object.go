package wire

import (
	"reflect"
	"strings"
	"sync"
)

// object describes how a struct is written: its fields in order.
type object []field

// field is a field of a struct.
type field struct {
	name      string
	prefix    string // what precedes the value: a comma, the name and a colon
	index     int
	omitEmpty bool
	write     writer
	embedded  object // the fields of an embedded struct, which has no name
}

// objects caches the object of each struct type, nil where encoding/json writes it.
var objects sync.Map

// objectOf returns how a struct is written, nil if it is left to encoding/json.
func objectOf(t reflect.Type) object {
	if o, ok := objects.Load(t); ok {
		return o.(object)
	}
	o, ok := newObject(t, map[string]bool{})
	if !ok {
		o = nil
	}
	objects.Store(t, o)
	return o
}

// newObject describes a struct whose fields are all named by their tags, each name once. ok is
// false for any other struct. taken are the names used so far.
func newObject(t reflect.Type, taken map[string]bool) (o object, ok bool) {
	o = object{}
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-" || !f.IsExported() && !f.Anonymous:
			continue
		case f.Anonymous && !tagged && f.Type.Kind() == reflect.Struct:
			embedded, ok := newObject(f.Type, taken)
			if !ok {
				return nil, false
			}
			o = append(o, field{index: i, embedded: embedded})
			continue
		case f.Anonymous || name == "" || taken[name] || options != "" && options != "omitempty":
			return nil, false
		}
		taken[name] = true
		intro := string(append(appendText([]byte{','}, name), ':'))
		o = append(o, field{name: name, prefix: intro, index: i, omitEmpty: options != "",
			write: writerOf(f.Type)})
	}
	return o, true
}

func (o object) append(b []byte, v reflect.Value) []byte {
	return appendBraced(b, func(b []byte) []byte { return o.appendFields(b, v) })
}

func (o object) appendPart(b []byte, v reflect.Value, names []string) []byte {
	return appendBraced(b, func(b []byte) []byte {
		for _, name := range names {
			b = o.appendNamed(b, v, name)
		}
		return b
	})
}

// appendBraced appends an object whose members are appended by fields, each preceded by a comma.
func appendBraced(b []byte, fields func(b []byte) []byte) []byte {
	start := len(b)
	if b = fields(b); len(b) == start {
		return append(b, "{}"...)
	}
	b[start] = '{'
	return append(b, '}')
}

func (o object) appendFields(b []byte, v reflect.Value) []byte {
	for i := range o {
		if f := &o[i]; f.embedded != nil {
			b = f.embedded.appendFields(b, v.Field(f.index))
		} else {
			b = f.append(b, v.Field(f.index))
		}
	}
	return b
}

func (o object) appendNamed(b []byte, v reflect.Value, name string) []byte {
	for i := range o {
		if f := &o[i]; f.embedded != nil {
			b = f.embedded.appendNamed(b, v.Field(f.index), name)
		} else if f.name == name {
			b = f.append(b, v.Field(f.index))
		}
	}
	return b
}

func (f *field) append(b []byte, v reflect.Value) []byte {
	if f.omitEmpty && isEmpty(v) {
		return b
	}
	return f.write(append(b, f.prefix...), v)
}

// isEmpty reports whether omitempty omits a value.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String, reflect.Slice, reflect.Map, reflect.Array:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}
