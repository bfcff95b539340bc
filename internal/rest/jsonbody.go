package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of a request body.
const (
	maxBody   = 1 << 20 // bytes
	maxDepth  = 64      // levels of nesting
	maxValues = 100_000 // values in all; the names of fields are not counted
)

// parseJSON parses a JSON text (RFC 8259) strictly: it must be valid UTF-8, without duplicate names
// in an object, lone surrogates, more than maxDepth levels of nesting or maxValues values, or data
// after the value. Numbers become json.Number.
func parseJSON(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("it is not valid UTF-8")
	}
	if at := loneSurrogate(text); at >= 0 {
		return nil, fmt.Errorf(
			"the escape at byte %d is half of a surrogate pair, which is no character", at,
		)
	}
	if !json.Valid(text) {
		return nil, syntaxError(json.Unmarshal(text, new(any)))
	}
	p := jsonParser{text: text}
	return p.value(1)
}

func syntaxError(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("%s, at byte %d", syntax, syntax.Offset)
	}
	return err
}

// jsonParser parses a text that is known to be valid JSON. json.Decoder takes several times as long
// for the same, which a caller could use to keep the server busy.
type jsonParser struct {
	text   []byte
	at     int // the next byte
	values int // values so far
}

// next skips white space and commas and colons, and returns the byte that follows.
func (p *jsonParser) next() byte {
	for {
		switch c := p.text[p.at]; c {
		case ' ', '\t', '\r', '\n', ',', ':':
			p.at++
		default:
			return c
		}
	}
}

func (p *jsonParser) value(depth int) (any, error) {
	if p.values++; p.values > maxValues {
		return nil, fmt.Errorf("it has more than %d values", maxValues)
	}
	c := p.next()
	if (c == '{' || c == '[') && depth > maxDepth {
		return nil, fmt.Errorf("it is nested more than %d levels deep", maxDepth)
	}
	switch c {
	case '{':
		return p.object(depth)
	case '[':
		return p.array(depth)
	case '"':
		return p.string(), nil
	case 't':
		p.at += len("true")
		return true, nil
	case 'f':
		p.at += len("false")
		return false, nil
	case 'n':
		p.at += len("null")
		return nil, nil
	}
	return p.number(), nil
}

func (p *jsonParser) array(depth int) (any, error) {
	list := []any{}
	for p.at++; p.next() != ']'; {
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	p.at++
	return list, nil
}

func (p *jsonParser) object(depth int) (any, error) {
	object := map[string]any{}
	for p.at++; p.next() != '}'; {
		name := p.string()
		if _, twice := object[name]; twice {
			return nil, fmt.Errorf(
				"the name %q stands twice in one object, the second time at byte %d",
				excerpt(name), p.at,
			)
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		object[name] = v
	}
	p.at++
	return object, nil
}

// string parses a string, which begins here.
func (p *jsonParser) string() string {
	begin, escaped := p.at, false
	for p.at++; p.text[p.at] != '"'; p.at++ {
		if p.text[p.at] == '\\' {
			escaped = true
			p.at++
		}
	}
	p.at++
	if !escaped {
		return string(p.text[begin+1 : p.at-1])
	}
	return unescape(p.text[begin+1 : p.at-1])
}

// escapes are the characters that two-character escapes mean.
var escapes = map[byte]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// unescape returns what a valid string without lone surrogates means.
func unescape(text []byte) string {
	s := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			s = append(s, text[i])
			i++
			continue
		}
		unit, ok := escapedUnit(text[i:])
		if !ok {
			s = append(s, escapes[text[i+1]])
			i += 2
			continue
		}
		i += 6
		r := rune(unit)
		if utf16.IsSurrogate(r) {
			low, _ := escapedUnit(text[i:])
			r = utf16.DecodeRune(r, rune(low))
			i += 6
		}
		s = utf8.AppendRune(s, r)
	}
	return string(s)
}

func (p *jsonParser) number() json.Number {
	begin := p.at
	for p.at < len(p.text) && strings.IndexByte("+-.0123456789Ee", p.text[p.at]) >= 0 {
		p.at++
	}
	return json.Number(p.text[begin:p.at])
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
