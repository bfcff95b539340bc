package cms

import (
	"maps"
	"regexp"
	"slices"
)

// MenuEntry is an entry of a menu. It leads to at most one thing: a noun or an article here, by its
// id, or a page elsewhere; one that leads nowhere is a heading above others.
type MenuEntry struct {
	Label      string            `json:"label,omitempty"`  // empty: the name of what it leads to
	Labels     map[string]string `json:"labels,omitempty"` // in other languages, by locale
	Section    string            `json:"section,omitempty"`
	Tag        string            `json:"tag,omitempty"`
	Author     string            `json:"author,omitempty"`
	Collection string            `json:"collection,omitempty"`
	Article    string            `json:"article,omitempty"`
	URL        string            `json:"url,omitempty"`
}

// MenuItem is an entry of a menu with those below it.
type MenuItem struct {
	MenuEntry
	Children []MenuEntry `json:"children,omitempty"`
}

// Menus are the menus of a site by name.
type Menus map[string][]MenuItem

// The limits of menus.
const (
	MaxMenus       = 10
	MaxMenuEntries = 50 // of one menu, those below others included
	MaxMenuLabel   = 100
	MaxMenuLabels  = 50
)

// MenuTarget is what an entry of a menu leads to here.
type MenuTarget struct {
	Kind string  // the singular of a noun that has a page, or article
	Ref  *string // the id in the entry, or what was written: an id or a slug
}

// Target returns what an entry leads to here, zero if nothing.
func (e *MenuEntry) Target() MenuTarget {
	for _, t := range e.targets() {
		if *t.Ref != "" {
			return t
		}
	}
	return MenuTarget{}
}

func (e *MenuEntry) targets() []MenuTarget {
	return []MenuTarget{
		{SectionNoun.Singular, &e.Section},
		{TagNoun.Singular, &e.Tag},
		{AuthorNoun.Singular, &e.Author},
		{CollectionNoun.Singular, &e.Collection},
		{ArticleKind, &e.Article},
	}
}

// ArticleKind is what a target that is an article is called.
const ArticleKind = "article"

