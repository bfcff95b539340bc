package newsroom

import (
	"context"
	"errors"
	"time"

	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/library"
)

// MaxBytes returns how many bytes the largest file may have.
func (m *Media) MaxBytes() int64 { return m.newsroom.library.MaxBytes() }

// BeginPieces begins an upload of a file of length bytes that comes in pieces. Fields are what its
// sender says of the medium; the caller reads them at the end.
func (m *Media) BeginPieces(
	actor cms.Actor, name string, length int64, fields string,
) (*library.Pieces, error) {
	if err := m.CheckMayAdd(actor); err != nil {
		return nil, err
	}
	p, err := m.newsroom.library.Begin(string(actor.ID), name, length, fields)
	return p, piecesError(err)
}

// Pieces returns where an upload of the actor stands. A call that still adds to it is ended.
func (m *Media) Pieces(
	ctx context.Context, actor cms.Actor, id string,
) (*library.Pieces, error) {
	if err := m.CheckMayAdd(actor); err != nil {
		return nil, err
	}
	p, err := m.newsroom.library.Resume(ctx, id, string(actor.ID))
	return p, piecesError(err)
}

// GiveUpPieces deletes an upload of the actor. A medium that came of it stays.
func (m *Media) GiveUpPieces(ctx context.Context, actor cms.Actor, id string) error {
	if err := m.CheckMayAdd(actor); err != nil {
		return err
	}
	return piecesError(m.newsroom.library.GiveUp(ctx, id, string(actor.ID)))
}

// AddPieces adds to an upload of the actor from an offset on, and makes a medium of it when all is
// there, exactly one, also if a server was killed while it did so. Fill is given the fields, and
// returns what Create calls fill.
func (m *Media) AddPieces(ctx context.Context, actor cms.Actor, id string, offset int64,
	body library.Body, fill func(fields string) (func(cms.MediumInput) cms.MediumInput, error),
) (*library.Pieces, error) {
	if err := m.CheckMayAdd(actor); err != nil {
		return nil, err
	}
	finish := func(p *library.Pieces, upload *library.Upload) (string, error) {
		over, err := fill(p.Fields)
		if err != nil {
			return "", err
		}
		return m.finishPieces(ctx, actor, p, upload, over)
	}
	p, err := m.newsroom.library.Append(ctx, id, string(actor.ID), offset, body, finish, hopeless)
	return p, piecesError(err)
}

// finishPieces makes the medium of an upload, once.
func (m *Media) finishPieces(ctx context.Context, actor cms.Actor, p *library.Pieces,
	upload *library.Upload, fill func(cms.MediumInput) cms.MediumInput) (string, error) {
	// Whoever sent all of it may leave now.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime(upload.Bytes))
	defer cancel()
	once := &Idempotency{
		Caller: string(actor.ID),
		Scope:  "upload",
		Key:    p.ID,
		Digest: upload.Digest,
		Render: func(result any) ([]byte, error) {
			return []byte(result.(*cms.Medium).ID), nil
		},
	}
	medium, err := m.Create(ctx, Call{Actor: actor, Idempotency: once}, upload, fill)
	var before *Replay
	if errors.As(err, &before) {
		return string(before.Response), nil
	}
	if err != nil {
		return "", err
	}
	return string(medium.ID), nil
}

// finishTime is how long it may take to inspect so many bytes and to keep them: pictures wait for
// each other.
func finishTime(bytes int64) time.Duration {
	const pace = 8 << 20 // bytes a second
	return 5*time.Minute + time.Duration(bytes/pace)*time.Second
}

// hopeless reports whether an upload that could not be finished never can be.
func hopeless(err error) bool {
	return cms.Is(err, cms.Invalid) || cms.Is(err, cms.UnsupportedMedia) ||
		cms.Is(err, cms.TooLarge)
}

// piecesError returns the error for an upload that cannot go on.
func piecesError(err error) error {
	var offset *library.OffsetError
	switch {
	case errors.Is(err, library.ErrNoUpload):
		return cms.Errorf(cms.NotFound, "There is no such upload, or it has expired.")
	case errors.Is(err, library.ErrBusy):
		return cms.Errorf(cms.UploadBusy, "Another call is just finishing this upload; "+
			"ask again in a moment.")
	case errors.Is(err, library.ErrTooLong):
		return cms.Errorf(cms.TooLarge, "More bytes came than the upload was begun with.")
	case errors.Is(err, library.ErrTooManyUploads):
		return &cms.Error{
			Code: cms.TooManyRequests,
			Detail: "You have too many uploads that have not ended, or too large ones; " +
				"finish or delete some first.",
			RetryAfter: time.Minute,
		}
	case errors.As(err, &offset):
		return cms.Errorf(cms.OffsetMismatch, "The upload goes on at byte %d.", offset.Offset)
	case errors.Is(err, blob.ErrFull):
		return cms.Errorf(cms.InsufficientStorage, "There is no room for the upload.")
	}
	return fileError(err)
}
