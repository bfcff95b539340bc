package newsroom_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// bring imports items in batches, as the command does.
func bring(t *testing.T, k *testkit.Kit, source string, dry bool,
	items iter.Seq[exchange.Item]) []*newsroom.Outcome {
	t.Helper()
	importer, err := k.Newsroom.Importer(t.Context(), cms.System,
		newsroom.ImportOptions{Source: source, DryRun: dry})
	if err != nil {
		t.Fatal(err)
	}
	var outcomes []*newsroom.Outcome
	for batch := range slices.Chunk(slices.Collect(items), 100) {
		some, err := importer.Add(t.Context(), batch)
		if err != nil {
			t.Fatal(err)
		}
		outcomes = append(outcomes, some...)
	}
	if err := importer.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	return outcomes
}

// itemsOf reads Markdown files.
func itemsOf(files fstest.MapFS) iter.Seq[exchange.Item] {
	return exchange.Markdown(files, exchange.Options{})
}

// results counts outcomes.
func results(outcomes []*newsroom.Outcome) map[newsroom.Result]int {
	n := map[newsroom.Result]int{}
	for _, o := range outcomes {
		n[o.Result]++
	}
	return n
}

// post is a file of Markdown.
func post(title string, more ...string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("---\ntitle: " + title + "\ndate: 2024-03-01\n" +
		strings.Join(more, "\n") + "\n---\nWords about " + title + ".\n")}
}

// only is the one outcome there must be.
func only(t *testing.T, outcomes []*newsroom.Outcome, result newsroom.Result) *newsroom.Outcome {
	t.Helper()
	if len(outcomes) != 1 || outcomes[0].Result != result {
		t.Fatalf("outcomes %v, want one %s: %q", results(outcomes), result, outcomes[0].Reason)
	}
	return outcomes[0]
}

func draft(k *testkit.Kit, id cms.ID) *testkit.Response {
	k.T.Helper()
	return k.As(cms.Editor, "GET", "/v1/articles/"+string(id)+"?view=draft").Want(200)
}

