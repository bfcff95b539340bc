package cache_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/masthead-cms/masthead/internal/cache"
)

// always returns a cache that is valid for an hour.
func always(size int64) *cache.Cache {
	c := cache.New(size, time.Now)
	c.GoodFor(time.Now(), time.Hour)
	return c
}

func response(body string, tags ...string) func() (*cache.Response, error) {
	return func() (*cache.Response, error) {
		return cache.NewResponse([]byte(body), nil, nil, tags), nil
	}
}

func fill(t *testing.T, c *cache.Cache, key, body string, tags ...string) {
	t.Helper()
	if _, made, err := c.Fill(key, response(body, tags...)); err != nil || !made {
		t.Fatalf("fill %s: made %v, %v", key, made, err)
	}
}

func body(a *cache.Response) string {
	if a == nil {
		return "none"
	}
	return string(a.Plain().Body)
}

func TestAResponseIsInvalidatedByEachOfItsTagsAndNoOther(t *testing.T) {
	t.Parallel()
	for _, changed := range []struct {
		tags []string
		want string
	}{
		{nil, "text"}, {[]string{"article:2"}, "text"}, {[]string{"article:1"}, "none"},
		{[]string{"tag:a"}, "none"}, {[]string{"article:9", "tag:a"}, "none"},
	} {
		c := always(1 << 20)
		fill(t, c, "/1", "text", "article:1", "tag:a")
		c.Changed(changed.tags)
		if got := body(c.Get("/1")); got != changed.want {
			t.Errorf("after a change of %v: %s, want %s", changed.tags, got, changed.want)
		}
		if got := body(c.GetStale("/1")); got != changed.want {
			t.Errorf("GetStale after a change of %v: %s, want %s", changed.tags, got,
				changed.want)
		}
	}
	c := always(1 << 20)
	fill(t, c, "/1", "text")
	c.Clear()
	if got := body(c.Get("/1")); got != "none" {
		t.Errorf("after everything may have changed: %s", got)
	}
}

func TestAChangeDuringAReadInvalidatesItsResponse(t *testing.T) {
	t.Parallel()
	c := always(1 << 20)
	_, _, err := c.Fill("/1", func() (*cache.Response, error) {
		a := cache.NewResponse([]byte("old"), nil, nil, []string{"article:1"})
		c.Changed([]string{"article:1"})
		return a, nil
	})
	if got := body(c.Get("/1")); err != nil || got != "none" {
		t.Errorf("kept %s, %v", got, err)
	}
	fill(t, c, "/1", "new", "article:1")
	if got := body(c.Get("/1")); got != "new" {
		t.Errorf("then kept %s", got)
	}
}

func TestNothingIsFoundOutsideTheTimeItIsGoodFor(t *testing.T) {
	t.Parallel()
	c := cache.New(1<<20, time.Now)
	fill(t, c, "/1", "text", "article:1")
	for _, step := range []struct {
		since time.Duration
		good  time.Duration
		want  string
	}{{0, time.Hour, "text"}, {-2 * time.Hour, time.Hour, "none"}, {0, 0, "none"},
		{0, time.Hour, "text"}} {
		c.GoodFor(time.Now().Add(step.since), step.good)
		if got := body(c.Get("/1")); got != step.want {
			t.Errorf("good for %v since %v: %s, want %s", step.good, step.since, got, step.want)
		}
		if got := body(c.GetStale("/1")); got != "text" {
			t.Errorf("the last answer is %s", got)
		}
	}
	if fresh := cache.New(1<<20, time.Now); body(fresh.Get("/1")) != "none" {
		t.Error("a new cache answers before it is told that it may")
	}
}

func TestConcurrentFillsShareOneRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := always(1 << 20)
		var readings, leaders atomic.Int32
		goOn := make(chan bool)
		var asking sync.WaitGroup
		for range 50 {
			asking.Go(func() {
				a, made, err := c.Fill("/1", func() (*cache.Response, error) {
					readings.Add(1)
					<-goOn
					return response("text", "article:1")()
				})
				if made {
					leaders.Add(1)
				}
				if body(a) != "text" || err != nil {
					t.Errorf("%s, %v", body(a), err)
				}
			})
		}
		synctest.Wait() // until one reads and the others wait for it
		close(goOn)
		asking.Wait()
		if readings.Load() != 1 || leaders.Load() != 1 {
			t.Errorf("%d readings by %d leaders", readings.Load(), leaders.Load())
		}
	})
}

func TestAFillAfterAChangeDoesNotShareAReadFromBefore(t *testing.T) {
	t.Parallel()
	c := always(1 << 20)
	reading, goOn := make(chan bool), make(chan bool)
	var first sync.WaitGroup
	first.Go(func() {
		c.Fill("/1", func() (*cache.Response, error) {
			close(reading)
			<-goOn
			return response("old", "article:1")()
		})
	})
	<-reading
	c.Changed([]string{"article:1"})
	a, made, _ := c.Fill("/1", response("new", "article:1"))
	if !made || body(a) != "new" {
		t.Errorf("after the change: %s, made %v", body(a), made)
	}
	close(goOn)
	first.Wait()
	if got := body(c.Get("/1")); got == "old" {
		t.Error("the old reading took the place of the new one and is answered")
	}
}

