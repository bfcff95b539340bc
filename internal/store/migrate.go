package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// migration is one step of the schema, applied once and never changed after a release.
type migration struct {
	Version   int `gorm:"primaryKey"`
	Name      string
	Checksum  string
	AppliedAt time.Time
	sql       string
}

// TableName is where applied steps are remembered.
func (migration) TableName() string { return "schema_migrations" }

// migrations are the steps in files, in order: 0001_name.sql.
func migrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "schema/*.sql")
	if err != nil {
		return nil, err
	}
	var steps []migration
	for i, name := range names {
		sql, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		stem := strings.TrimSuffix(strings.TrimPrefix(name, "schema/"), ".sql")
		number, title, _ := strings.Cut(stem, "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != i+1 {
			return nil, fmt.Errorf("schema file %s: want number %04d", name, i+1)
		}
		sum := sha256.Sum256(sql)
		steps = append(steps, migration{Version: version, Name: title, Checksum: hex.EncodeToString(sum[:]), sql: string(sql)})
	}
	return steps, nil
}

// Step is one step of the schema, and when it was applied, if it was.
type Step struct {
	Version   int
	Name      string
	AppliedAt *time.Time
}

// Steps are the steps of the schema that this program knows and, behind them, those of a newer one that the database has.
func (s *Store) Steps(ctx context.Context) ([]Step, error) {
	known, err := migrations(schemaFiles)
	if err != nil {
		return nil, err
	}
	var done []migration
	err = s.Read(ctx, func(db *DB) error {
		there, err := s.dialect.hasTable(db.gorm, "schema_migrations")
		if err != nil || !there {
			return err
		}
		return db.gorm.Order("version").Find(&done).Error
	})
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

// Migrate brings the schema up to date. It is safe for any number of processes at once: each step is one transaction
// under a lock and asks inside it whether it is still due.
func (s *Store) Migrate(ctx context.Context) error {
	steps, err := migrations(schemaFiles)
	if err != nil {
		return err
	}
	return s.migrateTo(ctx, steps)
}

func (s *Store) migrateTo(ctx context.Context, steps []migration) error {
	for due := true; due; {
		err := s.writer.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			var err error
			due, err = s.step(tx, steps)
			return err
		})
		if err != nil {
			return fmt.Errorf("schema: %w", err)
		}
	}
	return nil
}

// step applies the first step that is due and tells whether there was one.
func (s *Store) step(tx *gorm.DB, steps []migration) (bool, error) {
	if err := s.dialect.lock(tx); err != nil {
		return false, err
	}
	done, err := s.applied(tx)
	if err != nil {
		return false, err
	}
	if len(done) > len(steps) {
		return false, fmt.Errorf("the database is at step %d and this program knows only %d: use a newer masthead, or restore a backup", len(done), len(steps))
	}
	for i, was := range done {
		if was.Checksum != steps[i].Checksum {
			return false, fmt.Errorf("step %d (%s) of the database differs from this program's: they are not of one line of releases", was.Version, was.Name)
		}
	}
	if len(done) == len(steps) {
		return false, nil
	}
	next := steps[len(done)]
	if err := s.run(tx, next.sql); err != nil {
		return false, fmt.Errorf("step %d (%s), nothing of it was kept: %w", next.Version, next.Name, err)
	}
	next.AppliedAt = s.clock().UTC().Truncate(time.Second)
	return true, tx.Create(&next).Error
}

func (s *Store) applied(tx *gorm.DB) ([]migration, error) {
	there, err := s.dialect.hasTable(tx, "schema_migrations")
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, s.run(tx, `CREATE TABLE schema_migrations (version BIGINT PRIMARY KEY, name {text} NOT NULL, checksum {text} NOT NULL, applied_at {time} NOT NULL)`)
	}
	var done []migration
	err = tx.Order("version").Find(&done).Error
	return done, err
}

// run executes the statements of a schema file one by one.
func (s *Store) run(tx *gorm.DB, script string) error {
	var plain strings.Builder
	for line := range strings.Lines(script) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			plain.WriteString(line)
		}
	}
	for statement := range strings.SplitSeq(s.dialect.words().Replace(plain.String()), ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if err := tx.Exec(statement).Error; err != nil {
			return err
		}
	}
	return nil
}
