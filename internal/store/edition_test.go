package store_test

import (
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// What readers saw at a time can be told later.
func TestAnEditionKeepsFromWhenUntilWhenItWasLive(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Published(nil).Text("id")
	path := "/v1/articles/" + id
	k.Clock.Move(time.Hour)
	k.As(cms.Editor, "PATCH", path).If("*").JSON(`{"title": "Second"}`).Want(200)
	k.Publish(id)
	k.Clock.Move(time.Hour)
	k.As(cms.Editor, "POST", path+"/withdraw").If("*").Want(200)
	k.Clock.Move(time.Hour)
	k.Publish(id)
	k.As(cms.Editor, "DELETE", path).If("*").Want(204)
	k.As(cms.Editor, "POST", path+"/restore").If("*").Want(200)
	k.Publish(id)
	hours := func(at time.Time) int { return int(at.Sub(testkit.Start).Hours()) }
	err := k.Store.Read(t.Context(), store.Internal, func(db *store.DB) error {
		const kept = "SELECT edition_at, coalesce(retired_at, edition_at), retired_at IS NULL AS live " +
			"FROM editions ORDER BY number"
		want := [][3]int{{0, 1, 0}, {1, 2, 0}, {3, 3, 0}, {3, 3, 1}}
		return db.Query(database.SQL(kept), func(r *database.Row) {
			got := [3]int{hours(r.Time()), hours(r.Time()), 0}
			if r.Flag() {
				got[2] = 1
			}
			if got != want[0] {
				t.Errorf("an edition is live %v, want %v", got, want[0])
			}
			want = want[1:]
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
