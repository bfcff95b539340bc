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
	"unsafe"

	"modernc.org/libc"
	engine "modernc.org/sqlite/lib"
)

// disk is where SQLite keeps the files of one database, and knows of each what a power cut could not take: it is SQLite's
// own way to the machine's files (a "VFS"), but that it notes what is written, cut off and deleted, and forgets it again
// when the file is synced. Nothing is ever synced in truth.
type disk struct {
	name     string
	machine  uintptr // the VFS behind
	behind   engine.Tsqlite3_vfs
	own      engine.Tsqlite3_vfs
	pointer  uintptr // in a place that does not move, as SQLite wants it
	closures []any   // SQLite knows only their addresses

	mu      sync.Mutex
	kinds   map[uintptr]*diskMethods // by the methods behind
	open    map[uintptr]diskHandle
	files   map[string]*diskFile // by name
	changes int                  // how many there were, and syncs
	cutAt   int                  // before which change the power is cut; 0: it is not
	cut     func(map[string]diskFile)
}

// diskMethods are what SQLite does with an open file, and what it would do without the disk between.
type diskMethods struct{ own, behind engine.Tsqlite3_io_methods }

// diskHandle is an open file.
type diskHandle struct {
	*diskFile
	*diskMethods
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
	tls := libc.NewTLS()
	d := &disk{name: fmt.Sprintf("disk%d", disks.Add(1)), kinds: map[uintptr]*diskMethods{}, open: map[uintptr]diskHandle{}, files: map[string]*diskFile{}}
	if d.machine = engine.Xsqlite3_vfs_find(tls, 0); d.machine == 0 {
		t.Fatal("SQLite has no way to the machine's files")
	}
	libc.Xmemcpy(tls, uintptr(unsafe.Pointer(&d.behind)), d.machine, engine.Tsize_t(unsafe.Sizeof(d.behind)))
	name, err := libc.CString(d.name)
	if err != nil {
		t.Fatal(err)
	}
	d.own = d.behind
	d.own.FzName, d.own.FpNext = name, 0
	d.own.FxOpen = closure(d, d.xOpen)
	d.own.FxDelete = closure(d, d.xDelete)
	if rc := engine.Xsqlite3_vfs_register(tls, uintptr(unsafe.Pointer(&d.own)), 0); rc != engine.SQLITE_OK {
		t.Fatalf("SQLite does not take the disk: %d", rc)
	}
	t.Cleanup(func() {
		engine.Xsqlite3_vfs_unregister(tls, uintptr(unsafe.Pointer(&d.own)))
		libc.Xfree(tls, name)
		tls.Close()
	})
	return d
}

// closure is a function as SQLite calls it.
func closure[F any](d *disk, f F) uintptr {
	d.closures = append(d.closures, f)
	return *(*uintptr)(unsafe.Pointer(&f))
}

// function is what SQLite would call.
func function[F any](pointer *uintptr) F { return *(*F)(unsafe.Pointer(pointer)) }

type (
	openFunc     = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	deleteFunc   = func(tls *libc.TLS, vfs, name uintptr, sync int32) int32
	closeFunc    = func(tls *libc.TLS, file uintptr) int32
	writeFunc    = func(tls *libc.TLS, file, from uintptr, size int32, at int64) int32
	truncateFunc = func(tls *libc.TLS, file uintptr, size int64) int32
)

func (d *disk) xOpen(tls *libc.TLS, _, name, file uintptr, flags int32, out uintptr) int32 {
	rc := function[openFunc](&d.behind.FxOpen)(tls, d.machine, name, file, flags, out)
	if rc != engine.SQLITE_OK || name == 0 {
		return rc
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	const size = engine.Tsize_t(unsafe.Sizeof(d.pointer))
	libc.Xmemcpy(tls, uintptr(unsafe.Pointer(&d.pointer)), file, size) // a file begins with a pointer to its methods
	kind := d.kind(tls, d.pointer)
	d.pointer = uintptr(unsafe.Pointer(&kind.own))
	libc.Xmemcpy(tls, file, uintptr(unsafe.Pointer(&d.pointer)), size)
	base := filepath.Base(libc.GoString(name))
	if f := d.files[base]; f == nil || f.deleted {
		d.files[base] = &diskFile{log: flags&engine.SQLITE_OPEN_MAIN_DB == 0}
	}
	d.open[file] = diskHandle{d.files[base], kind}
	return rc
}

// kind is what stands between SQLite and some methods.
func (d *disk) kind(tls *libc.TLS, methods uintptr) *diskMethods {
	if d.kinds[methods] == nil {
		k := &diskMethods{}
		libc.Xmemcpy(tls, uintptr(unsafe.Pointer(&k.behind)), methods, engine.Tsize_t(unsafe.Sizeof(k.behind)))
		k.own = k.behind
		k.own.FxClose = closure(d, d.xClose)
		k.own.FxWrite = closure(d, d.xWrite)
		k.own.FxTruncate = closure(d, d.xTruncate)
		k.own.FxSync = closure(d, d.xSync)
		d.kinds[methods] = k
	}
	return d.kinds[methods]
}

func (d *disk) xDelete(tls *libc.TLS, _, name uintptr, sync int32) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.change()
	rc := function[deleteFunc](&d.behind.FxDelete)(tls, d.machine, name, 0)
	if f := d.files[filepath.Base(libc.GoString(name))]; rc == engine.SQLITE_OK && f != nil {
		f.deleted = true
		if sync != 0 {
			d.syncNames()
		}
	}
	return rc
}

func (d *disk) xClose(tls *libc.TLS, file uintptr) int32 {
	d.mu.Lock()
	f := d.open[file]
	delete(d.open, file)
	d.mu.Unlock()
	return function[closeFunc](&f.behind.FxClose)(tls, file)
}

func (d *disk) xWrite(tls *libc.TLS, file, from uintptr, size int32, at int64) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.change()
	f := d.open[file]
	rc := function[writeFunc](&f.behind.FxWrite)(tls, file, from, size, at)
	if rc == engine.SQLITE_OK {
		f.since = append(f.since, diskChange{at: at, bytes: slices.Clone(libc.GoBytes(from, int(size)))})
	}
	return rc
}

func (d *disk) xTruncate(tls *libc.TLS, file uintptr, size int64) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.change()
	f := d.open[file]
	rc := function[truncateFunc](&f.behind.FxTruncate)(tls, file, size)
	if rc == engine.SQLITE_OK {
		f.since = append(f.since, diskChange{at: size, cut: true})
	}
	return rc
}

func (d *disk) xSync(_ *libc.TLS, file uintptr, _ int32) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.change()
	f := d.open[file]
	for _, c := range f.since {
		f.safe = c.apply(f.safe)
	}
	f.since = nil
	if !f.named && f.log {
		d.syncNames()
	}
	return engine.SQLITE_OK
}

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

// cutAfter cuts the power, once some more changes were made. Cut is told how the disk is then, and holds it still while
// it runs.
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

// leave puts into a folder what a power cut leaves. What was not synced is lost, or was written all the same, or in part:
// up to some change, or any of the changes, or some sectors of them, cut anywhere.
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
