package database

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"
)

// groupCommitter lets writes that wait for the one writing connection share a transaction, and so
// one wait for the disk. No write waits for others to come: one that finds the writer idle begins,
// and those that come meanwhile are the next transaction.
//
// A goroutine runs while there are writes. It begins the transaction, lets each write run in the
// order they came, commits, and then returns the result to each.
type groupCommitter struct {
	db   *DB
	most int // how many share a transaction

	mu      sync.Mutex
	queue   []*pendingWrite
	running bool
	closed  bool
	runner  sync.WaitGroup
}

// The bounds of one transaction. A long one makes its first writer wait, and keeps the log from
// being reused.
const (
	maxGroupWrites = 128
	maxGroupTime   = 200 * time.Millisecond
)

// pendingWrite is a write that waits for its turn, and then for the commit.
type pendingWrite struct {
	turn   chan *group   // its transaction, when it may run
	gone   chan struct{} // closed when the caller waits no longer
	ran    chan error    // how it went
	result chan error
	tx     *Tx
	solo   bool // it shared a transaction with others, and that came to nothing
}

var (
	errClosed = errors.New("the store is closed")
	errGone   = errors.New("the caller has gone")
	errBroken = errors.New("the write broke off")
)

// do queues a write and runs it when its turn comes; again, if its transaction failed.
func (w *groupCommitter) do(ctx context.Context, fn func(tx *Tx) error) error {
	j := &pendingWrite{
		turn:   make(chan *group),
		gone:   make(chan struct{}),
		ran:    make(chan error),
		result: make(chan error, 1),
	}
	if !w.enqueue(j) {
		return errClosed
	}
	patience, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	leave := patience.Done()
	for {
		select {
		case g := <-j.turn:
			leave = nil
			w.run(ctx, g, j, fn)
		case err := <-j.result:
			return err
		case <-leave:
			close(j.gone)
			return context.Cause(patience)
		}
	}
}

// run runs a write in its turn. Whatever becomes of fn, the result is sent to the runner.
func (w *groupCommitter) run(
	ctx context.Context,
	g *group,
	j *pendingWrite,
	fn func(tx *Tx) error,
) {
	err := errBroken
	defer func() { j.ran <- err }()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime)
	defer cancel()
	j.tx = w.db.tx(g.tx.WithContext(ctx))
	if len(g.writes) > 0 {
		j.tx.prior = g.writes[len(g.writes)-1].tx
	}
	err = fn(j.tx)
}

// enqueue adds a write to the queue and starts the runner if it is idle. It reports false if the
// committer is closed.
func (w *groupCommitter) enqueue(j *pendingWrite) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.queue = append(w.queue, j)
	if !w.running {
		w.running = true
		w.runner.Go(w.runGroups)
	}
	return true
}

func (w *groupCommitter) close() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.runner.Wait()
}

// runGroups runs transactions until no write waits.
func (w *groupCommitter) runGroups() {
	for j := w.next(nil); j != nil; j = w.next(nil) {
		w.runGroup(j)
	}
}

// next returns the write whose turn it is, in a transaction that has begun or, if g is nil, in a
// new one. Nil ends the transaction, or the runner.
func (w *groupCommitter) next(g *group) *pendingWrite {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		w.running = g != nil
		return nil
	}
	j := w.queue[0]
	if g != nil && (g.solo || j.solo) {
		return nil
	}
	w.queue[0] = nil
	w.queue = w.queue[1:]
	return j
}

// requeue puts writes before all others; each is to have a transaction of its own.
func (w *groupCommitter) requeue(jobs []*pendingWrite) {
	for _, j := range jobs {
		j.solo = true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = append(slices.Clone(jobs), w.queue...)
}

// runGroup runs a write, and those that wait behind it, in a transaction.
func (w *groupCommitter) runGroup(j *pendingWrite) {
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	tx := w.db.writer.WithContext(ctx).Begin()
	for w.db.dialect.classify(tx.Error) == kindBusy && ctx.Err() == nil { // another process writes
		tx = w.db.writer.WithContext(ctx).Begin()
	}
	if tx.Error != nil {
		j.result <- withCause(ctx, tx.Error)
		return
	}
	g := &group{tx: tx.WithContext(context.Background()), solo: j.solo || w.most == 1}
	began := time.Now()
	for j != nil && g.run(j) && len(g.writes) < w.most && time.Since(began) < maxGroupTime {
		j = w.next(g)
	}
	w.finish(g)
}

// finish commits a transaction and sends its writes their result. If the commit fails because of
// one of them, the others run again.
func (w *groupCommitter) finish(g *group) {
	if g.broken || len(g.writes) == 0 {
		g.tx.Rollback()
		w.requeue(g.writes)
		return
	}
	err := w.commit(g)
	if err != nil && len(g.writes) > 1 {
		switch w.db.dialect.classify(err) {
		case kindOther, kindTaken:
			w.requeue(g.writes)
			return
		}
	}
	for _, j := range g.writes {
		j.result <- err
	}
}

func (w *groupCommitter) commit(g *group) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	done := make([]*Tx, len(g.writes))
	for i, j := range g.writes {
		done[i] = j.tx
	}
	if err := w.db.beforeCommit(g.tx.WithContext(ctx), done); err != nil {
		g.tx.Rollback()
		return withCause(ctx, err)
	}
	if err := g.tx.Commit().Error; err != nil {
		return err
	}
	w.db.afterCommit(done)
	return nil
}

// group is one transaction and the writes that have succeeded in it.
type group struct {
	tx     *gorm.DB
	writes []*pendingWrite
	solo   bool // one job is all it may have
	broken bool // what was written in it is gone
}

// run lets a write run, and reports whether the transaction goes on. If others have run before it,
// a savepoint protects what they wrote from its failure.
func (g *group) run(j *pendingWrite) bool {
	first := len(g.writes) == 0
	if !first && g.exec("SAVEPOINT job") != nil {
		g.writes, g.broken = append(g.writes, j), true
		return false
	}
	var err error
	select {
	case j.turn <- g:
		err = <-j.ran
	case <-j.gone:
		err = errGone
	}
	switch {
	case first:
		g.broken = err != nil
	case err == nil:
		err = g.exec("RELEASE SAVEPOINT job")
		g.broken = err != nil
	default:
		g.broken = g.exec("ROLLBACK TO SAVEPOINT job") != nil ||
			g.exec("RELEASE SAVEPOINT job") != nil
	}
	if err == nil {
		g.writes = append(g.writes, j)
	} else {
		j.result <- err
	}
	return !g.broken
}

// exec runs a statement that is about the transaction itself.
func (g *group) exec(statement string) error {
	_, err := g.tx.Statement.ConnPool.(runner).run(context.Background(), SQL(statement), nil)
	return err
}
