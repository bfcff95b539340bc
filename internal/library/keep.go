package library

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/media"
)

// File is a kept file, with what is in it. Of a picture, and of other files that speak of
// themselves, what is served is another file than what came; of all else it is the same.
type File struct {
	Key    string
	Digest string // SHA-256 in hexadecimal
	Bytes  int64

	ServedKey    string
	ServedDigest string // SHA-256 in hexadecimal
	ServedBytes  int64

	media.Inspection // without the bytes of the served picture and without patches
}

// Keep finds out what is in an upload, and keeps it and what is served of it. Both are durable when
// it returns. The same bytes have the same keys. A row must name the files within half an hour:
// Unused returns those that no row names.
//
// It returns a *media.Refusal for a file that cannot be taken, blob.ErrFull and
// blob.ErrUnavailable. The upload is still the caller's to discard.
func (l *Library) Keep(ctx context.Context, u *Upload) (*File, error) {
	found, err := l.inspector.Inspect(ctx, u.file, u.Bytes, u.Name)
	if err != nil {
		return nil, err
	}
	f := &File{
		Key:        keyOf(u.Digest, found.Extension),
		Digest:     u.Digest,
		Bytes:      u.Bytes,
		Inspection: *found,
	}
	if err := l.put(ctx, f.Key, u.file, u.Bytes); err != nil {
		return nil, err
	}
	f.ServedKey = f.Key
	f.ServedDigest = f.Digest
	f.ServedBytes = f.Bytes
	f.Served = nil
	f.Patches = nil
	var served io.ReadSeeker
	switch {
	case found.Served != nil:
		served = bytes.NewReader(found.Served)
	case len(found.Patches) > 0:
		served = media.Overlay(u.file, u.Bytes, found.Patches)
	default:
		return f, nil
	}
	if err := l.putServed(ctx, f, served); err != nil {
		return nil, err
	}
	return f, nil
}

// putServed keeps what is served of a file, and notes it.
func (l *Library) putServed(ctx context.Context, f *File, served io.ReadSeeker) (err error) {
	hash := sha256.New()
	if f.ServedBytes, err = io.Copy(hash, &cancelled{ctx, served}); err != nil {
		return err
	}
	f.ServedDigest = hex.EncodeToString(hash.Sum(nil))
	if f.ServedDigest == f.Digest && f.ServedExtension == f.Extension { // nothing to take out
		return nil
	}
	f.ServedKey = keyOf(f.ServedDigest, f.ServedExtension)
	return l.put(ctx, f.ServedKey, served, f.ServedBytes)
}

// Files are kept before the rows that name them are written, and removed when no row does. Between
// the two stands their age: what is younger than MinAge is never removed, and an upload that finds
// its file there already puts it again, unless it is young. What is left is the moment between a
// look at the age of a file and its deletion. For that, who removes a file lays a mark first, looks
// at the age then, and takes the mark away at last; who keeps a file looks for the mark after the
// file is there, and begins again if there is one, or if there is none any more and the file is
// gone with it. Whichever of the two is first, the other sees it.
const (
	// MinAge is how old a file must be before it is removed.
	MinAge = time.Hour
	// freshAge is how old a file may be that is there already and is not put again. Its row must be
	// written within the difference to MinAge.
	freshAge = 30 * time.Minute
	// markAge is how old the mark is of one who must have died.
	markAge = 5 * time.Minute
	// markPause is how long a mark is waited for before the next look.
	markPause = 200 * time.Millisecond
	// deleteTime bounds a deletion; it is less than markAge.
	deleteTime = time.Minute
	// marks is what the keys of marks begin with.
	marks = "removing/"
)

// put keeps the bytes of a file, unless they are there and young. They are durable when it returns
// nil.
func (l *Library) put(ctx context.Context, key string, r io.ReadSeeker, size int64) error {
	for {
		if err := l.putOnce(ctx, key, r, size); err != nil {
			return err
		}
		marked, err := l.marked(ctx, key)
		if err != nil {
			return err
		}
		if !marked {
			// Without a mark, whoever removed it before is done: then the file is gone.
			_, err := l.store.Stat(ctx, key)
			if !errors.Is(err, blob.ErrNotFound) {
				return err
			}
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(markPause):
		}
	}
}

// putOnce is put without a look at who may be removing the file.
func (l *Library) putOnce(ctx context.Context, key string, r io.ReadSeeker, size int64) error {
	info, err := l.store.Stat(ctx, key)
	if err == nil && info.Size == size && l.clock().Sub(info.ModTime) < freshAge {
		return nil
	}
	if err != nil && !errors.Is(err, blob.ErrNotFound) {
		return err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return l.store.Put(ctx, key, newCheckedReader(key, r, size), size)
}

// marked reports whether somebody is removing a file.
func (l *Library) marked(ctx context.Context, key string) (bool, error) {
	info, err := l.store.Stat(ctx, marks+key)
	if errors.Is(err, blob.ErrNotFound) {
		return false, nil
	}
	return err == nil && l.clock().Sub(info.ModTime) < markAge, err
}

// Remove deletes a file that Unused has named, and reports whether it did: one that became younger
// than MinAge meanwhile stays.
func (l *Library) Remove(ctx context.Context, key string) (removed bool, err error) {
	mark := marks + key
	if err := l.store.Put(ctx, mark, strings.NewReader(""), 0); err != nil {
		return false, err
	}
	defer func() {
		err = errors.Join(err, l.store.Delete(context.WithoutCancel(ctx), mark))
	}()
	info, err := l.store.Stat(ctx, key)
	if err != nil || l.clock().Sub(info.ModTime) < MinAge {
		if errors.Is(err, blob.ErrNotFound) {
			err = nil
		}
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, deleteTime)
	defer cancel()
	err = l.store.Delete(ctx, key)
	return err == nil, err
}
