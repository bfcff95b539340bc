package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// revisionRow is a revision with its words, compressed; nil if they are gone.
type revisionRow struct {
	cms.Revision
	by      *cms.ID
	edition *int64
	words   []byte
}

var revisionTable = &database.Table[revisionRow]{
	Name: "revisions",
	Columns: database.Columns[revisionRow]{
		database.Text("article_id", func(r *revisionRow) *cms.ID { return &r.ArticleID }),
		database.Number("n", func(r *revisionRow) *int64 { return &r.N }),
		database.Time("at", func(r *revisionRow) *time.Time { return &r.At }),
		database.NullText("by_id", func(r *revisionRow) **cms.ID { return &r.by }),
		database.Text("note", func(r *revisionRow) *string { return &r.Note }),
		database.Text("origin", func(r *revisionRow) *cms.RevisionOrigin { return &r.Origin }),
		database.NullNumber("edition", func(r *revisionRow) **int64 { return &r.edition }),
		database.Flag("auto", func(r *revisionRow) *bool { return &r.Auto }),
		database.Time("since", func(r *revisionRow) *time.Time { return &r.Since }),
		database.Number("folds", func(r *revisionRow) *int { return &r.Folds }),
		database.Flag("folded", func(r *revisionRow) *bool { return &r.Folded }),
		database.Bytes("words", func(r *revisionRow) *[]byte { return &r.words }),
	},
}

// Words are compressed with one coder: it may be used at once by many.
var (
	wordsWriter, _ = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault),
		zstd.WithEncoderConcurrency(1))
	wordsReader, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0))
)

func packWords(words *cms.ArticleInput) ([]byte, error) {
	plain, err := json.Marshal(words)
	return wordsWriter.EncodeAll(plain, nil), err
}

func unpackWords(packed []byte) (words cms.ArticleInput, err error) {
	plain, err := wordsReader.DecodeAll(packed, nil)
	if err == nil {
		err = json.Unmarshal(plain, &words)
	}
	return words, err
}

func newRevisionRow(r *cms.Revision, words *cms.ArticleInput) (revisionRow, error) {
	row := revisionRow{Revision: *r}
	if r.By != nil {
		row.by = &r.By.ID
	}
	if r.Edition > 0 {
		row.edition = new(int64(r.Edition))
	}
	var err error
	row.words, err = packWords(words)
	return row, err
}

// AddRevision saves a revision with its words, folding the one before into it if they belong
// together.
func (db *DB) AddRevision(r *cms.Revision, words *cms.ArticleInput) error {
	latest, err := db.LatestRevision(r.ArticleID)
	if ignoreNotFound(err) != nil {
		return err
	}
	if r.Fold(latest) {
		const fold = "UPDATE revisions SET folded = TRUE WHERE article_id = ? AND n = ?"
		if err := db.Exec(fold, r.ArticleID, latest.N); err != nil {
			return err
		}
	}
	row, err := newRevisionRow(r, words)
	if err != nil {
		return err
	}
	return database.Insert(db.Tx, revisionTable, row)
}

// selectedRevision are the columns of a revision r, by a user u, but for its words.
var selectedRevision = revisionTable.Columns.Without("words").Of("r") +
	", u.name, r.words IS NULL"

func revisionsOf(id cms.ID) database.Select {
	return database.From("revisions AS r").Join("LEFT JOIN users AS u ON u.id = r.by_id").
		Where("r.article_id = ?", id)
}

func scanRevision(r *database.Row) cms.Revision {
	row := revisionTable.Columns.Without("words").Value(r)
	name := r.Text()
	row.Gone = r.Flag()
	if row.by != nil {
		row.By = &cms.UserRef{ID: *row.by, Name: name}
	}
	if row.edition != nil {
		row.Edition = int(*row.edition)
	}
	return row.Revision
}

