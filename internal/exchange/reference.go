package exchange

import (
	"regexp"
	"strings"
)

var (
	// linkDefinition matches the definition of what a label of links leads to.
	linkDefinition = regexp.MustCompile(`(?m)^ {0,3}\[([^\[\]^][^\[\]\n]*)\]:[ \t]*` +
		`(?:<([^<>\n]+)>|([^\s<>]+))([ \t]+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$`)
	linkLabel = regexp.MustCompile(`^\]\[([^\[\]]*)\]`)
)

// maxLabel is the most bytes of a label.
const maxLabel = 1000

// findReferences looks up the relative paths that labels of links are defined as: [label]: ../x.md,
// and the pictures.
func (c *converter) findReferences() {
	if !strings.Contains(c.whole, "]:") || c.item.BodyFormat == "html" {
		return
	}
	c.references = map[string]string{}
	c.labelled = map[string]string{}
	defined := map[string]bool{}
	for _, m := range linkDefinition.FindAllStringSubmatch(c.whole, -1) {
		label, target := foldLabel(m[1]), m[2]+m[3]
		if !defined[label] && isRelative(target) {
			c.references[label] = c.pageAddress(target)
		}
		if !defined[label] && (c.hasPicture(target) || c.FetchPictures && isAbsolute(target)) {
			c.labelled[label] = "<" + target + ">" + m[4]
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
	label := foldLabel(line[m[2]:m[3]])
	address, isRelative := c.references[label]
	if !isRelative {
		return 0
	}
	if c.labelled[label] != "" && c.Markup != KeepMarkup {
		return len(line) // its pictures have the address themselves
	}
	m = onlyGroup(append(m[:2], m[4:8]...))
	c.note(offset, "relative path", line[m[2]:m[3]], address != "")
	switch {
	case address != "":
		c.out.WriteString(line[:m[2]] + address)
		return m[3]
	case c.Markup == KeepMarkup:
		c.out.WriteString(line)
	}
	return len(line)
}

// referenceAt converts the label of a link that leads nowhere, and of a picture: [text][label],
// [label][] or [label].
func (c *converter) referenceAt(text string, offset int) int {
	if len(c.references)+len(c.labelled) == 0 {
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
	label = foldLabel(label)
	if target := c.labelled[label]; target != "" && c.isPicture(offset) {
		c.out.WriteString("](" + target + ")")
		return size
	}
	address, isRelative := c.references[label]
	if !isRelative || address != "" || c.Markup == KeepMarkup {
		return 0
	}
	c.out.WriteString("](" + unresolved + ")")
	return size
}
