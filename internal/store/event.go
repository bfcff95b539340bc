package store

import (
	"slices"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

// Append records a fact. It is the last thing a write does.
func (db *DB) Append(e *cms.Event) error {
	e.At = db.now
	if e.Fields == nil {
		e.Fields = []string{}
	}
	return db.gorm.Create(e).Error
}

// ChangedSince are the fields of a subject that changed after a version, sorted.
func (db *DB) ChangedSince(subject cms.ID, version int64) ([]string, error) {
	var events []cms.Event
	err := db.gorm.Where("subject = ? AND version > ?", subject, version).Order("version").Limit(1000).Find(&events).Error
	fields := []string{}
	for _, e := range events {
		fields = append(fields, e.Fields...)
	}
	slices.Sort(fields)
	return slices.Compact(fields), err
}

// Receipt is an answer kept for a request with an Idempotency-Key.
type Receipt struct {
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

// Receipt finds what was answered to a caller's request since a time, ErrNone if nothing was.
func (db *DB) Receipt(caller, method, path, key string, since time.Time) (*Receipt, error) {
	var r Receipt
	return &r, first(db.gorm.Where("caller = ? AND method = ? AND path = ? AND key = ? AND created_at > ?",
		caller, method, path, key, since), &r)
}

// KeepReceipt saves an answer. One that was kept before, and has expired, gives way.
func (db *DB) KeepReceipt(r *Receipt, since time.Time) error {
	if _, err := db.ForgetReceipts(since); err != nil {
		return err
	}
	r.CreatedAt = db.now
	return db.gorm.Create(r).Error
}

// ForgetReceipts removes answers kept since before a time.
func (db *DB) ForgetReceipts(before time.Time) (int, error) {
	res := db.gorm.Where("created_at <= ?", before).Delete(&Receipt{})
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

// Import finds what an item became, ErrNone if it is new.
func (db *DB) Import(source, key string) (*Import, error) {
	var i Import
	return &i, first(db.gorm.Where("source = ? AND key = ?", source, key), &i)
}

// SaveImport notes what an item became.
func (db *DB) SaveImport(i *Import) error {
	i.ImportedAt = db.now
	return db.gorm.Save(i).Error
}
