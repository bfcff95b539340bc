package media

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// pdfMatches is what is looked for in a whole PDF document.
var pdfMatches = regexp.MustCompile(`/(?:Encrypt|ByteRange)\b` +
	`|/Info\s{1,8}(\d{1,10})\s{1,8}(\d{1,5})\s{1,8}R\b` +
	`|\b(\d{1,10})\s{1,8}(\d{1,5})\s{1,8}obj\b` +
	`|<x:xmpmeta\b|</x:xmpmeta\s{0,8}>`)

const (
	maxPDFMatch    = 128   // bytes of a match, or more
	maxPDFObjects  = 1_000 // that may say what the document is
	maxInformation = longWindow
)

var pdfMetadata = regexp.MustCompile(`/Type\s*/Metadata\b`)

// pdfStrip takes what a PDF document says of itself out of what is served: the strings of its
// information dictionary and packets of XMP (ISO 32000, 14.3), both at the same length, so that
// no offset changes. What is packed, as dictionaries in streams of objects are, stays. So does all
// of an encrypted document, whose strings are no text, and of a signed one, which would not be what
// was signed any more.
type pdfStrip struct {
	*source
	words  *Words
	wanted map[string]bool   // objects that are information dictionaries: number and generation
	texts  map[string]string // objects that are their texts, and the keys of these
	packet int64             // where the packet of XMP begins that has no end yet; 0: none has
	found  []Patch
	sealed bool // it is encrypted or signed
}

// stripPDF notes the patches of a document, and reads its words.
func stripPDF(s *source, w *Words) error {
	p := &pdfStrip{source: s, words: w, wanted: map[string]bool{}, texts: map[string]string{}}
	if err := p.scan(p.look); err != nil || p.sealed {
		return err
	}
	if err := p.scan(p.collect); err != nil {
		return err
	}
	if len(p.texts) > 0 {
		if err := p.scan(p.collectTexts); err != nil {
			return err
		}
	}
	slices.SortStableFunc(p.found, func(a, b Patch) int { return cmp.Compare(a.Offset, b.Offset) })
	end := int64(0)
	for _, patch := range p.found {
		if patch.Offset < end {
			continue
		}
		end = patch.end()
		if err := s.patch(patch.Offset, patch.Bytes, end); err != nil {
			return err
		}
	}
	return nil
}

// scan calls f with each match and where it stands.
func (p *pdfStrip) scan(f func(at int64, match [][]byte) error) error {
	seen := int64(0) // up to where matches were reported
	for pos := int64(0); pos < p.size; pos += longWindow - maxPDFMatch {
		b, err := p.copyOf(pos, min(longWindow, p.size-pos))
		if err != nil {
			return err
		}
		for _, m := range pdfMatches.FindAllSubmatchIndex(b, -1) {
			at, last := pos+int64(m[0]), pos+longWindow >= p.size
			if at < seen || !last && m[1] > len(b)-8 { // it may go on in the next window
				continue
			}
			seen = pos + int64(m[1])
			groups := make([][]byte, len(m)/2)
			for i := range groups {
				if m[2*i] >= 0 {
					groups[i] = b[m[2*i]:m[2*i+1]]
				}
			}
			if err := f(at, groups); err != nil {
				return err
			}
		}
	}
	return nil
}

// look notes which objects are information dictionaries, and whether nothing may be changed.
func (p *pdfStrip) look(_ int64, match [][]byte) error {
	switch {
	case match[1] != nil && len(p.wanted) < maxPDFObjects:
		p.wanted[string(match[1])+" "+string(match[2])] = true
	case bytes.HasPrefix(match[0], []byte("/Encrypt")),
		bytes.HasPrefix(match[0], []byte("/ByteRange")):
		p.sealed = true
	}
	return nil
}

// collect finds what is to be taken out.
func (p *pdfStrip) collect(at int64, match [][]byte) error {
	switch {
	case match[3] != nil:
		if p.wanted[string(match[3])+" "+string(match[4])] {
			return p.dictionary(at + int64(len(match[0])))
		}
	case string(match[0]) == "<x:xmpmeta":
		p.packet = at
	case bytes.HasPrefix(match[0], []byte("</")) && p.packet > 0:
		start := p.packet
		p.packet = 0
		return p.emptyPacket(start, at+int64(len(match[0])))
	}
	return nil
}

// collectTexts empties the texts of information dictionaries that are objects of their own.
func (p *pdfStrip) collectTexts(at int64, match [][]byte) error {
	key, ok := p.texts[string(match[3])+" "+string(match[4])]
	if !ok {
		return nil
	}
	start := at + int64(len(match[0]))
	b, err := p.copyOf(start, min(maxInformation, p.size-start))
	if err != nil {
		return err
	}
	text := bytes.TrimLeft(b, pdfSpace)
	if len(text) > 1 && (text[0] == '(' || text[0] == '<' && text[1] != '<') {
		p.text(key, text, start+int64(len(b)-len(text)))
	}
	return nil
}

// text empties a string that stands at an offset, notes it under a key, and returns how many bytes
// it takes; 0 if it has no end.
func (p *pdfStrip) text(key string, b []byte, at int64) int {
	value, n := pdfString(b)
	if n > 2 {
		p.found = append(p.found, Patch{Offset: at + 1, Bytes: bytes.Repeat([]byte{' '}, n-2)})
		p.note(key, value)
	}
	return n
}

