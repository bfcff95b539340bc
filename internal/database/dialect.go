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
	// schemaWords replaces the words in braces of schema files.
	schemaWords() *strings.Replacer
	// lock makes all other writes, of any process, wait until the transaction ends.
	lock(tx *gorm.DB) error
	// snapshot returns how to begin a transaction that sees one moment and changes nothing.
	snapshot() *sql.TxOptions
	// singleConn returns what a lone statement runs on, and a function that releases it.
	singleConn(ctx context.Context, pool gorm.ConnPool) (gorm.ConnPool, func(), error)
	// resumeSerial is Tx.ResumeSerial.
	resumeSerial(tx *gorm.DB, table, column string) error
	// notify wakes servers that wait for a change when the transaction is committed.
	notify(tx *gorm.DB) error
	// hasTable reports whether a table exists.
	hasTable(tx *gorm.DB, name string) (bool, error)
	// tables returns the names of all tables.
	tables(tx *gorm.DB) ([]string, error)
	// anyOf returns the condition that column is one of the values, and the one value to bind. Its
	// text does not depend on their number.
	anyOf(column string, values []string) (string, any)
	// placeholders returns a statement, whose values are bound at question marks, as the driver
	// wants it.
	placeholders(statement string) string
	// contains returns the condition that a column contains a bound text.
	contains(column string) string
	// month is Tx.Month.
	month(column string) string
	// indexText is Tx.IndexText.
	indexText(tx *Tx, row int64, title, words string) error
	// unindexText is Tx.UnindexText.
	unindexText(tx *gorm.DB, row int64) error
	// eraseDeletedText is Tx.EraseDeletedText.
	eraseDeletedText(tx *Tx, begin bool, pages int) (more bool, err error)
	// textIndex is Tx.TextIndex.
	textIndex(titles bool) (table, matches string)
	// textQuery is Tx.TextQuery.
	textQuery(q search.Query, titles bool) string
	// classify returns the kind of an error of the driver.
	classify(err error) errorKind
	// explain wraps an error of the driver in words for the operator, if it has better ones.
	explain(err error) error
	// damages is Tx.Damages.
	damages(tx *Tx) ([]string, error)
	// check returns an error if the database is not set up as it must be.
	check(ctx context.Context, db *gorm.DB) error
}

// errorKind is a kind of error of the database.
type errorKind int

const (
	kindOther    errorKind = iota
	kindTaken              // a unique key is taken
	kindBusy               // another writer holds it too long, or two got in each other's way
	kindFull               // no room
	kindReadOnly           // it may not be written
	kindGone               // it cannot be reached
	kindDamaged            // it is not whole
)
