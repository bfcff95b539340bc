package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/library"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Upload is a file that comes in pieces, and becomes a medium when all of it is there.
type Upload struct {
	// Identifier.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a61"`
	// What the file is called.
	Name *string `json:"name" minLength:"1" maxLength:"16384" example:"river-at-night.mp4"`
	// How many bytes it has.
	Length int64 `json:"length" minimum:"1" example:"73400320"`
	// How many of them have come: the byte where it goes on.
	Offset int64 `json:"offset" minimum:"0" example:"16777216"`
	// When it is given up unless something is added to it.
	ExpiresAt time.Time `json:"expires_at" format:"date-time" example:"2026-03-13T08:00:00Z"`
	// Identifier of the medium that came of it; null until all of it is there.
	Medium *string `json:"medium" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51"`
} // @name Upload

// uploadPath returns the address of an upload.
func uploadPath(p *library.Pieces) string { return "/v1/media/uploads/" + p.ID }

// showUpload says in the headers of a response where an upload stands, and returns it for a body.
func showUpload(c echo.Context, p *library.Pieces) Upload {
	rest.SetUploadState(c, rest.UploadState{
		Length: p.Length, Offset: p.Offset, ExpiresAt: p.ExpiresAt(),
	})
	if p.Medium != "" {
		c.Response().Header().Set(rest.MediumHeader, p.Medium)
	}
	return Upload{
		ID:        p.ID,
		Name:      nilIfEmpty(p.Name),
		Length:    p.Length,
		Offset:    p.Offset,
		ExpiresAt: p.ExpiresAt().UTC(),
		Medium:    nilIfEmpty(p.Medium),
	}
}

// createUpload begins an upload.
//
// @ID createUpload
// @Summary Begin an upload
// @Description Begins an upload of a file that comes in pieces and can go on after it was broken off, as tus 1.0.0 has it (extensions creation, creation-with-upload, termination, expiration): any client of tus will do. Upload-Metadata has the name of the file (filename) and the fields of the medium, as texts or, for what is no text, as JSON. The body may have the first bytes, or all. An upload that nothing is added to for 24 hours is given up. It takes no Idempotency-Key.
// @Tags media
// @Kind tus tusCreate withPieces upload
// @x-acts ["media:write"]
// @Success 201 {object} Upload "The upload. Location is where it goes on, Masthead-Medium the medium if all of it has come."
// @Failure 413 {object} rest.Problem "The file has more bytes than are allowed, or more came than Upload-Length says."
// @Failure 415 {object} rest.Problem "The body is of another type than application/offset+octet-stream, or the file of a kind that is not taken."
// @Failure 422 {object} rest.Problem "A field breaks a rule, or the file is broken or not what it says it is."
// @Failure 429 {object} rest.Problem "You have too many uploads that have not ended."
// @Failure 507 {object} rest.Problem "There is no room for the file."
// @Router /v1/media/uploads [post]
func (s *Server) createUpload(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	actor, err := s.RequireActor(c)
	if err != nil {
		return err
	}
	if err := s.newsroom.Media.CheckMayAdd(actor); err != nil {
		return err
	}
	length, err := rest.UploadLength(c)
	if err != nil {
		return err
	}
	var written MediumInput
	said, err := rest.ReadMetadata(c, &written)
	if err != nil {
		return err
	}
	if err := written.inputOver(cms.MediumInput{}).Check(); err != nil {
		return err
	}
	more, err := rest.HasPieces(c)
	if err != nil {
		return err
	}
	p, err := s.newsroom.Media.BeginPieces(actor, said.Filename, length, said.Fields)
	if err != nil {
		return err
	}
	if more {
		if p, err = s.addPieces(c, actor, p.ID, 0); err != nil {
			return err
		}
	}
	r := rest.Created(uploadPath(p), 0, showUpload(c, p))
	rest.Send(c, r)
	return nil
}

