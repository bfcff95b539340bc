package api

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Alert is a line that readers are shown for a time, such as breaking news.
type Alert struct {
	// Identifier.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a31"`
	// What readers are told.
	Text string `json:"text" minLength:"1" maxLength:"280" example:"The high pass is open again."`
	// How urgent it is.
	Level cms.AlertLevel `json:"level" example:"breaking"`
	// The article here that it leads to; null if there is none, or readers cannot see it.
	Article *ArticleLink `json:"article"`
	// The page elsewhere that it leads to.
	URL *string `json:"url" format:"iri" minLength:"1" maxLength:"2048" example:"https://example.org/pass"`
	// The language of the text, BCP 47.
	Locale string `json:"locale" minLength:"1" maxLength:"35" form:"locale" example:"en"`
	// From when readers see it.
	StartsAt time.Time `json:"starts_at" format:"date-time" example:"2026-03-12T08:00:00Z"`
	// From when they no longer do.
	EndsAt time.Time `json:"ends_at" format:"date-time" example:"2026-03-12T14:00:00Z"`
	NounTimes
} // @name Alert

// ArticleLink is an article here that something leads to.
type ArticleLink struct {
	// Identifier of the article.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13"`
	// Slug of the article.
	Slug string `json:"slug" minLength:"1" maxLength:"240" example:"how-rivers-are-measured"`
	// Title of the article.
	Title string `json:"title" minLength:"1" maxLength:"300" example:"How rivers are measured"`
	// Where readers find the article; percent-encoded.
	URL string `json:"url" format:"uri-reference" minLength:"1" maxLength:"8192" example:"https://news.example.org/articles/how-rivers-are-measured"`
} // @name ArticleLink

// AlertInput is an alert as it is written.
//
//openapi:example {"text": "The high pass is open again.", "level": "breaking", "article": "how-rivers-are-measured", "locale": "en"}
type AlertInput struct {
	// What readers shall be told.
	Text string `json:"text" minLength:"1" maxLength:"280" form:"name" example:"The high pass is open again."`
	// How urgent it is. Default: info.
	Level *cms.AlertLevel `json:"level,omitempty" extensions:"x-nullable" example:"breaking"`
	// The article here that it leads to, by id or slug; then leave url out. Readers get it only
	// while it is live.
	Article *string `json:"article,omitempty" maxLength:"240" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13"`
	// The page elsewhere that it leads to, http or https; then leave article out.
	URL *string `json:"url,omitempty" format:"iri" maxLength:"2048" form:"url" extensions:"x-nullable" example:"https://example.org/pass"`
	// The language of the text, BCP 47. Default: the site's.
	Locale *string `json:"locale,omitempty" maxLength:"35" form:"locale" extensions:"x-nullable" example:"en"`
	// From when readers shall see it. Default: now.
	StartsAt *time.Time `json:"starts_at,omitempty" format:"date-time" extensions:"x-nullable" example:"2026-03-12T08:00:00Z"`
	// From when they no longer shall. Default: six hours after it starts.
	EndsAt *time.Time `json:"ends_at,omitempty" format:"date-time" extensions:"x-nullable" example:"2026-03-12T14:00:00Z"`
} // @name AlertInput

// alerts is how alerts travel.
func (s *Server) alerts() *rest.Noun[cms.Alert, cms.AlertInput, AlertInput] {
	n := rest.NewNoun(cms.AlertNoun, s.newAlert, (*AlertInput).input, toAlertInput)
	n.OneTags = (*cms.Alert).CacheTags
	n.Until = func(a *cms.Alert) time.Time { return a.EndsAt }
	return n
}

// newAlert returns an alert as callers see it.
func (s *Server) newAlert(a *cms.Alert) Alert {
	return Alert{
		ID:        string(a.ID),
		Text:      a.Text,
		Level:     a.Level,
		Article:   s.articleLink(a.Target),
		URL:       nilIfEmpty(a.URL),
		Locale:    a.Locale,
		StartsAt:  a.StartsAt,
		EndsAt:    a.EndsAt,
		NounTimes: nounTimes(&a.Record),
	}
}

