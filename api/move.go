package api

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// MoveNote is what is said to colleagues with a move.
type MoveNote struct {
	// What colleagues should know.
	Note *string `json:"note,omitempty" maxLength:"1000" extensions:"x-nullable" example:"The figures of the ministry are in."`
} // @name MoveNote

// WithdrawInput is what is said when an article is withdrawn.
type WithdrawInput struct {
	// Why it is withdrawn; only editors see it.
	Reason *string `json:"reason,omitempty" maxLength:"1000" extensions:"x-nullable" example:"A source took back what it said."`
} // @name WithdrawInput

// KillInput is what is said when an article is killed.
type KillInput struct {
	// Why it is killed; only editors see it.
	Reason string `json:"reason" minLength:"1" maxLength:"1000" example:"The court has forbidden it."`
	// What readers are told at its addresses. Default: nothing but that it is gone.
	Notice *string `json:"notice,omitempty" maxLength:"1000" extensions:"x-nullable" example:"This article was removed for legal reasons."`
} // @name KillInput

// submitArticle hands a draft to the editors.
//
// @ID submitArticle
// @Summary Submit an article
// @Description Hands a draft to the editors, with a note if there is something to say. It can still be changed.
// @Tags articles
// @Kind saidMove article
// @x-acts ["articles:submit"]
// @Param body body MoveNote false "What to say."
// @Success 200 {object} Draft "The article as it is now."
// @Failure 409 {object} rest.Problem "It is no draft; allowed_moves names what can be done."
// @Router /v1/articles/{id}/submit [post]
func (s *Server) submitArticle(c echo.Context, repeatable *newsroom.Idempotency) error {
	var said MoveNote
	return s.move(c, repeatable, cms.MoveSubmit, func() (cms.MoveWords, error) {
		err := rest.DecodeOptionalBody(c, &said)
		return cms.MoveWords{Note: deref(said.Note)}, err
	})
}

// returnArticle gives an article back to who writes it.
//
// @ID returnArticle
// @Summary Return an article
// @Description Gives an article that was submitted back to who writes it, as a draft, with a note on what it needs. Its owner can take it back so.
// @Tags articles
// @Kind saidMove article
// @x-acts ["articles:return"]
// @Param body body MoveNote false "What to say."
// @Success 200 {object} Draft "The article as it is now."
// @Failure 409 {object} rest.Problem "It is not in review; allowed_moves names what can be done."
// @Router /v1/articles/{id}/return [post]
func (s *Server) returnArticle(c echo.Context, repeatable *newsroom.Idempotency) error {
	var said MoveNote
	return s.move(c, repeatable, cms.MoveReturn, func() (cms.MoveWords, error) {
		err := rest.DecodeOptionalBody(c, &said)
		return cms.MoveWords{Note: deref(said.Note)}, err
	})
}

// publishArticle makes the working copy the live edition.
//
// @ID publishArticle
// @Summary Publish an article
// @Description Makes the working copy what readers see, as a new edition. The first publishing sets published_at, unless an editor did; later ones do not move it. If readers see the working copy already, nothing changes.
// @Tags articles
// @Kind move article
// @x-acts ["articles:publish"]
// @Success 200 {object} Draft "The article as it is now."
// @Failure 409 {object} rest.Problem "It cannot be published from where it stands, or readers see a translation in its language."
// @Router /v1/articles/{id}/publish [post]
func (s *Server) publishArticle(c echo.Context, repeatable *newsroom.Idempotency) error {
	return s.verb(c, repeatable, s.newsroom.Publish)
}

// withdrawArticle takes an article from the readers.
//
// @ID withdrawArticle
// @Summary Withdraw an article
// @Description Readers no longer see it. It can be revised and published again.
// @Tags articles
// @Kind saidMove article
// @x-acts ["articles:withdraw"]
// @Param body body WithdrawInput false "What to say."
// @Success 200 {object} Draft "The article as it is now."
// @Failure 409 {object} rest.Problem "It is not published; allowed_moves names what can be done."
// @Router /v1/articles/{id}/withdraw [post]
func (s *Server) withdrawArticle(c echo.Context, repeatable *newsroom.Idempotency) error {
	var said WithdrawInput
	return s.move(c, repeatable, cms.MoveWithdraw, func() (cms.MoveWords, error) {
		err := rest.DecodeOptionalBody(c, &said)
		return cms.MoveWords{Reason: deref(said.Reason)}, err
	})
}

// killArticle takes an article from the readers for good.
//
// @ID killArticle
// @Summary Kill an article
// @Description Takes an article out of everything that readers see, at once. If they have seen it, its addresses answer 410 from now on, with the notice; else they stay 404. A killed article cannot be changed; an editor can restore it as a draft. GET /v1/articles/{id}/uses tells before where it stands. What was said can be changed by killing it again.
// @Tags articles
// @Kind saidMove article
// @x-acts ["articles:kill"]
// @Param body body KillInput true "What to say."
// @Success 200 {object} Draft "The article as it is now."
// @Failure 409 {object} rest.Problem "It is in the trash."
// @Router /v1/articles/{id}/kill [post]
func (s *Server) killArticle(c echo.Context, repeatable *newsroom.Idempotency) error {
	var said KillInput
	return s.move(c, repeatable, cms.MoveKill, func() (cms.MoveWords, error) {
		err := rest.DecodeBody(c, &said)
		return cms.MoveWords{Reason: said.Reason, Notice: deref(said.Notice)}, err
	})
}