// getUpload says where an upload stands.
//
// @ID getUpload
// @Summary Get an upload
// @Description Says where an upload stands: HEAD in its headers, GET also in its body. Only who began it sees it. What has come is safe, also if the server is killed. A call that still adds to it is ended.
// @Tags media
// @Kind tus tusShow upload
// @x-acts ["media:write"]
// @Success 200 {object} Upload "The upload."
// @Router /v1/media/uploads/{id} [get]
func (s *Server) getUpload(c echo.Context) error {
	p, err := s.upload(c)
	if err != nil {
		return err
	}
	rest.Send(c, rest.DraftResponse(http.StatusOK, 0, showUpload(c, p)))
	return nil
}

// upload returns the upload in the path, if the caller began it.
func (s *Server) upload(c echo.Context) (*library.Pieces, error) {
	if err := rest.NoQuery(c); err != nil {
		return nil, err
	}
	actor, id, err := s.uploader(c)
	if err != nil {
		return nil, err
	}
	return s.newsroom.Media.Pieces(c.Request().Context(), actor, id)
}

// uploader returns who calls, and the id of the upload in the path.
func (s *Server) uploader(c echo.Context) (cms.Actor, string, error) {
	actor, err := s.RequireActor(c)
	if err != nil {
		return actor, "", err
	}
	id, err := rest.PathID(c, "id")
	return actor, string(id), err
}

// appendToUpload adds to an upload.
//
// @ID appendToUpload
// @Summary Go on with an upload
// @Description Adds bytes to an upload, from Upload-Offset on, which must be where it stands. What has come is kept if the call is broken off. The call that brings the last bytes makes the medium, and is answered when it is there: Location is the medium, Masthead-Medium its id. A file that cannot be taken is refused then, and the upload is gone.
// @Tags media
// @Kind tus tusAppend withPieces upload
// @x-acts ["media:write"]
// @Success 204 "The bytes are there."
// @Failure 409 {object} rest.Problem "The upload goes on at another byte."
// @Failure 413 {object} rest.Problem "More bytes came than the upload has, or the file has more pixels, frames or parts than are allowed."
// @Failure 415 {object} rest.Problem "The body is of another type than application/offset+octet-stream, or the file of a kind that is not taken."
// @Failure 422 {object} rest.Problem "The file is broken or not what it says it is."
// @Router /v1/media/uploads/{id} [patch]
func (s *Server) appendToUpload(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	actor, id, err := s.uploader(c)
	if err != nil {
		return err
	}
	if _, err := rest.HasPieces(c); err != nil {
		return err
	}
	offset, err := rest.UploadOffset(c)
	if err != nil {
		return err
	}
	p, err := s.addPieces(c, actor, id, offset)
	if err != nil {
		return err
	}
	showUpload(c, p)
	if p.Medium != "" {
		c.Response().Header().Set("Location", "/v1/media/"+p.Medium)
	}
	return c.NoContent(http.StatusNoContent)
}

// addPieces adds the body of a request to an upload.
func (s *Server) addPieces(
	c echo.Context, actor cms.Actor, id string, offset int64,
) (*library.Pieces, error) {
	body := library.Body{Reader: c.Request().Body, Interrupt: rest.Interrupt(c)}
	return s.newsroom.Media.AddPieces(c.Request().Context(), actor, id, offset, body,
		func(fields string) (func(cms.MediumInput) cms.MediumInput, error) {
			var written MediumInput
			err := rest.BindFields(fields, &written)
			return written.inputOver, err
		})
}

// deleteUpload gives up an upload.
//
// @ID deleteUpload
// @Summary Give up an upload
// @Description Deletes an upload with what has come of it. A medium that came of it stays.
// @Tags media
// @Kind tus tusUpload upload
// @x-acts ["media:write"]
// @Success 204 "It is gone."
// @Router /v1/media/uploads/{id} [delete]
func (s *Server) deleteUpload(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	actor, id, err := s.uploader(c)
	if err != nil {
		return err
	}
	if err := s.newsroom.Media.GiveUpPieces(c.Request().Context(), actor, id); err != nil {
		return err
	}
	rest.Send(c, rest.DraftResponse(http.StatusNoContent, 0, nil))
	return nil
}
