package database

import (
	"strconv"
	"strings"

	"gorm.io/gorm"

	"github.com/masthead-cms/masthead/internal/search"
)

// postgresSearch creates the search index of PostgreSQL: vectors of terms, made here and not by its
// own parser, with the weight A for titles.
const postgresSearch = `ALTER TABLE search_docs ADD COLUMN terms TSVECTOR;
CREATE INDEX search_docs_terms ON search_docs USING GIN (terms)`

// What a vector can hold (textsearch limits of PostgreSQL): a position at most, so many of one
// term, and so many bytes: a term takes up to vectorTerm beside its own, and vectorPlace for each
// place. What does not fit is not found.
const (
	vectorPosition = 16_383
	vectorRepeats  = 255
	vectorBytes    = 1<<20 - 1
	vectorTerm     = 4
	vectorPlace    = 2
)

func (postgresDialect) month(column string) string {
	return "to_char(" + column + " AT TIME ZONE 'UTC', 'YYYY-MM')"
}

func (postgresDialect) indexText(tx *Tx, row int64, title, words string) error {
	return tx.Exec(
		"UPDATE search_docs SET terms = ?::tsvector WHERE rowid = ?",
		vector(title, words),
		row,
	)
}

// unindexText does nothing: the terms were in the row that was deleted.
func (postgresDialect) unindexText(*gorm.DB, int64) error { return nil }

// eraseDeletedText does nothing: VACUUM removes what was deleted.
func (postgresDialect) eraseDeletedText(*Tx, bool, int) (bool, error) { return false, nil }

func (postgresDialect) textIndex(bool) (table, matches string) {
	return "search_docs", "s.terms @@ ?::tsquery"
}

// vector returns a text, which begins with its title, as a vector of terms with their positions.
func vector(title, words string) string {
	places := map[string][]string{}
	titled := strings.Count(title, " ") + min(len(title), 1)
	at, room := 0, vectorBytes
	for term := range strings.FieldsSeq(words) {
		at++
		need := vectorPlace
		if len(places[term]) == 0 {
			need += len(term) + vectorTerm
		}
		if term == search.Barrier || len(places[term]) >= vectorRepeats || need > room {
			continue
		}
		room -= need
		place := strconv.Itoa(min(at, vectorPosition))
		if at <= titled {
			place += "A"
		}
		places[term] = append(places[term], place)
	}
	var b strings.Builder
	for term, at := range places {
		b.WriteString("'" + term + "':" + strings.Join(at, ",") + " ")
	}
	return b.String()
}

// textQuery returns a tsquery. Every term is in quotes, where no character has a meaning.
func (postgresDialect) textQuery(q search.Query, titles bool) string {
	weight := ""
	if titles {
		weight = "A"
	}
	var parts []string
	for _, c := range q.Want {
		parts = append(parts, "("+tsClause(c, weight)+")")
	}
	for _, c := range q.Without {
		parts = append(parts, "!("+tsClause(c, weight)+")")
	}
	return strings.Join(parts, " & ")
}

func tsClause(c search.Clause, weight string) string {
	var ways []string
	for _, phrase := range c.Phrases() {
		for i, term := range phrase {
			mark := weight
			if i == len(phrase)-1 && c.Words[len(c.Words)-1].Prefix {
				mark += "*"
			}
			phrase[i] = "'" + term + "'"
			if mark != "" {
				phrase[i] += ":" + mark
			}
		}
		ways = append(ways, "("+strings.Join(phrase, " <-> ")+")")
	}
	for _, tag := range c.Tags {
		ways = append(ways, "'"+tag+"'")
	}
	return strings.Join(ways, " | ")
}