// Entries calls fn with each entry and with its field, such as menus/main/0/children/2, until fn
// returns an error.
func (m Menus) Entries(fn func(field string, e *MenuEntry) error) error {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		for i := range m[name] {
			item := &m[name][i]
			field := itemPath("menus/"+name, i)
			if err := fn(field, &item.MenuEntry); err != nil {
				return err
			}
			for j := range item.Children {
				if err := fn(itemPath(field+"/children", j), &item.Children[j]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Targets returns the ids of what entries lead to here, by kind.
func (m Menus) Targets() map[string][]ID {
	ids := map[string][]ID{}
	_ = m.Entries(func(_ string, e *MenuEntry) error {
		if t := e.Target(); t.Ref != nil {
			ids[t.Kind] = append(ids[t.Kind], ID(*t.Ref))
		}
		return nil
	})
	return ids
}

var menuName = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]{0,48}[a-z0-9])?$`)

// menus checks the menus of a site, but for whether entries lead anywhere.
func (f *fieldErrors) menus(m Menus) {
	if len(m) > MaxMenus {
		f.add("menus", "too_many", "A site has at most %d menus; these are %d.", MaxMenus, len(m))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if !menuName.MatchString(name) {
			f.add("menus", "invalid", "A menu cannot be called %q: its name has up to 50 lower-case "+
				"letters, digits, hyphens and underscores, such as main.", name)
			return
		}
		entries := len(m[name])
		for i := range m[name] {
			entries += len(m[name][i].Children)
		}
		if entries > MaxMenuEntries {
			f.add("menus/"+name, "too_many", "A menu has at most %d entries, those below others "+
				"included; these are %d.", MaxMenuEntries, entries)
			return
		}
		for i := range m[name] {
			item := &m[name][i]
			field := itemPath("menus/"+name, i)
			f.menuEntry(field, &item.MenuEntry, len(item.Children) > 0)
			for j := range item.Children {
				f.menuEntry(itemPath(field+"/children", j), &item.Children[j], false)
			}
		}
	}
}

func (f *fieldErrors) menuEntry(field string, e *MenuEntry, isParent bool) {
	e.Label = TrimLine(e.Label)
	f.line(field+"/label", e.Label, MaxMenuLabel)
	f.menuLabels(field+"/labels", e)
	leads := ""
	for _, t := range append(e.targets(), MenuTarget{"url", &e.URL}) {
		if *t.Ref == "" {
			continue
		}
		if leads != "" {
			f.add(field+"/"+t.Kind, "not_allowed",
				"An entry leads to one thing: send %s or %s, not both.", leads, t.Kind)
		}
		leads = t.Kind
	}
	for _, t := range e.targets() {
		f.line(field+"/"+t.Kind, *t.Ref, MaxRef)
	}
	f.url(field+"/url", e.URL)
	switch {
	case leads == "" && !isParent:
		f.add(field, "required", "An entry without others below it leads somewhere: send section, "+
			"tag, author, collection, article or url.")
	case leads == "" || leads == "url":
		f.required(field+"/label", e.Label)
	}
}

// menuLabels checks the labels of an entry and brings their languages to their canonical form.
func (f *fieldErrors) menuLabels(field string, e *MenuEntry) {
	if len(e.Labels) > MaxMenuLabels {
		f.add(field, "too_many", "%s has %d entries; %d are allowed.", dotted(field), len(e.Labels),
			MaxMenuLabels)
		return
	}
	labels := make(map[string]string, len(e.Labels))
	for _, locale := range slices.Sorted(maps.Keys(e.Labels)) {
		canonical, err := Locale(locale)
		label := TrimLine(e.Labels[locale])
		switch {
		case err != nil:
			f.add(field, "invalid", "%q is no language: %s.", locale, err)
			return
		case labels[canonical] != "":
			f.add(field, "repeated", "%s has %s twice.", dotted(field), canonical)
			return
		}
		f.required(field+"/"+locale, label)
		f.line(field+"/"+locale, label, MaxMenuLabel)
		labels[canonical] = label
	}
	if len(labels) > 0 {
		e.Labels = labels
	}
}

// MenuLink is an entry of a menu with what it leads to.
type MenuLink struct {
	*MenuEntry
	Noun     Ref         // of a section, a tag, an author or a collection; zero: none
	Target   *ArticleRef // nil: no article
	Dead     bool        // what it leads to was deleted, or is an article that is not live
	Children []MenuLink
}

// Leads returns where an entry leads, empty if nowhere.
func (l *MenuLink) Leads() string {
	if l.Target != nil {
		return l.Target.URL
	}
	if l.Noun.ID != "" {
		return l.Noun.URL
	}
	return l.URL
}

// Name returns what readers see of an entry: its label, else the name of what it leads to.
func (l *MenuLink) Name() string {
	switch {
	case l.Label != "":
		return l.Label
	case l.Target != nil:
		return l.Target.Title
	}
	return l.Noun.Name
}

// NamesByLocale returns what readers see of an entry in other languages: its labels and, if it has
// no label of its own, the other names of what it leads to.
func (l *MenuLink) NamesByLocale() map[string]string {
	names := make(map[string]string, len(l.Labels))
	if l.Label == "" {
		for locale, words := range l.Noun.Localized {
			if words.Name != "" {
				names[locale] = words.Name
			}
		}
	}
	maps.Copy(names, l.Labels)
	return names
}

// MenuTargets are what entries of menus can lead to, as a view has it.
type MenuTargets struct {
	Nouns    map[ID]Ref // by the id in an entry, which may be that of a noun merged since
	Articles map[ID]*ArticleRef
	Live     map[ID]bool // which articles are live
}

// Links returns the menus with what their entries lead to. Readers get neither dead entries, with
// what stands below them, nor headings above nothing.
func (m Menus) Links(view View, targets MenuTargets) map[string][]MenuLink {
	links := make(map[string][]MenuLink, len(m))
	for name, items := range m {
		links[name] = []MenuLink{}
		for i := range items {
			link := targets.link(&items[i].MenuEntry)
			for j := range items[i].Children {
				child := targets.link(&items[i].Children[j])
				if view == DraftView || !child.Dead {
					link.Children = append(link.Children, child)
				}
			}
			heads := items[i].Target().Ref != nil || items[i].URL != "" || len(link.Children) > 0
			if view == DraftView || (!link.Dead && heads) {
				links[name] = append(links[name], link)
			}
		}
	}
	return links
}

func (t MenuTargets) link(e *MenuEntry) MenuLink {
	l := MenuLink{MenuEntry: e}
	target := e.Target()
	switch {
	case target.Ref == nil:
	case target.Kind == ArticleKind:
		id := ID(*target.Ref)
		l.Target = t.Articles[id]
		l.Dead = !t.Live[id]
	default:
		l.Noun = t.Nouns[ID(*target.Ref)]
		l.Dead = l.Noun.ID == ""
	}
	return l
}

// CacheTags returns the cache tags of a response that shows the menus with what they lead to.
func (m Menus) CacheTags(targets MenuTargets) []CacheTag {
	var tags []CacheTag
	for kind, ids := range m.Targets() {
		for _, id := range ids {
			if kind == ArticleKind {
				tags = append(tags, ArticleCacheTag(id))
				continue
			}
			noun := Noun{Singular: kind}
			tags = append(tags, noun.CacheTag(id))
			if ref := targets.Nouns[id]; ref.ID != "" && ref.ID != id {
				tags = append(tags, noun.CacheTag(ref.ID))
			}
		}
	}
	return tags
}
