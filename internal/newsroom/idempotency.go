package newsroom

import (
	"context"
	"errors"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// idempotencyLife is how long a response is stored for a retry.
const idempotencyLife = 24 * time.Hour

// Call is who makes a change, and how the change is made safe to repeat.
type Call struct {
	Actor       cms.Actor
	Idempotency *Idempotency // nil: a call that is repeated is made again
	Auto        bool         // a desk saves by itself while somebody is writing
}

// Idempotency makes a change safe to repeat: it is made once for a key, and the response to it is
// stored in the same transaction. What is in a response only the caller knows; here it is bytes.
type Idempotency struct {
	Caller string // whose key it is
	Scope  string // what the key was sent for: another scope has other keys
	Key    string
	Digest string // of the request; the same key with another request is refused
	About  cms.ID // what the request is about; empty: that is not known before
	Render func(result any) ([]byte, error)
}

// Replay is the error of a change that was made before.
type Replay struct {
	Response []byte // what was stored then
}

// Error says that there is nothing left to do.
func (*Replay) Error() string { return "the change was made before" }

// LookupResponse returns a Replay if there is a response to the key, a KeyReused error if the key
// belongs to another request, and nil if it is new.
func (n *Newsroom) LookupResponse(ctx context.Context, i *Idempotency) error {
	return n.store.ReadOne(ctx, store.Editorial, i.replay)
}

// StoreResponse stores the response to a call that changed nothing, such as an error. It returns a
// Replay if there is one already.
func (n *Newsroom) StoreResponse(ctx context.Context, i *Idempotency, response []byte) error {
	return n.store.Write(ctx, func(db *store.DB) error {
		if err := i.replay(db); err != nil {
			return err
		}
		return i.save(db, nil, response)
	})
}

func (i *Idempotency) replay(db *store.DB) error {
	if i == nil {
		return nil
	}
	was, err := db.IdempotencyRecord(i.Caller, i.Scope, i.Key, db.Now().Add(-idempotencyLife))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if was.Digest != i.Digest {
		return cms.Errorf(cms.KeyReused,
			"The key was used with another request; use a new key for a new request.")
	}
	if len(was.Response) == 0 {
		return cms.Errorf(cms.KeyReused, "The key was used with this request before, and what "+
			"came of it has been deleted for good; use a new key to make it anew.")
	}
	return &Replay{was.Response}
}

func (i *Idempotency) render(db *store.DB, result any) error {
	if i == nil {
		return nil
	}
	response, err := i.Render(result)
	if err != nil {
		return err
	}
	return i.save(db, result, response)
}

func (i *Idempotency) save(db *store.DB, result any, response []byte) error {
	return db.SaveIdempotencyRecord(&store.IdempotencyRecord{
		Caller:   i.Caller,
		Scope:    i.Scope,
		Key:      i.Key,
		Digest:   i.Digest,
		Response: response,
	}, i.subjects(result), db.Now().Add(-idempotencyLife))
}

// subjects returns the articles whose words the response to a result may have.
func (i *Idempotency) subjects(result any) []cms.ID {
	var ids []cms.ID
	if i.About != "" {
		ids = append(ids, i.About)
	}
	var links []cms.LinkDetail
	switch r := result.(type) {
	case *cms.ArticleView:
		ids = append(ids, r.ID())
		links = r.Links
		for _, t := range r.Translations {
			ids = append(ids, t.ID)
		}
	case *cms.CorrectionDetail:
		if r != nil {
			ids = append(ids, r.ArticleID)
		}
	case *cms.LinkDetail:
		if r != nil {
			links = []cms.LinkDetail{*r}
		}
	case *cms.Alert:
		ids = appendTarget(ids, r.ArticleID)
	case *cms.CollectionItem:
		if r != nil {
			ids = appendTarget(ids, r.ArticleID)
		}
	case *cms.Collection:
		for _, item := range r.Items {
			ids = appendTarget(ids, item.ArticleID)
		}
	}
	for _, l := range links {
		ids = appendTarget(append(ids, l.ArticleID), l.TargetID)
	}
	return ids
}

// appendTarget appends the article that something leads to, if it leads to one.
func appendTarget(ids []cms.ID, target *cms.ID) []cms.ID {
	if target == nil {
		return ids
	}
	return append(ids, *target)
}
