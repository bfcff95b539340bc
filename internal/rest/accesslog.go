package rest

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"
)

// accessLog writes one line for each call. It puts the JSON together by hand, in memory that is
// reused, because every call pays for this line.
type accessLog struct {
	out   io.Writer
	log   *slog.Logger
	lines sync.Pool // of *[]byte
}

// entry is what is logged of a call.
type entry struct {
	id, method, path, route, from string
	status                        int
	bytes                         int64
	at                            time.Time
	took                          time.Duration
}

func (l *accessLog) write(ctx context.Context, e *entry) {
	ms := float64(e.took.Microseconds()) / 1000
	if l.out == nil {
		l.log.LogAttrs(
			ctx, slog.LevelInfo, "request", slog.String("request_id", e.id),
			slog.String("method", e.method), slog.String("path", e.path),
			slog.String("route", e.route), slog.Int("status", e.status),
			slog.Int64("bytes", e.bytes), slog.Float64("ms", ms), slog.String("from", e.from),
		)
		return
	}
	line, ok := l.lines.Get().(*[]byte)
	if !ok {
		line = new([]byte)
	}
	b := append((*line)[:0], `{"time":"`...)
	b = e.at.Add(e.took).UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z")
	b = append(b, `","level":"INFO","msg":"request"`...)
	b = logField(b, "request_id", e.id)
	b = logField(b, "method", e.method)
	b = logField(b, "path", e.path)
	b = logField(b, "route", e.route)
	b = append(strconv.AppendInt(append(b, `,"status":`...), int64(e.status), 10), `,"bytes":`...)
	b = append(strconv.AppendInt(b, e.bytes, 10), `,"ms":`...)
	b = strconv.AppendFloat(b, ms, 'f', -1, 64)
	b = append(logField(b, "from", e.from), "}\n"...)
	_, _ = l.out.Write(b) // there is nowhere to report it
	*line = b
	l.lines.Put(line)
}

// logField appends a string field to a JSON object. Bytes that would have to be escaped become
// question marks: no id, method, escaped path or address that net/http accepts has any.
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
