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

// maxFrontMatterBytes is the most bytes a front matter can have.
const maxFrontMatterBytes = 64 << 10

// document is a Markdown file split into its front matter and its body.
type document struct {
	fields    map[string]any
	yaml      bool
	repeated  []string // the fields that occur more than once
	text      string   // the front matter as written, for finding a field's line
	firstLine int      // the file's line on which text begins
	body      string   // what follows, without blank lines around it
}

// frontMatterError says why a file's front matter cannot be parsed. line is the line in the file,
// or 0 if the whole file is concerned.
type frontMatterError struct {
	line   int
	reason string
}

func (e *frontMatterError) Error() string { return e.reason }

var errNoFrontMatter = &frontMatterError{reason: "no front matter"}

// parseDocument splits a file's text into front matter and body. The opening determines the format:
// --- for YAML, +++ for TOML, a brace for JSON. Blank lines before it are allowed. The error is a
// *frontMatterError.
func parseDocument(text string) (document, error) {
	line := 1
	for {
		head, rest, more := strings.Cut(text, "\n")
		switch mark := strings.TrimRight(head, " \t"); {
		case mark == "---" || mark == "+++":
			return parseFenced(mark, rest, line)
		case strings.HasPrefix(head, "{"):
			return parseJSONFrontMatter(text, line)
		case mark != "" || !more:
			return document{}, errNoFrontMatter
		}
		text, line = rest, line+1
	}
}

// parseFenced parses front matter between two delimiters. text begins after the first delimiter,
// which is on the given line of the file.
func parseFenced(mark, text string, line int) (document, error) {
	size, body, closed := findFenceEnd(mark, text)
	switch {
	case !closed:
		return document{}, &frontMatterError{line, "front matter: no closing " + mark}
	case size > maxFrontMatterBytes:
		return document{}, &frontMatterError{line, "front matter: larger than 64 KiB"}
	}
	m := document{yaml: mark == "---", text: text[:size], firstLine: line + 1,
		body: trimBlank(body)}
	var err error
	if m.yaml {
		m.fields, m.repeated, err = parseYAML(m.text, m.firstLine)
	} else {
		m.fields, err = parseTOML(m.text, m.firstLine)
	}
	return m, err
}

// findFenceEnd finds the line that closes a front matter. It returns how many bytes precede that
// line, and the text after it.
func findFenceEnd(mark, text string) (size int, body string, closed bool) {
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

// trimBlank removes blank lines at both ends. The first line keeps its indentation, which may mark
// code.
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
		line, reason := splitYAMLError(err)
		return nil, nil, &frontMatterError{first + line - 1, "front matter: " + reason}
	}
	if node.Kind == 0 {
		return nil, nil, nil
	}
	var reader yamlReader
	value, err := reader.read(node.Content[0], 0)
	var trouble *yamlError
	if errors.As(err, &trouble) {
		reason := "front matter: yaml: " + trouble.reason
		return nil, nil, &frontMatterError{first + trouble.line - 1, reason}
	}
	fields, err = toTable(value, first)
	return fields, reader.repeated, err
}

// splitYAMLError returns the line of a parser error, counted within the front matter, and its
// message.
func splitYAMLError(err error) (line int, reason string) {
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
		return nil, &frontMatterError{first + line - 1, "front matter: " + err.Error()}
	}
	value, err := fromDecoded(decoded, 0)
	if err != nil {
		return nil, &frontMatterError{first, "front matter: toml: " + err.Error()}
	}
	return toTable(value, first)
}

func toTable(value any, line int) (map[string]any, error) {
	if value == nil {
		return nil, nil
	}
	table, ok := value.(map[string]any)
	if !ok {
		return nil, &frontMatterError{line, "front matter: not a table of fields"}
	}
	return table, nil
}

// parseJSONFrontMatter parses JSON front matter, which ends with its closing brace. A brace that
// does not begin an object may open a template call.
func parseJSONFrontMatter(text string, line int) (document, error) {
	inner := strings.TrimLeft(text[1:], " \t\n")
	if !strings.HasPrefix(inner, `"`) && !strings.HasPrefix(inner, "}") {
		return document{}, errNoFrontMatter
	}
	head := text[:min(len(text), maxFrontMatterBytes+1)]
	decoder := json.NewDecoder(strings.NewReader(head))
	decoder.UseNumber()
	var decoded any
	err := decoder.Decode(&decoded)
	size := int(decoder.InputOffset())
	cut := errors.Is(err, io.ErrUnexpectedEOF) && len(head) < len(text)
	if size > maxFrontMatterBytes || cut {
		return document{}, &frontMatterError{line, "front matter: larger than 64 KiB"}
	}
	if err != nil {
		return document{}, &frontMatterError{line + lineOfOffset(head, err),
			"front matter: json: " + err.Error()}
	}
	value, err := fromDecoded(decoded, 0)
	if err != nil {
		return document{}, &frontMatterError{line, "front matter: json: " + err.Error()}
	}
	fields, err := toTable(value, line)
	return document{fields: fields, text: text[:size], firstLine: line,
		body: trimBlank(text[size:])}, err
}

// lineOfOffset returns the number of lines before the offset at which a JSON decoder stopped.
func lineOfOffset(text string, err error) int {
	var trouble *json.SyntaxError
	if !errors.As(err, &trouble) {
		return 0
	}
	return strings.Count(text[:min(int(trouble.Offset), len(text))], "\n")
}

// lineOf returns the line of the file on which a field of the front matter begins, or the front
// matter's first line if the name is not found at the start of a line.
func (m document) lineOf(name string) int {
	name, _, _ = strings.Cut(name, ".")
	for i, line := range strings.Split(m.text, "\n") {
		end := strings.IndexAny(line, ":=")
		if end > 0 && strings.Trim(line[:end], " \t\"'{") == name {
			return m.firstLine + i
		}
	}
	return m.firstLine
}
