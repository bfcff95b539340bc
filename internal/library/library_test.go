package library

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/blob/blobtest"
	"github.com/masthead-cms/masthead/internal/media"
)

const maxBytes = 1 << 20

// fixture is a library whose files, and whose clock, are as old as a test says.
type fixture struct {
	*Library
	t       *testing.T
	data    string
	watched *watchedStore
	ahead   atomic.Int64 // of the clock, in nanoseconds
}

// watchedStore counts the files that are put, calls a function before each step, and says that
// files are older than they are.
type watchedStore struct {
	blob.Store
	mu     sync.Mutex
	puts   []string
	ages   map[string]time.Duration
	before func(step, key string)
}

func (s *watchedStore) step(name, key string) {
	s.mu.Lock()
	before := s.before
	if name == "put" && digestOf(key) != "" {
		s.puts = append(s.puts, key)
	}
	s.mu.Unlock()
	if before != nil {
		before(name, key)
	}
}

func (s *watchedStore) watch(before func(step, key string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = before
}

func (s *watchedStore) setAge(key string, age time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ages[key] = age
}

func (s *watchedStore) aged(info blob.Info) blob.Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	info.ModTime = info.ModTime.Add(-s.ages[info.Key])
	return info
}

func (s *watchedStore) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	s.step("put", key)
	s.setAge(key, 0)
	return s.Store.Put(ctx, key, r, size)
}

func (s *watchedStore) Open(ctx context.Context, key string) (blob.File, error) {
	s.step("open", key)
	return s.Store.Open(ctx, key)
}

func (s *watchedStore) Stat(ctx context.Context, key string) (blob.Info, error) {
	s.step("stat", key)
	info, err := s.Store.Stat(ctx, key)
	return s.aged(info), err
}

func (s *watchedStore) Delete(ctx context.Context, key string) error {
	s.step("delete", key)
	return s.Store.Delete(ctx, key)
}

func (s *watchedStore) All(ctx context.Context) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		for info, err := range s.Store.All(ctx) {
			if !yield(s.aged(info), err) {
				return
			}
		}
	}
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	return openFixture(t, t.TempDir(), maxBytes)
}

