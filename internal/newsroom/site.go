package newsroom

import (
	"context"
	"errors"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// CurrentSite returns the site for the program's own use.
func (n *Newsroom) CurrentSite(ctx context.Context) (*cms.Site, error) {
	return read(ctx, n, store.Internal, (*store.DB).Site)
}

// Site returns the site in a view, with what is asked for.
func (n *Newsroom) Site(
	ctx context.Context, actor cms.Actor, q cms.SiteQuery,
) (*cms.SiteView, error) {
	if err := n.checkRead(actor, q.View); err != nil {
		return nil, err
	}
	v, err := read(ctx, n, classOf(actor), func(db *store.DB) (*cms.SiteView, error) {
		v, err := n.siteView(db, q.View)
		if err == nil && q.WithAlerts {
			err = n.addAlerts(db, v)
		}
		if err == nil && q.WithSections {
			err = addSections(db, v)
		}
		return v, err
	})
	if err != nil || !q.WithTicker || v.TickerSource == nil {
		return v, err
	}
	places := []place{{collection: v.TickerSource, limit: int(v.TickerSource.Size)}}
	rows, shown, err := n.rowsOf(ctx, actor, places, cms.Parts{})
	if err != nil {
		return nil, err
	}
	v.TickerRows = rows[0]
	v.Show(shown.Tags...)
	v.Until = cms.Earlier(v.Until, shown.Until)
	return v, nil
}

// siteView returns the site with what it leads to.
func (n *Newsroom) siteView(db *store.DB, view cms.View) (*cms.SiteView, error) {
	site, err := db.Site()
	if err != nil {
		return nil, err
	}
	v := &cms.SiteView{Site: site, View: view, Fixed: n.fixed.Names()}
	v.Show(cms.SiteCacheTag)
	if site.Home != "" {
		id := cms.ID(site.Home)
		if v.HomeFront, err = n.Fronts.rows.ByID(db, id); ignoreNotFound(err) != nil {
			return nil, err
		}
		v.Show(cms.FrontNoun.CacheTag(id))
	}
	if site.Ticker != "" {
		id := cms.ID(site.Ticker)
		found, err := n.Collections.rows.ByIDs(db, []cms.ID{id})
		if err != nil {
			return nil, err
		}
		v.TickerSource = found[id]
		v.Show(cms.CollectionNoun.CacheTag(id))
	}
	var ids []cms.ID
	for _, ref := range site.MediaRefs() {
		ids = append(ids, ref.ID)
	}
	if v.Media, err = db.MediaByID(view, ids); err != nil {
		return nil, err
	}
	for _, id := range ids {
		v.ShowMedium(id, v.Media[id])
	}
	targets, err := db.MenuTargets(view, site.Menus)
	if err != nil {
		return nil, err
	}
	v.Links = site.Menus.Links(view, targets)
	v.Show(site.Menus.CacheTags(targets)...)
	return v, nil
}

// addAlerts adds the alerts that readers see now.
func (n *Newsroom) addAlerts(db *store.DB, v *cms.SiteView) error {
	list, err := n.Alerts.rows.Ask(db, cms.AlertQuery{
		View: cms.LiveView,
		Sort: cms.AlertsByLevel,
		Page: cms.PageRequest{Limit: cms.MaxSiteAlerts},
	})
	v.Alerts = list.Rows
	v.Show(cms.AlertCacheTags(list.Rows)...)
	v.Until = cms.Earlier(v.Until, list.Until)
	return err
}

// addSections adds the tree of sections.
func addSections(db *store.DB, v *cms.SiteView) error {
	list, err := store.Sections{}.List(db, cms.NounQuery{
		Sort: cms.Sort{By: "tree"},
		Page: cms.PageRequest{Limit: cms.MaxSiteSections},
	})
	v.Sections = list.Rows
	v.Show(append(cms.SectionNoun.CountedLists(), cms.ShownMedia)...)
	for i := range list.Rows {
		if m := list.Rows[i].Image; m != nil {
			v.ShowMedium(m.ID, m)
		}
	}
	return err
}

// NotePaths records by which patterns the paths of pages are made, which those who start the server
// may have changed since it last ran: pages are found by the former ones, too.
func (n *Newsroom) NotePaths(ctx context.Context) error {
	site, err := n.CurrentSite(ctx)
	if err != nil {
		return err
	}
	return n.store.Write(ctx, func(db *store.DB) error { return db.NotePaths(site.Paths) })
}

// notePaths records that the paths of pages are made by other patterns than they were, if they are.
func notePaths(db *store.DB, were, are cms.Paths) error {
	if were == are {
		return nil
	}
	return errors.Join(db.NotePaths(were), db.NotePaths(are))
}

// ReviseSite changes the site. Edit is called with what an administrator may set, as it is, and
// returns what it is to be. It is a Fixed error if that is not what the operator has set.
func (n *Newsroom) ReviseSite(ctx context.Context, call Call, match cms.Precondition,
	edit func(cms.SiteInput) (cms.SiteInput, error)) (*cms.SiteView, error) {
	if err := call.Actor.Check(cms.WriteSite); err != nil {
		return nil, err
	}
	return write(ctx, n, call, func(db *store.DB) (*cms.SiteView, error) {
		stored, version, err := db.StoredSite()
		if err != nil {
			return nil, err
		}
		is := cms.NewSite(stored, version, n.fixed)
		in, err := edit(is.SiteInput)
		if err != nil {
			return nil, err
		}
		if err := in.Check(); err != nil {
			return nil, err
		}
		err = withChangedFields(db, match.Check(version), cms.SiteID, match)
		if err != nil {
			return nil, err
		}
		if err := n.fixed.Keep(&in, stored); err != nil {
			return nil, err
		}
		if err := n.resolveTargets(db, &in, stored); err != nil {
			return nil, err
		}
		for field, id := range map[string]string{"logo": in.Logo, "icon": in.Icon} {
			if err := checkMedium(db, cms.ID(id), cms.ImageMedium, field); err != nil {
				return nil, err
			}
		}
		if err := saveSite(db, call.Actor, stored, in, version); err != nil {
			return nil, err
		}
		if err := notePaths(db, is.Paths, cms.NewSite(in, version, n.fixed).Paths); err != nil {
			return nil, err
		}
		return n.siteView(db, cms.DraftView)
	})
}

// saveSite saves a site that was changed with its next version, and appends the event.
func saveSite(db *store.DB, actor cms.Actor, stored, in cms.SiteInput, version int64) error {
	fields := cms.ChangedFields(stored, in)
	if len(fields) == 0 {
		return nil
	}
	version++
	if err := db.SaveSite(in, version); err != nil {
		return err
	}
	e, err := withValues(newEvent(actor, cms.SiteRevised, cms.SiteID, version, fields...),
		cms.FieldValues(stored, fields), cms.FieldValues(in, fields))
	if err != nil {
		return err
	}
	return db.Append(e)
}

// resolveTargets puts ids in place of what a site was written to lead to. What it led to before
// stays, though it may have been deleted since.
func (n *Newsroom) resolveTargets(db *store.DB, in *cms.SiteInput, stored cms.SiteInput) error {
	known := map[string]cms.ID{}
	for kind, ids := range stored.Menus.Targets() {
		for _, id := range ids {
			known[kind+" "+string(id)] = id
		}
	}
	err := in.Menus.Entries(func(field string, e *cms.MenuEntry) error {
		t := e.Target()
		if t.Ref == nil {
			return nil
		}
		key := t.Kind + " " + *t.Ref
		id, ok := known[key]
		if !ok {
			var err error
			if id, err = n.targetID(db, field+"/"+t.Kind, t); err != nil {
				return err
			}
			known[key] = id
		}
		*t.Ref = string(id)
		return nil
	})
	for field, place := range map[string]struct {
		noun cms.Noun
		was  string
		ref  *string
	}{
		"home":   {cms.FrontNoun, stored.Home, &in.Home},
		"ticker": {cms.CollectionNoun, stored.Ticker, &in.Ticker},
	} {
		if err != nil || *place.ref == "" || *place.ref == place.was {
			continue
		}
		var id cms.ID
		id, err = n.targetID(db, field, cms.MenuTarget{Kind: place.noun.Singular, Ref: place.ref})
		*place.ref = string(id)
	}
	return err
}

// targetID returns the id of what a target means, by id or slug.
func (n *Newsroom) targetID(db *store.DB, field string, t cms.MenuTarget) (id cms.ID, err error) {
	ref := *t.Ref
	switch t.Kind {
	case cms.ArticleKind:
		found, err := linkedArticle(db, ref, field)
		if err != nil {
			return "", err
		}
		return *found, nil
	case cms.CollectionNoun.Singular:
		id, err = n.Collections.resolve(db, ref)
	case cms.FrontNoun.Singular:
		id, err = n.Fronts.resolve(db, ref)
	default:
		noun, _ := cms.ReferenceTo(t.Kind)
		return knownNoun(db, noun.Noun, ref, field)
	}
	if errors.Is(err, store.ErrNotFound) {
		err = cms.FieldErrorf(cms.Invalid, field, "unknown", "There is no %s %q.", t.Kind, ref)
	}
	return id, err
}
