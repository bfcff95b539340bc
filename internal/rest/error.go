package rest

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/wire"
)

// statuses are the status codes of the errors of the rules. No other file knows them.
var statuses = map[cms.Code]int{
	cms.Invalid:             http.StatusUnprocessableEntity,
	cms.InvalidParameter:    http.StatusBadRequest,
	cms.NotFound:            http.StatusNotFound,
	cms.Unauthenticated:     http.StatusUnauthorized,
	cms.InvalidCredentials:  http.StatusUnauthorized,
	cms.Forbidden:           http.StatusForbidden,
	cms.Duplicate:           http.StatusConflict,
	cms.WrongState:          http.StatusConflict,
	cms.Gone:                http.StatusGone,
	cms.InUse:               http.StatusConflict,
	cms.Fixed:               http.StatusConflict,
	cms.VersionMismatch:     http.StatusPreconditionFailed,
	cms.VersionRequired:     http.StatusPreconditionRequired,
	cms.KeyReused:           http.StatusUnprocessableEntity,
	cms.RequestInProgress:   http.StatusConflict,
	cms.TooManyRequests:     http.StatusTooManyRequests,
	cms.Unavailable:         http.StatusServiceUnavailable,
	cms.OffsetMismatch:      http.StatusConflict,
	cms.UploadBusy:          http.StatusLocked,
	cms.UnsupportedMedia:    http.StatusUnsupportedMediaType,
	cms.TooLarge:            http.StatusRequestEntityTooLarge,
	cms.InsufficientStorage: http.StatusInsufficientStorage,
}

// httpCodes are the codes of errors of HTTP itself, which the rules do not know.
var httpCodes = map[int]cms.Code{
	http.StatusBadRequest:                   "malformed-request",
	http.StatusNotFound:                     cms.NotFound,
	http.StatusMethodNotAllowed:             "method-not-allowed",
	http.StatusPreconditionFailed:           "tus-version",
	http.StatusRequestEntityTooLarge:        cms.TooLarge,
	http.StatusRequestURITooLong:            "url-too-long",
	http.StatusUnsupportedMediaType:         cms.UnsupportedMedia,
	http.StatusRequestHeaderFieldsTooLarge:  "headers-too-large",
	http.StatusServiceUnavailable:           cms.Unavailable,
	http.StatusRequestedRangeNotSatisfiable: "range-not-satisfiable",
	http.StatusInternalServerError:          "internal",
}

// httpError is an error of HTTP itself, such as a body that is too large.
type httpError struct {
	status int
	detail string
}

func (e *httpError) Error() string { return e.detail }

func httpErrorf(status int, format string, args ...any) error {
	return &httpError{status, fmt.Sprintf(format, args...)}
}

// ProblemType is what went wrong, as an address on this server that explains it. Compare the whole
// text.
//
//openapi:keys explanations /problems/
type ProblemType string

// maxErrors is how many errors a problem lists. A body of 1 MiB can have a hundred thousand.
const maxErrors = 100

// Problem says why a call failed (RFC 9457).
type Problem struct {
	// What went wrong, as an address on this server that explains it.
	Type ProblemType `json:"type" example:"/problems/validation-failed"`
	// The same in a few words.
	Title string `json:"title" minLength:"1" maxLength:"100" example:"The request breaks a rule"`
	// The status of the answer.
	Status int `json:"status" minimum:"400" maximum:"599" example:"422"`
	// What went wrong this time, and how to mend the call.
	Detail string `json:"detail" unbounded:"it quotes what was sent" example:"The request is understood, but one field breaks a rule."`
	// The path that was asked for.
	Instance string `json:"instance" format:"uri-reference" minLength:"1" maxLength:"49152" example:"/v1/articles"`
	// The id of the call, as it stands in the log of the server.
	RequestID string `json:"request_id" minLength:"1" maxLength:"128" example:"k3v9x2-000017"`
	// Each part of the request that is wrong.
	Errors []ProblemError `json:"errors,omitempty" minItems:"1" maxItems:"100"`
	// With 412: the fields that have changed since the version in If-Match.
	ChangedFields *[]string `json:"changed_fields,omitempty" maxItems:"50" itemLength:"50" example:"summary,title"`
	// With 412: who changed it last; null: nobody did by hand.
	ChangedBy *ChangedBy `json:"changed_by,omitempty" extensions:"x-nullable"`
	// With 412: when it was last changed.
	ChangedAt *time.Time `json:"changed_at,omitempty" format:"date-time" example:"2026-03-12T08:00:00Z"`
	// With 412 of an article: what each field was at the version in If-Match, and is now. Of very
	// long ones it has only what there is room for.
	Changes *map[string]ChangedValue `json:"changes,omitempty" maxProperties:"50" examplejson:"{\"title\": {\"base\": \"The river rises\", \"theirs\": \"The lake rises\"}}"`
	// With 409 of a move: those that the caller may make from where it stands.
	AllowedMoves *[]string `json:"allowed_moves,omitempty" maxItems:"20" itemLength:"20" example:"publish,trash"`
	// With 410: what readers shall be told, if anything.
	Notice *string `json:"notice,omitempty" minLength:"1" maxLength:"1000" example:"This article was removed for legal reasons."`
} // @name Problem

