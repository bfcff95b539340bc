package store

import (
	"slices"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

var eventTable = &database.Table[cms.Event]{
	Name: "events",
	Columns: database.Columns[cms.Event]{
		database.Number("seq", func(e *cms.Event) *int64 { return &e.Seq }),
		database.Time("at", func(e *cms.Event) *time.Time { return &e.At }),
		database.NullText("actor_id", func(e *cms.Event) **cms.ID { return &e.ActorID }),
		database.Text("verb", func(e *cms.Event) *cms.EventType { return &e.Verb }),
		database.Text("subject", func(e *cms.Event) *cms.ID { return &e.Subject }),
		database.Number("version", func(e *cms.Event) *int64 { return &e.Version }),
		database.List("fields", func(e *cms.Event) *[]string { return &e.Fields }),
	},
}

// newEventTable leaves the number of an event to the database.
var newEventTable = &database.Table[cms.Event]{
	Name: eventTable.Name, Columns: eventTable.Columns.Without("seq"),
}

// Append records facts, in their order. It is the last thing a write does.
func (db *DB) Append(events ...*cms.Event) error {
	rows := make([]cms.Event, len(events))
	for i, e := range events {
		rows[i] = *e
		rows[i].At = db.Now()
	}
	return database.Insert(db.Tx, newEventTable, rows...)
}

// maxEvents bounds how many events are read at once.
const maxEvents = 1000

// ChangedSince returns the fields of a subject that changed after a version, sorted.
func (db *DB) ChangedSince(subject cms.ID, version int64) ([]string, error) {
	rows := database.From("events AS e").Where("e.subject = ? AND e.version > ?", subject, version).
		OrderBy("e.version").Limit(maxEvents, 0)
	fields := []string{}
	err := db.Query(rows.Columns(eventTable.Columns.Of("e")), func(r *database.Row) {
		fields = append(fields, eventTable.Columns.Value(r).Fields...)
	})
	slices.Sort(fields)
	return slices.Compact(fields), err
}
