package main

import (
	"context"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// This file holds what is in the database against what desks were told.

// event is a row of the events.
type event struct {
	Seq           int64
	Verb, Subject string
	Version       int
}

const eventsAfter = "SELECT seq, verb, subject::text, version FROM events WHERE seq > $1 ORDER BY seq"

// followEvents reads events as they come, always those behind the last it has seen. What it answers stops it and tells
// what it saw.
func followEvents(t *testing.T, database string) (stop func() []event) {
	t.Helper()
	conn := postgres(t, database)
	var seen []event
	more := func() error {
		last := int64(0)
		if len(seen) > 0 {
			last = seen[len(seen)-1].Seq
		}
		got, err := conn.Query(context.Background(), eventsAfter, last)
		if err != nil {
			return err
		}
		fresh, err := pgx.CollectRows(got, pgx.RowToStructByPos[event])
		seen = append(seen, fresh...)
		return err
	}
	end, ended := make(chan bool), make(chan error, 1)
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			if err := more(); err != nil {
				ended <- err
				return
			}
			select {
			case <-end:
				ended <- more()
				return
			case <-tick.C:
			}
		}
	}()
	return func() []event {
		t.Helper()
		close(end)
		if err := <-ended; err != nil {
			t.Errorf("reading events as they come: %v", err)
		}
		return seen
	}
}

// wantArticles wants exactly the articles that were acknowledged, as they were acknowledged.
func wantArticles(t *testing.T, all []*desk) {
	t.Helper()
	want, raised := map[string]*story{}, 0
	for _, d := range all {
		raised += d.raised
		for _, s := range d.stories {
			want[s.id] = s
		}
	}
	slugs, titles := map[string]bool{}, map[string]bool{}
	for path := "/v1/articles?view=draft&limit=100"; path != ""; {
		page, err := all[0].ask("list", http.StatusOK, call{method: "GET", path: path})
		if err != nil {
			t.Fatal(err)
		}
		list, _ := page.body["data"].([]any)
		for _, row := range list {
			a := answer{body: row.(map[string]any)}
			if slugs[a.text("slug")] || titles[a.text("title")] {
				t.Errorf("the article %q (%s) is there twice", a.text("title"), a.text("slug"))
			}
			slugs[a.text("slug")], titles[a.text("title")] = true, true
			s := want[a.text("id")]
			delete(want, a.text("id"))
			switch {
			case a.text("id") == all[0].tally:
				if a.text("summary") != strconv.Itoa(raised) || a.number("version") != raised+1 {
					t.Errorf("the tally is %s in version %d after counting up %d times", a.text("summary"), a.number("version"), raised)
				}
			case s == nil:
				t.Errorf("nobody was told of the article %q", a.text("title"))
			default:
				if err := s.compare(a); err != nil {
					t.Error(err)
				}
			}
		}
		path = ""
		if cursor, ok := page.body["page"].(map[string]any)["next"].(string); ok {
			path = "/v1/articles?view=draft&limit=100&cursor=" + cursor
		}
	}
	for _, s := range want {
		t.Errorf("the article %q was acknowledged and is lost", s.title)
	}
}

// wantTags wants each tag once and its count of live articles to be what the desks know and what a list counts.
func wantTags(t *testing.T, f *fleet, dice *rand.Rand, all []*desk) {
	t.Helper()
	live := map[string]int{}
	for _, d := range all {
		for _, s := range d.stories {
			for _, tag := range s.tags {
				live[tag] += 0
			}
			for _, tag := range s.liveTags {
				live[tag]++
			}
		}
	}
	tags, err := f.want(http.StatusOK, dice, call{method: "GET", path: "/v1/tags?limit=100"})
	if err != nil {
		t.Fatal(err)
	}
	list, _ := tags.body["data"].([]any)
	counts := map[string]int{}
	for _, row := range list {
		tag := answer{body: row.(map[string]any)}
		slug := tag.text("slug")
		counts[slug] = tag.number("article_count")
		recount, err := f.want(http.StatusOK, dice, call{method: "GET", path: "/v1/articles?limit=1&count=exact&tag=" + slug})
		if err != nil {
			t.Fatal(err)
		}
		if n := (answer{body: recount.body["page"].(map[string]any)}).number("total"); n != counts[slug] {
			t.Errorf("%s counts %d articles and a list has %d", slug, counts[slug], n)
		}
	}
	if len(counts) != len(list) || !maps.Equal(counts, live) {
		t.Errorf("the tags count %v in %d rows; published were %v", counts, len(list), live)
	}
}

// wantEvents wants one event for each version of each article, and the reader that followed to have seen every event.
func wantEvents(t *testing.T, f *fleet, all []*desk, followed []event) {
	t.Helper()
	events := rows[event](t, postgres(t, f.database), eventsAfter, 0)
	if !slices.Equal(events, followed) {
		t.Errorf("a reader that followed saw %d events, and there are %d", len(followed), len(events))
	}
	of, tags, signedIn := map[string][]event{}, map[string]int{}, 0
	for _, e := range events {
		switch {
		case e.Verb == "tag.created":
			tags[e.Subject]++
		case e.Verb == "user.signed_in":
			signedIn++
		default:
			of[e.Subject] = append(of[e.Subject], e)
		}
	}
	wanted := 0
	for _, d := range all {
		wanted += d.acknowledged["sign in"]
		for _, s := range d.stories {
			wantHistory(t, s, of[s.id])
		}
	}
	if signedIn < wanted {
		t.Errorf("%d sign-ins were acknowledged and %d have an event", wanted, signedIn)
	}
	for id, n := range tags {
		if n != 1 {
			t.Errorf("the tag %s was made %d times", id, n)
		}
	}
}

// wantHistory wants the events of a story: made once, one for each version, published when that was acknowledged.
func wantHistory(t *testing.T, s *story, events []event) {
	t.Helper()
	if len(events) != s.version {
		t.Errorf("%q is at version %d and has %d events: %v", s.title, s.version, len(events), events)
		return
	}
	for i, e := range events {
		verb := "article.revised"
		if i == 0 {
			verb = "article.created"
		} else if slices.Contains(s.published, e.Version) {
			verb = "article.published"
		}
		if e.Version != i+1 || e.Verb != verb {
			t.Errorf("%q: event %d is %s of version %d, want %s", s.title, i+1, e.Verb, e.Version, verb)
		}
	}
}

// wantKept makes calls that were answered again, on each server: the answer is the one given then.
func wantKept(t *testing.T, f *fleet, all []*desk) {
	t.Helper()
	for _, d := range all {
		for i, s := range d.stories {
			c := s.writing()
			c.token = d.token
			a, err := f.try(f.servers[i%len(f.servers)], c)
			if err != nil || a.status != http.StatusCreated || a.text("id") != s.id || a.header.Get("Idempotent-Replayed") != "true" {
				t.Errorf("%q was made again: %d %v %v", s.title, a.status, a.body, err)
			}
		}
	}
}
