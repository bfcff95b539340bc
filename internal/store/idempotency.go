package store

import "time"

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
