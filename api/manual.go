package api

import (
	"bytes"
	"html/template"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/masthead-cms/masthead/docs"
	"github.com/masthead-cms/masthead/internal/richtext"
)

// manual is a document that is shown as a page.
type manual struct {
	file, address string // its name in the folder docs, and where it is shown
	text          []byte // Markdown, its first line the title
}

var manuals = []manual{
	{"guide.md", guidePage, docs.Guide},
	{"operations.md", operationsPage, docs.Operations},
}

// otherFiles are other files that the documents link to, and where this server has them.
var otherFiles = map[string]string{"../openapi.yaml": "/openapi.yaml"}

// chapter is a line of the contents of a page.
type chapter struct {
	Text, ID string
	Parts    []chapter
}

// title is what the first line says, without its mark.
func (m manual) title() string {
	line, _, _ := bytes.Cut(m.text, []byte("\n"))
	return strings.TrimSpace(strings.TrimLeft(string(line), "#"))
}

// render makes HTML of what follows the title, which the page shows by itself.
func (m manual) render() richtext.Rendered {
	_, rest, _ := bytes.Cut(m.text, []byte("\n"))
	return richtext.Markdown(string(rest), "")
}

// page is the document with its contents, and its links turned to what this server has.
func (m manual) page() (docPage, error) {
	rendered := m.render()
	p := docPage{Title: m.title(), Address: m.address}
	for _, h := range rendered.Outline {
		last := len(p.Chapters) - 1
		switch {
		case h.Level == 2:
			p.Chapters = append(p.Chapters, chapter{Text: h.Text, ID: h.ID})
		case h.Level == 3 && last >= 0:
			p.Chapters[last].Parts = append(p.Chapters[last].Parts, chapter{Text: h.Text, ID: h.ID})
		}
	}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(rendered.HTML), body)
	if err != nil {
		return docPage{}, err
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	m.adaptLinks(body)
	var b bytes.Buffer
	for n := body.FirstChild; n != nil; n = n.NextSibling {
		if err := html.Render(&b, n); err != nil {
			return docPage{}, err
		}
	}
	p.Body = template.HTML(b.String()) // richtext has made it safe
	return p, nil
}

// adaptLinks turns links to what this server has, and makes words of the others; and lets what may
// be wider than the page be moved sideways by itself, with the keyboard too.
func (m manual) adaptLinks(parent *html.Node) {
	for n := parent.FirstChild; n != nil; {
		next := n.NextSibling
		m.adaptLinks(n)
		switch n.DataAtom {
		case atom.A:
			m.retarget(n)
		case atom.Pre:
			n.Attr = append(n.Attr, html.Attribute{Key: "tabindex", Val: "0"})
		case atom.Table:
			wide := &html.Node{
				Type:     html.ElementNode,
				Data:     "div",
				DataAtom: atom.Div,
				Attr: []html.Attribute{
					{Key: "class", Val: "wide"}, {Key: "tabindex", Val: "0"},
				},
			}
			parent.InsertBefore(wide, n)
			parent.RemoveChild(n)
			wide.AppendChild(n)
		}
		n = next
	}
}

// retarget points a link of the document to where this server has its target, or puts its words in
// its place.
func (m manual) retarget(link *html.Node) {
	for i, a := range link.Attr {
		if a.Key != "href" {
			continue
		}
		if address, ok := m.target(a.Val); ok {
			link.Attr[i].Val = address
			return
		}
	}
	for n := link.FirstChild; n != nil; n = link.FirstChild {
		link.RemoveChild(n)
		link.Parent.InsertBefore(n, link)
	}
	link.Parent.RemoveChild(link)
}

// target tells where this server has what the document links to, if it has it.
func (m manual) target(href string) (address string, ok bool) {
	if strings.Contains(href, ":") {
		return href, true // on another server
	}
	file, fragment, _ := strings.Cut(href, "#")
	if address, ok := otherFiles[file]; ok {
		return address, true
	}
	for _, target := range manuals {
		if file != target.file && (file != "" || target.file != m.file) {
			continue
		}
		address := target.address
		if file == "" {
			address = ""
		}
		if fragment == "" {
			return address, true
		}
		return address + "#" + fragment, target.hasHeading(fragment)
	}
	return "", false
}

// hasHeading reports whether a heading of the document has that id.
func (m manual) hasHeading(id string) bool {
	isID := func(h richtext.Heading) bool { return h.ID == id }
	return slices.ContainsFunc(m.render().Outline, isID)
}
