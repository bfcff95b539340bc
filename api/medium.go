package api

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/library"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// media is how media travel.
func (s *Server) media() *rest.Noun[cms.Medium, cms.MediumInput, MediumInput] {
	n := rest.NewNoun(cms.MediumNoun, s.newMedium, (*MediumInput).input, toMediumInput)
	n.Draft = func(m *cms.Medium) any { return s.newMediumDraft(m) }
	n.OneTags = func(m *cms.Medium) []cms.CacheTag {
		return []cms.CacheTag{cms.MediumNoun.CacheTag(m.ID), cms.AllArticles}
	}
	n.Until = func(m *cms.Medium) time.Time { return deref(m.ExpiresAt) }
	return n
}

// renditionURL returns where a picture is in a width.
func renditionURL(url string, width int64) string {
	return url + "?w=" + strconv.FormatInt(width, 10)
}

// listMedia lists media.
//
// @ID listMedia
// @Summary List media
// @Description Lists all media, the newest first, for whoever is signed in.
// @Tags media
// @Kind page medium
// @Query mediaListParams
// @x-acts ["articles:read_drafts"]
// @Success 200 {object} rest.Page[Medium] "One page of media."
// @Router /v1/media [get]
func (s *Server) listMedia(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readMediaList.Read(q)
	asked := cms.MediaQuery{
		Words:   params.Words,
		Kinds:   params.Kinds,
		IDs:     params.IDs,
		Expired: params.Expired,
		Used:    params.Used,
		Sort:    rest.ParseSort(params.Sort),
	}
	media := s.media()
	return rest.List(s.Server, c, q, media, rest.Listing[cms.Medium]{
		View:   cms.DraftView,
		Fields: params.Fields,
		Page:   params.PageParams,
		Cursor: func(m *cms.Medium) cms.Cursor { return m.Cursor(asked.Sort) },
		Do: func(
			ctx context.Context, actor cms.Actor, page cms.PageRequest,
		) (cms.List[cms.Medium], error) {
			asked.Page = page
			return s.newsroom.Media.List(ctx, actor, asked)
		},
	})
}

// getMedium shows one medium.
//
// @Description Answers a medium by its id. Readers get what something that is live shows, until it expires. With view=draft, which needs a credential, it is there at any time with what is amiss with it, and the ETag is its version, for If-Match.
// @Kind readNoun medium
// @Router /v1/media/{id} [get]
func (s *Server) getMedium(c echo.Context) error {
	q := rest.NewQuery(c)
	return rest.GetByID(s.Server, c, q, readView.Read(q).View, s.media(), s.newsroom.Media.Get)
}

// listMediumUses lists what shows a medium.
//
// @ID listMediumUses
// @Summary List what shows a medium
// @Description Lists the articles, sections, authors, collections and the site that show the medium, with the parts it stands in, for whoever is signed in. An article counts as it is worked on, in the trash too, and as readers see it.
// @Tags media
// @Kind page about medium
// @Query useParams
// @x-acts ["articles:read_drafts"]
// @Success 200 {object} rest.Page[MediumUse] "One page of what shows it."
// @Failure 404 {object} rest.Problem "There is no such medium."
// @Router /v1/media/{id}/uses [get]
func (s *Server) listMediumUses(c echo.Context) error {
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
	list, err := s.newsroom.Media.Uses(c.Request().Context(), actor, id, page)
	if err != nil {
		return err
	}
	cursor := func(use *cms.MediumUse) cms.Cursor { return cms.Cursor{ID: use.ID} }
	row := func(use *cms.MediumUse) any { return newMediumUse(use) }
	return s.SendView(c, cms.DraftView, 0, nil,
		rest.NewPage(s.Server, c, q, page, list, cursor, row), time.Time{})
}

