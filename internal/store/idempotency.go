package store

import "time"

// IdempotencyRecord is the response that was stored for a key of a caller.
type IdempotencyRecord struct {
	Caller    string `gorm:"primaryKey"`
	Scope     string `gorm:"primaryKey"` // what the key was sent for
	Key       string `gorm:"primaryKey"`
	Digest    string // of the request
	Response  []byte
	CreatedAt time.Time
}

// IdempotencyRecord returns what was stored for a key after a time, or ErrNotFound.
func (db *DB) IdempotencyRecord(
	caller, scope, key string, after time.Time,
) (*IdempotencyRecord, error) {
	var r IdempotencyRecord
	return &r, first(db.GORM.Where("caller = ? AND scope = ? AND key = ? AND created_at > ?",
		caller, scope, key, after), &r)
}

// SaveIdempotencyRecord stores a response. It deletes those that are not from after a time: one for
// the same key may be among them.
func (db *DB) SaveIdempotencyRecord(r *IdempotencyRecord, after time.Time) error {
	if _, err := db.DeleteIdempotencyRecords(after); err != nil {
		return err
	}
	r.CreatedAt = db.Now()
	return db.GORM.Create(r).Error
}

// DeleteIdempotencyRecords deletes the responses stored at a time or before, and returns how many
// there were.
func (db *DB) DeleteIdempotencyRecords(until time.Time) (int, error) {
	res := db.GORM.Where("created_at <= ?", until).Delete(&IdempotencyRecord{})
	return int(res.RowsAffected), res.Error
}
