package database

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
)

// migration is one step of the schema, applied once and never changed after a release.
type migration struct {
	Version   int `gorm:"primaryKey"`
	Name      string
	Checksum  string
	AppliedAt time.Time
	sql       string
}

// TableName returns the table that applied steps are recorded in.
func (migration) TableName() string { return "schema_migrations" }

// migrations returns the steps in the files of a folder, in order: 0001_name.sql.
func migrations(folder fs.FS) ([]migration, error) {
	names, err := fs.Glob(folder, "*.sql")
	if err != nil {
		return nil, err
	}
	var steps []migration
	for i, name := range names {
		sql, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		number, title, _ := strings.Cut(strings.TrimSuffix(name, ".sql"), "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != i+1 {
			return nil, fmt.Errorf("schema file %s: want number %04d", name, i+1)
		}
		sum := sha256.Sum256(sql)
		steps = append(steps, migration{
			Version: version, Name: title, Checksum: hex.EncodeToString(sum[:]), sql: string(sql),
		})
	}
	return steps, nil
}

// Step is one step of the schema, and when it was applied, if it was.
type Step struct {
	Version   int
	Name      string
	AppliedAt *time.Time
}

// PendingSteps returns the steps of the schema in the files of a folder, none of them applied.
func PendingSteps(folder fs.FS) ([]Step, error) {
	known, err := migrations(folder)
	steps := []Step{}
	for _, m := range known {
		steps = append(steps, Step{Version: m.Version, Name: m.Name})
	}
	return steps, err
}

// Steps returns the steps of the schema in the files of a folder and, behind them, those of a newer
// program that the database has.
func (d *DB) Steps(ctx context.Context, folder fs.FS) ([]Step, error) {
	known, err := migrations(folder)
	if err != nil {
		return nil, err
	}
	done, err := d.applied(ctx)
	steps := []Step{}
	for i, m := range known {
		step := Step{Version: m.Version, Name: m.Name}
		if i < len(done) {
			step.AppliedAt = &done[i].AppliedAt
		}
		steps = append(steps, step)
	}
	for _, m := range done[min(len(known), len(done)):] {
		steps = append(steps, Step{m.Version, m.Name, &m.AppliedAt})
	}
	return steps, err
}

// applied returns the steps that the database has.
func (d *DB) applied(ctx context.Context) (done []migration, err error) {
	err = d.Read(ctx, Internal, func(tx *Tx) error {
		if err := tx.refuseForeign(); err != nil {
			return err
		}
		exists, err := tx.HasTable(migration{}.TableName())
		if err != nil || !exists {
			return err
		}
		return tx.GORM.Order("version").Find(&done).Error
	})
	return done, err
}

// ErrNotMigrated is returned by CheckSchema if steps are due.
var ErrNotMigrated = errors.New("the schema is not up to date")

// CheckSchema returns an error unless the database has all steps in the files of a folder, and no
// others. It changes nothing.
func (d *DB) CheckSchema(ctx context.Context, folder fs.FS) error {
	steps, err := migrations(folder)
	if err != nil {
		return err
	}
	done, err := d.applied(ctx)
	if err != nil {
		return err
	}
	if err := refuseOthers(done, steps); err != nil {
		return err
	}
	if len(done) < len(steps) {
		return ErrNotMigrated
	}
	return nil
}

// refuseOthers returns an error if a database has steps that this program does not know.
func refuseOthers(done, steps []migration) error {
	if len(done) > len(steps) {
		return fmt.Errorf("the database is at step %d and this program knows only %d: "+
			"use a newer masthead, or restore a backup", len(done), len(steps))
	}
	for i, was := range done {
		if was.Checksum != steps[i].Checksum {
			return fmt.Errorf("step %d (%s) of the database differs from this program's: "+
				"they are not of one line of releases", was.Version, was.Name)
		}
	}
	return nil
}

// Migrate brings the schema up to date: it applies the files of a folder, named 0001_name.sql and
// on without gaps, that the database does not have yet. It is safe for any number of processes at
// once: each step is one transaction under a lock, in which it is looked up whether it is still
// due. A database that has other steps, or more, is refused. The words in braces that a file may
// use are those of dialect.words.
func (d *DB) Migrate(ctx context.Context, folder fs.FS) error {
	steps, err := migrations(folder)
	if err != nil {
		return err
	}
	return d.migrateTo(ctx, steps)
}

func (d *DB) migrateTo(ctx context.Context, steps []migration) error {
	for due := true; due; {
		err := d.Exclusive(ctx, func(tx *Tx) error {
			var err error
			due, err = tx.step(steps)
			return err
		})
		if err != nil {
			return fmt.Errorf("schema: %w", d.wrapped(err))
		}
	}
	return nil
}

// step applies the first step that is due and reports whether there was one.
func (tx *Tx) step(steps []migration) (bool, error) {
	done, err := tx.applied()
	if err != nil {
		return false, err
	}
	if err := refuseOthers(done, steps); err != nil {
		return false, err
	}
	if len(done) == len(steps) {
		return false, nil
	}
	next := steps[len(done)]
	if err := tx.runScript(next.sql); err != nil {
		return false, fmt.Errorf(
			"step %d (%s), nothing of it was kept: %w",
			next.Version,
			next.Name,
			err,
		)
	}
	next.AppliedAt = tx.now
	return true, tx.GORM.Create(&next).Error
}

// applied returns the steps that the database has, and makes the table for them if there is none.
func (tx *Tx) applied() ([]migration, error) {
	if err := tx.refuseForeign(); err != nil {
		return nil, err
	}
	exists, err := tx.HasTable("schema_migrations")
	if err != nil {
		return nil, err
	}
	if !exists {
		return nil, tx.runScript(
			`CREATE TABLE schema_migrations (version BIGINT PRIMARY KEY, name {text} NOT NULL,
			checksum {text} NOT NULL, applied_at {time} NOT NULL)`,
		)
	}
	var done []migration
	err = tx.GORM.Order("version").Find(&done).Error
	return done, err
}

// refuseForeign returns an error if the database has tables, none of which records steps of a
// schema as ours does.
func (tx *Tx) refuseForeign() error {
	names, err := tx.dialect.tables(tx.GORM)
	if err != nil || len(names) == 0 {
		return err
	}
	steps := migration{}
	if slices.Contains(names, steps.TableName()) &&
		tx.GORM.Migrator().HasColumn(&steps, "checksum") {
		return nil
	}
	return fmt.Errorf("the database belongs to another program: it has a table %q and no record "+
		"of our steps; use an empty database", names[0])
}

// runScript runs the statements of a schema file one by one.
func (tx *Tx) runScript(script string) error {
	var plain strings.Builder
	for line := range strings.Lines(script) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			plain.WriteString(line)
		}
	}
	statements := tx.dialect.schemaWords().Replace(plain.String())
	for statement := range strings.SplitSeq(statements, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if err := tx.GORM.Exec(statement).Error; err != nil {
			return err
		}
	}
	return nil
}
