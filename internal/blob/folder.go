package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"runtime"
	"time"
)

// partial is the folder, within that of the store, of files that are being written.
const partial = ".partial"

// Folder keeps files in a folder. Only the owner of the process can read them (files have the mode
// 0600, folders 0700). Nothing outside the folder is ever read or written: symbolic links that lead
// out are not followed.
type Folder struct {
	root *os.Root
}

// OpenFolder returns the store in a folder, which is created if there is none.
func OpenFolder(name string) (*Folder, error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, fmt.Errorf("the folder of files: %w", err)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("the folder of files: %w", err)
	}
	if err := root.MkdirAll(partial, 0o700); err != nil {
		root.Close()
		return nil, fmt.Errorf("the folder of files: %w", err)
	}
	return &Folder{root}, nil
}

// Put stores a file: it is written under another name and synced, then renamed, and the folder is
// synced.
func (f *Folder) Put(ctx context.Context, key string, r io.Reader, size int64) (err error) {
	if err := checkKey(key); err != nil {
		return err
	}
	temporary := path.Join(partial, rand.Text())
	defer func() {
		if err != nil {
			_ = f.root.Remove(temporary)
			err = folderError(key, err)
		}
	}()
	if err := f.makeDir(partial); err != nil {
		return err
	}
	if err := f.write(temporary, &exactly{ctx, r, size}); err != nil {
		return err
	}
	dir := path.Dir(key)
	if err := f.makeDir(dir); err != nil {
		return err
	}
	if err := f.root.Rename(temporary, key); err != nil {
		return err
	}
	return SyncDir(f.root, dir)
}

// write writes a new file, to the disk itself.
func (f *Folder) write(name string, r io.Reader) (err error) {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := io.Copy(file, r); err != nil {
		return err
	}
	return file.Sync()
}

// makeDir makes a folder durable that is not there yet, with those above it.
func (f *Folder) makeDir(dir string) error {
	if _, err := f.root.Stat(dir); err == nil {
		return nil
	}
	above := path.Dir(dir)
	if above != dir {
		if err := f.makeDir(above); err != nil {
			return err
		}
	}
	if err := f.root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return SyncDir(f.root, above)
}

// SyncDir makes durable what was created and renamed in a folder.
func SyncDir(root *os.Root, dir string) error {
	if runtime.GOOS == "windows" { // it has no such call
		return nil
	}
	d, err := root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// folderFile is an open file of a folder.
type folderFile struct {
	*os.File
	info Info
}

// Info says what is known of the file.
func (f *folderFile) Info() Info { return f.info }

// Open opens a file.
func (f *Folder) Open(_ context.Context, key string) (File, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	file, err := f.root.Open(key)
	if err != nil {
		return nil, folderError(key, err)
	}
	stat, err := file.Stat()
	if err == nil && !stat.Mode().IsRegular() {
		err = ErrNotFound
	}
	if err != nil {
		file.Close()
		return nil, folderError(key, err)
	}
	return &folderFile{file, infoOf(key, stat)}, nil
}

// Stat returns what is known of a file.
func (f *Folder) Stat(_ context.Context, key string) (Info, error) {
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	stat, err := f.root.Stat(key)
	if err == nil && !stat.Mode().IsRegular() {
		err = ErrNotFound
	}
	if err != nil {
		return Info{}, folderError(key, err)
	}
	return infoOf(key, stat), nil
}

func infoOf(key string, stat fs.FileInfo) Info {
	return Info{Key: key, Size: stat.Size(), ModTime: stat.ModTime()}
}

// Delete deletes a file.
func (f *Folder) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := f.root.Remove(key); !errors.Is(err, fs.ErrNotExist) {
		return folderError(key, err)
	}
	return nil
}

// All returns every file. Those whose names begin with a dot belong to others.
func (f *Folder) All(ctx context.Context) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		err := fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist): // deleted meanwhile
				return nil
			case err != nil:
				return err
			case name != "." && d.Name()[0] == '.' && d.IsDir():
				return fs.SkipDir
			case d.IsDir():
				return ctx.Err()
			case d.Name()[0] == '.' || !d.Type().IsRegular():
				return nil
			}
			stat, err := d.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err == nil && !yield(infoOf(name, stat), nil) {
				return fs.SkipAll
			}
			return err
		})
		if err != nil {
			yield(Info{}, folderError("", err))
		}
	}
}

// Sweep removes files that were being written before a time and are not any more.
func (f *Folder) Sweep(ctx context.Context, before time.Time) (int, error) {
	entries, err := fs.ReadDir(f.root.FS(), partial)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, folderError(partial, err)
	}
	swept := 0
	for _, entry := range entries {
		stat, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) || (err == nil && !stat.ModTime().Before(before)) {
			continue
		}
		if err == nil {
			err = f.root.Remove(path.Join(partial, entry.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return swept, folderError(partial, err)
		}
		swept++
		if ctx.Err() != nil {
			return swept, ctx.Err()
		}
	}
	return swept, nil
}

// Close closes the folder. Files that are open stay so.
func (f *Folder) Close() error { return f.root.Close() }

// folderError returns an error of the operating system as one of this package.
func folderError(key string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w", key, ErrNotFound)
	case IsFull(err):
		return fmt.Errorf("%s: %w: %w", key, ErrFull, err)
	}
	return fmt.Errorf("the folder of files: %w", err)
}
