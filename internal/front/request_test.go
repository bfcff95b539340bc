package front_test

import (
	"bufio"
	"bytes"
	"io"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/masthead-cms/masthead/internal/front"
)

var plainSeeds = []string{
	"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
	"HEAD /a?b=%20 HTTP/1.1\r\nHost: [::1]:80\r\nX-A:b\r\nx-a: \t c \r\nTE: x\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
	"GET / HTTP/1.1\r\nHost: a\r\n b: c\r\n\r\n",
	"GET /% HTTP/1.1\r\nHost:\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET //a/../b#c HTTP/1.1\r\nHost: a_b\r\nTE: trailers\r\n\r\n",
}

// What is taken for a plain request, net/http takes for the same one, without a body and with
// nothing behind it.
func FuzzParse(f *testing.F) {
	for _, seed := range plainSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		before := bytes.Clone(sent)
		plain, ok := front.Parse(sent)
		if !bytes.Equal(before, sent) {
			t.Fatalf("%q was changed to %q", before, sent)
		}
		if ok {
			compare(t, sent, &plain)
		}
	})
}

// compare holds a request that was taken for plain against what net/http reads.
func compare(t *testing.T, sent []byte, plain *front.Request) {
	t.Helper()
	in := bufio.NewReader(bytes.NewReader(sent))
	r, err := http.ReadRequest(in)
	if err != nil {
		if bytes.ContainsAny(plain.Target, "%:[]\\^`{}|<>\"") {
			return // addresses are judged by whoever has responses for them
		}
		t.Fatalf("%q is no request: %v", sent, err)
	}
	rest, _ := io.ReadAll(in)
	body, _ := io.ReadAll(r.Body)
	if len(rest)+len(body) > 0 || r.ContentLength != 0 || r.Close || len(r.TransferEncoding) > 0 {
		t.Errorf("%q is more than one plain request: %q, %q", sent, body, rest)
	}
	method := http.MethodGet
	if plain.Head {
		method = http.MethodHead
	}
	if r.RequestURI != string(plain.Target) || r.Method != method || !r.ProtoAtLeast(1, 1) {
		t.Errorf("%q: %s %s was read as %s %s", sent, r.Method, r.RequestURI, method, plain.Target)
	}
	fields := http.Header{}
	for _, field := range plain.Fields {
		fields.Add(string(field.Name), string(field.Value))
	}
	if hosts := fields["Host"]; len(hosts) != 1 || hosts[0] != r.Host {
		t.Errorf("%q: hosts %q, and net/http has %q", sent, hosts, r.Host)
	}
	fields.Del("Host")
	if !maps.EqualFunc(fields, r.Header, slices.Equal) {
		t.Errorf("%q: fields %v, and net/http has %v", sent, fields, r.Header)
	}
}
