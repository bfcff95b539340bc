package library

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"regexp"
	"strings"

	"github.com/masthead-cms/masthead/internal/blob"
)

// keyForm is the form of the keys of files here. Whatever else lies in the store is not touched.
var keyForm = regexp.MustCompile(`^([0-9a-f]{2})/([0-9a-f]{64})\.[0-9a-z]{2,5}$`)

// keyOf returns the key of the bytes with a digest, in hexadecimal, and an extension with its dot.
func keyOf(digest, extension string) string { return digest[:2] + "/" + digest + extension }

// digestOf returns the digest that a key has, or "" for what is no key of a file here.
func digestOf(key string) string {
	parts := keyForm.FindStringSubmatch(key)
	if parts == nil || !strings.HasPrefix(parts[2], parts[1]) {
		return ""
	}
	return parts[2]
}

// batchSize is how many keys are asked about at once.
const batchSize = 100

// Unused returns the files that no row names, ordered by key, apart from those younger than MinAge.
// Used returns which of some keys rows name. Remove them soon: what a row names later on is unused
// for long before.
func (l *Library) Unused(
	ctx context.Context, used func(keys []string) (map[string]bool, error),
) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		var batch []blob.Info
		flush := func() bool {
			keys := make([]string, len(batch))
			for i, info := range batch {
				keys[i] = info.Key
			}
			named, err := used(keys)
			if err != nil {
				yield(blob.Info{}, err)
				return false
			}
			for _, info := range batch {
				if !named[info.Key] && !yield(info, nil) {
					return false
				}
			}
			batch = batch[:0]
			return true
		}
		for info, err := range l.files(ctx) {
			if err != nil {
				yield(blob.Info{}, err)
				return
			}
			if l.clock().Sub(info.ModTime) < MinAge {
				continue
			}
			if batch = append(batch, info); len(batch) == batchSize && !flush() {
				return
			}
		}
		if len(batch) > 0 {
			flush()
		}
	}
}

// files returns the files of the library, and nothing else that lies in its store.
func (l *Library) files(ctx context.Context) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		for info, err := range l.store.All(ctx) {
			if (err != nil || digestOf(info.Key) != "") && !yield(info, err) {
				return
			}
		}
	}
}

// State is what Verify finds of a file.
type State string

// The states of a file.
const (
	Intact  State = "intact"
	Missing State = "missing" // there is no such file
	Damaged State = "damaged" // its bytes are not those that its key names
)

// Verified is a file that was read from its first byte to its last.
type Verified struct {
	Key   string
	State State
	Bytes int64 // how many were read
}

// Verify reads the files of keys, one after the other, and holds their digests against their keys.
func (l *Library) Verify(
	ctx context.Context, keys iter.Seq2[string, error],
) iter.Seq2[Verified, error] {
	return func(yield func(Verified, error) bool) {
		for key, err := range keys {
			v := Verified{Key: key}
			if err == nil {
				v, err = l.verify(ctx, key)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

func (l *Library) verify(ctx context.Context, key string) (Verified, error) {
	v := Verified{Key: key, State: Missing}
	file, err := l.store.Open(ctx, key)
	if errors.Is(err, blob.ErrNotFound) {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	defer file.Close()
	hash := sha256.New()
	if v.Bytes, err = io.Copy(hash, &cancelled{ctx, file}); err != nil {
		return v, err
	}
	v.State = Intact
	if hex.EncodeToString(hash.Sum(nil)) != digestOf(key) {
		v.State = Damaged
	}
	return v, nil
}

// Copied is a file that CopyTo has dealt with.
type Copied struct {
	blob.Info
	There   bool // it was in the other store before
	Damaged bool // its bytes are not those that its key names, so it was not copied
}

// CopyTo copies each file to another store, which may have some of them already: a copy that was
// broken off goes on where it stood. What is read is held against its digest, so that a damaged
// file is not copied.
func (l *Library) CopyTo(ctx context.Context, to blob.Store) iter.Seq2[Copied, error] {
	return func(yield func(Copied, error) bool) {
		for info, err := range l.files(ctx) {
			c := Copied{Info: info}
			if err == nil {
				err = l.copy(ctx, &c, to)
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// copy copies one file, or notes why it does not.
func (l *Library) copy(ctx context.Context, c *Copied, to blob.Store) error {
	if c.Size == 0 { // nothing would be read
		c.Damaged = true
		return nil
	}
	there, err := to.Stat(ctx, c.Key)
	if err == nil && there.Size == c.Size {
		c.There = true
		return nil
	}
	if err != nil && !errors.Is(err, blob.ErrNotFound) {
		return err
	}
	file, err := l.store.Open(ctx, c.Key)
	if err != nil {
		return err
	}
	defer file.Close()
	checked := newCheckedReader(c.Key, file, c.Size)
	err = to.Put(ctx, c.Key, checked, c.Size)
	if c.Damaged = err != nil && checked.damaged; c.Damaged {
		return nil
	}
	if err != nil {
		return fmt.Errorf("copy %s: %w", c.Key, err)
	}
	return nil
}

// checkedReader reads the bytes of a file, and returns an error instead of the last ones if they
// have another digest.
type checkedReader struct {
	r       io.Reader
	left    int64
	hash    hash.Hash
	want    string // in hexadecimal
	damaged bool
}

// newCheckedReader returns a reader of the size bytes of r, which belong to a key.
func newCheckedReader(key string, r io.Reader, size int64) *checkedReader {
	return &checkedReader{r: r, left: size, hash: sha256.New(), want: digestOf(key)}
}

// Read returns the next bytes.
func (c *checkedReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.hash.Write(p[:n])
	c.left -= int64(n)
	if n > 0 && c.left <= 0 && hex.EncodeToString(c.hash.Sum(nil)) != c.want {
		c.damaged = true
		return 0, errors.New("the file is damaged: its bytes are not those that its key names")
	}
	return n, err
}
