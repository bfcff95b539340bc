package main

import (
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// few is how many articles the newsroom has that a large one is held against.
const few = 1000

// large is how many articles the large newsroom has: BENCH_N, or 100,000.
func large(b *testing.B) int {
	b.Helper()
	text := os.Getenv("BENCH_N")
	if text == "" {
		return 100_000
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < few {
		b.Fatalf(
			"BENCH_N is %q; it is how many articles the large newsroom has, at least %d",
			text,
			few,
		)
	}
	return n
}

// question is what a reader asks of both newsrooms.
type question struct {
	name   string
	target string
	deep   func(articles int) int // how many rows deep; nil: at the beginning
}

// rows is a depth in a list that is the same in both newsrooms.
func rows(n int) func(int) int { return func(int) int { return n } }

// half is half of the list.
func half(articles int) int { return articles / 2 }

const (
	commonest = 0
	middling  = 1500 // one article in ten or so has the word of this rank
)

// questions are held against each other between newsrooms of any size. The name of one for which
// all has to be looked at begins with "all".
func questions() []question {
	list := func(query ...string) string {
		values := url.Values{}
		for i := 0; i < len(query); i += 2 {
			values.Set(query[i], query[i+1])
		}
		return "/v1/articles?" + values.Encode()
	}
	rare := topicWord(3)
	return []question{
		{"detail", "/v1/articles/article-500", nil},
		{"home", list(), nil},
		{"home-half-way", list(), half},
		{"home-with-all", list("include", "body,related_links"), nil},
		{"tag", list("tag", "section-7"), nil},
		{"tag-rare", list("tag", "topic-3"), nil},
		{"tag-common", list("tag", "common"), nil},
		{"tag-common-900-deep", list("tag", "common"), rows(900)},
		{"tag-common-half-way", list("tag", "common"), half},
		{"tag-any-of-three", list("tag", "section-7,section-8,topic-3"), nil},
		{"tag-all-common-rare", list("tag_all", "common,topic-3"), nil},
		{"tag-none", list("tag_none", "section-7"), nil},
		{"section", list("section", "part-3"), nil},
		{"section-with-below", list("section", "world"), nil},
		{"author", list("author", "person-3"), nil},
		{"section-and-author", list("section", "part-3", "author", "person-3"), nil},
		{"front", "/v1/fronts/home", nil},
		{"resolve", "/v1/resolve?path=/articles/article-500", nil},
		{"sort-title", list("sort", "title"), nil},
		{"sort-title-half-way", list("sort", "title"), half},
		{"sort-updated", list("sort", "-updated_at"), nil},
		{"type", list("type", "news"), nil},
		{"type-two", list("type", "news,opinion"), nil},
		{"filter-type", list("filter", `type = "news"`), nil},
		{"filter-either", list("filter", `type = "news" OR tags:section-7`), nil},
		{"tag-and-type", list("tag", "common", "type", "news"), nil},
		{"tag-sort-title", list("tag", "section-7", "sort", "title"), nil},
		{"type-sort-title", list("type", "news", "sort", "title"), nil},
		{"q-rare", list("q", rare), nil},
		{"q-commonest", list("q", word(commonest)), nil},
		{"q-two-words", list("q", word(commonest+5)+" "+word(middling)), nil},
		{"q-common-and-rare", list("q", word(commonest)+" "+rare), nil},
		{"q-phrase", list("q", `"`+word(0)+" "+word(1)+`"`), nil},
		{"q-beginning", list("q", word(commonest)+"*"), nil},
		{"q-without", list("q", word(middling)+" -"+word(middling+1)), nil},
		{"q-commonest-newest", list("q", word(commonest), "sort", "-published_at"), nil},
		{"q-commonest-half-way", list("q", word(commonest), "sort", "-published_at"), half},
		{"q-commonest-in-tag", list("q", word(commonest), "tag", "topic-3"), nil},
		{"q-highlight", list("q", word(middling), "highlight", "true"), nil},
		{"count", list("count", "exact"), nil},
		{"count-tag", list("count", "exact", "tag", "section-7"), nil},
		{"suggest", "/v1/suggest?q=" + word(middling)[:3], nil},
		{"related", "/v1/articles/article-500/related", nil},
		{"all-count-type", list("count", "exact", "type", "news"), nil},
		{"all-count-q", list("count", "exact", "q", word(commonest)), nil},
		{"all-facets", list("facets", "tag,type,locale,month"), nil},
		{"all-facets-of-tag", list("facets", "tag,type", "tag", "section-7"), nil},
		{"all-filter-keeps-nothing", list("filter", "word_count > 100000"), nil},
		{"all-numbered-page", list("page", "48"), nil},
	}
}

// BenchmarkGrowth asks the same of a newsroom with 1,000 articles and of one with many more, and
// reports how many times as long the larger one takes.
func BenchmarkGrowth(b *testing.B) {
	small, many := openHouse(b), openHouse(b)
	small.fill(few)
	many.fill(large(b))
	for _, q := range questions() {
		asksFew, asksMany := small.asks(q, few), many.asks(q, large(b))
		b.Run(q.name, func(b *testing.B) { times(b, "times-small", cpu, asksFew, asksMany) })
	}
	rare := many.asks(question{target: "/v1/articles?q=" + topicWord(3)}, large(b))
	common := many.asks(question{target: "/v1/articles?q=" + word(commonest)}, large(b))
	b.Run("q-commonest-to-rare", func(b *testing.B) { times(b, "times-rare", cpu, rare, common) })
	b.Run("q-commonest-slowest", func(b *testing.B) { slowest(b, common) })
}

// slowest reports how long all but the slowest in a hundred take at most.
func slowest(b *testing.B, what func()) {
	var took []time.Duration
	for b.Loop() {
		for range 500 { // of few, one in a hundred says nothing
			before := wall()
			what()
			took = append(took, wall()-before)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(at(0.99, took).Microseconds())/1000, "p99-ms")
}

// asks is the asking of a question in a newsroom with so many articles.
func (h *house) asks(q question, articles int) func() {
	h.b.Helper()
	target := q.target
	if q.deep != nil {
		target = h.deep(target, q.deep(articles))
	}
	var answer struct {
		Data []any `json:"data"`
	}
	h.want(http.StatusOK, "GET", target, "", &answer)
	if answer.Data != nil && len(answer.Data) == 0 && !strings.HasSuffix(q.name, "nothing") {
		h.b.Fatalf("%s finds nothing", target)
	}
	return func() { ask(h.server, target, http.Header{}) }
}

// deep goes down a list, cursor by cursor, until so many rows lie behind, and answers the address
// of the page there.
func (h *house) deep(target string, rows int) string {
	h.b.Helper()
	cursor := ""
	for step := 100; rows > 0; rows -= step {
		var answer struct {
			Page struct {
				Next *string `json:"next"`
			} `json:"page"`
		}
		step = min(step, rows)
		h.want(
			http.StatusOK,
			"GET",
			join(target, "fields=id&limit="+strconv.Itoa(step)+cursor),
			"",
			&answer,
		)
		if answer.Page.Next == nil {
			h.b.Fatalf("%s has no %d rows more", target, rows)
		}
		cursor = "&cursor=" + url.QueryEscape(*answer.Page.Next)
	}
	return join(target, cursor[1:])
}

func join(target, query string) string {
	if target[len(target)-1] == '?' {
		return target + query
	}
	return target + "&" + query
}
