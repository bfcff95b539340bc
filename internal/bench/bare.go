package main

import (
	"net/http"
	"os"
	"path/filepath"

	"github.com/labstack/echo/v4"
)

// serveBare is the yardstick of reading: Echo with nothing else writes the bytes of the files of a
// folder, each at its name.
func serveBare(addr, dir string) error {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		body, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return err
		}
		e.GET(
			"/"+f.Name(),
			func(c echo.Context) error { return c.Blob(http.StatusOK, "application/json", body) },
		)
	}
	return e.Start(addr)
}
