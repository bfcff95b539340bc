package exchange

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

// All formats are decoded into the same few types: nil, string, literal, []any and map[string]any.

// literal is a scalar that is not a string. It has the text as written, because its field decides
// what it is: a title may be 1.10 and a slug 0123.
type literal struct {
	text  string
	value any // for JSON: bool, int64, float64, or a string
}

const (
	maxDepth         = 64      // levels of nesting
	maxUnfoldedBytes = 1 << 20 // bytes a front matter may expand to through its aliases
)

var (
	errDeep   = errors.New("nested deeper than 64 levels")
	errUnfold = errors.New("its aliases unfold to more than 1 MiB")
)

// numberLiteral returns the literal of a number; one that JSON cannot represent stays text.
func numberLiteral(text string) literal {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return literal{text, n}
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
		return literal{text, f}
	}
	return literal{text, text}
}

// fromDecoded converts what the JSON and TOML decoders return.
func fromDecoded(v any, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDeep
	}
	switch v := v.(type) {
	case nil, string:
		return v, nil
	case bool:
		return literal{strconv.FormatBool(v), v}, nil
	case json.Number:
		return numberLiteral(v.String()), nil
	case int64:
		return numberLiteral(strconv.FormatInt(v, 10)), nil
	case float64:
		return numberLiteral(strconv.FormatFloat(v, 'f', -1, 64)), nil
	case time.Time:
		return timeLiteral(v.Format(time.RFC3339Nano)), nil
	case toml.LocalDate:
		return timeLiteral(v.String()), nil
	case toml.LocalDateTime:
		return timeLiteral(v.String()), nil
	case toml.LocalTime:
		return literal{v.String(), v.String()}, nil
	case []any:
		list := make([]any, len(v))
		var err error
		for i := range v {
			if list[i], err = fromDecoded(v[i], depth+1); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		table := make(map[string]any, len(v))
		var err error
		for name := range v {
			if table[name], err = fromDecoded(v[name], depth+1); err != nil {
				return nil, err
			}
		}
		return table, nil
	}
	return nil, errors.New("a value of an unknown kind")
}

// timeLiteral returns the literal of a time, which is RFC 3339 in JSON.
func timeLiteral(text string) literal {
	if t, err := parseTime(text, nil); err == nil {
		return literal{text, t.Format(time.RFC3339)}
	}
	return literal{text, text}
}

// yamlReader converts YAML nodes. It counts bytes, because a few aliases can expand to gigabytes,
// and records the fields that occur more than once.
type yamlReader struct {
	text     int
	repeated []string
}

// yamlError is an error in a front matter's YAML with its line there.
type yamlError struct {
	line   int
	reason string
}

func (e *yamlError) Error() string { return e.reason }

func (y *yamlReader) read(n *yaml.Node, depth int) (any, error) {
	y.text += len(n.Value) + 1
	if y.text > maxUnfoldedBytes {
		return nil, &yamlError{n.Line, errUnfold.Error()}
	}
	if depth > maxDepth {
		return nil, &yamlError{n.Line, errDeep.Error()}
	}
	switch n.Kind {
	case yaml.AliasNode:
		return y.read(n.Alias, depth+1)
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		var err error
		for i := range n.Content {
			if list[i], err = y.read(n.Content[i], depth+1); err != nil {
				return nil, err
			}
		}
		return list, nil
	case yaml.MappingNode:
		return y.table(n, depth)
	}
	return scalar(n), nil
}

func scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return literal{n.Value, strings.EqualFold(n.Value, "true")}
	case "!!int", "!!float":
		return numberLiteral(n.Value)
	case "!!timestamp":
		return timeLiteral(n.Value)
	}
	return n.Value
}

// table converts a mapping. Its own fields take precedence over those of a merge key. If a field
// occurs twice, the last is used, as in the systems these files come from.
func (y *yamlReader) table(n *yaml.Node, depth int) (any, error) {
	table := make(map[string]any, len(n.Content)/2)
	var merged []any
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, node := n.Content[i], n.Content[i+1]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return nil, &yamlError{key.Line, "a field's name must be text"}
		}
		value, err := y.read(node, depth+1)
		if err != nil {
			return nil, err
		}
		if key.ShortTag() == "!!merge" {
			merged = append(merged, value)
			continue
		}
		if _, twice := table[key.Value]; twice {
			y.repeated = append(y.repeated, key.Value)
		}
		table[key.Value] = value
	}
	mergeInto(table, merged)
	return table, nil
}

// mergeInto adds to into those fields of the tables in from, and in lists there, that it lacks.
func mergeInto(into map[string]any, from []any) {
	for _, value := range from {
		switch value := value.(type) {
		case []any:
			mergeInto(into, value)
		case map[string]any:
			for name := range value {
				if _, there := into[name]; !there {
					into[name] = value[name]
				}
			}
		}
	}
}

// isEmpty reports whether a value is null, blank or without members.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// textOf returns the text of a scalar; that of a list or table is empty.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case literal:
		return v.text
	}
	return ""
}
