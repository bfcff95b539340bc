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

// The codes of problems.
const (
	Invalid = "invalid"  // what is written has no meaning
	Unknown = "unknown"  // it names what is not known
	TooMany = "too_many" // more than a body may have
)

// Problem says why an editor should not save a body as it is. The HTML is whole all the same, for
// bodies that nobody can mend, such as imported ones.
type Problem struct {
	Code   string // Invalid, Unknown or TooMany
	Detail string // a sentence that says how to mend the body
}

// maxProblems is how many problems of a body are told.
const maxProblems = 20

// losses counts what a body loses, and collects its problems. The zero value is ready for use.
type losses struct {
	counts   map[Warning]int // warnings without Count
	problems []Problem
}

func (l *losses) report(w Warning) {
	w.Element = truncateName(w.Element)
	w.Detail = truncateName(w.Detail)
	if l.counts == nil {
		l.counts = map[Warning]int{}
	}
	if _, known := l.counts[w]; known || len(l.counts) < maxWarnings {
		l.counts[w]++
	}
}

// refuse records a problem, each once.
func (l *losses) refuse(p Problem) {
	if len(l.problems) < maxProblems && !slices.Contains(l.problems, p) {
		l.problems = append(l.problems, p)
	}
}

func truncateName(s string) string {
	if len(s) > maxWarnedName {
		s = cleanText(s[:maxWarnedName])
	}
	return s
}

// warnings returns what was reported, the most frequent first; never nil.
func (l *losses) warnings() []Warning {
	list := make([]Warning, 0, len(l.counts))
	for w, count := range l.counts {
		w.Count = count
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b Warning) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Element, b.Element),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Detail, b.Detail))
	})
	return list
}
