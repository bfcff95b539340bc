package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
)

// story is an article as its desk was told that it is.
type story struct {
	id, title, summary, slug string
	key                      string // of the call that made it
	tags, liveTags           []string
	version                  int
	live, edited             bool
	published                []int // the versions that publishing was acknowledged with
}

// desk is somebody at work over all servers of a fleet. Its stories are its own, so it knows what each must be; the
// tally belongs to all desks.
type desk struct {
	fleet          *fleet
	name           string
	dice           *rand.Rand
	token, refresh string
	stories        []*story
	tally          string // the id of the article whose summary all desks count up
	raised         int    // how often this desk was told that it had
	keys           int
	acknowledged   map[string]int // answers by kind of work
	again          int            // calls that had to be made more than once
	replayed       int            // those that had been done, though no answer came
}

// work is what a desk does, the more often the more often it stands here.
func (d *desk) work() []func() error {
	return []func() error{d.write, d.write, d.write, d.revise, d.revise, d.publish, d.publish, d.raise, d.read, d.list, d.renew}
}

// ask makes a call as this desk and counts what was acknowledged.
func (d *desk) ask(kind string, status int, c call) (answer, error) {
	c.token = d.token
	a, err := d.fleet.want(status, d.dice, c)
	d.count(kind, a)
	return a, err
}

func (d *desk) count(kind string, a answer) {
	d.acknowledged[kind]++
	if a.tries > 1 {
		d.again++
	}
	if a.header.Get("Idempotent-Replayed") == "true" {
		d.replayed++
	}
}

// key is an Idempotency-Key that was never used.
func (d *desk) key() string {
	d.keys++
	return fmt.Sprintf("%s-%d", d.name, d.keys)
}

func (d *desk) signIn() (err error) {
	d.token, d.refresh, err = d.fleet.signIn(d.dice)
	d.acknowledged["sign in"]++
	return err
}

// write makes an article. Its title says which it is.
func (d *desk) write() error {
	s := &story{title: fmt.Sprintf("Desk %s story %d", d.name, len(d.stories)), summary: "as written", tags: d.tags(), key: d.key()}
	a, err := d.ask("write", http.StatusCreated, s.writing())
	if err != nil {
		return err
	}
	s.id, s.slug, s.version = a.text("id"), a.text("slug"), a.number("version")
	d.stories = append(d.stories, s)
	return s.compare(a)
}

// writing is the call that makes the article.
func (s *story) writing() call {
	return call{method: "POST", path: "/v1/articles?create_tags=true", key: s.key, body: map[string]any{
		"title": s.title, "summary": "as written", "tags": s.tags,
	}}
}

// tags are some of the few there are: desks make them at the same time.
func (d *desk) tags() []string {
	tags := []string{}
	for _, n := range d.dice.Perm(6)[:d.dice.IntN(4)] {
		tags = append(tags, "tag-"+strconv.Itoa(n))
	}
	return tags
}

// any is one of the desk's stories, made if there is none.
func (d *desk) any() (*story, error) {
	if len(d.stories) == 0 {
		if err := d.write(); err != nil {
			return nil, err
		}
	}
	return d.stories[d.dice.IntN(len(d.stories))], nil
}

// revise changes a summary.
func (d *desk) revise() error {
	s, err := d.any()
	if err != nil {
		return err
	}
	key := d.key()
	s.summary, s.edited = "revised by "+key, true
	return d.change("revise", s, true, call{
		method: "PATCH", path: "/v1/articles/" + s.id, key: key, body: map[string]any{"summary": s.summary},
	})
}

// publish shows a story to readers. One that they see as it is stays as it is.
func (d *desk) publish() error {
	s, err := d.any()
	if err != nil {
		return err
	}
	due := !s.live || s.edited
	err = d.change("publish", s, due, call{method: "POST", path: "/v1/articles/" + s.id + "/publish", key: d.key()})
	s.live, s.edited, s.liveTags = true, false, s.tags
	if due {
		s.published = append(s.published, s.version)
	}
	return err
}

// change makes a call about the present version of a story, which raises the version by one if it is to change anything.
func (d *desk) change(kind string, s *story, due bool, c call) error {
	c.match = fmt.Sprintf(`"%d"`, s.version)
	a, err := d.ask(kind, http.StatusOK, c)
	if err != nil {
		return err
	}
	if due {
		s.version++
	}
	return s.compare(a)
}

// compare holds a story against what a server says of it.
func (s *story) compare(a answer) error {
	tags := []string{}
	list, _ := a.body["tags"].([]any)
	for _, tag := range list {
		ref, _ := tag.(map[string]any)
		slug, _ := ref["slug"].(string)
		tags = append(tags, slug)
	}
	got := fmt.Sprint(a.text("id"), a.text("title"), a.text("summary"), a.text("slug"), a.number("version"), tags)
	if want := fmt.Sprint(s.id, s.title, s.summary, s.slug, s.version, s.tags); got != want {
		return fmt.Errorf("an article is %s where %s was acknowledged", got, want)
	}
	return nil
}

// read reads a story back, most likely from another server than the one that changed it.
func (d *desk) read() error {
	s, err := d.any()
	if err != nil {
		return err
	}
	a, err := d.ask("read", http.StatusOK, call{method: "GET", path: "/v1/articles/" + s.id + "?view=draft"})
	if err != nil {
		return err
	}
	return s.compare(a)
}

// list reads what readers see.
func (d *desk) list() error {
	_, err := d.ask("list", http.StatusOK, call{method: "GET", path: "/v1/articles?limit=50"})
	return err
}

// raise counts the tally up by one, again and again until no other desk was quicker.
func (d *desk) raise() error {
	path := "/v1/articles/" + d.tally
	for {
		a, err := d.ask("read", http.StatusOK, call{method: "GET", path: path + "?view=draft"})
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(a.text("summary"))
		if err != nil {
			return err
		}
		a, err = d.fleet.ask(d.dice, call{
			method: "PATCH", path: path, token: d.token, key: d.key(), match: a.header.Get("ETag"), body: map[string]any{"summary": strconv.Itoa(n + 1)},
		})
		switch {
		case err != nil:
			return err
		case a.status == http.StatusOK:
			d.count("raise", a)
			d.raised++
			return nil
		case a.status != http.StatusPreconditionFailed:
			return fmt.Errorf("counting up: %d %v", a.status, a.body)
		}
	}
}

// renew spends the refresh token, and now and then signs in. If the answer was lost the token may have been spent, and
// asking again ends the session.
func (d *desk) renew() error {
	if d.dice.IntN(4) == 0 {
		return d.signIn()
	}
	a, err := d.fleet.ask(d.dice, call{method: "POST", path: "/v1/auth/refresh", body: map[string]string{"refresh_token": d.refresh}})
	switch {
	case err != nil:
		return err
	case a.status == http.StatusOK:
		d.count("refresh", a)
		d.token, d.refresh = "Bearer "+a.text("access_token"), a.text("refresh_token")
		return nil
	case a.status == http.StatusUnauthorized && a.tries > 1:
		return d.signIn()
	}
	return fmt.Errorf("a refresh token that was never used: try %d, %d %v", a.tries, a.status, a.body)
}
