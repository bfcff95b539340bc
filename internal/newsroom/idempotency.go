package newsroom

import (
	"context"
	"errors"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// idempotencyLife is how long an answer is kept for a retry.
const idempotencyLife = 24 * time.Hour

// Answer is what a caller was told.
type Answer struct {
	Status int
	Header map[string]string
	Body   []byte
}

// Receipt asks a write to keep what it answers, so that the same request with the same key is
// answered the same and done only once.
type Receipt struct {
	Caller, Method, Path string // whose key it is, and for what
	Key                  string
	Request              string // a digest of the request
	// what the caller will be told of a result
	Answer func(result any) (Answer, error)
}

// Replay is the error of a write that was done before: its answer is the one given then.
type Replay struct{ Answer }

// Error says that there is nothing left to do.
func (*Replay) Error() string { return "the request was answered before" }

type receiptKey struct{}

// WithReceipt makes the next write keep its answer.
func WithReceipt(ctx context.Context, r *Receipt) context.Context {
	return context.WithValue(ctx, receiptKey{}, r)
}

func receiptIn(ctx context.Context) *Receipt {
	r, _ := ctx.Value(receiptKey{}).(*Receipt)
	return r
}

// Recall returns a Replay if the request was answered before, a KeyReused refusal if its key was
// used for another one, and nil if it is new.
func (n *Newsroom) Recall(ctx context.Context, r *Receipt) error {
	return n.store.ReadOne(ctx, r.replay)
}

// Keep saves the answer of a request that changed nothing, such as a refusal.
func (n *Newsroom) Keep(ctx context.Context, r *Receipt, a Answer) error {
	return n.store.Write(ctx, func(db *store.DB) error {
		if err := r.replay(db); err != nil {
			return err
		}
		return r.save(db, a)
	})
}

func (r *Receipt) replay(db *store.DB) error {
	if r == nil {
		return nil
	}
	was, err := db.IdempotencyRecord(r.Caller, r.Method, r.Path, r.Key,
		db.Now().Add(-idempotencyLife))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if was.Request != r.Request {
		return cms.Errorf(cms.KeyReused,
			"The key was used with another request; use a new key for a new request.")
	}
	return &Replay{Answer{was.Status, was.Header, was.Body}}
}

func (r *Receipt) keep(db *store.DB, result any) error {
	if r == nil {
		return nil
	}
	answer, err := r.Answer(result)
	if err != nil {
		return err
	}
	return r.save(db, answer)
}

func (r *Receipt) save(db *store.DB, a Answer) error {
	return db.SaveIdempotencyRecord(&store.IdempotencyRecord{
		Caller: r.Caller, Method: r.Method, Path: r.Path, Key: r.Key, Request: r.Request,
		Status: a.Status, Header: a.Header, Body: a.Body,
	}, db.Now().Add(-idempotencyLife))
}
