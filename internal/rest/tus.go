package rest

import (
	"encoding/base64"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
)

// Uploads in pieces speak tus 1.0.0 (https://tus.io/protocols/resumable-upload), with these
// extensions.
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,creation-with-upload,termination,expiration"

	tusResumable    = "Tus-Resumable"
	uploadOffset    = "Upload-Offset"
	uploadLength    = "Upload-Length"
	uploadMetadata  = "Upload-Metadata"
	uploadExpires   = "Upload-Expires"
	piecesMediaType = "application/offset+octet-stream"
)

// Tus are the calls of uploads in pieces.
type Tus struct {
	Path     string           // that of Create; the others have "/:id" behind it
	MaxBytes func() int64     // of a file
	Create   echo.HandlerFunc // POST
	Show     echo.HandlerFunc // GET and HEAD
	Append   echo.HandlerFunc // PATCH
	Delete   echo.HandlerFunc // DELETE
}

// AddTus adds the calls of uploads in pieces. They take no Idempotency-Key: an upload goes on at
// its offset.
func (s *Server) AddTus(t Tus) {
	s.tus = t
	one := t.Path + "/:id"
	s.PostFile(t.Path, speaksTus(t.Create))
	s.PatchFile(one, speaksTus(t.Append))
	s.Get(one, speaksTus(t.Show))
	s.Delete(one, speaksTus(t.Delete))
}

// discoverTus says what can be done with uploads in pieces in the response to OPTIONS, and lets
// pages of the listed origins do it.
func (s *Server) discoverTus(r *http.Request, h http.Header, listed bool) {
	if s.tus.Path == "" || !strings.HasPrefix(r.URL.Path, s.tus.Path) {
		return
	}
	if r.Method == http.MethodOptions {
		h.Set(tusResumable, tusVersion)
		h.Set("Tus-Version", tusVersion)
		h.Set("Tus-Extension", tusExtensions)
		h.Set("Tus-Max-Size", strconv.FormatInt(s.tus.MaxBytes(), 10))
	}
	if !listed {
		return
	}
	h["Access-Control-Expose-Headers"] = exposedTus
	if allowed := h.Get("Access-Control-Allow-Headers"); allowed != "" {
		h.Set("Access-Control-Allow-Headers",
			allowed+", Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset")
	}
}

var exposedTus = []string{exposed[0] + ", Tus-Extension, Tus-Max-Size, Tus-Resumable, " +
	"Tus-Version, Upload-Expires, Upload-Length, Upload-Offset, " + MediumHeader}

// speaksTus refuses another version of the protocol than ours.
func speaksTus(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h, r := c.Response().Header(), c.Request()
		h.Set(tusResumable, tusVersion)
		if spoken := r.Header.Get(tusResumable); spoken != "" && spoken != tusVersion {
			h.Set("Tus-Version", tusVersion)
			return httpErrorf(http.StatusPreconditionFailed,
				"Uploads speak tus %s here, not %q.", tusVersion, excerpt(spoken))
		}
		if r.Header.Get(idempotencyKey) != "" {
			return headerError(idempotencyKey, "not_allowed",
				"Uploads take no Idempotency-Key: they go on at their offset.")
		}
		return next(c)
	}
}

// headerError returns the error for a header that cannot be taken.
func headerError(name, code, sentence string) error {
	return &cms.Error{
		Code:   cms.InvalidParameter,
		Detail: "A header of the request cannot be taken.",
		Fields: []cms.FieldError{{Header: name, Code: code, Detail: sentence}},
	}
}

// UploadLength returns how many bytes an upload shall have.
func UploadLength(c echo.Context) (int64, error) { return sizeHeader(c, uploadLength) }

// UploadOffset returns at which byte what is sent goes on with an upload.
func UploadOffset(c echo.Context) (int64, error) { return sizeHeader(c, uploadOffset) }

func sizeHeader(c echo.Context, name string) (int64, error) {
	sent := c.Request().Header.Get(name)
	if sent == "" {
		return 0, headerError(name, "required", "Send "+name+", a number of bytes.")
	}
	n, err := strconv.ParseInt(sent, 10, 64)
	if err != nil || n < 0 {
		return 0, headerError(name, "invalid", name+" is a whole number of bytes.")
	}
	return n, nil
}

// HasPieces reports whether the body of a request is a part of an upload. It returns an error if it
// is anything else.
func HasPieces(c echo.Context) (bool, error) {
	r := c.Request()
	if r.Header.Get("Content-Type") == "" && r.ContentLength == 0 {
		return false, nil
	}
	return true, checkMediaType(r.Header, []string{piecesMediaType})
}

// Metadata are the words that come with an upload (Upload-Metadata).
type Metadata struct {
	Filename string // as the sender calls the file
	Fields   string // the fields that they set, as JSON: see BindFields
}

// aboutFile are the words that are about the file itself. What a browser takes its type for is
// not believed.
var aboutFile = map[string]bool{
	"filename": true, "name": true, "filetype": true, "type": true, "relativePath": true,
}

// ReadMetadata reads the words that come with an upload, and sets those that are no words about the
// file on *into as fields: texts as they are, everything else as JSON.
func ReadMetadata(c echo.Context, into any) (Metadata, error) {
	var m Metadata
	fields := map[string]any{}
	for pair := range strings.SplitSeq(c.Request().Header.Get(uploadMetadata), ",") {
		name, encoded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if name == "" {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if err != nil || !utf8.Valid(raw) {
			return m, headerError(uploadMetadata, "invalid",
				excerpt(name)+" is not followed by its value in UTF-8 and base64.")
		}
		text := string(raw)
		if aboutFile[name] {
			if name == "filename" || (name == "name" && m.Filename == "") {
				m.Filename = text
			}
			continue
		}
		was, again := fields[name]
		list, _ := was.([]any)
		if again && list == nil {
			return m, headerError(uploadMetadata, "repeated", excerpt(name)+" stands there twice.")
		}
		fields[name], err = formValue(fieldType(reflect.TypeOf(into).Elem(), name), text, list)
		if err != nil {
			return m, headerError(uploadMetadata, "wrong_type",
				excerpt(name)+" takes JSON: "+err.Error()+".")
		}
	}
	m.Fields = CanonicalJSON(fields)
	return m, bind(fields, into, false)
}

// BindFields sets fields that ReadMetadata has returned on *into.
func BindFields(fields string, into any) error {
	v, err := parseJSON([]byte(fields))
	if err != nil {
		return err
	}
	return bind(v, into, false)
}

// UploadState is where an upload stands.
type UploadState struct {
	Length    int64
	Offset    int64
	ExpiresAt time.Time
}

// SetUploadState says in the headers of a response where an upload stands.
func SetUploadState(c echo.Context, state UploadState) {
	h := c.Response().Header()
	h.Set("Cache-Control", noStore)
	h.Set(uploadLength, strconv.FormatInt(state.Length, 10))
	h.Set(uploadOffset, strconv.FormatInt(state.Offset, 10))
	h.Set(uploadExpires, state.ExpiresAt.UTC().Format(http.TimeFormat))
}

// MediumHeader names the medium that came of an upload.
const MediumHeader = "Masthead-Medium"

// Interrupt returns a function that ends the reading of the body of a request that takes a file. It
// may be called from anywhere.
func Interrupt(c echo.Context) func() { return c.Request().Body.(*pacedBody).end }
