package main

import (
	"net/http"
	"os"
	"path/filepath"

	"github.com/labstack/echo/v4"
)

// serveBare is the yardstick of reading: Echo with nothing else writes the bytes of the files of a
// folder, each at its name. A picture it sends as a file, which it opens each time.
func serveBare(addr, dir string) error {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Name() == pictureName {
			e.GET("/"+f.Name(), func(c echo.Context) error {
				return c.File(filepath.Join(dir, f.Name()))
			})
			continue
		}
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