// LatestRevision returns the latest revision of an article, ErrNotFound if it has none.
func (db *DB) LatestRevision(id cms.ID) (*cms.Revision, error) {
	rows := revisionsOf(id).OrderBy("r.n DESC").Limit(1, 0)
	revision, err := database.QueryRow(db.Tx, rows.Columns(selectedRevision), scanRevision)
	return &revision, err
}

// Revisions returns a page of the revisions of an article, the latest first, without those that are
// folded into others unless all are wanted.
func (db *DB) Revisions(
	id cms.ID, all bool, page cms.PageRequest,
) (cms.List[cms.Revision], error) {
	rows := revisionsOf(id)
	if !all {
		rows = rows.Where("NOT r.folded")
	}
	var total int64
	var err error
	if page.Count {
		if total, err = db.Count(rows); err != nil {
			return cms.List[cms.Revision]{}, err
		}
	}
	latestFirst := orderBy("r.n", "r.article_id", byNumber)
	found, err := database.QueryAll(db.Tx,
		latestFirst.page(rows, cms.Sort{Descending: true}, page).Columns(selectedRevision),
		scanRevision)
	list := pageOf(found, page)
	list.Total = total
	return list, err
}

// Revision returns a revision of an article with its words, nil if they are gone; ErrNotFound if
// there is no such revision.
func (db *DB) Revision(id cms.ID, n int64) (*cms.Revision, *cms.ArticleInput, error) {
	return db.revision(revisionsOf(id).Where("r.n = ?", n))
}

// RevisionAt returns the revision whose words an article had at a version, as Revision does.
func (db *DB) RevisionAt(id cms.ID, version int64) (*cms.Revision, *cms.ArticleInput, error) {
	return db.revision(revisionsOf(id).Where("r.n <= ?", version).OrderBy("r.n DESC").Limit(1, 0))
}

// PublishedRevision returns the revision that was last published, as Revision does.
func (db *DB) PublishedRevision(id cms.ID) (*cms.Revision, *cms.ArticleInput, error) {
	rows := revisionsOf(id).Where("r.edition IS NOT NULL").OrderBy("r.n DESC").Limit(1, 0)
	return db.revision(rows)
}

func (db *DB) revision(rows database.Select) (*cms.Revision, *cms.ArticleInput, error) {
	var packed []byte
	revision, err := database.QueryRow(db.Tx, rows.Columns(selectedRevision+", r.words"),
		func(r *database.Row) cms.Revision {
			revision := scanRevision(r)
			packed = r.Bytes()
			return revision
		})
	if err != nil || packed == nil {
		return &revision, nil, err
	}
	words, err := unpackWords(packed)
	if err != nil {
		return nil, nil, fmt.Errorf("revision %d of %s: %w", revision.N, revision.ArticleID, err)
	}
	return &revision, &words, nil
}

// TrimRevisions removes the words of saves that were folded before a time, and if keep is not zero,
// the revisions from before that, but for the latest and the published ones of each article. It
// returns how many it has changed, at most some thousands at once.
func (db *DB) TrimRevisions(foldedBefore, keep time.Time) (int, error) {
	const most = 5000
	const empty = `UPDATE revisions SET words = NULL WHERE (article_id, n) IN (
		SELECT article_id, n FROM revisions
		WHERE folded AND words IS NOT NULL AND at < ? LIMIT ?) RETURNING n`
	emptied, err := database.QueryAll(db.Tx, database.SQL(empty, foldedBefore, most),
		(*database.Row).Number)
	if err != nil || keep.IsZero() {
		return len(emptied), err
	}
	const remove = `DELETE FROM revisions WHERE (article_id, n) IN (
		SELECT r.article_id, r.n FROM revisions AS r WHERE r.at < ? AND r.edition IS NULL
		AND EXISTS (SELECT 1 FROM revisions AS l WHERE l.article_id = r.article_id AND l.n > r.n)
		LIMIT ?) RETURNING n`
	removed, err := database.QueryAll(db.Tx, database.SQL(remove, keep, most),
		(*database.Row).Number)
	return len(emptied) + len(removed), err
}
