package exchange

import (
	"regexp"
	"strings"
)

// call is a call of a template in a body: a shortcode of Hugo or Zola, or a tag of Liquid.
type call struct {
	name    string // in lower case; of an include the name of its file
	text    string // as written
	closing bool
	args    []string          // without names
	named   map[string]string // by name in lower case; nil for the output of a value
}

var (
	shortcodeCall = regexp.MustCompile(`^(?s)\{\{([<%])\s*(/?)\s*([\w./-]+)(.*?)/?\s*([>%])\}\}`)
	liquidTag     = regexp.MustCompile(`^(?s)\{%-?\s*(\w[\w-]*)(.*?)-?%\}`)
	liquidOutput  = regexp.MustCompile(`^(?s)\{\{-?\s*(.*?)\s*-?\}\}`)
	zolaCall      = regexp.MustCompile(`^(?s)(\w+)\s*\((.*)\)$`)
	argument      = regexp.MustCompile("(?s)(?:([\\w-]+)(?:\\s*=\\s*|:\\s+))?" +
		"(?:\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'|`([^`]*)`|([^\\s,|]+))")
)

// callAt returns the call at the start of a text, nil if there is none.
func callAt(text string) *call {
	text = text[:min(len(text), maxCall)]
	if m := shortcodeCall.FindStringSubmatch(text); m != nil {
		c := newCall(m[0], m[3], m[4])
		c.closing = m[2] == "/"
		return c
	}
	if m := liquidTag.FindStringSubmatch(text); m != nil {
		if z := zolaCall.FindStringSubmatch(strings.TrimSpace(m[1] + m[2])); z != nil {
			return newCall(m[0], z[1], z[2])
		}
		c := newCall(m[0], m[1], m[2])
		if name, isEnd := strings.CutPrefix(c.name, "end"); isEnd {
			c.name = name
			c.closing = true
		}
		return c
	}
	if m := liquidOutput.FindStringSubmatch(text); m != nil {
		return outputCall(m[0], m[1])
	}
	return nil
}

// liquidValue is what a Liquid output may begin with. Mathematics has braces too: {{n}}, {{2}}.
var liquidValue = regexp.MustCompile(
	`^(?:"[^"]*"|'[^']*'|[A-Za-z_][\w-]*(?:[.\[][\w.\[\]"'-]*|[\w-]))$`)

// outputCall returns the call of a Liquid output or of a Zola shortcode without a body.
func outputCall(text, inner string) *call {
	if z := zolaCall.FindStringSubmatch(inner); z != nil {
		return newCall(text, z[1], z[2])
	}
	value, filters, _ := strings.Cut(inner, "|")
	if value = strings.TrimSpace(value); !liquidValue.MatchString(value) {
		return nil
	}
	if value[0] == '"' || value[0] == '\'' {
		filter, title, _ := strings.Cut(filters, ":")
		if filter = strings.TrimSpace(filter); meanings[filter] != nil {
			return newCall(text, filter, value+" title="+strings.TrimSpace(title))
		}
		return &call{name: "text", text: text, args: []string{value[1 : len(value)-1]}}
	}
	return &call{name: value, text: text}
}

func newCall(text, name, args string) *call {
	c := &call{name: strings.ToLower(name), text: text, named: map[string]string{}}
	for _, m := range argument.FindAllStringSubmatch(args, -1) {
		value := m[2] + m[3] + m[4] + m[5]
		if m[2] != "" {
			value = strings.ReplaceAll(value, `\"`, `"`)
		}
		if m[1] == "" {
			c.args = append(c.args, value)
		} else {
			c.named[strings.ToLower(m[1])] = value
		}
	}
	if (c.name == "include" || c.name == "include_relative" || c.name == "render") &&
		len(c.args) > 0 {
		base := c.args[0][strings.LastIndexByte(c.args[0], '/')+1:]
		c.name, _, _ = strings.Cut(strings.ToLower(base), ".")
		c.args = c.args[1:]
	}
	return c
}

// arg returns the first argument of those names; without one, the argument without a name at that
// position, counted from 0. A negative position means none.
func (c *call) arg(position int, names ...string) string {
	for _, name := range names {
		if value := c.named[name]; value != "" {
			return value
		}
	}
	if position >= 0 && position < len(c.args) {
		return c.args[position]
	}
	return ""
}

// findClosing returns where the tag that closes a call stands in the text after it: where it begins
// and ends. The end is 0 if there is none.
func (c *call) findClosing(text string) (start, end int) {
	openings := []string{"{{< /" + c.name, "{{</" + c.name, "{{% /" + c.name, "{{%/" + c.name}
	if strings.HasPrefix(c.text, "{%") {
		openings = []string{"{% end" + c.name, "{%end" + c.name, "{%- end" + c.name, "{% end %}"}
	}
	for _, opening := range openings {
		at := strings.Index(text, opening)
		if at < 0 || end > 0 && at > start {
			continue
		}
		if tag := callAt(text[at:]); tag.closes(c) {
			start = at
			end = at + len(tag.text)
		}
	}
	return start, end
}

// closes reports whether a call closes another. Zola ends any block without a name.
func (c *call) closes(other *call) bool {
	return c != nil && c.closing && (c.name == other.name || c.name == "")
}
