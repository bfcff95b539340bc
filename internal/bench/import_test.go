package main

import (
	"fmt"
	"iter"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/search"
	"github.com/masthead-cms/masthead/internal/store"
)

// BenchmarkImport takes made-up articles of about 5 KB into an empty newsroom, as the command does,
// and holds that against a copy of the very same rows: prepared statements, the same indexes, the
// same search index, large transactions. It also tells how much memory the process held at most
// after the first fifth and at the end.
func BenchmarkImport(b *testing.B) {
	articles := large(b)
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command does
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(256 << 20))
	for b.Loop() {
		path := filepath.Join(b.TempDir(), "imported.db")
		began, used := wall(), cpu()
		early := importAll(b, path, newWriter(articles))
		took, worked := wall()-began, cpu()-used
		late := peakMemory()
		raw := copyRows(b, path, filepath.Join(b.TempDir(), "yardstick.db"))
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(articles)/took.Seconds(), "articles/s")
		b.ReportMetric(float64(articles)/worked.Seconds(), "articles/cpu-s")
		b.ReportMetric(float64(articles)/raw.wall.Seconds(), "rows-alone/s")
		b.ReportMetric(float64(articles)/raw.cpu.Seconds(), "rows-alone/cpu-s")
		b.ReportMetric(raw.wall.Seconds()/took.Seconds(), "of-rows-alone")
		b.ReportMetric(raw.cpu.Seconds()/worked.Seconds(), "of-rows-alone-cpu")
		b.ReportMetric(float64(early>>20), "MB-after-a-fifth")
		b.ReportMetric(float64(late>>20), "MB-at-the-end")
	}
}

