package newsroom

import (
	"context"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// Retention says how long is kept what nobody needs any more. Zero is for ever.
type Retention struct {
	Trash        time.Duration // articles in the trash
	EventDetails time.Duration // what events say of values and callers
	Revisions    time.Duration // revisions, besides the latest of an article and the published ones
}

// emptied is how many articles in the trash, and how many events, are found at once.
const emptied = 100

// EmptyTrash deletes the articles for good that have been in the trash as long as they are kept,
// and returns how many. Each is a change of its own; one that was taken out of the trash meanwhile
// stays. Any number of servers may do it at once.
func (n *Newsroom) EmptyTrash(ctx context.Context) (int, error) {
	if n.retention.Trash == 0 {
		return 0, nil
	}
	before := n.clock().Add(-n.retention.Trash)
	deleted := 0
	for {
		old, err := read(ctx, n, store.Internal, func(db *store.DB) ([]cms.Article, error) {
			return db.TrashedBefore(before, emptied)
		})
		if err != nil || len(old) == 0 {
			return deleted, err
		}
		for _, a := range old {
			err := n.Purge(ctx, Call{Actor: cms.System}, a.ID,
				cms.Precondition{Versions: []int64{a.Version}})
			if err != nil && !cms.Is(err, cms.VersionMismatch) && !cms.Is(err, cms.NotFound) {
				return deleted, err
			}
			if err == nil {
				deleted++
			}
		}
	}
}

// EraseOldEventDetails erases what events say of values and callers if they are older than that is
// kept, and returns of how many. The chain of events stays whole.
func (n *Newsroom) EraseOldEventDetails(ctx context.Context) (int, error) {
	if n.retention.EventDetails == 0 {
		return 0, nil
	}
	before := n.clock().Add(-n.retention.EventDetails)
	erased := 0
	for {
		found := 0
		err := n.store.Write(ctx, func(db *store.DB) (err error) {
			found, err = db.EraseEventDetailsBefore(before, emptied)
			return err
		})
		erased += found
		if err != nil || found < emptied {
			return erased, err
		}
	}
}
