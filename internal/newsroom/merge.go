package newsroom

import (
	"context"
	"errors"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// merge merges a noun into another one of its kind (by id or slug), which is returned. The function
// merge does so in a transaction, once few articles are left to be moved.
func (v *Noun[D, P, In]) merge(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	into string, merge func(db *store.DB, from P, into cms.ID) error) (*D, error) {
	if err := call.Actor.Check(v.revise); err != nil {
		return nil, err
	}
	err := v.moveArticles(ctx, call.Actor, id, func(db *store.DB) (cms.ID, error) {
		_, target, err := v.mergedInto(db, id, match, into)
		return target, err
	})
	if err != nil {
		return nil, err
	}
	return write(ctx, v.newsroom, call, func(db *store.DB) (*D, error) {
		from, target, err := v.mergedInto(db, id, match, into)
		if err != nil {
			return nil, err
		}
		if _, err := v.moveOf(db, id, target); err != nil {
			return nil, err
		}
		if err := v.mergeIn(db, call.Actor, from, target, merge); err != nil {
			return nil, err
		}
		return v.rows.ByID(db, target)
	})
}

// mergeIn returns merge in a transaction, after the checks.
func (v *Noun[D, P, In]) mergeIn(db *store.DB, actor cms.Actor, from P, target cms.ID,
	merge func(db *store.DB, from P, into cms.ID) error) error {
	base := *from.Common()
	if err := merge(db, from, target); err != nil {
		return err
	}
	if err := db.DeleteTasksAbout(base.ID); err != nil {
		return err
	}
	return db.Append(newEvent(actor, v.kind.Merged(), base.ID, base.Version+1, string(target)))
}

// mergedInto loads a noun and the id of the one that it is to be merged into. It is an error if
// that cannot be.
func (v *Noun[D, P, In]) mergedInto(db *store.DB, id cms.ID, match cms.Precondition,
	into string) (from P, target cms.ID, err error) {
	if from, err = v.loadForUpdate(db, id, match); err != nil {
		return nil, "", err
	}
	target, err = v.resolve(db, into)
	if errors.Is(err, store.ErrNotFound) {
		err = cms.FieldErrorf(cms.Invalid, "into", "unknown", "There is no %s %q.",
			v.kind.Singular, into)
	} else if err == nil && target == id {
		err = cms.FieldErrorf(cms.Invalid, "into", "not_allowed",
			"%s cannot be merged into itself.", v.kind.WithCapital())
	}
	return from, target, err
}

// aboutInto returns an error about the field into of a body as one about the parameter.
func aboutInto(err error) error {
	var refusal *cms.Error
	if !errors.As(err, &refusal) || len(refusal.Fields) != 1 || refusal.Fields[0].Field != "into" {
		return err
	}
	field := refusal.Fields[0]
	field.Field = ""
	field.Parameter = "into"
	return &cms.Error{
		Code:   cms.InvalidParameter,
		Detail: "The parameters of the request cannot be taken as they are.",
		Fields: []cms.FieldError{field},
	}
}

// refSlice is how many articles lose a reference in one transaction, since other writers wait.
const refSlice = 250

// moveArticles takes a noun that many articles refer to off most of them, before it is merged or
// deleted. Into returns the noun that they refer to instead, if any, or an error if the change may
// not be made. Each slice is a transaction, in which all counts are right, and other writes go on
// between two. A change that is broken off halfway is finished by making it again, or
// else by a task.
func (v *Noun[D, P, In]) moveArticles(ctx context.Context, actor cms.Actor, id cms.ID,
	into func(db *store.DB) (cms.ID, error)) error {
	var more bool
	err := v.newsroom.store.Read(ctx, store.Editorial, func(db *store.DB) error {
		if _, err := into(db); err != nil {
			return nil // the change itself returns it, unless it was made before
		}
		var err error
		more, err = db.RefersMore(id, refSlice)
		return err
	})
	for more && err == nil {
		err = v.newsroom.store.Write(ctx, func(db *store.DB) error {
			target, err := into(db)
			if err != nil {
				return err
			}
			if err := v.noteMove(db, actor, id, target); err != nil {
				return err
			}
			more, err = db.MoveRefs(v.kind, id, target, refSlice)
			return err
		})
	}
	return err
}

// moveOf returns the task that moves the articles of a noun to another one, or off it if target is
// empty; nil if there is none. It is an error if they are being moved elsewhere.
func (v *Noun[D, P, In]) moveOf(db *store.DB, id, target cms.ID) (*store.Task, error) {
	t, err := db.TaskAbout(taskMove, id)
	if err != nil {
		return nil, ignoreNotFound(err)
	}
	if t.Target != nil && *t.Target != target || t.Target == nil && target != "" {
		return nil, cms.Errorf(cms.WrongState, "The %s is being merged or deleted by a call that "+
			"came before. Try again in a minute.", v.kind.Singular)
	}
	return t, nil
}

// noteMove leaves a task that goes on with a move if this process does not, or notes that it does.
func (v *Noun[D, P, In]) noteMove(db *store.DB, actor cms.Actor, id, target cms.ID) error {
	t, err := v.moveOf(db, id, target)
	if err != nil {
		return err
	}
	if t != nil {
		return db.SetTaskStep(t, t.Step+1)
	}
	t = &store.Task{Kind: taskMove, Noun: v.kind.Singular, Subject: &id}
	if target != "" {
		t.Target = &target
	}
	if actor.ID != "" {
		t.ActorID = &actor.ID
	}
	return db.AddTask(t)
}

// moveRest is how long nobody must have worked on a move before a task goes on with it: else
// whoever made the call does.
const moveRest = 10 * time.Second

// finishMove goes on with a move to its end, which is a merge or a deletion. It reports whether it
// has come to that.
func (v *Noun[D, P, In]) finishMove(ctx context.Context, t *store.Task,
	merge func(db *store.DB, from P, into cms.ID) error) (finished bool, err error) {
	if v.newsroom.clock().Sub(t.WorkedAt) < moveRest {
		return false, nil
	}
	for !finished && err == nil {
		err = v.newsroom.store.Write(ctx, func(db *store.DB) error {
			finished, err = v.moveSlice(db, t, merge)
			return err
		})
	}
	if cms.Is(err, cms.Invalid) { // it cannot be merged any more: what was moved stays so
		finished = true
		err = v.newsroom.store.Write(ctx, func(db *store.DB) error { return db.DeleteTask(t) })
	}
	return finished && err == nil, err
}

// moveSlice moves some articles of a task; behind the last it merges or deletes the noun.
func (v *Noun[D, P, In]) moveSlice(db *store.DB, t *store.Task,
	merge func(db *store.DB, from P, into cms.ID) error) (finished bool, err error) {
	from, err := v.rows.ByID(db, *t.Subject)
	if err != nil {
		return true, errors.Join(ignoreNotFound(err), db.DeleteTask(t))
	}
	target, err := v.targetOf(db, t)
	if errors.Is(err, store.ErrNotFound) {
		return true, db.DeleteTask(t) // the rest stays where it is
	}
	if err != nil {
		return false, err
	}
	more, err := db.MoveRefs(v.kind, *t.Subject, target, refSlice)
	if err != nil || more {
		return false, errors.Join(err, db.SetTaskStep(t, t.Step+1))
	}
	var actor cms.Actor
	if t.ActorID != nil {
		actor.ID = *t.ActorID
	}
	if target == "" {
		return true, v.deleteIn(db, actor, from)
	}
	return true, v.mergeIn(db, actor, from, target, merge)
}

// targetOf returns the noun that a task moves articles to: the one it was merged into since, if
// any. It is empty if they are moved off a noun. The error is ErrNotFound if it is gone.
func (v *Noun[D, P, In]) targetOf(db *store.DB, t *store.Task) (cms.ID, error) {
	if t.Target == nil {
		return "", nil
	}
	ref := string(*t.Target)
	known, err := db.KnownNouns(v.kind, []string{ref})
	if err == nil && (known[ref].ID == "" || known[ref].ID == *t.Subject) {
		err = store.ErrNotFound
	}
	return known[ref].ID, err
}
