package main

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/database"
)

// editing is a newsroom that articles are written in.
type editing struct {
	*house
	made  atomic.Int64
	waits []time.Duration // of each article
	rates []float64       // articles a second, of each round
}

func openEditing(b *testing.B, options ...database.Option) *editing {
	b.Helper()
	d := &editing{house: openHouse(b, options...)}
	d.signIn()
	return d
}

// round has writers write some articles each, all at once.
func (d *editing) round(b *testing.B, writers, each int) {
	var all sync.WaitGroup
	waits := make([]time.Duration, writers*each)
	before := time.Now()
	for w := range writers {
		all.Go(func() {
			for i := range each {
				body := fmt.Sprintf(
					`{"title": "Article number %d", "body": "A short body."}`,
					d.made.Add(1),
				)
				begun := time.Now()
				if answer := d.call("POST", "/v1/articles", body); answer.Code != http.StatusCreated {
					b.Errorf("status %d: %s", answer.Code, answer.Body)
				}
				waits[w*each+i] = time.Since(begun)
			}
		})
	}
	all.Wait()
	d.rates = append(d.rates, float64(len(waits))/time.Since(before).Seconds())
	d.waits = append(d.waits, waits...)
}

// collectAsServed sets a server's memory limit until done is called.
func collectAsServed() (done func()) {
	was := debug.SetMemoryLimit(192 << 20)
	return func() { debug.SetMemoryLimit(was) }
}

// at is what so large a share of the values does not exceed.
func at[T float64 | time.Duration](share float64, values []T) T {
	slices.Sort(values)
	return values[int(share*float64(len(values)-1))]
}

// BenchmarkWriters has many write at once, each article synced to the disk before it is
// acknowledged, and tells how many times as many are written where they share a commit as where
// each has its own, and how long the slowest in a hundred waits against that.
func BenchmarkWriters(b *testing.B) {
	defer collectAsServed()()
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			shared, each := openEditing(b), openEditing(b, database.MaxGroup(1))
			for _, d := range []*editing{shared, each} {
				d.round(b, writers, 2) // nothing is measured cold
				d.waits, d.rates = nil, nil
			}
			count := max(256/writers, 4)
			for b.Loop() {
				shared.round(b, writers, count)
				each.round(b, writers, count)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(at(0.5, shared.rates), "articles/s")
			b.ReportMetric(at(0.5, shared.rates)/at(0.5, each.rates), "of-a-commit-each")
			b.ReportMetric(float64(at(0.99, shared.waits))/float64(at(0.99, each.waits)), "p99")
		})
	}
}
