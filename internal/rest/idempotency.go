package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

// WriteHandler handles a call that changes something. It passes repeatable, which is nil without an
// Idempotency-Key, on to the change.
type WriteHandler func(c echo.Context, repeatable *newsroom.Idempotency) error

// idempotent makes a call safe to repeat with an Idempotency-Key: the response commits with the
// change, and a retry with the same key and request gets the same response. A versioned call
// without If-Match is not stored: it will be refused, and may be repeated with the version.
func (s *Server) idempotent(next WriteHandler, versioned bool) echo.HandlerFunc {
	return func(c echo.Context) error {
		if versioned && c.Request().Header.Get("If-Match") == "" {
			return next(c, nil)
		}
		i, err := s.idempotency(c, rawBody)
		if err != nil {
			return err
		}
		return s.repeatable(c, i, next)
	}
}

// Repeatable is what makes a call safe to repeat whose body is a file: the response commits with
// the change. Digest stands for the body.
func (s *Server) Repeatable(c echo.Context, digest string, next WriteHandler) error {
	i, err := s.idempotency(c, func(echo.Context) ([]byte, error) { return []byte(digest), nil })
	if err != nil {
		return err
	}
	return s.repeatable(c, i, next)
}

func (s *Server) repeatable(c echo.Context, i *newsroom.Idempotency, next WriteHandler) error {
	if i == nil {
		return next(c, nil)
	}
	name := strings.Join([]string{i.Caller, i.Scope, i.Key}, "\n")
	if _, running := s.running.LoadOrStore(name, true); running {
		return &cms.Error{
			Code: cms.RequestInProgress,
			Detail: "A request with this Idempotency-Key has not been answered yet; " +
				"send the same again in a moment.",
		}
	}
	defer s.running.Delete(name)
	if err := s.newsroom.LookupResponse(c.Request().Context(), i); err != nil {
		return err
	}
	if err := next(c, i); err != nil {
		return s.storeError(c, i, err)
	}
	return nil
}

// storeError sends the response to an error, and stores it unless a retry may succeed.
func (s *Server) storeError(c echo.Context, i *newsroom.Idempotency, err error) error {
	var replay *newsroom.Replay
	if errors.As(err, &replay) {
		return err
	}
	response := s.responseTo(c, err)
	if !retryable(response.Status) {
		stored, err := response.encode()
		if err != nil {
			return err
		}
		if err := s.newsroom.StoreResponse(c.Request().Context(), i, stored); err != nil {
			return err
		}
	}
	Send(c, response)
	return nil
}

// retryable reports whether a call that got this status may succeed when it is repeated.
func retryable(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusTooManyRequests ||
		status >= 500
}

// idempotency returns what makes a call with a body safe to repeat: nil without a key or a
// credential.
func (s *Server) idempotency(
	c echo.Context, read func(echo.Context) ([]byte, error),
) (*newsroom.Idempotency, error) {
	r := c.Request()
	keys := r.Header.Values(idempotencyKey)
	if len(keys) == 0 {
		return nil, nil
	}
	if len(keys) > 1 || !validKey(keys[0]) {
		return nil, &cms.Error{
			Code:   cms.InvalidParameter,
			Detail: "The Idempotency-Key cannot be taken.",
			Fields: []cms.FieldError{{
				Header: idempotencyKey,
				Code:   "invalid",
				Detail: "Send one key of 1 to 255 visible ASCII characters, such as a UUID.",
			}},
		}
	}
	actor, err := s.Actor(c)
	if err != nil {
		return nil, err
	}
	if !actor.SignedIn() {
		return nil, nil // it will be refused
	}
	body, err := read(c)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	sum.Write([]byte(r.URL.RawQuery + "\n"))
	sum.Write(body)
	var about cms.ID
	if inPath := c.ParamValues(); len(inPath) > 0 {
		about, _ = cms.ParseID(inPath[0])
	}
	return &newsroom.Idempotency{
		About:  about,
		Caller: string(actor.ID),
		Scope:  r.Method + " " + r.URL.Path,
		Key:    keys[0],
		Digest: hex.EncodeToString(sum.Sum(nil)),
	}, nil
}

const idempotencyKey = "Idempotency-Key"

func validKey(key string) bool {
	return len(key) >= 1 && len(key) <= 255 && strings.IndexFunc(key, notVisibleASCII) < 0
}

func notVisibleASCII(r rune) bool { return r < 0x21 || r > 0x7e }

// replay sends a stored response.
func (s *Server) replay(c echo.Context, stored []byte) error {
	response, err := decodeResponse(stored)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Idempotent-Replayed", "true")
	Send(c, response)
	return nil
}

// storedHead is the first line of a stored response; the rest is its body.
type storedHead struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
}

func (r Response) encode() ([]byte, error) {
	head, err := json.Marshal(storedHead{r.Status, r.Header})
	if err != nil {
		return nil, fmt.Errorf("store a response: %w", err)
	}
	return append(append(head, '\n'), r.Body...), nil
}

func decodeResponse(stored []byte) (Response, error) {
	line, body, _ := bytes.Cut(stored, []byte("\n"))
	var head storedHead
	if err := json.Unmarshal(line, &head); err != nil {
		return Response{}, fmt.Errorf("read a stored response: %w", err)
	}
	return Response{head.Status, head.Header, body}, nil
}

// Change makes a change and sends the response to its result. If the call has an idempotency key,
// the response is stored in the transaction of the change.
func Change[T any](
	c echo.Context, call newsroom.Call, render func(T) Response, do func(newsroom.Call) (T, error),
) error {
	if call.Idempotency != nil {
		call.Idempotency.Render = func(result any) ([]byte, error) {
			return render(result.(T)).encode()
		}
	}
	result, err := do(call)
	if err != nil {
		return err
	}
	Send(c, render(result))
	return nil
}
