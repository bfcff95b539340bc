package database

import (
	"context"
	"database/sql"
	"strings"

	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/search"
)

// dialect is all in which the databases differ. Nothing else may ask which database is in use.
type dialect interface {
	// words are what the braces in the schema files stand for.
	words() *strings.Replacer
	// lock holds all other writes, of any process, off until the transaction ends.
	lock(tx *gorm.DB) error
	// snapshot is how a transaction begins that sees one moment and changes nothing.
	snapshot() *sql.TxOptions
	// single is what of a pool a lone statement is run on, and what gives it back.
	single(ctx context.Context, pool gorm.ConnPool) (gorm.ConnPool, func(), error)
	// resume lets numbers that are handed out go on behind those that were copied in.
	resume(tx *gorm.DB, table, column string) error
	// notify lets servers that wait for a change know of one when the transaction is committed.
	notify(tx *gorm.DB) error
	// hasTable tells whether a table is there.
	hasTable(tx *gorm.DB, name string) (bool, error)
	// tables returns the names of all tables.
	tables(tx *gorm.DB) ([]string, error)
	// anyOf is a condition that column is one of the values, with a text that does not depend on their number.
	anyOf(column string, values []string) (string, any)
	// bound writes a statement, whose values are bound at question marks, as the driver wants it.
	bound(statement string) string
	// contains is a condition that a column contains a bound text.
	contains(column string) string
	// month is the month of a time in a column, in UTC, as 2026-03.
	month(column string) string
	// index puts the streams of a text and of its title under a number into the search index.
	index(tx *Tx, row int64, title, words string) error
	// unindex takes the text with a number out of it.
	unindex(tx *gorm.DB, row int64) error
	// searched is the search index, of whole texts or of their titles, as a table that is to be called s and has a rowid, and
	// the condition that a row of it answers a bound question.
	searched(titles bool) (table, matches string)
	// question is the question whether a text, or its title, has all that is wanted and nothing that is not, to be bound.
	question(q search.Query, titles bool) string
	// fault tells what kind of trouble the driver reports.
	fault(err error) errorKind
	// check refuses a database that is not set up as it must be.
	check(ctx context.Context, db *gorm.DB) error
}

// errorKind is a kind of trouble with the database.
type errorKind int

const (
	kindOther    errorKind = iota
	kindTaken              // a unique key is taken
	kindBusy               // another writer holds it too long, or two got in each other's way
	kindFull               // no room
	kindReadOnly           // it may not be written
	kindGone               // it cannot be reached
)
