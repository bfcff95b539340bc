package newsroom_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// wordsOf are words that only one article has, one in each place where it has words, and some that
// were edited away. None begins like another word.
func wordsOf(n int) []string {
	var words []string
	for i := range 10 {
		words = append(words, fmt.Sprintf("%c%cqzxjv%d%d", 'q'+i, 'b'+n, n, i))
	}
	return words
}

// writeAndRevise makes an article of words, says it twice with a key, changes it and publishes it.
func writeAndRevise(k *testkit.Kit, words []string, other string) string {
	title, kicker, summary, byline, body := words[0], words[1], words[2], words[3], words[4]
	key := "key-" + title[1:2]
	fields := map[string]any{
		"title": title + " first", "kicker": kicker, "summary": summary, "byline": byline,
		"slug": words[5], "extra": map[string]any{"note": words[6]},
		"body": "## " + body + "\n\n" + strings.Repeat("Long text around "+body+". ", 800),
	}
	id := k.As(cms.Editor, "POST", "/v1/articles").Header("Idempotency-Key", key).JSON(fields).
		Want(201).Text("id")
	path := "/v1/articles/" + id
	k.Publish(id)
	k.As(cms.Editor, "PATCH", path).Header("Idempotency-Key", key).If("*").
		JSON(map[string]any{"title": title + " " + words[7], "body": body + " " + words[8]}).Want(200)
	k.As(cms.Editor, "POST", path+"/related-links").Header("Idempotency-Key", key).
		JSON(map[string]any{"title": words[9], "url": "https://example.org/" + words[9]}).Want(201)
	k.As(cms.Editor, "POST", "/v1/articles/"+other+"/related-links").Header("Idempotency-Key", key).
		JSON(map[string]any{"article_id": id}).Want(201)
	sayElsewhere(k, key, id)
	k.Publish(id)
	k.As(cms.Editor, "GET", "/v1/articles?view=draft&q="+title).Want(200) // its words are indexed
	return id
}

// sayElsewhere names an article in an alert and a collection, with a key.
func sayElsewhere(k *testkit.Kit, key, id string) {
	call := func(method, path string, fields map[string]any) string {
		r := k.As(cms.Editor, method, path).Header("Idempotency-Key", key+path).JSON(fields).Do()
		if r.Status/100 != 2 {
			k.T.Fatalf("%s %s: %d %s", method, path, r.Status, r.Body)
		}
		return r.Text("id")
	}
	alert := call("POST", "/v1/alerts", map[string]any{"text": "Read on", "article": id})
	call("PATCH", "/v1/alerts/"+alert, map[string]any{"text": "Read on now"})
	collection := "/v1/collections/" + call("POST", "/v1/collections", map[string]any{"name": "C " + key})
	item := call("POST", collection+"/items", map[string]any{"article": id})
	call("PATCH", collection+"/items/"+item, map[string]any{"position": 1})
	call("PATCH", collection, map[string]any{"name": "C again " + key})
}

func TestNothingOfAPurgedArticleStaysInTheFiles(t *testing.T) {
	t.Parallel()
	if testkit.OnPostgres() {
		t.Skip("the files of PostgreSQL are its own")
	}
	databaseURL := testkit.Database(t)
	k := testkit.Open(t, databaseURL)
	other := k.Published(map[string]any{"title": "Stays"}).Text("id")
	var gone, kept []string
	var ids []string
	for n := range 12 {
		words := wordsOf(n)
		id := writeAndRevise(k, words, other)
		if n%3 == 0 {
			gone = append(gone, words...)
			ids = append(ids, id)
		} else {
			kept = append(kept, words[0])
		}
	}
	for _, id := range ids {
		k.As(cms.Admin, "DELETE", "/v1/articles/"+id+"?permanent=true").If("*").Want(204)
	}
	for done := 0; done == 0; {
		var err error
		if done, err = k.Newsroom.DoTasks(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	path := strings.TrimPrefix(databaseURL, "sqlite:")
	for _, word := range kept {
		if n := occurrences(t, path, word); n == 0 {
			t.Errorf("%s, which was not purged, is not in the files", word)
		}
	}
	for _, word := range gone {
		if n := occurrences(t, path, word); n > 0 {
			t.Errorf("%s is in the files %d times", word, n)
		}
	}
	k.Public("GET", "/v1/articles?q="+kept[0]).Want(200)
}

// occurrences returns how often a word stands in the files of a database.
func occurrences(t *testing.T, path, word string) int {
	t.Helper()
	n := 0
	for _, name := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		n += bytes.Count(content, []byte(word))
	}
	return n
}

func TestAResponseAboutAPurgedArticleIsNotRepeated(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	create := func() *testkit.Call {
		return k.As(cms.Editor, "POST", "/v1/articles").Header("Idempotency-Key", "a-key").
			JSON(`{"title": "Qzxjv"}`)
	}
	id := create().Want(201).Text("id")
	create().Want(201)
	k.As(cms.Admin, "DELETE", "/v1/articles/"+id+"?permanent=true").If("*").Want(204)
	if r := create().Want(422); strings.Contains(string(r.Body), "Qzxjv") {
		t.Errorf("it says %s", r.Body)
	}
	k.As(cms.Admin, "GET", "/v1/articles/"+id+"?view=draft").Want(404)
}

// Of an imported article that is purged nothing tells what it was called, and no import brings it
// again, under whatever name its file has.
func TestAPurgedImportIsForgottenAndNotBroughtAgain(t *testing.T) {
	t.Parallel()
	if testkit.OnPostgres() {
		t.Skip("the files of PostgreSQL are its own")
	}
	databaseURL := testkit.Database(t)
	k := testkit.Open(t, databaseURL)
	page := &fstest.MapFile{Data: []byte("---\ntitle: Qtitle\ndate: 2024-03-01\n" +
		"permalink: /qpermalink/\naliases: [/qalias/x, '/?p=77']\n---\nText.\n")}
	files := fstest.MapFS{"qkeyfile.md": page}
	id := string(only(t, bring(t, k, "s", false, itemsOf(files)), newsroom.Made).ID)
	for path, want := range map[string]string{"/?p=77": id, "/qalias/x": id, "/?x=1%26p=77": id} {
		if got := k.Public("GET", "/v1/resolve?path="+path).Want(200).Text("id"); got != want {
			t.Errorf("%s leads to %q", path, got)
		}
	}
	k.As(cms.Admin, "DELETE", "/v1/articles/"+id+"?permanent=true").If("*").Want(204)
	for done := 0; done == 0; {
		var err error
		if done, err = k.Newsroom.DoTasks(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	path := strings.TrimPrefix(databaseURL, "sqlite:")
	for _, word := range []string{"qkeyfile", "qpermalink", "qalias"} {
		if n := occurrences(t, path, word); n > 0 {
			t.Errorf("%s is in the files %d times", word, n)
		}
	}
	only(t, bring(t, k, "s", false, itemsOf(files)), newsroom.Skipped)
	only(t, bring(t, k, "s", false, itemsOf(fstest.MapFS{"other.md": page})), newsroom.Skipped)
	if r := k.Public("GET", "/v1/resolve?path=/?p=77").Want(200); r.Field("status") != 410.0 {
		t.Errorf("its old address says %s", r.Body)
	}
}
