package rest

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/netip"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

const (
	maxUploads = 64               // files that are received at once
	idleTime   = 30 * time.Second // within which something has to come
	uploadPace = 8 << 10          // bytes a second that a caller has to send on the whole
	maxParts   = 32               // of a form, beside the file
	maxFields  = 256 << 10        // bytes of these parts together

	// workTime is for what is done with a file once it is there: pictures wait for each other. A
	// large file may take longer, at workPace bytes a second.
	workTime = 5 * time.Minute
	workPace = 8 << 20
)

// PostFile adds a POST, and PutFile a PUT, that takes a file: it may take as long as bytes keep
// coming. How many files are received at once is bounded.
func (s *Server) PostFile(path string, h echo.HandlerFunc) {
	s.echo.POST(path, s.receiving(h))
}

// PutFile is PostFile for a PUT.
func (s *Server) PutFile(path string, h echo.HandlerFunc) { s.echo.PUT(path, s.receiving(h)) }

// PatchFile is PostFile for a PATCH.
func (s *Server) PatchFile(path string, h echo.HandlerFunc) {
	s.echo.PATCH(path, s.receiving(h))
}

func (s *Server) receiving(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		securityHeaders(c.Response().Header())
		select {
		case s.uploads <- struct{}{}:
			defer func() { <-s.uploads }()
		default:
			return &cms.Error{
				Code:       cms.Unavailable,
				Detail:     "Too many files are being received; send this one again in a moment.",
				RetryAfter: time.Second,
			}
		}
		from, _ := netip.ParseAddr(c.RealIP())
		whole := c.Request()
		defer c.SetRequest(whole)
		r := whole.WithContext(newsroom.From(whole.Context(), from))
		r.Body = newPacedBody(c, r.Body)
		c.SetRequest(r)
		return next(c)
	}
}

// pacedBody is a body that must keep coming: each read has to bring something within idleTime, and
// all of them uploadPace on the whole.
type pacedBody struct {
	io.ReadCloser
	control  *http.ResponseController
	start    time.Time
	received int64
	ended    atomic.Bool
}

func newPacedBody(c echo.Context, body io.ReadCloser) *pacedBody {
	return &pacedBody{
		ReadCloser: body,
		control:    http.NewResponseController(c.Response()),
		start:      time.Now(),
	}
}

// Read reads bytes that come in time.
func (p *pacedBody) Read(b []byte) (int, error) {
	deadline := time.Now().Add(idleTime)
	allowed := time.Duration(p.received/uploadPace) * time.Second
	if whole := p.start.Add(idleTime + allowed); whole.Before(deadline) {
		deadline = whole
	}
	_ = p.control.SetReadDeadline(deadline) // where there are none, the client may be slow
	_ = p.control.SetWriteDeadline(deadline.Add(p.workTime() + idleTime))
	if p.ended.Load() {
		return 0, errBrokenBody
	}
	n, err := p.ReadCloser.Read(b)
	p.received += int64(n)
	if err != nil && err != io.EOF {
		err = errBrokenBody
	}
	return n, err
}

var errBrokenBody = httpErrorf(http.StatusBadRequest, "The body could not be read to its end.")

// end makes a Read that waits, and all that follow, fail.
func (p *pacedBody) end() {
	p.ended.Store(true)
	_ = p.control.SetReadDeadline(time.Unix(1, 0))
}

// workTime is how long what is done with the bytes may take once they are there.
func (p *pacedBody) workTime() time.Duration {
	return workTime + time.Duration(p.received/workPace)*time.Second
}

// WithUploadTime returns a context for what is done with a file once it is there.
func WithUploadTime(c echo.Context) (context.Context, context.CancelFunc) {
	limit := workTime
	if body, ok := c.Request().Body.(*pacedBody); ok {
		limit = body.workTime()
	}
	return context.WithTimeout(c.Request().Context(), limit)
}

