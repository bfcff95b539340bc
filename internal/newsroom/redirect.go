package newsroom

import (
	"context"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// Redirects are the verbs of redirects.
type Redirects struct {
	Noun[cms.Redirect, *cms.Redirect, cms.RedirectInput]
}

func newRedirects(n *Newsroom) *Redirects {
	r := &Redirects{Noun[cms.Redirect, *cms.Redirect, cms.RedirectInput]{
		kind:     cms.RedirectNoun,
		create:   cms.WriteRedirect,
		revise:   cms.WriteRedirect,
		rows:     store.NewRedirects(),
		input:    (*cms.Redirect).Input,
		newsroom: n,
	}}
	r.apply = r.applyInput
	return r
}

// List returns a page of redirects. q.NameContains is a part of the path that they lead from.
func (r *Redirects) List(ctx context.Context, actor cms.Actor,
	q cms.NounQuery) (cms.List[cms.Redirect], error) {
	if err := r.newsroom.checkRead(actor, q.View); err != nil {
		return cms.List[cms.Redirect]{}, err
	}
	q.NameContains = text.NFC(q.NameContains)
	return read(ctx, r.newsroom, questionClass(actor, q.NameContains != ""),
		func(db *store.DB) (cms.List[cms.Redirect], error) { return r.rows.List(db, q) })
}

// Get returns a redirect.
func (r *Redirects) Get(ctx context.Context, actor cms.Actor, view cms.View,
	id cms.ID) (*cms.Redirect, error) {
	found, _, err := r.Noun.Get(ctx, actor, view, string(id))
	return found, err
}

func (r *Redirects) applyInput(db *store.DB, n *cms.Redirect, in cms.RedirectInput) error {
	site, err := db.Site()
	if err != nil {
		return err
	}
	from := n.FromPath
	if in.From != from {
		from, _ = site.PathOf(in.From)
	}
	if len(from) > cms.MaxRedirectPath {
		return cms.FieldErrorf(cms.Invalid, "from", "too_long",
			"Decoded, from has %d bytes; %d are allowed.", len(from), cms.MaxRedirectPath)
	}
	to, toPath := site.TargetOf(in.To)
	if from != n.FromPath {
		if err := checkFree(db, n.ID, from); err != nil {
			return err
		}
	}
	if from != n.FromPath || toPath != n.ToPath {
		if err := checkChain(db, site, n.ID, from, toPath); err != nil {
			return err
		}
	}
	n.FromPath = from
	n.ToURL = to
	n.ToPath = toPath
	n.Status = in.Status
	n.Note = cms.TrimLine(in.Note)
	return nil
}

// checkFree returns an error if another redirect leads from a path, or readers find a page there.
func checkFree(db *store.DB, id cms.ID, path string) error {
	other, err := db.RedirectFrom(path)
	if err == nil && other != id {
		return cms.FieldErrorf(cms.Duplicate, "from", "taken",
			"A redirect leads from %s already: %s.", path, other)
	}
	if err := ignoreNotFound(err); err != nil {
		return err
	}
	resolver, err := newResolver(db)
	if err == nil {
		err = resolver.look(path)
	}
	if err != nil {
		return err
	}
	if page, _ := resolver.pageAt(path); page != nil {
		return cms.FieldErrorf(cms.Duplicate, "from", "taken",
			"Readers find a page at %s, which comes before any redirect: the %s %s.", path, page.Kind,
			page.ID)
	}
	return nil
}

// checkChain returns an error if a redirect from a path to another would lead back to where it
// began, or over too many others.
func checkChain(db *store.DB, site *cms.Site, id cms.ID, from, to string) error {
	if to == "" {
		return nil
	}
	loops := to == from
	chain, err := redirectChain(db, site, to, id)
	for _, hop := range chain {
		loops = loops || hop.ToPath == from
	}
	switch {
	case err != nil:
		return err
	case loops:
		return cms.FieldErrorf(cms.Invalid, "to", "loop",
			"From there redirects lead back to %s; readers would go round in a circle.", from)
	case len(chain) == cms.MaxRedirectHops:
		return cms.FieldErrorf(cms.Invalid, "to", "too_deep",
			"From there readers are led on %d times or more; lead them to the end at once.",
			cms.MaxRedirectHops)
	}
	return nil
}

// redirectChain returns the redirect from a path and those that follow, but none with the id
// except. A redirect to a URL leads on, too, if that is of the site now.
func redirectChain(db *store.DB, site *cms.Site, path string,
	except cms.ID) (chain []cms.Redirect, err error) {
	for path != "" && len(chain) < cms.MaxRedirectHops {
		some, err := db.RedirectChain(path, cms.MaxRedirectHops-len(chain), except)
		if err != nil || len(some) == 0 {
			return chain, err
		}
		last := &some[len(some)-1]
		path = ""
		if last.ToPath == "" {
			_, path = site.TargetOf(last.ToURL)
			last.ToPath = path
		}
		chain = append(chain, some...)
	}
	return chain, nil
}