func TestAnImportedItemIsPublishedAsItsSourceSays(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	files := fstest.MapFS{"river.md": post("The river rises", "tags: [Water, Cities]",
		"slug: river", "description: In short.", "lastmod: 2024-03-05")}
	o := only(t, bring(t, k, "s", false, itemsOf(files)), newsroom.Made)
	r := k.Public("GET", "/v1/articles/river").Want(200)
	for path, want := range map[string]any{
		"id": string(o.ID), "title": "The river rises", "summary": "In short.",
		"published_at": "2024-03-01T00:00:00Z",
		"created_at":   "2024-03-01T00:00:00Z",
		"updated_at":   "2024-03-05T00:00:00Z", "edition": 1.0,
		"tags.0.name": "Water", "tags.1.slug": "cities",
		"body_html": "<p>Words about The river rises.</p>",
	} {
		if got := r.Field(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if got := draft(k, o.ID); got.Text("status") != "published" || got.Field("created_by") != nil ||
		got.Field("has_unpublished_changes") != false {
		t.Errorf("the draft: %s", got.Body)
	}
}

func TestASecondRunChangesNothing(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	files := fstest.MapFS{"a.md": post("A"), "b.md": post("B", "draft: true"), "c.md": post("A")}
	first := bring(t, k, "s", false, itemsOf(files))
	before := draft(k, first[0].ID)
	k.Clock.Move(time.Hour)
	if n := results(bring(t, k, "s", false, itemsOf(files))); n[newsroom.Unchanged] != 3 {
		t.Errorf("the second run: %v", n)
	}
	if after := draft(k, first[0].ID); string(after.Body) != string(before.Body) {
		t.Errorf("was %s\nis %s", before.Body, after.Body)
	}
	if n := results(bring(t, k, "another source", false,
		itemsOf(files))); n[newsroom.Made] != 3 {
		t.Errorf("another source: %v", n)
	}
}

func TestAChangedItemBecomesANewEdition(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	made := only(t, bring(t, k, "s", false, itemsOf(fstest.MapFS{"a.md": post("A")})),
		newsroom.Made)
	updated := only(t, bring(t, k, "s", false,
		itemsOf(fstest.MapFS{"a.md": post("A", "summary: New.")})), newsroom.Updated)
	r := k.Public("GET", "/v1/articles/a").Want(200)
	if updated.ID != made.ID || r.Field("edition") != 2.0 || r.Field("summary") != "New." ||
		r.Text("published_at") != "2024-03-01T00:00:00Z" {
		t.Errorf("%s", r.Body)
	}
}

func TestWhatWasEditedHereIsLeftAlone(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	made := only(t, bring(t, k, "s", false, itemsOf(fstest.MapFS{"a.md": post("A")})),
		newsroom.Made)
	k.As(cms.Editor, "PATCH",
		"/v1/articles/"+string(made.ID)).If("*").JSON(`{"summary": "Ours."}`).Want(200)
	before := draft(k, made.ID)
	if n := results(bring(t, k, "s", false,
		itemsOf(fstest.MapFS{"a.md": post("A")}))); n[newsroom.Unchanged] != 1 {
		t.Errorf("the item is the same: %v", n)
	}
	o := only(t, bring(t, k, "s", false,
		itemsOf(fstest.MapFS{"a.md": post("A", "summary: Theirs.")})), newsroom.Skipped)
	if !strings.Contains(o.Reason, "nobody's words were overwritten") {
		t.Errorf("the reason is %q", o.Reason)
	}
	if after := draft(k, made.ID); string(after.Body) != string(before.Body) {
		t.Errorf("was %s\nis %s", before.Body, after.Body)
	}
	k.As(cms.Editor, "DELETE", "/v1/articles/"+string(made.ID)).If("*").Want(204)
	if o := only(t, bring(t, k, "s", false,
		itemsOf(fstest.MapFS{"a.md": post("A", "summary: Again.")})),
		newsroom.Skipped); !strings.Contains(o.Reason, "trash") {
		t.Errorf("the reason is %q", o.Reason)
	}
}

func TestWhatWasTakenFromReadersHereStaysAway(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method, path, word string
		same               newsroom.Result
	}{
		{"POST", "/withdraw", "withdrawn", newsroom.Unchanged},
		{"DELETE", "?permanent=true", "for good", newsroom.Skipped}, // what it was is not known
	} {
		k := testkit.New(t)
		made := only(t, bring(t, k, "s", false, itemsOf(fstest.MapFS{"a.md": post("A")})),
			newsroom.Made)
		if r := k.As(cms.Admin, c.method,
			"/v1/articles/"+string(made.ID)+c.path).If("*").Do(); r.Status >= 300 {
			t.Fatalf("%s %s: %s", c.method, c.path, r.Body)
		}
		if n := results(bring(t, k, "s", false,
			itemsOf(fstest.MapFS{"a.md": post("A")}))); n[c.same] != 1 {
			t.Errorf("%s: the item is the same: %v", c.word, n)
		}
		o := only(t, bring(t, k, "s", false,
			itemsOf(fstest.MapFS{"a.md": post("A", "summary: New.")})), newsroom.Skipped)
		if !strings.Contains(o.Reason, c.word) {
			t.Errorf("the reason is %q, want a word of %q", o.Reason, c.word)
		}
		k.Public("GET", "/v1/articles/a").Want(404)
	}
}

func TestABadItemDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	files := fstest.MapFS{
		"1.md": post("Good"), "2.md": post(strings.Repeat("long ", 100)),
		"3.md": {Data: []byte("---\ntitle: [broken\n---\nx")},
		"4.md": {Data: []byte("no front matter")},
		"5.md": post("Bad date", "lastmod: the day before yesterday"), "6.md": post("Good too"),
		"7.md": post("Locale", "lang: not a language"),
		"8.md": post("Tags", "tags: ["+strings.Repeat("x", 101)+", fine]"),
	}
	outcomes := bring(t, k, "s", false, itemsOf(files))
	if len(outcomes) != len(files) {
		t.Fatalf("%d outcomes for %d files", len(outcomes), len(files))
	}
	for _, o := range outcomes {
		if o.Result == newsroom.Skipped && (o.Reason == "" || o.Item.File == "") ||
			o.Result == newsroom.Made && o.ID == "" {
			t.Errorf("%+v", o)
		}
	}
	n := results(outcomes)
	there := int(k.As(cms.Editor, "GET",
		"/v1/articles?view=draft&count=exact").Want(200).Field("page.total").(float64))
	if n[newsroom.Made] != there || n[newsroom.Made] < 3 || n[newsroom.Skipped] < 3 {
		t.Errorf("%v, and %d articles are there", n, there)
	}
	k.Public("GET", "/v1/articles/1").Want(200) // a file's name makes the slug
	k.Public("GET", "/v1/articles/6").Want(200)
	k.Public("GET", "/v1/articles/2").Want(404)
}

