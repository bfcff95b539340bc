package newsroom

import (
	"context"
	"errors"
	"time"

	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/library"
	"github.com/masthead-cms/masthead/internal/media"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// Media are the verbs of media. A contributor or author may change and delete their own.
type Media struct {
	Noun[cms.Medium, *cms.Medium, cms.MediumInput]
	rows *store.Media
}

func newMedia(n *Newsroom) *Media {
	rows := store.NewMedia()
	m := &Media{Noun[cms.Medium, *cms.Medium, cms.MediumInput]{
		kind:     cms.MediumNoun,
		create:   cms.WriteMedia,
		revise:   cms.WriteMedia,
		rows:     rows,
		input:    (*cms.Medium).Input,
		newsroom: n,
	}, rows}
	m.apply = m.applyInput
	return m
}

// List returns a page of media. It folds q.Words. It is for whoever is signed in.
func (m *Media) List(ctx context.Context, actor cms.Actor,
	q cms.MediaQuery) (cms.List[cms.Medium], error) {
	if err := actor.Check(cms.ReadDrafts); err != nil {
		return cms.List[cms.Medium]{}, err
	}
	q.Words = text.NameKey(q.Words)
	return read(ctx, m.newsroom, questionClass(actor, q.Words != ""),
		func(db *store.DB) (cms.List[cms.Medium], error) { return m.rows.Ask(db, q) })
}

// Get returns a medium. Readers get what something live shows, until it expires.
func (m *Media) Get(ctx context.Context, actor cms.Actor, view cms.View,
	id cms.ID) (*cms.Medium, error) {
	if err := m.newsroom.checkRead(actor, view); err != nil {
		return nil, err
	}
	return read(ctx, m.newsroom, classOf(actor), func(db *store.DB) (*cms.Medium, error) {
		found, err := m.rows.ByID(db, id)
		if err == nil && view == cms.LiveView {
			err = checkShown(db, found)
		}
		return found, notFound(err, m.kind.Singular)
	})
}

// checkShown returns ErrNotFound for a medium that no reader sees.
func checkShown(db *store.DB, m *cms.Medium) error {
	live, err := db.MediumIsLive(m.ID)
	if err == nil && (!live || m.Expired) {
		err = store.ErrNotFound
	}
	return err
}

// File returns the medium whose file has a name, ErrNotFound if it has another one now or has
// expired. Whoever knows the name may have the file.
func (m *Media) File(ctx context.Context, id cms.ID, name string) (*cms.Medium, error) {
	return read(ctx, m.newsroom, store.Quick, func(db *store.DB) (*cms.Medium, error) {
		found, err := db.MediaByID(cms.LiveView, []cms.ID{id})
		medium := found[id]
		if err == nil && (medium == nil || medium.FileName() != name) {
			err = store.ErrNotFound
		}
		return medium, notFound(err, "file")
	})
}

// Left returns how long it is until a moment.
func (m *Media) Left(until time.Time) time.Duration { return until.Sub(m.newsroom.clock()) }

// Open opens a file that readers get, by its key. The caller must close it.
func (m *Media) Open(ctx context.Context, key string) (blob.File, error) {
	file, err := m.newsroom.library.Open(ctx, key)
	return file, servedError(err)
}

// Rendition returns a rendition of a picture that readers get, by its key. The caller must close
// it.
func (m *Media) Rendition(
	ctx context.Context, key string, spec media.Spec,
) (*library.Rendition, error) {
	rendition, err := m.newsroom.library.Rendition(ctx, key, spec)
	return rendition, servedError(err)
}

// servedError returns the error for a file that readers should get and do not.
func servedError(err error) error {
	if errors.Is(err, blob.ErrNotFound) {
		return cms.Errorf(cms.NotFound, "The file is not there any more.")
	}
	return fileError(err)
}

// Uses returns a page of what shows a medium.
func (m *Media) Uses(ctx context.Context, actor cms.Actor, id cms.ID,
	page cms.PageRequest) (cms.List[cms.MediumUse], error) {
	if err := actor.Check(cms.ReadDrafts); err != nil {
		return cms.List[cms.MediumUse]{}, err
	}
	return read(ctx, m.newsroom, classOf(actor),
		func(db *store.DB) (cms.List[cms.MediumUse], error) {
			if _, err := m.rows.ByID(db, id); err != nil {
				return cms.List[cms.MediumUse]{}, notFound(err, m.kind.Singular)
			}
			return db.MediumUses(id, page)
		})
}

// CheckMayAdd returns an error if the actor may add no media: it comes before a file is received.
func (m *Media) CheckMayAdd(actor cms.Actor) error { return actor.Check(m.create) }

// CheckMayReplace returns an error if the actor may not give a medium another file: it comes before
// that is received.
func (m *Media) CheckMayReplace(ctx context.Context, actor cms.Actor, id cms.ID) error {
	return m.newsroom.store.Read(ctx, store.Editorial, func(db *store.DB) error {
		_, err := m.loadOwn(db, actor, id, cms.Precondition{Any: true})
		return err
	})
}

// Create makes a medium of an upload. Fill is given what the file says of itself, and returns what
// the medium is to be.
func (m *Media) Create(ctx context.Context, call Call, upload *library.Upload,
	fill func(cms.MediumInput) cms.MediumInput) (*cms.Medium, error) {
	if err := call.Actor.Check(m.create); err != nil {
		return nil, err
	}
	file, found, err := m.keep(ctx, upload)
	if err != nil {
		return nil, err
	}
	in := fill(found)
	if err := in.Check(); err != nil {
		return nil, err
	}
	return write(ctx, m.newsroom, call, func(db *store.DB) (*cms.Medium, error) {
		return m.createOn(db, call.Actor, *file, in)
	})
}

// another makes a medium on the file of one that there is.
func (m *Media) another(ctx context.Context, actor cms.Actor, file cms.MediaFile,
	in cms.MediumInput) (*cms.Medium, error) {
	if err := in.Check(); err != nil {
		return nil, err
	}
	return write(ctx, m.newsroom, Call{Actor: actor}, func(db *store.DB) (*cms.Medium, error) {
		return m.createOn(db, actor, file, in)
	})
}

// createOn creates a medium on a file that is kept.
func (m *Media) createOn(db *store.DB, actor cms.Actor, file cms.MediaFile,
	in cms.MediumInput) (*cms.Medium, error) {
	medium := &cms.Medium{Record: cms.NewRecord(newID(), db.Now()), MediaFile: file}
	if actor.ID != "" {
		medium.CreatedBy = &actor.ID
	}
	if err := m.applyInput(db, medium, in); err != nil {
		return nil, err
	}
	if err := m.rows.Create(db, medium); err != nil {
		return nil, err
	}
	return m.recordNew(db, actor, medium)
}

// Revise changes a medium. Edit is called with what an editor may set, as it is, and returns what
// it is to be.
func (m *Media) Revise(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	edit func(cms.MediumInput) (cms.MediumInput, error)) (*cms.Medium, error) {
	return write(ctx, m.newsroom, call, func(db *store.DB) (*cms.Medium, error) {
		medium, err := m.loadOwn(db, call.Actor, id, match)
		if err != nil {
			return nil, err
		}
		in, err := edit(medium.Input())
		if err != nil {
			return nil, err
		}
		if err := in.Check(); err != nil {
			return nil, err
		}
		if err := checkKeepsAlt(db, medium, in); err != nil {
			return nil, err
		}
		return m.applyTo(db, call.Actor, medium, in)
	})
}

// checkKeepsAlt returns an Invalid error if a picture that readers see would lose its alt, which
// the site asks of what it publishes.
func checkKeepsAlt(db *store.DB, m *cms.Medium, in cms.MediumInput) error {
	if m.Kind != cms.ImageMedium || m.Alt == "" || in.Alt != "" || in.Decorative {
		return nil
	}
	site, err := db.Site()
	if err != nil || site.Rules.Alt != cms.RefuseAlt {
		return err
	}
	live, err := db.MediumIsLive(m.ID)
	if err != nil || !live {
		return err
	}
	return cms.FieldErrorf(cms.Invalid, "alt", "no_alt", "Readers see this picture, and this site "+
		"shows none without alt: give it other words, or say that it is decorative.")
}

// Replace gives a medium another file, of the same kind.
func (m *Media) Replace(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	upload *library.Upload) (*cms.Medium, error) {
	file, _, err := m.keep(ctx, upload)
	if err != nil {
		return nil, err
	}
	return write(ctx, m.newsroom, call, func(db *store.DB) (*cms.Medium, error) {
		medium, err := m.loadOwn(db, call.Actor, id, match)
		if err != nil {
			return nil, err
		}
		if medium.Kind != file.Kind {
			return nil, cms.FieldErrorf(cms.Invalid, "file", "wrong_type",
				"What shows this medium expects %s, and the file is %s: make another medium of it.",
				medium.Kind, file.Kind)
		}
		if medium.MediaFile == *file {
			return medium, nil
		}
		medium.MediaFile = *file
		return m.update(db, call.Actor, medium, m.input(medium), []string{"file"})
	})
}

// Delete deletes a medium that nothing shows. Its file stays until masthead media gc.
func (m *Media) Delete(ctx context.Context, call Call, id cms.ID,
	match cms.Precondition) error {
	_, err := write(ctx, m.newsroom, call, func(db *store.DB) (none struct{}, err error) {
		medium, err := m.loadOwn(db, call.Actor, id, match)
		if err != nil {
			return none, err
		}
		return none, m.deleteIn(db, call.Actor, medium)
	})
	return err
}

// loadOwn loads a medium that the actor may change, and checks match against its version.
func (m *Media) loadOwn(db *store.DB, actor cms.Actor, id cms.ID,
	match cms.Precondition) (*cms.Medium, error) {
	if err := actor.Check(m.revise); err != nil {
		return nil, err
	}
	medium, err := m.rows.ByID(db, id)
	if err != nil {
		return nil, notFound(err, m.kind.Singular)
	}
	live, err := db.MediumIsLive(id)
	if err != nil {
		return nil, err
	}
	if err := actor.CheckOnMedium(m.revise, medium, live); err != nil {
		return nil, err
	}
	return medium, withChangedFields(db, match.Check(medium.Version), id, match)
}

func (m *Media) applyInput(db *store.DB, n *cms.Medium, in cms.MediumInput) error {
	site, err := db.Site()
	if err != nil {
		return err
	}
	n.Title = cms.TrimLine(in.Title)
	n.Alt = cms.TrimLine(in.Alt)
	n.Decorative = in.Decorative
	n.Caption = in.Caption
	n.Credit = cms.TrimLine(in.Credit)
	n.License = cms.TrimLine(in.License)
	n.ExpiresAt = nil
	if in.ExpiresAt != nil {
		at := in.ExpiresAt.UTC().Truncate(time.Second)
		n.ExpiresAt = &at
	}
	n.SourceURL = in.SourceURL
	n.Locale = localeOr(in.Locale, site.Locale)
	n.FocalX = in.FocalPoint.X
	n.FocalY = in.FocalPoint.Y
	n.People = append([]string{}, in.People...)
	n.Localized = in.Localized.Canonical()
	n.Extra = in.Extra
	n.WordsKey = text.NameKey(in.WordsOf())
	return nil
}

// checkMedium returns an error if there is no medium of a kind with an id. An empty id is none. In
// errors it is called field.
func checkMedium(db *store.DB, id cms.ID, kind cms.MediaKind, field string) error {
	if id == "" {
		return nil
	}
	found, err := db.MediaByID(cms.DraftView, []cms.ID{id})
	if err != nil {
		return err
	}
	medium := found[id]
	switch {
	case medium == nil:
		return cms.FieldErrorf(cms.Invalid, field, "unknown", "There is no medium %s.", id)
	case medium.Kind != kind:
		return cms.FieldErrorf(cms.Invalid, field, "wrong_type",
			"The medium %s is of the kind %s; one of the kind %s belongs here.", id, medium.Kind,
			kind)
	}
	return nil
}
