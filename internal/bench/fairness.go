package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	strangers = 100 // anonymous callers with the worst questions
	fairPause = 10 * time.Millisecond
	fairTime  = 15 * time.Second
)

// worst are questions that cost a server as much as a caller can make them: the beginnings of the
// commonest words, excluded tags, counts and orders that go through everything. Each is followed by
// a condition with a number, so that no answer serves twice.
func (b *bench) worst() []string {
	var prefixes, without, tags []string
	for i := range uint64(16) {
		prefixes = append(prefixes, word(i)[:2]+"*")
		without = append(without, "-"+word(i))
	}
	for i := range 100 {
		tags = append(tags, fmt.Sprintf("topic-%d", i))
	}
	return []string{
		"count=exact&facets=tag,month&q=" + url.QueryEscape(strings.Join(prefixes, " ")),
		"count=exact&q=" + url.QueryEscape(word(0)+" "+strings.Join(without, " ")),
		"count=exact&facets=tag,month,type&tag_none=" + strings.Join(tags, ","),
		"count=exact&sort=title&filter=" + url.QueryEscape("NOT title:zzz AND NOT summary:zzz"),
		"page=100&limit=100&include=body",
	}
}

// fairSide is what one kind of caller asks for, at a steady pace, while strangers ask the worst.
type fairSide struct {
	what string
	goal float64 // how many times slower than in quiet it may be; 0: there is no goal
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
	n, m := 0, 0
	each := func() request { // never the same again
		n++
		return get(fmt.Sprintf("/v1/articles/article-%d", (n*7919)%b.large))
	}
	short := func() request { // two rare words
		m++
		return get(fmt.Sprintf("/v1/articles?limit=1&q=%s+%s", word(5000+uint64(m)), word(3000)))
	}
	working := get("/v1/articles?view=draft", authorization...)
	save := drafts("/v1/articles", e.token, nil, http.StatusCreated)
	return []fairSide{
		{"a cached article", 3, &side{server: s, callers: 1, requests: []request{hot}}},
		{"an article from the database", 5, &side{server: s, callers: 1, next: each}},
		{"the newest drafts", 5, &side{server: s, callers: 1, requests: []request{working}}},
		{"saving a draft", 5, &side{server: s, callers: 1, next: save}},
		{"/readyz", 5, &side{server: s, callers: 1, requests: []request{get("/readyz")}}},
		// The last: strangers with many addresses leave no place for it.
		{"a short question", 0, &side{server: s, callers: 1, next: short}},
	}, nil
}

// fairness measures how much slower others are answered while strangers ask the worst questions,
// each from an address of its own, and then all from one.
func (b *bench) fairness(data string, env ...string) ([]*result, error) {
	env = append(env, "MASTHEAD_TRUSTED_PROXIES=127.0.0.1/32")
	s, err := b.started(b.masthead(data).serve(b.dir, "fair", env...))
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
	several, err := b.besieged(s, sides[:len(sides)-1], quiet, strangers)
	if err != nil {
		return nil, err
	}
	one, err := b.besieged(s, sides, quiet, 1)
	return append(several, one...), err
}

// besieged measures how others fare while strangers ask from some addresses.
func (b *bench) besieged(
	s *server, sides []fairSide, quiet []*lap, addresses int,
) ([]*result, error) {
	answered, stop := b.besiege(s, addresses)
	loud, err := atPace(sides, fairTime)
	statuses := stop()
	if err = errors.Join(err, answered()); err != nil {
		return nil, fmt.Errorf("while strangers ask from %d addresses: %w", addresses, err)
	}
	b.say("%d strangers with %d addresses were answered: %v", strangers, addresses, statuses)
	var results []*result
	for i, side := range sides {
		was, is := quiet[i].slowest(0.01), loud[i].slowest(0.01)
		ratio := float64(is) / float64(was)
		r := &result{
			what: fmt.Sprintf(
				"%s, 99 of 100, while %d strangers with %d addresses ask the worst of %s articles",
				side.what, strangers, addresses, thousands(b.large)),
			value: fmt.Sprintf("%.1f times quiet (%s, quiet %s)", ratio,
				is.Round(10*time.Microsecond), was.Round(10*time.Microsecond)),
		}
		if side.goal > 0 {
			r.goal = fmt.Sprintf("≤ %.0f times", side.goal)
			r.far = ratio > 2*side.goal
		}
		b.say("%s", r)
		results = append(results, r)
	}
	return results, nil
}

// onlyFairness measures nothing else; on PostgreSQL if TEST_DATABASE_URL names an empty database.
func (b *bench) onlyFairness() (results []*result, err error) {
	if database := os.Getenv("TEST_DATABASE_URL"); database != "" {
		b.env = []string{"MASTHEAD_DATABASE_URL=" + database, "MASTHEAD_SECRET_KEY=" + password}
		b.keep = b.dir // the database is not in the folder
	}
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

// atPace lets every side ask once each fairPause for a while. An answer that is not as it must be
// is an error.
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

// besiege lets strangers, who share some addresses, ask the worst questions over and over until
// stop is called, which returns how often each status came. Failed returns what went wrong on the
// way.
func (b *bench) besiege(s *server, addresses int) (failed func() error, stop func() map[int]int) {
	var mu sync.Mutex
	var errs []error
	var all sync.WaitGroup
	statuses, over := map[int]int{}, make(chan struct{})
	var asked atomic.Int64
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
			from := fmt.Sprintf("10.0.0.%d", i%addresses)
			for n := i; ; n++ {
				select {
				case <-over:
					return
				default:
				}
				never := time.Unix(int64(asked.Add(1)), 0).UTC().Format(time.RFC3339)
				question := get(
					"/v1/articles?published_from="+never+"&"+questions[n%len(questions)],
					"X-Forwarded-For", from,
				)
				status, err := c.status(&question)
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
