package testkit

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/testkit/conform"
)

// judge keeps what a test would have been failed for.
type judge struct {
	testing.TB
	said []string
}

func (j *judge) Errorf(format string, args ...any) {
	j.said = append(j.said, fmt.Sprintf(format, args...))
}

func TestAnswersThatAreNotAsDocumentedAreFound(t *testing.T) {
	t.Parallel()
	k := New(t)
	good := k.Published(nil)
	live := k.Public("GET", "/v1/articles/"+good.Text("slug")).Want(200)
	body := string(live.Body)
	for what, c := range map[string]struct {
		method, target string
		status         int
		without        string // a header
		body           string
		faulty         bool
	}{
		"the answer itself":   {"GET", "/v1/articles/x", 200, "", body, false},
		"a status":            {"GET", "/v1/articles/x", 206, "", body, true},
		"a field too few":     {"GET", "/v1/articles/x", 200, "", strings.Replace(body, `"kicker":null,`, "", 1), true},
		"a field too many":    {"GET", "/v1/articles/x", 200, "", strings.Replace(body, `"kicker":null`, `"kicker":null,"colour":"red"`, 1), true},
		"a field of a part":   {"GET", "/v1/articles/x", 200, "", strings.Replace(body, `"meta":{`, `"meta":{"colour":"red",`, 1), true},
		"a format":            {"GET", "/v1/articles/x", 200, "", strings.Replace(body, good.Text("id"), "seventeen", 1), true},
		"a body of HEAD":      {"HEAD", "/v1/articles/x", 200, "", body, true},
		"no body of HEAD":     {"HEAD", "/v1/articles/x", 200, "", "", false},
		"a redirection":       {"GET", "/v1/articles", 308, "", "", true},
		"a body where none":   {"GET", "/v1/articles/x", 304, "", body, true},
		"a header of 304":     {"GET", "/v1/articles/x", 304, "X-Request-Id", "", true},
		"304":                 {"GET", "/v1/articles/x", 304, "Content-Type", "", false},
		"a field of a type":   {"GET", "/v1/articles/x", 200, "", strings.Replace(body, `"kicker":null`, `"kicker":5`, 1), true},
		"a null":              {"GET", "/v1/articles/x", 200, "", strings.Replace(body, `"slug":"`, `"slug":null,"x":"`, 1), true},
		"a word of a list":    {"GET", "/v1/articles/x", 200, "", strings.Replace(body, `"type":"news"`, `"type":"blog"`, 1), true},
		"a header":            {"GET", "/v1/articles/x", 200, "X-Request-Id", body, true},
		"a route":             {"GET", "/v1/nothing", 200, "", body, true},
		"nothing at no route": {"GET", "/v1/nothing", 404, "", body, false},
	} {
		header := live.Header.Clone()
		header.Del(c.without)
		if c.status == 304 {
			for _, name := range []string{"Content-Language", "Surrogate-Key", "Cache-Tag", "Cache-Groups"} {
				header.Del(name)
			}
		}
		j := &judge{TB: t}
		request := httptest.NewRequest(c.method, "http://masthead.test"+c.target, http.NoBody)
		Conform(j, conform.Exchange{Request: request, Status: c.status, Header: header, Body: []byte(c.body)})
		if (len(j.said) > 0) != c.faulty {
			t.Errorf("%s: it said %q", what, j.said)
		}
	}
}

func TestAnswersAreLookedAtInAnyCoding(t *testing.T) {
	t.Parallel()
	k := New(t)
	k.Published(nil)
	for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
		r := k.Public("GET", "/v1/articles").Header("Accept-Encoding", coding).Want(200)
		e := conform.Exchange{Request: httptest.NewRequest("GET", "/v1/articles", http.NoBody), Status: 200, Header: r.Header, Body: r.Body}
		j := &judge{TB: t}
		if Conform(j, e); len(j.said) > 0 {
			t.Errorf("%s: it said %q", coding, j.said)
		}
		e.Header = r.Header.Clone()
		e.Header.Set("Content-Encoding", "compress")
		if Conform(j, e); len(j.said) == 0 {
			t.Errorf("%s: a coding that nobody knows was not found", coding)
		}
	}
}

func TestRequestsThatAreNotAsDocumentedAreFoundIfTheySucceed(t *testing.T) {
	t.Parallel()
	k := New(t)
	list := k.Public("GET", "/v1/articles").Want(200)
	for what, c := range map[string]struct {
		target, header, value, body string
		faulty                      bool
	}{
		"the request itself":   {"/v1/articles?limit=5", "If-None-Match", `"x"`, "", false},
		"a limit":              {"/v1/articles?limit=1000", "", "", "", true},
		"a parameter":          {"/v1/articles?colour=red", "", "", "", true},
		"a parameter twice":    {"/v1/articles?limit=5&limit=5", "", "", "", true},
		"a header":             {"/v1/articles", "X-Colour", "red", "", true},
		"a header of another":  {"/v1/articles", "If-Match", `"1"`, "", true},
		"a header of HTTP":     {"/v1/articles", "Accept-Encoding", "gzip", "", false},
		"a body":               {"/v1/articles", "Content-Type", "application/json", "{}", true},
		"no credential":        {"/v1/auth/me", "", "", "", true},
		"the wrong kind of id": {"/v1/articles?id=seventeen", "", "", "", true},
	} {
		j := &judge{TB: t}
		r := httptest.NewRequest("GET", "http://masthead.test"+c.target, http.NoBody)
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		e := conform.Exchange{Request: r, Sent: []byte(c.body), Status: list.Status, Header: list.Header, Body: list.Body}
		Conform(j, e)
		refused := slices.ContainsFunc(j.said, func(s string) bool { return strings.Contains(s, "forbids") })
		if refused != c.faulty {
			t.Errorf("%s: it said %q", what, j.said)
		}
		e.AnyHeader = true
		j.said = nil
		if Conform(j, e); (len(j.said) > 0) != (c.faulty && what != "a header") {
			t.Errorf("%s, where any header may come: it said %q", what, j.said)
		}
		e.ResponseOnly = true
		j.said = nil
		if Conform(j, e); slices.ContainsFunc(j.said, func(s string) bool { return strings.Contains(s, "forbids") }) {
			t.Errorf("%s, on purpose: it said %q", what, j.said)
		}
	}
}
