package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"
)

const (
	vocabulary    = 200_000
	perTopic      = 25 // how many articles carry a tag of the rarest kind
	sections      = 50
	parts         = 12 // sections of the site, all below one
	people        = 4
	linksEach     = 5
	longWords     = 1000 // about 5 KB
	betweenPieces = 7 * time.Minute
)

// newest is when the newest article of every newsroom here was published.
var newest = time.Date(2026, 11, 2, 7, 0, 0, 0, time.UTC)

const consonants, vowels = "bdfghjklmnprstvz", "aeiou"

// syllables spells a number, so that no two numbers sound alike.
func syllables(n int) string {
	var word []byte
	for {
		s := n % (len(consonants) * len(vowels))
		word = append(word, consonants[s/len(vowels)], vowels[s%len(vowels)])
		if n /= len(consonants) * len(vowels); n == 0 {
			return string(word)
		}
		n--
	}
}

// word is the word of a rank: 0 is the commonest.
func word(rank uint64) string { return syllables(int(rank)) }

// writer makes up the same articles in every run. How often a word is used falls with its rank as
// it does in languages.
type writer struct {
	articles int // how many there shall be
	rand     *rand.Rand
	words    *rand.Zipf
}

func newWriter(articles int) *writer {
	r := rand.New(rand.NewPCG(1, 2))
	return &writer{articles: articles, rand: r, words: rand.NewZipf(r, 1.07, 2.7, vocabulary-1)}
}

// topics is how many tags of the rarest kind there are.
func (w *writer) topics() int { return max(w.articles/perTopic, 1) }

func (w *writer) sentence(length int) string {
	var b strings.Builder
	for k := range length {
		next := word(w.words.Uint64())
		if k == 0 {
			next = strings.ToUpper(next[:1]) + next[1:]
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(next)
	}
	return b.String()
}

// piece is an article as it is taken in, and as it is sent to be written: what differs is left out.
type piece struct {
	ID      string   `json:"id,omitempty"`
	Title   string   `json:"title"`
	Slug    string   `json:"slug"`
	Type    string   `json:"type"`
	Locale  string   `json:"locale"`
	Byline  string   `json:"byline"`
	Summary string   `json:"summary"`
	Body    string   `json:"body"`
	At      string   `json:"published_at,omitempty"`
	Tags    []string `json:"tags"`
	Parts   []string `json:"sections,omitempty"`
	People  []string `json:"authors,omitempty"`
	Links   []link   `json:"related_links,omitempty"`
}

type link struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// part and person are the section and the author of article i: of 48 articles in a row, each
// section has one by each author.
func part(i int) int   { return i % parts }
func person(i int) int { return i / parts % people }

// piece makes up article i: about 5 KB, one tag that all carry, one of fifty and one of the rest, a
// section, an author, and five links.
func (w *writer) piece(i int) *piece {
	p := &piece{
		ID:      fmt.Sprint(i),
		Title:   w.sentence(7),
		Slug:    fmt.Sprintf("article-%d", i),
		Type:    "news",
		Locale:  "en",
		Byline:  w.sentence(2),
		Summary: w.sentence(25),
		At:      newest.Add(-time.Duration(w.articles-1-i) * betweenPieces).Format(time.RFC3339),
		Tags: []string{
			"Common",
			fmt.Sprintf("Section %d", i%sections),
			fmt.Sprintf("Topic %d", i%w.topics()),
		},
		Parts:  []string{fmt.Sprintf("World/Part %d", part(i))},
		People: []string{fmt.Sprintf("Person %d", person(i))},
	}
	var body strings.Builder
	for range 10 {
		for range longWords / 10 / 20 {
			body.WriteString(w.sentence(20) + ". ")
		}
		body.WriteString("\n\n")
	}
	p.Body = strings.TrimSpace(body.String())
	for range linksEach {
		p.Links = append(
			p.Links,
			link{w.sentence(6), "https://example.org/" + word(w.words.Uint64())},
		)
	}
	return p
}

// writeTo writes all articles, the oldest first, an object a line.
func (w *writer) writeTo(out io.Writer) error {
	buffered := bufio.NewWriter(out)
	lines := json.NewEncoder(buffered)
	for i := range w.articles {
		if err := lines.Encode(w.piece(i)); err != nil {
			return err
		}
	}
	return buffered.Flush()
}
