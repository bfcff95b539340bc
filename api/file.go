package api

import (
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/media"
	"github.com/masthead-cms/masthead/internal/rest"
)

// fileParams choose a rendition of a picture.
type fileParams struct {
	Width  string `query:"w" of:"widths"`
	Ratio  string `query:"ratio" of:"ratios"`
	Format string `query:"format" of:"formats"`
}

var readFile = rest.NewParams[fileParams](map[string][]string{
	"widths":  texts(media.Widths),
	"ratios":  media.Ratios,
	"formats": append([]string{"auto"}, media.Formats...),
})

func texts(numbers []int) []string {
	list := make([]string, len(numbers))
	for i, n := range numbers {
		list[i] = strconv.Itoa(n)
	}
	return list
}

// servedFile is what is known of the file that readers get of a medium.
type servedFile struct {
	Kind     cms.MediaKind
	Key      string
	Digest   string
	MIMEType string
	Bytes    int64
	FocalX   float64
	FocalY   float64
	Until    time.Time
	Name     string // what it is to be saved as; empty: it is shown
}

// getFile finds the file of a medium, or a rendition of a picture. It is for whoever knows the
// address, which changes with the bytes.
func (s *Server) getFile(c echo.Context) (*rest.File, error) {
	q := rest.NewQuery(c)
	params := readFile.Read(q)
	if err := q.Done(); err != nil {
		return nil, err
	}
	id, err := rest.PathID(c, "id")
	if err != nil {
		return nil, err
	}
	served, err := s.servedFile(c, id, c.Param("name"))
	if err != nil {
		return nil, err
	}
	// A GIF that moves would stand still in another size.
	moves := served.MIMEType == "image/gif" && params.Format == "auto" && params.Ratio == ""
	if params == (fileParams{}) || moves {
		return s.wholeFile(c, served)
	}
	if served.Kind != cms.ImageMedium {
		return nil, &cms.Error{
			Code:   cms.InvalidParameter,
			Detail: "Only pictures come in other sizes, shapes and formats: ask without parameters.",
		}
	}
	return s.rendition(c, served, params)
}

// servedFile returns what readers get of a medium if the file has a name.
func (s *Server) servedFile(c echo.Context, id cms.ID, name string) (servedFile, error) {
	return rest.Remembered(s.Server, "file "+string(id)+" "+name,
		func() (f servedFile, until time.Time, tags []cms.CacheTag, err error) {
			ctx, cancel := rest.WithHandlerTime(c)
			defer cancel()
			m, err := s.newsroom.Media.File(ctx, id, name)
			if err != nil {
				return f, until, nil, err
			}
			until = deref(m.ExpiresAt)
			return servedFile{
				Kind:     m.Kind,
				Key:      m.ServedKey,
				Digest:   m.ServedDigest,
				MIMEType: m.ServedType,
				Bytes:    m.ServedBytes,
				FocalX:   float64(m.FocalX) / cms.FocalScale,
				FocalY:   float64(m.FocalY) / cms.FocalScale,
				Until:    until,
				Name:     m.SaveName(),
			}, until, []cms.CacheTag{cms.MediumNoun.CacheTag(id)}, nil
		})
}

// wholeFile opens the file of a medium.
func (s *Server) wholeFile(c echo.Context, served servedFile) (*rest.File, error) {
	file, err := s.newsroom.Media.Open(c.Request().Context(), served.Key)
	if err != nil {
		return nil, err
	}
	f := s.newFile(c, served)
	f.ReadSeekCloser = file
	f.MIMEType = served.MIMEType
	f.Bytes = served.Bytes
	f.Digest = served.Digest
	f.Name = served.Name
	return f, nil
}

// rendition opens a rendition of a picture.
func (s *Server) rendition(
	c echo.Context, served servedFile, params fileParams,
) (*rest.File, error) {
	spec := media.Spec{Ratio: params.Ratio, Format: params.Format, X: served.FocalX,
		Y: served.FocalY}
	spec.Width, _ = strconv.Atoi(params.Width) // one of the widths, or none
	if params.Format == "auto" {
		c.Response().Header().Add("Vary", "Accept")
		spec.Format = ""
		// Drawings, which are PNG, would lose by it.
		if served.MIMEType == "image/jpeg" &&
			rest.Accepts(c.Request(), "image/webp") {
			spec.Format = "webp"
		}
	}
	ctx, cancel := rest.WithRenderTime(c)
	defer cancel()
	rendition, err := s.newsroom.Media.Rendition(ctx, served.Key, spec)
	if err != nil {
		return nil, err
	}
	f := s.newFile(c, served)
	f.ReadSeekCloser = rendition.ReadSeekCloser // net/http knows a quicker way to send files
	f.MIMEType = rendition.MIMEType
	f.Bytes = rendition.Bytes
	f.Digest = rendition.Digest
	return f, nil
}

func (s *Server) newFile(c echo.Context, served servedFile) *rest.File {
	id, _ := cms.ParseID(c.Param("id")) // getFile has read it
	return &rest.File{
		Tags:    []cms.CacheTag{cms.MediumNoun.CacheTag(id)},
		Until:   served.Until,
		Left:    s.newsroom.Media.Left(served.Until),
		Sandbox: served.Kind != cms.ImageMedium,
	}
}
