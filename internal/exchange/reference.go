package exchange

import (
	"regexp"
	"strings"
)

var (
	// linkDefinition matches the definition of what a label of links leads to.
	linkDefinition = regexp.MustCompile(`(?m)^ {0,3}\[([^\[\]^][^\[\]\n]*)\]:[ \t]*<?([^\s<>]+)>?` +
		`(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$`)
	linkLabel = regexp.MustCompile(`^\]\[([^\[\]]*)\]`)
)

// maxLabel is the most bytes of a label.
const maxLabel = 1000

// findReferences looks up the relative paths that labels of links are defined as: [label]: ../x.md.
func (c *converter) findReferences() {
	if !strings.Contains(c.whole, "]:") || c.item.BodyFormat == "html" {
		return
	}
	c.references = map[string]string{}
	defined := map[string]bool{}
	for _, m := range linkDefinition.FindAllStringSubmatch(c.whole, -1) {
		label := foldLabel(m[1])
		if !defined[label] && isRelative(m[2]) {
			c.references[label] = c.pageAddress(m[2])
		}
		defined[label] = true // the first definition of a label counts
	}
}

// foldLabel returns the same for labels that Markdown takes for equal.
func foldLabel(label string) string {
	return strings.ToLower(strings.Join(strings.Fields(label), " "))
}

// definitionAt converts the definition of a label as a relative path, and returns its size.
func (c *converter) definitionAt(text string, offset int) int {
	if len(c.references) == 0 || !c.startsLine(offset) {
		return 0
	}
	line, _, _ := strings.Cut(text, "\n")
	m := linkDefinition.FindStringSubmatchIndex(line)
	if m == nil {
		return 0
	}
	address, isRelative := c.references[foldLabel(line[m[2]:m[3]])]
	if !isRelative {
		return 0
	}
	c.note(offset, "relative path", line[m[4]:m[5]], address != "")
	switch {
	case address != "":
		c.out.WriteString(line[:m[4]] + address)
		return m[5]
	case c.Markup == KeepMarkup:
		c.out.WriteString(line)
	}
	return len(line)
}

// referenceAt converts the label of a link that leads nowhere: [text][label], [label][] or [label].
func (c *converter) referenceAt(text string, offset int) int {
	if len(c.references) == 0 || c.Markup == KeepMarkup {
		return 0
	}
	size := len("]")
	label := ""
	if m := linkLabel.FindStringSubmatch(text[:min(len(text), maxLabel)]); m != nil {
		size = len(m[0])
		label = m[1]
	} else if strings.HasPrefix(text, "](") || strings.HasPrefix(text, "]:") {
		return 0
	}
	if label == "" {
		before := c.whole[max(0, offset-maxLabel):offset]
		label = before[strings.LastIndexByte(before, '[')+1:]
	}
	if address, isRelative := c.references[foldLabel(label)]; !isRelative || address != "" {
		return 0
	}
	c.out.WriteString("](" + unresolved + ")")
	return size
}