func TestFailedReadsAreNotStored(t *testing.T) {
	t.Parallel()
	c := always(1 << 20)
	wrong := errors.New("no database")
	a, made, err := c.Fill("/1", func() (*cache.Response, error) { return nil, wrong })
	if a != nil || !made || err != wrong {
		t.Errorf("%v, %v, %v", a, made, err)
	}
	_, made, err = c.Fill("/1", func() (*cache.Response, error) { return nil, nil })
	if !made || err != nil {
		t.Errorf("%v, %v", made, err)
	}
	if got := body(c.Get("/1")); got != "none" {
		t.Errorf("kept %s", got)
	}
}

func TestVariantsSayTheSameUnderTheirOwnTags(t *testing.T) {
	t.Parallel()
	c := always(1 << 20)
	text := strings.Repeat("The river rose by two metres. ", 200)
	fill(t, c, "/1", text, "article:1")
	a := c.Get("/1")
	tags := map[string]bool{a.Plain().ETag: true}
	for _, coding := range []cache.Coding{cache.Brotli, cache.Zstandard, cache.Gzip} {
		v := c.Variant("/1", a, coding)
		if got := decoded(t, coding, v.Body); got != text {
			t.Errorf("%v holds %d bytes, want %d", coding, len(got), len(text))
		}
		if len(v.Body) > len(text)/4 || v.Header["Content-Encoding"][0] != coding.String() ||
			v.Header["Content-Length"][0] != strconv.Itoa(len(v.Body)) ||
			v.Header["Etag"][0] != v.ETag {
			t.Errorf("%v: %d bytes, %v", coding, len(v.Body), v.Header)
		}
		if tags[v.ETag] {
			t.Errorf("%v shares the tag %s", coding, v.ETag)
		}
		tags[v.ETag] = true
		if c.Variant("/1", a, coding) != v {
			t.Errorf("%v is made anew", coding)
		}
	}
	small := cache.NewResponse([]byte(`{"data":[]}`), nil, nil, nil)
	if v := c.Variant("/2", small, cache.Gzip); v != small.Plain() {
		t.Errorf("%d bytes were coded", len(v.Body))
	}
}

// decoded returns the content of encoded bytes.
func decoded(t *testing.T, coding cache.Coding, coded []byte) string {
	t.Helper()
	var r io.Reader
	var err error
	switch coding {
	case cache.Brotli:
		r = brotli.NewReader(bytes.NewReader(coded))
	case cache.Zstandard:
		r, err = zstd.NewReader(bytes.NewReader(coded))
	case cache.Gzip:
		r, err = gzip.NewReader(bytes.NewReader(coded))
	}
	if err == nil {
		coded, err = io.ReadAll(r)
	}
	if err != nil {
		t.Errorf("%v: %v", coding, err)
	}
	return string(coded)
}

// More responses are encoded at once than there are encoders, each with small and large bodies in
// turn.
func TestResponsesEncodedAtOnceKeepTheirOwnBytes(t *testing.T) {
	t.Parallel()
	c := always(64 << 20)
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			key := "/" + strconv.Itoa(i)
			text := strings.Repeat("Answer "+key+" says this. ", 20+i%7*5000)
			a, _, err := c.Fill(key, response(text, "article:1"))
			if err != nil {
				t.Error(err)
				return
			}
			for coding := range cache.Identity {
				v := c.Variant(key, a, coding)
				if got := decoded(t, coding, v.Body); got != text {
					t.Errorf("%s in %v: %d bytes, want %d", key, coding, len(got), len(text))
				}
				if len(v.Body) > len(text)/3 {
					t.Errorf("%s in %v: %d of %d bytes", key, coding, len(v.Body), len(text))
				}
			}
		})
	}
	all.Wait()
}

func TestACacheStaysWithinItsBytes(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	c := always(size)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 2000 {
		key := "/" + strconv.Itoa(i)
		fill(t, c, key, strings.Repeat("x", random.IntN(20_000)), "article:"+strconv.Itoa(i))
		if a := c.Get(key); a != nil && i%3 == 0 {
			c.Variant(key, a, cache.Gzip)
		}
	}
	if got := c.Stats().Bytes; got > size+size/8 || got < size/2 {
		t.Errorf("the cache holds %d bytes of %d", got, size)
	}
	fill(t, c, "/large", strings.Repeat("x", size/2), "article:1")
	if got := body(c.Get("/large")); got != "none" {
		t.Errorf("an answer of half the cache was kept: %d bytes", len(got))
	}
}

// newsroom has rows that are written and read concurrently, each with a number that only grows.
type newsroom struct{ rows [8]atomic.Int64 }

// read reads a row and yields before it returns.
func (n *newsroom) read(row int) int64 {
	v := n.rows[row].Load()
	runtime.Gosched()
	return v
}