func newMediumUse(use *cms.MediumUse) MediumUse {
	id := nilIfEmpty(string(use.ID))
	if use.ID == cms.SiteID {
		id = nil
	}
	return MediumUse{
		Kind:   use.Kind,
		ID:     id,
		Slug:   nilIfEmpty(use.Slug),
		Name:   use.Name,
		URL:    nilIfEmpty(use.URL),
		Fields: rest.Strings(use.Roles),
		Live:   use.Live,
	}
}

// createMedium makes a medium of a file.
//
// @ID createMedium
// @Summary Make a medium
// @Description Makes a medium of a file. What is not written is taken from what the file says of itself (XMP, IPTC, EXIF, ID3, Vorbis comments, the information of a PDF). Of that nothing is in what readers get, except of PDF documents what is packed in streams, and all of those that are encrypted or signed. A text is a part of the form as it is, and everything else a part as JSON. An Idempotency-Key compares the bytes of the file.
// @Tags media
// @Kind create withFields medium
// @x-acts ["media:write"]
// @Success 201 {object} Medium "The medium."
// @Failure 413 {object} rest.Problem "The file has more bytes, pixels, frames or parts than are allowed."
// @Failure 415 {object} rest.Problem "The body is no form, or the file of a kind that is not taken: the answer says what to do."
// @Failure 422 {object} rest.Problem "The file is broken or not what it says it is, or a field breaks a rule."
// @Router /v1/media [post]
func (s *Server) createMedium(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	call, err := s.Call(c, nil)
	if err != nil {
		return err
	}
	if err := s.newsroom.Media.CheckMayAdd(call.Actor); err != nil {
		return err
	}
	var written MediumInput
	upload, body, err := s.receiveForm(c, &written)
	if err != nil {
		return err
	}
	defer upload.Discard()
	return s.Repeatable(c, upload.Digest+body, func(
		c echo.Context, repeatable *newsroom.Idempotency,
	) error {
		return s.makeMedium(c, repeatable, upload, written.inputOver)
	})
}

// makeMedium makes a medium of an upload and sends it.
func (s *Server) makeMedium(
	c echo.Context, repeatable *newsroom.Idempotency, upload *library.Upload,
	fill func(cms.MediumInput) cms.MediumInput,
) error {
	call, err := s.Call(c, repeatable)
	if err != nil {
		return err
	}
	ctx, cancel := rest.WithUploadTime(c)
	defer cancel()
	made := s.media().Created
	return rest.Change(c, call, made, func(call newsroom.Call) (*cms.Medium, error) {
		return s.newsroom.Media.Create(ctx, call, upload, fill)
	})
}

// importMedium makes a medium of a file on the web.
//
// @ID importMedium
// @Summary Make a medium of a file on the web
// @Description Gets a file from an address of the open web, within 50 seconds, and makes a medium of it as an upload does. source_url is that address, unless another one is written.
// @Tags media
// @Kind create medium
// @x-acts ["media:write"]
// @Param body body MediumImport true "Where the file is, and what is written of the medium."
// @Success 201 {object} Medium "The medium."
// @Failure 413 {object} rest.Problem "The body is over 1 MiB, or the file has more bytes, pixels, frames or parts than are allowed."
// @Failure 415 {object} rest.Problem "The body is no JSON, or the file of a kind that is not taken."
// @Failure 422 {object} rest.Problem "The address gives no file or is not on the open web, the file is broken, or a field breaks a rule."
// @Router /v1/media/import [post]
func (s *Server) importMedium(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	call, err := s.Call(c, nil)
	if err != nil {
		return err
	}
	if err := s.newsroom.Media.CheckMayAdd(call.Actor); err != nil {
		return err
	}
	var written MediumImport
	if err := rest.DecodeBody(c, &written); err != nil {
		return err
	}
	sourceField := "source_url"
	if written.SourceURL == nil {
		written.SourceURL = &written.URL
		sourceField = "url"
	}
	digest := rest.CanonicalJSON(written)
	return s.Repeatable(c, digest, func(
		c echo.Context, repeatable *newsroom.Idempotency,
	) error {
		upload, err := s.newsroom.Media.Fetch(c.Request().Context(), written.URL,
			written.input())
		if err != nil {
			return ofURL(err, sourceField)
		}
		defer upload.Discard()
		return ofURL(s.makeMedium(c, repeatable, upload, written.inputOver), sourceField)
	})
}

