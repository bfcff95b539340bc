package database

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"
)

// groupCommitter lets writes that wait for the one writing connection share a transaction, and so one wait for the disk. Nobody
// waits for company: whoever finds the writer free begins, and those who come meanwhile are the next transaction.
//
// A goroutine conducts while there are writes. It begins the transaction, gives each write its turn, in the order they
// came, commits, and then answers all of them.
type groupCommitter struct {
	db   *DB
	most int // how many share a transaction

	mu         sync.Mutex
	queue      []*pendingWrite
	conducting bool
	closed     bool
	conductor  sync.WaitGroup
}

// How much may go into one transaction. One that goes on for long keeps its first writer waiting, and holds on to the log.
const (
	groupJobs = 128
	groupTime = 200 * time.Millisecond
)

// pendingWrite is a write that waits for its turn, and then for the commit.
type pendingWrite struct {
	turn   chan *group   // its transaction, when it may run
	gone   chan struct{} // closed when the caller waits no longer
	ran    chan error    // how it went
	answer chan error
	tx     *Tx
	alone  bool // it shared a transaction with others, and that came to nothing
}

var (
	errClosed = errors.New("the store is closed")
	errGone   = errors.New("the caller has gone")
	errBroken = errors.New("the write broke off")
)

// do queues a write and runs it when its turn comes, or again.
func (w *groupCommitter) do(ctx context.Context, fn func(tx *Tx) error) error {
	j := &pendingWrite{turn: make(chan *group), gone: make(chan struct{}), ran: make(chan error), answer: make(chan error, 1)}
	if !w.join(j) {
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
		case err := <-j.answer:
			return err
		case <-leave:
			close(j.gone)
			return context.Cause(patience)
		}
	}
}

// run runs a job in its turn. Whatever becomes of fn, the conductor hears of it.
func (w *groupCommitter) run(ctx context.Context, g *group, j *pendingWrite, fn func(tx *Tx) error) {
	err := errBroken
	defer func() { j.ran <- err }()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime)
	defer cancel()
	j.tx = w.db.tx(g.tx.WithContext(ctx))
	if len(g.jobs) > 0 {
		j.tx.prior = g.jobs[len(g.jobs)-1].tx
	}
	err = fn(j.tx)
}

// join puts a job at the end of the queue, and sees that somebody conducts.
func (w *groupCommitter) join(j *pendingWrite) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.queue = append(w.queue, j)
	if !w.conducting {
		w.conducting = true
		w.conductor.Go(w.conduct)
	}
	return true
}

func (w *groupCommitter) close() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.conductor.Wait()
}

// conduct goes on until nobody waits.
func (w *groupCommitter) conduct() {
	for j := w.next(nil); j != nil; j = w.next(nil) {
		w.begin(j)
	}
}

// next is the job whose turn it is, in a transaction that has begun or, if g is nil, in a new one; nil if there is none,
// which ends the transaction, or the conducting.
func (w *groupCommitter) next(g *group) *pendingWrite {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		w.conducting = g != nil
		return nil
	}
	j := w.queue[0]
	if g != nil && (g.alone || j.alone) {
		return nil
	}
	w.queue[0] = nil
	w.queue = w.queue[1:]
	return j
}

// again puts jobs before all others; each is to have a transaction of its own.
func (w *groupCommitter) again(jobs []*pendingWrite) {
	for _, j := range jobs {
		j.alone = true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = append(slices.Clone(jobs), w.queue...)
}

// begin runs a job, and those who wait behind it, in a transaction.
func (w *groupCommitter) begin(j *pendingWrite) {
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	tx := w.db.writer.WithContext(ctx).Begin()
	for w.db.dialect.fault(tx.Error) == kindBusy && ctx.Err() == nil { // another process writes
		tx = w.db.writer.WithContext(ctx).Begin()
	}
	if tx.Error != nil {
		j.answer <- withCause(ctx, tx.Error)
		return
	}
	g := &group{tx: tx.WithContext(context.Background()), alone: j.alone || w.most == 1}
	began := time.Now()
	for j != nil && g.take(j) && len(g.jobs) < w.most && time.Since(began) < groupTime {
		j = w.next(g)
	}
	w.end(g)
}

// end commits a transaction and answers its jobs. If it comes to nothing by the fault of one of them, the others run again.
func (w *groupCommitter) end(g *group) {
	if g.lost || len(g.jobs) == 0 {
		g.tx.Rollback()
		w.again(g.jobs)
		return
	}
	err := w.commit(g)
	if err != nil && len(g.jobs) > 1 {
		switch w.db.dialect.fault(err) {
		case kindOther, kindTaken:
			w.again(g.jobs)
			return
		}
	}
	for _, j := range g.jobs {
		j.answer <- err
	}
}

func (w *groupCommitter) commit(g *group) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	done := make([]*Tx, len(g.jobs))
	for i, j := range g.jobs {
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

// group is one transaction and the jobs that have run in it, but for those that failed.
type group struct {
	tx    *gorm.DB
	jobs  []*pendingWrite
	alone bool // one job is all it may have
	lost  bool // what was written in it is gone
}

// take gives a job its turn, and tells whether the transaction goes on. Where others have run before it, a savepoint
// keeps what they wrote from its failing; the first needs none.
func (g *group) take(j *pendingWrite) bool {
	first := len(g.jobs) == 0
	if !first && g.exec("SAVEPOINT job") != nil {
		g.jobs, g.lost = append(g.jobs, j), true
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
		g.lost = err != nil
	case err == nil:
		err = g.exec("RELEASE SAVEPOINT job")
		g.lost = err != nil
	default:
		g.lost = g.exec("ROLLBACK TO SAVEPOINT job") != nil || g.exec("RELEASE SAVEPOINT job") != nil
	}
	if err == nil {
		g.jobs = append(g.jobs, j)
	} else {
		j.answer <- err
	}
	return !g.lost
}

// exec runs a statement that is about the transaction itself.
func (g *group) exec(statement string) error {
	_, err := g.tx.Statement.ConnPool.(runner).run(context.Background(), SQL(statement), nil)
	return err
}