// ChangedBy is who changed something.
type ChangedBy struct {
	// Identifier of the user.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a12"`
	// Name of the user.
	Name string `json:"name" minLength:"1" maxLength:"100" example:"Night desk"`
} // @name ChangedBy

// ChangedValue is what a field was at the version that was meant, and is now.
type ChangedValue struct {
	// What it was, as it is written; null: it had no value, or that is not kept any more.
	Base any `json:"base" extensions:"x-nullable" unbounded:"it is what the field has" examplejson:"\"The river rises\""`
	// What it is now.
	Theirs any `json:"theirs" extensions:"x-nullable" unbounded:"it is what the field has" examplejson:"\"The lake rises\""`
} // @name ChangedValue

// setChanged says in a problem what happened since the version that was meant.
func (p *Problem) setChanged(refusal *cms.Error) {
	changed := refusal.Changed
	p.ChangedAt = &changed.At
	if changed.By != nil {
		p.ChangedBy = &ChangedBy{string(changed.By.ID), changed.By.Name}
	}
	if changed.Values == nil {
		return
	}
	changes := make(map[string]ChangedValue, len(changed.Values))
	for name, value := range changed.Values {
		changes[name] = ChangedValue(value)
	}
	p.Changes = &changes
}

// ProblemError is one part of a request that is wrong. It has a pointer, a parameter or a header.
type ProblemError struct {
	// Where in the body, as a JSON Pointer (RFC 6901).
	Pointer *string `json:"pointer,omitempty" unbounded:"it has the names that were sent" example:"/title"`
	// Which parameter of the query.
	Parameter *string `json:"parameter,omitempty" maxLength:"16384" example:"limit"`
	// Which header.
	Header *string `json:"header,omitempty" minLength:"1" maxLength:"100" example:"If-Match"`
	// What is wrong, for programs.
	Code string `json:"code" minLength:"1" maxLength:"50" example:"required"`
	// What is wrong, for people.
	Detail string `json:"detail" unbounded:"it quotes what was sent" example:"title is required and needs at least one visible character."`
} // @name ProblemError

// responseTo returns the response to an error. Errors that are not refusals are logged, and the
// client learns nothing of them but the request id. That a caller left is no error of ours.
func (s *Server) responseTo(c echo.Context, err error) Response {
	if callerLeft(c, err) {
		c.Set(callerLeftKey, true)
		response := s.problemResponse(c, http.StatusServiceUnavailable, cms.Unavailable,
			"The call was broken off before it was answered.", nil)
		response.Header["Retry-After"] = retryAfter(0)
		return response
	}
	var refusal *cms.Error
	var ofHTTP *httpError
	var ofEcho *echo.HTTPError
	switch {
	case errors.As(err, &refusal):
		return s.errorResponse(c, err, refusal)
	case errors.As(err, &ofHTTP):
		return s.problemResponse(c, ofHTTP.status, httpCodes[ofHTTP.status], ofHTTP.detail, nil)
	case errors.As(err, &ofEcho) && httpCodes[ofEcho.Code] != "":
		return s.problemResponse(
			c, ofEcho.Code, httpCodes[ofEcho.Code], routeDetail(c, ofEcho.Code), nil,
		)
	}
	s.log.LogAttrs(
		c.Request().Context(), slog.LevelError, "internal error",
		slog.String("request_id", requestID(c)), slog.String("route", c.Path()),
		slog.String("error", err.Error()),
	)
	return s.problemResponse(
		c, http.StatusInternalServerError, "internal",
		"Something went wrong on our side. It is in the log under the request id.", nil,
	)
}

