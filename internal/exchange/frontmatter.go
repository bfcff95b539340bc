package exchange

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

// largestMatter is the most bytes a front matter can have.
const largestMatter = 64 << 10

// matter is a Markdown file taken apart.
type matter struct {
	fields map[string]any
	yaml   bool
	twice  []string // the fields that are there twice
	text   string   // the front matter as written, for finding a field's line
	first  int      // the file's line on which text begins
	body   string   // what follows, without blank lines around it
}

// matterError says why a file has no front matter that can be read. Line is the file's, 0 if the whole file is meant.
type matterError struct {
	line   int
	reason string
}

func (e *matterError) Error() string { return e.reason }

var errNoMatter = &matterError{reason: "no front matter"}

// readMatter takes apart the text of a file. The front matter's opening tells its format: --- for YAML, +++ for TOML, a
// brace for JSON. Blank lines may stand before it. The error is a *matterError.
func readMatter(text string) (matter, error) {
	line := 1
	for {
		head, rest, more := strings.Cut(text, "\n")
		switch mark := strings.TrimRight(head, " \t"); {
		case mark == "---" || mark == "+++":
			return fenced(mark, rest, line)
		case strings.HasPrefix(head, "{"):
			return braced(text, line)
		case mark != "" || !more:
			return matter{}, errNoMatter
		}
		text, line = rest, line+1
	}
}

// fenced reads front matter between two delimiters; text begins behind the first, which stands on that line.
func fenced(mark, text string, line int) (matter, error) {
	size, body, closed := cutFence(mark, text)
	switch {
	case !closed:
		return matter{}, &matterError{line, "front matter: no closing " + mark}
	case size > largestMatter:
		return matter{}, &matterError{line, "front matter: larger than 64 KiB"}
	}
	m := matter{yaml: mark == "---", text: text[:size], first: line + 1, body: trimBlank(body)}
	var err error
	if m.yaml {
		m.fields, m.twice, err = parseYAML(m.text, m.first)
	} else {
		m.fields, err = parseTOML(m.text, m.first)
	}
	return m, err
}

// cutFence finds the line that closes a front matter: how much stands before it, and what follows.
func cutFence(mark, text string) (size int, body string, closed bool) {
	for size < len(text) {
		head, rest, _ := strings.Cut(text[size:], "\n")
		end := strings.TrimRight(head, " \t")
		if end == mark || mark == "---" && end == "..." {
			return size, rest, true
		}
		size += len(head) + 1
	}
	return 0, "", false
}

// trimBlank takes the blank lines off both ends; the first line keeps its indent, which may mean code.
func trimBlank(s string) string {
	s = strings.TrimRight(s, " \t\n")
	for {
		head, rest, more := strings.Cut(s, "\n")
		if !more || strings.TrimSpace(head) != "" {
			return s
		}
		s = rest
	}
}

func parseYAML(text string, first int) (fields map[string]any, twice []string, err error) {
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(text), &node); err != nil {
		line, reason := yamlTrouble(err)
		return nil, nil, &matterError{first + line - 1, "front matter: " + reason}
	}
	if node.Kind == 0 {
		return nil, nil, nil
	}
	var reader yamlReader
	value, err := reader.read(node.Content[0], 0)
	var trouble *yamlError
	if errors.As(err, &trouble) {
		return nil, nil, &matterError{first + trouble.line - 1, "front matter: yaml: " + trouble.reason}
	}
	fields, err = asTable(value, first)
	return fields, reader.twice, err
}

// yamlTrouble parts the line, counted within the front matter, from what the parser says about it.
func yamlTrouble(err error) (line int, reason string) {
	reason = err.Error()
	words, found := strings.CutPrefix(reason, "yaml: line ")
	if !found {
		return 1, reason
	}
	digits, rest, _ := strings.Cut(words, ":")
	if line, err = strconv.Atoi(digits); err != nil {
		return 1, reason
	}
	return line, "yaml:" + rest
}

func parseTOML(text string, first int) (map[string]any, error) {
	var decoded map[string]any
	if err := toml.Unmarshal([]byte(text), &decoded); err != nil {
		line := 1
		var trouble *toml.DecodeError
		if errors.As(err, &trouble) {
			line, _ = trouble.Position()
		}
		return nil, &matterError{first + line - 1, "front matter: " + err.Error()}
	}
	value, err := fromGo(decoded, 0)
	if err != nil {
		return nil, &matterError{first, "front matter: toml: " + err.Error()}
	}
	return asTable(value, first)
}

func asTable(value any, line int) (map[string]any, error) {
	if value == nil {
		return nil, nil
	}
	table, ok := value.(map[string]any)
	if !ok {
		return nil, &matterError{line, "front matter: not a table of fields"}
	}
	return table, nil
}

// braced reads JSON front matter, which ends with its closing brace. A brace may also begin a template's call.
func braced(text string, line int) (matter, error) {
	inner := strings.TrimLeft(text[1:], " \t\n")
	if !strings.HasPrefix(inner, `"`) && !strings.HasPrefix(inner, "}") {
		return matter{}, errNoMatter
	}
	head := text[:min(len(text), largestMatter+1)]
	decoder := json.NewDecoder(strings.NewReader(head))
	decoder.UseNumber()
	var decoded any
	err := decoder.Decode(&decoded)
	size := int(decoder.InputOffset())
	if size > largestMatter || err != nil && errors.Is(err, io.ErrUnexpectedEOF) && len(head) < len(text) {
		return matter{}, &matterError{line, "front matter: larger than 64 KiB"}
	}
	if err != nil {
		return matter{}, &matterError{line + lineOfOffset(head, err), "front matter: json: " + err.Error()}
	}
	value, err := fromGo(decoded, 0)
	if err != nil {
		return matter{}, &matterError{line, "front matter: json: " + err.Error()}
	}
	fields, err := asTable(value, line)
	return matter{fields: fields, text: text[:size], first: line, body: trimBlank(text[size:])}, err
}

// lineOfOffset counts the lines before the place where a JSON decoder stopped.
func lineOfOffset(text string, err error) int {
	var trouble *json.SyntaxError
	if !errors.As(err, &trouble) {
		return 0
	}
	return strings.Count(text[:min(int(trouble.Offset), len(text))], "\n")
}

// lineOf is the file's line on which a field of the front matter begins; the front matter's own first line if the name
// is not found at the start of a line.
func (m matter) lineOf(name string) int {
	name, _, _ = strings.Cut(name, ".")
	for i, line := range strings.Split(m.text, "\n") {
		end := strings.IndexAny(line, ":=")
		if end > 0 && strings.Trim(line[:end], " \t\"'{") == name {
			return m.first + i
		}
	}
	return m.first
}
