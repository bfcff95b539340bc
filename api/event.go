package api

import (
	"encoding/json"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

// Event says who did what to which thing, and when. Events are a chain: nobody can change, remove
// or insert one without masthead doctor finding it.
type Event struct {
	// Number of the event; a later one has a greater number.
	Seq int64 `json:"seq" minimum:"1" example:"4711"`
	// When it happened.
	At time.Time `json:"at" format:"date-time" example:"2026-03-12T08:15:00Z"`
	// Who did it; null: the server itself, or somebody who was not signed in.
	Actor *EventActor `json:"actor"`
	// What happened: a noun and a verb.
	Verb string `json:"verb" minLength:"3" maxLength:"64" pattern:"^[a-z]+\\.[a-z_]+$" example:"article.revised"`
	// Identifier of what it happened to; null: the site.
	Subject *string `json:"subject" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a11"`
	// Version of the subject after it.
	Version int64 `json:"version" minimum:"0" example:"7"`
	// Names of the fields that changed.
	Fields []string `json:"fields" maxItems:"1000" itemLength:"240" example:"title,summary"`
	// The way on which it came: a call (api), an import, a command of the operator, or the server's
	// own work.
	Origin cms.Channel `json:"origin" example:"api"`
	// Identifier of the request that did it; null: it was none.
	RequestID *string `json:"request_id" minLength:"1" maxLength:"128" example:"k3v9x2-000017"`
	// Address of the caller, for administrators; null: not known, erased or not for you.
	Address *string `json:"address" minLength:"2" maxLength:"64" example:"192.0.2.7"`
	// SHA-256 of the event and the hash before it, hexadecimal; null: older than the chain.
	Hash *string `json:"hash" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$" example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	// Whether its values and address were erased.
	Erased bool `json:"erased" example:"false"`
	// The changed fields as they were, with include=values; null: there was nothing, or it is
	// erased. Of a body it says how many bytes there are and their SHA-256.
	Before json.RawMessage `json:"before,omitempty" swaggertype:"object" unbounded:"the names are those of fields" extensions:"x-nullable" examplejson:"{\"title\": \"Rivers are measured\"}"`
	// The changed fields as they are, likewise.
	After json.RawMessage `json:"after,omitempty" swaggertype:"object" unbounded:"the names are those of fields" extensions:"x-nullable" examplejson:"{\"title\": \"How rivers are measured\"}"`
} // @name Event

// EventActor is who did something.
type EventActor struct {
	// Identifier of the user.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a31"`
	// Name of the user.
	Name string `json:"name" minLength:"1" maxLength:"200" example:"Night desk"`
} // @name EventActor

// listEvents lists what happened.
//
// @ID listEvents
// @Summary List events
// @Description Lists who did what, the latest first: all of it for administrators, and what happened to one article (subject) for whoever reads drafts. To follow what happens, ask with sort=seq and after: the last number you have seen; numbers only grow.
// @Tags events
// @Kind page event
// @Query eventListParams
// @x-acts ["events:read"]
// @Success 200 {object} rest.Page[Event] "One page of events."
// @Router /v1/events [get]
func (s *Server) listEvents(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readEvents.Read(q)
	page := s.PageRequest(c, q, params.PageParams)
	if err := q.Done(); err != nil {
		return err
	}
	actor, err := s.RequireActor(c)
	if err != nil {
		return err
	}
	asked := cms.EventQuery{
		Subjects: params.Subjects,
		Actors:   params.Actors,
		Verbs:    params.Verbs,
		From:     params.From,
		Until:    params.Until,
		After:    int64(params.After),
		Oldest:   params.Sort == "seq",
		Values:   len(params.Include) > 0,
		Page:     page,
	}
	list, err := s.newsroom.Events(c.Request().Context(), actor, asked)
	if err != nil {
		return err
	}
	cursor := func(e *cms.EventView) cms.Cursor {
		return cms.Cursor{Number: e.Seq, ID: e.Subject}
	}
	row := func(e *cms.EventView) Event { return newEvent(e, asked.Values) }
	return s.SendView(c, cms.DraftView, 0, nil,
		rest.NewPage(s.Server, c, q, page, list, cursor, row), time.Time{})
}

func newEvent(e *cms.EventView, values bool) Event {
	shown := Event{
		Seq:       e.Seq,
		At:        e.At.UTC(),
		Verb:      string(e.Verb),
		Subject:   subjectOf(e.Subject),
		Version:   e.Version,
		Fields:    rest.Strings(e.Fields),
		Origin:    e.Channel,
		RequestID: nilIfEmpty(e.RequestID),
		Address:   nilIfEmpty(e.Address),
		Hash:      nilIfEmpty(e.Hash),
		Erased:    e.Erased(),
	}
	if e.ActorID != nil {
		shown.Actor = &EventActor{ID: string(*e.ActorID), Name: e.ActorName}
	}
	if values {
		shown.Before, shown.After = objectOrNull(e.Before), objectOrNull(e.After)
	}
	return shown
}

// subjectOf returns the id of what an event is about, nil for the site.
func subjectOf(id cms.ID) *string {
	if id == cms.SiteID {
		return nil
	}
	return nilIfEmpty(string(id))
}

// objectOrNull returns a JSON object, or null for the empty text.
func objectOrNull(text string) json.RawMessage {
	if text == "" {
		return json.RawMessage("null")
	}
	return json.RawMessage(text)
}
