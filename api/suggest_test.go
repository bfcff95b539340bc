package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// suggested are the suggestions for what has been typed, as "kind text".
func suggested(k *testkit.Kit, typed, more string) []string {
	k.T.Helper()
	out := []string{}
	for _, row := range k.Public("GET", "/v1/suggest?q="+url.QueryEscape(typed)+more).Want(200).List("data") {
		row := row.(map[string]any)
		out = append(out, fmt.Sprint(row["kind"], " ", row["text"]))
	}
	return out
}

func wantSuggested(t *testing.T, k *testkit.Kit, typed string, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, suggested(k, typed, "")); diff != "" {
		t.Errorf("%q (-want +got):\n%s", typed, diff)
	}
}

func TestSuggestionsFollowTheTypingLetterByLetter(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	makeTag(k, `{"name": "Central Asia", "aliases": ["Turkestan", "آسيا الوسطى"]}`)
	makeTag(k, `{"name": "Glaciers"}`)
	k.Published(map[string]any{"title": "What a glacier gives", "tags": []string{"glaciers"}})
	k.Clock.Move(1e9)
	k.Published(map[string]any{"title": "The Centre of the city", "tags": []string{"glaciers"}})
	k.Draft(map[string]any{"title": "Glacial draft", "tags": []string{"central-asia"}})
	for typed, want := range map[string][]string{
		"ce": {"tag Central Asia", "article The Centre of the city"}, "cen": {"tag Central Asia", "article The Centre of the city"},
		"CENT": {"tag Central Asia", "article The Centre of the city"}, "centra": {"tag Central Asia"}, "central": {"tag Central Asia"},
		"central a": {"tag Central Asia"}, "central as": {"tag Central Asia"}, "central asia": {"tag Central Asia"}, "central ast": nil,
		"as": {"tag Central Asia"}, "asia cent": {"tag Central Asia"}, "turk": {"tag Central Asia"}, "turkestan": {"tag Central Asia"},
		"turk cent": nil, "آس": {"tag Central Asia"}, "اسي": {"tag Central Asia"}, "الوس": {"tag Central Asia"}, "وسط": {"tag Central Asia"},
		"gl": {"tag Glaciers", "article What a glacier gives"}, "glacie": {"tag Glaciers", "article What a glacier gives"},
		"glacier": {"tag Glaciers", "article What a glacier gives"}, "glaciers": {"tag Glaciers", "article What a glacier gives"},
		"glacier gi": {"article What a glacier gives"}, "what a": {"article What a glacier gives"}, "wh gla": nil, "what gla": {"article What a glacier gives"},
		"glacia": nil, "draft": nil, "acier": nil, "…": nil, "  ": nil,
	} {
		wantSuggested(t, k, typed, want...)
	}
	row := k.Public("GET", "/v1/suggest?q=turk").Want(200).List("data")[0].(map[string]any)
	tag := k.Public("GET", "/v1/tags/central-asia").Want(200)
	if diff := cmp.Diff(map[string]any{"kind": "tag", "id": tag.Text("id"), "slug": "central-asia", "text": "Central Asia"}, row); diff != "" {
		t.Errorf("a tag (-want +got):\n%s", diff)
	}
	row = k.Public("GET", "/v1/suggest?q=what").Want(200).List("data")[0].(map[string]any)
	article := k.Public("GET", "/v1/articles/what-a-glacier-gives").Want(200)
	if diff := cmp.Diff(map[string]any{"kind": "article", "id": article.Text("id"), "slug": "what-a-glacier-gives", "text": "What a glacier gives"}, row); diff != "" {
		t.Errorf("an article (-want +got):\n%s", diff)
	}
}

func TestSuggestionsAreOrderedAndLimited(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for i := range 8 {
		k.Published(map[string]any{"title": fmt.Sprintf("River %d", i), "tags": []string{"Riverbank", "Rivers"}[:1+i%2]})
		k.Clock.Move(1e9)
	}
	makeTag(k, `{"name": "Riverine"}`)
	both := []string{"tag Riverbank", "tag Rivers", "tag Riverine"}
	for i := 7; i >= 0; i-- {
		both = append(both, fmt.Sprintf("article River %d", i))
	}
	if diff := cmp.Diff(both, suggested(k, "riv", "&limit=20")); diff != "" {
		t.Errorf("all (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(both[:10], suggested(k, "riv", "")); diff != "" {
		t.Errorf("ten without a limit (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{both[0], both[1], both[3], both[4]}, suggested(k, "riv", "&limit=4")); diff != "" {
		t.Errorf("half of a few are articles (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(both[:1], suggested(k, "riv", "&limit=1")); diff != "" {
		t.Errorf("one (-want +got):\n%s", diff)
	}
}

func TestSuggestionsFollowEveryMoveAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	id := k.Draft(map[string]any{"title": "Heron at dawn", "tags": []string{"Wetland"}}).Text("id")
	wantSuggested(t, k, "her")
	wantSuggested(t, k, "wetl", "tag Wetland") // a tag is public once made
	k.Publish(id)
	wantSuggested(t, k, "her", "article Heron at dawn")
	revise(k, id, `{"title": "Stork at dusk"}`)
	wantSuggested(t, k, "her", "article Heron at dawn")
	wantSuggested(t, k, "stor")
	k.Publish(id)
	wantSuggested(t, k, "her")
	wantSuggested(t, k, "stor", "article Stork at dusk")
	verb(k, id, "withdraw")
	wantSuggested(t, k, "stor")
	k.Publish(id)
	trash(k, id)
	wantSuggested(t, k, "stor")
	tag := k.Public("GET", "/v1/tags/wetland").Want(200).Text("id")
	reviseTag(k, tag, `{"name": "Marshes", "aliases": ["Bog"]}`)
	wantSuggested(t, k, "wetl")
	wantSuggested(t, k, "marsh", "tag Marshes")
	wantSuggested(t, k, "bo", "tag Marshes")
	fen := makeTag(k, `{"name": "Fens"}`).Text("id")
	mergeTags(k, fen, tag)
	wantSuggested(t, k, "fen", "tag Marshes")
	k.As(cms.Editor, "DELETE", tagPath(tag)).Want(204)
	wantSuggested(t, k, "marsh")
	wantSuggested(t, k, "fen")
}

func TestSuggestionsAreKeptByReaders(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	makeTag(k, `{"name": "Water"}`)
	r := k.Public("GET", "/v1/suggest?q=wat").Want(200)
	if !strings.Contains(r.Header.Get("Cache-Control"), "public") || r.ETag() == "" {
		t.Errorf("%v", r.Header)
	}
	k.Public("GET", "/v1/suggest?q=wat").Header("If-None-Match", r.ETag()).Want(304)
	k.Public("HEAD", "/v1/suggest?q=wat").Want(200)
	if signedIn := k.As(cms.Admin, "GET", "/v1/suggest?q=wat").Want(200); string(signedIn.Body) != string(r.Body) {
		t.Errorf("who asks matters: %s", signedIn.Body)
	}
	closed := testkit.New(t, testkit.ClosedToThePublic)
	closed.Public("GET", "/v1/suggest?q=wat").Want(401)
	closed.As(cms.Contributor, "GET", "/v1/suggest?q=wat").Want(200)
}
