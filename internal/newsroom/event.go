package newsroom

import (
	"context"
	"encoding/json"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// newEvent returns an event about a subject, by an actor.
func newEvent(actor cms.Actor, verb cms.EventType, subject cms.ID, version int64,
	fields ...string) *cms.Event {
	e := &cms.Event{
		Verb:      verb,
		Subject:   subject,
		Version:   version,
		Fields:    fields,
		Channel:   actor.Origin.Channel,
		RequestID: actor.Origin.RequestID,
	}
	if actor.Origin.Address.IsValid() {
		e.Address = actor.Origin.Address.String()
	}
	if actor.ID != "" {
		e.ActorID = &actor.ID
	}
	return e
}

// withValues returns an event with what the fields of its subject were and are.
func withValues(e *cms.Event, was, is map[string]any) (*cms.Event, error) {
	for _, side := range []struct {
		values map[string]any
		to     *string
	}{{was, &e.Before}, {is, &e.After}} {
		if len(side.values) == 0 {
			continue
		}
		text, err := json.Marshal(side.values)
		if err != nil {
			return nil, err
		}
		*side.to = string(text)
	}
	return e, nil
}

// Events lists what happened: to an article, for whoever reads drafts; else for administrators.
func (n *Newsroom) Events(ctx context.Context, actor cms.Actor,
	q cms.EventQuery) (cms.List[cms.EventView], error) {
	if actor.Role.Scope(cms.ReadEvents) == cms.None {
		if err := actor.Check(cms.ReadDrafts); err != nil {
			return cms.List[cms.EventView]{}, err
		}
		if len(q.Subjects) == 0 {
			return cms.List[cms.EventView]{}, cms.Errorf(cms.Forbidden,
				"Your role (%s) may see what happened to one article: name it.",
				actor.Role).WithHint(cms.HintPermissions)
		}
		q.AboutArticles = true
	}
	list, err := read(ctx, n, store.Editorial, func(db *store.DB) (cms.List[cms.EventView], error) {
		return db.Events(q)
	})
	for i := range list.Rows {
		e := &list.Rows[i]
		if e.Erased() { // what stands there now was put there by hand
			e.EventDetails = cms.EventDetails{}
		}
		if q.AboutArticles {
			e.Address = ""
		}
	}
	return list, err
}