func TestADryRunSaysWhatWouldHappenAndChangesNothing(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	bring(t, k, "s", false, itemsOf(fstest.MapFS{"a.md": post("A"), "b.md": post("B")}))
	state := func() string {
		return string(k.As(cms.Editor, "GET",
			"/v1/articles?view=draft&include=body").Want(200).Body) +
			string(k.Public("GET", "/v1/tags").Want(200).Body)
	}
	before := state()
	files := fstest.MapFS{"a.md": post("A"), "b.md": post("B", "summary: New."),
		"c.md": post("C", "tags: [Water]", "aliases: [/old]")}
	dry := results(bring(t, k, "s", true, itemsOf(files)))
	if after := state(); after != before {
		t.Errorf("was %s\nis %s", before, after)
	}
	if real := results(bring(t, k, "s", false,
		itemsOf(files))); fmt.Sprint(real) != fmt.Sprint(dry) ||
		dry[newsroom.Made] != 1 || dry[newsroom.Updated] != 1 {
		t.Errorf("it said %v and was %v", dry, real)
	}
}

func TestOldAddressesLeadToTheArticle(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	files := fstest.MapFS{
		"a.md": post("New name", "aliases: [/2019/05/old-name.html, /older-name/]"),
		"b.md": post("A draft", "draft: true", "aliases: [/secret-name]"),
		"c.md": post("Another", "aliases: [/old-name]"),
	}
	outcomes := bring(t, k, "s", false, itemsOf(files))
	for _, old := range []string{"old-name", "older-name"} {
		r := k.Public("GET", "/v1/articles/"+old+"?fields=id").Want(308)
		if got := r.Header.Get("Location"); got != "/v1/articles/a?fields=id" {
			t.Errorf("%s leads to %q", old, got)
		}
	}
	k.Public("GET", "/v1/articles/secret-name").Want(404)
	if notes := outcomes[2].Notes; !slices.ContainsFunc(notes,
		func(s string) bool { return strings.Contains(s, "is another article's slug") }) {
		t.Errorf("nobody is told of the address that was taken: %q", notes)
	}
}

func TestWhatIsNotPublishedAtItsSourceIsNotPublishedHere(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	files := fstest.MapFS{
		"a.md": post("Draft", "draft: true"), "b.md": post("Unpublished", "published: false"),
		"c.md": {Data: []byte("---\ntitle: Tomorrow\ndate: 2026-11-03\n---\nx")},
	}
	for _, o := range bring(t, k, "s", false, itemsOf(files)) {
		if got := draft(k, o.ID).Text("status"); got != "draft" {
			t.Errorf("%s is %s", o.Item.File, got)
		}
		k.Public("GET", "/v1/articles/"+string(o.ID)).Want(404)
	}
}

