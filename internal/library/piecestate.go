package library

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/masthead-cms/masthead/internal/blob"
)

// load returns how an upload of an owner stands, or ErrNoUpload.
func (l *Library) load(id, owner string) (*Pieces, error) {
	if !idForm.MatchString(id) {
		return nil, ErrNoUpload
	}
	p, err := l.read(id)
	if err == nil && (p.Owner != owner || p.ExpiresAt().Before(l.clock())) {
		return nil, ErrNoUpload
	}
	return p, err
}

func (l *Library) read(id string) (*Pieces, error) {
	text, err := l.uploads.ReadFile(id + stateSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoUpload
	}
	if err != nil {
		return nil, uploadError(err)
	}
	var p Pieces
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("the state of the upload %s: %w", id, err)
	}
	return &p, nil
}

// checkCurrent returns an error if an upload does not stand any more where this call has brought
// it: ErrNoUpload if it was deleted, an *OffsetError if another server went on with it.
func (l *Library) checkCurrent(p *Pieces) error {
	now, err := l.read(p.ID)
	if err == nil && (now.Offset > p.Offset || now.Medium != p.Medium && now.Medium != "") {
		p.Offset = now.Offset
		p.Medium = now.Medium
		err = &OffsetError{now.Offset}
	}
	return err
}

// save makes durable how an upload stands that has begun.
func (l *Library) save(p *Pieces) error {
	if err := l.checkCurrent(p); err != nil {
		return err
	}
	return l.write(p)
}

// write makes durable how an upload stands.
func (l *Library) write(p *Pieces) error {
	p.ChangedAt = l.clock().UTC().Truncate(time.Second)
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	file, err := l.uploads.OpenFile(p.ID+newSuffix, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return uploadError(err)
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return uploadError(err)
	}
	if err := l.uploads.Rename(p.ID+newSuffix, p.ID+stateSuffix); err != nil {
		return uploadError(err)
	}
	return uploadError(blob.SyncDir(l.uploads, "."))
}
