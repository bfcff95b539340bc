package library

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/media"
)

// Bounds of uploads that come in pieces and have not ended.
const (
	// PiecesAge is how long an upload is kept that nothing is added to.
	PiecesAge = 24 * time.Hour
	// MaxUploadsOf is how many uploads one user may have.
	MaxUploadsOf = 32
	// maxUploads is how many there may be in all.
	maxUploads = 512
	// maxBytesOf and maxBytesAll are how many of the largest files all uploads of one user, and all
	// there are, may take together.
	maxBytesOf  = 4
	maxBytesAll = 16
	// checkpoint is how many bytes come before what has come is synced, so that it need not come
	// again if the server is killed.
	checkpoint = 16 << 20
	// takeoverTime is how long whoever goes on with an upload waits for the call before to end.
	takeoverTime = 10 * time.Second
)

// The errors of uploads that come in pieces.
var (
	// ErrNoUpload says that there is no such upload, or that it is somebody else's.
	ErrNoUpload = errors.New("there is no such upload")
	// ErrBusy says that another call is just finishing the upload.
	ErrBusy = errors.New("the upload is being finished by another call")
	// ErrTooLong says that more bytes came than the upload has.
	ErrTooLong = errors.New("more bytes came than the upload has")
	// ErrTooManyUploads says that its owner has too many uploads that have not ended.
	ErrTooManyUploads = errors.New("too many uploads have not ended")
)

// OffsetError says that bytes were sent for another place than where the upload goes on.
type OffsetError struct {
	Offset int64 // where it goes on
}

func (e *OffsetError) Error() string {
	return fmt.Sprintf("the upload goes on at byte %d", e.Offset)
}

// Pieces is what is known of an upload that comes in pieces.
type Pieces struct {
	ID        string    `json:"id"`
	Owner     string    `json:"owner"`
	Name      string    `json:"name"` // as the sender calls the file
	Length    int64     `json:"length"`
	Fields    string    `json:"fields"` // what else its sender says of it; the caller's to read
	Offset    int64     `json:"offset"` // how many bytes have come and survive a power cut
	Hash      []byte    `json:"hash"`   // the state of SHA-256 at the offset
	ChangedAt time.Time `json:"changed_at"`
	Medium    string    `json:"medium"` // what came of it; "" until it is finished
}

// ExpiresAt returns when the upload is given up if nothing is added to it.
func (p *Pieces) ExpiresAt() time.Time { return p.ChangedAt.Add(PiecesAge) }

// running are the calls that add to uploads, by id.
type running struct {
	mu    sync.Mutex
	calls map[string]*appending
}

// appending is a call that adds to an upload.
type appending struct {
	interrupt func() // makes its reader fail; nil: it cannot be stopped any more
	ended     chan struct{}
}

