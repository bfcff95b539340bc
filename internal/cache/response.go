package cache

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Coding is a content coding (RFC 9110, section 8.4.1).
type Coding int

// The content codings, in order of preference for callers that accept several equally.
const (
	Brotli Coding = iota
	Zstandard
	Gzip
	Identity

	codings
)

// codingNames are the names of codings in Content-Encoding.
var codingNames = [codings]string{"br", "zstd", "gzip", "identity"}

// String returns the name of a coding in Content-Encoding.
func (c Coding) String() string { return codingNames[c] }

// Response is a finished response. It is shared between requests and must not be modified once it
// is stored.
type Response struct {
	Header            map[string][]string // sent with every variant
	NotModifiedHeader map[string][]string // sent instead with 304 Not Modified
	Route             string              // the pattern of the route, for logs and metrics
	Until             time.Time           // from when it is no longer valid; zero: by no time
	Lines             Lines               // set once the response is stored

	tags     []string
	buckets  []uint32
	version  uint64
	encoding sync.Mutex
	variants [codings]atomic.Pointer[Variant]
}

// Variant is a response in one content coding.
type Variant struct {
	ETag   string
	Body   []byte
	Header map[string][]string // besides the response's: ETag, Content-Length, Content-Encoding
	Lines  []byte              // Header as HTTP/1.1 sends it, set once the response is stored
}

// Lines are the headers of a response as HTTP/1.1 sends them.
type Lines struct{ Header, NotModified []byte }

// minEncodedBytes is the size of the smallest body worth encoding.
const minEncodedBytes = 256

// NewResponse returns a response that becomes invalid when one of the tags changes. It owns body
// and headers from now on; notModified is the header of 304 Not Modified.
func NewResponse(body []byte, header, notModified map[string][]string, tags []string) *Response {
	r := &Response{Header: header, NotModifiedHeader: notModified, tags: tags}
	r.variants[Identity].Store(newVariant(body, digest(body), Identity))
	return r
}

// ETag returns the strong validator of an unencoded body.
func ETag(body []byte) string { return `"` + digest(body) + `"` }

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

func newVariant(body []byte, digest string, coding Coding) *Variant {
	v := &Variant{Body: body,
		Header: map[string][]string{"Content-Length": {strconv.Itoa(len(body))}}}
	if coding != Identity {
		v.Header["Content-Encoding"] = []string{coding.String()}
		digest += "-" + coding.String()
	}
	v.ETag = `"` + digest + `"`
	v.Header["Etag"] = []string{v.ETag}
	return v
}

// writeLines sets the header lines of a response that is going to be stored.
func (r *Response) writeLines() {
	r.Lines = Lines{headerLines(r.Header), headerLines(r.NotModifiedHeader)}
	plain := r.Plain()
	plain.Lines = headerLines(plain.Header)
}

// SentNames are the names of headers as they are sent, where net/http would write them otherwise.
// Names differ by case alone, which clients need not look at, but some do.
var SentNames = map[string]string{
	"Cdn-Cache-Control": "CDN-Cache-Control",
	"Etag":              "ETag",
	"Www-Authenticate":  "WWW-Authenticate",
}

// headerLines returns headers as HTTP/1.1 sends them, sorted by name.
func headerLines(header map[string][]string) []byte {
	var b []byte
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			b = append(append(b, cmp.Or(SentNames[name], name)...), ": "...)
			b = append(append(b, value...), "\r\n"...)
		}
	}
	return b
}

// Plain returns the unencoded variant.
func (r *Response) Plain() *Variant { return r.variants[Identity].Load() }

// encode encodes a response once. If that does not make it smaller, the variant is the unencoded
// one.
func (r *Response) encode(coding Coding, pool encoderPool) *Variant {
	r.encoding.Lock()
	defer r.encoding.Unlock()
	if v := r.variants[coding].Load(); v != nil {
		return v
	}
	v := r.Plain()
	if len(v.Body) >= minEncodedBytes {
		if encoded := pool.encode(coding, v.Body); len(encoded) < len(v.Body) {
			v = newVariant(encoded, v.ETag[1:len(v.ETag)-1], coding)
			v.Lines = headerLines(v.Header)
		}
	}
	r.variants[coding].Store(v)
	return v
}

// size returns roughly how many bytes a response takes.
func (r *Response) size() int {
	n := overhead
	for i := range r.variants {
		if v := r.variants[i].Load(); v != nil && (Coding(i) == Identity || v != r.Plain()) {
			n += len(v.Body) + len(v.Lines) + overhead/4
		}
	}
	return n + 2*len(r.Lines.Header) + len(r.Lines.NotModified) // headers are stored in both forms
}
