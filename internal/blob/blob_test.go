package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/blob/blobtest"
)

// open opens a new store: a folder, or a bucket where TEST_MEDIA_URL names a store for it.
func open(t *testing.T) blob.Store {
	t.Helper()
	s, err := blob.Open(t.Context(), blobtest.URL(t), blob.Credentials{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func put(t *testing.T, s blob.Store, key, content string) {
	t.Helper()
	err := s.Put(t.Context(), key, strings.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
}

func read(t *testing.T, s blob.Store, key string) string {
	t.Helper()
	file, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatalf("open %s: %v", key, err)
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		t.Fatalf("read %s: %v", key, err)
	}
	if info := file.Info(); info.Key != key || info.Size != int64(len(content)) {
		t.Errorf("%s with %d bytes says it is %+v", key, len(content), info)
	}
	return string(content)
}

func keys(t *testing.T, s blob.Store) []string {
	t.Helper()
	found := []string{}
	for info, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, info.Key)
	}
	return found
}

func TestAFileIsFoundAsItWasPut(t *testing.T) {
	t.Parallel()
	s := open(t)
	put(t, s, "ab/abcd.jpg", "first")
	put(t, s, "ab/abce.jpg", "")
	put(t, s, "cd/cdef.pdf", "third")
	put(t, s, "ab/abcd.jpg", "first again")
	if got := read(t, s, "ab/abcd.jpg"); got != "first again" {
		t.Errorf("the file has %q", got)
	}
	if got := read(t, s, "ab/abce.jpg"); got != "" {
		t.Errorf("the empty file has %q", got)
	}
	want := []string{"ab/abcd.jpg", "ab/abce.jpg", "cd/cdef.pdf"}
	if got := keys(t, s); !slices.Equal(got, want) {
		t.Errorf("there are %q, want %q", got, want)
	}
	info, err := s.Stat(t.Context(), "cd/cdef.pdf")
	if err != nil || info.Size != 5 || time.Since(info.ModTime).Abs() > time.Minute {
		t.Errorf("stat: %+v %v", info, err)
	}
	for range 2 {
		if err := s.Delete(t.Context(), "cd/cdef.pdf"); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	_, statErr := s.Stat(t.Context(), "cd/cdef.pdf")
	_, openErr := s.Open(t.Context(), "cd/cdef.pdf")
	for _, err := range []error{statErr, openErr} {
		if !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("a file that is gone: %v", err)
		}
	}
}

// A large file is sent to a bucket in parts.
func TestALargeFileIsReadFromAnyPlace(t *testing.T) {
	t.Parallel()
	s := open(t)
	const size = 20<<20 + 7
	content := make([]byte, size)
	for i := 0; i < size; i += 8 {
		copy(content[i:], fmt.Sprintf("%08x", i))
	}
	if err := s.Put(t.Context(), "ab/large.mp4", bytes.NewReader(content), size); err != nil {
		t.Fatal(err)
	}
	file, err := s.Open(t.Context(), "ab/large.mp4")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for range 20 {
		at := rand.IntN(size - 100)
		if _, err := file.Seek(int64(at), io.SeekStart); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 100)
		if _, err := io.ReadFull(file, got); err != nil || !bytes.Equal(got, content[at:at+100]) {
			t.Fatalf("at %d: %q %v, want %q", at, got, err, content[at:at+100])
		}
	}
	if end, err := file.Seek(0, io.SeekEnd); err != nil || end != size {
		t.Errorf("the end is at %d: %v", end, err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil || [32]byte(hash.Sum(nil)) != sha256.Sum256(content) {
		t.Errorf("the file is another one than was put: %v", err)
	}
}

// What cannot be put whole is not put, and what was there stays.
func TestAFileIsThereAsAWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	s := open(t)
	put(t, s, "ab/kept.jpg", "what was there")
	large := strings.Repeat("0123456789", 2<<20)
	for name, r := range map[string]struct {
		r    io.Reader
		size int64
	}{
		"a reader that fails":            {iotest.ErrReader(errors.New("broken off")), 10},
		"a reader that fails late":       {io.MultiReader(strings.NewReader(large), iotest.ErrReader(errors.New("x"))), 21 << 20},
		"fewer bytes than announced":     {strings.NewReader("short"), 10},
		"many fewer":                     {strings.NewReader(large), 21 << 20},
		"more bytes than were announced": {strings.NewReader("longer than it says"), 10},
	} {
		for _, key := range []string{"ab/kept.jpg", "cd/new.jpg"} {
			if err := s.Put(t.Context(), key, r.r, r.size); err == nil {
				t.Errorf("%s was put", name)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, "cd/new.jpg", strings.NewReader(large), 20<<20); err == nil {
		t.Error("a file was put after its caller had gone")
	}
	if got := read(t, s, "ab/kept.jpg"); got != "what was there" {
		t.Errorf("the file has %.20q", got)
	}
	if got := keys(t, s); !slices.Equal(got, []string{"ab/kept.jpg"}) {
		t.Errorf("there are %q", got)
	}
}

// The same bytes may be put again at any time; that makes the file young.
func TestReadersOfAFileThatIsPutAgainReadOn(t *testing.T) {
	t.Parallel()
	s := open(t)
	content := strings.Repeat("0123456789", 1<<20)
	put(t, s, "ab/file.mp4", content)
	var writers sync.WaitGroup
	for range 2 {
		writers.Go(func() {
			for range 5 {
				r := strings.NewReader(content)
				if err := s.Put(t.Context(), "ab/file.mp4", r, r.Size()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 10 {
		if got := read(t, s, "ab/file.mp4"); got != content {
			t.Errorf("a reader saw %d bytes of %d", len(got), len(content))
		}
	}
	writers.Wait()
}

func TestKeysStayWithinTheStore(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, key := range []string{
		"", ".", "..", "../secret.key", "/etc/passwd", "ab/../../secret.key", "ab//x", "ab/",
		"ab\x00/x", `ab\x`, ".partial/x", "ab/.hidden",
	} {
		if err := s.Put(t.Context(), key, strings.NewReader("x"), 1); err == nil {
			t.Errorf("%q was put", key)
		}
		if f, err := s.Open(t.Context(), key); err == nil {
			f.Close()
			t.Errorf("%q was opened", key)
		}
		if _, err := s.Stat(t.Context(), key); err == nil || s.Delete(t.Context(), key) == nil {
			t.Errorf("%q is a key", key)
		}
	}
	if got := keys(t, s); len(got) != 0 {
		t.Errorf("there are %q", got)
	}
}

func TestAFolderIsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data", "media")
	s, err := blob.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put(t, s, "ab/file.jpg", "x")
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %04o", name, info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	// A link out of the folder leads nowhere.
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "ab", "link.jpg")); err != nil {
		t.Skip(err)
	}
	if f, err := s.Open(t.Context(), "ab/link.jpg"); err == nil {
		f.Close()
		t.Error("a link out of the folder was followed")
	}
	if got := keys(t, s); !slices.Equal(got, []string{"ab/file.jpg"}) {
		t.Errorf("there are %q", got)
	}
}

func TestAStoreThatIsOpenedToReadIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	address := blobtest.URL(t)
	s, err := blob.Open(t.Context(), address, blob.Credentials{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "ab/file.jpg", "x")
	s.Close()
	if err := os.RemoveAll(filepath.Join(address, ".partial")); err != nil {
		t.Fatal(err)
	}
	r, err := blob.OpenToRead(t.Context(), address, blob.Credentials{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got := read(t, r, "ab/file.jpg"); got != "x" {
		t.Errorf("the file has %q", got)
	}
	if got := keys(t, r); !slices.Equal(got, []string{"ab/file.jpg"}) {
		t.Errorf("there are %q", got)
	}
	if _, err := os.Stat(filepath.Join(address, ".partial")); err == nil {
		t.Error("a folder was made")
	}
	put(t, r, "ab/other.jpg", "y") // a folder that came from a backup lacks it as well
	missing := filepath.Join(t.TempDir(), "missing")
	_, err = blob.OpenToRead(t.Context(), missing, blob.Credentials{})
	if err == nil || !strings.Contains(err.Error(), "there is no folder "+missing) {
		t.Errorf("a folder that is missing: %v", err)
	}
}

func TestWhatIsLeftOfFilesThatWereBeingPutIsSwept(t *testing.T) {
	t.Parallel()
	address := blobtest.URL(t)
	s, err := blob.Open(t.Context(), address, blob.Credentials{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put(t, s, "ab/whole.mp4", "whole")
	for _, key := range []string{"ab/first.mp4", "ab/second.mp4", "ab/whole.mp4"} {
		blobtest.CutOff(t, address, ".partial", key)
	}
	for _, step := range []struct {
		before time.Duration
		want   int
	}{{-time.Hour, 0}, {time.Hour, 3}, {time.Hour, 0}} {
		n, err := s.Sweep(t.Context(), time.Now().Add(step.before))
		if n != step.want || err != nil {
			t.Errorf("of those before %s %d were swept, want %d: %v", step.before, n, step.want, err)
		}
	}
	if got := keys(t, s); !slices.Equal(got, []string{"ab/whole.mp4"}) {
		t.Errorf("there are %q", got)
	}
}

func TestAddressesOfStores(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"media", "/var/lib/masthead/media", "s3://bucket", "s3://bucket?endpoint=s3.example.org",
		"s3://bucket?endpoint=127.0.0.1:9000&region=eu-1&insecure=1",
	} {
		if err := blob.Check(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	for address, want := range map[string]string{
		"gs://bucket":                       "folder",
		"file:///var/media":                 "folder",
		"s3:bucket":                         "s3://bucket",
		"s3://":                             "s3://bucket",
		"s3://bucket/folder":                "s3://bucket",
		"s3://key:secret@bucket":            "s3://bucket",
		"s3://bucket?endpoint=https://host": "host",
		"s3://bucket?endpoint=":             "host",
		"s3://bucket?insecure=yes":          "insecure",
		"s3://bucket?regoin=eu":             "regoin",
	} {
		err := blob.Check(address)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want a word of %q", address, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error shows a secret: %v", err)
		}
	}
}

// A store that does not answer is told from a file that is not there.
func TestAStoreThatIsAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	_, err := blob.Open(t.Context(), "s3://bucket?endpoint=127.0.0.1:1&insecure=1",
		blob.Credentials{Key: "key", Secret: "secret"})
	if err == nil || errors.Is(err, blob.ErrNotFound) {
		t.Errorf("a store that is away: %v", err)
	}
}
