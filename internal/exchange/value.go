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

// All formats are read into the same few values: nil, string, literal, []any and map[string]any.

// literal is a single value that is not a string. Its text is as written, because the field it stands in decides what it
// is: a title may be 1.10 and a slug 0123.
type literal struct {
	text  string
	value any // what JSON can hold: bool, int64, float64, or a string
}

const (
	deepest  = 64      // levels of nesting
	mostText = 1 << 20 // bytes a front matter may unfold to through its aliases
)

var (
	errDeep   = errors.New("nested deeper than 64 levels")
	errUnfold = errors.New("its aliases unfold to more than 1 MiB")
)

// number makes a literal of a number's text; one that JSON cannot hold is kept as text.
func number(text string) literal {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return literal{text, n}
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
		return literal{text, f}
	}
	return literal{text, text}
}

// fromGo turns what the JSON and TOML decoders answer into our values.
func fromGo(v any, depth int) (any, error) {
	if depth > deepest {
		return nil, errDeep
	}
	switch v := v.(type) {
	case nil, string:
		return v, nil
	case bool:
		return literal{strconv.FormatBool(v), v}, nil
	case json.Number:
		return number(v.String()), nil
	case int64:
		return number(strconv.FormatInt(v, 10)), nil
	case float64:
		return number(strconv.FormatFloat(v, 'f', -1, 64)), nil
	case time.Time:
		return moment(v.Format(time.RFC3339Nano)), nil
	case toml.LocalDate:
		return moment(v.String()), nil
	case toml.LocalDateTime:
		return moment(v.String()), nil
	case toml.LocalTime:
		return literal{v.String(), v.String()}, nil
	case []any:
		list := make([]any, len(v))
		var err error
		for i := range v {
			if list[i], err = fromGo(v[i], depth+1); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		table := make(map[string]any, len(v))
		var err error
		for name := range v {
			if table[name], err = fromGo(v[name], depth+1); err != nil {
				return nil, err
			}
		}
		return table, nil
	}
	return nil, errors.New("a value of an unknown kind")
}

// moment makes a literal of a time's text, which JSON holds as RFC 3339.
func moment(text string) literal {
	if t, err := parseTime(text); err == nil {
		return literal{text, t.Format(time.RFC3339)}
	}
	return literal{text, text}
}

// yamlReader turns YAML nodes into our values. It counts text, because a few aliases can unfold to gigabytes, and notes
// the fields that are there twice.
type yamlReader struct {
	text  int
	twice []string
}

// yamlError is what is wrong with a front matter's YAML, and on which of its lines.
type yamlError struct {
	line   int
	reason string
}

func (e *yamlError) Error() string { return e.reason }

func (y *yamlReader) read(n *yaml.Node, depth int) (any, error) {
	y.text += len(n.Value) + 1
	if y.text > mostText {
		return nil, &yamlError{n.Line, errUnfold.Error()}
	}
	if depth > deepest {
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
		return number(n.Value)
	case "!!timestamp":
		return moment(n.Value)
	}
	return n.Value
}

// table reads a mapping. What a merge key brings stands behind what the mapping itself says; of a field that is there
// twice the last one counts, as in the systems these files come from.
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
			y.twice = append(y.twice, key.Value)
		}
		table[key.Value] = value
	}
	mergeInto(table, merged)
	return table, nil
}

// mergeInto adds the fields of the tables in from, and in lists there, that into does not have yet.
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

// isEmpty tells whether a value says nothing.
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

// textOf is the text of a single value; a list or table has none.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case literal:
		return v.text
	}
	return ""
}