// ofURL returns the error about a file as one about the address that it was got from. What is said
// of source_url is said of sourceField.
func ofURL(err error, sourceField string) error {
	var refusal *cms.Error
	if !errors.As(err, &refusal) {
		return err
	}
	named := *refusal
	named.Fields = slices.Clone(refusal.Fields)
	for i := range named.Fields {
		switch f := &named.Fields[i]; f.Field {
		case "file":
			f.Field = "url"
		case "source_url":
			f.Field = sourceField
			f.Detail = strings.Replace(f.Detail, "source_url", sourceField, 1)
		}
	}
	switch named.Code {
	case cms.TooLarge, cms.UnsupportedMedia:
		named.Fields = []cms.FieldError{{
			Field:  "url",
			Code:   strings.ReplaceAll(string(named.Code), "-", "_"),
			Detail: named.Detail,
		}}
	}
	return &named
}

// receiveForm receives a form with the file of a medium, and sets its other parts on *fields. The
// upload is to be discarded, also where there is an error, unless it is nil.
func (s *Server) receiveForm(c echo.Context, fields any) (
	upload *library.Upload, body string, err error,
) {
	body, err = rest.ReadForm(c, fields, func(name string, r io.Reader) (err error) {
		upload, err = s.newsroom.Media.Receive(c.Request().Context(), r, name)
		return err
	})
	if err != nil && upload != nil {
		upload.Discard()
	}
	return upload, body, err
}

// replaceMediumFile gives a medium another file.
//
// @ID replaceMediumFile
// @Summary Replace the file of a medium
// @Description Gives the medium another file of the same kind. Its words stay; all that shows it shows the new file, at another address, at once.
// @Tags media
// @Kind replace withFile medium
// @x-acts ["media:write"]
// @Success 200 {object} Medium "The medium as it is now."
// @Failure 413 {object} rest.Problem "The file has more bytes, pixels, frames or parts than are allowed."
// @Failure 415 {object} rest.Problem "The body is no form, or the file of a kind that is not taken."
// @Failure 422 {object} rest.Problem "The file is broken or not what it says it is, or of another kind than the medium."
// @Router /v1/media/{id}/file [put]
func (s *Server) replaceMediumFile(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	call, err := s.Call(c, nil)
	if err != nil {
		return err
	}
	id, match, err := rest.Target(c)
	if err != nil {
		return err
	}
	if err := s.newsroom.Media.CheckMayReplace(c.Request().Context(), call.Actor, id); err != nil {
		return err
	}
	upload, _, err := s.receiveForm(c, new(struct{}))
	if err != nil {
		return err
	}
	defer upload.Discard()
	ctx, cancel := rest.WithUploadTime(c)
	defer cancel()
	return rest.Change(c, call, s.media().Response, func(call newsroom.Call) (*cms.Medium, error) {
		return s.newsroom.Media.Replace(ctx, call, id, match, upload)
	})
}

// updateMedium changes a medium.
//
// @Description Changes the named fields of a medium (JSON Merge Patch, RFC 7396): null brings a field back to its default. All that shows it shows the change at once.
// @Kind changeNoun medium
// @Router /v1/media/{id} [patch]
func (s *Server) updateMedium(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, s.media(), s.newsroom.Media.Revise)
}

// deleteMedium removes a medium.
//
// @Description Removes a medium for good that nothing shows. Nobody gets its file any more.
// @Kind deleteNoun medium
// @Failure 409 {object} rest.Problem "Something shows it: an article as it is worked on, in the trash too, or as readers see it, a section, an author, a collection or the site."
// @Router /v1/media/{id} [delete]
func (s *Server) deleteMedium(c echo.Context) error {
	return rest.Delete(s.Server, c, s.newsroom.Media.Delete)
}