// emptyPacket makes spaces of a packet of XMP, and reads that of the document.
func (p *pdfStrip) emptyPacket(start, end int64) error {
	if end-start > maxMetadata {
		p.found = append(p.found, Patch{Offset: start, Zeros: end - start})
		return nil
	}
	if err := p.count(); err != nil {
		return err
	}
	n := min(start, 512)
	before, err := p.copyOf(start-n, n)
	if err != nil {
		return err
	}
	if pdfMetadata.Match(before) { // and not of a picture in it
		packet, err := p.copyOf(start, end-start)
		if err != nil {
			return err
		}
		said := readWords(&pictureFacts{xmp: packet}).words
		p.words.merge(&said)
	}
	p.found = append(p.found, Patch{Offset: start,
		Bytes: bytes.Repeat([]byte{' '}, int(end-start))})
	return nil
}

// merge fills what is empty.
func (w *Words) merge(other *Words) {
	w.Title = first(w.Title, other.Title)
	w.Caption = first(w.Caption, other.Caption)
	w.Credit = first(w.Credit, other.Credit)
	w.License = first(w.License, other.License)
	w.SourceURL = first(w.SourceURL, other.SourceURL)
	w.TakenAt = firstTime(w.TakenAt, other.TakenAt)
}

const (
	pdfSpace    = " \t\r\n\f\x00"
	pdfNamesEnd = pdfSpace + "/()<>[]"
)

var pdfReference = regexp.MustCompile(`^\s+(\d{1,10})\s+(\d{1,5})\s+R\b`)

// dictionary empties the strings of an information dictionary, and reads them.
func (p *pdfStrip) dictionary(start int64) error {
	b, err := p.copyOf(start, min(maxInformation, p.size-start))
	if err != nil {
		return err
	}
	begin := len(b) - len(bytes.TrimLeft(b, pdfSpace))
	if !bytes.HasPrefix(b[begin:], []byte("<<")) {
		return nil
	}
	key := ""
	for i := begin + 2; i < len(b); i++ {
		switch b[i] {
		case '>': // dictionaries have none in them here
			return nil
		case '/':
			n := bytes.IndexAny(b[i+1:], pdfNamesEnd)
			if n < 0 {
				return nil
			}
			key = string(b[i+1 : i+1+n])
			i += n
			if m := pdfReference.FindSubmatch(b[i+1:]); m != nil && len(p.texts) < maxPDFObjects {
				p.texts[string(m[1])+" "+string(m[2])] = key
			}
		case '(', '<':
			if bytes.HasPrefix(b[i:], []byte("<<")) {
				return nil
			}
			n := p.text(key, b[i:], start+int64(i))
			if n == 0 {
				return nil
			}
			i += n - 1
		}
	}
	return nil
}

// note notes what an information dictionary says under a key.
func (p *pdfStrip) note(key string, value []byte) {
	target := map[string]*string{
		"Title": &p.words.Title, "Author": &p.words.Credit, "Subject": &p.words.Caption,
	}[key]
	if target == nil || *target != "" {
		return
	}
	switch {
	case bytes.HasPrefix(value, []byte{0xfe, 0xff}):
		*target = utf16Text(value, true)
	case bytes.HasPrefix(value, []byte{0xef, 0xbb, 0xbf}):
		*target = string(value[3:])
	default:
		*target, _ = charmap.Windows1252.NewDecoder().String(string(value))
	}
}

// pdfString reads a string in parentheses or in hexadecimal (ISO 32000, 7.3.4), and returns how
// many bytes it takes; 0 if it has no end.
func pdfString(b []byte) (value []byte, n int) {
	if b[0] == '<' {
		end := bytes.IndexByte(b, '>')
		if end < 0 {
			return nil, 0
		}
		digits := bytes.Join(bytes.Fields(b[1:end]), nil)
		for i := 0; i+1 < len(digits); i += 2 {
			v, _ := strconv.ParseUint(string(digits[i:i+2]), 16, 8)
			value = append(value, byte(v))
		}
		return value, end + 1
	}
	depth := 0
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case '\\':
			c, skip := pdfEscape(b[i+1:])
			value = append(value, c...)
			i += skip
			continue
		case '(':
			if depth++; depth == 1 {
				continue
			}
		case ')':
			if depth--; depth == 0 {
				return value, i + 1
			}
		}
		value = append(value, b[i])
	}
	return nil, 0
}

// pdfEscape returns what stands for the bytes after a backslash, and how many these are.
func pdfEscape(b []byte) ([]byte, int) {
	if len(b) == 0 {
		return nil, 0
	}
	n := 0
	for n < min(3, len(b)) && b[n] >= '0' && b[n] <= '7' {
		n++
	}
	if n > 0 {
		v, _ := strconv.ParseUint(string(b[:n]), 8, 16)
		return []byte{byte(v)}, n
	}
	if i := strings.IndexByte("nrtbf", b[0]); i >= 0 {
		return []byte{"\n\r\t\b\f"[i]}, 1
	}
	if b[0] == '\n' || b[0] == '\r' { // the line goes on
		return nil, 1
	}
	return b[:1], 1
}
