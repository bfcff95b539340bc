package cache

import (
	"bytes"
	"io"
	"runtime"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Higher levels take much longer for little gain.
const (
	brotliLevel = 5
	gzipLevel   = 6
	zstdWindow  = 128 << 10 // bytes; a larger window takes memory, and few responses are longer
)

// maxEncoders is the most responses encoded at once, however many processors there are: each
// encoder takes a few MiB.
const maxEncoders = 8

// encoderPool holds the idle encoders. There are as many as can run at once: more would take memory
// and make none of them faster.
type encoderPool chan *encoder

func newEncoderPool() encoderPool {
	all := make(encoderPool, min(runtime.GOMAXPROCS(0), maxEncoders))
	for range cap(all) {
		all <- new(encoder)
	}
	return all
}

// encode encodes a body as soon as an encoder is idle.
func (all encoderPool) encode(coding Coding, body []byte) []byte {
	c := <-all
	defer func() { all <- c }()
	return c.encode(coding, body)
}

// encoder encodes one body at a time. The writers are created when first needed and reused, because
// creating one takes longer than encoding most responses.
type encoder struct {
	out    bytes.Buffer
	brotli *brotli.Writer
	zstd   *zstd.Encoder
	gzip   *gzip.Writer
}

// maxBufferBytes is the capacity of the largest output buffer that is reused.
const maxBufferBytes = 256 << 10

func (c *encoder) encode(coding Coding, body []byte) []byte {
	w := c.writer(coding)
	w.Reset(&c.out)
	_, _ = w.Write(body) // writes to a buffer succeed
	_ = w.Close()
	encoded := bytes.Clone(c.out.Bytes())
	if c.out.Reset(); c.out.Cap() > maxBufferBytes {
		c.out = bytes.Buffer{}
	}
	return encoded
}

// resettable is a compressing writer that can be reused for another body.
type resettable interface {
	io.WriteCloser
	Reset(to io.Writer)
}

func (c *encoder) writer(coding Coding) resettable {
	switch coding {
	case Brotli:
		if c.brotli == nil {
			c.brotli = brotli.NewWriterLevel(nil, brotliLevel)
		}
		return c.brotli
	case Zstandard:
		if c.zstd == nil {
			c.zstd, _ = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1),
				zstd.WithWindowSize(zstdWindow)) // the options are valid
		}
		return c.zstd
	default:
		if c.gzip == nil {
			c.gzip, _ = gzip.NewWriterLevel(nil, gzipLevel) // the level is valid
		}
		return c.gzip
	}
}