// openFixture returns a library in a folder of data.
func openFixture(t *testing.T, data string, maxBytes int64) *fixture {
	t.Helper()
	f := &fixture{t: t, data: data}
	var err error
	f.Library, err = Open(t.Context(), Options{
		URL:       blobtest.URL(t),
		DataDir:   f.data,
		MaxBytes:  maxBytes,
		Inspector: media.New(media.Options{}),
		Clock: func() time.Time {
			return time.Now().Add(time.Duration(f.ahead.Load()))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	f.watched = &watchedStore{Store: f.store, ages: map[string]time.Duration{}}
	f.store = f.watched
	return f
}

// grow makes all files older.
func (f *fixture) grow(age time.Duration) {
	f.t.Helper()
	for _, key := range f.keys() {
		f.watched.setAge(key, age)
	}
}

// picture returns a PNG picture, another one for each number.
func picture(n int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 * 30 {
		img.Set(i%40, i/40, color.NRGBA{uint8(i), uint8(n), uint8(i * n), 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// tryKeep receives and keeps a file.
func (f *fixture) tryKeep(content []byte, name string) (*File, error) {
	u, err := f.Receive(f.t.Context(), bytes.NewReader(content), name)
	if err != nil {
		return nil, err
	}
	defer u.Discard()
	return f.Keep(f.t.Context(), u)
}

func (f *fixture) keep(content []byte, name string) *File {
	f.t.Helper()
	file, err := f.tryKeep(content, name)
	if err != nil {
		f.t.Fatal(err)
	}
	return file
}

func (f *fixture) read(key string) []byte {
	f.t.Helper()
	file, err := f.Open(f.t.Context(), key)
	if err != nil {
		f.t.Fatal(err)
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		f.t.Fatal(err)
	}
	return content
}

// keys returns the keys of all that is in the store.
func (f *fixture) keys() []string {
	f.t.Helper()
	var keys []string
	for info, err := range f.store.All(f.t.Context()) {
		if err != nil {
			f.t.Fatal(err)
		}
		keys = append(keys, info.Key)
	}
	return keys
}

func (f *fixture) wantNoUploads() {
	f.t.Helper()
	left, err := os.ReadDir(filepath.Join(f.data, "uploads"))
	if err != nil || len(left) > 0 {
		f.t.Errorf("of uploads are left: %v %v", left, err)
	}
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func TestAPictureIsKeptAsItCameAndAsItIsServed(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	original := picture(1)
	file := f.keep(original, "Photo.PNG")
	if file.Digest != digest(original) || file.Bytes != int64(len(original)) ||
		file.Key != file.Digest[:2]+"/"+file.Digest+".png" {
		t.Errorf("the original is %+v", file)
	}
	if !bytes.Equal(f.read(file.Key), original) {
		t.Error("the original is not what came")
	}
	served := f.read(file.ServedKey)
	if file.ServedDigest != digest(served) || file.ServedBytes != int64(len(served)) ||
		file.ServedKey == file.Key || file.Served != nil {
		t.Errorf("what is served is %+v", file)
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(served))
	if err != nil || config.Width != 40 || file.Width != 40 || file.Kind != media.Image {
		t.Errorf("what is served is %+v, %v", config, err)
	}
	f.wantNoUploads()
}

func TestTheSameBytesAreWrittenOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first := f.keep(picture(1), "one.png")
	again := f.keep(picture(1), "another name.png")
	if again.Key != first.Key || again.ServedKey != first.ServedKey || len(f.watched.puts) != 2 {
		t.Errorf("%+v, and again %+v; written were %q", first, again, f.watched.puts)
	}
	// A file that was damaged in size is written again.
	ctx := t.Context()
	if err := f.store.Put(ctx, first.Key, strings.NewReader("half"), 4); err != nil {
		t.Fatal(err)
	}
	f.keep(picture(1), "one.png")
	if !bytes.Equal(f.read(first.Key), picture(1)) {
		t.Error("a damaged file was left so")
	}
}

func TestWhatIsRefusedIsNotKept(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	_, err := f.tryKeep([]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "drawing.svg")
	var refusal *media.Refusal
	if !errors.As(err, &refusal) || refusal.Code != media.Unsupported {
		t.Errorf("a drawing: %v", err)
	}
	if keys := f.keys(); len(keys) > 0 {
		t.Errorf("kept are %q", keys)
	}
}

// endless is a reader that never ends and counts what is read of it.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	return len(p), nil
}

func TestAnUploadIsBoundedWhileItComes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	in := &endless{}
	_, err := f.Receive(t.Context(), in, "film.mp4")
	var refusal *media.Refusal
	if !errors.As(err, &refusal) || refusal.Code != media.TooLarge ||
		!strings.Contains(refusal.Sentence, "1.0 MiB") {
		t.Errorf("without an end: %v", err)
	}
	if in.read > maxBytes+1<<20 {
		t.Errorf("%d bytes were read", in.read)
	}
	u, err := f.Receive(t.Context(), io.LimitReader(&endless{}, maxBytes), "film.mp4")
	if err != nil || u.Bytes != maxBytes || u.Digest != digest(make([]byte, maxBytes)) {
		t.Errorf("as large as may be: %+v %v", u, err)
	}
	u.Discard()
	u.Discard()
	gone := errors.New("the caller has gone")
	if _, err = f.Receive(t.Context(), iotest.ErrReader(gone), "x"); !errors.Is(err, gone) {
		t.Errorf("a reader that fails: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = f.Receive(ctx, in, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that has gone: %v", err)
	}
	f.wantNoUploads()
}

// unused returns the keys of files that no row names, where rows name the given ones.
func (f *fixture) unused(rows ...string) []string {
	f.t.Helper()
	keys := []string{}
	used := func(asked []string) (map[string]bool, error) {
		named := map[string]bool{}
		for _, key := range asked {
			named[key] = slices.Contains(rows, key)
		}
		return named, nil
	}
	for info, err := range f.Unused(f.t.Context(), used) {
		if err != nil {
			f.t.Fatal(err)
		}
		keys = append(keys, info.Key)
	}
	return keys
}

func TestUnusedFilesAreThoseOfNoRowThatAreNotYoung(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a, b := f.keep(picture(1), "a.png"), f.keep(picture(2), "b.png")
	const foreign = "notes/README.txt"
	if err := f.store.Put(t.Context(), foreign, strings.NewReader("not ours"), 8); err != nil {
		t.Fatal(err)
	}
	if got := f.unused(); len(got) > 0 {
		t.Errorf("young files are unused: %q", got)
	}
	f.grow(MinAge + time.Minute)
	got := f.unused(b.Key, b.ServedKey)
	want := []string{a.Key, a.ServedKey}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("unused are %q, want %q", got, want)
	}
	for _, key := range append(got, got...) {
		if _, err := f.Remove(t.Context(), key); err != nil {
			t.Error(err)
		}
	}
	want = []string{b.Key, b.ServedKey, foreign}
	slices.Sort(want)
	if got := f.keys(); !slices.Equal(got, want) {
		t.Errorf("there are %q, want %q", got, want)
	}
	failed := errors.New("the database is away")
	for _, err := range f.Unused(t.Context(), func([]string) (map[string]bool, error) {
		return nil, failed
	}) {
		if !errors.Is(err, failed) {
			t.Errorf("without an answer of the rows: %v", err)
		}
	}
}

func TestManyFilesAreAskedAboutInBatches(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	const n = 2*batchSize + 50
	for i := range n {
		key := keyOf(digest(fmt.Append(nil, i)), ".pdf")
		if err := f.store.Put(t.Context(), key, strings.NewReader("x"), 1); err != nil {
			t.Fatal(err)
		}
	}
	f.grow(2 * MinAge)
	var sizes []int
	used := func(keys []string) (map[string]bool, error) {
		sizes = append(sizes, len(keys))
		return map[string]bool{keys[0]: true}, nil
	}
	left := 0
	for _, err := range f.Unused(t.Context(), used) {
		if err != nil {
			t.Fatal(err)
		}
		left++
	}
	if !slices.Equal(sizes, []int{100, 100, 50}) || left != n-3 {
		t.Errorf("asked about %v, unused are %d", sizes, left)
	}
}

// Whether an upload finds its file before or after somebody who removes it looks at its age, the
// file is there in the end.
func TestAnUploadAndARemovalNeverLoseAFile(t *testing.T) {
	t.Parallel()
	content := picture(1)
	t.Run("the upload first", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		file := f.keep(content, "a.png")
		f.grow(2 * MinAge)
		f.watched.watch(func(step, key string) {
			if step == "put" && key == marks+file.Key {
				f.watched.watch(nil)
				f.keep(content, "a.png")
			}
		})
		removed, err := f.Remove(t.Context(), file.Key)
		if removed || err != nil {
			t.Errorf("removed: %v %v", removed, err)
		}
		f.read(file.Key)
	})
	t.Run("the removal first", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		file := f.keep(content, "a.png")
		f.grow(2 * MinAge)
		looked := make(chan struct{})
		var once sync.Once
		var uploads sync.WaitGroup
		f.watched.watch(func(step, key string) {
			switch {
			case step == "delete" && key == file.Key:
				uploads.Go(func() {
					if _, err := f.tryKeep(content, "a.png"); err != nil {
						t.Error(err)
					}
				})
				<-looked
			case step == "stat" && key == marks+file.Key:
				once.Do(func() { close(looked) })
			}
		})
		removed, err := f.Remove(t.Context(), file.Key)
		if !removed || err != nil {
			t.Errorf("removed: %v %v", removed, err)
		}
		uploads.Wait()
		if !bytes.Equal(f.read(file.Key), content) {
			t.Error("the file is another one")
		}
	})
	// A mark of one who died holds nobody up for long.
	t.Run("nobody removes", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		mark := marks + keyOf(digest(content), ".png")
		if err := f.store.Put(t.Context(), mark, strings.NewReader(""), 0); err != nil {
			t.Fatal(err)
		}
		f.grow(markAge + time.Second)
		f.read(f.keep(content, "a.png").Key)
	})
}

func TestAnUploadMakesAnOldFileYoung(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	file := f.keep(picture(1), "a.png")
	f.grow(freshAge)
	f.keep(picture(1), "a.png")
	info, err := f.store.Stat(t.Context(), file.Key)
	if err != nil || time.Since(info.ModTime) > freshAge/2 {
		t.Errorf("the file is %+v, %v", info, err)
	}
}

// listed returns keys as Verify takes them.
func listed(keys ...string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, key := range keys {
			if !yield(key, nil) {
				return
			}
		}
	}
}

