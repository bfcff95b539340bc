package library

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/dustin/go-humanize"

	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/media"
)

// Upload is a file that has come and is not kept yet.
type Upload struct {
	Name   string // as the sender calls it; it may be anything
	Bytes  int64
	Digest string // SHA-256 in hexadecimal

	file    *os.File
	discard func() error
}

// Discard gives up what is not kept of an upload. It may be called more than once; call it in any
// case.
func (u *Upload) Discard() { _ = u.discard() }

// Receive takes a file in, up to the end of r, and counts its bytes and digest as they come. It
// returns a *media.Refusal as soon as there are more bytes than any file may have, blob.ErrFull,
// and the errors of r as they are. The caller must discard the upload.
//
// The file has no name once it is open, so that the system forgets it with the process.
func (l *Library) Receive(ctx context.Context, r io.Reader, name string) (*Upload, error) {
	temporary := rand.Text()
	file, err := l.uploads.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, uploadError(err)
	}
	unnamed := l.uploads.Remove(temporary) == nil // not on every system
	u := &Upload{Name: name, file: file}
	u.discard = sync.OnceValue(func() error {
		err := file.Close()
		if !unnamed {
			err = errors.Join(err, l.uploads.Remove(temporary))
		}
		return err
	})
	hash := sha256.New()
	in := &cancelled{ctx, io.LimitReader(r, l.maxBytes+1)}
	u.Bytes, err = io.Copy(io.MultiWriter(&uploadWriter{file}, hash), in)
	if err == nil && u.Bytes > l.maxBytes {
		err = l.tooLarge()
	}
	if err != nil {
		u.Discard()
		return nil, err
	}
	u.Digest = hex.EncodeToString(hash.Sum(nil))
	return u, nil
}

// tooLarge returns the refusal of a file that is larger than any that is taken.
func (l *Library) tooLarge() error {
	return &media.Refusal{Code: media.TooLarge, Sentence: fmt.Sprintf(
		"The file has more than %s, which is the most that is taken.",
		humanize.IBytes(uint64(l.maxBytes)))}
}

// uploadWriter writes to a file, and tells its errors from those of what is read.
type uploadWriter struct{ file *os.File }

// Write writes to the file.
func (w *uploadWriter) Write(p []byte) (int, error) {
	n, err := w.file.Write(p)
	return n, uploadError(err)
}

// uploadError returns an error of the folder of uploads.
func uploadError(err error) error {
	switch {
	case err == nil:
		return nil
	case blob.IsFull(err):
		return fmt.Errorf("an upload: %w: %w", blob.ErrFull, err)
	}
	return fmt.Errorf("an upload: %w", err)
}