func TestRelatedLinksMayPointToItemsBehind(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	text := `{"id": "1", "title": "One", "date": "2024-03-01", "slug": "one", "related_links": [{"article": "two"}, {"url": "https://example.org/", "title": "Elsewhere"}]}
{"id": "2", "title": "Two", "date": "2024-03-01", "slug": "two"}
{"id": "3", "title": "Three", "date": "2024-03-01", "slug": "three", "related_links": [{"article": "nothing"}]}
`
	outcomes := bring(t, k, "s", false, exchange.JSONL(strings.NewReader(text), "x.jsonl",
		exchange.Options{}))
	r := k.Public("GET", "/v1/articles/one").Want(200)
	if r.Field("related_links.0.article.slug") != "two" ||
		r.Field("related_links.1.url") != "https://example.org/" {
		t.Errorf("links: %v", r.Field("related_links"))
	}
	if len(outcomes[2].Notes) == 0 || !strings.Contains(outcomes[2].Notes[0],
		"related links were left out") {
		t.Errorf("notes: %q", outcomes[2].Notes)
	}
}

func TestRelatedLinksThatRepeatAnAddressAreLeftOut(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	const link = `{"url": "https://a.example/%s", "title": "%s"}`
	web := fmt.Sprintf(link, "x", "One") + "," + fmt.Sprintf(link, "x", "Two") + "," +
		fmt.Sprintf(link, "y", "Three") + "," + fmt.Sprintf(link, "x", "Four")
	text := `{"id": "1", "title": "One", "date": "2024-03-01", "related_links": [` + web + `]}
{"id": "2", "title": "Two", "date": "2024-03-01", "related_links": [{"article": "three"}, ` +
		`{"article": "old-three"}, {"url": "https://a.example", "title": "A"}]}
{"id": "3", "title": "Three", "date": "2024-03-01", "slug": "three", "aliases": ["/old-three/"]}
`
	outcomes := bring(t, k, "s", false, exchange.JSONL(strings.NewReader(text), "x.jsonl",
		exchange.Options{}))
	for i := range 2 {
		path := "/v1/articles/" + string(outcomes[i].ID) + "/related-links"
		r := k.Public("GET", path).Want(200)
		if got := len(r.List("data")); got != 2 {
			t.Errorf("item %d has %d links: %s", i+1, got, r.Body)
		}
	}
	for i, want := range []string{"2 related links repeat an address and were left out",
		"1 related link repeats an address and was left out"} {
		if !slices.Contains(outcomes[i].Notes, want) {
			t.Errorf("notes %q, want %q", outcomes[i].Notes, want)
		}
	}
}

// linkedItems has a link to an item behind it, one to elsewhere, and two that cannot be.
const linkedItems = `{"id": "1", "title": "One", "date": "2024-03-01", "slug": "one", "related_links": [{"article": "two"}]}
{"id": "2", "title": "Two", "date": "2024-03-01", "slug": "two", "updated_at": "2024-03-05T00:00:00Z", "related_links": [{"url": "https://Example.org/", "title": "Elsewhere", "rel": "source"}, {"url": "https://example.com/", "title": "More"}]}
{"id": "3", "title": "Three", "date": "2024-03-01", "slug": "three", "related_links": [{"url": "https://example.org/", "title": "Good"}, {"url": "nowhere", "title": "Bad"}]}
`

func linked() iter.Seq[exchange.Item] {
	return exchange.JSONL(strings.NewReader(linkedItems), "x.jsonl", exchange.Options{})
}

