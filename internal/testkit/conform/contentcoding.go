package conform

import (
	"bytes"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// decoded returns a body without its content coding.
func decoded(coding string, body []byte) ([]byte, error) {
	if len(body) == 0 {
		return body, nil
	}
	packed := bytes.NewReader(body)
	switch coding {
	case "", "identity":
		return body, nil
	case "br":
		return io.ReadAll(brotli.NewReader(packed))
	case "gzip":
		r, err := gzip.NewReader(packed)
		if err != nil {
			return nil, err
		}
		return io.ReadAll(r)
	case "zstd":
		r, err := zstd.NewReader(packed)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return io.ReadAll(r)
	default:
		return nil, fmt.Errorf("the coding %s was not requested", coding)
	}
}
