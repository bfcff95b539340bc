package api

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/front"
)

// answerMade answers a quick question by the same way through Echo that net/http leads to, but for what net/http adds to
// it: nobody watches whether the caller goes away meanwhile, and the answer leaves in one piece.
func (s *Server) answerMade(r *front.Request, w *front.Writer) bool {
	target := string(r.Target)
	if !quick(target) {
		return false
	}
	request, ok := requestOf(r, target)
	if ok {
		s.reply(s, request, w)
	}
	return ok
}

// quick tells whether a question of readers is surely answered by a few steps along an index, so that the answer is there
// before a caller could lose patience: a list of articles or tags, or one of them, narrowed by nothing but quickly.
func quick(target string) bool {
	path, query, asked := strings.Cut(target, "?")
	noun, ref, _ := strings.Cut(strings.TrimPrefix(path, "/v1/"), "/")
	if noun != "articles" && noun != "tags" || strings.Contains(ref, "/") {
		return false
	}
	for parameter := range strings.SplitSeq(query, "&") {
		if name, _, _ := strings.Cut(parameter, "="); asked && !quickly[name] {
			return false
		}
	}
	return true
}

// quickly are the parameters that leave a question quick, however many articles there are: they choose by an index, or what is
// shown of each. Orders are not among them, nor what combines with them: see docs/performance.md for what is not flat.
var quickly = map[string]bool{"cursor": true, "fields": true, "id": true, "include": true, "limit": true, "slug": true, "tag": true}

// requestOf is a plain request as net/http would read it. It is not ok if net/http would refuse its address, or if it has a
// credential.
func requestOf(r *front.Request, target string) (request *http.Request, ok bool) {
	address, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, false
	}
	request = &http.Request{
		Method: http.MethodGet, URL: address, RequestURI: target, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: make(http.Header, len(r.Fields)), Body: http.NoBody, RemoteAddr: r.Peer,
	}
	if r.Head {
		request.Method = http.MethodHead
	}
	for _, f := range r.Fields {
		switch name := string(f.Name); name {
		case "authorization":
			return nil, false
		case "host":
			request.Host = string(f.Value)
		default:
			request.Header.Add(name, string(f.Value))
		}
	}
	return request, true
}

// reply has a handler answer a plain request. An answer that is not what its head says ends the connection, as it does in
// net/http.
func (s *Server) reply(h http.Handler, r *http.Request, to *front.Writer) {
	w := &replyWriter{to: to, head: r.Method == http.MethodHead, header: http.Header{}, date: &s.date}
	h.ServeHTTP(w, r)
	if !w.sent {
		w.WriteHeader(http.StatusOK)
		_, _ = w.send(w.body) // the front knows of it
	}
}

// replyWriter is an http.ResponseWriter that sends head and body at once: when the body is as long as the handler said
// before, or when the handler is done.
type replyWriter struct {
	to     *front.Writer
	head   bool // HEAD
	header http.Header
	date   *date
	status int
	body   []byte // what has been written and not sent
	sent   bool
}

// Header is what is sent before the body.
func (w *replyWriter) Header() http.Header { return w.header }

// WriteHeader sets the status, once.
func (w *replyWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

// Write takes a part of the body, or all of it.
func (w *replyWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	switch {
	case w.bodyless():
		return 0, http.ErrBodyNotAllowed
	case w.sent:
		return 0, http.ErrContentLength
	case w.body == nil && w.declares(len(p)):
		return w.send(p)
	}
	w.body = append(w.body, p...)
	return len(p), nil
}

// declares tells whether the handler said that the body has so many bytes.
func (w *replyWriter) declares(length int) bool {
	declared := w.header["Content-Length"]
	return len(declared) == 1 && declared[0] == strconv.Itoa(length)
}

// bodyless tells whether answers of the status have no body (RFC 9110, section 6.4.1).
func (w *replyWriter) bodyless() bool {
	return w.status == http.StatusNoContent || w.status == http.StatusNotModified
}

// send sends the answer with its body, of which HEAD is told the length. It tells how much of it was taken.
func (w *replyWriter) send(body []byte) (int, error) {
	w.sent = true
	switch _, declared := w.header["Content-Length"]; {
	case w.bodyless() || w.head && len(body) == 0:
	case !declared:
		w.header.Set("Content-Length", strconv.Itoa(len(body)))
	case !w.head && !w.declares(len(body)):
		panic(http.ErrAbortHandler)
	}
	head := bytes.NewBuffer(w.to.Room[:0])
	fmt.Fprintf(head, "HTTP/1.1 %d %s\r\n", w.status, http.StatusText(w.status))
	_ = w.header.Write(head) // a buffer takes all
	head.Write(w.date.line(time.Now()))
	head.WriteString("\r\n")
	w.to.Room = head.Bytes()
	if w.head {
		w.to.Send(w.to.Room, nil)
		return len(body), nil
	}
	n := w.to.Send(w.to.Room, body)
	if n < len(body) {
		return n, io.ErrShortWrite
	}
	return n, nil
}
