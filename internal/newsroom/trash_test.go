package newsroom_test

import (
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

func keeping(r newsroom.Retention) testkit.Change {
	return func(o *newsroom.Options, _ *api.Options) { o.Retention = r }
}

func TestTheTrashIsEmptiedOfWhatIsOld(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	k := testkit.New(t, keeping(newsroom.Retention{Trash: 30 * day}))
	trashed := func() string {
		id := k.Published(nil).Text("id")
		k.As(cms.Editor, "DELETE", "/v1/articles/"+id).If("*").Want(204)
		return id
	}
	old, restored := trashed(), trashed()
	k.Clock.Move(20 * day)
	young := trashed()
	k.As(cms.Editor, "POST", "/v1/articles/"+restored+"/restore").If("*").Want(200)
	k.Clock.Move(10*day + time.Second)
	if n, err := k.Newsroom.EmptyTrash(t.Context()); n != 1 || err != nil {
		t.Errorf("deleted are %d, %v, want the oldest", n, err)
	}
	k.As(cms.Editor, "GET", "/v1/articles/"+old+"?view=draft").Want(404)
	for _, id := range []string{restored, young} {
		k.As(cms.Editor, "GET", "/v1/articles/"+id+"?view=draft").Want(200)
	}
	last := k.As(cms.Admin, "GET", "/v1/events?limit=1&subject="+old).Want(200)
	if last.Text("data.0.verb") != "article.purged" || last.Text("data.0.origin") != "server" || last.Field("data.0.actor") != nil {
		t.Errorf("the event is %s", last.Body)
	}
	if n, err := k.Newsroom.EmptyTrash(t.Context()); n != 0 || err != nil {
		t.Errorf("once more: %d, %v", n, err)
	}
}

func TestTheTrashIsKeptForEverIfSoSaid(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(nil).Text("id")
	k.As(cms.Editor, "DELETE", "/v1/articles/"+id).If("*").Want(204)
	k.Clock.Move(100 * 365 * 24 * time.Hour)
	if n, err := k.Newsroom.EmptyTrash(t.Context()); n != 0 || err != nil {
		t.Errorf("deleted are %d, %v", n, err)
	}
}

func TestOldEventsLoseTheirDetailsAndTheChainHolds(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, keeping(newsroom.Retention{EventDetails: time.Hour}))
	k.As(cms.Editor, "POST", "/v1/tags").JSON(`{"name": "Old"}`).Want(201)
	k.Clock.Move(2 * time.Hour)
	k.As(cms.Editor, "POST", "/v1/tags").JSON(`{"name": "New"}`).Want(201)
	if n, err := k.Newsroom.EraseOldEventDetails(t.Context()); n == 0 || err != nil {
		t.Errorf("erased are %d, %v", n, err)
	}
	r := k.As(cms.Admin, "GET", "/v1/events?verb=tag.created&include=values").Want(200)
	if body := string(r.Body); strings.Contains(body, "Old") || !strings.Contains(body, "New") {
		t.Errorf("events say %s", body)
	}
	check, err := k.Store.CheckEvents(t.Context(), "")
	if err != nil || len(check.Faults) > 0 || check.Erased == 0 {
		t.Errorf("the chain: %+v, %v", check, err)
	}
}