// Begin begins an upload of a file of length bytes that comes in pieces. It returns a
// *media.Refusal if no file can be as long, and ErrTooManyUploads or blob.ErrFull if there are too
// many already.
func (l *Library) Begin(owner, name string, length int64, fields string) (*Pieces, error) {
	if length <= 0 {
		return nil, &media.Refusal{Code: media.Broken, Sentence: "The file is empty."}
	}
	if length > l.maxBytes {
		return nil, l.tooLarge()
	}
	if err := l.checkRoom(owner, length); err != nil {
		return nil, err
	}
	p := &Pieces{
		ID:     uuid.Must(uuid.NewV7()).String(),
		Owner:  owner,
		Name:   name,
		Length: length,
		Fields: fields,
	}
	if err := p.setHash(sha256.New()); err != nil {
		return nil, err
	}
	file, err := l.uploads.OpenFile(p.part(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, uploadError(err)
	}
	if err := file.Close(); err != nil {
		return nil, uploadError(err)
	}
	if err := l.write(p); err != nil {
		return nil, errors.Join(err, l.forget(p.ID))
	}
	return p, nil
}

// checkRoom returns an error if there is no room for one more upload.
func (l *Library) checkRoom(owner string, length int64) error {
	count, countOf := 0, 0
	bytes, bytesOf := length, length
	for p, err := range l.allPieces() {
		if err != nil {
			return err
		}
		if p.Medium != "" || p.ExpiresAt().Before(l.clock()) {
			continue
		}
		count++
		bytes += p.Length
		if p.Owner == owner {
			countOf++
			bytesOf += p.Length
		}
	}
	switch {
	case countOf >= MaxUploadsOf || bytesOf > maxBytesOf*l.maxBytes:
		return ErrTooManyUploads
	case count >= maxUploads || bytes > maxBytesAll*l.maxBytes:
		return fmt.Errorf("uploads that have not ended: %w", blob.ErrFull)
	}
	return nil
}

// Resume returns where an upload of an owner goes on, or ErrNoUpload. A call that is still adding
// to it is ended first: its connection may be dead. It returns ErrBusy if that cannot be.
func (l *Library) Resume(ctx context.Context, id, owner string) (*Pieces, error) {
	if _, err := l.load(id, owner); err != nil {
		return nil, err
	}
	release, err := l.takeOver(ctx, id, nil)
	if err != nil {
		return nil, err
	}
	defer release()
	return l.load(id, owner)
}

// GiveUp deletes an upload of an owner, or returns ErrNoUpload.
func (l *Library) GiveUp(ctx context.Context, id, owner string) error {
	if _, err := l.load(id, owner); err != nil {
		return err
	}
	release, err := l.takeOver(ctx, id, nil)
	if err != nil {
		return err
	}
	defer release()
	return l.forget(id)
}

// takeOver ends the call that adds to an upload, if any, and waits until it has. Until the function
// that it returns is called, nobody else adds to the upload, unless interrupt ends the call.
func (l *Library) takeOver(
	ctx context.Context, id string, interrupt func(),
) (release func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, takeoverTime)
	defer cancel()
	for {
		mine := &appending{interrupt: interrupt, ended: make(chan struct{})}
		l.running.mu.Lock()
		other := l.running.calls[id]
		if other == nil {
			l.running.calls[id] = mine
			l.running.mu.Unlock()
			return func() { l.release(id, mine) }, nil
		}
		if other.interrupt != nil {
			other.interrupt()
		}
		l.running.mu.Unlock()
		select {
		case <-other.ended:
		case <-ctx.Done():
			return nil, ErrBusy
		}
	}
}

func (l *Library) release(id string, mine *appending) {
	l.running.mu.Lock()
	defer l.running.mu.Unlock()
	delete(l.running.calls, id)
	close(mine.ended)
}

// finishing makes a call one that cannot be interrupted any more.
func (l *Library) finishing(id string) {
	l.running.mu.Lock()
	defer l.running.mu.Unlock()
	l.running.calls[id].interrupt = nil
}

// Body is what a call adds to an upload.
type Body struct {
	io.Reader
	Interrupt func() // makes a Read that waits, and all that follow, fail
}

// Append adds what comes to an upload of an owner, from an offset on, and returns how it stands.
// What has come when the body breaks off is kept, and the error of the body is returned with it.
// Bytes beyond the announced length are an error. When all have come, finish makes a medium of the
// upload and returns its id; only then are the last bytes counted, so that whoever is told that all
// is there can rely on the medium. An error of finish leaves the upload where it was shortly before
// its end, unless hopeless says that it would be the same again: then it is gone.
//
// It returns ErrNoUpload, an *OffsetError, ErrBusy, blob.ErrFull, and errors of the body and of
// finish as they are. Another server that shares the folder may delete the upload or go on with it
// meanwhile: then this call ends with one of the first two.
func (l *Library) Append(ctx context.Context, id, owner string, offset int64, body Body,
	finish func(*Pieces, *Upload) (medium string, err error), hopeless func(error) bool,
) (*Pieces, error) {
	if _, err := l.load(id, owner); err != nil {
		return nil, err
	}
	release, err := l.takeOver(ctx, id, body.Interrupt)
	if err != nil {
		return nil, err
	}
	defer release()
	p, err := l.load(id, owner)
	if err != nil {
		return nil, err
	}
	if p.Offset != offset {
		return p, &OffsetError{p.Offset}
	}
	if p.Medium != "" {
		return p, nil
	}
	upload, err := l.receivePieces(ctx, p, body)
	if err != nil || upload == nil {
		return p, err
	}
	defer upload.Discard()
	l.finishing(id)
	if p.Medium, err = finish(p, upload); err != nil {
		if hopeless(err) {
			err = errors.Join(err, l.forget(id))
		}
		return p, err
	}
	p.Offset = p.Length
	if err := l.save(p); err != nil && !errors.Is(err, ErrNoUpload) { // the medium is there
		return p, err
	}
	if err := l.uploads.Remove(p.part()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return p, uploadError(err)
	}
	return p, nil
}

