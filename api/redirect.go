package api

import (
	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Redirect leads readers from a path of the site to another address.
type Redirect struct {
	// Identifier.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a41"`
	// The path of the site that it leads from: decoded, in NFC, without query and last slash.
	From string `json:"from" minLength:"1" maxLength:"2048" example:"/2019/05/rivers.html"`
	// The path of the site or the URL elsewhere that it leads to; null if what was there is gone.
	To *string `json:"to" minLength:"1" maxLength:"2048" example:"/articles/how-rivers-are-measured"`
	// How readers are led: 301 and 308 for good, 302 for a while, 410 nowhere.
	Status int `json:"status" enums:"301,302,308,410" example:"301"`
	// Draft view only: what editors should know.
	Note *optionalText `json:"note,omitempty" swaggertype:"string" extensions:"x-nullable" minLength:"1" maxLength:"500" example:"Printed on the poster of 2019."`
	NounTimes
} // @name Redirect

// RedirectInput is a redirect as it is written.
//
//openapi:example {"from": "/2019/05/rivers.html", "to": "/articles/how-rivers-are-measured"}
type RedirectInput struct {
	// The path of the site that it shall lead from. It is kept decoded, without query and last
	// slash.
	From string `json:"from" minLength:"1" maxLength:"2048" pattern:"^/([^/\\x00-\\x1f\\x7f\\x5c][^\\x00-\\x1f\\x7f\\x5c]*)?$" example:"/2019/05/rivers.html"`
	// The path of the site or the http or https URL that it shall lead to; null with status 410
	// only.
	To *string `json:"to,omitempty" maxLength:"2048" extensions:"x-nullable" example:"/articles/how-rivers-are-measured"`
	// How readers shall be led: 301 and 308 for good, 302 for a while, 410 nowhere. Default: 301.
	Status *int `json:"status,omitempty" minimum:"301" maximum:"410" extensions:"x-nullable" example:"301"`
	// What editors should know.
	Note *string `json:"note,omitempty" maxLength:"500" extensions:"x-nullable" example:"Printed on the poster of 2019."`
} // @name RedirectInput

// Resolution is where an address of the site leads to.
type Resolution struct {
	// How to answer who asks for it: 200 is a page that readers find there, 404 nothing, 410 what
	// was removed for good; with the others they are led to location.
	Status int `json:"status" enums:"200,301,302,308,404,410" example:"301"`
	// What the page is about; null if it is not of this server.
	Kind *cms.PageKind `json:"kind" example:"article"`
	// Identifier of what the page is about.
	ID *string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13"`
	// Slug of what the page is about.
	Slug *string `json:"slug" minLength:"1" maxLength:"240" example:"how-rivers-are-measured"`
	// Where readers find it now; percent-encoded. With 200 it is the page's own address, with 404
	// and 410 null.
	Location *string `json:"location" format:"uri-reference" minLength:"1" maxLength:"16384" example:"https://news.example.org/articles/how-rivers-are-measured"`
} // @name Resolution

// redirects is how redirects travel.
var redirects = func() *rest.Noun[cms.Redirect, cms.RedirectInput, RedirectInput] {
	n := rest.NewNoun(cms.RedirectNoun, newRedirect, (*RedirectInput).input, toRedirectInput)
	n.Draft = func(r *cms.Redirect) any { return newRedirectDraft(r) }
	return n
}()

// newRedirect returns a redirect as readers see it.
func newRedirect(r *cms.Redirect) Redirect {
	return Redirect{
		ID:        string(r.ID),
		From:      r.FromPath,
		To:        nilIfEmpty(r.ToURL),
		Status:    r.Status,
		NounTimes: nounTimes(&r.Record),
	}
}

// newRedirectDraft returns a redirect as editors see it.
func newRedirectDraft(r *cms.Redirect) Redirect {
	redirect := newRedirect(r)
	redirect.SetVersion(r.Version)
	redirect.Note = &optionalText{nilIfEmpty(r.Note)}
	return redirect
}

// input returns what the body of a redirect sets.
func (in *RedirectInput) input() cms.RedirectInput {
	out := cms.RedirectInput{
		From:   in.From,
		To:     deref(in.To),
		Status: cms.RedirectStatuses[0],
		Note:   deref(in.Note),
	}
	if in.Status != nil {
		out.Status = *in.Status
	}
	return out
}

// toRedirectInput returns the inverse of input.
func toRedirectInput(in cms.RedirectInput) RedirectInput {
	return RedirectInput{
		From:   in.From,
		To:     nilIfEmpty(in.To),
		Status: &in.Status,
		Note:   nilIfEmpty(in.Note),
	}
}

// listRedirects lists redirects.
//
// @Description Lists all redirects by the path that they lead from, or by when they last changed. With view=draft, which needs a credential, each has its note and version.
// @Kind listNouns redirect
// @Query redirectListParams
// @Router /v1/redirects [get]
func (s *Server) listRedirects(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readRedirectList.Read(q)
	asked := nounListParams{
		View:         params.View,
		NameContains: params.PathContains,
		IDs:          params.IDs,
		Fields:       params.Fields,
		PageParams:   params.PageParams,
	}
	return listNouns(s, c, q, redirects, asked, rest.ParseSort(params.Sort),
		s.newsroom.Redirects.List)
}

// getRedirect shows one redirect.
//
// @Description Answers a redirect by its id. With view=draft, which needs a credential, it has its note, and the ETag is its version, for If-Match.
// @Kind readNoun redirect
// @Router /v1/redirects/{id} [get]
func (s *Server) getRedirect(c echo.Context) error {
	q := rest.NewQuery(c)
	return rest.GetByID(s.Server, c, q, readView.Read(q).View, redirects, s.newsroom.Redirects.Get)
}

// createRedirect makes a redirect.
//
// @Description Makes a redirect. Where readers find a page, a redirect is not needed, and refused; one that was made before is not heeded.
// @Kind makeNoun redirect
// @Failure 409 {object} rest.Problem "Another redirect leads from this path, or readers find a page there."
// @Router /v1/redirects [post]
func (s *Server) createRedirect(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Create(s.Server, c, repeatable, redirects, s.newsroom.Redirects.Create)
}

// updateRedirect changes a redirect.
//
// @Description Changes the named fields of a redirect (JSON Merge Patch, RFC 7396): null brings a field back to its default.
// @Kind changeNoun redirect
// @Failure 409 {object} rest.Problem "Another redirect leads from this path, or readers find a page there."
// @Router /v1/redirects/{id} [patch]
func (s *Server) updateRedirect(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, redirects, s.newsroom.Redirects.Revise)
}

