package media

import (
	"bytes"
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/corpora"
)

// inspect inspects bytes under a name.
func inspect(t testing.TB, b []byte, name string) (*Inspection, error) {
	t.Helper()
	return New(Options{}).Inspect(t.Context(), bytes.NewReader(b), int64(len(b)), name)
}

// mustRefuse fails the test if a file is taken, or refused with another code.
func mustRefuse(t testing.TB, b []byte, name string, code Code) *Refusal {
	t.Helper()
	found, err := inspect(t, b, name)
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		t.Errorf("%s: taken %t, error %v", name, found != nil, err)
		return &Refusal{}
	}
	if refusal.Code != code {
		t.Errorf("%s: refused as %s (%s), not %s", name, refusal.Code, refusal, code)
	}
	return refusal
}

// refused are the files of the corpora that must be refused, and why.
var refused = map[string]Code{
	"broken.png": Broken, "decompression_bomb.gif": Broken, "truncated_image.png": Broken,
	"truncated_jpeg.jpg": Broken, "invalid-crc32.png": Broken, "invalid-noend.png": Broken,
	"invalid-trunc.png": Broken, "invalid-zlib.png": Broken,
}

func TestRealPicturesAreTakenAndBrokenOnesRefused(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"images-go", "media-18f", "hostile-images-pillow"} {
		root := corpora.Path(t, folder)
		err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			t.Run(folder+"/"+entry.Name(), func(t *testing.T) { inspectCorpusFile(t, path) })
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func inspectCorpusFile(t *testing.T, path string) {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(path)
	if code, ok := refused[name]; ok {
		mustRefuse(t, b, name, code)
		return
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp":
	default:
		mustRefuse(t, b, name, Unsupported)
		return
	}
	found, err := inspect(t, b, name)
	if err != nil {
		t.Fatal(err)
	}
	cfg, format, err := image.DecodeConfig(bytes.NewReader(found.Served))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Width != found.Width || cfg.Height != found.Height ||
		found.ServedType != "image/"+format || len(found.Color) != 7 || found.ThumbHash == "" {
		t.Errorf("served as %s of %d × %d, described as %s of %d × %d, %s, %s", format, cfg.Width,
			cfg.Height, found.ServedType, found.Width, found.Height, found.Color, found.ThumbHash)
	}
}
