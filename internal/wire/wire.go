// Package wire writes values as JSON: the very bytes encoding/json writes when it is told to leave HTML alone, in less than
// half the time. It knows Go types and their json tags; it never knows what they mean.
//
// How a type is written is found out by reflection, once. What a program does not send often is left to encoding/json:
// maps, fractions, types that write themselves, and structs whose fields have other names by its rules than those that
// stand in their tags. A type that holds itself cannot be written.
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

// JSON is a value as JSON on a line, the end of the line included. What cannot be written, such as a function, is null.
func JSON(v any) []byte {
	return made(func(b []byte) []byte { return append(appendAny(b, reflect.ValueOf(&v).Elem()), '\n') })
}

// Part is an object with nothing but the named fields of a struct, or of the one a pointer points to, in the order of the
// names. Names that the struct does not have, and fields it would leave out, are not there.
func Part(v any, names []string) json.RawMessage {
	whole := reflect.Indirect(reflect.ValueOf(v))
	return made(func(b []byte) []byte { return objectOf(whole.Type()).appendPart(b, whole, names) })
}

// room is what JSON is written in before it is known how long it is.
var room = sync.Pool{New: func() any { return new([]byte) }}

// largest is how much room is kept, in bytes.
const largest = 256 << 10

// made is what was appended, in no more memory than it takes.
func made(appended func(b []byte) []byte) []byte {
	b := room.Get().(*[]byte)
	*b = appended((*b)[:0])
	out := bytes.Clone(*b)
	if cap(*b) <= largest {
		room.Put(b)
	}
	return out
}

// writer appends a value of one type.
type writer func(b []byte, v reflect.Value) []byte

// writers are those of the types met so far.
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
	case writesItself(t):
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
		if t.Elem().Kind() != reflect.Uint8 { // bytes are not a list in JSON
			return sliceWriter(t)
		}
	case reflect.Struct:
		if o := objectOf(t); o != nil {
			return o.append
		}
	}
	return appendStandard
}

// writesItself tells whether encoding/json would ask a type for its JSON.
func writesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t) // it has the methods of the type, too
	return p.Implements(reflect.TypeFor[json.Marshaler]()) || p.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// appendStandard leaves a value to encoding/json.
func appendStandard(b []byte, v reflect.Value) []byte {
	if v.CanAddr() {
		v = v.Addr() // a method of the pointer may write it
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
	if err != nil { // no year of four digits
		return appendNull(b)
	}
	return append(out, '"')
}

// appendRaw takes JSON for what it says it is: unlike encoding/json it does not look for spaces in it, or for mistakes.
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
