package cache

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
)

// Coding is a content coding (RFC 9110, section 8.4.1).
type Coding int

// The codings, the best first where a caller takes several alike.
const (
	Brotli Coding = iota
	Zstandard
	Gzip
	Identity

	codings
)

// names are what codings are called in Content-Encoding.
var names = [codings]string{"br", "zstd", "gzip", "identity"}

// String is the name of a coding in Content-Encoding.
func (c Coding) String() string { return names[c] }

// Answer is a finished answer. It is shared by many: nothing of it is ever to be changed.
type Answer struct {
	Header map[string][]string // what is sent with every variant
	Brief  map[string][]string // what is sent instead to a caller who has the body
	Note   string              // what its maker wants to know of it again
	Lines  Lines               // of an answer that is kept

	subjects []string
	slots    []uint16
	moment   uint64
	making   sync.Mutex
	variants [codings]atomic.Pointer[Variant]
}

// Variant is an answer in one coding.
type Variant struct {
	ETag   string
	Body   []byte
	Header map[string][]string // besides those of the answer: ETag, Content-Length and Content-Encoding
	Lines  []byte              // the same as HTTP/1.1 sends them, of an answer that is kept
}

// Lines are the headers of an answer as HTTP/1.1 sends them.
type Lines struct{ Header, Brief []byte }

// smallest is how many bytes an answer must have to be worth coding.
const smallest = 256

// NewAnswer finishes an answer made of subjects. Headers and body belong to it from now on.
func NewAnswer(body []byte, header, brief map[string][]string, subjects []string) *Answer {
	a := &Answer{Header: header, Brief: brief, subjects: subjects}
	a.variants[Identity].Store(newVariant(body, digest(body), Identity))
	return a
}

// ETag is the validator of an answer as it is.
func ETag(body []byte) string { return `"` + digest(body) + `"` }

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

func newVariant(body []byte, digest string, coding Coding) *Variant {
	v := &Variant{Body: body, Header: map[string][]string{"Content-Length": {strconv.Itoa(len(body))}}}
	if coding != Identity {
		v.Header["Content-Encoding"] = []string{coding.String()}
		digest += "-" + coding.String()
	}
	v.ETag = `"` + digest + `"`
	v.Header["Etag"] = []string{v.ETag}
	return v
}

// write puts the headers of an answer that is to be kept into lines.
func (a *Answer) write() {
	a.Lines = Lines{lines(a.Header), lines(a.Brief)}
	plain := a.Plain()
	plain.Lines = lines(plain.Header)
}

// lines are headers as HTTP/1.1 sends them, in order of their names.
func lines(header map[string][]string) []byte {
	var b []byte
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			b = append(append(append(append(b, name...), ": "...), value...), "\r\n"...)
		}
	}
	return b
}

// Plain is the answer as it is.
func (a *Answer) Plain() *Variant { return a.variants[Identity].Load() }

// make codes an answer, once. One that would not get smaller stays as it is.
func (a *Answer) make(coding Coding, by coders) *Variant {
	a.making.Lock()
	defer a.making.Unlock()
	if v := a.variants[coding].Load(); v != nil {
		return v
	}
	v := a.Plain()
	if len(v.Body) >= smallest {
		if coded := by.encode(coding, v.Body); len(coded) < len(v.Body) {
			v = newVariant(coded, v.ETag[1:len(v.ETag)-1], coding)
			v.Lines = lines(v.Header)
		}
	}
	a.variants[coding].Store(v)
	return v
}

// size is how many bytes an answer takes, about.
func (a *Answer) size() int {
	n := overhead
	for i := range a.variants {
		if v := a.variants[i].Load(); v != nil && (Coding(i) == Identity || v != a.Plain()) {
			n += len(v.Body) + len(v.Lines) + overhead/4
		}
	}
	return n + 2*len(a.Lines.Header) + len(a.Lines.Brief) // headers are held both ways
}
