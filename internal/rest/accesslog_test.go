package rest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

// unavailableBecause is what the store makes of a read that was ended.
func unavailableBecause(cause error) error {
	return fmt.Errorf("%w: %w", cms.Errorf(cms.Unavailable, "The database cannot answer now."), cause)
}

func TestACallerWhoLeavesIsNoFailureOfOurs(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		leaves bool
		result error
		status int
		level  string // of the line beside that of the call; empty: there is none
	}{
		"leaves, and the read is ended":   {true, context.Canceled, 499, ""},
		"leaves, and all else fails":      {true, errBroken, 503, "WARN"},
		"stays, and the database is away": {false, errBroken, 503, "WARN"},
		"stays, and a read was ended":     {false, context.Canceled, 503, "WARN"},
		"leaves after it was done":        {true, nil, 200, ""},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			var log, access bytes.Buffer
			s := New(Options{
				Newsroom:  newsroom.Open(newsroom.Options{PublicRead: true}),
				Log:       slog.New(slog.NewJSONHandler(&log, nil)),
				AccessLog: &access,
			})
			ctx, leave := context.WithCancel(t.Context())
			s.Post("/v1/calls", func(call echo.Context, _ *newsroom.Idempotency) error {
				if c.leaves {
					leave()
				}
				if c.result != nil {
					return unavailableBecause(c.result)
				}
				return call.NoContent(http.StatusOK)
			})
			defer leave()
			r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/v1/calls", nil)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if want := fmt.Sprintf(`"status":%d,`, c.status); !strings.Contains(access.String(), want) {
				t.Errorf("want %s in %s", want, &access)
			}
			if want := fmt.Sprintf(`"level":%q`, c.level); (c.level == "") != (log.Len() == 0) ||
				c.level != "" && !strings.Contains(log.String(), want) {
				t.Errorf("the log has %q, want level %q", &log, c.level)
			}
			metrics := httptest.NewRecorder()
			s.Get("/metrics", s.ShowMetrics)
			s.ServeHTTP(metrics, httptest.NewRequest(http.MethodGet, "/metrics", nil))
			counted := fmt.Sprintf(`masthead_http_requests_total{method="POST",route="/v1/calls",status="%d"} 1`,
				c.status)
			if !strings.Contains(metrics.Body.String(), counted) {
				t.Errorf("the metrics lack %s", counted)
			}
			if w.Code >= 500 && w.Header().Get("Retry-After") == "" {
				t.Errorf("%d without Retry-After", w.Code)
			}
		})
	}
}

var errBroken = fmt.Errorf("the connection is broken")
