package store

import (
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// scanID reads an id; null is "".
func scanID(r *database.Row) cms.ID { return cms.ID(r.Text()) }

// idsColumn is the column of a list of ids, which is stored as JSON.
func idsColumn[T any](name string, field func(*T) *[]cms.ID) database.Column[T] {
	scan := func(r *database.Row, to *T) { *field(to) = splitIDs(r.Text()) }
	return database.Field(name, scan, func(from *T) any {
		return joinIDs(*field(from))
	})
}

// joinIDs writes a list of ids as JSON.
func joinIDs(ids []cms.ID) string {
	if len(ids) == 0 {
		return "[]"
	}
	size := len(`[]`)
	for _, id := range ids {
		size += len(id) + len(`"",`)
	}
	list := append(make([]byte, 0, size), '[')
	for _, id := range ids {
		list = append(append(append(list, '"'), id...), `",`...)
	}
	list[len(list)-1] = ']'
	return string(list)
}

// splitIDs reads a list of ids from JSON, in which none of their characters is escaped.
func splitIDs(text string) []cms.ID {
	text = strings.Trim(text, `[]"`)
	if text == "" {
		return nil
	}
	list := make([]cms.ID, 0, 1+strings.Count(text, ","))
	for id := range strings.SplitSeq(text, `","`) {
		list = append(list, cms.ID(id))
	}
	return list
}
