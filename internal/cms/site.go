package cms

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/text"
)

// MaxLocale is the length of the longest locale.
const MaxLocale = text.MaxLocale

// Locale returns a language tag in its canonical form (BCP 47), or an error that says how to mend
// it.
func Locale(tag string) (string, error) { return text.Locale(tag) }

// InLanguage reports whether a locale is in a range of languages, by the basic filtering of RFC
// 4647: ar-EG is in ar. Both must be in their canonical forms.
func InLanguage(locale, languages string) bool {
	rest, ok := strings.CutPrefix(locale, languages)
	return ok && (rest == "" || rest[0] == '-')
}

// SiteID is the subject of events about the site.
const SiteID = "00000000-0000-0000-0000-000000000001"

// SiteInput is what an administrator may set of the site. It is stored as JSON.
type SiteInput struct {
	Name        string     `json:"name"`
	Tagline     string     `json:"tagline,omitempty"`
	Localized   Localized  `json:"localized,omitempty"` // name and tagline
	Description string     `json:"description,omitempty"`
	URL         string     `json:"url,omitempty"` // without a slash at the end
	Locale      string     `json:"locale"`        // of articles that name none, BCP 47
	Locales     []string   `json:"locales,omitempty"`
	TimeZone    string     `json:"time_zone"` // a name of the IANA database
	Paths       Paths      `json:"paths"`
	Home        string     `json:"home,omitempty"`   // id of the front at /; written also a slug
	Ticker      string     `json:"ticker,omitempty"` // id of a collection; written also a slug
	Logo        string     `json:"logo,omitempty"`   // id of a medium
	Icon        string     `json:"icon,omitempty"`   // id of a medium
	Menus       Menus      `json:"menus,omitempty"`
	Social      []NamedURL `json:"social,omitempty"`
	Contact     Contact    `json:"contact"`
	Publisher   Publisher  `json:"publisher"`
	Policies    Policies   `json:"policies"`
	PreviewURL  string     `json:"preview_url,omitempty"` // with {token}
	Rules       Rules      `json:"rules"`
	Extra       string     `json:"extra"` // a JSON object with sorted keys
}

