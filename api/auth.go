package api

import (
	"net/http"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Login is what somebody signs in with.
type Login struct {
	// E-mail address; upper and lower case are the same.
	Email string `json:"email" maxLength:"254" example:"ada@example.org"`
	// Password.
	Password string `json:"password" maxLength:"256" example:"correct-horse-battery-staple"`
} // @name Login

// What is signed in with has a length, in characters. No token that was given out is near it.
const (
	maxPassword = 256
	maxToken    = 512
)

// RefreshToken is a refresh token that is handed in.
type RefreshToken struct {
	// The refresh token of the last answer.
	RefreshToken string `json:"refresh_token" maxLength:"512" example:"mhr_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I"`
} // @name RefreshToken

// TokenPair is what signing in and refreshing give.
type TokenPair struct {
	// Access token, for Authorization: Bearer.
	AccessToken string `json:"access_token" minLength:"1" maxLength:"4096" example:"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"`
	// Always Bearer.
	TokenType string `json:"token_type" enums:"Bearer" example:"Bearer"`
	// Seconds until the access token ends.
	ExpiresIn int `json:"expires_in" minimum:"1" maximum:"600" example:"600"`
	// Refresh token, good once, for POST /v1/auth/refresh.
	RefreshToken string `json:"refresh_token" minLength:"1" maxLength:"512" example:"mhr_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I"`
} // @name TokenPair

// Permission is one thing that the caller may do.
type Permission struct {
	// What may be done.
	Act cms.Permission `json:"act" example:"articles:publish"`
	// To what: own_drafts are articles the caller made and readers have never seen, own are all the
	// caller made.
	Scope cms.Scope `json:"scope" example:"own"`
} // @name Permission

// Me is who the caller is.
type Me struct {
	// What kind of caller it is.
	Kind string `json:"kind" enums:"user" example:"user"`
	// Identifier of the user.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a12"`
	// E-mail address.
	Email string `json:"email" minLength:"3" maxLength:"254" example:"ada@example.org"`
	// Name.
	Name string `json:"name" minLength:"1" maxLength:"100" example:"Night desk"`
	// Role.
	Role cms.Role `json:"role" example:"editor"`
	// What the role may do, and how far.
	Permissions []Permission `json:"permissions" minItems:"1" maxItems:"50"`
} // @name Me

// login signs somebody in.
//
// @ID createSession
// @Summary Sign in
// @Description Answers an access token, good for ten minutes, and a refresh token, good once, to get the next pair with. After several failures further attempts must wait. Somebody who signed in from the same address within the last 30 days is not held up by what others fail at from other addresses.
// @Tags auth
// @x-public true
// @Param body body Login true "E-mail address and password."
// @Success 200 {object} TokenPair "Signed in."
// @Failure 401 {object} rest.Problem "The address and the password do not belong together."
// @Failure 429 {object} rest.Problem "Too many failed; wait as long as Retry-After says."
// @Router /v1/auth/login [post]
func (s *Server) login(c echo.Context) error {
	var in Login
	if err := s.take(c, &in); err != nil {
		return err
	}
	if err := notLonger("email", in.Email, cms.MaxEmail); err != nil {
		return err
	}
	if err := notLonger("password", in.Password, maxPassword); err != nil {
		return err
	}
	tokens, err := s.newsroom.SignIn(c.Request().Context(), in.Email, in.Password,
		rest.Origin(c))
	return s.answerTokens(c, tokens, err)
}

// take reads the body of a call that has no parameters.
func (s *Server) take(c echo.Context, into any) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	return rest.DecodeBody(c, into)
}

// notLonger refuses a text that nobody signs in with.
func notLonger(field, s string, most int) error {
	if n := utf8.RuneCountInString(s); n > most {
		return cms.FieldErrorf(
			cms.Invalid, field, "too_long", "%s has %d characters; %d are allowed.", field, n, most,
		)
	}
	return nil
}

func (s *Server) answerTokens(c echo.Context, t newsroom.Tokens, err error) error {
	if err != nil {
		return err
	}
	rest.Send(
		c,
		rest.DraftResponse(
			http.StatusOK, 0, TokenPair{t.Access, "Bearer", int(t.ExpiresIn.Seconds()), t.Refresh},
		),
	)
	return nil
}

// refreshToken gives a new pair of tokens.
//
// @ID refreshSession
// @Summary Get new tokens
// @Description Spends a refresh token for a new pair. Within 10 seconds the same token gets the same new pair again; later a spent token ends the whole session with all its tokens: somebody has a copy.
// @Tags auth
// @x-public true
// @Param body body RefreshToken true "The refresh token."
// @Success 200 {object} TokenPair "The new pair."
// @Failure 401 {object} rest.Problem "The token is not, or no longer, good."
// @Router /v1/auth/refresh [post]
func (s *Server) refreshToken(c echo.Context) error {
	var in RefreshToken
	if err := s.take(c, &in); err != nil {
		return err
	}
	if err := notLonger("refresh_token", in.RefreshToken, maxToken); err != nil {
		return err
	}
	tokens, err := s.newsroom.Refresh(c.Request().Context(), in.RefreshToken, rest.Origin(c))
	return s.answerTokens(c, tokens, err)
}

// logout ends a session.
//
// @ID deleteSession
// @Summary Sign out
// @Description Ends the session that the refresh token belongs to, with all its tokens, at once. A token of no session is nothing to end.
// @Tags auth
// @x-public true
// @Param body body RefreshToken true "The refresh token."
// @Success 204 "It is done."
// @Failure 422 {object} rest.Problem "The refresh token is missing or longer than any that is given out."
// @Router /v1/auth/logout [post]
func (s *Server) logout(c echo.Context) error {
	var in RefreshToken
	if err := s.take(c, &in); err != nil {
		return err
	}
	if err := notLonger("refresh_token", in.RefreshToken, maxToken); err != nil {
		return err
	}
	err := s.newsroom.SignOut(c.Request().Context(), in.RefreshToken, rest.Origin(c))
	if err != nil {
		return err
	}
	rest.Send(c, rest.DraftResponse(http.StatusNoContent, 0, nil))
	return nil
}

// getMe tells who the caller is.
//
// @ID getMe
// @Summary Get the signed-in user
// @Description Tells who the credential speaks for, the role, and what the role may do.
// @Tags auth
// @Success 200 {object} Me "The user."
// @Failure 401 {object} rest.Problem "No access token came with the call, or one that is not, or no longer, good."
// @Router /v1/auth/me [get]
func (s *Server) getMe(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	actor, err := s.RequireActor(c)
	if err != nil {
		return err
	}
	u, err := s.newsroom.User(c.Request().Context(), actor)
	if err != nil {
		return err
	}
	me := Me{
		Kind:        "user",
		ID:          string(u.ID),
		Email:       u.Email,
		Name:        u.Name,
		Role:        u.Role,
		Permissions: []Permission{},
	}
	for _, leave := range u.Role.Grants() {
		me.Permissions = append(me.Permissions, Permission{leave.Permission, leave.Scope})
	}
	rest.Send(c, rest.DraftResponse(http.StatusOK, 0, me))
	return nil
}
