// Package library keeps the files of media: what came, as it came, and what is served of it. Files
// are known by the digest of their bytes, so the same bytes are kept once. It knows where files lie
// and in which order they come and go; it knows nothing of the rows that name them.
package library

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/media"
)

// Library keeps files.
type Library struct {
	store     blob.Store
	uploads   *os.Root // nil: only for reading
	maxBytes  int64
	inspector *media.Inspector
	clock     func() time.Time
	running   running

	life       context.Context // ends when the library is closed
	end        context.CancelFunc
	drawings   drawings
	rendering  sync.WaitGroup // one for each of these
	renditions *renditions    // nil: none are kept
}

// Options configure a library.
type Options struct {
	URL         string // where files lie: see blob.Open
	Credentials blob.Credentials
	DataDir     string // uploads that have not ended lie in its folder "uploads"
	MaxBytes    int64  // of an upload of any kind
	Inspector   *media.Inspector
	Clock       func() time.Time

	// CacheBytes is how many bytes of renditions are kept in the folder "renditions" of DataDir; 0:
	// none are. Only one library at a time may keep some there.
	CacheBytes int64
	// CacheFailed is called when a rendition cannot be kept; it is returned all the same.
	CacheFailed func(error)
}

// Open returns the library at an address. Folders are created if they are not there; a bucket must
// be. The caller must close it.
func Open(ctx context.Context, o Options) (*Library, error) {
	store, err := blob.Open(ctx, o.URL, o.Credentials)
	if err != nil {
		return nil, err
	}
	l := &Library{
		store:     store,
		maxBytes:  o.MaxBytes,
		inspector: o.Inspector,
		clock:     o.Clock,
		running:   running{calls: map[string]*appending{}},
		drawings:  drawings{byKey: map[string]*drawing{}},
	}
	l.life, l.end = context.WithCancel(context.WithoutCancel(ctx))
	dir := filepath.Join(o.DataDir, "uploads")
	if err = os.MkdirAll(dir, 0o700); err == nil {
		l.uploads, err = os.OpenRoot(dir)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the folder of uploads: %w", err), store.Close())
	}
	if o.CacheBytes > 0 {
		l.renditions, err = openRenditions(filepath.Join(o.DataDir, "renditions"), o.CacheBytes,
			o.CacheFailed)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("the folder of renditions: %w", err), l.Close())
		}
	}
	return l, nil
}

// OpenToRead returns the library at an address that is there. Nothing is created; only Open,
// Unused, Remove, Sweep, Verify and CopyTo may be called. The caller must close it.
func OpenToRead(ctx context.Context, address string, keys blob.Credentials,
	clock func() time.Time) (*Library, error) {
	store, err := blob.OpenToRead(ctx, address, keys)
	if err != nil {
		return nil, err
	}
	return &Library{store: store, clock: clock}, nil
}

// Open opens a kept file, as long as ctx has not ended, or returns blob.ErrNotFound. The caller
// must close it.
func (l *Library) Open(ctx context.Context, key string) (blob.File, error) {
	if digestOf(key) == "" {
		return nil, fmt.Errorf("%q: %w", key, blob.ErrNotFound)
	}
	return l.store.Open(ctx, key)
}

// MaxBytes returns how many bytes the largest file may have.
func (l *Library) MaxBytes() int64 { return l.maxBytes }

// Close closes the library. Files that are open stay so.
func (l *Library) Close() error {
	if l.end != nil {
		l.end()
		l.rendering.Wait()
	}
	err := l.store.Close()
	if l.uploads != nil {
		err = errors.Join(err, l.uploads.Close())
	}
	if l.renditions != nil {
		err = errors.Join(err, l.renditions.root.Close())
	}
	return err
}

// sweepAge is how old what is left of an upload must be before it is removed.
const sweepAge = time.Hour

// Sweep removes what is left of files that were cut off while they were kept, and uploads in pieces
// that have expired, and returns how many there were. A server does it at its start and every hour.
func (l *Library) Sweep(ctx context.Context) (int, error) {
	swept, err := l.store.Sweep(ctx, l.clock().Add(-sweepAge))
	if l.uploads == nil || err != nil {
		return swept, err
	}
	pieces, err := l.sweepPieces()
	return swept + pieces, err
}

// cancelled is a reader that ends with a context.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

// Read returns the next bytes, or the error of the context.
func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
