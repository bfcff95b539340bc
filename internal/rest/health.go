package rest

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
)

// Livez reports that the process serves requests.
func (s *Server) Livez(c echo.Context) error { return health(c, nil) }

// Readyz reports whether calls should be sent here: the database answers, and the server is not
// stopping.
func (s *Server) Readyz(c echo.Context) error { return health(c, s.ready(c.Request().Context())) }

func health(c echo.Context, err error) error {
	if err != nil {
		return err
	}
	Send(
		c,
		Response{
			Status: http.StatusOK,
			Body:   []byte(`{"status":"ok"}` + "\n"),
			Header: map[string]string{
				"Content-Type": "application/json", "Cache-Control": "no-store",
			},
		},
	)
	return nil
}

func (s *Server) ready(ctx context.Context) error {
	select {
	case <-s.draining:
		return cms.Errorf(cms.Unavailable, "The server is stopping.")
	default:
		return s.newsroom.Ready(ctx)
	}
}
