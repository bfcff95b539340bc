package newsroom

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/masthead-cms/masthead/internal/store"
)

// The kinds of tasks.
const (
	taskErase = "erase" // what was deleted leaves the files of the database
	taskMove  = "move"  // articles are moved off a noun, which is then merged or deleted
)

// taskPause is how long a task leaves the writer to others between two slices.
const taskPause = 20 * time.Millisecond

// DoTasks does the tasks that are there, slice by slice. It returns how many were done. Any number
// of servers may do so at once, and one that is stopped leaves the rest to the next.
func (n *Newsroom) DoTasks(ctx context.Context) (done int, err error) {
	tasks, err := read(ctx, n, store.Internal,
		func(db *store.DB) ([]*store.Task, error) { return db.Tasks() })
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, t := range tasks {
		var finished bool
		switch t.Kind {
		case taskErase:
			finished, err = n.erase(ctx, t)
		case taskMove:
			finished, err = n.finishMove(ctx, t)
		default:
			err = fmt.Errorf("task %d: the kind %q is not known here", t.Seq, t.Kind)
		}
		if finished && err == nil {
			done++
		}
		errs = append(errs, err)
	}
	return done, errors.Join(errs...)
}

// finishMove goes on with a move that was broken off.
func (n *Newsroom) finishMove(ctx context.Context, t *store.Task) (finished bool, err error) {
	switch t.Noun {
	case n.Tags.kind.Singular:
		return n.Tags.finishMove(ctx, t, mergeTag)
	case n.Sections.kind.Singular:
		return n.Sections.finishMove(ctx, t, mergeSection)
	case n.Authors.kind.Singular:
		return n.Authors.finishMove(ctx, t, mergeAuthor)
	}
	return false, fmt.Errorf("task %d: articles are moved between no %q", t.Seq, t.Noun)
}

// The steps of erasing.
const (
	eraseBegin = iota // rewriting the search index is to begin
	eraseWords        // it is being rewritten
	eraseLog          // the log is to be emptied
)

// erasePages is how many pages of the search index are rewritten in one transaction, since other
// writers wait.
const erasePages = 250

// addErasure lets what is deleted in the transaction leave the files of the database. Without it,
// words would stay in the search index until it is merged by itself, and rows in the log.
func addErasure(db *store.DB) error {
	tasks, err := db.Tasks()
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if t.Kind == taskErase && t.Step == eraseBegin {
			return nil
		}
	}
	return db.AddTask(&store.Task{Kind: taskErase, Step: eraseBegin})
}

// erase goes on with an erasure, and reports whether it is finished: the log is emptied later where
// it is in use.
func (n *Newsroom) erase(ctx context.Context, t *store.Task) (finished bool, err error) {
	for t.Step < eraseLog {
		if err := n.eraseSlice(ctx, t); err != nil {
			return false, err
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(taskPause):
		}
	}
	if emptied, err := n.store.EmptyLog(ctx); err != nil || !emptied {
		return false, err
	}
	err = n.store.Write(ctx, func(db *store.DB) error { return db.DeleteTask(t) })
	return err == nil, err
}

// eraseSlice rewrites a part of the search index.
func (n *Newsroom) eraseSlice(ctx context.Context, t *store.Task) error {
	step := t.Step
	err := n.store.Write(ctx, func(db *store.DB) error {
		step = t.Step
		if there, err := db.HasTask(t); err != nil || !there {
			step = eraseLog // another server went on with it
			return err
		}
		more, err := db.EraseDeletedText(t.Step == eraseBegin, erasePages)
		if err != nil {
			return err
		}
		if step = eraseLog; more {
			step = eraseWords
		}
		return db.SetTaskStep(t, step)
	})
	if err == nil {
		t.Step = step
	}
	return err
}