// routeDetail says how to correct a call that no route serves.
func routeDetail(c echo.Context, status int) string {
	switch status {
	case http.StatusMethodNotAllowed:
		return fmt.Sprintf(
			"This address does not know %s; it knows %s.", c.Request().Method,
			c.Response().Header().Get("Allow"),
		)
	case http.StatusNotFound:
		return "There is nothing here. " +
			"The addresses that there are stand in /openapi.yaml; /docs shows them."
	default:
		return http.StatusText(status) + "."
	}
}

func (s *Server) errorResponse(c echo.Context, err error, refusal *cms.Error) Response {
	status := statuses[refusal.Code]
	a := s.problemResponse(c, status, refusal.Code, adviceFor(refusal), refusal)
	switch refusal.Code {
	case cms.Unauthenticated:
		a.Header["WWW-Authenticate"] = challenge(c)
	case cms.InvalidCredentials:
		a.Header["WWW-Authenticate"] = `Bearer realm="masthead"`
	case cms.VersionMismatch, cms.VersionRequired:
		a.Header["ETag"] = versionTag(refusal.Version)
	case cms.TooManyRequests, cms.Unavailable:
		a.Header["Retry-After"] = retryAfter(refusal.RetryAfter)
	}
	if status >= 500 {
		s.log.LogAttrs(
			c.Request().Context(), slog.LevelWarn, "cannot answer",
			slog.String("request_id", requestID(c)), slog.String("route", c.Path()),
			slog.String("error", err.Error()),
		)
	}
	return a
}

// challenge returns the WWW-Authenticate header for a call without a valid token (RFC 6750).
func challenge(c echo.Context) string {
	if c.Request().Header.Get("Authorization") == "" {
		return `Bearer realm="masthead"`
	}
	return `Bearer realm="masthead", error="invalid_token"`
}

// retryAfter returns a duration in whole seconds, rounded up, at least 1.
func retryAfter(d time.Duration) string {
	return strconv.Itoa(max(1, int(math.Ceil(d.Seconds()))))
}

func (s *Server) problemResponse(
	c echo.Context, status int, word cms.Code, detail string, refusal *cms.Error,
) Response {
	p := Problem{
		Type:      ProblemType("/problems/" + word),
		Title:     explanations[word].title,
		Status:    status,
		Detail:    detail,
		Instance:  c.Request().URL.EscapedPath(),
		RequestID: requestID(c),
	}
	if refusal != nil {
		if header, ok := headerErrors[refusal.Code]; ok {
			p.Errors = append(p.Errors, header)
		}
		for _, f := range refusal.Fields[:min(len(refusal.Fields), maxErrors)] {
			p.Errors = append(p.Errors, problemError(f))
		}
		if n := len(refusal.Fields) + refusal.Omitted; n > maxErrors {
			p.Detail = fmt.Sprintf("%s The first %d of %d faults are listed.", detail, maxErrors, n)
		}
		if refusal.ChangedFields != nil {
			p.ChangedFields = &refusal.ChangedFields
		}
		if refusal.Changed != nil {
			p.setChanged(refusal)
		}
		if refusal.AllowedMoves != nil {
			moves := Strings(refusal.AllowedMoves)
			p.AllowedMoves = &moves
		}
		if refusal.Notice != "" {
			p.Notice = &refusal.Notice
		}
	}
	r := Response{Status: status, Body: wire.JSON(p), Header: map[string]string{
		"Content-Type": "application/problem+json", "Cache-Control": "no-store",
	}}
	if WantsPage(c) {
		r.Body = problemHTML(p)
		r.Header["Content-Type"] = "text/html; charset=utf-8"
		r.Header["Content-Security-Policy"] = problemPagePolicy
	}
	return r
}

func problemError(f cms.FieldError) ProblemError {
	e := ProblemError{Code: f.Code, Detail: withAdvice(f.Detail, f.Hint)}
	switch {
	case f.Header != "":
		e.Header = &f.Header
	case f.Field != "" || f.Parameter == "":
		pointer := ""
		if f.Field != "" {
			pointer = "/" + f.Field
		}
		e.Pointer = &pointer
	default:
		e.Parameter = &f.Parameter
	}
	return e
}

// errorHandler sends the response to an error of any route.
func (s *Server) errorHandler(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	var replay *newsroom.Replay
	if errors.As(err, &replay) {
		if err = s.replay(c, replay.Response); err == nil {
			return
		}
	}
	securityHeaders(c.Response().Header())
	Send(c, s.responseTo(c, err))
}
