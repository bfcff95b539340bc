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
	err = d.Read(ctx, Quick, func(tx *Tx) error {
		rows := From("notes").Where("seq > ?", after).OrderBy("seq")
		seqs, err = QueryAll(tx, rows.Columns("seq"), (*Row).Number)
		return err
	})
	return seqs, err
}

// Running returns how many reads of a class run at once.
func (d *DB) Running(class Class) int { return d.gates[class].running }

// Waiting returns how many reads of a class may wait, and how many do.
func (d *DB) Waiting(class Class) (most, now int) {
	g := d.gates[class]
	return g.waiting, int(g.waiters.Load())
}

// Occupied returns how many reads of a class run.
func (d *DB) Occupied(class Class) int { return len(d.gates[class].places) }

// Share returns how many reads of one origin run at once.
func (d *DB) Share(class Class) int { return d.gates[class].share }

// Origins returns how many origins have reads of a class that wait or run.
func (d *DB) Origins(class Class) int {
	o := &d.gates[class].origins
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.lines)
}

// NewTurns returns the turns of so many reads at once.
func NewTurns(n int) turns { return make(turns, n) }

// Within is within.
func (t turns) Within(ctx context.Context) context.Context { return t.within(ctx) }

// TakeTurn is takeTurn.
func TakeTurn(ctx context.Context) (*turn, error) { return takeTurn(ctx) }

// Give is give.
func (t *turn) Give() { t.give() }

// Interruptible is interruptible.
func (t *turn) Interruptible(ctx context.Context) context.Context { return t.interruptible(ctx) }
