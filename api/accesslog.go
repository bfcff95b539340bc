package api

import (
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// accessLog writes one line for each call. As JSON it is put together by hand, into memory that is used again: it is the one
// line that every call pays for.
type accessLog struct {
	out   io.Writer
	log   *slog.Logger
	lines sync.Pool // of *[]byte
}

func (l *accessLog) write(c echo.Context, route string, at time.Time, took time.Duration) {
	r, w := c.Request(), c.Response()
	if l.out == nil {
		l.log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("request_id", requestID(c)),
			slog.String("method", r.Method), slog.String("path", r.URL.EscapedPath()), slog.String("route", route), slog.Int("status", w.Status),
			slog.Int64("bytes", w.Size), slog.Float64("ms", float64(took.Microseconds())/1000), slog.String("from", c.RealIP()))
		return
	}
	line, ok := l.lines.Get().(*[]byte)
	if !ok {
		line = new([]byte)
	}
	b := append((*line)[:0], `{"time":"`...)
	b = at.Add(took).UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z")
	b = append(b, `","level":"INFO","msg":"request"`...)
	b = logField(b, "request_id", requestID(c))
	b = logField(b, "method", r.Method)
	b = logField(b, "path", r.URL.EscapedPath())
	b = logField(b, "route", route)
	b = append(strconv.AppendInt(append(b, `,"status":`...), int64(w.Status), 10), `,"bytes":`...)
	b = append(strconv.AppendInt(b, w.Size, 10), `,"ms":`...)
	b = strconv.AppendFloat(b, float64(took.Microseconds())/1000, 'f', -1, 64)
	b = append(logField(b, "from", c.RealIP()), "}\n"...)
	_, _ = l.out.Write(b) // where the log cannot be written there is nobody to tell
	*line = b
	l.lines.Put(line)
}

// logField appends a field of text to a JSON object. What would have to be escaped becomes a question mark: no id, method, escaped path
// or address that net/http lets through has any of it.
func logField(b []byte, name, value string) []byte {
	b = append(append(append(b, `,"`...), name...), `":"`...)
	for i := range len(value) {
		ch := value[i]
		if ch < ' ' || ch > '~' || ch == '"' || ch == '\\' {
			ch = '?'
		}
		b = append(b, ch)
	}
	return append(b, '"')
}
