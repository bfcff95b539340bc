package cache

import (
	"bytes"
	"io"
	"runtime"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// The levels are those beyond which a coding takes much longer for little.
const (
	brotliLevel = 5
	gzipLevel   = 6
	zstdWindow  = 128 << 10 // bytes: a larger one takes memory, and few answers are longer
)

// maxCoders is how many answers are coded at once at most, however many processors there are: each coder takes a few MiB.
const maxCoders = 8

// coders are those that code nothing just now. There are as many as can work at once: more would take memory and make
// none of them quicker.
type coders chan *coder

func newCoders() coders {
	all := make(coders, min(runtime.GOMAXPROCS(0), maxCoders))
	for range cap(all) {
		all <- new(coder)
	}
	return all
}

// encode codes a body, when a coder is free.
func (all coders) encode(coding Coding, body []byte) []byte {
	c := <-all
	defer func() { all <- c }()
	return c.encode(coding, body)
}

// coder codes one body at a time. What coding takes is made when it is first needed and kept for the next body, for to
// make it takes longer than to code most answers.
type coder struct {
	out    bytes.Buffer
	brotli *brotli.Writer
	zstd   *zstd.Encoder
	gzip   *gzip.Writer
}

// largestKept is how large a buffer may be that is kept for the next body, in bytes.
const largestKept = 256 << 10

func (c *coder) encode(coding Coding, body []byte) []byte {
	w := c.writer(coding)
	w.Reset(&c.out)
	_, _ = w.Write(body) // a buffer takes everything
	_ = w.Close()
	coded := bytes.Clone(c.out.Bytes())
	if c.out.Reset(); c.out.Cap() > largestKept {
		c.out = bytes.Buffer{}
	}
	return coded
}

// resettable is a writer that can begin again with another body.
type resettable interface {
	io.WriteCloser
	Reset(to io.Writer)
}

func (c *coder) writer(coding Coding) resettable {
	switch coding {
	case Brotli:
		if c.brotli == nil {
			c.brotli = brotli.NewWriterLevel(nil, brotliLevel)
		}
		return c.brotli
	case Zstandard:
		if c.zstd == nil {
			c.zstd, _ = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(zstdWindow)) // the options are good
		}
		return c.zstd
	default:
		if c.gzip == nil {
			c.gzip, _ = gzip.NewWriterLevel(nil, gzipLevel) // the level is one
		}
		return c.gzip
	}
}
