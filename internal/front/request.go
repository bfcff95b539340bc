package front

import (
	"bytes"
	"strings"
	"time"
)

// Request is a GET or HEAD in its plainest form. What it has is good until it is answered.
type Request struct {
	Head   bool // HEAD
	Target []byte
	Fields []Field
	Peer   string    // the address and port of the other end
	At     time.Time // when it was read

	names []byte // of the fields
}

// Field is a line of a request's head.
type Field struct {
	Name  []byte // in lower case
	Value []byte
}

// mostFields is how many fields a plain request has at most.
const mostFields = 64

var (
	get     = []byte("GET /")
	head    = []byte("HEAD /")
	version = []byte(" HTTP/1.1\r\n")
	end     = []byte("\r\n")
)

// read reads a request and tells whether the bytes are one in plain form, no more and no less. Then net/http would read the same of
// them, and nothing of what comes after would belong to it.
func (r *Request) read(b []byte) bool {
	if r.Head = bytes.HasPrefix(b, head); !r.Head && !bytes.HasPrefix(b, get) {
		return false
	}
	b = b[bytes.IndexByte(b, '/'):]
	length := bytes.IndexByte(b, ' ')
	if length < 0 || !bytes.HasPrefix(b[length:], version) || !visible(b[:length]) {
		return false
	}
	r.Target, b = b[:length], b[length+len(version):]
	r.Fields, r.names = r.Fields[:0], r.names[:0]
	hosts := 0
	for !bytes.Equal(b, end) {
		f, rest, ok := r.field(b)
		if !ok || len(r.Fields) == mostFields || !plain(f) {
			return false
		}
		if string(f.Name) == "host" {
			hosts++
		}
		r.Fields, b = append(r.Fields, f), rest
	}
	return hosts == 1
}

// field reads a line of the form name: value.
func (r *Request) field(b []byte) (f Field, rest []byte, ok bool) {
	length := bytes.IndexByte(b, '\r')
	if length < 0 || !bytes.HasPrefix(b[length:], end) {
		return f, nil, false
	}
	line, rest := b[:length], b[length+len(end):]
	begin := len(r.names)
	for i, ch := range line {
		if ch == ':' {
			f = Field{r.names[begin:len(r.names):len(r.names)], bytes.Trim(line[i+1:], " \t")}
			return f, rest, i > 0 && printable(f.Value)
		}
		if lower[ch] == 0 {
			break
		}
		r.names = append(r.names, lower[ch])
	}
	return f, nil, false
}

// plain tells whether a field leaves the request as simple as it was: without a body, and about nothing but itself.
func plain(f Field) bool {
	switch string(f.Name) {
	case "host":
		return !bytes.ContainsFunc(f.Value, foreignToHosts)
	case "connection":
		return bytes.EqualFold(f.Value, []byte("keep-alive"))
	case "content-length", "transfer-encoding", "trailer", "expect", "upgrade":
		return false
	}
	return true
}

// foreignToHosts tells whether a host, its port and the brackets of IPv6 go without such a character.
func foreignToHosts(ch rune) bool {
	return (ch < '0' || ch > '9') && (ch < 'a' || ch > 'z') && (ch < 'A' || ch > 'Z') && !strings.ContainsRune(".-_:[]", ch)
}

// visible tells whether all is visible ASCII.
func visible(b []byte) bool {
	for _, ch := range b {
		if ch <= ' ' || ch > '~' {
			return false
		}
	}
	return true
}

// printable tells whether all is visible ASCII, blanks or tabs.
func printable(b []byte) bool {
	for _, ch := range b {
		if (ch < ' ' && ch != '\t') || ch > '~' {
			return false
		}
	}
	return true
}

// lower is the lower case of what may stand in a name (RFC 9110, section 5.6.2), and 0 for what may not.
var lower = func() (table [256]byte) {
	for _, ch := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") {
		table[ch] = ch
		if 'a' <= ch && ch <= 'z' {
			table[ch-'a'+'A'] = ch
		}
	}
	return table
}()
