package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// lineIn returns the words in a node as one line, and the blocks in it that are no text.
func lineIn(
	n *html.Node, s style, find func(string) (Medium, bool),
) (line []Span, rest []Block) {
	var words []Span
	appendWords(&words, &rest, blocksIn(n, s, find))
	return tidySpans(words), rest
}

// appendWords appends the words of blocks, with spaces between them, and the blocks without words
// of their own.
func appendWords(words *[]Span, rest *[]Block, blocks []Block) {
	for _, b := range blocks {
		*words = append(*words, Span{Text: " "})
		switch b.Type {
		case ParagraphBlock, HeadingBlock:
			*words = append(*words, b.Text...)
		case CodeBlock:
			*words = append(*words, Span{Text: b.Code, Marks: []string{"code"}})
		case QuoteBlock, AsideBlock:
			*words = append(*words, Span{Text: b.Title + " "})
			appendWords(words, rest, b.Blocks)
		case ListBlock:
			for _, item := range b.Items {
				appendWords(words, rest, item)
			}
		case TableBlock:
			for _, row := range append([][]Cell{b.Head}, b.Rows...) {
				for _, cell := range row {
					*words = append(append(*words, cell...), Span{Text: " "})
				}
			}
		case FootnotesBlock:
			for _, note := range b.Notes {
				appendWords(words, rest, note.Blocks)
			}
		case DividerBlock:
		default:
			*rest = append(*rest, b)
		}
	}
}

// tidySpans returns the spans of a line with single spaces between its words, and none at its ends;
// those shown in one way are one. A line without words is empty.
func tidySpans(line []Span) []Span {
	out := []Span{}
	spaced := true // whether white space is not needed, as some or a line break is before it
	for _, span := range line {
		text := collapseLine(strings.ReplaceAll(span.Text, "\n", " "), &spaced)
		if text == "" {
			continue
		}
		if span.Marks == nil {
			span.Marks = []string{}
		}
		if i := len(out) - 1; i >= 0 && (out[i].Href == span.Href &&
			slices.Equal(out[i].Marks, span.Marks)) {
			out[i].Text += text
			continue
		}
		span.Text = text
		out = append(out, span)
	}
	for i := len(out) - 1; i >= 0; i-- {
		out[i].Text = strings.TrimRight(out[i].Text, " "+lineBreak)
		if out[i].Text != "" {
			break
		}
		out = out[:i]
	}
	for i := range out {
		out[i].Text = strings.ReplaceAll(out[i].Text, " "+lineBreak, lineBreak)
		out[i].Text = strings.ReplaceAll(out[i].Text, lineBreak, "\n")
	}
	return out
}

// collapseLine returns a text with single spaces, and none behind a space or line break; spaced
// says whether one is before it, and is set to whether one is at its end.
func collapseLine(text string, spaced *bool) string {
	var b strings.Builder
	for _, r := range text {
		space := strings.ContainsRune(htmlSpace, r)
		if space && *spaced {
			continue
		}
		*spaced = space || string(r) == lineBreak
		if space {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}
