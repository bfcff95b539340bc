package newsroom

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// Resolve returns where an address of the site leads to, a path or a URL: to the page that readers
// find there, else where a redirect leads, else to where what was there is now.
func (n *Newsroom) Resolve(ctx context.Context, actor cms.Actor,
	address string) (*cms.Resolution, error) {
	if err := n.checkRead(actor, cms.LiveView); err != nil {
		return nil, err
	}
	return read(ctx, n, classOf(actor), func(db *store.DB) (*cms.Resolution, error) {
		r, err := newResolver(db)
		if err != nil {
			return nil, err
		}
		path, err := r.site.AskedPath(address)
		if err != nil {
			return nil, err
		}
		byID := "/?" + text.WordPressID(address)
		if path != "/" || byID == "/?" {
			return r.resolve(path)
		}
		known, err := db.ImportAliases([]string{byID})
		if err != nil {
			return nil, err
		}
		gone, err := db.Gone([]string{byID})
		if err != nil {
			return nil, err
		}
		if len(known)+len(gone) > 0 {
			return r.resolve(byID)
		}
		found, err := r.resolve(path)
		if err == nil {
			found.Show(cms.AllArticles) // an import may bring one with that id
		}
		return found, err
	})
}

// resolver finds out where paths of the site lead to, in few statements however many there are.
type resolver struct {
	db         *store.DB
	site       *cms.Site
	patterns   []cms.PagePattern       // the present ones first
	candidates map[string][]candidate  // by path
	aliases    map[string]cms.ID       // the articles that had paths at another site
	wanted     []cms.PageID            // all of these, as far as they are known
	pages      map[cms.PageID]cms.Page // those of them that readers find
	killed     map[cms.PageID]bool     // those of them that they found before they were killed
}

// candidate is a page that a path can be of, or have been of.
type candidate struct {
	cms.Candidate
	owner cms.PageID // without an id if nothing has or had the slug
}

func newResolver(db *store.DB) (*resolver, error) {
	site, err := db.Site()
	if err != nil {
		return nil, err
	}
	return &resolver{db: db, site: site, patterns: site.PagePatterns()}, nil
}

// look reads what paths can be of.
func (r *resolver) look(paths ...string) error {
	var all []cms.Candidate
	ends := make([]int, len(paths))
	for i, path := range paths {
		all = append(all, r.site.Candidates(path, r.patterns)...)
		ends[i] = len(all)
	}
	owners, err := r.db.Owners(all)
	if err != nil {
		return err
	}
	r.candidates = make(map[string][]candidate, len(paths))
	begin := 0
	for i, path := range paths {
		for ; begin < ends[i]; begin++ {
			c := candidate{all[begin], owners[begin]}
			r.candidates[path] = append(r.candidates[path], c)
		}
	}
	for _, id := range r.aliases {
		owners = append(owners, cms.PageID{Kind: cms.ArticlePage, ID: id})
	}
	r.wanted = owners
	r.pages, err = r.db.Pages(owners)
	return err
}

// pageAt returns the page that readers find at a path, nil if there is none, and what could have
// come before it.
func (r *resolver) pageAt(path string) (*cms.Page, []candidate) {
	for i, c := range r.candidates[path] {
		page, ok := r.pages[c.owner]
		if at, _ := r.site.PathOf(page.URL); ok && page.URL != "" && at == path {
			return &page, r.candidates[path][:i]
		}
	}
	return nil, nil
}

// resolve returns where a path leads to.
func (r *resolver) resolve(path string) (*cms.Resolution, error) {
	if err := r.look(path); err != nil {
		return nil, err
	}
	if page, before := r.pageAt(path); page != nil {
		found := moved(cms.StatusThere, *page)
		found.Show(cms.SiteCacheTag, page.CacheTag())
		for _, c := range before {
			found.Show(c.owner.CacheTag())
		}
		return found, nil
	}
	chain, err := redirectChain(r.db, r.site, path, "")
	if err != nil {
		return nil, err
	}
	if err := r.lookBack(path, chain); err != nil {
		return nil, err
	}
	found, err := r.follow(path, chain)
	if err != nil {
		return nil, err
	}
	found.Show(cms.SiteCacheTag, cms.RedirectNoun.ListCacheTag(), cms.AllArticles)
	for _, page := range r.wanted {
		found.Show(page.CacheTag())
	}
	return found, nil
}

