package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

const (
	callers     = 16
	lapTime     = 200 * time.Millisecond // short, so that both sides meet the same weather
	sideTime    = 5 * time.Second        // what each side has in all
	warmTime    = 300 * time.Millisecond
	profileTime = 4 * time.Second
)

// need is what a row cannot be measured without.
type need int

const (
	needsNothing need = iota
	needsPocketBase
)

// pair is a row of two things that are asked in turn.
type pair struct {
	what, yardstick string
	goal            float64 // what the ratio of their rates should be, at least
	needs           need
	lap             time.Duration // lapTime if it is 0
	sides           func(b *bench) (ours, theirs *side, err error)
}

const (
	bareEcho = "bare Echo, same bytes"
	bareFile = "bare Echo, same file"
	pocket   = "PocketBase"
)

// pairs are the rows in which something is held against a yardstick.
func pairs() []pair {
	return []pair{
		besideBare("an article", "article"),
		besideBare("the newest 20", "list"),
		besideBare("a front of twelve collections", "front"),
		besideBare("20 of a section", "section"),
		besideBare("20 of a section by an author", "both"),
		besideBare("where an address leads", "resolve"),
		{
			what:      "an article the caller has: 304",
			yardstick: bareEcho,
			goal:      1.4,
			sides:     notModified,
		},
		{what: "an article, gzip", yardstick: bareEcho, goal: 1.4, sides: compressed},
		{
			what:      "a picture of 1,280 pixels that was made before",
			yardstick: bareFile,
			goal:      0.8,
			sides:     fileFromDisk,
		},
		{
			what:      "1,000 articles, one published each second",
			yardstick: "the same, none published",
			goal:      0.85,
			lap:       time.Second,
			sides:     whilePublishing,
		},
		besidePocketBase("an article", 20, articles(hot)),
		besidePocketBase("the newest 20", 55, list(hot, "", "", 1)),
		besidePocketBase("an article, cache off", 4, articles(cold)),
		besidePocketBase("the newest 20, cache off", 6, list(cold, "", "", 1)),
		besidePocketBase("20 of a tag, cache off", 20, list(cold, "tag=section-7", "section-7", 1)),
		besidePocketBase("20 of a tag that all have, 9,000 deep, cache off", 0,
			list(cold, "tag=common", "common", 451)),
		besidePocketBase("search, cache off", 0, searching),
		{
			what:      "writing a draft, 16 writers, each on the disk",
			yardstick: "PocketBase, not on the disk",
			goal:      1.0,
			needs:     needsPocketBase,
			sides:     writing,
		},
	}
}

// besideBare returns a row that is held against bare Echo, which answers with the same bytes.
func besideBare(what, bytes string) pair {
	return pair{what: what, yardstick: bareEcho, goal: 0.90, sides: againstBare(bytes)}
}

// besidePocketBase returns a row that is held against PocketBase; a goal of 0 is none.
func besidePocketBase(
	what string, goal float64, sides func(b *bench) (ours, theirs *side, err error),
) pair {
	return pair{what: what, yardstick: pocket, goal: goal, needs: needsPocketBase, sides: sides}
}

// which is one of our two servers.
type which func(b *bench) *server

func hot(b *bench) *server  { return b.hot }
func cold(b *bench) *server { return b.cold }

// asking is a side whose answers must keep the length they have at first.
func asking(s *server, requests ...request) (*side, error) {
	a := &side{server: s, callers: callers, requests: requests}
	return a, a.learn()
}

// both makes two sides.
func both(
	ours *server,
	requests []request,
	theirs *server,
	theirRequests []request,
) (*side, *side, error) {
	a, err := asking(ours, requests...)
	b, other := asking(theirs, theirRequests...)
	return a, b, errors.Join(err, other)
}

func againstBare(name string) func(b *bench) (*side, *side, error) {
	return func(b *bench) (*side, *side, error) {
		return both(b.hot, []request{get(bareBytes[name])}, b.bare, []request{get("/" + name)})
	}
}

func notModified(b *bench) (*side, *side, error) {
	_, header, err := b.hot.fetch(bareBytes["article"])
	if err != nil {
		return nil, nil, err
	}
	same := get(bareBytes["article"], "If-None-Match", header.Get("ETag"))
	same.status = http.StatusNotModified
	return both(b.hot, []request{same}, b.bare, []request{get("/article")})
}

func compressed(b *bench) (*side, *side, error) {
	_, header, err := b.hot.fetch(bareBytes["article"], "Accept-Encoding", "gzip")
	if err == nil && header.Get("Content-Encoding") != "gzip" {
		err = errors.New("the answer is not compressed")
	}
	if err != nil {
		return nil, nil, err
	}
	return both(
		b.hot,
		[]request{get(bareBytes["article"], "Accept-Encoding", "gzip")},
		b.bare,
		[]request{get("/article")},
	)
}

// slugs are n of the small newsroom's articles, of all ages.
func slugs(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("article-%d", i*(small/n)))
	}
	return all
}

// thousand are the calls for 1,000 articles.
func thousand() []request {
	var all []request
	for _, slug := range slugs(1000) {
		all = append(all, get("/v1/articles/"+slug))
	}
	return all
}

