package database

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

// disk is a VFS, SQLite's way to files, over the machine's own. It knows what a power cut could not
// take from the files of one database: it records what is written, cut off and deleted until the
// file is synced. Nothing is really synced.
type disk struct {
	vfs.VFS
	name string

	mu      sync.Mutex
	files   map[string]*diskFile // by name
	changes int                  // how many there were, and syncs
	cutAt   int                  // before which change the power is cut; 0: it is not
	cut     func(map[string]diskFile)
}

// diskHandle is an open file.
type diskHandle struct {
	vfs.File
	disk *disk
	file *diskFile
}

// diskFile is a file as it is on the disk for certain, and what has been done to it since.
type diskFile struct {
	safe    []byte
	log     bool // it is a log or a journal, not the database
	named   bool // its name is on the disk for certain too
	deleted bool // its name may be gone
	since   []diskChange
}

// diskChange is bytes that were written at an offset, or a file that was cut off there.
type diskChange struct {
	at    int64
	bytes []byte
	cut   bool
}

var disks atomic.Int64

// newDisk registers a disk with SQLite until the test ends.
func newDisk(t testing.TB) *disk {
	t.Helper()
	d := &disk{
		VFS:   vfs.Find(""),
		name:  fmt.Sprintf("disk%d", disks.Add(1)),
		files: map[string]*diskFile{},
	}
	vfs.Register(d.name, d)
	t.Cleanup(func() { vfs.Unregister(d.name) })
	return d
}

// OpenFilename opens a file.
func (d *disk) OpenFilename(
	name *vfs.Filename,
	flags vfs.OpenFlag,
) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := vfsutil.WrapOpenFilename(d.VFS, name, flags)
	if err != nil || name == nil {
		return file, flags, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	base := filepath.Base(name.String())
	if f := d.files[base]; f == nil || f.deleted {
		d.files[base] = &diskFile{log: flags&vfs.OPEN_MAIN_DB == 0}
	}
	return &diskHandle{file, d, d.files[base]}, flags, nil
}

// Delete deletes a file.
func (d *disk) Delete(name string, syncFolder bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.change()
	err := d.VFS.Delete(name, false)
	if f := d.files[filepath.Base(name)]; err == nil && f != nil {
		f.deleted = true
		if syncFolder {
			d.syncNames()
		}
	}
	return err
}

// WriteAt writes bytes.
func (h *diskHandle) WriteAt(bytes []byte, at int64) (int, error) {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	h.disk.change()
	n, err := h.File.WriteAt(bytes, at)
	if err == nil {
		h.file.since = append(h.file.since, diskChange{at: at, bytes: slices.Clone(bytes)})
	}
	return n, err
}

// Truncate cuts the file off.
func (h *diskHandle) Truncate(size int64) error {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	h.disk.change()
	err := h.File.Truncate(size)
	if err == nil {
		h.file.since = append(h.file.since, diskChange{at: size, cut: true})
	}
	return err
}

// SizeHint makes a file longer that will be.
func (h *diskHandle) SizeHint(size int64) error {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	h.disk.change()
	err := vfsutil.WrapSizeHint(h.File, size)
	if err == nil {
		h.file.since = append(h.file.since, diskChange{at: size})
	}
	return err
}

// Sync makes the changes to the file certain.
func (h *diskHandle) Sync(vfs.SyncFlag) error {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	h.disk.change()
	f := h.file
	for _, c := range f.since {
		f.safe = c.apply(f.safe)
	}
	f.since = nil
	if !f.named && f.log {
		h.disk.syncNames()
	}
	return nil
}

// SharedMemory is the machine's.
func (h *diskHandle) SharedMemory() vfs.SharedMemory { return vfsutil.WrapSharedMemory(h.File) }

// syncNames is what SQLite does when it syncs a new log or journal: it syncs the folder too.
func (d *disk) syncNames() {
	maps.DeleteFunc(d.files, func(_ string, f *diskFile) bool { return f.deleted })
	for _, f := range d.files {
		f.named = true
	}
}

// change comes before each change.
func (d *disk) change() {
	if d.changes++; d.changes != d.cutAt {
		return
	}
	now := map[string]diskFile{}
	for name, f := range d.files {
		now[name] = diskFile{slices.Clone(f.safe), f.log, f.named, f.deleted, slices.Clone(f.since)}
	}
	d.cut(now)
}

// cutAfter cuts the power, once some more changes were made. Cut is told how the disk is then, and
// holds it still while it runs.
func (d *disk) cutAfter(changes int, cut func(map[string]diskFile)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cutAt, d.cut = d.changes+changes, cut
}

// apply makes the change to bytes, which it may change.
func (c *diskChange) apply(file []byte) []byte {
	if c.cut {
		return file[:min(c.at, int64(len(file)))]
	}
	end := int(c.at) + len(c.bytes)
	if missing := end - len(file); missing > 0 {
		file = append(file, make([]byte, missing)...)
	}
	copy(file[c.at:end], c.bytes)
	return file
}

// leave puts into a folder what a power cut leaves. What was not synced is lost, or was written all
// the same, or in part: up to some change, or any of the changes, or some sectors of them, cut
// anywhere.
func leave(files map[string]diskFile, folder string, chance *rand.Rand) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f := files[name]
		image, how := slices.Clone(f.safe), chance.IntN(5)
		if !f.named && how == 0 || f.deleted && chance.IntN(2) == 0 {
			continue
		}
		upTo := chance.IntN(len(f.since) + 1)
		for i, c := range f.since {
			switch how {
			case 0: // all is lost
			case 1: // nothing is
				image = c.apply(image)
			case 2:
				if i < upTo {
					image = c.apply(image)
				}
			case 3:
				if chance.IntN(2) == 0 {
					image = c.apply(image)
				}
			case 4:
				for _, part := range c.torn(chance) {
					image = part.apply(image)
				}
			}
		}
		if err := os.WriteFile(filepath.Join(folder, name), image, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// torn is some sectors of a change, and a piece of one.
func (c diskChange) torn(chance *rand.Rand) []diskChange {
	if c.cut {
		return []diskChange{c}[:chance.IntN(2)]
	}
	var parts []diskChange
	const sector = 512
	for from := 0; from < len(c.bytes); from += sector {
		to := min(from+sector, len(c.bytes))
		switch chance.IntN(8) {
		case 0, 1, 2:
			continue
		case 3:
			to = from + chance.IntN(to-from)
		}
		parts = append(parts, diskChange{at: c.at + int64(from), bytes: c.bytes[from:to]})
	}
	return parts
}
