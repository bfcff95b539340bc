package front_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/masthead-cms/masthead/internal/front"
)

// A piece of a stream is read by itself; if settled, the client waits for what is sent back before
// it goes on.
type piece struct {
	text    string
	settled bool
}

func (p piece) String() string { return fmt.Sprintf("%q %v", p.text, p.settled) }

// play sends a stream over a new connection, and returns all that is sent back until the server
// closes it.
func play(s *memoryServer, stream []piece) string {
	c := s.dial()
	var sent strings.Builder
	for _, p := range stream {
		c.feed(p.text)
		if p.settled {
			sent.WriteString(c.settle())
		}
	}
	sent.WriteString(c.settle())
	c.end()
	c.untilClosed()
	sent.WriteString(c.settle())
	return dates.ReplaceAllString(sent.String(), "Date: now\r\n")
}

// dates are the headers that net/http writes where it answers by itself.
var dates = regexp.MustCompile("Date: .*\r\n")

var (
	plainMethods = []string{"GET", "HEAD"}
	plainTargets = []string{"/ready", "/ready?a=b", "/other"}
	plainFields  = []string{
		"Accept: */*", "X-A: b", "x-a:\t c ", "Connection: keep-alive", `If-None-Match: "x"`,
	}

	oddMethods = []string{"POST", "OPTIONS", "get", "FORGET", "G ET", ""}
	oddTargets = []string{"/", "*", "/re ady", "http://a/ready", ""}
	versions   = []string{"HTTP/1.0", "HTTP/2.0", "HTTP/1.1 ", "http/1.1", ""}
	lineEnds   = []string{"\n", "\r", "\r\n\r\n", " \r\n"}
	oddFields  = []string{
		"Host: a", "Host: a b", "Host:", "Connection: close", "Connection: x, close",
		"Expect: 100-continue", "Expect: more", "Trailer: X", "Upgrade: websocket", "TE: trailers",
		" folded: x", "\tfolded", "X : y", ": y", "X", "X: \x00", "X: é", "X-é: y",
		"Content-Length: 0", "Content-Length: 33", "Content-Length: +1", "Content-Length: 1, 1",
		"Content-Length: -1", "Transfer-Encoding: chunked", "Transfer-Encoding: identity",
		"Transfer-Encoding: gzip, chunked", "X: " + plain, strings.Repeat("X: y\r\n", 70) + "X: z",
		strings.Repeat("X: more than a buffer\r\n", 200) + "X: z",
	}
	bodies = []string{
		"", "ok", plain, "2\r\nok\r\n0\r\n\r\n", "2\r\nok\r\n0\r\nHost: b\r\n\r\n",
		"20\r\n" + plain, "0\r\n\r\n" + plain, "x\r\n", "\r\n",
	}
)

// source draws the parts of a stream.
type source struct{ *rapid.T }

// oneIn reports, once in n times, true.
func (s source) oneIn(n int) bool { return rapid.IntRange(1, n).Draw(s.T, "one in") == n }

func (s source) of(values []string) string { return rapid.SampledFrom(values).Draw(s.T, "of") }

// or draws one of others once in n times, and else one of values.
func (s source) or(n int, others []string, values ...string) string {
	if s.oneIn(n) {
		return s.of(others)
	}
	return s.of(values)
}

func (s source) plainRequest() string {
	fields := rapid.SliceOfN(rapid.SampledFrom(plainFields), 0, 3).Draw(s.T, "fields")
	head := append([]string{s.of(plainMethods) + " " + s.of(plainTargets) + " HTTP/1.1"}, fields...)
	return strings.Join(append(head, "Host: a"), "\r\n") + "\r\n\r\n"
}

func (s source) oddRequest() string {
	end := func() string { return s.or(8, lineEnds, "\r\n") }
	method, target := s.or(2, oddMethods, plainMethods...), s.or(3, oddTargets, plainTargets...)
	head := method + " " + target + " " + s.or(6, versions, "HTTP/1.1") + end()
	if !s.oneIn(10) {
		head += "Host: a" + end()
	}
	for range rapid.IntRange(0, 3).Draw(s.T, "fields") {
		head += s.or(2, oddFields, plainFields...) + end()
	}
	body := s.of(bodies)
	if s.oneIn(2) {
		head += fmt.Sprintf("Content-Length: %d%s", len(body), end())
	}
	return head + end() + body
}

// stream draws requests, whole or cut, in pieces of their own or several in one.
func (s source) stream() []piece {
	var pieces []piece
	text := ""
	for range rapid.IntRange(2, 10).Draw(s.T, "requests") {
		if s.oneIn(4) {
			text += s.oddRequest()
		} else {
			text += s.plainRequest()
		}
		for s.oneIn(10) && len(text) > 1 {
			at := rapid.IntRange(1, len(text)-1).Draw(s.T, "at")
			pieces = append(pieces, piece{text[:at], s.oneIn(2)})
			text = text[at:]
		}
		if !s.oneIn(10) {
			pieces = append(pieces, piece{text, !s.oneIn(10)})
			text = ""
		}
	}
	return append(pieces, piece{text, true})
}

// Whatever is sent, however it is cut: a client gets the same bytes from a server with a front as
// from net/http alone.
func TestStreamsAreAnsweredAsByNetHTTPAlone(t *testing.T) {
	t.Parallel()
	fronted, bare := newSite(), newSite()
	with := serveMemory(fronted.server, fronted.options)
	without := serveMemory(bare.server, front.Options{})
	t.Cleanup(func() { fronted.server.Close() })
	t.Cleanup(func() { bare.server.Close() })
	streams := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		pieces := source{t}.stream()
		// Also behind two plain requests: net/http has the first, and the front answers the second.
		behind := append([]piece{{plain, true}, {plain, true}}, pieces...)
		for _, stream := range [][]piece{pieces, behind} {
			streams++
			want := play(without, stream)
			if got := play(with, stream); got != want {
				t.Errorf("%v is answered\n%q\nand by net/http alone\n%q", stream, got, want)
			}
		}
	})
	answered := fronted.answered.Load()
	t.Logf("the front answered %d requests of %d streams", answered, streams)
	if answered < streams/2 {
		t.Error("that is too little to say anything")
	}
}
