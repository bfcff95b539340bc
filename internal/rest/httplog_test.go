package rest

import (
	"bytes"
	"log"
	"log/slog"
	"strings"
	"testing"
)

func TestWhatNetHTTPReportsIsAWarningOrAnError(t *testing.T) {
	t.Parallel()
	for message, level := range map[string]string{
		"http: TLS handshake error from 192.0.2.7:1: EOF":                 "WARN",
		"http: panic serving 192.0.2.7:1: runtime error\ngoroutine 1 [x]": "ERROR",
	} {
		var out bytes.Buffer
		log.New(httpLog{slog.New(slog.NewJSONHandler(&out, nil))}, "", 0).Print(message)
		if !strings.Contains(out.String(), `"level":"`+level+`"`) || strings.Count(out.String(), "\n") != 1 {
			t.Errorf("%q is logged as %s, want %s", message, &out, level)
		}
	}
}
