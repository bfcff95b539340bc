package richtext

import "golang.org/x/net/html"

// prune removes what the policy left without a use from a sanitised tree: pictures without an
// address, pictures that are none, and links that lead nowhere and to which nothing can lead.
func prune(n *html.Node, lost *losses) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.FirstChild != nil {
			prune(c, lost)
		}
		lacksAddress := false
		switch c.Data {
		case "img":
			lacksAddress = attrValue(c, "src") == "" && !hasAttr(c, mediumAttr)
		case "source":
			lacksAddress = attrValue(c, "srcset") == ""
		case "a":
			lacksAddress = !hasAttr(c, "href") && !hasAttr(c, "id")
		case "picture":
			if !hasChild(c, "img") {
				removeChildren(c, "source")
				replaceWithChildren(c)
			}
		}
		if lacksAddress && c.Type == html.ElementNode {
			lost.report(Warning{Code: Removed, Element: c.Data, Detail: "it has no address"})
			replaceWithChildren(c)
		}
		c = next
	}
}
