package api

import (
	"time"

	"github.com/masthead-cms/masthead/cmd/openapigen/testdata/news/internal/cms"
)

type articleListParams struct {
	statusParams
	// Only those of this form.
	Type cms.Kind `query:"type"`
	// How many rows at most.
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"20" example:"10"`
	// The order of the rows.
	Sort string `query:"sort" enums:"title,-title" default:"title"`
	// Which side.
	View cms.View `query:"view"`
	// Not older.
	Since *time.Time `query:"since" form:"time"`
	// Only these.
	IDs []string `query:"id" format:"uuid"`
	// Only those with them.
	Words string `query:"words"`
}

type statusParams struct {
	// Only those of these stations.
	Statuses []cms.Status `query:"status" example:"draft,published"`
}
