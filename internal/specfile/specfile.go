// Package specfile knows how a specification is laid down in a file: as JSON whose objects keep the order of their
// members, and as the same thing in YAML, under a line that says it is generated. It never knows what the members
// mean, nor where the files are.
package specfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Member is one name of an object and what it holds.
type Member struct {
	Key   string
	Value any
}

// Object is a JSON object in the order it was written. The zero Object is empty and ready to use.
type Object struct {
	Members []Member
}

// Get gives the value held under key, or nil when there is none.
func (o *Object) Get(key string) any {
	for _, member := range o.Members {
		if member.Key == key {
			return member.Value
		}
	}
	return nil
}

// Has says whether the object has a member of that name, be it null.
func (o *Object) Has(key string) bool {
	for _, member := range o.Members {
		if member.Key == key {
			return true
		}
	}
	return false
}

// Set puts value under key: in its old place where the key was there, at the end where it was not.
func (o *Object) Set(key string, value any) {
	for i := range o.Members {
		if o.Members[i].Key == key {
			o.Members[i].Value = value
			return
		}
	}
	o.Members = append(o.Members, Member{key, value})
}

// Delete takes the key away; a key that is not there is no matter.
func (o *Object) Delete(key string) {
	for i := range o.Members {
		if o.Members[i].Key == key {
			o.Members = append(o.Members[:i], o.Members[i+1:]...)
			return
		}
	}
}

// MarshalJSON writes the object on one line, in its own order.
func (o *Object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	if err := writeJSON(&out, o, 0, 0); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Parse reads one JSON value: *Object, []any, string, json.Number, bool or nil. Anything after the value is an error.
func Parse(data []byte) (any, error) {
	in := json.NewDecoder(bytes.NewReader(data))
	in.UseNumber()
	value, err := parseValue(in)
	if err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	if _, err := in.Token(); err != io.EOF {
		return nil, fmt.Errorf("read JSON: more after the value, at byte %d", in.InputOffset())
	}
	return value, nil
}

func parseValue(in *json.Decoder) (any, error) {
	token, err := in.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return parseObject(in)
	case json.Delim('['):
		return parseList(in)
	}
	return token, nil
}

func parseObject(in *json.Decoder) (any, error) {
	object := &Object{}
	for in.More() {
		key, err := in.Token()
		if err != nil {
			return nil, err
		}
		value, err := parseValue(in)
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		object.Members = append(object.Members, Member{name, value})
	}
	_, err := in.Token()
	return object, err
}

func parseList(in *json.Decoder) (any, error) {
	list := []any{}
	for in.More() {
		value, err := parseValue(in)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := in.Token()
	return list, err
}

// JSON writes a value of the kinds that Parse gives. Members down to the given depth stand on lines of their own, so
// that a comparison of two files reads well; what lies deeper is written without a space.
func JSON(value any, depth int) ([]byte, error) {
	var out bytes.Buffer
	if err := writeJSON(&out, value, 0, depth); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

func writeJSON(out *bytes.Buffer, value any, level, depth int) error {
	switch value := value.(type) {
	case *Object:
		return writeJSONItems(out, "{}", len(value.Members), level, depth, func(i int) error {
			if err := writeJSONScalar(out, value.Members[i].Key); err != nil {
				return err
			}
			out.WriteByte(':')
			if level < depth {
				out.WriteByte(' ')
			}
			return writeJSON(out, value.Members[i].Value, level+1, depth)
		})
	case []any:
		return writeJSONItems(out, "[]", len(value), level, depth, func(i int) error {
			return writeJSON(out, value[i], level+1, depth)
		})
	}
	return writeJSONScalar(out, value)
}

func writeJSONItems(out *bytes.Buffer, brackets string, count, level, depth int, write func(int) error) error {
	out.WriteByte(brackets[0])
	for i := range count {
		if i > 0 {
			out.WriteByte(',')
		}
		newJSONLine(out, level+1, depth)
		if err := write(i); err != nil {
			return err
		}
	}
	if count > 0 {
		newJSONLine(out, level, depth-1)
	}
	out.WriteByte(brackets[1])
	return nil
}

func newJSONLine(out *bytes.Buffer, level, depth int) {
	if level > depth {
		return
	}
	out.WriteByte('\n')
	out.WriteString(strings.Repeat("  ", level))
}

func writeJSONScalar(out *bytes.Buffer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	out.Truncate(out.Len() - 1) // Encode ends each value with a newline
	return nil
}
