package store

import (
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// scanID reads an id; null is "".
func scanID(r *database.Row) cms.ID { return cms.ID(r.Text()) }
