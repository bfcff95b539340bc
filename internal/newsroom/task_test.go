package newsroom_test

import (
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// breakOff moves a part of the articles of a tag, as a process does that is killed then.
func breakOff(t *testing.T, k *testkit.Kit, from cms.ID, into *cms.ID) {
	t.Helper()
	err := k.Store.Write(t.Context(), func(db *store.DB) error {
		var target cms.ID
		if into != nil {
			target = *into
		}
		if _, err := db.MoveRefs(cms.TagNoun, from, target, 4); err != nil {
			return err
		}
		return db.AddTask(&store.Task{Kind: "move", Noun: "tag", Subject: &from, Target: into})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func doTasks(t *testing.T, k *testkit.Kit, want int) {
	t.Helper()
	if done, err := k.Newsroom.DoTasks(t.Context()); done != want || err != nil {
		t.Errorf("%d tasks are done, want %d; %v", done, want, err)
	}
}

func TestAMoveThatWasBrokenOffEndsByItself(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	call := newsroom.Call{Actor: cms.Actor{Role: cms.Editor}}
	tagged(t, k, call, 12, "Flood", "Dam")
	tagged(t, k, call, 2, "River", "Water")
	get := func(ref string) *cms.TagDetail {
		t.Helper()
		tag, _, err := k.Newsroom.Tags.Get(t.Context(), call.Actor, cms.LiveView, ref)
		if err != nil {
			t.Fatal(err)
		}
		return tag
	}
	river, latest := get("river").ID, cms.Precondition{Any: true}
	breakOff(t, k, get("flood").ID, &river)
	breakOff(t, k, get("dam").ID, nil)
	doTasks(t, k, 0) // whoever made the calls may be at it
	_, err := k.Newsroom.Tags.Merge(t.Context(), call, get("flood").ID, latest, "water")
	if !cms.Is(err, cms.WrongState) {
		t.Errorf("a tag that is being merged is merged elsewhere: %v", err)
	}
	err = k.Newsroom.Tags.Delete(t.Context(), call, get("flood").ID, latest)
	if !cms.Is(err, cms.WrongState) {
		t.Errorf("a tag that is being merged is deleted: %v", err)
	}
	// What it is merged into is merged itself before the task goes on.
	if _, err := k.Newsroom.Tags.Merge(t.Context(), call, river, latest, "water"); err != nil {
		t.Fatal(err)
	}
	k.Clock.Move(time.Minute)
	doTasks(t, k, 2)
	if got := get("flood"); got.Slug != "water" || got.ArticleCount != 7 {
		t.Errorf("the slug leads to %s, on %d live articles", got.Slug, got.ArticleCount)
	}
	if err := wantTagged(t, k, call, "water", 14, 7); err != nil {
		t.Error(err)
	}
	if err := wantTagged(t, k, call, "dam", 0, 0); err != nil {
		t.Error(err)
	}
	_, _, err = k.Newsroom.Tags.Get(t.Context(), call.Actor, cms.LiveView, "dam")
	if !cms.Is(err, cms.NotFound) {
		t.Errorf("the tag that was being deleted: %v", err)
	}
	doTasks(t, k, 0)
}

func TestAMoveIsDoneWhereItIsAskedForAgain(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	call := newsroom.Call{Actor: cms.Actor{Role: cms.Editor}}
	tagged(t, k, call, 12, "Flood", "River")
	latest := cms.Precondition{Any: true}
	ids := map[string]cms.ID{}
	for _, slug := range []string{"flood", "river"} {
		tag, _, err := k.Newsroom.Tags.Get(t.Context(), call.Actor, cms.LiveView, slug)
		if err != nil {
			t.Fatal(err)
		}
		ids[slug] = tag.ID
	}
	river := ids["river"]
	breakOff(t, k, ids["flood"], &river)
	if _, err := k.Newsroom.Tags.Merge(t.Context(), call, ids["flood"], latest, "river"); err != nil {
		t.Fatal(err)
	}
	k.Clock.Move(time.Minute)
	doTasks(t, k, 0)
	if err := wantTagged(t, k, call, "river", 12, 6); err != nil {
		t.Error(err)
	}
}
