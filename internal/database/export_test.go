package database

import (
	"context"

	"gorm.io/gorm"
)

// unlocked is a database whose writes do not wait for each other.
type unlocked struct{ dialect }

func (unlocked) lock(*gorm.DB) error { return nil }

// Unlock takes away what makes writes wait for each other.
func (d *DB) Unlock() { d.dialect = unlocked{d.dialect} }

// Notes returns the numbers of the notes behind one, in order.
func (d *DB) Notes(ctx context.Context, after int64) (seqs []int64, err error) {
	err = d.Read(ctx, func(tx *Tx) error {
		rows := From("notes").Where("seq > ?", after).OrderBy("seq")
		seqs, err = QueryAll(tx, rows.Columns("seq"), (*Row).Number)
		return err
	})
	return seqs, err
}