// ReadForm reads a body of multipart/form-data with one part "file", which is given to take while
// it comes, and sets the other parts on *into as fields: texts as they are, everything else as
// JSON. It returns the parts as one text, in the order of their names, for telling calls apart.
func ReadForm(c echo.Context, into any, take func(name string, r io.Reader) error) (string, error) {
	parts, err := c.Request().MultipartReader()
	if err != nil {
		return "", httpErrorf(http.StatusUnsupportedMediaType,
			"Send a body of multipart/form-data with the part file; it came as %q.",
			excerpt(c.Request().Header.Get("Content-Type")))
	}
	form := formReader{fields: map[string]any{}, left: maxFields}
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", unreadable(err)
		}
		if n > maxParts {
			return "", httpErrorf(http.StatusBadRequest, "The form has over %d parts.", maxParts)
		}
		if err := form.read(part, reflect.TypeOf(into).Elem(), take); err != nil {
			return "", err
		}
	}
	if !form.hasFile {
		return "", fileError("required", "Send the file as the part file.")
	}
	return CanonicalJSON(form.fields), bind(form.fields, into, false)
}

// unreadable returns the error for a body that breaks off.
func unreadable(err error) error {
	var problem *cms.Error
	var ofHTTP *httpError
	if errors.As(err, &problem) || errors.As(err, &ofHTTP) {
		return err
	}
	return errBrokenBody
}

func fileError(code, sentence string) error {
	return cms.FieldErrorf(cms.Invalid, "file", code, "%s", sentence)
}

// formReader reads the parts of a form.
type formReader struct {
	fields  map[string]any
	left    int64 // bytes that fields may still have
	hasFile bool
}

func (f *formReader) read(part *multipart.Part, t reflect.Type,
	take func(name string, r io.Reader) error) error {
	name := part.FormName()
	switch {
	case name == "file" && f.hasFile:
		return fileError("repeated", "Send one file a call.")
	case name == "file":
		f.hasFile = true
		file := &fileReader{part: part}
		if err := take(part.FileName(), file); file.err == nil {
			return err
		}
		return unreadable(file.err)
	}
	text, err := io.ReadAll(io.LimitReader(part, f.left+1))
	if err != nil {
		return unreadable(err)
	}
	if f.left -= int64(len(text)); f.left < 0 {
		return httpErrorf(http.StatusRequestEntityTooLarge,
			"The fields of the form have over %d bytes together.", maxFields)
	}
	was, again := f.fields[name]
	list, _ := was.([]any)
	if again && list == nil {
		return cms.FieldErrorf(cms.Invalid, name, "repeated", "%s stands twice in the form.",
			excerpt(name))
	}
	value, err := formValue(fieldType(t, name), string(text), list)
	if err != nil {
		return cms.FieldErrorf(cms.Invalid, name, "wrong_type",
			"The part %s of a form must be %s; it cannot be read: %s.", excerpt(name),
			partShape(fieldType(t, name)), err)
	}
	f.fields[name] = value
	return nil
}

// fileReader reads a file, and keeps the error if it breaks off.
type fileReader struct {
	part io.Reader
	err  error
}

// Read returns the next bytes.
func (f *fileReader) Read(p []byte) (int, error) {
	n, err := f.part.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

// fieldType returns the type of the field of a struct with a name on the wire, nil if it has none.
func fieldType(t reflect.Type, name string) reflect.Type {
	for _, f := range reflect.VisibleFields(t) {
		wire, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if wire == name && f.Type.Kind() == reflect.Pointer {
			return f.Type.Elem()
		}
	}
	return nil
}

// textsType is the type of a list of texts, which stand in parts of their own or in one as JSON.
var textsType = reflect.TypeFor[[]string]()

// partShape says what a part of a form for a field of a type looks like.
func partShape(t reflect.Type) string {
	switch {
	case t == textsType:
		return "a text, with a part for each, or a JSON array of texts"
	case t.Kind() == reflect.Bool:
		return "true or false"
	}
	return "a JSON object"
}

// formValue returns what a part of a form means for a field of a type, behind those of a list that
// came before. An empty part is a field that was left out.
func formValue(t reflect.Type, text string, before []any) (any, error) {
	switch {
	case t == textsType && !strings.HasPrefix(text, "["):
		return append(before, text), nil
	case text == "":
		return nil, nil
	case t == nil, t == timeType, t.Kind() == reflect.String:
		return text, nil
	case t.Kind() == reflect.Bool && (text == "1" || text == "0"):
		return text == "1", nil
	}
	return parseJSON([]byte(text))
}
