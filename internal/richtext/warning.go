package richtext

import (
	"cmp"
	"slices"
)

// What becomes of a part of a source that cannot stay, the Code of a Warning.
const (
	Removed = "removed" // the element or attribute is not in the HTML
	Linked  = "linked"  // a link with the address replaces the element
)

// Warning says that something in the source is not in the rendered HTML, and how often.
type Warning struct {
	Code    string // Removed or Linked
	Element string // the name of the element
	Count   int    // how often, at least 1
	Detail  string // which attribute, or what became of the content, in a few words
}

const (
	// maxWarnings is how many warnings a body may have. A hostile one could have a new element
	// in every tag.
	maxWarnings = 100
	// maxWarnedName is how many bytes of a name a warning has.
	maxWarnedName = 60
)

// losses counts warnings, which have no Count while they are its keys.
type losses map[Warning]int

func (l losses) report(w Warning) {
	w.Element = truncateName(w.Element)
	w.Detail = truncateName(w.Detail)
	if _, known := l[w]; known || len(l) < maxWarnings {
		l[w]++
	}
}

func truncateName(s string) string {
	if len(s) > maxWarnedName {
		s = cleanText(s[:maxWarnedName])
	}
	return s
}

// warnings returns what was reported, the most frequent first; never nil.
func (l losses) warnings() []Warning {
	list := make([]Warning, 0, len(l))
	for w, count := range l {
		w.Count = count
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b Warning) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Element, b.Element),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Detail, b.Detail))
	})
	return list
}