// receivePieces adds what comes to the file of an upload, and returns it if it is all there.
func (l *Library) receivePieces(ctx context.Context, p *Pieces, body Body) (*Upload, error) {
	file, err := l.uploads.OpenFile(p.part(), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) { // another server has finished or deleted it
		return nil, cmp.Or(l.checkCurrent(p), ErrNoUpload)
	}
	if err != nil {
		return nil, uploadError(err)
	}
	done := false
	defer func() {
		if !done {
			file.Close()
		}
	}()
	sum, err := p.hash()
	if err != nil {
		return nil, err
	}
	if err := file.Truncate(p.Offset); err != nil { // what was not synced may be anything
		return nil, uploadError(err)
	}
	if _, err := file.Seek(p.Offset, io.SeekStart); err != nil {
		return nil, uploadError(err)
	}
	for at := p.Offset; ; {
		most := min(checkpoint, p.Length-at+1)
		in := io.LimitReader(&cancelled{ctx, body}, most)
		n, err := io.Copy(io.MultiWriter(&uploadWriter{file}, sum), in)
		at += n
		switch {
		case at > p.Length:
			return nil, ErrTooLong
		case at == p.Length && err == nil && n < most:
			done = true
			return wholeOf(p, file, sum), uploadError(file.Sync())
		case at > p.Offset && at < p.Length:
			err = errors.Join(err, l.saveOffset(p, file, at, sum))
		}
		if err != nil || n < most {
			return nil, err
		}
	}
}

// wholeOf returns an upload that has come to its end.
func wholeOf(p *Pieces, file *os.File, sum hash.Hash) *Upload {
	return &Upload{
		Name:    p.Name,
		Bytes:   p.Length,
		Digest:  hex.EncodeToString(sum.Sum(nil)),
		file:    file,
		discard: sync.OnceValue(file.Close),
	}
}

// saveOffset syncs what has come up to an offset, and notes that it has.
func (l *Library) saveOffset(p *Pieces, file *os.File, offset int64, sum hash.Hash) error {
	if err := file.Sync(); err != nil {
		return uploadError(err)
	}
	if err := p.setHash(sum); err != nil {
		return err
	}
	p.Offset = offset
	return l.save(p)
}

// hash returns SHA-256 as it stood at the offset.
func (p *Pieces) hash() (hash.Hash, error) {
	sum := sha256.New()
	err := sum.(encoding.BinaryUnmarshaler).UnmarshalBinary(p.Hash)
	return sum, err
}

func (p *Pieces) setHash(sum hash.Hash) (err error) {
	p.Hash, err = sum.(encoding.BinaryMarshaler).MarshalBinary()
	return err
}

// An upload has a file with what has come, and one that says how it stands.
func (p *Pieces) part() string { return p.ID + partSuffix }

const (
	partSuffix  = ".part"
	stateSuffix = ".json"
	newSuffix   = ".new" // of a state that is being written
)

// idForm is the form of ids of uploads: UUIDs.
var idForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// forget deletes all that there is of an upload, its state first.
func (l *Library) forget(id string) error {
	for _, suffix := range []string{stateSuffix, newSuffix, partSuffix} {
		if err := l.uploads.Remove(id + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return uploadError(err)
		}
	}
	return nil
}

// allPieces returns how all uploads stand.
func (l *Library) allPieces() iter.Seq2[*Pieces, error] {
	return func(yield func(*Pieces, error) bool) {
		entries, err := fs.ReadDir(l.uploads.FS(), ".")
		if err != nil {
			yield(nil, uploadError(err))
			return
		}
		for _, entry := range entries {
			id, found := strings.CutSuffix(entry.Name(), stateSuffix)
			if !found {
				continue
			}
			p, err := l.read(id)
			if errors.Is(err, ErrNoUpload) { // deleted meanwhile
				continue
			}
			if !yield(p, err) {
				return
			}
		}
	}
}

// sweepPieces deletes uploads that nothing was added to for long, and what has no state. It returns
// how many there were.
func (l *Library) sweepPieces() (int, error) {
	entries, err := fs.ReadDir(l.uploads.FS(), ".")
	if err != nil {
		return 0, uploadError(err)
	}
	swept := 0
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || l.clock().Sub(info.ModTime()) < sweepAge {
			continue
		}
		id, _, _ := strings.Cut(entry.Name(), ".")
		p, err := l.read(id)
		if err == nil && l.clock().Before(p.ExpiresAt()) {
			continue
		}
		if err != nil && !errors.Is(err, ErrNoUpload) {
			return swept, err
		}
		if err := l.forget(id); err != nil {
			return swept, err
		}
		if path.Ext(entry.Name()) != partSuffix {
			swept++
		}
	}
	return swept, nil
}
