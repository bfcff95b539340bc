package store

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// IdempotencyRecord is the response that was stored for a key of a caller.
type IdempotencyRecord struct {
	Caller    string `gorm:"primaryKey"`
	Scope     string `gorm:"primaryKey"` // what the key was sent for
	Key       string `gorm:"primaryKey"`
	Digest    string // of the request
	Response  []byte // empty: what it was about has been deleted for good
	CreatedAt time.Time
}

// idempotencySubject is something that a stored response is about.
type idempotencySubject struct {
	subject            cms.ID
	caller, scope, key string
}

var idempotencySubjectTable = &database.Table[idempotencySubject]{
	Name: "idempotency_subjects",
	Columns: database.Columns[idempotencySubject]{
		database.Text("subject", func(s *idempotencySubject) *cms.ID { return &s.subject }),
		database.Text("caller", func(s *idempotencySubject) *string { return &s.caller }),
		database.Text("scope", func(s *idempotencySubject) *string { return &s.scope }),
		database.Text("key", func(s *idempotencySubject) *string { return &s.key }),
	},
	Suffix: " ON CONFLICT DO NOTHING",
}

// IdempotencyRecord returns what was stored for a key after a time, or ErrNotFound.
func (db *DB) IdempotencyRecord(
	caller, scope, key string, after time.Time,
) (*IdempotencyRecord, error) {
	var r IdempotencyRecord
	return &r, first(db.GORM.Where("caller = ? AND scope = ? AND key = ? AND created_at > ?",
		caller, scope, key, after), &r)
}

// SaveIdempotencyRecord stores a response, which is about subjects. It deletes those that are not
// from after a time: one for the same key may be among them.
func (db *DB) SaveIdempotencyRecord(
	r *IdempotencyRecord, subjects []cms.ID, after time.Time,
) error {
	if _, err := db.DeleteIdempotencyRecords(after); err != nil {
		return err
	}
	r.CreatedAt = db.Now()
	if err := db.GORM.Create(r).Error; err != nil {
		return err
	}
	rows := make([]idempotencySubject, len(subjects))
	for i, id := range subjects {
		rows[i] = idempotencySubject{id, r.Caller, r.Scope, r.Key}
	}
	return database.Insert(db.Tx, idempotencySubjectTable, rows...)
}

// EmptyResponses empties the stored responses that are about a subject.
func (db *DB) EmptyResponses(subject cms.ID) error {
	return db.GORM.Model(&IdempotencyRecord{}).
		Where(`EXISTS (SELECT 1 FROM idempotency_subjects AS s WHERE s.subject = ?
			AND s.caller = idempotency_records.caller AND s.scope = idempotency_records.scope
			AND s.key = idempotency_records.key)`, subject).
		Update("response", []byte{}).Error
}

// DeleteIdempotencyRecords deletes the responses stored at a time or before, and returns how many
// there were.
func (db *DB) DeleteIdempotencyRecords(until time.Time) (int, error) {
	res := db.GORM.Where("created_at <= ?", until).Delete(&IdempotencyRecord{})
	return int(res.RowsAffected), res.Error
}
