package newsroom

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/fetch"
	"github.com/masthead-cms/masthead/internal/library"
	"github.com/masthead-cms/masthead/internal/media"
)

// Receive receives a file that was called name where it comes from. The caller must discard the
// upload.
func (m *Media) Receive(ctx context.Context, r io.Reader, name string) (*library.Upload, error) {
	upload, err := m.newsroom.library.Receive(ctx, r, name)
	return upload, fileError(err)
}

// Fetch receives the file at an address of the web, for a medium that is to be as in says. The
// caller must discard the upload.
func (m *Media) Fetch(
	ctx context.Context, address string, in cms.MediumInput,
) (upload *library.Upload, err error) {
	if err := in.Check(); err != nil {
		return nil, err
	}
	err = m.newsroom.fetcher.Get(ctx, address, func(r io.Reader) error {
		upload, err = m.newsroom.library.Receive(ctx, r, "")
		return err
	})
	var refusal *fetch.Refusal
	if errors.As(err, &refusal) {
		return nil, cms.FieldErrorf(cms.Invalid, "url", string(refusal.Code), "%s",
			refusal.Sentence)
	}
	return upload, fileError(err)
}

// keep keeps a file, and returns what is known of it and what it says of itself.
func (m *Media) keep(
	ctx context.Context, upload *library.Upload,
) (*cms.MediaFile, cms.MediumInput, error) {
	kept, err := m.newsroom.library.Keep(ctx, upload)
	if err != nil {
		return nil, cms.MediumInput{}, fileError(err)
	}
	file := &cms.MediaFile{
		Digest:       kept.Digest,
		FileKey:      kept.Key,
		FileBytes:    kept.Bytes,
		ServedDigest: kept.ServedDigest,
		ServedKey:    kept.ServedKey,
		ServedBytes:  kept.ServedBytes,
		ServedType:   kept.ServedType,
		Kind:         cms.MediaKind(kept.Kind),
		Width:        int64(kept.Width),
		Height:       int64(kept.Height),
		DurationMS:   kept.Duration.Milliseconds(),
		Color:        kept.Color,
		ThumbHash:    kept.ThumbHash,
	}
	return file, foundInput(&kept.Words), nil
}

// foundInput returns what a file says of itself as an editor would have written it, within the
// limits of a medium.
func foundInput(w *media.Words) cms.MediumInput {
	people := w.People[:min(len(w.People), cms.MaxPeople)]
	in := cms.MediumInput{
		Title:      line(w.Title, cms.MaxMediumTitle),
		Alt:        cut(w.Alt, cms.MaxMediumAlt),
		Caption:    cut(w.Caption, cms.MaxMediumCaption),
		Credit:     line(w.Credit, cms.MaxMediumCredit),
		License:    line(w.License, cms.MaxMediumLicense),
		FocalPoint: cms.DefaultFocalPoint,
		Extra:      "{}",
	}
	if (cms.MediumInput{SourceURL: w.SourceURL}).Check() == nil {
		in.SourceURL = w.SourceURL
	}
	for _, person := range people {
		if name := line(person, cms.MaxPerson); name != "" {
			in.People = append(in.People, name)
		}
	}
	return in
}

// line returns a text on one line, cut.
func line(s string, most int) string { return cut(strings.Join(strings.Fields(s), " "), most) }

// cut returns at most so many characters of a text.
func cut(s string, most int) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}

// fileError returns the error for a file that cannot be taken or kept.
func fileError(err error) error {
	var refusal *media.Refusal
	switch {
	case err == nil:
		return nil
	case errors.Is(err, blob.ErrFull):
		return cms.Errorf(cms.InsufficientStorage, "There is no room for the file.")
	case errors.Is(err, context.DeadlineExceeded):
		return &cms.Error{
			Code:       cms.Unavailable,
			Detail:     "Too many pictures are being made: ask again in a moment.",
			RetryAfter: time.Second,
		}
	case errors.Is(err, blob.ErrUnavailable):
		return cms.Errorf(cms.Unavailable, "The store of files does not answer.")
	case !errors.As(err, &refusal):
		return err
	case refusal.Code == media.Unsupported:
		return cms.Errorf(cms.UnsupportedMedia, "%s", refusal.Sentence)
	case refusal.Code == media.TooLarge:
		return cms.Errorf(cms.TooLarge, "%s", refusal.Sentence)
	}
	return cms.FieldErrorf(cms.Invalid, "file", string(refusal.Code), "%s", refusal.Sentence)
}
