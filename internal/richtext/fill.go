package richtext

import (
	"cmp"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// Medium is what Fill and Blocks need to know of a medium of the library. All text is plain.
type Medium struct {
	Kind       string // image, audio, video or document
	URL        string // of the file that is served
	Title      string // names a sound, film or document; may be empty
	Alt        string // describes a picture; may be empty
	Decorative bool   // the picture says nothing, so that it needs no description
	Caption    string // may be empty
	Credit     string // may be empty
	Width      int    // of a picture or film in pixels; 0 if unknown
	Height     int    // of a picture or film in pixels; 0 if unknown
	Poster     string // the address of a picture of a film; may be empty
	Srcset     []Source
}

// Source is a picture in one of its widths.
type Source struct {
	URL   string
	Width int // in pixels
}

// The kinds of media.
const (
	Image    = "image"
	Audio    = "audio"
	Video    = "video"
	Document = "document"
)

// What places of media begin with in the HTML of a rendered body. No text and no value can, since
// opening brackets are escaped there.
const (
	mediumMark = " " + mediumAttr + `="`
	markEnd    = `-medium="` // of mediumMark: it begins with a rare sign, so it is quickly found
	imageMark  = "<img" + mediumMark
	figureMark = "<figure" + mediumMark
)

// pictureSizes says how wide a picture of a body is shown: as browsers find out by themselves where
// they can, else across a narrow window, and in a column of 45rem otherwise.
const pictureSizes = "auto, (min-width: 48rem) 45rem, 100vw"

// MediaIDs returns the ids of the media that the HTML of a rendered body shows, in order, each
// once.
func MediaIDs(html string) []string {
	var ids []string
	seen := map[string]bool{}
	for _, after := range strings.Split(html, imageMark)[1:] {
		if id, _, _ := strings.Cut(after, `"`); !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// Fill returns the HTML of a rendered body with its media in their places; find returns the medium
// with an id, and false if readers may not see it. A picture is an img, a sound or film an audio or
// video that loads nothing until it is played, a document a link. Alt and caption of the body win
// over those of the medium; a credit is that of the medium. Nothing is left of a place whose medium
// readers may not see, nor of its caption. HTML without media is returned as it is.
func Fill(html string, find func(id string) (Medium, bool)) string {
	if !strings.Contains(html, markEnd) {
		return html
	}
	f := filler{find: find}
	f.out.Grow(2 * len(html))
	f.fill(html)
	if f.hidden {
		return emptyGallery.ReplaceAllString(f.out.String(), "")
	}
	return f.out.String()
}

// emptyGallery matches a gallery that has lost its last picture.
var emptyGallery = regexp.MustCompile(`(?s)<figure(?: [a-z]+="[^"]*")* class="gallery"[^>]*>\s*` +
	`(?:<figcaption[^>]*>.*?</figcaption>\s*)?</figure>`)

type filler struct {
	find    func(string) (Medium, bool)
	out     strings.Builder
	hidden  bool // whether a medium may not be seen
	checked int  // how many bytes of out were searched for links
	linked  bool // whether a link is open behind them
}

// fill writes HTML with the media in their places.
func (f *filler) fill(html string) {
	for done := 0; ; {
		at := strings.Index(html[done:], markEnd)
		if at < 0 {
			f.out.WriteString(html)
			return
		}
		at += done
		done = at + len(markEnd)
		start := max(strings.LastIndexByte(html[:at], '<'), 0)
		tag := html[start:done]
		if tag != imageMark && tag != figureMark {
			continue // the words of somebody who writes about these places
		}
		f.out.WriteString(html[:start])
		end := ">"
		if tag == figureMark {
			end = "</figure>" // no figure is in one that is a place
		}
		tag, html, _ = strings.Cut(html[start:], end)
		if end == ">" {
			f.place(tag)
		} else {
			f.figure(tag)
		}
		done = 0
	}
}

// inLink reports whether what is written next stands in a link.
func (f *filler) inLink() bool {
	written := f.out.String()[f.checked:]
	f.checked = f.out.Len()
	opened, closed := strings.LastIndex(written, "<a "), strings.LastIndex(written, "</a>")
	if opened != closed {
		f.linked = opened > closed
	}
	return f.linked
}

// medium returns the medium of a tag, and what stands in the tag behind its id.
func (f *filler) medium(tag string) (m Medium, rest string, ok bool) {
	_, tag, _ = strings.Cut(tag, mediumMark)
	id, rest, _ := strings.Cut(tag, `"`)
	m, ok = f.find(id)
	f.hidden = f.hidden || !ok
	return m, rest, ok
}

// figure writes a figure, given without its end tag.
func (f *filler) figure(figure string) {
	tag, inner, _ := strings.Cut(figure, ">")
	m, rest, ok := f.medium(tag)
	if !ok {
		return
	}
	f.out.WriteString("<figure" + rest + ">")
	words, after, hasCaption := strings.Cut(inner, "</figcaption>")
	f.fill(words)
	switch {
	case hasCaption:
		if !namesCredit(words, m.Credit) {
			f.credit(m, " ")
		}
		f.out.WriteString("</figcaption>")
		f.fill(after)
	case m.Caption != "" || m.Credit != "":
		f.out.WriteString("<figcaption>")
		f.out.WriteString(textEscapes.Replace(m.Caption))
		space := " "
		if m.Caption == "" {
			space = ""
		}
		f.credit(m, space)
		f.out.WriteString("</figcaption>")
	}
	f.out.WriteString("</figure>")
}

// namesCredit reports whether the caption of a body, the last of some HTML, names who made the
// picture: it ends with a citation, or has the words of the credit.
func namesCredit(words, credit string) bool {
	caption := words[max(strings.LastIndex(words, "<figcaption"), 0):]
	return strings.HasSuffix(strings.TrimSpace(caption), "</cite>") ||
		credit != "" && strings.Contains(textOf(caption), collapse(credit))
}

func (f *filler) credit(m Medium, space string) {
	if m.Credit != "" {
		f.out.WriteString(space + `<small class="credit">` + textEscapes.Replace(m.Credit) +
			"</small>")
	}
}

// place writes what is shown in a place, whose tag is given without its end.
func (f *filler) place(tag string) {
	m, rest, ok := f.medium(tag)
	if !ok {
		return
	}
	alt, rest := cutAttr(rest, "alt")
	_, rest = cutAttr(rest, "role")
	if m.Kind == Image {
		f.picture(m, alt, rest, strings.Contains(tag, ` role="`))
		return
	}
	if alt == "" {
		alt = valueEscapes.Replace(mediumWords(m))
	}
	name := alt
	if name == "" {
		name = valueEscapes.Replace(mediumName(m))
	}
	switch {
	case f.inLink():
		f.out.WriteString(name) // no link or control may stand in a link
	case m.Kind == Document:
		f.attr("<a href", m.URL)
		f.out.WriteString(rest + ">" + name + "</a>")
	default:
		f.player(m, alt, rest)
	}
}

// mediumWords returns the words that name a medium, "" if it has none.
func mediumWords(m Medium) string { return cmp.Or(m.Title, m.Alt, m.Caption) }

// mediumName returns the words that name a medium, or else what kind of file it is, such as "PDF".
func mediumName(m Medium) string {
	format := strings.TrimPrefix(path.Ext(m.URL), ".")
	return cmp.Or(mediumWords(m), strings.ToUpper(format), m.Kind)
}

// attr writes an attribute, whose name is given with what stands before it.
func (f *filler) attr(name, value string) {
	f.out.WriteString(name + `="`)
	f.out.WriteString(valueEscapes.Replace(value))
	f.out.WriteByte('"')
}

func (f *filler) size(name string, pixels int) {
	if pixels > 0 {
		f.attr(name, strconv.Itoa(pixels))
	}
}

// picture writes an img. Alt is that of the body, escaped, and rest other attributes.
func (f *filler) picture(m Medium, alt, rest string, decorative bool) {
	f.attr("<img src", m.URL)
	if len(m.Srcset) > 0 {
		candidates := make([]string, len(m.Srcset))
		for i, s := range m.Srcset {
			candidates[i] = cleanURL(s.URL) + " " + strconv.Itoa(s.Width) + "w"
		}
		f.attr(" srcset", strings.Join(candidates, ", "))
		f.attr(" sizes", pictureSizes)
	}
	f.size(" width", m.Width)
	f.size(" height", m.Height)
	switch {
	case decorative:
		alt = ""
	case alt == "" && !m.Decorative:
		alt = valueEscapes.Replace(m.Alt)
	}
	f.out.WriteString(` alt="` + alt + `"` + rest + ` loading="lazy">`)
}

// player writes an audio or video. Label is escaped, and empty if nothing names it; rest are other
// attributes.
func (f *filler) player(m Medium, label, rest string) {
	element := "audio"
	if m.Kind == Video {
		element = "video"
	}
	f.attr("<"+element+` controls="" preload="none" src`, m.URL)
	if m.Kind == Video {
		f.size(" width", m.Width)
		f.size(" height", m.Height)
		if m.Poster != "" {
			f.attr(" poster", m.Poster)
		}
	}
	if label != "" {
		f.out.WriteString(` aria-label="` + label + `"`)
	}
	f.out.WriteString(rest + "></" + element + ">")
}

// cutAttr returns the value of an attribute, escaped, and the attributes without it.
func cutAttr(attrs, name string) (value, rest string) {
	before, after, found := strings.Cut(attrs, " "+name+`="`)
	if !found {
		return "", attrs
	}
	value, after, _ = strings.Cut(after, `"`)
	return value, before + after
}
