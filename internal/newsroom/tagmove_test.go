package newsroom_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// tagged makes drafts with a tag, and publishes every other one.
func tagged(t *testing.T, k *testkit.Kit, call newsroom.Call, n int, tags ...string) {
	t.Helper()
	for i := range n {
		title := fmt.Sprintf("%s %d", tags[0], i)
		input := cms.ArticleInput{
			ArticleDetails: cms.ArticleDetails{Title: title, Type: cms.News},
			BodyFormat:     cms.Markdown,
			Refs:           cms.RefInputs(cms.TagNoun, tags),
		}
		story, err := k.Newsroom.Write(t.Context(), call, input, true)
		if err == nil && i%2 == 0 {
			latest := cms.Precondition{Any: true}
			_, err = k.Newsroom.Publish(t.Context(), call, story.ID(), latest)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// leaveAfter returns a context that ends when a tag is on some live article.
func leaveAfter(t *testing.T, k *testkit.Kit, call newsroom.Call, tag string) context.Context {
	ctx, leave := context.WithCancel(t.Context())
	go func() {
		defer leave()
		for {
			into, _, err := k.Newsroom.Tags.Get(t.Context(), call.Actor, cms.LiveView, tag)
			if err != nil || into.ArticleCount > 0 {
				return
			}
		}
	}()
	return ctx
}

func TestALargeTagIsMergedInSlices(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	call := newsroom.Call{Actor: cms.Actor{Role: cms.Editor}}
	tagged(t, k, call, 620, "Flood")
	tagged(t, k, call, 10, "Flood", "Water")
	get := func(ref string) *cms.TagDetail {
		t.Helper()
		tag, _, err := k.Newsroom.Tags.Get(t.Context(), call.Actor, cms.LiveView, ref)
		if err != nil {
			t.Fatal(err)
		}
		return tag
	}
	if _, err := k.Newsroom.Tags.Create(t.Context(), call, cms.TagInput{Name: "River"}); err != nil {
		t.Fatal(err)
	}
	from, match := get("flood"), cms.Precondition{Any: true}
	_, err := k.Newsroom.Tags.Merge(leaveAfter(t, k, call, "river"), call, from.ID, match, "river")
	if err != nil { // it was left halfway, unless it was quicker
		if n := get("flood").ArticleCount + get("river").ArticleCount; n != 315 {
			t.Errorf("halfway the tags are on %d live articles together", n)
		}
		if _, err = k.Newsroom.Tags.Merge(t.Context(), call, from.ID, match, "river"); err != nil {
			t.Fatal(err)
		}
	}
	if got := get("flood"); got.Slug != "river" || got.ArticleCount != 315 {
		t.Errorf("the tag's slug leads to %s, on %d articles", got.Slug, got.ArticleCount)
	}
	if err := wantTagged(t, k, call, "river", 630, 315); err != nil {
		t.Error(err)
	}
	if _, err := k.Newsroom.Tags.Merge(t.Context(), call, get("river").ID, match, "water"); err != nil {
		t.Fatal(err)
	}
	if err := wantTagged(t, k, call, "water", 630, 315); err != nil {
		t.Error(err)
	}
	if err := k.Newsroom.Tags.Delete(t.Context(), call, get("water").ID, match); err != nil {
		t.Fatal(err)
	}
	if err := wantTagged(t, k, call, "water", 0, 0); err != nil {
		t.Error(err)
	}
}

// wantTagged holds how many working copies and live articles carry a tag.
func wantTagged(
	t *testing.T, k *testkit.Kit, call newsroom.Call, tag string, drafts, live int64,
) error {
	for view, want := range map[cms.View]int64{cms.DraftView: drafts, cms.LiveView: live} {
		q := cms.ArticleQuery{
			View: view, Refs: []cms.RefCondition{
				{Noun: cms.TagNoun, Refs: []string{tag}},
				{Noun: cms.TagNoun, Refs: []string{"none"}, Not: true},
			},
			Sort: cms.Sort{By: "updated_at"}, Page: cms.PageRequest{Limit: 1, Count: true},
		}
		list, err := k.Newsroom.Articles(t.Context(), call.Actor, q)
		if err != nil {
			return err
		}
		if list.Total != want {
			return fmt.Errorf("%s view: %d articles carry %s, want %d", view, list.Total, tag, want)
		}
	}
	return nil
}
