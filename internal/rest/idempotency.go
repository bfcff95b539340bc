package rest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

// versioned are the routes whose calls must name the version they change, apart from those that take no key.
var versioned = map[string]bool{
	"/v1/articles/:ref": true, "/v1/articles/:id/restore": true, "/v1/articles/:id/publish": true, "/v1/articles/:id/withdraw": true,
}

// idempotent makes POST and PATCH safe to repeat with an Idempotency-Key: the answer commits with the change, and the
// same key and request are answered the same again.
func (s *Server) idempotent(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		receipt, err := s.receipt(c)
		if err != nil || receipt == nil {
			if err != nil {
				return err
			}
			return next(c)
		}
		name := strings.Join([]string{receipt.Caller, receipt.Method, receipt.Path, receipt.Key}, "\n")
		if _, running := s.running.LoadOrStore(name, true); running {
			return &cms.Error{Code: cms.RequestInProgress, Detail: "A request with this Idempotency-Key has not been answered yet; send the same again in a moment."}
		}
		defer s.running.Delete(name)
		ctx := c.Request().Context()
		if err := s.newsroom.Recall(ctx, receipt); err != nil {
			return err
		}
		c.Set("receipt", receipt)
		c.SetRequest(c.Request().WithContext(newsroom.WithReceipt(ctx, receipt)))
		if err := next(c); err != nil {
			return s.keepRefusal(c, receipt, err)
		}
		return nil
	}
}

// keepRefusal answers a call that was refused, and keeps the answer unless the call may succeed when it is sent again.
func (s *Server) keepRefusal(c echo.Context, receipt *newsroom.Receipt, err error) error {
	if _, replayed := err.(*newsroom.Replay); replayed {
		return err
	}
	answer := s.explain(c, err)
	if answer.Status < 500 && answer.Status != http.StatusTooManyRequests && answer.Status != http.StatusUnauthorized {
		if err := s.newsroom.Keep(c.Request().Context(), receipt, answer); err != nil {
			return err
		}
	}
	Send(c, answer)
	return nil
}

// receipt is what shall be kept of a call, nil if it has no key.
func (s *Server) receipt(c echo.Context) (*newsroom.Receipt, error) {
	r := c.Request()
	keys := r.Header.Values("Idempotency-Key")
	if len(keys) == 0 || (r.Method != http.MethodPost && r.Method != http.MethodPatch) {
		return nil, nil
	}
	if versioned[c.Path()] && r.Header.Get("If-Match") == "" {
		return nil, nil // it will be refused, and may be sent again with the version it lacks
	}
	if len(keys) > 1 || len(keys[0]) < 1 || len(keys[0]) > 255 || strings.IndexFunc(keys[0], notVisibleASCII) >= 0 {
		return nil, &cms.Error{Code: cms.InvalidParameter, Detail: "The Idempotency-Key cannot be taken.", Fields: []cms.FieldError{{
			Header: "Idempotency-Key", Code: "invalid", Detail: "Send one key of 1 to 255 visible ASCII characters, such as a UUID.",
		}}}
	}
	actor, err := s.Actor(c)
	if err != nil {
		return nil, err
	}
	if !actor.SignedIn() {
		return nil, nil // it will be refused
	}
	body, err := rawBody(c)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	sum.Write([]byte(r.URL.RawQuery + "\n"))
	sum.Write(body)
	return &newsroom.Receipt{
		Caller: string(actor.ID), Method: r.Method, Path: r.URL.Path, Key: keys[0], Request: hex.EncodeToString(sum.Sum(nil)),
	}, nil
}

func notVisibleASCII(r rune) bool { return r < 0x21 || r > 0x7e }

// replay answers what was answered before.
func (s *Server) replay(c echo.Context, r *newsroom.Replay) {
	a := r.Answer
	c.Response().Header().Set("Idempotent-Replayed", "true")
	Send(c, a)
}

// Change does what a caller asked for and answers what came of it. If the call carried an Idempotency-Key, the answer
// is made and kept inside the change.
func Change[T any](c echo.Context, render func(T) newsroom.Answer, do func() (T, error)) error {
	if receipt, ok := c.Get("receipt").(*newsroom.Receipt); ok {
		receipt.Answer = func(result any) (newsroom.Answer, error) { return render(result.(T)), nil }
	}
	result, err := do()
	if err != nil {
		return err
	}
	Send(c, render(result))
	return nil
}
