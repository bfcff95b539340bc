package media

import (
	"bytes"
	"encoding/xml"
	"strings"
	"time"
)

// Namespaces of XMP (ISO 16684-1) and of IPTC's photo metadata.
const (
	nsRDF       = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsXML       = "http://www.w3.org/XML/1998/namespace"
	nsDC        = "http://purl.org/dc/elements/1.1/"
	nsXMP       = "http://ns.adobe.com/xap/1.0/"
	nsRights    = "http://ns.adobe.com/xap/1.0/rights/"
	nsPhotoshop = "http://ns.adobe.com/photoshop/1.0/"
	nsEXIF      = "http://ns.adobe.com/exif/1.0/"
	nsCore      = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
	nsExt       = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
	nsCC        = "http://creativecommons.org/ns#"
)

const (
	maxXMPDepth  = 16
	maxXMPValues = 2000
)

type xmpName struct{ space, local string }

// xmp are the properties of an XMP packet that are text, or lists of text.
type xmp map[xmpName][]string

// one returns a property as one text: the values of a list with commas between them.
func (x xmp) one(space, local string) string {
	return strings.Join(x[xmpName{space, local}], ", ")
}

// readXMP reads the properties of a packet. Where a text is there in several languages, it takes
// the default. Of a broken packet it returns what stands before the fault.
func readXMP(packet []byte) xmp {
	r := xmpReader{
		decoder: xml.NewDecoder(bytes.NewReader(packet)),
		found:   xmp{},
	}
	r.decoder.Strict = false
	for r.values < maxXMPValues {
		token, err := r.decoder.Token()
		if err != nil {
			break
		}
		switch token := token.(type) {
		case xml.StartElement:
			if !r.start(token) {
				return r.found
			}
		case xml.CharData:
			r.text.Write(token[:min(len(token), 4*maxWords)])
		case xml.EndElement:
			r.end(token)
		}
	}
	return r.found
}

type xmpReader struct {
	decoder  *xml.Decoder
	found    xmp
	path     []xmpName
	text     strings.Builder
	language bool // the text is in a language that is not the default
	standard bool // the text is in the default language
	values   int
}

// start begins an element, and reports whether to go on.
func (r *xmpReader) start(e xml.StartElement) bool {
	name := xmpName{e.Name.Space, e.Name.Local}
	r.path = append(r.path, name)
	r.text.Reset()
	if len(r.path) > maxXMPDepth {
		return false
	}
	r.language = false
	r.standard = false
	for _, a := range e.Attr {
		switch {
		case name == xmpName{nsRDF, "Description"} && r.property() == xmpName{} &&
			a.Name.Space != nsRDF && a.Name.Space != "xmlns":
			r.add(xmpName{a.Name.Space, a.Name.Local}, a.Value)
		case a.Name.Space == nsRDF && a.Name.Local == "resource":
			r.add(r.property(), a.Value)
		case a.Name.Space == nsXML && a.Name.Local == "lang":
			r.language = a.Value != "x-default"
			r.standard = !r.language
		}
	}
	return true
}

// end ends an element: the text of a property, or of an item of its list.
func (r *xmpReader) end(e xml.EndElement) {
	text := strings.TrimSpace(r.text.String())
	r.text.Reset()
	property := r.property()
	item := e.Name.Space == nsRDF && e.Name.Local == "li"
	if text != "" && (item || e.Name == xml.Name{Space: property.space, Local: property.local}) {
		if r.standard {
			delete(r.found, property)
		}
		if !r.language || len(r.found[property]) == 0 {
			r.add(property, text)
		}
	}
	if len(r.path) > 0 {
		r.path = r.path[:len(r.path)-1]
	}
	r.language = false
	r.standard = false
}

// property returns the name of the property of the picture that is being read: the element below
// the outermost description, if what is inside is text or a list of texts.
func (r *xmpReader) property() xmpName {
	for i, name := range r.path {
		if name != (xmpName{nsRDF, "Description"}) || i+1 >= len(r.path) {
			continue
		}
		for _, inner := range r.path[i+2:] {
			if inner.space != nsRDF || inner.local == "Description" {
				return xmpName{}
			}
		}
		return r.path[i+1]
	}
	return xmpName{}
}

func (r *xmpReader) add(name xmpName, text string) {
	if name == (xmpName{}) || text == "" {
		return
	}
	r.values++
	r.found[name] = append(r.found[name], text)
}

// xmpTime returns the time that XMP writes, or none.
func xmpTime(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00",
		"2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
