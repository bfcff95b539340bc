package api_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

// Not every client compares names of headers without case, so they are sent as the specification
// writes them.
func TestHeadersAreSentByTheirNamesInTheSpecification(t *testing.T) {
	t.Parallel()
	s := openTwoServers(t, func(_ *newsroom.Options, o *api.Options) {
		age := time.Minute
		o.CDNMaxAge = &age
	})
	id, slug := story(s.kit)
	live, draft := "/v1/articles/"+slug, "/v1/articles/"+id+"?view=draft"
	etag := s.kit.Public("GET", live).Want(200).ETag()
	credential := "Authorization: Bearer " + s.kit.Token(cms.Editor)
	for _, c := range []struct {
		method, target, field string
		status                int
		names                 []string
	}{
		{"GET", live, "", 200, []string{"ETag", "CDN-Cache-Control"}},
		{"GET", live, "If-None-Match: " + etag, 304, []string{"ETag", "CDN-Cache-Control"}},
		{"GET", "/docs", "", 200, []string{"ETag"}},
		{"GET", draft, credential, 200, []string{"ETag"}},
		{"DELETE", "/v1/articles/" + id, credential, 428, []string{"ETag"}},
		{"GET", draft, "", 401, []string{"WWW-Authenticate"}},
	} {
		for _, addr := range []string{s.fronted, s.bare} {
			head := s.head(t, addr, c.method, c.target, c.field)
			if !strings.HasPrefix(head, fmt.Sprintf("HTTP/1.1 %d ", c.status)) {
				t.Errorf("%s %s: want %d, got\n%s", c.method, c.target, c.status, head)
			}
			for _, name := range c.names {
				if !strings.Contains(head, "\r\n"+name+": ") {
					t.Errorf("%s %s has no %s:\n%s", c.method, c.target, name, head)
				}
			}
		}
	}
}

// head sends a request and returns the head of its response as it came. Another request goes before
// it, for the first one of a connection is never answered by the front.
func (s *twoServers) head(t *testing.T, addr, method, target, field string) string {
	t.Helper()
	c := s.dial(t, addr)
	var head string
	for _, request := range []string{"HEAD /livez", method + " " + target} {
		request += " HTTP/1.1\r\nHost: masthead.test\r\n"
		if field != "" {
			request += field + "\r\n"
		}
		if _, err := io.WriteString(c, request+"\r\n"); err != nil {
			t.Fatal(err)
		}
		head = ""
		for !strings.HasSuffix(head, "\r\n\r\n") {
			line, err := c.in.ReadString('\n')
			if err != nil {
				t.Fatalf("%s %s: %v after %q", method, target, err, head)
			}
			head += line
		}
	}
	return head
}