// importAll imports all articles and answers the peak of memory after the first fifth of them.
func importAll(b *testing.B, path string, w *writer) (early int64) {
	b.Helper()
	rows, err := store.Open(b.Context(), "sqlite:"+path, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	desk := newsroom.Open(
		newsroom.Options{Store: rows, Clock: time.Now},
	)
	importer, err := desk.Importer(b.Context(), cms.System, newsroom.ImportOptions{Source: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	made := 0
	err = importer.All(b.Context(), w.items(), func(outcomes []*newsroom.Outcome) error {
		if made += len(outcomes); early == 0 && made >= w.articles/5 {
			early = peakMemory()
		}
		return nil
	})
	if err == nil {
		err = importer.Finish(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
	if made != w.articles {
		b.Fatalf("%d of %d articles came", made, w.articles)
	}
	return early
}

// items are the articles as a source tells them.
func (w *writer) items() iter.Seq[exchange.Item] {
	return func(yield func(exchange.Item) bool) {
		for i := range w.articles {
			at := newest.Add(-time.Duration(w.articles-1-i) * betweenPieces)
			item := exchange.Item{
				Key:         fmt.Sprintf("posts/%d.md", i),
				File:        fmt.Sprintf("posts/%d.md", i),
				Title:       w.sentence(7),
				Summary:     w.sentence(25),
				Body:        w.markdown(),
				PublishedAt: &at,
				Tags: []string{
					"Common",
					fmt.Sprintf("Section %d", i%sections),
					fmt.Sprintf("Topic %d", i%w.topics()),
				},
			}
			if !yield(item) {
				return
			}
		}
	}
}

// markdown is a body of about 5 KB.
func (w *writer) markdown() string {
	var b strings.Builder
	for i := range 12 {
		switch i % 4 {
		case 1:
			b.WriteString("## " + w.sentence(4) + "\n\n")
		case 3:
			b.WriteString("- " + w.sentence(6) + "\n- " + w.sentence(6) + "\n\n")
		}
		b.WriteString(
			w.sentence(
				16,
			) + ". It is *" + w.sentence(
				3,
			) + "* of [" + w.sentence(
				2,
			) + "](https://example.org/" + w.sentence(
				1,
			) + "). ",
		)
		for range 2 {
			b.WriteString(w.sentence(16) + ". ")
		}
		b.WriteString("\n\n")
	}
	return b.String()
}

// copied are the tables of a newsroom, those that others point to first, and the condition that
// chooses the rows of articles between two ids; the search index comes last.
var copied = []struct{ table, some string }{
	{"articles", "id BETWEEN ? AND ?"},
	{"article_texts", ofArticle},
	{"article_refs", ofArticle},
	{"article_slugs", ofArticle},
	{"editions", ofArticle},
	{"edition_texts", "edition IN (SELECT rowid FROM editions WHERE " + ofArticle + ")"},
	{"feed", ofArticle},
	{"events", "subject BETWEEN ? AND ?"},
	{"imports", ofArticle},
	{
		"search_docs",
		"rowid IN (SELECT search_row FROM articles WHERE id BETWEEN ? AND ?) ORDER BY rowid",
	},
}

const ofArticle = "article_id BETWEEN ? AND ?"

// effort is what something took.
type effort struct{ wall, cpu time.Duration }

// copyRows copies a newsroom with prepared statements, and answers how long the writing took.
func copyRows(b *testing.B, from, to string) (writing effort) {
	b.Helper()
	empty, err := store.Open(b.Context(), "sqlite:"+to, time.Now)
	if err == nil {
		err = empty.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	source, target := rawFile(b, from), rawFile(b, to)
	defer source.Close()
	defer target.Close()
	c := copier{b: b, source: source, target: target}
	var batch []rowsOf
	for _, table := range []string{"tags", "slugs", "noun_names", "noun_words", "noun_terms", "counters"} {
		batch = append(batch, c.read(table, "true"))
	}
	c.write(batch)
	for after := ""; ; {
		_, ids := c.query("SELECT min(id), max(id) FROM (SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT 1000)", after)
		first, last := ids[0][0], ids[0][1]
		if last == nil {
			return c.writing
		}
		batch = batch[:0]
		for _, t := range copied {
			batch = append(batch, c.read(t.table, t.some, first, last))
		}
		c.write(append(batch, c.index(first, last)...))
		after = last.(string)
	}
}

// rawFile opens a database as the server does.
func rawFile(b *testing.B, path string) *sqlite3.Conn {
	b.Helper()
	db, err := sqlite3.Open(
		"file:" + path + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)" +
			"&_pragma=cache_size(-16000)&_pragma=temp_store(MEMORY)",
	)
	if err == nil {
		err = fts5.Register(db)
	}
	if err != nil {
		b.Fatal(err)
	}
	return db
}

// rowsOf are rows of a table, ready to be inserted.
type rowsOf struct {
	insert string
	rows   [][]any
}

// copier copies rows and takes the time of the writing alone.
type copier struct {
	b              *testing.B
	source, target *sqlite3.Conn
	writing        effort
}

func (c *copier) query(query string, args ...any) (columns []string, all [][]any) {
	c.b.Helper()
	statement, _, err := c.source.Prepare(query)
	if err == nil {
		err = bind(statement, args)
	}
	if err != nil {
		c.b.Fatalf("%s: %v", query, err)
	}
	defer statement.Close()
	for i := range statement.ColumnCount() {
		columns = append(columns, statement.ColumnName(i))
	}
	for statement.Step() {
		row := make([]any, len(columns))
		if err := statement.Columns(row...); err != nil {
			c.b.Fatal(err)
		}
		all = append(all, row)
	}
	if err := statement.Err(); err != nil {
		c.b.Fatal(err)
	}
	return columns, all
}

// bind binds values as statement.Columns returns them.
func bind(statement *sqlite3.Stmt, values []any) error {
	for i, v := range values {
		var err error
		switch v := v.(type) {
		case string:
			err = statement.BindText(i+1, v)
		case int64:
			err = statement.BindInt64(i+1, v)
		case float64:
			err = statement.BindFloat(i+1, v)
		case []byte:
			err = statement.BindBlob(i+1, v)
		default:
			err = statement.BindNull(i + 1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *copier) read(table, some string, args ...any) rowsOf {
	c.b.Helper()
	columns, rows := c.query("SELECT * FROM "+table+" WHERE "+some, args...)
	places := strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
	return rowsOf{
		"INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (" + places + ")",
		rows,
	}
}

// index are the rows of the search index.
func (c *copier) index(first, last any) []rowsOf {
	c.b.Helper()
	words := rowsOf{insert: "INSERT INTO search_index (rowid, words) VALUES (?, ?)"}
	titles := rowsOf{insert: "INSERT INTO search_titles (rowid, title) VALUES (?, ?)"}
	_, found := c.query(
		`SELECT d.rowid, d.fields, t.body_html FROM articles AS a JOIN search_docs AS d ON d.rowid = a.search_row
		JOIN article_texts AS t ON t.article_id = a.id WHERE a.id BETWEEN ? AND ? ORDER BY d.rowid`,
		first,
		last,
	)
	for _, row := range found {
		fields := row[1].(string)
		title, _, _ := strings.Cut(fields, "\n")
		text := strings.ReplaceAll(
			fields,
			"\n",
			" "+search.Barrier+" ",
		) + " " + search.Barrier + " " + search.Stream(
			search.Plain(row[2].(string)),
		)
		words.rows = append(words.rows, []any{row[0], text})
		titles.rows = append(titles.rows, []any{row[0], title})
	}
	return []rowsOf{words, titles}
}

// write inserts rows in one transaction.
func (c *copier) write(batch []rowsOf) {
	c.b.Helper()
	began, used := wall(), cpu()
	err := c.target.Exec("BEGIN IMMEDIATE")
	for _, table := range batch {
		if err == nil {
			err = insertAll(c.target, table)
		}
	}
	if err == nil {
		err = c.target.Exec("COMMIT")
	}
	if err != nil {
		c.b.Fatal(err)
	}
	c.writing.wall += wall() - began
	c.writing.cpu += cpu() - used
}

// insertAll inserts the rows of a table with a prepared statement.
func insertAll(target *sqlite3.Conn, table rowsOf) error {
	statement, _, err := target.Prepare(table.insert)
	if err != nil {
		return err
	}
	defer statement.Close()
	for _, row := range table.rows {
		if err := bind(statement, row); err != nil {
			return err
		}
		if err := statement.Exec(); err != nil {
			return err
		}
	}
	return nil
}
