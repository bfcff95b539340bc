package store

import (
	"errors"
	"slices"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// pathPattern is a pattern that the paths of pages of a kind are made by, or were until a time.
type pathPattern struct {
	kind    cms.PageKind
	pattern string
	endedAt *time.Time
}

var pathPatternTable = &database.Table[pathPattern]{
	Name: "path_patterns",
	Columns: database.Columns[pathPattern]{
		database.Text("kind", func(p *pathPattern) *cms.PageKind { return &p.kind }),
		database.Text("pattern", func(p *pathPattern) *string { return &p.pattern }),
		database.NullTime("ended_at", func(p *pathPattern) **time.Time { return &p.endedAt }),
	},
	Suffix: " ON CONFLICT (kind, pattern) DO UPDATE SET ended_at = excluded.ended_at",
}

// maxFormerPatterns is how many former patterns of a kind are kept.
const maxFormerPatterns = 50

// pathPatterns returns all patterns, those in use first, then the latest first.
func (db *DB) pathPatterns() ([]pathPattern, error) {
	rows := database.From("path_patterns AS p")
	list, err := database.QueryAll(db.Tx, rows.Columns(pathPatternTable.Columns.Of("p")),
		pathPatternTable.Columns.Value)
	slices.SortFunc(list, func(a, b pathPattern) int {
		switch {
		case a.endedAt == nil && b.endedAt == nil:
			return 0
		case a.endedAt == nil:
			return -1
		case b.endedAt == nil:
			return 1
		}
		return b.endedAt.Compare(*a.endedAt)
	})
	return list, err
}

// FormerPatterns returns the patterns that paths of pages were made by before, the latest first.
func (db *DB) FormerPatterns() ([]cms.PagePattern, error) {
	site, err := db.Site()
	if err != nil {
		return nil, err
	}
	list, err := db.pathPatterns()
	var former []cms.PagePattern
	for _, p := range list {
		if site.Paths.Of(p.kind) != p.pattern {
			former = append(former, cms.NewPagePattern(p.kind, p.pattern))
		}
	}
	return former, err
}

// NotePaths records by which patterns paths of pages are made from now on, and until now by which
// they were.
func (db *DB) NotePaths(paths cms.Paths) error {
	list, err := db.pathPatterns()
	if err != nil {
		return err
	}
	now := db.Now()
	noted := map[cms.PageKind]bool{}
	former := map[cms.PageKind]int{}
	var changed []pathPattern
	for _, p := range list {
		switch inUse := paths.Of(p.kind) == p.pattern; {
		case inUse:
			noted[p.kind] = true
			if p.endedAt == nil {
				continue
			}
			p.endedAt = nil
		case p.endedAt == nil:
			p.endedAt = &now
			former[p.kind]++
		default:
			if former[p.kind]++; former[p.kind] > maxFormerPatterns {
				const remove = "DELETE FROM path_patterns WHERE kind = ? AND pattern = ?"
				err = errors.Join(err, db.Exec(remove, string(p.kind), p.pattern))
			}
			continue
		}
		changed = append(changed, p)
	}
	for _, kind := range cms.PageKinds {
		if pattern := paths.Of(kind); pattern != "" && !noted[kind] {
			changed = append(changed, pathPattern{kind: kind, pattern: pattern})
		}
	}
	if len(changed) > 0 {
		db.invalidate(cms.SiteCacheTag)
	}
	return errors.Join(err, database.Insert(db.Tx, pathPatternTable, changed...))
}
