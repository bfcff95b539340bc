package main

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// siteURL is where readers find the site.
var siteURL = "https://news.example.org"

// house is a newsroom as it is served: unlike the testkit's, nobody reads along, neither statements
// nor answers.
type house struct {
	b        testing.TB
	store    *store.Store
	newsroom *newsroom.Newsroom
	server   http.Handler
	token    string // of an editor
}

func openHouse(b testing.TB, options ...database.Option) *house {
	b.Helper()
	clock := func() time.Time { return testkit.Start }
	rows, err := store.Open(b.Context(), testkit.Database(b), clock, options...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { rows.Close() })
	hasher, err := auth.NewHasher(auth.Cost{Memory: 8, Time: 1, Threads: 1}, 4)
	if err != nil {
		b.Fatal(err)
	}
	signer, err := auth.NewSigner([]byte(strings.Repeat("s", 32)))
	if err != nil {
		b.Fatal(err)
	}
	h := &house{b: b, store: rows, newsroom: newsroom.Open(newsroom.Options{
		Store: rows, Site: cms.FixedSite{URL: &siteURL},
		Hasher: hasher, Signer: signer, Clock: clock, PublicRead: true,
	})}
	h.server = api.New(h.newsroom, api.Options{
		Log: slog.New(
			slog.NewJSONHandler(io.Discard, nil),
		), CursorKey: []byte(strings.Repeat("c", 32)),
	})
	return h
}

// call makes a request, as an editor once one has signed in.
func (h *house) call(method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if h.token != "" {
		r.Header.Set("Authorization", "Bearer "+h.token)
	}
	w := httptest.NewRecorder()
	h.server.ServeHTTP(w, r)
	return w
}

// want makes a request that must have a status and reads the answer.
func (h *house) want(status int, method, target, body string, answer any) {
	h.b.Helper()
	w := h.call(method, target, body)
	if w.Code != status {
		h.b.Fatalf("%s %s: status %d, want %d: %s", method, target, w.Code, status, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), answer); err != nil {
		h.b.Fatalf("%s %s: %v", method, target, err)
	}
}

// signIn lets the house's calls be made by an editor.
func (h *house) signIn() {
	h.b.Helper()
	var tokens struct {
		Access string `json:"access_token"`
	}
	credentials, err := json.Marshal(
		map[string]string{"email": "editor@example.org", "password": testkit.Password},
	)
	if err != nil {
		h.b.Fatal(err)
	}
	h.want(http.StatusOK, "POST", "/v1/auth/login", string(credentials), &tokens)
	h.token = tokens.Access
}

// fill publishes made-up articles. It puts them into the store as publishing does, but in large
// transactions and without rendering their bodies: what readers ask does not depend on how they
// came.
func (h *house) fill(articles int) {
	h.b.Helper()
	w := newWriter(articles)
	tags := w.tags()
	inBatches(h, slices.Values(tags), func(db *store.DB, batch []*cms.Tag) error {
		for _, t := range batch {
			detail := &cms.TagDetail{Tag: *t, Names: []cms.NounName{{Key: t.NameKey, Name: t.Name, Slug: t.Slug}}}
			if err := (store.Tags{}).Create(db, detail); err != nil {
				return err
			}
		}
		return nil
	})
	in, by := h.nouns()
	inBatches(h, w.all(tags, in, by), func(db *store.DB, batch []*written) error {
		for _, a := range batch {
			if err := publish(db, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// nouns makes the sections, all below one, the authors, and a front of collections filled by rules.
func (h *house) nouns() (in, by []cms.ID) {
	h.b.Helper()
	call, ctx := newsroom.Call{Actor: cms.System}, h.b.Context()
	section := func(name, parent string) cms.ID {
		made, err := h.newsroom.Sections.Create(ctx, call, cms.SectionInput{Name: name, Parent: parent})
		if err != nil {
			h.b.Fatal(err)
		}
		return made.ID
	}
	world := section("World", "")
	for i := range parts {
		in = append(in, section(fmt.Sprintf("Part %d", i), string(world)))
	}
	for i := range people {
		made, err := h.newsroom.Authors.Create(ctx, call, cms.AuthorInput{Name: fmt.Sprintf("Person %d", i)})
		if err != nil {
			h.b.Fatal(err)
		}
		by = append(by, made.ID)
	}
	front := cms.FrontInput{Name: "Home"}
	for i := range frontSlots {
		made, err := h.newsroom.Collections.Create(ctx, call, cms.CollectionInput{
			Name: fmt.Sprintf("Part %d", i), Size: cms.DefaultCollectionSize,
			Rule: &cms.Rule{Filter: fmt.Sprintf("sections:part-%d", i)},
		})
		if err != nil {
			h.b.Fatal(err)
		}
		front.Slots = append(front.Slots, cms.SlotInput{Collection: string(made.ID), Limit: 5})
	}
	if _, err := h.newsroom.Fronts.Create(ctx, call, front); err != nil {
		h.b.Fatal(err)
	}
	return in, by
}

// inBatches hands values to writes, some hundred each, while the next are made.
func inBatches[T any](h *house, values iter.Seq[T], write func(*store.DB, []T) error) {
	h.b.Helper()
	batches := make(chan []T, 1)
	go func() {
		defer close(batches)
		var batch []T
		for v := range values {
			if batch = append(batch, v); len(batch) == 500 {
				batches <- batch
				batch = nil
			}
		}
		batches <- batch
	}()
	for batch := range batches {
		if err := h.store.Write(h.b.Context(), func(db *store.DB) error { return write(db, batch) }); err != nil {
			h.b.Fatal(err)
		}
	}
}

// publish saves an article and its first edition.
func publish(db *store.DB, w *written) error {
	a := &w.article
	a.Digest = cms.Digest(&a.Content, &w.text, w.refs, a.PublishedAt)
	a.LiveDigest = a.Digest
	if err := db.AddArticle(a, &w.text, w.refs); err != nil {
		return err
	}
	return db.AddEdition(&cms.Edition{
		ArticleID: a.ID, Number: 1, Live: true, Content: a.Content, Refs: w.refs, Digest: a.Digest, PublishedAt: *a.PublishedAt,
		EditionAt: *a.PublishedAt, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
	}, &w.text)
}