// lookBack reads what a path, and those that redirects lead on to from there, can be of and can
// have been of.
func (r *resolver) lookBack(path string, chain []cms.Redirect) error {
	former, err := r.db.FormerPatterns()
	if err != nil {
		return err
	}
	r.patterns = append(r.patterns, former...)
	paths := []string{path}
	for _, hop := range chain {
		if hop.ToPath != "" && !slices.Contains(paths, hop.ToPath) {
			paths = append(paths, hop.ToPath)
		}
	}
	aliases := slices.Clone(paths)
	for _, path := range paths {
		aliases = append(aliases, withoutIndex(path))
	}
	if r.aliases, err = r.db.ImportAliases(aliases); err != nil {
		return err
	}
	if err := r.look(paths...); err != nil {
		return err
	}
	r.killed, err = r.db.KilledPages(r.wanted)
	return err
}

// withoutIndex returns a path as imports keep it, without the name of a page that stands for its
// folder.
func withoutIndex(path string) string { return strings.TrimSuffix(path, "/index.html") }

// follow returns where a path leads to by a chain of redirects, which may be empty. A page that
// readers find at a path comes before a redirect from there.
func (r *resolver) follow(path string, chain []cms.Redirect) (*cms.Resolution, error) {
	if len(chain) == 0 {
		return r.end(path)
	}
	var last cms.Redirect
	passed := []string{path}
	for _, last = range chain {
		if last.Status == cms.StatusGone {
			return &cms.Resolution{Status: cms.StatusGone}, nil
		}
		if page, _ := r.pageAt(last.ToPath); page != nil {
			break
		}
		if slices.Contains(passed, last.ToPath) { // the site was elsewhere when this was refused
			return &cms.Resolution{Status: cms.StatusNowhere}, nil
		}
		passed = append(passed, last.ToPath)
	}
	found := &cms.Resolution{Status: cms.StatusNowhere}
	if last.ToPath != "" {
		var err error
		if found, err = r.end(last.ToPath); err != nil || found.Status == cms.StatusGone {
			return found, err
		}
	}
	switch {
	case found.Status != cms.StatusNowhere:
		found.Location += last.Suffix()
	case r.isHidden(last.ToPath):
		return found, nil
	default: // another page than those that are known here
		found.Location = r.site.LocationOf(&last)
	}
	found.Status = chain[0].Status
	return found, nil
}

// isHidden reports whether a path at which readers find nothing is one of pages that are known
// here: by a present pattern with words of its own, of what readers could find once, or of an
// import.
func (r *resolver) isHidden(path string) bool {
	own := slices.DeleteFunc(r.site.PagePatterns(), func(p cms.PagePattern) bool {
		return !p.HasWords()
	})
	return path != "" && (cmp.Or(r.aliases[path], r.aliases[withoutIndex(path)]) != "" ||
		len(r.site.Candidates(path, own)) > 0 ||
		slices.ContainsFunc(r.candidates[path], func(c candidate) bool {
			return c.owner.ID != ""
		}))
}

// end returns where a path leads to from which no redirect leads.
func (r *resolver) end(path string) (*cms.Resolution, error) {
	if page, _ := r.pageAt(path); page != nil {
		return moved(cms.StatusThere, *page), nil
	}
	alias := cmp.Or(r.aliases[path], r.aliases[withoutIndex(path)])
	if page := r.pages[cms.PageID{Kind: cms.ArticlePage, ID: alias}]; page.URL != "" {
		return moved(cms.StatusMoved, page), nil
	}
	page, err := r.formerPage(path)
	if err != nil {
		return nil, err
	}
	if page.URL != "" {
		return moved(cms.StatusMoved, page), nil
	}
	gone, err := r.isGone(path)
	found := &cms.Resolution{Status: cms.StatusNowhere}
	if gone {
		found.Status = cms.StatusGone
	}
	return found, err
}

// moved returns that an address leads to a page.
func moved(status int, page cms.Page) *cms.Resolution {
	return &cms.Resolution{Status: status, Page: page, Location: page.URL}
}

