package main

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	starts     = 5
	loadTime   = 10 * time.Second
	memoryGoal = 200 << 20 // bytes
	startGoal  = 150 * time.Millisecond
	importGoal = 2000 // articles a second
	searchGoal = 25 * time.Millisecond
)

// largeNewsroom measures what is asked of a newsroom with many articles, where there is no
// yardstick but the goal.
func (b *bench) largeNewsroom() ([]*result, error) {
	data, err := b.newsroom(b.large)
	if err != nil {
		return nil, err
	}
	size := thousands(b.large)
	var results []*result
	add := func(what, value, goal string, far bool) {
		r := &result{what: what, value: value, goal: goal, far: far}
		b.say("%s", r)
		results = append(results, r)
	}
	if took := b.imported[b.large]; took > 0 {
		rate := float64(b.large) / took.Seconds()
		add("importing "+size+" articles", figure(rate)+" a second", "≥ "+figure(importGoal),
			rate < margin*importGoal)
	}
	first, err := b.firstAnswer(data)
	if err != nil {
		return nil, err
	}
	add("first answer after the start, "+size+" articles",
		first.Round(time.Millisecond).String(), "≤ "+startGoal.String(), first > 2*startGoal)
	peak, err := b.memory(data)
	if err != nil {
		return nil, err
	}
	add("most memory, "+size+" articles under load", fmt.Sprintf("%d MiB", peak>>20),
		fmt.Sprintf("≤ %d MiB", memoryGoal>>20), peak > 2*memoryGoal)
	slow, err := b.slowSearch(data)
	if err != nil {
		return nil, err
	}
	add("search for the commonest word, "+size+" articles, cache off, 99 of 100",
		slow.Round(100*time.Microsecond).String(), "≤ "+searchGoal.String(), slow > 2*searchGoal)
	fair, err := b.fairness(data)
	return append(results, fair...), err
}

// firstAnswer is the median of how long our server takes from its start to its first answer.
func (b *bench) firstAnswer(data string) (time.Duration, error) {
	var ready []time.Duration
	for i := range starts {
		s, err := b.masthead(data).serve(b.dir, fmt.Sprintf("large-%d", i))
		if err != nil {
			return 0, err
		}
		ready = append(ready, s.ready)
		s.stop()
	}
	slices.Sort(ready)
	return ready[starts/2], nil
}

// memory is the most that our server has resident while all kinds of pages are asked for.
func (b *bench) memory(data string) (int64, error) {
	s, err := b.started(b.masthead(data).serve(b.dir, "large"))
	if err != nil {
		return 0, err
	}
	load := &side{server: s, callers: callers}
	for i := range 20_000 {
		load.requests = append(
			load.requests,
			get(fmt.Sprintf("/v1/articles/article-%d", (i*7919)%b.large)),
		)
		switch i % 10 {
		case 0:
			load.requests = append(
				load.requests,
				get(
					fmt.Sprintf(
						"/v1/articles?tag=topic-%d&include=body,related_links",
						i%(b.large/perTopic),
					),
				),
			)
		case 3:
			load.requests = append(load.requests, get("/v1/articles?limit=100&include=body"))
		case 6:
			load.requests = append(load.requests, get("/v1/articles?q="+word(uint64(i%5000))))
		}
	}
	_, err = load.run(loadTime)
	peak := s.peak()
	s.stop()
	return peak, err
}

// slowSearch is what 99 of 100 searches for the commonest word take at most, while nobody else
// asks.
func (b *bench) slowSearch(data string) (time.Duration, error) {
	s, err := b.started(
		b.masthead(data).serve(b.dir, "large-cold", "MASTHEAD_CACHE_SIZE=0"),
	)
	if err != nil {
		return 0, err
	}
	search := &side{server: s, callers: 1, requests: []request{get("/v1/articles?q=" + word(0))}}
	_, err = search.run(warmTime)
	l, failed := search.run(loadTime / 2)
	if err = errors.Join(err, failed); err != nil {
		return 0, err
	}
	s.stop()
	return l.slowest(0.01), nil
}