// articleLink returns an article that something leads to, nil if it leads to none.
func (s *Server) articleLink(a *cms.ArticleRef) *ArticleLink {
	if a == nil {
		return nil
	}
	return &ArticleLink{string(a.ID), a.Slug, a.Title, a.URL}
}

// input returns what the body of an alert sets.
func (in *AlertInput) input() cms.AlertInput {
	out := cms.AlertInput{
		Text:     in.Text,
		Level:    cms.Info,
		Article:  deref(in.Article),
		URL:      deref(in.URL),
		Locale:   deref(in.Locale),
		StartsAt: in.StartsAt,
		EndsAt:   in.EndsAt,
	}
	if in.Level != nil {
		out.Level = *in.Level
	}
	return out
}

// toAlertInput returns the inverse of input.
func toAlertInput(in cms.AlertInput) AlertInput {
	return AlertInput{
		Text:     in.Text,
		Level:    &in.Level,
		Article:  nilIfEmpty(in.Article),
		URL:      nilIfEmpty(in.URL),
		Locale:   nilIfEmpty(in.Locale),
		StartsAt: in.StartsAt,
		EndsAt:   in.EndsAt,
	}
}

// listAlerts lists alerts.
//
// @Description Lists what readers see now: the most urgent first, then the newest. With view=draft, which needs a credential, it lists all, the newest first.
// @Kind listNouns alert
// @Query alertListParams
// @Router /v1/alerts [get]
func (s *Server) listAlerts(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readAlertList.Read(q)
	asked := cms.AlertQuery{
		View:   params.View,
		Active: params.Active,
		IDs:    params.IDs,
		Sort:   cms.AlertsByLevel,
	}
	if params.View == cms.DraftView {
		asked.Sort = cms.AlertsByStart
	}
	if params.Active != nil && params.View != cms.DraftView {
		q.Errorf("view", "required",
			"active is asked of the draft view only: add view=draft. Readers get active ones.")
	}
	alerts := s.alerts()
	return rest.List(s.Server, c, q, alerts, rest.Listing[cms.Alert]{
		View:   params.View,
		Fields: params.Fields,
		Page:   params.PageParams,
		Tags:   cms.AlertCacheTags,
		Cursor: func(a *cms.Alert) cms.Cursor { return a.Cursor(asked.Sort) },
		Do: func(
			ctx context.Context, actor cms.Actor, page cms.PageRequest,
		) (cms.List[cms.Alert], error) {
			asked.Page = page
			return s.newsroom.Alerts.List(ctx, actor, asked)
		},
	})
}

// getAlert shows one alert.
//
// @Description Answers an alert by its id. Readers see it between starts_at and ends_at only. With view=draft, which needs a credential, it is there at any time, and the ETag is its version, for If-Match.
// @Kind readNoun alert
// @Router /v1/alerts/{id} [get]
func (s *Server) getAlert(c echo.Context) error {
	q := rest.NewQuery(c)
	return rest.GetByID(s.Server, c, q, readView.Read(q).View, s.alerts(), s.newsroom.Alerts.Get)
}

// createAlert makes an alert.
//
// @Description Makes an alert. Readers see it from starts_at to ends_at.
// @Kind makeNoun alert
// @Router /v1/alerts [post]
func (s *Server) createAlert(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Create(s.Server, c, repeatable, s.alerts(), s.newsroom.Alerts.Create)
}

// updateAlert changes an alert.
//
// @Description Changes the named fields of an alert (JSON Merge Patch, RFC 7396): null brings a field back to its default. With ends_at it can be ended at any time.
// @Kind changeNoun alert
// @Router /v1/alerts/{id} [patch]
func (s *Server) updateAlert(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, s.alerts(), s.newsroom.Alerts.Revise)
}

// deleteAlert removes an alert.
//
// @Kind deleteNoun alert
// @Router /v1/alerts/{id} [delete]
func (s *Server) deleteAlert(c echo.Context) error {
	return rest.Delete(s.Server, c, s.newsroom.Alerts.Delete)
}