func TestVerifyFindsWhatIsMissingOrDamaged(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a, b := f.keep(picture(1), "a.png"), f.keep(picture(2), "b.png")
	gone := keyOf(digest([]byte("gone")), ".pdf")
	broken := f.read(b.Key)
	broken[len(broken)/2] ^= 1
	err := f.store.Put(t.Context(), b.Key, bytes.NewReader(broken), int64(len(broken)))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]State{
		a.Key: Intact, a.ServedKey: Intact, b.Key: Damaged, b.ServedKey: Intact, gone: Missing,
	}
	got := map[string]State{}
	for v, err := range f.Verify(t.Context(), listed(slices.Collect(maps.Keys(want))...)) {
		if err != nil {
			t.Fatal(err)
		}
		got[v.Key] = v.State
	}
	if !maps.Equal(got, want) {
		t.Errorf("found was %v, want %v", got, want)
	}
}

func TestACopyGoesOnWhereItWasBrokenOff(t *testing.T) {
	t.Parallel()
	f, to := newFixture(t), newFixture(t)
	for i := range 3 {
		f.keep(picture(i), "a.png")
	}
	for c := range f.CopyTo(t.Context(), to.store) {
		if c.There {
			t.Errorf("%s was there", c.Key)
		}
		break
	}
	copied, there := 0, 0
	for c, err := range f.CopyTo(t.Context(), to.store) {
		switch {
		case err != nil:
			t.Fatal(err)
		case c.There:
			there++
		default:
			copied++
		}
	}
	if there != 1 || copied != 5 || !slices.Equal(f.keys(), to.keys()) {
		t.Errorf("%d were there, %d were copied: %q", there, copied, to.keys())
	}
	for v, err := range to.Verify(t.Context(), listed(f.keys()...)) {
		if err != nil || v.State != Intact {
			t.Errorf("%s is %s: %v", v.Key, v.State, err)
		}
	}
}