// NamedURL is an address with its name.
type NamedURL struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Contact says how the site is reached.
type Contact struct {
	Email   string `json:"email,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Address string `json:"address,omitempty"`
}

// Publisher is who answers for the site.
type Publisher struct {
	LegalName string   `json:"legal_name,omitempty"`
	Founded   string   `json:"founded,omitempty"` // a year, a month or a day
	SameAs    []string `json:"same_as,omitempty"`
}

// Policies are the addresses of what the site holds itself to.
type Policies struct {
	Corrections string `json:"corrections,omitempty"`
	Ethics      string `json:"ethics,omitempty"`
	Ownership   string `json:"ownership,omitempty"`
	Privacy     string `json:"privacy,omitempty"`
}

// FixedSite is what the operator has set of the site by flag, environment or file, and nobody can
// change through the API. Nil: not set.
type FixedSite struct {
	URL         *string
	Locale      *string
	TimeZone    *string
	ArticlePath *string
}

// fixedField is a field of a site that an operator can set.
type fixedField struct {
	name  string // as errors have it
	value *string
	of    func(*SiteInput) *string
}

func (f FixedSite) fields() []fixedField {
	return []fixedField{
		{"url", f.URL, func(in *SiteInput) *string { return &in.URL }},
		{"locale", f.Locale, func(in *SiteInput) *string { return &in.Locale }},
		{"time_zone", f.TimeZone, func(in *SiteInput) *string { return &in.TimeZone }},
		{"paths/article", f.ArticlePath, func(in *SiteInput) *string { return &in.Paths.Article }},
	}
}

// Names returns the names of the fields that are set, such as paths.article.
func (f FixedSite) Names() []string {
	names := []string{}
	for _, field := range f.fields() {
		if field.value != nil {
			names = append(names, dotted(field.name))
		}
	}
	return names
}

// apply sets the fields that the operator has set.
func (f FixedSite) apply(in *SiteInput) {
	for _, field := range f.fields() {
		if field.value != nil {
			*field.of(in) = *field.value
		}
	}
}

// Keep returns an error if an input says otherwise than what the operator has set, and gives these
// fields the values that were stored, which hold when the operator sets them no longer.
func (f FixedSite) Keep(in *SiteInput, stored SiteInput) error {
	for _, field := range f.fields() {
		if field.value == nil {
			continue
		}
		if *field.of(in) != *field.value {
			return FieldErrorf(Fixed, field.name, "fixed",
				"%s is set where the server is started, to %q, and cannot be changed here.",
				dotted(field.name), *field.value)
		}
		*field.of(in) = *field.of(&stored)
	}
	return nil
}

// Check returns an Invalid error if what the operator has set breaks a rule.
func (f FixedSite) Check() error {
	in := DefaultSite()
	f.apply(&in)
	if err := in.Check(); err != nil {
		return err
	}
	for _, field := range f.fields() {
		if better := *field.of(&in); field.value != nil && better != *field.value {
			return FieldErrorf(Invalid, field.name, "invalid", "%s: write it %s.",
				dotted(field.name), better)
		}
	}
	return nil
}

// DefaultSite returns a site of which nothing was set.
func DefaultSite() SiteInput {
	return SiteInput{
		Name:     "Masthead",
		Locale:   "en",
		TimeZone: "UTC",
		Paths:    DefaultPaths,
		Rules:    Rules{Alt: RefuseAlt},
		Extra:    "{}",
	}
}

// Site is the site as it is. It is never changed once made.
type Site struct {
	SiteInput
	Version int64
	Zone    *time.Location // of TimeZone

	base     string                // of the addresses of pages: URL, percent-encoded
	patterns map[string][]pathPart // by kind
}

// NewSite returns the site of what was stored and what the operator has set.
func NewSite(stored SiteInput, version int64, fixed FixedSite) *Site {
	s := &Site{SiteInput: stored, Version: version, patterns: map[string][]pathPart{}}
	fixed.apply(&s.SiteInput)
	s.base = encoded(s.URL)
	var err error
	if s.Zone, err = zone(s.TimeZone); err != nil { // the database of zones is older
		s.Zone = time.UTC
	}
	for _, k := range s.Paths.all() {
		if k.pattern == "" {
			continue
		}
		parts := parsePattern(k.pattern)
		for i := range parts {
			parts[i].text = (&url.URL{Path: parts[i].text}).EscapedPath()
		}
		s.patterns[k.kind] = parts
	}
	return s
}

// zone returns the time zone of a name of the IANA database.
func zone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, Errorf(Invalid, "%q is no time zone", name)
	}
	return time.LoadLocation(name)
}

// MediaRefs returns the media that the site shows.
func (in *SiteInput) MediaRefs() []MediaRef {
	var refs []MediaRef
	for _, ref := range []MediaRef{{ID(in.Logo), LogoRole}, {ID(in.Icon), IconRole}} {
		if ref.ID != "" {
			refs = append(refs, ref)
		}
	}
	return refs
}

// PickableLocales returns the languages that pickers offer: the site's own, if none were set.
func (in *SiteInput) PickableLocales() []string {
	if len(in.Locales) == 0 {
		return []string{in.Locale}
	}
	return in.Locales
}

// The limits of a site.
const (
	MaxSiteName        = 100
	MaxTagline         = 200
	MaxSiteDescription = 1000
	MaxLocales         = 50
	MaxSocial          = 50
	MaxEmailAddress    = 254
	MaxPhone           = 50
	MaxAddress         = 500
	MaxLegalName       = 200
	MaxSameAs          = 20
)

var foundedForm = regexp.MustCompile(`^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$`)

// Check trims what stands on one line, brings languages to their canonical form, and returns an
// Invalid error if the site breaks a rule.
func (in *SiteInput) Check() error {
	for _, line := range []*string{
		&in.Name, &in.Tagline, &in.Contact.Email, &in.Contact.Phone, &in.Publisher.LegalName,
	} {
		*line = strings.TrimFunc(*line, isBlank)
	}
	in.URL = strings.TrimRight(in.URL, "/")
	var f fieldErrors
	f.required("name", in.Name)
	f.line("name", in.Name, MaxSiteName)
	f.line("tagline", in.Tagline, MaxTagline)
	f.text("description", in.Description, MaxSiteDescription)
	f.localized(in.Localized)
	in.Localized = in.Localized.Canonical()
	f.siteURL(in.URL)
	f.locale("locale", &in.Locale)
	f.count("locales", len(in.Locales), MaxLocales)
	for i := range min(len(in.Locales), MaxLocales) {
		f.locale(itemPath("locales", i), &in.Locales[i])
		if slices.Contains(in.Locales[:i], in.Locales[i]) {
			f.add(itemPath("locales", i), "repeated", "locales has %s twice.", in.Locales[i])
		}
	}
	if _, err := zone(in.TimeZone); err != nil {
		f.add("time_zone", "unknown",
			"time_zone is a name of the IANA database, such as Africa/Cairo, not %q.", in.TimeZone)
	}
	f.checkPaths(in.Paths, in.URL)
	f.line("home", in.Home, MaxRef)
	f.line("ticker", in.Ticker, MaxRef)
	f.medium("logo", in.Logo)
	f.medium("icon", in.Icon)
	f.menus(in.Menus)
	f.people(in)
	f.rules(in.Rules)
	if len(in.Extra) > MaxExtraBytes {
		f.add("extra", "too_long", "extra takes %d bytes as JSON; %d are allowed.", len(in.Extra),
			MaxExtraBytes)
	}
	return InvalidFields(f)
}

// locale checks a language tag and brings it to its canonical form.
func (f *fieldErrors) locale(field string, tag *string) {
	canonical, err := Locale(*tag)
	if err != nil {
		f.add(field, "invalid", "%s.", err)
		return
	}
	*tag = canonical
}

func (f *fieldErrors) siteURL(s string) {
	f.url("url", s)
	if u, err := url.Parse(s); err == nil && (u.RawQuery != "" || u.Fragment != "") {
		f.add("url", "invalid_url", "url has no query and no fragment: pages are below it.")
	}
}

// people checks who is behind the site, and how they are reached.
func (f *fieldErrors) people(in *SiteInput) {
	f.count("social", len(in.Social), MaxSocial)
	for i, s := range in.Social[:min(len(in.Social), MaxSocial)] {
		field := itemPath("social", i)
		f.required(field+"/name", s.Name)
		f.line(field+"/name", s.Name, MaxSiteName)
		f.required(field+"/url", s.URL)
		f.url(field+"/url", s.URL)
	}
	if in.Contact.Email != "" {
		f.line("contact/email", in.Contact.Email, MaxEmailAddress)
		f.email("contact/email", in.Contact.Email)
	}
	f.line("contact/phone", in.Contact.Phone, MaxPhone)
	f.text("contact/address", in.Contact.Address, MaxAddress)
	f.line("publisher/legal_name", in.Publisher.LegalName, MaxLegalName)
	if s := in.Publisher.Founded; s != "" && !foundedForm.MatchString(s) {
		f.add("publisher/founded", "invalid",
			"publisher.founded is a year, a month or a day, such as 1926, 1926-11 or 1926-11-02.")
	}
	f.count("publisher/same_as", len(in.Publisher.SameAs), MaxSameAs)
	for i, s := range in.Publisher.SameAs[:min(len(in.Publisher.SameAs), MaxSameAs)] {
		f.required(itemPath("publisher/same_as", i), s)
		f.url(itemPath("publisher/same_as", i), s)
	}
	f.url("policies/corrections", in.Policies.Corrections)
	f.url("policies/ethics", in.Policies.Ethics)
	f.url("policies/ownership", in.Policies.Ownership)
	f.url("policies/privacy", in.Policies.Privacy)
	if s := in.PreviewURL; s != "" {
		f.url("preview_url", strings.ReplaceAll(s, "{token}", "a-token")) // as long
		if !strings.Contains(s, "{token}") {
			f.add("preview_url", "invalid", "preview_url needs {token} where the token of the "+
				"preview stands, such as https://news.example.org/preview/{token}.")
		}
	}
}

// SiteQuery asks for the site in a view, and for what every page of it shows.
type SiteQuery struct {
	View         View
	WithAlerts   bool // those that are active, at most MaxSiteAlerts
	WithTicker   bool // the rows of the ticker
	WithSections bool // in the order of the tree, at most MaxSiteSections
}

// How much of each comes with the site.
const (
	MaxSiteAlerts   = 100
	MaxSiteSections = 1000
)

// SiteView is the site as a view has it.
type SiteView struct {
	*Site
	View         View
	Fixed        []string              // the fields that the operator has set
	HomeFront    *Front                // nil: there is none
	TickerSource *Collection           // nil: there is none
	Links        map[string][]MenuLink // the menus
	Alerts       []Alert               // nil when they were not asked for
	TickerRows   []Row                 // nil when they were not asked for
	Sections     []Section             // nil when they were not asked for
	Media        map[ID]*Medium        // that it shows
	Shown
}
