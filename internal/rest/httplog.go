package rest

import (
	"context"
	"log/slog"
	"strings"
)

// httpLog passes on what net/http reports: a panic as an error, a client that does not speak TLS or
// HTTP as a warning.
type httpLog struct{ log *slog.Logger }

// Write logs one message of a log.Logger.
func (l httpLog) Write(message []byte) (int, error) {
	text := strings.TrimSuffix(string(message), "\n")
	level := slog.LevelWarn
	if strings.HasPrefix(text, "http: panic") {
		level = slog.LevelError
	}
	l.log.Log(context.Background(), level, "net/http", "message", text)
	return len(message), nil
}
