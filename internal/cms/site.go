package cms

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/text"
)

// MaxLocale is the length of the longest locale.
const MaxLocale = text.MaxLocale

// Locale returns a language tag in its canonical form (BCP 47), or an error that says how to mend
// it.
func Locale(tag string) (string, error) { return text.Locale(tag) }

// Site has the settings of the site.
type Site struct {
	URL string // where readers find the site, without a slash at the end; may be empty
	// the path of an article: /articles/{slug}; also {id} {type} {locale} {year} {month} {day}
	Pattern string
	Locale  string // the language of an article that names none, BCP 47

	// Zone is the time zone of the site: of {year}, {month} and {day}, and of imported dates that
	// state none. Nil is UTC.
	Zone *time.Location
}

// DefaultPattern is the path of an article unless the operator says otherwise.
const DefaultPattern = "/articles/{slug}"

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

var placeholders = map[string]func(Site, *ArticleRef) string{
	"{slug}":   func(_ Site, a *ArticleRef) string { return a.Slug },
	"{id}":     func(_ Site, a *ArticleRef) string { return string(a.ID) },
	"{type}":   func(_ Site, a *ArticleRef) string { return string(a.Type) },
	"{locale}": func(_ Site, a *ArticleRef) string { return a.Locale },
	"{year}":   func(s Site, a *ArticleRef) string { return s.day(a, "2006") },
	"{month}":  func(s Site, a *ArticleRef) string { return s.day(a, "01") },
	"{day}":    func(s Site, a *ArticleRef) string { return s.day(a, "02") },
}

// day formats the publishing day in the site's zone; an article without one has zeros.
func (s Site) day(a *ArticleRef, layout string) string {
	switch {
	case a.PublishedAt == nil:
		return strings.Repeat("0", len(layout))
	case s.Zone == nil:
		return a.PublishedAt.UTC().Format(layout)
	}
	return a.PublishedAt.In(s.Zone).Format(layout)
}

// Check returns an error if the site's address or pattern cannot make article URLs.
func (s Site) Check() error {
	if s.URL != "" {
		u, err := url.Parse(s.URL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") ||
			u.RawQuery != "" || u.Fragment != "" {
			return fmt.Errorf("site URL %q: want a full http or https URL such as "+
				"https://news.example.org", s.URL)
		}
	}
	if canonical, err := Locale(s.Locale); err != nil {
		return fmt.Errorf("locale: %w", err)
	} else if canonical != s.Locale {
		return fmt.Errorf("locale %q: write it %s", s.Locale, canonical)
	}
	return s.checkPattern()
}

func (s Site) checkPattern() error {
	if !strings.HasPrefix(s.Pattern, "/") {
		return fmt.Errorf("article pattern %q: must begin with a slash", s.Pattern)
	}
	if !strings.Contains(s.Pattern, "{slug}") && !strings.Contains(s.Pattern, "{id}") {
		return errors.New("article pattern: needs {slug} or {id}, or all articles would have one URL")
	}
	for _, p := range placeholder.FindAllString(s.Pattern, -1) {
		if placeholders[p] == nil {
			return fmt.Errorf("article pattern: %s is not known; use {slug} {id} {type} "+
				"{locale} {year} {month} {day}", p)
		}
	}
	if n := len(s.longestURL()); n > MaxArticleURL {
		return fmt.Errorf("site URL and article pattern make URLs of up to %d characters; %d "+
			"are allowed: shorten them", n, MaxArticleURL)
	}
	return nil
}

// MaxArticleURL is the length of the longest URL of an article.
const MaxArticleURL = 8192

// longestURL returns the longest URL that an article can have.
func (s Site) longestURL() string {
	return s.ArticleURL(&ArticleRef{
		ID: ID(strings.Repeat("0", 36)), Slug: strings.Repeat("\xff", MaxSlugBytes),
		Type: PressRelease, Locale: strings.Repeat("a", MaxLocale),
	})
}

// ArticleURL is where readers find an article: percent-encoded, absolute if the site has an
// address.
func (s Site) ArticleURL(a *ArticleRef) string {
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(s.URL, "/"))
	rest := s.Pattern
	for {
		before, behind, _ := strings.Cut(rest, "{")
		name, after, whole := strings.Cut(behind, "}")
		if !whole {
			b.WriteString(rest)
			return b.String()
		}
		b.WriteString(before)
		b.WriteString(url.PathEscape(placeholders["{"+name+"}"](s, a)))
		rest = after
	}
}