func TestADamagedFileIsNotCopied(t *testing.T) {
	t.Parallel()
	f, to := newFixture(t), newFixture(t)
	want := map[string]bool{} // whether it is damaged
	for i, now := range []string{"as it was", "as it is!", "", "as it was"} {
		before := fmt.Sprint("as it was", i)
		if now == "as it was" {
			now = before
		}
		key := keyOf(digest([]byte(before)), ".pdf")
		want[key] = now != before
		if err := f.store.Put(t.Context(), key, strings.NewReader(now),
			int64(len(now))); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]bool{}
	for c, err := range f.CopyTo(t.Context(), to.store) {
		if err != nil || c.There {
			t.Errorf("%s: %v", c.Key, err)
		}
		got[c.Key] = c.Damaged
	}
	if !maps.Equal(got, want) {
		t.Errorf("damaged are %v, want %v", got, want)
	}
	for key, damaged := range want {
		if slices.Contains(to.keys(), key) == damaged {
			t.Errorf("%s, damaged: %v; there are %q", key, damaged, to.keys())
		}
	}
}

func TestOnlyKeysOfFilesAreOpened(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	good := digest([]byte("x"))
	for _, key := range []string{
		"", "../secret.key", marks + keyOf(good, ".png"), good + ".png", "zz/" + good + ".png",
		keyOf(good, ".PNG"), keyOf(good, ""), keyOf(good, ".png/x"), keyOf(good, ".png") + "\n",
	} {
		if _, err := f.Open(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("%q: %v", key, err)
		}
	}
}