// deleteRedirect removes a redirect.
//
// @Kind deleteNoun redirect
// @Router /v1/redirects/{id} [delete]
func (s *Server) deleteRedirect(c echo.Context) error {
	return rest.Delete(s.Server, c, s.newsroom.Redirects.Delete)
}

// resolvePath tells where an address of the site leads to.
//
// @ID resolvePath
// @Summary Tell where an address leads to
// @Description Reads a path or URL of the site, however old, and answers which page is there, where it is now, or that it is gone; always with 200, and status says what to answer. Every address that readers ever found a page at leads to where it is now, whatever moved it: another slug, section or place, a merge, another pattern of paths or time zone. A page that readers find comes before a redirect, and a redirect before what was once there; redirects are followed to the end.
// @Tags redirects
// @Kind cached redirect
// @Query resolveParams
// @Success 200 {object} Resolution "Where it leads to."
// @Failure 400 {object} rest.Problem "path is missing, or neither a path nor a URL of the site, or a parameter is not known here."
// @Router /v1/resolve [get]
func (s *Server) resolvePath(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readResolve.Read(q)
	if err := q.Done(); err != nil {
		return err
	}
	actor, err := s.Reader(c, cms.LiveView)
	if err != nil {
		return err
	}
	found, err := s.newsroom.Resolve(c.Request().Context(), actor, params.Path)
	if err != nil {
		return err
	}
	return s.SendView(
		c, cms.LiveView, 0, nil, newResolution(found), found.Until, found.Tags...,
	)
}

// newResolution returns where an address leads to, as callers see it.
func newResolution(r *cms.Resolution) Resolution {
	out := Resolution{Status: r.Status, Location: nilIfEmpty(r.Location)}
	if page := r.Page; page.ID != "" {
		out.Kind = &page.Kind
		out.ID = nilIfEmpty(string(page.ID))
		out.Slug = &page.Slug
	}
	return out
}
