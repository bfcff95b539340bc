package store

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// Task is work that goes on behind a change, in slices.
type Task struct {
	Seq      int64
	Kind     string
	Step     int // how far it has come; what that means depends on the kind
	Noun     string
	Subject  *cms.ID
	Target   *cms.ID
	ActorID  *cms.ID
	WorkedAt time.Time // when a slice was last done
}

var taskTable = &database.Table[Task]{
	Name: "tasks",
	Columns: database.Columns[Task]{
		database.Number("seq", func(t *Task) *int64 { return &t.Seq }),
		database.Text("kind", func(t *Task) *string { return &t.Kind }),
		database.Number("step", func(t *Task) *int { return &t.Step }),
		database.Text("noun", func(t *Task) *string { return &t.Noun }),
		database.NullText("subject", func(t *Task) **cms.ID { return &t.Subject }),
		database.NullText("target", func(t *Task) **cms.ID { return &t.Target }),
		database.NullText("actor_id", func(t *Task) **cms.ID { return &t.ActorID }),
		database.Time("worked_at", func(t *Task) *time.Time { return &t.WorkedAt }),
	},
}

// newTaskTable has tasks that get their number from the database.
var newTaskTable = &database.Table[Task]{Name: "tasks", Columns: taskTable.Columns.Without("seq")}

// AddTask adds a task.
func (db *DB) AddTask(t *Task) error {
	t.WorkedAt = db.Now()
	return database.Insert(db.Tx, newTaskTable, *t)
}

// Tasks returns all tasks, the oldest first.
func (db *DB) Tasks() ([]*Task, error) {
	rows := database.From("tasks AS t").OrderBy("t.seq")
	return database.QueryAll(db.Tx, rows.Columns(taskTable.Columns.Of("t")), taskTable.Columns.Read)
}

// TaskAbout returns the task of a kind about a subject, ErrNotFound if there is none.
func (db *DB) TaskAbout(kind string, subject cms.ID) (*Task, error) {
	rows := database.From("tasks AS t").Where("t.kind = ? AND t.subject = ?", kind, subject)
	return database.QueryRow(db.Tx, rows.Columns(taskTable.Columns.Of("t")), taskTable.Columns.Read)
}

// DeleteTasksAbout deletes the tasks about a subject.
func (db *DB) DeleteTasksAbout(subject cms.ID) error {
	return db.Exec("DELETE FROM tasks WHERE subject = ?", subject)
}

// HasTask reports whether a task is there and at a step.
func (db *DB) HasTask(t *Task) (bool, error) {
	n, err := db.Count(database.From("tasks").Where("seq = ? AND step = ?", t.Seq, t.Step))
	return n > 0, err
}

// SetTaskStep records how far a task has come.
func (db *DB) SetTaskStep(t *Task, step int) error {
	const set = "UPDATE tasks SET step = ?, worked_at = ? WHERE seq = ?"
	return db.Exec(set, step, db.Now(), t.Seq)
}

// DeleteTask deletes a task, which is done.
func (db *DB) DeleteTask(t *Task) error {
	return db.Exec("DELETE FROM tasks WHERE seq = ?", t.Seq)
}
