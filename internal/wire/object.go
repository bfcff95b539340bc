package wire

import (
	"reflect"
	"strings"
	"sync"
)

// object is how a struct is written: its fields in their order.
type object []field

// field is a field of a struct.
type field struct {
	name      string
	intro     string // what stands in front of the value
	index     int
	omitEmpty bool
	write     writer
	embedded  object // the fields of an embedded struct, which stand here; then there is no name
}

// objects are those of the types met so far.
var objects sync.Map

// objectOf is how a struct is written, nil if that is better left to encoding/json.
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

// newObject tells how a struct is written that has no names but those in its tags, each once. Taken are the names there are.
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
		o = append(o, field{name: name, intro: intro, index: i, omitEmpty: options != "", write: writerOf(f.Type)})
	}
	return o, true
}

func (o object) append(b []byte, v reflect.Value) []byte {
	return braced(b, func(b []byte) []byte { return o.appendFields(b, v) })
}

func (o object) appendPart(b []byte, v reflect.Value, names []string) []byte {
	return braced(b, func(b []byte) []byte {
		for _, name := range names {
			b = o.appendNamed(b, v, name)
		}
		return b
	})
}

// braced makes an object of fields that have commas in front of them.
func braced(b []byte, fields func(b []byte) []byte) []byte {
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
	if f.omitEmpty && empty(v) {
		return b
	}
	return f.write(append(b, f.intro...), v)
}

// empty is what omitempty means by it.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String, reflect.Slice, reflect.Map, reflect.Array:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}
