package testkit

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
		"a field of a type":   {"GET", "/v1/articles/x", 200, "", strings.Replace(body, `"kicker":null`, `"kicker":5`, 1), true},
		"a null":              {"GET", "/v1/articles/x", 200, "", strings.Replace(body, `"slug":"`, `"slug":null,"x":"`, 1), true},
		"a word of a list":    {"GET", "/v1/articles/x", 200, "", strings.Replace(body, `"type":"news"`, `"type":"blog"`, 1), true},
		"a header":            {"GET", "/v1/articles/x", 200, "X-Request-Id", body, true},
		"a route":             {"GET", "/v1/nothing", 200, "", body, true},
		"nothing at no route": {"GET", "/v1/nothing", 404, "", body, false},
		"a parameter":         {"GET", "/v1/articles?limit=1000", 200, "", `{"data": [], "page": {"limit": 1, "next": null, "prev": null}}`, true},
	} {
		header := live.Header.Clone()
		header.Del(c.without)
		j := &judge{TB: t}
		watched := &Kit{T: j, Server: k.Server}
		watched.conform(httptest.NewRequest(c.method, "http://masthead.test"+c.target, http.NoBody), nil, &Response{j, c.status, header, []byte(c.body)})
		if (len(j.said) > 0) != c.faulty {
			t.Errorf("%s: it said %q", what, j.said)
		}
	}
}
