package api

import (
	"encoding/json"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Site is the site: what it is called, where its pages are, who is behind it.
type Site struct {
	// Name of the site.
	Name string `json:"name" minLength:"1" maxLength:"100" example:"The Morning Star"`
	// Line below the name.
	Tagline *string `json:"tagline" minLength:"1" maxLength:"200" example:"News of the valley since 1926"`
	// What the site is about.
	Description *string `json:"description" minLength:"1" maxLength:"1000" example:"An independent daily."`
	// Where readers find the site; null if nobody has said, and the addresses of pages are paths
	// then.
	URL *string `json:"url" format:"iri" minLength:"1" maxLength:"2048" example:"https://news.example.org"`
	// Language of articles that name none, BCP 47.
	Locale string `json:"locale" form:"locale" maxLength:"35" example:"en"`
	// Languages that pickers offer.
	Locales []string `json:"locales" form:"locale" minItems:"1" maxItems:"50" itemLength:"35" example:"en,ar"`
	// Time zone of the days in paths and of imported dates without one: a name of the IANA
	// database.
	TimeZone string `json:"time_zone" form:"line" minLength:"1" maxLength:"100" example:"Africa/Cairo"`
	// Paths of pages.
	Paths SitePaths `json:"paths"`
	// The front page, at /; null: none was chosen.
	Home *SiteHome `json:"home" examplejson:"{\"id\": \"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a61\", \"slug\": \"home\", \"name\": \"Home\", \"url\": \"https://news.example.org/\"}"`
	// The collection that runs along every page; null: none was chosen.
	Ticker *SiteTicker `json:"ticker" examplejson:"{\"id\": \"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a62\", \"slug\": \"ticker\", \"name\": \"Ticker\", \"url\": null}"`
	// What it is called in other languages, by locale (BCP 47).
	Localized map[string]LocalizedSite `json:"localized" maxProperties:"50" examplejson:"{\"ar\": {\"name\": \"الصباح\", \"tagline\": null}}"`
	// Menus by name.
	Menus map[string][]MenuItem `json:"menus" maxItems:"50" maxProperties:"10" examplejson:"{\"main\": [{\"label\": \"Asia\", \"labels\": {\"ar\": \"آسيا\"}, \"section\": {\"id\": \"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a10\", \"slug\": \"asia\", \"name\": \"Asia\", \"url\": \"https://news.example.org/sections/asia\"}, \"tag\": null, \"author\": null, \"collection\": null, \"article\": null, \"url\": \"https://news.example.org/sections/asia\", \"children\": []}]}"`
	// Where else the site is.
	Social []NamedURL `json:"social" maxItems:"50"`
	// Its logo; null: there is none, or it has expired.
	Logo *Picture `json:"logo"`
	// The picture that stands for it in tabs and on home screens.
	Icon *Picture `json:"icon"`
	// How the site is reached.
	Contact SiteContact `json:"contact"`
	// Who answers for the site.
	Publisher SitePublisher `json:"publisher"`
	// What the site holds itself to.
	Policies SitePolicies `json:"policies"`
	// Where a draft is shown, with {token} where the token of the preview stands.
	PreviewURL *string `json:"preview_url" minLength:"1" maxLength:"2048" example:"https://news.example.org/preview/{token}"`
	// What the site asks of its articles.
	Rules SiteRules `json:"rules"`
	// A JSON object of the site's own.
	Extra json.RawMessage `json:"extra" swaggertype:"object" unbounded:"the names are the site's own; it has 16 KiB at most" examplejson:"{\"theme\": \"sepia\"}"`
	// With include=alerts: what readers are told now, the most urgent first, then the newest; at
	// most 100.
	Alerts *[]Alert `json:"alerts,omitempty" maxItems:"100"`
	// With include=sections: all sections in the order of the tree; at most 1,000.
	Sections *[]Section `json:"sections,omitempty" maxItems:"1000"`
	// Draft view only: raised by every change; also the ETag.
	Version *int64 `json:"version,omitempty" minimum:"1" example:"7"`
	// Draft view only: the fields that are set where the server is started, and cannot be changed.
	Fixed *[]string `json:"fixed,omitempty" enums:"url,locale,time_zone,paths.article" maxItems:"4" example:"url"`
} // @name Site

// SitePaths are the patterns of the paths of pages: text with {slug}, {id} and the like where the
// values of a page stand. Null: things of the kind have no page.
type SitePaths struct {
	// Of articles; also {section}, the slug of the main section, and {section_path}, its path, both
	// dropped with their slash where there is none, {type}, {locale}, {year}, {month} and {day}.
	Article string `json:"article" minLength:"1" maxLength:"500" example:"/{year}/{month}/{slug}"`
	// Of sections; also {section_path}, their path.
	Section *string `json:"section" minLength:"1" maxLength:"500" example:"/{section_path}"`
	// Of tags.
	Tag *string `json:"tag" minLength:"1" maxLength:"500" example:"/tags/{slug}"`
	// Of authors.
	Author *string `json:"author" minLength:"1" maxLength:"500" example:"/authors/{slug}"`
	// Of collections.
	Collection *string `json:"collection" minLength:"1" maxLength:"500" example:"/collections/{slug}"`
	// Of fronts.
	Front *string `json:"front" minLength:"1" maxLength:"500" example:"/fronts/{slug}"`
} // @name SitePaths

// NamedURL is an address with its name.
type NamedURL struct {
	// Name of the place.
	Name string `json:"name" minLength:"1" maxLength:"100" form:"name" example:"Mastodon"`
	// Its address, http or https.
	URL string `json:"url" format:"iri" minLength:"1" maxLength:"2048" form:"url" example:"https://social.example.org/@news"`
} // @name NamedURL

// SiteContact says how the site is reached.
type SiteContact struct {
	// E-mail address.
	Email *string `json:"email" maxLength:"254" minLength:"1" example:"desk@news.example.org"`
	// Telephone number.
	Phone *string `json:"phone" maxLength:"50" minLength:"1" example:"+20 2 555 0100"`
	// Postal address.
	Address *string `json:"address" maxLength:"500" minLength:"1" example:"1 Harbour Street"`
} // @name SiteContact

// SitePublisher is who answers for the site.
type SitePublisher struct {
	// Name in the law.
	LegalName *string `json:"legal_name" minLength:"1" maxLength:"200" example:"Morning Star Cooperative"`
	// When it was founded: a year, a month or a day.
	Founded *string `json:"founded" minLength:"4" maxLength:"10" example:"1926"`
	// Pages that are about the publisher.
	SameAs []string `json:"same_as" format:"iri" maxItems:"20" itemLength:"2048" example:"https://www.wikidata.org/wiki/Q1"`
} // @name SitePublisher

// SitePolicies are the addresses of what the site holds itself to.
type SitePolicies struct {
	// How it corrects mistakes.
	Corrections *string `json:"corrections" format:"iri" minLength:"1" maxLength:"2048" example:"https://news.example.org/corrections"`
	// Its ethics.
	Ethics *string `json:"ethics" format:"iri" minLength:"1" maxLength:"2048" example:"https://news.example.org/ethics"`
	// Who owns it, and who pays for it.
	Ownership *string `json:"ownership" format:"iri" minLength:"1" maxLength:"2048" example:"https://news.example.org/ownership"`
	// What becomes of data about readers.
	Privacy *string `json:"privacy" format:"iri" minLength:"1" maxLength:"2048" example:"https://news.example.org/privacy"`
} // @name SitePolicies

// SiteRules are what the site asks of its articles.
type SiteRules struct {
	// Fields without which no article is published.
	Require []string `json:"require" enums:"kicker,summary,body,dateline,byline,sections,authors,tags,source,image,canonical_url" maxItems:"11" itemLength:"50" example:"summary,byline"`
	// Least and most characters of fields, as advice to those who write: nothing is refused for it.
	Lengths map[string][]int `json:"lengths" minItems:"2" maxItems:"2" maxProperties:"6" unbounded:"each has two numbers, up to the length of a body" examplejson:"{\"title\": [30, 70]}"`
	// What becomes of a picture without an alternative text when its article is published.
	Alt cms.AltRule `json:"alt" example:"refuse"`
} // @name SiteRules

// SiteInput is the site as it is written.
type SiteInput struct {
	// Name of the site.
	Name string `json:"name" minLength:"1" maxLength:"100" form:"name" example:"The Morning Star"`
	// Line below the name.
	Tagline *string `json:"tagline,omitempty" maxLength:"200" form:"line" extensions:"x-nullable" example:"News of the valley since 1926"`
	// What the site is about.
	Description *string `json:"description,omitempty" maxLength:"1000" extensions:"x-nullable" example:"An independent daily."`
	// Where readers find the site: a full http or https URL without query.
	URL *string `json:"url,omitempty" format:"iri" maxLength:"2048" form:"url" extensions:"x-nullable" example:"https://news.example.org"`
	// Language of articles that name none, BCP 47. Default: en.
	Locale *string `json:"locale,omitempty" form:"locale" maxLength:"35" extensions:"x-nullable" example:"en"`
	// Languages that pickers offer. Default: the site's own.
	Locales *[]string `json:"locales,omitempty" form:"locale" maxItems:"50" itemLength:"35" extensions:"x-nullable" example:"en,ar"`
	// Time zone, by its name in the IANA database. Default: UTC.
	TimeZone *string `json:"time_zone,omitempty" form:"line" maxLength:"100" extensions:"x-nullable" example:"Africa/Cairo"`
	// Paths of pages.
	Paths *SitePathsInput `json:"paths,omitempty" extensions:"x-nullable"`
	// The front page, at /: a front, by id or slug.
	Home *string `json:"home,omitempty" maxLength:"240" extensions:"x-nullable" example:"home"`
	// What runs along every page: a collection, by id or slug.
	Ticker *string `json:"ticker,omitempty" maxLength:"240" extensions:"x-nullable" example:"latest"`
	// What it shall be called in other languages, by locale (BCP 47). One without words
	// is taken away.
	Localized *map[string]LocalizedSiteInput `json:"localized,omitempty" maxProperties:"50" extensions:"x-nullable" examplejson:"{\"ar\": {\"name\": \"الصباح\"}}"`
	// Menus by name: up to 50 lower-case letters, digits, hyphens and underscores. A menu that is
	// named is replaced whole, others stay; null takes one away. Each has 50 entries at most, those
	// below others included.
	Menus *map[string][]MenuItemInput `json:"menus,omitempty" maxItems:"50" maxProperties:"10" examplejson:"{\"main\": [{\"section\": \"world\", \"children\": [{\"section\": \"central-asia\"}]}]}"`
	// Where else the site is.
	Social *[]NamedURL `json:"social,omitempty" maxItems:"50" extensions:"x-nullable"`
	// Its logo, by the id of a medium.
	Logo *string `json:"logo,omitempty" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51"`
	// The picture that stands for it in tabs and on home screens, by the id of a medium.
	Icon *string `json:"icon,omitempty" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51"`
	// How the site is reached.
	Contact *SiteContactInput `json:"contact,omitempty" extensions:"x-nullable"`
	// Who answers for the site.
	Publisher *SitePublisherInput `json:"publisher,omitempty" extensions:"x-nullable"`
	// What the site holds itself to.
	Policies *SitePoliciesInput `json:"policies,omitempty" extensions:"x-nullable"`
	// Where a draft is shown, with {token} where the token of the preview stands.
	PreviewURL *string `json:"preview_url,omitempty" maxLength:"2048" form:"line" extensions:"x-nullable" example:"https://news.example.org/preview/{token}"`
	// What the site asks of its articles.
	Rules *SiteRulesInput `json:"rules,omitempty"`
	// A JSON object of the site's own, at most 16 KiB.
	Extra *map[string]any `json:"extra,omitempty" unbounded:"the names are the site's own; it has 16 KiB at most" extensions:"x-nullable" examplejson:"{\"theme\": \"sepia\"}"`
} // @name SiteInput

// SitePathsInput are the patterns of the paths of pages, as they are written. Null takes the pages
// of a kind away; of articles it brings the default back.
type SitePathsInput struct {
	// Of articles; also {section}, the slug of the main section, and {section_path}, its path, both
	// dropped with their slash where there is none, {type}, {locale}, {year}, {month} and {day}.
	Article *string `json:"article,omitempty" maxLength:"500" form:"line" extensions:"x-nullable" example:"/{year}/{month}/{slug}"`
	// Of sections; also {section_path}.
	Section *string `json:"section,omitempty" maxLength:"500" form:"line" extensions:"x-nullable" example:"/{section_path}"`
	// Of tags.
	Tag *string `json:"tag,omitempty" maxLength:"500" form:"line" extensions:"x-nullable" example:"/tags/{slug}"`
	// Of authors.
	Author *string `json:"author,omitempty" maxLength:"500" form:"line" extensions:"x-nullable" example:"/authors/{slug}"`
	// Of collections.
	Collection *string `json:"collection,omitempty" maxLength:"500" form:"line" extensions:"x-nullable" example:"/collections/{slug}"`
	// Of fronts.
	Front *string `json:"front,omitempty" maxLength:"500" form:"line" extensions:"x-nullable" example:"/fronts/{slug}"`
} // @name SitePathsInput

// SiteContactInput says how the site is reached, as it is written.
type SiteContactInput struct {
	// E-mail address.
	Email *string `json:"email,omitempty" maxLength:"254" form:"line" extensions:"x-nullable" example:"desk@news.example.org"`
	// Telephone number.
	Phone *string `json:"phone,omitempty" maxLength:"50" form:"line" extensions:"x-nullable" example:"+20 2 555 0100"`
	// Postal address.
	Address *string `json:"address,omitempty" maxLength:"500" extensions:"x-nullable" example:"1 Harbour Street"`
} // @name SiteContactInput

// SitePublisherInput is who answers for the site, as it is written.
type SitePublisherInput struct {
	// Name in the law.
	LegalName *string `json:"legal_name,omitempty" maxLength:"200" form:"line" extensions:"x-nullable" example:"Morning Star Cooperative"`
	// When it was founded: a year, a month or a day.
	Founded *string `json:"founded,omitempty" maxLength:"10" form:"line" extensions:"x-nullable" example:"1926"`
	// Pages that are about the publisher, http or https.
	SameAs *[]string `json:"same_as,omitempty" format:"iri" maxItems:"20" itemLength:"2048" form:"url" extensions:"x-nullable" example:"https://www.wikidata.org/wiki/Q1"`
} // @name SitePublisherInput

// SitePoliciesInput are the addresses of what the site holds itself to, as they are written.
type SitePoliciesInput struct {
	// How it corrects mistakes.
	Corrections *string `json:"corrections,omitempty" format:"iri" maxLength:"2048" form:"url" extensions:"x-nullable" example:"https://news.example.org/corrections"`
	// Its ethics.
	Ethics *string `json:"ethics,omitempty" format:"iri" maxLength:"2048" form:"url" extensions:"x-nullable" example:"https://news.example.org/ethics"`
	// Who owns it, and who pays for it.
	Ownership *string `json:"ownership,omitempty" format:"iri" maxLength:"2048" form:"url" extensions:"x-nullable" example:"https://news.example.org/ownership"`
	// What becomes of data about readers.
	Privacy *string `json:"privacy,omitempty" format:"iri" maxLength:"2048" form:"url" extensions:"x-nullable" example:"https://news.example.org/privacy"`
} // @name SitePoliciesInput

// SiteRulesInput are what the site asks of its articles, as they are written.
type SiteRulesInput struct {
	// Fields without which no article is published; what is imported needs none.
	Require *[]string `json:"require,omitempty" enums:"kicker,summary,body,dateline,byline,sections,authors,tags,source,image,canonical_url" maxItems:"11" itemLength:"50" extensions:"x-nullable" example:"summary,byline"`
	// Least and most characters of fields, as advice to those who write: nothing is refused for it.
	Lengths *map[string][]int `json:"lengths,omitempty" minItems:"2" maxItems:"2" maxProperties:"6" unbounded:"each has two numbers, up to the length of a body" extensions:"x-nullable" examplejson:"{\"title\": [30, 70]}"`
	// What becomes of a picture without an alternative text when its article is published. Default:
	// refuse.
	Alt *cms.AltRule `json:"alt,omitempty" extensions:"x-nullable" example:"refuse"`
} // @name SiteRulesInput

// newSite returns the site as callers see it.
func (s *Server) newSite(v *cms.SiteView) Site {
	site := siteSettings(v)
	site.addPages(s, v)
	if v.View == cms.DraftView {
		site.Version = &v.Version
		site.Fixed = &v.Fixed
	}
	return site
}

// siteSettings returns what the site itself says.
func siteSettings(v *cms.SiteView) Site {
	s := Site{
		Name:        v.Name,
		Tagline:     nilIfEmpty(v.Tagline),
		Localized:   localized(v.Localized, newLocalizedSite),
		Description: nilIfEmpty(v.Description),
		URL:         nilIfEmpty(v.URL),
		Locale:      v.Locale,
		Locales:     v.PickableLocales(),
		TimeZone:    v.TimeZone,
		Paths: SitePaths{
			Article:    v.Paths.Article,
			Section:    nilIfEmpty(v.Paths.Section),
			Tag:        nilIfEmpty(v.Paths.Tag),
			Author:     nilIfEmpty(v.Paths.Author),
			Collection: nilIfEmpty(v.Paths.Collection),
			Front:      nilIfEmpty(v.Paths.Front),
		},
		Social: namedURLs(v.SiteInput.Social),
		Contact: SiteContact{
			nilIfEmpty(v.Contact.Email), nilIfEmpty(v.Contact.Phone), nilIfEmpty(v.Contact.Address),
		},
		Publisher: SitePublisher{
			LegalName: nilIfEmpty(v.Publisher.LegalName),
			Founded:   nilIfEmpty(v.Publisher.Founded),
			SameAs:    append([]string{}, v.Publisher.SameAs...),
		},
		Policies: SitePolicies{
			Corrections: nilIfEmpty(v.Policies.Corrections),
			Ethics:      nilIfEmpty(v.Policies.Ethics),
			Ownership:   nilIfEmpty(v.Policies.Ownership),
			Privacy:     nilIfEmpty(v.Policies.Privacy),
		},
		PreviewURL: nilIfEmpty(v.PreviewURL),
		Rules:      SiteRules{append([]string{}, v.Rules.Require...), v.Rules.Lengths, v.Rules.Alt},
		Extra:      json.RawMessage(v.Extra),
	}
	if s.Rules.Lengths == nil {
		s.Rules.Lengths = map[string][]int{}
	}
	return s
}

func namedURLs(list []cms.NamedURL) []NamedURL {
	out := make([]NamedURL, len(list))
	for i, u := range list {
		out[i] = NamedURL(u)
	}
	return out
}

// input returns what the body of the site sets, with the defaults of what it does not say.
func (in *SiteInput) input() cms.SiteInput {
	site := cms.DefaultSite()
	site.Name = in.Name
	site.Tagline = deref(in.Tagline)
	site.Localized = localizedInput(in.Localized, LocalizedSiteInput.words)
	site.Description = deref(in.Description)
	site.URL = deref(in.URL)
	site.Locales = deref(in.Locales)
	site.PreviewURL = deref(in.PreviewURL)
	if in.Locale != nil {
		site.Locale = *in.Locale
	}
	if in.TimeZone != nil {
		site.TimeZone = *in.TimeZone
	}
	if in.Paths != nil {
		site.Paths = in.Paths.input()
	}
	site.Home = deref(in.Home)
	site.Logo = mediumRef(in.Logo)
	site.Icon = mediumRef(in.Icon)
	site.Ticker = deref(in.Ticker)
	site.Menus = menus(deref(in.Menus))
	for _, u := range deref(in.Social) {
		site.Social = append(site.Social, cms.NamedURL(u))
	}
	in.setAbout(&site)
	if r := in.Rules; r != nil {
		site.Rules.Require = deref(r.Require)
		site.Rules.Lengths = deref(r.Lengths)
		if r.Alt != nil {
			site.Rules.Alt = *r.Alt
		}
	}
	if in.Extra != nil {
		site.Extra = rest.CanonicalJSON(*in.Extra)
	}
	return site
}

// setAbout sets who is behind a site, and by what rules they work.
func (in *SiteInput) setAbout(site *cms.SiteInput) {
	if c := in.Contact; c != nil {
		site.Contact = cms.Contact{
			Email: deref(c.Email), Phone: deref(c.Phone), Address: deref(c.Address),
		}
	}
	if p := in.Publisher; p != nil {
		site.Publisher = cms.Publisher{
			LegalName: deref(p.LegalName), Founded: deref(p.Founded), SameAs: deref(p.SameAs),
		}
	}
	if p := in.Policies; p != nil {
		site.Policies = cms.Policies{
			Corrections: deref(p.Corrections),
			Ethics:      deref(p.Ethics),
			Ownership:   deref(p.Ownership),
			Privacy:     deref(p.Privacy),
		}
	}
}

func (in *SitePathsInput) input() cms.Paths {
	paths := cms.Paths{
		Article:    cms.DefaultPaths.Article,
		Section:    deref(in.Section),
		Tag:        deref(in.Tag),
		Author:     deref(in.Author),
		Collection: deref(in.Collection),
		Front:      deref(in.Front),
	}
	if in.Article != nil {
		paths.Article = *in.Article
	}
	return paths
}

// toSitePathsInput returns the inverse of input.
func toSitePathsInput(p cms.Paths) *SitePathsInput {
	return &SitePathsInput{
		Article:    &p.Article,
		Section:    nilIfEmpty(p.Section),
		Tag:        nilIfEmpty(p.Tag),
		Author:     nilIfEmpty(p.Author),
		Collection: nilIfEmpty(p.Collection),
		Front:      nilIfEmpty(p.Front),
	}
}

// toSiteInput returns the inverse of input.
func toSiteInput(s cms.SiteInput) SiteInput {
	social := namedURLs(s.Social)
	in := SiteInput{
		Name:        s.Name,
		Tagline:     nilIfEmpty(s.Tagline),
		Localized:   writtenLocalized(s.Localized, toLocalizedSiteInput),
		Description: nilIfEmpty(s.Description),
		URL:         nilIfEmpty(s.URL),
		Locale:      &s.Locale,
		Locales:     &s.Locales,
		TimeZone:    &s.TimeZone,
		Paths:       toSitePathsInput(s.Paths),
		Home:        nilIfEmpty(s.Home),
		Ticker:      nilIfEmpty(s.Ticker),
		Menus:       writtenMenus(s.Menus),
		Social:      &social,
		Logo:        nilIfEmpty(s.Logo),
		Icon:        nilIfEmpty(s.Icon),
		Contact: &SiteContactInput{
			nilIfEmpty(s.Contact.Email), nilIfEmpty(s.Contact.Phone), nilIfEmpty(s.Contact.Address),
		},
		Publisher: &SitePublisherInput{
			LegalName: nilIfEmpty(s.Publisher.LegalName),
			Founded:   nilIfEmpty(s.Publisher.Founded),
			SameAs:    &s.Publisher.SameAs,
		},
		Policies: &SitePoliciesInput{
			Corrections: nilIfEmpty(s.Policies.Corrections),
			Ethics:      nilIfEmpty(s.Policies.Ethics),
			Ownership:   nilIfEmpty(s.Policies.Ownership),
			Privacy:     nilIfEmpty(s.Policies.Privacy),
		},
		PreviewURL: nilIfEmpty(s.PreviewURL),
		Rules: &SiteRulesInput{
			Require: &s.Rules.Require,
			Lengths: &s.Rules.Lengths,
			Alt:     &s.Rules.Alt,
		},
	}
	extra := jsonObject(s.Extra)
	in.Extra = &extra
	return in
}
