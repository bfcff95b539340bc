package library

import (
	"bytes"
	"cmp"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/masthead-cms/masthead/internal/media"
)

// renderedBy is the version of how renditions are made. Another one makes all of them anew.
const renderedBy = "1"

const (
	renderTime = time.Minute // to wait for a turn, and to make the renditions of a turn
	touchAge   = time.Hour   // how old the noted use of a rendition may be
)

// Rendition is a picture made of a served one. Who gets it must close it.
type Rendition struct {
	io.ReadSeekCloser
	MIMEType string
	Bytes    int64
	Digest   string // the first 32 digits of the SHA-256 of its bytes, in hexadecimal
}

// Rendition returns a rendition of the served picture that lies under a key. Each is made once, and
// kept in a folder on this machine until others need its room. Of several calls for one that is not
// there, one begins with it; it is made also when its context ends: others may wait for it.
//
// It returns blob.ErrNotFound if there is no such picture, and blob.ErrUnavailable.
func (l *Library) Rendition(
	ctx context.Context, key string, spec media.Spec,
) (*Rendition, error) {
	if err := spec.Check(); err != nil {
		return nil, err
	}
	id := renditionID(key, spec)
	if r := l.kept(id); r != nil {
		return r, nil
	}
	w, r := l.want(key, id, spec)
	if r != nil {
		return r, nil
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-w.done:
		if w.err != nil {
			return nil, w.err
		}
		return w.made.open(), nil
	}
}

// finished is a rendition that has just been made.
type finished struct {
	mimeType string
	digest   string
	bytes    []byte
}

func (f *finished) open() *Rendition {
	return &Rendition{
		ReadSeekCloser: closer{bytes.NewReader(f.bytes)},
		MIMEType:       f.mimeType,
		Bytes:          int64(len(f.bytes)),
		Digest:         f.digest,
	}
}

// closer is a reader that need not be closed.
type closer struct{ io.ReadSeeker }

// Close does nothing.
func (closer) Close() error { return nil }

// renditionID returns the name under which a rendition of a picture is kept. The same rendition has
// the same name.
func renditionID(key string, spec media.Spec) string {
	if spec.Ratio == "" { // nothing is cut off
		spec.X, spec.Y = 0, 0
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d %s %s %x %x", renderedBy, key, spec.Width,
		spec.Ratio, spec.Format, math.Float64bits(spec.X), math.Float64bits(spec.Y)))
	return hex.EncodeToString(sum[:16])
}

// renditions is a folder of renditions with a bound. It is the only one that writes there.
type renditions struct {
	root   *os.Root
	dir    string
	most   int64 // bytes
	failed func(error)

	mu    sync.Mutex
	bytes int64
	byID  map[string]*list.Element
	order *list.List // of *kept, the one used last in front
}

// kept is a rendition in the folder.
type kept struct {
	id     string
	digest string
	ext    string
	bytes  int64
	used   time.Time // as its file says
}

// name returns where the rendition lies in the folder.
func (k *kept) name() string {
	return filepath.Join(k.id[:2], k.id+"-"+k.digest+k.ext)
}

var renditionTypes = map[string]string{
	".jpg":  "image/jpeg",
	".png":  "image/png",
	".webp": "image/webp",
}

// renditionForm is the form of the names of renditions.
var renditionForm = regexp.MustCompile(`^([0-9a-f]{32})-([0-9a-f]{32})(\.[a-z]+)$`)

// openRenditions opens a folder of renditions of at most so many bytes, which is created if it is
// not there. What was kept there before is known again. It calls failed when a rendition cannot be
// kept.
func openRenditions(dir string, most int64, failed func(error)) (*renditions, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	r := &renditions{
		root:   root,
		dir:    dir,
		most:   most,
		failed: failed,
		byID:   map[string]*list.Element{},
		order:  list.New(),
	}
	if err := r.load(); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return r, nil
}

// load finds out what lies in the folder, and removes what is no rendition.
func (r *renditions) load() error {
	var found []*kept
	err := fs.WalkDir(r.root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		parts := renditionForm.FindStringSubmatch(entry.Name())
		if parts == nil || renditionTypes[parts[3]] == "" {
			return r.root.Remove(path)
		}
		found = append(found, &kept{
			id:     parts[1],
			digest: parts[2],
			ext:    parts[3],
			bytes:  info.Size(),
			used:   info.ModTime(),
		})
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(found, func(a, b *kept) int {
		return cmp.Or(a.used.Compare(b.used), strings.Compare(a.id, b.id))
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range found {
		r.add(k)
	}
	return r.makeRoom()
}

// open opens a rendition that is kept, or returns nil.
func (r *renditions) open(id string, now time.Time) *Rendition {
	r.mu.Lock()
	element := r.byID[id]
	if element == nil {
		r.mu.Unlock()
		return nil
	}
	r.order.MoveToFront(element)
	k := element.Value.(*kept)
	stale := now.Sub(k.used) > touchAge
	if stale {
		k.used = now
	}
	r.mu.Unlock()
	file, err := os.Open(filepath.Join(r.dir, k.name())) // half the calls of root.Open
	if err != nil {                                      // somebody removed it
		r.forget(element)
		return nil
	}
	if stale {
		if err := r.root.Chtimes(k.name(), now, now); err != nil {
			r.failed(err)
		}
	}
	return &Rendition{
		ReadSeekCloser: file,
		MIMEType:       renditionTypes[k.ext],
		Bytes:          k.bytes,
		Digest:         k.digest,
	}
}

// forget forgets a rendition whose file is gone.
func (r *renditions) forget(element *list.Element) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop(element)
}

// drop forgets a rendition. The caller must hold mu.
func (r *renditions) drop(element *list.Element) *kept {
	k := element.Value.(*kept)
	if r.byID[k.id] == element {
		delete(r.byID, k.id)
		r.order.Remove(element)
		r.bytes -= k.bytes
	}
	return k
}

// add notes a rendition as the one used last. The caller must hold mu.
func (r *renditions) add(k *kept) {
	if old := r.byID[k.id]; old != nil {
		r.drop(old)
	}
	r.byID[k.id] = r.order.PushFront(k)
	r.bytes += k.bytes
}

// makeRoom removes the renditions that were used longest ago, until the others are within the
// bound. The caller must hold mu.
func (r *renditions) makeRoom() error {
	var failed error
	for r.bytes > r.most && r.order.Len() > 0 {
		k := r.drop(r.order.Back())
		if err := r.root.Remove(k.name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = err
		}
	}
	return failed
}

// keep keeps a rendition: its file is whole or not there.
func (r *renditions) keep(id string, f *finished, now time.Time) error {
	k := &kept{id: id, digest: f.digest, bytes: int64(len(f.bytes)), used: now}
	for ext, mimeType := range renditionTypes {
		if mimeType == f.mimeType {
			k.ext = ext
		}
	}
	if err := r.write(k, f.bytes); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(k)
	return r.makeRoom()
}

// write writes the file of a rendition.
func (r *renditions) write(k *kept, b []byte) (err error) {
	if err := r.root.Mkdir(k.id[:2], 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	temporary := k.name() + ".new"
	defer func() {
		if err != nil {
			err = errors.Join(err, r.root.Remove(temporary))
		}
	}()
	file, err := r.root.OpenFile(temporary, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(b)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return r.root.Rename(temporary, k.name())
}