// restoreArticle takes an article out of the trash, or brings back a killed one.
//
// @ID restoreArticle
// @Summary Restore an article
// @Description Takes an article out of the trash, or brings back a killed one (for which it takes articles:kill too), as a draft.
// @Tags articles
// @Kind move article
// @x-acts ["articles:restore"]
// @Success 200 {object} Draft "The article as it is now."
// @Failure 409 {object} rest.Problem "It is neither in the trash nor killed; allowed_moves names what can be done."
// @Router /v1/articles/{id}/restore [post]
func (s *Server) restoreArticle(c echo.Context, repeatable *newsroom.Idempotency) error {
	restore := cms.MoveInput{Move: cms.MoveRestore}
	return s.verb(c, repeatable, func(ctx context.Context, call newsroom.Call, id cms.ID,
		match cms.Precondition) (*cms.ArticleView, error) {
		return s.newsroom.Move(ctx, call, id, match, restore)
	})
}

// move makes a move of an article, with what is said of it, which read reads from the body.
func (s *Server) move(c echo.Context, repeatable *newsroom.Idempotency, move cms.Move,
	read func() (cms.MoveWords, error)) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	call, err := s.Call(c, repeatable)
	if err != nil {
		return err
	}
	id, match, err := rest.Target(c)
	if err != nil {
		return err
	}
	said, err := read()
	if err != nil {
		return err
	}
	input := cms.MoveInput{Move: move, MoveWords: said}
	return s.changeArticle(c, call, func(call newsroom.Call) (*cms.ArticleView, error) {
		return s.newsroom.Move(c.Request().Context(), call, id, match, input)
	})
}

// verb makes a move of an article, for which a call needs no body.
func (s *Server) verb(c echo.Context, repeatable *newsroom.Idempotency,
	do func(context.Context, newsroom.Call, cms.ID, cms.Precondition) (*cms.ArticleView, error),
) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	call, err := s.Call(c, repeatable)
	if err != nil {
		return err
	}
	id, match, err := rest.Target(c)
	if err != nil {
		return err
	}
	if err := rest.NoBody(c); err != nil {
		return err
	}
	return s.changeArticle(c, call, func(call newsroom.Call) (*cms.ArticleView, error) {
		return do(c.Request().Context(), call, id, match)
	})
}

// ArticleUse is a thing that shows an article, or leads to it.
type ArticleUse struct {
	// What it is: article is one with a related link to it, front one that has the collection.
	Kind string `json:"kind" enums:"collection,front,alert,article,site" example:"collection"`
	// Its identifier; null: the site, by its menus.
	ID *string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a41"`
	// Its slug; null: it has none.
	Slug *string `json:"slug" minLength:"1" maxLength:"240" example:"lead-stories"`
	// Its name or title, or the text of an alert.
	Name string `json:"name" minLength:"1" maxLength:"300" example:"Lead stories"`
	// Its page; null: it has none.
	URL *string `json:"url" format:"uri-reference" minLength:"1" maxLength:"8192" example:"https://news.example.org/lead-stories"`
} // @name ArticleUse

// listArticleUses lists what shows an article.
//
// @ID listArticleUses
// @Summary List what shows an article
// @Description Lists where the article stands, for whoever is signed in: the collections that have it among their items, the fronts with these, alerts, the articles with a related link to it, and the site if a menu leads to it. What the rule of a collection finds is not among them. Worth a look before it is killed.
// @Tags articles
// @Kind page about article
// @Query useParams
// @x-acts ["articles:read_drafts"]
// @Success 200 {object} rest.Page[ArticleUse] "One page of what shows it."
// @Failure 404 {object} rest.Problem "There is no such article."
// @Router /v1/articles/{id}/uses [get]
func (s *Server) listArticleUses(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readUses.Read(q)
	page := s.PageRequest(c, q, params.PageParams)
	if err := q.Done(); err != nil {
		return err
	}
	id, err := rest.PathID(c, "id")
	if err != nil {
		return err
	}
	actor, err := s.Reader(c, cms.DraftView)
	if err != nil {
		return err
	}
	list, err := s.newsroom.Uses(c.Request().Context(), actor, id, page)
	if err != nil {
		return err
	}
	cursor := func(use *cms.ArticleUse) cms.Cursor { return cms.Cursor{ID: use.ID} }
	row := func(use *cms.ArticleUse) any { return newArticleUse(use) }
	return s.SendView(c, cms.DraftView, 0, nil,
		rest.NewPage(s.Server, c, q, page, list, cursor, row), time.Time{})
}

func newArticleUse(use *cms.ArticleUse) ArticleUse {
	id := nilIfEmpty(string(use.ID))
	if use.ID == cms.SiteID {
		id = nil
	}
	return ArticleUse{use.Kind, id, nilIfEmpty(use.Slug), use.Name, nilIfEmpty(use.URL)}
}
