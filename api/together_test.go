package api_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// atOnce has as many editors at work at once as share a commit, and more.
func atOnce(work func(i int)) {
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() { work(i) })
	}
	all.Wait()
}

func patch(k *testkit.Kit, id, etag, body string) *testkit.Response {
	return k.As(cms.Editor, "PATCH", "/v1/articles/"+id).If(etag).Header("Content-Type", "application/merge-patch+json").JSON(body).Do()
}

func TestManyEditorsAtOnceEachHaveTheirOwnWay(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	k.Token(cms.Editor)
	atOnce(func(i int) {
		made := k.As(cms.Editor, "POST", "/v1/articles").JSON(fmt.Sprintf(`{"title": "Article %d"}`, i)).Do()
		if made.Status != 201 {
			t.Errorf("article %d: %d %s", i, made.Status, made.Body)
			return
		}
		id := made.Text("id")
		changed := patch(k, id, made.ETag(), fmt.Sprintf(`{"summary": "Of %d"}`, i))
		if changed.Status != 200 || changed.Field("version") != 2.0 || changed.Text("summary") != fmt.Sprintf("Of %d", i) {
			t.Errorf("change of %d: %d %s", i, changed.Status, changed.Body)
		}
		if stale := patch(k, id, made.ETag(), `{"summary": "Late"}`); stale.Status != 412 {
			t.Errorf("late change of %d: %d %s", i, stale.Status, stale.Body)
		}
		if out := k.As(cms.Editor, "POST", "/v1/articles/"+id+"/publish").If(changed.ETag()).Do(); out.Status != 200 || out.Field("version") != 3.0 {
			t.Errorf("publication of %d: %d %s", i, out.Status, out.Body)
		}
	})
	if n := k.Public("GET", "/v1/articles?count=exact&limit=1").Want(200).Field("page.total"); n != 64.0 {
		t.Errorf("%v articles are live", n)
	}
	if n := len(k.Public("GET", "/v1/articles?q=article&limit=100").Want(200).List("data")); n != 64 {
		t.Errorf("%v articles are found", n)
	}
}

func TestOfManyWhoChangeOneVersionOneSucceeds(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	made := k.Draft(nil)
	id, winner := made.Text("id"), atomic.Int64{}
	winner.Store(-1)
	atOnce(func(i int) {
		switch r := patch(k, id, made.ETag(), fmt.Sprintf(`{"summary": "Of %d"}`, i)); r.Status {
		case 200:
			if other := winner.Swap(int64(i)); other >= 0 {
				t.Errorf("both %d and %d changed version 1", other, i)
			}
		case 412:
		default:
			t.Errorf("change %d: %d %s", i, r.Status, r.Body)
		}
	})
	now := k.As(cms.Editor, "GET", "/v1/articles/"+id+"?view=draft").Want(200)
	if now.Field("version") != 2.0 || now.Text("summary") != fmt.Sprintf("Of %d", winner.Load()) {
		t.Errorf("%d was told of success, and there is %s", winner.Load(), now.Body)
	}
}
