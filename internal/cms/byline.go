package cms

import (
	"slices"
	"strings"
)

// bylineRoles are the roles whose holders a byline names.
var bylineRoles = []string{string(AsAuthor), string(AsReporter), string(AsContributor)}

// conjunctions are how two names, and the last of several, are joined, by language: the units of
// CLDR 46 for lists of type "standard", two and end.
var conjunctions = map[string][2]string{
	"ar": {" و", " و"},
	"bg": {" и ", " и "},
	"bn": {" এবং ", " এবং "},
	"cs": {" a ", " a "},
	"da": {" og ", " og "},
	"de": {" und ", " und "},
	"el": {" και ", " και "},
	"en": {" and ", " and "},
	"es": {" y ", " y "},
	"fa": {" و ", "، و "},
	"fi": {" ja ", " ja "},
	"fr": {" et ", " et "},
	"he": {" ו", " ו"},
	"hi": {" और ", ", और "},
	"hr": {" i ", " i "},
	"hu": {" és ", " és "},
	"id": {" dan ", ", dan "},
	"it": {" e ", " e "},
	"ja": {"、", "、"},
	"kk": {" және ", " және "},
	"ko": {" 및 ", " 및 "},
	"ky": {" жана ", " жана "},
	"nb": {" og ", " og "},
	"nl": {" en ", " en "},
	"no": {" og ", " og "},
	"pl": {" i ", " i "},
	"pt": {" e ", " e "},
	"ro": {" și ", " și "},
	"ru": {" и ", " и "},
	"sk": {" a ", " a "},
	"sr": {" и ", " и "},
	"sv": {" och ", " och "},
	"sw": {" na ", " na "},
	"tg": {" ва ", " ва "},
	"tr": {" ve ", " ve "},
	"uk": {" і ", " і "},
	"ur": {" اور ", "، اور "},
	"uz": {" va ", " va "},
	"vi": {" và ", " và "},
	"zh": {"和", "和"},
}

// commas are what stands between the names before the last, where it is not a comma and a space.
var commas = map[string]string{"ar": " و", "fa": "، ", "ur": "، ", "ja": "、", "zh": "、"}

// Byline returns who an article is by, as readers are told in its language: what was written, or
// else the names of its authors; empty if it has none.
func (s *ArticleView) Byline() string {
	content := s.Content()
	if content.Byline != "" {
		return content.Byline
	}
	var names []string
	for _, ref := range RefsTo(s.Refs, AuthorNoun) {
		if slices.Contains(bylineRoles, ref.Role) {
			names = append(names, ref.Name)
		}
	}
	return joinNames(names, content.Locale)
}

// hasByline reports whether readers are told who an article is by.
func hasByline(a *ArticleInput) bool {
	return a.Byline != "" || slices.ContainsFunc(RefsTo(a.Refs, AuthorNoun), func(r RefInput) bool {
		return slices.Contains(bylineRoles, r.Role)
	})
}

// joinNames returns a list of names as a language writes it; where its word for "and" is not known,
// with commas.
func joinNames(names []string, locale string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	language, _, _ := strings.Cut(locale, "-")
	comma, ok := commas[language]
	if !ok {
		comma = ", "
	}
	last := comma
	if and, ok := conjunctions[language]; ok {
		last = and[1]
		if len(names) == 2 {
			last = and[0]
		}
	}
	n := len(names) - 1
	return strings.Join(names[:n], comma) + last + names[n]
}
