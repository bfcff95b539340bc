package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	strangers = 100 // anonymous callers with the worst questions
	fairPause = 10 * time.Millisecond
	fairTime  = 15 * time.Second
)

// worst are questions that cost a server as much as a caller can make them: the beginnings of the
// commonest words, excluded tags, counts and orders that go through everything.
func (b *bench) worst() []request {
	var prefixes, without, tags []string
	for i := range uint64(16) {
		prefixes = append(prefixes, word(i)[:2]+"*")
		without = append(without, "-"+word(i))
	}
	for i := range 100 {
		tags = append(tags, fmt.Sprintf("topic-%d", i))
	}
	var list []request
	for _, query := range []string{
		"count=exact&facets=tag,month&q=" + url.QueryEscape(strings.Join(prefixes, " ")),
		"count=exact&q=" + url.QueryEscape(word(0)+" "+strings.Join(without, " ")),
		"count=exact&facets=tag,month,type&tag_none=" + strings.Join(tags, ","),
		"count=exact&sort=title&filter=" + url.QueryEscape("NOT title:zzz AND NOT summary:zzz"),
		"page=100&limit=100&include=body",
	} {
		list = append(list, get("/v1/articles?"+query))
	}
	return list
}

// fairSide is what one kind of caller asks for, at a steady pace, while strangers ask the worst.
type fairSide struct {
	what string
	goal float64 // how many times slower than in quiet it may be
	side *side
}

// fairSides are the callers that nobody may hold up.
func (b *bench) fairSides(s *server) ([]fairSide, error) {
	e, err := openEditor(s)
	if err != nil {
		return nil, err
	}
	authorization := []string{"Authorization", "Bearer " + e.token}
	hot := get("/v1/articles/article-1")
	n := 0
	each := func() request { // never the same again
		n++
		return get(fmt.Sprintf("/v1/articles/article-%d", (n*7919)%b.large))
	}
	working := get("/v1/articles?view=draft", authorization...)
	save := drafts("/v1/articles", e.token, nil, http.StatusCreated)
	return []fairSide{
		{"a cached article", 3, &side{server: s, callers: 1, requests: []request{hot}}},
		{"an article from the database", 5, &side{server: s, callers: 1, next: each}},
		{"the newest drafts", 5, &side{server: s, callers: 1, requests: []request{working}}},
		{"saving a draft", 5, &side{server: s, callers: 1, next: save}},
		{"/readyz", 5, &side{server: s, callers: 1, requests: []request{get("/readyz")}}},
	}, nil
}

// fairness measures how much slower others are answered while strangers ask the worst questions.
func (b *bench) fairness(data string, env ...string) ([]*result, error) {
	s, err := b.started(masthead{b.program, data}.serve(b.dir, "fair", env...))
	if err != nil {
		return nil, err
	}
	defer s.stop()
	sides, err := b.fairSides(s)
	if err != nil {
		return nil, err
	}
	if _, err := atPace(sides, warmTime*10); err != nil {
		return nil, err
	}
	quiet, err := atPace(sides, fairTime)
	if err != nil {
		return nil, err
	}
	answered, stop := b.besiege(s)
	loud, err := atPace(sides, fairTime)
	statuses := stop()
	if err = errors.Join(err, answered()); err != nil {
		return nil, fmt.Errorf("while %d strangers ask: %w", strangers, err)
	}
	b.say("%d strangers were answered: %v", strangers, statuses)
	var results []*result
	for i, side := range sides {
		was, is := quiet[i].slowest(0.01), loud[i].slowest(0.01)
		ratio := float64(is) / float64(was)
		r := &result{
			what: fmt.Sprintf("%s, 99 of 100, while %d strangers ask the worst of %s articles",
				side.what, strangers, thousands(b.large)),
			value: fmt.Sprintf("%.1f times quiet (%s, quiet %s)", ratio,
				is.Round(10*time.Microsecond), was.Round(10*time.Microsecond)),
			goal: fmt.Sprintf("≤ %.0f times", side.goal),
			far:  ratio > 2*side.goal,
		}
		b.say("%s", r)
		results = append(results, r)
	}
	return results, nil
}

// onlyFairness measures nothing else.
func (b *bench) onlyFairness() (results []*result, err error) {
	b.imported = map[int]time.Duration{}
	if b.keep == "" {
		b.keep = b.dir
	}
	if b.program, err = buildMasthead(b.dir, false); err != nil {
		return nil, err
	}
	data, err := b.newsroom(b.large)
	if err != nil {
		return nil, err
	}
	return b.fairness(data)
}

// atPace lets every side ask once each fairPause for a while. An answer that is not as it must be is
// an error.
func atPace(sides []fairSide, length time.Duration) ([]*lap, error) {
	laps, errs := make([]*lap, len(sides)), make([]error, len(sides))
	var all sync.WaitGroup
	end := time.Now().Add(length)
	for i, f := range sides {
		laps[i] = &lap{}
		all.Go(func() {
			c, err := call(f.side.server.addr)
			if err != nil {
				errs[i] = err
				return
			}
			defer c.conn.Close()
			next := 0
			errs[i] = every(fairPause, end, func() error {
				r := f.side.request(&next)
				asked := time.Now()
				_, err := c.ask(r)
				laps[i].waits = append(laps[i].waits, time.Since(asked))
				return err
			})
		})
	}
	all.Wait()
	return laps, errors.Join(errs...)
}

// besiege lets strangers ask the worst questions over and over until stop is called, which returns
// how often each status came. Failed returns what went wrong on the way.
func (b *bench) besiege(s *server) (failed func() error, stop func() map[int]int) {
	var mu sync.Mutex
	var errs []error
	var all sync.WaitGroup
	statuses, over := map[int]int{}, make(chan struct{})
	questions := b.worst()
	for i := range strangers {
		all.Go(func() {
			c, err := call(s.addr)
			if err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
				return
			}
			defer c.conn.Close()
			for n := i; ; n++ {
				select {
				case <-over:
					return
				default:
				}
				status, err := c.status(&questions[n%len(questions)])
				mu.Lock()
				statuses[status]++
				if err != nil {
					errs = append(errs, err)
					mu.Unlock()
					return
				}
				mu.Unlock()
			}
		})
	}
	time.Sleep(time.Second) // until all of them ask
	return func() error { return errors.Join(slices.Clip(errs)...) },
		func() map[int]int { close(over); all.Wait(); return statuses }
}

// status sends a request and reads its answer away, whatever its status.
func (c *caller) status(r *request) (int, error) {
	if _, err := c.conn.Write(r.raw); err != nil {
		return 0, err
	}
	status, length, err := c.head()
	if err != nil {
		return 0, err
	}
	if length == anyLength {
		_, err = c.chunks()
	} else {
		_, err = c.in.Discard(length)
	}
	return status, err
}
