package store

import (
	"slices"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// Append records facts, in their order. It is the last thing a write does.
func (db *DB) Append(events ...*cms.Event) error {
	rows := make([][]any, len(events))
	for i, e := range events {
		rows[i] = []any{db.Now(), nullableID(e.ActorID), string(e.Verb), string(e.Subject), e.Version, asJSON(e.Fields)}
	}
	return db.Insert(eventRows, rows...)
}

// ChangedSince are the fields of a subject that changed after a version, sorted.
func (db *DB) ChangedSince(subject cms.ID, version int64) ([]string, error) {
	var events []cms.Event
	err := db.GORM.Where("subject = ? AND version > ?", subject, version).Order("version").Limit(1000).Find(&events).Error
	fields := []string{}
	for _, e := range events {
		fields = append(fields, e.Fields...)
	}
	slices.Sort(fields)
	return slices.Compact(fields), err
}

// IdempotencyRecord is an answer kept for a request with an Idempotency-Key.
type IdempotencyRecord struct {
	Caller    string `gorm:"primaryKey"`
	Method    string `gorm:"primaryKey"`
	Path      string `gorm:"primaryKey"`
	Key       string `gorm:"primaryKey"`
	Request   string // a digest of the request's body
	Status    int
	Header    map[string]string `gorm:"serializer:json"`
	Body      []byte
	CreatedAt time.Time
}

// IdempotencyRecord finds what was answered to a caller's request since a time, ErrNone if nothing was.
func (db *DB) IdempotencyRecord(caller, method, path, key string, since time.Time) (*IdempotencyRecord, error) {
	var r IdempotencyRecord
	return &r, first(db.GORM.Where("caller = ? AND method = ? AND path = ? AND key = ? AND created_at > ?",
		caller, method, path, key, since), &r)
}

// SaveIdempotencyRecord saves an answer. One that was kept before, and has expired, gives way.
func (db *DB) SaveIdempotencyRecord(r *IdempotencyRecord, since time.Time) error {
	if _, err := db.DeleteIdempotencyRecords(since); err != nil {
		return err
	}
	r.CreatedAt = db.Now()
	return db.GORM.Create(r).Error
}

// DeleteIdempotencyRecords removes answers kept since before a time.
func (db *DB) DeleteIdempotencyRecords(before time.Time) (int, error) {
	res := db.GORM.Where("created_at <= ?", before).Delete(&IdempotencyRecord{})
	return int(res.RowsAffected), res.Error
}

// Import is how an imported item is known again.
type Import struct {
	Source        string `gorm:"primaryKey"`
	Key           string `gorm:"primaryKey"`
	ArticleID     cms.ID
	ItemDigest    string // of the item as its source told it
	ArticleDigest string // of the article as the import left it
	ImportedAt    time.Time
}

// Imports finds what items became, by their keys; those that are new are not among them.
func (db *DB) Imports(source string, keys []string) (map[string]Import, error) {
	condition, arg := database.AnyOf(db.Tx, "key", keys)
	var rows []Import
	if err := db.GORM.Where("source = ?", source).Where(condition, arg).Find(&rows).Error; err != nil {
		return nil, err
	}
	known := make(map[string]Import, len(rows))
	for _, row := range rows {
		known[row.Key] = row
	}
	return known, nil
}

// SaveImports notes what items became.
func (db *DB) SaveImports(list ...Import) error {
	rows := make([][]any, len(list))
	for i, n := range list {
		rows[i] = []any{n.Source, n.Key, string(n.ArticleID), n.ItemDigest, n.ArticleDigest, db.Now()}
	}
	return db.Insert(importRows, rows...)
}