// formerPage returns the page that readers once found at a path, zero if they find it nowhere now.
// If several may have been there, it is one of which the path says nothing that never was so.
func (r *resolver) formerPage(path string) (cms.Page, error) {
	var live []candidate
	var lost []string // what may have been there and is gone
	several := false
	for _, c := range r.candidates[path] {
		switch {
		case r.pages[c.owner].URL != "":
			live = append(live, c)
			several = several || c.owner != live[0].owner
		case c.Claims() == 0 && (c.owner.ID == "" || c.IsID):
			lost = append(lost, cms.GoneName(c.Kind, c.Ref))
		}
	}
	if len(live) == 0 {
		return cms.Page{}, nil
	}
	if several || len(lost) > 0 && live[0].Claims() > 0 {
		past, err := r.readPast(live)
		if err != nil {
			return cms.Page{}, err
		}
		for _, c := range live {
			if past.was(c, r.pages[c.owner]) {
				return r.pages[c.owner], nil
			}
		}
		if gone, err := r.db.Gone(lost); err != nil || len(gone) > 0 {
			return cms.Page{}, err
		}
	}
	return r.pages[live[0].owner], nil
}

// isGone reports whether what was at a path, where readers find nothing now, was killed or deleted
// for good. A path of an import is not looked up if it is known.
func (r *resolver) isGone(path string) (bool, error) {
	alias := cmp.Or(r.aliases[path], r.aliases[withoutIndex(path)])
	if r.killed[cms.PageID{Kind: cms.ArticlePage, ID: alias}] {
		return true, nil
	}
	var names []string
	if alias == "" {
		names = append(names, path, withoutIndex(path))
	}
	candidates := slices.Clone(r.candidates[path])
	slices.SortStableFunc(candidates, func(a, b candidate) int { // the surest first
		return cmp.Compare(a.Claims(), b.Claims())
	})
	for _, c := range candidates {
		if r.killed[c.owner] {
			return true, nil
		}
		if c.owner.ID != "" && !c.IsID {
			break // it is there, and readers do not see it now
		}
		names = append(names, cms.GoneName(c.Kind, c.Ref))
	}
	gone, err := r.db.Gone(names)
	return len(gone) > 0, err
}

// past is what was once so of some candidates.
type past struct {
	editions map[cms.ID][]store.PastEdition // by article
	sections map[string]cms.Ref             // by slug
	once     map[string][]cms.ID            // the sections that had a path in the tree
}

// readPast reads what was once so of candidates, in at most four statements.
func (r *resolver) readPast(candidates []candidate) (*past, error) {
	var articles []cms.ID
	var slugs, paths []string
	for _, c := range candidates {
		switch c.Kind {
		case cms.ArticlePage:
			articles = append(articles, c.owner.ID)
			slug, _ := c.Section()
			slugs = append(slugs, slug)
		case cms.SectionPage:
			paths = append(paths, c.Values["section_path"])
		}
	}
	p := &past{editions: map[cms.ID][]store.PastEdition{}}
	var err error
	if p.sections, err = r.db.KnownNouns(cms.SectionNoun, slugs); err != nil {
		return nil, err
	}
	if p.once, err = r.db.SectionsOnceAt(paths); err != nil {
		return nil, err
	}
	editions, err := r.db.PastEditions(articles)
	for _, e := range editions {
		p.editions[e.ArticleID] = append(p.editions[e.ArticleID], e)
	}
	return p, err
}

// was reports whether a page was once as a candidate says.
func (p *past) was(c candidate, page cms.Page) bool {
	switch path := c.Values["section_path"]; {
	case c.Kind == cms.ArticlePage:
		return slices.ContainsFunc(p.editions[c.owner.ID], func(e store.PastEdition) bool {
			return p.wasEdition(c, e)
		})
	case c.Kind == cms.SectionPage && path != "" && path != page.TreePath:
		return slices.Contains(p.once[path], c.owner.ID)
	}
	return true
}

// wasEdition reports whether an edition of an article was as a candidate says.
func (p *past) wasEdition(c candidate, e store.PastEdition) bool {
	says := func(name, value string) bool {
		said, ok := c.Values[name]
		return !ok || said == value
	}
	section, placed := c.Section()
	named := p.sections[section].ID
	if placed && (named != e.Section || named == "" && section != "") {
		return false
	}
	if !says("type", string(e.Type)) || !says("locale", e.Locale) {
		return false
	}
	for _, shift := range []time.Duration{0, -24 * time.Hour, 24 * time.Hour} { // in any zone
		day := e.PublishedAt.Add(shift)
		if says("year", day.Format("2006")) && says("month", day.Format("01")) &&
			says("day", day.Format("02")) {
			return true
		}
	}
	return false
}
