package api

import (
	"maps"

	"github.com/masthead-cms/masthead/internal/cms"
)

// SiteHome is the front at the address of the site.
type SiteHome struct {
	NounRef
} // @name SiteHome

// SiteTicker is the collection that runs along every page.
type SiteTicker struct {
	NounRef
	// With include=ticker: what stands in it, as in the list of articles of the collection.
	Rows *[]Row `json:"rows,omitempty" maxItems:"200"`
} // @name SiteTicker

// MenuEntry is an entry of a menu. It leads to one thing: a section, a tag, an author, a collection
// or an article here, or a page elsewhere; or it is a heading above others.
type MenuEntry struct {
	// What it is called: its own label, else the name of what it leads to. In the draft view what
	// was written.
	Label *string `json:"label" minLength:"1" maxLength:"300" example:"World"`
	// What it is called in other languages, by locale: its own labels and, if it has no label of
	// its own, the names of what it leads to. In the draft view what was written.
	Labels map[string]string `json:"labels" maxProperties:"100" unbounded:"each has 100 characters at most" examplejson:"{\"ar\": \"العالم\"}"`
	// The section that it leads to.
	Section *MenuTarget `json:"section"`
	// The tag that it leads to.
	Tag *MenuTarget `json:"tag" examplejson:"null"`
	// The author that it leads to.
	Author *MenuTarget `json:"author" examplejson:"null"`
	// The collection that it leads to.
	Collection *MenuTarget `json:"collection" examplejson:"null"`
	// The article that it leads to.
	Article *ArticleLink `json:"article" examplejson:"null"`
	// Where it leads, here or elsewhere; percent-encoded. Null: it is a heading, or what it leads
	// to has no page.
	URL *string `json:"url" format:"uri-reference" minLength:"1" maxLength:"8192" example:"https://news.example.org/sections/world"`
	// Draft view only: whether readers do not see it, because what it leads to was deleted or is an
	// article that is not live.
	Dead *bool `json:"dead,omitempty" example:"false"`
} // @name MenuEntry

// MenuTarget is what an entry of a menu leads to.
type MenuTarget struct {
	NounRef
} // @name MenuTarget

// MenuItem is an entry of a menu with those below it.
type MenuItem struct {
	MenuEntry
	// The entries below it.
	Children []MenuEntry `json:"children" maxItems:"50"`
} // @name MenuItem

// MenuEntryInput is an entry of a menu as it is written: it leads to one thing.
//
//openapi:example {"section": "central-asia", "labels": {"ar": "آسيا الوسطى"}}
type MenuEntryInput struct {
	// What it is called; required with url and for headings. Default: the name of what it leads to.
	Label *string `json:"label,omitempty" maxLength:"100" form:"line" extensions:"x-nullable" example:"World"`
	// What it is called in other languages, by locale (BCP 47).
	Labels *map[string]string `json:"labels,omitempty" maxProperties:"50" unbounded:"each has 100 characters at most" examplejson:"{\"ar\": \"العالم\"}"`
	// A section, by id or slug.
	Section *string `json:"section,omitempty" maxLength:"240" extensions:"x-nullable" example:"world"`
	// A tag, by id or slug.
	Tag *string `json:"tag,omitempty" maxLength:"240" extensions:"x-nullable" example:"water"`
	// An author, by id or slug.
	Author *string `json:"author,omitempty" maxLength:"240" extensions:"x-nullable" example:"ada-lovelace"`
	// A collection, by id or slug.
	Collection *string `json:"collection,omitempty" maxLength:"240" extensions:"x-nullable" example:"lead-stories"`
	// An article, by id or slug; readers see the entry while it is live.
	Article *string `json:"article,omitempty" maxLength:"240" extensions:"x-nullable" example:"how-rivers-are-measured"`
	// A page elsewhere, http or https.
	URL *string `json:"url,omitempty" format:"iri" maxLength:"2048" form:"url" extensions:"x-nullable" example:"https://example.org/page"`
} // @name MenuEntryInput

// MenuItemInput is an entry of a menu with those below it, as it is written.
//
//openapi:example {"label": "News", "section": "world", "children": [{"section": "central-asia"}]}
type MenuItemInput struct {
	MenuEntryInput
	// The entries below it. Default: none.
	Children *[]MenuEntryInput `json:"children,omitempty" maxItems:"50" extensions:"x-nullable"`
} // @name MenuItemInput

