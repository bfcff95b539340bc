package cms

import (
	"maps"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/text"
)

// Localized are the words of a noun, or of the site, in other languages than its own, by locale
// (BCP 47).
type Localized map[string]Words

// Words are what is said in one language. Which words there are depends on what is called so; an
// empty text stands for the noun's own.
type Words struct {
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	Tagline     string `json:"tagline,omitempty"`
	JobTitle    string `json:"job_title,omitempty"`
	Bio         string `json:"bio,omitempty"`      // Markdown
	BioHTML     string `json:"bio_html,omitempty"` // of Bio
	Alt         string `json:"alt,omitempty"`
	Caption     string `json:"caption,omitempty"`
	Credit      string `json:"credit,omitempty"`
}

// In returns the words for a locale: its own, or else those of the nearest language that it is in,
// such as ar for ar-EG (RFC 4647, lookup).
func (l Localized) In(locale string) Words {
	for locale != "" {
		if w, ok := l[locale]; ok {
			return w
		}
		i := strings.LastIndexByte(locale, '-')
		locale = locale[:max(i, 0)]
	}
	return Words{}
}

// Locales returns the languages that there are words in, in the order of the alphabet.
func (l Localized) Locales() []string { return slices.Sorted(maps.Keys(l)) }

// Names returns the names in other languages, in the order of these.
func (l Localized) Names() []NounName {
	var names []NounName
	for _, locale := range l.Locales() {
		if name := l[locale].Name; name != "" {
			names = append(names, NounName{Key: text.NameKey(name), Name: name})
		}
	}
	return names
}

// Canonical returns valid words with the canonical forms of their languages, without spaces around
// what stands on one line, and without languages that nothing is said in.
func (l Localized) Canonical() Localized {
	canonical := Localized{}
	for locale, w := range l {
		w.Name = TrimLine(w.Name)
		w.Tagline = TrimLine(w.Tagline)
		w.JobTitle = TrimLine(w.JobTitle)
		w.Credit = TrimLine(w.Credit)
		if tag, err := Locale(locale); err == nil && w != (Words{}) {
			canonical[tag] = w
		}
	}
	return canonical
}

// localized checks words in other languages.
func (f *fieldErrors) localized(l Localized) {
	f.count("localized", len(l), MaxLocales)
	if len(l) > MaxLocales {
		return
	}
	seen := map[string]bool{}
	for _, locale := range l.Locales() {
		tag, err := Locale(locale)
		switch {
		case err != nil:
			f.add("localized", "invalid", "%q is no language: %s.", locale, err)
			continue
		case seen[tag]:
			f.add("localized", "repeated", "localized has %s twice.", tag)
		}
		seen[tag] = true
		w := l[locale]
		field := "localized/" + locale
		f.line(field+"/name", w.Name, MaxTagName)
		f.text(field+"/description", w.Description, MaxTagDescription)
		f.line(field+"/tagline", w.Tagline, MaxTagline)
		f.line(field+"/job_title", w.JobTitle, MaxJobTitle)
		f.text(field+"/bio", w.Bio, MaxAuthorBio)
		f.text(field+"/alt", w.Alt, MaxMediumAlt)
		f.text(field+"/caption", w.Caption, MaxMediumCaption)
		f.line(field+"/credit", w.Credit, MaxMediumCredit)
	}
}
