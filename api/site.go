package api

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// getSite shows the site.
//
// @ID getSite
// @Summary Get the site
// @Description Answers what the site is called, where its pages are, its menus and who is behind it. include brings what every page shows: then one call paints all that is around an article. With view=draft, which needs a credential, the ETag is its version, for If-Match, fixed names what cannot be changed, and menus have the entries that readers do not see, which are dead.
// @Tags site
// @Kind cached site
// @Query siteParams
// @x-acts ["view=draft articles:read_drafts"]
// @Success 200 {object} Site "The site."
// @Router /v1/site [get]
func (s *Server) getSite(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readSite.Read(q)
	if err := q.Done(); err != nil {
		return err
	}
	actor, err := s.Reader(c, params.View)
	if err != nil {
		return err
	}
	site, err := s.newsroom.Site(c.Request().Context(), actor, cms.SiteQuery{
		View:         params.View,
		WithAlerts:   slices.Contains(params.Include, "alerts"),
		WithTicker:   slices.Contains(params.Include, "ticker"),
		WithSections: slices.Contains(params.Include, "sections"),
	})
	if err != nil {
		return err
	}
	return s.SendView(c, params.View, site.Version, nil, s.newSite(site), site.Until, site.Tags...)
}

// updateSite changes the site.
//
// @ID updateSite
// @Summary Change the site
// @Description Changes the named fields of the site (JSON Merge Patch, RFC 7396): null brings a field back to its default. Every page shows the change at once; with another path or address, everything is found there.
// @Tags site
// @Kind single site
// @x-acts ["site:write"]
// @Param body body SiteInput true "What to change."
// @Success 200 {object} Site "The site as it is now."
// @Failure 409 {object} rest.Problem "A field is set where the server is started."
// @Router /v1/site [patch]
func (s *Server) updateSite(c echo.Context, repeatable *newsroom.Idempotency) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	call, err := s.Call(c, repeatable)
	if err != nil {
		return err
	}
	match, err := rest.IfMatch(c)
	if err != nil {
		return err
	}
	edit, err := rest.ReadPatch(c, toSiteInput, (*SiteInput).input)
	if err != nil {
		return err
	}
	changed := func(site *cms.SiteView) rest.Response {
		return rest.DraftResponse(http.StatusOK, site.Version, s.newSite(site))
	}
	return rest.Change(c, call, changed, func(call newsroom.Call) (*cms.SiteView, error) {
		return s.newsroom.ReviseSite(c.Request().Context(), call, match, edit)
	})
}
