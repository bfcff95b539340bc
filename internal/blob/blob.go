// Package blob keeps bytes under keys: in a folder of the file system, or in a bucket of a store
// that speaks S3. A file is there as a whole or not at all, whatever moment the process or the
// machine ends at. The package knows nothing of what is in a file.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"strings"
	"syscall"
	"time"
)

// The errors that callers tell apart. All others are faults of the place where files lie.
var (
	// ErrNotFound says that there is no file of that key.
	ErrNotFound = errors.New("there is no such file")
	// ErrFull says that there is no room for a file.
	ErrFull = errors.New("there is no room for the file")
	// ErrUnavailable says that the store cannot be reached now, or cannot answer.
	ErrUnavailable = errors.New("the store of files cannot be reached")
)

// Info says what is known of a file without reading it.
type Info struct {
	Key     string
	Size    int64     // in bytes
	ModTime time.Time // when it was put last
}

// File is an open file. Bytes may be read in any order; http.ServeContent takes one as it is.
type File interface {
	io.ReadSeekCloser
	Info() Info
}

// Store keeps files under keys. Keys are slash-separated relative paths, such as "ab/abcd.jpg";
// names in them do not begin with a dot. All methods may be called at the same time.
type Store interface {
	// Put stores the size bytes of r under a key, in place of what was there. When it returns nil,
	// they survive a power cut; else the key has what it had before. It returns an error if r has
	// more or fewer bytes, and ErrFull or ErrUnavailable.
	Put(ctx context.Context, key string, r io.Reader, size int64) error
	// Open opens a file for reading, as long as ctx has not ended, or returns ErrNotFound. The
	// caller must close it.
	Open(ctx context.Context, key string) (File, error)
	// Stat returns what is known of a file, or ErrNotFound.
	Stat(ctx context.Context, key string) (Info, error)
	// Delete deletes a file. It is no error if there is none.
	Delete(ctx context.Context, key string) error
	// All returns every file, ordered by key. Files put or deleted meanwhile may be left out.
	All(ctx context.Context) iter.Seq2[Info, error]
	// Sweep removes what is left of calls of Put that began before a time and were cut off, and
	// returns how many there were.
	Sweep(ctx context.Context, before time.Time) (int, error)
	// Close closes the store. Files that are open stay so.
	Close() error
}

// Credentials are the keys to a store that speaks S3.
type Credentials struct {
	Key    string // the public one; "": the usual environment of AWS has both
	Secret string
}

// Open opens the store at an address: the path of a folder, which is created if there is none, or
// s3://bucket with the parameters endpoint (a host with or without a port), region, and insecure=1
// for plain HTTP. It returns an error if the store cannot be used. The caller must close it.
func Open(ctx context.Context, address string, keys Credentials) (Store, error) {
	if strings.HasPrefix(address, "s3:") {
		return openS3(ctx, address, keys)
	}
	return OpenFolder(address)
}

// OpenToRead is Open for a store that is there: nothing is created, and for what only reads a
// folder need not be writable. The caller must close it.
func OpenToRead(ctx context.Context, address string, keys Credentials) (Store, error) {
	if strings.HasPrefix(address, "s3:") {
		return openS3(ctx, address, keys)
	}
	root, err := os.OpenRoot(address)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("there is no folder %s", address)
	}
	if err != nil {
		return nil, folderError("", err)
	}
	return &Folder{root}, nil
}

// Check returns an error that says what is wrong with an address, without opening it.
func Check(address string) error {
	if !strings.HasPrefix(address, "s3:") {
		if scheme, _, found := strings.Cut(address, "://"); found {
			return fmt.Errorf("%s: is no place for files here; "+
				"name a folder, or s3://bucket?endpoint=host", scheme)
		}
		return nil
	}
	_, err := parseS3(address)
	return err
}

// checkKey returns an error for a text that is no key.
func checkKey(key string) error {
	if key == "." || !fs.ValidPath(key) || strings.HasPrefix(key, ".") ||
		strings.Contains(key, "/.") || strings.ContainsAny(key, "\\\x00") {
		return fmt.Errorf("%q is no key of a file", key)
	}
	return nil
}

// IsFull reports whether an error of the operating system says that a disk has no room.
func IsFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// exactly is a reader that returns an error unless it ends after size bytes, or ctx ends.
type exactly struct {
	ctx  context.Context
	r    io.Reader
	left int64
}

// Read returns the next bytes.
func (e *exactly) Read(p []byte) (int, error) {
	if err := e.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := e.r.Read(p)
	e.left -= int64(n)
	switch {
	case e.left < 0:
		return 0, errors.New("there are more bytes than were announced")
	case err == io.EOF && e.left > 0:
		return n, fmt.Errorf("%d bytes are missing: %w", e.left, io.ErrUnexpectedEOF)
	}
	return n, err
}
