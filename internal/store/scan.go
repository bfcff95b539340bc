package store

import (
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// scanID reads an id; null is "".
func scanID(r *database.Row) cms.ID { return cms.ID(r.Text()) }

// scanIDs reads a list of ids, which is stored as JSON.
func scanIDs(r *database.Row) []cms.ID {
	text := strings.Trim(r.Text(), `[]"`)
	if text == "" {
		return nil
	}
	list := make([]cms.ID, 0, 1+strings.Count(text, ","))
	for id := range strings.SplitSeq(text, `","`) {
		list = append(list, cms.ID(id))
	}
	return list
}

// scanMaybeID reads an id, nil if it is null.
func scanMaybeID(r *database.Row) *cms.ID {
	if id := scanID(r); id != "" {
		return &id
	}
	return nil
}