func TestLinksThatLeadElsewhereComeWithTheirArticle(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	importer, err := k.Newsroom.Importer(t.Context(), cms.System, newsroom.ImportOptions{Source: "s"})
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := importer.Add(t.Context(), slices.Collect(linked()))
	if err != nil {
		t.Fatal(err)
	}
	r := k.Public("GET", "/v1/articles/two").Want(200)
	for path, want := range map[string]any{
		"related_links.0.url": "https://Example.org/", "related_links.0.rel": "source",
		"related_links.0.position": 1.0,
		"related_links.1.title":    "More", "related_links.1.position": 2.0,
		"updated_at": "2024-03-05T00:00:00Z",
	} {
		if got := r.Field(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if n := len(k.Public("GET",
		"/v1/related-links?host=example.org").Want(200).Field("data").([]any)); n != 1 {
		t.Errorf("%d links lead to the host", n)
	}
	if waits := []bool{outcomes[0].NeedsLinks(), outcomes[1].NeedsLinks(),
		outcomes[2].NeedsLinks()}; !slices.Equal(waits, []bool{true, false, false}) {
		t.Errorf("what waits for the end: %v", waits)
	}
	if notes := outcomes[2].Notes; len(notes) != 1 ||
		!strings.Contains(notes[0], "related links were left out") {
		t.Errorf("notes: %q", notes)
	}
}

func TestAnImportThatEndedEarlyIsLinkedByTheNext(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	broken, err := k.Newsroom.Importer(t.Context(), cms.System, newsroom.ImportOptions{Source: "s"})
	if err == nil {
		_, err = broken.Add(t.Context(), slices.Collect(linked()))
	}
	if err != nil {
		t.Fatal(err)
	}
	if n := results(bring(t, k, "s", false, linked())); n[newsroom.Unchanged] != 3 {
		t.Errorf("the next import: %v", n)
	}
	if got := k.Public("GET",
		"/v1/articles/one").Want(200).Field("related_links.0.article.slug"); got != "two" {
		t.Errorf("the link leads to %v", got)
	}
	before := k.As(cms.Editor, "GET", "/v1/articles/one?view=draft").Want(200).Body
	bring(t, k, "s", false, linked())
	if after := k.As(cms.Editor, "GET",
		"/v1/articles/one?view=draft").Want(200).Body; string(after) != string(before) {
		t.Errorf("was %s\nis %s", before, after)
	}
}

func TestOnlyThoseWhoMayPublishMayImport(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for role, may := range map[cms.Role]bool{"": false, cms.Contributor: false, cms.Author: true,
		cms.Editor: true, cms.Admin: true} {
		if _, err := k.Newsroom.Importer(t.Context(), cms.Actor{ID: "x", Role: role},
			newsroom.ImportOptions{}); (err == nil) != may {
			t.Errorf("%q: %v", role, err)
		}
	}
}

func TestWhatReadersOfTheSourceDoNotSeeNowIsADraft(t *testing.T) {
	t.Parallel()
	for front, want := range map[string]string{
		"date: 2021-12-31\npublishDate: 2030-12-31": "draft to be published at its source on " +
			"2030-12-31",
		"date: 2021-12-31\nexpiryDate: 2022-01-01": "draft expired at its source on 2022-01-01",
		"publishDate: 2030-12-31":                  "draft its date lies in the future",
		"visibility: paid\ndate: 2021-12-31": "draft not for everybody at its source " +
			"(visibility: paid)",
		"other: 1":            "draft it has no date",
		"lastmod: 2021-12-31": "published dated by its last change",
		"date: 2021-12-31\nexpiryDate: 2030-12-31": "published ",
	} {
		k := testkit.New(t)
		files := fstest.MapFS{"a.md": {Data: []byte("---\ntitle: A\n" + front + "\n---\nSecret\n")}}
		o := only(t, bring(t, k, "s", false, itemsOf(files)),
			newsroom.Made)
		got := draft(k, o.ID).Text("status") + " " + strings.Join(o.Notes, "; ")
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q, want %q", front, got, want)
		}
		status := 200
		if strings.HasPrefix(want, "draft") {
			status = 404
		}
		k.Public("GET", "/v1/articles/a").Want(status)
	}
}

func TestOptionsDecideWhatIsPublished(t *testing.T) {
	t.Parallel()
	items := []exchange.Item{{Key: "dated", Title: "Dated", PublishedAt: &long}, {Key: "undated",
		Title: "Undated"}, {Key: "expired", Title: "Expired", PublishedAt: &long, ExpiresAt: &long}}
	for _, c := range []struct {
		options newsroom.ImportOptions
		want    string
	}{
		{newsroom.ImportOptions{}, "published draft draft"},
		{newsroom.ImportOptions{AsDrafts: true, Expired: true, UndatedNow: true},
			"draft draft draft"},
		{newsroom.ImportOptions{Expired: true}, "published draft published"},
		{newsroom.ImportOptions{UndatedNow: true}, "published published draft"},
	} {
		k := testkit.New(t)
		importer, err := k.Newsroom.Importer(t.Context(), cms.System, c.options)
		if err != nil {
			t.Fatal(err)
		}
		outcomes, err := importer.Add(t.Context(), items)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range outcomes {
			got = append(got, draft(k, o.ID).Text("status"))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v: %q, want %q", c.options, got, c.want)
		}
	}
}

// long is long ago.
var long = time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)