func whilePublishing(b *bench) (*side, *side, error) {
	ours, theirs, err := both(b.hot, thousand(), b.hot, thousand())
	if err != nil {
		return nil, nil, err
	}
	ours.beside = b.editor.publish
	return ours, theirs, nil
}

func articles(of which) func(b *bench) (*side, *side, error) {
	return func(b *bench) (*side, *side, error) {
		var theirs []request
		for _, slug := range slugs(1000) {
			theirs = append(theirs, pocketBase("slug='"+slug+"'", 1, 1, ""))
		}
		return both(of(b), thousand(), b.pocketBase, theirs)
	}
}

// list is for a page of 20, of all articles or those with a tag. PocketBase is told the tag's id,
// which is what it finds articles by fastest.
func list(of which, query, tag string, page int) func(b *bench) (*side, *side, error) {
	target := "/v1/articles?" + query
	if page > 1 {
		target += fmt.Sprintf("&page=%d", page)
	}
	return func(b *bench) (*side, *side, error) {
		filter := ""
		if tag != "" {
			id, err := b.pocketBase.tagID(tag)
			if err != nil {
				return nil, nil, err
			}
			filter = "tags~'" + id + "'"
		}
		return both(
			of(b),
			[]request{get(target)},
			b.pocketBase,
			[]request{pocketBase(filter, 20, page, pocketBaseRow)},
		)
	}
}

// searching is for words that some articles have, neither common nor rare.
func searching(b *bench) (*side, *side, error) {
	var ours, theirs []request
	for rank := range uint64(50) {
		w := word(1000 + rank*20)
		ours = append(ours, get("/v1/articles?q="+w))
		theirs = append(
			theirs,
			pocketBase(fmt.Sprintf("(title~'%s' || body~'%s')", w, w), 20, 1, pocketBaseRow),
		)
	}
	return both(b.cold, ours, b.pocketBase, theirs)
}

func writing(b *bench) (*side, *side, error) {
	token, err := b.pocketBase.signIn(
		"/api/collections/_superusers/auth-with-password",
		"token",
		map[string]string{"identity": staff, "password": password},
	)
	if err != nil {
		return nil, nil, err
	}
	names, tags := []string{"common", "section-7", "topic-7"}, []string{}
	for _, name := range names {
		id, err := b.pocketBase.tagID(name)
		if err != nil {
			return nil, nil, err
		}
		tags = append(tags, id)
	}
	ours := &side{
		server:  b.hot,
		callers: callers,
		next:    drafts("/v1/articles", b.editor.token, names, http.StatusCreated),
	}
	theirs := &side{
		server:  b.pocketBase,
		callers: callers,
		next:    drafts("/api/collections/articles/records", token, tags, http.StatusOK),
	}
	return ours, theirs, nil
}

// margin is the share of its goal that a figure must reach in the gate: wide, for machines are
// busy, but a server that has lost its cache is far below it.
const margin = 0.4

// result is what came of a row.
type result struct {
	what, yardstick string
	rate, other     float64 // answers a second, medians; the yardstick's is 0 where there is none
	ratio, byCPU    float64 // of the rates; of processor times, the other way round
	value           string  // what was measured where there is no ratio
	goal            string
	far             bool // from the goal, see margin
	err             error
}

// held measures a pair.
func (b *bench) held(p pair) *result {
	r := &result{what: p.what, yardstick: p.yardstick}
	if p.goal > 0 {
		r.goal = "≥ " + figure(p.goal)
	}
	ours, theirs, err := p.sides(b)
	if err == nil {
		err = errors.Join(inTurn(p, ours, theirs, r), b.profile(p, ours))
	}
	r.err = err
	r.far = err != nil || r.ratio < margin*p.goal
	b.say("%s", r)
	return r
}

// inTurn lets two sides run one after the other, many rounds long, and each round the other begins.
func inTurn(p pair, ours, theirs *side, r *result) error {
	length := p.lap
	if length == 0 {
		length = lapTime
	}
	sides, laps := []*side{ours, theirs}, [2][]*lap{}
	for _, s := range sides {
		if _, err := s.run(warmTime); err != nil {
			return err
		}
	}
	rounds := int(sideTime / length)
	for round := range rounds {
		for i := range sides {
			i = (i + round) % 2
			l, err := sides[i].run(length)
			if err = errors.Join(err, sides[i].server.forget()); err != nil {
				return err
			}
			laps[i] = append(laps[i], l)
		}
	}
	var ratios, byCPU []float64
	for i := range rounds {
		ratios = append(ratios, laps[0][i].rate()/laps[1][i].rate())
		if laps[0][i].cpu > 0 {
			byCPU = append(byCPU, float64(laps[1][i].each())/float64(laps[0][i].each()))
		}
	}
	r.ratio, r.byCPU = median(ratios), median(byCPU)
	r.rate, r.other = medianRate(laps[0]), medianRate(laps[1])
	return nil
}

// profile lets our side run once more, watched, if that is asked for.
func (b *bench) profile(p pair, ours *side) error {
	if b.profiles == "" {
		return nil
	}
	return ours.server.profiled(b.profileName(p.what+" "+p.yardstick), func() error {
		_, err := ours.run(profileTime)
		return err
	})
}

func medianRate(laps []*lap) float64 {
	var rates []float64
	for _, l := range laps {
		rates = append(rates, l.rate())
	}
	return median(rates)
}

// median is 0 of nothing.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}