// trial runs writers and readers concurrently and counts the reads that returned less than what was
// acknowledged before they began.
func trial(read func(n *newsroom, row int) int64, changed func(row int)) (stale int64) {
	var n newsroom
	var told [8]atomic.Int64
	var count atomic.Int64
	var writing, reading sync.WaitGroup
	var over atomic.Bool
	for row := range n.rows {
		writing.Go(func() {
			for i := int64(1); i <= 3000; i++ {
				n.rows[row].Store(i) // the commit
				changed(row)
				told[row].Store(i) // the answer to the writer
			}
		})
	}
	for r := range 4 {
		reading.Go(func() {
			random := rand.New(rand.NewPCG(uint64(r), 7))
			for !over.Load() {
				row := random.IntN(8)
				known := told[row].Load()
				if read(&n, row) < known {
					count.Add(1)
				}
			}
		})
	}
	writing.Wait()
	over.Store(true)
	reading.Wait()
	for row := range n.rows { // and when all is quiet
		if read(&n, row) != 3000 {
			count.Add(1)
		}
	}
	return count.Load()
}

func TestNoReaderGetsAResponseOlderThanAChangeItKnows(t *testing.T) {
	t.Parallel()
	c := always(1 << 20)
	number := func(a *cache.Response) int64 {
		i, _ := strconv.ParseInt(string(a.Plain().Body), 10, 64)
		return i
	}
	stale := trial(func(n *newsroom, row int) int64 {
		key := fmt.Sprint("/", row)
		if a := c.Get(key); a != nil {
			return number(a)
		}
		a, _, _ := c.Fill(key, func() (*cache.Response, error) {
			return cache.NewResponse(strconv.AppendInt(nil, n.read(row), 10), nil, nil,
				[]string{key}), nil
		})
		return number(a)
	}, func(row int) { c.Changed([]string{fmt.Sprint("/", row)}) })
	if stale > 0 {
		t.Errorf("%d stale answers", stale)
	}
}

// The usual design stores what was read and deletes it on a write: what was read before a change
// and is stored after it stays.
func TestDeletingEntriesOnChangeServesStaleResponses(t *testing.T) {
	t.Parallel()
	for range 50 { // each trial nearly always shows it
		var kept sync.Map
		stale := trial(func(n *newsroom, row int) int64 {
			if v, ok := kept.Load(row); ok {
				return v.(int64)
			}
			v := n.read(row)
			kept.Store(row, v)
			return v
		}, func(row int) { kept.Delete(row) })
		if stale > 0 {
			return
		}
	}
	t.Error("the usual design served no stale answer: this trial proves nothing about ours")
}

// aClock is a clock that moves when it is told.
type aClock struct{ now atomic.Int64 }

func (c *aClock) Now() time.Time { return time.Unix(c.now.Load(), 0) }

func goodUntil(body string, until int64) func() (*cache.Response, error) {
	return func() (*cache.Response, error) {
		r := cache.NewResponse([]byte(body), nil, nil, []string{"list"})
		r.Until = time.Unix(until, 0)
		return r, nil
	}
}

func TestAResponseIsGoodUntilItsMomentAndNotAtIt(t *testing.T) {
	t.Parallel()
	clock := &aClock{}
	clock.now.Store(1000)
	c := cache.New(1<<20, clock.Now)
	c.GoodFor(time.Now(), time.Hour)
	if _, _, err := c.Fill("/1", goodUntil("one", 1010)); err != nil {
		t.Fatal(err)
	}
	clock.now.Store(1009)
	if got := c.Get("/1"); body(got) != "one" || c.Left(got) != time.Second {
		t.Errorf("a second before, there is %s", body(got))
	}
	clock.now.Store(1010)
	if got := body(c.Get("/1")); got != "none" {
		t.Errorf("at the moment, there is %s", got)
	}
	if got := body(c.GetStale("/1")); got != "none" {
		t.Errorf("at the moment, there is %s for who cannot read", got)
	}
}

func TestWhoAsksAfterTheMomentGetsNothingMadeBefore(t *testing.T) {
	t.Parallel()
	clock := &aClock{}
	clock.now.Store(1000)
	c := cache.New(1<<20, clock.Now)
	c.GoodFor(time.Now(), time.Hour)
	reading, goOn := make(chan bool), make(chan bool)
	var work sync.WaitGroup
	work.Go(func() {
		r, filled, err := c.Fill("/1", func() (*cache.Response, error) {
			reading <- true
			<-goOn
			return goodUntil("one", 1010)()
		})
		if body(r) != "one" || !filled || err != nil {
			t.Errorf("who asked before the moment gets %s, %v, %v", body(r), filled, err)
		}
	})
	<-reading
	clock.now.Store(1010)
	work.Go(func() {
		r, filled, err := c.Fill("/1", goodUntil("two", 1020))
		if got := body(r); err != nil || (filled && got != "two") || (!filled && got != "none") {
			t.Errorf("who asks after the moment gets %s, %v, %v", got, filled, err)
		}
	})
	close(goOn)
	work.Wait()
}
