package front

import (
	"bytes"
	"strings"
	"time"
)

// A Request is a GET or HEAD in its plainest form. Its slices are valid until the Responder
// returns.
type Request struct {
	Head   bool   // the method is HEAD, not GET
	Target []byte // in origin form: a path with its query, visible ASCII only
	Fields []Field
	Peer   string    // address and port of the client's end
	At     time.Time // when the request was read

	names []byte // memory for the fields' names
}

// A Field is a line of a request's head.
type Field struct {
	Name  []byte // in lower case
	Value []byte // without blanks around it
}

// maxFields is how many fields a plain request has at most.
const maxFields = 64

var (
	getPrefix  = []byte("GET /")
	headPrefix = []byte("HEAD /")
	version    = []byte(" HTTP/1.1\r\n")
	lineEnd    = []byte("\r\n")
)

// parse reports whether b is one request in plain form, no more and no less, and sets r to it.
// net/http would then read the same request, and nothing that follows would belong to it.
func (r *Request) parse(b []byte) bool {
	if r.Head = bytes.HasPrefix(b, headPrefix); !r.Head && !bytes.HasPrefix(b, getPrefix) {
		return false
	}
	b = b[bytes.IndexByte(b, '/'):]
	length := bytes.IndexByte(b, ' ')
	if length < 0 || !bytes.HasPrefix(b[length:], version) || !isVisible(b[:length]) {
		return false
	}
	r.Target, b = b[:length], b[length+len(version):]
	r.Fields = r.Fields[:0]
	r.names = r.names[:0]
	hosts := 0
	for !bytes.Equal(b, lineEnd) {
		f, rest, ok := r.parseField(b)
		if !ok || len(r.Fields) == maxFields || !isPlain(f) {
			return false
		}
		if string(f.Name) == "host" {
			hosts++
		}
		r.Fields, b = append(r.Fields, f), rest
	}
	return hosts == 1
}

// parseField reads a line of the form "name: value" and returns what follows it.
func (r *Request) parseField(b []byte) (f Field, rest []byte, ok bool) {
	length := bytes.IndexByte(b, '\r')
	if length < 0 || !bytes.HasPrefix(b[length:], lineEnd) {
		return f, nil, false
	}
	line, rest := b[:length], b[length+len(lineEnd):]
	begin := len(r.names)
	for i, ch := range line {
		if ch == ':' {
			f = Field{r.names[begin:len(r.names):len(r.names)], bytes.Trim(line[i+1:], " \t")}
			return f, rest, i > 0 && isPrintable(f.Value)
		}
		if lowerCase[ch] == 0 {
			break
		}
		r.names = append(r.names, lowerCase[ch])
	}
	return f, nil, false
}

// isPlain reports whether a field leaves the request plain: without a body, and saying nothing of
// the connection or of other requests.
func isPlain(f Field) bool {
	switch string(f.Name) {
	case "host":
		return !bytes.ContainsFunc(f.Value, isForeignToHosts)
	case "connection":
		return bytes.EqualFold(f.Value, []byte("keep-alive"))
	case "content-length", "transfer-encoding", "trailer", "expect", "upgrade":
		return false
	}
	return true
}

// isForeignToHosts reports whether ch stands in no host: neither in a name or an address, nor in a
// port or brackets.
func isForeignToHosts(ch rune) bool {
	return (ch < '0' || ch > '9') && (ch < 'a' || ch > 'z') && (ch < 'A' || ch > 'Z') &&
		!strings.ContainsRune(".-_:[]", ch)
}

// isVisible reports whether b is visible ASCII.
func isVisible(b []byte) bool {
	for _, ch := range b {
		if ch <= ' ' || ch > '~' {
			return false
		}
	}
	return true
}

// isPrintable reports whether b is visible ASCII, spaces and tabs.
func isPrintable(b []byte) bool {
	for _, ch := range b {
		if (ch < ' ' && ch != '\t') || ch > '~' {
			return false
		}
	}
	return true
}

// lowerCase has the lower case of what may stand in a field's name (RFC 9110, section 5.6.2), and 0
// for what may not.
var lowerCase = func() (table [256]byte) {
	for _, ch := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") {
		table[ch] = ch
		if 'a' <= ch && ch <= 'z' {
			table[ch-'a'+'A'] = ch
		}
	}
	return table
}()
