package library

import (
	"bytes"
	"context"
	"errors"
	"image"
	_ "image/jpeg"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/media"
)

// withRenditions lets a library keep so many bytes of renditions, as if it had just been opened.
func (f *fixture) withRenditions(most int64) {
	f.t.Helper()
	f.rendering.Wait()
	if f.renditions != nil {
		if err := f.renditions.root.Close(); err != nil {
			f.t.Fatal(err)
		}
	}
	var err error
	f.renditions, err = openRenditions(filepath.Join(f.data, "renditions"), most, func(err error) {
		f.t.Errorf("a rendition is not kept: %v", err)
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// keepPicture keeps a picture and returns the key of what is served of it.
func (f *fixture) keepPicture(n int) string {
	f.t.Helper()
	upload, err := f.Receive(f.t.Context(), bytes.NewReader(picture(n)), "a.png")
	if err != nil {
		f.t.Fatal(err)
	}
	defer upload.Discard()
	file, err := f.Keep(f.t.Context(), upload)
	if err != nil {
		f.t.Fatal(err)
	}
	return file.ServedKey
}

// rendition returns the bytes of a rendition.
func (f *fixture) rendition(key string, spec media.Spec) []byte {
	f.t.Helper()
	r, err := f.Rendition(f.t.Context(), key, spec)
	if err != nil {
		f.t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		f.t.Fatal(err)
	}
	if int64(len(b)) != r.Bytes {
		f.t.Errorf("%d bytes, not %d", len(b), r.Bytes)
	}
	return b
}

// opened returns how often files of the store were opened from now on.
func (f *fixture) opened() func() int {
	var mu sync.Mutex
	n := 0
	f.watched.watch(func(step, _ string) {
		mu.Lock()
		defer mu.Unlock()
		if step == "open" {
			n++
		}
	})
	return func() int {
		mu.Lock()
		defer mu.Unlock()
		return n
	}
}

var square = media.Spec{Width: 160, Ratio: "1x1", Format: "jpeg", X: 0.5, Y: 0.5}

func TestARenditionIsMadeOnceForFifty(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.withRenditions(1 << 20)
	key := f.keepPicture(1)
	opened := f.opened()
	var all sync.WaitGroup
	results := make([][]byte, 50)
	for i := range results {
		all.Go(func() { results[i] = f.rendition(key, square) })
	}
	all.Wait()
	for _, b := range results {
		if !bytes.Equal(b, results[0]) {
			t.Fatal("two callers got different bytes")
		}
	}
	cfg, format, err := image.DecodeConfig(bytes.NewReader(results[0]))
	if err != nil || format != "jpeg" || cfg.Width != 30 || cfg.Height != 30 {
		t.Errorf("%s of %d × %d, error %v", format, cfg.Width, cfg.Height, err)
	}
	if n := opened(); n != 1 {
		t.Errorf("the picture was opened %d times", n)
	}
}

func TestRenditionsAreKeptOverARestart(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.withRenditions(1 << 20)
	key := f.keepPicture(1)
	want := f.rendition(key, square)
	litter := filepath.Join(f.data, "renditions", "half.jpg.new")
	if err := os.WriteFile(litter, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	f.withRenditions(1 << 20)
	opened := f.opened()
	if got := f.rendition(key, square); !bytes.Equal(got, want) {
		t.Error("other bytes")
	}
	other := square
	other.X = 0.25
	f.rendition(key, other)
	if n := opened(); n != 1 {
		t.Errorf("the picture was opened %d times, not once for the new rendition", n)
	}
	if _, err := os.Stat(litter); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was half written is still there: %v", err)
	}
	// One whose file somebody removed is made again.
	if err := os.RemoveAll(filepath.Join(f.data, "renditions")); err != nil {
		t.Fatal(err)
	}
	f.withRenditions(1 << 20)
	if got := f.rendition(key, square); !bytes.Equal(got, want) {
		t.Error("other bytes")
	}
}

func TestTheOldestRenditionsMakeRoom(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.withRenditions(1 << 20)
	now := time.Now()
	f.clock = func() time.Time { return now }
	var keys []string
	size := int64(0)
	for n := range 4 {
		keys = append(keys, f.keepPicture(n))
		size = max(size, int64(len(f.rendition(keys[n], square))))
		now = now.Add(2 * touchAge)
	}
	f.rendition(keys[0], square) // used last, and its file says so
	f.withRenditions(2*size + size/2)
	if r := f.renditions; r.bytes > r.most || r.order.Len() != 2 {
		t.Fatalf("%d renditions of %d bytes; %d bytes are allowed", r.order.Len(), r.bytes, r.most)
	}
	opened := f.opened()
	f.rendition(keys[3], square)
	f.rendition(keys[0], square)
	if n := opened(); n != 0 {
		t.Errorf("%d of those used last are gone", n)
	}
	f.rendition(keys[1], square)
	f.rendition(keys[0], square)
	f.rendition(keys[3], square)
	if n := opened(); n != 2 {
		t.Errorf("%d were made, not the one that was gone and the one used longest ago", n)
	}
	var there int64
	err := filepath.Walk(filepath.Join(f.data, "renditions"), func(_ string, info os.FileInfo,
		err error) error {
		if err == nil && !info.IsDir() {
			there += info.Size()
		}
		return err
	})
	if err != nil || there > f.renditions.most {
		t.Errorf("the files have %d bytes, %d are allowed, error %v", there, f.renditions.most, err)
	}
}

func TestARenditionOfNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.withRenditions(1 << 20)
	key := f.keepPicture(1)
	if _, err := f.Rendition(t.Context(), key, media.Spec{Width: 7}); err == nil {
		t.Error("a width that is not offered is rendered")
	}
	if err := f.watched.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Rendition(t.Context(), key, square); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("a picture that is gone: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Rendition(ctx, f.keepPicture(2), square); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that has ended: %v", err)
	}
}

func TestWhatIsAskedForMeanwhileIsDrawnOfOneOpening(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.withRenditions(1 << 20)
	key := f.keepPicture(1)
	var specs []media.Spec
	for _, width := range media.Widths {
		for _, ratio := range media.Ratios[:2] {
			specs = append(specs, media.Spec{Width: width, Ratio: ratio, X: 0.5, Y: 0.5})
		}
	}
	turns := (len(specs) + turnLength - 1) / turnLength
	asked := make(chan struct{})
	n := 0 // one opens it after the other
	f.watched.watch(func(step, _ string) {
		if step == "open" {
			n++
			<-asked
		}
	})
	var all sync.WaitGroup
	for _, spec := range specs {
		w, there := f.want(key, renditionID(key, spec), spec)
		if there != nil {
			t.Fatal("it is there")
		}
		all.Go(func() {
			if <-w.done; w.err != nil {
				t.Error(w.err)
			}
		})
	}
	close(asked)
	all.Wait()
	f.rendering.Wait()
	if n != turns {
		t.Errorf("the picture was opened %d times for %d renditions, not %d", n, len(specs), turns)
	}
	// What fails, fails for all who wait, and is tried anew.
	if err := f.watched.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		other := square
		other.Format = "png"
		if _, err := f.Rendition(t.Context(), key, other); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("of a picture that is gone: %v", err)
		}
	}
	f.rendering.Wait()
	if len(f.drawings.byKey) != 0 {
		t.Errorf("%d pictures are still drawn", len(f.drawings.byKey))
	}
}
