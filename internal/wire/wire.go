// Package wire encodes values as JSON: the same bytes as encoding/json without HTML escaping, in
// less than half the time. It knows Go types and their json tags; it never knows what they mean.
//
// How a type is encoded is determined by reflection once. What is rarely sent is left to
// encoding/json: maps, floating-point numbers, types with marshalers, and structs whose fields are
// not all named by their tags. Recursive types are not supported.
package wire

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"sync"
	"time"
)

// JSON returns a value as JSON with a line feed at its end. What cannot be encoded, such as a
// function, is null.
func JSON(v any) []byte {
	return buildBytes(func(b []byte) []byte {
		return append(appendAny(b, reflect.ValueOf(&v).Elem()), '\n')
	})
}

// Part returns an object with only the named fields of a struct, or of a pointer to one, in the
// order of names. Unknown names and fields omitted by omitempty are left out.
func Part(v any, names []string) json.RawMessage {
	whole := reflect.Indirect(reflect.ValueOf(v))
	return buildBytes(func(b []byte) []byte {
		return objectOf(whole.Type()).appendPart(b, whole, names)
	})
}

// buffers holds buffers for JSON whose length is not known yet.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// maxBufferBytes is the capacity of the largest buffer that is reused.
const maxBufferBytes = 256 << 10

// buildBytes returns the bytes that build appends, without spare capacity.
func buildBytes(build func(b []byte) []byte) []byte {
	b := buffers.Get().(*[]byte)
	*b = build((*b)[:0])
	out := bytes.Clone(*b)
	if cap(*b) <= maxBufferBytes {
		buffers.Put(b)
	}
	return out
}

// writer appends a value of one type.
type writer func(b []byte, v reflect.Value) []byte

// writers caches the writer of each type.
var writers sync.Map

func writerOf(t reflect.Type) writer {
	if w, ok := writers.Load(t); ok {
		return w.(writer)
	}
	w := newWriter(t)
	writers.Store(t, w)
	return w
}

func newWriter(t reflect.Type) writer {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return appendTime
	case t == reflect.TypeFor[json.RawMessage]():
		return appendRaw
	case t.Kind() == reflect.Pointer:
		return pointerWriter(t)
	case hasMarshaler(t):
		return appendStandard
	}
	switch t.Kind() {
	case reflect.String:
		return func(b []byte, v reflect.Value) []byte { return appendText(b, v.String()) }
	case reflect.Bool:
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendBool(b, v.Bool()) }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendInt(b, v.Int(), 10) }
	case reflect.Interface:
		return appendAny
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 { // []byte is base64 in JSON
			return sliceWriter(t)
		}
	case reflect.Struct:
		if o := objectOf(t); o != nil {
			return o.append
		}
	}
	return appendStandard
}

// hasMarshaler reports whether encoding/json would call a marshaler of a type.
func hasMarshaler(t reflect.Type) bool {
	p := reflect.PointerTo(t) // its method set includes the type's
	return p.Implements(reflect.TypeFor[json.Marshaler]()) ||
		p.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// appendStandard encodes a value with encoding/json.
func appendStandard(b []byte, v reflect.Value) []byte {
	if v.CanAddr() {
		v = v.Addr() // the marshaler may have a pointer receiver
	}
	out := bytes.NewBuffer(b)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if e.Encode(v.Interface()) != nil {
		return appendNull(b)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte{'\n'})
}

func appendNull(b []byte) []byte { return append(b, "null"...) }

func appendAny(b []byte, v reflect.Value) []byte {
	if v.IsNil() {
		return appendNull(b)
	}
	return writerOf(v.Elem().Type())(b, v.Elem())
}

func appendTime(b []byte, v reflect.Value) []byte {
	at, _ := reflect.TypeAssert[time.Time](v)
	out, err := at.AppendText(append(b, '"'))
	if err != nil { // its year does not have four digits
		return appendNull(b)
	}
	return append(out, '"')
}

// appendRaw appends JSON unchanged. Unlike encoding/json it neither compacts nor validates it.
func appendRaw(b []byte, v reflect.Value) []byte {
	if v.Len() == 0 {
		return appendNull(b)
	}
	return append(b, v.Bytes()...)
}

func pointerWriter(t reflect.Type) writer {
	target := writerOf(t.Elem())
	return func(b []byte, v reflect.Value) []byte {
		if v.IsNil() {
			return appendNull(b)
		}
		return target(b, v.Elem())
	}
}

func sliceWriter(t reflect.Type) writer {
	element := writerOf(t.Elem())
	return func(b []byte, v reflect.Value) []byte {
		if v.IsNil() {
			return appendNull(b)
		}
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			b = element(b, v.Index(i))
		}
		return append(b, ']')
	}
}