func TestAnImportEndsThoughItsItemsDoNotCome(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	importer, err := k.Newsroom.Importer(t.Context(), cms.System, newsroom.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	never := make(chan bool)
	defer close(never)
	err = importer.All(ctx, func(yield func(exchange.Item) bool) {
		if yield(exchange.Item{Key: "a", Title: "A", PublishedAt: &long}) {
			stop()
			<-never // as a pipe that nobody writes to
		}
	}, func([]*newsroom.Outcome) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

// The footnotes of two articles can stand on one page, and a link to one leads there after every
// change of its article.
func TestFootnotesBelongToTheirArticle(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	files := fstest.MapFS{
		"a.md": {Data: []byte("---\ntitle: A\ndate: 2024-03-01\n---\na[^1]\n\n[^1]: b\n")},
	}
	id := only(t, bring(t, k, "blog", false, itemsOf(files)), newsroom.Made).ID
	want := `<sup id="fnref-` + string(id[28:]) + `-1">`
	if html := draft(k, id).Text("body_html"); !strings.Contains(html, want) {
		t.Errorf("imported: %s lacks %s", html, want)
	}
	files["a.md"].Data = append(files["a.md"].Data, "\nMore.\n"...)
	only(t, bring(t, k, "blog", false, itemsOf(files)), newsroom.Updated)
	if html := draft(k, id).Text("body_html"); !strings.Contains(html, want) {
		t.Errorf("imported again: %s lacks %s", html, want)
	}
	k.As(cms.Editor, "PATCH", "/v1/articles/"+string(id)).If("*").
		JSON(`{"body": "c[^1]\n\n[^1]: d"}`).Want(200)
	if html := draft(k, id).Text("body_html"); !strings.Contains(html, want) {
		t.Errorf("revised: %s lacks %s", html, want)
	}
	made := k.Draft(map[string]any{"body": "a[^1]\n\n[^1]: b"})
	want = `<sup id="fnref-` + made.Text("id")[28:] + `-1">`
	if html := made.Text("body_html"); !strings.Contains(html, want) {
		t.Errorf("written: %s lacks %s", html, want)
	}
}

func TestTagsOfTwoSpellingsAreOne(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	files := fstest.MapFS{
		"a.md": post("A", "tags: [مسئول, مسؤول]"), "b.md": post("B", "tags: [مسؤول]"),
	}
	bring(t, k, "s", false, itemsOf(files))
	files["c.md"] = post("C", "tags: [مسؤول]")
	bring(t, k, "s", false, itemsOf(files))
	tags := k.Public("GET", "/v1/tags").Want(200).List("data")
	if len(tags) != 1 || tags[0].(map[string]any)["article_count"] != 3.0 {
		t.Errorf("the tags are %v", tags)
	}
}
