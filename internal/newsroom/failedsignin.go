package newsroom

import (
	"context"
	"log/slog"
	"sync"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// maxFailedSignIns is how many failed sign-ins may wait to be recorded. More are only logged.
const maxFailedSignIns = 1000

// failedSignIns are events of failed sign-ins that wait to be recorded. They wait so that a wrong
// password costs no write of its own, and takes no longer for an account that exists.
type failedSignIns struct {
	mu     sync.Mutex
	events []*cms.Event
}

// signInFailed logs a failed sign-in and, if there is such an account, has the event recorded. The
// event is not attributed to the user: it was not shown to be them.
func (n *Newsroom) signInFailed(
	ctx context.Context, u *cms.User, email string, origin cms.Origin,
) {
	reason := "wrong password"
	switch {
	case u.ID == "":
		reason = "no such account"
	case u.DisabledAt != nil:
		reason = "account disabled"
	}
	n.log.LogAttrs(ctx, slog.LevelWarn, "sign-in failed", slog.String("account", email),
		slog.String("reason", reason), slog.String("from", origin.Address.String()))
	if u.ID == "" {
		return
	}
	n.failed.mu.Lock()
	defer n.failed.mu.Unlock()
	if len(n.failed.events) < maxFailedSignIns {
		n.failed.events = append(n.failed.events,
			newEvent(cms.Actor{Origin: origin}, cms.SignInFailed, u.ID, u.Version))
	}
}

// RecordFailedSignIns records the events of failed sign-ins since the last call, and returns how
// many. Call it every second and before the server stops.
func (n *Newsroom) RecordFailedSignIns(ctx context.Context) (int, error) {
	n.failed.mu.Lock()
	events := n.failed.events
	n.failed.events = nil
	n.failed.mu.Unlock()
	if len(events) == 0 {
		return 0, nil
	}
	return len(events), n.store.Write(ctx, func(db *store.DB) error {
		return db.Append(events...)
	})
}
