package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of a request body.
const (
	maxBody  = 1 << 20 // bytes
	maxDepth = 64      // levels of nesting
)

// parseJSON parses a JSON text (RFC 8259) strictly: it must be valid UTF-8, without duplicate names
// in an object, lone surrogates, more than maxDepth levels of nesting, or data after the value.
// Numbers become json.Number.
func parseJSON(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("it is not valid UTF-8")
	}
	if at := loneSurrogate(text); at >= 0 {
		return nil, fmt.Errorf(
			"the escape at byte %d is half of a surrogate pair, which is no character", at,
		)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := parseValue(d, 1)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf(
			"something stands behind the end of the value, at byte %d", d.InputOffset(),
		)
	}
	return v, nil
}

func parseValue(d *json.Decoder, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, syntaxError(err, d)
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("it is nested more than %d levels deep", maxDepth)
	}
	if delim == '[' {
		return parseArray(d, depth)
	}
	return parseObject(d, depth)
}

func parseArray(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		v, err := parseValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, syntaxError(err, d)
}

func parseObject(d *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, syntaxError(err, d)
		}
		name := token.(string) // always a string here
		if _, twice := object[name]; twice {
			return nil, fmt.Errorf(
				"the name %q stands twice in one object, the second time at byte %d", name,
				d.InputOffset(),
			)
		}
		if object[name], err = parseValue(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return object, syntaxError(err, d)
}

func syntaxError(err error, d *json.Decoder) error {
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return fmt.Errorf("%s, at byte %d", syntax, syntax.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends in the middle")
	default:
		return fmt.Errorf("%w, at byte %d", err, d.InputOffset())
	}
}

// loneSurrogate returns the offset of an escape such as \ud800 without its other half, or -1.
// Decoders silently replace it with U+FFFD.
func loneSurrogate(text []byte) int {
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		unit, ok := escapedUnit(text[i:])
		switch {
		case !ok:
			i++ // another escape: its second byte is not the start of one
		case unit >= 0xd800 && unit < 0xdc00:
			low, ok := escapedUnit(text[min(i+6, len(text)):])
			if !ok || low < 0xdc00 || low > 0xdfff {
				return i
			}
			i += 11
		case unit >= 0xdc00 && unit <= 0xdfff:
			return i
		default:
			i += 5
		}
	}
	return -1
}

// escapedUnit parses an escape \uXXXX at the start of a text.
func escapedUnit(text []byte) (uint64, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 32)
	return unit, err == nil
}

// CanonicalJSON returns a parsed value as JSON with sorted keys, and without needless escapes or
// spaces.
func CanonicalJSON(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // what was parsed can be encoded
	return strings.TrimSuffix(b.String(), "\n")
}

// mergePatch applies a JSON Merge Patch (RFC 7396) to a parsed value and returns the result. It
// does not change target.
func mergePatch(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	merged := map[string]any{}
	if object, ok := target.(map[string]any); ok {
		for name, v := range object {
			merged[name] = v
		}
	}
	for name, v := range changes {
		if v == nil {
			delete(merged, name)
		} else {
			merged[name] = mergePatch(merged[name], v)
		}
	}
	return merged
}