// addPages adds what a site leads to and what every page of it shows.
func (out *Site) addPages(s *Server, v *cms.SiteView) {
	// Readers' answers have no media that have expired.
	out.Logo = s.newDraftPicture(v.Media[cms.ID(v.SiteInput.Logo)], v.Locale)
	out.Icon = s.newDraftPicture(v.Media[cms.ID(v.SiteInput.Icon)], v.Locale)
	if home := v.HomeFront; home != nil {
		out.Home = &SiteHome{nounHead(&home.Base, home.Name)}
	}
	if source := v.TickerSource; source != nil {
		out.Ticker = &SiteTicker{NounRef: nounHead(&source.Base, source.Name)}
		if v.TickerRows != nil {
			rows := s.wholeRows(v.TickerRows, cms.Parts{})
			out.Ticker.Rows = &rows
		}
	}
	out.Menus = make(map[string][]MenuItem, len(v.Links))
	for name, links := range v.Links {
		out.Menus[name] = s.newMenu(v.View, links)
	}
	if v.Alerts != nil {
		alerts := make([]Alert, len(v.Alerts))
		for i := range v.Alerts {
			alerts[i] = s.newAlert(&v.Alerts[i])
		}
		out.Alerts = &alerts
	}
	if v.Sections != nil {
		list := make([]Section, len(v.Sections))
		for i := range v.Sections {
			list[i] = s.newSection(&v.Sections[i])
		}
		out.Sections = &list
	}
}

// newMenu returns a menu as callers see it.
func (s *Server) newMenu(view cms.View, links []cms.MenuLink) []MenuItem {
	items := make([]MenuItem, len(links))
	for i := range links {
		children := links[i].Children
		items[i] = MenuItem{s.newMenuEntry(view, &links[i]), make([]MenuEntry, len(children))}
		for j := range children {
			items[i].Children[j] = s.newMenuEntry(view, &children[j])
		}
	}
	return items
}

func (s *Server) newMenuEntry(view cms.View, l *cms.MenuLink) MenuEntry {
	e := MenuEntry{
		Label:   nilIfEmpty(l.Name()),
		Labels:  l.NamesByLocale(),
		Article: s.articleLink(l.Target),
		URL:     nilIfEmpty(l.Leads()),
	}
	if l.Noun.ID != "" {
		target := &MenuTarget{newRef(l.Noun)}
		switch l.MenuEntry.Target().Kind {
		case cms.SectionNoun.Singular:
			e.Section = target
		case cms.TagNoun.Singular:
			e.Tag = target
		case cms.AuthorNoun.Singular:
			e.Author = target
		case cms.CollectionNoun.Singular:
			e.Collection = target
		}
	}
	if view == cms.DraftView {
		e.Label = nilIfEmpty(l.Label)
		e.Labels = map[string]string{}
		maps.Copy(e.Labels, l.Labels)
		e.Dead = &l.Dead
	}
	return e
}

// menus returns menus as they are written.
func menus(in map[string][]MenuItemInput) cms.Menus {
	if len(in) == 0 {
		return nil
	}
	out := make(cms.Menus, len(in))
	for name, items := range in {
		out[name] = make([]cms.MenuItem, len(items))
		for i := range items {
			out[name][i].MenuEntry = items[i].entry()
			for _, child := range deref(items[i].Children) {
				out[name][i].Children = append(out[name][i].Children, child.entry())
			}
		}
	}
	return out
}

func (in *MenuEntryInput) entry() cms.MenuEntry {
	e := cms.MenuEntry{
		Label:      deref(in.Label),
		Section:    deref(in.Section),
		Tag:        deref(in.Tag),
		Author:     deref(in.Author),
		Collection: deref(in.Collection),
		Article:    deref(in.Article),
		URL:        deref(in.URL),
	}
	if labels := deref(in.Labels); len(labels) > 0 {
		e.Labels = labels
	}
	return e
}

// writtenMenus returns the inverse of menus.
func writtenMenus(m cms.Menus) *map[string][]MenuItemInput {
	out := make(map[string][]MenuItemInput, len(m))
	for name, items := range m {
		out[name] = make([]MenuItemInput, len(items))
		for i := range items {
			children := make([]MenuEntryInput, len(items[i].Children))
			for j := range children {
				children[j] = writtenEntry(items[i].Children[j])
			}
			out[name][i] = MenuItemInput{writtenEntry(items[i].MenuEntry), &children}
		}
	}
	return &out
}

func writtenEntry(e cms.MenuEntry) MenuEntryInput {
	in := MenuEntryInput{
		Label:      nilIfEmpty(e.Label),
		Section:    nilIfEmpty(e.Section),
		Tag:        nilIfEmpty(e.Tag),
		Author:     nilIfEmpty(e.Author),
		Collection: nilIfEmpty(e.Collection),
		Article:    nilIfEmpty(e.Article),
		URL:        nilIfEmpty(e.URL),
	}
	if e.Labels != nil {
		in.Labels = &e.Labels
	}
	return in
}
